//! How many days of sales the receivables stand for.

use endcap_types::{Exact, Money};

use super::{CreditError, not_negative};
use crate::SettlementError;

/// 周转天数口径: receivables and the credit sales they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SalesOutstanding {
    /// 应收账款: all receivables at the end of the period.
    pub receivable: Money,
    /// The part of them that is not due yet.
    pub current: Money,
    /// 赊销额: credit sales of the period.
    pub credit_sales: Money,
    /// Days of the period.
    pub days: u32,
}

/// 应收账款周转天数: three measures in days, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DaysOutstanding {
    /// DSO: `receivable / credit sales × days`.
    pub days_sales_outstanding: Exact,
    /// Best possible DSO: `current / credit sales × days`.
    pub best_possible: Exact,
    /// ADD, average days delinquent: the difference.
    pub average_days_delinquent: Exact,
}

/// 应收账款周转天数 (DSO), best possible DSO and average days delinquent.
///
/// # Errors
/// - [`CreditError::NoCreditSales`] when the sales are not above zero.
/// - [`SettlementError::Types`] when currencies differ.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::{SalesOutstanding, days_sales_outstanding};
/// use endcap_types::{Currency, Exact, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let told = days_sales_outstanding(&SalesOutstanding {
///     receivable: yuan("450000.00")?,
///     current: yuan("300000.00")?,
///     credit_sales: yuan("900000.00")?,
///     days: 90,
/// })?;
/// assert_eq!(told.days_sales_outstanding, Exact::from_int(45));
/// assert_eq!(told.best_possible, Exact::from_int(30));
/// assert_eq!(told.average_days_delinquent, Exact::from_int(15));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Textbook formulas of credit management.
pub fn days_sales_outstanding(facts: &SalesOutstanding) -> Result<DaysOutstanding, SettlementError> {
    let sales = facts.credit_sales;
    if !sales.is_positive() {
        return Err(CreditError::NoCreditSales { sales }.into());
    }
    let days = Exact::from_int(i128::from(facts.days));
    let of = |amount: Money| amount.exact().share_of(&sales.exact())?.mul(&days);
    let days_sales_outstanding = of(facts.receivable)?;
    let best_possible = of(facts.current)?;
    let average_days_delinquent = days_sales_outstanding.sub(&best_possible)?;
    Ok(DaysOutstanding { days_sales_outstanding, best_possible, average_days_delinquent })
}

/// 月赊销额: credit sales of one month and its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SalesMonth {
    /// Credit sales.
    pub sales: Money,
    /// Days of the month.
    pub days: u32,
}

/// 倒推天数: the days of sales that the receivables stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CountBack {
    /// Days, exactly.
    pub days: Exact,
    /// Receivables older than all months given.
    pub unexplained: Money,
}

/// 倒推法 (count-back): exhausts the receivables against the latest months, `months[0]` being the latest.
///
/// A month that is used up counts all its days, the last one `left / sales × days`.
///
/// # Errors
/// - [`SettlementError::NegativeAmount`] for receivables or sales below zero.
/// - [`SettlementError::Types`] when currencies differ.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::{SalesMonth, count_back};
/// use endcap_types::{Currency, Exact, Money};
/// let month = |sales: &str, days| Ok::<_, endcap_types::TypesError>(SalesMonth { sales: Money::parse(sales, Currency::CNY)?, days });
/// // 300,000 is the latest month (31 days); 150,000 is left of 250,000 in the one before (30 days): 31 + 18.
/// let months = [month("300000.00", 31)?, month("250000.00", 30)?];
/// let told = count_back(Money::parse("450000.00", Currency::CNY)?, &months)?;
/// assert_eq!(told.days, Exact::from_int(49));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Count-back (exhaustion) method of credit management.
pub fn count_back(receivable: Money, months: &[SalesMonth]) -> Result<CountBack, SettlementError> {
    let mut left = not_negative("a receivable", receivable)?;
    let mut days = Exact::ZERO;
    for month in months {
        not_negative("the sales of a month", month.sales)?;
        let used = left.smaller(&month.sales)?;
        let of_month = Exact::from_int(i128::from(month.days));
        if left.is_zero() {
            continue; // checked all the same
        }
        let counted = if used == month.sales {
            of_month
        } else {
            used.exact().share_of(&month.sales.exact())?.mul(&of_month)?
        };
        days = days.add(&counted)?;
        left = left.checked_sub(&used)?;
    }
    Ok(CountBack { days, unexplained: left })
}

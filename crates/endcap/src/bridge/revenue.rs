//! Revenue policy of a contract: what a fee to a customer is, and what an invoice is worth.

use endcap_types::{Exact, Money, Rounding, Unrounded};
use rust_decimal::Decimal;

use super::BridgeError;

/// Whose turnover a counter's sales are (总额法、净额法).
///
/// # Source
///
/// IFRS 15.B34–B38, ASC 606-10-55-36 to 55-40, CAS 14 §34: principal or agent is judged by contract. Cash and
/// receivables are the same either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Presentation {
    /// 总额法: sales at the till price, the chain's commission, top-up and rent as selling expenses.
    #[default]
    Gross,
    /// 净额法: sales less commission, top-up and rent.
    Net,
}

/// What a supplier gets for a fee it pays to its customer (应付客户对价), as the contract says.
///
/// # Source
///
/// IFRS 15.70–72, ASC 606-10-32-25 to 32-27, CAS 14 §19.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeTreatment {
    /// 可明确区分: a distinct good or service, worth so much without VAT in each statement; what the fee is above that
    /// lowers revenue.
    DistinctService {
        /// The fair value.
        fair_value: Money,
    },
    /// 不可明确区分: nothing distinct; the fee lowers revenue.
    NotDistinct,
    /// 公允价值不能合理估计: distinct, but nobody can tell what it is worth; the fee lowers revenue.
    DistinctFairValueUnknown,
}

/// A fee without VAT, split into what is an expense and what lowers revenue; they sum to the fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeSplit {
    /// Selling expense.
    pub expense: Money,
    /// Reduction of revenue.
    pub reduction: Money,
}

impl FeeTreatment {
    /// Splits a fee without VAT: `expense = min(fee, fair value)`, the rest lowers revenue. A fee given back mirrors.
    ///
    /// # Errors
    ///
    /// - [`BridgeError::Types`] when fee and fair value are in two currencies.
    /// - [`BridgeError::NegativeFairValue`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap::bridge::FeeTreatment;
    /// use endcap::types::{Currency, Money};
    ///
    /// let cny = |text| Money::parse(text, Currency::CNY);
    /// let display = FeeTreatment::DistinctService { fair_value: cny("400.00")? };
    /// let split = display.split(cny("500.00")?)?;
    /// assert_eq!((split.expense, split.reduction), (cny("400.00")?, cny("100.00")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// IFRS 15.71: consideration above the fair value of a distinct good or service reduces the transaction price.
    pub fn split(&self, fee: Money) -> Result<FeeSplit, BridgeError> {
        let zero = Money::zero(fee.currency());
        let expense = match self {
            Self::DistinctService { fair_value } if fair_value.is_negative() => {
                return Err(BridgeError::NegativeFairValue { fair_value: *fair_value });
            }
            Self::DistinctService { fair_value } if fee.is_negative() => fee.larger(&fair_value.negated())?,
            Self::DistinctService { fair_value } => fee.smaller(fair_value)?,
            Self::NotDistinct | Self::DistinctFairValueUnknown => zero,
        };
        Ok(FeeSplit { expense, reduction: fee.checked_sub(&expense)? })
    }
}

/// What makes an invoice worth less than it says (可变对价).
///
/// # Source
///
/// IFRS 15.50–59 and 15.70, ASC 606-10-32-5 to 32-9, CAS 14 §16 and §19.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableConsideration {
    /// 返利: so many units are expected to be paid at this price in the end.
    ExpectedPrice {
        /// Units invoiced.
        units: i64,
        /// Price of a unit that is expected in the end.
        price: Decimal,
    },
    /// 应付客户对价: this much goes back to the customer for nothing distinct.
    Payable(Money),
}

/// An invoice without VAT, split into revenue and what is owed back; they sum to the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionPrice {
    /// Revenue.
    pub revenue: Money,
    /// Refund liability, or consideration payable: see [`accrual_entry`](super::accrual_entry) to book it.
    pub reduction: Money,
}

impl TransactionPrice {
    /// Splits an invoice without VAT; a price is multiplied exactly and rounded once, half away from zero.
    ///
    /// # Errors
    ///
    /// - [`BridgeError::Types`] for amounts in two currencies or out of range.
    /// - [`BridgeError::ReductionOutOfRange`] when less than nothing, or more than the invoice, would be owed back.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap::bridge::{TransactionPrice, VariableConsideration};
    /// use endcap::types::{Currency, Money};
    ///
    /// let invoiced = Money::parse("300000.00", Currency::CNY)?;
    /// let rebate = VariableConsideration::ExpectedPrice { units: 30_000, price: "9.67".parse()? };
    /// let price = TransactionPrice::of(invoiced, &rebate)?;
    /// assert_eq!(price.revenue.to_amount_string(), "290100.00");
    /// assert_eq!(price.reduction.to_amount_string(), "9900.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// IFRS 15.55: a refund liability for what is expected to be paid back.
    pub fn of(invoiced: Money, variable: &VariableConsideration) -> Result<Self, BridgeError> {
        let currency = invoiced.currency();
        let reduction = match variable {
            VariableConsideration::Payable(payable) => *payable,
            VariableConsideration::ExpectedPrice { units, price } => {
                let minor = Exact::from_decimal(*price)
                    .mul(&Exact::from_int(i128::from(*units)))?
                    .mul(&Exact::from_int(currency.minor_per_major()))?;
                invoiced.checked_sub(&Unrounded::new(minor, currency).round(&Rounding::HALF_AWAY)?)?
            }
        };
        let revenue = invoiced.checked_sub(&reduction)?;
        if reduction.is_negative() || revenue.is_negative() {
            return Err(BridgeError::ReductionOutOfRange { reduction, invoiced });
        }
        Ok(Self { revenue, reduction })
    }
}

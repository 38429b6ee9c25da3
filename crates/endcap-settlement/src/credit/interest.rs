//! Late interest: simple, piece by piece, rounded once.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use endcap_calendar::{DayCount, dates};
use endcap_types::{Currency, Exact, Money, Rate, Rounding, Unrounded};

use super::{CreditError, RateTable, not_negative, rate_not_negative};
use crate::SettlementError;

/// 计息方式: what the rates of the table mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum InterestBasis {
    /// 年利率: a rate per year; days become years by the day count.
    Yearly(DayCount),
    /// 日利率: a rate per calendar day, such as 0.05 % (万分之五).
    PerDay,
}

/// 利息上限: the most interest that may be charged on one item, whatever the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum InterestCap {
    /// No limit.
    #[default]
    None,
    /// A share of the principal as it was on the due date before any payment.
    ShareOfPrincipal(Rate),
    /// An amount.
    Amount(Money),
}

/// 逾期计息条款: how late interest is charged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LateInterestRule {
    /// The rate of each day.
    pub rates: RateTable,
    /// What the rates mean.
    pub basis: InterestBasis,
    /// The most that may be charged; applied before rounding.
    #[cfg_attr(feature = "serde", serde(default))]
    pub cap: InterestCap,
    /// The one rounding, of the interest of the whole item.
    #[cfg_attr(feature = "serde", serde(default))]
    pub rounding: Rounding,
}

impl LateInterestRule {
    /// Interest without a cap, rounded half away from zero.
    #[must_use]
    pub const fn new(rates: RateTable, basis: InterestBasis) -> Self {
        Self { rates, basis, cap: InterestCap::None, rounding: Rounding::HALF_AWAY }
    }

    /// 中国法定: 0.05 % for every day late, where the contract is silent.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] never: the rate is a constant.
    ///
    /// # Source
    /// 保障中小企业款项支付条例 (State Council Decree 802, in force 2025-06-01) art. 17.
    pub fn china_default() -> Result<Self, SettlementError> {
        let rate = Rate::basis_points(5.into())?;
        Ok(Self::new(RateTable::flat(rate)?, InterestBasis::PerDay))
    }
}

/// 部分付款: money that came in for the item; the day it comes still bears interest on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PartPayment {
    /// Day of payment.
    pub on: NaiveDate,
    /// Amount off the principal.
    pub amount: Money,
}

/// 逾期项: a debt with its due date and what was paid on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LateItem {
    /// The debt before any payment.
    pub principal: Money,
    /// 到期日: legal due date, not the day of a payment run.
    pub due: NaiveDate,
    /// Payments, in any order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub payments: Vec<PartPayment>,
}

impl LateItem {
    /// A debt on which nothing was paid before the day interest is asked for.
    #[must_use]
    pub const fn new(principal: Money, due: NaiveDate) -> Self {
        Self { principal, due, payments: Vec::new() }
    }

    /// The same debt with one more payment.
    #[must_use]
    pub fn paid(mut self, on: NaiveDate, amount: Money) -> Self {
        self.payments.push(PartPayment { on, amount });
        self
    }

    /// 未付本金: principal less the payments up to and including `day`.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] for currencies that differ or amounts out of range.
    pub fn open_after(&self, day: NaiveDate) -> Result<Money, SettlementError> {
        let paid = self.payments.iter().filter(|payment| payment.on <= day).map(|payment| payment.amount);
        Ok(self.principal.checked_sub(&Money::sum(paid, self.principal.currency())?)?)
    }

    fn check(&self) -> Result<(), SettlementError> {
        dates::check(self.due)?;
        not_negative("the principal of a late item", self.principal)?;
        for payment in &self.payments {
            dates::check(payment.on)?;
            not_negative("a payment on a late item", payment.amount)?;
        }
        let paid = Money::sum(self.payments.iter().map(|p| p.amount), self.principal.currency())?;
        if paid.minor() > self.principal.minor() {
            return Err(CreditError::PaymentsExceedPrincipal { paid, principal: self.principal }.into());
        }
        Ok(())
    }
}

/// 计息段: a stretch of days with one principal and one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct InterestSegment {
    /// Interest runs from the day after this one.
    pub from: NaiveDate,
    /// Last day charged.
    pub to: NaiveDate,
    /// Days charged under the day count of the rule.
    pub days: i64,
    /// Principal open on those days.
    pub principal: Money,
    /// Rate of those days.
    pub rate: Rate,
    /// `principal × rate × days / year`, exactly.
    pub interest: Unrounded,
}

/// 逾期利息: the interest of one item and the pieces it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LateInterest {
    /// 逾期天数: calendar days from the due date to the day asked for; zero when not late.
    pub days_late: i64,
    /// The pieces, in order of date.
    pub segments: Vec<InterestSegment>,
    /// Sum of the pieces, exactly, before the cap.
    pub raw: Unrounded,
    /// The smaller of `raw` and the cap.
    pub charged: Unrounded,
    /// The posted interest: `charged`, rounded once.
    pub interest: Money,
}

impl LateInterest {
    fn none(currency: Currency) -> Self {
        let zero = Unrounded::zero(currency);
        let interest = Money::zero(currency);
        Self { days_late: 0, segments: Vec::new(), raw: zero.clone(), charged: zero, interest }
    }
}

/// 逾期利息: simple interest on `item` from the day after its due date to `until`, that day included.
///
/// ```text
/// interest = round(min(cap, Σ segments principal × rate × day count(from, to)))
/// ```
///
/// A segment ends where a payment came in or the rate changed. Nothing is owed when `until` is the due date or before.
/// The day rate is never rounded by itself. The day count runs over `[from, to)`, which counts the same days as
/// "from the day after … to the day … included".
///
/// # Errors
/// - [`SettlementError::NegativeAmount`] for a principal, payment or cap below zero: credit notes bear no interest.
/// - [`CreditError::PaymentsExceedPrincipal`] when more was paid than owed.
/// - [`SettlementError::Types`], [`SettlementError::Calendar`] for currencies that differ and values out of range.
///
/// # Examples
/// ```
/// use endcap_calendar::{DayCount, dates};
/// use endcap_settlement::credit::{InterestBasis, LateInterestRule, LateItem, RateTable, late_interest};
/// use endcap_types::{Currency, Money};
/// // 3,600.00 at 12 % a year, 60 days late: 3600 × 12 % × 60 / 365 = 71.0136…
/// let rule = LateInterestRule::new(RateTable::flat("12%".parse()?)?, InterestBasis::Yearly(DayCount::Act365F));
/// let item = LateItem::new(Money::parse("3600.00", Currency::GBP)?, dates::ymd(2026, 1, 31)?);
/// let told = late_interest(&item, dates::ymd(2026, 4, 1)?, &rule)?;
/// assert_eq!((told.days_late, told.interest.to_amount_string()), (60, "71.01".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Directive 2011/7/EU art. 3 and the UK Late Payment of Commercial Debts (Interest) Act 1998: simple interest from the
/// day after the due date; one rounding an item is a house rule.
pub fn late_interest(
    item: &LateItem,
    until: NaiveDate,
    rule: &LateInterestRule,
) -> Result<LateInterest, SettlementError> {
    item.check()?;
    dates::check(until)?;
    let currency = item.principal.currency();
    let cap = cap_of(item, rule)?;
    if until <= item.due {
        return Ok(LateInterest::none(currency));
    }
    let mut segments = Vec::new();
    let mut from = item.due;
    for to in ends_of_segments(item, until, rule) {
        let segment = segment(item, from, to, rule)?;
        if segment.principal.is_positive() {
            segments.push(segment);
        }
        from = to;
    }
    let raw = Unrounded::sum(segments.iter().map(|segment| &segment.interest), currency)?;
    let charged = match cap {
        Some(cap) => raw.smaller(&cap)?,
        None => raw.clone(),
    };
    let interest = charged.round(&rule.rounding)?;
    Ok(LateInterest { days_late: dates::days_between(item.due, until), segments, raw, charged, interest })
}

/// The last days of the segments: where money came in, the day before a new rate, and `until`.
fn ends_of_segments(item: &LateItem, until: NaiveDate, rule: &LateInterestRule) -> BTreeSet<NaiveDate> {
    let payments = item.payments.iter().map(|payment| payment.on);
    let rates = rule.rates.changes().iter().filter_map(|change| change.from.pred_opt());
    let inside = payments.chain(rates).filter(|day| item.due < *day && *day < until);
    inside.chain([until]).collect()
}

fn segment(
    item: &LateItem,
    from: NaiveDate,
    to: NaiveDate,
    rule: &LateInterestRule,
) -> Result<InterestSegment, SettlementError> {
    let principal = item.open_after(from)?;
    let rate = rule.rates.rate_on(dates::add_days(from, 1)?);
    let (days, factor) = match rule.basis {
        InterestBasis::Yearly(day_count) => {
            (day_count.days(from, to)?, day_count.fraction(from, to)?.exact()?)
        }
        InterestBasis::PerDay => {
            let days = dates::days_between(from, to);
            (days, Exact::from_int(i128::from(days)))
        }
    };
    let interest = principal.exact().times_rate(&rate)?.times(&factor)?;
    Ok(InterestSegment { from, to, days, principal, rate, interest })
}

pub(super) fn cap_of(item: &LateItem, rule: &LateInterestRule) -> Result<Option<Unrounded>, SettlementError> {
    match rule.cap {
        InterestCap::None => Ok(None),
        InterestCap::ShareOfPrincipal(share) => {
            Ok(Some(item.principal.exact().times_rate(&rate_not_negative(share)?)?))
        }
        InterestCap::Amount(amount) => Ok(Some(not_negative("a cap on interest", amount)?.exact())),
    }
}

//! The cost of not taking a discount, as a yearly rate.

use std::cmp::Ordering;

use endcap_types::{Exact, Rate, TypesError};
use rust_decimal::Decimal;

use super::power::compare_powers;
use crate::SettlementError;
use crate::credit::CreditError;

/// 年天数: days of a year in a simple yearly rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum YearDays {
    /// 360, the banker's year.
    Days360,
    /// 365.
    Days365,
}

impl YearDays {
    /// The days.
    #[must_use]
    pub const fn days(self) -> i128 {
        match self {
            Self::Days360 => 360,
            Self::Days365 => 365,
        }
    }
}

/// 放弃折扣成本 (单利): the yearly cost of paying on `net_day` instead of `discount_day`, an exact share.
///
/// `d / (1 − d) × year / (net day − discount day)`
///
/// # Errors
/// - [`CreditError::DiscountOutside`] for a discount below 0 % or of 100 % and more.
/// - [`CreditError::NoCreditDays`] when the net day is not after the discount day.
///
/// # Examples
/// ```
/// use endcap_settlement::discount::{YearDays, simple_cost};
/// use endcap_types::{Exact, RoundingMode};
/// // 2/10 net 30: 2/98 × 360/20 = 18/49 = 36.73 %.
/// let cost = simple_cost("2%".parse()?, 10, 30, YearDays::Days360)?;
/// assert_eq!(cost, Exact::ratio(18, 49)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Textbooks of financial management, cost of trade credit.
pub fn simple_cost(
    discount: Rate,
    discount_day: u32,
    net_day: u32,
    year: YearDays,
) -> Result<Exact, SettlementError> {
    let days = days_gained(discount, discount_day, net_day)?;
    let share = discount.to_exact();
    let on_paid = share.div(&Exact::ONE.sub(&share)?)?;
    Ok(on_paid.mul(&Exact::ratio(year.days(), i128::from(days))?)?)
}

/// 放弃折扣成本 (复利): the effective yearly cost of paying on `net_day` instead of `discount_day`, in percent with two
/// decimals, half away from zero.
///
/// `(1 / (1 − d))^(365 / (net day − discount day)) − 1`
///
/// No floating point: the answer is the largest k for which `(1 / (1 − d))^365 ≥ (1 + (k − ½) / 10 000)^days`, decided
/// by bounds that enclose both sides, so the printed digits are those of the true value.
///
/// # Errors
/// - [`CreditError::DiscountOutside`] for a discount below 0 % or of 100 % and more.
/// - [`CreditError::NoCreditDays`] when the net day is not after the discount day.
/// - [`SettlementError::Types`] with `RateOutOfRange` for a cost above the largest rate.
/// - [`CreditError::RoundingUndecided`] when the true value is closer to a tie than the bounds are to each other.
///
/// # Examples
/// ```
/// use endcap_settlement::discount::effective_cost;
/// // 2/10 net 30: (50/49)^(365/20) − 1
/// assert_eq!(effective_cost("2%".parse()?, 10, 30)?.to_string(), "44.59%");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Textbooks of financial management, effective annual cost of trade credit.
pub fn effective_cost(discount: Rate, discount_day: u32, net_day: u32) -> Result<Rate, SettlementError> {
    let days = days_gained(discount, discount_day, net_day)?;
    let undecided = || {
        SettlementError::from(CreditError::RoundingUndecided { what: "an effective cost", rate: discount })
    };
    let common = [365_u32, 73, 5].into_iter().find(|common| days.is_multiple_of(*common)).unwrap_or(1);
    let powers = (365_u32.checked_div(common), days.checked_div(common));
    let (Some(years), Some(days)) = powers else { return Err(undecided()) };
    let growth = Exact::ONE.sub(&discount.to_exact())?.reciprocal()?;
    let at_least = |hundredths: i128| -> Result<bool, SettlementError> {
        let doubled = hundredths.saturating_mul(2).saturating_add(19_999);
        let tie = Exact::ratio(doubled, 20_000)?;
        let order = compare_powers((&growth, years), (&tie, days)).ok_or_else(undecided)?;
        Ok(order != Ordering::Less)
    };
    // Invariant: the answer is at least `low` and below `high`.
    let (mut low, mut high) = (0_i128, HUNDREDTHS_TOO_MANY);
    if at_least(high)? {
        let limit = endcap_types::limits::MAX_RATE_PERCENT;
        return Err(TypesError::RateOutOfRange { percent: Decimal::from(limit), limit }.into());
    }
    while low.saturating_add(1) < high {
        let middle = low.midpoint(high);
        if at_least(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    let percent = Decimal::try_from_i128_with_scale(low, 2).map_err(|_| undecided())?;
    Ok(Rate::percent(percent)?)
}

/// One more than the hundredths of a percent of the largest rate.
const HUNDREDTHS_TOO_MANY: i128 = 10_000_000_001;

fn days_gained(discount: Rate, discount_day: u32, net_day: u32) -> Result<u32, SettlementError> {
    if discount.is_negative() || discount >= Rate::ONE {
        return Err(CreditError::DiscountOutside { rate: discount }.into());
    }
    let gained = net_day.checked_sub(discount_day).filter(|days| *days > 0);
    gained.ok_or_else(|| CreditError::NoCreditDays { discount_day, net_day }.into())
}

//! Small differences between what is open and what was paid.

use endcap_types::{Money, Rate, Unrounded};

use super::{not_negative, rate_not_negative};
use crate::SettlementError;

/// 容差: the largest difference that is written off; a difference equal to it still is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum WriteOffLimit {
    /// An amount.
    Amount(Money),
    /// A share of what was open, not rounded.
    Share(Rate),
    /// The smaller of the two.
    LesserOf(Money, Rate),
    /// The larger of the two.
    GreaterOf(Money, Rate),
}

impl WriteOffLimit {
    /// The limit for an `open` amount, exactly.
    ///
    /// # Errors
    /// - [`SettlementError::NegativeAmount`], [`SettlementError::Types`] for a limit below zero or in another currency.
    pub fn of(&self, open: Money) -> Result<Unrounded, SettlementError> {
        let amount = |limit: &Money| not_negative("a limit of tolerance", *limit).map(|limit| limit.exact());
        let share =
            |rate: &Rate| Ok::<_, SettlementError>(open.exact().times_rate(&rate_not_negative(*rate)?)?);
        match self {
            Self::Amount(limit) => amount(limit),
            Self::Share(rate) => share(rate),
            Self::LesserOf(limit, rate) => Ok(amount(limit)?.smaller(&share(rate)?)?),
            Self::GreaterOf(limit, rate) => Ok(amount(limit)?.larger(&share(rate)?)?),
        }
    }
}

/// 尾差容差: limits for payments that are short and payments that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Tolerance {
    /// For a payment below what is open.
    pub short: WriteOffLimit,
    /// For a payment above what is open.
    pub over: WriteOffLimit,
}

impl Tolerance {
    /// The same limit both ways.
    #[must_use]
    pub const fn both(limit: WriteOffLimit) -> Self {
        Self { short: limit, over: limit }
    }
}

/// 核销尾差: what becomes of the difference. `open before = payment − unapplied + write-off + open after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Residual {
    /// 尾差核销: an explicit line; above zero for a loss (paid short), below zero for a gain (paid over).
    pub write_off: Money,
    /// What stays open.
    pub open: Money,
    /// What is left of the payment.
    pub unapplied: Money,
}

/// 尾差核销: settles `open` by `payment`; a difference within `tolerance` is written off, a larger one is kept.
///
/// # Errors
/// - [`SettlementError::NegativeAmount`] for an open amount, a payment or a limit below zero.
/// - [`SettlementError::Types`] when currencies differ.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::{Tolerance, WriteOffLimit, write_off};
/// use endcap_types::{Currency, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let tolerance = Tolerance::both(WriteOffLimit::Amount(yuan("0.05")?));
/// let told = write_off(yuan("100.00")?, yuan("99.97")?, &tolerance)?;
/// assert_eq!((told.write_off, told.open), (yuan("0.03")?, yuan("0.00")?));
/// let told = write_off(yuan("100.00")?, yuan("99.90")?, &tolerance)?;
/// assert_eq!((told.write_off, told.open), (yuan("0.00")?, yuan("0.10")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule: the write-off is a line of its own and its bound is inside.
pub fn write_off(open: Money, payment: Money, tolerance: &Tolerance) -> Result<Residual, SettlementError> {
    not_negative("an open amount", open)?;
    not_negative("a payment", payment)?;
    let zero = Money::zero(open.currency());
    let difference = open.checked_sub(&payment)?;
    let limit = if difference.is_negative() { tolerance.over } else { tolerance.short };
    if difference.abs().exact().compare(&limit.of(open)?)?.is_le() {
        return Ok(Residual { write_off: difference, open: zero, unapplied: zero });
    }
    Ok(Residual {
        write_off: zero,
        open: difference.larger(&zero)?,
        unapplied: difference.negated().larger(&zero)?,
    })
}

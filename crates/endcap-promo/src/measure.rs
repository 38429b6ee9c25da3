//! A ratio that may have no value, and says so.

use core::fmt;

use endcap_types::{Exact, RoundingMode};

use crate::PromoError;

/// A ratio or threshold (指标): exact, or the reason why there is none. Never infinity, never a silent zero.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Measure {
    /// The exact value.
    Value(Exact),
    /// No volume reaches the threshold: each unit sold costs more than it earns (永不回本).
    Never,
    /// The denominator is zero (无定义).
    Undefined(Undefined),
}

/// Which denominator is zero or of the wrong sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Undefined {
    /// No unit was expected without the event.
    ZeroBase,
    /// Nothing was spent.
    ZeroSpend,
    /// No unit came on top.
    NoIncrement,
    /// Nothing was sold.
    NothingSold,
    /// No allowance was paid.
    NoAllowance,
    /// No stock was held.
    NoStock,
}

impl Measure {
    /// `numerator / denominator`, or `why` when the denominator is not above zero.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the result leaves the range of exact numbers.
    pub fn ratio(numerator: &Exact, denominator: &Exact, why: Undefined) -> Result<Self, PromoError> {
        if denominator.signum() <= 0 {
            return Ok(Self::Undefined(why));
        }
        Ok(Self::Value(numerator.div(denominator)?))
    }

    /// The value, when there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&Exact> {
        match self {
            Self::Value(value) => Some(value),
            Self::Never | Self::Undefined(_) => None,
        }
    }

    /// The next whole number at or above the value: whole units to sell.
    #[must_use]
    pub fn ceiling(&self) -> Option<i128> {
        self.value().and_then(|value| value.round_to_int(RoundingMode::Ceil).ok())
    }

    /// The value in percent with `places` decimals, or `never` / `undefined`.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::Measure;
    /// let lift = Measure::Value(endcap_types::Exact::ratio(25, 28)?);
    /// assert_eq!(lift.to_percent(1), "89.3%");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    #[must_use]
    pub fn to_percent(&self, places: u8) -> String {
        match self {
            Self::Value(value) => match value.mul(&Exact::from_int(100)) {
                Ok(percent) => format!("{}%", percent.to_fixed(places, RoundingMode::HalfAwayFromZero)),
                Err(_) => value.to_string(),
            },
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Never => f.write_str("never"),
            Self::Undefined(_) => f.write_str("undefined"),
        }
    }
}

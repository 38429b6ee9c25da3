//! Rates that always say their unit.

use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::exact_small::POW10;
use crate::limits::{MAX_RATE_DECIMALS, MAX_RATE_PERCENT};
use crate::{Exact, RoundingMode, TypesError};

/// A rate (费率 / 扣点): a share of an amount, written in percent, permille or basis points.
///
/// There is no constructor from a bare number, so 2.75 can never be taken for 275 %.
///
/// # Examples
///
/// ```
/// use endcap_types::Rate;
/// let rate: Rate = "2.75%".parse()?;
/// assert_eq!(rate, "27.5‰".parse()?);
/// assert_eq!(rate, "275bp".parse()?);
/// assert_eq!(rate.to_string(), "2.75%");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule: no rate without its unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    /// Normalised, so equal rates are equal values.
    percent: Decimal,
}

impl Rate {
    /// Zero.
    pub const ZERO: Self = Self { percent: Decimal::ZERO };
    /// One hundred percent.
    pub const ONE: Self = Self { percent: Decimal::ONE_HUNDRED };

    /// `value / 10^shift` percent.
    fn shifted(value: Decimal, shift: u32) -> Result<Self, TypesError> {
        let value = value.normalize();
        let too_precise = |decimals| TypesError::TooPrecise {
            value: value.to_string(),
            decimals,
            limit: MAX_RATE_DECIMALS,
        };
        let decimals = value.scale().saturating_add(shift);
        let percent = Decimal::try_from_i128_with_scale(value.mantissa(), decimals)
            .map_err(|_| too_precise(decimals))?
            .normalize();
        if percent.scale() > MAX_RATE_DECIMALS {
            return Err(too_precise(percent.scale()));
        }
        if percent.abs() > Decimal::from(MAX_RATE_PERCENT) {
            return Err(TypesError::RateOutOfRange { percent, limit: MAX_RATE_PERCENT });
        }
        Ok(Self { percent })
    }

    /// `value` percent: `percent(2.75)` is 2.75 %.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`], [`TypesError::TooPrecise`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::Rate;
    /// assert_eq!(Rate::percent(22.into())?.to_string(), "22%");
    /// assert_eq!(Rate::permille(220.into())?, Rate::percent(22.into())?);
    /// assert_eq!(Rate::basis_points(2200.into())?, Rate::percent(22.into())?);
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn percent(value: Decimal) -> Result<Self, TypesError> {
        Self::shifted(value, 0)
    }

    /// `value` permille: `permille(27.5)` is 2.75 %.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`], [`TypesError::TooPrecise`].
    pub fn permille(value: Decimal) -> Result<Self, TypesError> {
        Self::shifted(value, 1)
    }

    /// `value` basis points: `basis_points(275)` is 2.75 %.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`], [`TypesError::TooPrecise`].
    pub fn basis_points(value: Decimal) -> Result<Self, TypesError> {
        Self::shifted(value, 2)
    }

    /// The rate nearest to an exact share, with at most `decimals` decimals in percent; for effective rates in reports.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`], [`TypesError::TooPrecise`].
    /// - [`TypesError::IntegerOutOfRange`], [`TypesError::ExactTooLarge`] when the share does not even fit a decimal.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Exact, Rate, RoundingMode};
    /// // Two thirds, with two decimals.
    /// let rate = Rate::from_exact_rounded(&Exact::ratio(2, 3)?, 2, RoundingMode::HalfAwayFromZero)?;
    /// assert_eq!(rate.to_string(), "66.67%");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn from_exact_rounded(share: &Exact, decimals: u8, mode: RoundingMode) -> Result<Self, TypesError> {
        let percent = share.mul(&Exact::from_int(100))?;
        Self::percent(percent.to_decimal(decimals, mode)?)
    }

    /// The rate in percent.
    #[must_use]
    pub const fn as_percent(&self) -> Decimal {
        self.percent
    }

    /// The rate as an exact fraction: 2.75 % is 11/400.
    #[must_use]
    #[inline]
    pub fn to_exact(&self) -> Exact {
        Exact::scaled(self.percent.mantissa(), self.percent.scale().saturating_add(2))
    }

    /// Numerator and denominator of [`to_exact`](Self::to_exact), both of them small; always present.
    #[inline]
    pub(crate) fn parts(&self) -> Option<(i128, i128)> {
        let scale = usize::try_from(self.percent.scale()).ok()?.checked_add(2)?;
        Some((self.percent.mantissa(), *POW10.get(scale)?))
    }

    /// Whether the rate is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.percent.is_zero()
    }

    /// Whether the rate is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.percent.is_sign_negative() && !self.percent.is_zero()
    }

    /// The rate with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut percent = self.percent;
        percent.set_sign_positive(percent.is_zero() || percent.is_sign_negative());
        Self { percent }
    }

    /// The sum of two rates.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`].
    pub fn checked_add(&self, other: &Self) -> Result<Self, TypesError> {
        // At most 9 + 16 digits each: the decimal addition is exact.
        let percent = self
            .percent
            .checked_add(other.percent)
            .ok_or(TypesError::RateOutOfRange { percent: self.percent, limit: MAX_RATE_PERCENT })?;
        Self::percent(percent)
    }

    /// The difference `self − other`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`].
    pub fn checked_sub(&self, other: &Self) -> Result<Self, TypesError> {
        self.checked_add(&other.negated())
    }

    /// What is left of the whole: 22 % leaves 78 %.
    ///
    /// # Errors
    ///
    /// - [`TypesError::RateOutOfRange`].
    pub fn complement(&self) -> Result<Self, TypesError> {
        Self::ONE.checked_sub(self)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", self.percent))
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rate {
    type Err = TypesError;

    /// Reads `2.75%`, `27.5‰` or `275bp`; a space before the unit is allowed.
    fn from_str(text: &str) -> Result<Self, TypesError> {
        let invalid = || TypesError::InvalidRate { text: text.chars().take(40).collect() };
        let shift_and_number = [("%", 0), ("‰", 1), ("bp", 2)]
            .into_iter()
            .find_map(|(unit, shift)| text.strip_suffix(unit).map(|number| (number, shift)));
        let (number, shift) = shift_and_number.ok_or_else(invalid)?;
        let value = crate::decimal::plain(number.trim_end_matches(' ')).ok_or_else(invalid)?;
        Self::shifted(value, shift)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

//! An amount that is exact but not yet posted.

use core::cmp::Ordering;
use core::fmt;

use crate::{Currency, Exact, Money, Rate, Rounding, RoundingMode, TypesError};

/// An exact amount that is not yet posted (未舍入金额): minor units of one currency, as a rational.
///
/// Rates, ratios and quantities act on it without loss; [`Unrounded::round`] turns it into [`Money`], once.
///
/// # Examples
///
/// ```
/// use endcap_types::{Currency, Money, Rounding};
/// // A yearly fee of 100,000.00 for 31 of 365 days: multiply first, divide last, round once.
/// let fee = Money::parse("100000.00", Currency::CNY)?.exact().times_ratio(31, 365)?;
/// assert_eq!(fee.value().to_string(), "62000000/73");
/// assert_eq!(fee.round(&Rounding::HALF_AWAY)?.to_amount_string(), "8493.15");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule: one rounding per posted amount, at a named site.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Unrounded {
    #[cfg_attr(feature = "serde", serde(rename = "minor"))]
    value: Exact,
    currency: Currency,
}

impl Unrounded {
    /// An exact number of minor units of `currency`.
    #[must_use]
    pub const fn new(minor: Exact, currency: Currency) -> Self {
        Self { value: minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { value: Exact::ZERO, currency }
    }

    /// The exact number of minor units.
    #[must_use]
    pub const fn value(&self) -> &Exact {
        &self.value
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    fn with(&self, value: Exact) -> Self {
        Self { value, currency: self.currency }
    }

    fn same_currency(&self, other: &Self) -> Result<(), TypesError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(TypesError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }

    /// The amount times an exact factor.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`].
    pub fn times(&self, factor: &Exact) -> Result<Self, TypesError> {
        Ok(self.with(self.value.mul(factor)?))
    }

    /// The amount at a rate: `amount × percent / 100`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`].
    pub fn times_rate(&self, rate: &Rate) -> Result<Self, TypesError> {
        self.times(&rate.to_exact())
    }

    /// The amount times `numerator / denominator`, such as days of use over days of the period.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`], [`TypesError::ExactTooLarge`].
    pub fn times_ratio(&self, numerator: i128, denominator: i128) -> Result<Self, TypesError> {
        self.times(&Exact::ratio(numerator, denominator)?)
    }

    /// The amount `factor` times.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`].
    pub fn times_int(&self, factor: i128) -> Result<Self, TypesError> {
        self.times(&Exact::from_int(factor))
    }

    /// The amount divided by a whole number.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`], [`TypesError::ExactTooLarge`].
    pub fn divided_by_int(&self, divisor: i128) -> Result<Self, TypesError> {
        self.times_ratio(1, divisor)
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::ExactTooLarge`].
    pub fn add(&self, other: &Self) -> Result<Self, TypesError> {
        self.same_currency(other)?;
        Ok(self.with(self.value.add(&other.value)?))
    }

    /// The difference `self − other`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::ExactTooLarge`].
    pub fn sub(&self, other: &Self) -> Result<Self, TypesError> {
        self.add(&other.negated())
    }

    /// The amount with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        self.with(self.value.negated())
    }

    /// The order of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, TypesError> {
        self.same_currency(other)?;
        Ok(self.value.cmp(&other.value))
    }

    /// The posted amount: the multiple of the step that `rounding` chooses for the exact value.
    ///
    /// # Errors
    ///
    /// - [`TypesError::AmountOutOfRange`] when the result is beyond the limit of [`Money`].
    pub fn round(&self, rounding: &Rounding) -> Result<Money, TypesError> {
        let out_of_range = TypesError::AmountOutOfRange { currency: self.currency };
        let step = i128::from(rounding.step_minor().get());
        let steps = if step == 1 {
            self.value.round_to_int(rounding.mode())
        } else {
            self.value.div(&Exact::from_int(step))?.round_to_int(rounding.mode())
        };
        steps
            .ok()
            .and_then(|steps| steps.checked_mul(step))
            .ok_or(out_of_range)
            .and_then(|minor| Money::from_minor(minor, self.currency))
    }

    /// The amount in major units as text with exactly `places` decimals, for traces and reports.
    #[must_use]
    pub fn to_fixed(&self, places: u8, mode: RoundingMode) -> String {
        let major = Exact::ratio(1, self.currency.minor_per_major()).and_then(|unit| self.value.mul(&unit));
        major.map_or_else(|_| format!("{}", self.value), |value| value.to_fixed(places, mode))
    }
}

impl fmt::Display for Unrounded {
    /// Code and exact minor units: `CNY 62000000/73 minor`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} minor", self.currency, self.value)
    }
}

impl fmt::Debug for Unrounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

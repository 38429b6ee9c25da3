//! An amount that is exact but not yet posted.

use core::cmp::Ordering;
use core::fmt;

use crate::exact::Repr;
use crate::exact_small as small;
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

    #[inline]
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
    #[inline]
    pub fn times(&self, factor: &Exact) -> Result<Self, TypesError> {
        Ok(self.with(self.value.mul(factor)?))
    }

    /// The amount at a rate: `amount × percent / 100`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Money, Rounding};
    /// let fee = Money::parse("1234.56", Currency::CNY)?.exact().times_rate(&"4.01%".parse()?)?;
    /// assert_eq!(fee.value().to_string(), "3094116/625"); // 4950.5856 fen
    /// assert_eq!(fee.round(&Rounding::HALF_AWAY)?.to_amount_string(), "49.51");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    #[inline]
    pub fn times_rate(&self, rate: &Rate) -> Result<Self, TypesError> {
        // The hot line of every settlement: multiply the parts without building the rate's rational first.
        if let (Repr::Small { num, den }, Some((rate_num, rate_den))) = (self.value.repr(), rate.parts())
            && let Some((num, den)) = small::mul(*num, *den, rate_num, rate_den)
        {
            return Ok(Self { value: Exact::small(num, den), currency: self.currency });
        }
        self.times_rate_big(rate)
    }

    #[cold]
    #[inline(never)]
    fn times_rate_big(&self, rate: &Rate) -> Result<Self, TypesError> {
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

    /// The amount divided by an exact divisor.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`], [`TypesError::ExactTooLarge`].
    pub fn divided_by(&self, divisor: &Exact) -> Result<Self, TypesError> {
        Ok(self.with(self.value.div(divisor)?))
    }

    /// What part of `whole` this amount is: 25.00 of 100.00 is 1/4.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::DivisionByZero`], [`TypesError::ExactTooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Exact, Money};
    /// let rebate = Money::parse("25.00", Currency::CNY)?.exact();
    /// let turnover = Money::parse("100.00", Currency::CNY)?.exact();
    /// assert_eq!(rebate.share_of(&turnover)?, Exact::ratio(1, 4)?);
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn share_of(&self, whole: &Self) -> Result<Exact, TypesError> {
        self.same_currency(whole)?;
        self.value.div(&whole.value)
    }

    /// The sum of amounts that must all be in `currency`; zero when there are none.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::ExactTooLarge`].
    pub fn sum<'a, I>(amounts: I, currency: Currency) -> Result<Self, TypesError>
    where
        I: IntoIterator<Item = &'a Self>,
    {
        amounts.into_iter().try_fold(Self::zero(currency), |sum, amount| sum.add(amount))
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

    /// The amount without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        self.with(self.value.abs())
    }

    /// −1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i8 {
        self.value.signum()
    }

    /// Whether the amount is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.value.is_zero()
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.value.is_negative()
    }

    /// Whether the amount is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.value.is_positive()
    }

    /// The larger of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`].
    pub fn larger(&self, other: &Self) -> Result<Self, TypesError> {
        Ok(if self.compare(other)? == Ordering::Less { other.clone() } else { self.clone() })
    }

    /// The smaller of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`].
    pub fn smaller(&self, other: &Self) -> Result<Self, TypesError> {
        Ok(if self.compare(other)? == Ordering::Greater { other.clone() } else { self.clone() })
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
    /// `posted = step × round(value / step)`, computed on the exact rational whatever its size.
    ///
    /// # Errors
    ///
    /// - [`TypesError::AmountOutOfRange`] when the result is beyond the limit of [`Money`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Money, Rounding};
    /// // 10 % off 1,725.05: 1,552.545 is a tie and goes away from zero.
    /// let due = Money::parse("1725.05", Currency::EUR)?.exact().times_ratio(9, 10)?;
    /// assert_eq!(due.round(&Rounding::HALF_AWAY)?.to_amount_string(), "1552.55");
    /// assert_eq!(due.round(&Rounding::HALF_EVEN)?.to_amount_string(), "1552.54");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule: a posted amount equals the rounding of the exact rational result.
    #[inline]
    pub fn round(&self, rounding: &Rounding) -> Result<Money, TypesError> {
        let step = rounding.step_minor().get();
        let minor = if step == 1 {
            self.value.round_to_int(rounding.mode()).ok()
        } else {
            self.value.round_to_multiple(step, rounding.mode())
        };
        match minor {
            Some(minor) => Money::from_minor(minor, self.currency),
            None => Err(TypesError::AmountOutOfRange { currency: self.currency }),
        }
    }

    /// The amount in major units as text with exactly `places` decimals, for traces and reports.
    #[must_use]
    pub fn to_fixed(&self, places: u8, mode: RoundingMode) -> String {
        self.value.to_fixed_over(self.currency.minor_per_major(), places, mode)
    }
}

impl fmt::Display for Unrounded {
    /// Code and exact minor units: `CNY 62000000/73 minor`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {} minor", self.currency, self.value))
    }
}

impl fmt::Debug for Unrounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

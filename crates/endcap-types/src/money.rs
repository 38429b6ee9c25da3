//! Posted money: an integer number of minor units in one currency.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::exact_small::POW10;
use crate::limits::{MAX_AMOUNT_CHARS, MAX_MINOR};
use crate::{Currency, Exact, TypesError, Unrounded};

/// An amount of money (金额): an integer number of minor units in one currency.
///
/// Amounts never round, never overflow silently and never mix currencies: what cannot be represented is an error.
/// A value that still has to be rounded is an [`Unrounded`].
///
/// # Examples
///
/// ```
/// use endcap_types::{Currency, Money, Rate, Rounding};
/// let till = Money::parse("8000.00", Currency::CNY)?;
/// let commission = till.exact().times_rate(&"22%".parse::<Rate>()?)?.round(&Rounding::HALF_AWAY)?;
/// let remitted = till.checked_sub(&commission)?;
/// assert_eq!(remitted.to_string(), "CNY 6240.00");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule: posted money is an integer number of ISO 4217 minor units.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i128,
    currency: Currency,
}

impl Money {
    /// An amount in minor units: fen for CNY, yen for JPY.
    ///
    /// # Errors
    ///
    /// - [`TypesError::AmountOutOfRange`] beyond [`MAX_MINOR`] either sign.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Money};
    /// assert_eq!(Money::from_minor(123_450, Currency::CNY)?.to_string(), "CNY 1234.50");
    /// assert_eq!(Money::from_minor(123_450, Currency::JPY)?.to_string(), "JPY 123450");
    /// assert_eq!(Money::from_minor(123_450, Currency::KWD)?.to_string(), "KWD 123.450");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    #[inline]
    pub const fn from_minor(minor: i128, currency: Currency) -> Result<Self, TypesError> {
        if minor > MAX_MINOR || minor < -MAX_MINOR {
            return Err(TypesError::AmountOutOfRange { currency });
        }
        Ok(Self { minor, currency })
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// An amount in major units, exactly.
    ///
    /// # Errors
    ///
    /// - [`TypesError::TooPrecise`] when it has more decimals than the currency: nothing is rounded.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Money};
    /// assert_eq!(Money::from_decimal("12.50".parse().unwrap(), Currency::CNY)?.minor(), 1250);
    /// assert!(Money::from_decimal("12.505".parse().unwrap(), Currency::CNY).is_err());
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn from_decimal(value: Decimal, currency: Currency) -> Result<Self, TypesError> {
        let trimmed = value.normalize();
        let exponent = u32::from(currency.exponent());
        let missing = exponent.checked_sub(trimmed.scale()).ok_or_else(|| TypesError::TooPrecise {
            value: value.to_string(),
            decimals: trimmed.scale(),
            limit: exponent,
        })?;
        usize::try_from(missing)
            .ok()
            .and_then(|missing| POW10.get(missing))
            .and_then(|factor| trimmed.mantissa().checked_mul(*factor))
            .ok_or(TypesError::AmountOutOfRange { currency })
            .and_then(|minor| Self::from_minor(minor, currency))
    }

    /// Reads plain decimal text in major units, such as `-1234.50`; no separators, no symbol.
    ///
    /// # Errors
    ///
    /// - [`TypesError::InvalidAmount`] when the text is anything else.
    /// - [`TypesError::TooPrecise`] when a non-zero digit stands behind the last minor unit.
    /// - [`TypesError::AmountOutOfRange`] beyond [`MAX_MINOR`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Money, TypesError};
    /// assert_eq!(Money::parse("-0.05", Currency::CNY)?.minor(), -5);
    /// assert!(matches!(Money::parse("1,234.50", Currency::CNY), Err(TypesError::InvalidAmount { .. })));
    /// assert!(matches!(Money::parse("0.5", Currency::JPY), Err(TypesError::TooPrecise { .. })));
    /// # Ok::<(), TypesError>(())
    /// ```
    pub fn parse(text: &str, currency: Currency) -> Result<Self, TypesError> {
        let invalid = || TypesError::InvalidAmount { text: text.chars().take(MAX_AMOUNT_CHARS).collect() };
        if text.len() > MAX_AMOUNT_CHARS {
            return Err(invalid());
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(invalid()),
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(invalid());
        }
        let kept = fraction.trim_end_matches('0');
        let exponent = usize::from(currency.exponent());
        if kept.len() > exponent {
            return Err(TypesError::TooPrecise {
                value: text.to_owned(),
                decimals: u32::try_from(kept.len()).unwrap_or(u32::MAX),
                limit: u32::from(currency.exponent()),
            });
        }
        let padding = core::iter::repeat_n(b'0', exponent.saturating_sub(kept.len()));
        let mut minor: i128 = 0;
        for digit in whole.bytes().chain(kept.bytes()).chain(padding) {
            minor = minor
                .checked_mul(10)
                .and_then(|m| m.checked_add(i128::from(digit.wrapping_sub(b'0'))))
                .ok_or(TypesError::AmountOutOfRange { currency })?;
        }
        Self::from_minor(if negative { minor.saturating_neg() } else { minor }, currency)
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(&self) -> i128 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.minor < 0
    }

    /// Whether the amount is above zero.
    #[must_use]
    pub const fn is_positive(&self) -> bool {
        self.minor > 0
    }

    /// −1, 0 or 1.
    #[must_use]
    pub const fn signum(&self) -> i8 {
        match self.minor {
            0 => 0,
            1.. => 1,
            _ => -1,
        }
    }

    /// The amount with the other sign.
    #[must_use]
    pub const fn negated(&self) -> Self {
        // |minor| ≤ MAX_MINOR, so this cannot saturate.
        Self { minor: self.minor.saturating_neg(), currency: self.currency }
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(&self) -> Self {
        Self { minor: self.minor.saturating_abs(), currency: self.currency }
    }

    fn same_currency(&self, other: &Self) -> Result<(), TypesError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(TypesError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    pub fn checked_add(&self, other: &Self) -> Result<Self, TypesError> {
        self.same_currency(other)?;
        // Both are at most 10^36, so their sum fits an i128 and only the limit can refuse it.
        Self::from_minor(self.minor.saturating_add(other.minor), self.currency)
    }

    /// The difference `self − other`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    pub fn checked_sub(&self, other: &Self) -> Result<Self, TypesError> {
        self.checked_add(&other.negated())
    }

    /// The amount `factor` times.
    ///
    /// # Errors
    ///
    /// - [`TypesError::AmountOutOfRange`].
    pub fn checked_mul_int(&self, factor: i64) -> Result<Self, TypesError> {
        self.minor
            .checked_mul(i128::from(factor))
            .ok_or(TypesError::AmountOutOfRange { currency: self.currency })
            .and_then(|minor| Self::from_minor(minor, self.currency))
    }

    /// The sum of amounts that must all be in `currency`; zero when there are none.
    ///
    /// Only the total has to respect the limit, so the order of the amounts changes nothing.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Money};
    /// let lines = ["33333.34", "33333.33", "33333.33"];
    /// let lines: Vec<Money> = lines.iter().map(|l| Money::parse(l, Currency::CNY)).collect::<Result<_, _>>()?;
    /// assert_eq!(Money::sum(lines, Currency::CNY)?.to_amount_string(), "100000.00");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn sum<I>(amounts: I, currency: Currency) -> Result<Self, TypesError>
    where
        I: IntoIterator<Item = Self>,
    {
        // sum = carry × (MAX_MINOR + 1) + rest with |rest| ≤ MAX_MINOR: no partial sum can overflow.
        const BASE: i128 = MAX_MINOR.saturating_add(1);
        let zero = Self::zero(currency);
        let (mut carry, mut rest) = (0_i128, 0_i128);
        for amount in amounts {
            zero.same_currency(&amount)?;
            rest = rest.saturating_add(amount.minor);
            if rest > MAX_MINOR {
                rest = rest.saturating_sub(BASE);
                carry = carry.saturating_add(1);
            } else if rest < -MAX_MINOR {
                rest = rest.saturating_add(BASE);
                carry = carry.saturating_sub(1);
            }
        }
        carry
            .checked_mul(BASE)
            .and_then(|high| high.checked_add(rest))
            .ok_or(TypesError::AmountOutOfRange { currency })
            .and_then(|minor| Self::from_minor(minor, currency))
    }

    /// The order of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, TypesError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The larger of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`].
    pub fn larger(&self, other: &Self) -> Result<Self, TypesError> {
        Ok(if self.compare(other)? == Ordering::Less { *other } else { *self })
    }

    /// The smaller of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`].
    pub fn smaller(&self, other: &Self) -> Result<Self, TypesError> {
        Ok(if self.compare(other)? == Ordering::Greater { *other } else { *self })
    }

    /// The amount in major units as a decimal: 1234.50 for 123450 fen.
    ///
    /// # Errors
    ///
    /// - [`TypesError::AmountOutOfRange`] when it needs more than the 96 bits of a `Decimal`, about 7.9 × 10²⁸ minor units.
    pub fn to_decimal(&self) -> Result<Decimal, TypesError> {
        Decimal::try_from_i128_with_scale(self.minor, u32::from(self.currency.exponent()))
            .map_err(|_| TypesError::AmountOutOfRange { currency: self.currency })
    }

    /// The amount as an exact value on which rates and ratios may act before it is rounded once.
    #[must_use]
    #[inline]
    pub fn exact(&self) -> Unrounded {
        // |minor| ≤ MAX_MINOR, so it is not i128::MIN.
        Unrounded::new(Exact::small(self.minor, 1), self.currency)
    }

    /// The amount in major units as plain text, with all decimals of the currency: `-1234.50`.
    #[must_use]
    pub fn to_amount_string(&self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = self.minor.unsigned_abs().to_string();
        let exponent = usize::from(self.currency.exponent());
        if exponent == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = exponent.saturating_add(1));
        let (whole, fraction) = padded.split_at(padded.len().saturating_sub(exponent));
        format!("{sign}{whole}.{fraction}")
    }
}

impl fmt::Display for Money {
    /// Code and amount: `CNY 1234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.currency, self.to_amount_string()))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = TypesError;

    /// Reads what `Display` writes: `CNY 1234.50`.
    fn from_str(text: &str) -> Result<Self, TypesError> {
        let (code, amount) = text.split_once(' ').ok_or_else(|| TypesError::InvalidAmount {
            text: text.chars().take(MAX_AMOUNT_CHARS).collect(),
        })?;
        Self::parse(amount, Currency::from_code(code)?)
    }
}

#[cfg(feature = "serde")]
mod serde_impl {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Currency, Money};

    #[derive(Serialize, Deserialize)]
    #[serde(rename = "Money", deny_unknown_fields)]
    struct Parts {
        amount: String,
        currency: Currency,
    }

    impl Serialize for Money {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Parts { amount: self.to_amount_string(), currency: self.currency }.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Money {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let parts = Parts::deserialize(deserializer)?;
            Money::parse(&parts.amount, parts.currency).map_err(serde::de::Error::custom)
        }
    }
}

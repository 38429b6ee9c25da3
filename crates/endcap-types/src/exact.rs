//! Exact rational numbers: what an amount is before it is rounded, once, at a named site.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use num_bigint::BigInt;
use rust_decimal::Decimal;

use crate::exact_big as big;
use crate::rounding::round_fraction;
use crate::{RoundingMode, TypesError};

/// An exact rational number (精确值): no digit is ever lost.
///
/// Small values live in two `i128`; what outgrows them moves to big integers by itself, up to
/// [`MAX_EXACT_BITS`](crate::limits::MAX_EXACT_BITS), beyond which operations answer
/// [`TypesError::ExactTooLarge`]. Equality and order are those of the number: `1/2 == 2/4`.
///
/// # Examples
///
/// ```
/// use endcap_types::{Exact, RoundingMode};
/// // 4.01 % of 1,234.56, in cents, exactly: 123456 × 401 / 10000.
/// let raw = Exact::from_int(123_456).mul(&Exact::ratio(401, 10_000)?)?;
/// assert_eq!(raw.to_string(), "3094116/625");
/// assert_eq!(raw.round_to_int(RoundingMode::HalfAwayFromZero)?, 4_951);
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule: multiply before you divide, round once.
#[derive(Clone)]
pub struct Exact(Repr);

#[derive(Clone)]
enum Repr {
    /// `den > 0`; not necessarily in lowest terms; neither is `i128::MIN`.
    Small { num: i128, den: i128 },
    /// Lowest terms, `den > 0`, and at least one of the two does not fit `Small`.
    Big(Box<(BigInt, BigInt)>),
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Small { num: 0, den: 1 });
    /// One.
    pub const ONE: Self = Self(Repr::Small { num: 1, den: 1 });

    /// The integer `value`.
    #[must_use]
    pub fn from_int(value: i128) -> Self {
        if value == i128::MIN {
            return Self::from_big_unchecked(BigInt::from(value), BigInt::from(1));
        }
        Self(Repr::Small { num: value, den: 1 })
    }

    /// The fraction `numerator / denominator`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`] when `denominator` is zero.
    pub fn ratio(numerator: i128, denominator: i128) -> Result<Self, TypesError> {
        if denominator == 0 {
            return Err(TypesError::DivisionByZero);
        }
        if numerator == i128::MIN || denominator == i128::MIN {
            return Self::from_big(BigInt::from(numerator), BigInt::from(denominator));
        }
        let (num, den) = if denominator < 0 {
            (numerator.saturating_neg(), denominator.saturating_neg())
        } else {
            (numerator, denominator)
        };
        Ok(Self(Repr::Small { num, den }))
    }

    /// The decimal `value`, exactly.
    #[must_use]
    pub fn from_decimal(value: Decimal) -> Self {
        Self::scaled(value.mantissa(), value.scale())
    }

    /// `mantissa / 10^scale`. A decimal's mantissa has 96 bits and its scale is at most 28, so both fit.
    pub(crate) fn scaled(mantissa: i128, scale: u32) -> Self {
        match 10_i128.checked_pow(scale) {
            Some(den) if mantissa != i128::MIN => Self(Repr::Small { num: mantissa, den }),
            _ => Self::from_big_unchecked(BigInt::from(mantissa), BigInt::from(10).pow(scale)),
        }
    }

    /// Brings big parts to lowest terms and back to small ones where they fit.
    fn from_big(num: BigInt, den: BigInt) -> Result<Self, TypesError> {
        let (num, den) = big::reduce(num, den)?;
        Ok(Self::from_big_unchecked(num, den))
    }

    fn from_big_unchecked(num: BigInt, den: BigInt) -> Self {
        match (big::to_small(&num), big::to_small(&den)) {
            (Some(num), Some(den)) => Self(Repr::Small { num, den }),
            _ => Self(Repr::Big(Box::new((num, den)))),
        }
    }

    fn to_big(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Repr::Small { num, den } => (BigInt::from(*num), BigInt::from(*den)),
            Repr::Big(parts) => (**parts).clone(),
        }
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`] when the result needs more bits than the limit.
    pub fn add(&self, other: &Self) -> Result<Self, TypesError> {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some((num, den)) = small_add(*a, *b, *c, *d)
        {
            return Ok(Self(Repr::Small { num, den }));
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        let (num, den) = big::add(a, b, c, d);
        Self::from_big(num, den)
    }

    /// The difference `self − other`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`] when the result needs more bits than the limit.
    pub fn sub(&self, other: &Self) -> Result<Self, TypesError> {
        self.add(&other.negated())
    }

    /// The product.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`] when the result needs more bits than the limit.
    pub fn mul(&self, other: &Self) -> Result<Self, TypesError> {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some((num, den)) = small_mul(*a, *b, *c, *d)
        {
            return Ok(Self(Repr::Small { num, den }));
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        let (num, den) = big::mul(a, b, c, d);
        Self::from_big(num, den)
    }

    /// The quotient `self / other`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`] when `other` is zero.
    /// - [`TypesError::ExactTooLarge`] when the result needs more bits than the limit.
    pub fn div(&self, other: &Self) -> Result<Self, TypesError> {
        self.mul(&other.reciprocal()?)
    }

    /// `1 / self`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`] when `self` is zero.
    pub fn reciprocal(&self) -> Result<Self, TypesError> {
        match &self.0 {
            Repr::Small { num, den } => Self::ratio(*den, *num),
            Repr::Big(parts) => Self::from_big(parts.1.clone(), parts.0.clone()),
        }
    }

    /// `−self`.
    #[must_use]
    pub fn negated(&self) -> Self {
        match &self.0 {
            Repr::Small { num, den } => Self(Repr::Small { num: num.saturating_neg(), den: *den }),
            Repr::Big(parts) => Self(Repr::Big(Box::new((big::neg(&parts.0), parts.1.clone())))),
        }
    }

    /// −1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i8 {
        let order = match &self.0 {
            Repr::Small { num, .. } => num.cmp(&0),
            Repr::Big(parts) => parts.0.cmp(&BigInt::from(0)),
        };
        match order {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Whether the value is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }

    /// The value without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.signum() < 0 { self.negated() } else { self.clone() }
    }

    /// The nearest integer in the sense of `mode`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::IntegerOutOfRange`] when the result does not fit an `i128`.
    pub fn round_to_int(&self, mode: RoundingMode) -> Result<i128, TypesError> {
        match &self.0 {
            Repr::Small { num, den } => round_fraction(*num, *den, mode).ok_or(TypesError::IntegerOutOfRange),
            Repr::Big(parts) => {
                big::to_i128(&big::round(&parts.0, &parts.1, mode)).ok_or(TypesError::IntegerOutOfRange)
            }
        }
    }

    /// The value as decimal text with exactly `places` decimals, rounded once by `mode`.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Exact, RoundingMode};
    /// let third = Exact::ratio(-200, 3)?;
    /// assert_eq!(third.to_fixed(4, RoundingMode::HalfAwayFromZero), "-66.6667");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    #[must_use]
    pub fn to_fixed(&self, places: u8, mode: RoundingMode) -> String {
        let (num, den) = self.to_big();
        big::fixed(num, &den, places, mode)
    }

    /// Numerator and denominator in lowest terms, when both fit an `i128`.
    #[must_use]
    pub fn parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { num, den } => Some(reduce_small(*num, *den)),
            Repr::Big(_) => None,
        }
    }
}

/// Lowest terms of `num / den`, `den > 0`.
fn reduce_small(num: i128, den: i128) -> (i128, i128) {
    let divisor = num_integer::gcd(num, den);
    match (num.checked_div(divisor), den.checked_div(divisor)) {
        (Some(num), Some(den)) => (num, den),
        _ => (num, den),
    }
}

fn in_range(num: i128, den: i128) -> Option<(i128, i128)> {
    (num != i128::MIN && den > 0).then_some((num, den))
}

fn small_mul(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if let (Some(num), Some(den)) = (a.checked_mul(c), b.checked_mul(d)) {
        return in_range(num, den);
    }
    // Cross-reduce before giving up the fast path.
    let (a, d) = reduce_small(a, d);
    let (c, b) = reduce_small(c, b);
    in_range(a.checked_mul(c)?, b.checked_mul(d)?)
}

fn small_add(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if b == d {
        return in_range(a.checked_add(c)?, b);
    }
    let divisor = num_integer::gcd(b, d);
    let left_factor = d.checked_div(divisor)?;
    let right_factor = b.checked_div(divisor)?;
    let num = a.checked_mul(left_factor)?.checked_add(c.checked_mul(right_factor)?)?;
    in_range(num, b.checked_mul(left_factor)?)
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b))
        {
            return left.cmp(&right);
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        big::compare(&a, &b, &c, &d)
    }
}

impl fmt::Display for Exact {
    /// Lowest terms, `n/d`, or `n` alone when the value is an integer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small { num, den } => match reduce_small(*num, *den) {
                (num, 1) => write!(f, "{num}"),
                (num, den) => write!(f, "{num}/{den}"),
            },
            Repr::Big(parts) if parts.1 == BigInt::from(1) => write!(f, "{}", parts.0),
            Repr::Big(parts) => write!(f, "{}/{}", parts.0, parts.1),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exact({self})")
    }
}

impl FromStr for Exact {
    type Err = TypesError;

    /// Reads what `Display` writes: `-345/2` or `17`.
    fn from_str(text: &str) -> Result<Self, TypesError> {
        let invalid = || TypesError::InvalidExact { text: text.chars().take(80).collect() };
        // 4096 bits are 1234 decimal digits.
        if text.len() > 2600 {
            return Err(invalid());
        }
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        let canonical = |part: &str, signed: bool| {
            let digits = if signed { part.strip_prefix('-').unwrap_or(part) } else { part };
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        };
        if !canonical(num, true) || !canonical(den, false) {
            return Err(invalid());
        }
        let num = num.parse::<BigInt>().map_err(|_| invalid())?;
        let den = den.parse::<BigInt>().map_err(|_| invalid())?;
        Self::from_big(num, den)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

//! Exact rational numbers: what an amount is before it is rounded, once, at a named site.

use core::cmp::Ordering;

use num_bigint::BigInt;
use rust_decimal::Decimal;

use crate::exact_big as big;
use crate::exact_small as small;
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
pub(crate) enum Repr {
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
    #[inline]
    pub fn from_int(value: i128) -> Self {
        if value == i128::MIN { Self::from_min() } else { Self::small(value, 1) }
    }

    #[cold]
    #[inline(never)]
    fn from_min() -> Self {
        Self::from_big_unchecked(BigInt::from(i128::MIN), BigInt::from(1))
    }

    /// `num / den`, for callers that know `den > 0` and `num` is not `i128::MIN`.
    #[inline]
    pub(crate) const fn small(num: i128, den: i128) -> Self {
        Self(Repr::Small { num, den })
    }

    /// The fraction `numerator / denominator`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::DivisionByZero`] when `denominator` is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::Exact;
    /// assert_eq!(Exact::ratio(14, -4)?.to_string(), "-7/2");
    /// assert!(Exact::ratio(1, 0).is_err());
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
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
    #[inline]
    pub(crate) fn scaled(mantissa: i128, scale: u32) -> Self {
        let power = usize::try_from(scale).ok().and_then(|scale| small::POW10.get(scale));
        match power {
            Some(den) if mantissa != i128::MIN => Self::small(mantissa, *den),
            _ => Self::scaled_big(mantissa, scale),
        }
    }

    #[cold]
    #[inline(never)]
    fn scaled_big(mantissa: i128, scale: u32) -> Self {
        Self::from_big_unchecked(BigInt::from(mantissa), BigInt::from(10).pow(scale))
    }

    /// Brings big parts to lowest terms and back to small ones where they fit.
    pub(crate) fn from_big(num: BigInt, den: BigInt) -> Result<Self, TypesError> {
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

    pub(crate) const fn repr(&self) -> &Repr {
        &self.0
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`] when the result needs more bits than the limit.
    pub fn add(&self, other: &Self) -> Result<Self, TypesError> {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some((num, den)) = small::add(*a, *b, *c, *d)
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
    #[inline]
    pub fn mul(&self, other: &Self) -> Result<Self, TypesError> {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0)
            && let Some((num, den)) = small::mul(*a, *b, *c, *d)
        {
            return Ok(Self(Repr::Small { num, den }));
        }
        self.mul_big(other)
    }

    #[cold]
    #[inline(never)]
    fn mul_big(&self, other: &Self) -> Result<Self, TypesError> {
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

    /// The power `self^exponent`; `x^0` is one.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`] when the result needs more bits than the limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::Exact;
    /// // Growth of 5 % a year for three years.
    /// assert_eq!(Exact::ratio(105, 100)?.pow(3)?, Exact::ratio(1_157_625, 1_000_000)?);
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn pow(&self, exponent: u32) -> Result<Self, TypesError> {
        let mut power = Self::ONE;
        for bit in (0..u32::BITS.saturating_sub(exponent.leading_zeros())).rev() {
            power = power.mul(&power)?;
            if exponent.checked_shr(bit).unwrap_or(0) & 1 == 1 {
                power = power.mul(self)?;
            }
        }
        Ok(power)
    }

    /// The sum of many values; zero when there are none.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ExactTooLarge`] when a partial sum needs more bits than the limit.
    pub fn sum<'a, I>(values: I) -> Result<Self, TypesError>
    where
        I: IntoIterator<Item = &'a Self>,
    {
        values.into_iter().try_fold(Self::ZERO, |sum, value| sum.add(value))
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

    /// `self / (1 + self)`, the share of the whole that a surcharge of `self` makes: n/d becomes n/(d + n).
    pub(crate) fn over_one_plus_self(&self) -> Result<Self, TypesError> {
        if let Repr::Small { num, den } = &self.0
            && let Some(sum) = den.checked_add(*num)
            && sum > 0
        {
            return Ok(Self(Repr::Small { num: *num, den: sum }));
        }
        self.div(&Self::ONE.add(self)?)
    }

    /// `−self`.
    #[must_use]
    pub fn negated(&self) -> Self {
        match &self.0 {
            Repr::Small { num, den } => Self(Repr::Small { num: num.saturating_neg(), den: *den }),
            // 2^127 is too large for the small form and so is its negation, by the invariant.
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

    /// Whether the value is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    /// Whether the value is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.signum() > 0
    }

    /// Whether the value is a whole number.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { num, den } => num.checked_rem(*den) == Some(0),
            Repr::Big(parts) => parts.1 == BigInt::from(1),
        }
    }

    /// The value without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.signum() < 0 { self.negated() } else { self.clone() }
    }

    /// The integer neighbour that `mode` chooses.
    ///
    /// # Errors
    ///
    /// - [`TypesError::IntegerOutOfRange`] when the result does not fit an `i128`.
    ///
    /// # Source
    ///
    /// IEEE 754-2019 §4.3, applied to rationals; see [`RoundingMode`].
    #[inline]
    pub fn round_to_int(&self, mode: RoundingMode) -> Result<i128, TypesError> {
        match &self.0 {
            Repr::Small { num, den } => round_fraction(*num, *den, mode).ok_or(TypesError::IntegerOutOfRange),
            Repr::Big(parts) => round_big(parts, mode).ok_or(TypesError::IntegerOutOfRange),
        }
    }

    /// The multiple of `step` that `mode` chooses, for `step ≥ 1`; never limited by the size of what comes between.
    pub(crate) fn round_to_multiple(&self, step: u64, mode: RoundingMode) -> Option<i128> {
        let step = i128::from(step);
        if let Repr::Small { num, den } = &self.0
            && let Some(den) = den.checked_mul(step)
        {
            return round_fraction(*num, den, mode)?.checked_mul(step);
        }
        let (num, den) = self.to_big();
        big::to_i128(&big::round_to_multiple(&num, den, step, mode))
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
        self.to_fixed_over(1, places, mode)
    }

    /// [`to_fixed`](Self::to_fixed) of `self / divisor`, for `divisor ≥ 1`.
    pub(crate) fn to_fixed_over(&self, divisor: i128, places: u8, mode: RoundingMode) -> String {
        let (num, den) = self.to_big();
        big::fixed(num, den, divisor, places, mode)
    }

    /// The value as a decimal with at most `places` decimals, rounded once by `mode`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::IntegerOutOfRange`] when it needs more than the 96 bits or 28 decimals of a `Decimal`.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Exact, RoundingMode};
    /// let share = Exact::ratio(2, 3)?.to_decimal(4, RoundingMode::HalfAwayFromZero)?;
    /// assert_eq!(share.to_string(), "0.6667");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn to_decimal(&self, places: u8, mode: RoundingMode) -> Result<Decimal, TypesError> {
        let (num, den) = self.to_big();
        big::to_i128(&big::round_scaled(num, &den, places, mode))
            .and_then(|mantissa| Decimal::try_from_i128_with_scale(mantissa, u32::from(places)).ok())
            .map(|value| value.normalize())
            .ok_or(TypesError::IntegerOutOfRange)
    }

    /// Numerator and denominator in lowest terms, when both fit an `i128`.
    #[must_use]
    pub fn parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { num, den } => Some(small::reduce(*num, *den)),
            Repr::Big(_) => None,
        }
    }

    /// Numerator and denominator above zero as they are held, when both fit an `i128`: for kernels over integers.
    ///
    /// Not necessarily in lowest terms, as those of [`parts`](Self::parts) are.
    #[must_use]
    #[inline]
    pub const fn fraction(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { num, den } => Some((*num, *den)),
            Repr::Big(_) => None,
        }
    }
}

#[cold]
#[inline(never)]
fn round_big(parts: &(BigInt, BigInt), mode: RoundingMode) -> Option<i128> {
    big::to_i128(&big::round(&parts.0, &parts.1, mode))
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
            && let (Some(left), Some(right)) = (small::multiply(*a, *d), small::multiply(*c, *b))
        {
            return left.cmp(&right);
        }
        let ((a, b), (c, d)) = (self.to_big(), other.to_big());
        big::compare(&a, &b, &c, &d)
    }
}

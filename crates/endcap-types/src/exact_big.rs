//! The big-integer half of [`Exact`](crate::Exact), for values that outgrow two `i128`.
//!
//! `BigInt` operators cannot overflow, and every divisor here is positive by the invariant of `Exact`,
//! which is why the arithmetic lint is lifted in this one file.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "big integers do not overflow, and every divisor is positive"
)]

use core::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::limits::MAX_EXACT_BITS;
use crate::{RoundingMode, TypesError};

/// Lowest terms with a positive denominator.
pub(crate) fn reduce(num: BigInt, den: BigInt) -> Result<(BigInt, BigInt), TypesError> {
    if den.is_zero() {
        return Err(TypesError::DivisionByZero);
    }
    let divisor = num.gcd(&den);
    let (mut num, mut den) = (num / &divisor, den / &divisor);
    if den.is_negative() {
        num = -num;
        den = -den;
    }
    let bits = num.bits().max(den.bits());
    if bits > MAX_EXACT_BITS {
        return Err(TypesError::ExactTooLarge { bits, limit: MAX_EXACT_BITS });
    }
    Ok((num, den))
}

/// The value as an `i128` other than `i128::MIN`.
pub(crate) fn to_small(value: &BigInt) -> Option<i128> {
    value.to_i128().filter(|v| *v != i128::MIN)
}

pub(crate) fn to_i128(value: &BigInt) -> Option<i128> {
    value.to_i128()
}

pub(crate) fn neg(value: &BigInt) -> BigInt {
    -value
}

pub(crate) fn add(a: BigInt, b: BigInt, c: BigInt, d: BigInt) -> (BigInt, BigInt) {
    (a * &d + c * &b, b * d)
}

pub(crate) fn mul(a: BigInt, b: BigInt, c: BigInt, d: BigInt) -> (BigInt, BigInt) {
    (a * c, b * d)
}

pub(crate) fn compare(a: &BigInt, b: &BigInt, c: &BigInt, d: &BigInt) -> Ordering {
    (a * d).cmp(&(c * b))
}

/// `num / den` rounded to an integer, `den > 0`.
pub(crate) fn round(num: &BigInt, den: &BigInt, mode: RoundingMode) -> BigInt {
    let (quotient, rest) = num.div_rem(den);
    if rest.is_zero() {
        return quotient;
    }
    let away = if num.sign() == Sign::Minus { BigInt::from(-1) } else { BigInt::from(1) };
    let half = (rest.abs() * 2_u8).cmp(den);
    let step = match mode {
        RoundingMode::HalfAwayFromZero => half != Ordering::Less,
        RoundingMode::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && quotient.is_odd()),
        RoundingMode::Up => true,
        RoundingMode::Down => false,
        RoundingMode::Floor => away.is_negative(),
        RoundingMode::Ceil => away.is_positive(),
    };
    if step { quotient + away } else { quotient }
}

/// The multiple of `step` next to `num / den` in the sense of `mode`, `den > 0`, `step > 0`.
pub(crate) fn round_to_multiple(num: &BigInt, den: BigInt, step: i128, mode: RoundingMode) -> BigInt {
    round(num, &(den * step), mode) * step
}

/// `num / den × 10^places` rounded to an integer, `den > 0`.
pub(crate) fn round_scaled(num: BigInt, den: &BigInt, places: u8, mode: RoundingMode) -> BigInt {
    round(&(num * BigInt::from(10).pow(u32::from(places))), den, mode)
}

/// Decimal text of `num / (den × divisor)` with `places` decimals; zero has no sign.
pub(crate) fn fixed(num: BigInt, den: BigInt, divisor: i128, places: u8, mode: RoundingMode) -> String {
    let scaled = round_scaled(num, &(den * divisor), places, mode);
    let sign = if scaled.is_negative() { "-" } else { "" };
    let width = usize::from(places) + 1;
    let digits = format!("{:0>width$}", scaled.magnitude().to_string());
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(places));
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

//! The small half of [`Exact`](crate::Exact): fractions of two `i128`, with a 64-bit fast path.
//!
//! Every function answers `None` instead of overflowing; the caller then takes the big path.

/// Powers of ten, `POW10[n] = 10ⁿ`, all that fit an `i128`.
pub(crate) const POW10: [i128; 39] = powers_of_ten();

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time, where a bad index stops the build")]
const fn powers_of_ten() -> [i128; 39] {
    let mut powers = [1_i128; 39];
    let mut index = 1_usize;
    while index < powers.len() {
        powers[index] = powers[index.saturating_sub(1)].saturating_mul(10);
        index = index.saturating_add(1);
    }
    powers
}

/// The value as an `i64` when it fits.
#[inline]
#[allow(clippy::as_conversions, reason = "checked by converting back; TryFrom is not const")]
pub(crate) const fn narrow(value: i128) -> Option<i64> {
    let short = value as i64;
    if widen(short) == value { Some(short) } else { None }
}

/// The value as an `i128`, always exact.
#[inline]
#[allow(clippy::as_conversions, reason = "i64 to i128 is lossless; From is not const")]
pub(crate) const fn widen(value: i64) -> i128 {
    value as i128
}

/// The product: one machine multiplication when both factors fit 64 bits.
#[inline]
pub(crate) const fn multiply(a: i128, b: i128) -> Option<i128> {
    match (narrow(a), narrow(b)) {
        // Two 64-bit factors have a product of at most 127 bits.
        (Some(a), Some(b)) => Some(widen(a).wrapping_mul(widen(b))),
        _ => a.checked_mul(b),
    }
}

/// Greatest common divisor of two numbers other than `i128::MIN`, never negative.
fn gcd(a: i128, b: i128) -> i128 {
    match (narrow(a), narrow(b)) {
        (Some(a), Some(b)) if a != i64::MIN && b != i64::MIN => widen(num_integer::gcd(a, b)),
        _ => num_integer::gcd(a, b),
    }
}

/// Lowest terms of `num / den`, for `den > 0`.
pub(crate) fn reduce(num: i128, den: i128) -> (i128, i128) {
    let divisor = gcd(num, den);
    match (num.checked_div(divisor), den.checked_div(divisor)) {
        (Some(num), Some(den)) => (num, den),
        _ => (num, den),
    }
}

/// Keeps the invariant of small fractions: `den > 0` and `num` is not `i128::MIN`, so it can always be negated.
#[inline]
fn in_range(num: i128, den: i128) -> Option<(i128, i128)> {
    (num != i128::MIN && den > 0).then_some((num, den))
}

/// `a/b × c/d`.
#[inline]
pub(crate) fn mul(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if let (Some(num), Some(den)) = (multiply(a, c), multiply(b, d)) {
        return in_range(num, den);
    }
    mul_reduced(a, b, c, d)
}

/// Cross-reduces before giving up on two `i128`.
#[cold]
#[inline(never)]
fn mul_reduced(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    let (a, d) = reduce(a, d);
    let (c, b) = reduce(c, b);
    in_range(a.checked_mul(c)?, b.checked_mul(d)?)
}

/// `a/b + c/d`, over the least common denominator.
#[inline]
pub(crate) fn add(a: i128, b: i128, c: i128, d: i128) -> Option<(i128, i128)> {
    if b == d {
        return in_range(a.checked_add(c)?, b);
    }
    let divisor = gcd(b, d);
    let left_factor = d.checked_div(divisor)?;
    let right_factor = b.checked_div(divisor)?;
    let num = multiply(a, left_factor)?.checked_add(multiply(c, right_factor)?)?;
    in_range(num, multiply(b, left_factor)?)
}

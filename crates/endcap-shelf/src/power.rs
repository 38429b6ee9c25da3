//! Powers with a fractional exponent in fixed point: the same bits on every machine, which `f64::powf` does not promise.
//!
//! # Source
//!
//! Knuth, *The Art of Computer Programming* 1, § 1.2.2, exercises 25 and 27: logarithms and powers bit by bit.

use endcap_types::{Exact, TypesError};
use rust_decimal::Decimal;

/// Fractional bits.
const BITS: u32 = 62;
/// One, in fixed point.
const ONE: u128 = 1 << BITS;

/// `ROOTS[i]` is `2^(2^-(i+1))`: √2, ⁴√2, … by repeated square roots, rounded down.
const ROOTS: [u128; 62] = roots();

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated at compile time")]
const fn roots() -> [u128; 62] {
    let mut all = [0_u128; 62];
    let mut root = ONE << 1;
    let mut i = 0;
    while i < 62 {
        root = (root << BITS).isqrt();
        all[i] = root;
        i += 1;
    }
    all
}

/// `base ^ exponent` for `base ≥ 1` and `exponent` from 0 to 1 with at most nine decimals; relative error below 2⁻⁵⁴.
///
/// Exact for base 0 and 1, for exponents 0 and 1, and where the result is a power of two.
pub(crate) fn power(base: u32, exponent: Decimal) -> Result<Exact, TypesError> {
    if exponent.is_zero() {
        return Ok(Exact::ONE);
    }
    if base <= 1 || exponent == Decimal::ONE {
        return Ok(Exact::from_int(i128::from(base)));
    }
    let mantissa = exponent.mantissa().unsigned_abs();
    let divisor = 10_u128.checked_pow(exponent.scale()).ok_or(TypesError::DivisionByZero)?;
    // log2 of a u32 is under 2^5, so the product is under 2^(5 + 62 + 30).
    let log = log2(base).saturating_mul(mantissa).checked_div(divisor).unwrap_or(0);
    let result = exp2(log);
    Exact::ratio(i128::try_from(result).map_err(|_| TypesError::IntegerOutOfRange)?, 1 << BITS)
}

/// Binary logarithm of `n ≥ 1`: the whole part is the highest bit, each further bit comes from squaring the rest.
fn log2(n: u32) -> u128 {
    let whole = n.checked_ilog2().unwrap_or(0);
    let mut rest = u128::from(n) << BITS.saturating_sub(whole);
    let mut log = u128::from(whole) << BITS;
    for bit in (0..BITS).rev() {
        // 1 ≤ rest < 2, so its square is under 2^126.
        rest = rest.wrapping_mul(rest) >> BITS;
        if rest >= ONE << 1 {
            rest >>= 1;
            log |= 1 << bit;
        }
    }
    log
}

/// `2 ^ x` for `0 ≤ x < 32`: one root of two for every bit of the fraction.
fn exp2(x: u128) -> u128 {
    let fraction = x & ONE.wrapping_sub(1);
    let mut result = ONE;
    for (bit, root) in (0..BITS).rev().zip(ROOTS) {
        if fraction & (1 << bit) != 0 {
            result = result.wrapping_mul(root) >> BITS;
        }
    }
    let whole = u32::try_from(x >> BITS).unwrap_or(0);
    result << whole.min(32)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::float_arithmetic,
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        reason = "tests compare with the platform's floating power"
    )]

    use super::*;

    #[test]
    fn equals_the_floating_power_to_its_last_digits() {
        for base in 1..=1_000_u32 {
            for hundredths in [0_i64, 1, 15, 17, 20, 33, 50, 75, 99, 100] {
                let exact = power(base, Decimal::new(hundredths, 2)).unwrap();
                let (num, den) = exact.parts().unwrap();
                let ours = num as f64 / den as f64;
                let theirs = f64::from(base).powf(hundredths as f64 / 100.0);
                assert!((ours / theirs - 1.0).abs() < 5e-16, "{base}^{hundredths}%: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn is_exact_where_the_result_is_a_power_of_two() {
        assert_eq!(power(16, Decimal::new(5, 1)).unwrap(), Exact::from_int(4));
        assert_eq!(power(256, Decimal::new(25, 2)).unwrap(), Exact::from_int(4));
        assert_eq!(power(0, Decimal::new(5, 1)).unwrap(), Exact::ZERO);
        assert_eq!(power(7, Decimal::ONE).unwrap(), Exact::from_int(7));
    }

    #[test]
    fn has_sixteen_right_decimals() {
        // 3^0.2 and 5^0.3 to 20 decimals, computed with bc -l (scale 30).
        for (base, exponent, digits) in [
            (3, Decimal::new(2, 1), "1.24573093961551732597"),
            (5, Decimal::new(3, 1), "1.62065659669276246831"),
        ] {
            let ours = power(base, exponent).unwrap();
            let known: Exact = Exact::from_decimal(digits.parse().unwrap());
            let error = ours.sub(&known).unwrap().abs();
            assert!(error < Exact::ratio(1, 10_000_000_000_000_000).unwrap(), "{ours}");
        }
    }
}

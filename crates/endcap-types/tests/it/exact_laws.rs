//! Laws of exact rationals against an independent implementation, extremes included.

use core::cmp::Ordering;

use endcap_types::limits::MAX_EXACT_BITS;
use endcap_types::{Exact, RoundingMode, TypesError, round_fraction};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::common::{
    any_decimal, any_exact, any_integer, any_mode, rational, rational_of, round_slowly, whole,
};

proptest! {
    #[test]
    fn exact_arithmetic_is_that_of_big_rationals(a in any_exact(), b in any_exact()) {
        let (x, y) = (rational(&a), rational(&b));
        prop_assert_eq!(rational(&a.add(&b).unwrap()), &x + &y);
        prop_assert_eq!(rational(&a.sub(&b).unwrap()), &x - &y);
        prop_assert_eq!(rational(&a.mul(&b).unwrap()), &x * &y);
        prop_assert_eq!(rational(&a.negated()), -x.clone());
        prop_assert_eq!(rational(&a.abs()), x.abs());
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x == y);
        prop_assert_eq!(a.is_integer(), x.is_integer());
        let sign = match x.cmp(&BigRational::zero()) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        };
        prop_assert_eq!(a.signum(), sign);
        prop_assert_eq!((a.is_negative(), a.is_zero(), a.is_positive()), (sign < 0, sign == 0, sign > 0));
        if y.is_zero() {
            prop_assert_eq!(a.div(&b), Err(TypesError::DivisionByZero));
            prop_assert_eq!(b.reciprocal(), Err(TypesError::DivisionByZero));
        } else {
            prop_assert_eq!(rational(&a.div(&b).unwrap()), &x / &y);
        }
    }

    #[test]
    fn exact_field_laws(a in any_exact(), b in any_exact(), c in any_exact()) {
        prop_assert_eq!(a.add(&b).unwrap(), b.add(&a).unwrap());
        prop_assert_eq!(a.mul(&b).unwrap(), b.mul(&a).unwrap());
        prop_assert_eq!(a.add(&b).unwrap().add(&c).unwrap(), a.add(&b.add(&c).unwrap()).unwrap());
        prop_assert_eq!(a.mul(&b).unwrap().mul(&c).unwrap(), a.mul(&b.mul(&c).unwrap()).unwrap());
        prop_assert_eq!(
            a.mul(&b.add(&c).unwrap()).unwrap(),
            a.mul(&b).unwrap().add(&a.mul(&c).unwrap()).unwrap()
        );
        prop_assert_eq!(a.add(&Exact::ZERO).unwrap(), a.clone());
        prop_assert_eq!(a.mul(&Exact::ONE).unwrap(), a.clone());
        prop_assert!(a.sub(&a).unwrap().is_zero());
        if !a.is_zero() {
            prop_assert_eq!(a.div(&a).unwrap(), Exact::ONE);
            prop_assert_eq!(a.reciprocal().unwrap().reciprocal().unwrap(), a.clone());
        }
        prop_assert_eq!(Exact::sum([&a, &b, &c]).unwrap(), Exact::sum([&c, &a, &b]).unwrap());
    }

    #[test]
    fn exact_keeps_integers_and_decimals(n in any_integer(), d in any_integer(), value in any_decimal()) {
        prop_assert_eq!(rational(&Exact::from_int(n)), whole(n));
        prop_assert_eq!(Exact::from_int(n).to_string(), n.to_string());
        prop_assert_eq!(rational(&Exact::from_decimal(value)), rational_of(value));
        if d != 0 {
            prop_assert_eq!(rational(&Exact::ratio(n, d).unwrap()), whole(n) / whole(d));
        }
    }

    #[test]
    fn exact_reads_back_what_it_writes_in_lowest_terms(value in any_exact()) {
        let text = value.to_string();
        prop_assert_eq!(text.parse::<Exact>(), Ok(value.clone()));
        prop_assert_eq!(rational(&value).to_string(), text);
        if let Some((num, den)) = value.parts() {
            prop_assert_eq!(Exact::ratio(num, den), Ok(value));
            prop_assert!(den > 0);
        }
    }

    #[test]
    fn exact_power_is_repeated_multiplication(value in any_exact(), exponent in 0_u32..6) {
        let expected = (0..exponent).fold(BigRational::one(), |power, _| power * rational(&value));
        prop_assert_eq!(rational(&value.pow(exponent).unwrap()), expected);
    }

    #[test]
    fn rounding_to_an_integer_matches_the_oracle(value in any_exact(), mode in any_mode()) {
        let expected = round_slowly(&rational(&value), mode).to_i128();
        prop_assert_eq!(value.round_to_int(mode).ok(), expected);
    }

    #[test]
    fn the_kernel_matches_the_oracle(num in any_integer(), den in any_integer(), mode in any_mode()) {
        let expected = if den > 0 { round_slowly(&(whole(num) / whole(den)), mode).to_i128() } else { None };
        prop_assert_eq!(round_fraction(num, den, mode), expected);
    }

    /// Ties and near ties are rare among random fractions, so they are aimed at.
    #[test]
    fn the_kernel_matches_the_oracle_at_ties(
        whole_part in any_integer(), half in 1_i128..=1_000_000_000, off in -1_i128..=1, mode in any_mode(),
    ) {
        let den = 2 * half;
        let num = (whole_part % (i128::MAX / den - 1)) * den + half + off;
        let expected = round_slowly(&(whole(num) / whole(den)), mode).to_i128();
        prop_assert_eq!(round_fraction(num, den, mode), expected);
    }

    /// The same aim at values that outgrow two `i128`: half-way between integers, exactly or by a hair.
    #[test]
    fn big_values_match_the_oracle_at_ties(n in any::<i128>(), hair in -1_i128..=1, mode in any_mode()) {
        let half = Exact::ratio(1, 2).unwrap().add(&Exact::ratio(hair, i128::MAX).unwrap()).unwrap();
        let value = Exact::from_int(n).add(&half).unwrap();
        prop_assert!(hair == 0 || value.parts().is_none(), "the big form");
        let expected = round_slowly(&rational(&value), mode).to_i128();
        prop_assert_eq!(value.round_to_int(mode).ok(), expected);
    }

    #[test]
    fn fixed_text_is_the_rounded_value(value in any_exact(), places in 0_u8..=30, mode in any_mode()) {
        let text = value.to_fixed(places, mode);
        let scale = BigRational::from_integer(num_bigint::BigInt::from(10).pow(u32::from(places)));
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        let expected = round_slowly(&(rational(&value) * scale), mode);
        prop_assert_eq!(digits.parse::<num_bigint::BigInt>().unwrap(), expected.clone());
        prop_assert_eq!(text.split_once('.').map_or(0, |(_, f)| f.len()), usize::from(places));
        prop_assert_eq!(text.starts_with('-'), expected.is_negative(), "no sign on a zero: {}", text);
    }

    #[test]
    fn decimal_is_the_rounded_value_or_refused(value in any_exact(), places in 0_u8..=40, mode in any_mode()) {
        let scale = BigRational::from_integer(num_bigint::BigInt::from(10).pow(u32::from(places)));
        let scaled = round_slowly(&(rational(&value) * &scale), mode);
        match value.to_decimal(places, mode) {
            Ok(decimal) => prop_assert_eq!(rational_of(decimal), BigRational::from_integer(scaled) / scale),
            Err(error) => {
                prop_assert_eq!(error, TypesError::IntegerOutOfRange);
                prop_assert!(places > 28 || scaled.bits() > 96);
            }
        }
    }
}

#[test]
fn the_edges_of_the_128_bit_form() {
    let min = Exact::from_int(i128::MIN);
    assert_eq!(min.negated().to_string(), "170141183460469231731687303715884105728");
    assert_eq!(min.negated().negated(), min);
    // However the lowest integer comes about, its negation is not cut off at the highest.
    let doubled = Exact::from_int(i128::MIN / 2).mul(&Exact::from_int(2)).unwrap();
    let summed = Exact::from_int(i128::MIN + 1).sub(&Exact::ONE).unwrap();
    let halves = Exact::ratio(i128::MIN / 2, 3).unwrap();
    let thirds = halves.add(&halves).unwrap().mul(&Exact::from_int(3)).unwrap();
    for value in [doubled, summed, thirds] {
        assert_eq!(value, min);
        assert_eq!(value.negated().to_string(), "170141183460469231731687303715884105728");
        assert_eq!(value.abs().signum(), 1);
    }
    assert_eq!(min.round_to_int(RoundingMode::Down), Ok(i128::MIN));
    assert_eq!(min.negated().round_to_int(RoundingMode::Down), Err(TypesError::IntegerOutOfRange));
    assert_eq!(Exact::ratio(i128::MIN, i128::MIN).unwrap(), Exact::ONE);
    assert_eq!(Exact::ratio(1, i128::MIN).unwrap().reciprocal().unwrap(), min);
    assert_eq!(min.add(&Exact::ONE).unwrap().to_string(), (i128::MIN + 1).to_string());
    assert_eq!(round_fraction(i128::MIN, 1, RoundingMode::Up), Some(i128::MIN));
    assert_eq!(round_fraction(i128::MIN, i128::MAX, RoundingMode::HalfEven), Some(-1));
    assert_eq!(round_fraction(i128::MAX, i128::MAX, RoundingMode::Ceil), Some(1));
    assert_eq!(round_fraction(5, i128::MIN, RoundingMode::Ceil), None);
    let smallest = Exact::from_decimal(Decimal::from_i128_with_scale(1, 28));
    assert_eq!(
        smallest.mul(&Exact::ratio(1, 10).unwrap()).unwrap().to_string(),
        "1/100000000000000000000000000000",
        "one digit more than a Decimal holds is not lost"
    );
}

#[test]
fn the_size_limit_is_exact() {
    let two = Exact::from_int(2);
    let limit = u32::try_from(MAX_EXACT_BITS).unwrap();
    let largest = two.pow(limit - 1).unwrap();
    assert_eq!(largest.to_string().parse::<Exact>(), Ok(largest.clone()));
    let too_large = Err(TypesError::ExactTooLarge { bits: MAX_EXACT_BITS + 1, limit: MAX_EXACT_BITS });
    assert_eq!(largest.mul(&two), too_large);
    assert_eq!(largest.add(&largest), too_large);
    assert_eq!(two.pow(limit), too_large);
    assert_eq!(largest.reciprocal().unwrap().div(&two), too_large);
    assert!(two.pow(u32::MAX).is_err(), "a huge exponent stops at the limit, not at the end of memory");
    assert_eq!(Exact::ONE.negated().pow(u32::MAX).unwrap(), Exact::ONE.negated());
    assert_eq!(Exact::ZERO.pow(0).unwrap(), Exact::ONE);
}

//! The posted amount equals the rounding of the exact rational result, whatever the chain of operations.

use endcap_types::{Currency, Exact, Money, Rate, Rounding, RoundingMode, TypesError, Unrounded};
use num_rational::BigRational;
use num_traits::Signed;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::common::{
    any_decimal, any_integer, any_minor, any_mode, any_money, any_rate, any_rounding, minor_of, post_slowly,
    rational_of, whole,
};

/// One step between a posted amount and the next.
#[derive(Debug, Clone)]
enum Step {
    Rate(Rate),
    Ratio(i128, i128),
    Int(i128),
    Decimal(Decimal),
    DividedBy(i128),
    Add(i128),
    Sub(i128),
    Negated,
}

fn any_step() -> impl Strategy<Value = Step> {
    let not_zero = || any_integer().prop_map(|n| if n == 0 { 7 } else { n });
    prop_oneof![
        any_rate().prop_map(Step::Rate),
        (any_integer(), not_zero()).prop_map(|(n, d)| Step::Ratio(n, d)),
        any_integer().prop_map(Step::Int),
        any_decimal().prop_map(Step::Decimal),
        not_zero().prop_map(Step::DividedBy),
        any_minor().prop_map(Step::Add),
        any_minor().prop_map(Step::Sub),
        Just(Step::Negated),
    ]
}

fn apply(amount: &Unrounded, step: &Step) -> Result<Unrounded, TypesError> {
    let posted = |minor: &i128| Money::from_minor(*minor, amount.currency()).unwrap().exact();
    match step {
        Step::Rate(rate) => amount.times_rate(rate),
        Step::Ratio(num, den) => amount.times_ratio(*num, *den),
        Step::Int(factor) => amount.times_int(*factor),
        Step::Decimal(factor) => amount.times(&Exact::from_decimal(*factor)),
        Step::DividedBy(divisor) => amount.divided_by_int(*divisor),
        Step::Add(minor) => amount.add(&posted(minor)),
        Step::Sub(minor) => amount.sub(&posted(minor)),
        Step::Negated => Ok(amount.negated()),
    }
}

fn apply_slowly(value: BigRational, step: &Step) -> BigRational {
    match step {
        Step::Rate(rate) => value * rational_of(rate.as_percent()) / whole(100),
        Step::Ratio(num, den) => value * whole(*num) / whole(*den),
        Step::Int(factor) => value * whole(*factor),
        Step::Decimal(factor) => value * rational_of(*factor),
        Step::DividedBy(divisor) => value / whole(*divisor),
        Step::Add(minor) => value + whole(*minor),
        Step::Sub(minor) => value - whole(*minor),
        Step::Negated => -value,
    }
}

proptest! {
    #[test]
    fn posted_equals_the_rounding_of_the_exact_result(
        start in any_money(), steps in prop::collection::vec(any_step(), 0..5), rounding in any_rounding(),
    ) {
        let exact = steps.iter().try_fold(start.exact(), |amount, step| apply(&amount, step)).unwrap();
        let slow = steps.iter().fold(whole(start.minor()), apply_slowly);
        prop_assert_eq!(minor_of(&exact), slow.clone());
        let out_of_range = TypesError::AmountOutOfRange { currency: start.currency() };
        let expected = post_slowly(&slow, &rounding).ok_or(out_of_range);
        prop_assert_eq!(exact.round(&rounding).map(|posted| posted.minor()), expected);
    }

    /// Every mode and step on amounts of everyday size, where most results are in range and ties are common.
    #[test]
    fn everyday_lines_post_as_the_oracle_says(
        minor in -10_000_000_i128..=10_000_000, tenths in -10_000_i64..=10_000, step in 1_u64..=100,
    ) {
        let rate = Rate::percent(Decimal::new(tenths, 1)).unwrap();
        let amount = Money::from_minor(minor, Currency::CNY).unwrap().exact().times_rate(&rate).unwrap();
        let slow = whole(minor) * whole(i128::from(tenths)) / whole(1_000);
        for mode in RoundingMode::ALL {
            let rounding = Rounding::new(mode).with_step_minor(step.try_into().unwrap());
            prop_assert_eq!(Some(amount.round(&rounding).unwrap().minor()), post_slowly(&slow, &rounding));
        }
    }

    #[test]
    fn ties_at_a_step_post_as_the_oracle_says(
        steps in -1_000_000_i128..=1_000_000, step in 1_u64..=1_000, off in -1_i128..=1,
    ) {
        // An odd number of half steps, and its neighbours a thousandth away.
        let value = Exact::ratio((2 * steps + 1) * i128::from(step) * 500 + off, 1_000).unwrap();
        let amount = Unrounded::new(value, Currency::CNY);
        for mode in RoundingMode::ALL {
            let rounding = Rounding::new(mode).with_step_minor(step.try_into().unwrap());
            let expected = post_slowly(&minor_of(&amount), &rounding);
            prop_assert_eq!(Some(amount.round(&rounding).unwrap().minor()), expected);
        }
    }

    #[test]
    fn symmetric_modes_mirror(
        start in any_money(), steps in prop::collection::vec(any_step(), 0..4), rounding in any_rounding(),
    ) {
        let exact = steps.iter().try_fold(start.exact(), |amount, step| apply(&amount, step)).unwrap();
        let mirrored = match rounding.mode() {
            RoundingMode::Floor => RoundingMode::Ceil,
            RoundingMode::Ceil => RoundingMode::Floor,
            mode => {
                prop_assert!(mode.is_symmetric());
                mode
            }
        };
        let mirrored = Rounding::new(mirrored).with_step_minor(rounding.step_minor());
        let posted = exact.round(&rounding).map(|posted| posted.negated());
        prop_assert_eq!(exact.negated().round(&mirrored), posted);
    }

    #[test]
    fn rounding_is_idempotent_lands_on_a_step_and_stays_within_one(
        start in any_money(), (num, den) in (any_integer(), 1_i128..), rounding in any_rounding(),
    ) {
        let exact = start.exact().times_ratio(num, den).unwrap();
        let Ok(posted) = exact.round(&rounding) else { return Ok(()) };
        prop_assert_eq!(posted.exact().round(&rounding), Ok(posted));
        let step = i128::from(rounding.step_minor().get());
        prop_assert_eq!(posted.minor() % step, 0);
        let moved = (minor_of(&exact) - whole(posted.minor())).abs();
        prop_assert!(moved < whole(step));
        if matches!(rounding.mode(), RoundingMode::HalfAwayFromZero | RoundingMode::HalfEven) {
            prop_assert!(moved * whole(2) <= whole(step));
        }
    }

    #[test]
    fn rounding_is_monotone(
        start in any_minor(), other in any_minor(), den in 1_i128..=1_000_000, rounding in any_rounding(),
    ) {
        let [low, high] = [start.min(other), start.max(other)]
            .map(|minor| Money::from_minor(minor, Currency::CNY).unwrap().exact().divided_by_int(den).unwrap());
        if let (Ok(low), Ok(high)) = (low.round(&rounding), high.round(&rounding)) {
            prop_assert!(low.minor() <= high.minor());
        }
    }

    #[test]
    fn unrounded_sums_and_shares_agree_with_rationals(
        amounts in prop::collection::vec((any_minor(), 1_i128..=1_000), 1..6),
    ) {
        let parts: Vec<Unrounded> = amounts
            .iter()
            .map(|(minor, den)| Unrounded::new(Exact::ratio(*minor, *den).unwrap(), Currency::CNY))
            .collect();
        let slow = amounts.iter().fold(whole(0), |sum, (minor, den)| sum + whole(*minor) / whole(*den));
        let sum = Unrounded::sum(&parts, Currency::CNY).unwrap();
        prop_assert_eq!(minor_of(&sum), slow.clone());
        prop_assert_eq!(sum.is_zero(), slow == whole(0));
        for part in &parts {
            match part.share_of(&sum) {
                Ok(share) => prop_assert_eq!(sum.times(&share).unwrap(), part.clone()),
                Err(error) => {
                    prop_assert!(sum.is_zero());
                    prop_assert_eq!(error, TypesError::DivisionByZero);
                }
            }
            let larger = part.larger(&sum).unwrap();
            let smaller = part.smaller(&sum).unwrap();
            prop_assert_eq!(larger.add(&smaller).unwrap(), part.add(&sum).unwrap());
            prop_assert!(larger.value() >= smaller.value());
        }
    }

    #[test]
    fn major_text_is_the_minor_value_over_the_exponent(amount in any_money(), mode in any_mode()) {
        let exponent = amount.currency().exponent();
        prop_assert_eq!(amount.exact().to_fixed(exponent, mode), amount.to_amount_string());
    }
}

/// A value at the size limit still posts exactly: rounding never needs room that arithmetic is refused.
#[test]
fn values_at_the_size_limit_still_round() {
    let huge_den = Exact::from_int(2).pow(4_095).unwrap();
    let tiny = Unrounded::new(huge_den.reciprocal().unwrap(), Currency::CNY);
    let step = Rounding::new(RoundingMode::Up).with_step_minor(u64::MAX.try_into().unwrap());
    assert_eq!(tiny.round(&step).unwrap().minor(), i128::from(u64::MAX));
    assert_eq!(tiny.round(&Rounding::HALF_AWAY).unwrap().minor(), 0);
    assert_eq!(tiny.to_fixed(2, RoundingMode::Ceil), "0.01");
    assert_eq!(tiny.negated().to_fixed(2, RoundingMode::HalfEven), "0.00");
}

/// What the decimal library loses without a word, kept.
#[test]
fn small_rates_of_small_amounts_do_not_vanish() {
    let tiny: Rate = "0.0000000000000001%".parse().unwrap();
    let amount = Money::parse("0.01", Currency::CNY).unwrap().exact();
    let product = (0..3).try_fold(amount, |amount, _| amount.times_rate(&tiny)).unwrap();
    assert!(product.is_positive());
    assert_eq!(product.round(&Rounding::new(RoundingMode::Up)).unwrap().minor(), 1);
    assert_eq!(
        Decimal::new(1, 28).checked_mul(Decimal::new(1, 1)),
        Some(Decimal::ZERO),
        "this is the loss the exact type is for"
    );
}

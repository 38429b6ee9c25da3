//! Laws of allocation, and a slow oracle beside it.

use std::collections::BTreeMap;

use endcap_types::{
    Currency, Money, Rounding, RoundingMode, TypesError, allocate, allocate_cascade, allocate_in_steps,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::common::{any_decimal, any_minor, decimal, money, rational_of, whole};

type Weights = BTreeMap<u16, Decimal>;

/// Everyday weights mostly, now and then the largest and most precise a decimal can hold; at least one positive.
fn any_weights() -> impl Strategy<Value = Weights> {
    let everyday = (0_i64..=50, 0_u32..=2).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale));
    let weight =
        prop_oneof![6 => everyday, 2 => any_decimal().prop_map(|d| d.abs()), 1 => Just(Decimal::ZERO)];
    prop_oneof![
        prop::collection::btree_map(any::<u16>(), weight, 1..10),
        // All small, so the fast path runs whole.
        prop::collection::btree_map(any::<u16>(), (0_i64..=9).prop_map(Decimal::from), 1..10),
    ]
    .prop_map(|mut weights| {
        if weights.values().all(Decimal::is_zero) {
            weights.insert(7, Decimal::ONE);
        }
        weights
    })
}

fn ideals(units: &BigRational, weights: &Weights) -> BTreeMap<u16, BigRational> {
    let sum = weights.values().fold(whole(0), |sum, weight| sum + rational_of(*weight));
    weights.iter().map(|(key, weight)| (*key, units * rational_of(*weight) / &sum)).collect()
}

/// Largest remainder by the letter: floors, then one unit at a time to whoever is furthest below its ideal.
fn allocate_slowly(total: i128, weights: &Weights) -> BTreeMap<u16, BigInt> {
    let ideals = ideals(&whole(total.abs()), weights);
    let mut parts: BTreeMap<u16, BigInt> =
        ideals.iter().map(|(key, ideal)| (*key, ideal.floor().to_integer())).collect();
    loop {
        let given: BigInt = parts.values().sum();
        if given == BigInt::from(total.abs()) {
            break;
        }
        let mut next: Option<(u16, BigRational)> = None;
        for (key, part) in &parts {
            let behind = &ideals[key] - BigRational::from_integer(part.clone());
            if next.as_ref().is_none_or(|(_, most)| behind > *most) {
                next = Some((*key, behind));
            }
        }
        *parts.get_mut(&next.unwrap().0).unwrap() += 1;
    }
    parts.into_iter().map(|(key, part)| (key, if total < 0 { -part } else { part })).collect()
}

fn of(total: i128) -> Money {
    Money::from_minor(total, Currency::CNY).unwrap()
}

proptest! {
    #[test]
    fn allocation_matches_the_slow_oracle(total in any_minor(), weights in any_weights()) {
        let parts = allocate(of(total), weights.clone()).unwrap();
        let slow = allocate_slowly(total, &weights);
        prop_assert_eq!(parts.len(), slow.len());
        for (key, part) in &parts {
            prop_assert_eq!(BigInt::from(part.minor()), slow[key].clone(), "key {}", key);
        }
    }

    #[test]
    fn allocation_sums_stays_near_the_ideal_and_gives_nothing_for_nothing(
        total in any_minor(), weights in any_weights(),
    ) {
        let parts = allocate(of(total), weights.clone()).unwrap();
        prop_assert_eq!(Money::sum(parts.values().copied(), Currency::CNY), Ok(of(total)));
        for (key, ideal) in ideals(&whole(total), &weights) {
            let part = whole(parts[&key].minor());
            prop_assert!((part - &ideal).abs() < whole(1), "key {} is a unit or more from its ideal", key);
            if weights[&key].is_zero() {
                prop_assert!(parts[&key].is_zero());
            }
        }
    }

    #[test]
    fn allocation_mirrors_its_sign(total in any_minor(), weights in any_weights()) {
        let parts = allocate(of(total), weights.clone()).unwrap();
        for (key, part) in allocate(of(-total), weights.clone()).unwrap() {
            prop_assert_eq!(part, parts[&key].negated());
        }
        let parts = allocate_cascade(of(total), weights.clone()).unwrap();
        for (key, part) in allocate_cascade(of(-total), weights).unwrap() {
            prop_assert_eq!(part, parts[&key].negated());
        }
    }

    #[test]
    fn allocation_does_not_depend_on_listing_order(
        total in any_minor(), weights in any_weights(), seed in any::<u16>(),
    ) {
        let mut listed: Vec<(u16, Decimal)> = weights.clone().into_iter().collect();
        listed.sort_by_key(|(key, _)| key.rotate_left(5) ^ seed);
        prop_assert_eq!(allocate(of(total), listed.clone()), allocate(of(total), weights.clone()));
        prop_assert_eq!(allocate_cascade(of(total), listed), allocate_cascade(of(total), weights));
    }

    /// Scaling every weight by one factor changes nothing: only proportions count.
    #[test]
    fn allocation_sees_proportions_only(total in any_minor(), weights in prop::collection::vec(1_i64..=1_000, 1..8)) {
        let listed = |factor: i64, scale: u32| {
            weights.iter().map(move |w| Decimal::new(w * factor, scale)).enumerate().collect::<Vec<_>>()
        };
        let parts = allocate(of(total), listed(1, 0)).unwrap();
        prop_assert_eq!(&allocate(of(total), listed(7, 0)).unwrap(), &parts);
        prop_assert_eq!(&allocate(of(total), listed(13, 12)).unwrap(), &parts);
    }

    /// Permuting who has which weight permutes the parts, as long as no tie has to be broken by key.
    #[test]
    fn allocation_is_permutation_equivariant(total in any_minor(), weights in any_weights(), by in 0_usize..10) {
        let rests: Vec<BigRational> =
            ideals(&whole(total), &weights).values().map(|ideal| ideal - ideal.floor()).collect();
        let distinct: std::collections::BTreeSet<&BigRational> = rests.iter().collect();
        // A tie is another law's; half of the draws have one, more than a long run may reject.
        if distinct.len() != rests.len() {
            return Ok(());
        }
        let keys: Vec<u16> = weights.keys().copied().collect();
        let moved: BTreeMap<u16, u16> = keys.iter().copied().zip(keys.iter().copied().cycle().skip(by)).collect();
        let parts = allocate(of(total), weights.clone()).unwrap();
        let permuted = allocate(of(total), weights.iter().map(|(key, weight)| (moved[key], *weight))).unwrap();
        for (key, part) in &parts {
            prop_assert_eq!(permuted[&moved[key]], *part);
        }
    }

    #[test]
    fn allocation_in_steps_is_allocation_of_steps(
        steps in -1_000_000_i128..=1_000_000, step in 1_u64..=500, weights in any_weights(),
    ) {
        let rounding = Rounding::new(RoundingMode::Down).with_step_minor(step.try_into().unwrap());
        let total = of(steps * i128::from(step));
        let parts = allocate_in_steps(total, weights.clone(), &rounding).unwrap();
        for (key, part) in allocate(of(steps), weights).unwrap() {
            prop_assert_eq!(parts[&key].minor(), part.minor() * i128::from(step));
        }
    }

    #[test]
    fn cascade_sums_and_rounds_all_but_the_last_down(total in any_minor(), weights in any_weights()) {
        let parts = allocate_cascade(of(total), weights.clone()).unwrap();
        prop_assert_eq!(Money::sum(parts.values().copied(), Currency::CNY), Ok(of(total)));
        let last = weights
            .iter()
            .filter(|(_, weight)| !weight.is_zero())
            .min_by(|(i, a), (j, b)| a.cmp(b).then(j.cmp(i)))
            .map(|(key, _)| *key)
            .unwrap();
        for (key, ideal) in ideals(&whole(total), &weights) {
            let part = whole(parts[&key].minor());
            if key == last {
                prop_assert!(part.abs() >= ideal.abs());
            } else {
                prop_assert_eq!(part, ideal.trunc());
            }
            prop_assert!(!weights[&key].is_zero() || parts[&key].is_zero());
        }
    }
}

/// A tie of every key at once: the lowest keys take the odd units, and exactly as many as there are.
#[test]
fn ties_go_to_the_lowest_keys() {
    for left in 0..7_i128 {
        let parts = allocate(of(700 + left), (0..7_u8).map(|key| (key, Decimal::ONE))).unwrap();
        let extra: Vec<i128> = parts.values().map(|part| part.minor() - 100).collect();
        let expected: Vec<i128> = (0..7).map(|key| i128::from(key < left)).collect();
        assert_eq!(extra, expected, "{left} left over");
    }
}

/// The longest computation the limits allow takes the big path and still sums.
#[test]
fn the_largest_total_over_the_most_precise_weights() {
    let most = Money::from_minor(endcap_types::limits::MAX_MINOR, Currency::CLF).unwrap();
    let weights = [
        ("a", Decimal::MAX),
        ("b", Decimal::from_i128_with_scale(1, 28)),
        ("c", decimal("79228162514264337593543950335")),
    ];
    let parts = allocate(most, weights).unwrap();
    assert_eq!(Money::sum(parts.values().copied(), Currency::CLF), Ok(most));
    assert!(parts["b"].is_zero());
    assert_eq!(parts["a"].minor() - parts["c"].minor(), 1, "an odd total, a tie, the lower key");
}

#[test]
fn what_cannot_be_split_is_refused() {
    let none: [(u8, Decimal); 0] = [];
    assert_eq!(allocate(money("1.00"), none), Err(TypesError::NoKeys));
    assert_eq!(allocate_cascade(money("1.00"), none), Err(TypesError::NoKeys));
    assert_eq!(allocate(money("1.00"), [(1, Decimal::ZERO)]), Err(TypesError::ZeroWeights));
    assert_eq!(allocate_cascade(money("1.00"), [(1, Decimal::ZERO)]), Err(TypesError::ZeroWeights));
    let nothing = std::collections::BTreeMap::from([(1, money("0.00")), (2, money("0.00"))]);
    assert_eq!(allocate(money("0.00"), [(1, Decimal::ZERO), (2, Decimal::ZERO)]).unwrap(), nothing);
    assert_eq!(allocate_cascade(money("0.00"), [(1, Decimal::ZERO), (2, Decimal::ZERO)]).unwrap(), nothing);
    let negative_zero = -Decimal::ZERO;
    assert!(negative_zero.is_zero());
    assert!(allocate(money("1.00"), [(1, negative_zero), (2, Decimal::ONE)]).is_ok());
}

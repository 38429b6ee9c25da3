//! Assortments: conservation of demand, bounds, and trying every set.

use endcap_shelf::{Assortment, Candidate, Decision, Listing, Role, ShelfError, assortment};
use endcap_types::{CategoryId, Exact};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::sku;

fn candidate(index: usize, category: u8, units: i64, cents: i64, listing: Listing) -> Candidate {
    let category = CategoryId::new(format!("c{category}")).unwrap();
    let (weekly_units, unit_margin) = (units.into(), Decimal::new(cents, 2));
    Candidate { sku: sku(&format!("p{index}")), category, weekly_units, unit_margin, listing }
}

fn review() -> impl Strategy<Value = (Vec<Candidate>, usize, Decimal)> {
    let listing = prop_oneof![
        1 => Just(Listing::Protected),
        3 => Just(Listing::Listed),
        3 => Just(Listing::Proposed),
    ];
    let each = (0_u8..2, 0_i64..60, -50_i64..300, listing);
    (vec(each, 0..8), 0_usize..8, 0_i64..=100).prop_map(|(all, places, transfer)| {
        let all =
            all.into_iter().enumerate().map(|(i, (c, units, cents, l))| candidate(i, c, units, cents, l));
        (all.collect(), places, Decimal::new(transfer, 2))
    })
}

/// Profit of a set by following every buyer.
fn follow(all: &[Candidate], set: u32, transfer: Decimal) -> Exact {
    let exact = Exact::from_decimal;
    let is_in = |index: usize| set >> index & 1 == 1;
    let mut total = Exact::ZERO;
    for (index, product) in all.iter().enumerate().filter(|(index, _)| is_in(*index)) {
        let alike = |other: &(usize, &Candidate)| other.1.category == product.category;
        let own: Decimal = all
            .iter()
            .enumerate()
            .filter(alike)
            .filter(|(i, _)| is_in(*i))
            .map(|(_, p)| p.weekly_units)
            .sum();
        let mut units = exact(product.weekly_units);
        for (_, gone) in all.iter().enumerate().filter(alike).filter(|(i, _)| !is_in(*i)) {
            if !own.is_zero() {
                let part = exact(product.weekly_units).div(&exact(own)).unwrap();
                units = units.add(&exact(gone.weekly_units * transfer).mul(&part).unwrap()).unwrap();
            }
        }
        total = total.add(&units.mul(&exact(product.unit_margin)).unwrap()).unwrap();
        assert!(is_in(index));
    }
    total
}

/// The most profitable set inside the rules.
fn best_of_all(all: &[Candidate], places: usize, transfer: Decimal) -> Exact {
    let allowed = |set: &u32| {
        let kept = all.iter().enumerate().all(|(i, p)| p.listing != Listing::Protected || set >> i & 1 == 1);
        kept && set.count_ones() as usize <= places
    };
    (0..1_u32 << all.len()).filter(allowed).map(|set| follow(all, set, transfer)).max().unwrap()
}

fn chosen(answer: &Assortment) -> u32 {
    let listed = answer
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| matches!(line.decision, Decision::Keep | Decision::List));
    listed.fold(0, |set, (index, _)| set | 1 << index)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn demand_is_conserved_and_the_profit_is_that_of_following_buyers((all, places, transfer) in review()) {
        let Ok(answer) = assortment(&all, places, transfer) else { return Ok(()) };
        let set = chosen(&answer);
        prop_assert_eq!(&answer.profit, &follow(&all, set, transfer));
        let (mut given, mut taken) = (Exact::ZERO, Exact::ZERO);
        for (index, (line, product)) in answer.lines.iter().zip(&all).enumerate() {
            given = given.add(&line.transferred).unwrap();
            taken = taken.add(&line.received).unwrap();
            let is_in = set >> index & 1 == 1;
            let own = if is_in { Exact::ZERO } else { Exact::from_decimal(product.weekly_units) };
            prop_assert_eq!(line.transferred.add(&line.lost).unwrap(), own);
            prop_assert!(is_in || product.listing != Listing::Protected);
            let (with, without) = (follow(&all, set | 1 << index, transfer), follow(&all, set & !(1 << index), transfer));
            prop_assert_eq!(&line.contribution, &with.sub(&without).unwrap());
        }
        prop_assert_eq!(given, taken);
        prop_assert!(set.count_ones() as usize <= places);
    }

    #[test]
    fn the_best_of_all_lies_between_the_bounds_and_no_exchange_earns_more((all, places, transfer) in review()) {
        let Ok(answer) = assortment(&all, places, transfer) else { return Ok(()) };
        let best = best_of_all(&all, places, transfer);
        prop_assert!(answer.profit <= best && best <= answer.upper, "{} {} {}", answer.profit, best, answer.upper);
        if transfer.is_zero() {
            // Without substitution products do not touch each other: exchanges reach the best.
            prop_assert_eq!(&answer.profit, &best);
        }
        let mut turned = all.clone();
        turned.reverse();
        prop_assert_eq!(assortment(&turned, places, transfer).unwrap(), answer);
    }
}

#[test]
fn exchanges_reach_the_best_of_all_nearly_always() {
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % below).unwrap()
    };
    let mut best = 0;
    for _ in 0..100 {
        let all: Vec<Candidate> = (0..8)
            .map(|i| {
                candidate(
                    i,
                    u8::try_from(next(2)).unwrap(),
                    1 + next(60),
                    10 + next(300),
                    if i < 4 { Listing::Listed } else { Listing::Proposed },
                )
            })
            .collect();
        let transfer = Decimal::new(next(101), 2);
        let answer = assortment(&all, 4, transfer).unwrap();
        best += usize::from(answer.profit == best_of_all(&all, 4, transfer));
    }
    assert!(best >= 95, "{best} of 100");
}

#[test]
fn one_comes_in_for_one_that_goes_out_and_roles_follow_the_rule() {
    let all = [
        candidate(0, 0, 60, 150, Listing::Protected),
        candidate(1, 0, 50, 40, Listing::Listed),
        candidate(2, 0, 5, 30, Listing::Listed),
        candidate(3, 0, 10, 400, Listing::Proposed),
        candidate(4, 0, 1, 10, Listing::Proposed),
    ];
    let answer = assortment(&all, 3, Decimal::new(2, 1)).unwrap();
    let lines: Vec<_> = answer.lines.iter().map(|line| (line.decision, line.role)).collect();
    let expected = [
        (Decision::Keep, Role::Core),
        (Decision::Keep, Role::Traffic),
        (Decision::Delist, Role::Tail),
        (Decision::List, Role::Profit),
        (Decision::Reject, Role::Tail),
    ];
    assert_eq!(lines, expected);
    assert_eq!(answer.swaps, [(sku("p3"), sku("p2"))]);
}

#[test]
fn reviews_that_break_a_rule_are_refused() {
    let one = candidate(0, 0, 1, 1, Listing::Protected);
    let half = Decimal::new(5, 1);
    let value = Decimal::TWO;
    assert_eq!(assortment(&[], 1, value).unwrap_err(), ShelfError::TransferOutOfRange { value });
    let refused = assortment(std::slice::from_ref(&one), 0, half).unwrap_err();
    assert_eq!(refused, ShelfError::TooManyProtected { count: 1, places: 0 });
    let twice = assortment(&[one.clone(), one.clone()], 2, half).unwrap_err();
    assert_eq!(twice, ShelfError::DuplicateProduct { sku: sku("p0") });
    let negative = assortment(&[candidate(0, 0, -1, 1, Listing::Listed)], 1, half).unwrap_err();
    assert!(matches!(negative, ShelfError::NegativeValue { what: "weekly units", .. }));
    let many = assortment(&vec![one; 501], 1, half).unwrap_err();
    assert_eq!(many, ShelfError::TooManyProducts { count: 501, limit: 500 });
}

//! Entry trials: recounted by hand, monotone in what sells, and refused where the agreement makes no sense.

use endcap_shelf::{
    ShelfError, Trial, TrialDecision, TrialMeasure, TrialScore, TrialSpec, TrialTarget, TrialWeek,
};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::sku;

fn target(measure: TrialMeasure, keep: i64, delist: i64) -> TrialTarget {
    TrialTarget { measure, keep_from: Decimal::new(keep, 2), delist_below: Decimal::new(delist, 2) }
}

fn spec() -> TrialSpec {
    TrialSpec {
        sku: sku("new"),
        stores_planned: 20,
        unit_margin: Decimal::new(150, 2),
        ramp_up_weeks: 1,
        least_weeks: 2,
        most_weeks: 5,
        targets: vec![
            target(TrialMeasure::Velocity, 600, 300),
            target(TrialMeasure::Distribution, 80, 50),
            target(TrialMeasure::Margin, 900, 450),
        ],
    }
}

fn week(units: u64, stores_selling: u32) -> TrialWeek {
    TrialWeek { units, stores_selling, purchases: 0, repeat_purchases: 0 }
}

fn decided(spec: TrialSpec, weeks: &[TrialWeek]) -> TrialDecision {
    Trial::new(spec).unwrap().judge(weeks).unwrap().decision
}

#[test]
fn time_and_targets_decide() {
    let good = week(120, 18); // 6.67 a store, 90 % of the stores
    let fair = week(72, 18); // 4 a store
    let poor = week(36, 18); // 2 a store
    // The week of filling does not count, however good or bad.
    assert_eq!(decided(spec(), &[good]), TrialDecision::Extend { weeks: 2 });
    assert_eq!(decided(spec(), &[good, poor]), TrialDecision::Extend { weeks: 1 });
    assert_eq!(decided(spec(), &[poor, good, good]), TrialDecision::Keep);
    assert_eq!(decided(spec(), &[good, poor, poor]), TrialDecision::Delist);
    // Between the limits: two weeks more, then what is left of the five, then out.
    assert_eq!(decided(spec(), &[good, fair, fair]), TrialDecision::Extend { weeks: 2 });
    assert_eq!(decided(spec(), &[good, fair, fair, fair, fair]), TrialDecision::Extend { weeks: 1 });
    assert_eq!(decided(spec(), &[good, fair, fair, fair, fair, fair]), TrialDecision::Delist);
    // A sixth week comes too late to save it.
    let late = week(20_000, 20);
    assert_eq!(decided(spec(), &[good, fair, fair, fair, fair, fair, late]), TrialDecision::Delist);
}

#[test]
fn what_nobody_could_measure_neither_keeps_nor_ends_a_trial() {
    let repeat = TrialSpec { targets: vec![target(TrialMeasure::Repeat, 30, 10)], ..spec() };
    let weeks = [week(50, 10); 4];
    let verdict = Trial::new(repeat.clone()).unwrap().judge(&weeks).unwrap();
    assert_eq!((verdict.weeks, verdict.lines[0].score), (3, TrialScore::Unmeasured));
    assert_eq!(verdict.decision, TrialDecision::Extend { weeks: 2 });
    let known = TrialWeek { purchases: 40, repeat_purchases: 12, ..week(50, 10) };
    assert_eq!(decided(repeat, &[known; 4]), TrialDecision::Keep);
}

#[test]
fn agreements_and_weeks_that_break_a_rule_are_refused() {
    let refused = |spec: TrialSpec| Trial::new(spec).unwrap_err();
    let weeks = |least, most| refused(TrialSpec { least_weeks: least, most_weeks: most, ..spec() });
    assert_eq!(weeks(0, 5), ShelfError::TrialWeeksOutOfRange { least: 0, most: 5, limit: 520 });
    assert_eq!(weeks(6, 5), ShelfError::TrialWeeksOutOfRange { least: 6, most: 5, limit: 520 });
    assert_eq!(weeks(2, 521), ShelfError::TrialWeeksOutOfRange { least: 2, most: 521, limit: 520 });
    let turned = refused(TrialSpec { targets: vec![target(TrialMeasure::Velocity, 100, 101)], ..spec() });
    let (keep_from, delist_below) = (Decimal::new(100, 2), Decimal::new(101, 2));
    assert_eq!(turned, ShelfError::TrialTargetsOutOfOrder { keep_from, delist_below });
    let twice = refused(TrialSpec { targets: vec![target(TrialMeasure::Repeat, 1, 0); 2], ..spec() });
    assert_eq!(twice, ShelfError::DuplicateKey { key: "Repeat".into() });
    let none = refused(TrialSpec { targets: vec![], ..spec() });
    assert!(matches!(none, ShelfError::CountOutOfRange { what: "targets", .. }));
    let below = refused(TrialSpec { targets: vec![target(TrialMeasure::Repeat, 1, -1)], ..spec() });
    assert!(matches!(below, ShelfError::NegativeValue { what: "target", .. }));
    let trial = Trial::new(spec()).unwrap();
    let many = trial.judge(&[week(1, 1), week(1, 21)]).unwrap_err();
    assert_eq!(many, ShelfError::CountOutOfRange { what: "stores selling", count: 21, limit: 20 });
    let odd = TrialWeek { purchases: 1, repeat_purchases: 2, ..week(1, 1) };
    let odd = trial.judge(&[odd, odd]).unwrap_err();
    assert_eq!(odd, ShelfError::CountOutOfRange { what: "repeat purchases", count: 2, limit: 1 });
}

/// A decision as a number: worse is less.
fn rank(decision: TrialDecision) -> u8 {
    match decision {
        TrialDecision::Delist => 0,
        TrialDecision::Extend { .. } => 1,
        TrialDecision::Keep => 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn more_units_never_make_it_worse_and_the_order_of_counted_weeks_changes_nothing(
        weeks in vec((0_u64..200, 0_u32..=20), 0..9), more in 0_u64..100, at in 0_usize..9,
    ) {
        let weeks: Vec<TrialWeek> = weeks.into_iter().map(|(units, stores)| week(units, stores)).collect();
        let trial = Trial::new(spec()).unwrap();
        let verdict = trial.judge(&weeks).unwrap();
        let mut better = weeks.clone();
        if let Some(week) = better.get_mut(at) {
            week.units += more;
        }
        prop_assert!(rank(trial.judge(&better).unwrap().decision) >= rank(verdict.decision));
        let mut turned = weeks.clone();
        turned.truncate(6);
        turned.iter_mut().skip(1).rev().zip(weeks.iter().skip(1).take(5)).for_each(|(to, from)| *to = *from);
        prop_assert_eq!(trial.judge(&turned).unwrap(), verdict.clone());
        if let TrialDecision::Extend { weeks: more } = verdict.decision {
            prop_assert!(more >= 1 && verdict.weeks + more <= 5);
        }
    }
}

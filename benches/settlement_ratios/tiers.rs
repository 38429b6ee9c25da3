//! A tier table of ten bands, by every method, against integers.

use std::hint::black_box;

use endcap::settlement::{Boundary, Tier, TierMethod, TierTable};
use endcap::types::{Exact, Rate, RoundingMode};
use rust_decimal::Decimal;

use crate::ratio::{Line, Mode, Work, compare};
use crate::units::{sequence, y};

/// Thresholds in major units and rates in hundredths of a percent.
const TIERS: [(i64, i64); 10] = [
    (0, 0),
    (20_000, 50),
    (50_000, 100),
    (100_000, 125),
    (150_000, 175),
    (200_000, 210),
    (300_000, 240),
    (400_000, 275),
    (500_000, 300),
    (700_000, 333),
];

/// What `minor` earns in ten-thousandths of a minor unit: the usual loop over integers.
fn earned(minor: i64, method: TierMethod) -> i64 {
    let reached = TIERS.iter().filter(|(from, _)| minor >= from * 100).count();
    let upper = |n: usize| TIERS.get(n + 1).map_or(i64::MAX, |(from, _)| from * 100);
    let band = |n: usize| match method {
        TierMethod::Marginal => (minor.min(upper(n)) - TIERS[n].0 * 100) * TIERS[n].1,
        TierMethod::Rolling => minor.min(upper(n)) * TIERS[n].1,
        TierMethod::Whole | TierMethod::Total => minor * TIERS[n].1,
    };
    match method {
        TierMethod::Whole => band(reached - 1),
        _ => (0..reached).map(band).sum(),
    }
}

pub fn lines(mode: Mode) -> Vec<Line> {
    let bands = TIERS.map(|(from, points)| {
        Tier::rate(Decimal::from(from), Rate::basis_points(Decimal::from(points)).unwrap())
    });
    let table = TierTable::new(bands, Boundary::ReachedAt).unwrap();
    let mut next = sequence(3);
    let minor: Vec<i64> = (0..2_000).map(|_| i64::try_from(next(90_000_000)).unwrap()).collect();
    let amounts: Vec<Exact> = minor.iter().map(|minor| Exact::ratio((*minor).into(), 100).unwrap()).collect();
    let mut lines = Vec::new();
    for method in [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total] {
        for (amount, minor) in amounts.iter().zip(&minor) {
            let expected = Exact::ratio(earned(*minor, method).into(), 1_000_000).unwrap();
            assert_eq!(table.evaluate(method, amount).unwrap(), expected);
        }
        let expected: i128 =
            minor.iter().map(|minor| i128::from((earned(*minor, method) + 5_000) / 10_000)).sum();
        let hundred = Exact::from_int(100);
        let run = || {
            let mut total = 0;
            for amount in black_box(&amounts) {
                let due = table.evaluate(method, amount).unwrap().mul(&hundred).unwrap();
                total += due.round_to_int(RoundingMode::HalfAwayFromZero).unwrap();
            }
            assert_eq!(total, expected);
            total
        };
        let name = format!("10 tiers, {}, evaluated and rounded", method.word());
        lines.push(compare(mode, (&name, "Y each", 5.0), y(), Work { per_call: amounts.len(), run }));
    }
    lines
}

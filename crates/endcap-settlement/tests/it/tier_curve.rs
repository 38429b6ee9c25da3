//! The integer form of a tier table against the sum of its bands over exact fractions.

use endcap_settlement::*;
use endcap_types::{Exact, Rate, RoundingMode};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::*;

const METHODS: [TierMethod; 4] =
    [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total];

/// Band by band, as the trace of a statement does it.
fn by_bands(table: &TierTable, method: TierMethod, x: &Exact) -> Exact {
    let reached = table
        .tiers()
        .iter()
        .take_while(|tier| {
            let from = Exact::from_decimal(tier.from);
            x.signum() >= 0
                && match table.boundary() {
                    Boundary::ReachedAt => *x >= from,
                    Boundary::Exceeds => *x > from || from.is_zero(),
                }
        })
        .count();
    assert_eq!(table.reached(x), reached);
    let bands = table.bands(method, x);
    assert_eq!(bands.len(), if method == TierMethod::Whole { reached.min(1) } else { reached });
    bands.iter().fold(Exact::ZERO, |sum, band| sum.add(&band.evaluate(method, x).unwrap()).unwrap())
}

fn decimals(most: i64) -> impl Strategy<Value = Decimal> {
    (0..most, 0_u32..6).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn tables() -> impl Strategy<Value = TierTable> {
    let rows = proptest::collection::vec((decimals(1_000_000), decimals(50_000), decimals(90_000)), 1..12);
    (rows, any::<bool>(), any::<bool>()).prop_map(|(mut rows, per_unit, exceeds)| {
        rows.sort_by_key(|row| row.0);
        rows.dedup_by_key(|row| row.0);
        let tiers = rows.into_iter().map(|(from, pay, flat)| {
            let tier = if per_unit {
                Tier::per_unit(from, pay)
            } else {
                Tier::rate(from, Rate::percent(pay / Decimal::from(1_000)).unwrap())
            };
            tier.with_flat(flat)
        });
        let boundary = if exceeds { Boundary::Exceeds } else { Boundary::ReachedAt };
        TierTable::new(tiers, boundary).unwrap()
    })
}

proptest! {
    #![proptest_config(crate::support::at_least(512))]

    #[test]
    fn a_table_earns_what_its_bands_earn(
        table in tables(),
        num in -1_000_000_000_i128..1_000_000_000_000,
        den in 1_i128..1_000,
    ) {
        for method in METHODS {
            let x = Exact::ratio(num, den).unwrap();
            prop_assert_eq!(table.evaluate(method, &x).unwrap(), by_bands(&table, method, &x));
            // On a threshold, and a hair below it.
            for tier in table.tiers() {
                let on = Exact::from_decimal(tier.from);
                let below = on.sub(&Exact::ratio(1, 1_000_000_007).unwrap()).unwrap();
                for x in [on, below] {
                    prop_assert_eq!(table.evaluate(method, &x).unwrap(), by_bands(&table, method, &x));
                }
            }
        }
    }
}

#[test]
fn numbers_beyond_128_bits_take_the_slow_way_to_the_same_result() {
    let most = decimal("79228162514264337593543950335");
    let tiny = decimal("0.0000000000000000000000000001");
    let rows = [
        Tier::rate(Decimal::ZERO, rate("1%")),
        Tier::rate(tiny, rate("2.5%")).with_flat(tiny),
        Tier::rate(most, rate("3.25%")).with_flat(most),
    ];
    let huge = Exact::from_int(i128::MAX).mul(&Exact::from_int(i128::MAX)).unwrap();
    for boundary in [Boundary::ReachedAt, Boundary::Exceeds] {
        let table = TierTable::new(rows, boundary).unwrap();
        let small = TierTable::new([Tier::rate(Decimal::ZERO, rate("1%"))], boundary).unwrap();
        for method in METHODS {
            for x in [Exact::ZERO, Exact::from_decimal(tiny), Exact::from_decimal(most), huge.clone()] {
                assert_eq!(table.evaluate(method, &x).unwrap(), by_bands(&table, method, &x));
                assert_eq!(small.evaluate(method, &x).unwrap(), by_bands(&small, method, &x));
            }
        }
    }
    assert!(huge.round_to_int(RoundingMode::Down).is_err());
}

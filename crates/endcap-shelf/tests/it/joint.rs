//! Facings and orders together: known values, laws, and sums taken directly.

use endcap_shelf::{JointDemand, ShelfError, joint_profit};
use endcap_types::CasePack;
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::golden_knapsack::rows;

fn demand(mean: Decimal, money: [Decimal; 3], units_per_facing: u32, case: u32) -> JointDemand {
    let [unit_margin, overstock_cost, goodwill_cost] = money;
    let case_pack = CasePack::new(case).unwrap();
    let cycles_per_week = Decimal::ONE;
    JointDemand {
        mean,
        unit_margin,
        overstock_cost,
        goodwill_cost,
        units_per_facing,
        case_pack,
        cycles_per_week,
    }
}

#[test]
fn joint_profits_are_as_known() {
    let rows = rows(include_str!("../golden/joint_profit.csv"));
    assert_eq!(rows.len(), 15);
    for row in rows {
        let [case, mean, margin, over, goodwill, units, pack, facings, stock, profit, _] = row.as_slice()
        else {
            panic!()
        };
        let money = [margin, over, goodwill].map(|text| text.parse().unwrap());
        let spec = demand(mean.parse().unwrap(), money, units.parse().unwrap(), pack.parse().unwrap());
        let facings: usize = facings.parse().unwrap();
        let points = joint_profit(&spec, 10).unwrap();
        assert_eq!(points[facings].base_stock.to_string(), *stock, "{case}");
        // The file has eleven decimals, the border nine.
        let error = (points[facings].profit - profit.parse::<Decimal>().unwrap()).abs();
        assert!(error <= Decimal::new(6, 10), "{case}: off by {error}");
    }
}

/// Expected profit of a stock by its definition: every demand with its probability.
fn directly(spec: &JointDemand, stock: u64) -> f64 {
    let [mean, margin, over, goodwill] =
        [spec.mean, spec.unit_margin, spec.overstock_cost, spec.goodwill_cost].map(|d| d.to_f64().unwrap());
    let (mut chance, mut sum) = ((-mean).exp(), 0.0);
    for d in 0..400_u32 {
        let (d, s) = (f64::from(d), stock as f64);
        sum += chance * (margin * d.min(s) - over * (s - d).max(0.0) - goodwill * (d - s).max(0.0));
        chance *= mean / (d + 1.0);
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_best_stock_is_the_best_of_all(mean in 0_i64..9_000, margin in 0_i64..900, over in 1_i64..200, goodwill in 0_i64..200, units in 1_u32..9, case in 1_u32..25, most in 1_u32..12) {
        let spec = demand(Decimal::new(mean, 2), [margin, over, goodwill].map(|m| Decimal::new(m, 2)), units, case);
        let points = joint_profit(&spec, most).unwrap();
        prop_assert_eq!(points.len(), most as usize + 1);
        for (point, next) in points.iter().zip(points.iter().skip(1)) {
            prop_assert!(next.profit >= point.profit && next.base_stock >= point.base_stock);
        }
        for point in &points {
            let room = u64::from(point.facings * units);
            prop_assert!(point.base_stock <= room && point.base_stock % u64::from(case) == 0);
            let all = (0..=room / u64::from(case)).map(|cases| directly(&spec, cases * u64::from(case)));
            let best = all.fold(f64::NEG_INFINITY, f64::max);
            let ours = point.profit.to_f64().unwrap();
            prop_assert!((best - ours).abs() < 1e-7, "{best} but {ours}");
            prop_assert!((directly(&spec, point.base_stock) - ours).abs() < 1e-7);
        }
    }
}

#[test]
fn a_week_of_more_cycles_earns_more_and_large_means_do_not_underflow() {
    let money = [Decimal::ONE, Decimal::new(1, 1), Decimal::ZERO];
    let once = demand(50_000.into(), money, 1_000, 100);
    let twice = JointDemand { cycles_per_week: 2.into(), ..once.clone() };
    let (once, twice) = (joint_profit(&once, 60).unwrap(), joint_profit(&twice, 60).unwrap());
    let last = once.last().unwrap();
    // Critical ratio 10/11: 1.335 deviations of 224 above the mean is 50 299, so 50 300 in whole cases.
    assert_eq!(last.base_stock, 50_300);
    assert!(last.profit < Decimal::from(50_000) && last.profit > Decimal::from(49_950));
    assert!((twice[60].profit - last.profit * Decimal::TWO).abs() < Decimal::new(1, 7));
}

#[test]
fn demands_that_break_a_rule_are_refused() {
    let money = [Decimal::ONE, Decimal::ONE, Decimal::ZERO];
    let large = joint_profit(&demand(1_000_001.into(), money, 1, 1), 1).unwrap_err();
    let value = Decimal::from(1_000_001);
    assert_eq!(large, ShelfError::DemandOutOfRange { what: "mean demand", value, limit: 1_000_000 });
    let below = joint_profit(&demand(Decimal::NEGATIVE_ONE, money, 1, 1), 1).unwrap_err();
    assert!(matches!(below, ShelfError::NegativeValue { what: "mean demand", .. }));
    let none = joint_profit(&demand(1.into(), money, 0, 1), 1).unwrap_err();
    assert!(matches!(none, ShelfError::CountOutOfRange { what: "units per facing", .. }));
    let many = joint_profit(&demand(1.into(), money, 1, 1), 1_001).unwrap_err();
    assert!(matches!(many, ShelfError::CountOutOfRange { what: "facings", .. }));
}

//! Golden cases of plans over time and over stages: lot sizing and multi-echelon systems.

use endcap_inventory::models::echelon::guaranteed::{Customers, SupplyStage, SupplyTree};
use endcap_inventory::models::echelon::serial::SerialSystem;
use endcap_inventory::models::lot_sizing::*;
use endcap_inventory::models::*;

use crate::golden::{float, list, rows};
use crate::models_golden::*;

/// One value for all periods or one each.
fn per_period(values: &[f64]) -> PerPeriod<'_> {
    match values {
        [one] => PerPeriod::Same(*one),
        many => PerPeriod::Each(many),
    }
}

#[test]
fn lot_sizing_rows() {
    for row in golden!("lot_sizing", 21) {
        let (setup, holding, unit, demand) = (
            floats(&row["setup_costs"]),
            floats(&row["holding_costs"]),
            floats(&row["unit_costs"]),
            floats(&row["demands"]),
        );
        let problem = LotSizing {
            setup: per_period(&setup),
            holding: per_period(&holding),
            unit: per_period(&unit),
            demand: &demand,
        };
        let plan = match row["method"].as_str() {
            "wagner_whitin" => {
                let exact = wagner_whitin(&problem).unwrap();
                assert!((exact.cost_to_go[0] - exact.plan.cost()).abs() < 1e-9);
                exact.plan
            }
            "silver_meal" => lot_rule(&problem, LotRule::SilverMeal).unwrap(),
            "least_unit_cost" => lot_rule(&problem, LotRule::LeastUnitCost).unwrap(),
            other => panic!("{other}"),
        };
        let cost = float(&row["expected_cost"]);
        assert!((plan.cost() - cost).abs() <= 1e-9, "{}: {} but {cost}", row["case"], plan.cost());
        let priced = problem.cost_of(&plan.orders).unwrap();
        assert!((priced.cost() - cost).abs() <= 1e-9);
        // Where several plans are best, any of them will do.
        if row["plan_unique"] != "false" {
            assert_eq!(plan.orders, floats(&row["expected_orders"]), "{}", row["case"]);
        }
    }
}

/// `1:4;2:3` by stage from 1.
fn by_stage(text: &str, stages: usize) -> Vec<Option<f64>> {
    let pairs = parameters(text);
    let of = |stage: usize| pairs.iter().find(|(k, _)| *k == stage.to_string()).map(|(_, v)| *v);
    (1..=stages).map(of).collect()
}

#[test]
fn echelon_rows() {
    for row in golden!("ssm_serial", 10) {
        let demand = match maybe(&row, "sd") {
            Some(sd) => Distribution::normal(float(&row["mean"]), sd).unwrap(),
            None => Distribution::poisson(float(&row["mean"])).unwrap(),
        };
        let system = SerialSystem {
            holding: floats(&row["echelon_holding_costs"]),
            lead: floats(&row["lead_times"]),
            shortage: float(&row["stockout_cost"]),
            demand,
        };
        let expected = floats(&row["expected_base_stock"]);
        let (levels, tolerance) = match row["method"].as_str() {
            "exact" => {
                let plan = system.optimum().unwrap();
                // Published to nine digits.
                close(&row, "expected_cost", plan.cost, 5e-9);
                // Levels of a flat optimum are known to fewer digits.
                (plan.levels, if row["distribution"] == "normal" { 3e-7 } else { 0.0 })
            }
            "cost" => {
                let plan = system.cost_of(&floats(&row["base_stock"])).unwrap();
                close(&row, "expected_cost", plan.cost, 1e-8);
                (plan.levels, 0.0)
            }
            _ => (system.newsvendor_bounds().unwrap().iter().map(|b| b.middle()).collect(), 1e-11),
        };
        for (ours, theirs) in levels.iter().zip(&expected) {
            assert!((ours - theirs).abs() <= tolerance * theirs, "{}: {levels:?}", row["case"]);
        }
    }
    for row in golden!("gsm", 5) {
        let count: usize = row["nodes"].parse().unwrap();
        let get = |column: &str| by_stage(&row[column], count);
        let (holding, times, inbound, outbound, sds) = (
            get("holding_costs"),
            get("processing_times"),
            get("external_inbound"),
            get("external_outbound"),
            get("demand_sds"),
        );
        let time = |x: Option<f64>| x.map_or(0, |x| whole(&format!("{x}")));
        let stages = (0..count)
            .map(|i| SupplyStage {
                holding: holding[i].unwrap(),
                processing: time(times[i]),
                supplier_time: time(inbound[i]),
                customers: match (outbound[i], sds[i]) {
                    (None, None) => Customers::None,
                    (quoted, sd) => Customers::Promised { service_time: time(quoted), sd: sd.unwrap_or(0.0) },
                },
            })
            .collect();
        let links = list(&row["edges"])
            .into_iter()
            .map(|edge| {
                let (from, to) = edge.split_once('>').unwrap();
                (from.parse::<usize>().unwrap() - 1, to.parse::<usize>().unwrap() - 1)
            })
            .collect();
        let tree = SupplyTree { stages, links, factor: float(&row["bound_constant"]) };
        let plan = tree.optimum().unwrap();
        close(&row, "expected_cost", plan.cost, 1e-9);
        let expected: Vec<u32> =
            get("expected_service_times").into_iter().map(|t| whole(&format!("{}", t.unwrap()))).collect();
        assert_eq!(plan.service_times, expected, "{}", row["case"]);
        assert!((tree.cost_of(&expected).unwrap().cost - plan.cost).abs() < 1e-9 * plan.cost);
    }
}

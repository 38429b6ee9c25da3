//! Golden cases of the models: every row of every file under `tests/golden/models`.

use endcap_inventory::models::discount::*;
use endcap_inventory::models::eoq::*;
use endcap_inventory::models::horizon::{HorizonPeriod, Terminal, finite_horizon};
use endcap_inventory::models::jrp::*;
use endcap_inventory::models::myopic::MyopicPeriod;
use endcap_inventory::models::newsvendor::*;
use endcap_inventory::models::power::{PowerInput, power_approximation};
use endcap_inventory::models::rq_integer::PieceReview;
use endcap_inventory::models::rq_normal::ContinuousReview;
use endcap_inventory::models::ss::PeriodicReview;
use endcap_inventory::models::supply::*;
use endcap_inventory::models::*;

use crate::golden::{Row, float, list, rows};

/// All rows of one file, and so many.
macro_rules! golden {
    ($name:literal, $count:literal) => {{
        let rows = rows(include_str!(concat!("../golden/models/", $name, ".csv")));
        assert_eq!(rows.len(), $count);
        rows
    }};
}
pub(crate) use golden;

/// Equal to the digits the file gives.
pub(crate) fn close(row: &Row, column: &str, value: f64, tolerance: f64) {
    let expected = float(&row[column]);
    let away = (value - expected).abs() / expected.abs().max(1e-3);
    assert!(away <= tolerance, "{} {column}: {value} but {expected}", row["case"]);
}

pub(crate) fn maybe(row: &Row, column: &str) -> Option<f64> {
    (!row[column].is_empty()).then(|| float(&row[column]))
}

pub(crate) fn floats(text: &str) -> Vec<f64> {
    list(text).into_iter().map(float).collect()
}

pub(crate) fn whole(text: &str) -> u32 {
    text.parse().unwrap()
}

pub(crate) fn costs(row: &Row) -> UnitCosts {
    UnitCosts::new(float(&row["holding_cost"]), float(&row["stockout_cost"])).unwrap()
}

pub(crate) fn lot(row: &Row) -> LotCosts {
    LotCosts {
        fixed: float(&row["fixed_cost"]),
        holding: float(&row["holding_cost"]),
        demand: float(&row["demand_rate"]),
    }
}

/// `name:value;name:value` as a family's parameters.
pub(crate) fn parameters(text: &str) -> Vec<(String, f64)> {
    let split = |pair: &str| pair.split_once(':').map(|(k, v)| (k.to_owned(), float(v))).unwrap();
    list(text).into_iter().map(split).collect()
}

pub(crate) fn distribution(family: &str, text: &str) -> Distribution {
    let pairs = parameters(text);
    let get = |name: &str| pairs.iter().find(|(k, _)| k == name).unwrap().1;
    match family {
        "normal" => Distribution::normal(get("mean"), get("sd")),
        "poisson" => Distribution::poisson(get("mean")),
        "lognormal" => Distribution::lognormal(get("mu"), get("sigma")),
        "exponential" => Distribution::exponential(get("rate")),
        "geometric" => {
            let start = if get("support_from") == 1.0 { GeometricStart::One } else { GeometricStart::Zero };
            Distribution::geometric(get("p"), start)
        }
        "pmf" => {
            let points: Vec<(i64, f64)> = pairs.iter().map(|(k, v)| (k.parse().unwrap(), *v)).collect();
            let (low, high) = (points[0].0, points[points.len() - 1].0);
            let mut masses = vec![0.0; usize::try_from(high - low + 1).unwrap()];
            for (k, mass) in points {
                masses[usize::try_from(k - low).unwrap()] = mass;
            }
            Ok(Distribution::pmf(Pmf::new(low, masses).unwrap()))
        }
        other => panic!("{other}"),
    }
    .unwrap()
}

#[test]
fn lot_rows() {
    for row in golden!("eoq", 1) {
        let plan = eoq(&lot(&row)).unwrap();
        close(&row, "expected_order_quantity", plan.quantity, 1e-11);
        close(&row, "expected_cost", plan.cost(), 1e-11);
    }
    for row in golden!("epq", 2) {
        let plan = epq(&lot(&row), float(&row["production_rate"])).unwrap();
        close(&row, "expected_order_quantity", plan.quantity, 1e-11);
        close(&row, "expected_cost", plan.cost(), 1e-11);
    }
    for row in golden!("eoq_backorder", 2) {
        let p = float(&row["stockout_cost"]);
        let plan = match maybe(&row, "order_quantity") {
            Some(q) => eoq_backorders_cost_of(&lot(&row), p, q, float(&row["stockout_fraction"])).unwrap(),
            None => eoq_backorders(&lot(&row), p).unwrap(),
        };
        close(&row, "expected_order_quantity", plan.lot.quantity, 1e-11);
        close(&row, "expected_stockout_fraction", plan.fraction, 1e-10);
        close(&row, "expected_cost", plan.lot.cost(), 1e-11);
    }
    for row in golden!("eoq_discount", 4) {
        let costs = DiscountCosts {
            fixed: float(&row["fixed_cost"]),
            holding_rate: float(&row["holding_cost_rate"]),
            demand: float(&row["demand_rate"]),
        };
        let (breaks, prices) = (floats(&row["breakpoints"]), floats(&row["unit_costs"]));
        let list = PriceBreaks { breaks: &breaks, prices: &prices };
        let kind =
            if row["kind"] == "all_units" { DiscountKind::AllUnits } else { DiscountKind::Incremental };
        let plan = eoq_discount(&costs, &list, kind).unwrap();
        close(&row, "expected_order_quantity", plan.quantity, 1e-11);
        close(&row, "expected_cost", plan.cost(), 1e-11);
        assert_eq!(plan.region.to_string(), row["expected_region"]);
        let again = eoq_discount_cost_of(&costs, &list, kind, plan.quantity).unwrap();
        assert_eq!((again.region, again.cost()), (plan.region, plan.cost()));
    }
    for row in golden!("jrp", 3) {
        let (k, h, d) = (
            floats(&row["individual_fixed_costs"]),
            floats(&row["holding_costs"]),
            floats(&row["demand_rates"]),
        );
        let items: Vec<JointItem> = k
            .iter()
            .zip(&h)
            .zip(&d)
            .map(|((fixed, holding), demand)| JointItem { fixed: *fixed, holding: *holding, demand: *demand })
            .collect();
        let shared = float(&row["shared_fixed_cost"]);
        let multiples = |text: &str| list(text).into_iter().map(whole).collect::<Vec<u32>>();
        let silver = joint_silver(shared, &items).unwrap();
        close(&row, "expected_silver_base_cycle", silver.cycle, 1e-11);
        close(&row, "expected_silver_cost", silver.cost, 1e-11);
        assert_eq!(silver.multiples, multiples(&row["expected_silver_multiples"]));
        for (ours, theirs) in silver.quantities.iter().zip(floats(&row["expected_silver_quantities"])) {
            assert!((ours - theirs).abs() < 1e-9 * theirs);
        }
        let best = joint_optimum(shared, &items).unwrap();
        assert_eq!(best.multiples, multiples(&row["expected_cyclic_optimum_multiples"]));
        close(&row, "expected_cyclic_optimum_cost", best.cost, 1e-11);
        close(&row, "expected_relaxed_lower_bound", joint_lower_bound(shared, &items).unwrap(), 1e-11);
    }
}

#[test]
fn loss_rows() {
    for row in golden!("loss", 7) {
        let demand = distribution(&row["distribution"], &row["parameters"]);
        let x = float(&row["x"]);
        let losses = if row["order"] == "1" { demand.loss(x) } else { demand.second_loss(x) }.unwrap();
        close(&row, "expected_loss", losses.shortage, 1e-11);
        close(&row, "expected_complementary", losses.excess, 1e-11);
    }
}

#[test]
fn newsvendor_rows() {
    let solve = |row: &Row, demand: Distribution| {
        let plan = match maybe(row, "base_stock") {
            Some(level) => newsvendor_cost_of(&costs(row), &demand, level).unwrap(),
            None => newsvendor(&costs(row), &demand).unwrap(),
        };
        close(row, "expected_base_stock", plan.level, 1e-11);
        close(row, "expected_cost", plan.cost(), 1e-11);
    };
    for row in golden!("newsvendor_normal", 5) {
        let one = Distribution::normal(float(&row["mean"]), float(&row["sd"])).unwrap();
        solve(&row, RiskTime::Periodic { lead: float(&row["lead_time"]) }.demand(&one).unwrap());
    }
    for mut row in golden!("newsvendor_poisson", 2) {
        row.insert("base_stock".to_owned(), String::new());
        let one = Distribution::poisson(float(&row["mean"])).unwrap();
        solve(&row, RiskTime::Periodic { lead: float(&row["lead_time"]) }.demand(&one).unwrap());
    }
    for row in golden!("newsvendor_other", 2) {
        solve(&row, distribution(&row["distribution"], &row["parameters"]));
    }
    for row in golden!("newsvendor_explicit", 4) {
        let prices = SeasonPrices {
            revenue: float(&row["revenue"]),
            purchase: float(&row["purchase_cost"]),
            salvage: float(&row["salvage_value"]),
            holding: float(&row["holding_cost"]),
            shortage: float(&row["stockout_cost"]),
        };
        let demand = match maybe(&row, "sd") {
            Some(sd) => Distribution::normal(float(&row["mean"]), sd).unwrap(),
            None => Distribution::poisson(float(&row["mean"])).unwrap(),
        };
        let plan = newsvendor_season(&prices, &demand).unwrap();
        close(&row, "expected_base_stock", plan.level, 1e-11);
        close(&row, "expected_profit", plan.profit, 1e-11);
    }
    for row in golden!("newsvendor_myopic", 1) {
        let period = MyopicPeriod {
            costs: costs(&row),
            purchase: float(&row["purchase_cost"]),
            purchase_next: float(&row["purchase_cost_next"]),
            discount: float(&row["discount"]),
            demand: Distribution::normal(float(&row["mean"]), float(&row["sd"])).unwrap(),
        };
        let level = period.best_level().unwrap();
        close(&row, "expected_base_stock", level, 1e-11);
        close(&row, "expected_cost", period.cost_of(level).unwrap(), 1e-11);
    }
    for row in golden!("newsvendor_disruption", 1) {
        let stock = DisruptedNewsvendor {
            costs: costs(&row),
            demand: float(&row["demand"]),
            disruption: float(&row["disruption_prob"]),
            recovery: float(&row["recovery_prob"]),
        };
        let plan = stock.optimum().unwrap();
        close(&row, "expected_base_stock", plan.quantity, 1e-12);
        close(&row, "expected_cost", plan.cost, 1e-12);
    }
    for row in golden!("eoq_disruption", 1) {
        let stock = DisruptedLot {
            lot: lot(&row),
            shortage: float(&row["stockout_cost"]),
            disruption: float(&row["disruption_rate"]),
            recovery: float(&row["recovery_rate"]),
        };
        let kind = if row["approximate"] == "true" { Disruption::Approximate } else { Disruption::Exact };
        let plan = stock.optimum(kind).unwrap();
        close(&row, "expected_order_quantity", plan.quantity, 1e-11);
        close(&row, "expected_cost", plan.cost, 1e-11);
    }
}

#[test]
fn reorder_rows() {
    for row in golden!("rq_normal", 8) {
        let stock = ContinuousReview {
            costs: costs(&row),
            fixed: float(&row["fixed_cost"]),
            mean: float(&row["mean"]),
            sd: float(&row["sd"]),
            lead: float(&row["lead_time"]),
        };
        let (plan, cost) = match row["method"].as_str() {
            "cost" => {
                let plan =
                    stock.cost_of(float(&row["reorder_point"]), float(&row["order_quantity"])).unwrap();
                (plan, plan.cost.total())
            }
            "r_for_q" => {
                let plan = stock.best_reorder_for(float(&row["order_quantity"])).unwrap();
                (plan, plan.cost.total())
            }
            "eil" => {
                let found = stock.expected_level_heuristic().unwrap();
                (found.plan, found.model_cost)
            }
            "eoqb" => stock.eoq_backorder_heuristic().map(|p| (p, p.cost.total())).unwrap(),
            "eoq_ss" => stock.eoq_plus_safety().map(|p| (p, p.cost.total())).unwrap(),
            "loss_function" => stock.loss_heuristic().map(|p| (p, p.cost.total())).unwrap(),
            "exact_joint" => stock.optimum().map(|p| (p, p.cost.total())).unwrap(),
            other => panic!("{other}"),
        };
        close(&row, "expected_r", plan.reorder, 1e-9);
        close(&row, "expected_q", plan.quantity, 1e-9);
        close(&row, "expected_cost", cost, 1e-10);
    }
    for row in golden!("rq_poisson", 4) {
        let stock = PieceReview {
            costs: costs(&row),
            fixed: float(&row["fixed_cost"]),
            demand: Distribution::poisson(float(&row["mean"])).unwrap(),
            lead: float(&row["lead_time"]),
        };
        let plan = stock.optimum().unwrap();
        assert_eq!(plan.reorder.to_string(), row["expected_r"], "{}", row["case"]);
        assert_eq!(plan.quantity.to_string(), row["expected_q"], "{}", row["case"]);
        close(&row, "expected_cost", plan.cost(), 1e-10);
        let priced = stock.cost_of(plan.reorder, plan.quantity).unwrap();
        assert!((priced.cost() - plan.cost()).abs() < 1e-12 * plan.cost());
    }
}

#[test]
fn min_max_rows() {
    for row in golden!("ss_exact", 11) {
        let stock = PeriodicReview {
            costs: costs(&row),
            fixed: float(&row["fixed_cost"]),
            demand: distribution(&row["distribution"], &row["parameters"]),
            lead: whole(&row["lead_time"]),
        };
        let plan = match maybe(&row, "reorder_point") {
            Some(_) => stock
                .cost_of(row["reorder_point"].parse().unwrap(), row["order_up_to"].parse().unwrap())
                .unwrap(),
            None => stock.optimum().unwrap(),
        };
        assert_eq!(plan.reorder.to_string(), row["expected_s"], "{}", row["case"]);
        assert_eq!(plan.up_to.to_string(), row["expected_S"], "{}", row["case"]);
        close(&row, "expected_cost", plan.cost(), 1e-11);
    }
    for row in golden!("ss_zheng_federgruen", 16) {
        let stock = PeriodicReview {
            costs: costs(&row),
            fixed: float(&row["fixed_cost"]),
            demand: Distribution::poisson(float(&row["mean"])).unwrap(),
            lead: 0,
        };
        let plan = stock.optimum().unwrap();
        assert_eq!(plan.reorder.to_string(), row["expected_s"], "{}", row["case"]);
        assert_eq!(plan.up_to.to_string(), row["expected_S"], "{}", row["case"]);
        close(&row, "expected_cost", plan.cost(), 1e-11);
    }
    for row in golden!("ss_power", 1) {
        let pair = power_approximation(&PowerInput {
            costs: costs(&row),
            fixed: float(&row["fixed_cost"]),
            mean: float(&row["mean"]),
            sd: float(&row["sd"]),
            lead: 0,
        })
        .unwrap();
        close(&row, "expected_s", pair.reorder, 1e-11);
        close(&row, "expected_S", pair.up_to, 1e-11);
    }
    for row in golden!("finite_horizon", 2) {
        let periods = vec![
            HorizonPeriod {
                costs: costs(&row),
                purchase: float(&row["purchase_cost"]),
                fixed: float(&row["fixed_cost"]),
                demand: Distribution::normal(float(&row["mean"]), float(&row["sd"])).unwrap(),
                discount: float(&row["discount"]),
            };
            row["periods"].parse().unwrap()
        ];
        let terminal = Terminal {
            holding: float(&row["terminal_holding_cost"]),
            shortage: float(&row["terminal_stockout_cost"]),
        };
        let plan = finite_horizon(&periods, &terminal, row["initial_inventory"].parse().unwrap()).unwrap();
        let join = |of: fn(&endcap_inventory::models::horizon::HorizonLevels) -> i64| {
            plan.levels.iter().map(|l| of(l).to_string()).collect::<Vec<_>>().join(";")
        };
        assert_eq!(join(|l| l.reorder), row["expected_s"], "{}", row["case"]);
        assert_eq!(join(|l| l.up_to), row["expected_S"], "{}", row["case"]);
        // The file gives the cost to nine digits.
        close(&row, "expected_cost", plan.cost, 1e-8);
    }
}

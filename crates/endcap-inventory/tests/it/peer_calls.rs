//! Calls recorded from the Python package stockpyl 1.0.2 (commit 0bae176): the same answer to 1e-6, or an error too.

use endcap_inventory::models::discount::*;
use endcap_inventory::models::echelon::guaranteed::{Customers, SupplyStage, SupplyTree};
use endcap_inventory::models::echelon::serial::SerialSystem;
use endcap_inventory::models::eoq::*;
use endcap_inventory::models::horizon::{HorizonPeriod, Terminal};
use endcap_inventory::models::horizon_bounds::myopic_bounds;
use endcap_inventory::models::jrp::{JointItem, joint_silver};
use endcap_inventory::models::lot_sizing::{LotSizing, PerPeriod, wagner_whitin};
use endcap_inventory::models::myopic::{MyopicPeriod, Side};
use endcap_inventory::models::newsvendor::*;
use endcap_inventory::models::power::{PowerInput, power_approximation};
use endcap_inventory::models::rq_integer::PieceReview;
use endcap_inventory::models::rq_normal::ContinuousReview;
use endcap_inventory::models::ss::PeriodicReview;
use endcap_inventory::models::supply::*;
use endcap_inventory::models::*;
use serde_json::Value;

use crate::peer_args::*;
use crate::peer_results::in_file_order;

fn both(losses: Result<Losses, ModelError>) -> Answer {
    losses.map(|l| vec![l.shortage, l.excess]).map_err(text)
}

fn negative_binomial(a: &Args<'_>) -> Result<Distribution, String> {
    if a.has("mean") || a.has("sd") {
        let sd = a.f("sd")?;
        return Distribution::negative_binomial_moments(a.f("mean")?, sd * sd).map_err(text);
    }
    Distribution::negative_binomial(a.f("r")?, a.f("p")?).map_err(text)
}

fn loss_call(name: &str, a: &Args<'_>) -> Option<Answer> {
    let family = name.trim_end_matches("_second_loss").trim_end_matches("_loss");
    let second = name.ends_with("_second_loss");
    let x = if family == "standard_normal" { a.f("z") } else { a.f("x") };
    let distribution = match family {
        "continuous" | "discrete" => a.distribution("distrib", "pmf"),
        "standard_normal" => Distribution::normal(0.0, 1.0).map_err(text),
        "normal" => a.f("mean").and_then(|mean| Distribution::normal(mean, a.f("sd")?).map_err(text)),
        "exponential" => a.f("mu").and_then(|rate| Distribution::exponential(rate).map_err(text)),
        "gamma" => a.f("a").and_then(|shape| Distribution::gamma(shape, a.f("b")?).map_err(text)),
        "uniform" => a.f("a").and_then(|low| Distribution::uniform(low, a.f("b")?).map_err(text)),
        "lognormal" => a.f("mu").and_then(|mu| Distribution::lognormal(mu, a.f("sigma")?).map_err(text)),
        "poisson" => a.f("mean").and_then(|mean| Distribution::poisson(mean).map_err(text)),
        "geometric" => a.f("p").and_then(|p| Distribution::geometric(p, GeometricStart::One).map_err(text)),
        "negative_binomial" => negative_binomial(a),
        _ => return None,
    };
    Some(distribution.and_then(|d| {
        let x = x?;
        both(if second { d.strict_second_loss(x) } else { d.strict_loss(x) })
    }))
}

fn lots(name: &str, a: &Args<'_>) -> Option<Answer> {
    let pair = |lot: Lot| vec![lot.quantity, lot.cost()];
    Some(match name {
        "economic_order_quantity" => a.lot().and_then(|lot| {
            let given = a.f("order_quantity").map_or_else(|_| eoq(&lot), |q| eoq_cost_of(&lot, q));
            given.map(pair).map_err(text)
        }),
        "economic_production_quantity" => a.lot().and_then(|lot| {
            let rate = a.f("production_rate")?;
            let given =
                a.f("order_quantity").map_or_else(|_| epq(&lot, rate), |q| epq_cost_of(&lot, rate, q));
            given.map(pair).map_err(text)
        }),
        "economic_order_quantity_with_backorders" => a.lot().and_then(|lot| {
            let p = a.f("stockout_cost")?;
            let plan = if a.has("order_quantity") {
                eoq_backorders_cost_of(&lot, p, a.f("order_quantity")?, a.f("stockout_fraction")?)
            } else {
                eoq_backorders(&lot, p)
            };
            plan.map(|b| vec![b.lot.quantity, b.fraction, b.lot.cost()]).map_err(text)
        }),
        "economic_order_quantity_with_all_units_discounts"
        | "economic_order_quantity_with_incremental_discounts" => {
            let kind =
                if name.contains("all_units") { DiscountKind::AllUnits } else { DiscountKind::Incremental };
            (|| {
                let costs = DiscountCosts {
                    fixed: a.f("fixed_cost")?,
                    holding_rate: a.f("holding_cost_rate")?,
                    demand: a.f("demand_rate")?,
                };
                let (breaks, prices) = (a.list("breakpoints")?, a.list("unit_costs")?);
                let list = PriceBreaks { breaks: &breaks, prices: &prices };
                let lot = eoq_discount(&costs, &list, kind).map_err(text)?;
                Ok(vec![lot.quantity, f64::from(u32::try_from(lot.region).unwrap()), lot.cost()])
            })()
        }
        "joint_replenishment_problem_silver_heuristic" => (|| {
            let (fixed, holding, demand) =
                (a.list("individual_fixed_costs")?, a.list("holding_costs")?, a.list("demand_rates")?);
            let items: Vec<JointItem> = fixed
                .iter()
                .zip(&holding)
                .zip(&demand)
                .map(|((k, h), d)| JointItem { fixed: *k, holding: *h, demand: *d })
                .collect();
            let plan = joint_silver(a.f("shared_fixed_cost")?, &items).map_err(text)?;
            let mut out = plan.quantities.clone();
            out.push(plan.cycle);
            out.extend(plan.multiples.iter().map(|m| f64::from(*m)));
            out.push(plan.cost);
            Ok(out)
        })(),
        "wagner_whitin" => (|| {
            let demand = a.list("demand")?;
            let each = |name: &str| a.f(name).map(|v| vec![v; demand.len()]).or_else(|_| a.list(name));
            let (setup, holding) = (each("fixed_cost")?, each("holding_cost")?);
            let unit = if a.has("purchase_cost") { each("purchase_cost")? } else { vec![0.0; demand.len()] };
            let exact = wagner_whitin(&LotSizing {
                setup: PerPeriod::Each(&setup),
                holding: PerPeriod::Each(&holding),
                unit: PerPeriod::Each(&unit),
                demand: &demand,
            })
            .map_err(text)?;
            let mut out = exact.plan.orders.clone();
            out.push(exact.plan.cost());
            out.extend(exact.cost_to_go);
            Ok(out)
        })(),
        _ => return None,
    })
}

fn season(a: &Args<'_>, demand: Result<Distribution, String>) -> Answer {
    let prices = SeasonPrices {
        revenue: a.f("revenue")?,
        purchase: a.f("purchase_cost")?,
        salvage: a.f("salvage_value")?,
        holding: a.or("holding_cost", 0.0),
        shortage: a.or("stockout_cost", 0.0),
    };
    assert_eq!(a.or("lead_time", 0.0), 0.0, "a season has no lead time");
    let demand = demand?;
    let plan = match a.f("base_stock_level") {
        Ok(level) => newsvendor_season_profit_of(&prices, &demand, level),
        Err(_) => newsvendor_season(&prices, &demand),
    };
    plan.map(|p| vec![p.level, p.profit]).map_err(text)
}

fn level(a: &Args<'_>, demand: Result<Distribution, String>) -> Answer {
    let (costs, demand) = (a.costs()?, demand?);
    let plan = match a.f("base_stock_level") {
        Ok(level) => newsvendor_cost_of(&costs, &demand, level),
        Err(_) => newsvendor(&costs, &demand),
    };
    plan.map(|p| vec![p.level, p.cost()]).map_err(text)
}

fn myopic(a: &Args<'_>) -> Result<MyopicPeriod, String> {
    Ok(MyopicPeriod {
        costs: a.costs()?,
        purchase: a.f("purchase_cost")?,
        purchase_next: a.f("purchase_cost_next_per")?,
        discount: a.or("discount_factor", 1.0),
        demand: a.normal()?,
    })
}

fn newsvendors(name: &str, a: &Args<'_>) -> Option<Answer> {
    let cost_only = |answer: Answer| answer.map(|pair| vec![pair[1]]);
    Some(match name {
        "newsvendor_normal" => level(a, a.normal().and_then(|d| a.periodic(&d))),
        "newsvendor_normal_cost" => cost_only(level(a, a.normal().and_then(|d| a.periodic(&d)))),
        "newsvendor_poisson" => level(a, a.poisson().and_then(|d| a.periodic(&d))),
        "newsvendor_poisson_cost" => cost_only(level(a, a.poisson().and_then(|d| a.periodic(&d)))),
        "newsvendor_continuous" | "newsvendor_discrete" => {
            level(a, a.distribution("demand_distrib", "demand_pmf"))
        }
        "newsvendor_normal_explicit" => season(a, a.normal()),
        "newsvendor_poisson_explicit" => season(a, a.poisson()),
        "myopic" => myopic(a).and_then(|period| {
            let level = a.f("base_stock_level").or_else(|_| period.best_level().map_err(text))?;
            Ok(vec![level, period.cost_of(level).map_err(text)?])
        }),
        "myopic_cost" => {
            myopic(a).and_then(|period| Ok(vec![period.cost_of(a.f("base_stock_level")?).map_err(text)?]))
        }
        "set_myopic_cost_to" => myopic(a).and_then(|period| {
            let side = if a.0["left_half"].as_bool().unwrap() { Side::Below } else { Side::Above };
            Ok(vec![period.level_costing(a.f("cost")?, side).map_err(text)?])
        }),
        _ => return None,
    })
}

fn review(name: &str, a: &Args<'_>) -> Option<Answer> {
    let normal = || -> Result<ContinuousReview, String> {
        Ok(ContinuousReview {
            costs: a.costs()?,
            fixed: a.or("fixed_cost", 0.0),
            mean: a.f("demand_mean")?,
            sd: a.f("demand_sd")?,
            lead: a.f("lead_time")?,
        })
    };
    let pieces = || -> Result<PieceReview, String> {
        Ok(PieceReview {
            costs: a.costs()?,
            fixed: a.f("fixed_cost")?,
            demand: a.poisson()?,
            lead: a.f("lead_time")?,
        })
    };
    let periods = || -> Result<PeriodicReview, String> {
        Ok(PeriodicReview { costs: a.costs()?, fixed: a.f("fixed_cost")?, demand: a.poisson()?, lead: 0 })
    };
    let whole = |name: &str| -> Result<i64, String> { Ok(a.0[name].as_i64().unwrap()) };
    let small = |n: i64| f64::from(i32::try_from(n).unwrap());
    let pair = |plan: Result<endcap_inventory::models::rq_normal::ReorderPlan, ModelError>| {
        plan.map(|p| vec![p.reorder, p.quantity]).map_err(text)
    };
    Some(match name {
        "r_q_cost" => normal().and_then(|s| {
            let plan = s.cost_of(a.f("reorder_point")?, a.f("order_quantity")?).map_err(text)?;
            Ok(vec![plan.cost.total()])
        }),
        "r_q_optimal_r_for_q" => {
            normal().and_then(|s| Ok(vec![s.best_reorder_for(a.f("order_quantity")?).map_err(text)?.reorder]))
        }
        "r_q_eil_approximation" => normal().and_then(|s| {
            let h = s.expected_level_heuristic().map_err(text)?;
            Ok(vec![h.plan.reorder, h.plan.quantity, h.model_cost])
        }),
        "r_q_eoqb_approximation" => normal().and_then(|s| pair(s.eoq_backorder_heuristic())),
        "r_q_eoqss_approximation" => normal().and_then(|s| pair(s.eoq_plus_safety())),
        "r_q_loss_function_approximation" => normal().and_then(|s| pair(s.loss_heuristic())),
        "r_q_cost_poisson" => pieces().and_then(|s| {
            Ok(vec![s.cost_of(whole("reorder_point")?, whole("order_quantity")?).map_err(text)?.cost()])
        }),
        "r_q_poisson_exact" => pieces().and_then(|s| {
            let plan = s.optimum().map_err(text)?;
            Ok(vec![small(plan.reorder), small(plan.quantity), plan.cost()])
        }),
        "s_s_cost_discrete" => periods().and_then(|s| {
            Ok(vec![s.cost_of(whole("reorder_point")?, whole("order_up_to_level")?).map_err(text)?.cost()])
        }),
        "s_s_discrete_exact" => periods().and_then(|s| {
            let plan = s.optimum().map_err(text)?;
            Ok(vec![small(plan.reorder), small(plan.up_to), plan.cost()])
        }),
        "s_s_power_approximation" => (|| {
            let pair = power_approximation(&PowerInput {
                costs: a.costs()?,
                fixed: a.f("fixed_cost")?,
                mean: a.f("demand_mean")?,
                sd: a.f("demand_sd")?,
                lead: 0,
            })
            .map_err(text)?;
            Ok(vec![pair.reorder, pair.up_to])
        })(),
        _ => return None,
    })
}

fn supplies(name: &str, a: &Args<'_>) -> Option<Answer> {
    let pair = |plan: Result<QuantityCost, ModelError>| plan.map(|p| vec![p.quantity, p.cost]).map_err(text);
    let eoq_with = |yields: Yield| -> Answer {
        let lot = a.lot()?;
        pair(match a.f("order_quantity") {
            Ok(q) => eoq_yield_cost_of(&lot, &yields, q),
            Err(_) => eoq_yield(&lot, &yields),
        })
    };
    let moments = || Ok::<_, String>((a.f("yield_mean")?, a.f("yield_sd")?));
    Some(match name {
        "eoq_with_disruptions" | "eoq_with_disruptions_cost" => (|| {
            let stock = DisruptedLot {
                lot: a.lot()?,
                shortage: a.f("stockout_cost")?,
                disruption: a.f("disruption_rate")?,
                recovery: a.f("recovery_rate")?,
            };
            let kind = match a.0.get("approximate").and_then(Value::as_bool) {
                Some(true) => Disruption::Approximate,
                _ => Disruption::Exact,
            };
            match a.f("order_quantity") {
                Ok(q) => stock.cost_of(q, kind).map(|p| vec![p.cost]).map_err(text),
                Err(_) => pair(stock.optimum(kind)),
            }
        })(),
        "eoq_with_additive_yield_uncertainty" => {
            moments().and_then(|(mean, sd)| eoq_with(Yield::Additive { mean, sd }))
        }
        "eoq_with_multiplicative_yield_uncertainty" => {
            moments().and_then(|(mean, sd)| eoq_with(Yield::Multiplicative { mean, sd }))
        }
        "newsvendor_with_additive_yield_uncertainty" => a.costs().and_then(|costs| {
            pair(newsvendor_yield(&costs, a.f("demand")?, &a.distribution("yield_distribution", "-")?))
        }),
        "newsvendor_with_disruptions" => a.costs().and_then(|costs| {
            let stock = DisruptedNewsvendor {
                costs,
                demand: a.f("demand")?,
                disruption: a.f("disruption_prob")?,
                recovery: a.f("recovery_prob")?,
            };
            pair(match a.f("base_stock_level") {
                Ok(level) => stock.cost_of(level),
                Err(_) => stock.optimum(),
            })
        }),
        _ => return None,
    })
}

fn networks(name: &str, a: &Args<'_>) -> Option<Answer> {
    Some(match name {
        "myopic_bounds" => (|| {
            let periods = vec![
                HorizonPeriod {
                    costs: a.costs()?,
                    purchase: a.f("purchase_cost")?,
                    fixed: a.f("fixed_cost")?,
                    demand: a.normal()?,
                    discount: a.f("discount_factor")?,
                };
                usize::try_from(a.0["num_periods"].as_u64().unwrap()).unwrap()
            ];
            let terminal =
                Terminal { holding: a.f("terminal_holding_cost")?, shortage: a.f("terminal_stockout_cost")? };
            let bounds = myopic_bounds(&periods, &terminal).map_err(text)?;
            let mut out: Vec<f64> = bounds.iter().map(|b| b.up_to_low).collect();
            out.extend(bounds.iter().map(|b| b.up_to_high));
            out.extend(bounds.iter().map(|b| b.reorder_low));
            out.extend(bounds.iter().filter_map(|b| b.reorder_high));
            Ok(out)
        })(),
        "optimize_committed_service_times" => (|| {
            let (holding, times) = (a.list("local_holding_cost")?, a.list("processing_time")?);
            let count = holding.len();
            let whole = |x: f64| format!("{x}").parse::<u32>().unwrap();
            let stages = holding
                .iter()
                .zip(&times)
                .enumerate()
                .map(|(at, (h, t))| SupplyStage {
                    holding: *h,
                    processing: whole(*t),
                    supplier_time: if at + 1 == count { whole(a.or("external_inbound_cst", 0.0)) } else { 0 },
                    customers: if at == 0 {
                        Customers::Promised {
                            service_time: whole(a.or("external_outbound_cst", 0.0)),
                            sd: a.or("demand_standard_deviation", 0.0),
                        }
                    } else {
                        Customers::None
                    },
                })
                .collect();
            let links = (1..count).map(|at| (at, at - 1)).collect();
            let tree = SupplyTree { stages, links, factor: a.f("demand_bound_constant")? };
            let plan = tree.optimum().map_err(text)?;
            // The peer lists the most upstream stage first.
            let mut out: Vec<f64> = plan.service_times.iter().rev().map(|t| f64::from(*t)).collect();
            out.push(plan.cost);
            Ok(out)
        })(),
        "newsvendor_heuristic" | "optimize_base_stock_levels" => (|| {
            let system = SerialSystem {
                holding: a.nodes("echelon_holding_cost")?,
                lead: a.nodes("lead_time")?,
                shortage: a.f("stockout_cost")?,
                demand: Distribution::normal(a.f("demand_mean")?, a.f("demand_standard_deviation")?)
                    .map_err(text)?,
            };
            assert_eq!(a.or("weight", 0.5), 0.5);
            let bounds = system.newsvendor_bounds().map_err(text)?;
            Ok(bounds.iter().rev().map(|b| b.middle()).collect())
        })(),
        _ => return None,
    })
}

#[test]
fn every_recorded_call_has_the_same_answer() {
    let calls: Vec<Value> = serde_json::from_str(include_str!("../golden/models/peer_calls.json")).unwrap();
    let (mut same, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for call in &calls {
        let name = call["fn"].as_str().unwrap();
        let (module, function) = name.split_once('.').unwrap();
        let args = Args(call["args"].as_object().unwrap());
        let answer = match module {
            "eoq" | "wagner_whitin" => lots(function, &args),
            "loss_functions" => loss_call(function, &args),
            "newsvendor" => newsvendors(function, &args),
            "rq" | "ss" => review(function, &args),
            "supply_uncertainty" => supplies(function, &args),
            _ => networks(function, &args),
        };
        let Some(answer) = answer else {
            wrong.push(format!("{name}: not covered"));
            continue;
        };
        match (answer, call.get("result")) {
            (Err(_), None) => refused += 1,
            (Ok(ours), Some(theirs)) => {
                let theirs = in_file_order(theirs);
                let close = |a: &f64, b: &f64| (a - b).abs() <= 1e-6 * b.abs().max(1e-3);
                if ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(a, b)| close(a, b)) {
                    same += 1;
                } else {
                    wrong.push(format!("{name} {}: {ours:?} but {theirs:?}", call["args"]));
                }
            }
            (ours, theirs) => wrong.push(format!("{name} {}: {ours:?} but {theirs:?}", call["args"])),
        }
    }
    println!("{same} answers and {refused} refusals of {} recorded calls", calls.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((same, refused, calls.len()), (196, 47, 243));
}

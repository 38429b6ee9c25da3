//! Laws of the models, and slow oracles beside the fast kernels.

use endcap_inventory::models::discount::*;
use endcap_inventory::models::echelon::guaranteed::{Customers, SupplyStage, SupplyTree};
use endcap_inventory::models::echelon::serial::SerialSystem;
use endcap_inventory::models::eoq::*;
use endcap_inventory::models::jrp::*;
use endcap_inventory::models::lot_sizing::*;
use endcap_inventory::models::newsvendor::*;
use endcap_inventory::models::periodic::{LevelGoal, OrderUpTo};
use endcap_inventory::models::rq_integer::PieceReview;
use endcap_inventory::models::rq_normal::ContinuousReview;
use endcap_inventory::models::ss::PeriodicReview;
use endcap_inventory::models::*;
use proptest::prelude::*;

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()).max(1e-12)
}

fn counting() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (0.2_f64..40.0).prop_map(|mean| Distribution::poisson(mean).unwrap()),
        (0.3_f64..12.0, 0.1_f64..0.9).prop_map(|(r, p)| Distribution::negative_binomial(r, p).unwrap()),
        (0.1_f64..0.9).prop_map(|p| Distribution::geometric(p, GeometricStart::Zero).unwrap()),
        prop::collection::vec(0.01_f64..1.0, 2..8).prop_map(|weights| {
            let sum: f64 = weights.iter().sum();
            Distribution::pmf(Pmf::new(0, weights.iter().map(|w| w / sum).collect()).unwrap())
        }),
    ]
}

fn continuous() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (1.0_f64..100.0, 0.5_f64..30.0).prop_map(|(mean, sd)| Distribution::normal(mean, sd).unwrap()),
        (0.3_f64..9.0, 0.5_f64..9.0).prop_map(|(a, b)| Distribution::gamma(a, b).unwrap()),
        (0.0_f64..3.0, 0.1_f64..1.2).prop_map(|(mu, s)| Distribution::lognormal(mu, s).unwrap()),
        (0.05_f64..3.0).prop_map(|rate| Distribution::exponential(rate).unwrap()),
        (0.0_f64..9.0, 1.0_f64..20.0).prop_map(|(low, w)| Distribution::uniform(low, low + w).unwrap()),
    ]
}

fn costs() -> impl Strategy<Value = UnitCosts> {
    (0.1_f64..5.0, 0.5_f64..40.0).prop_map(|(h, p)| UnitCosts::new(h, p).unwrap())
}

/// Lot-sizing data in quarters, so that sums are exact: setup, holding, unit cost, demand with zeros.
fn lots(periods: std::ops::Range<usize>) -> impl Strategy<Value = [Vec<f64>; 4]> {
    periods.prop_flat_map(|n| {
        let quarters = |top: i32| prop::collection::vec((0..top).prop_map(|q| f64::from(q) / 4.0), n);
        let demand = prop::collection::vec(prop_oneof![1 => Just(0.0), 3 => (0..60).prop_map(f64::from)], n);
        (quarters(400), quarters(24), quarters(40), demand).prop_map(|(k, h, c, d)| [k, h, c, d])
    })
}

fn problem(data: &[Vec<f64>; 4]) -> LotSizing<'_> {
    LotSizing {
        setup: PerPeriod::Each(&data[0]),
        holding: PerPeriod::Each(&data[1]),
        unit: PerPeriod::Each(&data[2]),
        demand: &data[3],
    }
}

/// Every way of choosing order periods; each order covers the demand up to the next.
fn cheapest_by_enumeration(p: &LotSizing<'_>) -> f64 {
    let n = p.demand.len();
    let mut best = f64::INFINITY;
    for mask in 0_u32..(1 << n) {
        let mut orders = vec![0.0; n];
        let mut last = None;
        let mut feasible = true;
        for t in 0..n {
            if mask >> t & 1 == 1 {
                last = Some(t);
            }
            match last {
                Some(at) => orders[at] += p.demand[t],
                None => feasible &= p.demand[t] == 0.0,
            }
        }
        if feasible {
            best = best.min(p.cost_of(&orders).unwrap().cost());
        }
    }
    best
}

/// The textbook recursion in O(T²).
fn by_recursion(p: &LotSizing<'_>, data: &[Vec<f64>; 4]) -> f64 {
    let n = p.demand.len();
    let mut theta = vec![0.0; n + 1];
    for t in (0..n).rev() {
        let (mut best, mut carried, mut cost, mut demand) = (f64::INFINITY, 0.0, 0.0, 0.0);
        for e in t..n {
            cost += (data[2][t] + carried) * data[3][e];
            demand += data[3][e];
            carried += data[1][e];
            let setup = if demand > 0.0 { data[0][t] } else { 0.0 };
            best = best.min(setup + cost + theta[e + 1]);
        }
        theta[t] = best;
    }
    theta[0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn lots_are_flat_around_the_optimum(k in 0.1_f64..1e4, h in 0.01_f64..50.0, d in 0.1_f64..1e5, a in 0.2_f64..5.0) {
        let costs = LotCosts { fixed: k, holding: h, demand: d };
        let best = eoq(&costs).unwrap();
        let other = eoq_cost_of(&costs, a * best.quantity).unwrap();
        prop_assert!(near(other.cost() / best.cost(), (a + 1.0 / a) / 2.0, 1e-10));
        prop_assert!(near(epq(&costs, d * 1e7).unwrap().cost(), best.cost(), 1e-6));
        prop_assert!(near(eoq_backorders(&costs, h * 1e9).unwrap().lot.cost(), best.cost(), 1e-6));
        let cased = eoq_in_cases(&costs, 12.0).unwrap();
        for n in 1..40 {
            let lot = eoq_cost_of(&costs, 12.0 * f64::from(n)).unwrap();
            prop_assert!(cased.cost() <= lot.cost() * (1.0 + 1e-12));
        }
    }

    #[test]
    fn discounts_help_and_all_units_help_most(
        k in 1.0_f64..500.0, i in 0.05_f64..0.5, d in 10.0_f64..5000.0,
        steps in prop::collection::vec((5.0_f64..400.0, 0.7_f64..0.99), 1..4), q in 1.0_f64..3000.0,
    ) {
        let (mut breaks, mut prices) = (vec![0.0], vec![50.0]);
        for (width, factor) in steps {
            breaks.push(breaks[breaks.len() - 1] + width);
            prices.push(prices[prices.len() - 1] * factor);
        }
        let list = PriceBreaks { breaks: &breaks, prices: &prices };
        let costs = DiscountCosts { fixed: k, holding_rate: i, demand: d };
        let plain = PriceBreaks { breaks: &breaks[..1], prices: &prices[..1] };
        let none = eoq_discount(&costs, &plain, DiscountKind::AllUnits).unwrap();
        let mut bests = Vec::new();
        for kind in [DiscountKind::AllUnits, DiscountKind::Incremental] {
            let best = eoq_discount(&costs, &list, kind).unwrap();
            prop_assert!(best.cost() <= none.cost() * (1.0 + 1e-12));
            prop_assert!(best.cost() <= eoq_discount_cost_of(&costs, &list, kind, q).unwrap().cost() * (1.0 + 1e-12));
            bests.push(best);
        }
        let at = |kind| eoq_discount_cost_of(&costs, &list, kind, q).unwrap().cost();
        prop_assert!(at(DiscountKind::AllUnits) <= at(DiscountKind::Incremental) * (1.0 + 1e-12));
        prop_assert!(bests[0].cost() <= bests[1].cost() * (1.0 + 1e-12));
    }

    #[test]
    fn joint_orders_lie_between_bound_and_heuristic(
        shared in 1.0_f64..200.0,
        items in prop::collection::vec((0.1_f64..100.0, 0.1_f64..3.0, 10.0_f64..5000.0), 1..6),
    ) {
        let items: Vec<JointItem> =
            items.into_iter().map(|(fixed, holding, demand)| JointItem { fixed, holding, demand }).collect();
        let bound = joint_lower_bound(shared, &items).unwrap();
        let best = joint_optimum(shared, &items).unwrap();
        let silver = joint_silver(shared, &items).unwrap();
        prop_assert!(bound <= best.cost * (1.0 + 1e-12) && best.cost <= silver.cost * (1.0 + 1e-12));
        let mut turned = items.clone();
        turned.reverse();
        prop_assert!(near(joint_optimum(shared, &turned).unwrap().cost, best.cost, 1e-9));
        if let [one] = items[..] {
            let single = eoq(&LotCosts { fixed: shared + one.fixed, holding: one.holding, demand: one.demand }).unwrap();
            prop_assert!(near(best.cost, single.cost(), 1e-12) && near(bound, single.cost(), 1e-12));
        }
    }

    #[test]
    fn losses_keep_their_identities(demand in continuous(), z in -3.0_f64..6.0) {
        let (mean, variance) = (demand.mean(), demand.variance());
        let x = mean + z * variance.sqrt();
        let (first, second) = (demand.loss(x).unwrap(), demand.second_loss(x).unwrap());
        let scale = variance.sqrt() + (x - mean).abs();
        prop_assert!((first.excess - first.shortage - (x - mean)).abs() < 1e-11 * scale);
        let both = 0.5 * ((x - mean) * (x - mean) + variance);
        prop_assert!((first.excess >= -1e-12 * scale) && first.shortage >= 0.0);
        prop_assert!((second.shortage + second.excess - both).abs() < 1e-10 * both);
        // n falls and is convex; n₂' = −n.
        let step = 1e-4 * variance.sqrt();
        let at = |x: f64| demand.loss(x).unwrap().shortage;
        prop_assert!(at(x + step) <= first.shortage + 1e-15);
        prop_assert!(at(x + step) + at(x - step) - 2.0 * first.shortage >= -1e-11 * scale);
        let slope = (demand.second_loss(x + step).unwrap().shortage - demand.second_loss(x - step).unwrap().shortage)
            / (2.0 * step);
        prop_assert!((slope + first.shortage).abs() < 1e-5 * (first.shortage + scale * 1e-3), "{slope} {first:?}");
        // The quantile undoes the distribution function.
        let q = demand.cdf(x);
        if q > 1e-6 && q < 1.0 - 1e-6 {
            prop_assert!((demand.cdf(demand.quantile(q).unwrap()) - q).abs() < 1e-11);
        }
    }

    #[test]
    fn counting_losses_are_the_sums_they_stand_for(demand in counting(), k in 0_i64..60) {
        let x = k as f64;
        let (first, second) = (demand.loss(x).unwrap(), demand.second_loss(x).unwrap());
        let masses = demand.masses(4000).unwrap();
        let (mut n, mut m, mut n2, mut m2, mut below) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (d, mass) in masses.iter().enumerate() {
            let away = d as f64 - x;
            if away > 0.0 {
                n += away * mass;
                n2 += 0.5 * away * (away - 1.0) * mass;
            } else {
                below += mass;
                m -= away * mass;
                m2 += 0.5 * away * (away - 1.0) * mass;
            }
        }
        for (ours, sum) in [(first.shortage, n), (first.excess, m), (second.shortage, n2), (second.excess, m2)] {
            prop_assert!((ours - sum).abs() < 1e-9 * (1.0 + sum), "{ours} {sum}");
        }
        prop_assert!((demand.cdf(x) - below).abs() < 1e-11);
        prop_assert!(near(demand.mass(k), masses[k as usize], 1e-9));
    }

    #[test]
    fn a_newsvendor_beats_its_neighbours(costs in costs(), demand in counting(), more in 1.01_f64..3.0) {
        let best = newsvendor(&costs, &demand).unwrap();
        for level in [best.level - 1.0, best.level + 1.0, best.level - 3.0, best.level + 5.0] {
            let other = newsvendor_cost_of(&costs, &demand, level).unwrap();
            prop_assert!(best.cost() <= other.cost() * (1.0 + 1e-11) + 1e-12);
        }
        // The least level that reaches the ratio.
        prop_assert!(demand.cdf(best.level) >= costs.critical_ratio() - 1e-9);
        prop_assert!(best.level == 0.0 || demand.cdf(best.level - 1.0) < costs.critical_ratio() + 1e-9);
        let dearer = UnitCosts::new(costs.holding(), costs.shortage() * more).unwrap();
        prop_assert!(newsvendor(&dearer, &demand).unwrap().level >= best.level);
        let cased = newsvendor_in_cases(&costs, &demand, 6, 1200).unwrap();
        for n in 0..30 {
            let other = newsvendor_cost_of(&costs, &demand, 6.0 * f64::from(n)).unwrap();
            prop_assert!(cased.cost() <= other.cost() * (1.0 + 1e-11) + 1e-12);
        }
    }

    #[test]
    fn reorder_points_are_best_and_exact_beats_every_heuristic(
        costs in costs(), fixed in 1.0_f64..300.0, mean in 20.0_f64..500.0, share in 0.02_f64..0.4, lead in 0.01_f64..2.0,
        step in -0.3_f64..0.3,
    ) {
        let stock = ContinuousReview { costs, fixed, mean, sd: share * mean, lead };
        let best = stock.optimum().unwrap();
        let cost = best.cost.total();
        for plan in [
            stock.eoq_plus_safety().unwrap(),
            stock.eoq_backorder_heuristic().unwrap(),
            stock.best_reorder_for(best.quantity * (1.0 + step)).unwrap(),
            stock.cost_of(best.reorder * (1.0 + step), best.quantity).unwrap(),
        ] {
            prop_assert!(cost <= plan.cost.total() * (1.0 + 1e-12), "{best:?} {plan:?}");
        }
        // The plain lot with the best reorder point costs at most 11.8 % more.
        let plain = eoq(&LotCosts { fixed, holding: costs.holding(), demand: mean }).unwrap().quantity;
        let backordered = stock.eoq_backorder_heuristic().unwrap();
        prop_assert!(backordered.cost.total() <= cost * 1.12 + 1e-9);
        prop_assert!(plain <= best.quantity * (1.0 + 1e-9));
        // Service rises with stock.
        let service = |r: f64| (stock.fill_rate_of(r, best.quantity).unwrap(), stock.cycle_service_of(r).unwrap());
        let (low, high) = (service(best.reorder), service(best.reorder + 1.0));
        prop_assert!(high.0 >= low.0 - 1e-12 && high.1 >= low.1);
    }

    #[test]
    fn whole_piece_reorder_points_equal_a_search(
        costs in costs(), fixed in 0.0_f64..60.0, mean in 0.3_f64..8.0, lead in 0.1_f64..2.0,
    ) {
        let stock = PieceReview { costs, fixed, demand: Distribution::poisson(mean).unwrap(), lead };
        let best = stock.optimum().unwrap();
        for q in (best.quantity - 3).max(1)..best.quantity + 4 {
            for r in best.reorder - 4..best.reorder + 5 {
                prop_assert!(best.cost() <= stock.cost_of(r, q).unwrap().cost() * (1.0 + 1e-10));
            }
        }
    }

    #[test]
    fn lot_sizing_is_exact_and_no_rule_beats_it(data in lots(1..10)) {
        let p = problem(&data);
        let exact = wagner_whitin(&p).unwrap();
        let best = cheapest_by_enumeration(&p);
        prop_assert!((exact.plan.cost() - best).abs() < 1e-9, "{} but {best}", exact.plan.cost());
        prop_assert!((p.cost_of(&exact.plan.orders).unwrap().cost() - best).abs() < 1e-9);
        prop_assert!((exact.cost_to_go[0] - best).abs() < 1e-7 * (1.0 + best));
        for rule in [
            LotRule::SilverMeal, LotRule::LeastUnitCost, LotRule::PartPeriod, LotRule::LotForLot, LotRule::PeriodicOrder,
        ] {
            let plan = lot_rule(&p, rule).unwrap();
            prop_assert!(plan.cost() >= best - 1e-9);
            prop_assert!((p.cost_of(&plan.orders).unwrap().cost() - plan.cost()).abs() < 1e-9);
        }
        // Zero-inventory ordering: an order meets an empty stock.
        let mut stock = 0.0;
        for (order, demand) in exact.plan.orders.iter().zip(&data[3]) {
            prop_assert!(*order == 0.0 || stock == 0.0);
            stock += order - demand;
        }
        prop_assert_eq!(stock, 0.0);
    }

    #[test]
    fn long_lot_sizing_equals_the_recursion(data in lots(20..160)) {
        let p = problem(&data);
        let exact = wagner_whitin(&p).unwrap();
        prop_assert!((exact.plan.cost() - by_recursion(&p, &data)).abs() < 1e-7);
    }

    #[test]
    fn order_up_to_levels_reach_their_goal(mean in 2.0_f64..50.0, sd in 0.5_f64..15.0, lead in 0.0_f64..6.0,
        review in 0.5_f64..5.0, goal in 0.5_f64..0.995) {
        let stock = OrderUpTo { demand: Distribution::normal(mean, sd).unwrap(), lead, review };
        let fill = stock.level_for(&LevelGoal::Fill(goal)).unwrap();
        prop_assert!((stock.fill_rate_of(fill).unwrap() - goal).abs() < 1e-9);
        let cycle = stock.level_for(&LevelGoal::Cycle(goal)).unwrap();
        prop_assert!((stock.cycle_service_of(cycle).unwrap() - goal).abs() < 1e-11);
        prop_assert!(stock.fill_rate_of(fill + 1.0).unwrap() >= goal - 1e-12);
        let pieces = OrderUpTo { demand: Distribution::poisson(mean).unwrap(), lead, review };
        let level = pieces.level_for(&LevelGoal::Fill(goal)).unwrap();
        prop_assert!(pieces.fill_rate_of(level).unwrap() >= goal && pieces.fill_rate_of(level - 1.0).unwrap() < goal);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn min_max_policies_equal_an_exhaustive_search(
        costs in costs(), fixed in 0.0_f64..40.0, demand in prop_oneof![
            (0.3_f64..8.0).prop_map(|mean| Distribution::poisson(mean).unwrap()),
            prop::collection::vec(0.05_f64..1.0, 2..7).prop_map(|w| {
                let sum: f64 = w.iter().sum();
                Distribution::pmf(Pmf::new(0, w.iter().map(|x| x / sum).collect()).unwrap())
            }),
        ], lead in 0_u32..3,
    ) {
        let stock = PeriodicReview { costs, fixed, demand, lead };
        let best = stock.optimum().unwrap();
        prop_assert!(best.reorder < best.up_to);
        let mut least = f64::INFINITY;
        for s in best.reorder - 6..best.reorder + 7 {
            for up_to in s + 1..best.up_to + 8 {
                least = least.min(stock.cost_of(s, up_to).unwrap().cost());
            }
        }
        prop_assert!(near(best.cost(), least, 1e-10), "{best:?} {least}");
        let dearer = PeriodicReview { fixed: fixed + 5.0, ..stock.clone() };
        prop_assert!(dearer.optimum().unwrap().cost() >= best.cost() - 1e-9);
    }

    #[test]
    fn guaranteed_service_equals_enumeration(
        shape in prop::collection::vec((0_usize..6, any::<bool>()), 1..4),
        data in prop::collection::vec((1_u32..8, 0_u32..4, 1_u32..5), 5),
        promise in 0_u32..3,
    ) {
        let n = shape.len() + 1;
        let links: Vec<(usize, usize)> = shape
            .iter()
            .enumerate()
            .map(|(i, (at, down))| if *down { (at % (i + 1), i + 1) } else { (i + 1, at % (i + 1)) })
            .collect();
        let stages: Vec<SupplyStage> = (0..n)
            .map(|i| SupplyStage {
                holding: f64::from(data[i].0),
                processing: data[i].1,
                supplier_time: if i == 0 { 1 } else { 0 },
                customers: if links.iter().any(|(from, _)| *from == i) {
                    Customers::None
                } else {
                    Customers::Promised { service_time: promise, sd: f64::from(data[i].2) }
                },
            })
            .collect();
        let tree = SupplyTree { stages, links, factor: 1.3 };
        let best = tree.optimum().unwrap();
        prop_assert!(near(tree.cost_of(&best.service_times).unwrap().cost, best.cost, 1e-12));
        let mut least = f64::INFINITY;
        let top = 13_u32;
        for code in 0..top.pow(n as u32) {
            let times: Vec<u32> = (0..n).map(|i| code / top.pow(i as u32) % top).collect();
            if let Ok(plan) = tree.cost_of(&times) {
                least = least.min(plan.cost);
            }
        }
        prop_assert!(best.cost <= least * (1.0 + 1e-12) + 1e-12, "{best:?} {least}");
    }

    #[test]
    fn serial_systems_are_best_and_nest(
        holding in prop::collection::vec(0.2_f64..3.0, 1..4), shortage in 3.0_f64..40.0, mean in 1.0_f64..8.0,
        lead in 0.2_f64..1.5, step in prop::collection::vec(-2_i32..3, 3),
    ) {
        let n = holding.len();
        let system = SerialSystem {
            holding: holding.clone(), lead: vec![lead; n], shortage, demand: Distribution::poisson(mean).unwrap(),
        };
        let best = system.optimum().unwrap();
        let other: Vec<f64> = best.levels.iter().zip(&step).map(|(s, d)| (s + f64::from(*d)).max(0.0)).collect();
        prop_assert!(best.cost <= system.cost_of(&other).unwrap().cost * (1.0 + 1e-10));
        prop_assert!(near(system.cost_of(&best.levels).unwrap().cost, best.cost, 1e-11));
        for (level, bound) in best.levels.iter().zip(system.newsvendor_bounds().unwrap()) {
            prop_assert!(bound.low <= *level && *level <= bound.high, "{level} {bound:?}");
        }
        if n == 1 {
            // One stage: a base stock with h and p, less the holding of what is in transit.
            let costs = UnitCosts::new(holding[0], shortage).unwrap();
            let demand = Distribution::poisson(mean * lead).unwrap();
            let plan = newsvendor(&costs, &demand).unwrap();
            prop_assert_eq!(plan.level, best.levels[0]);
            prop_assert!(near(plan.cost(), best.cost, 1e-9));
        }
    }

    #[test]
    fn nothing_panics_and_results_are_finite(values in prop::collection::vec(prop_oneof![
        Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), Just(0.0), Just(1e12), Just(1e-12), Just(1e300), -1e6_f64..1e6, 0.0_f64..20.0,
    ], 8)) {
        let v = &values;
        let lot = LotCosts { fixed: v[0], holding: v[1], demand: v[2] };
        if let Ok(plan) = eoq(&lot) {
            prop_assert!(plan.cost().is_finite());
        }
        let _ = (epq(&lot, v[3]), eoq_backorders(&lot, v[3]), eoq_in_cases(&lot, v[4]));
        let demands = [
            Distribution::normal(v[0], v[1]), Distribution::gamma(v[0], v[1]), Distribution::lognormal(v[0], v[1]),
            Distribution::uniform(v[0], v[1]), Distribution::exponential(v[0]),
        ];
        for demand in demands.into_iter().flatten() {
            if let Ok(losses) = demand.loss(v[2]) {
                prop_assert!(!losses.shortage.is_nan() && !losses.excess.is_nan(), "{demand:?} {}", v[2]);
            }
            if let Ok(costs) = UnitCosts::new(v[3], v[4]) {
                let _ = newsvendor(&costs, &demand);
            }
        }
        if let Ok(costs) = UnitCosts::new(v[3], v[4]) {
            let stock = ContinuousReview { costs, fixed: v[5], mean: v[6], sd: v[7], lead: v[0] };
            let _ = (stock.optimum(), stock.eoq_plus_safety(), stock.loss_heuristic(), stock.expected_level_heuristic());
        }
    }
}

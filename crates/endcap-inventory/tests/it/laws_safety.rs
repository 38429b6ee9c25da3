//! Laws of the normal distribution, safety stock and service, against numeric integration.

use endcap_inventory::*;
use proptest::prelude::*;

/// Oracle: `∫ f` over `[a, b]` by Simpson's rule.
fn integral(a: f64, b: f64, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
    let h = (b - a) / steps as f64;
    let mut sum = f(a) + f(b);
    for i in 1..steps {
        sum += f(a + h * i as f64) * if i % 2 == 1 { 4.0 } else { 2.0 };
    }
    sum * h / 3.0
}

fn bell(x: f64) -> f64 {
    (-x * x / 2.0).exp() / (2.0 * core::f64::consts::PI).sqrt()
}

/// Oracle: expected shortage `E[(D − level)⁺]` of normal demand.
fn shortage(mean: f64, sigma: f64, level: f64) -> f64 {
    let z = (level - mean) / sigma;
    sigma * integral(z, z.max(0.0) + 14.0, 4000, |x| (x - z) * bell(x))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn tail_and_loss_are_their_integrals(z in -6.0_f64..6.0) {
        let tail = integral(z, 14.0, 4000, bell);
        prop_assert!((normal_upper_tail(z) - tail).abs() < 1e-11);
        let loss = integral(z, 14.0, 4000, |x| (x - z) * bell(x));
        prop_assert!((normal_loss(z) - loss).abs() < 1e-10);
        // E[(Z−z)⁺] − E[(z−Z)⁺] = −z.
        prop_assert!((normal_loss(z) - normal_loss(-z) + z).abs() < 1e-12);
    }

    #[test]
    fn quantile_undoes_the_distribution(p in 1e-12_f64..1.0) {
        prop_assume!(p < 1.0);
        let z = normal_quantile(p).unwrap();
        prop_assert!((normal_cdf(z) - p).abs() < 1e-13 * p.max(0.05), "{} at {}", normal_cdf(z), p);
        prop_assert!(normal_upper_tail(z + 1e-3) < normal_upper_tail(z));
    }

    #[test]
    fn service_rises_with_stock(sigma in 0.1_f64..500.0, order in 0.5_f64..2000.0, z in -4.0_f64..4.0, more in 0.01_f64..2.0) {
        let (low, high) = (z * sigma, (z + more) * sigma);
        prop_assert!(cycle_service_of(low, sigma).unwrap() < cycle_service_of(high, sigma).unwrap());
        prop_assert!(fill_rate_of(low, sigma, order).unwrap() <= fill_rate_of(high, sigma, order).unwrap());
    }

    #[test]
    fn stock_rises_with_the_goal(alpha in 0.01_f64..0.98, more in 0.001_f64..0.015, sd in 0.1_f64..90.0, lead in 0.1_f64..40.0) {
        let risk = DemandRisk { daily_mean: 20.0, daily_sd: sd, lead_days: lead, ..DemandRisk::default() };
        let order_quantity = sd * 3.0;
        for (low, high) in [
            (ServiceGoal::Cycle(alpha), ServiceGoal::Cycle(alpha + more)),
            (ServiceGoal::Fill { fill: alpha, order_quantity }, ServiceGoal::Fill { fill: alpha + more, order_quantity }),
            (
                ServiceGoal::FillFirstOrder { fill: alpha, order_quantity },
                ServiceGoal::FillFirstOrder { fill: alpha + more, order_quantity },
            ),
            (
                ServiceGoal::Penalty { backorder: 1.0, holding: 1.0 + more },
                ServiceGoal::Penalty { backorder: 1.0, holding: 1.0 },
            ),
        ] {
            let (low, high) = (safety_stock(&risk, &low).unwrap(), safety_stock(&risk, &high).unwrap());
            prop_assert!(low.pieces() < high.pieces());
        }
    }

    #[test]
    fn stock_rises_with_every_risk_above_one_half(alpha in 0.51_f64..0.999, sd in 0.1_f64..90.0, lead in 0.1_f64..40.0, lead_sd in 0.0_f64..5.0, more in 0.1_f64..3.0) {
        let base = DemandRisk { daily_mean: 20.0, daily_sd: sd, lead_days: lead, lead_sd_days: lead_sd, review_days: 2.0 };
        let goal = ServiceGoal::Cycle(alpha);
        let stock = safety_stock(&base, &goal).unwrap().pieces();
        for riskier in [
            DemandRisk { daily_sd: sd + more, ..base },
            DemandRisk { lead_days: lead + more, ..base },
            DemandRisk { lead_sd_days: lead_sd + more, ..base },
            DemandRisk { review_days: 2.0 + more, ..base },
        ] {
            prop_assert!(safety_stock(&riskier, &goal).unwrap().pieces() > stock);
        }
    }

    #[test]
    fn the_goal_is_reached(goal in 0.02_f64..0.999, mean in 0.0_f64..50.0, sd in 0.5_f64..40.0, lead in 0.5_f64..20.0, ratio in 0.2_f64..20.0) {
        let risk = DemandRisk { daily_mean: mean, daily_sd: sd, lead_days: lead, ..DemandRisk::default() };
        let cycle = safety_stock(&risk, &ServiceGoal::Cycle(goal)).unwrap();
        prop_assert!((cycle_service_of(cycle.pieces(), cycle.sigma()).unwrap() - goal).abs() < 1e-11);

        let order_quantity = cycle.sigma() * ratio;
        let fill = safety_stock(&risk, &ServiceGoal::Fill { fill: goal, order_quantity }).unwrap();
        let reached = fill_rate_of(fill.pieces(), fill.sigma(), order_quantity).unwrap();
        prop_assert!(reached >= goal - 1e-9 && reached <= goal + 1e-9, "{} for {}", reached, goal);
        // And by integration: short per cycle = shortage at the reorder point less what was short before the order came.
        let demand = mean * lead;
        let short = shortage(demand, fill.sigma(), fill.level())
            - shortage(demand, fill.sigma(), fill.level() + order_quantity);
        prop_assert!((1.0 - short / order_quantity - goal).abs() < 1e-8);
        // The first order ignores a term that can only help: it never stocks less.
        let first = safety_stock(&risk, &ServiceGoal::FillFirstOrder { fill: goal, order_quantity }).unwrap();
        prop_assert!(first.z() >= fill.z() - 1e-9);
    }

    #[test]
    fn another_unit_scales_the_stock(alpha in 0.05_f64..0.99, sd in 0.5_f64..40.0, lead in 0.5_f64..20.0, k in 2_u32..50) {
        let k = f64::from(k);
        let risk = DemandRisk { daily_mean: 7.0, daily_sd: sd, lead_days: lead, lead_sd_days: 0.5, review_days: 3.0 };
        let scaled = DemandRisk { daily_mean: 7.0 * k, daily_sd: sd * k, ..risk };
        let goal = ServiceGoal::Cycle(alpha);
        let (one, many) = (safety_stock(&risk, &goal).unwrap(), safety_stock(&scaled, &goal).unwrap());
        prop_assert!((many.level() - k * one.level()).abs() < 1e-9 * many.level().abs());
        prop_assert!((many.z() - one.z()).abs() < 1e-12);
    }

    #[test]
    fn whole_pieces_are_the_ceiling(mean in 0.0_f64..4e9, days in 0.0_f64..300.0) {
        let risk = DemandRisk { daily_mean: mean, lead_days: days, ..DemandRisk::default() };
        let stock = safety_stock(&risk, &ServiceGoal::Cycle(0.5)).unwrap();
        prop_assert_eq!(stock.pieces_up(), 0);
        prop_assert_eq!(stock.level_up(), stock.level().ceil() as i64);
        let above = safety_stock(&DemandRisk { daily_sd: mean, ..risk }, &ServiceGoal::Cycle(0.9)).unwrap();
        prop_assert_eq!(above.pieces_up(), above.pieces().ceil() as i64);
        prop_assert_eq!(above.thousandths_up(), (above.pieces() * 1000.0).ceil() as i64);
    }

    #[test]
    fn any_numbers_give_an_answer_or_an_error(v in proptest::array::uniform5(proptest::num::f64::ANY), goal in proptest::num::f64::ANY, other in proptest::num::f64::ANY) {
        let risk = DemandRisk { daily_mean: v[0], daily_sd: v[1], lead_days: v[2], lead_sd_days: v[3], review_days: v[4] };
        for goal in [
            ServiceGoal::Cycle(goal),
            ServiceGoal::Fill { fill: goal, order_quantity: other },
            ServiceGoal::FillFirstOrder { fill: goal, order_quantity: other },
            ServiceGoal::Penalty { backorder: goal, holding: other },
        ] {
            if let Ok(stock) = safety_stock(&risk, &goal) {
                prop_assert!(stock.z().is_finite() && stock.pieces().is_finite() && stock.level().is_finite());
                prop_assert!(stock.level_up() >= 0);
            }
        }
        prop_assert!(!normal_upper_tail(v[0]).is_nan() || v[0].is_nan());
        prop_assert!(!normal_loss(v[0]).is_nan() || v[0].is_nan());
    }
}

#[test]
fn one_half_needs_no_safety_stock() {
    assert_eq!(normal_quantile(0.5).unwrap(), 0.0);
    let risk = DemandRisk { daily_mean: 9.0, daily_sd: 4.0, lead_days: 3.0, ..DemandRisk::default() };
    let stock = safety_stock(&risk, &ServiceGoal::Cycle(0.5)).unwrap();
    assert_eq!((stock.pieces(), stock.level_up()), (0.0, 27));
}

#[test]
fn certain_demand_is_served_or_not() {
    assert_eq!(cycle_service_of(0.0, 0.0).unwrap(), 1.0);
    assert_eq!(cycle_service_of(-1.0, 0.0).unwrap(), 0.0);
}

#[test]
fn whole_pieces_saturate() {
    let huge = DemandRisk { daily_mean: 1e12, lead_days: 1e12, ..DemandRisk::default() };
    assert_eq!(safety_stock(&huge, &ServiceGoal::Cycle(0.5)).unwrap().level_up(), i64::MAX);
}

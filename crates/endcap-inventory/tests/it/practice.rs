//! Retail practice: golden rows and laws of intermittent demand, censored sales, phantom stock, acceptance, slow stock,
//! pallets and order days.

use chrono::{Days, NaiveDate};
use endcap_inventory::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::golden::{dec, exact, float, list, rows};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn acceptance_rows() {
    let rows = rows(include_str!("../golden/acceptance.csv"));
    assert_eq!(rows.len(), 11);
    for row in rows {
        let fraction = || {
            let (num, den) = row["parameter"].split_once('/').unwrap();
            (num.parse().unwrap(), den.parse().unwrap())
        };
        let limit = match row["rule"].as_str() {
            "max_elapsed_fraction" => LifeLimit::MaxElapsed { num: fraction().0, den: fraction().1 },
            "min_remaining_fraction" => LifeLimit::MinRemaining { num: fraction().0, den: fraction().1 },
            _ => LifeLimit::MinRemainingDays(row["parameter"].parse().unwrap()),
        };
        let dates =
            BatchDates { made_on: Some(day(&row["manufactured"])), expires_on: Some(day(&row["expires"])) };
        let steps = [AcceptanceStep { limit, approval: Approval::NotNeeded }];
        let received = day(&row["received"]);
        let result = accept_on_receipt(&dates, received, &steps).unwrap();
        let number = |column: &str| Some(row[column].parse::<i64>().unwrap());
        assert_eq!(result.life_days, number("expected_life_days"), "{}", row["case"]);
        assert_eq!(result.elapsed_days, number("expected_elapsed_days"), "{}", row["case"]);
        assert_eq!(result.remaining_days, number("expected_remaining_days"), "{}", row["case"]);
        let accepted = row["expected_decision"] == "accept";
        let expected = if accepted { AcceptanceDecision::Accept } else { AcceptanceDecision::Reject };
        assert_eq!(result.decision, expected, "{}", row["case"]);
        if let Some(last) = result.valid_until {
            // The last valid day is accepted, the next is not.
            let on = |date| accept_on_receipt(&dates, date, &steps).unwrap().decision;
            assert_eq!(on(last), AcceptanceDecision::Accept);
            assert_eq!(on(last + Days::new(1)), AcceptanceDecision::Reject);
        }
    }
}

#[test]
fn acceptance_without_a_date_is_unknown() {
    let steps = [AcceptanceStep { limit: LifeLimit::ONE_THIRD, approval: Approval::NotNeeded }];
    let dates = BatchDates { made_on: None, expires_on: Some(day("2026-01-01")) };
    let result = accept_on_receipt(&dates, day("2025-12-01"), &steps).unwrap();
    assert_eq!((result.decision, result.remaining_days), (AcceptanceDecision::Unknown, Some(31)));
}

#[test]
fn censored_rows() {
    let rows = rows(include_str!("../golden/censored_demand.csv"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let days: Vec<DaySales> = list(&row["daily_sales"])
            .into_iter()
            .map(|cell| match cell.strip_suffix('+') {
                Some(sold) => DaySales::SoldOut(sold.parse().unwrap()),
                None => DaySales::Demand(cell.parse().unwrap()),
            })
            .collect();
        match (unconstrained_rate(&days), row["expected_rate"].as_str()) {
            (Err(InventoryError::NoSolution { .. }), "unbounded") => {}
            (Ok(rate), expected) => assert!((rate - float(expected)).abs() < 1e-9, "{}: {rate}", row["case"]),
            (other, expected) => panic!("{}: {other:?} but {expected}", row["case"]),
        }
    }
}

#[test]
fn demand_class_rows() {
    let rows = rows(include_str!("../golden/demand_class.csv"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let series: Vec<Decimal> = list(&row["series"]).into_iter().map(dec).collect();
        let profile = demand_profile(&series).unwrap();
        let class = match row["expected_class"].as_str() {
            "smooth" => DemandClass::Smooth,
            "erratic" => DemandClass::Erratic,
            "intermittent" => DemandClass::Intermittent,
            "lumpy" => DemandClass::Lumpy,
            _ => DemandClass::NoDemand,
        };
        assert_eq!(profile.class, class, "{}", row["case"]);
        let value = |column: &str| (!row[column].is_empty()).then(|| exact(&row[column]));
        assert_eq!(profile.interval, value("expected_adi"), "{}", row["case"]);
        assert_eq!(profile.squared_variation, value("expected_cv2"), "{}", row["case"]);
    }
}

fn intermittent(method: IntermittentMethod, alpha: f64, beta: f64) -> IntermittentOptions {
    IntermittentOptions { method, alpha, beta, start: IntermittentStart::Causal }
}

#[test]
fn intermittent_rows() {
    let rows = rows(include_str!("../golden/intermittent.csv"));
    assert_eq!(rows.len(), 3);
    for row in rows {
        let method = match row["method"].as_str() {
            "croston" => IntermittentMethod::Croston,
            "sba" => IntermittentMethod::SyntetosBoylan,
            _ => IntermittentMethod::ShaleBoylanJohnston,
        };
        let series: Vec<f64> = list(&row["series"]).into_iter().map(float).collect();
        let options = intermittent(method, float(&row["alpha_size"]), float(&row["beta_interval"]));
        let forecast = intermittent_forecast(&series, &options).unwrap();
        let expected = list(&row["expected_forecast"]);
        assert_eq!(forecast.len(), expected.len());
        for (ours, theirs) in forecast.iter().zip(expected) {
            match ours {
                None => assert_eq!(theirs, "nan"),
                Some(ours) => assert!((ours - float(theirs)).abs() < 1e-12, "{}: {ours}", row["method"]),
            }
        }
    }
}

#[test]
fn phantom_rows() {
    let rows = rows(include_str!("../golden/phantom.csv"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let floats = |column: &str| list(&row[column]).into_iter().map(float).collect::<Vec<f64>>();
        let signal = phantom_signal(
            &floats("daily_sale_probability"),
            &floats("daily_forecast"),
            float(&row["prior"]),
        )
        .unwrap();
        for (ours, column) in [
            (signal.p_value, "expected_p_value"),
            (signal.posterior, "expected_posterior"),
            (signal.lost_pieces, "expected_lost_units"),
        ] {
            assert!((ours - float(&row[column])).abs() < 1e-11, "{} {column}: {ours}", row["case"]);
        }
    }
}

#[test]
fn slow_and_dead_stock() {
    let stock = StockMotion { on_hand: 40, sold: 0, window_days: 30, last_sale: LastSale::DaysAgo(181) };
    let judge = |stock| stock_motion(&stock, &SlowLimits::default()).unwrap();
    assert_eq!(judge(stock), StockMotionResult { class: StockMotionClass::Dead, excess: 40 });
    let slow = judge(StockMotion { last_sale: LastSale::DaysAgo(180), ..stock });
    assert_eq!(slow, StockMotionResult { class: StockMotionClass::Slow, excess: 40 });
    let new = judge(StockMotion { last_sale: LastSale::NeverInDays(29), ..stock });
    assert_eq!(new.class, StockMotionClass::New);
    let empty = judge(StockMotion { on_hand: 0, ..stock });
    assert_eq!(empty, StockMotionResult { class: StockMotionClass::Empty, excess: 0 });
    // 13 sold in 30 days cover 39 pieces of 90 days: one too many.
    let close = judge(StockMotion { sold: 13, last_sale: LastSale::DaysAgo(0), ..stock });
    assert_eq!(close, StockMotionResult { class: StockMotionClass::Slow, excess: 1 });
}

/// One row: `need` pieces, cases of 12, pallets of 120.
fn pallet_order(need: i64, percent: u8, cap: i64) -> OrderLine {
    let columns = OrderColumns {
        case_pack: Column::Same(12),
        pallet: Column::Same(120),
        order_cap: Column::Same(cap),
        ..OrderColumns::new(&[0], Demand::Forecast(Column::Same(need)))
    };
    let options =
        OrderOptions { pallet_percent: PalletPercent::new(percent).unwrap(), ..OrderOptions::default() };
    suggest_all(&columns, &options).unwrap()[0]
}

#[test]
fn pallets_are_filled_from_a_share_on() {
    let line = pallet_order(95, 80, 1000);
    assert_eq!(line.quantity(), 120);
    assert_eq!(line.explain(Language::Zh), "建议订货120件 = 提前期与订货周期需求 +95,凑整箱 +1,凑整托盘 +24");
    assert_eq!(
        line.explain(Language::En),
        "order 120 pieces = demand over lead time and review interval +95, to whole cases +1, to a full pallet +24"
    );
    assert_eq!(pallet_order(84, 80, 1000).quantity(), 84);
    assert_eq!(pallet_order(84, 100, 1000).quantity(), 84);
    assert_eq!(pallet_order(360, 1, 1000).quantity(), 360);
    // A cap takes the pallet back to whole cases.
    let capped = pallet_order(95, 80, 110);
    assert_eq!((capped.quantity(), capped.outcome()), (108, Outcome::Capped));
    assert_eq!(capped.reasons().map(|reason| reason.quantity).sum::<i64>(), 108);
}

#[test]
fn one_piece_is_not_pieces() {
    let columns = |cap| OrderColumns {
        order_cap: Column::Same(cap),
        ..OrderColumns::new(&[0], Demand::Forecast(Column::Same(2)))
    };
    let said = |cap| suggest_all(&columns(cap), &OrderOptions::default()).unwrap()[0].explain(Language::En);
    let need = "demand over lead time and review interval +2";
    assert_eq!(said(2), format!("order 2 pieces = {need}"));
    assert_eq!(said(1), format!("order 1 piece = {need}, order cap −1; cut by a cap, 1 piece unmet"));
    let conflict = InventoryError::NegativeStock { row: 0, on_hand: -1 };
    assert_eq!(conflict.to_string(), "row 0: stock on hand is -1 piece; count it before ordering");
}

#[test]
fn order_timing_refuses_days_that_do_not_rise() {
    let calendar = [(day("2025-06-02"), day("2025-06-04")), (day("2025-06-02"), day("2025-06-05"))];
    let error = order_timing(day("2025-06-01"), &calendar).unwrap_err();
    assert!(matches!(error, InventoryError::PeriodsNotAdjacent { position: 1, .. }));
    assert_eq!(order_timing(day("2025-06-03"), &calendar[..1]).unwrap_err(), InventoryError::EmptyChain);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_constant_series_is_its_own_forecast(value in 0.1_f64..50.0, alpha in 0.01_f64..1.0, n in 2_usize..40) {
        let options = intermittent(IntermittentMethod::Croston, alpha, alpha);
        let forecast = intermittent_forecast(&vec![value; n], &options).unwrap();
        prop_assert!((forecast[n].unwrap() - value).abs() < 1e-9 * value);
    }

    #[test]
    fn intermittent_forecasts_scale_and_correct(
        series in prop::collection::vec(prop_oneof![2 => Just(0.0), 1 => 1.0_f64..20.0], 1..40),
        beta in 0.05_f64..1.0,
        scale in 0.1_f64..10.0,
    ) {
        let of = |method, series: &[f64]| {
            intermittent_forecast(series, &intermittent(method, 0.3, beta)).unwrap()
        };
        let scaled: Vec<f64> = series.iter().map(|y| y * scale).collect();
        for method in [IntermittentMethod::Croston, IntermittentMethod::TeunterSyntetosBabai] {
            for (a, b) in of(method, &series).iter().zip(of(method, &scaled)) {
                prop_assert_eq!(a.is_some(), b.is_some());
                if let (Some(a), Some(b)) = (a, b) {
                    prop_assert!((a * scale - b).abs() <= 1e-9 * b.abs());
                }
            }
        }
        let croston = of(IntermittentMethod::Croston, &series);
        for (a, b) in croston.iter().zip(of(IntermittentMethod::SyntetosBoylan, &series)) {
            if let (Some(a), Some(b)) = (a, b) {
                prop_assert!((a * (1.0 - beta / 2.0) - b).abs() <= 1e-12 * a);
            }
        }
        // Zeros: the dying-item method falls, Croston does not move.
        let mut dying = series.clone();
        dying.extend([0.0, 0.0, 0.0]);
        let (tsb, flat) = (of(IntermittentMethod::TeunterSyntetosBabai, &dying), of(IntermittentMethod::Croston, &dying));
        let last = dying.len();
        if let (Some(now), Some(before)) = (tsb[last], tsb[last - 1]) {
            prop_assert!(now < before || beta == 0.0);
            prop_assert_eq!(flat[last], flat[last - 1]);
        }
    }

    #[test]
    fn uncensored_rate_is_at_least_the_observed(
        days in prop::collection::vec((0_i64..12, any::<bool>()), 1..20),
    ) {
        let days: Vec<DaySales> = days
            .into_iter()
            .map(|(sold, full)| if full { DaySales::Demand(sold) } else { DaySales::SoldOut(sold) })
            .collect();
        if let Ok(rate) = unconstrained_rate(&days) {
            let informative: Vec<f64> = days
                .iter()
                .filter_map(|day| match day {
                    DaySales::SoldOut(0) => None,
                    DaySales::Demand(k) | DaySales::SoldOut(k) => Some(*k as f64),
                })
                .collect();
            let mean = informative.iter().sum::<f64>() / informative.len() as f64;
            prop_assert!(rate >= mean - 1e-9, "{rate} < {mean}");
        }
    }

    #[test]
    fn a_longer_streak_is_more_suspicious(q in 0.0_f64..1.0, prior in 0.001_f64..0.999, n in 0_usize..30) {
        let of = |n: usize| phantom_signal(&vec![q; n], &vec![1.0; n], prior).unwrap();
        let (now, next) = (of(n), of(n + 1));
        prop_assert!((0.0..=1.0).contains(&now.p_value) && next.p_value <= now.p_value);
        prop_assert!(now.posterior >= prior - 1e-15 && next.posterior >= now.posterior - 1e-15);
        // Day by day without hazard is the same posterior; a sale resets it.
        let mut chain = prior;
        for _ in 0..n {
            chain = phantom_step(chain, q, 0.0, ShelfDay::NoSale).unwrap();
        }
        prop_assert!((chain - now.posterior).abs() < 1e-9);
        prop_assert!((phantom_step(chain, q, 0.03, ShelfDay::Sold).unwrap() - 0.03).abs() < 1e-15);
    }

    #[test]
    fn pallet_orders_add_up_and_stay_whole_cases(
        need in 0_i64..5000, percent in 1_u8..=100, cap in prop_oneof![Just(i64::MAX), 0_i64..5000],
    ) {
        let line = pallet_order(need, percent, cap);
        prop_assert_eq!(line.reasons().map(|reason| reason.quantity).sum::<i64>(), line.quantity());
        prop_assert_eq!(line.quantity() % 12, 0);
        prop_assert!(line.quantity() <= cap);
        if cap == i64::MAX {
            prop_assert!(line.quantity() >= need && line.quantity() - need < 12 + 120);
        }
    }
}

#[test]
fn normal_unconstraining_recovers_what_was_cut() {
    // Deciles of N(100, 20), with everything above 110 sold out at 110.
    let mut days = Vec::new();
    for step in 0..200 {
        let p = (f64::from(step) + 0.5) / 200.0;
        let demand = 100.0 + 20.0 * normal_quantile(p).unwrap();
        let whole = demand.round() as i64;
        days.push(if whole > 110 { DaySales::SoldOut(110) } else { DaySales::Demand(whole) });
    }
    let found = unconstrained_normal(&days).unwrap();
    assert!((found.mean - 100.0).abs() < 0.5, "{found:?}");
    assert!((found.sd - 20.0).abs() < 0.7, "{found:?}");
    // Without censoring: mean and population deviation.
    let plain = unconstrained_normal(&[DaySales::Demand(1), DaySales::Demand(3)]).unwrap();
    assert!((plain.mean - 2.0).abs() < 1e-12 && (plain.sd - 1.0).abs() < 1e-12);
}

//! Whole evaluations worked out by hand.

use endcap_promo::{
    Baseline, CapEffect, Economics, Evaluation, EvaluationOptions, EvidenceGap, FlowKind, FundingBasis,
    FundingVolume, Language, NotEvaluable, Outcome, Party, Promotion, SellIn, Verdict, WeekMark, WeekRole,
    WeeklySeries, evaluate, student_t,
};
use endcap_types::{Currency, Quantity, Rounding};

use crate::support::{dec, economics, int, line, lump, monday, price, promotion, scan_back, series, weeks};

/// Quiet weeks of 1,000; 1,500 at 8.00 and 1,300 at 7.00; then 900 and 1,050. Bought in: 3,000.
/// Off-invoice 0.50, scan-back 1.00 capped at 2,000.00, lump 300.00.
fn worked() -> Evaluation {
    let mut units = vec![1_000; 22];
    units.extend([1_500, 1_300, 900, 1_050]);
    let mut all = weeks(&units, |_| false);
    all[22].shelf_price = Some(price("8.00"));
    all[23].shelf_price = Some(price("7.00"));
    let mut capped = scan_back("1.00");
    capped.cap = Some(dec("2000.00"));
    let funding =
        vec![line("OI", FundingBasis::OffInvoice { per_unit: dec("0.50") }), capped, lump("300.00")];
    let economics = Economics { sell_in: SellIn::Units(Quantity::pieces(3_000).unwrap()), ..economics() };
    let series = WeeklySeries::new(all).unwrap();
    evaluate(&promotion(22, 2, funding), &series, &economics, &EvaluationOptions::default()).unwrap()
}

#[test]
fn units_by_hand() {
    let evaluation = worked();
    let measured = evaluation.measured().unwrap();
    for reading in &measured.readings {
        assert_eq!(reading.base_units, int(2_000));
        assert_eq!(reading.incremental_units, int(800));
        assert_eq!(reading.lift.to_percent(0), "40%");
        assert_eq!(reading.post_dip_units, int(50));
        assert_eq!(reading.net_incremental_units, int(750));
        assert_eq!(reading.pull_forward_share.to_percent(2), "6.25%");
    }
    assert_eq!(evaluation.effect(), Verdict::Works);
    assert_eq!(evaluation.payback().name(), "does_not");
    assert_eq!(evaluation.event.to_string(), "2025-06-02..2025-06-16");
}

#[test]
fn money_by_hand() {
    let evaluation = worked();
    let measured = evaluation.measured().unwrap();
    let amounts: Vec<String> = evaluation.funding.iter().map(|line| line.amount.to_amount_string()).collect();
    assert_eq!(amounts, ["1500.00", "2000.00", "300.00"]); // 3,000 × 0.50; 2,800 × 1.00 cut; the lump
    assert_eq!(evaluation.funding[1].cap, CapEffect::CapReached);
    assert_eq!(evaluation.funding[1].exact.to_fixed(2, endcap_types::RoundingMode::HalfEven), "2800.00");
    let bridge = &measured.bridge;
    let net = |party| bridge.net(party).unwrap().to_amount_string();
    assert_eq!(net(Party::Supplier), "-2000.00"); // (800 − 50) × 2.40 − 3,800
    assert_eq!(net(Party::Retailer), "1950.00"); // 3,100 − 450 − 4,800 + 300 + 3,800
    assert_eq!(net(Party::Consumer), "-2650.00"); // 1,500 × 8 + 1,300 × 7 − 2,000 × 9 − 450
    assert_eq!(net(Party::Production), "2700.00"); // 750 × 3.60
    assert_eq!(bridge.shopper_saving.to_amount_string(), "4100.00"); // 2,800 × 9 − 21,100
    assert_eq!(bridge.saving_of_base_buyers.to_amount_string(), "2928.57"); // 2,000 × 4,100 / 2,800
    assert_eq!(bridge.off_invoice_on_units_sold.to_amount_string(), "1400.00");
    assert_eq!(bridge.off_invoice_on_forward_buy.to_amount_string(), "100.00");
    assert_eq!(bridge.saving_funded_by_supplier.to_amount_string(), "3400.00");
    assert_eq!(bridge.saving_funded_by_retailer.to_amount_string(), "700.00");
    assert_eq!(measured.incremental_revenue.to_amount_string(), "4500.00");
    assert_eq!(measured.incremental_margin.to_amount_string(), "1800.00");
    assert_eq!(measured.returns.roi_gross.to_percent(1), "47.4%");
    assert_eq!(measured.returns.roi_net.to_percent(1), "-52.6%");
    assert_eq!(measured.break_even.lift.to_percent(1), "183.3%"); // (2,000 × 1.50 + 300) / 0.90 / 2,000
    let after = bridge.flows.iter().find(|flow| flow.kind == FlowKind::SupplyAfter).unwrap();
    assert_eq!(after.amount.to_amount_string(), "-300.00");
}

#[test]
fn words_by_hand() {
    let evaluation = worked();
    let english = evaluation.explain(Language::En);
    assert_eq!(english[1], "Sold 2800 against 2000 expected: 800 on top, a lift of 40.0%.");
    assert_eq!(
        english[2],
        "Afterwards 50 were missing (6% of the gain pulled forward), which leaves 750 net."
    );
    assert!(
        english[5].starts_with(
            "It did not pay for itself. Margin on net units CNY 1800.00 less funding CNY 3800.00"
        )
    );
    let chinese = evaluation.explain(Language::Zh);
    assert_eq!(chinese[0], "有效：多卖了，且超出平常周自身的波动。");
    assert_eq!(chinese[1], "实销 2800 件，基线 2000 件：增量 800 件，提升率 40.0%。");
    assert_eq!(chinese.len(), english.len());
    assert_eq!(
        evaluation.funding[1].explain(Language::En),
        "SB: 2800 units scanned × 1.00 = 2800.0000, cut at the cap → CNY 2000.00"
    );
    assert_eq!(
        evaluation.funding[0].explain(Language::Zh),
        "OI: 进货 3000 件 × 0.50 = 1500.0000 → CNY 1500.00"
    );
}

#[test]
fn the_chart_shows_what_the_figures_stand_on() {
    // A straight line goes on as a straight line: every forecast is the line itself.
    let mut units: Vec<i64> = (0..30).map(|at| 1_000 + 10 * at).collect();
    units[22] += 500;
    let options =
        EvaluationOptions { baseline: Baseline::LinearTrend { weeks: 8 }, ..EvaluationOptions::default() };
    let series = series(&units, |at| at == 5);
    let evaluation = evaluate(&promotion(22, 2, vec![]), &series, &economics(), &options).unwrap();
    assert_eq!(evaluation.chart.len(), 30);
    for (at, point) in evaluation.chart.iter().enumerate() {
        assert_eq!(point.start, monday(at));
        assert_eq!(point.actual, Some(units[at] as f64));
        let role = match at {
            22 | 23 => WeekRole::Event,
            24 | 25 => WeekRole::Cooldown,
            _ => WeekRole::Around,
        };
        assert_eq!(point.role, role);
        let mark = match at {
            5 | 22 | 23 => WeekMark::Promoted,
            4 | 6 | 7 | 21 | 24 | 25 => WeekMark::Halo,
            _ => WeekMark::Clean,
        };
        assert_eq!(point.mark, mark);
        // Eight clean weeks are known from week 12 on: 0 to 3 and 8 to 11.
        match point.baseline {
            None => assert!(at < 12),
            Some(base) => {
                assert!(at >= 12 && (base - (1_000.0 + 10.0 * at as f64)).abs() < 1e-9, "{at}: {base}")
            }
        }
    }
    assert_eq!(evaluation.measured().unwrap().readings[0].incremental_units, int(500));
}

#[test]
fn cooldown_sales_are_an_outcome_and_teach_nothing() {
    // Without a halo only the cooldown itself keeps its weeks out of baseline and noise.
    let options = EvaluationOptions { halo_before: 0, halo_after: 0, ..EvaluationOptions::default() };
    let judge = |after: i64| {
        let mut units: Vec<i64> = (0..40).map(|at| 700 + at * 37 % 91).collect();
        units[24] = after;
        let series = series(&units, |_| false);
        evaluate(&promotion(22, 2, vec![]), &series, &economics(), &options).unwrap()
    };
    let (low, high) = (judge(100), judge(5_000));
    for (low, high) in low.measured().unwrap().readings.iter().zip(&high.measured().unwrap().readings) {
        assert_eq!(low.base_units, high.base_units);
        assert_eq!(low.effect.estimate.standard_error, high.effect.estimate.standard_error);
        assert_eq!(low.fit_error, high.fit_error);
        assert_eq!(low.post_dip_units.sub(&high.post_dip_units).unwrap(), int(4_900));
    }
}

#[test]
fn a_long_event_needs_twice_its_length_of_history() {
    let units = [700; 60];
    let judge = |first| {
        let series = series(&units, |_| false);
        evaluate(&promotion(first, 5, vec![]), &series, &economics(), &EvaluationOptions::default()).unwrap()
    };
    // One of the weeks before is halo: nine are left, then ten.
    assert_eq!(judge(10).outcome, Outcome::NotMeasurable(NotEvaluable::PrePeriodTooShort));
    assert!(judge(11).measured().is_some());
}

#[test]
fn a_cap_that_is_just_met_does_not_bite() {
    let mut funding = scan_back("1.00");
    funding.cap = Some(dec("2800.00"));
    let volume = FundingVolume {
        scanned: int(2_800),
        invoiced: int(0),
        supply_price_minor: int(600),
        shelf_price_minor: int(900),
        currency: Currency::CNY,
        rounding: Rounding::HALF_AWAY,
    };
    assert_eq!(funding.amount(&"P".parse().unwrap(), &volume).unwrap().cap, CapEffect::Free);
}

#[test]
fn t_with_one_degree_of_freedom_is_an_arc_tangent() {
    // tan 15°, 30°, 45°, 60°, 75°: the probabilities are twelfths.
    let root = 3.0_f64.sqrt();
    for (t, twelfths) in [(2.0 - root, 7), (1.0 / root, 8), (1.0, 9), (root, 10), (2.0 + root, 11)] {
        let p = student_t::cdf(t, 1).unwrap();
        assert!((p - f64::from(twelfths) / 12.0).abs() < 3e-16, "{t}: {p}");
    }
}

#[test]
fn marking_a_promotion_leaves_stock_outs_alone() {
    let mut all = weeks(&[700; 4], |_| false);
    all[2].mark = WeekMark::StockOut;
    let period = endcap_calendar::Period::new(monday(1), monday(3)).unwrap();
    let marked = WeeklySeries::new(all).unwrap().with_promoted(period);
    let marks: Vec<WeekMark> = marked.weeks().iter().map(|week| week.mark).collect();
    assert_eq!(marks, [WeekMark::Clean, WeekMark::Promoted, WeekMark::StockOut, WeekMark::Clean]);
}

#[test]
fn a_prize_at_the_cap_is_allowed() {
    use endcap_promo::commitment::{Prize, prize_pool};
    let prize = |value| Prize { count: 1, value: int(value) };
    let pool = prize_pool(&[prize(50_000), prize(50_001)], &int(50_000)).unwrap();
    assert_eq!((pool.cost, pool.above_cap), (int(100_001), vec![1]));
}

#[test]
fn the_weekly_series_end_to_end() {
    // The series of the baseline cases, judged whole: two weeks at 792 and 767, then 382 and 404.
    let weeks = crate::golden::rows(include_str!("../golden/weekly_series.csv"))
        .iter()
        .map(|row| endcap_promo::Week {
            start: row["start"].parse().unwrap(),
            sold: row["units"].parse().ok().map(|units| endcap_types::Quantity::pieces(units).unwrap()),
            shelf_price: None,
            mark: match row["mark"] {
                "promo" => WeekMark::Promoted,
                "halo" => WeekMark::Halo,
                "stockout" => WeekMark::StockOut,
                _ => WeekMark::Clean,
            },
        })
        .collect();
    let mut plan = crate::support::plan(0, 2, vec![crate::support::lump("1000.00")]);
    plan.period = "2025-02-17..2025-03-03".parse().unwrap();
    let options = EvaluationOptions {
        baseline: Baseline::TrimmedMean { weeks: 10, trim: "20%".parse().unwrap() },
        ..EvaluationOptions::default()
    };
    let series = WeeklySeries::new(weeks).unwrap();
    let promotion = Promotion::new(plan).unwrap();
    let evaluation = evaluate(&promotion, &series, &economics(), &options).unwrap();
    let measured = evaluation.measured().unwrap();
    let [trimmed, smoothed] = measured.readings.as_slice() else { panic!("two readings") };
    assert_eq!(trimmed.base_units, int(931)); // 2 × 465.5
    assert_eq!(trimmed.lift.to_percent(1), "67.5%");
    assert_eq!(smoothed.lift.to_percent(1), "64.5%");
    assert_eq!(trimmed.post_dip_units, int(145)); // 931 − 382 − 404
    assert_eq!(trimmed.net_incremental_units, int(483)); // 628 − 145
    assert_eq!(evaluation.effect(), Verdict::Works);
    // 483 units at a margin of 2.40 against 1,000.00: a gain of 159.20 that the noise does not let stand.
    assert_eq!(measured.net_margin.to_amount_string(), "159.20");
    let Verdict::NotEnoughEvidence { because, .. } = evaluation.payback() else { panic!("certain") };
    assert_eq!(because, EvidenceGap::Underpowered);
    assert_eq!(
        evaluation.explain(Language::En)[0],
        "Works: it sold more, beyond what quiet weeks do by themselves."
    );
}

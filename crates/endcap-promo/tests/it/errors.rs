//! One test per public error, per problem of a plan, and per reason not to judge.

use endcap_promo::{
    Baseline, DecisionRule, Estimate, EvaluationOptions, EvidenceGap, FundingBasis, Gate, Language, Mechanic,
    NotEvaluable, Outcome, Problem, PromoError, Promotion, SellIn, Verdict, Week, WeekMark, WeeklySeries,
    baseline, border, evaluate, noise, student_t, verdict,
};
use endcap_types::{Currency, Price, Quantity, Rate, TaxBasis, Unit};

use crate::support::{
    day, dec, economics, line, lump, monday, plan, price, promotion, scan_back, series, week, weeks,
};

/// Thirty weeks of 700, the event in weeks 22 and 23.
const QUIET: [i64; 30] = [700; 30];

fn in_event(at: usize) -> bool {
    (22..24).contains(&at)
}

fn judge(series: &WeeklySeries) -> Result<endcap_promo::Evaluation, PromoError> {
    evaluate(&promotion(22, 2, vec![scan_back("1.00")]), series, &economics(), &EvaluationOptions::default())
}

fn judge_with(options: EvaluationOptions) -> PromoError {
    evaluate(&promotion(22, 2, vec![]), &series(&QUIET, in_event), &economics(), &options).unwrap_err()
}

fn not_measurable(series: &WeeklySeries) -> NotEvaluable {
    let evaluation = judge(series).unwrap();
    assert!(evaluation.measured().is_none());
    assert!(!evaluation.explain(Language::En).is_empty());
    match evaluation.outcome {
        Outcome::NotMeasurable(why) => why,
        Outcome::Measured(_) => panic!("measured"),
    }
}

#[test]
fn values_of_the_floor_below_are_refused() {
    let empty = Mechanic::BuyGet { buy: 0, free: 0 };
    let error = empty.planned_unit_price(&price("9.00")).unwrap_err();
    assert!(matches!(error, PromoError::Types(endcap_types::TypesError::DivisionByZero)));
    let ancient = Week { start: day("1000-01-06"), ..week(0, 1, WeekMark::Clean) };
    assert!(matches!(WeeklySeries::new(vec![ancient]).unwrap_err(), PromoError::Calendar(_)));
}

#[test]
fn a_plan_reports_every_problem_at_once() {
    let mut bad = plan(22, 2, vec![]);
    bad.skus = vec!["A".parse().unwrap(), "B".parse().unwrap(), "A".parse().unwrap()];
    bad.mechanic = Mechanic::PercentOff { rate: "120%".parse().unwrap() };
    let mut capped = scan_back("1.00");
    capped.cap = Some(dec("-1"));
    let mut short = lump("100.00");
    short.cap = Some(dec("99.99"));
    bad.funding =
        vec![capped, scan_back("-0.01"), short, line("N", FundingBasis::LumpSum { amount: dec("-5") })];
    let (sb, n) = ("SB".parse().unwrap(), "N".parse().unwrap());
    let expected = vec![
        Problem::SkuTwice { sku: "A".parse().unwrap() },
        Problem::PercentOutOfRange { rate: "120%".parse().unwrap() },
        Problem::NegativeCap { line: "SB".parse().unwrap(), cap: dec("-1") },
        Problem::FundingLineTwice { line: "SB".parse().unwrap() },
        Problem::NegativeFunding { line: sb, value: dec("-0.01") },
        Problem::CapBelowLump { line: "LUMP".parse().unwrap(), cap: dec("99.99"), lump: dec("100.00") },
        Problem::NegativeFunding { line: n, value: dec("-5") },
    ];
    assert_eq!(bad.validate(), expected);
    let error = Promotion::new(bad).unwrap_err();
    assert_eq!(
        error.to_string(),
        "promotion EVENT breaks 7 rule(s): item A is listed twice; 120% off is outside 0% to 100%; \
         cap of funding line SB is negative: -1; funding line SB is given twice; funding line SB is negative: -0.01; \
         funding line LUMP promises 100.00 and caps it at 99.99; funding line N is negative: -5"
    );
    assert_eq!(error, PromoError::InvalidPromotion { id: "EVENT".into(), problems: expected });
}

#[test]
fn a_plan_needs_items_within_the_limit() {
    let mut bad = plan(0, 1, vec![]);
    bad.skus.clear();
    assert_eq!(bad.validate(), [Problem::NoSkus]);
    bad.skus = (0..1_001).map(|n| format!("S{n}").parse().unwrap()).collect();
    assert_eq!(bad.validate(), [Problem::TooManySkus { count: 1_001 }]);
    bad.skus.pop();
    assert_eq!(bad.validate(), []);
}

#[test]
fn a_mechanic_needs_groups_and_amounts_that_make_sense() {
    let problems = |mechanic| {
        let mut bad = plan(0, 1, vec![]);
        bad.mechanic = mechanic;
        bad.validate()
    };
    let group = |what, count| Problem::GroupOutOfRange { what, count };
    assert_eq!(
        problems(Mechanic::BuyGet { buy: 0, free: 1_001 }),
        [group("the number to buy", 0), group("the number free", 1_001)]
    );
    assert_eq!(
        problems(Mechanic::Bundle { units: 0, price: dec("-1") }),
        [Problem::NegativeMechanicAmount { amount: dec("-1") }, group("the number in the bundle", 0)]
    );
    let negative = [Problem::NegativeMechanicAmount { amount: dec("-2") }];
    assert_eq!(problems(Mechanic::AmountOff { amount: dec("-2") }), negative);
    assert_eq!(problems(Mechanic::FixedPrice { price: dec("-2") }), negative);
    assert_eq!(problems(Mechanic::PercentOff { rate: Rate::ONE }), []);
}

#[test]
fn a_plan_has_at_most_a_hundred_funding_lines() {
    let lines = (0..101).map(|n| line(&format!("L{n}"), FundingBasis::FreeGoods { units: n })).collect();
    assert_eq!(plan(0, 1, lines).validate(), [Problem::TooManyFundingLines { count: 101 }]);
}

#[test]
fn no_weeks() {
    assert_eq!(WeeklySeries::new(vec![]).unwrap_err(), PromoError::NoWeeks);
}

#[test]
fn too_many_weeks() {
    // Two weeks are enough when the gap between them is too long.
    let ends = |last| WeeklySeries::new(vec![week(0, 1, WeekMark::Clean), week(last, 1, WeekMark::Clean)]);
    assert_eq!(ends(1_040).unwrap_err(), PromoError::TooManyWeeks { weeks: 1_041, limit: 1_040 });
    assert_eq!(ends(1_039).unwrap().len(), 1_040);
}

#[test]
fn week_off_grid() {
    let odd = Week { start: day("2025-01-07"), ..week(0, 1, WeekMark::Clean) };
    let error = WeeklySeries::new(vec![odd, week(0, 1, WeekMark::Clean)]).unwrap_err();
    assert_eq!(error, PromoError::WeekOffGrid { week: day("2025-01-07"), first: monday(0) });
}

#[test]
fn week_twice() {
    let error =
        WeeklySeries::new(vec![week(1, 1, WeekMark::Clean), week(1, 2, WeekMark::Clean)]).unwrap_err();
    assert_eq!(error, PromoError::WeekTwice { week: monday(1) });
}

#[test]
fn negative_week() {
    let error = WeeklySeries::new(vec![week(0, -3, WeekMark::Clean)]).unwrap_err();
    assert_eq!(error, PromoError::NegativeWeek { week: monday(0), units: "-3 pc".into() });
}

#[test]
fn unit_differs() {
    let cases = Week { sold: Some(Quantity::cases(1).unwrap()), ..week(1, 1, WeekMark::Clean) };
    let error = WeeklySeries::new(vec![week(0, 1, WeekMark::Clean), cases]).unwrap_err();
    assert_eq!(error, PromoError::UnitDiffers { what: "a week", expected: Unit::Piece, found: Unit::Case });
    let in_cases =
        endcap_promo::Economics { sell_in: SellIn::Units(Quantity::cases(9).unwrap()), ..economics() };
    let error = evaluate(
        &promotion(22, 2, vec![]),
        &series(&QUIET, in_event),
        &in_cases,
        &EvaluationOptions::default(),
    );
    assert_eq!(
        error.unwrap_err(),
        PromoError::UnitDiffers { what: "the sell-in", expected: Unit::Piece, found: Unit::Case }
    );
}

#[test]
fn currency_and_tax_basis_differ() {
    let with = |supply_price| {
        let economics = endcap_promo::Economics { supply_price, ..economics() };
        evaluate(
            &promotion(22, 2, vec![]),
            &series(&QUIET, in_event),
            &economics,
            &EvaluationOptions::default(),
        )
        .unwrap_err()
    };
    let dollars = Price::new(dec("6"), Currency::USD, Unit::Piece, TaxBasis::Inclusive).unwrap();
    assert_eq!(
        with(dollars),
        PromoError::CurrencyDiffers {
            what: "the supply price",
            expected: Currency::CNY,
            found: Currency::USD
        }
    );
    let net = Price::new(dec("6"), Currency::CNY, Unit::Piece, TaxBasis::Exclusive).unwrap();
    assert_eq!(
        with(net),
        PromoError::TaxBasisDiffers {
            what: "the supply price",
            expected: TaxBasis::Inclusive,
            found: TaxBasis::Exclusive
        }
    );
}

#[test]
fn negative_sell_in() {
    let sell_in = SellIn::Units(Quantity::pieces(-1).unwrap());
    let economics = endcap_promo::Economics { sell_in, ..economics() };
    let error = evaluate(
        &promotion(22, 2, vec![]),
        &series(&QUIET, in_event),
        &economics,
        &EvaluationOptions::default(),
    );
    assert_eq!(error.unwrap_err(), PromoError::NegativeUnits { what: "sell-in", value: "-1 pc".into() });
}

#[test]
fn event_outside_series() {
    let late = promotion(30, 1, vec![]);
    let error = evaluate(&late, &series(&QUIET, in_event), &economics(), &EvaluationOptions::default());
    assert!(matches!(error.unwrap_err(), PromoError::EventOutsideSeries { .. }));
}

#[test]
fn too_few_clean_weeks() {
    let units = [1.0; 5];
    let error =
        baseline::expected(&Baseline::TrailingMean { weeks: 5 }, &units, &[true; 5], &[4]).unwrap_err();
    assert_eq!(error, PromoError::TooFewCleanWeeks { method: "trailing_mean", have: 4, need: 5 });
    // Two clean weeks looked back, stretches of four: df = ⌊12·m/33⌋ reaches 2 at m = 6, so 2 + 4 + 5 = 11 weeks.
    let mean = Baseline::TrailingMean { weeks: 2 };
    let error = noise::of_windows(&mean, &[1.0; 10], &[true; 10], 4).unwrap_err();
    assert_eq!(error, PromoError::TooFewCleanWeeks { method: "trailing_mean", have: 10, need: 11 });
    assert_eq!(noise::of_windows(&mean, &[1.0; 11], &[true; 11], 4).unwrap().df, 2);
    let error = baseline::year_ago(&units, &[true; 5], &[true; 5], &[4], 5).unwrap_err();
    assert_eq!(error, PromoError::TooFewCleanWeeks { method: "year_ago", have: 0, need: 1 });
}

#[test]
fn baseline_parameter() {
    let check = |method: Baseline| method.check().unwrap_err().to_string();
    let percent = |text: &str| text.parse().unwrap();
    assert_eq!(
        check(Baseline::LinearTrend { weeks: 1 }),
        "baseline parameter weeks is 1, expected 1 (a line: 2) to 520"
    );
    assert_eq!(
        check(Baseline::TrimmedMean { weeks: 4, trim: percent("50%") }),
        "baseline parameter trim is 50%, expected 0% up to but without 50%"
    );
    for alpha in ["0%", "-1%", "100.1%"] {
        let error = Baseline::ExponentialSmoothing { alpha: percent(alpha) }.check().unwrap_err();
        assert!(matches!(error, PromoError::BaselineParameter { parameter: "alpha", .. }), "{alpha}");
    }
}

#[test]
fn shape_mismatch() {
    let mean = Baseline::TrailingMean { weeks: 1 };
    let error = baseline::expected(&mean, &[1.0; 3], &[true; 2], &[2]).unwrap_err();
    assert_eq!(error, PromoError::ShapeMismatch { what: "length of the clean mask", found: 2, weeks: 3 });
    let error = baseline::expected(&mean, &[1.0; 3], &[true; 3], &[3]).unwrap_err();
    assert_eq!(error, PromoError::ShapeMismatch { what: "position in the window", found: 3, weeks: 3 });
}

#[test]
fn option_out_of_range() {
    let d = EvaluationOptions::default;
    let rate = |text: &str| text.parse().unwrap();
    for (options, option) in [
        (EvaluationOptions { cooldown_weeks: 27, ..d() }, "cooldown_weeks"),
        (EvaluationOptions { halo_before: 27, ..d() }, "halo_before"),
        (EvaluationOptions { halo_after: 27, ..d() }, "halo_after"),
        (EvaluationOptions { confidence: rate("100%"), ..d() }, "confidence"),
        (EvaluationOptions { confidence: rate("49%"), ..d() }, "confidence"),
        (EvaluationOptions { material_lift: rate("-1%"), ..d() }, "material_lift"),
        (EvaluationOptions { max_fit_error: rate("0%"), ..d() }, "max_fit_error"),
    ] {
        match judge_with(options) {
            PromoError::OptionOutOfRange { option: named, .. } => assert_eq!(named, option),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn estimate_out_of_range() {
    for bad in [f64::NAN, f64::INFINITY, -8.000001e9] {
        assert!(
            matches!(border::units_from_estimate(bad), Err(PromoError::EstimateOutOfRange { .. })),
            "{bad}"
        );
    }
    assert!(border::units_to_estimate(dec("8000000000.000001")).is_err());
    assert!(border::units_to_estimate(dec("8000000000")).is_ok());
}

#[test]
fn degrees_of_freedom_and_probability() {
    assert_eq!(student_t::cdf(1.0, 0).unwrap_err(), PromoError::DegreesOfFreedom { df: 0, limit: 10_000 });
    assert!(student_t::cdf(1.0, 10_001).is_err());
    assert_eq!(
        student_t::quantile(1.0, 3).unwrap_err(),
        PromoError::ProbabilityOutOfRange { probability: 1.0 }
    );
    assert!(student_t::quantile(f64::NAN, 3).is_err());
}

#[test]
fn invalid_spread() {
    let rule = DecisionRule { alpha: 0.05, material_effect: 0.0 };
    for standard_error in [-1.0, f64::NAN, f64::INFINITY] {
        let estimate = Estimate { point: 1.0, standard_error, df: 5 };
        assert!(matches!(verdict::evidence(&estimate, &rule), Err(PromoError::InvalidSpread { .. })));
    }
}

#[test]
fn not_measurable_while_the_window_is_open() {
    assert_eq!(not_measurable(&series(&QUIET[..25], in_event)), NotEvaluable::WindowOpen); // one week of cooldown
    assert_eq!(not_measurable(&series(&QUIET[..23], in_event)), NotEvaluable::WindowOpen); // half the event
    assert!(judge(&series(&QUIET[..26], in_event)).unwrap().measured().is_some());
}

#[test]
fn not_measurable_with_a_missing_week() {
    let mut gap = weeks(&QUIET, in_event);
    gap[23].sold = None;
    let gap = WeeklySeries::new(gap).unwrap();
    assert_eq!(not_measurable(&gap), NotEvaluable::MissingWeek);
    // The known week is still paid for.
    assert_eq!(judge(&gap).unwrap().spend.to_amount_string(), "700.00");
}

#[test]
fn not_measurable_when_events_overlap() {
    assert_eq!(
        not_measurable(&series(&QUIET, |at| (22..24).contains(&at) || at == 25)),
        NotEvaluable::OverlappingEvents
    );
    assert!(judge(&series(&QUIET, |at| (22..24).contains(&at) || at == 26)).unwrap().measured().is_some());
}

#[test]
fn not_measurable_with_a_short_history() {
    let early = promotion(8, 2, vec![]); // eight weeks before, of which one is halo
    let evaluation =
        evaluate(&early, &series(&QUIET, |_| false), &economics(), &EvaluationOptions::default()).unwrap();
    assert_eq!(evaluation.outcome, Outcome::NotMeasurable(NotEvaluable::PrePeriodTooShort));
    let later = promotion(9, 2, vec![]);
    let evaluation =
        evaluate(&later, &series(&QUIET, |_| false), &economics(), &EvaluationOptions::default()).unwrap();
    assert!(evaluation.measured().is_some());
}

#[test]
fn not_measurable_without_quiet_sales() {
    let mut nothing = [0; 30];
    nothing[22] = 50;
    assert_eq!(not_measurable(&series(&nothing, in_event)), NotEvaluable::ZeroBase);
}

#[test]
fn a_poor_fit_is_no_evidence() {
    // Weeks swing between 300 and 1,100: the forecast misses by more than half, so not even 10,000 is evidence.
    let mut wild: Vec<i64> = (0..30).map(|at| if at % 2 == 0 { 300 } else { 1_100 }).collect();
    wild[22] = 10_000;
    let evaluation = judge(&series(&wild, in_event)).unwrap();
    let measured = evaluation.measured().unwrap();
    assert_eq!(measured.primary().unwrap().gate, Gate::PoorFit);
    for verdict in [evaluation.effect(), evaluation.payback()] {
        assert!(
            matches!(verdict, Verdict::NotEnoughEvidence { because: EvidenceGap::PoorFit, .. }),
            "{verdict:?}"
        );
    }
}

#[test]
fn a_verdict_that_only_one_baseline_gives_is_withheld() {
    // Sales step up by 10 % four weeks before the event and stay there. The trailing mean of eight weeks still lags and
    // sees an effect of the size of the lag; smoothing has caught up and sees next to none.
    let mut step: Vec<i64> =
        (0..60).map(|at| if at < 47 { 1_000 + at % 3 } else { 1_100 + at % 3 }).collect();
    for week in &mut step[52..54] {
        *week = 1_170;
    }
    let options = EvaluationOptions {
        baseline: Baseline::TrailingMean { weeks: 12 },
        cross_check: Baseline::TrailingMean { weeks: 3 },
        material_lift: Rate::ZERO,
        ..EvaluationOptions::default()
    };
    let promotion = promotion(52, 2, vec![]);
    let evaluation = evaluate(&promotion, &series(&step, |_| false), &economics(), &options).unwrap();
    let readings = &evaluation.measured().unwrap().readings;
    assert_eq!(readings[0].effect.verdict, Verdict::Works);
    assert_ne!(readings[1].effect.verdict, Verdict::Works);
    let Verdict::NotEnoughEvidence { because, could_have_seen } = evaluation.effect() else {
        panic!("certain")
    };
    assert_eq!(because, EvidenceGap::BaselinesDisagree);
    assert!(could_have_seen.is_some());
}

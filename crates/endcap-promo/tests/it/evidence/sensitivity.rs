//! The same event under every baseline, and verdicts with money.

use endcap_promo::evidence::Effect;
use endcap_promo::evidence::judge::{Finding, MoneyTerms, judge};
use endcap_promo::evidence::sensitivity::{Stability, sensitivity, usual_baselines};
use endcap_promo::{DecisionRule, EvaluationOptions, Gate, Language, NotEvaluable, WeeklySeries};
use endcap_types::{Currency, Exact, Money, Rounding};

use crate::support::{economics, lump, promotion, weeks};

fn event(units: &[i64]) -> endcap_promo::evidence::sensitivity::Sensitivity {
    let series = WeeklySeries::new(weeks(units, |_| false)).unwrap();
    let promotion = promotion(22, 2, vec![lump("300.00")]);
    sensitivity(&promotion, &series, &economics(), &EvaluationOptions::default(), &usual_baselines()).unwrap()
}

#[test]
fn a_clear_event_is_stable_and_a_drifting_one_is_not() {
    let mut units: Vec<i64> = (0..22).map(|n| 1_000 + if n % 2 == 0 { 15 } else { -15 }).collect();
    units.extend([1_600, 1_500, 980, 1_000, 1_000, 1_010, 990, 1_000]);
    let clear = event(&units);
    assert_eq!((clear.readings.len(), clear.effect), (6, Stability::Stable));
    let (low, high) = clear.lift_range.unwrap();
    assert!(low > 0.5 && high < 0.6, "{low} {high}");
    // Sales grow by 25 a week: a mean of the past calls the trend an effect, a line does not.
    let mut units: Vec<i64> = (0..22).map(|n| 1_000 + 25 * n + if n % 2 == 0 { 12 } else { -12 }).collect();
    units.extend((22..30).map(|n| 1_000 + 25 * n));
    let drifting = event(&units);
    assert_ne!(drifting.effect, Stability::Stable);
    let (low, high) = drifting.lift_range.unwrap();
    assert!(low < 0.02 && high > 0.05, "{low} {high}");
}

#[test]
fn words_carry_the_lift_that_could_have_been_seen() {
    let rule = DecisionRule { alpha: 0.05, material_effect: 0.0 };
    let effect = Effect { point: 100.0, standard_error: 200.0, df: 40.0, base: 2_000.0 };
    let terms = MoneyTerms {
        unit_margin: Exact::from_int(300),
        spend: Money::from_minor(10_000, Currency::CNY).unwrap(),
        rounding: Rounding::HALF_AWAY,
    };
    let finding = Finding::from_effect(&effect, &rule).unwrap();
    let judged = judge(finding, &rule, Gate::Pass, Some(&terms)).unwrap();
    assert_eq!(judged.money.unwrap().point.to_amount_string(), "200.00"); // 100 × 3.00 − 100.00
    let english = judged.explain(Language::En);
    assert!(
        english[0].ends_with("A lift below 28.7% could not have been seen (80 % power)."),
        "{}",
        english[0]
    );
    assert!(english[2].starts_with("Whether it paid for itself cannot be said: net CNY 200.00"));
    let chinese = judged.explain(Language::Zh);
    assert!(chinese[0].contains("小于 28.7% 的提升本来就看不出来"), "{}", chinese[0]);
    let closed = judge(finding, &rule, Gate::NotEvaluable(NotEvaluable::WindowOpen), Some(&terms)).unwrap();
    assert_eq!((closed.explain(Language::En).len(), closed.money), (1, None));
}

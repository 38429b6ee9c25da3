//! Limits from placebo events, and designs read from quiet history.

use endcap_promo::evidence::geo::{GeoDesign, Noise, Tbr};
use endcap_promo::evidence::infer::calibration::conformal_reach;
use endcap_promo::evidence::infer::conformal::PlaceboScores;
use endcap_promo::evidence::infer::placebo::{Placebo, false_positives};
use endcap_promo::evidence::judge::Finding;
use endcap_promo::evidence::{Effect, EvidenceError};
use endcap_promo::{DecisionRule, Gate, Shortfall, Verdict};
use proptest::collection::vec;
use proptest::prelude::*;

use super::calibration::{Rng, nominal};

fn window(unit: usize, first: i64, score: f64) -> Placebo {
    Placebo { unit, first, last: first + 1, score }
}

/// The rate by its definition: for every placebo, collect the others anew and ask for their limit.
fn slow(placebos: &[Placebo], level: f64) -> Option<f64> {
    let several = placebos.iter().any(|p| p.unit != placebos[0].unit);
    let (mut judged, mut beyond) = (0.0, 0.0);
    for own in placebos {
        let others: Vec<f64> = placebos
            .iter()
            .filter(|p| !(several && p.unit == own.unit))
            .filter(|p| (p.first..=p.last).all(|week| !(own.first..=own.last).contains(&week)))
            .map(|p| p.score)
            .collect();
        if let Ok(limit) = conformal_reach(&others, level) {
            judged += 1.0;
            beyond += f64::from(u8::from(own.score.abs() > limit));
        }
    }
    (judged > 0.0).then(|| beyond / judged)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn held_out_rates_meet_their_definition(
        raw in vec((0_usize..6, 0_i64..40, -4.0..4.0_f64), 1..70), level in 0.5..0.95_f64
    ) {
        let placebos: Vec<Placebo> = raw.iter().map(|(unit, first, score)| window(*unit, *first, *score)).collect();
        let fast = false_positives(&placebos, level, 1.96).ok();
        prop_assert_eq!(fast.map(|f| f.conformal), slow(&placebos, level));
    }

    /// Interval, p-value and equivalence come from one set of ranks.
    #[test]
    fn interval_excludes_zero_exactly_when_p_is_small(
        scores in vec(-5.0..5.0_f64, 40..200), point in -6.0..6.0_f64, alpha in 0.03..0.4_f64
    ) {
        let scores = PlaceboScores::new(&scores).unwrap();
        let effect = Effect { point, standard_error: 1.0, df: f64::INFINITY, base: 100.0 };
        let rule = DecisionRule { alpha, material_effect: 2.0 };
        let found = Finding::from_placebos(&effect, &scores, &rule).unwrap();
        prop_assert_eq!(found.low > 0.0 || found.high < 0.0, found.p_two_sided <= alpha + 1e-9);
        prop_assert!(found.detectable >= found.high - found.effect);
        prop_assert!(found.p_equivalence.unwrap() >= 0.5 * found.p_two_sided.min(scores.p_two_sided(2.0)) - 1e-12
            || point.abs() < 2.0);
    }

    /// The smallest visible effect is the one seen with the power asked for.
    #[test]
    fn detectable_inverts_power(sd in 0.1..1e4_f64, df in 4_u32..60, power in 0.3..0.99_f64, alpha in 0.01..0.2_f64) {
        let design = GeoDesign { standard_error: sd, df: f64::from(df), base: 1e5, model_error: sd, windows: 9 };
        let units = design.detectable(alpha, power).unwrap();
        prop_assert!((design.power(units, alpha).unwrap() - power).abs() < 1e-6);
        prop_assert!((design.power(0.0, alpha).unwrap() - alpha).abs() < 1e-9);
        let spend = design.required_spend(3.0, 1.5, alpha, power).unwrap();
        let back = design.precision(3.0, spend, alpha, power).unwrap();
        prop_assert!((back.detectable_return - 1.5).abs() < 1e-9);
    }
}

#[test]
fn immaterial_effects_are_found_by_rank() {
    let scores = PlaceboScores::new(&(1..=99).map(|i| f64::from(i) / 40.0).collect::<Vec<_>>()).unwrap();
    let rule = DecisionRule { alpha: 0.05, material_effect: 300.0 };
    let at = |point: f64| {
        let effect = Effect { point, standard_error: 100.0, df: f64::INFINITY, base: 1e4 };
        Finding::from_placebos(&effect, &scores, &rule).unwrap().verdict(&rule, Gate::Pass)
    };
    assert_eq!(at(20.0), Verdict::DoesNot { because: Shortfall::Immaterial });
    assert_eq!(at(400.0), Verdict::Works);
    assert_eq!(at(-400.0), Verdict::DoesNot { because: Shortfall::BelowZero });
}

/// Weeks of accounts that share shocks, remember, and have tails of their own.
fn market(rng: &mut Rng, accounts: usize, windows: i64) -> Vec<Placebo> {
    let mut placebos = Vec::new();
    let mut carries = vec![0.0; accounts];
    for at in 0..windows {
        let shock = rng.normal();
        for (unit, carry) in carries.iter_mut().enumerate() {
            *carry = 0.3 * *carry + (1.0 + 0.1 * unit as f64) * rng.normal();
            placebos.push(window(unit, 4 * at, *carry + 0.7 * shock));
        }
    }
    placebos
}

#[test]
fn held_out_rates_are_nominal_where_accounts_share_shocks() {
    let mut rng = Rng(21);
    let (mut conformal, mut stated, mut judged) = (0.0, 0.0, 0.0);
    for _ in 0..40 {
        let found = false_positives(&market(&mut rng, 12, 12), 0.95, 1.96).unwrap();
        let n = found.judged as f64;
        (conformal, stated, judged) =
            (conformal + n * found.conformal, stated + n * found.stated, judged + n);
    }
    eprintln!(
        "{judged} placebos: {:.2} % by limits, {:.2} % stated",
        100.0 * conformal / judged,
        100.0 * stated / judged
    );
    nominal(1.0 - conformal / judged);
    assert!(stated / judged > 0.15);
}

#[test]
fn planned_power_is_the_power_found() {
    // Weeks remember each other, which the regression does not know: the windows do.
    let mut rng = Rng(22);
    let (mut promised, mut seen, mut events) = (0.0, 0.0, 0.0);
    for _ in 0..400 {
        let (mut carry, mut series) = (0.0, Vec::new());
        for _ in 0..160 {
            carry = 0.6 * carry + 4.0 * rng.normal();
            let x = 200.0 + 10.0 * rng.normal();
            series.push((x, 30.0 + 0.8 * x + carry));
        }
        let (x, y): (Vec<f64>, Vec<f64>) = series.into_iter().unzip();
        let design = GeoDesign::from_history(&y[..156], &x[..156], &[true; 156], 4, 40).unwrap();
        assert!(design.standard_error >= design.model_error);
        let effect = 60.0;
        promised += design.power(effect, 0.05).unwrap();
        let after: Vec<f64> = y[156..].iter().map(|y| y + effect / 4.0).collect();
        let found = Tbr::fit(&x[..156], &y[..156])
            .unwrap()
            .effect_with(&x[156..], &after, Noise::FirstOrder)
            .unwrap();
        seen += f64::from(u8::from(found.p_two_sided().unwrap() < 0.05));
        events += 1.0;
    }
    eprintln!("promised {:.3}, seen {:.3}", promised / events, seen / events);
    assert!((promised / events - seen / events).abs() < 0.08);
}

#[test]
fn refusals() {
    let few: Vec<Placebo> = (0..20).map(|i| window(i, 4 * i as i64, 1.0)).collect();
    assert_eq!(false_positives(&few, 0.95, 1.96).unwrap().judged, 20);
    assert_eq!(
        false_positives(&few[..19], 0.95, 1.96).unwrap_err(),
        EvidenceError::TooFew { what: "placebo events of other units and periods", have: 18, need: 19 }
    );
    let none = PlaceboScores::new(&[]).unwrap_err();
    assert_eq!(none, EvidenceError::TooFew { what: "placebo events", have: 0, need: 1 });
    assert!(PlaceboScores::new(&[1.0]).unwrap().margin(0.4).is_err());
    let y: Vec<f64> = (0..40).map(|t| f64::from(t % 7)).collect();
    let refused = GeoDesign::from_history(&y, &y, &[true; 40], 8, 20).unwrap_err();
    assert_eq!(
        refused,
        EvidenceError::TooFew { what: "quiet windows of the planned length", have: 2, need: 4 }
    );
    assert!(GeoDesign::from_history(&y, &y, &[true; 40], 0, 20).is_err());
    assert!(GeoDesign::from_history(&y, &y, &[true; 39], 4, 20).is_err());
}

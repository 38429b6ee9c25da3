//! One refusal for every public variant.

use endcap_promo::evidence::demand::{AccountDemand, AccountWeeks};
use endcap_promo::evidence::holt_winters::{HoltWinters, Season, Smoothing};
use endcap_promo::evidence::infer::calibration::{conformal_reach, inflation};
use endcap_promo::evidence::infer::permutation::two_groups;
use endcap_promo::evidence::infer::power::{Plan, Rejection, TTest};
use endcap_promo::evidence::linalg::{Cholesky, Design, Square};
use endcap_promo::evidence::panel::{FixedEffects, PanelFit};
use endcap_promo::evidence::regression::Ols;
use endcap_promo::evidence::shrink::{Between, RandomEffects};
use endcap_promo::evidence::structural::{StructuralOptions, impact};
use endcap_promo::evidence::synthetic::{Design as Synthetic, Panel, placebos};
use endcap_promo::evidence::{EvidenceError, Inestimable};

#[test]
fn shape() {
    let error = Design::new(3).unwrap().with("x", &[1.0]).unwrap_err();
    assert_eq!(error, EvidenceError::Shape { what: "column", found: 1, expected: 3 });
    assert_eq!(error.to_string(), "column has 1 entries, expected 3");
}

#[test]
fn not_finite() {
    let error = Design::new(2).unwrap().with("x", &[1.0, f64::NAN]).unwrap_err();
    assert!(matches!(error, EvidenceError::NotFinite { what: "column", at: 1, .. }));
}

#[test]
fn too_few() {
    assert_eq!(
        inflation(&[1.0; 5]).unwrap_err(),
        EvidenceError::TooFew { what: "placebo events", have: 5, need: 20 }
    );
    assert_eq!(
        conformal_reach(&[1.0; 18], 0.95).unwrap_err(),
        EvidenceError::TooFew { what: "placebo events", have: 18, need: 19 }
    );
    assert_eq!(conformal_reach(&[1.0; 19], 0.95), Ok(1.0));
    let three = RandomEffects::fit(&[1.0, 2.0, 3.0], &[1.0; 3], Between::Reml).unwrap();
    for refused in [three.posteriors(), three.calibrated()] {
        assert_eq!(refused.unwrap_err(), EvidenceError::TooFew { what: "effects", have: 3, need: 4 });
    }
    let none: [Option<f64>; 4] = [None, None, None, Some(1.0)];
    let error = impact(&none, &[], 3, &StructuralOptions::default()).unwrap_err();
    assert_eq!(error, EvidenceError::TooFew { what: "known periods before the event", have: 0, need: 3 });
}

#[test]
fn too_many() {
    let error = two_groups(&[1.0; 20], &[2.0; 20]).unwrap_err();
    assert!(
        matches!(error, EvidenceError::TooMany { what: "relabellings", limit: 5_000_000, .. }),
        "{error}"
    );
    let x = [1.0, 2.0, 1.5, 2.5, 1.0];
    let y = x.map(Some);
    let error = impact(&y, &[&x[..]; 13], 4, &StructuralOptions::default()).unwrap_err();
    assert_eq!(error, EvidenceError::TooMany { what: "controls", have: 13, limit: 12 });
}

#[test]
fn not_estimable_names_the_column() {
    let x = [1.0, 2.0, 3.0, 4.0];
    let twice = x.map(|x| 2.0 * x + 1.0);
    let design = Design::new(4).and_then(|d| d.constant("level")).and_then(|d| d.with("price", &x));
    let design = design.and_then(|d| d.with("copy", &twice)).unwrap();
    let error = Ols::fit(&design, &[1.0, 2.0, 2.0, 4.0]).unwrap_err();
    let why = Inestimable::Collinear;
    assert_eq!(error, EvidenceError::NotEstimable { column: "copy".to_owned(), why });
    assert_eq!(
        error.to_string(),
        "the effect of copy is not estimable: it is a combination of the other columns"
    );
}

#[test]
fn not_positive_definite() {
    let matrix = Square::symmetric(2, |_, _| 1.0);
    let error = Cholesky::new("Gram", &matrix).unwrap_err();
    assert_eq!(error, EvidenceError::NotPositiveDefinite { what: "Gram", pivot: 0.0 });
}

#[test]
fn parameter() {
    let plan = Plan { test: TTest::OneSample, n: 1.0, sd: 1.0, alpha: 0.05, rejection: Rejection::OneSided };
    let error = plan.power(1.0).unwrap_err();
    assert_eq!(error.to_string(), "n is 1, expected 2 or more");
}

#[test]
fn not_converged() {
    let plan = Plan { test: TTest::TwoSample, n: 10.0, sd: 1.0, alpha: 0.05, rejection: Rejection::OneSided };
    let error = plan.required_n(-1.0, 0.9).unwrap_err();
    assert!(matches!(error, EvidenceError::NotConverged { what: "sample size", .. }), "{error}");
}

#[test]
fn constant() {
    let flat = [Some(5.0); 6];
    let error = impact(&flat, &[], 5, &StructuralOptions::default()).unwrap_err();
    assert_eq!(error, EvidenceError::Constant { what: "treated series" });
    assert_eq!(error.to_string(), "treated series never varies");
}

#[test]
fn controls_not_more() {
    let unit = |name: &str, x: f64| (name.to_owned(), vec![x, x + 1.0, x, x + 2.0]);
    let panel = Panel::new(vec![unit("T", 1.0)], vec![unit("A", 2.0)], 2).unwrap();
    let error = placebos(&panel, &Synthetic::DIFFERENCE_IN_DIFFERENCES).unwrap_err();
    assert_eq!(error, EvidenceError::ControlsNotMore { controls: 1, treated: 1 });
}

#[test]
fn not_positive() {
    let weeks =
        AccountWeeks { volume: &[10.0, 0.0, 9.0], price: &[1.0, 1.1, 0.9], display: &[0.0; 3], feature: &[] };
    let error = AccountDemand::fit(&weeks, 0).unwrap_err();
    assert_eq!(error, EvidenceError::NotPositive { what: "volume", at: 1, value: 0.0 });
    let smoothing =
        Smoothing { level: 0.2, trend: 0.1, season: 0.1, period: 2, form: Season::Multiplicative };
    let error = HoltWinters::new(&[1.0, 2.0, -1.0, 2.0], &smoothing).unwrap_err();
    assert_eq!(error, EvidenceError::NotPositive { what: "series", at: 2, value: -1.0 });
}

#[test]
fn absorbed_effects_are_said_not_guessed() {
    // Nothing but store and week effects is left: no column, no number.
    let design = Design::new(4).and_then(|d| d.with("week", &[0.0, 1.0, 0.0, 1.0])).unwrap();
    let effects = FixedEffects::Two(&[0, 0, 1, 1], &[0, 1, 0, 1]);
    let error = PanelFit::new(&design, &[1.0, 2.0, 3.0, 5.0], effects).unwrap_err();
    assert_eq!(error, EvidenceError::TooFew { what: "estimable columns", have: 0, need: 1 });
}

//! Laws every design keeps.

use endcap_promo::evidence::demand::{AccountDemand, AccountWeeks};
use endcap_promo::evidence::geo::{DidSpread, Tbr, unit_differences};
use endcap_promo::evidence::infer::calibration::conformal_reach;
use endcap_promo::evidence::infer::multiplicity::{Adjustment, adjust};
use endcap_promo::evidence::infer::permutation::{Relabelled, two_groups, two_groups_any};
use endcap_promo::evidence::infer::power::{Plan, Rejection, TTest};
use endcap_promo::evidence::interrupted::interrupted;
use endcap_promo::evidence::judge::Finding;
use endcap_promo::evidence::linalg::Design as Columns;
use endcap_promo::evidence::regression::{Covariance, Ols, SampleFactor, clustered};
use endcap_promo::evidence::shrink::{Account, Between, Prior, RandomEffects, Sign};
use endcap_promo::evidence::simplex::simplex_least_squares;
use endcap_promo::evidence::structural::{StructuralOptions, impact};
use endcap_promo::evidence::synthetic::{Design, Panel, estimate};
use endcap_promo::{DecisionRule, Gate};
use proptest::collection::vec;
use proptest::prelude::*;

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-7 * scale.abs().max(1e-9)
}

fn panel(units: &[Vec<f64>], start: usize) -> Panel {
    let named: Vec<(String, Vec<f64>)> =
        units.iter().enumerate().map(|(i, values)| (format!("U{i:02}"), values.clone())).collect();
    Panel::new(named[..1].to_vec(), named[1..].to_vec(), start).unwrap()
}

fn units() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (4_usize..9).prop_flat_map(|n| vec(vec(50.0..150.0_f64, 14), n))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Scale: y → c·y takes point and weights' fit along; names and order change no bit.
    #[test]
    fn synthetic_designs_are_equivariant(units in units(), c in 0.01..100.0_f64, turn in 0_usize..8, shift in -40.0..40.0_f64) {
        let base = panel(&units, 10);
        let scaled: Vec<Vec<f64>> = units.iter().map(|u| u.iter().map(|y| c * y).collect()).collect();
        let scaled = panel(&scaled, 10);
        for (design, other) in [
            (Design::synthetic_did(&base).unwrap(), Design::synthetic_did(&scaled).unwrap()),
            (Design::DIFFERENCE_IN_DIFFERENCES, Design::DIFFERENCE_IN_DIFFERENCES),
        ] {
            let (a, b) = (estimate(&base, &design).unwrap(), estimate(&scaled, &other).unwrap());
            prop_assert!(near(c * a.effect, b.effect, c * 100.0), "{} {}", c * a.effect, b.effect);
            prop_assert!(a.kkt_residual < 1e-10);
            prop_assert!(a.unit_weights.iter().all(|w| *w >= 0.0));
            prop_assert!((a.unit_weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            // δ on the treated cells of the event moves the effect by δ.
            let mut moved = units.clone();
            moved[0][10..].iter_mut().for_each(|y| *y += shift);
            prop_assert!(near(estimate(&panel(&moved, 10), &design).unwrap().effect, a.effect + shift, 100.0));
            // Week effects common to all units, and unit effects, change nothing.
            let mut common = units.clone();
            for (i, unit) in common.iter_mut().enumerate() {
                for (t, y) in unit.iter_mut().enumerate() {
                    *y += shift * (t as f64 % 3.0) + 7.0 * i as f64;
                }
            }
            prop_assert!(near(estimate(&panel(&common, 10), &design).unwrap().effect, a.effect, 100.0));
        }
        // The same units in another order: every bit equal.
        let named: Vec<(String, Vec<f64>)> =
            units.iter().enumerate().map(|(i, values)| (format!("U{i:02}"), values.clone())).collect();
        let mut donors = named[1..].to_vec();
        let places = donors.len();
        donors.rotate_left(turn % places);
        let turned = Panel::new(named[..1].to_vec(), donors, 10).unwrap();
        let design = Design::synthetic_control(0.0);
        prop_assert_eq!(estimate(&base, &design).unwrap(), estimate(&turned, &design).unwrap());
    }

    /// The weights are optimal: no vertex and not the equal weights do better; a repeated donor leaves the fit alone.
    #[test]
    fn simplex_weights_satisfy_their_optimality_conditions(columns in vec(vec(-5.0..5.0_f64, 6), 2..12), target in vec(-5.0..5.0_f64, 6), ridge in 0.0..2.0_f64) {
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let fit = simplex_least_squares(&slices, &target, ridge).unwrap();
        prop_assert!(fit.kkt_residual < 1e-10, "{}", fit.kkt_residual);
        let objective = |w: &[f64]| {
            let misses: f64 = (0..6).map(|t| columns.iter().zip(w).map(|(c, w)| c[t] * w).sum::<f64>() - target[t]).map(|m| m * m).sum();
            misses + ridge * w.iter().map(|w| w * w).sum::<f64>()
        };
        let n = columns.len();
        prop_assert!(fit.objective <= objective(&vec![1.0 / n as f64; n]) + 1e-9);
        for j in 0..n {
            let vertex: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i == j))).collect();
            prop_assert!(fit.objective <= objective(&vertex) + 1e-9);
        }
        let mut doubled = slices.clone();
        doubled.push(slices[0]);
        let again = simplex_least_squares(&doubled, &target, 0.0).unwrap();
        let plain = simplex_least_squares(&slices, &target, 0.0).unwrap();
        prop_assert!((again.objective - plain.objective).abs() < 1e-7);
    }

    /// Regression on a control group: y → c·y takes effect and error along; the share and p stay.
    #[test]
    fn geo_effects_scale(x in vec(50.0..150.0_f64, 20), e in vec(-5.0..5.0_f64, 20), c in 0.01..100.0_f64) {
        let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 20.0 + 1.5 * x + e).collect();
        let run = |c: f64| {
            let y: Vec<f64> = y.iter().map(|y| c * y).collect();
            Tbr::fit(&x[..15], &y[..15]).unwrap().effect(&x[15..], &y[15..]).unwrap()
        };
        let (a, b) = (run(1.0), run(c));
        prop_assert!(near(c * a.point, b.point, c * 100.0) && near(c * a.standard_error, b.standard_error, c * 100.0));
        prop_assert!((a.p_two_sided().unwrap() - b.p_two_sided().unwrap()).abs() < 1e-6);
        let (low, high) = a.interval(0.95).unwrap();
        prop_assert_eq!(low > 0.0 || high < 0.0, a.p_two_sided().unwrap() < 0.05);
    }

    /// What stands in a masked week changes no bit; scale goes along.
    #[test]
    fn masked_weeks_carry_no_information(y in vec(80.0..120.0_f64, 24), masked in 3_usize..15, c in 0.1..10.0_f64) {
        let options = StructuralOptions { nodes: 8, ..StructuralOptions::default() };
        let series = |c: f64| -> Vec<Option<f64>> {
            y.iter().enumerate().map(|(t, y)| (t != masked).then_some(c * y)).collect()
        };
        let a = impact(&series(1.0), &[], 18, &options).unwrap();
        let b = impact(&series(c), &[], 18, &options).unwrap();
        prop_assert!(near(c * a.average.mean(), b.average.mean(), 100.0 * c));
        prop_assert!((a.tail() - b.tail()).abs() < 1e-7);
        let (low, high) = a.interval(0.95).unwrap();
        prop_assert_eq!(low > 0.0 || high < 0.0, a.tail() < 0.025);
    }

    /// A shrunk value lies between raw and pooled; no variance between: pooled; all of it: raw.
    #[test]
    fn shrinkage_stays_between_raw_and_pooled(y in vec(-10.0..10.0_f64, 3..15), seed in 0.01..4.0_f64) {
        let v: Vec<f64> = (0..y.len()).map(|i| seed * (1.0 + (i % 3) as f64)).collect();
        let fit = RandomEffects::fit(&y, &v, Between::Reml).unwrap();
        let pooled = fit.coefficients[0];
        for (raw, blup) in y.iter().zip(fit.blups().unwrap()) {
            prop_assert!(blup.mean >= raw.min(pooled) - 1e-9 && blup.mean <= raw.max(pooled) + 1e-9);
            prop_assert!((0.0..=1.0).contains(&blup.shrinkage));
        }
        let common = RandomEffects::fit(&y, &v, Between::Common).unwrap();
        for blup in common.blups().unwrap() {
            prop_assert!((blup.mean - common.coefficients[0]).abs() < 1e-12 && blup.shrinkage == 1.0);
        }
    }

    /// Sign-constrained effects obey their signs, and are the free ones where those obey already.
    #[test]
    fn signed_effects_obey(effects in vec((-2.0..2.0_f64, -2.0..2.0_f64), 6..12)) {
        let accounts: Vec<Account> = effects
            .iter()
            .map(|(a, b)| {
                let precision = endcap_promo::evidence::linalg::Square::symmetric(2, |i, j| if i == j { 4.0 } else { 1.0 });
                Account { score: precision.times(&[*a, *b]), precision }
            })
            .collect();
        let prior = Prior::fit(&accounts);
        prop_assume!(prior.is_ok());
        let prior = prior.unwrap();
        let signs = [Sign::NotNegative, Sign::NotPositive];
        for account in &accounts {
            let (free, signed) = (prior.posterior(account).unwrap().mean, prior.signed_posterior(account, &signs).unwrap().mean);
            prop_assert!(signs.iter().zip(&signed).all(|(sign, x)| sign.allows(*x)));
            if signs.iter().zip(&free).all(|(sign, x)| sign.allows(*x)) {
                prop_assert_eq!(free, signed);
            }
        }
    }

    /// Benjamini–Hochberg claims at least what Holm claims, Holm at least what Bonferroni does; adjusted p keeps the order.
    #[test]
    fn adjustments_are_ordered(p in vec(0.0..1.0_f64, 1..30)) {
        let of = |method| adjust(&p, method).unwrap();
        let (bonferroni, holm, bh) = (of(Adjustment::Bonferroni), of(Adjustment::Holm), of(Adjustment::BenjaminiHochberg));
        let by = of(Adjustment::BenjaminiYekutieli);
        for i in 0..p.len() {
            prop_assert!(p[i] <= bh[i] + 1e-15 && bh[i] <= holm[i] + 1e-15 && holm[i] <= bonferroni[i] + 1e-15 && bh[i] <= by[i] + 1e-15);
            for j in 0..p.len() {
                prop_assert!(p[i] > p[j] || (bh[i] <= bh[j] && holm[i] <= holm[j]));
            }
        }
    }

    /// Newey–West without lags is White; clusters of one observation are White.
    #[test]
    fn degenerate_robust_errors_are_white(y in vec(-5.0..5.0_f64, 12), x in vec(-3.0..3.0_f64, 12)) {
        let design = Columns::new(12).unwrap().constant("c").unwrap().with("x", &x).unwrap();
        let fit = Ols::fit(&design, &y);
        prop_assume!(fit.is_ok());
        let fit = fit.unwrap();
        let white = fit.covariance(Covariance::Hc0).unwrap();
        let none = SampleFactor::None;
        prop_assert_eq!(&fit.covariance(Covariance::NeweyWest { lags: 0, factor: none }).unwrap(), &white);
        let single: Vec<usize> = (0..12).collect();
        let own = clustered(&fit, &single, none).unwrap();
        prop_assert!(own.plus(&white, -1.0).unwrap().largest() <= 1e-12 * white.largest().max(1.0));
        // Residuals are orthogonal to every column.
        for column in design.columns() {
            let product: f64 = column.iter().zip(fit.residuals()).map(|(x, e)| x * e).sum();
            prop_assert!(product.abs() < 1e-9);
        }
    }

    /// The effect of an interrupted series is actual less the extrapolated line.
    #[test]
    fn an_interrupted_series_extrapolates_its_own_line(y in vec(10.0..90.0_f64, 16)) {
        let found = interrupted(&y, 9, Covariance::Classical).unwrap();
        let time: Vec<f64> = (1..=9).map(f64::from).collect();
        let line = Columns::new(9).unwrap().constant("a").unwrap().with("t", &time).unwrap();
        let before = Ols::fit(&line, &y[..9]).unwrap();
        let expected: f64 = (10..=16).map(|t| before.coefficients()[0] + before.coefficients()[1] * f64::from(t)).sum();
        let actual: f64 = y[9..].iter().sum();
        prop_assert!((found.effect.point - (actual - expected)).abs() < 1e-7);
    }

    /// A verdict of "works" or "does not" is never given when the interval holds zero and nothing was declared.
    #[test]
    fn verdicts_follow_the_interval(point in -10.0..10.0_f64, se in 0.01..10.0_f64, df in 3.0..200.0_f64) {
        let effect = endcap_promo::evidence::Effect { point, standard_error: se, df, base: 100.0 };
        let rule = DecisionRule { alpha: 0.05, material_effect: 0.0 };
        let finding = Finding::from_effect(&effect, &rule).unwrap();
        let name = finding.verdict(&rule, Gate::Pass).name();
        let expected = if finding.low > 0.0 { "works" } else if finding.high < 0.0 { "does_not" } else { "not_enough_evidence" };
        prop_assert_eq!(name, expected);
        prop_assert_eq!(finding.verdict(&rule, Gate::PoorFit).name(), "not_enough_evidence");
    }

    /// Prices in another unit of money leave the elasticity alone.
    #[test]
    fn elasticities_have_no_unit(noise in vec(-0.2..0.2_f64, 20), c in 0.01..100.0_f64) {
        let price: Vec<f64> = (0..20).map(|t| 2.0 + 0.1 * f64::from(t % 5)).collect();
        let volume: Vec<f64> = price.iter().zip(&noise).map(|(p, e)| 100.0 * p.powf(-2.0) * e.exp()).collect();
        let run = |c: f64| {
            let price: Vec<f64> = price.iter().map(|p| c * p).collect();
            let weeks = AccountWeeks { volume: &volume, price: &price, display: &[0.0; 20], feature: &[] };
            AccountDemand::fit(&weeks, 2).unwrap().effect("log_price").unwrap().estimate.value().unwrap()
        };
        prop_assert!((run(1.0) - run(c)).abs() < 1e-8);
    }
}

#[test]
fn power_grows_and_its_inverse_comes_back() {
    let plan =
        |n: f64| Plan { test: TTest::TwoSample, n, sd: 1.0, alpha: 0.05, rejection: Rejection::BothRegions };
    assert!((plan(20.0).power(0.0).unwrap() - 0.05).abs() < 1e-9);
    let powers: Vec<f64> = (1..12).map(|i| plan(20.0).power(0.2 * f64::from(i)).unwrap()).collect();
    assert!(powers.windows(2).all(|w| w[0] < w[1] + 1e-12));
    assert!(plan(10.0).power(0.5).unwrap() < plan(20.0).power(0.5).unwrap());
    for power in [0.3, 0.8, 0.95] {
        let delta = plan(15.0).detectable(power).unwrap();
        assert!((plan(15.0).power(delta).unwrap() - power).abs() < 1e-9);
        let n = plan(2.0).required_n(0.7, power).unwrap();
        assert!((plan(n).power(0.7).unwrap() - power).abs() < 1e-8);
    }
}

#[test]
fn unit_differences_of_equal_groups_are_student_t() {
    let effect = unit_differences(&[3.0, 5.0, 4.0], &[1.0, 2.0, 0.0], 10.0, DidSpread::Pooled).unwrap();
    assert!((effect.point - 3.0).abs() < 1e-12 && effect.df == 4.0);
    assert!((effect.standard_error - (2.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    let welch = unit_differences(&[3.0, 5.0, 4.0], &[1.0, 2.0, 0.0], 10.0, DidSpread::Separate).unwrap();
    assert!((welch.df - 4.0).abs() < 1e-12 && (welch.standard_error - effect.standard_error).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Drawn relabellings: any order of the units gives every bit, the groups may change places, never a p-value of 0.
    #[test]
    fn sampled_relabelling_depends_on_the_values_alone(
        treated in vec(-10.0..10.0_f64, 15), control in vec(-10.0..10.0_f64, 16), shift in -8.0..8.0_f64, turn in 0_usize..15
    ) {
        let treated: Vec<f64> = treated.iter().map(|x| x + shift).collect();
        let found = two_groups_any(&treated, &control, 400).unwrap();
        let (mut a, mut b) = (treated.clone(), control.clone());
        a.rotate_left(turn);
        b.reverse();
        prop_assert_eq!(found, two_groups_any(&a, &b, 400).unwrap());
        prop_assert!(found.p >= 1.0 / 401.0 && found.p <= 1.0);
        let sampled = matches!(found.relabelled, Relabelled::Sampled { draws: 400, .. });
        prop_assert!(sampled);
    }

    /// With few assignments the two ways are one.
    #[test]
    fn small_groups_are_listed(treated in vec(-10.0..10.0_f64, 1..5), control in vec(-10.0..10.0_f64, 1..6)) {
        let (found, listed) = (two_groups_any(&treated, &control, 10).unwrap(), two_groups(&treated, &control).unwrap());
        prop_assert_eq!(found.relabelled, Relabelled::All);
        prop_assert_eq!((found.difference, found.p), (listed.difference, listed.p));
    }

    /// The conformal limit is one of the scores, grows with the level, and leaves out no more of them than it may.
    #[test]
    fn conformal_limits_are_ranks(scores in vec(-5.0..5.0_f64, 40..120), level in 0.5..0.95_f64) {
        let reach = conformal_reach(&scores, level).unwrap();
        prop_assert!(scores.iter().any(|s| s.abs() == reach));
        let inside = scores.iter().filter(|s| s.abs() <= reach).count() as f64;
        prop_assert!(inside >= level * (scores.len() as f64 + 1.0) - 1e-6);
        prop_assert!(conformal_reach(&scores, 0.96).unwrap() >= reach);
    }

    /// Shrunk posteriors: the mean lies between the account's own figure and the others', y → a + c·y takes it along.
    #[test]
    fn integrated_shrinkage_is_equivariant(effects in vec(-3.0..3.0_f64, 4..12), c in 0.1..10.0_f64, a in -5.0..5.0_f64) {
        let fit = |values: &[f64], v: f64| {
            RandomEffects::fit(values, &vec![v; values.len()], Between::Reml).unwrap()
        };
        let moved: Vec<f64> = effects.iter().map(|y| a + c * y).collect();
        let centre = effects.iter().sum::<f64>() / effects.len() as f64;
        let (own, other) = (fit(&effects, 0.5), fit(&moved, 0.5 * c * c));
        let pairs = [
            (own.posteriors().unwrap(), other.posteriors().unwrap()),
            (own.calibrated().unwrap(), other.calibrated().unwrap()),
        ];
        for (plain, moved) in pairs {
            for ((plain, moved), y) in plain.iter().zip(moved).zip(&effects) {
                prop_assert!((a + c * plain.mean() - moved.mean()).abs() < 1e-6 * c.max(1.0));
                prop_assert!((c * plain.standard_deviation() - moved.standard_deviation()).abs() < 1e-5 * c);
                prop_assert!(plain.mean() >= y.min(centre) - 1e-6 && plain.mean() <= y.max(centre) + 1e-6);
            }
        }
    }
}

/// A large group by draws against the normal limit of the permutation distribution.
#[test]
fn sampled_relabelling_meets_the_normal_limit() {
    let wave = |n: u32, k: u32| -> Vec<f64> { (0..n).map(|i| f64::from(i * k % 97) / 10.0).collect() };
    let treated: Vec<f64> = wave(60, 31).iter().map(|x| x + 1.2).collect();
    let control = wave(90, 17);
    let found = two_groups_any(&treated, &control, 40_000).unwrap();
    let all: Vec<f64> = treated.iter().chain(&control).copied().collect();
    let mean = all.iter().sum::<f64>() / 150.0;
    let variance = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 149.0;
    let z = found.difference.abs() / (variance * (1.0 / 60.0 + 1.0 / 90.0)).sqrt();
    let normal = 2.0 * endcap_promo::evidence::distribution::normal_cdf(-z);
    assert!((found.p - normal).abs() < 0.1 * normal + 0.002, "{} against {normal}", found.p);
}

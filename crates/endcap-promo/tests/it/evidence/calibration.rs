//! Simulated events whose effect is known: does the interval hold it as often as it says?

use endcap_promo::evidence::geo::{
    DidSpread, Noise, RatioInput, RatioInterval, Tbr, ratio_interval, unit_differences,
};
use endcap_promo::evidence::infer::calibration::conformal_reach;
use endcap_promo::evidence::interrupted::interrupted;
use endcap_promo::evidence::linalg::Design;
use endcap_promo::evidence::panel::{FixedEffects, PanelFit};
use endcap_promo::evidence::regression::{Covariance, Ols, SampleFactor};
use endcap_promo::evidence::staggered::{Comparison, Rollout, RolloutUnit};
use endcap_promo::evidence::structural::{StructuralOptions, impact};

/// SplitMix64 and the sum of twelve uniforms' better half: Box–Muller.
pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (core::f64::consts::TAU * v).cos()
    }
}

/// Share of intervals that hold the truth, and of those that exclude zero.
pub(super) fn coverage(events: usize, seed: u64, mut one: impl FnMut(&mut Rng) -> (f64, f64, f64)) -> f64 {
    let mut rng = Rng(seed);
    let held = (0..events)
        .filter(|_| {
            let (low, high, truth) = one(&mut rng);
            low <= truth && truth <= high
        })
        .count();
    let share = held as f64 / events as f64;
    eprintln!("coverage {:.2} % of {events}", 100.0 * share);
    share
}

pub(super) fn nominal(share: f64) {
    assert!((0.935..=0.965).contains(&share), "{share}");
}

#[test]
fn regression_on_a_control_group() {
    nominal(coverage(4_000, 1, |rng| {
        let x: Vec<f64> = (0..48).map(|_| 100.0 + 10.0 * rng.normal()).collect();
        let y: Vec<f64> = x.iter().map(|x| 30.0 + 1.2 * x + 4.0 * rng.normal()).collect();
        let effect = Tbr::fit(&x[..40], &y[..40]).unwrap().effect(&x[40..], &y[40..]).unwrap();
        let (low, high) = effect.interval(0.95).unwrap();
        (low, high, 0.0)
    }));
}

#[test]
fn regression_with_correlated_weeks_needs_the_wider_error() {
    let share = |noise: Noise| {
        coverage(2_000, 2, move |rng| {
            let x: Vec<f64> = (0..110).map(|_| 100.0 + 10.0 * rng.normal()).collect();
            let mut carry = 0.0;
            let y: Vec<f64> = x
                .iter()
                .map(|x| {
                    carry = 0.5 * carry + 4.0 * rng.normal();
                    30.0 + 1.2 * x + carry
                })
                .collect();
            let fit = Tbr::fit(&x[..104], &y[..104]).unwrap();
            let (low, high) = fit.effect_with(&x[104..], &y[104..], noise).unwrap().interval(0.95).unwrap();
            (low, high, 0.0)
        })
    };
    let (naive, robust) = (share(Noise::Independent), share(Noise::Tested { lags: 6 }));
    assert!(naive < 0.90, "{naive}");
    nominal(robust);
}

/// Weeks that remember the one before, by correlation.
fn remembering(rng: &mut Rng, weeks: usize, rho: f64) -> Vec<f64> {
    let mut carry = 4.0 * rng.normal() / (1.0 - rho * rho).sqrt();
    (0..weeks)
        .map(|_| {
            carry = rho * carry + 4.0 * rng.normal();
            carry
        })
        .collect()
}

#[test]
fn weeks_that_remember_each_other() {
    // History, event, correlation: a year, two years, forty weeks.
    for (n, event, rho) in
        [(104, 6, 0.0), (104, 6, 0.3), (104, 6, 0.5), (104, 6, 0.7), (52, 4, 0.3), (52, 4, 0.5), (40, 2, 0.5)]
    {
        nominal(coverage(2_000, 12, |rng| {
            let x: Vec<f64> = (0..n + event).map(|_| 100.0 + 10.0 * rng.normal()).collect();
            let noise = remembering(rng, n + event, rho);
            let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| 30.0 + 1.2 * x + e).collect();
            let fit = Tbr::fit(&x[..n], &y[..n]).unwrap();
            let effect = fit.effect_with(&x[n..], &y[n..], Noise::FirstOrder).unwrap();
            let (low, high) = effect.interval(0.95).unwrap();
            (low, high, 0.0)
        }));
    }
}

#[test]
fn interrupted_series_that_remember() {
    for (n, event, rho) in [(48, 12, 0.0), (48, 12, 0.3), (48, 12, 0.5), (104, 12, 0.5)] {
        nominal(coverage(2_000, 13, |rng| {
            let noise = remembering(rng, n + event, rho);
            let y: Vec<f64> = noise.iter().enumerate().map(|(t, e)| 100.0 + 0.3 * t as f64 + e).collect();
            let effect = interrupted(&y, n, Covariance::FirstOrder).unwrap().effect;
            let (low, high) = effect.interval(0.95).unwrap();
            (low, high, 0.0)
        }));
    }
}

#[test]
fn ratios_with_uncertain_cost() {
    nominal(coverage(4_000, 3, |rng| {
        let (a, b) = (3_000.0 + 400.0 * rng.normal(), 1_000.0 + 120.0 * rng.normal());
        let input = RatioInput {
            numerator: a,
            denominator: b,
            numerator_variance: 160_000.0,
            denominator_variance: 14_400.0,
            covariance: 0.0,
            df: f64::INFINITY,
        };
        match ratio_interval(&input, 0.05).unwrap().interval {
            RatioInterval::Bounded { low, high } => (low, high, 3.0),
            RatioInterval::Unbounded => (f64::NEG_INFINITY, f64::INFINITY, 3.0),
        }
    }));
}

#[test]
fn differences_of_stores_with_correlated_weeks() {
    nominal(coverage(4_000, 4, |rng| {
        // The change of a store already sums its correlated weeks.
        let treated: Vec<f64> = (0..8).map(|_| 5.0 + 3.0 * rng.normal()).collect();
        let control: Vec<f64> = (0..14).map(|_| 8.0 * rng.normal()).collect();
        let effect = unit_differences(&treated, &control, 100.0, DidSpread::Separate).unwrap();
        let (low, high) = effect.interval(0.95).unwrap();
        (low, high, 5.0)
    }));
}

#[test]
fn interrupted_series() {
    nominal(coverage(4_000, 5, |rng| {
        let y: Vec<f64> = (0..60)
            .map(|t| 100.0 + 0.3 * f64::from(t) + if t >= 48 { 6.0 } else { 0.0 } + 5.0 * rng.normal())
            .collect();
        let (low, high) = interrupted(&y, 48, Covariance::Classical).unwrap().effect.interval(0.95).unwrap();
        (low, high, 72.0)
    }));
}

#[test]
fn newey_west_errors_of_a_slope() {
    nominal(coverage(2_000, 6, |rng| {
        let (mut carry, mut level) = (0.0, 0.0);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..400 {
            level = 0.3 * level + rng.normal();
            carry = 0.3 * carry + rng.normal();
            x.push(level);
            y.push(1.0 + 2.0 * level + carry);
        }
        let design = Design::new(400).unwrap().constant("c").unwrap().with("x", &x).unwrap();
        let fit = Ols::fit(&design, &y).unwrap();
        let estimator = Covariance::NeweyWest { lags: 8, factor: SampleFactor::SmallSample };
        let se = fit.standard_errors(estimator).unwrap()[1];
        let b = fit.coefficients()[1];
        (b - 1.966 * se, b + 1.966 * se, 2.0)
    }));
}

#[test]
fn structural_series_without_controls() {
    // The truth is a local level with the scales the prior expects; the prior's own spread makes it a little wide.
    let share = coverage(2_000, 7, |rng| {
        let mut level = 0.0;
        let y: Vec<Option<f64>> = (0..60)
            .map(|_| {
                level += 0.05 * rng.normal();
                Some(100.0 + 5.0 * (level + rng.normal()))
            })
            .collect();
        let options = StructuralOptions {
            nodes: 8,
            level_scale: 0.05,
            level_weight: 8.0,
            ..StructuralOptions::default()
        };
        let (low, high) = impact(&y, &[], 52, &options).unwrap().interval(0.95).unwrap();
        (low, high, 0.0)
    });
    nominal(share);
}

#[test]
fn roll_outs() {
    nominal(coverage(2_000, 8, |rng| {
        // The influence function has no small-sample factor: cohorts of forty, not of ten.
        let units: Vec<RolloutUnit> = (0..160)
            .map(|i| {
                let first = if i < 40 {
                    Some(4)
                } else if i < 80 {
                    Some(6)
                } else {
                    None
                };
                let own = 10.0 * rng.normal();
                let outcomes = (0..9)
                    .map(|t| {
                        own + 2.0 * t as f64
                            + if first.is_some_and(|g| t >= g) { 5.0 } else { 0.0 }
                            + 3.0 * rng.normal()
                    })
                    .collect();
                RolloutUnit { first, outcomes }
            })
            .collect();
        let effect = Rollout::estimate(&units, Comparison::NotYetTreated).unwrap().overall().unwrap();
        let (low, high) = effect.interval(0.95).unwrap();
        (low, high, 5.0)
    }));
}

#[test]
fn conformal_limits_hold_under_heavy_tails_and_errors_that_are_too_small() {
    // Normal over chi-square noise, whose tails are heavy, and an error stated at half its size: 39 placebos, one event.
    nominal(coverage(20_000, 14, |rng| {
        let score = |rng: &mut Rng| {
            let chi: f64 = (0..5).map(|_| rng.normal().powi(2)).sum::<f64>() / 5.0;
            2.0 * rng.normal() / chi
        };
        let placebos: Vec<f64> = (0..39).map(|_| score(rng)).collect();
        let reach = conformal_reach(&placebos, 0.95).unwrap();
        let own = score(rng);
        (own - reach, own + reach, 0.0)
    }));
}

#[test]
fn panels_with_fixed_effects() {
    nominal(coverage(2_000, 10, |rng| {
        let (mut stores, mut weeks, mut x, mut y) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let levels: Vec<f64> = (0..8).map(|_| 3.0 * rng.normal()).collect();
        let common: Vec<f64> = (0..12).map(|_| 3.0 * rng.normal()).collect();
        for (store, level) in levels.iter().enumerate() {
            for (week, shock) in common.iter().enumerate() {
                let price = rng.normal() + 0.5 * shock;
                stores.push(store);
                weeks.push(week);
                x.push(price);
                y.push(level + shock - 2.0 * price + rng.normal());
            }
        }
        let design = Design::new(96).unwrap().with("price", &x).unwrap();
        let fit = PanelFit::new(&design, &y, FixedEffects::Two(&stores, &weeks)).unwrap();
        let own = fit.coefficient("price").unwrap();
        let (b, se) = (own.value().unwrap(), own.standard_error().unwrap());
        (b - 1.991 * se, b + 1.991 * se, -2.0)
    }));
}

//! Slow and obvious second implementations beside the kernels, in exact rationals where the kernel uses f64.

use endcap_promo::{Baseline, baseline, noise, student_t};
use endcap_types::{Exact, Rate, RoundingMode};
use proptest::prelude::*;

use crate::support::int;

fn to_f64(value: &Exact) -> f64 {
    value.to_fixed(15, RoundingMode::HalfEven).parse().unwrap()
}

fn average(values: &[Exact]) -> Exact {
    let sum = values.iter().fold(Exact::ZERO, |sum, value| sum.add(value).unwrap());
    sum.div(&int(values.len() as i64)).unwrap()
}

/// The baseline of week `at` from weeks that are clean and outside the window, in rationals.
fn slow(
    method: &Baseline,
    units: &[i64],
    usable: &dyn Fn(usize) -> bool,
    window: &[usize],
    at: usize,
) -> Exact {
    let (first, last) = (window[0], *window.last().unwrap());
    let before: Vec<usize> = (0..first).filter(|at| usable(*at)).collect();
    let after: Vec<usize> = (last + 1..units.len()).filter(|at| usable(*at)).collect();
    let tail = |n: u32| before[before.len() - n as usize..].to_vec();
    let values = |weeks: &[usize]| weeks.iter().map(|at| int(units[*at])).collect::<Vec<_>>();
    match method {
        Baseline::TrailingMean { weeks } => average(&values(&tail(*weeks))),
        Baseline::TrailingMedian { weeks } => {
            // Take the smallest and the largest away until one or two are left.
            let mut left = values(&tail(*weeks));
            left.sort();
            while left.len() > 2 {
                left.pop();
                left.remove(0);
            }
            average(&left)
        }
        Baseline::TrimmedMean { weeks, trim } => {
            let mut left = values(&tail(*weeks));
            left.sort();
            let mut drop = 0;
            while int(drop + 1) <= trim.to_exact().mul(&int(i64::from(*weeks))).unwrap() {
                drop += 1;
            }
            for _ in 0..drop {
                left.pop();
                left.remove(0);
            }
            average(&left)
        }
        Baseline::PrePostMean { weeks } => {
            let mut picked = tail(*weeks);
            picked.extend(after.iter().take(*weeks as usize));
            average(&values(&picked))
        }
        Baseline::LinearTrend { weeks } => {
            // Normal equations by Cramer's rule.
            let (mut n, mut sx, mut sy, mut sxx, mut sxy) = (0, 0, 0, 0, 0);
            for week in tail(*weeks) {
                let (x, y) = (week as i64, units[week]);
                (n, sx, sy, sxx, sxy) = (n + 1, sx + x, sy + y, sxx + x * x, sxy + x * y);
            }
            let determinant = n * sxx - sx * sx;
            let top = (sy * sxx - sx * sxy) + (n * sxy - sx * sy) * at as i64;
            int(top).div(&int(determinant)).unwrap()
        }
        Baseline::ExponentialSmoothing { alpha } => {
            // Closed form: (1 − α)^n of the first week, α(1 − α)^k of the week k steps back.
            let (alpha, keep) = (alpha.to_exact(), alpha.complement().unwrap().to_exact());
            let (mut weight, mut level) = (Exact::ONE, Exact::ZERO);
            for week in before[1..].iter().rev() {
                level = level.add(&weight.mul(&alpha).unwrap().mul(&int(units[*week])).unwrap()).unwrap();
                weight = weight.mul(&keep).unwrap();
            }
            level.add(&weight.mul(&int(units[before[0]])).unwrap()).unwrap()
        }
        _ => unreachable!(),
    }
}

fn methods(weeks: u32, percent: i64) -> [Baseline; 6] {
    let rate = Rate::percent(percent.into()).unwrap();
    [
        Baseline::TrailingMean { weeks },
        Baseline::TrailingMedian { weeks },
        Baseline::TrimmedMean { weeks, trim: rate },
        Baseline::PrePostMean { weeks },
        Baseline::LinearTrend { weeks },
        Baseline::ExponentialSmoothing { alpha: rate },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn baselines_agree_with_rationals(
        units in prop::collection::vec(0_i64..5_000, 40),
        mask in prop::collection::vec(prop::bool::weighted(0.8), 40),
        weeks in 2_u32..6, percent in 1_i64..50, start in 18_usize..24,
    ) {
        let window = [start, start + 1, start + 2];
        let usable = |at: usize| mask[at] && !window.contains(&at);
        let clean: Vec<bool> = (0..40).map(usable).collect();
        let values: Vec<f64> = units.iter().map(|units| *units as f64).collect();
        prop_assume!(clean[..start].iter().filter(|clean| **clean).count() >= 8);
        prop_assume!(clean[start..].iter().filter(|clean| **clean).count() >= 6);
        for method in methods(weeks, percent) {
            let fast = baseline::expected(&method, &values, &clean, &window).unwrap();
            for (at, fast) in window.iter().zip(fast) {
                let slow = to_f64(&slow(&method, &units, &usable, &window, *at));
                prop_assert!((fast - slow).abs() <= 1e-9 * slow.abs().max(1.0), "{method:?}: {fast} {slow}");
            }
        }
    }

    #[test]
    fn noise_agrees_with_rationals(
        units in prop::collection::vec(0_i64..5_000, 26),
        mask in prop::collection::vec(prop::bool::weighted(0.85), 26),
        percent in 1_i64..50, h in 1_usize..4,
    ) {
        let values: Vec<f64> = units.iter().map(|units| *units as f64).collect();
        let quiet: Vec<usize> = (0..26).filter(|at| mask[*at]).collect();
        prop_assume!(quiet.len() >= 8 + 3 + h + 6);
        for method in methods(3, percent) {
            let fast = noise::of_windows(&method, &values, &mask, h).unwrap();
            let mut squares = Exact::ZERO;
            let mut m = 0;
            for window in quiet.windows(h) {
                let usable = |at: usize| mask[at] && !window.contains(&at);
                let before = quiet.iter().filter(|at| **at < window[0]).count();
                let after = quiet.iter().filter(|at| *at > window.last().unwrap()).count();
                if before < method.needs().0 || after < method.needs().1 {
                    continue;
                }
                let miss = window.iter().fold(Exact::ZERO, |sum, at| {
                    let base = slow(&method, &units, &usable, window, *at);
                    sum.add(&int(units[*at]).sub(&base).unwrap()).unwrap()
                });
                squares = squares.add(&miss.mul(&miss).unwrap()).unwrap();
                m += 1;
            }
            prop_assert_eq!(fast.misses.len(), m);
            let slow = to_f64(&squares.div(&int(m as i64)).unwrap()).sqrt();
            prop_assert!((fast.standard_error - slow).abs() <= 1e-9 * slow.max(1.0));
            // Degrees of freedom: m over the sum of squared overlaps, in rationals.
            let overlap = (1 - h as i64..h as i64).fold(Exact::ZERO, |sum, k| {
                let rho = Exact::ratio(h as i128 - i128::from(k.abs()), h as i128).unwrap();
                sum.add(&rho.mul(&rho).unwrap()).unwrap()
            });
            let df = int(m as i64).div(&overlap).unwrap().round_to_int(RoundingMode::Floor).unwrap();
            prop_assert_eq!(i128::from(fast.df), df);
        }
    }

    #[test]
    fn t_distribution_agrees_with_integration(t in 0.0_f64..12.0, df in 1_u32..60) {
        // Simpson's rule on the density; its constant by the recursion of the gamma function.
        let nu = f64::from(df);
        let mut constant = if df % 2 == 1 { core::f64::consts::FRAC_1_PI } else { 0.5 };
        // c(ν)·√ν: c(1)√1 = 1/π, c(2)√2 = 1/2, and each step of two multiplies by ν/(ν − 1) of the lower ν + 1.
        let mut k = if df % 2 == 1 { 1 } else { 2 };
        while k < df {
            constant *= f64::from(k + 1) / f64::from(k);
            k += 2;
        }
        let density = |x: f64| constant / nu.sqrt() * (1.0 + x * x / nu).powf(-0.5 * (nu + 1.0));
        let steps = 4_000;
        let width = t / f64::from(steps);
        let mut sum = density(0.0) + density(t);
        for step in 1..steps {
            sum += density(f64::from(step) * width) * if step % 2 == 1 { 4.0 } else { 2.0 };
        }
        let slow = 0.5 + sum * width / 3.0;
        let fast = student_t::cdf(t, df).unwrap();
        prop_assert!((fast - slow).abs() < 1e-9, "{fast} {slow}");
        prop_assert!((student_t::cdf(-t, df).unwrap() - (1.0 - fast)).abs() < 1e-15);
    }
}

#[test]
fn printed_quantiles_of_student_t() {
    // Fisher & Yates, table III, to the digits printed there.
    for (df, p, printed) in [
        (1, 0.975, 12.706),
        (5, 0.975, 2.571),
        (10, 0.995, 3.169),
        (30, 0.95, 1.697),
        (40, 0.975, 2.021),
        (120, 0.975, 1.980),
        (3, 0.8, 0.978),
    ] {
        let t = student_t::quantile(p, df).unwrap();
        assert!((t - printed).abs() <= 0.0005, "{df} {p}: {t}");
    }
}

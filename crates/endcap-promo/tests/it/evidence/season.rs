//! A series with a season: against the dense Gaussian posterior, and whether its intervals hold.

use endcap_promo::evidence::EvidenceError;
use endcap_promo::evidence::linalg::{Cholesky, Square};
use endcap_promo::evidence::structural::{Season, StructuralOptions, impact};

use super::calibration::{Rng, coverage, nominal};

const CYCLE: Season = Season::Cycle { seasons: 3, periods: 2 };

/// `loads[t]`: period `t` as a sum of independent normals: the start, steps of the level, seasons, steps of the season.
fn loads(periods: usize, seasons: usize, each: usize, scales: [f64; 2]) -> Vec<Vec<f64>> {
    let columns = 1 + periods + (seasons - 1) + periods;
    let mut level = vec![0.0; columns];
    level[0] = 1.0;
    let mut season: Vec<Vec<f64>> = (0..seasons - 1)
        .map(|i| (0..columns).map(|c| f64::from(u8::from(c == 1 + periods + i))).collect())
        .collect();
    let mut rows = Vec::new();
    for t in 0..periods {
        rows.push(level.iter().zip(&season[0]).map(|(a, b)| a + b).collect());
        level[1 + t] += scales[0];
        if (t + 1) % each == 0 {
            let mut next: Vec<f64> =
                (0..columns).map(|c| -season.iter().map(|state| state[c]).sum::<f64>()).collect();
            next[1 + periods + seasons - 1 + t] += scales[1];
            season.insert(0, next);
            season.pop();
        }
    }
    rows
}

/// Log likelihood of the history, mean and variance of the average forecast, by one dense covariance matrix.
fn dense(y: &[f64], ahead: usize, [level, noise, season]: [f64; 3]) -> (f64, f64, f64) {
    let n = y.len();
    let rows = loads(n + ahead, 3, 2, [level, season]);
    let share = 1.0 / ahead as f64;
    let future: Vec<f64> =
        (0..rows[0].len()).map(|c| rows[n..].iter().map(|row| row[c]).sum::<f64>() * share).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let covariance =
        Square::symmetric(n, |i, j| dot(&rows[i], &rows[j]) + if i == j { noise * noise } else { 0.0 });
    let factor = Cholesky::new("covariance", &covariance).unwrap();
    let centred: Vec<f64> = y.iter().map(|v| v - y[0]).collect();
    let solved = factor.solve(&centred);
    let cross: Vec<f64> = rows[..n].iter().map(|row| dot(row, &future)).collect();
    let log = -0.5 * factor.log_determinant() - 0.5 * dot(&centred, &solved);
    let spread = dot(&future, &future) + noise * noise * share - dot(&cross, &factor.solve(&cross));
    (log, y[0] + dot(&cross, &solved), spread)
}

/// A series of three seasons of two periods each.
fn series(rng: &mut Rng, periods: usize, noise: f64) -> Vec<f64> {
    let mut level = 0.0;
    (0..periods)
        .map(|t| {
            level += 0.1 * rng.normal();
            100.0 + 5.0 * (level + [1.0, -1.5, 0.5][t / 2 % 3] + noise * rng.normal())
        })
        .collect()
}

#[test]
fn the_posterior_is_the_dense_one() {
    let mut rng = Rng(31);
    let (n, ahead) = (18, 5);
    let all = series(&mut rng, n + ahead, 0.6);
    let options = StructuralOptions { season: CYCLE, nodes: 20, ..StructuralOptions::drifting() };
    let treated: Vec<Option<f64>> = all.iter().map(|y| Some(*y)).collect();
    let found = impact(&treated, &[], n, &options).unwrap();

    let mean = all[..n].iter().sum::<f64>() / n as f64;
    let sd = (all[..n].iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (n as f64 - 1.0)).sqrt();
    let y: Vec<f64> = all[..n].iter().map(|y| (y - mean) / sd).collect();
    let axis = |low: f64, high: f64, nodes: u32| -> Vec<f64> {
        (0..nodes).map(|k| low + (high - low) * (f64::from(k) + 0.5) / f64::from(nodes)).collect()
    };
    let prior = |shape: f64, rate: f64, log: f64| -2.0 * shape * log - rate / (2.0 * log).exp();
    let mut parts = Vec::new();
    for level in axis(options.level_scale.ln() - 4.0, 0.0, 24) {
        for noise in axis(-6.0, 1.2_f64.ln(), 48) {
            for season in axis(1e-4_f64.ln(), 0.0, 24) {
                let (log, at, spread) = dense(&y, ahead, [level.exp(), noise.exp(), season.exp()]);
                let log = log
                    + prior(2.0, 2.0 * 0.01, level)
                    + prior(0.005, 0.005, noise)
                    + prior(0.005, 0.005 * 1e-4, season);
                parts.push((log, at, spread));
            }
        }
    }
    let most = parts.iter().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max);
    let weight = |log: f64| (log - most).exp();
    let total: f64 = parts.iter().map(|p| weight(p.0)).sum();
    let centre: f64 = parts.iter().map(|p| weight(p.0) * p.1).sum::<f64>() / total;
    let spread: f64 =
        parts.iter().map(|p| weight(p.0) * (p.2 + (p.1 - centre) * (p.1 - centre))).sum::<f64>() / total;
    let actual = all[n..].iter().sum::<f64>() / ahead as f64;
    let (slow, slow_sd) = (actual - (mean + sd * centre), sd * spread.sqrt());
    let (fast, fast_sd) = (found.average.mean(), found.average.standard_deviation());
    assert!((fast - slow).abs() < 0.01 * slow_sd, "{fast} against {slow} ± {slow_sd}");
    assert!((fast_sd / slow_sd - 1.0).abs() < 0.01, "{fast_sd} against {slow_sd}");
}

#[test]
fn intervals_of_series_with_a_season_hold() {
    // The level steps by some 0.06 standard deviations of the series, as the prior expects; the season does not change.
    let run = |season: Season, width: &mut f64| {
        coverage(2_000, 32, |rng| {
            let y: Vec<Option<f64>> = series(rng, 40, 1.0).into_iter().map(Some).collect();
            let options =
                StructuralOptions { season, nodes: 6, level_scale: 0.06, ..StructuralOptions::default() };
            let (low, high) = impact(&y, &[], 36, &options).unwrap().interval(0.95).unwrap();
            *width += high - low;
            (low, high, 0.0)
        })
    };
    let (mut with, mut without) = (0.0, 0.0);
    nominal(run(CYCLE, &mut with));
    // Four periods of six are not the average season: without the state, the season is noise and drift.
    run(Season::None, &mut without);
    assert!(with < 0.9 * without, "{with} against {without}");
}

#[test]
fn a_season_shorter_than_half_the_history_is_needed() {
    let y: Vec<Option<f64>> = (0..20).map(|t| Some(f64::from(t * 7 % 5))).collect();
    let at = |season: Season, start: usize| {
        let options = StructuralOptions { season, nodes: 4, ..StructuralOptions::default() };
        impact(&y, &[], start, &options).map(|found| found.periods)
    };
    assert_eq!(at(CYCLE, 12), Ok(8));
    let need = "periods before the event for a season";
    assert_eq!(at(CYCLE, 11), Err(EvidenceError::TooFew { what: need, have: 11, need: 12 }));
    for bad in [Season::Cycle { seasons: 1, periods: 2 }, Season::Cycle { seasons: 3, periods: 0 }] {
        assert!(matches!(at(bad, 12), Err(EvidenceError::Parameter { .. })));
    }
    assert!(CYCLE.fits(12) && !CYCLE.fits(11) && Season::None.fits(0));
}

#[test]
fn weeks_that_are_missing_and_a_control_keep_the_season() {
    let mut rng = Rng(33);
    let control: Vec<f64> = (0..44).map(|_| 50.0 + 4.0 * rng.normal()).collect();
    let y: Vec<Option<f64>> = (0..44)
        .map(|t| {
            let event = if t >= 36 { 20.0 } else { 0.0 };
            let own = 100.0 + control[t] + [9.0, -12.0, 3.0][t / 2 % 3] + event + rng.normal();
            (t % 11 != 5).then_some(own)
        })
        .collect();
    let options = StructuralOptions { season: CYCLE, nodes: 8, ..StructuralOptions::drifting() };
    let found = impact(&y, &[&control], 36, &options).unwrap();
    let (low, high) = found.interval(0.95).unwrap();
    let truth = 20.0 * found.periods as f64;
    assert!(low < truth && truth < high && high - low < 0.6 * truth, "{low} {truth} {high}");
    assert!(found.inclusion[0] > 0.9, "{:?}", found.inclusion);
}

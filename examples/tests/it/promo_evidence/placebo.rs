//! How often a method finds an effect in real weeks in which nothing happened.

use std::collections::BTreeMap;

use endcap::promo::evidence::geo::{Noise, Tbr};
use endcap::promo::evidence::infer::calibration::{conformal_reach, inflation};
use endcap::promo::evidence::structural::{StructuralOptions, impact};

use super::{number, public};

/// Weeks of a placebo event.
const EVENT: usize = 2;
/// Weeks before it.
const HISTORY: usize = 40;

/// Method, effect over its own standard error.
type Scores = BTreeMap<&'static str, Vec<f64>>;

/// One placebo event a series: the last window that fits, promoted weeks masked, never inside the event.
fn scores(series: &BTreeMap<String, Vec<(f64, bool)>>) -> Scores {
    let mut scores = Scores::new();
    let window = HISTORY + EVENT;
    let names: Vec<&String> = series.keys().collect();
    for (at, name) in names.iter().enumerate() {
        let own = &series[*name];
        for from in (0..own.len().saturating_sub(window)).step_by(EVENT) {
            let weeks = &own[from..from + window];
            let clean = weeks.iter().filter(|week| !week.1).count();
            if weeks[HISTORY..].iter().any(|week| week.1) || clean < 20 {
                continue;
            }
            let treated: Vec<Option<f64>> = weeks.iter().map(|(y, busy)| (!busy).then_some(*y)).collect();
            for (label, options) in [
                ("structural", StructuralOptions::default()),
                ("structural, drifting", StructuralOptions::drifting()),
            ] {
                let options = StructuralOptions { nodes: 12, ..options };
                let found = impact(&treated, &[], HISTORY, &options).expect("sound data");
                let score = found.average.mean() / found.average.standard_deviation();
                scores.entry(label).or_default().push(score);
            }
            // Three other series as one control group, weeks as they are.
            let others: Vec<f64> = (0..window)
                .map(|t| {
                    (1..=3)
                        .map(|k| series[names[(at + k) % names.len()]].get(from + t).map_or(0.0, |w| w.0))
                        .sum()
                })
                .collect();
            let (mut x, mut y) = (Vec::new(), Vec::new());
            for (t, value) in treated[..HISTORY].iter().enumerate() {
                if let Some(value) = value {
                    x.push(others[t]);
                    y.push(*value);
                }
            }
            let after: Vec<f64> = treated[HISTORY..].iter().flatten().copied().collect();
            let fit = Tbr::fit(&x, &y).expect("sound data");
            for (label, noise) in [
                ("regression on controls", Noise::Independent),
                ("the same, correlated weeks", Noise::Correlated { lags: 4 }),
            ] {
                let effect = fit.effect_with(&others[HISTORY..], &after, noise).expect("sound data");
                scores.entry(label).or_default().push(effect.point / effect.standard_error);
            }
        }
    }
    scores
}

/// Share beyond the nominal 5 % limits.
fn share(scores: &[f64], factor: f64) -> f64 {
    let beyond = scores.iter().filter(|score| score.abs() > 1.96 * factor).count();
    beyond as f64 / scores.len() as f64
}

#[test]
fn real_placebo_events_in_cheese_and_orange_juice() {
    let Some(cheese) = public("bayesm_cheese.csv.zst") else { return };
    let Some(juice) = public("bayesm_orangeJuice_yx.csv.zst") else { return };
    let mut accounts: BTreeMap<String, Vec<(f64, bool)>> = BTreeMap::new();
    for row in &cheese {
        let week = (number(row, "VOLUME"), number(row, "DISP") > 0.3);
        accounts.entry(row["RETAILER"].clone()).or_default().push(week);
    }
    let mut stores: BTreeMap<String, BTreeMap<u32, (f64, bool)>> = BTreeMap::new();
    for row in juice.iter().filter(|row| row["brand"] == "5") {
        let week = (number(row, "logmove").exp(), number(row, "deal") > 0.0 || number(row, "feat") > 0.0);
        stores
            .entry(row["store"].clone())
            .or_default()
            .insert(row["week"].parse().expect("sound data"), week);
    }
    let stores: BTreeMap<String, Vec<(f64, bool)>> =
        stores.into_iter().map(|(store, weeks)| (store, weeks.into_values().collect())).collect();
    for (what, series) in [("cheese", &accounts), ("orange juice", &stores)] {
        for (method, scores) in scores(series) {
            assert!(scores.len() > 50, "{what}: {}", scores.len());
            // One half of the placebos says how much wider, the other half shows what that does.
            let (first, second): (Vec<_>, Vec<_>) =
                scores.iter().enumerate().partition(|(at, _)| at % 2 == 0);
            let part = |half: Vec<(usize, &f64)>| -> Vec<f64> {
                half.into_iter().map(|(_, score)| *score).collect()
            };
            let (first, second) = (part(first), part(second));
            let factor = inflation(&first).expect("sound data");
            let (plain, widened) = (share(&scores, 1.0), share(&second, factor));
            let reach = conformal_reach(&first, 0.95).expect("enough placebos");
            let conformal = share(&second, reach / 1.96);
            eprintln!(
                "{what}: {method}: {:.1} % of {} placebo events at a nominal 5 %; widened {factor:.2} times {:.1} %; \
                 conformal {reach:.2} errors {:.1} %",
                100.0 * plain,
                scores.len(),
                100.0 * widened,
                100.0 * conformal
            );
            // Prices move in these weeks too, so no method reaches its nominal rate by itself.
            assert!(
                widened <= 0.05 + 2.0 * (0.05 * 0.95 / second.len() as f64).sqrt() + 0.02,
                "{what} {method}: {widened}"
            );
        }
    }
}

//! How often a method finds an effect in real weeks in which nothing happened.

use std::collections::BTreeMap;

use endcap::promo::evidence::geo::{Noise, Tbr};
use endcap::promo::evidence::infer::calibration::conformal_reach;
use endcap::promo::evidence::infer::placebo::{Placebo, false_positives};
use endcap::promo::evidence::structural::{StructuralOptions, impact};

use super::{number, public};

/// Weeks of a placebo event.
const EVENT: usize = 2;
/// Weeks before it.
const HISTORY: usize = 40;

/// Method, and every placebo with its effect over its own standard error.
type Scores = BTreeMap<&'static str, Vec<Placebo>>;

/// Placebo events end to end in every series, promoted weeks masked, never inside the event.
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
            let first = i64::try_from(from + HISTORY).expect("a week");
            let placebo = |score: f64| Placebo { unit: at, first, last: first + EVENT as i64 - 1, score };
            let treated: Vec<Option<f64>> = weeks.iter().map(|(y, busy)| (!busy).then_some(*y)).collect();
            for (label, options) in [
                ("structural", StructuralOptions::default()),
                ("structural, drifting", StructuralOptions::drifting()),
            ] {
                let options = StructuralOptions { nodes: 12, ..options };
                let found = impact(&treated, &[], HISTORY, &options).expect("sound data");
                let score = found.average.mean() / found.average.standard_deviation();
                scores.entry(label).or_default().push(placebo(score));
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
                scores.entry(label).or_default().push(placebo(effect.point / effect.standard_error));
            }
        }
    }
    scores
}

/// Share of placebos beyond limits from windows that were over before they began, where there are enough; and how many.
fn forward(placebos: &[Placebo]) -> (f64, usize) {
    let (mut beyond, mut judged) = (0_usize, 0_usize);
    for own in placebos {
        let past: Vec<f64> = placebos.iter().filter(|p| p.last < own.first).map(|p| p.score).collect();
        if past.len() >= 60 {
            let limit = conformal_reach(&past, 0.95).expect("enough placebos");
            judged += 1;
            beyond += usize::from(own.score.abs() > limit);
        }
    }
    (beyond as f64 / judged.max(1) as f64, judged)
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
        for (method, placebos) in scores(series) {
            // Limits from other accounts and other weeks: nothing of the placebo judged, nor of its week, is in them.
            let found = false_positives(&placebos, 0.95, 1.96).expect("enough placebos");
            let (onward, judged) = forward(&placebos);
            eprintln!(
                "{what}: {method}: nominal 5 %; {:.1} % of {} placebo events by limits from other accounts and weeks; \
                 {:.1} % by the method's own limits; {:.1} % of {judged} by limits from the past alone",
                100.0 * found.conformal,
                found.judged,
                100.0 * found.stated,
                100.0 * onward
            );
            let slack = |events: usize| 2.0 * (0.05 * 0.95 / events as f64).sqrt();
            assert!(found.judged > 90, "{what} {method}: {}", found.judged);
            assert!((found.conformal - 0.05).abs() <= slack(found.judged), "{what} {method}: {found:?}");
            // Seasons come that the past had not: the limits hold from then on, not at once.
            assert!(onward <= 0.05 + slack(judged) + 0.02, "{what} {method}: {onward} of {judged}");
        }
    }
}

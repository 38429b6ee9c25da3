//! How often a shelf that has been empty for so long is stocked again.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use super::panel::SalesPanel;

/// Shelves of prior weight that were stocked: while nothing is known of a class, an article is taken for listed.
const PRIOR: f64 = 5.0;
/// Classes of emptiness: stocked; empty for 1, 2, 3–4, 5–8, … 33 periods or more; the same for never stocked so far.
const CLASSES: usize = 15;

/// The class of a shelf that has been empty for `empty` periods, and whether it was ever stocked before.
fn class_of(empty: usize, listed: bool) -> usize {
    let doubled = match empty {
        0 => return 0,
        1 => 1,
        2 => 2,
        3..=4 => 3,
        5..=8 => 4,
        9..=16 => 5,
        17..=32 => 6,
        _ => 7,
    };
    if listed { doubled } else { doubled.saturating_add(7) }
}

/// Probability that each series is stocked `1, …, horizon` periods from now, row by row.
///
/// A frequency over all series and all past periods whose shelf was in the same class, the later ones weighing more:
/// `(Σ w·stocked + 5)/(Σ w + 5)` with `w = memory^age`. An article that is in the shelf nearly always stays, one that
/// has been away for half a year nearly never comes back within a month; how nearly, the panel says.
pub(super) fn availability(panel: &SalesPanel<'_>, horizon: usize, memory: f64) -> Vec<f64> {
    let mut weights: Vec<f64> =
        std::iter::successors(Some(1.0), |weight| Some(weight * memory)).take(panel.periods()).collect();
    weights.reverse();
    let mut counts = vec![(PRIOR, PRIOR); CLASSES.saturating_mul(horizon)];
    let mut now = Vec::with_capacity(panel.series());
    for series in 0..panel.series() {
        let stocked = panel.in_stock_of(series);
        let (mut empty, mut listed, mut class) = (0_usize, false, 0);
        for (period, on) in stocked.iter().enumerate() {
            (empty, listed) = if *on { (0, true) } else { (empty.saturating_add(1), listed) };
            class = class_of(empty, listed);
            let later = period.saturating_add(1)..;
            let ahead = stocked.get(later.clone()).unwrap_or_default().iter();
            let ahead = ahead.zip(weights.get(later).unwrap_or_default());
            let slots = counts.chunks_mut(horizon.max(1)).nth(class).unwrap_or_default();
            for ((on, weight), slot) in ahead.zip(slots) {
                slot.0 += if *on { *weight } else { 0.0 };
                slot.1 += weight;
            }
        }
        now.push(class);
    }
    let probability = |(stocked, all): &(f64, f64)| stocked / all;
    now.into_iter()
        .flat_map(|class| counts.chunks(horizon.max(1)).nth(class).unwrap_or_default())
        .map(probability)
        .collect()
}

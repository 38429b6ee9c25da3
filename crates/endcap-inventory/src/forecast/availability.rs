//! How often a shelf that has been empty for so long is stocked again.
//!
//! # Source
//!
//! House rule: a discrete hazard by duration, each class leaning on the one before it.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use super::panel::SalesPanel;

/// Shelves of prior weight with which a class leans on the one before it: on a shelf that has been empty for less long.
const PRIOR: f64 = 5.0;
/// Classes of emptiness: stocked; empty for 1, 2, 3–4, 5–8, … 33 periods or more; the same for never stocked so far.
const CLASSES: usize = 15;
/// The class of a shelf that was never stocked, for one period so far.
const FIRST_NEVER: usize = 8;

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
/// `(Σ w·stocked + 5·before)/(Σ w + 5)` with `w = memory^age`, where `before` is the share of the class that has been
/// empty for less long, and 1 for a stocked shelf: what the panel has not shown yet is taken from what it has. An article that is in the shelf nearly always stays, one that
/// has been away for half a year nearly never comes back within a month; how nearly, the panel says.
pub(super) fn availability(panel: &SalesPanel<'_>, horizon: usize, memory: f64) -> Vec<f64> {
    let mut weights: Vec<f64> =
        std::iter::successors(Some(1.0), |weight| Some(weight * memory)).take(panel.periods()).collect();
    weights.reverse();
    let mut counts = vec![(0.0, 0.0); CLASSES.saturating_mul(horizon)];
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
    let classes = frequencies(&counts, horizon);
    now.into_iter()
        .flat_map(|class| classes.get(class).map(Vec::as_slice).unwrap_or_default())
        .copied()
        .collect()
}

/// Shares of stocked shelves by class and periods ahead, each class leaning on the one before it.
fn frequencies(counts: &[(f64, f64)], horizon: usize) -> Vec<Vec<f64>> {
    let mut classes: Vec<Vec<f64>> = Vec::with_capacity(CLASSES);
    for (class, slots) in counts.chunks(horizon.max(1)).enumerate() {
        // Never stocked for one period leans on stocked before and empty for one period.
        let before = if class == FIRST_NEVER { Some(1) } else { class.checked_sub(1) };
        let toward = before.and_then(|before| classes.get(before));
        let share = |(ahead, (stocked, all)): (usize, &(f64, f64))| {
            let prior = toward.and_then(|row| row.get(ahead)).copied().unwrap_or(1.0);
            (stocked + PRIOR * prior) / (all + PRIOR)
        };
        let row = slots.iter().enumerate().map(share).collect();
        classes.push(row);
    }
    classes
}

//! The break solution: greedy along the hulls until the next step no longer fits, found by selection.
//!
//! # Source
//!
//! Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), § 11.2: the break solution by partitioning.

use core::cmp::Ordering;

use endcap_types::{Exact, TypesError};

use super::hull::{Fronts, step, wide};

/// One step along the hull of a class, from a point to the next wider one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Increment {
    pub(super) rise: i64,
    pub(super) run: i64,
    class: usize,
    position: usize,
}

impl Increment {
    pub(super) const fn class(&self) -> usize {
        self.class
    }

    /// The index on the hull of its class that the step starts from.
    pub(super) const fn position(&self) -> usize {
        self.position
    }

    /// Steepest first; ties by class, then position, so that the order is total.
    fn order(&self, other: &Self) -> Ordering {
        wide(other.rise, self.run)
            .cmp(&wide(self.rise, other.run))
            .then(self.class.cmp(&other.class))
            .then(self.position.cmp(&other.position))
    }
}

/// Where the greedy walk stops.
#[derive(Debug)]
pub(super) struct Break {
    /// `points[k]` is the point taken in class `k`.
    pub(super) points: Vec<usize>,
    pub(super) width: i64,
    pub(super) profit: i64,
    /// The step that no longer fits; `None` when every class is at its most profitable item.
    pub(super) step: Option<Increment>,
}

impl Break {
    /// The linear bound: `profit + (capacity − width) × rise ÷ run`.
    pub(super) fn bound(&self, capacity: i64) -> Result<Exact, TypesError> {
        let profit = Exact::from_int(i128::from(self.profit));
        match &self.step {
            None => Ok(profit),
            Some(step) => {
                let left = capacity.saturating_sub(self.width);
                profit.add(&Exact::ratio(wide(left, step.rise), i128::from(step.run))?)
            }
        }
    }
}

/// Small enough to sort outright.
const SORT_BELOW: usize = 32;

/// Takes hull steps in order of profit per width while they fit, without sorting them all: the median splits the open
/// steps, the steeper half is taken when it fits, else searched further. Linear time on average.
pub(super) fn break_solution(fronts: &Fronts, capacity: i64) -> Break {
    let mut increments = increments(fronts);
    let mut room = capacity.saturating_sub(fronts.minimum_width());
    let (mut taken, mut end) = (0_usize, increments.len());
    while let Some(open) = increments.get_mut(taken..end) {
        if open.len() <= SORT_BELOW {
            open.sort_unstable_by(Increment::order);
            break;
        }
        let half = open.len() / 2;
        open.select_nth_unstable_by(half, Increment::order);
        let width = open.iter().take(half).fold(0_i64, |sum, step| sum.saturating_add(step.run));
        if width <= room {
            room = room.saturating_sub(width);
            taken = taken.saturating_add(half);
        } else {
            end = taken.saturating_add(half);
        }
    }
    let mut stop = None;
    for step in increments.iter().skip(taken) {
        if step.run > room {
            stop = Some(*step);
            break;
        }
        room = room.saturating_sub(step.run);
        taken = taken.saturating_add(1);
    }

    // Steps of a class fall in steepness, so those taken are its first ones.
    let mut depth = vec![0_usize; fronts.class_count()];
    for step in increments.iter().take(taken) {
        if let Some(depth) = depth.get_mut(step.class) {
            *depth = (*depth).max(step.position.saturating_add(1));
        }
    }
    let points: Vec<usize> = depth
        .iter()
        .enumerate()
        .filter_map(|(class, depth)| fronts.hull(class).get(*depth).copied())
        .collect();
    let profit = points.iter().fold(0_i64, |sum, point| sum.saturating_add(fronts.point(*point).profit));
    Break { points, width: capacity.saturating_sub(room), profit, step: stop }
}

fn increments(fronts: &Fronts) -> Vec<Increment> {
    let mut all = Vec::with_capacity(fronts.hull_len().saturating_sub(fronts.class_count()));
    for class in 0..fronts.class_count() {
        let hull = fronts.hull(class);
        for (position, (from, to)) in hull.iter().zip(hull.iter().skip(1)).enumerate() {
            let (rise, run) = step(&fronts.point(*from), &fronts.point(*to));
            all.push(Increment { rise, run, class, position });
        }
    }
    all
}

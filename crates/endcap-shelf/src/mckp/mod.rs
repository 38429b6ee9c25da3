//! The multiple-choice knapsack: pick exactly one item of every class, as profitable as the width allows.
//!
//! | step | file | what happens |
//! |---|---|---|
//! | 1 | `hull` | dominated items leave; the concave hull of each class gives the linear relaxation |
//! | 2 | `relax` | the break solution, its exact multiplier and the linear bound, by selection, not by sorting |
//! | 3 | `search` | classes in order of how little they lose by moving; states pruned by bound and dominance |
//! | 4 | `complete` | now and then every state takes its best move of a class not yet decided: the incumbent rises early |
//!
//! Integers throughout: a proof made with rounded numbers is none.

mod complete;
mod hull;
mod relax;
mod search;

use endcap_types::Exact;

use crate::limits::{MAX_CLASSES, MAX_TOTAL};
use crate::{Certificate, ShelfError};

/// One choice of a class: what it takes and what it earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Item {
    /// Width taken, in the unit of the capacity (millimetres of shelf); not negative.
    pub width: i64,
    /// Profit earned, in profit units; may be negative.
    pub profit: i64,
}

/// How much work a search may do before it stops with a gap instead of a proof.
///
/// The counts are of things, not of seconds: the same input gives the same answer on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Most partial plans kept side by side (24 bytes each, two generations).
    pub max_states: usize,
    /// Most changes remembered to rebuild the best plan (24 bytes each).
    pub max_nodes: usize,
    /// Most moves tried, over all partial plans and classes: what bounds the time.
    pub max_moves: u64,
}

impl Budget {
    /// No search at all: the greedy plan with the linear bound.
    pub const GREEDY: Self = Self { max_states: 0, max_nodes: 0, max_moves: 0 };
}

impl Default for Budget {
    /// 200 000 states, 4 000 000 nodes and 30 000 000 moves: at most about 110 MB, reached only on adversarial instances.
    fn default() -> Self {
        Self { max_states: 200_000, max_nodes: 4_000_000, max_moves: 30_000_000 }
    }
}

/// One item of every class, what they take and earn together, and the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// `choice[k]` is the index of the item picked in class `k`; length: the number of classes.
    pub choice: Vec<usize>,
    /// Σ widths of the picked items.
    pub width: i64,
    /// Σ profits of the picked items.
    pub profit: i64,
    /// How far from the best this can be.
    pub certificate: Certificate,
    /// The exact optimum of the linear relaxation.
    pub relaxation: Exact,
}

/// Picks one item of every class so that the widths fit and the profits are largest (多选背包).
///
/// `max Σ p(k, x_k)` subject to `Σ w(k, x_k) ≤ capacity`, one `x_k` for every class `k`. Exact unless the budget runs out, and
/// then the certificate says how much might be missing. Among equally profitable selections the choice is deterministic.
///
/// # Errors
///
/// - [`ShelfError::EmptyClass`], [`ShelfError::TooManyClasses`], [`ShelfError::NegativeWidth`],
///   [`ShelfError::NegativeCapacity`], [`ShelfError::TotalTooLarge`] for input that breaks a rule.
/// - [`ShelfError::TooNarrow`] when even the narrowest items do not fit: the message names the least width that would do.
///
/// # Examples
///
/// ```
/// use endcap_shelf::mckp::{solve, Budget, Item};
/// // Water earns 4, 7, 9 with 1, 2, 3 facings of 60 mm; tea earns 6, 8 with 1, 2 facings of 80 mm. 220 mm of shelf.
/// let water: Vec<Item> = [(60, 4), (120, 7), (180, 9)].map(|(width, profit)| Item { width, profit }).to_vec();
/// let tea: Vec<Item> = [(80, 6), (160, 8)].map(|(width, profit)| Item { width, profit }).to_vec();
/// let best = solve(&[water, tea], 220, &Budget::default())?;
/// assert_eq!((best.choice, best.profit, best.width), (vec![1, 0], 13, 200));
/// # Ok::<(), endcap_shelf::ShelfError>(())
/// ```
///
/// # Source
///
/// Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), ch. 11: dominance and linear relaxation of the
/// multiple-choice knapsack, expanding core with dynamic programming and bounds; the budget is a house rule.
pub fn solve<C: AsRef<[Item]>>(
    classes: &[C],
    capacity: i64,
    budget: &Budget,
) -> Result<Selection, ShelfError> {
    let capacity = check(classes, capacity)?;
    let fronts = hull::Fronts::of(classes);
    let minimum = fronts.minimum_width();
    if minimum > capacity {
        return Err(ShelfError::TooNarrow { width: capacity, minimum });
    }
    let start = relax::break_solution(&fronts, capacity);
    let found = search::search(&fronts, &start, capacity, budget);
    let choice = found.points.iter().map(|point| fronts.item_of(*point)).collect();
    Ok(Selection {
        choice,
        width: found.width,
        profit: found.profit,
        certificate: Certificate::new(found.profit, found.upper),
        relaxation: start.bound(capacity)?,
    })
}

/// Refuses what breaks a limit; answers the capacity, cut to what could ever be used.
fn check<C: AsRef<[Item]>>(classes: &[C], capacity: i64) -> Result<i64, ShelfError> {
    if classes.len() > MAX_CLASSES {
        return Err(ShelfError::TooManyClasses { count: classes.len(), limit: MAX_CLASSES });
    }
    if capacity < 0 {
        return Err(ShelfError::NegativeCapacity { capacity });
    }
    let (mut widest, mut profit) = (0_i64, 0_i64);
    for (class, items) in classes.iter().enumerate() {
        let items = items.as_ref();
        if let Some(item) = items.iter().find(|item| item.width < 0) {
            return Err(ShelfError::NegativeWidth { class, width: item.width });
        }
        let most = items.iter().map(|item| item.width).max().ok_or(ShelfError::EmptyClass { class })?;
        // Every profit is inside ±2^63, so a saturated absolute value is over the limit and refused below.
        let earns = items.iter().map(|item| item.profit.saturating_abs()).max().unwrap_or(0);
        widest = widest.saturating_add(most);
        profit = profit.saturating_add(earns);
    }
    if widest > MAX_TOTAL || profit > MAX_TOTAL {
        return Err(ShelfError::TotalTooLarge { width: widest, profit, limit: MAX_TOTAL });
    }
    Ok(capacity.min(widest))
}

//! Several capacities at once: pick exactly one item of every class, as profitable as all the capacities allow.
//!
//! A capacity is whatever runs out: the width of a level, of a segment, the share of a brand or of a category, cases a week.
//!
//! | step | file | what happens |
//! |---|---|---|
//! | 1 | `space` | items that cannot fit beside the least of all other classes leave; what is left can be undone |
//! | 2 | `dual` | a price on every capacity makes the classes independent: an upper bound, improved by subgradient steps |
//! | 3 | `repair` | the selection at those prices, made to fit and then filled: a lower bound |
//! | 4 | `search` | depth first on the class that wavers most; items leave by bound and by room at every node |
//!
//! Integers throughout: a proof made with rounded numbers is none. Memory is linear in the input whatever the budget.

mod dual;
mod repair;
mod search;
mod space;

use crate::limits::{MAX_CAPACITIES, MAX_CLASSES, MAX_TOTAL};
use crate::{Certificate, ShelfError};

/// One choice of a class: what it takes of every capacity and what it earns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// `uses[j]` is taken of capacity `j`, in its unit; not negative.
    pub uses: Vec<i64>,
    /// Profit earned, in profit units; may be negative.
    pub profit: i64,
}

/// How much work a search may do before it stops with a gap instead of a proof.
///
/// The counts are of things, not of seconds: the same input gives the same answer on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Most nodes of the search tree; 0 for the bound and the repaired selection only.
    pub max_nodes: u64,
    /// Most uses priced (items × capacities × rounds), the root included.
    pub max_prices: u64,
}

impl Default for Budget {
    /// A million nodes and four thousand million prices: seconds, and reached only on hard instances.
    fn default() -> Self {
        Self { max_nodes: 1_000_000, max_prices: 4_000_000_000 }
    }
}

/// One item of every class, what they take and earn together, and the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// `choice[k]` is the index of the item picked in class `k`; length: the number of classes.
    pub choice: Vec<usize>,
    /// Σ uses of the picked items, by capacity.
    pub used: Vec<i64>,
    /// Σ profits of the picked items.
    pub profit: i64,
    /// How far from the best this can be.
    pub certificate: Certificate,
    /// Nodes of the search tree that were looked at.
    pub nodes: u64,
}

/// Picks one item of every class so that every capacity holds and the profits are largest (多约束多选背包).
///
/// `max Σ p(k, x_k)` subject to `Σ w_j(k, x_k) ≤ c_j` for every capacity `j`, one `x_k` for every class `k`. Exact unless the
/// budget runs out, and then the certificate says how much might be missing.
///
/// # Errors
///
/// - [`ShelfError::EmptyClass`], [`ShelfError::TooManyClasses`], [`ShelfError::TooManyCapacities`],
///   [`ShelfError::UsesMismatch`], [`ShelfError::NegativeWidth`], [`ShelfError::NegativeCapacity`],
///   [`ShelfError::TotalTooLarge`] for input that breaks a rule.
/// - [`ShelfError::NothingFits`] when no selection keeps all capacities: proven.
/// - [`ShelfError::NothingFound`] when the budget ran out before one was found.
///
/// # Examples
///
/// ```
/// use endcap_shelf::mmkp::{solve, Budget, Item};
/// use endcap_shelf::Status;
/// // Millimetres of the eye-level board, and facings the house brand may have: 300 and 2.
/// let item = |mm, house, profit| Item { uses: vec![mm, house], profit };
/// let water = vec![item(0, 0, 0), item(60, 1, 50), item(120, 2, 90), item(180, 3, 120)]; // house brand
/// let tea = vec![item(0, 0, 0), item(80, 0, 60), item(160, 0, 80)];
/// let best = solve(&[water, tea], &[300, 2], &Budget::default())?;
/// assert_eq!((best.choice, best.profit, best.used), (vec![2, 2], 170, vec![280, 2]));
/// assert_eq!(best.certificate.status(), Status::Optimal);
/// # Ok::<(), endcap_shelf::ShelfError>(())
/// ```
///
/// # Source
///
/// Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), ch. 9 and 11; Polyak's step length for subgradients (1969) with
/// the next better profit as target; the budget is a house rule.
pub fn solve<C: AsRef<[Item]>>(
    classes: &[C],
    capacities: &[i64],
    budget: &Budget,
) -> Result<Selection, ShelfError> {
    solve_above(classes, capacities, budget, None)
}

/// As [`solve`], for selections that earn more than `above` only.
///
/// # Errors
///
/// - As [`solve`]; [`ShelfError::NothingFits`] then says that nothing earns more, and [`ShelfError::NothingBetter`] carries what
///   nothing exceeds when the budget ran out.
pub(crate) fn solve_above<C: AsRef<[Item]>>(
    classes: &[C],
    capacities: &[i64],
    budget: &Budget,
    above: Option<i64>,
) -> Result<Selection, ShelfError> {
    let least = check(classes, capacities)?;
    let least = above.map_or(least, |above| above.saturating_add(1).max(least));
    let space = space::Space::of(classes, capacities);
    let found = search::search(space, least, budget);
    let nodes = found.nodes;
    let Some((profit, items)) = found.best else {
        return Err(match found.upper {
            None => ShelfError::NothingFits,
            Some(upper) if above.is_some() => ShelfError::NothingBetter { upper },
            Some(_) => ShelfError::NothingFound { nodes },
        });
    };
    let mut used = vec![0_i64; capacities.len()];
    let picked = classes.iter().zip(&items).filter_map(|(class, item)| class.as_ref().get(*item));
    for item in picked {
        used.iter_mut().zip(&item.uses).for_each(|(sum, uses)| *sum = sum.saturating_add(*uses));
    }
    let upper = found.upper.unwrap_or(profit);
    Ok(Selection { choice: items, used, profit, certificate: Certificate::new(profit, upper), nodes })
}

/// Refuses what breaks a limit; answers the least that any selection earns.
fn check<C: AsRef<[Item]>>(classes: &[C], capacities: &[i64]) -> Result<i64, ShelfError> {
    if classes.len() > MAX_CLASSES {
        return Err(ShelfError::TooManyClasses { count: classes.len(), limit: MAX_CLASSES });
    }
    if capacities.len() > MAX_CAPACITIES {
        return Err(ShelfError::TooManyCapacities { count: capacities.len(), limit: MAX_CAPACITIES });
    }
    if let Some(capacity) = capacities.iter().find(|capacity| **capacity < 0) {
        return Err(ShelfError::NegativeCapacity { capacity: *capacity });
    }
    let mut totals = vec![0_i64; capacities.len()];
    let (mut profit, mut least) = (0_i64, 0_i64);
    let mut most = vec![0_i64; capacities.len()];
    for (class, items) in classes.iter().enumerate() {
        most.fill(0);
        let (mut earns, mut low) = (0_i64, None::<i64>);
        for item in items.as_ref() {
            if item.uses.len() != capacities.len() {
                let (uses, capacities) = (item.uses.len(), capacities.len());
                return Err(ShelfError::UsesMismatch { class, uses, capacities });
            }
            for (most, uses) in most.iter_mut().zip(&item.uses) {
                if *uses < 0 {
                    return Err(ShelfError::NegativeWidth { class, width: *uses });
                }
                *most = (*most).max(*uses);
            }
            earns = earns.max(item.profit.saturating_abs());
            low = Some(low.map_or(item.profit, |low| low.min(item.profit)));
        }
        least = least.saturating_add(low.ok_or(ShelfError::EmptyClass { class })?);
        profit = profit.saturating_add(earns);
        totals.iter_mut().zip(&most).for_each(|(sum, most)| *sum = sum.saturating_add(*most));
    }
    let width = totals.iter().copied().max().unwrap_or(0);
    if width > MAX_TOTAL || profit > MAX_TOTAL {
        return Err(ShelfError::TotalTooLarge { width, profit, limit: MAX_TOTAL });
    }
    Ok(least)
}

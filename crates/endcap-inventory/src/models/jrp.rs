//! Joint replenishment: several items share the fixed cost of an order.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::ModelError;
use super::num::{float, not_negative, positive, whole};

/// One item of a joint order (联合补货品项).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointItem {
    /// Fixed cost of having the item on an order.
    pub fixed: f64,
    /// Holding cost a piece and unit of time.
    pub holding: f64,
    /// Pieces a unit of time.
    pub demand: f64,
}

/// A cyclic plan (联合补货计划): an order every `cycle`, item `i` on every `multiples[i]`-th.
#[derive(Debug, Clone, PartialEq)]
pub struct JointPlan {
    /// Time between orders.
    pub cycle: f64,
    /// Every how many orders each item is on; in the order of the items.
    pub multiples: Vec<u32>,
    /// Pieces of each item when it is ordered.
    pub quantities: Vec<f64>,
    /// Cost per unit of time.
    pub cost: f64,
}

/// Silver's heuristic (Silver 启发式): the item of least `k/(h·d)` on every order, others rounded, halves up.
///
/// # Errors
///
/// - [`ModelError::Empty`]; [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`],
///   [`ModelError::OutOfRange`]; [`ModelError::NoSolution`] where nothing is fixed and orders would be continuous.
///
/// # Source
///
/// Silver 1976, "A simple method of determining order quantities in joint replenishments under deterministic demand".
pub fn joint_silver(shared: f64, items: &[JointItem]) -> Result<JointPlan, ModelError> {
    check(shared, items)?;
    let ratio = |item: &JointItem| item.fixed / weight(item);
    let base = items
        .iter()
        .min_by(|a, b| ratio(a).total_cmp(&ratio(b)))
        .ok_or(ModelError::Empty { what: "items" })?;
    let per_base = weight(base) / (shared + base.fixed);
    let multiples: Vec<u32> = items
        .iter()
        .map(|item| {
            let m = if per_base.is_finite() { (ratio(item) * per_base).sqrt() } else { 1.0 };
            u32::try_from(whole((m + 0.5).floor()).max(1)).unwrap_or(u32::MAX)
        })
        .collect();
    plan(shared, items, multiples)
}

/// The best strictly cyclic plan (最优循环计划): an order every `T`, every item on a whole multiple, the smallest at will.
///
/// As `T` falls from large, item `i` moves from `m` to `m + 1` at `T = √(2k_i/(D_i·m(m+1)))`; every vector of multiples
/// met before `K/T` alone exceeds the best cost is priced.
///
/// # Errors
///
/// - As [`joint_silver`]; [`ModelError::TooLarge`] beyond a million vectors (a shared cost far below the others).
///
/// # Source
///
/// Exact breakpoint search, as in Wildeman, Frenk and Dekker 1997; derived here.
pub fn joint_optimum(shared: f64, items: &[JointItem]) -> Result<JointPlan, ModelError> {
    let mut best = joint_silver(shared, items)?;
    let mut multiples = vec![1_u32; items.len()];
    // A·B of the current vector.
    let mut fixed: f64 = shared + items.iter().map(|item| item.fixed).sum::<f64>();
    let mut weights: f64 = items.iter().map(weight).sum();
    let drop = |item: &JointItem, m: u32| {
        let m = f64::from(m);
        (2.0 * item.fixed / (weight(item) * m * (m + 1.0))).sqrt()
    };
    let mut heap: std::collections::BinaryHeap<Drop> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.fixed > 0.0)
        .map(|(place, item)| Drop { at: drop(item, 1), place })
        .collect();
    let mut left = 1_000_000_u32;
    loop {
        let cost = (2.0 * fixed * weights).sqrt();
        if cost < best.cost * (1.0 - 1e-13) {
            best = plan(shared, items, multiples.clone())?;
        }
        let Some(Drop { at, place }) = heap.pop() else { break };
        if shared / at > best.cost {
            break;
        }
        left = left.checked_sub(1).ok_or(ModelError::TooLarge {
            what: "vectors of multiples",
            value: 1_000_001,
            limit: 1_000_000,
        })?;
        let (Some(item), Some(m)) = (items.get(place), multiples.get_mut(place)) else { break };
        let old = f64::from(*m);
        *m = m.saturating_add(1);
        fixed += item.fixed / (old + 1.0) - item.fixed / old;
        weights += weight(item);
        heap.push(Drop { at: drop(item, *m), place });
    }
    Ok(best)
}

/// A lower bound on every cyclic plan (下界): multiples relaxed to real numbers of at least one.
///
/// # Errors
///
/// - As [`joint_silver`].
///
/// # Source
///
/// Jackson, Maxwell and Muckstadt 1985 (relaxation); derived here.
pub fn joint_lower_bound(shared: f64, items: &[JointItem]) -> Result<f64, ModelError> {
    check(shared, items)?;
    let mut sorted: Vec<&JointItem> = items.iter().collect();
    sorted.sort_by(|a, b| (a.fixed / weight(a)).total_cmp(&(b.fixed / weight(b))));
    let (mut fixed, mut weights) = (shared, 0.0);
    let mut rest: f64 = 0.0;
    let mut inside = true;
    for (place, item) in sorted.iter().enumerate() {
        // The item shares the cycle while its own best cycle is shorter than that of the items before it.
        let own = item.fixed / weight(item);
        inside = inside && (place == 0 || own < fixed / weights);
        if inside {
            fixed += item.fixed;
            weights += weight(item);
        } else {
            rest += (2.0 * item.fixed * weight(item)).sqrt();
        }
    }
    Ok((2.0 * fixed * weights).sqrt() + rest)
}

/// Cost of a given cyclic plan with the best cycle for its multiples.
///
/// # Errors
///
/// - As [`joint_silver`]; [`ModelError::LengthMismatch`]; a multiple is at least 1.
///
/// # Source
///
/// Silver 1976: `T = √(2(K + Σk_i/m_i)/Σm_i·h_i·d_i)`.
pub fn joint_cost_of(shared: f64, items: &[JointItem], multiples: &[u32]) -> Result<JointPlan, ModelError> {
    check(shared, items)?;
    super::num::same_length("multiples", multiples.len(), items.len())?;
    for m in multiples {
        positive("multiple", f64::from(*m))?;
    }
    plan(shared, items, multiples.to_vec())
}

/// The next cycle length at which an item moves to a larger multiple; the longest first, then the smaller place.
#[derive(Debug, PartialEq)]
struct Drop {
    at: f64,
    place: usize,
}
impl Eq for Drop {}
impl Ord for Drop {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.at.total_cmp(&other.at).then(other.place.cmp(&self.place))
    }
}
impl PartialOrd for Drop {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn weight(item: &JointItem) -> f64 {
    item.holding * item.demand
}

fn plan(shared: f64, items: &[JointItem], multiples: Vec<u32>) -> Result<JointPlan, ModelError> {
    let (mut fixed, mut weights) = (shared, 0.0);
    for (item, m) in items.iter().zip(&multiples) {
        fixed += item.fixed / f64::from(*m);
        weights += f64::from(*m) * weight(item);
    }
    let cycle = (2.0 * fixed / weights).sqrt();
    if cycle <= 0.0 {
        return Err(ModelError::NoSolution { why: "nothing is fixed: orders would be continuous" });
    }
    let quantities =
        items.iter().zip(&multiples).map(|(item, m)| item.demand * cycle * f64::from(*m)).collect();
    Ok(JointPlan { cycle, multiples, quantities, cost: (2.0 * fixed * weights).sqrt() })
}

fn check(shared: f64, items: &[JointItem]) -> Result<(), ModelError> {
    not_negative("shared fixed cost", shared)?;
    if items.is_empty() {
        return Err(ModelError::Empty { what: "items" });
    }
    if items.len() > 100_000 {
        return Err(ModelError::OutOfRange {
            what: "number of items",
            value: float(i64::try_from(items.len()).unwrap_or(i64::MAX)),
            range: "at most 100,000",
        });
    }
    for item in items {
        not_negative("item fixed cost", item.fixed)?;
        positive("holding cost", item.holding)?;
        positive("demand rate", item.demand)?;
    }
    Ok(())
}

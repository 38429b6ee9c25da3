//! From the picks at some prices to a selection that fits, and from there to one that leaves no room unused.
//!
//! # Source
//!
//! House rule: greedy exchanges by loss per violation.

use core::cmp::Ordering;

use super::dual::Dual;
use super::space::Space;

/// Fixed point of violations relative to their capacity.
const ONE: i128 = 1 << 20;
/// Most passes that fill room.
const FILLS: u32 = 4;

/// A selection of open items that fits, made from the picks; `None` when greedy exchanges do not get there.
pub(super) fn repair(space: &Space, dual: &mut Dual) -> Option<Vec<usize>> {
    let mut items = dual.picks.clone();
    let mut used = dual.used.clone();
    let scan = space.item_count().saturating_mul(space.capacities.len());
    let scan = u64::try_from(scan).unwrap_or(u64::MAX);
    let mut left = space.class_count();
    while !space.fits(&used) {
        left = left.checked_sub(1)?;
        dual.priced = dual.priced.saturating_add(scan);
        let (class, item) = best_exchange(space, dual, &items, &used)?;
        exchange(space, &mut items, &mut used, class, item);
    }
    for _ in 0..FILLS {
        dual.priced = dual.priced.saturating_add(scan);
        if !fill(space, &mut items, &mut used) {
            break;
        }
    }
    Some(items)
}

/// The exchange that loses least for the violation it takes away.
fn best_exchange(space: &Space, dual: &Dual, items: &[usize], used: &[i64]) -> Option<(usize, usize)> {
    let before = violation(space, used, &[], &[]);
    let mut best: Option<(i128, i128, usize, usize)> = None;
    for (class, current) in items.iter().enumerate() {
        for item in space.open(class).iter().filter(|item| *item != current) {
            let after = violation(space, used, space.uses(*current), space.uses(*item));
            let gain = before.saturating_sub(after);
            if gain <= 0 {
                continue;
            }
            let worth = dual.value(space, *current).saturating_sub(dual.value(space, *item));
            let better = best.is_none_or(|(loss, won, _, _)| {
                // Losses may be negative after earlier exchanges: then the larger gain at any rate.
                let order = worth.saturating_mul(won).cmp(&loss.saturating_mul(gain));
                order.then(won.cmp(&gain)) == Ordering::Less
            });
            if better {
                best = Some((worth, gain, class, *item));
            }
        }
    }
    best.map(|(_, _, class, item)| (class, item))
}

/// Σ of what is used above each capacity, relative to it, after an exchange of uses.
fn violation(space: &Space, used: &[i64], out: &[i64], into: &[i64]) -> i128 {
    let zero = core::iter::repeat(&0_i64);
    let lines =
        used.iter().zip(&space.capacities).zip(out.iter().chain(zero.clone()).zip(into.iter().chain(zero)));
    let each = lines.map(|((used, room), (out, into))| {
        let over = used.saturating_sub(*out).saturating_add(*into).saturating_sub(*room).max(0);
        let relative = i128::from(over).saturating_mul(ONE).checked_div(i128::from((*room).max(1)));
        relative.unwrap_or(0).max(i128::from(over.min(1)))
    });
    each.fold(0, i128::saturating_add)
}

fn exchange(space: &Space, items: &mut [usize], used: &mut [i64], class: usize, item: usize) {
    let Some(slot) = items.get_mut(class) else { return };
    let lines = used.iter_mut().zip(space.uses(*slot).iter().zip(space.uses(item)));
    lines.for_each(|(used, (out, into))| *used = used.saturating_sub(*out).saturating_add(*into));
    *slot = item;
}

/// Gives every class in turn the most profitable item that fits; `true` when anything changed.
fn fill(space: &Space, items: &mut [usize], used: &mut [i64]) -> bool {
    let mut changed = false;
    for class in 0..items.len() {
        let Some(current) = items.get(class).copied() else { continue };
        let (mut best, mut most) = (current, space.profit(current));
        for item in space.open(class) {
            let profit = space.profit(*item);
            if profit > most || (profit == most && *item < best && best != current) {
                let lines = used.iter().zip(space.uses(current).iter().zip(space.uses(*item)));
                let fits = lines.zip(&space.capacities).all(|((used, (out, into)), room)| {
                    used.saturating_sub(*out).saturating_add(*into) <= *room
                });
                if fits {
                    (best, most) = (*item, profit);
                }
            }
        }
        if best != current {
            exchange(space, items, used, class, best);
            changed = true;
        }
    }
    changed
}

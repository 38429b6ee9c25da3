//! Slow and obvious answers to hold the fast ones against.

use endcap_shelf::mckp::Item;

/// The best profit of the knapsack by trying every combination; `None` when nothing fits.
pub(crate) fn best_of_all(classes: &[Vec<Item>], capacity: i64) -> Option<i64> {
    let Some((first, rest)) = classes.split_first() else { return (capacity >= 0).then_some(0) };
    let fitting = first.iter().filter(|item| item.width <= capacity);
    fitting.filter_map(|item| Some(item.profit + best_of_all(rest, capacity - item.width)?)).max()
}

/// The same by dynamic programming over every single unit of capacity, for instances too large to enumerate.
pub(crate) fn best_by_capacity(classes: &[Vec<Item>], capacity: i64) -> Option<i64> {
    let slots = usize::try_from(capacity).unwrap() + 1;
    let mut best: Vec<Option<i64>> = vec![Some(0); slots];
    for class in classes {
        let mut next = vec![None; slots];
        for (room, slot) in next.iter_mut().enumerate() {
            for item in class {
                let Ok(width) = usize::try_from(item.width) else { continue };
                let before = room.checked_sub(width).and_then(|left| best[left]);
                *slot = (*slot).max(before.map(|profit| profit + item.profit));
            }
        }
        best = next;
    }
    best[slots - 1]
}

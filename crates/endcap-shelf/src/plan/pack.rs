//! The first layout: which product goes on which shelf.
//!
//! # Source
//!
//! House rule: best fit, the fewest shelves first.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use crate::ShelfError;
use crate::mckp::Item;

use super::choices::{Candidate, Choices};

/// Most products tried on shelves while searching a place for all that must be stocked.
const MAX_PACKING_STEPS: u32 = 200_000;

/// `at[i]` is the slot of product `i`; `None` for left out.
pub(super) type Assignment = Vec<Option<usize>>;

/// Puts the facings of the relaxation on shelves, best earners first; falls back to the least widths of what must be stocked.
pub(super) fn pack(choices: &Choices, target: &[u32]) -> Result<Assignment, ShelfError> {
    let wished = by_earnings(choices, target);
    if missing(choices, &wished).is_empty() { Ok(wished) } else { essentials(choices) }
}

/// A layout in the making.
struct Packing<'a> {
    choices: &'a Choices,
    room: Vec<i64>,
    at: Assignment,
    /// Products of a block in a segment so far.
    neighbours: BTreeMap<(usize, usize), usize>,
}

impl<'a> Packing<'a> {
    fn new(choices: &'a Choices) -> Self {
        Self {
            choices,
            room: choices.slots.iter().map(|slot| slot.width).collect(),
            at: vec![None; choices.products.len()],
            neighbours: BTreeMap::new(),
        }
    }

    /// The slot that a product is worth most on, with the width it takes there; among equals where most of its brand already
    /// stands in the segment, then nearest to eye level, then the first. `worth` answers for a slot with so much room.
    fn best<W: Ord + Copy>(
        &self,
        product: &Candidate,
        worth: impl Fn(usize, i64) -> Option<(W, i64)>,
    ) -> Option<(W, usize, i64)> {
        let mut best = None;
        for ((slot, place), room) in self.choices.slots.iter().enumerate().zip(&self.room) {
            let Some((value, width)) = worth(slot, *room) else { continue };
            let alike = self.neighbours.get(&(product.block, place.segment)).copied().unwrap_or(0);
            let key = (value, alike, Reverse(place.off_eye_level), Reverse(slot));
            if best.as_ref().is_none_or(|(most, _)| key > *most) {
                best = Some((key, width));
            }
        }
        best.map(|((value, _, _, Reverse(slot)), width)| (value, slot, width))
    }

    fn put(&mut self, index: usize, slot: usize, width: i64) {
        if let (Some(room), Some(at)) = (self.room.get_mut(slot), self.at.get_mut(index)) {
            *room = room.saturating_sub(width);
            *at = Some(slot);
        }
        if let (Some(product), Some(place)) = (self.choices.products.get(index), self.choices.slots.get(slot))
        {
            let count = self.neighbours.entry((product.block, place.segment)).or_default();
            *count = count.saturating_add(1);
        }
    }
}

/// Products in order of what a millimetre earns, each with at most the facings of the relaxation to the shelf where it earns
/// most.
fn by_earnings(choices: &Choices, target: &[u32]) -> Assignment {
    let mut order: Vec<(usize, i64, i64)> = Vec::new();
    for (index, (product, facings)) in choices.products.iter().zip(target).enumerate() {
        let options = product.kinds.iter().flat_map(|kind| &kind.options);
        let wished = options.filter(|(count, _)| count == facings).map(|(_, item)| item);
        if let Some(best) = wished.max_by_key(|item| item.profit) {
            order.push((index, best.profit, best.width.max(1)));
        }
    }
    order.sort_by(|a, b| {
        let (left, right) =
            (i128::from(a.1).saturating_mul(b.2.into()), i128::from(b.1).saturating_mul(a.2.into()));
        right.cmp(&left).then(a.0.cmp(&b.0))
    });

    let mut packing = Packing::new(choices);
    for (index, _, _) in order {
        let Some(product) = choices.products.get(index) else { continue };
        let facings = target.get(index).copied().unwrap_or(0);
        let best = packing.best(product, |slot, room| {
            let (_, item) = product.fitting(slot, room).rfind(|(count, _)| *count <= facings)?;
            Some((item.profit, item.width))
        });
        if let Some((_, slot, width)) = best {
            packing.put(index, slot, width);
        }
    }
    packing.at
}

/// Products by what they are worth at these prices of width, what must be stocked first; each to the shelf and with the
/// facings worth most of what still fits. `None` when something that must be stocked finds no room.
pub(super) fn by_prices(choices: &Choices, prices: &[i64]) -> Option<Assignment> {
    let worth = |item: &Item, slot: usize| {
        let price = prices.get(slot).copied().unwrap_or(0);
        i128::from(item.profit).saturating_sub(i128::from(price).saturating_mul(i128::from(item.width)))
    };
    let mut order: Vec<(bool, i128, usize)> = Vec::new();
    for (index, product) in choices.products.iter().enumerate() {
        let slots = choices.slots.iter().enumerate();
        let all = slots
            .flat_map(|(slot, s)| product.fitting(slot, s.width).map(move |(_, item)| worth(item, slot)));
        if let Some(most) = all.max() {
            let hidden = product.hidden.map_or(0, |item| item.profit);
            order.push((product.hidden.is_none(), most.saturating_sub(i128::from(hidden)), index));
        }
    }
    order.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));

    let mut packing = Packing::new(choices);
    for (_, _, index) in order {
        let Some(product) = choices.products.get(index) else { continue };
        let best = packing.best(product, |slot, room| {
            let options = product.fitting(slot, room).map(|(_, item)| (worth(item, slot), item.width));
            options.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
        });
        let Some((value, slot, width)) = best else { continue };
        if product.hidden.is_none_or(|item| value > i128::from(item.profit)) {
            packing.put(index, slot, width);
        }
    }
    missing(choices, &packing.at).is_empty().then_some(packing.at)
}

/// Products that must be stocked and have no place.
fn missing(choices: &Choices, at: &Assignment) -> Vec<usize> {
    let all = choices.products.iter().zip(at).enumerate();
    all.filter(|(_, (product, at))| product.hidden.is_none() && at.is_none())
        .map(|(index, _)| index)
        .collect()
}

/// A place for the least width of everything that must be stocked, and of nothing else.
///
/// Depth first: products with the fewest shelves first, then the widest; each on the fullest shelf that takes it.
fn essentials(choices: &Choices) -> Result<Assignment, ShelfError> {
    let slots = choices.slots.len();
    let mut order: Vec<usize> = Vec::new();
    for (index, product) in choices.products.iter().enumerate() {
        if product.hidden.is_none() {
            order.push(index);
        }
    }
    order.sort_by_key(|index| {
        let widths = choices.products.get(*index).map(|product| {
            let widths: Vec<i64> = (0..slots).filter_map(|slot| product.least_width(slot)).collect();
            (widths.len(), Reverse(widths.into_iter().max()))
        });
        (widths, *index)
    });
    let mut search = Search {
        choices,
        room: choices.slots.iter().map(|slot| slot.width).collect(),
        at: vec![None; choices.products.len()],
        steps: MAX_PACKING_STEPS,
        deepest: 0,
    };
    if search.place(&order) {
        return Ok(search.at);
    }
    let left = order.iter().skip(search.deepest).filter_map(|index| choices.products.get(*index));
    Err(ShelfError::NoPlacementFound { skus: left.map(|product| product.sku.clone()).collect() })
}

struct Search<'a> {
    choices: &'a Choices,
    room: Vec<i64>,
    at: Assignment,
    steps: u32,
    /// Most products placed at once.
    deepest: usize,
}

/// The slots still to try for a product, best last, and the one it is on; each with the width it takes there.
type Level = (Vec<(usize, i64)>, Option<(usize, i64)>);

impl Search<'_> {
    /// Iterative depth-first search, so that ten thousand products do not need ten thousand stack frames.
    fn place(&mut self, order: &[usize]) -> bool {
        let mut trail: Vec<Level> = vec![(self.open(order.first()), None)];
        if order.is_empty() {
            return true;
        }
        while let Some((open, taken)) = trail.last_mut() {
            if let Some((slot, width)) = taken.take()
                && let Some(room) = self.room.get_mut(slot)
            {
                *room = room.saturating_add(width);
            }
            self.steps = self.steps.saturating_sub(1);
            let next = if self.steps == 0 { None } else { open.pop() };
            let Some((slot, width)) = next else {
                if self.steps == 0 {
                    return false;
                }
                trail.pop();
                continue;
            };
            *taken = Some((slot, width));
            if let Some(room) = self.room.get_mut(slot) {
                *room = room.saturating_sub(width);
            }
            let level = trail.len();
            if let Some(place) = order.get(level.saturating_sub(1)).and_then(|index| self.at.get_mut(*index))
            {
                *place = Some(slot);
            }
            self.deepest = self.deepest.max(level);
            if level == order.len() {
                return true;
            }
            trail.push((self.open(order.get(level)), None));
        }
        false
    }

    /// Slots that take a product now, the one left with least room last.
    fn open(&self, product: Option<&usize>) -> Vec<(usize, i64)> {
        let Some(product) = product.and_then(|index| self.choices.products.get(*index)) else {
            return Vec::new();
        };
        let mut open: Vec<(i64, usize, i64)> = Vec::new();
        for (slot, room) in self.room.iter().enumerate() {
            if let Some(width) = product.least_width(slot).filter(|width| width <= room) {
                open.push((room.saturating_sub(width), slot, width));
            }
        }
        open.sort_by(|a, b| b.cmp(a));
        open.into_iter().map(|(_, slot, width)| (slot, width)).collect()
    }
}

//! Exact facings for each shelf, and moves of products between shelves while they earn more.
//!
//! # Source
//!
//! House rule: local search by moves and swaps.

use crate::ShelfError;
use crate::mckp::{Budget, Item, solve};

use super::choices::Choices;
use super::pack::Assignment;

/// Products on shelves with their facings.
#[derive(Debug)]
pub(super) struct Layout {
    /// `at[i]` is the slot of product `i`; `None` for left out.
    pub(super) at: Assignment,
    facings: Vec<u32>,
    /// `profits[s]` is what the products of slot `s` earn.
    profits: Vec<i64>,
}

impl Layout {
    /// A layout from slots and facings that fit.
    pub(super) fn of(choices: &Choices, at: Assignment, facings: Vec<u32>) -> Self {
        let mut layout = Self { at, facings, profits: vec![0; choices.slots.len()] };
        for product in 0..choices.products.len() {
            let profit = layout.profit(choices, product);
            let slot = layout.at.get(product).copied().flatten();
            if let Some(sum) = slot.and_then(|slot| layout.profits.get_mut(slot)) {
                *sum = sum.saturating_add(profit);
            }
        }
        layout
    }

    pub(super) fn facings(&self, product: usize) -> u32 {
        self.facings.get(product).copied().unwrap_or(0)
    }

    /// What a product earns where it stands, or by being left out.
    pub(super) fn profit(&self, choices: &Choices, product: usize) -> i64 {
        let facings = self.facings(product);
        let Some(candidate) = choices.products.get(product) else { return 0 };
        let slot = self.at.get(product).copied().flatten();
        let kind = slot.filter(|_| facings > 0).and_then(|slot| candidate.kind(slot));
        let option = kind.and_then(|kind| kind.options.iter().find(|(count, _)| *count == facings));
        option.map(|(_, item)| *item).or(candidate.hidden).map_or(0, |item| item.profit)
    }

    /// Products left out of the assignment; they earn what hiding them earns.
    fn hidden_profit(choices: &Choices, product: usize) -> i64 {
        choices.products.get(product).and_then(|candidate| candidate.hidden).map_or(0, |item| item.profit)
    }

    pub(super) fn on(&self, slot: usize) -> Vec<usize> {
        let all = self.at.iter().enumerate();
        all.filter(|(_, at)| **at == Some(slot)).map(|(product, _)| product).collect()
    }
}

/// The best facings for a set of products on one shelf; `None` when the least of them does not fit or one cannot stand there.
struct Filled {
    profit: i64,
    facings: Vec<(usize, u32)>,
}

fn fill(choices: &Choices, slot: usize, products: &[usize], budget: &Budget) -> Option<Filled> {
    let room = choices.slots.get(slot)?.width;
    let mut classes: Vec<Vec<Item>> = Vec::with_capacity(products.len());
    let mut counts: Vec<Vec<u32>> = Vec::with_capacity(products.len());
    for product in products {
        let candidate = choices.products.get(*product)?;
        candidate.kind(slot)?;
        let hidden = candidate.hidden.map(|item| (0, item));
        let (count, items) = hidden.into_iter().chain(candidate.fitting(slot, room).copied()).unzip();
        counts.push(count);
        classes.push(items);
    }
    // Anything refused here is a shelf too narrow for the least of its products.
    let best = solve(&classes, room, budget).ok()?;
    let chosen = products.iter().zip(counts.iter().zip(&best.choice));
    let facings = chosen.map(|(product, (counts, pick))| (*product, counts.get(*pick).copied().unwrap_or(0)));
    Some(Filled { profit: best.profit, facings: facings.collect() })
}

/// A change of up to two shelves: the products they would hold.
pub(super) struct Change {
    pub(super) slots: Vec<(usize, Vec<usize>)>,
    /// Products that come on or go off a shelf, and the slot they go to.
    pub(super) moved: Vec<(usize, usize)>,
    /// What the change must earn to be made; negative where something else is worth a loss.
    pub(super) least_gain: i64,
}

/// Fills every shelf exactly with the products assigned to it.
pub(super) fn filled(choices: &Choices, start: Assignment, budget: &Budget) -> Result<Layout, ShelfError> {
    let slots = choices.slots.len();
    let products = choices.products.len();
    let mut layout = Layout { at: start, facings: vec![0; products], profits: vec![0; slots] };
    for slot in 0..slots {
        let here = layout.on(slot);
        let Some(filled) = fill(choices, slot, &here, budget) else {
            let skus = here.iter().filter_map(|p| choices.products.get(*p)).map(|p| p.sku.clone()).collect();
            return Err(ShelfError::NoPlacementFound { skus });
        };
        accept(choices, &mut layout, slot, filled);
    }
    Ok(layout)
}

/// Moves single products to other shelves and swaps pairs while the total rises, until nothing helps, the bound is reached or
/// the trials run out.
pub(super) fn improve(
    choices: &Choices,
    mut layout: Layout,
    upper: i64,
    budget: &Budget,
    mut trials: u32,
) -> Layout {
    let slots = choices.slots.len();
    let products = choices.products.len();
    loop {
        let before = total(choices, &layout);
        for product in 0..products {
            for slot in 0..slots {
                if before >= upper || trials == 0 {
                    return layout;
                }
                try_move(choices, &mut layout, product, slot, budget, &mut trials);
            }
        }
        for left in 0..products {
            for right in left.saturating_add(1)..products {
                if trials == 0 {
                    return layout;
                }
                try_swap(choices, &mut layout, left, right, budget, &mut trials);
            }
        }
        if total(choices, &layout) <= before {
            return layout;
        }
    }
}

pub(super) fn total(choices: &Choices, layout: &Layout) -> i64 {
    (0..choices.products.len()).fold(0, |sum: i64, p| sum.saturating_add(layout.profit(choices, p)))
}

fn try_move(
    choices: &Choices,
    layout: &mut Layout,
    product: usize,
    slot: usize,
    budget: &Budget,
    trials: &mut u32,
) {
    let from = layout.at.get(product).copied().flatten();
    let fits = choices.products.get(product).is_some_and(|candidate| candidate.kind(slot).is_some());
    if from == Some(slot) || !fits {
        return;
    }
    let mut arrives = layout.on(slot);
    arrives.push(product);
    let mut slots = vec![(slot, arrives)];
    if let Some(from) = from {
        slots.push((from, layout.on(from).into_iter().filter(|other| *other != product).collect()));
    }
    attempt(choices, layout, Change { slots, moved: vec![(product, slot)], least_gain: 1 }, budget, trials);
}

fn try_swap(
    choices: &Choices,
    layout: &mut Layout,
    left: usize,
    right: usize,
    budget: &Budget,
    trials: &mut u32,
) {
    let place = |product: usize| layout.at.get(product).copied().flatten();
    let (Some(from), Some(to)) = (place(left), place(right)) else { return };
    let fits = |product: usize, slot: usize| {
        choices.products.get(product).is_some_and(|candidate| candidate.kind(slot).is_some())
    };
    if from == to || !fits(left, to) || !fits(right, from) {
        return;
    }
    let exchange = |slot: usize, out: usize, into: usize| {
        let mut all: Vec<usize> = layout.on(slot).into_iter().filter(|other| *other != out).collect();
        all.push(into);
        all
    };
    let slots = vec![(to, exchange(to, right, left)), (from, exchange(from, left, right))];
    attempt(
        choices,
        layout,
        Change { slots, moved: vec![(left, to), (right, from)], least_gain: 1 },
        budget,
        trials,
    );
}

/// Makes the change if it earns enough; a change made for something else than profit must not leave a product out.
pub(super) fn attempt(
    choices: &Choices,
    layout: &mut Layout,
    change: Change,
    budget: &Budget,
    trials: &mut u32,
) -> bool {
    *trials = trials.saturating_sub(1);
    let mut before = 0_i64;
    for (product, _) in &change.moved {
        if layout.at.get(*product).copied().flatten().is_none() {
            before = before.saturating_add(Layout::hidden_profit(choices, *product));
        }
    }
    let mut after = 0_i64;
    let mut filled = Vec::with_capacity(change.slots.len());
    for (slot, products) in &change.slots {
        before = before.saturating_add(layout.profits.get(*slot).copied().unwrap_or(0));
        let Some(best) = fill(choices, *slot, products, budget) else { return false };
        if change.least_gain <= 0 && best.facings.iter().any(|(_, facings)| *facings == 0) {
            return false;
        }
        after = after.saturating_add(best.profit);
        filled.push((*slot, best));
    }
    if after.saturating_sub(before) < change.least_gain {
        return false;
    }
    if !keeps_quotas(choices, layout, &filled) {
        return false;
    }
    for (product, slot) in &change.moved {
        if let Some(at) = layout.at.get_mut(*product) {
            *at = Some(*slot);
        }
    }
    for (slot, best) in filled {
        accept(choices, layout, slot, best);
    }
    true
}

/// Whether every share holds once these shelves are filled so.
fn keeps_quotas(choices: &Choices, layout: &Layout, filled: &[(usize, Filled)]) -> bool {
    choices.quotas.iter().all(|(quota, members)| {
        let mut used = 0_i64;
        for (index, candidate) in
            choices.products.iter().enumerate().filter(|(i, _)| members.get(*i) == Some(&true))
        {
            let there = |(slot, filled): &(usize, Filled)| {
                let found = filled.facings.iter().find(|(product, _)| *product == index);
                found.map(|(_, facings)| (*slot, *facings))
            };
            let old = || Some((layout.at.get(index).copied().flatten()?, layout.facings(index)));
            let Some((slot, facings)) = filled.iter().find_map(there).or_else(old) else { continue };
            let options = candidate.kind(slot).map(|kind| kind.options.as_slice()).unwrap_or_default();
            let option = options.iter().find(|(count, _)| *count == facings);
            used = used.saturating_add(option.map_or(0, |(_, item)| item.width));
        }
        quota.holds(used)
    })
}

/// Takes over the facings of a shelf; a product filled with none leaves it, and what hiding it earns with it.
fn accept(choices: &Choices, layout: &mut Layout, slot: usize, filled: Filled) {
    let mut profit = filled.profit;
    for (product, facings) in filled.facings {
        if let Some(count) = layout.facings.get_mut(product) {
            *count = facings;
        }
        if facings == 0 {
            if let Some(at) = layout.at.get_mut(product) {
                *at = None;
            }
            profit = profit.saturating_sub(Layout::hidden_profit(choices, product));
        }
    }
    if let Some(of) = layout.profits.get_mut(slot) {
        *of = profit;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use endcap_types::{CategoryId, Currency, SkuId};

    use super::*;
    use crate::{
        FacingRule, Fixture, FixtureSpec, Product, ProductSpec, ProfitCurve, Segment, Shelf, SizeMm, Stocking,
    };

    /// A product 100 mm wide that earns so many minor units at 0, 1 and 2 facings.
    fn tabled(id: &str, table: [i64; 3]) -> Product {
        let size = SizeMm { width: 100, height: 100, depth: 100 };
        let spec =
            ProductSpec::new(SkuId::new(id).unwrap(), id, "brand", CategoryId::new("c").unwrap(), size);
        let curve = ProfitCurve::Table(table.map(|cents| rust_decimal::Decimal::new(cents, 2)).to_vec());
        let rule = FacingRule::new(1, 2, Stocking::MayDelist).unwrap();
        Product::new(ProductSpec { curve, rule, ..spec }).unwrap()
    }

    #[test]
    fn a_shelf_earns_what_the_products_on_it_earn() {
        let board = Shelf::board(200, 120, 100);
        let shelves = vec![board.clone(), board];
        let segment = Segment { name: "A".into(), shelves, notches: crate::Notches::None };
        let spec = FixtureSpec {
            name: "F".into(),
            base_mm: 0,
            board_mm: 0,
            headroom_mm: 0,
            segments: vec![segment],
        };
        let fixture = Fixture::new(spec).unwrap();
        // All start on the lower shelf, where delisting one costs 3 and the others do not all fit.
        let products =
            [tabled("a", [-300, 500, 900]), tabled("b", [-300, 600, 700]), tabled("c", [-300, 100, 200])];
        let choices = Choices::of(&fixture, &products, Currency::CNY).unwrap();
        let budget = Budget::default();
        let earned = |layout: &Layout, slot: usize| {
            layout.on(slot).iter().map(|product| layout.profit(&choices, *product)).sum::<i64>()
        };
        let start = filled(&choices, vec![Some(0); 3], &budget).unwrap();
        assert_eq!(start.at, [Some(0), Some(0), None]);
        assert_eq!(start.profits, [earned(&start, 0), 0]);
        let best = improve(&choices, start, i64::MAX, &budget, 1_000);
        assert_eq!(best.profits, [earned(&best, 0), earned(&best, 1)]);
        // One of 9, one of 6 and one of 1: two facings for a, one each for b and c.
        assert_eq!(total(&choices, &best), 1_600 * crate::limits::PROFIT_UNITS_PER_MINOR);
    }
}

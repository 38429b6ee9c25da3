//! The whole plan as one knapsack of several capacities: the width of every shelf, and the shares agreed.
//!
//! # Source
//!
//! Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), ch. 9 and 11; shares as capacities: house rule.

use crate::mmkp::{self, Budget, Item};
use crate::{Certificate, ShelfError};

use super::choices::Choices;
use super::improve::Layout;

/// Most uses (items × capacities) written out where shares ask for it, and where only the bounds profit.
pub(super) const MAX_USES: usize = 20_000_000;
const MAX_USES_FOR_BOUNDS: usize = 1_000_000;

/// What the knapsack of several capacities says.
pub(super) enum Answer {
    /// A better layout than what was known, with its certificate.
    Better(Layout, Certificate),
    /// Nothing earns more than what was known; or `upper` at most.
    AtMost(i64),
    /// Not asked: too many uses.
    TooLarge(usize),
    /// No layout keeps all capacities: proven.
    Nothing,
}

/// Whether the plan is small enough to sharpen bounds that are valid without.
pub(super) fn is_small(choices: &Choices) -> bool {
    uses(choices) <= MAX_USES_FOR_BOUNDS
}

fn uses(choices: &Choices) -> usize {
    let slots = 0..choices.slots.len();
    let items = choices.products.iter().map(|product| {
        let shown = slots.clone().map(|slot| product.kind(slot).map_or(0, |kind| kind.options.len()));
        shown.fold(1_usize, usize::saturating_add)
    });
    let items = items.fold(0_usize, usize::saturating_add);
    items.saturating_mul(choices.slots.len().saturating_add(choices.quotas.len().saturating_mul(2)))
}

/// The best layout that keeps every shelf and every share and earns more than `above`, as far as the budget goes.
///
/// One class a product: left out, or so many facings on one shelf. A share of at least so much is a capacity on what the
/// members leave of the most they could take: `Σ (widest − width) ≤ Σ widest − least`.
pub(super) fn solve(choices: &Choices, budget: &Budget, above: Option<i64>) -> Result<Answer, ShelfError> {
    let uses = uses(choices);
    if uses > MAX_USES {
        return Ok(Answer::TooLarge(uses));
    }
    let mut capacities: Vec<i64> = choices.slots.iter().map(|slot| slot.width).collect();
    let mut spare: Vec<i64> =
        choices.quotas.iter().map(|(quota, _)| quota.least_mm.saturating_neg()).collect();
    let mut classes: Vec<Vec<Item>> = Vec::with_capacity(choices.products.len());
    let mut meaning: Vec<Vec<(Option<usize>, u32)>> = Vec::with_capacity(choices.products.len());
    for (index, product) in choices.products.iter().enumerate() {
        let mut all: Vec<(Option<usize>, u32, i64, i64)> = Vec::new();
        all.extend(product.hidden.map(|item| (None, 0, 0, item.profit)));
        for (slot, place) in choices.slots.iter().enumerate() {
            let shown = product.fitting(slot, place.width);
            all.extend(shown.map(|(facings, item)| (Some(slot), *facings, item.width, item.profit)));
        }
        let widest = all.iter().map(|(_, _, width, _)| *width).max().unwrap_or(0);
        for (spare, (_, members)) in spare.iter_mut().zip(&choices.quotas) {
            let counts = members.get(index).copied().unwrap_or(false);
            *spare = spare.saturating_add(if counts { widest } else { 0 });
        }
        let item = |(at, _, width, profit): &(Option<usize>, u32, i64, i64)| {
            let shelves = (0..choices.slots.len()).map(|slot| if Some(slot) == *at { *width } else { 0 });
            let shares = choices.quotas.iter().flat_map(|(_, members)| {
                let counts = members.get(index).copied().unwrap_or(false);
                if counts { [*width, widest.saturating_sub(*width)] } else { [0, 0] }
            });
            Item { uses: shelves.chain(shares).collect(), profit: *profit }
        };
        classes.push(all.iter().map(item).collect());
        meaning.push(all.into_iter().map(|(at, facings, _, _)| (at, facings)).collect());
    }
    for ((quota, _), spare) in choices.quotas.iter().zip(spare) {
        if spare < 0 {
            return Ok(Answer::Nothing); // even the widest of its members are less than the share
        }
        capacities.extend([quota.most_mm, spare]);
    }
    let best = match mmkp::solve_above(&classes, &capacities, budget, above) {
        Ok(best) => best,
        Err(ShelfError::NothingFits) => {
            return Ok(above.map_or(Answer::Nothing, Answer::AtMost));
        }
        Err(ShelfError::NothingBetter { upper }) => return Ok(Answer::AtMost(upper)),
        Err(error) => return Err(error),
    };
    let picked =
        meaning.iter().zip(&best.choice).map(|(all, choice)| all.get(*choice).copied().unwrap_or((None, 0)));
    let (at, facings) = picked.unzip();
    Ok(Answer::Better(Layout::of(choices, at, facings), best.certificate))
}

//! Brands and categories brought together, for at most a stated share of the profit.
//!
//! # Source
//!
//! House rule.

use endcap_types::RoundingMode;

use crate::ShelfError;

use super::PlanOptions;
use super::choices::{Candidate, Choices};
use super::improve::{Change, Layout, attempt, total};

/// Products looked at, in all exchanges considered, for each trial that may be spent: looking is cheap, trying solves knapsacks.
const LOOKS_PER_TRIAL: u64 = 1_000;

/// Swaps pairs of products, moves single ones and exchanges whole shelves while more neighbours are of one brand or category
/// and the profit stays above the floor. Each change raises the score, so it ends.
pub(super) fn gather(
    choices: &Choices,
    layout: &mut Layout,
    options: &PlanOptions,
) -> Result<(), ShelfError> {
    let earned = total(choices, layout);
    let share = options.block_tolerance.to_exact();
    if share.signum() < 0 {
        let percent = options.block_tolerance.as_percent();
        return Err(endcap_types::TypesError::NegativeRate { percent }.into());
    }
    let spend = share.mul(&endcap_types::Exact::from_int(i128::from(earned).abs()))?;
    let spend = i64::try_from(spend.round_to_int(RoundingMode::Floor)?).unwrap_or(i64::MAX);
    let mut work = Work {
        choices,
        options,
        floor: earned.saturating_sub(spend),
        trials: options.max_trials / 2,
        looks: u64::from(options.max_trials).saturating_mul(LOOKS_PER_TRIAL),
        cost: u64::try_from(choices.products.len()).unwrap_or(u64::MAX).max(1),
    };
    loop {
        let shelves = work.exchange_shelves(layout);
        let products = work.exchange_products(layout);
        if (!shelves && !products) || work.trials == 0 || work.looks == 0 {
            return Ok(());
        }
    }
}

struct Work<'a> {
    choices: &'a Choices,
    options: &'a PlanOptions,
    /// The profit not to fall below.
    floor: i64,
    trials: u32,
    looks: u64,
    /// Looks that one exchange costs.
    cost: u64,
}

impl Work<'_> {
    /// All products of two shelves trade places.
    fn exchange_shelves(&mut self, layout: &mut Layout) -> bool {
        let mut changed = false;
        for left in 0..self.choices.slots.len() {
            for right in left.saturating_add(1)..self.choices.slots.len() {
                if self.looks == 0 {
                    return changed;
                }
                let (here, there) = (layout.on(left), layout.on(right));
                let moved: Vec<(usize, usize)> = here
                    .iter()
                    .map(|product| (*product, right))
                    .chain(there.iter().map(|product| (*product, left)))
                    .collect();
                changed |= self.consider(layout, vec![(left, there), (right, here)], moved);
            }
        }
        changed
    }

    /// Two products trade shelves, or one goes to another.
    fn exchange_products(&mut self, layout: &mut Layout) -> bool {
        let mut changed = false;
        let without = |all: Vec<usize>, out: usize| all.into_iter().filter(move |other| *other != out);
        for left in 0..self.choices.products.len() {
            if self.looks == 0 {
                return changed;
            }
            for slot in 0..self.choices.slots.len() {
                let Some(from) = layout.at.get(left).copied().flatten() else { continue };
                if from != slot {
                    let arrive: Vec<usize> = layout.on(slot).into_iter().chain([left]).collect();
                    let leave: Vec<usize> = without(layout.on(from), left).collect();
                    changed |= self.consider(layout, vec![(slot, arrive), (from, leave)], vec![(left, slot)]);
                }
            }
            for right in left.saturating_add(1)..self.choices.products.len() {
                let place = |product: usize| layout.at.get(product).copied().flatten();
                let (Some(from), Some(to)) = (place(left), place(right)) else { continue };
                if from != to {
                    let here: Vec<usize> = without(layout.on(from), left).chain([right]).collect();
                    let there: Vec<usize> = without(layout.on(to), right).chain([left]).collect();
                    let moved = vec![(left, to), (right, from)];
                    changed |= self.consider(layout, vec![(from, here), (to, there)], moved);
                }
            }
        }
        changed
    }

    /// Makes a change if it brings more together, drops no product and keeps the floor.
    fn consider(
        &mut self,
        layout: &mut Layout,
        slots: Vec<(usize, Vec<usize>)>,
        moved: Vec<(usize, usize)>,
    ) -> bool {
        let fits = |(product, slot): &(usize, usize)| {
            self.choices.products.get(*product).is_some_and(|candidate| candidate.kind(*slot).is_some())
        };
        self.looks = self.looks.saturating_sub(self.cost);
        if self.trials == 0 || self.looks == 0 || !moved.iter().all(fits) {
            return false;
        }
        let gain = moved.iter().fold(0_i64, |sum, (product, to)| {
            let before = layout.at.get(*product).copied().flatten();
            let after = self.neighbours(layout, &moved, *product, Some(*to));
            sum.saturating_add(after).saturating_sub(self.neighbours(layout, &moved, *product, before))
        });
        if gain <= 0 {
            return false;
        }
        let allowed = total(self.choices, layout).saturating_sub(self.floor);
        attempt(
            self.choices,
            layout,
            Change { slots, moved, least_gain: allowed.saturating_neg() },
            &self.options.budget,
            &mut self.trials,
        )
    }

    /// How well a product would stand on a slot with those that do not move.
    fn neighbours(
        &self,
        layout: &Layout,
        moved: &[(usize, usize)],
        product: usize,
        slot: Option<usize>,
    ) -> i64 {
        let (Some(slot), Some(own)) = (slot, self.choices.products.get(product)) else { return 0 };
        let segment = self.choices.slots.get(slot).map(|slot| slot.segment);
        let mut score = 0_i64;
        for (other, (candidate, at)) in self.choices.products.iter().zip(&layout.at).enumerate() {
            let Some(at) = *at else { continue };
            if !moved.iter().any(|(product, _)| *product == other) {
                let there = self.choices.slots.get(at).map(|slot| slot.segment);
                score = score.saturating_add(affinity(own, candidate, at == slot, there == segment));
            }
        }
        score
    }
}

/// How much two products gain by standing on one shelf or in one segment.
fn affinity(left: &Candidate, right: &Candidate, one_shelf: bool, one_segment: bool) -> i64 {
    let alike = i64::from(left.category == right.category).saturating_add(if left.block == right.block {
        2
    } else {
        0
    });
    let near = i64::from(one_segment).saturating_add(i64::from(one_shelf).saturating_mul(2));
    alike.saturating_mul(near)
}

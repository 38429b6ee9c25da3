//! A price for every millimetre of every kind of shelf: a sharper bound, and advice where to put what.
//!
//! # Source
//!
//! Held, Wolfe, Crowder, "Validation of subgradient optimization" (1974); Polyak (1969) for the step.

use crate::Fixture;

use super::choices::Choices;

/// Most evaluations of the bound, and most options priced in all of them together.
const MAX_EVALUATIONS: u64 = 800;
const MAX_PRICED: u64 = 60_000_000;
/// Rounds over all pools, one price at a time.
const ROUNDS: u32 = 3;
/// Steps without a better bound before the step length shrinks.
const PATIENCE: u32 = 5;

/// The best bound found and the prices that give it.
#[derive(Debug)]
pub(super) struct Dual {
    /// No plan earns more, in profit units.
    pub(super) upper: i64,
    /// `prices[s]` is the price of a millimetre of slot `s`, in profit units.
    pub(super) prices: Vec<i64>,
}

/// Shelves alike in everything but their place: their widths can be pooled without losing much.
struct Pool {
    /// The first of its slots.
    slot: usize,
    width: i64,
}

/// Lowers `Σ price × width + Σ max(profit − price × width)` over non-negative prices: first one price at a time to where its
/// pool is just filled, then all at once against the width left over or missing, in shrinking steps. Every set of prices gives a
/// valid bound, so stopping early or rounding a price costs sharpness, never truth.
pub(super) fn descend(fixture: &Fixture, choices: &Choices, upper: i64, lower: i64) -> Dual {
    let (pools, pool_of) = pools(fixture, choices);
    let options = choices.products.iter().flat_map(|p| &p.kinds).map(|kind| kind.options.len());
    let work = options.fold(0_usize, usize::saturating_add).max(1);
    let affordable = MAX_PRICED.checked_div(u64::try_from(work).unwrap_or(u64::MAX)).unwrap_or(0);
    // What a millimetre earns on average: the scale of all prices.
    let even = upper.checked_div(choices.total_width().max(1)).unwrap_or(0).max(0);
    let mut descent = Descent {
        choices,
        pools: &pools,
        left: MAX_EVALUATIONS.min(affordable),
        best: (i128::MAX, vec![even / 2; pools.len()]),
    };
    descent.one_by_one(even);
    descent.together(i128::from(lower));
    let (value, prices) = descent.best;
    let prices = pool_of.iter().map(|pool| prices.get(*pool).copied().unwrap_or(0)).collect();
    Dual { upper: i64::try_from(value).unwrap_or(upper).min(upper), prices }
}

struct Descent<'a> {
    choices: &'a Choices,
    pools: &'a [Pool],
    /// Evaluations left.
    left: u64,
    /// The lowest bound and its prices.
    best: (i128, Vec<i64>),
}

impl Descent<'_> {
    /// The bound at these prices and the width used in each pool; `None` when the evaluations are used up.
    fn evaluate(&mut self, prices: &[i64]) -> Option<(i128, Vec<i64>)> {
        self.left = self.left.checked_sub(1)?;
        let (value, used) = price_all(self.choices, self.pools, prices);
        if value < self.best.0 {
            self.best = (value, prices.to_vec());
        }
        Some((value, used))
    }

    /// For each pool in turn the price at which the width wanted falls to the width there is, by bisection.
    fn one_by_one(&mut self, even: i64) {
        for _ in 0..ROUNDS {
            for (index, pool) in self.pools.iter().enumerate() {
                let mut prices = self.best.1.clone();
                let (mut low, mut high) = (0_i64, even.saturating_mul(8).max(1));
                // A thousandth of the average is fine enough.
                while high.saturating_sub(low) > (even / 1_000).max(1) {
                    let middle = low.midpoint(high);
                    if let Some(price) = prices.get_mut(index) {
                        *price = middle;
                    }
                    let Some((_, used)) = self.evaluate(&prices) else { return };
                    let wanted = used.get(index).copied().unwrap_or(0);
                    if wanted > pool.width { low = middle } else { high = middle }
                }
            }
        }
    }

    /// Steps along the width left over or missing (Polyak's rule), back to the best prices whenever they shrink.
    fn together(&mut self, lower: i128) {
        let mut prices = self.best.1.clone();
        // The step is `part / 1024` of the distance to the incumbent.
        let (mut part, mut stale) = (512_i128, 0_u32);
        while part > 0 {
            let before = self.best.0;
            let Some((value, used)) = self.evaluate(&prices) else { return };
            if self.best.0 < before {
                stale = 0;
            } else {
                stale = stale.saturating_add(1);
            }
            if stale >= PATIENCE {
                (part, stale) = (part.saturating_mul(5) / 8, 0);
                prices.clone_from(&self.best.1);
                continue;
            }
            let slack = self.pools.iter().zip(&used).map(|(pool, used)| pool.width.saturating_sub(*used));
            let slack: Vec<i128> = slack.map(i128::from).collect();
            let square = slack.iter().fold(0_i128, |sum, s| sum.saturating_add(s.saturating_mul(*s)));
            let distance = value.saturating_sub(lower);
            if square == 0 || distance <= 0 {
                return;
            }
            for (price, slack) in prices.iter_mut().zip(slack) {
                let step = distance.saturating_mul(slack).saturating_mul(part);
                let step = step.checked_div(square.saturating_mul(1_024)).unwrap_or(0);
                let next = i128::from(*price).saturating_sub(step).max(0);
                *price = i64::try_from(next).unwrap_or(i64::MAX / 4);
            }
        }
    }
}

/// Pools, and the pool of each slot.
fn pools(fixture: &Fixture, choices: &Choices) -> (Vec<Pool>, Vec<usize>) {
    let boards: Vec<_> = fixture.places().map(|place| place.board).collect();
    let mut pools: Vec<Pool> = Vec::new();
    let mut pool_of = Vec::with_capacity(boards.len());
    for (slot, board) in boards.iter().enumerate() {
        let width = choices.slots.get(slot).map_or(0, |slot| slot.width);
        match pools.iter().position(|pool| boards.get(pool.slot) == Some(board)) {
            Some(known) => {
                if let Some(pool) = pools.get_mut(known) {
                    pool.width = pool.width.saturating_add(width);
                }
                pool_of.push(known);
            }
            None => {
                pool_of.push(pools.len());
                pools.push(Pool { slot, width });
            }
        }
    }
    (pools, pool_of)
}

/// The bound at these prices, and the width that the products would take in each pool.
fn price_all(choices: &Choices, pools: &[Pool], prices: &[i64]) -> (i128, Vec<i64>) {
    let times = |price: i64, width: i64| i128::from(price).saturating_mul(i128::from(width));
    let mut used = vec![0_i64; pools.len()];
    let mut value = 0_i128;
    for (pool, price) in pools.iter().zip(prices) {
        value = value.saturating_add(times(*price, pool.width));
    }
    for product in &choices.products {
        let mut best = product.hidden.map(|item| (i128::from(item.profit), None));
        for (index, (pool, price)) in pools.iter().zip(prices).enumerate() {
            let widest = choices.slots.get(pool.slot).map_or(0, |slot| slot.width);
            for (_, item) in product.fitting(pool.slot, widest) {
                let worth = i128::from(item.profit).saturating_sub(times(*price, item.width));
                if best.is_none_or(|(most, _)| worth > most) {
                    best = Some((worth, Some((index, item.width))));
                }
            }
        }
        // Products that must be stocked have an option somewhere, or the question was refused.
        let Some((worth, taken)) = best else { continue };
        value = value.saturating_add(worth);
        if let Some((index, width)) = taken
            && let Some(used) = used.get_mut(index)
        {
            *used = used.saturating_add(width);
        }
    }
    (value, used)
}

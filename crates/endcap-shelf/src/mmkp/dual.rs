//! Prices on capacities: the Lagrangian bound and the steps that improve it.
//!
//! # Source
//!
//! Held, Wolfe, Crowder, "Validation of subgradient optimization" (1974); Polyak (1969) for the step.

use super::space::Space;

/// Fixed point of violations relative to their capacity.
const ONE: i128 = 1 << 16;
/// Largest relative violation a step looks at, in fixed point; keeps every product of a step inside 128 bits.
const MOST: i128 = 1 << 24;
/// Most bits of a scaled total profit, so that a price fits 64 bits.
const SCALED_BITS: u32 = 60;
/// Most bits of the scale itself.
const SCALE_BITS: u32 = 40;

/// The prices, and what the classes do at them.
#[derive(Debug)]
pub(super) struct Dual {
    /// Prices and bounds are in profit units × `scale`.
    scale: i128,
    /// `prices[j]` a unit of capacity `j`.
    pub(super) prices: Vec<i64>,
    /// `picks[k]`: the item of class `k` worth most at these prices.
    pub(super) picks: Vec<usize>,
    /// `worth[k]`: what it is worth.
    worth: Vec<i128>,
    /// Σ uses of the picks.
    pub(super) used: Vec<i64>,
    /// `Σ worth + Σ price × capacity`: no selection of open items earns more.
    pub(super) bound: i128,
    /// How often the pick of each class changed since the last reset.
    pub(super) changes: Vec<u32>,
    /// Uses priced so far.
    pub(super) priced: u64,
}

impl Dual {
    pub(super) fn new(space: &Space) -> Self {
        let all = 0..space.item_count();
        let most = all.map(|item| space.profit(item).unsigned_abs()).max().unwrap_or(0);
        let total = u128::from(most).saturating_mul(u128::try_from(space.class_count()).unwrap_or(1)).max(1);
        let bits = u128::BITS.saturating_sub(total.leading_zeros());
        let shift = SCALED_BITS.saturating_sub(bits).min(SCALE_BITS);
        Self {
            scale: 1_i128.checked_shl(shift).unwrap_or(1),
            prices: vec![0; space.capacities.len()],
            picks: vec![0; space.class_count()],
            worth: vec![0; space.class_count()],
            used: vec![0; space.capacities.len()],
            bound: 0,
            changes: vec![0; space.class_count()],
            priced: 0,
        }
    }

    /// A profit in scaled units.
    pub(super) fn scaled(&self, profit: i64) -> i128 {
        i128::from(profit).saturating_mul(self.scale)
    }

    /// A scaled bound as the largest profit under it.
    pub(super) fn floor(&self, bound: i128) -> i64 {
        let floor = bound.checked_div_euclid(self.scale).unwrap_or(bound);
        i64::try_from(floor).unwrap_or(if floor < 0 { i64::MIN } else { i64::MAX })
    }

    /// What an item is worth at these prices: `profit − Σ price × use`, scaled.
    pub(super) fn value(&self, space: &Space, item: usize) -> i128 {
        let uses = space.uses(item).iter().zip(&self.prices);
        // A price is below 2^62 and the uses of a class below 2^60: a thousand of their products fit.
        let cost = uses.map(|(uses, price)| i128::from(*uses).wrapping_mul(i128::from(*price)));
        self.scaled(space.profit(item)).wrapping_sub(cost.fold(0, i128::wrapping_add))
    }

    /// How much the bound falls when a class takes this item instead of its pick.
    pub(super) fn loss(&self, space: &Space, item: usize) -> i128 {
        let most = self.worth.get(space.class_of(item)).copied().unwrap_or(0);
        most.saturating_sub(self.value(space, item))
    }

    /// Picks and bound at the current prices.
    pub(super) fn price(&mut self, space: &Space) {
        self.used.fill(0);
        let caps = space.capacities.iter().zip(&self.prices);
        let mut bound = caps.map(|(room, price)| i128::from(*room).wrapping_mul(i128::from(*price))).sum();
        let mut priced = 0_usize;
        for class in 0..space.class_count() {
            let open = space.open(class);
            priced = priced.saturating_add(open.len());
            let valued = open.iter().map(|item| (self.value(space, *item), *item));
            // Among equals the first as given, whatever order the search left the items in.
            let Some((value, item)) = valued.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1))) else {
                continue;
            };
            bound = i128::saturating_add(bound, value);
            self.used
                .iter_mut()
                .zip(space.uses(item))
                .for_each(|(sum, uses)| *sum = sum.saturating_add(*uses));
            let slots =
                self.picks.get_mut(class).zip(self.worth.get_mut(class)).zip(self.changes.get_mut(class));
            if let Some(((pick, worth), changes)) = slots {
                if *pick != item {
                    *changes = changes.saturating_add(1);
                }
                *pick = item;
                *worth = value;
            }
        }
        self.bound = bound;
        let priced = priced.saturating_mul(space.capacities.len().max(1));
        self.priced = self.priced.saturating_add(u64::try_from(priced).unwrap_or(u64::MAX));
    }

    /// Moves the prices towards a bound of `target` (scaled), by `pace` sixteenths of Polyak's step; `false` when they stay.
    pub(super) fn step(&mut self, space: &Space, target: i128, pace: i128) -> bool {
        let lines = self.used.iter().zip(&space.capacities).zip(&self.prices);
        let slopes: Vec<i128> = lines
            .map(|((used, room), price)| {
                let over = i128::from(*used).saturating_sub(i128::from(*room));
                if over < 0 && *price == 0 {
                    return 0;
                }
                let relative = over.saturating_mul(ONE).checked_div(i128::from((*room).max(1)));
                relative.unwrap_or(0).clamp(MOST.saturating_neg(), MOST)
            })
            .collect();
        let norm = slopes.iter().fold(0_i128, |sum, slope| sum.saturating_add(slope.saturating_mul(*slope)));
        if norm == 0 {
            return false;
        }
        let distance = self.bound.saturating_sub(target).clamp(1, 1 << 70);
        let mut moved = false;
        for ((price, slope), room) in self.prices.iter_mut().zip(&slopes).zip(&space.capacities) {
            let whole = distance.saturating_mul(pace).saturating_mul(*slope).saturating_mul(ONE / 16);
            let each = norm.saturating_mul(i128::from((*room).max(1)));
            let by = whole.checked_div(each).unwrap_or(0);
            let next = i128::from(*price).saturating_add(by).clamp(0, 1 << 61);
            let next = i64::try_from(next).unwrap_or(*price);
            moved |= next != *price;
            *price = next;
        }
        moved
    }
}

//! `g(y) = h·E[(y−D)⁺] + p·E[(D−y)⁺]` for whole levels, grown in both directions from the best one.
//!
//! # Source
//!
//! Cost of a level: Snyder and Shen, §4.3; growing the table from the best level outwards is a house rule.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::dist::Kind;
use super::newsvendor::whole_level;
use super::num::float;
use super::{Distribution, ModelError, UnitCosts};

/// Costs of whole levels around the best level.
pub(crate) struct CostTable<'demand> {
    costs: UnitCosts,
    demand: &'demand Distribution,
    mean: f64,
    best: i64,
    /// `g(best), g(best+1), …`
    right: Vec<f64>,
    /// `g(best−1), g(best−2), …`
    left: Vec<f64>,
    high: Edge,
    low: Edge,
}

/// What is needed to go one level further.
#[derive(Clone, Copy)]
struct Edge {
    /// Level of the last entry.
    level: i64,
    /// `n(level)`.
    short: f64,
    /// `P(D > level)`.
    tail: f64,
    /// `P(D = level)`.
    mass: f64,
}

impl<'demand> CostTable<'demand> {
    pub(crate) fn new(costs: &UnitCosts, demand: &'demand Distribution) -> Result<Self, ModelError> {
        let best = whole_level(costs, demand)?;
        let short = demand.loss(float(best))?.shortage;
        let edge = Edge { level: best, short, tail: demand.upper_tail(float(best)), mass: demand.mass(best) };
        let mut table = Self {
            costs: *costs,
            demand,
            mean: demand.mean(),
            best,
            right: Vec::with_capacity(64),
            left: Vec::with_capacity(64),
            high: edge,
            low: edge,
        };
        let least = table.cost(edge);
        table.right.push(least);
        Ok(table)
    }
    /// The cheapest level.
    pub(crate) const fn best(&self) -> i64 {
        self.best
    }
    fn cost(&self, edge: Edge) -> f64 {
        let (h, p) = (self.costs.holding(), self.costs.shortage());
        h * (float(edge.level) - self.mean) + (h + p) * edge.short
    }
    fn mass_beside(&self, mass: f64, from: i64, to: i64) -> f64 {
        // One ratio instead of one exponential where the mass is alive.
        if let Kind::Counting(counting) = &self.demand.kind
            && mass > 1e-290
        {
            if to > from {
                return mass * counting.rise(float(from));
            }
            let rise = counting.rise(float(to));
            if to >= 0 && rise > 0.0 {
                return mass / rise;
            }
        }
        self.demand.mass(to)
    }
    /// `g(y)`.
    pub(crate) fn at(&mut self, y: i64) -> f64 {
        if y >= self.best {
            let place = usize::try_from(y.saturating_sub(self.best)).unwrap_or(usize::MAX);
            while self.right.len() <= place {
                // n(y+1) = n(y) − P(D > y).
                let Edge { level, short, tail, mass } = self.high;
                let next = level.saturating_add(1);
                let mass = self.mass_beside(mass, level, next);
                self.high =
                    Edge { level: next, short: (short - tail).max(0.0), tail: (tail - mass).max(0.0), mass };
                let cost = self.cost(self.high);
                self.right.push(cost);
            }
            return self.right.get(place).copied().unwrap_or(f64::INFINITY);
        }
        let place = usize::try_from(self.best.saturating_sub(y).saturating_sub(1)).unwrap_or(usize::MAX);
        while self.left.len() <= place {
            // n(y−1) = n(y) + P(D > y−1) = n(y) + P(D > y) + P(D = y).
            let Edge { level, short, tail, mass } = self.low;
            let next = level.saturating_sub(1);
            let above = (tail + mass).min(1.0);
            let mass = self.mass_beside(mass, level, next);
            self.low = Edge { level: next, short: short + above, tail: above, mass };
            let cost = self.cost(self.low);
            self.left.push(cost);
        }
        self.left.get(place).copied().unwrap_or(f64::INFINITY)
    }
    /// Makes sure of all levels in `low..=high`.
    pub(crate) fn cover(&mut self, low: i64, high: i64) {
        self.at(low.min(self.best));
        self.at(high.max(self.best));
    }
    /// `Σ_{j=0}^{weights.len()−1} weights[j]·g(top − j)`; levels must be covered.
    pub(crate) fn dot(&self, top: i64, weights: &[f64]) -> f64 {
        let above =
            usize::try_from(top.saturating_sub(self.best).saturating_add(1)).unwrap_or(0).min(weights.len());
        let (first, second) = weights.split_at(above);
        let end = usize::try_from(top.saturating_sub(self.best).saturating_add(1)).unwrap_or(0);
        let part = self.right.get(end.saturating_sub(above)..end).unwrap_or_default();
        let skipped = usize::try_from(self.best.saturating_sub(1).saturating_sub(top)).unwrap_or(0);
        let rest = self.left.get(skipped..).unwrap_or_default();
        lanes(first.iter().copied().zip(part.iter().rev().copied()))
            + lanes(second.iter().copied().zip(rest.iter().copied()))
    }
}

/// A sum of products in plain order.
fn lanes(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    pairs.fold(0.0, |sum, (a, b)| a.mul_add(b, sum))
}

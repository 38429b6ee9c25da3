//! A newsvendor whose purchase cost changes from period to period.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::newsvendor::newsvendor;
use super::num::{half_open_fraction, not_negative, root, signed};
use super::{Distribution, ModelError, UnitCosts};

/// One period of a changing purchase cost (变动进价的单期模型).
#[derive(Debug, Clone, PartialEq)]
pub struct MyopicPeriod {
    /// Holding and shortage cost.
    pub costs: UnitCosts,
    /// Purchase cost now, money a piece.
    pub purchase: f64,
    /// Purchase cost of the next period.
    pub purchase_next: f64,
    /// Discount factor of one period, more than 0 and at most 1.
    pub discount: f64,
    /// Demand of the period, continuous.
    pub demand: Distribution,
}

/// The side of the best level on which another is sought (左右侧).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Below it.
    Below,
    /// Above it.
    Above,
}

impl MyopicPeriod {
    /// Cost of bringing the stock to `level`: `c·y + h·n̄ + p·n − γ·c_next·(y − μ)`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::OutOfRange`].
    ///
    /// # Source
    ///
    /// Snyder and Shen, §4.5; Veinott 1966.
    pub fn cost_of(&self, level: f64) -> Result<f64, ModelError> {
        self.check()?;
        let losses = self.demand.loss(level)?;
        Ok(self.purchase * level + self.costs.of(losses)
            - self.discount * self.purchase_next * (level - self.demand.mean()))
    }
    /// The cheapest level: `F(S) = (p − c⁺)/(p + h)` with `c⁺ = c − γ·c_next`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotMyopic`] unless `−h ≤ c⁺ ≤ p`; [`ModelError::NoSolution`] at those ends themselves, where no
    ///   finite level is best; else as [`MyopicPeriod::cost_of`].
    ///
    /// # Source
    ///
    /// Snyder and Shen, §4.5.
    pub fn best_level(&self) -> Result<f64, ModelError> {
        self.check()?;
        let net = self.purchase - self.discount * self.purchase_next;
        let (h, p) = (self.costs.holding(), self.costs.shortage());
        if net < -h || net > p {
            return Err(ModelError::NotMyopic { net, holding: h, shortage: p });
        }
        let unit = UnitCosts::new(h + net, p - net)
            .map_err(|_| ModelError::NoSolution { why: "the net purchase cost eats up a unit cost" })?;
        Ok(newsvendor(&unit, &self.demand)?.level)
    }
    /// The level on one side of the best that costs exactly `cost` (给定成本的库存水平).
    ///
    /// # Errors
    ///
    /// - [`ModelError::BelowLeastCost`]; else as [`MyopicPeriod::best_level`].
    ///
    /// # Source
    ///
    /// Used for the bounds of Veinott 1966; root by Brent's method.
    pub fn level_costing(&self, cost: f64, side: Side) -> Result<f64, ModelError> {
        signed("cost", cost)?;
        let best = self.best_level()?;
        let least = self.cost_of(best)?;
        // The least cost itself, computed another way, may differ in its last bits.
        if cost < least - 1e-12 * least.abs() {
            return Err(ModelError::BelowLeastCost { cost, least });
        }
        if cost <= least {
            return Ok(best);
        }
        let sign = if side == Side::Below { -1.0 } else { 1.0 };
        let mut step = self.demand.variance().sqrt().max(1.0);
        let mut far = best + sign * step;
        for _ in 0..100 {
            if self.cost_of(far)? >= cost {
                break;
            }
            step *= 2.0;
            far = best + sign * step;
        }
        if self.cost_of(far)? < cost {
            return Err(ModelError::NoSolution { why: "the cost stays below on this side" });
        }
        Ok(root(best, far, |y| self.cost_of(y).unwrap_or(f64::INFINITY) - cost))
    }
    fn check(&self) -> Result<(), ModelError> {
        not_negative("purchase cost", self.purchase)?;
        not_negative("next purchase cost", self.purchase_next)?;
        half_open_fraction("discount factor", self.discount)?;
        if self.demand.is_counting() {
            return Err(ModelError::NoSolution { why: "the myopic form takes continuous demand" });
        }
        Ok(())
    }
}

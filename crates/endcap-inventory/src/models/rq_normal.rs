//! Reorder point and fixed order, normal demand, continuous review: exact and by the classic heuristics.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::dist::tails::{normal_first_and_upper, normal_second};
use super::eoq::{LotCosts, eoq, eoq_backorders};
use super::num::{newton, not_negative, positive, root, signed};
use super::{ModelError, UnitCosts};
use crate::normal::normal_quantile;

/// A stock reviewed at any moment (连续盘点), normal demand; one unit of time throughout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContinuousReview {
    /// Holding and shortage cost a piece and unit of time.
    pub costs: UnitCosts,
    /// Fixed cost of an order.
    pub fixed: f64,
    /// Mean demand a unit of time.
    pub mean: f64,
    /// Deviation of demand a unit of time.
    pub sd: f64,
    /// Lead time.
    pub lead: f64,
}

/// A reorder point and an order quantity (订货点与订货量), and the exact expected cost of the pair per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReorderPlan {
    /// Order when the position falls to this many pieces; may be negative.
    pub reorder: f64,
    /// Pieces an order.
    pub quantity: f64,
    /// Exact expected cost, money per unit of time; parts in [`ReorderCost`].
    pub cost: ReorderCost,
}

/// Expected cost of an (r, Q) pair by part (成本构成), money per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReorderCost {
    /// `Kλ/Q`.
    pub ordering: f64,
    /// Holding.
    pub holding: f64,
    /// Shortage.
    pub shortage: f64,
}

impl ReorderCost {
    /// The sum of the parts.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.ordering + self.holding + self.shortage
    }
}

/// A plan of a heuristic beside the cost its own model believes in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeuristicPlan {
    /// The pair with its exact cost under backorders per unit of time.
    pub plan: ReorderPlan,
    /// The cost in the heuristic's own terms.
    pub model_cost: f64,
}

impl ContinuousReview {
    fn check(&self) -> Result<(), ModelError> {
        not_negative("fixed cost", self.fixed)?;
        positive("mean demand", self.mean)?;
        not_negative("deviation", self.sd)?;
        not_negative("lead time", self.lead)
    }
    fn lot_costs(&self) -> LotCosts {
        LotCosts { fixed: self.fixed, holding: self.costs.holding(), demand: self.mean }
    }
    /// Mean and deviation of demand over the lead time.
    fn lead_demand(&self) -> (f64, f64) {
        (self.mean * self.lead, self.sd * self.lead.sqrt())
    }
    /// `n(y)` and `P(D > y)` of the lead-time demand.
    fn short(&self, y: f64) -> (f64, f64) {
        let (mu, sigma) = self.lead_demand();
        if sigma == 0.0 {
            return ((mu - y).max(0.0), f64::from(u8::from(y < mu)));
        }
        let z = (y - mu) / sigma;
        let (first, upper) = normal_first_and_upper(z);
        (sigma * first, upper)
    }
    /// `n₂(y)` and `n̄₂(y)`.
    fn second(&self, y: f64) -> (f64, f64) {
        let (mu, sigma) = self.lead_demand();
        if sigma == 0.0 {
            let (short, left) = ((mu - y).max(0.0), (y - mu).max(0.0));
            return (0.5 * short * short, 0.5 * left * left);
        }
        let z = (y - mu) / sigma;
        // One of the two is small and computed in full; the other follows from n₂ + n̄₂ = ½(z² + 1).
        let small = normal_second(z.abs());
        let large = 0.5 * (z * z + 1.0) - small;
        let (short, left) = if z > 0.0 { (small, large) } else { (large, small) };
        (sigma * sigma * short, sigma * sigma * left)
    }
    /// `n₂(y)` and `n̄₂(y)` to be set against those of `low < y`.
    ///
    /// `n₂` falls at least as fast as the density, so that `n₂(y)/n₂(low) ≤ exp(−(y² − low²)/2)` in deviations, `low` taken
    /// at no less than zero: beyond 75 that is below the last bit and left out.
    fn second_above(&self, low: f64, y: f64) -> (f64, f64) {
        let (mu, sigma) = self.lead_demand();
        let (z, least) = ((y - mu) / sigma, ((low - mu) / sigma).max(0.0));
        if sigma == 0.0 || z <= 0.0 || z * z - least * least <= 75.0 {
            return self.second(y);
        }
        (0.0, sigma * sigma * 0.5 * (z * z + 1.0))
    }
    /// `g(y) = h·E[(y−D)⁺] + p·E[(D−y)⁺]` and its slope.
    fn rate(&self, y: f64) -> (f64, f64) {
        let (mu, _) = self.lead_demand();
        let (h, p) = (self.costs.holding(), self.costs.shortage());
        let (n, tail) = self.short(y);
        (h * (y - mu) + (h + p) * n, h - (h + p) * tail)
    }

    /// Exact expected cost of a pair (给定参数的成本): `(Kλ + ∫_r^{r+Q} g(y)dy)/Q`, the integral in closed form.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    ///
    /// # Source
    ///
    /// Hadley and Whitin 1963; Snyder and Shen, §5.2.
    pub fn cost_of(&self, reorder: f64, quantity: f64) -> Result<ReorderPlan, ModelError> {
        self.check()?;
        signed("reorder point", reorder)?;
        positive("order quantity", quantity)?;
        let (short_low, left_low) = self.second(reorder);
        let (short_high, left_high) = self.second_above(reorder, reorder + quantity);
        let cost = ReorderCost {
            ordering: self.fixed * self.mean / quantity,
            holding: self.costs.holding() * (left_high - left_low) / quantity,
            shortage: self.costs.shortage() * (short_low - short_high) / quantity,
        };
        Ok(ReorderPlan { reorder, quantity, cost })
    }

    /// Share of demand met from stock (满足率): `1 − (n(r) − n(r+Q))/Q`.
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::cost_of`].
    ///
    /// # Source
    ///
    /// Textbook formula, exact for normal lead-time demand.
    pub fn fill_rate_of(&self, reorder: f64, quantity: f64) -> Result<f64, ModelError> {
        self.check()?;
        signed("reorder point", reorder)?;
        positive("order quantity", quantity)?;
        Ok(1.0 - (self.short(reorder).0 - self.short(reorder + quantity).0) / quantity)
    }

    /// Probability of no stock-out in a cycle (周期服务水平): `P(D ≤ r)`.
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::cost_of`].
    ///
    /// # Source
    ///
    /// Textbook formula.
    pub fn cycle_service_of(&self, reorder: f64) -> Result<f64, ModelError> {
        self.check()?;
        signed("reorder point", reorder)?;
        Ok(1.0 - self.short(reorder).1)
    }

    /// The best reorder point for a quantity (给定批量的订货点): `g(r) = g(r+Q)`.
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::cost_of`].
    ///
    /// # Source
    ///
    /// Snyder and Shen, §5.2; Zheng 1992.
    pub fn best_reorder_for(&self, quantity: f64) -> Result<ReorderPlan, ModelError> {
        self.check()?;
        positive("order quantity", quantity)?;
        let reorder = self.reorder_for(quantity)?;
        self.cost_of(reorder, quantity)
    }
    fn reorder_for(&self, quantity: f64) -> Result<f64, ModelError> {
        let (mu, sigma) = self.lead_demand();
        let z = normal_quantile(self.costs.critical_ratio())
            .map_err(|_| ModelError::NoSolution { why: "the critical ratio is 0 or 1 in floating point" })?;
        let middle = mu + z * sigma;
        if sigma == 0.0 {
            return Ok(mu - quantity * self.costs.critical_tail());
        }
        Ok(root(middle - quantity, middle, |r| self.rate(r + quantity).0 - self.rate(r).0))
    }

    /// The best pair (最优订货点与订货量), exactly: `g(r) = g(r+Q) = C*`.
    ///
    /// `Kλ = ∫(θ − g(y))⁺dy` has one root θ, the least cost; the level set `{g ≤ θ}` is `[r, r+Q]`. Newton's steps on θ
    /// start at the cost of the backorder EOQ and fall to the root.
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::cost_of`]; [`ModelError::NoSolution`] without fixed cost.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::models::{rq_normal::ContinuousReview, UnitCosts};
    /// let stock = ContinuousReview {
    ///     costs: UnitCosts::new(0.225, 7.5)?, fixed: 8.0, mean: 1300.0, sd: 150.0, lead: 1.0 / 12.0,
    /// };
    /// let plan = stock.optimum()?;
    /// assert!((plan.reorder - 126.867_063_367_6).abs() < 1e-6);
    /// assert!((plan.cost.total() - 78.071_146_270_35).abs() < 1e-9);
    /// # Ok::<(), endcap_inventory::models::ModelError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Zheng 1992, "On properties of stochastic inventory systems", Management Science 38(1).
    pub fn optimum(&self) -> Result<ReorderPlan, ModelError> {
        self.check()?;
        let start = eoq_backorders(&self.lot_costs(), self.costs.shortage())?.lot.quantity;
        if start <= 0.0 {
            return Err(ModelError::NoSolution {
                why: "without fixed cost the best quantity is zero: use a base stock",
            });
        }
        let mut plan = self.best_reorder_for(start)?;
        let (mu, _) = self.lead_demand();
        for _ in 0..60 {
            let theta = plan.cost.total();
            // g ≥ p(μ − y) and g ≥ h(y − μ): both ends start outside and step inwards.
            let side = |from: f64| {
                newton(from, |y| {
                    let (value, slope) = self.rate(y);
                    (value - theta, slope)
                })
            };
            let low = side(mu - theta / self.costs.shortage());
            let high = side(mu + theta / self.costs.holding());
            let next = self.cost_of(low, high - low)?;
            let gain = theta - next.cost.total();
            if gain <= 1e-15 * theta {
                if gain >= 0.0 {
                    plan = next;
                }
                break;
            }
            plan = next;
        }
        Ok(plan)
    }

    /// Quantity of the plain EOQ, `F(r) = p/(p+h)` (EOQ 加安全库存).
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::cost_of`]; [`ModelError::NoSolution`] without fixed cost.
    ///
    /// # Source
    ///
    /// Snyder and Shen, §5.3.3.
    pub fn eoq_plus_safety(&self) -> Result<ReorderPlan, ModelError> {
        self.check()?;
        let quantity = eoq(&self.lot_costs())?.quantity;
        let (mu, sigma) = self.lead_demand();
        let z = normal_quantile(self.costs.critical_ratio())
            .map_err(|_| ModelError::NoSolution { why: "the critical ratio is 0 or 1 in floating point" })?;
        self.sized(mu + z * sigma, quantity)
    }

    /// Quantity of the EOQ with backorders, then the best reorder point for it.
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::eoq_plus_safety`].
    ///
    /// # Source
    ///
    /// Snyder and Shen, §5.3.2; at most 11.8 % above the optimum with the plain EOQ (Zheng 1992).
    pub fn eoq_backorder_heuristic(&self) -> Result<ReorderPlan, ModelError> {
        self.check()?;
        let quantity = eoq_backorders(&self.lot_costs(), self.costs.shortage())?.lot.quantity;
        if quantity <= 0.0 {
            return Err(ModelError::NoSolution {
                why: "without fixed cost the quantity is zero: use a base stock",
            });
        }
        self.best_reorder_for(quantity)
    }

    /// Expected-inventory-level heuristic (EIL): shortage cost `per_piece` a piece, however long it waits.
    ///
    /// `F(r) = 1 − Qh/(pλ)` and `Q = √(2λ(K + p·n(r))/h)` in turn, from the EOQ. The exact cost beside it reads the same
    /// `p` per unit of time.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NoSolution`] where `Qh ≥ pλ`; else as [`ContinuousReview::eoq_plus_safety`].
    ///
    /// # Source
    ///
    /// Hadley and Whitin 1963; Snyder and Shen, §5.3.1.
    pub fn expected_level_heuristic(&self) -> Result<HeuristicPlan, ModelError> {
        self.check()?;
        let (mu, sigma) = self.lead_demand();
        let (h, p) = (self.costs.holding(), self.costs.shortage());
        let mut quantity = eoq(&self.lot_costs())?.quantity;
        let mut reorder = mu;
        for _ in 0..10_000 {
            let tail = quantity * h / (p * self.mean);
            if tail >= 1.0 || tail <= 0.0 {
                return Err(ModelError::NoSolution {
                    why: "holding an order costs as much as being short of all demand",
                });
            }
            let z = -normal_quantile(tail).unwrap_or(0.0);
            reorder = mu + z * sigma;
            let next = (2.0 * self.mean * (self.fixed + p * self.short(reorder).0) / h).sqrt();
            let moved = (next - quantity).abs();
            quantity = next;
            if moved <= 1e-14 * quantity {
                break;
            }
        }
        let plan = self.sized(reorder, quantity)?;
        let model_cost = h * (reorder - mu + quantity / 2.0)
            + (self.fixed + p * self.short(reorder).0) * self.mean / quantity;
        Ok(HeuristicPlan { plan, model_cost })
    }

    /// Loss-function heuristic: `n(r) = hQ/(h+p)`, `Q = √(2(Kλ + (h+p)·n₂(r))/h)`; the losses at `r + Q` are left out.
    ///
    /// # Errors
    ///
    /// - As [`ContinuousReview::eoq_plus_safety`].
    ///
    /// # Source
    ///
    /// Snyder and Shen, §5.3.4.
    pub fn loss_heuristic(&self) -> Result<ReorderPlan, ModelError> {
        self.check()?;
        let (mu, _) = self.lead_demand();
        let (h, p) = (self.costs.holding(), self.costs.shortage());
        let mut quantity = eoq(&self.lot_costs())?.quantity;
        let mut reorder = mu;
        for _ in 0..10_000 {
            let target = h * quantity / (h + p);
            // n is convex and falls; n(y) ≥ μ − y, so μ − target lies outside.
            reorder = newton(mu - target, |y| {
                let (n, tail) = self.short(y);
                (n - target, -tail)
            });
            let next = (2.0 * (self.fixed * self.mean + (h + p) * self.second(reorder).0) / h).sqrt();
            let moved = (next - quantity).abs();
            quantity = next;
            if moved <= 1e-14 * quantity {
                break;
            }
        }
        self.sized(reorder, quantity)
    }

    fn sized(&self, reorder: f64, quantity: f64) -> Result<ReorderPlan, ModelError> {
        if quantity <= 0.0 {
            return Err(ModelError::NoSolution {
                why: "without fixed cost the quantity is zero: use a base stock",
            });
        }
        self.cost_of(reorder, quantity)
    }
}

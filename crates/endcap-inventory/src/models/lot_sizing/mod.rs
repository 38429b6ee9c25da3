//! Lot sizing over a known demand (动态批量): the exact plan and the classic rules of thumb.
//!
//! Holding cost `h_t` is paid on every unit left at the end of period `t`, so a unit carried from `t` to `u` pays
//! `h_t + … + h_{u−1}`: the holding costs of the periods it is carried through, not those of the period it was ordered in.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

mod heuristics;
mod wagner_whitin;

pub use heuristics::{LotRule, lot_rule};
pub use wagner_whitin::wagner_whitin;

use super::ModelError;
use super::num::{not_negative, same_length};

/// One value for every period or one each (每期参数).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PerPeriod<'slice> {
    /// The same in all periods.
    Same(f64),
    /// One a period.
    Each(&'slice [f64]),
}

impl PerPeriod<'_> {
    pub(crate) fn at(&self, period: usize) -> f64 {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values.get(period).copied().unwrap_or(0.0),
        }
    }
    fn check(&self, what: &'static str, periods: usize) -> Result<(), ModelError> {
        match self {
            Self::Same(value) => not_negative(what, *value),
            Self::Each(values) => {
                same_length(what, values.len(), periods)?;
                values.iter().try_for_each(|value| not_negative(what, *value))
            }
        }
    }
}

/// A lot-sizing problem (动态批量问题): `demand[t]` is due in period `t`; nothing is short, nothing is left at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LotSizing<'slice> {
    /// `K_t`, money an order.
    pub setup: PerPeriod<'slice>,
    /// `h_t`, money a piece left at the end of the period.
    pub holding: PerPeriod<'slice>,
    /// `c_t`, money a piece bought.
    pub unit: PerPeriod<'slice>,
    /// Pieces due, zero or more.
    pub demand: &'slice [f64],
}

/// A plan and its cost by part (订货计划), money over the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct LotPlan {
    /// Pieces ordered in each period.
    pub orders: Vec<f64>,
    /// Fixed costs.
    pub setup: f64,
    /// Holding costs.
    pub holding: f64,
    /// Price of the goods.
    pub purchase: f64,
}

impl LotPlan {
    /// The sum of the parts.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.setup + self.holding + self.purchase
    }
}

impl LotSizing<'_> {
    pub(crate) fn check(&self) -> Result<(), ModelError> {
        let periods = self.demand.len();
        if periods == 0 {
            return Err(ModelError::Empty { what: "demand" });
        }
        self.setup.check("setup cost", periods)?;
        self.holding.check("holding cost", periods)?;
        self.unit.check("unit cost", periods)?;
        self.demand.iter().try_for_each(|demand| not_negative("demand", *demand))
    }

    /// Cost of given orders, by direct summation (给定计划的成本).
    ///
    /// # Errors
    ///
    /// - [`ModelError::LengthMismatch`], [`ModelError::Negative`], [`ModelError::NotFinite`]; [`ModelError::NoSolution`]
    ///   for a plan that leaves demand unmet.
    ///
    /// # Source
    ///
    /// Wagner and Whitin 1958, the model's objective.
    pub fn cost_of(&self, orders: &[f64]) -> Result<LotPlan, ModelError> {
        self.check()?;
        same_length("orders", orders.len(), self.demand.len())?;
        orders.iter().try_for_each(|order| not_negative("order", *order))?;
        let mut plan = LotPlan { orders: orders.to_vec(), setup: 0.0, holding: 0.0, purchase: 0.0 };
        let (mut stock, mut scale) = (0.0_f64, 0.0_f64);
        for (period, (order, demand)) in orders.iter().zip(self.demand).enumerate() {
            scale += order;
            stock += order - demand;
            if stock < -1e-9 * scale.max(*demand) {
                return Err(ModelError::NoSolution { why: "the plan leaves demand unmet" });
            }
            if stock.abs() <= 1e-12 * scale {
                stock = 0.0;
            }
            if *order > 0.0 {
                plan.setup += self.setup.at(period);
                plan.purchase += self.unit.at(period) * order;
            }
            plan.holding += self.holding.at(period) * stock.max(0.0);
        }
        Ok(plan)
    }

    /// The plan that orders in `starts` for all periods up to the next start; blocks without demand order nothing.
    fn plan_of_blocks(&self, starts: &[usize]) -> LotPlan {
        let periods = self.demand.len();
        let mut plan = LotPlan { orders: vec![0.0; periods], setup: 0.0, holding: 0.0, purchase: 0.0 };
        for (place, &start) in starts.iter().enumerate() {
            let end = starts.get(place.saturating_add(1)).copied().unwrap_or(periods);
            let (mut order, mut carried, mut holding) = (0.0, 0.0, 0.0);
            for (period, demand) in self.demand.iter().enumerate().take(end).skip(start) {
                order += demand;
                holding += carried * demand;
                carried += self.holding.at(period);
            }
            if order > 0.0 {
                if let Some(slot) = plan.orders.get_mut(start) {
                    *slot = order;
                }
                plan.setup += self.setup.at(start);
                plan.holding += holding;
                plan.purchase += self.unit.at(start) * order;
            }
        }
        plan
    }
}

/// An exact plan with the cost that remains from each period on (剩余成本).
#[derive(Debug, Clone, PartialEq)]
pub struct ExactLotPlan {
    /// The plan.
    pub plan: LotPlan,
    /// `θ_t`: cost of periods `t, t+1, …` when stock is empty before `t`; one more entry than periods, the last 0.
    pub cost_to_go: Vec<f64>,
}

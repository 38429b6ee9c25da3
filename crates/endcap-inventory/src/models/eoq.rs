//! The economic order quantity, its finite-rate and its backorder forms.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::ModelError;
use super::num::{float, not_negative, positive, whole};

/// Costs and demand of a lot (经济批量参数): fixed cost an order, holding cost a piece and unit of time, demand a unit
/// of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LotCosts {
    /// `K`, money an order.
    pub fixed: f64,
    /// `h`, money a piece and unit of time.
    pub holding: f64,
    /// `d`, pieces a unit of time.
    pub demand: f64,
}

impl LotCosts {
    pub(crate) fn check(&self) -> Result<(), ModelError> {
        not_negative("fixed cost", self.fixed)?;
        positive("holding cost", self.holding)?;
        not_negative("demand rate", self.demand)
    }
}

/// A lot and what it costs (批量与成本): the two costs sum to the total, per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    /// Pieces an order; zero when ordering continuously costs nothing.
    pub quantity: f64,
    /// Fixed costs per unit of time.
    pub ordering: f64,
    /// Holding costs per unit of time, and shortage costs where there are any.
    pub carrying: f64,
}

impl Lot {
    /// Total, money per unit of time.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.ordering + self.carrying
    }
}

/// Economic order quantity (经济订货批量): `Q* = √(2Kd/h)`, `g* = √(2Kdh)`.
///
/// Without fixed cost or demand the quantity is zero and costs nothing.
///
/// # Errors
///
/// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::eoq::{eoq, LotCosts};
/// let lot = eoq(&LotCosts { fixed: 8.0, holding: 0.225, demand: 1300.0 })?;
/// assert!((lot.quantity - 304.046_780_026_436_8).abs() < 1e-9);
/// assert!((lot.cost() - 68.410_525_505_948_3).abs() < 1e-9);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Harris 1913; Snyder and Shen, Fundamentals of Supply Chain Theory, §3.2.
pub fn eoq(costs: &LotCosts) -> Result<Lot, ModelError> {
    costs.check()?;
    Ok(best(costs, costs.holding))
}

/// Cost of ordering `quantity` pieces each time, per unit of time: `Kd/Q + hQ/2`.
///
/// # Errors
///
/// - As [`eoq`]; the quantity is more than zero.
///
/// # Source
///
/// Snyder and Shen, §3.2.
pub fn eoq_cost_of(costs: &LotCosts, quantity: f64) -> Result<Lot, ModelError> {
    costs.check()?;
    positive("order quantity", quantity)?;
    Ok(of(costs, costs.holding, quantity))
}

/// The better of the two whole multiples of a case around the optimum (整箱批量), under the true cost; ties go down.
///
/// # Errors
///
/// - As [`eoq`]; the case is more than zero.
///
/// # Source
///
/// House rule; the cost is convex, so one of the two neighbours is best.
pub fn eoq_in_cases(costs: &LotCosts, case: f64) -> Result<Lot, ModelError> {
    costs.check()?;
    positive("case", case)?;
    let below = float(whole((best(costs, costs.holding).quantity / case).floor()));
    let up = of(costs, costs.holding, (below + 1.0) * case);
    if below < 1.0 {
        return Ok(up);
    }
    let down = of(costs, costs.holding, below * case);
    Ok(if up.cost() < down.cost() { up } else { down })
}

/// Economic production quantity (经济生产批量), stock building up at `production − d`: EOQ with `h(1 − d/μ)`.
///
/// # Errors
///
/// - [`ModelError::ProductionNotAboveDemand`]; else as [`eoq`].
///
/// # Source
///
/// Taft 1918; Snyder and Shen, §3.6.
pub fn epq(costs: &LotCosts, production: f64) -> Result<Lot, ModelError> {
    let holding = finite_rate(costs, production)?;
    Ok(best(costs, holding))
}

/// Cost of making `quantity` pieces each time at a finite rate, per unit of time.
///
/// # Errors
///
/// - As [`epq`]; the quantity is more than zero.
///
/// # Source
///
/// Snyder and Shen, §3.6.
pub fn epq_cost_of(costs: &LotCosts, production: f64, quantity: f64) -> Result<Lot, ModelError> {
    let holding = finite_rate(costs, production)?;
    positive("order quantity", quantity)?;
    Ok(of(costs, holding, quantity))
}

fn finite_rate(costs: &LotCosts, production: f64) -> Result<f64, ModelError> {
    costs.check()?;
    positive("production rate", production)?;
    if production <= costs.demand {
        return Err(ModelError::ProductionNotAboveDemand { production, demand: costs.demand });
    }
    Ok(costs.holding * (1.0 - costs.demand / production))
}

/// A lot with planned backorders (允许缺货批量).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackorderLot {
    /// The lot; its carrying cost holds and backorders.
    pub lot: Lot,
    /// Share of demand that waits.
    pub fraction: f64,
}

/// EOQ with planned backorders at `shortage` a piece and unit of time: `Q* = √(2Kd(h+p)/(hp))`, `x* = h/(h+p)`.
///
/// # Errors
///
/// - As [`eoq`]; the shortage cost is more than zero.
///
/// # Source
///
/// Snyder and Shen, §3.5.
pub fn eoq_backorders(costs: &LotCosts, shortage: f64) -> Result<BackorderLot, ModelError> {
    costs.check()?;
    positive("shortage cost", shortage)?;
    let (h, p) = (costs.holding, shortage);
    let fraction = h / (h + p);
    let lot = best(costs, h * (p / (h + p)));
    Ok(BackorderLot { lot, fraction })
}

/// Cost of a given lot and backorder share: `Kd/Q + hQ(1−x)²/2 + pQx²/2`.
///
/// # Errors
///
/// - As [`eoq_backorders`]; the quantity is more than zero, the share between 0 and 1.
///
/// # Source
///
/// Snyder and Shen, §3.5.
pub fn eoq_backorders_cost_of(
    costs: &LotCosts,
    shortage: f64,
    quantity: f64,
    fraction: f64,
) -> Result<BackorderLot, ModelError> {
    costs.check()?;
    positive("shortage cost", shortage)?;
    positive("order quantity", quantity)?;
    not_negative("backorder share", fraction)?;
    if fraction > 1.0 {
        return Err(ModelError::OutOfRange { what: "backorder share", value: fraction, range: "0 to 1" });
    }
    let served = 1.0 - fraction;
    let holding = costs.holding * served * served + shortage * fraction * fraction;
    Ok(BackorderLot { lot: of(costs, holding, quantity), fraction })
}

/// The best lot at an effective holding cost.
pub(crate) fn best(costs: &LotCosts, holding: f64) -> Lot {
    let quantity = (2.0 * costs.fixed * costs.demand / holding).sqrt();
    if quantity > 0.0 {
        return of(costs, holding, quantity);
    }
    Lot { quantity: 0.0, ordering: 0.0, carrying: 0.0 }
}

fn of(costs: &LotCosts, holding: f64, quantity: f64) -> Lot {
    Lot { quantity, ordering: costs.fixed * costs.demand / quantity, carrying: holding * quantity / 2.0 }
}

//! Rules of thumb for lot sizes: each block is extended until its rule says stop.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::super::ModelError;
use super::super::num::{float, float_len, whole};
use super::{LotPlan, LotSizing};

/// A rule of thumb (批量规则). With costs that vary, setup and unit cost are those of the block's first period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LotRule {
    /// Silver–Meal: stop at the first rise of the average cost a period (平均期间成本).
    SilverMeal,
    /// Least unit cost: stop at the first rise of the average cost a piece (平均单位成本).
    LeastUnitCost,
    /// Part-period balancing (阶段平衡法): stop before the first block whose holding cost exceeds the setup cost.
    PartPeriod,
    /// An order each period with demand (逐批法).
    LotForLot,
    /// Periodic order quantity (定期批量): `round(EOQ / mean demand)` periods a block, at least one.
    PeriodicOrder,
}

/// Plans by a rule of thumb (启发式批量计划). A block starts at a period with demand.
///
/// # Errors
///
/// - As [`wagner_whitin`](super::wagner_whitin).
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::lot_sizing::{lot_rule, LotRule, LotSizing, PerPeriod};
/// let problem = LotSizing {
///     setup: PerPeriod::Same(500.0),
///     holding: PerPeriod::Same(2.0),
///     unit: PerPeriod::Same(0.0),
///     demand: &[90.0, 120.0, 80.0, 70.0],
/// };
/// let plan = lot_rule(&problem, LotRule::SilverMeal)?;
/// assert_eq!((plan.orders, plan.setup + plan.holding), (vec![290.0, 0.0, 0.0, 70.0], 1560.0));
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Silver and Meal 1973; Silver, Pyke and Peterson, Inventory Management and Production Planning and Scheduling, ch. 6.
/// The stopping rule of part-period balancing differs between texts; ours is stated at the variant.
pub fn lot_rule(problem: &LotSizing<'_>, rule: LotRule) -> Result<LotPlan, ModelError> {
    problem.check()?;
    let length = match rule {
        LotRule::PeriodicOrder => periodic_length(problem),
        LotRule::LotForLot => 1.0,
        _ => f64::INFINITY,
    };
    let mut starts = Vec::new();
    let mut block: Option<Block> = None;
    for (period, &demand) in problem.demand.iter().enumerate() {
        let holding = problem.holding.at(period);
        if let Some(open) = &mut block {
            let longer = open.extended(demand, holding);
            let goes_on = match rule {
                LotRule::SilverMeal => longer.cost() / longer.periods <= open.cost() / open.periods,
                LotRule::LeastUnitCost => longer.cost() / longer.pieces <= open.cost() / open.pieces,
                LotRule::PartPeriod => longer.holding <= longer.setup,
                LotRule::LotForLot | LotRule::PeriodicOrder => longer.periods <= length,
            };
            if goes_on {
                *open = longer;
                continue;
            }
            block = None;
        }
        if demand > 0.0 {
            starts.push(period);
            let empty = Block {
                setup: problem.setup.at(period),
                holding: 0.0,
                carried: 0.0,
                periods: 0.0,
                pieces: 0.0,
            };
            block = Some(empty.extended(demand, holding));
        }
    }
    Ok(problem.plan_of_blocks(&starts))
}

/// A block so far: costs, periods, pieces, and the holding cost of a piece needed next.
#[derive(Clone, Copy)]
struct Block {
    setup: f64,
    holding: f64,
    carried: f64,
    periods: f64,
    pieces: f64,
}

impl Block {
    fn extended(&self, demand: f64, holding: f64) -> Self {
        Self {
            setup: self.setup,
            holding: self.holding + self.carried * demand,
            carried: self.carried + holding,
            periods: self.periods + 1.0,
            pieces: self.pieces + demand,
        }
    }
    fn cost(&self) -> f64 {
        self.setup + self.holding
    }
}

/// `round(EOQ / mean demand)` with mean setup and holding cost.
fn periodic_length(problem: &LotSizing<'_>) -> f64 {
    let count = float_len(problem.demand.len());
    let (mut setup, mut holding, mut demand) = (0.0, 0.0, 0.0);
    for (period, due) in problem.demand.iter().enumerate() {
        setup += problem.setup.at(period) / count;
        holding += problem.holding.at(period) / count;
        demand += due / count;
    }
    if demand <= 0.0 || holding <= 0.0 {
        return if setup > 0.0 { f64::INFINITY } else { 1.0 };
    }
    let lot = (2.0 * setup * demand / holding).sqrt();
    float(whole((lot / demand + 0.5).floor()).max(1))
}

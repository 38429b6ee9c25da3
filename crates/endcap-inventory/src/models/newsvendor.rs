//! The newsvendor: one level for one risk time, any demand.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::dist::Kind;
use super::num::{float, integer, positive, signed, whole};
use super::{Distribution, Losses, ModelError, UnitCosts};

/// A level and its expected cost (报童解); the two costs sum to the total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelPlan {
    /// Pieces to have; whole where demand is.
    pub level: f64,
    /// Expected cost of pieces left over.
    pub holding: f64,
    /// Expected cost of pieces short.
    pub shortage: f64,
}

impl LevelPlan {
    /// Expected cost, money.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.holding + self.shortage
    }
    /// The level in whole pieces, up.
    #[must_use]
    pub fn pieces_up(&self) -> i64 {
        whole(self.level.ceil())
    }
}

/// The cheapest level (报童最优库存): least `S` with `F(S) ≥ p/(p+h)`.
///
/// For a lead time give the demand of the whole risk time, see [`RiskTime`](super::RiskTime).
///
/// # Errors
///
/// - [`ModelError::NotFinite`] where a cost is not a number.
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::{newsvendor::newsvendor, Distribution, UnitCosts};
/// let plan = newsvendor(&UnitCosts::new(0.18, 0.7)?, &Distribution::normal(50.0, 8.0)?)?;
/// assert!((plan.level - 56.603_955_927_433_89).abs() < 1e-9);
/// assert!((plan.cost() - 1.997_605_193_176_644_5).abs() < 1e-9);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Arrow, Harris and Marschak 1951; Snyder and Shen, §4.3.
pub fn newsvendor(costs: &UnitCosts, demand: &Distribution) -> Result<LevelPlan, ModelError> {
    let level = demand.level_for(costs.critical_ratio(), costs.critical_tail());
    newsvendor_cost_of(costs, demand, level)
}

/// Expected cost of a level: `G(S) = h·n̄(S) + p·n(S)`.
///
/// # Errors
///
/// - [`ModelError::NotFinite`], [`ModelError::OutOfRange`]; [`ModelError::NotAnInteger`] for demand in whole pieces.
///
/// # Source
///
/// Snyder and Shen, §4.3.
pub fn newsvendor_cost_of(
    costs: &UnitCosts,
    demand: &Distribution,
    level: f64,
) -> Result<LevelPlan, ModelError> {
    Ok(plan(costs, level, demand.loss(level)?))
}

fn plan(costs: &UnitCosts, level: f64, losses: Losses) -> LevelPlan {
    LevelPlan {
        level,
        holding: costs.holding() * losses.excess,
        shortage: costs.shortage() * losses.shortage,
    }
}

/// The cheapest level that is a whole number of cases and at most `cap` (整箱与上限下的报童解).
///
/// `G` is convex, so one of the two multiples around the free optimum is best; ties go down.
///
/// # Errors
///
/// - As [`newsvendor_cost_of`]; the case is a whole number of at least 1 and the cap zero or more.
///
/// # Source
///
/// House rule, from convexity.
pub fn newsvendor_in_cases(
    costs: &UnitCosts,
    demand: &Distribution,
    case: i64,
    cap: i64,
) -> Result<LevelPlan, ModelError> {
    positive("case", float(case))?;
    super::num::not_negative("cap", float(cap.min(1_000_000_000_000)))?;
    let free = demand.level_for(costs.critical_ratio(), costs.critical_tail()).max(0.0);
    let case = float(case);
    let most = (float(cap) / case).floor();
    let below = (free / case).floor().min(most);
    let down = newsvendor_cost_of(costs, demand, below * case)?;
    if below >= most {
        return Ok(down);
    }
    let up = newsvendor_cost_of(costs, demand, (below + 1.0) * case)?;
    Ok(if up.cost() < down.cost() { up } else { down })
}

/// Prices of one selling season (单期价格), money a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonPrices {
    /// Revenue of a piece sold.
    pub revenue: f64,
    /// Cost of a piece bought.
    pub purchase: f64,
    /// Worth of a piece left (残值).
    pub salvage: f64,
    /// Extra cost of a piece left.
    pub holding: f64,
    /// Extra cost of a piece short, above the lost margin.
    pub shortage: f64,
}

/// A level and its expected profit (期望利润).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonPlan {
    /// Pieces to buy.
    pub level: f64,
    /// Expected profit, money.
    pub profit: f64,
}

impl SeasonPrices {
    fn check(&self) -> Result<(), ModelError> {
        for (what, value) in
            [("revenue", self.revenue), ("purchase cost", self.purchase), ("salvage value", self.salvage)]
        {
            signed(what, value)?;
        }
        super::num::not_negative("holding cost", self.holding)?;
        super::num::not_negative("shortage cost", self.shortage)?;
        if self.revenue <= self.purchase || self.purchase <= self.salvage {
            return Err(ModelError::PricesNotOrdered {
                revenue: self.revenue,
                purchase: self.purchase,
                salvage: self.salvage,
            });
        }
        Ok(())
    }
    fn profit(&self, demand: &Distribution, level: f64) -> Result<f64, ModelError> {
        let losses = demand.loss(level)?;
        let sold = level - losses.excess;
        Ok(self.revenue * sold + self.salvage * losses.excess
            - self.purchase * level
            - self.holding * losses.excess
            - self.shortage * losses.shortage)
    }
}

/// The most profitable purchase for one season (单期最优采购): `F(S) ≥ (p+r−c)/(p+h+r−v)`.
///
/// # Errors
///
/// - [`ModelError::PricesNotOrdered`] unless revenue > cost > salvage; [`ModelError::NotFinite`],
///   [`ModelError::Negative`], [`ModelError::OutOfRange`].
///
/// # Source
///
/// Snyder and Shen, §4.3.2.4.
pub fn newsvendor_season(prices: &SeasonPrices, demand: &Distribution) -> Result<SeasonPlan, ModelError> {
    prices.check()?;
    let under = prices.shortage + prices.revenue - prices.purchase;
    let over = prices.holding + prices.purchase - prices.salvage;
    let level = demand.level_for(under / (under + over), over / (under + over));
    Ok(SeasonPlan { level, profit: prices.profit(demand, level)? })
}

/// Expected profit of a purchase: `r(S − n̄) + v·n̄ − cS − h·n̄ − p·n`.
///
/// # Errors
///
/// - As [`newsvendor_season`]; [`ModelError::NotAnInteger`] for demand in whole pieces.
///
/// # Source
///
/// Snyder and Shen, §4.3.2.4.
pub fn newsvendor_season_profit_of(
    prices: &SeasonPrices,
    demand: &Distribution,
    level: f64,
) -> Result<SeasonPlan, ModelError> {
    prices.check()?;
    Ok(SeasonPlan { level, profit: prices.profit(demand, level)? })
}

/// The cheapest levels of many normal demands (批量报童): columns in, columns out, no allocation.
///
/// `levels[i]` and `costs_out[i]` belong to `means[i]` and `deviations[i]`; one critical ratio for all.
///
/// # Errors
///
/// - [`ModelError::LengthMismatch`]; [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::OutOfRange`]
///   for the first bad row.
///
/// # Source
///
/// Closed form: `S = μ + z·σ`, cost `(h+p)·σ·φ(z)`.
pub fn newsvendor_normal_columns(
    costs: &UnitCosts,
    means: &[f64],
    deviations: &[f64],
    levels: &mut [f64],
    costs_out: &mut [f64],
) -> Result<(), ModelError> {
    let rows = means.len();
    super::num::same_length("deviations", deviations.len(), rows)?;
    super::num::same_length("levels", levels.len(), rows)?;
    super::num::same_length("costs", costs_out.len(), rows)?;
    let unit = newsvendor(costs, &Distribution::normal(0.0, 1.0)?)?;
    let (z, least) = (unit.level, unit.cost());
    for (((mean, sd), level), cost) in means.iter().zip(deviations).zip(levels).zip(costs_out) {
        signed("mean", *mean)?;
        super::num::not_negative("deviation", *sd)?;
        *level = mean + z * sd;
        *cost = least * sd;
    }
    Ok(())
}

/// A whole-piece level of a demand that comes in whole pieces.
pub(crate) fn whole_level(costs: &UnitCosts, demand: &Distribution) -> Result<i64, ModelError> {
    if matches!(demand.kind, Kind::Counting(_) | Kind::Pmf(_)) {
        return integer("level", demand.level_for(costs.critical_ratio(), costs.critical_tail()));
    }
    Err(ModelError::NoSolution { why: "demand does not come in whole pieces" })
}

//! Base stock and periodic review: levels, their cost and both kinds of service.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::newsvendor::{LevelPlan, newsvendor, newsvendor_cost_of};
use super::num::{not_negative, open_fraction, positive, root, signed};
use super::{Distribution, ModelError, RiskTime, UnitCosts};

/// A stock ordered up to a level every `review` periods, arriving `lead` periods later (定期订货).
#[derive(Debug, Clone, PartialEq)]
pub struct OrderUpTo {
    /// Demand of one period.
    pub demand: Distribution,
    /// Lead time, in periods.
    pub lead: f64,
    /// Time between orders, in periods, more than zero.
    pub review: f64,
}

/// What a level is to achieve (目标).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum LevelGoal {
    /// Probability of no stock-out between two deliveries (周期服务水平).
    Cycle(f64),
    /// Share of demand met from stock (满足率): `n_{L+R}(S) − n_L(S) = dR(1−β)`.
    Fill(f64),
    /// Cheapest for these costs at the end of each cycle (成本最小).
    Cost(UnitCosts),
    /// So many periods of mean demand beyond the mean over the risk time (安全天数).
    Cover(f64),
}

impl OrderUpTo {
    fn check(&self) -> Result<(Distribution, Distribution), ModelError> {
        not_negative("lead time", self.lead)?;
        positive("review time", self.review)?;
        positive("mean demand", self.demand.mean())?;
        Ok((self.demand.over(self.lead)?, self.demand.over(self.lead + self.review)?))
    }

    /// The order-up-to level for a goal (目标库存), in pieces; least whole level for counting demand.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`];
    ///   as [`Distribution::over`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::models::{periodic::{LevelGoal, OrderUpTo}, Distribution};
    /// let stock = OrderUpTo { demand: Distribution::normal(12.0, 5.0)?, lead: 3.0, review: 7.0 };
    /// let level = stock.level_for(&LevelGoal::Fill(0.98))?;
    /// assert!((stock.fill_rate_of(level)? - 0.98).abs() < 1e-9);
    /// # Ok::<(), endcap_inventory::models::ModelError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, ch. 6; the shortage of one cycle
    /// is that at its end less that at its start.
    pub fn level_for(&self, goal: &LevelGoal) -> Result<f64, ModelError> {
        let (_, long) = self.check()?;
        match *goal {
            LevelGoal::Cycle(alpha) => long.quantile(alpha),
            LevelGoal::Cost(costs) => Ok(newsvendor(&costs, &long)?.level),
            LevelGoal::Cover(periods) => {
                not_negative("periods of cover", periods)?;
                Ok(long.mean() + periods * self.demand.mean())
            }
            LevelGoal::Fill(beta) => {
                open_fraction("fill rate", beta)?;
                self.level_for_fill(beta, &long)
            }
        }
    }

    fn level_for_fill(&self, beta: f64, long: &Distribution) -> Result<f64, ModelError> {
        let fill = |level: f64| self.fill_rate_of(level).unwrap_or(0.0);
        let scale = long.variance().sqrt().max(1.0);
        let (mut low, mut high) = (long.mean() - scale, long.mean() + scale);
        for _ in 0..80 {
            if fill(low) < beta {
                break;
            }
            low = long.mean() - 2.0 * (long.mean() - low);
        }
        for _ in 0..80 {
            if fill(high) >= beta {
                break;
            }
            high = long.mean() + 2.0 * (high - long.mean());
        }
        if fill(low) >= beta || fill(high) < beta {
            return Err(ModelError::NoSolution { why: "no level has this fill rate" });
        }
        if !long.is_counting() {
            return Ok(root(low, high, |level| fill(level) - beta));
        }
        let (mut low, mut high) = (low.floor(), high.ceil());
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            if fill(middle) >= beta { high = middle } else { low = middle }
        }
        Ok(high)
    }

    /// Share of demand that a level meets from stock (满足率).
    ///
    /// # Errors
    ///
    /// - As [`OrderUpTo::level_for`]; [`ModelError::NotAnInteger`] for counting demand.
    ///
    /// # Source
    ///
    /// As [`OrderUpTo::level_for`].
    pub fn fill_rate_of(&self, level: f64) -> Result<f64, ModelError> {
        let (short, long) = self.check()?;
        signed("level", level)?;
        let before = short.loss(if long.is_counting() { level.floor() } else { level })?.shortage;
        let after = long.loss(if long.is_counting() { level.floor() } else { level })?.shortage;
        Ok((1.0 - (after - before) / (self.demand.mean() * self.review)).clamp(0.0, 1.0))
    }

    /// Probability that a level lasts from one delivery to the next (周期服务水平).
    ///
    /// # Errors
    ///
    /// - As [`OrderUpTo::level_for`].
    ///
    /// # Source
    ///
    /// Textbook formula.
    pub fn cycle_service_of(&self, level: f64) -> Result<f64, ModelError> {
        let (_, long) = self.check()?;
        signed("level", level)?;
        Ok(long.cdf(level))
    }
}

/// The cheapest base stock (基准库存) for a risk time: the newsvendor over it.
///
/// # Errors
///
/// - As [`newsvendor`] and [`RiskTime::demand`].
///
/// # Source
///
/// Snyder and Shen, §4.3.4: periodic review faces `L + 1` periods, continuous review `L`.
pub fn base_stock(costs: &UnitCosts, demand: &Distribution, risk: RiskTime) -> Result<LevelPlan, ModelError> {
    newsvendor(costs, &risk.demand(demand)?)
}

/// Expected cost of a base stock for a risk time, per period.
///
/// # Errors
///
/// - As [`newsvendor_cost_of`] and [`RiskTime::demand`].
///
/// # Source
///
/// As [`base_stock`].
pub fn base_stock_cost_of(
    costs: &UnitCosts,
    demand: &Distribution,
    risk: RiskTime,
    level: f64,
) -> Result<LevelPlan, ModelError> {
    newsvendor_cost_of(costs, &risk.demand(demand)?, level)
}

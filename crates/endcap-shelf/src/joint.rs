//! Facings and orders decided together: what a product earns when the shelf caps its stock and cases step it.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: f64 inside, profits cross the border as decimals"
)]

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use endcap_types::CasePack;

use crate::facings::not_negative;
use crate::limits::{MAX_FACINGS, MAX_MEAN_DEMAND, MAX_UNITS_PER_FACING};
use crate::product::check_count;
use crate::{ProfitCurve, ShelfError};

/// Decimals of a profit at the border between floats and decimals.
const DECIMALS: u32 = 9;

/// What the stock and the sales of a product cost and earn over one cover time (review period plus lead time).
///
/// # Source
///
/// House rule: Poisson demand, ordered up to a base stock of whole cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointDemand {
    /// Mean units demanded over the cover time; at most a million.
    pub mean: Decimal,
    /// Margin of a unit sold, in major units.
    pub unit_margin: Decimal,
    /// Cost of a unit left at the end, in major units; not negative.
    pub overstock_cost: Decimal,
    /// Cost of a unit asked for in vain beside its margin, in major units; not negative.
    pub goodwill_cost: Decimal,
    /// Units one facing holds: depth × stack.
    pub units_per_facing: u32,
    /// Units of a case: stock is ordered in whole cases.
    pub case_pack: CasePack,
    /// Cover times in a week: profits of the curve are weekly.
    pub cycles_per_week: Decimal,
}

/// The best order at so many facings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointPoint {
    /// Facings.
    pub facings: u32,
    /// Base stock in units: whole cases, at most `facings × units per facing`.
    pub base_stock: u64,
    /// Expected weekly profit in major units, rounded half to even to nine decimals.
    pub profit: Decimal,
}

/// Profit and base stock at 0 to `most` facings (排面与订货联合利润).
///
/// With `S` a multiple of the case and `S ≤ facings × units per facing`:
/// `max over S of cycles × (margin × E[min(D, S)] − overstock × E[(S − D)⁺] − goodwill × E[(D − S)⁺])`, the smallest `S`
/// among equals. Profit never falls as facings grow. [`joint_curve`] makes it the curve a plan takes.
///
/// # Errors
///
/// - [`ShelfError::NegativeValue`] for a negative mean, cost or number of cycles.
/// - [`ShelfError::DemandOutOfRange`] for a mean above a million or a value beyond a decimal.
/// - [`ShelfError::CountOutOfRange`] for facings or units a facing of none or too many.
///
/// # Examples
///
/// ```
/// use endcap_shelf::{joint_profit, JointDemand};
/// use endcap_types::CasePack;
/// let slow = JointDemand {
///     mean: 6.into(), unit_margin: 3.into(), overstock_cost: "0.4".parse()?, goodwill_cost: 0.into(),
///     units_per_facing: 4, case_pack: CasePack::new(6)?, cycles_per_week: 1.into(),
/// };
/// let stocks: Vec<u64> = joint_profit(&slow, 4)?.iter().map(|point| point.base_stock).collect();
/// // One facing holds four: not even a case. The third facing makes room for a second case, the fourth earns nothing.
/// assert_eq!(stocks, [0, 0, 6, 12, 12]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Zipkin, *Foundations of Inventory Management* (2000), § 6.2: loss functions of Poisson demand; capped by the shelf and
/// stepped by the case (house rule).
pub fn joint_profit(demand: &JointDemand, most: u32) -> Result<Vec<JointPoint>, ShelfError> {
    demand.check(most)?;
    let value = |what: &'static str, value: Decimal| {
        value.to_f64().filter(|value| value.is_finite()).ok_or(ShelfError::DemandOutOfRange {
            what,
            value,
            limit: MAX_MEAN_DEMAND,
        })
    };
    let mean = value("mean demand", demand.mean)?;
    let margin = value("unit margin", demand.unit_margin)?;
    let overstock = value("overstock cost", demand.overstock_cost)?;
    let goodwill = value("goodwill cost", demand.goodwill_cost)?;
    let cycles = value("cycles per week", demand.cycles_per_week)?;
    let survival = survival(mean);

    // Sales of a stock grow unit by unit by the chance that demand passes what is there.
    let mut sold = 0.0_f64;
    let mut chances = survival.iter();
    let case = u64::from(demand.case_pack.get());
    let mut stock = 0_u64;
    let mut best = (0_u64, -goodwill * mean);
    let mut points = Vec::new();
    for facings in 0..=most {
        let room = u64::from(facings).saturating_mul(u64::from(demand.units_per_facing));
        while stock.saturating_add(case) <= room && chances.len() > 0 {
            stock = stock.saturating_add(case);
            sold += chances.by_ref().take(usize::try_from(case).unwrap_or(usize::MAX)).sum::<f64>();
            let left = number(stock) - sold;
            let profit = margin * sold - overstock * left - goodwill * (mean - sold).max(0.0);
            if profit > best.1 {
                best = (stock, profit);
            }
        }
        let (base_stock, profit) = best;
        let decimal = Decimal::from_f64_retain(profit * cycles).ok_or(ShelfError::DemandOutOfRange {
            what: "profit",
            value: demand.unit_margin,
            limit: MAX_MEAN_DEMAND,
        })?;
        points.push(JointPoint { facings, base_stock, profit: decimal.round_dp(DECIMALS) });
    }
    Ok(points)
}

/// The joint profit as the curve of a product, so that a plan chooses the facings and the base stock follows (联合利润曲线).
///
/// # Errors
///
/// - As [`joint_profit`].
///
/// # Examples
///
/// ```
/// use endcap_shelf::{joint_curve, JointDemand, ProfitCurve};
/// use endcap_types::CasePack;
/// let demand = JointDemand {
///     mean: 24.into(), unit_margin: "1.2".parse()?, overstock_cost: "0.05".parse()?, goodwill_cost: "0.3".parse()?,
///     units_per_facing: 6, case_pack: CasePack::new(12)?, cycles_per_week: 1.into(),
/// };
/// let ProfitCurve::Table(table) = joint_curve(&demand, 4)? else { unreachable!() };
/// assert_eq!(table[0].to_string(), "-7.200000000"); // what leaving it out costs in goodwill
/// assert_eq!(table[4].to_string(), "25.781164106");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn joint_curve(demand: &JointDemand, most: u32) -> Result<ProfitCurve, ShelfError> {
    let points = joint_profit(demand, most)?;
    Ok(ProfitCurve::Table(points.into_iter().map(|point| point.profit).collect()))
}

impl JointDemand {
    fn check(&self, most: u32) -> Result<(), ShelfError> {
        not_negative("mean demand", self.mean)?;
        not_negative("overstock cost", self.overstock_cost)?;
        not_negative("goodwill cost", self.goodwill_cost)?;
        not_negative("cycles per week", self.cycles_per_week)?;
        check_count("units per facing", self.units_per_facing, MAX_UNITS_PER_FACING)?;
        check_count("facings", most, MAX_FACINGS)?;
        if self.mean > Decimal::from(MAX_MEAN_DEMAND) {
            let (what, value) = ("mean demand", self.mean);
            return Err(ShelfError::DemandOutOfRange { what, value, limit: MAX_MEAN_DEMAND });
        }
        Ok(())
    }
}

/// A count of units; every one here is far below 2^53, and exact.
fn number(units: u64) -> f64 {
    ToPrimitive::to_f64(&units).unwrap_or(f64::MAX)
}

/// `P(D > s)` for `s = 0, 1, …` of a Poisson demand, until it is nothing.
///
/// Probabilities grow from the mode outwards by their ratio, and are divided by their sum: nothing underflows for large means.
fn survival(mean: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return Vec::new();
    }
    let last = (mean + 12.0 * mean.sqrt() + 40.0).to_u64().unwrap_or(0);
    let mode = mean.floor().to_u64().unwrap_or(0);
    let below = (1..=mode).rev().scan(1.0_f64, |weight, k| {
        *weight *= number(k) / mean;
        Some(*weight)
    });
    let mut weights: Vec<f64> = below.collect();
    weights.reverse();
    weights.push(1.0);
    weights.extend((mode.saturating_add(1)..=last).scan(1.0_f64, |weight, k| {
        *weight *= mean / number(k);
        Some(*weight)
    }));
    let total: f64 = weights.iter().sum();
    // From the far tail inwards, so that small chances are not lost in large ones.
    let mut tail = 0.0_f64;
    let mut chances: Vec<f64> = weights
        .iter()
        .rev()
        .map(|weight| {
            let beyond = tail / total;
            tail += weight;
            beyond
        })
        .collect();
    chances.reverse();
    chances
}

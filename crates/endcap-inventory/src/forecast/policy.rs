//! Replenishment policies: from what is known to one order a series.
#![allow(clippy::float_arithmetic, reason = "a statistics module: forecasts are f64")]

use super::demand::{ForecastOptions, forecast_demand};
use super::order::{StockState, lost_sales_order};
use super::panel::SalesPanel;
use crate::InventoryError;
use crate::models::{UnitCosts, float, float_len, num};
use crate::normal::normal_quantile;

/// A way of ordering (补货策略).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ReplenishmentPolicy {
    /// Order up to the mean of the last `periods` periods times the lead time (移动平均).
    MovingAverage {
        /// How many periods are averaged, at least 1.
        periods: usize,
    },
    /// Order up to last year's demand of the coming lead time plus `z` deviations of its past errors (季节性朴素报童).
    SeasonalNaive {
        /// Periods of a year, at least 1.
        season_length: usize,
    },
    /// The default: pooled season and level, negative binomial spread, order by projected stock (默认策略).
    Pooled {
        /// How demand is forecast.
        forecast: ForecastOptions,
        /// Periods for which a piece too many is charged, beyond the one it arrives in, for each period of lead time
        /// beyond the first: `κ = 1 + overstay · (lead − 1)`; zero or more. Default ⅙.
        overstay: f64,
    },
}

impl Default for ReplenishmentPolicy {
    fn default() -> Self {
        Self::Pooled { forecast: ForecastOptions::default(), overstay: 1.0 / 6.0 }
    }
}

/// What an order is made for (订货条件).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicySetting {
    /// Periods from the end of the period of ordering to the period of use; at least 1.
    pub lead: usize,
    /// Cost of a piece left and of a piece short, per period.
    pub costs: UnitCosts,
}

/// One order a series at the end of the last known period (订货), in pieces.
///
/// `stocks[s]` belongs to series `s`; its `arriving` has `lead − 1` entries. The order is usable `lead` periods later.
///
/// # Errors
///
/// - [`InventoryError::LengthMismatch`] for stocks or arrivals of another length; [`InventoryError::NotPositive`] for a
///   lead time or window of zero; [`InventoryError::NegativeInput`], [`InventoryError::AboveLimit`] for a stock;
///   [`InventoryError::Model`] for options out of range.
///
/// # Examples
///
/// ```
/// use endcap_inventory::forecast::*;
/// use endcap_inventory::models::UnitCosts;
/// let sales = [3, 5, 4, 4];
/// let panel = SalesPanel::new(4, &sales, &[true; 4], &[0])?;
/// let setting = PolicySetting { lead: 3, costs: UnitCosts::new(0.2, 1.0)? };
/// let stock = [StockState { on_hand: 5, arriving: &[0, 2] }];
/// let policy = ReplenishmentPolicy::MovingAverage { periods: 4 };
/// assert_eq!(plan_orders(&panel, &stock, &setting, &policy)?, [5]);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule; the two simple policies are the usual yardsticks.
pub fn plan_orders(
    panel: &SalesPanel<'_>,
    stocks: &[StockState<'_>],
    setting: &PolicySetting,
    policy: &ReplenishmentPolicy,
) -> Result<Vec<i64>, InventoryError> {
    let (series, lead) = (panel.series(), setting.lead);
    if lead == 0 {
        return Err(InventoryError::NotPositive { column: "lead time", row: 0, value: 0 });
    }
    if stocks.len() != series {
        return Err(InventoryError::LengthMismatch {
            column: "stocks",
            given: stocks.len(),
            expected: series,
        });
    }
    let arrivals = lead.saturating_sub(1);
    if let Some(odd) = stocks.iter().find(|stock| stock.arriving.len() != arrivals) {
        let given = odd.arriving.len();
        return Err(InventoryError::LengthMismatch { column: "arriving", given, expected: arrivals });
    }
    match *policy {
        ReplenishmentPolicy::MovingAverage { periods } => {
            at_least_one("periods", periods)?;
            let up_to = |series: usize| {
                let sales = panel.sales_of(series);
                let recent = sales.get(sales.len().saturating_sub(periods)..).unwrap_or_default();
                mean(recent) * float_len(lead)
            };
            order_up_to(stocks, up_to)
        }
        ReplenishmentPolicy::SeasonalNaive { season_length } => {
            at_least_one("season length", season_length)?;
            let z = normal_quantile(setting.costs.critical_ratio())?;
            order_up_to(stocks, |series| seasonal_naive(panel.sales_of(series), season_length, lead, z))
        }
        ReplenishmentPolicy::Pooled { forecast, overstay } => {
            num::not_negative("overstay", overstay)?;
            let demand = forecast_demand(panel, lead, &forecast)?;
            let (h, p) = (setting.costs.holding(), setting.costs.shortage());
            let service = p / (p + (1.0 + overstay * float_len(arrivals)) * h);
            let order = |(series, stock): (usize, &StockState<'_>)| {
                let availability = demand.availability(series);
                // Where the shelf is empty there is no demand to miss: P(met) = 1 − a + a·P(met | stocked).
                let stocked = availability.last().copied().unwrap_or(1.0);
                let needed = 1.0 - (1.0 - service) / stocked;
                if needed <= 0.0 {
                    return stock.check().map(|_| 0);
                }
                let mut means = demand.means(series).to_vec();
                for (mean, stocked) in means.iter_mut().zip(availability).take(arrivals) {
                    *mean *= stocked;
                }
                lost_sales_order(stock, &means, demand.dispersion(series), needed)
            };
            stocks.iter().enumerate().map(order).collect()
        }
    }
}

fn at_least_one(column: &'static str, value: usize) -> Result<(), InventoryError> {
    if value == 0 { Err(InventoryError::NotPositive { column, row: 0, value: 0 }) } else { Ok(()) }
}

/// Orders that lift on hand and on order to a level, in whole pieces up.
fn order_up_to(
    stocks: &[StockState<'_>],
    mut level: impl FnMut(usize) -> f64,
) -> Result<Vec<i64>, InventoryError> {
    let order = |(series, stock): (usize, &StockState<'_>)| {
        // A level such as 3 × 4/3 is 4, whatever its last bits say.
        let up_to = num::whole((level(series) - 1e-9).ceil());
        Ok(up_to.saturating_sub(stock.check()?).max(0))
    };
    stocks.iter().enumerate().map(order).collect()
}

fn mean(sales: &[i64]) -> f64 {
    sum(sales) / float_len(sales.len().max(1))
}

fn sum(sales: &[i64]) -> f64 {
    sales.iter().map(|sold| float(*sold)).sum()
}

/// Last year's demand of the coming lead time, and `z` root mean squares of the errors of that rule so far.
fn seasonal_naive(sales: &[i64], year: usize, lead: usize, z: f64) -> f64 {
    let known = sales.len();
    let window = |start: usize| sales.get(start..start.saturating_add(lead)).map(sum);
    // The coming window starts at `known`; a year before it may reach into what is not known yet.
    let Some(forecast) = known.checked_sub(year).and_then(window) else {
        let usual = mean(sales) * float_len(lead);
        return usual + z * usual.max(1.0).sqrt();
    };
    let mut squares = 0.0;
    let mut errors = 0.0;
    for start in year..=known.saturating_sub(lead) {
        if let (Some(now), Some(then)) = (window(start), start.checked_sub(year).and_then(window)) {
            squares += (now - then) * (now - then);
            errors += 1.0;
        }
    }
    let deviation = if errors >= 8.0 { (squares / errors).sqrt() } else { forecast.max(1.0).sqrt() };
    forecast + z * deviation
}

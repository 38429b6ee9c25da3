//! Demand forecasts of many series together, and replenishment policies on top of them (需求预测与补货策略).
//!
//! Everything is a function of what is known at the end of one period; replaying the past is the caller's loop.
//!
//! | item | what it is |
//! |---|---|
//! | [`SalesPanel`] | 销量面板: sales and in-stock flags of many series up to now |
//! | [`forecast_demand`], [`ForecastOptions`], [`DemandForecast`] | 需求预测: level × pooled season, with dispersion |
//! | [`lost_sales_order`], [`StockState`] | 丢单订货量: the order for the period it arrives in |
//! | [`ReplenishmentPolicy`], [`plan_orders`] | 补货策略: moving average, seasonal naive, pooled |
//!
//! # How the default policy works, and why
//!
//! 1. **Season, pooled.** One series in a store is too thin to show its own season, its product in all stores is not: the
//!    ratio of last year's week to the year around it is shrunk from the series to its group and from the group to all
//!    series, by pieces seen, then damped. A promotion week of one product therefore reaches all its stores.
//! 2. **Level.** Exponentially weighted sales over exponentially weighted season, in-stock periods only, so that an empty
//!    shelf does not read as no demand; shrunk to the long-run mean of the series, which is what a series with few sales
//!    needs.
//! 3. **Spread.** Squared errors of the forecasts that would have been made, over the forecasts, shrunk to the same ratio of
//!    all series: a negative binomial with variance `φ·mean`, which holds for one sale a month as for fifty a week.
//! 4. **Order.** What will be left when the order arrives is itself uncertain and never negative, since unmet demand is
//!    lost. Its distribution is carried forward period by period, and the order is the least that meets the demand of the
//!    arrival period with probability `p/(p + κh)`. A piece too many stays longer than one period where demand is slow;
//!    `κ` charges for that.

mod demand;
mod order;
mod panel;
mod policy;
mod season;

pub use demand::{DemandForecast, ForecastOptions, forecast_demand};
pub use order::{StockState, lost_sales_order};
pub use panel::SalesPanel;
pub use policy::{PolicySetting, ReplenishmentPolicy, plan_orders};

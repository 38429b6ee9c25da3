//! Demand forecasts of many series together, and replenishment policies on top of them (需求预测与补货策略).
//!
//! Everything is a function of what is known at the end of one period; replaying the past is the caller's loop.
//!
//! | item | what it is |
//! |---|---|
//! | [`SalesPanel`] | 销量面板: sales and in-stock flags of many series up to now |
//! | [`forecast_demand`], [`ForecastOptions`], [`DemandForecast`] | 需求预测: level × pooled season, with dispersion |
//! | [`EmptyShelf`] | 空架含义: whether an article that is away may stay away |
//! | [`lost_sales_order`], [`StockState`] | 丢单订货量: the order for the period it arrives in |
//! | [`ReplenishmentPolicy`], [`plan_orders`] | 补货策略: moving average, seasonal naive, pooled |
//!
//! # How the default policy works, and why
//!
//! 1. **Season, pooled.** One series in a store is too thin to show its own season, its product in all stores is not: the
//!    ratio of last year's week to the year around it is shrunk from the series to its group and from the group to all
//!    series, by pieces seen. A promotion week of one product therefore reaches all its stores.
//! 2. **Season, believed.** One year seen is one draw: `y` years count for `y/(y + 0.8)`, the reliability of a mean, and a
//!    year of which only one side is known counts in part. Before a year is full there is no season at all, so that a rise
//!    is followed and not taken for a peak.
//! 3. **Level.** Exponentially weighted sales over exponentially weighted season, in-stock periods only, so that an empty
//!    shelf does not read as no demand; shrunk to the long-run mean of the series, which is what a series with few sales
//!    needs. The less the season can tell, the shorter the memory.
//! 4. **Calibration.** A forecast of a fifth of a piece is low partly by chance: such articles sell more than that. What
//!    past forecasts of a size were off by, all series together, corrects the coming ones.
//! 5. **Spread.** Squared errors of the forecasts that would have been made, over the forecasts, shrunk to the same ratio of
//!    all series: a negative binomial with variance `φ·mean`, which holds for one sale a month as for fifty a week.
//! 6. **Availability.** A shelf that has been empty for months will hardly be stocked next week. How hardly is counted over
//!    all series, by how long a shelf has been empty, and an order is made for the demand that then remains. Of an absence
//!    longer than the panel has seen the end of, the next shorter one is taken.
//! 7. **Order.** What will be left when the order arrives is itself uncertain and never negative, since unmet demand is
//!    lost. Its distribution is carried forward period by period, and the order is the least that meets the demand of the
//!    arrival period with probability `p/(p + κh)`. With a lead time a piece too many stays longer than one period, since
//!    what is on its way comes on top of it: `κ = 1 + (lead − 1)/6`. The sixth is where simulated demand, negative binomial
//!    with 0.7 to 20 pieces a period, costs least for leads of 1 to 5 and shortages of 2 to 10 times the holding cost.
//!
//! # What it is worth
//!
//! Replayed on the public VN2 data (599 products in stores, 157 weeks to 2024-04-08; lead 3 weeks, 0.2 a piece left and
//! 1 a piece short; 26 weeks each, every policy with the same start). The options were chosen on windows that end before
//! 2023-10-16; nothing was fitted to the last row.
//!
//! | from | moving average | seasonal naive | default | below the better |
//! |---|---|---|---|---|
//! | 2021-07-19 | 22,105.0 | 23,560.0 | 21,493.4 | 2.8 % |
//! | 2021-10-18 | 25,615.4 | 23,699.0 | 22,318.8 | 5.8 % |
//! | 2022-01-17 | 19,554.6 | 21,984.8 | 17,208.0 | 12.0 % |
//! | 2022-04-18 | 20,142.6 | 25,163.2 | 17,865.6 | 11.3 % |
//! | 2022-07-18 | 25,541.4 | 30,319.2 | 21,849.0 | 14.5 % |
//! | 2022-10-17 | 28,409.8 | 32,870.8 | 22,405.8 | 21.1 % |
//! | 2023-01-16 | 22,848.2 | 28,452.6 | 19,770.6 | 13.5 % |
//! | 2023-04-17 | 21,358.4 | 29,309.2 | 17,569.4 | 17.7 % |
//! | 2023-07-17 | 27,358.8 | 31,695.2 | 21,574.6 | 21.1 % |
//! | **2023-10-16** | 29,360.6 | 33,499.0 | 21,980.6 | **25.1 %** |
//!
//! Of 31 windows, one every fourth week, the 25 that start after 32 weeks or more are 11.3 % to 26.1 % below the better
//! simple policy; the six that start sooner are between 0.1 % above and 6.3 % below. They contain the year's two peaks, 2.7
//! and 2.3 times an ordinary week, before any year has shown them: a third of their cost falls in those four weeks. There is
//! little to win: an order-up-to level for each series, held for the window and chosen with the window already known, would
//! be 9 % to 18 % below the better simple policy.
//!
//! Other settings (holding 0.2 a piece): windows of 31 at least a tenth below the better simple policy, mean over all
//! windows, least of those that start after 32 weeks or more.
//!
//! | lead | shortage 0.4 | shortage 1 | shortage 2 |
//! |---|---|---|---|
//! | 1 | 5/31, 6.8 %, 3.2 % | 29/31, 15.6 %, 8.2 % | 31/31, 20.5 %, 11.7 % |
//! | 2 | 28/31, 16.7 %, 11.8 % | 20/31, 12.0 %, 7.7 % | 30/31, 18.4 %, 14.1 % |
//! | 3 | 31/31, 25.9 %, 20.9 % | 25/31, 14.9 %, 11.3 % | 26/31, 17.5 %, 11.7 % |
//! | 4 | 31/31, 30.1 %, 21.9 % | 25/31, 17.9 %, 11.4 % | 24/31, 17.5 %, 8.4 % |
//! | 5 | 31/31, 33.1 %, 19.1 % | 25/31, 21.8 %, 13.9 % | 24/31, 17.9 %, 8.9 % |
//!
//! And at lead 3 and shortage 1 over other lengths:
//!
//! | weeks | windows, mean, least later |
//! |---|---|
//! | 13 | 21/35, 12.3 %, 2.6 % |
//! | 39 | 25/28, 16.8 %, 11.0 % |
//! | 52 | 25/25, 17.9 %, 13.9 % |

mod availability;
mod calibration;
mod demand;
mod level;
mod order;
mod panel;
mod policy;
mod season;

pub use demand::{DemandForecast, EmptyShelf, ForecastOptions, forecast_demand};
pub use order::{StockState, lost_sales_order};
pub use panel::SalesPanel;
pub use policy::{PolicySetting, ReplenishmentPolicy, plan_orders};

//! One policy over one window: at the end of each week it sees that week and everything before, nothing later.

use std::ops::Range;

use endcap::inventory::InventoryError;
use endcap::inventory::forecast::{PolicySetting, ReplenishmentPolicy, SalesPanel, StockState, plan_orders};

/// Weeks whose mean is the first stock.
const START_WEEKS: usize = 8;

/// What happened, in pieces, week by week.
#[derive(Debug, Clone, Default)]
pub struct Result {
    /// Pieces left at the end of each week.
    pub left: Vec<i64>,
    /// Pieces asked for and not there.
    pub short: Vec<i64>,
    /// The same for weeks in which the shelf of the file was empty, all weeks together.
    pub censored: (i64, i64),
    /// Pieces asked for.
    pub demand: i64,
    /// Pieces ordered.
    pub ordered: i64,
}

/// Replays `policy` over `window` of the panel.
pub fn replay(
    panel: &SalesPanel<'_>,
    setting: &PolicySetting,
    policy: &ReplenishmentPolicy,
    window: Range<usize>,
) -> std::result::Result<Result, InventoryError> {
    let lead = setting.lead;
    let mut on_hand: Vec<i64> = Vec::with_capacity(panel.series());
    for series in 0..panel.series() {
        let sales = panel.sales_of(series);
        let recent: i64 = sales[window.start - START_WEEKS..window.start].iter().sum();
        let weeks = START_WEEKS as i64;
        on_hand.push((recent * lead as i64 + weeks - 1) / weeks);
    }
    // arriving[s]: usable in the coming weeks, nearest first.
    let mut arriving: Vec<Vec<i64>> = vec![vec![0; lead]; panel.series()];
    let mut result = Result::default();
    for week in window {
        let (mut left, mut short) = (0, 0);
        for series in 0..panel.series() {
            on_hand[series] += arriving[series].remove(0);
            let demand = panel.sales_of(series)[week];
            let sold = demand.min(on_hand[series]);
            on_hand[series] -= sold;
            left += on_hand[series];
            short += demand - sold;
            result.demand += demand;
            if !panel.in_stock_of(series)[week] {
                result.censored.0 += on_hand[series];
                result.censored.1 += demand - sold;
            }
        }
        result.left.push(left);
        result.short.push(short);
        let stocks: Vec<StockState<'_>> = on_hand
            .iter()
            .zip(&arriving)
            .map(|(on_hand, arriving)| StockState { on_hand: *on_hand, arriving })
            .collect();
        let orders = plan_orders(&panel.known_after(week + 1)?, &stocks, setting, policy)?;
        for (order, arriving) in orders.into_iter().zip(&mut arriving) {
            result.ordered += order;
            arriving.push(order);
        }
    }
    Ok(result)
}

//! [`trade_sensitivity`]: the comparison over time again, with one thing changed at a time.

use endcap_types::{Exact, Rate};

use super::over_time::{TradeComparison, compare_scaled};
use super::sensitivity::Change;
use super::terms::Discounting;
use super::trade::TradeScenario;
use crate::SettlementError;

/// 情景变化: one thing that differs from the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TradeChange {
    /// 销量: every sale times this rate; `80%` is the worst case of −20 %. At most what was delivered.
    Sales(Rate),
    /// A figure of the unit.
    Unit(Change),
}

/// 敏感性行: one change and the comparison under it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TradeSensitivityRow {
    /// The change.
    pub change: TradeChange,
    /// The comparison.
    pub comparison: TradeComparison,
}

/// 最坏情形: the comparison when a share of every sale does not happen; guarantees bite, and goods stay unsold.
///
/// Under credit terms the retailer has bought the goods: fewer sales do not touch the supplier.
///
/// # Errors
/// As [`trade_sensitivity`] with [`TradeChange::Sales`].
///
/// # Examples
/// See [`compare_over_time`](super::compare_over_time).
///
/// # Source
/// House rule.
pub fn worst_case(
    scenario: &TradeScenario,
    discounting: Discounting,
    fewer: Rate,
) -> Result<TradeComparison, SettlementError> {
    let left = Rate::ONE.checked_sub(&fewer)?;
    compare_scaled(scenario, discounting, &share(left)?)
}

fn share(sales: Rate) -> Result<Exact, SettlementError> {
    if sales.is_negative() || sales > Rate::ONE {
        let (field, limit) = ("sales", "0% to 100%");
        return Err(SettlementError::ScenarioOutOfRange { field, value: sales.to_string(), limit });
    }
    Ok(sales.to_exact())
}

/// 敏感性分析: one row for each change, in the order given; each starts from the same scenario.
///
/// # Errors
/// - [`SettlementError::ScenarioOutOfRange`] for sales below 0 % or above 100 %.
/// - As [`compare_over_time`](super::compare_over_time), for the first change that breaks a rule.
///
/// # Source
/// One-at-a-time sensitivity analysis.
pub fn trade_sensitivity(
    scenario: &TradeScenario,
    discounting: Discounting,
    changes: &[TradeChange],
) -> Result<Vec<TradeSensitivityRow>, SettlementError> {
    let row = |change: &TradeChange| {
        let comparison = match change {
            TradeChange::Sales(rate) => compare_scaled(scenario, discounting, &share(*rate)?)?,
            TradeChange::Unit(change) => {
                let changed = TradeScenario { unit: change.applied_to(&scenario.unit), ..scenario.clone() };
                compare_scaled(&changed, discounting, &Exact::ONE)?
            }
        };
        Ok(TradeSensitivityRow { change: *change, comparison })
    };
    changes.iter().map(row).collect()
}

//! Intermittent demand: Croston's method and its relatives, and the demand class that calls for them.
#![allow(clippy::float_arithmetic, reason = "a statistics module: forecasts are f64")]

use endcap_types::Exact;
use rust_decimal::Decimal;

use crate::InventoryError;
use crate::classes::squared_variation;
use crate::models::num;

/// A method for demand with many zeros (间断需求预测).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum IntermittentMethod {
    /// Croston: smoothed size / smoothed interval; too high on average.
    Croston,
    /// Syntetos–Boylan: Croston × (1 − β/2).
    SyntetosBoylan,
    /// Shale–Boylan–Johnston: Croston × (1 − β/(2−β)).
    ShaleBoylanJohnston,
    /// Teunter–Syntetos–Babai: smoothed probability × smoothed size; falls when sales stop, for dying items.
    TeunterSyntetosBabai,
}

/// What stands before the first sale (初始值).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum IntermittentStart {
    /// No forecast before the first sale.
    #[default]
    Causal,
    /// The first size and its position serve from the beginning where the method allows it, as in other programs; such
    /// forecasts look ahead.
    LookAhead,
}

/// How an intermittent forecast is made (间断需求参数).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct IntermittentOptions {
    /// The method.
    pub method: IntermittentMethod,
    /// Smoothing of the size, more than 0 and at most 1.
    pub alpha: f64,
    /// Smoothing of the interval or probability, more than 0 and at most 1.
    pub beta: f64,
    /// What stands before the first sale.
    #[cfg_attr(feature = "serde", serde(default))]
    pub start: IntermittentStart,
}

/// Forecasts of every period before it is seen, and of the one after the last (间断需求预测), per period.
///
/// Entry `i` uses `series[..i]` only (causal start). On a sale `y` after a gap: `z ← αy + (1−α)z`, `p ← β·gap + (1−β)p`;
/// the first sale sets `z = y` and `p` to its position from 1.
///
/// # Errors
///
/// - [`InventoryError::Model`] for smoothing outside its range, or a negative or non-finite demand.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{intermittent_forecast, IntermittentMethod, IntermittentOptions, IntermittentStart};
/// let options = IntermittentOptions {
///     method: IntermittentMethod::Croston, alpha: 0.5, beta: 0.2, start: IntermittentStart::Causal,
/// };
/// let forecast = intermittent_forecast(&[0.0, 0.0, 3.0, 0.0], &options)?;
/// // Three pieces every third period; nothing is known before the first sale.
/// assert_eq!(forecast, [None, None, None, Some(1.0), Some(1.0)]);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Croston 1972; Syntetos and Boylan 2005; Shale, Boylan and Johnston 2006; Teunter, Syntetos and Babai 2011.
pub fn intermittent_forecast(
    series: &[f64],
    options: &IntermittentOptions,
) -> Result<Vec<Option<f64>>, InventoryError> {
    let (alpha, beta) = (options.alpha, options.beta);
    num::half_open_fraction("alpha", alpha)?;
    num::half_open_fraction("beta", beta)?;
    series.iter().try_for_each(|demand| num::not_negative("demand", *demand))?;
    let probability = options.method == IntermittentMethod::TeunterSyntetosBabai;
    let correction = match options.method {
        IntermittentMethod::SyntetosBoylan => 1.0 - beta / 2.0,
        IntermittentMethod::ShaleBoylanJohnston => 1.0 - beta / (2.0 - beta),
        _ => 1.0,
    };
    // Smoothed size, and smoothed interval or probability.
    let mut state: Option<(f64, f64)> = None;
    if probability && options.start == IntermittentStart::LookAhead {
        let first = series.iter().enumerate().find(|(_, demand)| **demand > 0.0);
        state = first.map(|(place, size)| (*size, 1.0 / (num::float_len(place) + 1.0)));
    }
    let mut gap = 0.0;
    let forecast = |state: Option<(f64, f64)>| {
        state.map(|(size, rate)| if probability { size * rate } else { correction * size / rate })
    };
    let mut forecasts = Vec::with_capacity(series.len().saturating_add(1));
    for &demand in series {
        forecasts.push(forecast(state));
        gap += 1.0;
        state = match (state, demand > 0.0) {
            (None, true) => Some((demand, if probability { 1.0 / gap } else { gap })),
            (Some((size, rate)), true) => {
                let seen = if probability { 1.0 } else { gap };
                Some((alpha * demand + (1.0 - alpha) * size, beta * seen + (1.0 - beta) * rate))
            }
            (Some((size, rate)), false) if probability => Some((size, (1.0 - beta) * rate)),
            (unchanged, false) => unchanged,
        };
        if demand > 0.0 {
            gap = 0.0;
        }
    }
    forecasts.push(forecast(state));
    Ok(forecasts)
}

/// How demand behaves (需求类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DemandClass {
    /// Often, in similar sizes (平稳).
    Smooth,
    /// Often, in changing sizes (波动).
    Erratic,
    /// Seldom, in similar sizes (间断).
    Intermittent,
    /// Seldom, in changing sizes (块状).
    Lumpy,
    /// Never (无需求).
    NoDemand,
}

/// A demand class and the two figures that decide it (需求类型判定).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DemandProfile {
    /// The class.
    pub class: DemandClass,
    /// Periods / periods with demand; none without demand.
    pub interval: Option<Exact>,
    /// Squared coefficient of variation of the positive demands.
    pub squared_variation: Option<Exact>,
}

/// The class of a demand series (需求类型): cuts at 1.32 periods and a squared variation of 0.49, compared exactly.
///
/// # Errors
///
/// - [`InventoryError::NegativeDecimal`]; [`InventoryError::Types`] when an exact value outgrows its limit.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{demand_profile, DemandClass};
/// use rust_decimal::Decimal;
/// let weeks = [0, 0, 5, 0, 6, 0, 0, 5].map(Decimal::from);
/// assert_eq!(demand_profile(&weeks)?.class, DemandClass::Intermittent);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Syntetos, Boylan and Croston 2005, "On the categorization of demand patterns". At the cut the higher class; population
/// variance: house rule.
pub fn demand_profile(series: &[Decimal]) -> Result<DemandProfile, InventoryError> {
    for (position, value) in series.iter().enumerate() {
        crate::cover::not_negative("demand", position, *value)?;
    }
    let positive: Vec<Decimal> = series.iter().copied().filter(|value| !value.is_zero()).collect();
    let Some(variation) = squared_variation(&positive)? else {
        return Ok(DemandProfile { class: DemandClass::NoDemand, interval: None, squared_variation: None });
    };
    let count = |n: usize| i128::try_from(n).unwrap_or(i128::MAX);
    let interval = Exact::ratio(count(series.len()), count(positive.len()))?;
    let seldom = interval >= Exact::ratio(132, 100)?;
    let changing = variation >= Exact::ratio(49, 100)?;
    let class = match (seldom, changing) {
        (false, false) => DemandClass::Smooth,
        (false, true) => DemandClass::Erratic,
        (true, false) => DemandClass::Intermittent,
        (true, true) => DemandClass::Lumpy,
    };
    Ok(DemandProfile { class, interval: Some(interval), squared_variation: Some(variation) })
}

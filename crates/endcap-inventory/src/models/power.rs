//! The power approximation of (s, S).
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::num::{not_negative, positive};
use super::{ModelError, UnitCosts};
use crate::normal::normal_quantile;

/// What the power approximation needs (幂近似参数), per period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerInput {
    /// Holding and shortage cost.
    pub costs: UnitCosts,
    /// Fixed cost of an order.
    pub fixed: f64,
    /// Mean demand of a period.
    pub mean: f64,
    /// Its deviation.
    pub sd: f64,
    /// Lead time in periods.
    pub lead: u32,
}

/// An approximate pair, not rounded (近似的 s 与 S), in pieces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerPair {
    /// `s`.
    pub reorder: f64,
    /// `S`.
    pub up_to: f64,
}

/// The power approximation: `Q = 1.30·μ^0.494·(K/h)^0.506·(1+σ_L²/μ²)^0.116`, `z = √(Qh/(σ_L·p))`,
/// `s = 0.973μ_L + σ_L(0.183/z + 1.063 − 2.192z)`, `S = s + Q`; over lead time + 1 periods.
///
/// Where `Q/μ ≤ 1.5`, `s` and `S` are capped by `μ_L + Φ⁻¹(p/(p+h))·σ_L`.
///
/// # Errors
///
/// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::{power::{power_approximation, PowerInput}, UnitCosts};
/// let costs = UnitCosts::new(2.0, 36.0)?;
/// let pair = power_approximation(&PowerInput { costs, fixed: 60.0, mean: 190.0, sd: 48.0, lead: 0 })?;
/// assert!((pair.reorder - 226.613_792_822_283_87).abs() < 1e-6);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Ehrhardt and Mosier 1984, "A revision of the power approximation for computing (s,S) policies"; Snyder and Shen,
/// §4.4.4. The cap applies with a lead time, where the revised paper needs it; without one the pair is as published.
pub fn power_approximation(input: &PowerInput) -> Result<PowerPair, ModelError> {
    positive("fixed cost", input.fixed)?;
    positive("mean demand", input.mean)?;
    positive("deviation", input.sd)?;
    let (h, p) = (input.costs.holding(), input.costs.shortage());
    let periods = f64::from(input.lead) + 1.0;
    not_negative("lead time", periods)?;
    let mean = input.mean * periods;
    let sd = input.sd * periods.sqrt();
    let spread = 1.0 + sd * sd / (input.mean * input.mean);
    let quantity = 1.30 * input.mean.powf(0.494) * (input.fixed / h).powf(0.506) * spread.powf(0.116);
    let z = (quantity * h / (sd * p)).sqrt();
    let reorder = 0.973 * mean + sd * (0.183 / z + 1.063 - 2.192 * z);
    let mut pair = PowerPair { reorder, up_to: reorder + quantity };
    if input.lead > 0 && quantity / input.mean <= 1.5 {
        let cap = mean + sd * normal_quantile(input.costs.critical_ratio()).unwrap_or(0.0);
        pair = PowerPair { reorder: pair.reorder.min(cap), up_to: pair.up_to.min(cap) };
    }
    Ok(pair)
}

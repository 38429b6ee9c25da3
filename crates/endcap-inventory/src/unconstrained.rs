//! Demand behind sales that an empty shelf cut short.
#![allow(clippy::float_arithmetic, reason = "a statistics module: likelihoods are f64")]

use crate::InventoryError;
use crate::models::num::{self, float};
use crate::models::{Distribution, ModelError};

/// What a day's sales say about its demand (当日销售).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DaySales {
    /// The shelf lasted: demand was this many pieces.
    Demand(i64),
    /// Sold out after this many pieces: demand was at least that (售罄).
    SoldOut(i64),
}

impl DaySales {
    fn pieces(self) -> i64 {
        match self {
            Self::Demand(pieces) | Self::SoldOut(pieces) => pieces,
        }
    }
}

/// The Poisson rate most likely behind sales some of which sold out (还原需求), pieces a day.
///
/// Root of `Σ_exact (x/λ − 1) + Σ_sold-out f(k−1; λ)/P(D ≥ k; λ)`, which falls in λ. A shelf that was empty all day
/// (`SoldOut(0)`) says nothing.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`], [`InventoryError::AboveLimit`] for sales above a million a day.
/// - [`InventoryError::NoSolution`] where no day says how high demand was.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{unconstrained_rate, DaySales::{Demand, SoldOut}};
/// let rate = unconstrained_rate(&[Demand(3), Demand(5), Demand(4), SoldOut(6)])?;
/// assert!((rate - 4.800_957_895_19).abs() < 1e-9);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Maximum likelihood for right-censored counts; textbook derivation.
pub fn unconstrained_rate(days: &[DaySales]) -> Result<f64, InventoryError> {
    let (mut sum, mut exact, mut sold_out) = (0.0, 0.0, Vec::new());
    for (row, day) in days.iter().enumerate() {
        let value = day.pieces();
        if value < 0 {
            return Err(InventoryError::NegativeInput { column: "sales", row, value });
        }
        if value > 1_000_000 {
            return Err(InventoryError::AboveLimit { column: "sales", row, value, limit: 1_000_000 });
        }
        match day {
            DaySales::Demand(pieces) => {
                sum += float(*pieces);
                exact += 1.0;
            }
            DaySales::SoldOut(0) => {}
            DaySales::SoldOut(pieces) => sold_out.push(*pieces),
        }
    }
    if exact == 0.0 {
        return Err(InventoryError::NoSolution {
            why: "no day was stocked to its end, so demand has no upper bound",
        });
    }
    if sold_out.is_empty() {
        return Ok(sum / exact);
    }
    let score = |rate: f64| {
        let censored: f64 = sold_out.iter().map(|pieces| hazard(rate, *pieces)).sum();
        sum / rate - exact + censored
    };
    let largest = sold_out.iter().max().copied().unwrap_or(1);
    let (mut low, mut high) = ((sum / exact).max(1e-6), sum / exact + float(largest) + 1.0);
    for _ in 0..200 {
        if score(low) >= 0.0 {
            break;
        }
        low *= 0.5;
    }
    for _ in 0..200 {
        if score(high) <= 0.0 {
            break;
        }
        high *= 2.0;
    }
    Ok(num::root(low, high, score))
}

/// `f(k−1; λ)/P(D ≥ k; λ)`.
fn hazard(rate: f64, pieces: i64) -> f64 {
    let below = pieces.saturating_sub(1);
    match Distribution::poisson(rate) {
        Ok(demand) => {
            let tail = demand.upper_tail(float(below));
            if tail > 0.0 { demand.mass(below) / tail } else { float(pieces) / rate }
        }
        Err(_) => 0.0,
    }
}

/// Mean and deviation of normal demand behind sales some of which sold out (正态还原需求), in the unit of the sales.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnconstrainedNormal {
    /// Mean.
    pub mean: f64,
    /// Deviation.
    pub sd: f64,
}

/// Normal demand most likely behind sales, by expectation–maximisation over the censored days.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`], [`InventoryError::AboveLimit`]; [`InventoryError::NoSolution`] with fewer than two
///   different stocked days.
///
/// # Source
///
/// Tobin 1958; Dempster, Laird and Rubin 1977; Aitkin 1981 for the steps.
pub fn unconstrained_normal(days: &[DaySales]) -> Result<UnconstrainedNormal, InventoryError> {
    for (row, day) in days.iter().enumerate() {
        let value = day.pieces();
        if value < 0 {
            return Err(InventoryError::NegativeInput { column: "sales", row, value });
        }
        if value > crate::limits::MAX_PIECES {
            return Err(InventoryError::AboveLimit {
                column: "sales",
                row,
                value,
                limit: crate::limits::MAX_PIECES,
            });
        }
    }
    let exact: Vec<f64> = days
        .iter()
        .filter_map(|day| if let DaySales::Demand(x) = day { Some(float(*x)) } else { None })
        .collect();
    let censored: Vec<f64> = days
        .iter()
        .filter_map(|day| if let DaySales::SoldOut(k) = day { Some(float(*k)) } else { None })
        .collect();
    let count = num::float_len(exact.len());
    let mut mean = exact.iter().sum::<f64>() / count.max(1.0);
    let mut variance = exact.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count.max(1.0);
    if variance <= 0.0 {
        return Err(InventoryError::NoSolution {
            why: "stocked days must differ for a deviation to be known",
        });
    }
    let all = num::float_len(days.len());
    for _ in 0..100_000 {
        let sd = variance.sqrt();
        let (mut first, mut second) = (exact.iter().sum::<f64>(), 0.0);
        let mut expected = Vec::with_capacity(censored.len());
        for limit in &censored {
            let z = (limit - mean) / sd;
            // Mills' inverse ratio; E[X | X > k] = μ + σ·m, Var = σ²(1 − m(m − z)).
            let m = crate::models::inverse_mills(z);
            let value = mean + sd * m;
            first += value;
            expected.push((value, variance * (1.0 - m * (m - z)).max(0.0)));
        }
        let next = first / all;
        for x in &exact {
            second += (x - next) * (x - next);
        }
        for (value, spread) in expected {
            second += (value - next) * (value - next) + spread;
        }
        let next_variance = second / all;
        let moved = (next - mean).abs() + (next_variance.sqrt() - sd).abs();
        (mean, variance) = (next, next_variance);
        if moved <= 1e-13 * (mean.abs() + sd) {
            break;
        }
    }
    if !mean.is_finite() || !variance.is_finite() {
        return Err(ModelError::NoSolution { why: "the likelihood has no maximum" }.into());
    }
    Ok(UnconstrainedNormal { mean, sd: variance.sqrt() })
}

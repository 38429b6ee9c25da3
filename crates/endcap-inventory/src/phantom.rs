//! Stock that the book knows and the shelf does not, and what it costs in sales.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use crate::InventoryError;
use crate::models::ModelError;
use crate::models::num;

/// How likely a stock with no sales is not really there (虚库存信号).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PhantomSignal {
    /// Probability of so long a streak without a sale if the shelf was stocked.
    pub p_value: f64,
    /// Probability that the shelf was empty, given the streak.
    pub posterior: f64,
    /// Expected lost sales over the streak, in pieces.
    pub lost_pieces: f64,
}

/// A daily probability of at least one sale under Poisson demand (日动销概率): `1 − e^{−λ}`.
///
/// # Errors
///
/// - [`InventoryError::Model`] for a negative or non-finite forecast.
///
/// # Source
///
/// Textbook formula.
pub fn sale_probability(daily_forecast: f64) -> Result<f64, InventoryError> {
    num::not_negative("forecast", daily_forecast)?;
    Ok(-libm::expm1(-daily_forecast))
}

/// Judges a streak of days without a sale while the book shows stock (虚库存判断).
///
/// `p_value = Π(1 − q_t)`; `posterior = π/(π + (1−π)·p_value)`; lost = posterior × Σ forecast. `sale_probabilities[t]` and
/// `forecasts[t]` are those of day `t` of the streak. A signal is a reason to count, not a fact: the caller sets the limit.
///
/// # Errors
///
/// - [`InventoryError::LengthMismatch`]; [`InventoryError::Model`] for a probability outside 0 to 1, a prior not strictly
///   between, or a negative forecast.
///
/// # Examples
///
/// ```
/// use endcap_inventory::phantom_signal;
/// let signal = phantom_signal(&[0.3; 10], &[0.4; 10], 0.02)?;
/// assert!((signal.posterior - 0.419_440_440_262).abs() < 1e-11);
/// assert!((signal.lost_pieces - 1.677_761_761_048).abs() < 1e-11);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Bayes' rule on a zero-sales streak, as practised in on-shelf-availability alerts; in one retailer's trial of 3,220
/// checks 15.5 % of such alerts were right, so treat them as candidates.
pub fn phantom_signal(
    sale_probabilities: &[f64],
    forecasts: &[f64],
    prior: f64,
) -> Result<PhantomSignal, InventoryError> {
    let (given, expected) = (forecasts.len(), sale_probabilities.len());
    if given != expected {
        return Err(InventoryError::LengthMismatch { column: "forecasts", given, expected });
    }
    num::open_fraction("prior", prior)?;
    let (mut p_value, mut forecast) = (1.0, 0.0);
    for (q, pieces) in sale_probabilities.iter().zip(forecasts) {
        share("sale probability", *q)?;
        num::not_negative("forecast", *pieces)?;
        p_value *= 1.0 - q;
        forecast += pieces;
    }
    let posterior = prior / (prior + (1.0 - prior) * p_value);
    Ok(PhantomSignal { p_value, posterior, lost_pieces: posterior * forecast })
}

/// One day more of watching a shelf (逐日更新).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ShelfDay {
    /// Something sold: the shelf was not empty.
    Sold,
    /// Nothing sold.
    NoSale,
}

/// Probability that the shelf is empty on the next day (逐日虚库存概率): a sale resets to zero, then hazard `ρ` of going wrong.
///
/// `π' = 0` after a sale, else `π/(π + (1−π)(1−q))`; next day `1 − (1−ρ)(1−π')`.
///
/// # Errors
///
/// - [`InventoryError::Model`] for a probability outside 0 to 1.
///
/// # Source
///
/// Hidden Markov chain with two states; derived here.
pub fn phantom_step(
    probability: f64,
    sale_probability: f64,
    hazard: f64,
    day: ShelfDay,
) -> Result<f64, InventoryError> {
    share("probability", probability)?;
    share("sale probability", sale_probability)?;
    share("hazard", hazard)?;
    let after = match day {
        ShelfDay::Sold => 0.0,
        ShelfDay::NoSale => {
            let all = probability + (1.0 - probability) * (1.0 - sale_probability);
            // A sure seller that did not sell, on a shelf that was surely stocked: the data contradict each other.
            if all > 0.0 { probability / all } else { 1.0 }
        }
    };
    Ok(1.0 - (1.0 - hazard) * (1.0 - after))
}

/// Expected lost sales of days with a known share of availability (预计丢单): `Σ forecast × (1 − availability)`, pieces.
///
/// # Errors
///
/// - [`InventoryError::LengthMismatch`]; [`InventoryError::Model`] for a share outside 0 to 1 or a negative forecast.
///
/// # Source
///
/// Definition.
pub fn lost_sales(forecasts: &[f64], availabilities: &[f64]) -> Result<f64, InventoryError> {
    let (given, expected) = (availabilities.len(), forecasts.len());
    if given != expected {
        return Err(InventoryError::LengthMismatch { column: "availabilities", given, expected });
    }
    let mut lost = 0.0;
    for (forecast, available) in forecasts.iter().zip(availabilities) {
        num::not_negative("forecast", *forecast)?;
        share("availability", *available)?;
        lost += forecast * (1.0 - available);
    }
    Ok(lost)
}

fn share(what: &'static str, value: f64) -> Result<(), InventoryError> {
    num::not_negative(what, value)?;
    if value > 1.0 {
        return Err(ModelError::OutOfRange { what, value, range: "0 to 1" }.into());
    }
    Ok(())
}

//! Myopic bounds on the policy of a finite horizon.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::horizon::{HorizonPeriod, Terminal};
use super::myopic::{MyopicPeriod, Side};
use super::{ModelError, UnitCosts};

/// Bounds on the levels of one period (短视界): `s_low ≤ s_t ≤ s_high` and `S_low ≤ S_t ≤ S_high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MyopicBounds {
    /// Lower bound on `S_t`: the best level of the period by itself.
    pub up_to_low: f64,
    /// Upper bound on `S_t`.
    pub up_to_high: f64,
    /// Lower bound on `s_t`.
    pub reorder_low: f64,
    /// Upper bound on `s_t`; none where `K_t < γ·K_{t+1}`.
    pub reorder_high: Option<f64>,
}

/// Myopic bounds for every period: levels where `G_t` exceeds its least value by `γK_{t+1}`, `K_t` and `K_t − γK_{t+1}`.
///
/// The last period adds the terminal costs to its own; after it purchase and fixed cost are zero.
///
/// # Errors
///
/// - [`ModelError::Empty`], [`ModelError::NotMyopic`]; else as
///   [`MyopicPeriod::level_costing`](super::myopic::MyopicPeriod::level_costing).
///
/// # Source
///
/// Veinott 1966; Zipkin 2000, §9.4.
pub fn myopic_bounds(
    periods: &[HorizonPeriod],
    terminal: &Terminal,
) -> Result<Vec<MyopicBounds>, ModelError> {
    if periods.is_empty() {
        return Err(ModelError::Empty { what: "periods" });
    }
    super::num::not_negative("terminal holding cost", terminal.holding)?;
    super::num::not_negative("terminal shortage cost", terminal.shortage)?;
    let mut bounds = Vec::with_capacity(periods.len());
    for (place, period) in periods.iter().enumerate() {
        super::num::not_negative("fixed cost", period.fixed)?;
        let next = periods.get(place.saturating_add(1));
        let (mut h, mut p) = (period.costs.holding(), period.costs.shortage());
        if next.is_none() {
            h += terminal.holding;
            p += terminal.shortage;
        }
        let myopic = MyopicPeriod {
            costs: UnitCosts::new(h, p)?,
            purchase: period.purchase,
            purchase_next: next.map_or(0.0, |next| next.purchase),
            discount: period.discount,
            demand: period.demand.clone(),
        };
        let later = period.discount * next.map_or(0.0, |next| next.fixed);
        let up_to_low = myopic.best_level()?;
        let least = myopic.cost_of(up_to_low)?;
        let saved = period.fixed - later;
        bounds.push(MyopicBounds {
            up_to_low,
            up_to_high: myopic.level_costing(least + later, Side::Above)?,
            reorder_low: myopic.level_costing(least + period.fixed, Side::Below)?,
            reorder_high: if saved < 0.0 {
                None
            } else {
                Some(myopic.level_costing(least + saved, Side::Below)?)
            },
        });
    }
    Ok(bounds)
}

//! What forecasts of a size were off by, and the correction for it.
//!
//! # Source
//!
//! House rule: recalibration of forecasts by what became of forecasts of their size, the shrinkage of Efron and Morris 1975
//! read off the data instead of derived from a prior.
#![allow(clippy::float_arithmetic, reason = "a statistics module: forecasts are f64")]

use super::level::{Level, Weights};
use crate::models::{float_len, num};

/// Sizes at which a correction is learnt: 2⁻³, 2⁻², …, 2⁶ pieces a period; between them it is interpolated.
const SIZES: usize = 10;
/// Logarithm to base two of the least size.
const LEAST: f64 = -3.0;
/// Pieces with which a correction leans on none.
const PRIOR: f64 = 20.0;

/// What forecasts of a size were off by, all series together (预测校准).
///
/// A low forecast is low partly by chance, and a high one high: what is sold next lies nearer to the middle. How much
/// nearer, past forecasts of that size have shown. Of each period only its deviation from what all series did together
/// counts, so that a week in which everything sells says nothing about small and large.
pub(super) struct Calibration {
    ratios: Vec<f64>,
}

impl Calibration {
    /// Ratio of sales to forecasts at each size: `(Σ w·sold/rₜ + 20)/(Σ w·forecast + 20)`, `rₜ` that of the whole period.
    pub(super) fn learn(levels: &[Level], known: usize, weights: &Weights) -> Self {
        let mut periods = vec![(0.0, 0.0); known];
        for past in levels.iter().flat_map(|level| &level.past) {
            if let Some(slot) = periods.get_mut(past.period) {
                slot.0 += past.sold;
                slot.1 += past.forecast;
            }
        }
        let mut sums = vec![(0.0, 0.0); SIZES];
        for past in levels.iter().flat_map(|level| &level.past) {
            let (sold, forecast) = periods.get(past.period).copied().unwrap_or_default();
            if sold <= 0.0 || forecast <= 0.0 {
                continue;
            }
            let weight = weights.of(past.period);
            let (size, share) = size_of(past.forecast);
            for (slot, share) in sums.iter_mut().skip(size).zip([1.0 - share, share]) {
                slot.0 += weight * share * past.sold * forecast / sold;
                slot.1 += weight * share * past.forecast;
            }
        }
        Self {
            ratios: sums.into_iter().map(|(sold, forecast)| (sold + PRIOR) / (forecast + PRIOR)).collect(),
        }
    }

    /// The corrected forecast.
    pub(super) fn of(&self, forecast: f64) -> f64 {
        let (size, share) = size_of(forecast);
        let ratios = self.ratios.iter().skip(size).zip([1.0 - share, share]);
        forecast * ratios.map(|(ratio, share)| ratio * share).sum::<f64>()
    }
}

/// The size below a forecast, and how far it lies towards the next, 0 to 1.
fn size_of(forecast: f64) -> (usize, f64) {
    let last = SIZES.saturating_sub(1);
    let place = (forecast.max(1e-9).log2() - LEAST).clamp(0.0, float_len(last));
    let size = num::length(place.floor()).min(last.saturating_sub(1));
    (size, place - float_len(size))
}

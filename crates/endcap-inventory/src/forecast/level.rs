//! The level of a series now, and the forecasts it would have made before.
//!
//! # Source
//!
//! House rule, from simple exponential smoothing of a ratio of sums; errors are those of forecasts made one horizon before.
#![allow(clippy::float_arithmetic, reason = "a statistics module: forecasts are f64")]

use super::calibration::Calibration;
use super::demand::ForecastOptions;
use super::panel::SalesPanel;
use super::season::Grid;
use crate::models::{float, float_len};

/// Periods of forecasts that are looked back at.
const LOOK_BACK: usize = 78;
/// Periods before the first forecast, to let the level settle.
const SETTLING: usize = 3;

/// A forecast made in the past for a stocked shelf, and what was sold.
pub(super) struct Past {
    /// The period forecast.
    pub(super) period: usize,
    /// Mean, as it was known one horizon before.
    pub(super) forecast: f64,
    /// Pieces.
    pub(super) sold: f64,
}

/// Level of a series now, and its forecasts so far.
pub(super) struct Level {
    /// Mean of a period with an index of one.
    pub(super) now: f64,
    /// The last [`LOOK_BACK`] periods in which the shelf was stocked.
    pub(super) past: Vec<Past>,
}

impl Level {
    /// `Σ w·sales / Σ w·index` over stocked periods, leaning on the long-run mean.
    pub(super) fn of(
        panel: &SalesPanel<'_>,
        series: usize,
        index: &Grid,
        horizon: usize,
        options: &ForecastOptions,
    ) -> Self {
        let (sales, stocked) = (panel.sales_of(series), panel.in_stock_of(series));
        let (mut total, mut count) = (1.0, 1.0);
        for (sold, on) in sales.iter().zip(stocked) {
            if *on {
                total += float(*sold);
                count += 1.0;
            }
        }
        let usual = total / count;
        let memory = options.level_memory.powf(2.0 - index.reliability);
        let level =
            |sums: (f64, f64)| (sums.0 + options.level_prior * usual) / (sums.1 + options.level_prior);
        let first = sales.len().saturating_sub(LOOK_BACK).max(SETTLING);
        let mut sums = (0.0_f64, 0.0_f64);
        let mut past = Vec::new();
        // Sums as they stood before each period, to forecast from `horizon` periods back.
        let mut before: Vec<(f64, f64)> = Vec::with_capacity(sales.len());
        for (period, ((sold, on), season)) in sales.iter().zip(stocked).zip(index.row(series)).enumerate() {
            before.push(sums);
            if period >= first && *on {
                let back = period.saturating_add(1).saturating_sub(horizon);
                let forecast = level(before.get(back).copied().unwrap_or_default()) * season;
                past.push(Past { period, forecast, sold: float(*sold) });
            }
            sums = (sums.0 * memory, sums.1 * memory);
            if *on {
                sums = (sums.0 + float(*sold), sums.1 + season);
            }
        }
        Self { now: level(sums), past }
    }

    /// Squared errors of the calibrated forecasts and the forecasts, the later ones weighing more.
    pub(super) fn errors(&self, calibration: &Calibration, weights: &Weights) -> (f64, f64) {
        let (mut squares, mut forecasts) = (0.0, 0.0);
        for past in &self.past {
            let weight = weights.of(past.period);
            let forecast = calibration.of(past.forecast);
            let away = past.sold - forecast;
            squares += weight * away * away;
            forecasts += weight * forecast;
        }
        (squares, forecasts)
    }
}

/// What a period weighs now: `memory^age`.
pub(super) struct Weights(Vec<f64>);

impl Weights {
    /// Of `known` periods, the last one weighing 1.
    pub(super) fn new(memory: f64, known: usize) -> Self {
        Self((1..=known).rev().map(|age| memory.powf(float_len(age.saturating_sub(1)))).collect())
    }
    /// Of one period, zero for one that is not known.
    pub(super) fn of(&self, period: usize) -> f64 {
        self.0.get(period).copied().unwrap_or(0.0)
    }
}

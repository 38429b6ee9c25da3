//! Level, season and spread of every series: the demand of the next periods.
#![allow(clippy::float_arithmetic, reason = "a statistics module: forecasts are f64")]

use super::availability::availability;
use super::calibration::Calibration;
use super::level::{Level, Weights};
use super::panel::SalesPanel;
use super::season::seasonal_index;
use crate::InventoryError;
use crate::models::{Distribution, ModelError, num};

/// How demand is forecast (预测参数). The defaults suit weekly sales of single stores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastOptions {
    /// Periods of a season; 0 for none. Default 52.
    pub season_length: usize,
    /// Weights of the same period one and two years ago. Default 1 and ½.
    pub year_weights: [f64; 2],
    /// Years of prior weight with which a season leans on none: `y` years seen count for `y/(y + prior)`. Default 0.8.
    pub season_prior: f64,
    /// Pieces of prior weight when all series are pooled. Default 50.
    pub pool_all: f64,
    /// Pieces with which a group leans on all series. Default 60.
    pub pool_group: f64,
    /// Pieces with which a series leans on its group. Default 200.
    pub pool_series: f64,
    /// Weight that a period keeps one period later, in the level of a season known for certain; what the season cannot
    /// tell yet, the level has to follow sooner: it is raised to `2 − y/(y + prior)`. Default 0.88.
    pub level_memory: f64,
    /// Periods of prior weight with which a level leans on the long-run mean. Default 5.
    pub level_prior: f64,
    /// Weight that a squared error keeps one period later. Default 0.97.
    pub spread_memory: f64,
    /// Pieces with which a spread leans on that of all series. Default 5.
    pub spread_prior: f64,
    /// What an empty shelf means for the coming periods. Default [`EmptyShelf::MayStay`].
    pub empty_shelf: EmptyShelf,
}

/// What a shelf that is empty now means for later (空架含义).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EmptyShelf {
    /// It may stay empty, as often as shelves did that had been empty for so long: an article not listed yet, or no more.
    #[default]
    MayStay,
    /// The order fills it: every coming period counts as stocked.
    IsFilled,
}

impl Default for ForecastOptions {
    fn default() -> Self {
        Self {
            season_length: 52,
            year_weights: [1.0, 0.5],
            season_prior: 0.8,
            pool_all: 50.0,
            pool_group: 60.0,
            pool_series: 200.0,
            level_memory: 0.88,
            level_prior: 5.0,
            spread_memory: 0.97,
            spread_prior: 5.0,
            empty_shelf: EmptyShelf::MayStay,
        }
    }
}

impl ForecastOptions {
    fn check(&self) -> Result<(), ModelError> {
        for (what, value) in [("level memory", self.level_memory), ("spread memory", self.spread_memory)] {
            num::half_open_fraction(what, value)?;
        }
        for (what, value) in [
            ("pool of all series", self.pool_all),
            ("pool of a group", self.pool_group),
            ("pool of a series", self.pool_series),
            ("level prior", self.level_prior),
            ("spread prior", self.spread_prior),
            ("season prior", self.season_prior),
        ] {
            num::positive(what, value)?;
        }
        for weight in self.year_weights {
            num::not_negative("year weight", weight)?;
        }
        Ok(())
    }
}

/// Demand of the next periods of every series (需求预测结果).
#[derive(Debug, Clone, PartialEq)]
pub struct DemandForecast {
    horizon: usize,
    means: Vec<f64>,
    dispersions: Vec<f64>,
    availability: Vec<f64>,
}

impl DemandForecast {
    /// Mean demand of the next periods of one series while its shelf is stocked, in pieces; empty for one that does not
    /// exist.
    #[must_use]
    pub fn means(&self, series: usize) -> &[f64] {
        self.row(&self.means, series)
    }
    /// Probability that the shelf of one series is stocked in the next periods (在架概率), above 0 and at most 1; empty
    /// for a series that does not exist.
    #[must_use]
    pub fn availability(&self, series: usize) -> &[f64] {
        self.row(&self.availability, series)
    }
    fn row<'a>(&self, column: &'a [f64], series: usize) -> &'a [f64] {
        let start = series.saturating_mul(self.horizon);
        column.get(start..start.saturating_add(self.horizon)).unwrap_or_default()
    }
    /// Variance over mean of one series, above 1.
    #[must_use]
    pub fn dispersion(&self, series: usize) -> f64 {
        self.dispersions.get(series).copied().unwrap_or(1.0)
    }
    /// Demand of one coming period while the shelf is stocked: negative binomial with the mean and the dispersion; never sells for a mean of zero.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::UnknownGroup`] for a series or period that was not forecast; [`InventoryError::Model`].
    pub fn distribution(&self, series: usize, period: usize) -> Result<Distribution, InventoryError> {
        let Some(&mean) = self.means(series).get(period) else {
            return Err(InventoryError::UnknownGroup {
                row: period,
                group: series,
                groups: self.dispersions.len(),
            });
        };
        Ok(counts(mean, self.dispersion(series))?)
    }
}

/// A count with a mean and a variance of `dispersion · mean`.
pub(super) fn counts(mean: f64, dispersion: f64) -> Result<Distribution, ModelError> {
    if mean <= 1e-9 {
        return Distribution::poisson(0.0);
    }
    if dispersion <= 1.0 + 1e-9 {
        return Distribution::poisson(mean);
    }
    Distribution::negative_binomial(mean / (dispersion - 1.0), 1.0 / dispersion)
}

/// Least variance over mean: counts are never surer than Poisson.
const LEAST_DISPERSION: f64 = 1.02;

/// Forecasts the next `horizon` periods of every series from its past and that of its group (需求预测).
///
/// `mean = level · index · correction`: the correction is what forecasts of that size were off by, all series together; the
/// index is last year's ratio to its surroundings, pooled, to the power of how far it is to be
/// believed; the level is
/// `Σ w·sales / Σ w·index` over in-stock periods with weights falling by `level_memory`, leaning on the long-run mean.
/// Errors are those of forecasts made `horizon` periods ahead.
///
/// # Errors
///
/// - [`InventoryError::NotPositive`] for a horizon of zero; [`InventoryError::Model`] for options out of range.
///
/// # Examples
///
/// ```
/// use endcap_inventory::forecast::{forecast_demand, ForecastOptions, SalesPanel};
/// let sales = [4_i64; 60];
/// let panel = SalesPanel::new(60, &sales, &[true; 60], &[0])?;
/// let forecast = forecast_demand(&panel, 3, &ForecastOptions::default())?;
/// assert!((forecast.means(0)[2] - 4.0).abs() < 0.1);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule, from parts that are standard: ratio-to-moving-average season, group seasonal indices (Dalhart 1974;
/// Withycombe 1989), simple exponential smoothing of counts, empirical-Bayes shrinkage with pieces as weight, and recalibration
/// of forecasts by what became of like ones.
pub fn forecast_demand(
    panel: &SalesPanel<'_>,
    horizon: usize,
    options: &ForecastOptions,
) -> Result<DemandForecast, InventoryError> {
    if horizon == 0 {
        return Err(InventoryError::NotPositive { column: "horizon", row: 0, value: 0 });
    }
    options.check()?;
    let index = seasonal_index(panel, horizon, options);
    let known = panel.periods();
    let levels: Vec<Level> =
        (0..panel.series()).map(|series| Level::of(panel, series, &index, horizon, options)).collect();
    let weights = Weights::new(options.spread_memory, known);
    let calibration = Calibration::learn(&levels, known, &weights);
    let mut means = Vec::with_capacity(panel.series().saturating_mul(horizon));
    let mut errors = Vec::with_capacity(panel.series());
    for (series, level) in levels.iter().enumerate() {
        let ahead = index.row(series).get(known..).unwrap_or_default();
        means.extend(ahead.iter().map(|season| calibration.of(level.now * season)));
        errors.push(level.errors(&calibration, &weights));
    }
    let dispersions = shrunk_spread(&errors, options);
    let availability = match options.empty_shelf {
        EmptyShelf::MayStay => availability(panel, horizon, options.spread_memory),
        EmptyShelf::IsFilled => vec![1.0; means.len()],
    };
    Ok(DemandForecast { horizon, means, dispersions, availability })
}

/// Variance over mean of each series, leaning on the middle between the pooled and the median ratio.
fn shrunk_spread(errors: &[(f64, f64)], options: &ForecastOptions) -> Vec<f64> {
    let (mut square, mut forecast) = (0.0, 0.0);
    let mut ratios = Vec::with_capacity(errors.len());
    for (squares, forecasts) in errors {
        square += squares;
        forecast += forecasts;
        if *forecasts > 0.0 {
            ratios.push(squares / forecasts);
        }
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(ratios.len().checked_div(2).unwrap_or(0)).copied().unwrap_or(1.0);
    let pooled = if forecast > 0.0 { 0.5 * (square / forecast + median) } else { 1.0 };
    errors
        .iter()
        .map(|(squares, forecasts)| {
            let ratio = (squares + options.spread_prior * pooled) / (forecasts + options.spread_prior);
            ratio.max(LEAST_DISPERSION)
        })
        .collect()
}

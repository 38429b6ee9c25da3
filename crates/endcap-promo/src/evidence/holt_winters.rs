//! Seasonal exponential smoothing with the start values of R.

use super::EvidenceError;
use super::linalg::{Design, check_finite, mean, sum};
use super::regression::Ols;
use crate::border::count;

/// How the season acts (季节形式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Season {
    /// Level plus season.
    Additive,
    /// Level times season.
    Multiplicative,
}

/// Smoothing weights and the season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// Weight of the newest level, 0 to 1.
    pub level: f64,
    /// Weight of the newest trend, 0 to 1.
    pub trend: f64,
    /// Weight of the newest season, 0 to 1.
    pub season: f64,
    /// Periods of a season.
    pub period: usize,
    /// How the season acts.
    pub form: Season,
}

/// Level, trend and seasonal figures at one time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct State {
    /// Level.
    pub level: f64,
    /// Change of the level per period.
    pub trend: f64,
    /// Seasonal figures, the next period first.
    pub season: Vec<f64>,
}

/// A smoothed series (Holt–Winters 指数平滑).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HoltWinters {
    /// Start values.
    pub initial: State,
    /// State after the last period.
    pub last: State,
    /// Sum of squared one-step errors from the second season on.
    pub sse: f64,
    /// One-step forecasts from the second season on.
    pub fitted: Vec<f64>,
    form: Season,
}

impl HoltWinters {
    /// Smooths a series of at least two seasons.
    ///
    /// Start values: the centred moving average of the first two seasons, a least-squares line through it, and the mean
    /// deviation (ratio) of the series from it, normalised to mean 0 (1).
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] for less than two seasons; [`EvidenceError::NotFinite`].
    /// - [`EvidenceError::Parameter`] for a weight outside 0 to 1, or a season of less than two periods.
    /// - [`EvidenceError::NotPositive`] for values at or below zero with a multiplicative season.
    ///
    /// # Source
    ///
    /// Holt (1957), Winters (1960); start values as in R `stats::HoltWinters` with `start.periods = 2`.
    pub fn new(y: &[f64], smoothing: &Smoothing) -> Result<Self, EvidenceError> {
        check_finite("series", y)?;
        let Smoothing { level: alpha, trend: beta, season: gamma, period, form } = *smoothing;
        for (parameter, value) in [("level", alpha), ("trend", beta), ("season", gamma)] {
            if !(0.0..=1.0).contains(&value) {
                let value = value.to_string();
                return Err(EvidenceError::Parameter { parameter, value, expected: "0 to 1" });
            }
        }
        if period < 2 {
            let value = period.to_string();
            return Err(EvidenceError::Parameter { parameter: "period", value, expected: "2 or more" });
        }
        let need = period.saturating_mul(2);
        if y.len() < need {
            return Err(EvidenceError::TooFew { what: "periods", have: y.len(), need });
        }
        if form == Season::Multiplicative
            && let Some((at, value)) = y.iter().enumerate().find(|(_, value)| **value <= 0.0)
        {
            return Err(EvidenceError::NotPositive { what: "series", at, value: *value });
        }
        let initial = start(y.get(..need).unwrap_or(y), period, form)?;
        let (mut level, mut trend) = (initial.level, initial.trend);
        let mut season = std::collections::VecDeque::from(initial.season.clone());
        let mut fitted = Vec::with_capacity(y.len());
        let mut squares = Vec::with_capacity(y.len());
        for value in y.iter().skip(period) {
            let figure = season.pop_front().unwrap_or(f64::NAN);
            let before = level;
            let (forecast, next_level) = match form {
                Season::Additive => (before + trend + figure, value - figure),
                Season::Multiplicative => ((before + trend) * figure, value / figure),
            };
            level = alpha * next_level + (1.0 - alpha) * (before + trend);
            trend = beta * (level - before) + (1.0 - beta) * trend;
            let newest = match form {
                Season::Additive => value - level,
                Season::Multiplicative => value / level,
            };
            season.push_back(gamma * newest + (1.0 - gamma) * figure);
            squares.push((value - forecast) * (value - forecast));
            fitted.push(forecast);
        }
        let last = State { level, trend, season: season.into() };
        Ok(Self { initial, last, sse: sum(&squares), fitted, form })
    }

    /// Forecast `ahead` periods after the last one, from 1.
    #[must_use]
    pub fn forecast(&self, ahead: usize) -> f64 {
        let place = ahead.saturating_sub(1).checked_rem(self.last.season.len()).unwrap_or(0);
        let figure = self.last.season.get(place).copied().unwrap_or(f64::NAN);
        let line = self.last.level + count(ahead) * self.last.trend;
        match self.form {
            Season::Additive => line + figure,
            Season::Multiplicative => line * figure,
        }
    }
}

/// Start values from the first two seasons.
fn start(y: &[f64], period: usize, form: Season) -> Result<State, EvidenceError> {
    let average = centred_average(y, period);
    let known: Vec<f64> = average.iter().flatten().copied().collect();
    let time: Vec<f64> = (1..=known.len()).map(count).collect();
    let design = Design::new(known.len())?.constant("level")?.with("trend", &time)?;
    let line = if known.len() > 2 {
        Ols::fit(&design, &known)?.coefficients().to_vec()
    } else {
        let first = known.first().copied().unwrap_or(f64::NAN);
        let step = known.last().copied().unwrap_or(f64::NAN) - first;
        vec![first - step, step]
    };
    let deviation = |value: f64, centre: f64| match form {
        Season::Additive => value - centre,
        Season::Multiplicative => value / centre,
    };
    let figures: Vec<f64> = (0..period)
        .map(|place| {
            let own: Vec<f64> = y
                .iter()
                .zip(&average)
                .skip(place)
                .step_by(period)
                .filter_map(|(value, centre)| centre.map(|centre| deviation(*value, centre)))
                .collect();
            mean(&own)
        })
        .collect();
    let centre = mean(&figures);
    let season = figures
        .iter()
        .map(|figure| match form {
            Season::Additive => figure - centre,
            Season::Multiplicative => figure / centre,
        })
        .collect();
    let at = |i: usize| line.get(i).copied().unwrap_or(f64::NAN);
    Ok(State { level: at(0), trend: at(1), season })
}

/// Moving average over one season, centred; half weights at both ends for an even season.
fn centred_average(y: &[f64], period: usize) -> Vec<Option<f64>> {
    let half = period / 2;
    let even = period.checked_rem(2) == Some(0);
    (0..y.len())
        .map(|t| {
            let from = t.checked_sub(half)?;
            let window = y.get(from..=t.saturating_add(half))?;
            let inner = sum(window);
            let ends = window.first()? + window.last()?;
            Some(if even { (inner - 0.5 * ends) / count(period) } else { inner / count(period) })
        })
        .collect()
}

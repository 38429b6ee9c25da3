//! How far quiet weeks stray from their own baseline: the noise an event must rise above.
//!
//! Method, in words: pretend that an event of the same length ran in every stretch of clean weeks, forecast that
//! stretch with the same baseline from clean weeks outside it, and sum the misses. Nothing happened there, so what
//! the sums show is noise: week-to-week scatter, drift and the baseline's own error together, out of sample.
//!
//! `s² = Σ miss² / m` over the `m` stretches. Stretches of `h` weeks overlap, so they are worth fewer than `m`
//! observations: `df = ⌊m / Σ ρ²⌋`, `ρ_k = 1 − |k|/h` for `|k| < h`. The interval of an event is
//! `effect ± t(df)·s`.
#![allow(clippy::float_arithmetic, reason = "a statistics module: f64 inside, units cross at the border")]

use crate::baseline::at_level;
use crate::border::count;
use crate::limits::{MAX_DEGREES_OF_FREEDOM, MIN_DEGREES_OF_FREEDOM};
use crate::{Baseline, PromoError};

/// The spread of quiet stretches (噪声): what an event-sized nothing looks like.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Noise {
    /// Sum of `actual − expected` over each stretch of clean weeks, in order of time.
    pub misses: Vec<f64>,
    /// Root mean square of the misses, in units per stretch.
    pub standard_error: f64,
    /// Degrees of freedom after allowing for the overlap.
    pub df: u32,
}

/// The noise of `weeks`-week windows (占位检验噪声): one placebo event at every stretch of clean weeks.
///
/// `units[i]` and `clean[i]` are week `i`. Stretches are consecutive in the order of clean weeks; masked weeks in
/// between are stepped over and never read.
///
/// # Errors
///
/// - [`PromoError::TooFewCleanWeeks`] when fewer than two degrees of freedom remain.
/// - As [`crate::baseline::expected`].
///
/// # Examples
///
/// ```
/// use endcap_promo::{noise, Baseline};
/// // Sales alternate 90, 110: against a mean of two weeks every single week misses by 10.
/// let units: Vec<f64> = (0..12).map(|i| if i % 2 == 0 { 90.0 } else { 110.0 }).collect();
/// let noise = noise::of_windows(&Baseline::TrailingMean { weeks: 2 }, &units, &[true; 12], 1)?;
/// assert_eq!((noise.standard_error, noise.df), (10.0, 10));
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Placebo windows as in Abadie, Diamond & Hainmueller (2010), in time; degrees of freedom of an average of
/// overlapping squares by Satterthwaite (1946). House rule for using them together.
pub fn of_windows(
    method: &Baseline,
    units: &[f64],
    clean: &[bool],
    weeks: usize,
) -> Result<Noise, PromoError> {
    method.check()?;
    if clean.len() != units.len() {
        let (found, weeks) = (clean.len(), units.len());
        return Err(PromoError::ShapeMismatch { what: "length of the clean mask", found, weeks });
    }
    let quiet: Vec<(usize, f64)> = units
        .iter()
        .zip(clean)
        .enumerate()
        .filter(|(_, (_, clean))| **clean)
        .map(|(at, (units, _))| (at, *units))
        .collect();
    let (before, after) = method.needs();
    let span = before.saturating_add(after).saturating_add(weeks);
    let stretches = quiet.len().saturating_add(1).saturating_sub(span);
    let df = degrees_of_freedom(stretches, weeks);
    if weeks == 0 || df < MIN_DEGREES_OF_FREEDOM {
        let need = span.saturating_add(stretches_needed(weeks)).saturating_sub(1);
        return Err(PromoError::TooFewCleanWeeks { method: method.name(), have: quiet.len(), need });
    }
    let mut misses = Vec::with_capacity(stretches);
    for start in before..before.saturating_add(stretches) {
        let (earlier, rest) = quiet.split_at_checked(start).unwrap_or((&[], &[]));
        let (stretch, later) = rest.split_at_checked(weeks).unwrap_or((rest, &[]));
        let window: Vec<usize> = stretch.iter().map(|week| week.0).collect();
        let expected = at_level(method, earlier, later, &window)?;
        misses.push(stretch.iter().zip(&expected).map(|(week, base)| week.1 - base).sum());
    }
    let squares: f64 = misses.iter().map(|miss| miss * miss).sum();
    let standard_error = (squares / count(misses.len())).sqrt();
    Ok(Noise { misses, standard_error, df })
}

/// `⌊m / Σ ρ²⌋` with `Σ ρ² = (2h² + 1) / 3h`, so `⌊3hm / (2h² + 1)⌋`, in integers.
fn degrees_of_freedom(stretches: usize, weeks: usize) -> u32 {
    let squares = weeks.saturating_mul(weeks).saturating_mul(2).saturating_add(1);
    let df = stretches.saturating_mul(weeks).saturating_mul(3).checked_div(squares).unwrap_or(0);
    u32::try_from(df).unwrap_or(u32::MAX).min(MAX_DEGREES_OF_FREEDOM)
}

/// Fewest stretches that leave the least degrees of freedom.
fn stretches_needed(weeks: usize) -> usize {
    (1..)
        .find(|stretches| degrees_of_freedom(*stretches, weeks.max(1)) >= MIN_DEGREES_OF_FREEDOM)
        .unwrap_or(1)
}

/// Forecast of every week on its own from clean weeks around it, itself left out; `None` where there are too few.
///
/// For every method but the mean of weeks before and after, that is one step ahead from the past alone.
///
/// # Errors
///
/// - As [`crate::baseline::expected`], except that too short a history is `None`.
pub fn one_step(method: &Baseline, units: &[f64], clean: &[bool]) -> Result<Vec<Option<f64>>, PromoError> {
    let step = |at: usize| match crate::baseline::expected(method, units, clean, &[at]) {
        Ok(base) => Ok(base.first().copied()),
        Err(PromoError::TooFewCleanWeeks { .. }) => Ok(None),
        Err(error) => Err(error),
    };
    (0..units.len()).map(step).collect()
}

/// Weighted absolute percentage error of the one-step forecasts over clean weeks: `Σ|miss| / Σ|actual|`.
///
/// `None` when nothing could be forecast or nothing was sold. The form with one sum below stays finite in weeks
/// without sales.
///
/// # Errors
///
/// - As [`one_step`].
///
/// # Source
///
/// Hyndman & Koehler (2006) on why percentage errors are not averaged week by week.
pub fn weighted_error(method: &Baseline, units: &[f64], clean: &[bool]) -> Result<Option<f64>, PromoError> {
    let steps = one_step(method, units, clean)?;
    let (mut missed, mut sold) = (0.0, 0.0);
    for ((step, actual), clean) in steps.iter().zip(units).zip(clean) {
        if let (Some(base), true) = (step, clean) {
            missed += (actual - base).abs();
            sold += actual.abs();
        }
    }
    Ok((sold > 0.0).then(|| missed / sold))
}

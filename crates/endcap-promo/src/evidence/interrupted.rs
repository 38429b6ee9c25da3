//! Interrupted time series: one series, a line before the event and another one after it.

use super::EvidenceError;
use super::effect::Effect;
use super::linalg::{Design, check_finite, sum};
use super::regression::{Covariance, FirstOrder, Ols};
use crate::border::count;

/// Fewest periods on either side of the interruption.
const MIN_SIDE: usize = 3;

/// A segmented regression of one series (间断时间序列).
///
/// `y_t = a + b·t + c·1{t > t₀} + d·(t − t₀)₊ + e_t` with periods counted from 1 and `t₀` the last one before the event;
/// the effect is `Σ (c + d·(t − t₀))` over the periods after `t₀`, which with a level and a slope of their own equals
/// actual less the extrapolated line. One series carries no control: whatever else changed then is inside the figure.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Interrupted {
    /// Level at period 0, trend per period, step at the event, change of trend.
    pub coefficients: [f64; 4],
    /// Standard errors under the covariance asked for.
    pub standard_errors: [f64; 4],
    /// Actual less the extrapolated line over all periods from the event on.
    pub effect: Effect,
    /// Residuals, for diagnostics.
    pub residuals: Vec<f64>,
}

/// Fits a segmented line with the event at index `start` (间断时间序列分析).
///
/// `y[t]` is period `t`; periods `start..` belong to the event. The standard error of the effect allows for serial
/// correlation when `covariance` is Newey–West or first order; the latter holds its level on short series, too.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for fewer than three periods on either side; [`EvidenceError::NotFinite`].
/// - As [`Ols::covariance`].
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::interrupted::interrupted;
/// use endcap_promo::evidence::regression::{Covariance, SampleFactor};
/// let y = [100.0, 103.0, 101.0, 106.0, 104.0, 108.0, 107.0, 111.0, 131.0, 134.0, 131.0, 137.0, 136.0, 139.0];
/// let fit = interrupted(&y, 8, Covariance::NeweyWest { lags: 2, factor: SampleFactor::None })?;
/// assert!((fit.effect.point - 120.0).abs() < 1e-9);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Wagner, Soumerai, Zhang & Ross-Degnan (2002), segmented regression of interrupted time series.
pub fn interrupted(y: &[f64], start: usize, covariance: Covariance) -> Result<Interrupted, EvidenceError> {
    check_finite("series", y)?;
    let after = y.len().saturating_sub(start);
    for (what, have) in [("periods before the event", start), ("periods from the event on", after)] {
        if have < MIN_SIDE {
            return Err(EvidenceError::TooFew { what, have, need: MIN_SIDE });
        }
    }
    let origin = count(start);
    let time: Vec<f64> = (1..=y.len()).map(count).collect();
    let step: Vec<f64> = time.iter().map(|t| if *t > origin { 1.0 } else { 0.0 }).collect();
    let ramp: Vec<f64> = time.iter().map(|t| (t - origin).max(0.0)).collect();
    let design = Design::new(y.len())?
        .constant("level")?
        .with("trend", &time)?
        .with("step", &step)?
        .with("trend change", &ramp)?;
    let fit = Ols::fit(&design, y)?;
    let matrix = fit.covariance(covariance)?;
    let contrast = [0.0, 0.0, count(after), sum(&ramp)];
    let (point, mut variance) = fit.contrast(&contrast, &matrix)?;
    let mut df = count(fit.df());
    if covariance == Covariance::FirstOrder {
        let found = FirstOrder::fit(&fit)?.sum(&fit.row_weights(&contrast)?);
        (variance, df) = (found.variance, found.df.min(df));
    }
    let actual = sum(y.get(start..).unwrap_or(&[]));
    let four = |values: &[f64]| -> [f64; 4] { values.try_into().unwrap_or([f64::NAN; 4]) };
    Ok(Interrupted {
        coefficients: four(fit.coefficients()),
        standard_errors: four(&super::regression::roots(&matrix)),
        effect: Effect { point, standard_error: variance.sqrt(), df, base: actual - point },
        residuals: fit.residuals().to_vec(),
    })
}

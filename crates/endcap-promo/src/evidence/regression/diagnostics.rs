//! Are the residuals of a fit correlated in time?

use super::super::EvidenceError;
use super::super::distribution::chi_square_upper;
use super::super::linalg::dot;
use super::Ols;
use crate::border::count;

/// A test statistic with its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// Probability of a statistic at least as large when nothing is wrong.
    pub p: f64,
}

/// Breusch–Godfrey test of serial correlation up to `lags` (残差自相关检验): `n·R²` of the residuals on the regressors
/// and their own lags, lags before the first week set to zero; χ² with `lags` degrees of freedom.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for no lag.
/// - [`EvidenceError::Constant`] when the fit leaves no residual.
/// - As [`Ols::fit`] for too few observations.
///
/// # Source
///
/// Breusch (1978), Godfrey (1978).
pub fn breusch_godfrey(fit: &Ols<'_>, lags: usize) -> Result<Test, EvidenceError> {
    if lags == 0 {
        return Err(EvidenceError::Parameter {
            parameter: "lags",
            value: "0".to_owned(),
            expected: "1 or more",
        });
    }
    let e = fit.residuals();
    if fit.rss().is_nan() || fit.rss() <= 0.0 {
        return Err(EvidenceError::Constant { what: "residuals" });
    }
    let mut design = fit.design().clone();
    for lag in 1..=lags {
        let kept = e.len().saturating_sub(lag);
        let mut column = vec![0.0; lag.min(e.len())];
        column.extend_from_slice(e.get(..kept).unwrap_or(&[]));
        design = design.with(&format!("residual lag {lag}"), &column)?;
    }
    let auxiliary = Ols::fit(&design, e)?;
    let statistic = (count(e.len()) * auxiliary.r_squared()).max(0.0);
    Ok(Test { statistic, p: chi_square_upper(statistic, count(lags))? })
}

/// Durbin–Watson statistic `Σ(e_t − e_{t−1})² / Σe²`: near 2 without serial correlation; NaN without residuals.
///
/// # Source
///
/// Durbin & Watson (1950).
#[must_use]
pub fn durbin_watson(residuals: &[f64]) -> f64 {
    let steps: f64 = residuals.iter().zip(residuals.iter().skip(1)).map(|(a, b)| (b - a) * (b - a)).sum();
    steps / dot(residuals, residuals)
}

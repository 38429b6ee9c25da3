//! Regression with a normal prior on the coefficients, in closed form.

use super::super::EvidenceError;
use super::super::linalg::{Cholesky, Design, Square, check_finite, check_length, dot};
use crate::border::count;

/// What is believed before the data: `b | σ² ~ N(mean, σ²/precision·I)`, `σ² ~ ν·s²/χ²_ν`.
#[derive(Debug, Clone, PartialEq)]
pub struct ConjugatePrior {
    /// Prior mean of every coefficient.
    pub mean: Vec<f64>,
    /// Prior precision in units of `1/σ²`, the same for every coefficient.
    pub precision: f64,
    /// Degrees of freedom `ν` of the variance.
    pub df: f64,
    /// Prior scale `s²` of the variance.
    pub scale: f64,
}

/// What is believed after the data (后验).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ConjugatePosterior {
    /// Posterior means of the coefficients.
    pub mean: Vec<f64>,
    /// Posterior standard deviations.
    pub standard_deviation: Vec<f64>,
    /// Posterior mean of `σ²`: `(ν·s² + S)/(ν + n − 2)`.
    pub variance: f64,
}

/// The posterior of a regression with a conjugate prior (共轭先验回归): `b̃ = (X'X + A)⁻¹(X'y + A·b̄)`.
///
/// # Errors
///
/// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`] for arguments that do not fit.
/// - [`EvidenceError::Parameter`] for a negative precision.
/// - [`EvidenceError::NotPositiveDefinite`] without a prior on columns that cannot be separated.
///
/// # Source
///
/// Rossi, Allenby & McCulloch, Bayesian Statistics and Marketing, equations 2.8.4 to 2.8.7.
pub fn posterior(
    design: &Design,
    y: &[f64],
    prior: &ConjugatePrior,
) -> Result<ConjugatePosterior, EvidenceError> {
    check_length("y", y.len(), design.rows())?;
    check_finite("y", y)?;
    check_length("prior mean", prior.mean.len(), design.width())?;
    if prior.precision.is_nan() || prior.precision < 0.0 {
        let value = prior.precision.to_string();
        return Err(EvidenceError::Parameter { parameter: "prior precision", value, expected: "0 or more" });
    }
    let gram = Square::symmetric(design.width(), |i, j| {
        let own = if i == j { prior.precision } else { 0.0 };
        dot(design.column(i), design.column(j)) + own
    });
    let factor = Cholesky::new("the Gram matrix", &gram)?;
    let right: Vec<f64> =
        design.columns().zip(&prior.mean).map(|(x, m)| dot(x, y) + prior.precision * m).collect();
    let mean = factor.solve(&right);
    let fitted = design.times(&mean);
    let misses: f64 = y.iter().zip(&fitted).map(|(y, f)| (y - f) * (y - f)).sum();
    let pulls: f64 = mean.iter().zip(&prior.mean).map(|(b, m)| prior.precision * (b - m) * (b - m)).sum();
    let variance = (prior.df * prior.scale + misses + pulls) / (prior.df + count(design.rows()) - 2.0);
    let standard_deviation = factor.inverse().diagonal().iter().map(|v| (v * variance).sqrt()).collect();
    Ok(ConjugatePosterior { mean, standard_deviation, variance })
}

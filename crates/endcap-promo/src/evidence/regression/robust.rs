//! Covariances that do not assume equal scatter or independent weeks.

use super::super::EvidenceError;
use super::super::linalg::{Square, dot};
use super::{FirstOrder, Ols};
use crate::border::count;

/// Whether the sandwich is multiplied by its small-sample factor (小样本修正).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SampleFactor {
    /// No factor: the asymptotic form.
    None,
    /// `n/(n − k)`; for clusters `G/(G − 1)·(n − 1)/(n − k)`.
    SmallSample,
}

/// How the covariance of coefficients is estimated (协方差估计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Covariance {
    /// `s²(X'X)⁻¹`: equal scatter, independent observations.
    Classical,
    /// White: unequal scatter.
    Hc0,
    /// White times `n/(n − k)`.
    Hc1,
    /// Residuals over `√(1 − h)`.
    Hc2,
    /// Residuals over `1 − h`.
    Hc3,
    /// Newey–West: unequal scatter and serial correlation up to `lags` (异方差自相关稳健).
    NeweyWest {
        /// Lags with Bartlett weight `1 − l/(lags + 1)`; 0 is White.
        lags: usize,
        /// Small-sample factor.
        factor: SampleFactor,
    },
    /// Equal scatter, noise that remembers the period before: [`FirstOrder`]. For rows that are periods in order, and for
    /// sums over neighbours, where the Bartlett weights leave part of the correlation out (一阶自相关).
    FirstOrder,
}

/// Lags `⌊4(n/100)^(2/9)⌋` for `n` observations.
///
/// # Source
///
/// Newey & West (1994), rule of thumb for the Bartlett kernel.
#[must_use]
pub fn default_lags(observations: usize) -> usize {
    let bound = 4.0 * libm::pow(count(observations) / 100.0, 2.0 / 9.0);
    (0..100_usize).take_while(|lags| count(*lags) <= bound).last().unwrap_or(0)
}

/// Covariance of the coefficients of a fit.
///
/// `(X'X)⁻¹ M (X'X)⁻¹` with `M = Γ₀ + Σ (1 − l/(L+1))(Γ_l + Γ_l')`, `Γ_l = Σ_t x_t e_t e_{t−l} x_{t−l}'`.
///
/// # Source
///
/// White (1980); MacKinnon & White (1985); Newey & West (1987), equations 5 and 6.
pub(super) fn covariance(fit: &Ols<'_>, estimator: Covariance) -> Result<Square, EvidenceError> {
    let (n, k) = (count(fit.design().rows()), count(fit.design().width()));
    let small = n / (n - k);
    let meat = |weights: &dyn Fn(f64) -> f64| {
        let residuals: Vec<f64> =
            fit.residuals().iter().zip(fit.leverages()).map(|(e, h)| e * weights(h)).collect();
        long_run(&scores(fit, &residuals), 0)
    };
    let (middle, factor) = match estimator {
        Covariance::Classical => return Ok(fit.inverse_gram().scaled(fit.residual_variance())),
        Covariance::FirstOrder => return Ok(FirstOrder::fit(fit)?.covariance(fit)),
        Covariance::Hc0 => (long_run(&scores(fit, fit.residuals()), 0), 1.0),
        Covariance::Hc1 => (long_run(&scores(fit, fit.residuals()), 0), small),
        Covariance::Hc2 => (meat(&|h| 1.0 / (1.0 - h).max(1e-12).sqrt()), 1.0),
        Covariance::Hc3 => (meat(&|h| 1.0 / (1.0 - h).max(1e-12)), 1.0),
        Covariance::NeweyWest { lags, factor } => {
            if lags >= fit.design().rows() {
                let value = lags.to_string();
                return Err(EvidenceError::Parameter {
                    parameter: "lags",
                    value,
                    expected: "below the observations",
                });
            }
            let factor = if factor == SampleFactor::SmallSample { small } else { 1.0 };
            (long_run(&scores(fit, fit.residuals()), lags), factor)
        }
    };
    Ok(fit.inverse_gram().sandwich(&middle).scaled(factor))
}

/// `x_t·e_t`, one vector a column.
pub(super) fn scores(fit: &Ols<'_>, residuals: &[f64]) -> Vec<Vec<f64>> {
    fit.design().columns().map(|x| x.iter().zip(residuals).map(|(x, e)| x * e).collect()).collect()
}

/// Bartlett-weighted long-run covariance sum of score columns.
pub(crate) fn long_run(scores: &[Vec<f64>], lags: usize) -> Square {
    let column = |i: usize| scores.get(i).map_or(&[][..], Vec::as_slice);
    let lagged = |now: &[f64], before: &[f64], lag: usize| {
        let end = before.len().saturating_sub(lag);
        dot(now.get(lag..).unwrap_or(&[]), before.get(..end).unwrap_or(&[]))
    };
    Square::symmetric(scores.len(), |i, j| {
        let (a, b) = (column(i), column(j));
        let mut total = dot(a, b);
        for lag in 1..=lags {
            let weight = 1.0 - count(lag) / (count(lags) + 1.0);
            total += weight * (lagged(a, b, lag) + lagged(b, a, lag));
        }
        total
    })
}

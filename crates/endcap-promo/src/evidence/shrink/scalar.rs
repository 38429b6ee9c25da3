//! Random-effects shrinkage of one effect an account.

use super::super::EvidenceError;
use super::super::distribution::{bisect, normal_cdf, normal_quantile};
use super::super::linalg::{Cholesky, Design, Square, check_finite, check_length, dot, sum};
use crate::border::count;

/// How the variance between accounts is estimated (组间方差估计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Between {
    /// Restricted maximum likelihood (限制极大似然).
    Reml,
    /// Method of moments.
    DerSimonianLaird,
    /// The variance at which the weighted misses equal their degrees of freedom.
    PauleMandel,
    /// No variance between accounts: one common effect.
    Common,
}

/// Effects `y_j ~ N(θ_j, v_j)`, `θ_j ~ N(x_j'b, τ²)` (随机效应模型).
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::shrink::{Between, RandomEffects};
/// // Three accounts: the noisy third one is pulled the most.
/// let fit = RandomEffects::fit(&[0.10, 0.30, 0.80], &[0.001, 0.001, 0.04], Between::Reml)?;
/// let blups = fit.blups()?;
/// assert!(blups[2].mean < 0.7 && blups[0].shrinkage < blups[2].shrinkage);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Raudenbush & Bryk (1985); Viechtbauer (2005) for the REML score; DerSimonian & Laird (1986); Paule & Mandel (1982).
#[derive(Debug, Clone, PartialEq)]
pub struct RandomEffects {
    effects: Vec<f64>,
    variances: Vec<f64>,
    design: Design,
    /// Variance between accounts, exactly 0 when the data show none (组间方差 τ²).
    pub tau_squared: f64,
    /// Coefficients of the moderators; the mean effect alone without moderators.
    pub coefficients: Vec<f64>,
    /// Covariance of the coefficients.
    pub covariance: Square,
    /// `Σ (y − x'b)²/v` around the common-effect fit (异质性 Q).
    pub q: f64,
}

/// An account's effect after shrinkage (收缩估计).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Blup {
    /// Best linear unbiased prediction.
    pub mean: f64,
    /// Its standard deviation, the uncertainty of the mean included.
    pub standard_deviation: f64,
    /// `v/(v + τ²)`: 0 keeps the raw estimate, 1 takes the pooled mean.
    pub shrinkage: f64,
}

impl Blup {
    /// Two-sided normal interval.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a level outside (0, 1).
    pub fn interval(&self, level: f64) -> Result<(f64, f64), EvidenceError> {
        let reach = normal_quantile(0.5 + 0.5 * level)? * self.standard_deviation;
        Ok((self.mean - reach, self.mean + reach))
    }

    /// `P(effect > threshold)`.
    #[must_use]
    pub fn probability_above(&self, threshold: f64) -> f64 {
        if self.standard_deviation > 0.0 {
            normal_cdf((self.mean - threshold) / self.standard_deviation)
        } else if self.mean > threshold {
            1.0
        } else {
            0.0
        }
    }
}

/// The weighted fit at one value of τ².
struct Weighted {
    weights: Vec<f64>,
    residuals: Vec<f64>,
    coefficients: Vec<f64>,
    covariance: Square,
    /// `tr P = Σw − tr((X'WX)⁻¹X'W²X)`.
    trace: f64,
    /// `ln |X'WX|`.
    log_determinant: f64,
}

impl RandomEffects {
    /// Effects around one mean.
    ///
    /// # Errors
    ///
    /// - As [`Self::with_moderators`].
    pub fn fit(effects: &[f64], variances: &[f64], between: Between) -> Result<Self, EvidenceError> {
        let design = Design::new(effects.len())?.constant("mean")?;
        Self::with_moderators(effects, variances, design, between)
    }

    /// Effects around a line in the moderators, such as format or region.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`].
    /// - [`EvidenceError::Parameter`] for a variance that is not above zero.
    /// - [`EvidenceError::TooFew`] with no more effects than moderators.
    /// - [`EvidenceError::NotPositiveDefinite`] for moderators that cannot be separated.
    pub fn with_moderators(
        effects: &[f64],
        variances: &[f64],
        design: Design,
        between: Between,
    ) -> Result<Self, EvidenceError> {
        check_length("variances", variances.len(), effects.len())?;
        check_length("moderators", design.rows(), effects.len())?;
        check_finite("effects", effects)?;
        check_finite("variances", variances)?;
        if let Some(bad) = variances.iter().find(|v| **v <= 0.0) {
            let value = bad.to_string();
            return Err(EvidenceError::Parameter { parameter: "variance", value, expected: "above 0" });
        }
        let spare = effects.len().saturating_sub(design.width());
        if spare == 0 {
            let need = design.width().saturating_add(1);
            return Err(EvidenceError::TooFew { what: "effects", have: effects.len(), need });
        }
        let at = |tau: f64| weighted(effects, variances, &design, tau);
        let common = at(0.0)?;
        let q = common.misses(1);
        let tau_squared = match between {
            Between::Common => 0.0,
            Between::DerSimonianLaird => ((q - count(spare)) / common.trace).max(0.0),
            Between::PauleMandel => root(variances, |tau| Ok(at(tau)?.misses(1) - count(spare)))?,
            // The score, twice: y'PPy − tr P.
            Between::Reml => root(variances, |tau| at(tau).map(|fit| fit.misses(2) - fit.trace))?,
        };
        let fit = at(tau_squared)?;
        Ok(Self {
            effects: effects.to_vec(),
            variances: variances.to_vec(),
            design,
            tau_squared,
            coefficients: fit.coefficients,
            covariance: fit.covariance,
            q,
        })
    }

    /// Degrees of freedom of [`Self::q`].
    #[must_use]
    pub fn df(&self) -> usize {
        self.effects.len().saturating_sub(self.design.width())
    }

    /// Standard errors of the coefficients.
    #[must_use]
    pub fn standard_errors(&self) -> Vec<f64> {
        super::super::regression::roots(&self.covariance)
    }

    /// Share of the variation that is not noise, `(Q − df)/Q`, at least 0 (异质性占比 I²).
    #[must_use]
    pub fn heterogeneity(&self) -> f64 {
        ((self.q - count(self.df())) / self.q).max(0.0)
    }

    /// Every account's effect after shrinkage, in the order given: `x'b + B·(y − x'b)` with `B = τ²/(τ² + v)` and
    /// variance `B·v + (1 − B)²·x'Cov(b)x`.
    ///
    /// `τ²` is taken as known: with thirty accounts 91 % of the 95 % intervals hold. [`Self::posteriors`] carries the
    /// doubt about `τ²` along.
    ///
    /// # Errors
    ///
    /// - Never for a fit of this crate.
    pub fn blups(&self) -> Result<Vec<Blup>, EvidenceError> {
        let found = self.shrunk(self.tau_squared, &self.coefficients, &self.covariance);
        Ok(found
            .into_iter()
            .zip(&self.variances)
            .map(|((mean, standard_deviation), v)| Blup {
                mean,
                standard_deviation,
                shrinkage: v / (self.tau_squared + v),
            })
            .collect())
    }

    /// Restricted log likelihood at one `τ²`.
    pub(super) fn log_likelihood(&self, tau_squared: f64) -> Result<f64, EvidenceError> {
        Ok(weighted(&self.effects, &self.variances, &self.design, tau_squared)?.log_likelihood())
    }

    /// Mean and standard deviation of every account at one `τ²`.
    pub(super) fn at(&self, tau_squared: f64) -> Result<Vec<(f64, f64)>, EvidenceError> {
        let fit = weighted(&self.effects, &self.variances, &self.design, tau_squared)?;
        Ok(self.shrunk(tau_squared, &fit.coefficients, &fit.covariance))
    }

    /// Scale of the sampling errors: the root of their harmonic mean.
    pub(super) fn error_scale(&self) -> f64 {
        let inverse: f64 = self.variances.iter().map(|v| 1.0 / v).sum();
        (count(self.variances.len()) / inverse).sqrt()
    }

    /// Sampling variances.
    pub(super) fn variances(&self) -> &[f64] {
        &self.variances
    }

    /// `x_j'b` as a weighted sum of all effects: the weights of account `j` at [`Self::tau_squared`].
    pub(super) fn pooling(&self, j: usize) -> Vec<f64> {
        let row: Vec<f64> = self.design.columns().filter_map(|column| column.get(j).copied()).collect();
        let own = self.design.times(&self.covariance.times(&row));
        own.iter().zip(&self.variances).map(|(x, v)| x / (v + self.tau_squared)).collect()
    }

    /// Raw effects.
    pub(super) fn raw(&self) -> &[f64] {
        &self.effects
    }

    /// Mean and standard deviation of every account at one `τ²`.
    fn shrunk(&self, tau_squared: f64, coefficients: &[f64], covariance: &Square) -> Vec<(f64, f64)> {
        let fitted = self.design.times(coefficients);
        let columns: Vec<&[f64]> = self.design.columns().collect();
        let rows = self.effects.iter().zip(&self.variances).zip(&fitted).enumerate();
        rows.map(|(j, ((y, v), pooled))| {
            let keep = tau_squared / (tau_squared + v);
            let x: Vec<f64> = columns.iter().filter_map(|c| c.get(j).copied()).collect();
            let variance = keep * v + (1.0 - keep) * (1.0 - keep) * covariance.form(&x, &x);
            (pooled + keep * (y - pooled), variance.sqrt())
        })
        .collect()
    }

    /// The effect of an account without data of its own, at moderators `x` (预测分布).
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`] for another number of moderators.
    pub fn predict(&self, x: &[f64]) -> Result<Blup, EvidenceError> {
        check_length("moderators", x.len(), self.coefficients.len())?;
        let variance = self.tau_squared + self.covariance.form(x, x);
        let mean = dot(x, &self.coefficients);
        Ok(Blup { mean, standard_deviation: variance.sqrt(), shrinkage: 1.0 })
    }
}

impl Weighted {
    /// `½(Σ ln w − ln|X'WX| − Σ w·r²)`.
    fn log_likelihood(&self) -> f64 {
        let spread: f64 = self.weights.iter().map(|w| libm::log(*w)).sum();
        0.5 * (spread - self.log_determinant - self.misses(1))
    }

    /// `Σ w^power·r²`.
    fn misses(&self, power: i32) -> f64 {
        let terms: Vec<f64> =
            self.weights.iter().zip(&self.residuals).map(|(w, r)| w.powi(power) * r * r).collect();
        sum(&terms)
    }
}

fn weighted(
    effects: &[f64],
    variances: &[f64],
    design: &Design,
    tau: f64,
) -> Result<Weighted, EvidenceError> {
    let weights: Vec<f64> = variances.iter().map(|v| 1.0 / (v + tau)).collect();
    let gram = |power: i32| {
        Square::symmetric(design.width(), |i, j| {
            let pairs = design.column(i).iter().zip(design.column(j)).zip(&weights);
            pairs.map(|((a, b), w)| a * b * w.powi(power)).sum()
        })
    };
    let factor = Cholesky::new("the moderators' Gram matrix", &gram(1))?;
    let weighted_effects: Vec<f64> = effects.iter().zip(&weights).map(|(y, w)| y * w).collect();
    let right: Vec<f64> = design.columns().map(|x| dot(x, &weighted_effects)).collect();
    let coefficients = factor.solve(&right);
    let fitted = design.times(&coefficients);
    let residuals = effects.iter().zip(&fitted).map(|(y, f)| y - f).collect();
    let covariance = factor.inverse();
    let squared = gram(2);
    let lost: f64 = covariance.rows().zip(squared.rows()).map(|(a, b)| dot(a, b)).sum();
    let trace = sum(&weights) - lost;
    let log_determinant = factor.log_determinant();
    Ok(Weighted { weights, residuals, coefficients, covariance, trace, log_determinant })
}

/// Where a function that falls through zero does so, or exactly 0 when it starts at or below.
fn root(variances: &[f64], f: impl Fn(f64) -> Result<f64, EvidenceError>) -> Result<f64, EvidenceError> {
    if f(0.0)? <= 0.0 {
        return Ok(0.0);
    }
    let mut high = sum(variances) / count(variances.len());
    let mut rounds: usize = 0;
    while f(high)? > 0.0 {
        high *= 2.0;
        rounds = rounds.saturating_add(1);
        if rounds > 200 {
            return Err(EvidenceError::NotConverged {
                what: "variance between accounts",
                iterations: rounds,
            });
        }
    }
    Ok(bisect(0.0, high, |tau| f(tau).is_ok_and(|value| value > 0.0)))
}

//! A finite mixture of normals: the posterior of an effect.

use super::super::EvidenceError;
use super::super::distribution::{check_probability, normal_cdf, normal_quantile};

/// Components lighter than this share of the whole are left out.
const NEGLIGIBLE: f64 = 1e-14;

/// `Σ w_i·N(m_i, s_i²)` (正态混合分布).
///
/// # Source
///
/// The posterior of a conditionally normal model given a grid of its scales: Robert, The Bayesian Choice, 3.4.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Mixture {
    /// Weight, mean and standard deviation of every component.
    parts: Vec<(f64, f64, f64)>,
}

impl Mixture {
    /// Normalises weights given as logarithms and drops what is negligible.
    pub(in crate::evidence) fn from_logs(
        parts: impl Iterator<Item = (f64, f64, f64)> + Clone,
    ) -> Result<Self, EvidenceError> {
        let most = parts.clone().fold(f64::NEG_INFINITY, |most, part| most.max(part.0));
        if !most.is_finite() {
            return Err(EvidenceError::NotFinite { what: "log posterior", at: 0, value: most });
        }
        let weighed: Vec<(f64, f64, f64)> = parts
            .filter(|(log, _, _)| log - most > -40.0)
            .map(|(log, mean, deviation)| (libm::exp(log - most), mean, deviation))
            .collect();
        let total: f64 = weighed.iter().map(|part| part.0).sum();
        let kept: Vec<(f64, f64, f64)> =
            weighed.into_iter().filter(|part| part.0 > NEGLIGIBLE * total).collect();
        let total: f64 = kept.iter().map(|part| part.0).sum();
        Ok(Self { parts: kept.into_iter().map(|(w, m, s)| (w / total, m, s)).collect() })
    }

    /// `a + b·X` for a mixture `X`.
    #[must_use]
    pub fn affine(&self, a: f64, b: f64) -> Self {
        Self { parts: self.parts.iter().map(|(w, m, s)| (*w, a + b * m, b.abs() * s)).collect() }
    }

    /// Mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.parts.iter().map(|(w, m, _)| w * m).sum()
    }

    /// Standard deviation.
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        let centre = self.mean();
        self.parts.iter().map(|(w, m, s)| w * (s * s + (m - centre) * (m - centre))).sum::<f64>().sqrt()
    }

    /// `P(X ≤ x)`.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        self.parts.iter().map(|(w, m, s)| w * normal_cdf((x - m) / s)).sum::<f64>().clamp(0.0, 1.0)
    }

    /// The value with `P(X ≤ x) = probability`: Newton's method kept inside a bracket.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] outside (0, 1).
    pub fn quantile(&self, probability: f64) -> Result<f64, EvidenceError> {
        check_probability(probability)?;
        let reach = normal_quantile(probability)?;
        let ends = self.parts.iter().map(|(_, m, s)| m + reach * s);
        // The mixture's quantile lies between the smallest and the largest of its components'.
        let (mut low, mut high) =
            ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        let width = high - low;
        let mut x = (self.mean() + reach * self.standard_deviation()).clamp(low, high);
        for _ in 0..200 {
            let miss = self.cdf(x) - probability;
            if miss > 0.0 {
                high = x;
            } else {
                low = x;
            }
            let next = x - miss / self.density(x);
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            if (next - x).abs() <= 1e-12 * width || high - low <= 1e-14 * width {
                return Ok(next);
            }
            x = next;
        }
        Ok(x)
    }

    fn density(&self, x: f64) -> f64 {
        let bell = |z: f64| libm::exp(-0.5 * z * z) * 0.398_942_280_401_432_7;
        self.parts.iter().map(|(w, m, s)| w * bell((x - m) / s) / s).sum()
    }
}

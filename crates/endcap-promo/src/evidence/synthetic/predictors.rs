//! Synthetic control on predictors: the inner problem for given importance of the predictors.

use super::super::EvidenceError;
use super::super::linalg::{check_finite, check_length, variance};
use super::super::simplex::simplex_least_squares;

/// Weights that match predictors.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PredictorFit {
    /// Weights of the donors, in the order given.
    pub weights: Vec<f64>,
    /// Standard deviation of every predictor over all units, the treated included: its scale.
    pub scales: Vec<f64>,
    /// `Σ v·((x₁ − X₀w)/scale)²`.
    pub loss: f64,
    /// How far the weights are from their optimality conditions, relative.
    pub kkt_residual: f64,
}

/// Donor weights for predictors of given importance (预测变量合成控制): `min Σ_p v_p·((x_p − Σ_j w_j·x_pj)/s_p)²` on the
/// simplex.
///
/// `treated[p]` is predictor `p` of the treated unit, `donors[j][p]` of donor `j`, `importance[p] ≥ 0`. Name the donor list:
/// one extra aggregate among the units changes every scale.
///
/// # Errors
///
/// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`]; [`EvidenceError::Parameter`] for negative importance.
/// - [`EvidenceError::Constant`] for a predictor that is the same everywhere.
/// - As [`simplex_least_squares`].
///
/// # Source
///
/// Abadie, Diamond & Hainmueller (2010), section 2.3.
pub fn predictor_weights(
    treated: &[f64],
    donors: &[&[f64]],
    importance: &[f64],
) -> Result<PredictorFit, EvidenceError> {
    check_length("importance", importance.len(), treated.len())?;
    check_finite("importance", importance)?;
    check_finite("predictors", treated)?;
    if let Some(bad) = importance.iter().find(|v| **v < 0.0) {
        let value = bad.to_string();
        return Err(EvidenceError::Parameter { parameter: "importance", value, expected: "0 or more" });
    }
    for donor in donors {
        check_length("predictors of a donor", donor.len(), treated.len())?;
    }
    let scales = scales(treated, donors)?;
    let scaled = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(&scales).zip(importance).map(|((x, s), v)| x / s * v.sqrt()).collect()
    };
    let columns: Vec<Vec<f64>> = donors.iter().map(|donor| scaled(donor)).collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let fit = simplex_least_squares(&slices, &scaled(treated), 0.0)?;
    Ok(PredictorFit { weights: fit.weights, scales, loss: fit.objective, kkt_residual: fit.kkt_residual })
}

/// Standard deviation of every predictor over all units, the treated included.
pub(super) fn scales(treated: &[f64], donors: &[&[f64]]) -> Result<Vec<f64>, EvidenceError> {
    let mut scales = Vec::with_capacity(treated.len());
    for (p, own) in treated.iter().enumerate() {
        let all: Vec<f64> =
            core::iter::once(*own).chain(donors.iter().filter_map(|d| d.get(p).copied())).collect();
        let scale = variance(&all)?.sqrt();
        if scale == 0.0 {
            return Err(EvidenceError::Constant { what: "predictor" });
        }
        scales.push(scale);
    }
    Ok(scales)
}

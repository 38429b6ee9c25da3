//! Widening intervals by what the same method finds where nothing happened.

use super::super::EvidenceError;
use super::super::linalg::{check_finite, dot};
use crate::border::count;

/// Fewest placebo events.
pub const MIN_PLACEBOS: usize = 20;

/// How much wider than stated the intervals must be (经验校准系数): the root mean square of placebo effects over their own
/// standard errors, at least 1.
///
/// A model that leaves something out (prices, drift, a competitor) states too small an error. Events where nothing
/// happened show by how much; multiply the standard error by this and read it with as many degrees of freedom as there
/// are placebos.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for fewer than twenty placebos; [`EvidenceError::NotFinite`].
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::infer::calibration::inflation;
/// let z: Vec<f64> = (0..20).map(|i| if i % 2 == 0 { 2.0 } else { -2.0 }).collect();
/// assert_eq!(inflation(&z)?, 2.0);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Schuemie, Ryan, DuMouchel, Suchard & Madigan (2014), empirical calibration by negative controls; here with the mean
/// fixed at zero.
pub fn inflation(scores: &[f64]) -> Result<f64, EvidenceError> {
    check_finite("placebo scores", scores)?;
    if scores.len() < MIN_PLACEBOS {
        return Err(EvidenceError::TooFew { what: "placebo events", have: scores.len(), need: MIN_PLACEBOS });
    }
    Ok((dot(scores, scores) / count(scores.len())).sqrt().max(1.0))
}

//! Widening intervals by what the same method finds where nothing happened.

use super::super::EvidenceError;
use super::super::distribution::check_probability;
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

/// How many of its own standard errors an effect must be away from zero (共形临界值): the `⌈level·(n + 1)⌉`-th smallest of the
/// absolute placebo scores.
///
/// No shape is assumed: if the event's score is one of `n + 1` exchangeable ones, the interval `effect ± reach·s` holds at
/// least `level` of them, with heavy tails, drift or an error that is too small throughout. What it cannot mend is an
/// event that differs from all placebos, such as a week in which all prices moved.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for a level outside (0, 1); [`EvidenceError::NotFinite`].
/// - [`EvidenceError::TooFew`] for fewer placebos than the level needs: nineteen for 95 %.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::infer::calibration::conformal_reach;
/// let scores: Vec<f64> = (1..=39).map(|i| f64::from(i) / 10.0).collect();
/// assert_eq!(conformal_reach(&scores, 0.95)?, 3.8); // the 38th of 39: 0.95 × 40
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, proposition 2.3; Lei, G'Sell, Rinaldo,
/// Tibshirani & Wasserman (2018), section 2.2, split conformal intervals with scaled residuals.
pub fn conformal_reach(scores: &[f64], level: f64) -> Result<f64, EvidenceError> {
    check_finite("placebo scores", scores)?;
    check_probability(level)?;
    let mut sizes: Vec<f64> = scores.iter().map(|score| score.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let place = level * (count(sizes.len()) + 1.0);
    // The first rank not below the place, rounding of the product aside.
    let found = sizes.iter().zip(1_usize..).find(|(_, rank)| count(*rank) >= place - 1e-9);
    found.map(|(size, _)| *size).ok_or_else(|| {
        let need = (1_usize..=1_000_000).find(|n| count(*n) >= level * (count(*n) + 1.0) - 1e-9);
        EvidenceError::TooFew { what: "placebo events", have: sizes.len(), need: need.unwrap_or(usize::MAX) }
    })
}

//! Tail probabilities and detectable effects from the ranks of placebo scores.

use super::super::EvidenceError;
use super::super::linalg::check_finite;
use super::calibration::conformal_reach;
use crate::border::count;

/// Absolute scores of placebo events, sorted: a distribution without a shape (占位得分分布).
///
/// Read as symmetric: a method without a preferred direction finds gains and losses alike where nothing happens.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::infer::conformal::PlaceboScores;
/// let scores = PlaceboScores::new(&(1..=39).map(|i| f64::from(i) / 10.0).collect::<Vec<_>>())?;
/// assert_eq!(scores.reach(0.95)?, 3.8);
/// assert_eq!(scores.p_two_sided(3.85), 0.05); // one placebo went farther: (1 + 1) / 40
/// assert_eq!(scores.p_two_sided(3.8), 0.075); // at the limit, inside the interval
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Vovk, Gammerman & Shafer (2005), conformal p-values; Phipson & Smyth (2010) for the one added above and below.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceboScores {
    sizes: Vec<f64>,
}

impl PlaceboScores {
    /// Takes the sizes of the scores.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] for none; [`EvidenceError::NotFinite`].
    pub fn new(scores: &[f64]) -> Result<Self, EvidenceError> {
        check_finite("placebo scores", scores)?;
        if scores.is_empty() {
            return Err(EvidenceError::TooFew { what: "placebo events", have: 0, need: 1 });
        }
        let mut sizes: Vec<f64> = scores.iter().map(|score| score.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        Ok(Self { sizes })
    }

    /// Number of placebo events.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// How many of its own standard errors an effect must be away from zero: [`conformal_reach`].
    ///
    /// # Errors
    ///
    /// - As [`conformal_reach`].
    pub fn reach(&self, level: f64) -> Result<f64, EvidenceError> {
        conformal_reach(&self.sizes, level)
    }

    /// `(1 + placebos at least as far) / (1 + placebos)`: below α exactly when the score is beyond [`Self::reach`] of
    /// `1 − α`, up to the steps of the ranks.
    #[must_use]
    pub fn p_two_sided(&self, score: f64) -> f64 {
        let nearer = self.sizes.partition_point(|size| *size < score.abs());
        let farther = self.sizes.len().saturating_sub(nearer);
        (1.0 + count(farther)) / (1.0 + count(self.sizes.len()))
    }

    /// One-sided p-value of "the truth is not below a bound `distance` standard errors above the estimate".
    #[must_use]
    pub fn p_beyond(&self, distance: f64) -> f64 {
        let half = 0.5 * self.p_two_sided(distance);
        if distance > 0.0 { half } else { 1.0 - half }
    }

    /// The size that a share `power` of signed placebo scores stays below, for a power above one half: what must be added
    /// to the reach for an effect to be seen with that power.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a power outside (0.5, 1); [`EvidenceError::TooFew`] as [`conformal_reach`].
    pub fn margin(&self, power: f64) -> Result<f64, EvidenceError> {
        if !(power > 0.5 && power < 1.0) {
            let value = power.to_string();
            return Err(EvidenceError::Parameter {
                parameter: "power",
                value,
                expected: "above 0.5 and below 1",
            });
        }
        self.reach(2.0 * power - 1.0)
    }
}

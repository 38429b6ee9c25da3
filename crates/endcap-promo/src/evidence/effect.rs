//! What every design answers: an effect, its uncertainty, and what would have sold without it.

use super::EvidenceError;
use super::distribution::{student_cdf, student_quantile};

/// An estimated effect with a Student-t interval (效果估计); all figures in one unit, cumulative over the window.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::Effect;
/// let effect = Effect { point: 147_337.12, standard_error: 4_625.51, df: 40.0, base: 846_939.28 };
/// let (low, high) = effect.interval(0.95)?;
/// assert!(low > 137_988.0 && high < 156_687.0);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Student (1908) for the interval; house rule for refusing a share of a base that may be zero (Fieller, 1954).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Effect {
    /// Actual less expected.
    pub point: f64,
    /// Standard error of the effect.
    pub standard_error: f64,
    /// Degrees of freedom of the standard error; infinite for a normal.
    pub df: f64,
    /// Expected without the event; the actual is `base + point`.
    pub base: f64,
}

/// An effect as a share of the base (相对效果).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Relative {
    /// `effect / base`.
    pub point: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Effect {
    /// Two-sided interval with error probability `1 − level`.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a level outside (0, 1).
    pub fn interval(&self, level: f64) -> Result<(f64, f64), EvidenceError> {
        let reach = student_quantile(0.5 + 0.5 * level, self.df)? * self.standard_error;
        Ok((self.point - reach, self.point + reach))
    }

    /// The value the effect exceeds with confidence `level`.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a level outside (0, 1).
    pub fn lower_bound(&self, level: f64) -> Result<f64, EvidenceError> {
        Ok(self.point - student_quantile(level, self.df)? * self.standard_error)
    }

    /// `P(T ≤ −|effect|/se)`, the smaller tail; 0 or ½ without noise.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for degrees of freedom that are not above zero.
    pub fn tail(&self) -> Result<f64, EvidenceError> {
        if self.standard_error > 0.0 {
            student_cdf(-self.point.abs() / self.standard_error, self.df)
        } else {
            Ok(if self.point == 0.0 { 0.5 } else { 0.0 })
        }
    }

    /// Two-sided p-value of "no effect": below α exactly when the interval of level `1 − α` excludes 0.
    ///
    /// # Errors
    ///
    /// - As [`Self::tail`].
    pub fn p_two_sided(&self) -> Result<f64, EvidenceError> {
        Ok((2.0 * self.tail()?).min(1.0))
    }

    /// The effect over the base; `None` when the interval of the base holds 0, and a share would have no sign.
    ///
    /// Actual sales are known, so `effect ↦ effect/(actual − effect)` carries the interval over.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a level outside (0, 1).
    pub fn relative(&self, level: f64) -> Result<Option<Relative>, EvidenceError> {
        let (low, high) = self.interval(level)?;
        Ok(relative(self.base, self.point, low, high))
    }
}

/// Point and ends over the base they leave.
pub(crate) fn relative(base: f64, point: f64, low: f64, high: f64) -> Option<Relative> {
    let actual = base + point;
    let clear = (actual - low).min(actual - high) > 0.0;
    clear.then(|| Relative { point: point / base, low: low / (actual - low), high: high / (actual - high) })
}

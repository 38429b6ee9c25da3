//! Before and after, treated and control.

use super::super::EvidenceError;
use super::super::effect::Effect;
use super::super::linalg::{check_finite, mean, variance};
use crate::border::count;

/// How the spread between units is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DidSpread {
    /// One spread for both groups, `n − 2` degrees of freedom; needed with a single treated unit.
    Pooled,
    /// Each group its own, Welch–Satterthwaite degrees of freedom: clusters of unequal scatter.
    Separate,
}

/// `(ȳ_T,post − ȳ_T,pre) − (ȳ_C,post − ȳ_C,pre)` per period of two groups (双重差分).
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for an empty window; [`EvidenceError::NotFinite`].
///
/// # Source
///
/// Angrist & Pischke, Mostly Harmless Econometrics, section 5.2.
pub fn difference_in_differences(
    treated: (&[f64], &[f64]),
    control: (&[f64], &[f64]),
) -> Result<f64, EvidenceError> {
    for window in [treated.0, treated.1, control.0, control.1] {
        check_finite("group", window)?;
        if window.is_empty() {
            return Err(EvidenceError::TooFew { what: "periods of a window", have: 0, need: 1 });
        }
    }
    Ok((mean(treated.1) - mean(treated.0)) - (mean(control.1) - mean(control.0)))
}

/// The mean difference between treated and control units in their own change, unit by unit (按门店的双重差分).
///
/// `treated[i]` and `control[i]` are changes of one unit, post mean less pre mean: the unit is the cluster, so its weeks
/// may be correlated in any way. `base` is the mean the treated units would have sold.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for fewer than two control units, or fewer than two treated ones with
///   [`DidSpread::Separate`]; [`EvidenceError::NotFinite`]; [`EvidenceError::Constant`] when no unit differs from another.
///
/// # Source
///
/// Bertrand, Duflo & Mullainathan (2004), collapsing to two periods; Welch (1947).
pub fn unit_differences(
    treated: &[f64],
    control: &[f64],
    treated_post_mean: f64,
    spread: DidSpread,
) -> Result<Effect, EvidenceError> {
    check_finite("treated units", treated)?;
    check_finite("control units", control)?;
    let need = if spread == DidSpread::Separate { 2 } else { 1 };
    if treated.len() < need {
        return Err(EvidenceError::TooFew { what: "treated units", have: treated.len(), need });
    }
    if control.len() < 2 {
        return Err(EvidenceError::TooFew { what: "control units", have: control.len(), need: 2 });
    }
    let point = mean(treated) - mean(control);
    let (n, m) = (count(treated.len()), count(control.len()));
    let own = if treated.len() > 1 { variance(treated)? } else { 0.0 };
    let other = variance(control)?;
    let (squared, df) = match spread {
        DidSpread::Pooled => {
            let pooled = ((n - 1.0) * own + (m - 1.0) * other) / (n + m - 2.0);
            (pooled * (1.0 / n + 1.0 / m), n + m - 2.0)
        }
        DidSpread::Separate => {
            let (a, b) = (own / n, other / m);
            (a + b, (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (m - 1.0)))
        }
    };
    if squared <= 0.0 {
        return Err(EvidenceError::Constant { what: "change of the units" });
    }
    Ok(Effect { point, standard_error: squared.sqrt(), df, base: treated_post_mean - point })
}

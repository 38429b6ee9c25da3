//! Effects that obey the signs the field knows.

use super::super::EvidenceError;
use super::super::linalg::{Cholesky, Square};

/// Most sign constraints that are enumerated.
const MAX_SIGNS: usize = 10;

/// What an effect may be (符号约束).
///
/// # Source
///
/// Boatwright, McCulloch & Rossi (1999), account-level elasticities with known signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Sign {
    /// Anything.
    Free,
    /// Not below zero: display, feature (不为负).
    NotNegative,
    /// Not above zero: own price elasticity (不为正).
    NotPositive,
}

impl Sign {
    /// Whether a value obeys.
    #[must_use]
    pub fn allows(self, value: f64) -> bool {
        match self {
            Self::Free => true,
            Self::NotNegative => value >= 0.0,
            Self::NotPositive => value <= 0.0,
        }
    }
}

/// The minimum of `(x − centre)'Q(x − centre)` among the `x` that obey the signs: the one set of binding constraints
/// whose multipliers all push the right way.
///
/// # Source
///
/// Karush–Kuhn–Tucker conditions of a convex quadratic: Nocedal & Wright, Numerical Optimization, theorem 16.4.
pub(super) fn constrained(centre: &[f64], q: &Square, signs: &[Sign]) -> Result<Vec<f64>, EvidenceError> {
    let bound: Vec<usize> =
        signs.iter().enumerate().filter(|(_, sign)| **sign != Sign::Free).map(|(i, _)| i).collect();
    if bound.len() > MAX_SIGNS {
        return Err(EvidenceError::TooMany { what: "sign constraints", have: bound.len(), limit: MAX_SIGNS });
    }
    let scale = centre.iter().fold(0.0_f64, |most, x| most.max(x.abs())) * q.largest();
    for mask in 0..1_u32.checked_shl(u32::try_from(bound.len()).unwrap_or(0)).unwrap_or(1) {
        let fixed: Vec<usize> =
            bound.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, i)| *i).collect();
        let x = with_zeros(centre, q, &fixed)?;
        let away: Vec<f64> = x.iter().zip(centre).map(|(x, c)| x - c).collect();
        let push = q.times(&away);
        let feasible = x.iter().zip(signs).all(|(x, sign)| sign.allows(*x));
        let pushed = fixed.iter().all(|i| match (signs.get(*i), push.get(*i)) {
            (Some(Sign::NotNegative), Some(g)) => *g >= -1e-12 * scale,
            (Some(Sign::NotPositive), Some(g)) => *g <= 1e-12 * scale,
            _ => false,
        });
        if feasible && pushed {
            return Ok(x);
        }
    }
    Err(EvidenceError::NotConverged { what: "sign constraints", iterations: bound.len() })
}

/// The minimum with some entries held at zero: `x_f = c_f + Q_ff⁻¹Q_fa·c_a`.
fn with_zeros(centre: &[f64], q: &Square, fixed: &[usize]) -> Result<Vec<f64>, EvidenceError> {
    if fixed.is_empty() {
        return Ok(centre.to_vec());
    }
    let free: Vec<usize> = (0..centre.len()).filter(|i| !fixed.contains(i)).collect();
    let at = |list: &[usize], i: usize| list.get(i).copied().unwrap_or(usize::MAX);
    let inner = Square::symmetric(free.len(), |i, j| q.at(at(&free, i), at(&free, j)));
    let value = |i: usize| centre.get(i).copied().unwrap_or(f64::NAN);
    let right: Vec<f64> =
        free.iter().map(|f| fixed.iter().map(|a| q.at(*f, *a) * value(*a)).sum::<f64>()).collect();
    let shift = Cholesky::new("the free effects' precision", &inner)?.solve(&right);
    let mut x = vec![0.0; centre.len()];
    for (f, shift) in free.iter().zip(&shift) {
        if let Some(slot) = x.get_mut(*f) {
            *slot = value(*f) + shift;
        }
    }
    Ok(x)
}

//! The mean number of purchases of a Poisson–gamma buyer who may drop out after each: a beta mixture of one function.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::quadrature::over_logit;
use super::special_functions::ln_beta_of;

/// Below this first beta parameter the long tail towards no dropout is taken out in closed form.
const LONG_TAIL: f64 = 0.5;

/// `∫₀¹ g(p)·Beta(p; a, b) dp` with `g(p) = [1 − (1 + pz)^−n]/p` and `g(0) = nz`.
///
/// `n` is the shape and `z` the horizon over the scale of the purchase rate, `p` the chance to drop out after a
/// purchase. There is no singularity at `a = 1` or `a + b = 1`, where the hypergeometric forms divide zero by zero.
/// `None` where the quadrature does not settle.
pub(crate) fn thinned_mean(n: f64, z: f64, a: f64, b: f64) -> Option<f64> {
    if z <= 0.0 {
        return Some(0.0);
    }
    let ln_norm = ln_beta_of(a, b);
    let scale = (1.0 / a + 1.0 / b).sqrt();
    let loyal = n * z;
    if a < LONG_TAIL && a * loyal.ln_1p() < 3.0 {
        // nz − ∫ (nz − g): what is left of the integrand falls like p^(a+1).
        let centre = ((a + 1.0) / b).ln();
        let missing = over_logit(centre, scale, |at| {
            shortfall(n, z, at.p) * (a * at.ln_p + b * at.ln_q - ln_norm).exp()
        })?;
        return Some((loyal - missing).max(0.0));
    }
    let centre = (a / b).ln();
    over_logit(centre, scale, |at| gain(n, z, at.p) * (a * at.ln_p + b * at.ln_q - ln_norm).exp())
}

/// `g(p)`.
fn gain(n: f64, z: f64, p: f64) -> f64 {
    if p == 0.0 { n * z } else { -(-n * (p * z).ln_1p()).exp_m1() / p }
}

/// `nz − g(p)`, by its series where the difference would cancel.
fn shortfall(n: f64, z: f64, p: f64) -> f64 {
    let q = p * z;
    if (n + 2.0) * q > 0.1 {
        return n * z - gain(n, z, p);
    }
    // Σ_{k≥1} (−1)^(k+1) · z · n(n+1)…(n+k)/(k+1)! · q^k
    let (mut term, mut sum, mut k) = (n * z, 0.0, 1.0);
    while k < 20.0 {
        term *= -(n + k) / (k + 1.0) * q;
        sum -= term;
        if term.abs() <= 1e-17 * sum.abs() {
            break;
        }
        k += 1.0;
    }
    sum
}

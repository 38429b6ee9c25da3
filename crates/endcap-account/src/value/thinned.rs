//! The mean number of purchases of a Poisson–gamma buyer who may drop out after each: a beta mixture of one function.
//!
//! # Source
//!
//! House rule: the beta mixture that the hypergeometric form of Fader, Hardie and Lee 2005 sums up, kept as an integral.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::quadrature::{Logit, over_logit};
use super::special_functions::{ln_beta_of, sigmoid};

/// Below this beta parameter the long tail towards no dropout, or certain dropout, is taken out in closed form.
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
    let loyal = n * z;
    if a.min(b) < LONG_TAIL && (a * loyal.ln_1p() < 3.0 || b < 0.05) {
        // The chord from g(0) to g(1) has the mean (b·g(0) + a·g(1))/(a+b); what it is too high by falls off towards
        // both ends one power faster than the weight.
        let scale = (1.0 / (a + 1.0) + 1.0 / (b + 1.0)).sqrt();
        let chord = Chord::new(n, z);
        let centre = ((a + 1.0) / (b + 1.0)).ln();
        let excess =
            over_logit(centre, scale, |at| chord.excess(at) * (a * at.ln_p + b * at.ln_q - ln_norm).exp())?;
        return Some((b / (a + b) * loyal + a / (a + b) * chord.end - excess).max(0.0));
    }
    let scale = (1.0 / a + 1.0 / b).sqrt();
    let centre = (a / b).ln();
    if a.min(b) > 1.0 {
        // Relative to the peak of the weight, where the large parts of the two logarithms cancel beforehand, and divided
        // by its own sum: digits survive a and b of any size.
        let (p, q) = (sigmoid(centre), sigmoid(-centre));
        let weight =
            |away: f64| (-a * (q * (-away).exp_m1()).ln_1p() - b * (p * away.exp_m1()).ln_1p()).exp();
        let whole = over_logit(centre, scale, |at| weight(at.away))?;
        return Some(over_logit(centre, scale, |at| gain(n, z, at.p) * weight(at.away))? / whole);
    }
    over_logit(centre, scale, |at| gain(n, z, at.p) * (a * at.ln_p + b * at.ln_q - ln_norm).exp())
}

/// `g(p)`.
fn gain(n: f64, z: f64, p: f64) -> f64 {
    if p == 0.0 { n * z } else { -(-n * (p * z).ln_1p()).exp_m1() / p }
}

/// The straight line from `g(0) = nz` to `g(1)`, above the convex `g` between them.
struct Chord {
    n: f64,
    z: f64,
    end: f64,
    /// `(1+z)^−n`.
    never: f64,
}

impl Chord {
    fn new(n: f64, z: f64) -> Self {
        let exponent = -n * z.ln_1p();
        Self { n, z, end: -exponent.exp_m1(), never: exponent.exp() }
    }

    /// How far the line is above `g`, from the nearer end, so that nothing cancels there.
    fn excess(&self, at: Logit) -> f64 {
        let Self { n, z, end, never } = *self;
        let drop = n * z - end;
        let height = if at.p <= 0.5 {
            shortfall(n, z, at.p) - at.p * drop
        } else {
            let q = at.ln_q.exp();
            let later = never * (-n * (-q * z / (1.0 + z)).ln_1p()).exp_m1();
            q * drop - (q * end - later) / at.p
        };
        height.max(0.0)
    }
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

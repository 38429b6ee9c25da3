//! The Gaussian hypergeometric function for real arguments below 1.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::error::ValueError;
use super::quadrature::over_logit;
use super::special_functions::{finite, ln_beta_of};
use crate::error::AccountError;

/// Up to here the plain series needs at most some hundred terms.
const SERIES_TO: f64 = 0.5;
const MAX_TERMS: u32 = 200_000;

/// The Gaussian hypergeometric function `₂F₁(a, b; c; z)` (高斯超几何函数) for real `a`, `b`, `c` and `z < 1`.
///
/// By the shortest way that loses no digits: the closed forms at `z = 0` and `c = b`, Pfaff's transformation for
/// `z < 0`, the series for small `z`, Euler's integral where a parameter lies between 0 and `c`, Euler's transformation
/// otherwise.
///
/// # Errors
///
/// - [`ValueError::InvalidSetting`] for an argument that is not finite, `z ≥ 1`, or `c` zero or a negative integer.
/// - [`ValueError::OutOfFloat`] where the value exceeds floating point.
/// - [`ValueError::NotSettled`] where no way settles within its budget.
///
/// # Examples
///
/// ```
/// use endcap_account::value::special::hyp2f1;
///
/// // −ln(1 − z)/z
/// assert!((hyp2f1(1.0, 1.0, 2.0, 0.5)? - 2.0 * 2.0_f64.ln()).abs() < 1e-14);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// NIST Digital Library of Mathematical Functions, equations 15.2.1, 15.6.1 and 15.8.1.
pub fn hyp2f1(a: f64, b: f64, c: f64, z: f64) -> Result<f64, AccountError> {
    let refuse = |what: &'static str, value: f64, rule: &'static str| {
        Err(ValueError::InvalidSetting { what, value: value.to_string(), rule }.into())
    };
    for (what, value) in [("a", a), ("b", b), ("c", c), ("z", z)] {
        if !value.is_finite() {
            return refuse(what, value, "arguments of ₂F₁ must be finite");
        }
    }
    if z >= 1.0 {
        return refuse("z", z, "₂F₁ is evaluated for z below 1");
    }
    if c <= 0.0 && c.fract() == 0.0 {
        return refuse("c", c, "₂F₁ has a pole at zero and negative integers");
    }
    let unsettled =
        || ValueError::NotSettled { function: "₂F₁", arguments: format!("{a}, {b}; {c}; {z}") };
    let value = evaluate(a, b, c, z).ok_or_else(unsettled)?;
    finite("₂F₁", value)
}

fn evaluate(a: f64, b: f64, c: f64, z: f64) -> Option<f64> {
    if z == 0.0 || a == 0.0 || b == 0.0 {
        return Some(1.0);
    }
    if c == b || c == a {
        let other = if c == b { a } else { b };
        return Some((-other * (-z).ln_1p()).exp());
    }
    if z < 0.0 {
        let factor = (-a * (-z).ln_1p()).exp();
        return evaluate(a, c - b, c, z / (z - 1.0)).map(|value| factor * value);
    }
    let ends = |p: f64| p < 0.0 && p.fract() == 0.0;
    if z <= SERIES_TO || ends(a) || ends(b) {
        return series(a, b, c, z);
    }
    // Either upper parameter can be the one that is mixed over.
    for (power, mixed) in [(a, b), (b, a)] {
        if mixed > 0.0 && c > mixed {
            return integral(power, mixed, c, z);
        }
    }
    let (left, right) = (c - a, c - b);
    if (left > 0.0 && c > left) || (right > 0.0 && c > right) {
        let factor = ((c - a - b) * (-z).ln_1p()).exp();
        return evaluate(left, right, c, z).map(|value| factor * value);
    }
    if c < a + b {
        // Euler's transformation turns growth at z = 1 into convergence there.
        return series(left, right, c, z).map(|value| ((c - a - b) * (-z).ln_1p()).exp() * value);
    }
    series(a, b, c, z)
}

/// `Σ (a)_k (b)_k / ((c)_k k!) · z^k`.
fn series(a: f64, b: f64, c: f64, z: f64) -> Option<f64> {
    let (mut sum, mut term, mut largest) = (1.0_f64, 1.0_f64, 1.0_f64);
    for k in 0..MAX_TERMS {
        let k = f64::from(k);
        term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
        sum += term;
        largest = largest.max(term.abs());
        let shrinking = ((a + k + 1.0) * (b + k + 1.0) * z).abs() < ((c + k + 1.0) * (k + 2.0)).abs();
        if !sum.is_finite() {
            return Some(sum);
        }
        if term == 0.0 || (shrinking && term.abs() <= 1e-17 * sum.abs()) {
            // Terms that cancel leave too few digits to answer.
            return (largest <= 1e4 * sum.abs()).then_some(sum);
        }
    }
    None
}

/// `1/B(b, c−b) · ∫₀¹ t^(b−1) (1−t)^(c−b−1) (1−zt)^(−a) dt`, all factors positive.
fn integral(a: f64, b: f64, c: f64, z: f64) -> Option<f64> {
    let rest = c - b;
    let exponent = |ln_p: f64, ln_q: f64, p: f64| b * ln_p + rest * ln_q - a * (-z * p).ln_1p();
    // The largest exponent on a coarse grid keeps the sum in range and starts it at the peak.
    let grid = (-480..=480).map(|y| f64::from(y) * 0.5);
    let (mut centre, mut peak) = (0.0, f64::NEG_INFINITY);
    for y in grid {
        let (ln_p, ln_q) = (-super::special_functions::softplus(-y), -super::special_functions::softplus(y));
        let height = exponent(ln_p, ln_q, ln_p.exp());
        if height > peak {
            (centre, peak) = (y, height);
        }
    }
    let scale = (1.0 / b + 1.0 / rest).sqrt();
    let sum = over_logit(centre, scale, |at| (exponent(at.ln_p, at.ln_q, at.p) - peak).exp())?;
    Some((sum.ln() + peak - ln_beta_of(b, rest)).exp())
}

//! Special functions for the models: `ln Γ`, `ψ`, `ln B`, rising factorials, each without cancellation.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::error::ValueError;
use crate::error::AccountError;

/// Above this the tail of Stirling's series is below the last bit.
const STIRLING_FROM: f64 = 16.0;
/// Integer steps up to here are multiplied out.
const MULTIPLIED_OUT: f64 = 32.0;

fn positive(what: &'static str, value: f64) -> Result<f64, AccountError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    let rule = "it must be above zero and finite";
    Err(ValueError::InvalidSetting { what, value: value.to_string(), rule }.into())
}

/// A result, unless floating point cannot hold it.
pub(crate) fn finite(what: &'static str, value: f64) -> Result<f64, AccountError> {
    if value.is_finite() { Ok(value) } else { Err(ValueError::OutOfFloat { what }.into()) }
}

/// Natural logarithm of the gamma function (伽马函数对数) for `x > 0`.
///
/// # Errors
///
/// - [`ValueError::InvalidSetting`] outside the domain; [`ValueError::OutOfFloat`] for `x` above about `2.5e305`.
///
/// # Examples
///
/// ```
/// use endcap_account::value::special::ln_gamma;
///
/// assert!((ln_gamma(17.25)? - 31.374_622_313_677_686).abs() < 1e-13);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// NIST Digital Library of Mathematical Functions, section 5.2; evaluated by the `libm` crate.
pub fn ln_gamma(x: f64) -> Result<f64, AccountError> {
    finite("ln Γ", lgamma(positive("the argument of ln Γ", x)?))
}

/// Digamma (双伽马函数): the derivative `ψ(x)` of `ln Γ(x)` for `x > 0`.
///
/// # Errors
///
/// - [`ValueError::InvalidSetting`] outside the domain; [`ValueError::OutOfFloat`] for `x` below about `1e-308`.
///
/// # Examples
///
/// ```
/// use endcap_account::value::special::digamma;
///
/// assert!((digamma(1.0)? + 0.577_215_664_901_532_9).abs() < 1e-15);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// NIST Digital Library of Mathematical Functions, equations 5.5.2 and 5.11.2.
pub fn digamma(x: f64) -> Result<f64, AccountError> {
    finite("ψ", psi(positive("the argument of ψ", x)?))
}

/// Natural logarithm of the beta function (贝塔函数对数), `ln Γ(a) + ln Γ(b) − ln Γ(a+b)` for `a, b > 0`.
///
/// A large and a small argument do not cancel: `ln Γ(a+b) − ln Γ(b)` is formed as one difference.
///
/// # Errors
///
/// - [`ValueError::InvalidSetting`] outside the domain; [`ValueError::OutOfFloat`] beyond floating point.
///
/// # Examples
///
/// ```
/// use endcap_account::value::special::ln_beta;
///
/// assert!((ln_beta(0.5, 0.5)? - std::f64::consts::PI.ln()).abs() < 1e-15);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// NIST Digital Library of Mathematical Functions, equation 5.12.1.
pub fn ln_beta(a: f64, b: f64) -> Result<f64, AccountError> {
    let (a, b) = (positive("an argument of ln B", a)?, positive("an argument of ln B", b)?);
    finite("ln B", ln_beta_of(a, b))
}

pub(crate) fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

pub(crate) fn ln_beta_of(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    lgamma(small) - ln_rising(large, small)
}

/// `ln Γ(z+k) − ln Γ(z)`, the logarithm of the rising factorial, for `z > 0` and real `k ≥ 0`.
pub(crate) fn ln_rising(z: f64, k: f64) -> f64 {
    if k == 0.0 {
        return 0.0;
    }
    if z < STIRLING_FROM && k <= MULTIPLIED_OUT && k.fract() == 0.0 {
        return run(z, k).ln();
    }
    if z < STIRLING_FROM {
        // Γ(z+k)/Γ(z) = [Γ(z+k+16)/Γ(z+16)] · Π (z+j)/(z+k+j)
        let shifted = stirling_rising(z + STIRLING_FROM, k);
        return shifted + run(z, STIRLING_FROM).ln() - run(z + k, STIRLING_FROM).ln();
    }
    stirling_rising(z, k)
}

/// `z·(z+1)·…·(z+k−1)` for few integer steps.
fn run(z: f64, k: f64) -> f64 {
    let (mut product, mut step) = (1.0, 0.0);
    while step < k {
        product *= z + step;
        step += 1.0;
    }
    product
}

fn stirling_rising(z: f64, k: f64) -> f64 {
    let end = z + k;
    (z - 0.5) * (k / z).ln_1p() + k * end.ln() - k + stirling_tail(end) - stirling_tail(z)
}

fn stirling_tail(z: f64) -> f64 {
    let inverse = 1.0 / z;
    let square = inverse * inverse;
    let inner = 1.0 / 1188.0 - square * (691.0 / 360_360.0);
    inverse
        * (1.0 / 12.0
            - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square * inner))))
}

pub(crate) fn psi(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < STIRLING_FROM {
        below += 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let inner = 1.0 / 240.0 - square * (1.0 / 132.0 - square * (691.0 / 32_760.0));
    let tail = square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square * inner)));
    x.ln() - 0.5 / x - tail - below
}

/// `ψ(z+k) − ψ(z)` for `z > 0` and real `k ≥ 0`.
pub(crate) fn psi_rising(z: f64, k: f64) -> f64 {
    if k <= MULTIPLIED_OUT && k.fract() == 0.0 {
        let (mut sum, mut step) = (0.0, 0.0);
        while step < k {
            sum += 1.0 / (z + step);
            step += 1.0;
        }
        return sum;
    }
    psi(z + k) - psi(z)
}

/// `ln(1 + e^d)` without overflow.
pub(crate) fn softplus(d: f64) -> f64 {
    if d > 0.0 { d + (-d).exp().ln_1p() } else { d.exp().ln_1p() }
}

/// `1 / (1 + e^−d)` without overflow.
pub(crate) fn sigmoid(d: f64) -> f64 {
    if d > 0.0 {
        1.0 / (1.0 + (-d).exp())
    } else {
        let e = d.exp();
        e / (1.0 + e)
    }
}

/// Both at once, for one exponential.
pub(crate) fn softplus_sigmoid(d: f64) -> (f64, f64) {
    let e = (-d.abs()).exp();
    let share = 1.0 / (1.0 + e);
    if d > 0.0 { (d + e.ln_1p(), share) } else { (e.ln_1p(), e * share) }
}

/// The nearest `f64` of a count.
pub(crate) fn count(n: u64) -> f64 {
    let high = u32::try_from(n >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(n & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

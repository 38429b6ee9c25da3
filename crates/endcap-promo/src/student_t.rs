//! Student's t for whole degrees of freedom, in closed form: only + − × ÷ and √, so the same bits on every machine.
#![allow(clippy::float_arithmetic, reason = "a statistics module: f64 inside, units cross at the border")]

use core::f64::consts::{FRAC_PI_2, PI};

use crate::PromoError;
use crate::limits::MAX_DEGREES_OF_FREEDOM;

/// `P(T ≤ t)` for `df` degrees of freedom (t 分布函数); absolute error below 1e-14.
///
/// With θ = atan(t/√df): for odd df `P(|T| ≤ t) = 2/π·(θ + sin θ·(cos θ + 2/3·cos³θ + …))`, for even df
/// `sin θ·(1 + ½·cos²θ + 3/8·cos⁴θ + …)`, both finite sums.
///
/// # Errors
///
/// - [`PromoError::DegreesOfFreedom`] for 0 or beyond the limit.
/// - [`PromoError::InvalidSpread`] when `t` is not a number.
///
/// # Examples
///
/// ```
/// let p = endcap_promo::student_t::cdf(2.0, 2)?;
/// assert!((p - 0.908_248_290_463_863).abs() < 1e-14); // 1/2 + 1/√6
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Abramowitz & Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
pub fn cdf(t: f64, df: u32) -> Result<f64, PromoError> {
    if df == 0 || df > MAX_DEGREES_OF_FREEDOM {
        return Err(PromoError::DegreesOfFreedom { df, limit: MAX_DEGREES_OF_FREEDOM });
    }
    if t.is_nan() {
        return Err(PromoError::InvalidSpread { value: t });
    }
    let within = central(t.abs(), df).clamp(0.0, 1.0);
    Ok(if t < 0.0 { 0.5 * (1.0 - within) } else { 0.5 * (1.0 + within) })
}

/// `P(|T| ≤ t)` for `t ≥ 0`.
fn central(t: f64, df: u32) -> f64 {
    if t.is_infinite() || t > 1e150 {
        return 1.0;
    }
    let nu = f64::from(df);
    let scale = (nu + t * t).sqrt();
    let (sin, cos) = (t / scale, nu.sqrt() / scale);
    let cos_squared = nu / (nu + t * t);
    if df == 1 {
        return 2.0 * atan(t) / PI;
    }
    let odd = df % 2 == 1;
    let mut term = if odd { cos } else { 1.0 };
    let mut sum = term;
    let mut k = if odd { 3 } else { 2 };
    while k <= df.saturating_sub(2) {
        term *= cos_squared * (f64::from(k.saturating_sub(1)) / f64::from(k));
        sum += term;
        k = k.saturating_add(2);
    }
    if odd { (atan(t / nu.sqrt()) + sin * sum) * 2.0 / PI } else { sin * sum }
}

/// Arc tangent of `x ≥ 0` by three angle halvings and a series: no platform library.
fn atan(x: f64) -> f64 {
    if x > 1.0 {
        return FRAC_PI_2 - atan(1.0 / x);
    }
    let mut small = x;
    for _ in 0..3 {
        small /= 1.0 + (1.0 + small * small).sqrt();
    }
    let square = small * small;
    // |small| ≤ tan(π/32) < 0.0985: the first term left out is below 1e-21.
    let mut sum = 0.0;
    for odd in [19_u32, 17, 15, 13, 11, 9, 7, 5, 3, 1] {
        sum = 1.0 / f64::from(odd) - square * sum;
    }
    8.0 * small * sum
}

/// The value `t` with `P(T ≤ t) = probability` (t 分位数), by bisection to the last bit.
///
/// # Errors
///
/// - [`PromoError::DegreesOfFreedom`].
/// - [`PromoError::ProbabilityOutOfRange`] outside 1e-7 to 1 − 1e-7.
///
/// # Examples
///
/// ```
/// let t = endcap_promo::student_t::quantile(0.975, 2)?;
/// assert!((t - 4.302_652_729_9).abs() < 1e-9);
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Inverse of [`cdf`].
pub fn quantile(probability: f64, df: u32) -> Result<f64, PromoError> {
    if !(1e-7..=1.0 - 1e-7).contains(&probability) {
        return Err(PromoError::ProbabilityOutOfRange { probability });
    }
    if probability < 0.5 {
        return Ok(-quantile(1.0 - probability, df)?);
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while cdf(high, df)? < probability && high < 1e9 {
        low = high;
        high *= 2.0;
    }
    // At most 2^60 doubles lie between the two; the loop stops when nothing is left between them.
    for _ in 0..200 {
        let middle = low + (high - low) * 0.5;
        if middle <= low || middle >= high {
            break;
        }
        if cdf(middle, df)? < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(high)
}

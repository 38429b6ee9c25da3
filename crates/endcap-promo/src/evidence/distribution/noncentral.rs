//! The noncentral t distribution, for power.

use super::super::EvidenceError;
use super::{GaussLegendre, normal_cdf, parameter};
use crate::border::count;

/// Panels of sixteen nodes over the range of `S`.
const PANELS: usize = 24;

/// `P(T ≤ t)` of a noncentral t variable (非中心 t 分布函数); absolute error below 1e-11.
///
/// `T = (Z + δ)/S` with `S² = χ²/df`, so `P(T ≤ t) = ∫ Φ(t·s − δ) f_S(s) ds`, over the range that holds all but 1e-16
/// of `S`. Good for any noncentrality, also where series of the far tail cancel to nothing.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for degrees of freedom that are not above zero, or values that are not finite.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::distribution::noncentral_t_cdf;
/// assert!((noncentral_t_cdf(2.0, 10.0, 1.0)? - 0.807_611_562_53).abs() < 1e-9);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 2, chapter 31 (definition).
pub fn noncentral_t_cdf(t: f64, df: f64, noncentrality: f64) -> Result<f64, EvidenceError> {
    if df.is_nan() || df <= 0.0 {
        return Err(parameter("degrees of freedom", df, "above 0"));
    }
    for (name, value) in [("t", t), ("noncentrality", noncentrality)] {
        if !value.is_finite() {
            return Err(parameter(name, value, "finite"));
        }
    }
    if df > 1e6 {
        return Ok(normal_cdf(t - noncentrality));
    }
    let rule = GaussLegendre::new(16)?;
    // ln f_S(s) = ln 2 + (df/2)·ln(df/2) − lnΓ(df/2) + (df − 1)·ln s − df·s²/2
    let front = core::f64::consts::LN_2 + 0.5 * df * libm::log(0.5 * df) - libm::lgamma(0.5 * df);
    let density = |s: f64| libm::exp(front + (df - 1.0) * libm::log(s) - 0.5 * df * s * s);
    let spread = 9.0 / (2.0 * df).sqrt();
    let (low, high) = ((1.0 - spread).max(0.0), 1.0 + spread.max(0.05));
    // Φ(t·s − δ) turns within a few 1/|t| of s = δ/t: end a panel on both sides of it.
    let mut cuts = vec![low, high];
    if t != 0.0 {
        let (turn, reach) = (noncentrality / t, 8.0 / t.abs());
        cuts.extend([turn - reach, turn, turn + reach].into_iter().filter(|cut| *cut > low && *cut < high));
    }
    cuts.sort_by(f64::total_cmp);
    let mut total = 0.0;
    let mut mass = 0.0;
    for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
        let step = (to - from) / count(PANELS);
        for panel in 0..PANELS {
            let start = from + step * count(panel);
            for (s, weight) in rule.on(start, start + step) {
                let f = weight * density(s);
                mass += f;
                total += f * normal_cdf(t * s - noncentrality);
            }
        }
    }
    Ok((total / mass).clamp(0.0, 1.0))
}

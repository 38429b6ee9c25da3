//! The interval of a ratio whose denominator is uncertain too.

use super::super::EvidenceError;
use super::super::distribution::student_quantile;
use super::super::linalg::check_finite;

/// Two estimates and their covariance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioInput {
    /// Numerator, such as incremental sales.
    pub numerator: f64,
    /// Denominator, such as incremental cost.
    pub denominator: f64,
    /// Variance of the numerator.
    pub numerator_variance: f64,
    /// Variance of the denominator; 0 for a cost that is known.
    pub denominator_variance: f64,
    /// Covariance of the two.
    pub covariance: f64,
    /// Degrees of freedom of the variances.
    pub df: f64,
}

/// Where a ratio lies.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum RatioInterval {
    /// Between the two ends.
    Bounded {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// The denominator cannot be told from 0: no bounded interval exists (无界).
    Unbounded,
}

/// A ratio with its interval (投入产出比区间).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ratio {
    /// `numerator / denominator`.
    pub point: f64,
    /// The interval.
    pub interval: RatioInterval,
    /// `g = t²·v_b/b²`: at 1 and above no bounded interval exists.
    pub g: f64,
}

/// Fieller's interval of a ratio with error probability `alpha` (Fieller 区间): the roots `R` of
/// `(a − R·b)² = t²·(v_a − 2R·c + R²·v_b)`.
///
/// # Errors
///
/// - [`EvidenceError::NotFinite`]; [`EvidenceError::Parameter`] for a negative variance, a correlation beyond ±1, a zero
///   denominator or an alpha outside (0, 1).
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::geo::{ratio_interval, RatioInput, RatioInterval};
/// let input = RatioInput {
///     numerator: -5_000.0, denominator: 20_000.0, numerator_variance: 9e6, denominator_variance: 1e6,
///     covariance: 0.0, df: 25.0,
/// };
/// let ratio = ratio_interval(&input, 0.05)?;
/// let RatioInterval::Bounded { low, high } = ratio.interval else { unreachable!() };
/// assert!((low + 0.564_349_453).abs() < 1e-9 && (high - 0.058_990_502).abs() < 1e-9);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Fieller (1954), "Some Problems in Interval Estimation".
pub fn ratio_interval(input: &RatioInput, alpha: f64) -> Result<Ratio, EvidenceError> {
    let RatioInput {
        numerator: a,
        denominator: b,
        numerator_variance: va,
        denominator_variance: vb,
        covariance,
        df,
    } = *input;
    check_finite("ratio", &[a, b, va, vb, covariance])?;
    let refuse = |parameter, value: f64, expected| {
        Err(EvidenceError::Parameter { parameter, value: value.to_string(), expected })
    };
    if va < 0.0 || vb < 0.0 {
        return refuse("variance", va.min(vb), "0 or more");
    }
    if covariance * covariance > va * vb * (1.0 + 1e-12) {
        return refuse("covariance", covariance, "at most the root of the product of the variances");
    }
    if b == 0.0 {
        return refuse("denominator", b, "other than 0");
    }
    let t = student_quantile(1.0 - 0.5 * alpha, df)?;
    let t2 = t * t;
    let g = t2 * vb / (b * b);
    let point = a / b;
    if g >= 1.0 {
        return Ok(Ratio { point, interval: RatioInterval::Unbounded, g });
    }
    let lead = b * b - t2 * vb;
    let middle = a * b - t2 * covariance;
    let root = (middle * middle - lead * (a * a - t2 * va)).max(0.0).sqrt();
    let interval = RatioInterval::Bounded { low: (middle - root) / lead, high: (middle + root) / lead };
    Ok(Ratio { point, interval, g })
}

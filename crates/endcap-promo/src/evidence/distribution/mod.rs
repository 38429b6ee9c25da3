//! The distributions behind the intervals, from a portable `libm`: the same bits on every machine.
//!
//! | function | distribution |
//! |---|---|
//! | [`normal_cdf`], [`normal_quantile`] | standard normal |
//! | [`student_cdf`], [`student_quantile`] | Student's t, real degrees of freedom |
//! | [`chi_square_upper`] | χ², upper tail |
//! | [`noncentral_t_cdf`] | noncentral t, any noncentrality |

mod noncentral;
mod quadrature;

pub use noncentral::noncentral_t_cdf;
pub use quadrature::GaussLegendre;

use super::EvidenceError;

fn parameter(parameter: &'static str, value: f64, expected: &'static str) -> EvidenceError {
    EvidenceError::Parameter { parameter, value: value.to_string(), expected }
}

/// `P(Z ≤ x)` of a standard normal variable (标准正态分布函数).
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::distribution::normal_cdf;
/// assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
/// ```
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// The value with `P(Z ≤ x) = probability` (标准正态分位数).
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] outside (0, 1).
pub fn normal_quantile(probability: f64) -> Result<f64, EvidenceError> {
    check_probability(probability)?;
    if probability > 0.5 {
        // Bisection on the lower tail keeps its relative precision.
        return Ok(-normal_quantile(1.0 - probability)?);
    }
    Ok(bisect(-40.0, 0.0, |x| normal_cdf(x) < probability))
}

/// `P(T ≤ t)` for real degrees of freedom `df > 0` (t 分布函数); infinite `df` is the normal.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for degrees of freedom that are not above zero, or a `t` that is not a number.
///
/// # Source
///
/// `P(T > t) = ½·I_{df/(df + t²)}(df/2, ½)`: Abramowitz & Stegun 26.7.1.
pub fn student_cdf(t: f64, df: f64) -> Result<f64, EvidenceError> {
    if df.is_nan() || df <= 0.0 {
        return Err(parameter("degrees of freedom", df, "above 0"));
    }
    if t.is_nan() {
        return Err(parameter("t", t, "a number"));
    }
    if df > 1e7 {
        return Ok(normal_cdf(t));
    }
    if t.is_infinite() {
        return Ok(if t > 0.0 { 1.0 } else { 0.0 });
    }
    let tail = 0.5 * incomplete_beta(df / (df + t * t), 0.5 * df, 0.5);
    Ok(if t > 0.0 { 1.0 - tail } else { tail })
}

/// The value with `P(T ≤ t) = probability` (t 分位数).
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] outside (0, 1), or for degrees of freedom that are not above zero.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::distribution::student_quantile;
/// assert!((student_quantile(0.975, 9.0)? - 2.262_157_162_8).abs() < 1e-9);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
pub fn student_quantile(probability: f64, df: f64) -> Result<f64, EvidenceError> {
    check_probability(probability)?;
    student_cdf(0.0, df)?;
    if probability > 0.5 {
        return Ok(-student_quantile(1.0 - probability, df)?);
    }
    let mut low = -1.0_f64;
    while student_cdf(low, df)? > probability && low > -1e300 {
        low *= 2.0;
    }
    Ok(bisect(low, 0.0, |t| student_cdf(t, df).is_ok_and(|p| p < probability)))
}

/// `P(χ² > x)` with `df` degrees of freedom (卡方上尾概率).
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for degrees of freedom that are not above zero, or a negative `x`.
///
/// # Source
///
/// Incomplete gamma function by series and continued fraction: Abramowitz & Stegun 6.5.29, 6.5.31.
pub fn chi_square_upper(x: f64, df: f64) -> Result<f64, EvidenceError> {
    if df.is_nan() || df <= 0.0 {
        return Err(parameter("degrees of freedom", df, "above 0"));
    }
    if x.is_nan() || x < 0.0 {
        return Err(parameter("chi-square", x, "0 or more"));
    }
    Ok(upper_gamma(0.5 * df, 0.5 * x))
}

/// `Q(a, x) = Γ(a, x)/Γ(a)`.
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..10_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    let (mut b, mut c) = (x + 1.0 - a, 1e300);
    let mut d = 1.0 / b;
    let (mut h, mut i) = (d, 0.0);
    for _ in 0..10_000 {
        i += 1.0;
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * h
}

/// `I_x(a, b)` by Lentz's continued fraction.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x),
    ) / a;
    let guard = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let (mut h, mut m) = (d, 0.0);
    for _ in 0..10_000 {
        m += 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * h
}

pub(crate) fn check_probability(probability: f64) -> Result<(), EvidenceError> {
    if probability > 0.0 && probability < 1.0 {
        Ok(())
    } else {
        Err(parameter("probability", probability, "between 0 and 1"))
    }
}

/// The point where `below` turns from true to false in `low..high`, to the last bit.
pub(crate) fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..2_000 {
        let middle = low + 0.5 * (high - low);
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

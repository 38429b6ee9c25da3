//! Tails and densities to full relative accuracy: normal, gamma, and the saddle-point form of counting masses.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use core::f64::consts::{FRAC_1_SQRT_2, PI};

use super::super::num::whole;

/// Density of the standard normal.
pub(crate) fn normal_density(z: f64) -> f64 {
    crate::normal::density(z)
}

/// Upper tail `P(Z > z)` of the standard normal.
pub(crate) fn normal_upper(z: f64) -> f64 {
    if z > 5.0 { repeated(z).0 } else { 0.5 * libm::erfc(z * FRAC_1_SQRT_2) }
}

/// First loss `E[(Z − z)⁺]` of the standard normal.
pub(crate) fn normal_first(z: f64) -> f64 {
    if z < 0.0 {
        return normal_first(-z) - z;
    }
    if z > 2.0 { repeated(z).1 } else { normal_density(z) - z * normal_upper(z) }
}

/// `E[(Z − z)⁺]` and `P(Z > z)` together.
pub(crate) fn normal_first_and_upper(z: f64) -> (f64, f64) {
    if z > 2.0 {
        let (upper, first, _) = repeated(z);
        return (first, upper);
    }
    if z < -2.0 {
        let (upper, first, _) = repeated(-z);
        return (first - z, 1.0 - upper);
    }
    let upper = normal_upper(z);
    (normal_density(z) - z * upper, upper)
}

/// Second loss `½E[((Z − z)⁺)²]` of the standard normal.
pub(crate) fn normal_second(z: f64) -> f64 {
    if z < 0.0 {
        return 0.5 * (z * z + 1.0) - normal_second(-z);
    }
    if z > 2.0 {
        return repeated(z).2;
    }
    0.5 * ((z * z + 1.0) * normal_upper(z) - z * normal_density(z))
}

/// Tail, first and second loss for `z ≥ 2`: `H₀, H₁, H₂` with `H₋₁ = φ` and `H_{n−2} = n·H_n + z·H_{n−1}`.
///
/// `H_n = E[((Z − z)⁺)ⁿ]/n!` is the minimal solution, so the recurrence is run downwards and scaled to `φ`; every term
/// is positive and nothing cancels.
fn repeated(z: f64) -> (f64, f64, f64) {
    if z > 38.5 {
        return (0.0, 0.0, 0.0);
    }
    let mut level = (12.0 + 220.0 / (z * z)).floor();
    // (H_level, H_{level−1}), any scale.
    let (mut upper, mut lower) = (0.0_f64, 1e-250_f64);
    let mut kept = (0.0, 0.0, 0.0);
    while level > 0.5 {
        // H_{level−2} from H_level and H_{level−1}.
        let next = level * upper + z * lower;
        upper = lower;
        lower = next;
        if level == 3.0 {
            kept.2 = upper;
            kept.1 = lower;
        } else if level == 2.0 {
            kept.0 = lower;
        }
        level -= 1.0;
        if lower > 1e250 {
            let scale = 1e-250;
            upper *= scale;
            lower *= scale;
            kept = (kept.0 * scale, kept.1 * scale, kept.2 * scale);
        }
    }
    let scale = normal_density(z) / lower;
    (kept.0 * scale, kept.1 * scale, kept.2 * scale)
}

/// Both tails of the gamma distribution with scale 1: `(P(X ≤ x), P(X > x))`, each to relative accuracy.
///
/// # Source
///
/// Series and continued fraction of the incomplete gamma function, NIST DLMF 8.11.4 and 8.9.2.
pub(crate) fn gamma_tails(shape: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    // x^a e^{−x}/Γ(a+1), without overflow.
    let front = counting_front(shape, x);
    if x < shape + 1.0 {
        let (mut term, mut sum, mut n) = (1.0_f64, 1.0_f64, shape);
        for _ in 0..1_000_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        let lower = (front * sum).min(1.0);
        return (lower, 1.0 - lower);
    }
    // Lentz's form of 1/(x+1−a − 1(1−a)/(x+3−a − …)).
    let tiny = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut h = d;
    let mut i = 0.0_f64;
    for _ in 0..1_000_000 {
        i += 1.0;
        let an = -i * (i - shape);
        b += 2.0;
        d = an * d + b;
        if d.abs() < tiny {
            d = tiny;
        }
        c = b + an / c;
        if c.abs() < tiny {
            c = tiny;
        }
        d = 1.0 / d;
        let delta = d * c;
        h *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    let upper = (front * shape * h).clamp(0.0, 1.0);
    (1.0 - upper, upper)
}

/// `x^a e^{−x}/Γ(a+1)` for `a > −1`, `x > 0`: the Poisson mass continued to real counts.
///
/// # Source
///
/// Loader 2000, "Fast and accurate computation of binomial probabilities": deviance and Stirling error apart.
pub(crate) fn counting_front(a: f64, x: f64) -> f64 {
    if a <= 0.0 {
        return (a * x.ln() - x - libm::lgamma(a + 1.0)).exp();
    }
    (-stirling_error(a) - deviance(a, x)).exp() / (2.0 * PI * a).sqrt()
}

/// `ln Γ(n+1) − (n+½)ln n + n − ½ln 2π`.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        return libm::lgamma(n + 1.0) - (n + 0.5) * n.ln() + n - 0.5 * (2.0 * PI).ln();
    }
    let m = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * m)) / m) / m) / m) / n
}

/// `a·ln(a/x) + x − a`, without cancellation near `a = x`.
fn deviance(a: f64, x: f64) -> f64 {
    if (a - x).abs() < 0.1 * (a + x) {
        let v = (a - x) / (a + x);
        let mut sum = (a - x) * v;
        let mut term = 2.0 * a * v;
        let mut j = 1.0;
        for _ in 0..1000 {
            term *= v * v;
            let next = sum + term / (2.0 * j + 1.0);
            if next == sum {
                return next;
            }
            sum = next;
            j += 1.0;
        }
        return sum;
    }
    a * (a / x).ln() + x - a
}

/// Mass of a Poisson count.
pub(crate) fn poisson_mass(mean: f64, k: f64) -> f64 {
    if k < 0.0 {
        0.0
    } else if mean <= 0.0 {
        f64::from(u8::from(k == 0.0))
    } else if k == 0.0 {
        (-mean).exp()
    } else {
        counting_front(k, mean)
    }
}

/// Mass of `k` failures before the `r`-th success, `r` real.
pub(crate) fn negative_binomial_mass(r: f64, p: f64, k: f64) -> f64 {
    if k < 0.0 {
        return 0.0;
    }
    if k == 0.0 {
        return (r * p.ln()).exp();
    }
    // Binomial saddle point: r/(r+k) · b(k; r+k, 1−p), Loader 2000.
    let n = r + k;
    let error = stirling_error(n) - stirling_error(k) - stirling_error(r);
    let log = error - deviance(k, n * (1.0 - p)) - deviance(r, n * p);
    r / n * log.exp() * (n / (2.0 * PI * k * r)).sqrt()
}

/// A starting count for a quantile: mean + z deviations, not below zero.
pub(crate) fn start_count(mean: f64, deviation: f64, z: f64) -> i64 {
    whole((mean + z * deviation).max(0.0).floor())
}

//! Normal, exponential, uniform, gamma and lognormal demand.
//!
//! # Source
//!
//! Loss functions of each family: Snyder and Shen, Fundamentals of Supply Chain Theory, appendix C; gamma by tails with the
//! shape one and two higher, lognormal by the shifted normal.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use super::super::num::root;
use super::tails::{gamma_tails, normal_first, normal_second, normal_upper};
use super::{Kind, Losses};
use crate::normal::normal_quantile;

/// `(P(D ≤ x), P(D > x))`.
pub(super) fn tails(kind: &Kind, x: f64) -> (f64, f64) {
    match *kind {
        Kind::Normal { mean, sd: 0.0 } => {
            if x >= mean {
                (1.0, 0.0)
            } else {
                (0.0, 1.0)
            }
        }
        Kind::Normal { mean, sd } => {
            let z = (x - mean) / sd;
            (normal_upper(-z), normal_upper(z))
        }
        Kind::Exponential { rate } => {
            let x = x.max(0.0);
            (-libm::expm1(-rate * x), (-rate * x).exp())
        }
        Kind::Uniform { low, high } => {
            let share = ((x - low) / (high - low)).clamp(0.0, 1.0);
            (share, ((high - x) / (high - low)).clamp(0.0, 1.0))
        }
        Kind::Gamma { shape, scale } => gamma_tails(shape, x / scale),
        Kind::Lognormal { mu, sigma } => {
            if x <= 0.0 {
                return (0.0, 1.0);
            }
            let z = (x.ln() - mu) / sigma;
            (normal_upper(-z), normal_upper(z))
        }
        Kind::Counting(_) | Kind::Pmf(_) => (0.0, 1.0),
    }
}

/// The level with `P(D ≤ x) = q`, where `tail = 1 − q`.
pub(super) fn quantile(kind: &Kind, q: f64, tail: f64) -> f64 {
    let z = || {
        let from = |p: f64| normal_quantile(p).unwrap_or(0.0);
        if q <= 0.5 { from(q) } else { -from(tail) }
    };
    match *kind {
        Kind::Normal { mean, sd } => mean + sd * z(),
        Kind::Exponential { rate } => {
            if q <= 0.5 {
                -libm::log1p(-q) / rate
            } else {
                -tail.ln() / rate
            }
        }
        Kind::Uniform { low, high } => low + q * (high - low),
        Kind::Lognormal { mu, sigma } => (mu + sigma * z()).exp(),
        Kind::Gamma { shape, scale } => scale * gamma_quantile(shape, q, tail, z()),
        Kind::Counting(_) | Kind::Pmf(_) => 0.0,
    }
}

fn gamma_quantile(shape: f64, q: f64, tail: f64, z: f64) -> f64 {
    // Wilson–Hilferty, widened to a bracket.
    let cube = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
    let start = (shape * cube * cube * cube).max(1e-3 * shape);
    let gap = |x: f64| {
        let (below, above) = gamma_tails(shape, x);
        if q <= 0.5 { below - q } else { tail - above }
    };
    let (mut low, mut high) = (start, start);
    for _ in 0..2000 {
        if gap(low) <= 0.0 || low < 1e-305 {
            break;
        }
        low *= 0.5;
    }
    for _ in 0..2000 {
        if gap(high) >= 0.0 || high > 1e305 {
            break;
        }
        high *= 2.0;
    }
    root(low, high, gap)
}

/// First losses.
pub(super) fn first(kind: &Kind, x: f64) -> Losses {
    let mean = Mean(kind).value();
    let of_shortage = |shortage: f64| Losses { shortage, excess: shortage + x - mean };
    match *kind {
        Kind::Normal { mean, sd } => {
            if sd == 0.0 {
                return Losses { shortage: (mean - x).max(0.0), excess: (x - mean).max(0.0) };
            }
            let z = (x - mean) / sd;
            // The smaller one in full, the other by n̄ − n = x − μ, where both terms have the same sign.
            if z >= 0.0 {
                of_shortage(sd * normal_first(z))
            } else {
                let excess = sd * normal_first(-z);
                Losses { shortage: excess + mean - x, excess }
            }
        }
        Kind::Exponential { rate } => {
            if x <= 0.0 {
                return Losses { shortage: mean - x, excess: 0.0 };
            }
            let shortage = (-rate * x).exp() / rate;
            Losses { shortage, excess: (libm::expm1(-rate * x) + rate * x) / rate }
        }
        Kind::Uniform { low, high } => {
            let (at, width) = (x.clamp(low, high), high - low);
            let shortage = (high - at) * (high - at) / (2.0 * width) + (low - x).max(0.0);
            Losses { shortage, excess: (at - low) * (at - low) / (2.0 * width) + (x - high).max(0.0) }
        }
        Kind::Gamma { shape, scale } => {
            if x <= 0.0 {
                return Losses { shortage: mean - x, excess: 0.0 };
            }
            let (below, above) = (gamma_tails(shape, x / scale), gamma_tails(shape + 1.0, x / scale));
            if x < mean {
                let excess = (x * below.0 - mean * above.0).max(0.0);
                Losses { shortage: excess + mean - x, excess }
            } else {
                of_shortage((mean * above.1 - x * below.1).max(0.0))
            }
        }
        Kind::Lognormal { mu, sigma } => {
            if x <= 0.0 {
                return Losses { shortage: mean - x, excess: 0.0 };
            }
            let z = (x.ln() - mu) / sigma;
            if x < mean {
                let excess = (x * normal_upper(-z) - mean * normal_upper(sigma - z)).max(0.0);
                Losses { shortage: excess + mean - x, excess }
            } else {
                of_shortage((mean * normal_upper(z - sigma) - x * normal_upper(z)).max(0.0))
            }
        }
        Kind::Counting(_) | Kind::Pmf(_) => Losses { shortage: 0.0, excess: 0.0 },
    }
}

/// Second losses.
pub(super) fn second(kind: &Kind, x: f64) -> Losses {
    let (mean, variance) = (Mean(kind).value(), Mean(kind).variance());
    let both = 0.5 * ((x - mean) * (x - mean) + variance);
    let of_shortage = |shortage: f64| Losses { shortage, excess: (both - shortage).max(0.0) };
    match *kind {
        Kind::Normal { sd, .. } => {
            if sd == 0.0 {
                let (short, left) = ((mean - x).max(0.0), (x - mean).max(0.0));
                return Losses { shortage: 0.5 * short * short, excess: 0.5 * left * left };
            }
            let z = (x - mean) / sd;
            Losses { shortage: variance * normal_second(z), excess: variance * normal_second(-z) }
        }
        Kind::Exponential { rate } => {
            if x <= 0.0 {
                return Losses { shortage: both, excess: 0.0 };
            }
            of_shortage((-rate * x).exp() / (rate * rate))
        }
        Kind::Uniform { low, high } => {
            if x <= low {
                return Losses { shortage: both, excess: 0.0 };
            }
            if x >= high {
                return Losses { shortage: 0.0, excess: both };
            }
            let width = 6.0 * (high - low);
            Losses { shortage: (high - x).powi(3) / width, excess: (x - low).powi(3) / width }
        }
        Kind::Gamma { shape, scale } => {
            if x <= 0.0 {
                return Losses { shortage: both, excess: 0.0 };
            }
            let at = x / scale;
            let (f0, f1, f2) =
                (gamma_tails(shape, at), gamma_tails(shape + 1.0, at), gamma_tails(shape + 2.0, at));
            let square = shape * (shape + 1.0) * scale * scale;
            if x < mean {
                let excess = (0.5 * (square * f2.0 - 2.0 * x * mean * f1.0 + x * x * f0.0)).max(0.0);
                return Losses { shortage: both - excess, excess };
            }
            of_shortage((0.5 * (square * f2.1 - 2.0 * x * mean * f1.1 + x * x * f0.1)).max(0.0))
        }
        Kind::Lognormal { mu, sigma } => {
            if x <= 0.0 {
                return Losses { shortage: both, excess: 0.0 };
            }
            let z = (x.ln() - mu) / sigma;
            let square = variance + mean * mean;
            if x < mean {
                let excess = 0.5
                    * (square * normal_upper(2.0 * sigma - z) - 2.0 * x * mean * normal_upper(sigma - z)
                        + x * x * normal_upper(-z));
                return Losses { shortage: both - excess.max(0.0), excess: excess.max(0.0) };
            }
            let shortage = 0.5
                * (square * normal_upper(z - 2.0 * sigma) - 2.0 * x * mean * normal_upper(z - sigma)
                    + x * x * normal_upper(z));
            of_shortage(shortage.max(0.0))
        }
        Kind::Counting(_) | Kind::Pmf(_) => Losses { shortage: 0.0, excess: 0.0 },
    }
}

/// Moments of a kind without its distribution.
struct Mean<'kind>(&'kind Kind);

impl Mean<'_> {
    fn value(&self) -> f64 {
        match *self.0 {
            Kind::Normal { mean, .. } => mean,
            Kind::Exponential { rate } => 1.0 / rate,
            Kind::Uniform { low, high } => 0.5 * (low + high),
            Kind::Gamma { shape, scale } => shape * scale,
            Kind::Lognormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Kind::Counting(_) | Kind::Pmf(_) => 0.0,
        }
    }
    fn variance(&self) -> f64 {
        match *self.0 {
            Kind::Normal { sd, .. } => sd * sd,
            Kind::Exponential { rate } => 1.0 / (rate * rate),
            Kind::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Kind::Gamma { shape, scale } => shape * scale * scale,
            Kind::Lognormal { mu, sigma } => libm::expm1(sigma * sigma) * (2.0 * mu + sigma * sigma).exp(),
            Kind::Counting(_) | Kind::Pmf(_) => 0.0,
        }
    }
}

//! Poisson, negative binomial and geometric counts.
//!
//! # Source
//!
//! Textbook masses; loss functions of whole-number demand: Snyder and Shen, Fundamentals of Supply Chain Theory, appendix C.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use super::super::num::{float, length};
use super::{Losses, tails};

/// A counting family with checked parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Counting {
    Poisson { mean: f64 },
    NegativeBinomial { r: f64, p: f64 },
    Geometric { p: f64, first: i64 },
}

/// Relative slack with which a cumulative probability meets its target.
const SLACK: f64 = 1e-12;

impl Counting {
    pub(crate) fn mean(&self) -> f64 {
        match *self {
            Self::Poisson { mean } => mean,
            Self::NegativeBinomial { r, p } => r * (1.0 - p) / p,
            Self::Geometric { p, first } => (1.0 - p) / p + float(first),
        }
    }
    pub(crate) fn variance(&self) -> f64 {
        match *self {
            Self::Poisson { mean } => mean,
            Self::NegativeBinomial { r, p } => r * (1.0 - p) / (p * p),
            Self::Geometric { p, .. } => (1.0 - p) / (p * p),
        }
    }
    pub(crate) fn mass(&self, k: i64) -> f64 {
        match *self {
            Self::Poisson { mean } => tails::poisson_mass(mean, float(k)),
            Self::NegativeBinomial { r, p } => tails::negative_binomial_mass(r, p, float(k)),
            Self::Geometric { p, first } => {
                if k < first {
                    0.0
                } else {
                    p * (float(k.saturating_sub(first)) * libm::log1p(-p)).exp()
                }
            }
        }
    }
    /// `mass(k+1)/mass(k)`, for a `k` in the support.
    pub(crate) fn rise(&self, k: f64) -> f64 {
        match *self {
            Self::Poisson { mean } => mean / (k + 1.0),
            Self::NegativeBinomial { r, p } => (1.0 - p) * (k + r) / (k + 1.0),
            Self::Geometric { p, .. } => 1.0 - p,
        }
    }
    /// `(P(D ≤ k), P(D > k))`; the smaller side is summed.
    pub(crate) fn tails(&self, k: i64) -> (f64, f64) {
        let (below, above) = self.sides(k);
        match (below, above) {
            (Some(sums), _) => (sums.0, (1.0 - sums.0).max(0.0)),
            (None, Some(sums)) => ((1.0 - sums.0).max(0.0), sums.0),
            (None, None) => (0.0, 1.0),
        }
    }
    /// First and second losses at `k`.
    pub(crate) fn loss(&self, k: i64) -> (Losses, Losses) {
        let (mean, variance) = (self.mean(), self.variance());
        let x = float(k);
        let both = 0.5 * ((x - mean) * (x - mean) + variance + x - mean);
        let (below, above) = self.sides(k);
        match (below, above) {
            (Some(sums), _) => (
                Losses { shortage: sums.1 + mean - x, excess: sums.1 },
                Losses { shortage: both - sums.2, excess: sums.2 },
            ),
            (None, Some(sums)) => (
                Losses { shortage: sums.1, excess: sums.1 + x - mean },
                Losses { shortage: sums.2, excess: both - sums.2 },
            ),
            (None, None) => {
                (Losses { shortage: mean - x, excess: 0.0 }, Losses { shortage: both, excess: 0.0 })
            }
        }
    }
    /// Sums of 1, distance and half the product of distances: over `D ≤ k` when `k` is below the mean, over `D > k`
    /// when it is not; nothing below the support.
    #[allow(clippy::type_complexity, reason = "one of two sides, each three sums")]
    fn sides(&self, k: i64) -> (Option<(f64, f64, f64)>, Option<(f64, f64, f64)>) {
        let first = match *self {
            Self::Geometric { first, .. } => first,
            _ => 0,
        };
        if k < first {
            return (None, None);
        }
        if float(k) < self.mean() { (Some(self.below(k, first)), None) } else { (None, Some(self.above(k))) }
    }
    /// Over `D ≤ k`: 1, `k − D`, `½(k−D)(k−D+1)`.
    fn below(&self, k: i64, first: i64) -> (f64, f64, f64) {
        let mut mass = self.mass(k);
        let mut j = float(k);
        let last = float(first);
        let (mut sum, mut one, mut two) = (0.0, 0.0, 0.0);
        let mut away = 0.0_f64;
        loop {
            sum += mass;
            one += away * mass;
            two += 0.5 * away * (away + 1.0) * mass;
            if j <= last || (mass * (away + 1.0) * (away + 1.0) < 1e-18 * two && away > 3.0) {
                return (sum, one, two);
            }
            j -= 1.0;
            away += 1.0;
            let rise = self.rise(j);
            // Deep in an underflowed tail the mass is zero and stays zero.
            mass = if rise > 0.0 { mass / rise } else { 0.0 };
            if mass == 0.0 && away > 3.0 && sum == 0.0 {
                return (sum, one, two);
            }
        }
    }
    /// Over `D > k`: 1, `D − k`, `½(D−k)(D−k−1)`.
    fn above(&self, k: i64) -> (f64, f64, f64) {
        let mut j = float(k.saturating_add(1));
        let mut mass = self.mass(k.saturating_add(1));
        let (mut sum, mut one, mut two) = (0.0, 0.0, 0.0);
        let mut away = 1.0_f64;
        while mass > 0.0 {
            sum += mass;
            one += away * mass;
            two += 0.5 * away * (away - 1.0) * mass;
            // Above the mean masses fall; stop when even the heaviest weight adds nothing.
            if mass * away * away < 1e-18 * two && away > 3.0 {
                break;
            }
            mass *= self.rise(j);
            j += 1.0;
            away += 1.0;
        }
        (sum, one, two)
    }
    /// Least `k` with `P(D ≤ k) ≥ q`, where `tail = 1 − q`.
    pub(crate) fn quantile(&self, q: f64, tail: f64) -> i64 {
        let z = crate::normal::normal_quantile(q).unwrap_or(0.0);
        let deviation = self.variance().sqrt();
        let skew = self.skewness();
        // Cornish–Fisher start, then step on exact probabilities.
        let start = z + skew * (z * z - 1.0) / 6.0;
        let mut k = tails::start_count(self.mean(), deviation, start);
        let (mut below, mut above) = self.tails(k);
        let mut mass = self.mass(k);
        let meets = |below: f64, above: f64| {
            if q < 0.5 { below >= q * (1.0 - SLACK) } else { above <= tail * (1.0 + SLACK) }
        };
        if meets(below, above) {
            while k > 0 {
                let (less, more) = (below - mass, above + mass);
                if !meets(less, more) {
                    break;
                }
                (below, above) = (less, more);
                k = k.saturating_sub(1);
                mass = self.mass(k);
            }
            return k;
        }
        while !meets(below, above) {
            k = k.saturating_add(1);
            mass = self.mass(k);
            below += mass;
            above -= mass;
            if mass == 0.0 && float(k) > self.mean() {
                break;
            }
        }
        k
    }
    fn skewness(&self) -> f64 {
        match *self {
            Self::Poisson { mean } => 1.0 / mean.max(1e-9).sqrt(),
            Self::NegativeBinomial { r, p } => (2.0 - p) / (r * (1.0 - p)).sqrt(),
            Self::Geometric { p, .. } => (2.0 - p) / (1.0 - p).sqrt(),
        }
        .min(4.0)
    }
    /// Masses of `0..entries`, walked from the mode so that nothing underflows on the way.
    pub(crate) fn masses(&self, entries: usize) -> Vec<f64> {
        let mut out = vec![0.0; entries];
        let mode = length(self.mean().floor()).min(entries.saturating_sub(1));
        let at = i64::try_from(mode).unwrap_or(i64::MAX);
        let peak = self.mass(at);
        let mut mass = peak;
        let mut k = float(at);
        for slot in out.iter_mut().skip(mode) {
            *slot = mass;
            mass *= self.rise(k);
            k += 1.0;
        }
        let first = match *self {
            Self::Geometric { first, .. } => float(first),
            _ => 0.0,
        };
        mass = peak;
        k = float(at);
        let lower = out.get_mut(..mode).unwrap_or_default();
        for slot in lower.iter_mut().rev() {
            k -= 1.0;
            let rise = self.rise(k);
            mass = if rise > 0.0 && k >= first { mass / rise } else { 0.0 };
            *slot = mass;
        }
        if let (Some(slot), true) = (out.first_mut(), first > 0.0) {
            *slot = 0.0;
        }
        out
    }
}

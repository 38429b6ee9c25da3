//! A smooth function of one variable that is asked for very often: Chebyshev interpolation with a proof of its error.
//!
//! # Source
//!
//! Trefethen 2013, Approximation Theory and Approximation Practice, chapters 3 (points) and 8 (convergence on ellipses);
//! Clenshaw 1955 (the recurrence).
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use crate::error::AccountError;

/// The last coefficients must be this much smaller than the largest value.
const TAIL: f64 = 1e-14;
/// Numbers of points tried, from the first that should do.
const SIZES: [u32; 9] = [14, 17, 20, 24, 28, 34, 42, 56, 80];

/// Points evaluated at once.
pub(crate) const LANES: usize = 8;

/// Points with which a function that is singular at −1 is known to the last digit on `[low, high]`: its coefficients fall
/// like `ρ^−k`, with `ρ` the sum of the half axes of the ellipse with foci at the ends that reaches −1.
fn expected_size(low: f64, high: f64) -> f64 {
    let centre = (2.0 + low + high) / (high - low);
    let ln_rho = centre.acosh().max(f64::MIN_POSITIVE);
    (3.0 - TAIL.ln() / ln_rho).min(80.0)
}

/// A polynomial through the Chebyshev points of an interval.
#[derive(Debug)]
pub(crate) struct Interpolant {
    low: f64,
    high: f64,
    coefficients: Vec<f64>,
}

impl Interpolant {
    /// Interpolates `f`, regular but for arguments of −1 and less, on `[low, high]` for `uses` later evaluations; `None` where it does not pay or does not settle.
    pub(crate) fn of(
        low: f64,
        high: f64,
        uses: usize,
        f: impl Fn(f64) -> Result<f64, AccountError>,
    ) -> Result<Option<Self>, AccountError> {
        if low == high && uses > 1 {
            let coefficients = vec![f(low)?];
            return Ok(Some(Self { low, high: low + 1.0, coefficients }));
        }
        let expected = expected_size(low, high);
        for size in SIZES.into_iter().filter(|size| f64::from(*size) >= expected) {
            if u64::try_from(uses).unwrap_or(u64::MAX) < 2 * u64::from(size) {
                return Ok(None);
            }
            let n = f64::from(size);
            let angle = |k: f64| core::f64::consts::PI * (k + 0.5) / n;
            let mut values = Vec::new();
            for k in 0..size {
                let at = angle(f64::from(k)).cos();
                values.push(f(0.5 * (low + high) + 0.5 * (high - low) * at)?);
            }
            let coefficient = |j: u32| {
                let term = |(k, value): (u32, &f64)| value * (f64::from(j) * angle(f64::from(k))).cos();
                let sum: f64 = (0_u32..).zip(&values).map(term).sum();
                sum * if j == 0 { 1.0 } else { 2.0 } / n
            };
            let mut coefficients: Vec<f64> = (0..size).map(coefficient).collect();
            let smallest = values.iter().fold(f64::INFINITY, |least, value| least.min(value.abs()));
            let tail = coefficients.iter().rev().take(3).fold(0.0_f64, |most, c| most.max(c.abs()));
            if tail <= TAIL * smallest.max(f64::MIN_POSITIVE) * 10.0 {
                // What lies below the last digit costs time and adds nothing.
                let needed = coefficients.iter().rposition(|c| c.abs() > TAIL * 0.01 * smallest);
                coefficients.truncate(needed.unwrap_or(0).saturating_add(1));
                return Ok(Some(Self { low, high, coefficients }));
            }
        }
        Ok(None)
    }

    /// The values at points of the interval (Clenshaw's recurrence), all in step so that none waits for another.
    pub(crate) fn at_each(&self, points: &[f64; LANES]) -> [f64; LANES] {
        let scale = 1.0 / (self.high - self.low);
        let twice = points.map(|point| 2.0 * (2.0 * point - self.low - self.high) * scale);
        let (mut b1, mut b2) = ([0.0; LANES], [0.0; LANES]);
        let Some((first, rest)) = self.coefficients.split_first() else { return b1 };
        for c in rest.iter().rev() {
            for ((twice, b1), b2) in twice.iter().zip(&mut b1).zip(&mut b2) {
                (*b1, *b2) = (c + twice * *b1 - *b2, *b1);
            }
        }
        for ((twice, b1), b2) in twice.iter().zip(&mut b1).zip(&b2) {
            *b1 = first + 0.5 * twice * *b1 - b2;
        }
        b1
    }
}

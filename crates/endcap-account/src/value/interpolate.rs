//! A smooth function of one variable that is asked for very often: Chebyshev interpolation with a proof of its error.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use crate::error::AccountError;

/// The last coefficients must be this much smaller than the largest value.
const TAIL: f64 = 1e-14;
/// Points tried, each twice the one before.
const SIZES: [u32; 3] = [20, 40, 80];

/// A polynomial through the Chebyshev points of an interval.
#[derive(Debug)]
pub(crate) struct Interpolant {
    low: f64,
    high: f64,
    coefficients: Vec<f64>,
}

impl Interpolant {
    /// Interpolates `f` on `[low, high]` for `uses` later evaluations; `None` where it does not pay or does not settle.
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
        for size in SIZES {
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

    /// The value at a point of the interval (Clenshaw's recurrence).
    pub(crate) fn at(&self, point: f64) -> f64 {
        let x = (2.0 * point - self.low - self.high) / (self.high - self.low);
        let (mut b1, mut b2) = (0.0, 0.0);
        let (first, rest) = match self.coefficients.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return 0.0,
        };
        for c in rest.iter().rev() {
            (b1, b2) = (c + 2.0 * x * b1 - b2, b1);
        }
        first + x * b1 - b2
    }
}

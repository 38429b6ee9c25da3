//! Small dense linear algebra: what least squares of up to a few hundred columns need, and no more.
//!
//! | item | what it is |
//! |---|---|
//! | [`Design`] | named columns of one length: the regressors of a model |
//! | [`Qr`] | Householder QR of a design, with the column named that cannot be separated |
//! | [`Square`] | a small symmetric matrix: Gram, covariance |
//! | [`Cholesky`] | its factor, with the pivot checked |
//! | [`sum`], [`dot`], [`mean`] | sums whose order is fixed |
//!
//! # Why not a library
//!
//! The same input must give the same bits on every machine. The general libraries pick a multiplication kernel by the
//! processor they find at run time (`matrixmultiply` under nalgebra, `pulp` under faer), with and without fused
//! multiply-add, so the last bit differs from machine to machine; and their indexing panics. The matrices here have two
//! to fifteen columns, where blocking gains nothing.

mod cholesky;
mod compensated;
mod design;
mod qr;

pub use cholesky::{Cholesky, Square};
pub(crate) use compensated::combine;
pub use design::Design;
pub use qr::Qr;

use super::EvidenceError;
use crate::border::count;

/// `Σ x` with the rounding errors carried along (Neumaier): the same bits for the same order, nearly the exact sum.
///
/// # Source
///
/// Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
#[must_use]
pub fn sum(values: &[f64]) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

/// `Σ x / n`, 0 for none.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { sum(values) / count(values.len()) }
}

/// `Σ x·y` over the shorter length, in four fixed lanes.
#[must_use]
pub fn dot(left: &[f64], right: &[f64]) -> f64 {
    let (a, b) = (left.chunks_exact(4), right.chunks_exact(4));
    let rest: f64 = if left.len() == right.len() {
        a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum()
    } else {
        return left.iter().zip(right).map(|(x, y)| x * y).sum();
    };
    let mut lanes = [0.0_f64; 4];
    for (x, y) in a.zip(b) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    let [l0, l1, l2, l3] = lanes;
    (l0 + l2) + (l1 + l3) + rest
}

/// `Σ (x − x̄)² / (n − 1)`.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for fewer than two values.
pub fn variance(values: &[f64]) -> Result<f64, EvidenceError> {
    if values.len() < 2 {
        return Err(EvidenceError::TooFew { what: "values of a variance", have: values.len(), need: 2 });
    }
    let centre = mean(values);
    let squares: Vec<f64> = values.iter().map(|x| (x - centre) * (x - centre)).collect();
    Ok(sum(&squares) / count(values.len().saturating_sub(1)))
}

/// Refuses a value that is not a finite number.
pub(crate) fn check_finite(what: &'static str, values: &[f64]) -> Result<(), EvidenceError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((at, value)) => Err(EvidenceError::NotFinite { what, at, value: *value }),
        None => Ok(()),
    }
}

/// Refuses another length than the one it goes with.
pub(crate) fn check_length(what: &'static str, found: usize, expected: usize) -> Result<(), EvidenceError> {
    if found == expected { Ok(()) } else { Err(EvidenceError::Shape { what, found, expected }) }
}

/// `a·b` as a sum of two doubles, without fused multiply-add (Dekker 1971).
pub(super) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let split = |x: f64| {
        let big = 134_217_729.0 * x;
        let high = big - (big - x);
        (high, x - high)
    };
    let product = a * b;
    let ((a1, a0), (b1, b0)) = (split(a), split(b));
    (product, a0 * b0 - (((product - a1 * b1) - a0 * b1) - a1 * b0))
}

/// `a + b` as a sum of two doubles (Knuth).
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let total = a + b;
    let back = total - a;
    (total, (a - (total - back)) + (b - back))
}

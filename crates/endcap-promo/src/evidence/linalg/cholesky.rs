//! Small symmetric matrices and their Cholesky factor.

use super::super::EvidenceError;
use super::{check_length, dot};

/// A small symmetric matrix (对称矩阵), stored by rows.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Square {
    size: usize,
    data: Vec<f64>,
}

impl Square {
    /// The matrix whose entry `(i, j)` for `i ≤ j` is `entry(i, j)`, mirrored below.
    pub fn symmetric(size: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let data = (0..size)
            .flat_map(|i| (0..size).map(move |j| (i.min(j), i.max(j))))
            .map(|(i, j)| entry(i, j))
            .collect();
        Self { size, data }
    }

    /// All zeros.
    #[must_use]
    pub fn zero(size: usize) -> Self {
        Self { size, data: vec![0.0; size.saturating_mul(size)] }
    }

    /// Number of rows.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Entry `(i, j)`; NaN outside.
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.row(i).get(j).copied().unwrap_or(f64::NAN)
    }

    /// Row `i`, empty outside.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f64] {
        self.data.chunks_exact(self.size.max(1)).nth(i).unwrap_or(&[])
    }

    /// The rows in order.
    pub fn rows(&self) -> core::slice::ChunksExact<'_, f64> {
        self.data.chunks_exact(self.size.max(1))
    }

    /// The diagonal.
    #[must_use]
    pub fn diagonal(&self) -> Vec<f64> {
        self.rows().enumerate().map(|(i, row)| row.get(i).copied().unwrap_or(f64::NAN)).collect()
    }

    /// `A·x`.
    #[must_use]
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        self.rows().map(|row| dot(row, x)).collect()
    }

    /// `x'A·y`.
    #[must_use]
    pub fn form(&self, x: &[f64], y: &[f64]) -> f64 {
        dot(x, &self.times(y))
    }

    /// Every entry times `factor`.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self { size: self.size, data: self.data.iter().map(|x| x * factor).collect() }
    }

    /// Entry by entry `A + factor·B`.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`] when the sizes differ.
    pub fn plus(&self, other: &Self, factor: f64) -> Result<Self, EvidenceError> {
        check_length("matrix", other.size, self.size)?;
        let data = self.data.iter().zip(&other.data).map(|(a, b)| a + factor * b).collect();
        Ok(Self { size: self.size, data })
    }

    /// `A·M·A` for symmetric `A` (self) and `M`: the sandwich of robust covariances.
    #[must_use]
    pub fn sandwich(&self, middle: &Self) -> Self {
        let inner: Vec<Vec<f64>> = self.rows().map(|row| middle.times(row)).collect();
        Self::symmetric(self.size, |i, j| dot(inner.get(i).map_or(&[], Vec::as_slice), self.row(j)))
    }

    /// Largest absolute entry.
    #[must_use]
    pub fn largest(&self) -> f64 {
        self.data.iter().fold(0.0_f64, |most, x| most.max(x.abs()))
    }
}

/// `A = LL'` of a positive definite matrix.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::linalg::{Cholesky, Square};
/// let matrix = Square::symmetric(2, |i, j| if (i, j) == (0, 0) { 4.0 } else { 2.0 });
/// assert_eq!(Cholesky::new("Gram", &matrix)?.solve(&[8.0, 6.0]), [1.0, 2.0]);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Golub & Van Loan, Matrix Computations, algorithm 4.2.2.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    /// Row `i` of `L` has `i + 1` entries.
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// Factors a positive definite matrix.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::NotPositiveDefinite`] at the first pivot that is not positive.
    pub fn new(what: &'static str, matrix: &Square) -> Result<Self, EvidenceError> {
        let mut factor = Self { rows: Vec::with_capacity(matrix.size()) };
        for (i, row) in matrix.rows().enumerate() {
            let pivot = factor.append(row.get(..=i).unwrap_or(row));
            if let Some(pivot) = pivot {
                return Err(EvidenceError::NotPositiveDefinite { what, pivot });
            }
        }
        Ok(factor)
    }

    /// A factor of no rows, to be grown.
    pub(crate) const fn empty() -> Self {
        Self { rows: Vec::new() }
    }

    /// Grows the factor by one row of the matrix, its diagonal entry last; returns the pivot when it is not positive,
    /// and then nothing has changed.
    pub(crate) fn append(&mut self, row: &[f64]) -> Option<f64> {
        let mut new: Vec<f64> = Vec::with_capacity(row.len());
        for (above, entry) in self.rows.iter().zip(row) {
            let (Some(pivot), Some(left)) = (above.last(), above.get(..new.len())) else { continue };
            let value = (entry - dot(left, &new)) / pivot;
            new.push(value);
        }
        let diagonal = row.last().copied().unwrap_or(f64::NAN);
        let pivot = diagonal - dot(&new, &new);
        if pivot <= 1e-15 * diagonal || !pivot.is_finite() {
            return Some(pivot);
        }
        new.push(pivot.sqrt());
        self.rows.push(new);
        None
    }

    /// Smallest squared pivot over the largest: below about 1e-9 the working precision no longer resolves all directions.
    pub(crate) fn pivot_ratio(&self) -> f64 {
        let pivots = self.rows.iter().filter_map(|row| row.last());
        let (low, high) = pivots.fold((f64::INFINITY, 0.0_f64), |(low, high), pivot| {
            (low.min(pivot * pivot), high.max(pivot * pivot))
        });
        if high > 0.0 { low / high } else { 1.0 }
    }

    /// Cuts the factor back to its first `rows` rows.
    pub(crate) fn truncate(&mut self, rows: usize) {
        self.rows.truncate(rows);
    }

    /// `A⁻¹·b`.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.half(b);
        for (j, row) in self.rows.iter().enumerate().rev() {
            let (before, from) = x.split_at_mut_checked(j).unwrap_or((&mut [], &mut []));
            let (Some(value), Some(pivot)) = (from.first_mut(), row.last()) else { continue };
            *value /= pivot;
            for (entry, l) in before.iter_mut().zip(row) {
                *entry -= l * *value;
            }
        }
        x
    }

    /// `L⁻¹·b`: its squared length is `b'A⁻¹b`.
    #[must_use]
    pub fn half(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(self.rows.len());
        for (row, value) in self.rows.iter().zip(b) {
            let (Some(pivot), Some(left)) = (row.last(), row.get(..x.len())) else { continue };
            let next = (value - dot(left, &x)) / pivot;
            x.push(next);
        }
        x
    }

    /// `A⁻¹`.
    #[must_use]
    pub fn inverse(&self) -> Square {
        let size = self.rows.len();
        let columns: Vec<Vec<f64>> = (0..size)
            .map(|j| self.half(&(0..size).map(|i| if i == j { 1.0 } else { 0.0 }).collect::<Vec<f64>>()))
            .collect();
        let column = |i: usize| columns.get(i).map_or(&[][..], Vec::as_slice);
        Square::symmetric(size, |i, j| dot(column(i), column(j)))
    }

    /// `ln |A|`.
    #[must_use]
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.rows.iter().filter_map(|row| row.last()).map(|pivot| libm::log(*pivot)).sum::<f64>()
    }
}

//! Householder QR: the least-squares solver.

use super::super::{EvidenceError, Inestimable};
use super::{Design, Square, dot, two_product, two_sum};

/// Share of a column's norm that must be left after the columns before it are taken out.
const RANK_TOLERANCE: f64 = 1e-11;

/// `X = QR` by Householder reflections, columns in the order given.
///
/// A column of which less than 10⁻¹¹ is left after the ones before it cannot be separated from them; the error names
/// it.
///
/// # Source
///
/// Golub & Van Loan, Matrix Computations, algorithm 5.2.1.
#[derive(Debug, Clone, PartialEq)]
pub struct Qr {
    rows: usize,
    width: usize,
    /// Column `j`: entries of `R` above the diagonal, then the reflection from the diagonal on.
    data: Vec<f64>,
    diagonal: Vec<f64>,
    /// `2 / v'v` of each reflection.
    scale: Vec<f64>,
}

impl Qr {
    /// Factors a design.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] with fewer rows than columns, or no column.
    /// - [`EvidenceError::NotEstimable`] naming the first column that the ones before it explain.
    pub fn new(design: &Design) -> Result<Self, EvidenceError> {
        let (rows, width) = (design.rows(), design.width());
        if rows < width || width == 0 {
            return Err(EvidenceError::TooFew {
                what: "rows for the columns",
                have: rows,
                need: width.max(1),
            });
        }
        let mut data = design.data().to_vec();
        let mut diagonal = Vec::with_capacity(width);
        let mut scale = Vec::with_capacity(width);
        for j in 0..width {
            let split = rows.saturating_mul(j.saturating_add(1));
            let (left, right) = data.split_at_mut_checked(split).unwrap_or((&mut [], &mut []));
            let Some(column) = left.chunks_exact_mut(rows).next_back() else { continue };
            let whole = dot(column, column).sqrt();
            let Some(v) = column.get_mut(j..) else { continue };
            let norm = dot(v, v).sqrt();
            if norm <= RANK_TOLERANCE * whole || norm == 0.0 {
                let constant = design.column(j).windows(2).all(|pair| pair.first() == pair.last());
                let why = if constant { Inestimable::NoVariation } else { Inestimable::Collinear };
                let column = design.names().get(j).cloned().unwrap_or_default();
                return Err(EvidenceError::NotEstimable { column, why });
            }
            let Some(first) = v.first_mut() else { continue };
            let alpha = if *first > 0.0 { -norm } else { norm };
            *first -= alpha;
            let beta = 2.0 / dot(v, v);
            diagonal.push(alpha);
            scale.push(beta);
            for later in right.chunks_exact_mut(rows) {
                if let Some(tail) = later.get_mut(j..) {
                    reflect(v, beta, tail);
                }
            }
        }
        Ok(Self { rows, width, data, diagonal, scale })
    }

    fn columns(&self) -> core::slice::ChunksExact<'_, f64> {
        self.data.chunks_exact(self.rows)
    }

    /// Replaces `y` by `Q'y`.
    fn rotate(&self, y: &mut [f64]) {
        for ((j, column), beta) in self.columns().enumerate().zip(&self.scale) {
            if let (Some(v), Some(tail)) = (column.get(j..), y.get_mut(j..)) {
                reflect(v, *beta, tail);
            }
        }
    }

    /// `R⁻¹·c` by back substitution; `c` has one entry a column.
    fn back(&self, mut c: Vec<f64>) -> Vec<f64> {
        let columns: Vec<&[f64]> = self.columns().collect();
        for j in (0..self.width).rev() {
            let (Some(column), Some(diagonal)) = (columns.get(j), self.diagonal.get(j)) else { continue };
            let (above, from) = c.split_at_mut_checked(j).unwrap_or((&mut [], &mut []));
            let Some(value) = from.first_mut() else { continue };
            *value /= diagonal;
            for (entry, r) in above.iter_mut().zip(column.iter()) {
                *entry -= r * *value;
            }
        }
        c
    }

    /// Coefficients that minimise `‖y − Xb‖`, refined once with the residual in doubled precision.
    #[must_use]
    pub fn solve(&self, design: &Design, y: &[f64]) -> Vec<f64> {
        let least = |y: &[f64]| {
            let mut rotated = y.to_vec();
            self.rotate(&mut rotated);
            rotated.truncate(self.width);
            self.back(rotated)
        };
        let mut b = least(y);
        let correction = least(&exact_residuals(design, y, &b));
        for (value, change) in b.iter_mut().zip(&correction) {
            *value += change;
        }
        b
    }

    /// `(X'X)⁻¹ = R⁻¹R⁻ᵀ`.
    #[must_use]
    pub fn inverse_gram(&self) -> Square {
        let unit = |j: usize| (0..self.width).map(|i| if i == j { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
        // Column j of R⁻¹; row i of R⁻¹ are the i-th entries.
        let columns: Vec<Vec<f64>> = (0..self.width).map(|j| self.back(unit(j))).collect();
        Square::symmetric(self.width, |i, k| {
            columns.iter().filter_map(|column| Some(column.get(i)? * column.get(k)?)).sum()
        })
    }
}

/// `x ← x − β·v·(v'x)`.
fn reflect(v: &[f64], beta: f64, x: &mut [f64]) {
    let share = beta * dot(v, x);
    for (x, v) in x.iter_mut().zip(v) {
        *x -= share * v;
    }
}

/// `y − Xb` accumulated in doubled precision and rounded once.
pub(super) fn exact_residuals(design: &Design, y: &[f64], b: &[f64]) -> Vec<f64> {
    let mut high = y.to_vec();
    let mut low = vec![0.0; y.len()];
    for (column, b) in design.columns().zip(b) {
        for ((high, low), x) in high.iter_mut().zip(&mut low).zip(column) {
            let (product, error) = two_product(*x, -b);
            let (total, rest) = two_sum(*high, product);
            *high = total;
            *low += rest + error;
        }
    }
    high.iter().zip(&low).map(|(high, low)| high + low).collect()
}

//! Symmetric matrices of a few rows: Jacobi's eigenvalues, and from them inverse and condition.
//!
//! # Source
//!
//! Jacobi 1846; Golub and Van Loan, Matrix Computations, §8.5.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use core::array::from_fn;

pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

pub(crate) fn at<const N: usize>(matrix: &Matrix<N>, row: usize, column: usize) -> f64 {
    matrix.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0)
}

pub(crate) fn entry<const N: usize>(vector: &[f64; N], index: usize) -> f64 {
    vector.get(index).copied().unwrap_or(0.0)
}

pub(crate) fn dot<const N: usize>(left: &[f64; N], right: &[f64; N]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

pub(crate) fn apply<const N: usize>(matrix: &Matrix<N>, vector: &[f64; N]) -> [f64; N] {
    from_fn(|i| matrix.get(i).map_or(0.0, |row| dot(row, vector)))
}

pub(crate) fn identity<const N: usize>(scale: f64) -> Matrix<N> {
    from_fn(|i| from_fn(|j| if i == j { scale } else { 0.0 }))
}

pub(crate) fn largest<const N: usize>(vector: &[f64; N]) -> f64 {
    vector.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// `A = Σ values[k] · vectors[·][k] vectors[·][k]ᵀ`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eigen<const N: usize> {
    pub(crate) values: [f64; N],
    vectors: Matrix<N>,
}

impl<const N: usize> Eigen<N> {
    /// Jacobi's rotations, until nothing is left beside the diagonal.
    pub(crate) fn of(matrix: &Matrix<N>) -> Self {
        let (mut a, mut vectors) = (*matrix, identity::<N>(1.0));
        for _ in 0..60 {
            let beside: f64 =
                (0..N).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| at(&a, i, j).abs()).sum();
            let diagonal: f64 = (0..N).map(|i| at(&a, i, i).abs()).sum();
            if beside <= f64::EPSILON * 1e-3 * diagonal || !beside.is_finite() {
                break;
            }
            for q in 1..N {
                for p in 0..q {
                    let off = at(&a, p, q);
                    if off == 0.0 {
                        continue;
                    }
                    let theta = (at(&a, q, q) - at(&a, p, p)) / (2.0 * off);
                    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                    let c = 1.0 / t.hypot(1.0);
                    let s = t * c;
                    let turn = |i: usize, j: usize| match (i, j) {
                        _ if (i == p && j == p) || (i == q && j == q) => c,
                        _ if i == p && j == q => s,
                        _ if i == q && j == p => -s,
                        _ => f64::from(u8::from(i == j)),
                    };
                    let rotation: Matrix<N> = from_fn(|i| from_fn(|j| turn(i, j)));
                    a = product(&transposed(&rotation), &product(&a, &rotation));
                    vectors = product(&vectors, &rotation);
                }
            }
        }
        Self { values: from_fn(|i| at(&a, i, i)), vectors }
    }

    /// `Σ f(value) v vᵀ`: the matrix whose eigenvalues are mapped.
    pub(crate) fn mapped(&self, f: impl Fn(f64) -> f64) -> Matrix<N> {
        from_fn(|i| {
            from_fn(|j| {
                (0..N)
                    .map(|k| f(entry(&self.values, k)) * at(&self.vectors, i, k) * at(&self.vectors, j, k))
                    .sum()
            })
        })
    }

    pub(crate) fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn greatest(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

fn transposed<const N: usize>(a: &Matrix<N>) -> Matrix<N> {
    from_fn(|i| from_fn(|j| at(a, j, i)))
}

fn product<const N: usize>(a: &Matrix<N>, b: &Matrix<N>) -> Matrix<N> {
    from_fn(|i| from_fn(|j| (0..N).map(|k| at(a, i, k) * at(b, k, j)).sum()))
}

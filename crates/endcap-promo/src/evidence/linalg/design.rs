//! Named columns of one length.

use super::super::EvidenceError;
use super::{check_finite, check_length};

/// The regressors of a model (设计矩阵): named columns of one length, in the order given.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::linalg::Design;
/// let design = Design::new(3)?.constant("level")?.with("price", &[2.0, 1.5, 2.0])?;
/// assert_eq!((design.rows(), design.width()), (3, 2));
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// The model matrix of Draper & Smith, Applied Regression Analysis, 4.1.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    rows: usize,
    names: Vec<String>,
    data: Vec<f64>,
}

impl Design {
    /// A design of `rows` rows and no column yet.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] for no rows.
    pub fn new(rows: usize) -> Result<Self, EvidenceError> {
        if rows == 0 {
            return Err(EvidenceError::TooFew { what: "rows", have: 0, need: 1 });
        }
        Ok(Self { rows, names: Vec::new(), data: Vec::new() })
    }

    /// The design with one more column.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`] when the column has another length.
    /// - [`EvidenceError::NotFinite`] when a value is not a number.
    pub fn with(mut self, name: &str, column: &[f64]) -> Result<Self, EvidenceError> {
        check_length("column", column.len(), self.rows)?;
        check_finite("column", column)?;
        self.names.push(name.to_owned());
        self.data.extend_from_slice(column);
        Ok(self)
    }

    /// The design with a column of ones (常数项).
    ///
    /// # Errors
    ///
    /// - As [`Self::with`].
    pub fn constant(self, name: &str) -> Result<Self, EvidenceError> {
        let ones = vec![1.0; self.rows];
        self.with(name, &ones)
    }

    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Column `j`, empty beyond the last.
    #[must_use]
    pub fn column(&self, j: usize) -> &[f64] {
        self.columns().nth(j).unwrap_or(&[])
    }

    /// The columns in order.
    pub fn columns(&self) -> core::slice::ChunksExact<'_, f64> {
        self.data.chunks_exact(self.rows)
    }

    /// The design without the columns for which `keep` says no.
    #[must_use]
    pub fn keep(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut kept = Self { rows: self.rows, names: Vec::new(), data: Vec::new() };
        for ((j, name), column) in self.names.iter().enumerate().zip(self.columns()) {
            if keep(j) {
                kept.names.push(name.clone());
                kept.data.extend_from_slice(column);
            }
        }
        kept
    }

    /// `X·b`, one value a row.
    #[must_use]
    pub fn times(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut fitted = vec![0.0; self.rows];
        for (column, b) in self.columns().zip(coefficients) {
            for (sum, x) in fitted.iter_mut().zip(column) {
                *sum += x * b;
            }
        }
        fitted
    }

    pub(super) fn data(&self) -> &[f64] {
        &self.data
    }
}

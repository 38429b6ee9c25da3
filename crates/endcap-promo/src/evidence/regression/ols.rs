//! Ordinary least squares.

use super::super::EvidenceError;
use super::super::linalg::{Design, Qr, Square, check_finite, check_length, dot, mean, sum};
use super::Covariance;
use crate::border::count;

/// A least-squares fit (最小二乘): `y = Xb + e`.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::linalg::Design;
/// use endcap_promo::evidence::regression::{Covariance, Ols};
/// let weeks = [0.0, 1.0, 2.0, 3.0, 4.0];
/// let design = Design::new(5)?.constant("level")?.with("week", &weeks)?;
/// let fit = Ols::fit(&design, &[10.0, 12.0, 13.0, 15.0, 16.0])?;
/// assert!((fit.coefficient("week").unwrap() - 1.5).abs() < 1e-12);
/// assert!((fit.standard_errors(Covariance::Classical)?[1] - 0.1).abs() < 1e-12);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Householder QR with one refinement in doubled precision: Björck, Numerical Methods for Least Squares Problems, 2.9.
#[derive(Debug, Clone)]
pub struct Ols<'a> {
    design: &'a Design,
    coefficients: Vec<f64>,
    residuals: Vec<f64>,
    rss: f64,
    tss: f64,
    df: usize,
    inverse_gram: Square,
}

impl<'a> Ols<'a> {
    /// Fits `y` on the columns of a design.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`] for a `y` that does not fit.
    /// - [`EvidenceError::TooFew`] with no residual degree of freedom.
    /// - [`EvidenceError::NotEstimable`] naming a column that cannot be separated.
    pub fn fit(design: &'a Design, y: &[f64]) -> Result<Self, EvidenceError> {
        check_length("y", y.len(), design.rows())?;
        check_finite("y", y)?;
        let df = design.rows().saturating_sub(design.width());
        if df == 0 {
            let need = design.width().saturating_add(1);
            return Err(EvidenceError::TooFew { what: "observations", have: design.rows(), need });
        }
        let qr = Qr::new(design)?;
        let coefficients = qr.solve(design, y);
        let fitted = design.times(&coefficients);
        let residuals: Vec<f64> = y.iter().zip(&fitted).map(|(y, f)| y - f).collect();
        let centre = mean(y);
        let squares: Vec<f64> = y.iter().map(|y| (y - centre) * (y - centre)).collect();
        Ok(Self {
            design,
            rss: sum(&residuals.iter().map(|e| e * e).collect::<Vec<f64>>()),
            tss: sum(&squares),
            coefficients,
            residuals,
            df,
            inverse_gram: qr.inverse_gram(),
        })
    }

    /// The regressors.
    #[must_use]
    pub const fn design(&self) -> &'a Design {
        self.design
    }

    /// Coefficients in the order of the columns.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Position of a column, by name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.design.names().iter().position(|column| column == name)
    }

    /// The coefficient of a column, by name.
    #[must_use]
    pub fn coefficient(&self, name: &str) -> Option<f64> {
        self.coefficients.get(self.position(name)?).copied()
    }

    /// `y − Xb` (残差).
    #[must_use]
    pub fn residuals(&self) -> &[f64] {
        &self.residuals
    }

    /// Residual sum of squares (残差平方和).
    #[must_use]
    pub const fn rss(&self) -> f64 {
        self.rss
    }

    /// Observations less columns (残差自由度).
    #[must_use]
    pub const fn df(&self) -> usize {
        self.df
    }

    /// `rss / df`.
    #[must_use]
    pub fn residual_variance(&self) -> f64 {
        self.rss / count(self.df)
    }

    /// `1 − rss / Σ(y − ȳ)²`; NaN when `y` never varies.
    #[must_use]
    pub fn r_squared(&self) -> f64 {
        1.0 - self.rss / self.tss
    }

    /// `(X'X)⁻¹`.
    #[must_use]
    pub const fn inverse_gram(&self) -> &Square {
        &self.inverse_gram
    }

    /// `x_t'(X'X)⁻¹x_t` of every row (杠杆值).
    #[must_use]
    pub fn leverages(&self) -> Vec<f64> {
        let columns: Vec<&[f64]> = self.design.columns().collect();
        let row = |t: usize| columns.iter().filter_map(|c| c.get(t).copied()).collect::<Vec<f64>>();
        (0..self.design.rows()).map(row).map(|x| self.inverse_gram.form(&x, &x)).collect()
    }

    /// The covariance of the coefficients.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for more lags than observations allow.
    pub fn covariance(&self, estimator: Covariance) -> Result<Square, EvidenceError> {
        super::robust::covariance(self, estimator)
    }

    /// Standard errors of the coefficients (标准误).
    ///
    /// # Errors
    ///
    /// - As [`Self::covariance`].
    pub fn standard_errors(&self, estimator: Covariance) -> Result<Vec<f64>, EvidenceError> {
        Ok(roots(&self.covariance(estimator)?))
    }

    /// How much every observation moves `c'b`: `c'(X'X)⁻¹x_t`.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`] when the contrast has another length.
    pub fn row_weights(&self, contrast: &[f64]) -> Result<Vec<f64>, EvidenceError> {
        check_length("contrast", contrast.len(), self.coefficients.len())?;
        Ok(self.design.times(&self.inverse_gram.times(contrast)))
    }

    /// `c'b` and its variance under a covariance of the coefficients.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`] when the contrast has another length.
    pub fn contrast(&self, weights: &[f64], covariance: &Square) -> Result<(f64, f64), EvidenceError> {
        check_length("contrast", weights.len(), self.coefficients.len())?;
        Ok((dot(weights, &self.coefficients), covariance.form(weights, weights).max(0.0)))
    }
}

/// Square roots of the diagonal; a negative variance, which two-way clustering can give, is NaN.
pub(crate) fn roots(covariance: &Square) -> Vec<f64> {
    covariance.diagonal().into_iter().map(f64::sqrt).collect()
}

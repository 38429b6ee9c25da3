//! Residuals that remember the period before: variances of sums under first-order autocorrelation.

use super::super::EvidenceError;
use super::super::distribution::bisect;
use super::super::linalg::{Square, dot};
use super::Ols;
use crate::border::count;

/// Most observations: the moments are taken over all pairs.
const MAX_OBSERVATIONS: usize = 1_500;
/// Correlations looked at.
const RANGE: (f64, f64) = (-0.9, 0.97);
/// Step of the numerical derivative.
const STEP: f64 = 1e-3;

/// Noise of a regression in time, `ε_t = ρ·ε_{t−1} + u_t` (一阶自相关噪声).
///
/// Residuals of a fit are less correlated and smaller than the noise: with `M = I − X(X'X)⁻¹X'`, `ρ` is the value under
/// which `E[e'Le]/E[e'e] = tr(MLM·Ω_ρ)/tr(M·Ω_ρ)` equals what the residuals show, and the variance is
/// `e'e/tr(M·Ω_ρ)`. So a short history states neither too small a correlation nor too small a variance on average.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::linalg::Design;
/// use endcap_promo::evidence::regression::{FirstOrder, Ols};
/// // Six good weeks, six poor ones, and a little of everything else.
/// let y: Vec<f64> = (0..60).map(|t| 100.0 + f64::from(t / 6 % 2 * 8) + f64::from(t * t % 7)).collect();
/// let design = Design::new(60)?.constant("level")?;
/// let noise = FirstOrder::fit(&Ols::fit(&design, &y)?)?;
/// assert!(noise.correlation > 0.3 && noise.correlation < 0.9);
/// // Four weeks in a row vary more than four weeks apart would.
/// assert!(noise.sum(&[1.0; 4]).variance > 4.0 * noise.variance);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Kendall (1954) and Marriott & Pope (1954) for the bias that is taken out, here by equating exact moments as in
/// Cheang & Reinsel (2000); Satterthwaite (1946) for the degrees of freedom of a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstOrder {
    /// `ρ`, between −0.9 and 0.97.
    pub correlation: f64,
    /// Variance of the noise of one period.
    pub variance: f64,
    rss: f64,
    df: f64,
    observations: f64,
    /// `Σ M` along every diagonal, both sides of the middle together.
    moments: Vec<f64>,
}

/// Variance of a weighted sum of noise, and how well it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SumVariance {
    /// `w'Ωw·σ²`.
    pub variance: f64,
    /// Degrees of freedom: fewer where neighbours repeat each other, and where the sum hangs on `ρ`.
    pub df: f64,
}

impl FirstOrder {
    /// From the residuals of a fit whose rows are periods in order.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooMany`] beyond 1,500 observations.
    pub fn fit(fit: &Ols<'_>) -> Result<Self, EvidenceError> {
        let rows = fit.design().rows();
        if rows > MAX_OBSERVATIONS {
            return Err(EvidenceError::TooMany { what: "observations", have: rows, limit: MAX_OBSERVATIONS });
        }
        let (maker, lagged) = moments(fit);
        let e = fit.residuals();
        let seen: f64 = e.iter().zip(e.iter().skip(1)).map(|(a, b)| a * b).sum::<f64>() / fit.rss();
        let (low, high) = RANGE;
        let above = |rho: f64| polynomial(&lagged, rho) > seen * polynomial(&maker, rho);
        let correlation = if fit.rss() <= 0.0 {
            0.0
        } else if above(low) {
            low
        } else if above(high) {
            bisect(low, high, |rho| !above(rho))
        } else {
            high
        };
        Ok(Self {
            correlation,
            variance: fit.rss() / polynomial(&maker, correlation),
            rss: fit.rss(),
            df: count(fit.df()),
            observations: count(rows),
            moments: maker,
        })
    }

    /// Variance of `Σ w_t·ε_t` over consecutive periods, those of the fit or those that follow it without a gap.
    #[must_use]
    pub fn sum(&self, weights: &[f64]) -> SumVariance {
        let at = |rho: f64| self.rss / polynomial(&self.moments, rho) * form(weights, weights, rho);
        let rho = self.correlation;
        let variance = at(rho);
        let squared = rho * rho;
        let (up, down) = (at(rho + STEP), at(rho - STEP));
        let slope = if up > 0.0 && down > 0.0 { libm::log(up / down) / (2.0 * STEP) } else { 0.0 };
        // Variance of ln(variance): of the spread itself, and of ρ through the sum.
        let own = 2.0 * (1.0 + squared) / (self.df * (1.0 - squared)).max(1.0);
        let through = slope * slope * (1.0 - squared) / self.observations;
        SumVariance { variance, df: (2.0 / (own + through)).max(1.0) }
    }

    /// Covariance of the coefficients of the fit: `(X'X)⁻¹X'ΩX(X'X)⁻¹·σ²`.
    pub(super) fn covariance(&self, fit: &Ols<'_>) -> Square {
        let columns: Vec<&[f64]> = fit.design().columns().collect();
        let column = |i: usize| columns.get(i).copied().unwrap_or(&[]);
        let middle = Square::symmetric(columns.len(), |i, j| form(column(i), column(j), self.correlation));
        fit.inverse_gram().sandwich(&middle).scaled(self.variance)
    }
}

/// `Σ_ij a_i·b_j·ρ^|i−j|`.
fn form(a: &[f64], b: &[f64], rho: f64) -> f64 {
    let (mut total, mut from_a, mut from_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        total += x * y + rho * (x * from_b + y * from_a);
        from_a = x + rho * from_a;
        from_b = y + rho * from_b;
    }
    total
}

/// `Σ c_l·ρ^l`.
fn polynomial(coefficients: &[f64], rho: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |total, c| total * rho + c)
}

/// Sums along the diagonals of `M` and of `MLM`, `L` taking the mean of the periods beside.
fn moments(fit: &Ols<'_>) -> (Vec<f64>, Vec<f64>) {
    let rows = fit.design().rows();
    let columns: Vec<&[f64]> = fit.design().columns().collect();
    let gram = fit.inverse_gram();
    let raw: Vec<Vec<f64>> =
        (0..rows).map(|t| columns.iter().filter_map(|c| c.get(t).copied()).collect()).collect();
    let projected: Vec<Vec<f64>> = raw.iter().map(|x| gram.times(x)).collect();
    let maker: Vec<Vec<f64>> = projected
        .iter()
        .enumerate()
        .map(|(s, p)| {
            raw.iter().enumerate().map(|(t, x)| if s == t { 1.0 } else { 0.0 } - dot(p, x)).collect()
        })
        .collect();
    // Half the row above plus half the row below.
    let beside: Vec<Vec<f64>> = (0..rows)
        .map(|s| {
            let mut row = vec![0.0; rows];
            for near in [s.checked_sub(1), s.checked_add(1)].into_iter().flatten() {
                if let Some(other) = maker.get(near) {
                    row.iter_mut().zip(other).for_each(|(slot, x)| *slot += 0.5 * x);
                }
            }
            row
        })
        .collect();
    let mut caught = vec![vec![0.0; rows]; columns.len()];
    for (x, row) in raw.iter().zip(&beside) {
        for (value, slot) in x.iter().zip(&mut caught) {
            slot.iter_mut().zip(row).for_each(|(slot, r)| *slot += value * r);
        }
    }
    let (mut own, mut lagged) = (vec![0.0; rows], vec![0.0; rows]);
    for (s, ((m, b), p)) in maker.iter().zip(&beside).zip(&projected).enumerate() {
        let mut row = b.clone();
        for (share, c) in p.iter().zip(&caught) {
            row.iter_mut().zip(c).for_each(|(slot, x)| *slot -= share * x);
        }
        for (t, (x, y)) in m.iter().zip(&row).enumerate() {
            let lag = s.abs_diff(t);
            if let (Some(a), Some(b)) = (own.get_mut(lag), lagged.get_mut(lag)) {
                *a += x;
                *b += y;
            }
        }
    }
    (own, lagged)
}

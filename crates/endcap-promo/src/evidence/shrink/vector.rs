//! Empirical-Bayes shrinkage of several effects an account.

use super::super::EvidenceError;
use super::super::linalg::{Cholesky, Square, check_length};
use super::super::regression::Ols;
use super::signed::{Sign, constrained};
use crate::border::count;

/// Most EM rounds.
const MAX_ROUNDS: usize = 2_000;

/// What one account's data say (单个客户的信息): precision `X'X/s²` and score `X'y/s²`.
///
/// The precision may be singular: an account that never varied its display says nothing about display, and takes that
/// effect from the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// `X'X/s²`, zero in rows and columns of effects the account says nothing about.
    pub precision: Square,
    /// `X'y/s²`.
    pub score: Vec<f64>,
}

impl Account {
    /// From a fit; `positions[i]` is the place of the fit's column `i` among `size` effects.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`] when the positions do not match the columns.
    /// - [`EvidenceError::Constant`] when the fit leaves no residual.
    pub fn from_fit(fit: &Ols<'_>, positions: &[usize], size: usize) -> Result<Self, EvidenceError> {
        check_length("positions", positions.len(), fit.design().width())?;
        let variance = fit.residual_variance();
        if variance.is_nan() || variance <= 0.0 {
            return Err(EvidenceError::Constant { what: "residuals" });
        }
        let place = |effect: usize| positions.iter().position(|p| *p == effect);
        let precision = Square::symmetric(size, |i, j| match (place(i), place(j)) {
            (Some(a), Some(b)) => {
                super::super::linalg::dot(fit.design().column(a), fit.design().column(b)) / variance
            }
            _ => 0.0,
        });
        let full: Vec<f64> = (0..size)
            .map(|effect| place(effect).and_then(|a| fit.coefficients().get(a).copied()).unwrap_or(0.0))
            .collect();
        let score = precision.times(&full);
        Ok(Self { precision, score })
    }
}

/// The distribution of effects between accounts (组间分布): `β_j ~ N(mean, covariance)`.
///
/// # Source
///
/// Empirical Bayes by EM for the normal hierarchy with known sampling covariance: Dempster, Rubin & Tsutakawa (1981).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Prior {
    /// Mean effects.
    pub mean: Vec<f64>,
    /// Covariance between accounts.
    pub covariance: Square,
    /// EM rounds to the fixed point.
    pub rounds: usize,
}

/// An account's effects after shrinkage.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Posterior {
    /// Posterior mean, or the posterior mode under sign constraints.
    pub mean: Vec<f64>,
    /// Posterior covariance, before constraints.
    pub covariance: Square,
}

impl Prior {
    /// Mean and covariance between accounts, by EM to a fixed point: change below 1e-12 of the scale, or below 1e-6 after
    /// two thousand rounds, which only happens where the spread between accounts goes to zero in some direction.
    ///
    /// Only accounts that separate all effects take part.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] with no more such accounts than effects plus one.
    /// - [`EvidenceError::Shape`] when accounts have different numbers of effects.
    /// - [`EvidenceError::NotConverged`].
    pub fn fit(accounts: &[Account]) -> Result<Self, EvidenceError> {
        let size = accounts.first().map_or(0, |account| account.score.len());
        let mut estimates: Vec<(Vec<f64>, &Account)> = Vec::new();
        for account in accounts {
            check_length("effects of an account", account.score.len(), size)?;
            if let Ok(factor) = Cholesky::new("the account's precision", &account.precision) {
                estimates.push((factor.solve(&account.score), account));
            }
        }
        let need = size.saturating_add(2);
        if size == 0 || estimates.len() < need {
            return Err(EvidenceError::TooFew {
                what: "accounts with all effects",
                have: estimates.len(),
                need,
            });
        }
        let raw: Vec<&[f64]> = estimates.iter().map(|(b, _)| b.as_slice()).collect();
        let mean = average(&raw, size);
        let covariance = spread(&raw, &mean, &[]);
        let mut prior = Self { mean, covariance, rounds: 0 };
        for round in 1..=MAX_ROUNDS {
            let factor = Cholesky::new("the covariance between accounts", &prior.covariance)?;
            let inverse = factor.inverse();
            let pull = inverse.times(&prior.mean);
            let posteriors: Vec<Posterior> = estimates
                .iter()
                .map(|(_, account)| posterior(account, &inverse, &pull))
                .collect::<Result<_, _>>()?;
            let means: Vec<&[f64]> = posteriors.iter().map(|p| p.mean.as_slice()).collect();
            let mean = average(&means, size);
            let own: Vec<&Square> = posteriors.iter().map(|p| &p.covariance).collect();
            let covariance = spread(&means, &mean, &own);
            let moved = mean.iter().zip(&prior.mean).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            let change = covariance.plus(&prior.covariance, -1.0)?.largest().max(moved);
            let scale = covariance.largest().max(1.0);
            prior = Self { mean, covariance, rounds: round };
            // Where the data show no spread in some direction, EM creeps towards the boundary: near enough is the answer.
            if change < 1e-12 * scale || (round == MAX_ROUNDS && change < 1e-6 * scale) {
                return Ok(prior);
            }
        }
        Err(EvidenceError::NotConverged { what: "EM between accounts", iterations: MAX_ROUNDS })
    }

    /// An account's effects: `(Λ + V⁻¹)⁻¹(h + V⁻¹m)`.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotPositiveDefinite`].
    pub fn posterior(&self, account: &Account) -> Result<Posterior, EvidenceError> {
        check_length("effects of an account", account.score.len(), self.mean.len())?;
        let inverse = Cholesky::new("the covariance between accounts", &self.covariance)?.inverse();
        posterior(account, &inverse, &inverse.times(&self.mean))
    }

    /// The same with the signs the field knows: the posterior mode among effects that obey them.
    ///
    /// # Errors
    ///
    /// - As [`Self::posterior`]; [`EvidenceError::TooMany`] beyond ten constraints.
    pub fn signed_posterior(&self, account: &Account, signs: &[Sign]) -> Result<Posterior, EvidenceError> {
        check_length("signs", signs.len(), self.mean.len())?;
        let free = self.posterior(account)?;
        let precision = Cholesky::new("the posterior covariance", &free.covariance)?.inverse();
        let mean = constrained(&free.mean, &precision, signs)?;
        Ok(Posterior { mean, covariance: free.covariance })
    }
}

fn posterior(account: &Account, inverse: &Square, pull: &[f64]) -> Result<Posterior, EvidenceError> {
    let factor = Cholesky::new("the posterior precision", &account.precision.plus(inverse, 1.0)?)?;
    let right: Vec<f64> = account.score.iter().zip(pull).map(|(h, m)| h + m).collect();
    Ok(Posterior { mean: factor.solve(&right), covariance: factor.inverse() })
}

fn average(vectors: &[&[f64]], size: usize) -> Vec<f64> {
    let entry = |i: usize| vectors.iter().filter_map(|v| v.get(i)).sum::<f64>() / count(vectors.len());
    (0..size).map(entry).collect()
}

/// Mean of `(b − m)(b − m)' + C`.
fn spread(vectors: &[&[f64]], mean: &[f64], own: &[&Square]) -> Square {
    let away = |v: &[f64], i: usize| v.get(i).zip(mean.get(i)).map_or(f64::NAN, |(b, m)| b - m);
    Square::symmetric(mean.len(), |i, j| {
        let outer: f64 = vectors.iter().map(|v| away(v, i) * away(v, j)).sum();
        let inner: f64 = own.iter().map(|c| c.at(i, j)).sum();
        (outer + inner) / count(vectors.len())
    })
}

//! sBG: retention under contract, where every loss is seen.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use std::collections::BTreeMap;

use super::error::ValueError;
use super::fit::{Fit, FitOptions, Problem};
use super::model::parameter;
use super::special_functions::{count, finite, ln_rising, psi_rising};
use crate::error::AccountError;

/// Renewals seen so far (续约观测): how many were lost at which renewal, and how many are still there after which.
///
/// Cohorts of different age add up; the order changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetentionTable {
    lost: BTreeMap<u32, u64>,
    kept: BTreeMap<u32, u64>,
}

impl RetentionTable {
    /// No customers yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { lost: BTreeMap::new(), kept: BTreeMap::new() }
    }

    /// Adds a cohort by its survivors: `survivors[0]` customers began, `survivors[t]` were left after renewal `t`.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidHistory`] where survivors rise, or the cohort has no renewal.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::value::RetentionTable;
    ///
    /// let mut renewals = RetentionTable::new();
    /// renewals.add_cohort(&[1000, 869, 743])?;
    /// assert_eq!(renewals.customers(), 1000);
    /// # Ok::<(), endcap_account::AccountError>(())
    /// ```
    pub fn add_cohort(&mut self, survivors: &[u64]) -> Result<(), AccountError> {
        let refuse =
            |value: String, rule| Err(ValueError::InvalidHistory { what: "survivors", value, rule }.into());
        let (Some(last), true) = (survivors.last(), survivors.len() > 1) else {
            return refuse(format!("{survivors:?}"), "a cohort needs its size and at least one renewal");
        };
        if let Some((before, after)) = survivors.iter().zip(survivors.iter().skip(1)).find(|(a, b)| b > a) {
            return refuse(format!("{after} after {before}"), "survivors cannot rise");
        }
        for (t, (before, after)) in (1_u32..).zip(survivors.iter().zip(survivors.iter().skip(1))) {
            count_in(&mut self.lost, t, before.saturating_sub(*after));
        }
        let age = u32::try_from(survivors.len().saturating_sub(1)).unwrap_or(u32::MAX);
        count_in(&mut self.kept, age, *last);
        Ok(())
    }

    /// Adds the renewals of another part of the data.
    pub fn merge(&mut self, other: &Self) {
        other.lost.iter().for_each(|(t, customers)| count_in(&mut self.lost, *t, *customers));
        other.kept.iter().for_each(|(t, customers)| count_in(&mut self.kept, *t, *customers));
    }

    /// Number of customers.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.lost.values().chain(self.kept.values()).fold(0, |sum, customers| sum.saturating_add(*customers))
    }
}

fn count_in(counts: &mut BTreeMap<u32, u64>, t: u32, customers: u64) {
    if customers > 0 {
        let slot = counts.entry(t).or_default();
        *slot = slot.saturating_add(customers);
    }
}

/// The shifted beta-geometric model of renewals (sBG 续约模型) with parameters `α, β > 0`.
///
/// Each customer is lost at each renewal with a fixed beta(`α`, `β`) probability; those at risk leave first, so the
/// retention of a cohort rises although nobody's changes.
///
/// # Examples
///
/// ```
/// use endcap_account::value::{FitOptions, RetentionTable, Sbg};
///
/// let mut renewals = RetentionTable::new();
/// renewals.add_cohort(&[1000, 869, 743, 653, 593, 551, 517, 491])?;
/// let fit = Sbg::fit(&renewals, &FitOptions::default())?;
/// assert!((fit.log_likelihood - -1611.158_15).abs() < 5e-4);
/// assert!((fit.model.survival(12)? - 0.378).abs() < 5e-3);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Fader & Hardie 2007, How to Project Customer Retention, Journal of Interactive Marketing 21(1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sbg {
    alpha: f64,
    beta: f64,
}

const NAME: &str = "sBG";
const NAMES: [&str; 2] = ["alpha", "beta"];

impl Sbg {
    /// The model at given parameters.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidParameter`] unless both are above zero and finite.
    pub fn new(alpha: f64, beta: f64) -> Result<Self, AccountError> {
        let checked = |name, value| parameter(NAME, name, value);
        Ok(Self { alpha: checked("alpha", alpha)?, beta: checked("beta", beta)? })
    }

    /// Fits the model by maximum likelihood (极大似然估计), survivors included.
    ///
    /// # Errors
    ///
    /// As [`BgNbd::fit`](crate::value::BgNbd::fit).
    pub fn fit(renewals: &RetentionTable, options: &FitOptions) -> Result<Fit<Self>, AccountError> {
        let customers = renewals.customers();
        if customers == 0 {
            return Err(ValueError::NoData { model: NAME, rule: "there are no customers" }.into());
        }
        let eval = |&[alpha, beta]: &[f64; 2]| Self { alpha, beta }.gradient(renewals);
        let problem = Problem {
            model: NAME,
            names: NAMES,
            starts: vec![[1.0, 1.0], [0.7, 4.0], [0.1, 1.0], [3.0, 10.0], [5.0, 1.0]],
            customers,
            groups: renewals.lost.len().saturating_add(renewals.kept.len()),
            units: [1.0; 2],
            log_likelihood_shift: 0.0,
            eval: &eval,
        };
        problem.solve(options, |[alpha, beta]| Self::new(alpha, beta))
    }

    pub(crate) fn gradient(&self, renewals: &RetentionTable) -> (f64, [f64; 2]) {
        let both = self.alpha + self.beta;
        let (mut total, mut by_alpha, mut by_beta) = (0.0, 0.0, 0.0);
        for (t, customers) in &renewals.lost {
            let (t, weight) = (f64::from(*t), count(*customers));
            let common = psi_rising(both, t);
            total += weight * self.ln_lost_at(t);
            by_alpha += weight * (1.0 / self.alpha - common);
            by_beta += weight * (psi_rising(self.beta, t - 1.0) - common);
        }
        for (t, customers) in &renewals.kept {
            let (t, weight) = (f64::from(*t), count(*customers));
            let common = psi_rising(both, t);
            total += weight * self.ln_survival(t);
            by_alpha -= weight * common;
            by_beta += weight * (psi_rising(self.beta, t) - common);
        }
        (total, [by_alpha, by_beta])
    }

    fn ln_survival(&self, t: f64) -> f64 {
        ln_rising(self.beta, t) - ln_rising(self.alpha + self.beta, t)
    }

    fn ln_lost_at(&self, t: f64) -> f64 {
        self.alpha.ln() + ln_rising(self.beta, t - 1.0) - ln_rising(self.alpha + self.beta, t)
    }

    /// Parameters by name, in the order of the literature.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        NAMES.into_iter().zip([self.alpha, self.beta]).collect()
    }

    /// Log-likelihood of all renewals of a table (对数似然).
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    pub fn log_likelihood(&self, renewals: &RetentionTable) -> Result<f64, AccountError> {
        finite("the log-likelihood", self.gradient(renewals).0)
    }

    /// Share of a cohort left after renewal `t` (留存曲线).
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    pub fn survival(&self, t: u32) -> Result<f64, AccountError> {
        finite("the survival", self.ln_survival(f64::from(t)).exp())
    }

    /// Probability to be lost exactly at renewal `t ≥ 1` (流失时点概率).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] for renewal 0.
    pub fn churn_at(&self, t: u32) -> Result<f64, AccountError> {
        finite("the probability to be lost", self.ln_lost_at(renewal(t)?).exp())
    }

    /// Share of those left after renewal `t − 1` who stay at renewal `t ≥ 1` (留存率).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] for renewal 0.
    pub fn retention(&self, t: u32) -> Result<f64, AccountError> {
        let before = renewal(t)? - 1.0;
        finite("the retention", (self.beta + before) / (self.alpha + self.beta + before))
    }

    /// Mean number of renewals that a customer kept through `renewed` of them still makes among the next `horizon`,
    /// each discounted at `rate` a period (折现剩余期数): `Σ_{k=1..H} S(renewed+k)/S(renewed) / (1+rate)^k`.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] for a rate of −1 or less, or not finite.
    pub fn discounted_renewals(&self, renewed: u32, horizon: u32, rate: f64) -> Result<f64, AccountError> {
        let discount = super::lifetime::discount(rate)?;
        let (mut factor, mut sum, mut at) = (1.0, 0.0, f64::from(renewed));
        for _ in 0..horizon {
            factor *= (self.beta + at) / (self.alpha + self.beta + at) * discount;
            sum += factor;
            at += 1.0;
        }
        finite("the discounted renewals", sum)
    }
}

fn renewal(t: u32) -> Result<f64, AccountError> {
    if t > 0 {
        return Ok(f64::from(t));
    }
    let rule = "renewals are counted from 1";
    Err(ValueError::InvalidSetting { what: "the renewal", value: t.to_string(), rule }.into())
}

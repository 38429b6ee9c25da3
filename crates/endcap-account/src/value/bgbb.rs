//! BG/BB: purchases at discrete opportunities, such as order days or promotion slots.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use std::collections::BTreeMap;

use super::error::ValueError;
use super::fit::{Fit, FitOptions, Problem};
use super::model::parameter;
use super::special_functions::{count, finite, ln_rising};
use crate::error::AccountError;

/// Most opportunities of one history, or of a horizon.
pub const MAX_OPPORTUNITIES: u32 = 20_000;

/// One customer's history over `n` opportunities (机会点购买历史): `x` repeat purchases, the last at opportunity `t_x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opportunities {
    n: u32,
    x: u32,
    t_x: u32,
}

impl Opportunities {
    /// Checks a history: `x ≤ t_x ≤ n ≤` [`MAX_OPPORTUNITIES`], and `x = 0` exactly where `t_x = 0`.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidHistory`] for a history that no customer can have.
    pub fn new(x: u32, t_x: u32, n: u32) -> Result<Self, AccountError> {
        let refuse = |what, value: u32, rule| {
            Err(ValueError::InvalidHistory { what, value: value.to_string(), rule }.into())
        };
        if n > MAX_OPPORTUNITIES {
            return refuse("opportunities", n, "at most 20,000 are supported");
        }
        if t_x > n {
            return refuse("recency", t_x, "it cannot exceed the opportunities");
        }
        if x > t_x {
            return refuse("transactions", x, "they cannot exceed the opportunities up to the last of them");
        }
        if x == 0 && t_x > 0 {
            return refuse("recency", t_x, "without a repeat transaction it must be zero");
        }
        Ok(Self { n, x, t_x })
    }

    /// Repeat purchases.
    #[must_use]
    pub const fn purchases(&self) -> u32 {
        self.x
    }

    /// Opportunity of the last purchase, from 1; 0 without one.
    #[must_use]
    pub const fn last(&self) -> u32 {
        self.t_x
    }

    /// Opportunities seen.
    #[must_use]
    pub const fn seen(&self) -> u32 {
        self.n
    }
}

/// Customers by history (机会点汇总): the mergeable sufficient statistic of [`BgBb`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpportunityTable {
    counts: BTreeMap<Opportunities, u64>,
}

impl OpportunityTable {
    /// No customers yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { counts: BTreeMap::new() }
    }

    /// Adds `customers` customers of the same history.
    pub fn add_many(&mut self, history: Opportunities, customers: u64) {
        if customers > 0 {
            let slot = self.counts.entry(history).or_default();
            *slot = slot.saturating_add(customers);
        }
    }

    /// Adds the customers of another part of the data.
    pub fn merge(&mut self, other: &Self) {
        other.counts.iter().for_each(|(history, customers)| self.add_many(*history, *customers));
    }

    /// Number of customers.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.counts.values().fold(0, |sum, customers| sum.saturating_add(*customers))
    }

    /// Every history and how many customers have it.
    pub fn iter(&self) -> impl Iterator<Item = (Opportunities, u64)> {
        self.counts.iter().map(|(history, customers)| (*history, *customers))
    }
}

/// The beta-geometric / beta-Bernoulli model (BG/BB 模型) with parameters `α, β, γ, δ > 0`.
///
/// A living customer buys at each opportunity with a beta(`α`, `β`) probability, and is lost before each with a
/// beta(`γ`, `δ`) probability. Everything is a finite sum of positive terms, so `γ = 1` needs no limit.
///
/// # Examples
///
/// ```
/// use endcap_account::value::{BgBb, Opportunities};
///
/// let model = BgBb::new(1.5, 1.0, 0.5, 2.5)?;
/// let history = Opportunities::new(2, 3, 4)?;
/// assert!((model.p_alive_next(&history)? - 26.0 / 35.0).abs() < 1e-14);
/// assert!((model.conditional_expected_transactions(&history, 3)? - 271.0 / 240.0).abs() < 1e-13);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Fader, Hardie & Shang 2010, Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing Science 29(6).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BgBb {
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

const NAME: &str = "BG/BB";
const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// `ln (z)_k` and `ψ(z+k) − ψ(z)` for `k` from 0.
struct Rising {
    z: f64,
    steps: Vec<(f64, f64)>,
}

impl Rising {
    fn new(z: f64, upto: u32) -> Self {
        let mut steps = Vec::new();
        let (mut slope, mut k) = (0.0, 0.0);
        for _ in 0..=upto {
            steps.push((ln_rising(z, k), slope));
            slope += 1.0 / (z + k);
            k += 1.0;
        }
        Self { z, steps }
    }

    fn at(&self, k: u32) -> (f64, f64) {
        let known = usize::try_from(k).ok().and_then(|k| self.steps.get(k)).copied();
        known.unwrap_or_else(|| (ln_rising(self.z, f64::from(k)), 0.0))
    }
}

/// A logarithm with its gradient by `α, β, γ, δ`.
type Slope = (f64, [f64; 4]);

struct Tables {
    alpha: Rising,
    beta: Rising,
    buying: Rising,
    gamma: Rising,
    delta: Rising,
    dropping: Rising,
}

impl Tables {
    /// `ln B(α+i, β+j)/B(α, β)`.
    fn bought(&self, i: u32, j: u32) -> Slope {
        let ((a, by_a), (b, by_b)) = (self.alpha.at(i), self.beta.at(j));
        let (both, by_both) = self.buying.at(i.saturating_add(j));
        (a + b - both, [by_a - by_both, by_b - by_both, 0.0, 0.0])
    }

    /// `ln B(γ+i, δ+j)/B(γ, δ)`.
    fn dropped(&self, i: u32, j: u32) -> Slope {
        let ((c, by_c), (d, by_d)) = (self.gamma.at(i), self.delta.at(j));
        let (both, by_both) = self.dropping.at(i.saturating_add(j));
        (c + d - both, [0.0, 0.0, by_c - by_both, by_d - by_both])
    }

    /// `ln L` of one history, by log-sum-exp over when the customer was lost.
    fn log_likelihood(&self, history: &Opportunities) -> Slope {
        let Opportunities { n, x, t_x } = *history;
        let join = |left: Slope, right: Slope| (left.0 + right.0, add(left.1, right.1, 1.0));
        let alive = join(self.bought(x, n.saturating_sub(x)), self.dropped(0, n));
        let silent = (0..n.saturating_sub(t_x)).map(|i| {
            let misses = t_x.saturating_sub(x).saturating_add(i);
            join(self.bought(x, misses), self.dropped(1, t_x.saturating_add(i)))
        });
        let terms: Vec<Slope> = core::iter::once(alive).chain(silent).collect();
        let peak = terms.iter().fold(f64::NEG_INFINITY, |most, term| most.max(term.0));
        let (mut sum, mut slope) = (0.0, [0.0; 4]);
        for (ln_term, by) in terms {
            let share = (ln_term - peak).exp();
            sum += share;
            slope = add(slope, by, share);
        }
        (peak + sum.ln(), slope.map(|slope| slope / sum))
    }
}

fn add(left: [f64; 4], right: [f64; 4], times: f64) -> [f64; 4] {
    let mut sum = left;
    sum.iter_mut().zip(right).for_each(|(sum, right)| *sum += times * right);
    sum
}

impl BgBb {
    /// The model at given parameters.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidParameter`] unless all are above zero and finite.
    pub fn new(alpha: f64, beta: f64, gamma: f64, delta: f64) -> Result<Self, AccountError> {
        let checked = |name, value| parameter(NAME, name, value);
        Ok(Self {
            alpha: checked("alpha", alpha)?,
            beta: checked("beta", beta)?,
            gamma: checked("gamma", gamma)?,
            delta: checked("delta", delta)?,
        })
    }

    /// Fits the model by maximum likelihood (极大似然估计).
    ///
    /// # Errors
    ///
    /// As [`BgNbd::fit`](crate::value::BgNbd::fit).
    pub fn fit(customers: &OpportunityTable, options: &FitOptions) -> Result<Fit<Self>, AccountError> {
        let total = customers.customers();
        let longest = customers.iter().map(|(history, _)| history.n).max().unwrap_or(0);
        if longest == 0 {
            return Err(ValueError::NoData { model: NAME, rule: "no customer has an opportunity" }.into());
        }
        let eval =
            |&[alpha, beta, gamma, delta]: &[f64; 4]| Self { alpha, beta, gamma, delta }.gradient(customers);
        let problem = Problem {
            model: NAME,
            names: NAMES,
            starts: vec![
                [1.0, 1.0, 0.5, 3.0],
                [1.0, 1.0, 1.0, 1.0],
                [0.5, 2.0, 0.3, 1.0],
                [3.0, 2.0, 1.0, 10.0],
                [0.3, 0.3, 2.0, 5.0],
            ],
            customers: total,
            groups: customers.counts.len(),
            units: [1.0; 4],
            log_likelihood_shift: 0.0,
            eval: &eval,
        };
        problem.solve(options, |[alpha, beta, gamma, delta]| Self::new(alpha, beta, gamma, delta))
    }

    pub(crate) fn gradient(&self, customers: &OpportunityTable) -> (f64, [f64; 4]) {
        let longest = customers.counts.keys().map(|history| history.n).max().unwrap_or(0);
        let tables = self.tables(longest.saturating_add(1));
        let (mut sum, mut slope) = (0.0, [0.0; 4]);
        for (history, n) in customers.iter() {
            let (value, by) = tables.log_likelihood(&history);
            sum += count(n) * value;
            slope = add(slope, by, count(n));
        }
        (sum, slope)
    }

    fn tables(&self, upto: u32) -> Tables {
        Tables {
            alpha: Rising::new(self.alpha, upto),
            beta: Rising::new(self.beta, upto),
            buying: Rising::new(self.alpha + self.beta, upto),
            gamma: Rising::new(self.gamma, 1),
            delta: Rising::new(self.delta, upto),
            dropping: Rising::new(self.gamma + self.delta, upto),
        }
    }

    /// Parameters by name, in the order of the literature.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        NAMES.into_iter().zip([self.alpha, self.beta, self.gamma, self.delta]).collect()
    }

    /// Log-likelihood of one customer (对数似然).
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    pub fn log_likelihood(&self, history: &Opportunities) -> Result<f64, AccountError> {
        let tables = self.tables(history.n.saturating_add(1));
        finite("the log-likelihood", tables.log_likelihood(history).0)
    }

    /// Probability to be alive **for the next** opportunity, `n + 1` (下一机会存活概率).
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    pub fn p_alive_next(&self, history: &Opportunities) -> Result<f64, AccountError> {
        let next = history.n.saturating_add(1);
        let tables = self.tables(next);
        let alive =
            tables.bought(history.x, history.n.saturating_sub(history.x)).0 + tables.dropped(0, next).0;
        finite("the probability to be alive", (alive - tables.log_likelihood(history).0).exp().min(1.0))
    }

    /// Mean number of repeat purchases of a new customer within `n` opportunities (期望购买次数).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] beyond [`MAX_OPPORTUNITIES`].
    pub fn expected_transactions(&self, n: u32) -> Result<f64, AccountError> {
        let n = opportunities(n)?;
        let tables = self.tables(n);
        let alive: f64 = (1..=n).map(|k| tables.dropped(0, k).0.exp()).sum();
        finite("the expected transactions", alive * (self.alpha / (self.alpha + self.beta)))
    }

    /// Mean number of purchases of this customer within the next `horizon` opportunities (条件期望购买次数).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] beyond [`MAX_OPPORTUNITIES`].
    pub fn conditional_expected_transactions(
        &self,
        history: &Opportunities,
        horizon: u32,
    ) -> Result<f64, AccountError> {
        let horizon = opportunities(horizon)?;
        let Opportunities { n, x, .. } = *history;
        let tables = self.tables(n.saturating_add(horizon).max(n.saturating_add(1)));
        let base =
            tables.bought(x.saturating_add(1), n.saturating_sub(x)).0 - tables.log_likelihood(history).0;
        let alive = |k: u32| (base + tables.dropped(0, n.saturating_add(k)).0).exp();
        finite("the expected transactions", (1..=horizon).map(alive).sum())
    }

    /// Probability of exactly `x` purchases at the first `n` opportunities (购买次数分布).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] beyond [`MAX_OPPORTUNITIES`].
    pub fn pmf(&self, n: u32, x: u32) -> Result<f64, AccountError> {
        let n = opportunities(n)?;
        if x > n {
            return Ok(0.0);
        }
        let tables = self.tables(n.saturating_add(1));
        // ln of the binomial coefficient: (x+1)…i / (i−x)!
        let ways = |i: u32| {
            let rest = f64::from(i.saturating_sub(x));
            ln_rising(f64::from(x) + 1.0, rest) - ln_rising(1.0, rest)
        };
        let term = |i: u32, dropped: f64| (ways(i) + tables.bought(x, i.saturating_sub(x)).0 + dropped).exp();
        let gone: f64 = (x..n).map(|i| term(i, tables.dropped(1, i).0)).sum();
        finite("the probability of a count", term(n, tables.dropped(0, n).0) + gone)
    }
}

fn opportunities(n: u32) -> Result<u32, AccountError> {
    if n <= MAX_OPPORTUNITIES {
        return Ok(n);
    }
    let rule = "at most 20,000 opportunities are supported";
    Err(ValueError::InvalidSetting { what: "the horizon", value: n.to_string(), rule }.into())
}

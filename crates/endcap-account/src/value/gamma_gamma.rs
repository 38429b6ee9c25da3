//! Gamma-Gamma: how much a customer spends per transaction.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: the amounts crossed the border in `money.rs`"
)]

use super::error::ValueError;
use super::fit::{Fit, FitOptions, Problem};
use super::model::parameter;
use super::special_functions::{count, finite, lgamma, psi};
use crate::error::AccountError;

/// Spend of one customer (客单价观测): the mean over `transactions` transactions, above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    transactions: u32,
    mean: f64,
}

impl Spend {
    /// Checks a customer's mean spend; without transactions the mean must be zero.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSpend`] for a mean that is not above zero, or not zero without transactions.
    pub fn new(transactions: u32, mean: f64) -> Result<Self, AccountError> {
        let refuse =
            |rule| Err(ValueError::InvalidSpend { value: mean.to_string(), transactions, rule }.into());
        match transactions {
            0 if mean != 0.0 => refuse("without transactions it must be zero"),
            0 => Ok(Self { transactions, mean: 0.0 }),
            _ if mean.is_finite() && mean > 0.0 => Ok(Self { transactions, mean }),
            _ => refuse("it must be above zero and finite"),
        }
    }

    /// Number of transactions the mean is of.
    #[must_use]
    pub const fn transactions(&self) -> u32 {
        self.transactions
    }

    /// Mean spend per transaction.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }
}

/// The gamma-gamma model of spend per transaction (Gamma-Gamma 客单价模型) with parameters `p, q, v > 0`.
///
/// Transactions of a customer are gamma(`p`, `ν`) with a gamma(`q`, `v`) scale `ν`, independent of how often the
/// customer buys: look at the correlation of the two first.
///
/// # Examples
///
/// ```
/// use endcap_account::value::{GammaGamma, Spend};
///
/// let model = GammaGamma::new(6.25, 3.74, 15.44)?;
/// assert!((model.conditional_mean(&Spend::new(2, 22.35)?)? - 24.663_713_910_761_2).abs() < 1e-12);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Fader & Hardie 2013, The Gamma-Gamma Model of Monetary Value, equations 1a and 5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    p: f64,
    q: f64,
    v: f64,
}

const NAME: &str = "Gamma-Gamma";
const NAMES: [&str; 3] = ["p", "q", "v"];

impl GammaGamma {
    /// The model at given parameters; `v` is in the unit of money.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidParameter`] unless all are above zero and finite.
    pub fn new(p: f64, q: f64, v: f64) -> Result<Self, AccountError> {
        let checked = |name, value| parameter(NAME, name, value);
        Ok(Self { p: checked("p", p)?, q: checked("q", q)?, v: checked("v", v)? })
    }

    /// Fits the model by maximum likelihood (极大似然估计); customers without transactions are left out.
    ///
    /// # Errors
    ///
    /// As [`BgNbd::fit`](crate::value::BgNbd::fit); `NoData` where nobody has a transaction.
    pub fn fit(
        customers: impl IntoIterator<Item = Spend>,
        options: &FitOptions,
    ) -> Result<Fit<Self>, AccountError> {
        let mut rows: Vec<Spend> = customers.into_iter().filter(|spend| spend.transactions > 0).collect();
        // One order of summation, whatever the order of the input.
        rows.sort_by(|a, b| a.transactions.cmp(&b.transactions).then(a.mean.total_cmp(&b.mean)));
        let n = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if n == 0 {
            return Err(ValueError::NoData { model: NAME, rule: "no customer has a transaction" }.into());
        }
        let scale: f64 = rows.iter().map(|spend| spend.mean / count(n)).sum();
        finite("the mean spend", scale)?;
        let scaled: Vec<(f64, f64)> =
            rows.iter().map(|spend| (f64::from(spend.transactions), spend.mean / scale)).collect();
        let eval = |&[p, q, v]: &[f64; 3]| Self { p, q, v }.gradient(&scaled);
        let problem = Problem {
            model: NAME,
            names: NAMES,
            starts: vec![
                [3.0, 3.0, 0.7],
                [1.0, 1.5, 0.5],
                [6.0, 4.0, 0.5],
                [10.0, 2.0, 0.1],
                [0.5, 10.0, 15.0],
            ],
            customers: n,
            groups: rows.len(),
            units: [1.0, 1.0, scale],
            log_likelihood_shift: -count(n) * scale.ln(),
            eval: &eval,
        };
        problem.solve(options, |[p, q, v]| Self::new(p, q, v))
    }

    pub(crate) fn gradient(&self, rows: &[(f64, f64)]) -> (f64, [f64; 3]) {
        let Self { p, q, v } = *self;
        let (mut total, mut by_p, mut by_q, mut by_v) = (0.0, 0.0, 0.0, 0.0);
        let (fixed, fixed_psi) = (q * v.ln() - lgamma(q), v.ln() - psi(q));
        for group in rows.chunk_by(|left, right| left.0 == right.0) {
            let x = group.first().map_or(0.0, |row| row.0);
            let shape = p * x;
            let base = lgamma(shape + q) - lgamma(shape) + shape * x.ln() + fixed;
            let both = psi(shape + q);
            let rise = x * (both - psi(shape) + x.ln());
            for (_, mean) in group {
                let (spend, ln_mean) = (x * mean + v, mean.ln());
                let ln_spend = spend.ln();
                total += base + (shape - 1.0) * ln_mean - (shape + q) * ln_spend;
                by_p += rise + x * (ln_mean - ln_spend);
                by_q += both + fixed_psi - ln_spend;
                by_v += q / v - (shape + q) / spend;
            }
        }
        (total, [by_p, by_q, by_v])
    }

    /// Parameters by name, in the order of the literature.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        NAMES.into_iter().zip([self.p, self.q, self.v]).collect()
    }

    /// Log-likelihood of one customer (对数似然); 0 without transactions.
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    pub fn log_likelihood(&self, spend: &Spend) -> Result<f64, AccountError> {
        if spend.transactions == 0 {
            return Ok(0.0);
        }
        finite("the log-likelihood", self.gradient(&[(f64::from(spend.transactions), spend.mean)]).0)
    }

    /// Mean spend per future transaction of this customer (条件期望客单价): `p(v + x·z̄)/(px + q − 1)`.
    ///
    /// # Errors
    ///
    /// - [`ValueError::UndefinedMean`] where `px + q ≤ 1`: without transactions for `q ≤ 1`.
    pub fn conditional_mean(&self, spend: &Spend) -> Result<f64, AccountError> {
        let x = f64::from(spend.transactions);
        let weight = self.p * x + (self.q - 1.0);
        if weight <= 0.0 {
            return Err(ValueError::UndefinedMean { q: self.q.to_string() }.into());
        }
        finite("the mean spend", self.p * (self.v + x * spend.mean) / weight)
    }
}

/// Correlation of the number of transactions with their mean spend (频次与客单价相关系数), over customers who have any.
///
/// Gamma-Gamma assumes that there is none.
///
/// # Errors
///
/// - [`ValueError::NoData`] with fewer than two customers, or where one of the two does not vary.
///
/// # Source
///
/// Pearson's coefficient; the assumption, Fader & Hardie 2013, section 1.
pub fn spend_correlation(customers: &[Spend]) -> Result<f64, AccountError> {
    let rows = || customers.iter().filter(|spend| spend.transactions > 0);
    let pair = |spend: &Spend| (f64::from(spend.transactions), spend.mean);
    let n = count(u64::try_from(rows().count()).unwrap_or(u64::MAX));
    let (sum_x, sum_z) = rows().map(pair).fold((0.0, 0.0), |(x, z), row| (x + row.0, z + row.1));
    let (mean_x, mean_z) = (sum_x / n, sum_z / n);
    let (mut xx, mut xz, mut zz) = (0.0, 0.0, 0.0);
    for (x, z) in rows().map(pair) {
        xx += (x - mean_x) * (x - mean_x);
        xz += (x - mean_x) * (z - mean_z);
        zz += (z - mean_z) * (z - mean_z);
    }
    let product = (xx * zz).sqrt();
    if product.is_nan() || product <= 0.0 {
        let rule = "a correlation needs two customers who differ";
        return Err(ValueError::NoData { model: NAME, rule }.into());
    }
    finite("the correlation", (xz / product).clamp(-1.0, 1.0))
}

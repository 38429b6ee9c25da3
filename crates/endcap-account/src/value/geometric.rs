//! What BG/NBD and MBG/NBD share: Poisson–gamma purchases, and after each a beta-distributed chance to drop out.
//!
//! They differ by one term: in MBG/NBD a customer can drop out right after the first transaction, so a history of `x`
//! repeats has survived `x + 1` chances instead of `x`.
//!
//! # Source
//!
//! Fader, Hardie and Lee 2005 (BG/NBD); Batislam, Denizel and Filiztekin 2007 (MBG/NBD).
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::cbs::{Cbs, CbsTable, Row, Scaled};
use super::error::ValueError;
use super::fit::{Fit, FitOptions, Problem};
use super::model::{duration, parameter};
use super::special_functions::{count, finite, ln_rising, psi_rising, sigmoid, softplus, softplus_sigmoid};
use super::thinned::thinned_mean;
use crate::error::AccountError;

/// When a customer can first drop out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropout {
    AfterRepeat,
    AfterAny,
}

impl Dropout {
    /// Chances survived besides one per repeat.
    const fn extra(self) -> f64 {
        match self {
            Self::AfterRepeat => 0.0,
            Self::AfterAny => 1.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometric {
    pub(super) r: f64,
    pub(super) alpha: f64,
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) dropout: Dropout,
}

const NAMES: [&str; 4] = ["r", "alpha", "a", "b"];

impl Geometric {
    pub(crate) fn new(
        model: &'static str,
        [r, alpha, a, b]: [f64; 4],
        dropout: Dropout,
    ) -> Result<Self, AccountError> {
        let checked = |name, value| parameter(model, name, value);
        Ok(Self {
            r: checked("r", r)?,
            alpha: checked("alpha", alpha)?,
            a: checked("a", a)?,
            b: checked("b", b)?,
            dropout,
        })
    }

    /// The search for the parameters, the same for both models; `model` names the one that is fitted.
    pub(crate) fn fit<M>(
        name: &'static str,
        customers: &CbsTable,
        options: &FitOptions,
        dropout: Dropout,
        model: impl Fn(Self) -> M,
    ) -> Result<Fit<M>, AccountError> {
        let data = Scaled::of(customers, name)?;
        let eval = |&[r, alpha, a, b]: &[f64; 4]| Self { r, alpha, a, b, dropout }.gradient(&data.rows);
        let problem = Problem {
            model: name,
            names: NAMES,
            starts: starts(data.repeats / count(data.customers)),
            customers: data.customers,
            groups: data.rows.len(),
            units: [1.0, data.scale, 1.0, 1.0],
            log_likelihood_shift: -data.repeats * data.scale.ln(),
            eval: &eval,
        };
        problem.solve(options, |parameters| Ok(model(Self::new(name, parameters, dropout)?)))
    }

    pub(crate) fn values(&self) -> Vec<(&'static str, f64)> {
        NAMES.into_iter().zip([self.r, self.alpha, self.a, self.b]).collect()
    }

    /// Log-odds of having dropped out; `None` where that is impossible.
    fn log_odds_gone(&self, customer: &Cbs) -> Option<f64> {
        let x = f64::from(customer.repeats());
        let odds = self.odds_gone(customer.repeats())?;
        let silence = (customer.age() - customer.recency()) / (self.alpha + customer.recency());
        Some(odds.ln() + (self.r + x) * silence.ln_1p())
    }

    pub(crate) fn log_likelihood(&self, customer: &Cbs) -> Result<f64, AccountError> {
        let x = f64::from(customer.repeats());
        let survived = x + self.dropout.extra();
        let buying = ln_rising(self.r, x)
            - self.r * (customer.age() / self.alpha).ln_1p()
            - x * (self.alpha + customer.age()).ln();
        let staying = ln_rising(self.b, survived) - ln_rising(self.a + self.b, survived);
        let gone = self.log_odds_gone(customer).map_or(0.0, softplus);
        finite("the log-likelihood", buying + staying + gone)
    }

    pub(crate) fn p_alive(&self, customer: &Cbs) -> Result<f64, AccountError> {
        // Infinite odds are the certainty of having gone.
        let alive = self.log_odds_gone(customer).map_or(1.0, |gone| sigmoid(-gone));
        finite("the probability to be alive", alive)
    }

    /// Probability of `n` repeats within `t`: alive after them, or gone with the `n`-th.
    pub(crate) fn pmf(&self, t: f64, n: u32) -> Result<f64, AccountError> {
        let t = duration(t)?;
        let Self { r, alpha, a, b, dropout } = *self;
        let x = f64::from(n);
        let survived = x + dropout.extra();
        let share = t / (alpha + t);
        let bought = if n == 0 {
            -r * (t / alpha).ln_1p()
        } else {
            ln_rising(r, x) - ln_rising(1.0, x) - r * (t / alpha).ln_1p() + x * share.ln()
        };
        let alive = (bought + ln_rising(b, survived) - ln_rising(a + b, survived)).exp();
        let gone = if survived > 0.0 {
            let unsettled = || ValueError::NotSettled {
                function: "the tail of the negative binomial",
                arguments: format!("{n}, {r}; {share}"),
            };
            let left = a.ln() + ln_rising(b, survived - 1.0) - ln_rising(a + b, survived);
            left.exp() * upper_tail(n, r, share).ok_or_else(unsettled)?
        } else {
            0.0
        };
        finite("the probability of a count", alive + gone)
    }

    fn settled(&self, value: Option<f64>, n: f64, z: f64, b: f64) -> Result<f64, AccountError> {
        let unsettled = || ValueError::NotSettled {
            function: "the beta mixture of purchases",
            arguments: format!("{n}, {z}; {}, {b}", self.a),
        };
        finite("the expected transactions", value.ok_or_else(unsettled)?)
    }

    pub(crate) fn expected(&self, t: f64) -> Result<f64, AccountError> {
        let z = finite("the horizon in units of alpha", duration(t)? / self.alpha)?;
        let b = self.b + self.dropout.extra();
        let mean = self.settled(thinned_mean(self.r, z, self.a, b), self.r, z, b)?;
        // A customer who can leave right after the first transaction may never have a repeat.
        Ok(match self.dropout {
            Dropout::AfterRepeat => mean,
            Dropout::AfterAny => mean * (self.b / (self.a + self.b)),
        })
    }

    /// Mean purchases within `t` of a customer known to be alive after `x` repeats at age `age`.
    fn expected_alive(&self, x: f64, age: f64, t: f64) -> Result<f64, AccountError> {
        self.mean_alive(x, finite("the horizon in units of alpha", t / (self.alpha + age))?)
    }

    /// The same by the horizon in units of `α + age`.
    pub(crate) fn mean_alive(&self, x: f64, z: f64) -> Result<f64, AccountError> {
        let (n, b) = (self.r + x, self.b + x + self.dropout.extra());
        self.settled(thinned_mean(n, z, self.a, b), n, z, b)
    }

    /// Odds of having dropped out with the last of `repeats` repeats, before any silence; `None` where that is impossible.
    pub(crate) fn odds_gone(&self, repeats: u32) -> Option<f64> {
        if repeats == 0 && self.dropout == Dropout::AfterRepeat {
            return None;
        }
        Some(self.a / (self.b + f64::from(repeats) + self.dropout.extra() - 1.0))
    }

    pub(crate) fn conditional(&self, customer: &Cbs, t: f64) -> Result<f64, AccountError> {
        let t = duration(t)?;
        let alive = self.p_alive(customer)?;
        Ok(alive * self.expected_alive(f64::from(customer.repeats()), customer.age(), t)?)
    }

    /// Log-likelihood of all rows, which stand by `x`, and its gradient by `r, α, a, b`.
    pub(crate) fn gradient(&self, rows: &[Row]) -> (f64, [f64; 4]) {
        let Self { r, alpha, a, b, dropout } = *self;
        let (mut total, mut by_r, mut by_alpha, mut by_a, mut by_b) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (ln_a, ln_alpha) = (a.ln(), alpha.ln());
        for group in rows.chunk_by(|left, right| left.x == right.x) {
            let x = group.first().map_or(0.0, |row| row.x);
            let survived = x + dropout.extra();
            let base = ln_rising(r, x) + ln_rising(b, survived) - ln_rising(a + b, survived) - x * ln_alpha;
            let chances = b + survived - 1.0;
            let can_be_gone = survived > 0.0;
            let ln_gone = if can_be_gone { ln_a - chances.ln() } else { 0.0 };
            // Sums over the group: weights, weighted q, and what multiplies r + x.
            let (mut weights, mut gone, mut logs, mut own, mut inverse) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for row in group {
                let end = alpha + row.age;
                // ln((α+T)/α), and below T/(α(α+T)) instead of 1/α − 1/(α+T): digits survive α and r of any size.
                let waited = (row.age / alpha).ln_1p();
                weights += row.weight;
                let mut likelihood = base - (r + x) * waited;
                let mut log = -waited;
                if can_be_gone {
                    let recent = alpha + row.recency;
                    let silence = ((row.age - row.recency) / recent).ln_1p();
                    let (plus, q) = softplus_sigmoid(ln_gone + (r + x) * silence);
                    likelihood += plus;
                    log += q * silence;
                    inverse -= row.weight * q * (row.age - row.recency) / (end * recent);
                    gone += row.weight * q;
                }
                total += row.weight * likelihood;
                logs += row.weight * log;
                own += row.weight * (r * row.age / alpha - x) / end;
            }
            let staying = psi_rising(a + b, survived);
            by_r += weights * psi_rising(r, x) + logs;
            by_alpha += own + (r + x) * inverse;
            by_a += gone / a - weights * staying;
            by_b += weights * (psi_rising(b, survived) - staying);
            if can_be_gone {
                by_b -= gone / chances;
            }
        }
        (total, [by_r, by_alpha, by_a, by_b])
    }
}

/// `P(N ≥ n)` of a negative binomial count with shape `r` and success `share`; `None` beyond the budget of terms.
///
/// Summed away from `n` on the side that leads off the mean, from a logarithm that cannot underflow before it should.
fn upper_tail(n: u32, r: f64, share: f64) -> Option<f64> {
    const TERMS: u32 = 10_000_000;
    const VANISHED: f64 = 1e-300;
    if n == 0 {
        return Some(1.0);
    }
    let ln_term = |j: f64| ln_rising(r, j) - ln_rising(1.0, j) + r * (-share).ln_1p() + j * share.ln();
    let mut sum = 0.0;
    if f64::from(n) * (1.0 - share) < r * share {
        if n > TERMS {
            return None;
        }
        let mut j = f64::from(n) - 1.0;
        let mut term = ln_term(j).exp();
        while j >= 0.0 {
            sum += term;
            let factor = j / ((r + j - 1.0) * share);
            if factor < 1.0 && (term <= 1e-18 * sum || term < VANISHED) {
                break;
            }
            term *= factor;
            j -= 1.0;
        }
        return Some(1.0 - sum);
    }
    let mut j = f64::from(n);
    let mut term = ln_term(j).exp();
    for _ in 0..TERMS {
        sum += term;
        let factor = (r + j) / (j + 1.0) * share;
        if factor < 1.0 && (term <= 1e-18 * sum || term < VANISHED) {
            return Some(sum);
        }
        term *= factor;
        j += 1.0;
    }
    None
}

/// Where the search begins, in units of the mean age: from the mean rate first, then from other spreads and dropouts.
fn starts(mean_rate: f64) -> Vec<[f64; 4]> {
    let rate = mean_rate.max(1e-3);
    [
        (1.0, 1.0, 1.0, 2.5),
        (0.3, 0.5, 0.8, 2.0),
        (2.0, 1.0, 0.3, 3.0),
        (0.7, 2.0, 0.1, 1.0),
        (0.5, 0.5, 3.0, 10.0),
    ]
    .map(|(r, faster, a, b)| [r, r / (rate * 2.0 * faster), a, b])
    .to_vec()
}

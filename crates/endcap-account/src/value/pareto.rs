//! Pareto/NBD: dropout at any moment, not only after a purchase.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::cbs::{Cbs, CbsTable, Row, Scaled};
use super::fit::{Fit, FitOptions, Problem};
use super::model::{RepeatBuying, duration, parameter};
use super::quadrature::panel;
use super::special_functions::{count, finite, ln_rising, psi_rising, sigmoid, softplus, softplus_sigmoid};
use crate::error::AccountError;

/// The Pareto / NBD model (Pareto/NBD 模型) with parameters `r, α, s, β > 0`.
///
/// Transactions of a living customer are Poisson with a gamma(`r`, `α`) rate; the lifetime is exponential with a
/// gamma(`s`, `β`) rate. The likelihood uses one positive integral,
/// `I = ∫ ((α+T)/(α+u))^(r+x) · ((β+T)/(β+u))^s du/(β+u)` over `[t_x, T]`, in which nothing cancels or overflows, instead
/// of the published difference of hypergeometric functions: `P(alive) = 1/(1 + s·I)`.
///
/// # Examples
///
/// ```
/// use endcap_account::value::{Cbs, ParetoNbd, RepeatBuying};
///
/// let model = ParetoNbd::new(0.5534, 10.5802, 0.6061, 11.6562)?;
/// let customer = Cbs::new(26, 30.86, 31.0)?; // weeks
/// assert!((model.p_alive(&customer)? - 0.997_917_766_551_907).abs() < 1e-12);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Schmittlein, Morrison & Colombo 1987, Management Science 33(1); Hardie's notes on its likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParetoNbd {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

const NAME: &str = "Pareto/NBD";
const NAMES: [&str; 4] = ["r", "alpha", "s", "beta"];

/// `ln I` and what the gradient needs: means under the integrand.
#[derive(Debug, Clone, Copy)]
struct Silence {
    ln_integral: f64,
    ln_alpha: f64,
    ln_beta: f64,
    /// Mean of `1/(α+u) − 1/(α+T)`, and the same of `β`.
    rest_alpha: f64,
    rest_beta: f64,
    /// Mean of `1/(β+u)`.
    inverse_beta: f64,
}

impl ParetoNbd {
    /// The model at given parameters; `α` and `β` are in the unit of time.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidParameter`](crate::value::ValueError::InvalidParameter) unless all are above zero and
    ///   finite.
    pub fn new(r: f64, alpha: f64, s: f64, beta: f64) -> Result<Self, AccountError> {
        let checked = |name, value| parameter(NAME, name, value);
        Ok(Self {
            r: checked("r", r)?,
            alpha: checked("alpha", alpha)?,
            s: checked("s", s)?,
            beta: checked("beta", beta)?,
        })
    }

    /// Fits the model by maximum likelihood (极大似然估计).
    ///
    /// # Errors
    ///
    /// As [`BgNbd::fit`](crate::value::BgNbd::fit).
    pub fn fit(customers: &CbsTable, options: &FitOptions) -> Result<Fit<Self>, AccountError> {
        let data = Scaled::of(customers, NAME)?;
        let eval = |&[r, alpha, s, beta]: &[f64; 4]| Self { r, alpha, s, beta }.gradient(&data.rows);
        let rate = (data.repeats / count(data.customers)).max(1e-3);
        let starts = [
            (1.0, 1.0, 0.5, 0.5),
            (0.3, 0.5, 0.5, 0.3),
            (2.0, 1.0, 1.0, 1.0),
            (0.7, 2.0, 0.2, 0.2),
            (0.5, 0.7, 2.0, 5.0),
        ]
        .map(|(r, faster, s, beta)| [r, r / (rate * 2.0 * faster), s, beta]);
        let problem = Problem {
            model: NAME,
            names: NAMES,
            starts: starts.to_vec(),
            customers: data.customers,
            groups: data.rows.len(),
            units: [1.0, data.scale, 1.0, data.scale],
            log_likelihood_shift: -data.repeats * data.scale.ln(),
            eval: &eval,
        };
        problem.solve(options, |[r, alpha, s, beta]| Self::new(r, alpha, s, beta))
    }

    /// The silence between `recency` and `age` of a customer with `x` repeats; `None` where it has no length.
    fn silence(&self, x: f64, recency: f64, age: f64) -> Option<Silence> {
        let Self { r, alpha, s, beta } = *self;
        let n = r + x;
        if age <= recency {
            return None;
        }
        // v = ln((m+u)/(m+t_x)) with the smaller of α and β keeps every singularity at a distance of π.
        let least = alpha.min(beta);
        let (from_alpha, from_beta) = (alpha + recency, beta + recency);
        let from = least + recency;
        let end = ((age - recency) / from).ln_1p();
        let (mut sum, mut logs, mut rests, mut inverse) = (0.0, (0.0, 0.0), (0.0, 0.0), 0.0);
        let whole = age - recency;
        let mut low = 0.0;
        while low < end {
            // How fast the integrand falls here decides how far one panel reaches.
            let passed = from * low.exp_m1();
            let fall = (n / (from_alpha + passed) + (s + 1.0) / (from_beta + passed)) * (from + passed);
            let width = (12.0 / (fall + 1.0)).min(1.0);
            let high = if low + width < end { low + width } else { end };
            let mut tail = 0.0;
            for (v, weight) in panel(low, high) {
                let passed = from * v.exp_m1();
                let (in_alpha, in_beta) = (passed / from_alpha, passed / from_beta);
                let (ln_alpha, ln_beta) = (in_alpha.ln_1p(), in_beta.ln_1p());
                // Relative to the integrand at t_x, which is its largest.
                let height = weight * (v - n * ln_alpha - (s + 1.0) * ln_beta).exp();
                sum += height;
                logs.0 += height * ln_alpha;
                logs.1 += height * ln_beta;
                let rest = (whole - passed).max(0.0);
                rests.0 += height * rest / (1.0 + in_alpha);
                rests.1 += height * rest / (1.0 + in_beta);
                inverse += height / (1.0 + in_beta);
                tail = height / weight * (-v).exp() * whole / from;
            }
            // The integrand falls, so what is left is at most its height here times its length.
            if tail <= 1e-18 * sum {
                break;
            }
            low = high;
        }
        let largest = n * ((age - recency) / from_alpha).ln_1p() + s * ((age - recency) / from_beta).ln_1p()
            - from_beta.ln()
            + from.ln();
        Some(Silence {
            ln_integral: largest + sum.ln(),
            ln_alpha: logs.0 / sum,
            ln_beta: logs.1 / sum,
            rest_alpha: rests.0 / sum / from_alpha / (alpha + age),
            rest_beta: rests.1 / sum / from_beta / (beta + age),
            inverse_beta: inverse / sum / from_beta,
        })
    }

    /// Log-odds of having dropped out; `None` for a customer who just bought.
    fn log_odds_gone(&self, customer: &Cbs) -> Option<f64> {
        let silence = self.silence(f64::from(customer.repeats()), customer.recency(), customer.age())?;
        Some(self.s.ln() + silence.ln_integral)
    }

    /// Mean time alive within `t` of a dropout rate known through `β + passed`, over that scale.
    fn lifetime(&self, beta: f64, t: f64) -> f64 {
        let log = (t / beta).ln_1p();
        let rate = self.s - 1.0;
        // (1 − e^(−rate·log))/rate, whose limit at rate 0 is log.
        let product = rate * log;
        if product.abs() < 1e-8 { log * (1.0 - 0.5 * product) } else { -(-product).exp_m1() / rate }
    }

    pub(crate) fn gradient(&self, rows: &[Row]) -> (f64, [f64; 4]) {
        let Self { r, alpha, s, beta } = *self;
        let (mut total, mut by) = (0.0, [0.0; 4]);
        for row in rows {
            let n = r + row.x;
            let (end_alpha, end_beta) = (alpha + row.age, beta + row.age);
            let (ln_in_alpha, ln_in_beta) = ((row.age / alpha).ln_1p(), (row.age / beta).ln_1p());
            let mut likelihood =
                ln_rising(r, row.x) - r * ln_in_alpha - row.x * end_alpha.ln() - s * ln_in_beta;
            let mut slope = [
                psi_rising(r, row.x) - ln_in_alpha,
                (r * row.age / alpha - row.x) / end_alpha,
                -ln_in_beta,
                s * row.age / (beta * end_beta),
            ];
            if let Some(silence) = self.silence(row.x, row.recency, row.age) {
                let (plus, q) = softplus_sigmoid(s.ln() + silence.ln_integral);
                likelihood += plus;
                let in_alpha = ((row.age - row.recency) / (alpha + row.recency)).ln_1p();
                let in_beta = ((row.age - row.recency) / (beta + row.recency)).ln_1p();
                let more = [
                    in_alpha - silence.ln_alpha,
                    -n * silence.rest_alpha,
                    1.0 / s + in_beta - silence.ln_beta,
                    -s * silence.rest_beta - silence.inverse_beta,
                ];
                slope.iter_mut().zip(more).for_each(|(slope, more)| *slope += q * more);
            }
            total += row.weight * likelihood;
            by.iter_mut().zip(slope).for_each(|(by, slope)| *by += row.weight * slope);
        }
        (total, by)
    }
}

impl RepeatBuying for ParetoNbd {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        NAMES.into_iter().zip([self.r, self.alpha, self.s, self.beta]).collect()
    }

    fn log_likelihood(&self, customer: &Cbs) -> Result<f64, AccountError> {
        let (x, age) = (f64::from(customer.repeats()), customer.age());
        let buying = ln_rising(self.r, x) - self.r * (age / self.alpha).ln_1p() - x * (self.alpha + age).ln();
        let staying = -self.s * (age / self.beta).ln_1p();
        let gone = self.log_odds_gone(customer).map_or(0.0, softplus);
        finite("the log-likelihood", buying + staying + gone)
    }

    fn p_alive(&self, customer: &Cbs) -> Result<f64, AccountError> {
        let alive = self.log_odds_gone(customer).map_or(1.0, |gone| sigmoid(-gone));
        finite("the probability to be alive", alive)
    }

    fn expected_transactions(&self, t: f64) -> Result<f64, AccountError> {
        let mean = self.r / self.alpha * self.beta * self.lifetime(self.beta, duration(t)?);
        finite("the expected transactions", mean)
    }

    fn conditional_expected_transactions(&self, customer: &Cbs, t: f64) -> Result<f64, AccountError> {
        let (t, age) = (duration(t)?, customer.age());
        let rate = (self.r + f64::from(customer.repeats())) / (self.alpha + age);
        let mean = rate * (self.beta + age) * self.lifetime(self.beta + age, t);
        finite("the expected transactions", mean * self.p_alive(customer)?)
    }
}

//! MBG/NBD: dropout possible after every transaction, the first included.

use super::cbs::{Cbs, CbsTable};
use super::fit::{Fit, FitOptions};
use super::geometric::{Dropout, Geometric};
use super::model::RepeatBuying;
use crate::error::AccountError;

/// The modified beta-geometric / NBD model (MBG/NBD 模型) with parameters `r, α, a, b > 0`.
///
/// Like [`BgNbd`](crate::value::BgNbd), but a customer may be lost right after the first transaction, so a customer
/// without a repeat is not alive for certain.
///
/// # Examples
///
/// ```
/// use endcap_account::value::{Cbs, MbgNbd, RepeatBuying};
///
/// let model = MbgNbd::new(0.525, 6.183, 0.891, 1.614)?;
/// let once = Cbs::new(0, 0.0, 38.86)?;
/// assert!((model.p_alive(&once)? - 0.389_735_080_918_763).abs() < 1e-12);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Batislam, Denizel & Filiztekin 2007, International Journal of Research in Marketing 24(3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MbgNbd(Geometric);

const NAME: &str = "MBG/NBD";

impl MbgNbd {
    /// The model at given parameters; `α` is in the unit of time.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidParameter`](crate::value::ValueError::InvalidParameter) unless all are above zero and
    ///   finite.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, AccountError> {
        Ok(Self(Geometric::new(NAME, [r, alpha, a, b], Dropout::AfterAny)?))
    }

    /// Fits the model by maximum likelihood (极大似然估计).
    ///
    /// # Errors
    ///
    /// As [`BgNbd::fit`](crate::value::BgNbd::fit).
    pub fn fit(customers: &CbsTable, options: &FitOptions) -> Result<Fit<Self>, AccountError> {
        Geometric::fit(NAME, customers, options, Dropout::AfterAny, Self)
    }

    /// Probability of exactly `n` repeat transactions of a new customer within `t` (购买次数分布).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`](crate::value::ValueError::InvalidSetting) for a time below zero or not finite.
    pub fn pmf(&self, t: f64, n: u32) -> Result<f64, AccountError> {
        self.0.pmf(t, n)
    }
}

impl RepeatBuying for MbgNbd {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        self.0.values()
    }

    fn log_likelihood(&self, customer: &Cbs) -> Result<f64, AccountError> {
        self.0.log_likelihood(customer)
    }

    fn p_alive(&self, customer: &Cbs) -> Result<f64, AccountError> {
        self.0.p_alive(customer)
    }

    fn expected_transactions(&self, t: f64) -> Result<f64, AccountError> {
        self.0.expected(t)
    }

    fn conditional_expected_transactions(&self, customer: &Cbs, t: f64) -> Result<f64, AccountError> {
        self.0.conditional(customer, t)
    }

    fn conditional_expectations(&self, customers: &[Cbs], t: f64) -> Result<Vec<f64>, AccountError> {
        self.0.conditional_many(customers, t)
    }
}

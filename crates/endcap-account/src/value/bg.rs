//! BG/NBD: dropout possible after every repeat transaction.

use super::cbs::{Cbs, CbsTable};
use super::fit::{Fit, FitOptions};
use super::geometric::{Dropout, Geometric};
use super::model::RepeatBuying;
use crate::error::AccountError;

/// The beta-geometric / NBD model (BG/NBD 模型) with parameters `r, α, a, b > 0`.
///
/// Transactions of a living customer are Poisson with a gamma(`r`, `α`) rate; after each repeat transaction the
/// customer is lost with a beta(`a`, `b`) probability. A customer without a repeat is alive for certain.
///
/// # Examples
///
/// ```
/// use endcap_account::value::{BgNbd, Cbs, RepeatBuying};
///
/// let model = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
/// let customer = Cbs::new(2, 30.43, 38.86)?; // weeks
/// assert!((model.p_alive(&customer)? - 0.726_578_570_080_673).abs() < 1e-12);
/// assert!((model.conditional_expected_transactions(&customer, 39.0)? - 1.226_028_174_767_14).abs() < 1e-12);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Fader, Hardie & Lee 2005, "Counting Your Customers" the Easy Way, Marketing Science 24(2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BgNbd(Geometric);

const NAME: &str = "BG/NBD";

impl BgNbd {
    /// The model at given parameters; `α` is in the unit of time.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidParameter`](crate::value::ValueError::InvalidParameter) unless all are above zero and finite.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, AccountError> {
        Ok(Self(Geometric::new(NAME, [r, alpha, a, b], Dropout::AfterRepeat)?))
    }

    /// Fits the model by maximum likelihood (极大似然估计).
    ///
    /// # Errors
    ///
    /// A [`ValueError`](crate::value::ValueError):
    ///
    /// - `NoData` without customers.
    /// - `NotConverged`, `AtBoundary`, `Unidentified` where there is no trustworthy maximum; see [`FitOptions`].
    pub fn fit(customers: &CbsTable, options: &FitOptions) -> Result<Fit<Self>, AccountError> {
        Geometric::fit(NAME, customers, options, Dropout::AfterRepeat, Self)
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

impl RepeatBuying for BgNbd {
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

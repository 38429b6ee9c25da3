//! What every model of repeat buying in continuous time answers.

use super::cbs::Cbs;
use super::error::ValueError;
use crate::error::AccountError;

/// A model of repeat buying that may end unseen (重复购买模型): purchases while alive, dropout at some time.
///
/// Times are in the unit the model was fitted in. No method returns a number that is not finite.
///
/// # Source
///
/// Schmittlein, Morrison & Colombo 1987, "Counting Your Customers", Management Science 33(1); the measures by the names of
/// Fader, Hardie & Lee 2005.
pub trait RepeatBuying: core::fmt::Debug {
    /// Name of the model as in the literature.
    fn name(&self) -> &'static str;

    /// Parameters by name, in the order of the literature.
    fn parameters(&self) -> Vec<(&'static str, f64)>;

    /// Log-likelihood of one customer (对数似然).
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    fn log_likelihood(&self, customer: &Cbs) -> Result<f64, AccountError>;

    /// Probability that the customer will still buy (存活概率), 0 to 1.
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    fn p_alive(&self, customer: &Cbs) -> Result<f64, AccountError>;

    /// Mean number of repeat transactions of a new customer within `t` (期望购买次数).
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] for a time below zero or not finite.
    /// - [`ValueError::NotSettled`], [`ValueError::OutOfFloat`] where the integral does not settle.
    fn expected_transactions(&self, t: f64) -> Result<f64, AccountError>;

    /// Mean number of transactions of this customer within the next `t` (条件期望购买次数).
    ///
    /// # Errors
    ///
    /// As [`expected_transactions`](Self::expected_transactions).
    fn conditional_expected_transactions(&self, customer: &Cbs, t: f64) -> Result<f64, AccountError>;

    /// [`conditional_expected_transactions`](Self::conditional_expected_transactions) of many customers at once, in
    /// their order; to 12 digits the same for counts up to 1,000, and much faster for the beta-geometric models.
    ///
    /// # Errors
    ///
    /// As [`expected_transactions`](Self::expected_transactions).
    fn conditional_expectations(&self, customers: &[Cbs], t: f64) -> Result<Vec<f64>, AccountError> {
        customers.iter().map(|customer| self.conditional_expected_transactions(customer, t)).collect()
    }

    /// Log-likelihood of all customers of a table.
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    #[allow(clippy::float_arithmetic, reason = "a sum of logarithms, never money")]
    fn total_log_likelihood(&self, table: &super::CbsTable) -> Result<f64, AccountError> {
        let mut sum = 0.0;
        for (customer, n) in table.iter() {
            sum += super::special_functions::count(n) * self.log_likelihood(&customer)?;
        }
        super::special_functions::finite("the log-likelihood", sum)
    }
}

pub(crate) fn parameter(model: &'static str, name: &'static str, value: f64) -> Result<f64, AccountError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(ValueError::InvalidParameter { model, name, value: value.to_string() }.into())
}

pub(crate) fn duration(value: f64) -> Result<f64, AccountError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    let rule = "a duration must be zero or more and finite";
    Err(ValueError::InvalidSetting { what: "the horizon", value: value.to_string(), rule }.into())
}

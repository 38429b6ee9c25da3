//! Entropy of shares: the one figure of this crate that is a floating-point number.
// A logarithm of a fraction is irrational; amounts become `f64` in `border` and nowhere else.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: the results are ratios and logarithms, never money"
)]

use crate::concentration::Concentration;
use crate::error::AccountError;

impl Concentration {
    /// Shannon entropy of the shares (份额熵) in nats: `−Σ s·ln s`, from 0 for a single member to `ln n` for equal ones.
    ///
    /// Members without a share add nothing. The sum runs from the smallest share to the largest.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NegativeValue`] where a share is below zero, which only a net distribution can have.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::{Concentration, NegativeShares};
    ///
    /// let duopoly = Concentration::of(&[50_i64, 50], NegativeShares::Refuse)?;
    /// assert!((duopoly.entropy_nats()? - 2.0_f64.ln()).abs() < 1e-15);
    /// # Ok::<(), endcap_account::AccountError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Shannon, A Mathematical Theory of Communication, 1948; as a measure of concentration, Theil 1967.
    pub fn entropy_nats(&self) -> Result<f64, AccountError> {
        let total = border(self.total());
        let mut entropy = 0.0_f64;
        for (rank, value) in self.ascending().iter().enumerate() {
            if *value < 0 {
                let member = format!("ranked {rank} from below");
                return Err(AccountError::NegativeValue { member, value: *value });
            }
            if *value > 0 {
                let share = border(*value) / total;
                entropy += share * -share.ln();
            }
        }
        Ok(entropy)
    }
}

/// The nearest `f64` of an amount in minor units.
fn border(amount: i128) -> f64 {
    // Reading the decimal digits rounds correctly; they are always readable.
    amount.to_string().parse().unwrap_or(0.0)
}

//! Loss allowance by age: a provision matrix over an ageing.

use endcap_types::{Money, Rate, Rounding, Unrounded};

use crate::{AgeingSplit, LedgerError};

/// Expected loss rates by age (坏账准备率, 预期信用损失率).
///
/// # Examples
///
/// ```
/// use endcap_ledger::ProvisionMatrix;
/// use endcap_types::Rate;
/// let rate = |text: &str| text.parse::<Rate>();
/// let matrix = ProvisionMatrix {
///     not_due: rate("0.5%")?,
///     overdue: vec![rate("5%")?, rate("10%")?, rate("30%")?, rate("60%")?, rate("100%")?],
///     no_due_date: rate("2%")?,
/// };
/// assert_eq!(matrix.overdue.len(), endcap_ledger::Buckets::standard().labels().len());
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// IFRS 9.B5.5.35: a provision matrix over days past due as a practical expedient for trade receivables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionMatrix {
    /// For what is not due yet.
    pub not_due: Rate,
    /// For each bucket, in the order of the ageing; the last rate holds for further buckets.
    pub overdue: Vec<Rate>,
    /// For items without a date.
    pub no_due_date: Rate,
}

impl ProvisionMatrix {
    /// The allowance for one split of an ageing: `Σ amount × rate`, rounded once to the minor unit, half away from zero.
    ///
    /// Unallocated credits carry no allowance: they are owed by us.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when the sum is out of range, which rates up to 100 % cannot bring about.
    ///
    /// # Source
    ///
    /// House rule: one rounding per key account.
    pub fn allowance(&self, split: &AgeingSplit) -> Result<Money, LedgerError> {
        let currency = split.total.currency();
        let none = Rate::ZERO;
        let last = self.overdue.last().unwrap_or(&none);
        let rates = self.overdue.iter().chain(core::iter::repeat(last));
        let overdue = split.overdue.iter().zip(rates);
        let fixed = [(&split.not_due, &self.not_due), (&split.no_due_date, &self.no_due_date)];
        let mut sum = Unrounded::zero(currency);
        for (amount, rate) in fixed.into_iter().chain(overdue) {
            sum = sum.add(&amount.exact().times_rate(rate)?)?;
        }
        Ok(sum.round(&Rounding::HALF_AWAY)?)
    }
}

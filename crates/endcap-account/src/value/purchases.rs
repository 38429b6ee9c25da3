//! From transactions to histories: recency, frequency and age, counted in whole days.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use endcap_types::{Currency, Exact, Money};

use super::cbs::Cbs;
use super::gamma_gamma::Spend;
use super::money::major_units;
use super::special_functions::finite;
use crate::error::AccountError;
use crate::members::same_currency;

/// Transactions by customer and day (交易流水): a mergeable state, whatever order and shard they come from.
///
/// Days are whole numbers from any fixed day. The net amount of a customer's day is one transaction where it is above
/// zero; a day of returns is none, and its amount is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseLog<K> {
    currency: Currency,
    days: BTreeMap<K, BTreeMap<i32, i128>>,
}

/// What one customer did until the end of observation (客户购买概要); times in days, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseSummary {
    /// Day of the first transaction.
    pub first_day: i32,
    /// Transactions after the first (频次).
    pub repeats: u32,
    /// Days from the first transaction to the last (近度).
    pub recency_days: u32,
    /// Days from the first transaction to the end of observation (观察期).
    pub age_days: u32,
    /// Sum of the repeat transactions (复购金额).
    pub repeat_spend: Money,
    /// Sum of the first transaction.
    pub first_spend: Money,
    /// Net amount of days that are no transaction: returns, zero or less.
    pub returns: Money,
}

impl<K: Ord + Clone> PurchaseLog<K> {
    /// No transactions yet.
    #[must_use]
    pub const fn new(currency: Currency) -> Self {
        Self { currency, days: BTreeMap::new() }
    }

    /// Adds a line: a sale above zero, a return below.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] for an amount in another currency.
    /// - [`AccountError::Overflow`] where a day's sum does not fit 128 bits.
    pub fn add(&mut self, customer: &K, day: i32, amount: &Money) -> Result<(), AccountError> {
        same_currency(amount, self.currency)?;
        if let Some(days) = self.days.get_mut(customer) {
            return accumulate(days, day, amount.minor());
        }
        self.days.insert(customer.clone(), BTreeMap::from([(day, amount.minor())]));
        Ok(())
    }

    /// Adds the transactions of another part of the data.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] for another currency; [`AccountError::Overflow`] where a day's sum does not fit 128 bits.
    pub fn merge(&mut self, other: &Self) -> Result<(), AccountError> {
        same_currency(&Money::zero(other.currency), self.currency)?;
        for (customer, days) in &other.days {
            let mine = self.days.entry(customer.clone()).or_default();
            for (day, minor) in days {
                accumulate(mine, *day, *minor)?;
            }
        }
        Ok(())
    }

    /// The days from the first line to behind the last, half-open; `None` without lines.
    #[must_use]
    pub fn span(&self) -> Option<(i32, i32)> {
        let first =
            self.days.values().filter_map(|days| days.first_key_value()).map(|(day, _)| *day).min()?;
        let last = self.days.values().filter_map(|days| days.last_key_value()).map(|(day, _)| *day).max()?;
        Some((first, last.saturating_add(1)))
    }

    /// Every customer with a transaction before `end`, observed until then: days `[…, end)` (购买概要).
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`], [`AccountError::Value`] where a sum exceeds its limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::value::PurchaseLog;
    /// use endcap_types::{Currency, Money};
    ///
    /// let mut log = PurchaseLog::new(Currency::CNY);
    /// for (day, amount) in [(0, "10.00"), (7, "20.00"), (7, "5.00"), (9, "-3.00")] {
    ///     log.add(&"north", day, &Money::parse(amount, Currency::CNY)?)?;
    /// }
    /// let (_, summary) = log.summaries(30)?.remove(0);
    /// assert_eq!((summary.repeats, summary.recency_days, summary.age_days), (1, 7, 30));
    /// assert_eq!(summary.repeat_spend.to_amount_string(), "25.00");
    /// assert_eq!(summary.returns.to_amount_string(), "-3.00");
    /// # Ok::<(), endcap_account::AccountError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Fader, Hardie & Lee 2005, section 2; one transaction per customer and day, house rule.
    pub fn summaries(&self, end: i32) -> Result<Vec<(K, PurchaseSummary)>, AccountError> {
        let mut found = Vec::with_capacity(self.days.len());
        for (customer, days) in &self.days {
            if let Some(summary) = self.summary(days, end)? {
                found.push((customer.clone(), summary));
            }
        }
        Ok(found)
    }

    fn summary(&self, days: &BTreeMap<i32, i128>, end: i32) -> Result<Option<PurchaseSummary>, AccountError> {
        let overflow = || AccountError::Overflow { what: "the sum of transactions" };
        let mut first: Option<(i32, i128)> = None;
        let (mut repeats, mut last, mut spend, mut returns) = (0_u32, 0_i32, 0_i128, 0_i128);
        for (&day, &minor) in days.range(..end) {
            if minor <= 0 {
                returns = returns.checked_add(minor).ok_or_else(overflow)?;
            } else if first.is_none() {
                first = Some((day, minor));
                last = day;
            } else {
                repeats = repeats.saturating_add(1);
                spend = spend.checked_add(minor).ok_or_else(overflow)?;
                last = day;
            }
        }
        let Some((first_day, first_minor)) = first else { return Ok(None) };
        Ok(Some(PurchaseSummary {
            first_day,
            repeats,
            recency_days: last.abs_diff(first_day),
            age_days: end.abs_diff(first_day),
            repeat_spend: Money::from_minor(spend, self.currency)?,
            first_spend: Money::from_minor(first_minor, self.currency)?,
            returns: Money::from_minor(returns, self.currency)?,
        }))
    }

    /// Transactions of a customer on days `[from, to)`: how many, and their sum (区间购买).
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`], [`AccountError::Value`] where a sum exceeds its limit.
    pub fn between(&self, customer: &K, from: i32, to: i32) -> Result<(u32, Money), AccountError> {
        let (mut transactions, mut sum) = (0_u32, 0_i128);
        if let Some(days) = self.days.get(customer).filter(|_| from < to) {
            for minor in days.range(from..to).map(|(_, minor)| *minor).filter(|minor| *minor > 0) {
                transactions = transactions.saturating_add(1);
                sum = sum
                    .checked_add(minor)
                    .ok_or(AccountError::Overflow { what: "the sum of transactions" })?;
            }
        }
        Ok((transactions, Money::from_minor(sum, self.currency)?))
    }
}

fn accumulate(days: &mut BTreeMap<i32, i128>, day: i32, minor: i128) -> Result<(), AccountError> {
    let slot = days.entry(day).or_default();
    *slot = slot.checked_add(minor).ok_or(AccountError::Overflow { what: "the sum of a day" })?;
    Ok(())
}

impl PurchaseSummary {
    /// The history with times in units of `days_per_unit` days: 1 for days, 7 for weeks.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidHistory`](crate::value::ValueError::InvalidHistory) for a summary that was not made by [`PurchaseLog::summaries`].
    #[allow(clippy::float_arithmetic, reason = "times of a model, never money")]
    pub fn history(&self, days_per_unit: NonZeroU32) -> Result<Cbs, AccountError> {
        let unit = f64::from(days_per_unit.get());
        let (recency, age) = (f64::from(self.recency_days) / unit, f64::from(self.age_days) / unit);
        Cbs::new(self.repeats, recency, age)
    }

    /// Exact mean of the repeat transactions in minor units (复购客单价); `None` without any.
    #[must_use]
    pub fn mean_spend(&self) -> Option<Exact> {
        Exact::ratio(self.repeat_spend.minor(), i128::from(self.repeats)).ok()
    }

    /// The mean spend as [`GammaGamma`](crate::value::GammaGamma) reads it, in major units.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSpend`](crate::value::ValueError::InvalidSpend) for a summary that was not made by [`PurchaseLog::summaries`].
    pub fn spend(&self) -> Result<Spend, AccountError> {
        let mean = match self.mean_spend() {
            Some(mean) => finite("the mean spend", major_units(&mean, self.repeat_spend.currency())?)?,
            None => 0.0,
        };
        Spend::new(self.repeats, mean)
    }
}

//! What a model of repeat buying needs to know of a customer: how often, how recently, for how long.

use std::collections::BTreeMap;

use super::error::ValueError;
use super::special_functions::count;
use crate::error::AccountError;

/// One customer's history (购买历史: 频次、近度、观察期) in the unit of time that the model is in.
///
/// `repeats` transactions after the first, the last of them `recency` after the first, seen for `age` since the first:
/// `0 ≤ recency ≤ age`, `age > 0`, and no recency without a repeat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cbs {
    repeats: u32,
    recency: f64,
    age: f64,
}

impl Cbs {
    /// Checks a history: `x` repeat transactions, the last at `t_x`, observed until `t`.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidHistory`] for a history that no customer can have.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::value::Cbs;
    ///
    /// let customer = Cbs::new(2, 30.43, 38.86)?;
    /// assert_eq!(customer.repeats(), 2);
    /// assert!(Cbs::new(2, 40.0, 38.86).is_err());
    /// # Ok::<(), endcap_account::AccountError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Fader, Hardie & Lee 2005, "Counting Your Customers" the Easy Way, section 2.
    pub fn new(repeats: u32, recency: f64, age: f64) -> Result<Self, AccountError> {
        let refuse = |what, value: f64, rule| {
            Err(ValueError::InvalidHistory { what, value: value.to_string(), rule }.into())
        };
        if !age.is_finite() || age <= 0.0 {
            return refuse("age", age, "it must be above zero and finite");
        }
        if !(0.0..=age).contains(&recency) {
            return refuse("recency", recency, "it must lie between zero and the age");
        }
        if repeats == 0 && recency > 0.0 {
            return refuse("recency", recency, "without a repeat transaction it must be zero");
        }
        if repeats > 0 && recency == 0.0 {
            return refuse("recency", recency, "with repeat transactions it must be above zero");
        }
        // A negative zero would be a second key for the same history.
        Ok(Self { repeats, recency: recency.abs(), age })
    }

    /// Repeat transactions `x`: all but the first.
    #[must_use]
    pub const fn repeats(&self) -> u32 {
        self.repeats
    }

    /// Time `t_x` from the first transaction to the last.
    #[must_use]
    pub const fn recency(&self) -> f64 {
        self.recency
    }

    /// Time `T` from the first transaction to the end of observation.
    #[must_use]
    pub const fn age(&self) -> f64 {
        self.age
    }
}

/// Customers by history (购买历史汇总): the mergeable sufficient statistic of the continuous-time models.
///
/// Equal histories are counted, not kept; the order of adding and of merging changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CbsTable {
    // Non-negative floats sort like their bits.
    counts: BTreeMap<(u32, u64, u64), u64>,
}

impl CbsTable {
    /// No customers yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { counts: BTreeMap::new() }
    }

    /// Adds one customer.
    pub fn add(&mut self, customer: Cbs) {
        self.add_many(customer, 1);
    }

    /// Adds `customers` customers of the same history.
    pub fn add_many(&mut self, customer: Cbs, customers: u64) {
        if customers > 0 {
            let key = (customer.repeats, customer.age.to_bits(), customer.recency.to_bits());
            let slot = self.counts.entry(key).or_default();
            *slot = slot.saturating_add(customers);
        }
    }

    /// Adds the customers of another part of the data.
    pub fn merge(&mut self, other: &Self) {
        for (key, customers) in &other.counts {
            let slot = self.counts.entry(*key).or_default();
            *slot = slot.saturating_add(*customers);
        }
    }

    /// Number of customers.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.counts.values().fold(0, |sum, customers| sum.saturating_add(*customers))
    }

    /// Number of different histories.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.counts.len()
    }

    /// Every history and how many customers have it, by repeats, age and recency.
    pub fn iter(&self) -> impl Iterator<Item = (Cbs, u64)> {
        self.counts.iter().map(|(&(repeats, age, recency), &customers)| {
            let (age, recency) = (f64::from_bits(age), f64::from_bits(recency));
            (Cbs { repeats, recency, age }, customers)
        })
    }
}

impl Extend<Cbs> for CbsTable {
    fn extend<I: IntoIterator<Item = Cbs>>(&mut self, customers: I) {
        customers.into_iter().for_each(|customer| self.add(customer));
    }
}

impl FromIterator<Cbs> for CbsTable {
    fn from_iter<I: IntoIterator<Item = Cbs>>(customers: I) -> Self {
        let mut table = Self::new();
        table.extend(customers);
        table
    }
}

/// One group of a table in scaled time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) x: f64,
    pub(crate) recency: f64,
    pub(crate) age: f64,
    pub(crate) weight: f64,
}

/// A table as the likelihoods read it: time in units of the mean age, rows of equal `x` together.
#[derive(Debug)]
pub(crate) struct Scaled {
    pub(crate) rows: Vec<Row>,
    pub(crate) scale: f64,
    /// Repeat transactions of all customers.
    pub(crate) repeats: f64,
    pub(crate) customers: u64,
}

impl Scaled {
    #[allow(clippy::float_arithmetic, reason = "a statistics module: times and counts, never money")]
    pub(crate) fn of(table: &CbsTable, model: &'static str) -> Result<Self, AccountError> {
        let customers = table.customers();
        if customers == 0 {
            return Err(ValueError::NoData { model, rule: "there are no customers" }.into());
        }
        let (mut age, mut repeats) = (0.0, 0.0);
        for (customer, n) in table.iter() {
            age += customer.age / count(customers) * count(n);
            repeats += f64::from(customer.repeats) * count(n);
        }
        let scale = super::special_functions::finite("the mean age", age)?;
        let row = |(customer, n): (Cbs, u64)| Row {
            x: f64::from(customer.repeats),
            recency: customer.recency / scale,
            age: customer.age / scale,
            weight: count(n),
        };
        Ok(Self { rows: table.iter().map(row).collect(), scale, repeats, customers })
    }
}

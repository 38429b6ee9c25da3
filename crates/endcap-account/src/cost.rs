//! Cost to serve by time: what an account used of a paid capacity, and what nobody used.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Exact, Money, Rate, Rounding, Unrounded};
use rust_decimal::Decimal;

use crate::error::AccountError;

/// A paid capacity and the time that each activity takes from it (作业成本池), time-driven.
///
/// Rate per unit of time = cost supplied / practical capacity. Unused capacity is kept apart and never spread over
/// accounts; more used than supplied shows as a negative rest.
///
/// # Examples
///
/// ```
/// use endcap_account::CostPool;
/// use endcap_types::{AccountId, Currency, Money};
/// use rust_decimal::Decimal;
///
/// let supplied = Money::parse("560000.00", Currency::USD)?;
/// let minutes = [("orders", 40), ("inquiries", 220), ("credit checks", 250)];
/// let minutes = minutes.map(|(activity, each)| (activity.to_owned(), Decimal::from(each)));
/// let pool = CostPool::new(supplied, Decimal::from(700_000), minutes)?;
/// let store = AccountId::new("all stores")?;
/// let volumes = [("orders", 9_800), ("inquiries", 280), ("credit checks", 500)];
/// let used = pool.assign(volumes.map(|(activity, times)| (store.clone(), activity, Decimal::from(times))))?;
/// let posted = used.post(&endcap_types::Rounding::HALF_AWAY)?;
/// assert_eq!(posted.accounts[&store].to_amount_string(), "462880.00");
/// assert_eq!(posted.unused.to_amount_string(), "97120.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kaplan & Anderson, Time-Driven Activity-Based Costing, Harvard Business Review, November 2004.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostPool {
    supplied: Money,
    capacity: Decimal,
    unit_times: BTreeMap<String, Decimal>,
}

impl CostPool {
    /// A pool: cost supplied, practical capacity in units of time, and the time each activity takes once.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositiveCapacity`] where the capacity is not above zero.
    /// - [`AccountError::NegativeInput`] where the cost or a unit time is below zero.
    /// - [`AccountError::DuplicateId`] where an activity is given twice.
    pub fn new<I>(supplied: Money, capacity: Decimal, unit_times: I) -> Result<Self, AccountError>
    where
        I: IntoIterator<Item = (String, Decimal)>,
    {
        if capacity <= Decimal::ZERO {
            return Err(AccountError::NonPositiveCapacity { capacity: capacity.to_string() });
        }
        if supplied.is_negative() {
            let (what, value) = ("cost supplied".to_owned(), supplied.to_amount_string());
            return Err(AccountError::NegativeInput { what, value });
        }
        let mut times = BTreeMap::new();
        for (activity, time) in unit_times {
            not_negative(|| format!("unit time of {activity}"), time)?;
            if times.contains_key(&activity) {
                return Err(AccountError::DuplicateId { id: activity });
            }
            times.insert(activity, time);
        }
        Ok(Self { supplied, capacity, unit_times: times })
    }

    /// Practical capacity in units of time: `theoretical × share`, such as 90 % of the paid hours.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] where the product outgrows the limit of exact numbers.
    pub fn practical_capacity(theoretical: Decimal, share: &Rate) -> Result<Exact, AccountError> {
        Ok(Exact::from_decimal(theoretical).mul(&share.to_exact())?)
    }

    /// Cost of one unit of time: `supplied / capacity`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] where the quotient outgrows the limit of exact numbers.
    pub fn rate(&self) -> Result<Unrounded, AccountError> {
        Ok(self.supplied.exact().times(&Exact::from_decimal(self.capacity).reciprocal()?)?)
    }

    /// Cost of doing an activity once (作业动因率): `rate × unit time`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::UnknownActivity`] for an activity that the pool does not have.
    pub fn driver_rate(&self, activity: &str) -> Result<Unrounded, AccountError> {
        Ok(self.rate()?.times(&Exact::from_decimal(self.unit_time(activity)?))?)
    }

    /// Assigns volumes: `(account, activity, how often)`; the same pair may come several times.
    ///
    /// # Errors
    ///
    /// - [`AccountError::UnknownActivity`] for an activity that the pool does not have.
    /// - [`AccountError::NegativeInput`] for a volume below zero.
    pub fn assign<'a, I>(&self, volumes: I) -> Result<CostToServe, AccountError>
    where
        I: IntoIterator<Item = (AccountId, &'a str, Decimal)>,
    {
        let mut times = Vec::new();
        for (account, activity, volume) in volumes {
            not_negative(|| format!("volume of {activity} at {account}"), volume)?;
            let time = Exact::from_decimal(self.unit_time(activity)?).mul(&Exact::from_decimal(volume))?;
            times.push((account, time));
        }
        self.assign_times(times)
    }

    /// Assigns times already known, as from a [`TimeEquation`]: `(account, units of time)`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NegativeInput`] for a time below zero.
    pub fn assign_times<I>(&self, times: I) -> Result<CostToServe, AccountError>
    where
        I: IntoIterator<Item = (AccountId, Exact)>,
    {
        let mut used = Exact::ZERO;
        let mut accounts: BTreeMap<AccountId, Exact> = BTreeMap::new();
        for (account, time) in times {
            if time < Exact::ZERO {
                let (what, value) = (format!("time of {account}"), time.to_string());
                return Err(AccountError::NegativeInput { what, value });
            }
            used = used.add(&time)?;
            let sum = accounts.entry(account).or_insert(Exact::ZERO);
            *sum = sum.add(&time)?;
        }
        let rate = self.rate()?;
        let mut costs = BTreeMap::new();
        for (account, time) in accounts {
            let cost = rate.times(&time)?;
            costs.insert(account, AccountCost { time, cost });
        }
        let assigned = rate.times(&used)?;
        let unused = self.supplied.exact().sub(&assigned)?;
        let unused_time = Exact::from_decimal(self.capacity).sub(&used)?;
        Ok(CostToServe { supplied: self.supplied, accounts: costs, used, assigned, unused_time, unused })
    }

    fn unit_time(&self, activity: &str) -> Result<Decimal, AccountError> {
        let time = self.unit_times.get(activity).copied();
        time.ok_or_else(|| AccountError::UnknownActivity { activity: activity.to_owned() })
    }
}

fn not_negative(what: impl Fn() -> String, value: Decimal) -> Result<(), AccountError> {
    if value < Decimal::ZERO {
        return Err(AccountError::NegativeInput { what: what(), value: value.to_string() });
    }
    Ok(())
}

/// Time and cost of one account, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCost {
    /// Units of time used.
    pub time: Exact,
    /// What they cost, not rounded yet.
    pub cost: Unrounded,
}

/// Cost to serve of every account (服务成本), exact: `assigned + unused = supplied`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostToServe {
    supplied: Money,
    /// Time and cost by account.
    pub accounts: BTreeMap<AccountId, AccountCost>,
    /// Units of time used by all accounts.
    pub used: Exact,
    /// Cost of the time used.
    pub assigned: Unrounded,
    /// Units of time that nobody used; negative where more was used than supplied.
    pub unused_time: Exact,
    /// Cost of the time that nobody used; negative where more was used than supplied.
    pub unused: Unrounded,
}

/// Cost to serve in posted money: the amounts and the rest sum to the cost supplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedCost {
    /// Cost by account, each rounded once.
    pub accounts: BTreeMap<AccountId, Money>,
    /// What is left of the cost supplied, rounding differences included.
    pub unused: Money,
}

impl CostToServe {
    /// Rounds the cost of each account once; the rest of the cost supplied is unused capacity.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] beyond the limit of an amount.
    pub fn post(&self, rounding: &Rounding) -> Result<PostedCost, AccountError> {
        let mut unused = self.supplied;
        let mut accounts = BTreeMap::new();
        for (account, cost) in &self.accounts {
            let cost = cost.cost.round(rounding)?;
            unused = unused.checked_sub(&cost)?;
            accounts.insert(account.clone(), cost);
        }
        Ok(PostedCost { accounts, unused })
    }
}

/// Time of one event that depends on what it holds (时间方程): `base + Σ per_driver × count`.
///
/// # Examples
///
/// ```
/// use endcap_account::TimeEquation;
/// use rust_decimal::Decimal;
///
/// let terms = [("lines", 3), ("new customer", 10), ("rush", 7)];
/// let order = TimeEquation::new(Decimal::from(5), terms.map(|(name, each)| (name.to_owned(), Decimal::from(each))))?;
/// assert_eq!(order.time([("lines", Decimal::from(6)), ("rush", Decimal::ONE)])?.to_string(), "30");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Kaplan & Anderson 2004, time equations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeEquation {
    base: Decimal,
    terms: BTreeMap<String, Decimal>,
}

impl TimeEquation {
    /// An equation: the time of a plain event and the time that each unit of a driver adds.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NegativeInput`] where a time is below zero.
    /// - [`AccountError::DuplicateId`] where a driver is given twice.
    pub fn new<I>(base: Decimal, terms: I) -> Result<Self, AccountError>
    where
        I: IntoIterator<Item = (String, Decimal)>,
    {
        not_negative(|| "base time".to_owned(), base)?;
        let mut drivers = BTreeMap::new();
        for (driver, time) in terms {
            not_negative(|| format!("time of {driver}"), time)?;
            if drivers.contains_key(&driver) {
                return Err(AccountError::DuplicateId { id: driver });
            }
            drivers.insert(driver, time);
        }
        Ok(Self { base, terms: drivers })
    }

    /// Units of time of one event with these drivers; drivers not named count zero.
    ///
    /// # Errors
    ///
    /// - [`AccountError::UnknownActivity`] for a driver that the equation does not have.
    /// - [`AccountError::NegativeInput`] for a count below zero.
    pub fn time<'a, I>(&self, drivers: I) -> Result<Exact, AccountError>
    where
        I: IntoIterator<Item = (&'a str, Decimal)>,
    {
        let mut time = Exact::from_decimal(self.base);
        for (driver, count) in drivers {
            not_negative(|| format!("count of {driver}"), count)?;
            let each = self.terms.get(driver);
            let each = each.ok_or_else(|| AccountError::UnknownActivity { activity: driver.to_owned() })?;
            time = time.add(&Exact::from_decimal(*each).mul(&Exact::from_decimal(count))?)?;
        }
        Ok(time)
    }
}

/// Percent-of-time driver rate (传统作业成本率), for comparison: `cost × share / volume`; it hides unused capacity.
///
/// # Errors
///
/// - [`AccountError::NonPositiveCapacity`] where the volume is not above zero.
///
/// # Examples
///
/// ```
/// use endcap_account::percent_of_time_rate;
/// use endcap_types::{Currency, Money, Rounding};
///
/// let cost = Money::parse("560000.00", Currency::USD)?;
/// let rate = percent_of_time_rate(&cost, &"70%".parse()?, 49_000.into())?;
/// assert_eq!(rate.round(&Rounding::HALF_AWAY)?.to_amount_string(), "8.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kaplan & Anderson 2004, the method that time-driven costing replaces.
pub fn percent_of_time_rate(cost: &Money, share: &Rate, volume: Decimal) -> Result<Unrounded, AccountError> {
    if volume <= Decimal::ZERO {
        return Err(AccountError::NonPositiveCapacity { capacity: volume.to_string() });
    }
    Ok(cost.exact().times_rate(share)?.times(&Exact::from_decimal(volume).reciprocal()?)?)
}

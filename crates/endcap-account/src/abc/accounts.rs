//! Classification of accounts by money: ids in, ids out.

use endcap_types::{AccountId, Currency, Exact, Money};

use super::kernel::classify_slice;
use super::placement::{Classification, Placement};
use super::scheme::{Class, Scheme};
use crate::error::AccountError;
use crate::members::Sorted;

/// Classified accounts (客户分级) in ascending order of id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifiedAccounts {
    currency: Currency,
    ids: Vec<AccountId>,
    result: Classification,
}

/// Classifies accounts by value (客户ABC分类) in one currency, in any order of input.
///
/// The rule is that of [`classify_slice`], with ties broken by id.
///
/// # Errors
///
/// - [`AccountError::DuplicateId`] where an id is given twice.
/// - [`AccountError::NegativeValue`] for an amount below zero under [`NegativePolicy::Error`](crate::NegativePolicy::Error).
/// - [`AccountError::Value`] for an amount in another currency.
/// - [`AccountError::Overflow`] where a sum does not fit 128 bits.
///
/// # Examples
///
/// ```
/// use endcap_account::{Reason, Scheme, classify};
/// use endcap_types::{AccountId, Currency, Money};
///
/// let sales = [("hypermart", "90.00"), ("corner", "6.00"), ("kiosk", "4.00")];
/// let sales = sales.map(|(id, amount)| Ok((AccountId::new(id)?, Money::parse(amount, Currency::CNY)?)));
/// let sales = sales.into_iter().collect::<Result<Vec<_>, endcap_types::TypesError>>()?;
/// let classes = classify(sales, Currency::CNY, &Scheme::default())?;
/// let first = classes.get(&AccountId::new("hypermart")?).ok_or("absent")?;
/// assert_eq!((first.class.letter(), first.reason), ('A', Reason::CrossedUp { cut: 0 }));
/// assert_eq!(classes.total()?.to_amount_string(), "100.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule, see [`classify_slice`].
pub fn classify<I>(
    accounts: I,
    currency: Currency,
    scheme: &Scheme,
) -> Result<ClassifiedAccounts, AccountError>
where
    I: IntoIterator<Item = (AccountId, Money)>,
{
    let Sorted { ids, values } = Sorted::new(accounts, currency)?;
    if scheme.negatives == super::scheme::NegativePolicy::Error
        && let Some((id, value)) = ids.iter().zip(&values).find(|(_, value)| **value < 0)
    {
        return Err(AccountError::NegativeValue { member: id.to_string(), value: *value });
    }
    let result = classify_slice(&values, scheme)?;
    Ok(ClassifiedAccounts { currency, ids, result })
}

impl ClassifiedAccounts {
    /// Every account and its placement, ids ascending.
    pub fn iter(&self) -> impl Iterator<Item = (&AccountId, &Placement)> {
        self.ids.iter().zip(self.result.placements())
    }

    /// The placement of one account.
    #[must_use]
    pub fn get(&self, id: &AccountId) -> Option<&Placement> {
        let position = self.ids.binary_search(id).ok()?;
        self.result.placements().get(position)
    }

    /// The accounts of one class by rank, best first.
    pub fn members(&self, class: Class) -> impl Iterator<Item = (&AccountId, &Placement)> {
        let pick = |position: usize| Some((self.ids.get(position)?, self.result.placements().get(position)?));
        self.result
            .ranking()
            .into_iter()
            .filter_map(pick)
            .filter(move |(_, placement)| placement.class == class)
    }

    /// Sum of the values of all accounts as given.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] beyond the limit of an amount.
    pub fn total(&self) -> Result<Money, AccountError> {
        let values = self.result.placements().iter().map(|placement| placement.value);
        Ok(Money::from_minor(super::checked_sum(values)?, self.currency)?)
    }

    /// Value of one class as given; zero for a class that the scheme does not have.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] beyond the limit of an amount.
    pub fn value(&self, class: Class) -> Result<Money, AccountError> {
        let total = self.result.classes().iter().find(|total| total.class == class);
        Ok(Money::from_minor(total.map_or(0, |total| total.value), self.currency)?)
    }

    /// Exact share of one account in the total that the classes were cut from; 0–1.
    ///
    /// # Errors
    ///
    /// - [`AccountError::ZeroTotal`] where that total is zero.
    pub fn share(&self, placement: &Placement) -> Result<Exact, AccountError> {
        Exact::ratio(placement.counted, self.result.total()).map_err(|_| AccountError::ZeroTotal)
    }

    /// The classification behind it: totals per class and placements in order of id.
    #[must_use]
    pub const fn classification(&self) -> &Classification {
        &self.result
    }
}

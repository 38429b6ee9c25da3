//! Ids and amounts in the order that kernels expect: ascending by id, each once, one currency.
//!
//! # Source
//!
//! House rule.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Currency, Money, TypesError};

use crate::error::AccountError;

pub(crate) struct Sorted {
    pub(crate) ids: Vec<AccountId>,
    pub(crate) values: Vec<i128>,
}

impl Sorted {
    pub(crate) fn new<I>(accounts: I, currency: Currency) -> Result<Self, AccountError>
    where
        I: IntoIterator<Item = (AccountId, Money)>,
    {
        let mut sorted = BTreeMap::new();
        for (id, amount) in accounts {
            same_currency(&amount, currency)?;
            if sorted.contains_key(&id) {
                return Err(AccountError::DuplicateId { id: id.to_string() });
            }
            sorted.insert(id, amount.minor());
        }
        let (ids, values) = sorted.into_iter().unzip();
        Ok(Self { ids, values })
    }
}

pub(crate) fn same_currency(amount: &Money, currency: Currency) -> Result<(), TypesError> {
    if amount.currency() == currency {
        Ok(())
    } else {
        Err(TypesError::CurrencyMismatch { left: currency, right: amount.currency() })
    }
}

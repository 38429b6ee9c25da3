//! The bare book: balanced postings over dense accounts, and nothing else.

use endcap_types::{Currency, Money};

use crate::LedgerError;
use crate::limits::MAX_LEGS;

/// A book of one currency over dense accounts (裸账): every posting balances, and running balances are kept.
///
/// No texts, dates, keys, open items or chain: for what is posted by the million and kept elsewhere, such as sales by
/// article that go to a [`Ledger`](crate::Ledger) as one entry a day. Legs lie in one arena, sixteen bytes each.
///
/// # Examples
///
/// ```
/// use endcap_ledger::FlatBook;
/// use endcap_types::{Currency, Money};
/// let mut book = FlatBook::new(Currency::CNY, 3);
/// assert_eq!(book.post(&[(0, 11_300), (1, -10_000), (2, -1_300)])?, 0);
/// assert_eq!(book.balance(1)?, Money::parse("-100.00", Currency::CNY)?);
/// assert!(book.post(&[(0, 1), (1, -2)]).is_err());
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule; debits equal credits in integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlatBook {
    currency: Currency,
    balances: Vec<i128>,
    legs: Vec<(u32, i64)>,
    /// Where the legs of each posting end.
    ends: Vec<usize>,
}

impl FlatBook {
    /// An empty book of accounts `0..accounts`.
    #[must_use]
    pub fn new(currency: Currency, accounts: u32) -> Self {
        let count = usize::try_from(accounts).unwrap_or(usize::MAX);
        Self { currency, balances: vec![0; count], legs: Vec::new(), ends: Vec::new() }
    }

    /// Posts legs of account and minor units, debit positive; the number of the posting, from 0.
    ///
    /// Time: `O(legs)`. A refused posting leaves the book as it was.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::NoLegs`], [`LedgerError::TooMany`] beyond [`MAX_LEGS`].
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::EmptyLeg`] for an amount of zero.
    /// - [`LedgerError::Unbalanced`] with the surplus.
    pub fn post(&mut self, legs: &[(u32, i64)]) -> Result<usize, LedgerError> {
        if legs.is_empty() {
            return Err(LedgerError::NoLegs);
        }
        if legs.len() > MAX_LEGS {
            return Err(LedgerError::TooMany { what: "legs", count: legs.len(), limit: MAX_LEGS });
        }
        let mut surplus = 0_i128;
        for (leg, (account, minor)) in legs.iter().enumerate() {
            if *minor == 0 {
                return Err(LedgerError::EmptyLeg { leg });
            }
            if usize::try_from(*account).is_ok_and(|account| account >= self.balances.len()) {
                return Err(LedgerError::UnknownAccount { code: account.to_string() });
            }
            surplus = surplus.saturating_add(i128::from(*minor));
        }
        if surplus != 0 {
            return Err(LedgerError::Unbalanced { surplus: vec![(self.currency, surplus)] });
        }
        for (account, minor) in legs {
            let balance = usize::try_from(*account).ok().and_then(|account| self.balances.get_mut(account));
            if let Some(balance) = balance {
                // Fewer than 2^64 legs of 64 bits are within 128.
                *balance = balance.saturating_add(i128::from(*minor));
            }
        }
        self.legs.extend_from_slice(legs);
        self.ends.push(self.legs.len());
        Ok(self.ends.len().saturating_sub(1))
    }

    /// The balance of an account, debit positive.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], and [`LedgerError::Types`] beyond the range of an amount.
    pub fn balance(&self, account: u32) -> Result<Money, LedgerError> {
        let balance = usize::try_from(account).ok().and_then(|account| self.balances.get(account));
        let minor = balance.ok_or_else(|| LedgerError::UnknownAccount { code: account.to_string() })?;
        Ok(Money::from_minor(*minor, self.currency)?)
    }

    /// All balances in minor units: `balances[i]` is that of account `i`.
    #[must_use]
    pub fn balances(&self) -> &[i128] {
        &self.balances
    }

    /// The legs of a posting; nothing beyond the last.
    #[must_use]
    pub fn legs(&self, posting: usize) -> Option<&[(u32, i64)]> {
        let end = *self.ends.get(posting)?;
        let from = posting.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.legs.get(from..end)
    }

    /// How many postings there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// What balances is taken and is there again; what does not leaves the book as it was.
        #[test]
        fn a_book_is_the_sum_of_what_it_took(
            postings in prop::collection::vec(prop::collection::vec((0..6_u32, -3..4_i64), 0..4), 0..60),
        ) {
            let mut book = FlatBook::new(Currency::CNY, 5);
            let mut taken: Vec<Vec<(u32, i64)>> = Vec::new();
            for legs in postings {
                let sound = !legs.is_empty()
                    && legs.iter().all(|(account, minor)| *account < 5 && *minor != 0)
                    && legs.iter().fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor)) == 0;
                let before = book.clone();
                match book.post(&legs) {
                    Ok(number) => {
                        prop_assert!(sound);
                        prop_assert_eq!(number, taken.len());
                        taken.push(legs);
                    }
                    Err(_) => {
                        prop_assert!(!sound);
                        prop_assert_eq!(&book, &before);
                    }
                }
            }
            for account in 0..5_u32 {
                let of = taken.iter().flatten().filter(|(other, _)| *other == account);
                let slow = of.fold(0_i128, |sum, (_, minor)| sum.saturating_add(i128::from(*minor)));
                prop_assert_eq!(book.balance(account).map(|balance| balance.minor()), Ok(slow));
            }
            prop_assert_eq!(book.balances().iter().fold(0_i128, |sum, minor| sum.saturating_add(*minor)), 0);
            for (number, legs) in taken.iter().enumerate() {
                prop_assert_eq!(book.legs(number), Some(legs.as_slice()));
            }
            prop_assert_eq!((book.legs(taken.len()), book.len(), book.is_empty()), (None, taken.len(), taken.is_empty()));
        }
    }
}

//! What a journal comes to, without posting it.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Currency, Money};

use super::build::Journal;
use super::problem::{InputFault, InputProblem, Piece};
use crate::{Account, Side};

/// Balances of a journal that was read without a problem (日记账余额), before any of it is posted.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{chart, journal::JournalBalances};
/// let text = "\
/// 2026-06-02 (INV-1) goods delivered
///     Assets:1122:KA001  11300.00 CNY
///     Liabilities:2221.01  -1300.00 CNY
///     Income:6001
/// ";
/// let found = JournalBalances::read(text, &chart::key_account_supplier()?).expect("sound");
/// assert_eq!((found.entries, found.legs), (1, 3));
/// let lines: Vec<String> = found.rows.iter().map(|row| format!("{} {}", row.code, row.balance)).collect();
/// assert_eq!(lines, ["1122 CNY 11300.00", "2221.01 CNY -1300.00", "6001 CNY -10000.00"]);
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalBalances {
    /// Entries that move money.
    pub entries: u64,
    /// Their legs of more or less than zero.
    pub legs: u64,
    /// One row per account, key account and currency that moved, in this order.
    pub rows: Vec<BalanceRow>,
}

/// The balance of one account, key account and currency.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceRow {
    /// Code of the account.
    pub code: String,
    /// The key account, where the account is kept per key account.
    pub key_account: Option<AccountId>,
    /// The balance, debit positive.
    pub balance: Money,
}

/// Sums by code, key account and currency.
pub(super) type Sums = BTreeMap<(String, Option<AccountId>, Currency), i128>;

impl JournalBalances {
    /// Reads a journal as strictly as [`Journal::parse`] and adds up its legs, holding no entry in memory.
    ///
    /// Accepted, refused and balanced exactly as there, only faster: a journal that has a problem, or says something
    /// rare, is read once more by [`Journal::parse`], which has the last word. What only the ledger itself refuses,
    /// such as a clearing of an unknown document, shows when the journal is posted.
    ///
    /// # Errors
    ///
    /// - Every [`InputProblem`] of the text, by line and column, as from [`Journal::parse`].
    /// - [`InputFault::AmountOutOfRange`] where a balance passes the largest [`Money`].
    pub fn read(text: &str, chart: &[Account]) -> Result<Self, Vec<InputProblem>> {
        match super::quick::scan(text, chart) {
            Some(found) => Ok(found),
            None => Self::of(&Journal::parse(text, chart)?),
        }
    }

    /// The balances of a journal that was read already.
    ///
    /// # Errors
    ///
    /// - [`InputFault::AmountOutOfRange`] at the entry with which a balance passes the largest [`Money`].
    pub fn of(journal: &Journal) -> Result<Self, Vec<InputProblem>> {
        let mut sums = Sums::new();
        let mut legs: u64 = 0;
        for entry in journal.entries() {
            for leg in &entry.draft.legs {
                let Some((side, amount)) = leg.amount.posted() else { continue };
                let key = (leg.account.clone(), leg.key_account.clone(), amount.currency());
                let sum = sums.entry(key).or_default();
                *sum = sum.saturating_add(if side == Side::Debit {
                    amount.minor()
                } else {
                    amount.negated().minor()
                });
                if Money::from_minor(*sum, amount.currency()).is_err() {
                    let place = Piece { line: entry.line, column: 1, text: &entry.head };
                    return Err(vec![place.fault(InputFault::AmountOutOfRange)]);
                }
                legs = legs.saturating_add(1);
            }
        }
        let entries = u64::try_from(journal.entries().len()).unwrap_or(u64::MAX);
        Ok(Self { entries, legs, rows: rows(sums).unwrap_or_default() })
    }
}

/// The rows of sums within the range of money.
pub(super) fn rows(sums: Sums) -> Option<Vec<BalanceRow>> {
    let row = |((code, key_account, currency), minor)| {
        let balance = Money::from_minor(minor, currency).ok()?;
        Some(BalanceRow { code, key_account, balance })
    };
    sums.into_iter().map(row).collect()
}

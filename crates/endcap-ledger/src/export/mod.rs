//! A ledger as text for other programs (导出): pure functions from a [`Ledger`] to a `String`, same ledger, same bytes.
//!
//! | function | what it writes | read back by |
//! |---|---|---|
//! | [`hledger`] | a journal of hledger, and of [`Journal`](crate::journal::Journal) | hledger, [`journal`](crate::journal) |
//! | [`ledger_cli`] | a journal of Ledger | Ledger |
//! | [`beancount`] | a file of Beancount, closing balances asserted | Beancount |
//! | [`csv`] | one row a leg, both dates, items and hash | spreadsheets, databases |
//! | `json_lines` | the log itself, one event a line (feature `serde`) | `read_json_lines` |
//!
//! Accounts become paths: the root of their kind (Assets, Liabilities, Equity, Income, Expenses), the code, and the key
//! account as sub-account where there is one. Amounts are debit positive, with all decimals of the currency and its ISO
//! code; a red leg (红字) has the sign of what it does to the balance and the mark `ink:red`, or its own side in CSV.
//! Only JSON Lines keeps everything; the others carry money: clearings made by a command of their own, stock
//! moves and closed periods are not in them.
//!
//! # Source
//!
//! The manuals of the programs named, as each function says; what stands in tags and metadata is a house rule.

mod beancount;
mod csv;
mod hledger;
#[cfg(feature = "serde")]
mod json_lines;
mod ledger_cli;
mod plan;

pub use beancount::beancount;
pub use csv::{CSV_COLUMNS, csv};
pub use hledger::hledger;
#[cfg(feature = "serde")]
pub use json_lines::{json_lines, read_json_lines};
pub use ledger_cli::ledger_cli;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, Money};

use crate::escape::{Place, escape};
use crate::journal::root_of;
use crate::{Account, Entry, EventBody, Hash, Ledger, LedgerAccountId, Leg, Side};

/// The entries that move money, in the order of the log.
fn entries(ledger: &Ledger) -> impl Iterator<Item = (Stamp, Entry)> + Clone {
    ledger.events().iter().filter_map(|event| match event.body {
        EventBody::EntryPosted(entry) if !entry.legs.is_empty() => {
            Some((Stamp { seq: event.seq, recorded: event.recorded, hash: event.hash }, entry))
        }
        _ => None,
    })
}

/// What an event has beside its entry.
#[derive(Debug)]
struct Stamp {
    seq: u64,
    recorded: NaiveDate,
    hash: Hash,
}

/// The currencies that occur.
fn currencies(ledger: &Ledger) -> BTreeSet<Currency> {
    ledger.state.slots.iter().map(|slot| slot.currency).collect()
}

/// The key accounts that occur, by account.
fn parties(ledger: &Ledger) -> BTreeMap<LedgerAccountId, BTreeSet<&AccountId>> {
    let mut parties: BTreeMap<_, BTreeSet<&AccountId>> = BTreeMap::new();
    for slot in &ledger.state.slots {
        let account = LedgerAccountId(slot.account);
        parties.entry(account).or_default().extend(ledger.state.party(slot.party));
    }
    parties
}

/// The paths of the key accounts of an account, `Assets:1122:KA001`.
fn party_paths<'p>(
    account: &Account,
    parties: Option<&'p BTreeSet<&AccountId>>,
) -> impl Iterator<Item = String> + use<'p> {
    let path = account_path(account);
    let parties = parties.into_iter().flatten();
    parties.map(move |party| format!("{path}:{}", escape(party.as_ref(), Place::Segment)))
}

/// The account of a leg.
fn account_of<'l>(ledger: &'l Ledger, leg: &Leg) -> Option<&'l Account> {
    usize::try_from(leg.account.index()).ok().and_then(|index| ledger.accounts().get(index))
}

/// `Assets:1122`.
fn account_path(account: &Account) -> String {
    format!("{}:{}", root_of(account.kind()), escape(account.code(), Place::Segment))
}

/// `Assets:1122:KA001`.
fn leg_path(ledger: &Ledger, leg: &Leg) -> String {
    let path = account_of(ledger, leg).map(account_path).unwrap_or_default();
    match &leg.key_account {
        Some(key_account) => format!("{path}:{}", escape(key_account.as_ref(), Place::Segment)),
        None => path,
    }
}

/// `-1234.50`, debit positive.
fn signed(leg: &Leg) -> String {
    let amount = if leg.side == Side::Debit { leg.amount } else { leg.amount.negated() };
    amount.to_amount_string()
}

/// `1234.50 CNY`.
fn with_code(amount: Money) -> String {
    format!("{} {}", amount.to_amount_string(), amount.currency())
}

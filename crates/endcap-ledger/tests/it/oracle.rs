//! The slow oracle: every balance as the sum over a filter of the journal, nothing kept between questions.

use chrono::NaiveDate;
use endcap_ledger::{Clearing, Entry, EventBody, ItemId, Ledger, Side};
use endcap_types::{AccountId, Currency, SkuId};

pub(crate) fn entries(ledger: &Ledger) -> impl Iterator<Item = Entry> {
    ledger.events().iter().filter_map(|event| match event.body {
        EventBody::EntryPosted(entry) => Some(entry),
        _ => None,
    })
}

/// Balance in minor units: every leg of the account, one key account or all, effective up to `until`.
pub(crate) fn balance(
    ledger: &Ledger,
    code: &str,
    who: Option<&AccountId>,
    currency: Currency,
    until: NaiveDate,
) -> i128 {
    entries(ledger)
        .filter(|entry| entry.effective <= until)
        .flat_map(|entry| entry.legs)
        .filter(|leg| ledger.accounts()[leg.account.index() as usize].code() == code)
        .filter(|leg| leg.amount.currency() == currency)
        .filter(|leg| who.is_none() || leg.key_account.as_ref() == who)
        .map(|leg| if leg.side == Side::Debit { leg.amount.minor() } else { -leg.amount.minor() })
        .sum()
}

/// As [`balance`], counting only what was recorded up to `recorded`.
pub(crate) fn balance_known(
    ledger: &Ledger,
    code: &str,
    currency: Currency,
    (effective, recorded): (NaiveDate, NaiveDate),
) -> i128 {
    let mut sum = 0;
    for event in ledger.events().iter().filter(|event| event.recorded <= recorded) {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        for leg in entry.legs.iter().filter(|_| entry.effective <= effective) {
            let account = &ledger.accounts()[leg.account.index() as usize];
            if account.code() == code && leg.amount.currency() == currency {
                sum += leg.signed_minor();
            }
        }
    }
    sum
}

/// What is open of an item at the end of a day, from the journal alone.
pub(crate) fn open(ledger: &Ledger, id: ItemId, until: NaiveDate) -> i128 {
    let mut open = 0;
    for entry in entries(ledger) {
        for item in entry.items.iter().filter(|item| item.id == id && entry.effective <= until) {
            open += entry.legs[item.leg as usize].amount.minor().abs();
        }
        let touches = |clearing: &&Clearing| clearing.debit == id || clearing.credit == id;
        for clearing in entry.clearings.iter().filter(touches).filter(|clearing| clearing.effective <= until)
        {
            open -= clearing.amount.minor();
        }
    }
    open
}

/// Pieces at the end of a day.
pub(crate) fn stock(ledger: &Ledger, who: &AccountId, sku: &SkuId, until: NaiveDate) -> i64 {
    entries(ledger)
        .filter(|entry| entry.effective <= until)
        .flat_map(|entry| entry.stock)
        .filter(|moved| moved.key_account == *who && moved.sku == *sku)
        .map(|moved| moved.flow.change(moved.pieces))
        .sum()
}

//! Short names for what every test builds.

use chrono::NaiveDate;
use endcap_ledger::{
    Account, AccountKind, Dimension, Due, EntryDraft, IdempotencyKey, ItemDraft, Ledger, LegDraft, Settings,
    chart,
};
use endcap_types::{AccountId, Currency, DocumentId, Money, SkuId};

/// Day `n` of the test calendar: 0 is 2025-01-01.
pub(crate) fn day(n: u64) -> NaiveDate {
    date("2025-01-01").checked_add_days(chrono::Days::new(n)).unwrap()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn cny(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

pub(crate) fn ka(name: &str) -> AccountId {
    AccountId::new(name).unwrap()
}

pub(crate) fn doc(name: &str) -> DocumentId {
    DocumentId::new(name).unwrap()
}

pub(crate) fn sku(name: &str) -> SkuId {
    SkuId::new(name).unwrap()
}

pub(crate) fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey::new(name).unwrap()
}

/// A ledger with the default chart, and 2202 as a control account of what we owe.
pub(crate) fn ledger() -> Ledger {
    ledger_with(Settings::new("test").unwrap())
}

pub(crate) fn ledger_with(settings: Settings) -> Ledger {
    let mut ledger = Ledger::new(settings);
    ledger.open_all(chart::key_account_supplier().unwrap(), day(0)).unwrap();
    let payable = Account::new("2202", ("Accounts payable", "应付账款"), AccountKind::Liability).unwrap();
    ledger.open_account(payable.with_dimension(Dimension::OpenItems), day(0)).unwrap();
    ledger
}

/// A draft on `effective`, recorded on a day after all test days.
pub(crate) fn draft(name: &str, effective: NaiveDate) -> EntryDraft {
    EntryDraft::new(key(name), doc(name), effective, day(900))
}

/// Sells `amount` to `who`: an item under the draft's name.
pub(crate) fn invoice(name: &str, who: &str, amount: Money, dated: NaiveDate, due: Due) -> EntryDraft {
    draft(name, dated)
        .leg(LegDraft::debit("1122", amount).of(ka(who)).opens(ItemDraft {
            document: doc(name),
            dated,
            due,
            delivered: None,
        }))
        .leg(LegDraft::credit("6001", amount))
}

/// Receives `amount` from `who`.
pub(crate) fn receipt(
    name: &str,
    who: &str,
    amount: Money,
    on: NaiveDate,
    policy: endcap_ledger::ClearingPolicy,
) -> EntryDraft {
    draft(name, on)
        .leg(LegDraft::debit("1002", amount))
        .leg(LegDraft::credit("1122", amount).of(ka(who)).clears(policy))
}

/// So many cases of a law, or as many as `PROPTEST_CASES` says, for a long run.
pub(crate) fn cases(usual: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    proptest::test_runner::Config::with_cases(asked.unwrap_or(usual))
}

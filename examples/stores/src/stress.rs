//! A writer that is made to be killed, and the model that says what must be left of it.
//!
//! Step `n` of a seed is always the same entry, under the key `step/n`. So whoever finds a store after a crash knows
//! from the number of its entries alone what every balance must be.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{Days, NaiveDate};
use endcap::ledger::{
    At, ClearingPolicy, Due, EntryDraft, EventBody, IdempotencyKey, ItemDraft, Ledger, LedgerError, LegDraft,
    chart,
};
use endcap::types::{AccountId, Currency, DocumentId, Money};

use crate::store::{Appended, Position, Store, StoreError, count};

const KEY_ACCOUNTS: u64 = 7;

/// Numbers from a seed: SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Debug, Clone)]
pub struct Numbers(u64);

impl Numbers {
    /// The numbers of a seed.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `limit`, which is not 0.
    pub const fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// One step in plain figures: an invoice of a key account, or money from it.
#[derive(Debug, Clone, Copy)]
struct Step {
    party: u64,
    day: u64,
    /// Minor units: net and tax of an invoice; a receipt has no tax and a net below zero.
    net: i128,
    tax: i128,
}

fn step(seed: u64, number: u64) -> Step {
    let mut numbers = Numbers::of(seed ^ number.wrapping_mul(0xD134_2543_DE82_EF95));
    let (party, day) = (numbers.below(KEY_ACCOUNTS), numbers.below(360));
    let yuan = i128::from(numbers.below(100_000)) + 1;
    match numbers.below(3) {
        0 => Step { party, day, net: -yuan * 100, tax: 0 },
        _ => Step { party, day, net: yuan * 100, tax: yuan * 13 },
    }
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new(number)))
        .unwrap_or_default()
}

fn draft(seed: u64, number: u64) -> Result<EntryDraft, LedgerError> {
    let Step { party, day: on, net, tax } = step(seed, number);
    let cny = |minor: i128| Money::from_minor(minor, Currency::CNY);
    let party = AccountId::new(format!("KA{party}"))?;
    let document = DocumentId::new(format!("D-{number}"))?;
    let draft =
        EntryDraft::new(IdempotencyKey::new(format!("step/{number}"))?, document.clone(), day(on), day(400));
    if net < 0 {
        let receipt = LegDraft::credit("1122", cny(-net)?).of(party).clears(ClearingPolicy::OldestDue);
        return Ok(draft.leg(LegDraft::debit("1002", cny(-net)?)).leg(receipt));
    }
    let item = ItemDraft { document, dated: day(on), due: Due::On(day(on + 30)), delivered: None };
    Ok(draft
        .leg(LegDraft::debit("1122", cny(net + tax)?).of(party).opens(item))
        .leg(LegDraft::credit("6001", cny(net)?))
        .leg(LegDraft::credit("2221.01", cny(tax)?)))
}

/// Balances by account and key account after the first `steps` steps, debit positive, added up in plain integers.
#[must_use]
pub fn model(seed: u64, steps: u64) -> BTreeMap<(&'static str, Option<String>), i128> {
    let mut balances = BTreeMap::new();
    for Step { party, net, tax, .. } in (0..steps).map(|number| step(seed, number)) {
        let mut add = |code, party, minor| *balances.entry((code, party)).or_insert(0) += minor;
        add("1122", Some(format!("KA{party}")), net + tax);
        if net < 0 {
            add("1002", None, -net);
        } else {
            add("6001", None, -net);
            add("2221.01", None, -tax);
        }
    }
    balances
}

/// Checks a ledger against the model of its own length: every step once, in order, and every balance; how many steps.
///
/// # Errors
///
/// - What is wrong, in words.
pub fn compare(ledger: &Ledger, seed: u64) -> Result<u64, String> {
    let mut steps: u64 = 0;
    for event in ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        let expected = format!("step/{steps}");
        if entry.key.as_str() != expected {
            return Err(format!("event {}: expected {expected}, found {}", event.seq, entry.key));
        }
        steps += 1;
    }
    for ((code, party), minor) in model(seed, steps) {
        let found = match &party {
            None => ledger.balance(code, Currency::CNY, At::Now),
            Some(party) => AccountId::new(party.as_str())
                .map_err(LedgerError::from)
                .and_then(|party| ledger.balance_of(code, &party, Currency::CNY, At::Now)),
        };
        let found = found.map_err(|error| error.to_string())?.minor();
        if found != minor {
            return Err(format!("{code} {party:?}: expected {minor}, found {found} after {steps} steps"));
        }
    }
    let audit = ledger.audit();
    if !audit.is_clean() {
        return Err(format!("{:?}", audit.findings));
    }
    Ok(steps)
}

/// Posts steps until the ledger holds `until` of them, in batches of one to five, and writes a line
/// `ack SEQ HASH` for every batch once it is durable.
///
/// Like a careful client it forgets that it was answered now and then: it appends the same batch again, and it starts
/// with steps that are there already. Neither may change anything.
///
/// # Errors
///
/// - Those of the store.
pub fn write(store: &mut impl Store, seed: u64, until: u64, out: &mut impl Write) -> Result<(), StoreError> {
    let mut ledger = store.load()?;
    if ledger.accounts().is_empty() {
        let before = Position::of(&ledger);
        ledger.open_all(chart::key_account_supplier()?, day(0))?;
        store.append(before, &ledger.events().to_vec())?;
    }
    let entries = ledger.events().iter().filter(|event| matches!(event.body, EventBody::EntryPosted(_)));
    let posted = count(entries.count());
    let mut next = posted.saturating_sub(3);
    let mut numbers = Numbers::of(seed ^ posted);
    while next < until {
        let to = until.min(next + 1 + numbers.below(5));
        let drafts: Vec<EntryDraft> =
            (next..to).map(|number| draft(seed, number)).collect::<Result<_, _>>()?;
        let before = Position::of(&ledger);
        ledger.post_batch(&drafts)?;
        let from = usize::try_from(before.seq).unwrap_or(usize::MAX);
        let events = ledger.events().from(from).to_vec();
        store.append(before, &events)?;
        if !events.is_empty() && numbers.below(8) == 0 && store.append(before, &events)? != Appended::Before {
            return Err(StoreError::Forked { seq: before.seq });
        }
        let Position { seq, head } = Position::of(&ledger);
        // Whoever reads the other end may be gone; that changes nothing here.
        let _ = writeln!(out, "ack {seq} {head}").and_then(|()| out.flush());
        next = to;
    }
    Ok(())
}

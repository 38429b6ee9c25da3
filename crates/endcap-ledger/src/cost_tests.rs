//! P25: what posting costs, counted and never timed. Columns grow by the legs of an entry whatever stands before them, and
//! a key, document or balance is found with a few looks whatever the number of them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use core::cell::Cell;
use core::mem::size_of;

use endcap_types::{AccountId, Currency, DocumentId, Money};
use proptest::prelude::*;

use crate::board::Item;
use crate::forgery_tests::{day, fen};
use crate::log::{FlatClearing, FlatLeg, Header};
use crate::state::State;
use crate::table::{Placed, Table, hash_text};
use crate::*;

/// Places taken in each column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    headers: usize,
    hashes: usize,
    requests: usize,
    legs: usize,
    items: usize,
    clearings: usize,
    rare: usize,
    slots: usize,
    text_bytes: usize,
}

impl Columns {
    fn of(state: &State) -> Self {
        Self {
            headers: state.log.headers.len(),
            hashes: state.log.hashes.len(),
            requests: state.log.requests.len(),
            legs: state.log.legs.len(),
            items: state.items.len(),
            clearings: state.log.clearings.len(),
            rare: state.log.rare.len(),
            slots: state.slots.len(),
            text_bytes: state.log.texts.len(),
        }
    }
}

/// The law: an entry takes one place for itself, one a leg, one an item, one a match, and the bytes of its own texts.
fn grows_by_its_legs(before: Columns, after: Columns, entry: &Entry) -> Result<(), String> {
    let documents =
        entry.items.iter().map(|item| &item.document).filter(|document| **document != entry.document);
    let texts = entry.key.as_str().len() + entry.document.as_str().len() + entry.description.len();
    let expected = Columns {
        headers: before.headers + 1,
        hashes: before.hashes + 1,
        requests: before.requests + 1,
        legs: before.legs + entry.legs.len(),
        items: before.items + entry.items.len(),
        clearings: before.clearings + entry.clearings.len(),
        rare: before.rare,
        slots: after.slots,
        text_bytes: before.text_bytes
            + texts
            + documents.map(|document| document.as_str().len()).sum::<usize>(),
    };
    let new_slots = after.slots - before.slots;
    if after == expected && new_slots <= entry.legs.len() {
        return Ok(());
    }
    Err(format!("{before:?} came to {after:?}, expected {expected:?}"))
}

fn named(name: &str) -> EntryDraft {
    EntryDraft::new(IdempotencyKey::new(name).unwrap(), DocumentId::new(name).unwrap(), day(5), day(20))
}

fn invoice(name: &str, who: usize, amount: Money) -> EntryDraft {
    let who = AccountId::new(["KA1", "KA2"][who]).unwrap();
    named(name).leg(LegDraft::debit("1122", amount).of(who)).leg(LegDraft::credit("6001", amount))
}

/// A ledger after so many invoices.
fn after(count: usize) -> Ledger {
    let mut ledger = Ledger::new(Settings::new("costs").unwrap());
    ledger.open_all(chart::key_account_supplier().unwrap(), day(1)).unwrap();
    for n in 0..count {
        ledger.post(&invoice(&format!("i{n}"), n % 2, fen(100))).unwrap();
    }
    ledger
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn p25_columns_grow_by_the_legs_of_an_entry_alone(
        before in 0..120_usize, legs in prop::collection::vec((0..4_usize, 1..900_i128), 1..40),
    ) {
        let mut ledger = after(before);
        let mut asked = named("one").describe("whatever stands before it");
        for (which, minor) in &legs {
            let leg = match which {
                0 => LegDraft::debit("1122", fen(*minor)).of(AccountId::new("KA1").unwrap()),
                1 => {
                    let document = DocumentId::new(format!("d{minor}")).unwrap();
                    let item = ItemDraft { document, dated: day(3), due: Due::On(day(9)), delivered: None };
                    LegDraft::debit("1122", fen(*minor)).of(AccountId::new("KA2").unwrap()).opens(item)
                }
                2 => LegDraft::credit("1122", fen(*minor)).of(AccountId::new("KA1").unwrap()).clears(ClearingPolicy::Fifo),
                _ => LegDraft::debit("6601", fen(*minor)),
            };
            asked = asked.leg(leg);
        }
        asked = asked.leg(LegDraft::debit("6603", fen(40_000))).leg(LegDraft::remainder("1002", Currency::CNY));
        let counted = Columns::of(&ledger.state);
        let of = ledger.post(&asked).unwrap().entry();
        let entry = ledger.entry(of).unwrap();
        prop_assert_eq!(entry.legs.len(), legs.len() + 2);
        prop_assert_eq!(grows_by_its_legs(counted, Columns::of(&ledger.state), &entry), Ok(()));
        // A leg clears whole items and a part of one more at most.
        let credits = legs.iter().filter(|(which, _)| *which == 2).count();
        let closed = ledger.state.items.iter().filter(|item| item.open == 0).count();
        prop_assert!(entry.clearings.len() <= closed + credits);
    }
}

/// What the bytes of an entry are, as docs/ledger-speed.md tells them.
#[test]
fn p25_a_place_has_a_known_size() {
    assert_eq!((size_of::<FlatLeg>(), size_of::<Hash>()), (16, 32));
    assert!(size_of::<Header>() <= 48 && size_of::<Item>() <= 80 && size_of::<FlatClearing>() <= 48);
}

/// Looks of as many look-ups as there are texts, and texts placed again while the table grew.
fn looks(count: u32, mask: u64) -> (usize, usize) {
    let text = |n: u32| format!("INV-{n:07}");
    let (looked, placed_again) = (Cell::new(0), Cell::new(0));
    let placed = |n: u32| Placed { hash: hash_text(7, &text(n)) & mask, replaces: None };
    let mut table = Table::default();
    for n in 0..count {
        let again = |earlier| {
            placed_again.set(placed_again.get() + 1);
            Some(placed(earlier))
        };
        table.insert(n, placed(n), (n, again));
    }
    for n in 0..count {
        let found = table.find(hash_text(7, &text(n)) & mask, |other| {
            looked.set(looked.get() + 1);
            other == n
        });
        assert_eq!(found, Some(n));
    }
    (looked.get(), placed_again.get())
}

/// The law: two looks a look-up at most, two placings a text at most, on average and for any number of texts.
fn few(count: u32, (looked, placed_again): (usize, usize)) -> bool {
    let most = usize::try_from(count).unwrap() * 2;
    looked <= most && placed_again <= most
}

#[test]
fn p25_a_key_is_found_with_a_few_looks() {
    for count in [100, 1_000, 10_000, 60_000] {
        assert!(few(count, looks(count, u64::MAX)), "{count}: {:?}", looks(count, u64::MAX));
    }
}

/// The laws can fail: a hash that tells nothing apart, and a column that grows with what stands before it.
#[test]
fn what_costs_more_is_noticed() {
    assert!(!few(400, looks(400, 0)));
    let mut ledger = after(30);
    let before = Columns::of(&ledger.state);
    let of = ledger.post(&invoice("one", 0, fen(5))).unwrap().entry();
    let (counted, entry) = (Columns::of(&ledger.state), ledger.entry(of).unwrap());
    assert_eq!(grows_by_its_legs(before, counted, &entry), Ok(()));
    let doctored: [&dyn Fn(&mut Columns); 6] = [
        &|columns| columns.headers += 1,
        &|columns| columns.legs += before.legs,
        &|columns| columns.items += 1,
        &|columns| columns.clearings += before.items,
        &|columns| columns.text_bytes += 1,
        &|columns| columns.slots += 3,
    ];
    for doctor in doctored {
        let mut after = counted;
        doctor(&mut after);
        assert!(grows_by_its_legs(before, after, &entry).is_err());
    }
}

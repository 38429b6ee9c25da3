//! Forged events: the hash holds, the content does not. Only inside the crate can a forger reach the seal.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, DocumentId, Money, SkuId};

use crate::chain::seal;
use crate::*;

pub(crate) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, day).unwrap()
}

pub(crate) fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

/// KA1 owes i1 (100 fen, item 0) from the 5th and paid 30 of it on the 9th (item 1); 4 pieces of S1 are with it.
pub(crate) fn ledger() -> Ledger {
    let mut ledger = Ledger::new(Settings::new("forged").unwrap());
    ledger.open_all(chart::key_account_supplier().unwrap(), day(1)).unwrap();
    let who = AccountId::new("KA1").unwrap();
    let draft = |name: &str, on| {
        EntryDraft::new(IdempotencyKey::new(name).unwrap(), DocumentId::new(name).unwrap(), day(on), day(20))
    };
    let goods = StockMove {
        key_account: who.clone(),
        sku: SkuId::new("S1").unwrap(),
        flow: StockFlow::Delivered,
        pieces: 4,
    };
    let sold = draft("i1", 5)
        .leg(LegDraft::debit("1122", fen(100)).of(who.clone()))
        .leg(LegDraft::credit("6001", fen(100)))
        .moves(goods);
    let paid = draft("cash", 9)
        .leg(LegDraft::debit("1002", fen(30)))
        .leg(LegDraft::credit("1122", fen(30)).of(who).clears(ClearingPolicy::Fifo));
    ledger.post_batch(&[sold, paid]).unwrap();
    ledger
}

/// The reason for which a forged event is refused; the state must not move.
pub(crate) fn refusal(ledger: &Ledger, recorded: NaiveDate, body: EventBody) -> &'static str {
    let mut state = ledger.state().clone();
    let seq = state.next_seq();
    let outcome = apply(&mut state, seal(&ledger.head(), seq, recorded, body));
    assert_eq!(state, *ledger.state());
    match outcome {
        Err(LedgerError::CorruptEvent { seq: at, reason }) if at == seq => reason,
        other => panic!("{other:?}"),
    }
}

/// A forged copy of the first entry under a new key and item id, changed by `forge`.
fn forged(forge: impl FnOnce(&mut Entry)) -> &'static str {
    let ledger = ledger();
    let first = EntryId(ledger.events().len() as u64 - 1);
    let mut entry = ledger.entry(first).unwrap().clone();
    entry.key = IdempotencyKey::new("forged").unwrap();
    entry.items[0].id = ItemId(2);
    forge(&mut entry);
    refusal(&ledger, day(20), EventBody::EntryPosted(entry))
}

fn clearing(debit: u64, credit: u64, minor: i128, on: u32) -> Clearing {
    Clearing { debit: ItemId(debit), credit: ItemId(credit), amount: fen(minor), effective: day(on) }
}

#[test]
fn a_sound_copy_is_taken() {
    let mut ledger = ledger();
    let first = EntryId(ledger.events().len() as u64 - 1);
    let mut entry = ledger.entry(first).unwrap().clone();
    entry.key = IdempotencyKey::new("copy").unwrap();
    entry.items[0].id = ItemId(2);
    let event = seal(&ledger.head(), ledger.state().next_seq(), day(20), EventBody::EntryPosted(entry));
    let mut state = ledger.state().clone();
    apply(&mut state, event.clone()).unwrap();
    ledger = Ledger::replay(ledger.settings().clone(), state.events().to_vec()).unwrap();
    assert!(ledger.audit().is_clean());
    assert_eq!(apply(&mut state, event), Err(LedgerError::BrokenChain { seq: state.next_seq() }));
}

#[test]
fn money_is_checked() {
    assert_eq!(forged(|entry| entry.legs[1].amount = fen(99)), "not balanced");
    assert_eq!(forged(|entry| entry.legs[1].amount = fen(0)), "a leg holds nothing");
    // A red credit of 100 is a debit in all but name.
    assert_eq!(forged(|entry| entry.legs[1].amount = fen(-100)), "not balanced");
    assert_eq!(forged(|entry| entry.legs[1].account = LedgerAccountId(999)), "unknown account");
    assert_eq!(forged(|entry| entry.legs[0].key_account = None), "key account and dimension disagree");
    let most = fen(limits::MAX_TURNOVER_MINOR);
    assert_eq!(
        forged(|entry| entry.legs.iter_mut().for_each(|leg| leg.amount = most)),
        "turnover out of range"
    );
}

#[test]
fn keys_dates_and_links_are_checked() {
    assert_eq!(forged(|entry| entry.key = IdempotencyKey::new("i1").unwrap()), "key is taken");
    let of = EntryId(1);
    assert_eq!(forged(|entry| entry.kind = EntryKind::Correction { of }), "corrects no entry");
    let kind = EntryKind::Reversal { of, reason: "x".to_owned() };
    assert_eq!(forged(|entry| entry.kind = kind), "reverses no entry");

    let mut ledger = ledger();
    let account = ledger.accounts()[0].clone();
    assert_eq!(refusal(&ledger, day(20), EventBody::AccountOpened(account.clone())), "account code is taken");
    assert_eq!(refusal(&ledger, day(19), EventBody::AccountOpened(account)), "recorded date goes back");
    let january = Period::month(2025, 1).unwrap();
    ledger.close_period(january, day(20)).unwrap();
    assert_eq!(refusal(&ledger, day(20), EventBody::PeriodClosed(january)), "period is closed already");
    let mut entry = ledger.entry(EntryId(ledger.events().len() as u64 - 1)).unwrap().clone();
    entry.key = IdempotencyKey::new("forged").unwrap();
    assert_eq!(refusal(&ledger, day(20), EventBody::EntryPosted(entry)), "effective date is closed");
}

#[test]
fn an_entry_is_reversed_once() {
    let mut ledger = ledger();
    let of = EntryId(ledger.events().len() as u64);
    let key = IdempotencyKey::new("undo").unwrap();
    let document = DocumentId::new("undo").unwrap();
    let (reason, date, recorded) = ("x".to_owned(), CorrectionDate::On(day(9)), day(20));
    let undo = Reversal {
        of,
        key,
        document,
        reason,
        date,
        recorded,
        cleared: ClearedItems::Release,
        form: FormRule::AsLedger,
    };
    let undone = ledger.reverse(undo).unwrap().entry();
    let mut entry = ledger.entry(undone).unwrap().clone();
    entry.key = IdempotencyKey::new("forged").unwrap();
    assert_eq!(refusal(&ledger, day(20), EventBody::EntryPosted(entry)), "reverses an entry twice");
}

#[test]
fn a_reversal_undoes_its_original_in_one_form() {
    let ledger = ledger();
    let of = EntryId(ledger.events().len() as u64 - 1);
    let forged = |change: &dyn Fn(&mut Entry)| {
        let mut entry = ledger.entry(of).unwrap();
        entry.key = IdempotencyKey::new("forged").unwrap();
        entry.kind = EntryKind::Reversal { of, reason: "x".to_owned() };
        entry.stock.clear();
        change(&mut entry);
        refusal(&ledger, day(20), EventBody::EntryPosted(entry))
    };
    assert_eq!(forged(&|_| {}), "reverses another amount");
    let half = |entry: &mut Entry| entry.legs.iter_mut().for_each(|leg| leg.amount = fen(-50));
    assert_eq!(forged(&half), "reverses another amount");
    let mixed = |entry: &mut Entry| {
        entry.legs[0].amount = fen(-100);
        entry.legs[1].side = Side::Debit;
    };
    assert_eq!(forged(&mixed), "reverses another amount");
}

#[test]
fn items_and_clearings_are_checked() {
    assert_eq!(forged(|entry| entry.items.clear()), "a control leg opens no item");
    assert_eq!(forged(|entry| entry.items[0].id = ItemId(7)), "a control leg opens no item");
    assert_eq!(
        forged(|entry| {
            let mut second = entry.items[0].clone();
            second.leg = 1;
            entry.items.push(second);
        }),
        "an item has no control leg"
    );
    assert_eq!(forged(|entry| entry.clearings.push(clearing(9, 1, 1, 9))), "clears no item");
    assert_eq!(forged(|entry| entry.clearings.push(clearing(0, 2, 1, 9))), "clears items of one side");
    assert_eq!(
        forged(|entry| entry.clearings.push(clearing(0, 1, 1, 8))),
        "clears before the item exists or is free"
    );
    // Item 1 is fully cleared; a release cannot give back more than was taken, nor before it was.
    assert_eq!(forged(|entry| entry.clearings.push(clearing(2, 1, 1, 9))), "clears more than is open");
    for release in
        [clearing(0, 1, -31, 9), clearing(0, 1, -30, 8), clearing(0, 1, 0, 9), clearing(2, 1, -1, 9)]
    {
        assert_eq!(forged(|entry| entry.clearings.push(release)), "releases no clearing");
    }
    assert_eq!(
        forged(|entry| entry.clearings.extend([clearing(0, 1, -30, 12), clearing(0, 1, 30, 11)])),
        "clears before the item exists or is free"
    );
    let usd = Money::from_minor(1, Currency::USD).unwrap();
    let across = Clearing { amount: usd, ..clearing(0, 1, 1, 9) };
    assert_eq!(forged(|entry| entry.clearings.push(across)), "clears across currencies");
    assert_eq!(
        forged(|entry| {
            entry.legs[0].key_account = Some(AccountId::new("KA2").unwrap());
            entry.clearings.extend([clearing(0, 1, -30, 9), clearing(2, 1, 30, 9)]);
        }),
        "clears across accounts"
    );
}

#[test]
fn stock_is_checked() {
    assert_eq!(forged(|entry| entry.stock[0].pieces = -5), "stock below zero");
    assert_eq!(forged(|entry| entry.stock[0].pieces = i64::MIN), "pieces out of range");
}

/// Figures of a snapshot are proved, not believed, even under a digest that fits them.
#[test]
fn a_snapshot_with_other_figures_is_refused() {
    let sound = ledger().snapshot().unwrap();
    let refused = |forge: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = sound.clone();
        forge(&mut snapshot);
        snapshot.digest = snapshot.computed_digest();
        snapshot.restore().unwrap_err()
    };
    let corrupt = |reason| LedgerError::Control(ControlError::CorruptSnapshot { reason });
    assert_eq!(
        refused(&|s| s.balances[0].posted = fen(1)),
        corrupt("a balance is not what the log comes to")
    );
    assert_eq!(
        refused(&|s| s.balances[0].pending_debit = fen(1)),
        corrupt("a balance is not what the log comes to")
    );
    assert_eq!(refused(&|s| s.open_items.clear()), corrupt("an open item is not what the log comes to"));
    assert_eq!(refused(&|s| s.seq += 1), corrupt("the log does not end where the snapshot says"));
    assert_eq!(refused(&|s| s.ledger.push('x')), LedgerError::BrokenChain { seq: 1 });
}

/// An audit sees each index that does not follow from the log.
#[test]
fn an_audit_finds_what_drifted() {
    let sound = ledger().state().clone();
    assert!(sound.audit().is_clean());
    let found = |drift: &dyn Fn(&mut State)| {
        let mut state = sound.clone();
        drift(&mut state);
        state.audit().findings
    };
    let seq = sound.next_seq() - 1;
    assert_eq!(
        found(&|state| state.log.headers[seq as usize - 1].recorded = day(21)),
        [Finding::BrokenChain { seq }]
    );
    assert_eq!(found(&|state| state.head = Hash::default()), [Finding::BrokenChain { seq: seq + 1 }]);
    let bank = |findings: &[Finding]| matches!(findings, [Finding::BalanceDrift { code, proved: 30, .. }] if code == "1002");
    let slot = sound.slot(0, None, Currency::CNY).unwrap().0 as usize;
    assert!(bank(&found(&|state| state.slots[slot].balance += 1)));
    assert!(bank(&found(&|state| state.slots[slot].days.clear())));
    let drifted = found(&|state| state.items[0].open = 71);
    assert!(matches!(drifted.as_slice(), [Finding::ItemDrift { kept: 71, proved: 70, .. }]));
    let drifted = found(&|state| (state.items[0].applied, state.items[0].open) = (0, 100));
    let [Finding::ItemDrift { kept: 100, proved: 70, .. }, aged @ ..] = drifted.as_slice() else {
        panic!("{drifted:?}");
    };
    // By each basis, as a whole and for the one key account.
    let by = |finding: &Finding| match finding {
        Finding::AgeingDrift { code, basis, .. } if code == "1122" => Some(*basis),
        _ => None,
    };
    let expected = AgeBasis::ALL.into_iter().flat_map(|basis| [Some(basis); 2]);
    assert!(aged.iter().map(by).eq(expected), "{drifted:?}");
    let drifted = found(&|state| {
        let key = (0, None, Currency::CNY);
        state.pending.insert(key.clone(), crate::state::Totals { debit: 1, credit: 0 });
        state.asserted.insert(key, [(day(20), (31, Strength::Advisory))].into());
    });
    assert!(matches!(
        drifted.as_slice(),
        [
            Finding::PendingDrift { kept: (1, 0), proved: (0, 0), .. },
            Finding::AssertionBroken { expected: 31, actual: 30, .. }
        ]
    ));
    let apart = Ledger {
        state: {
            let mut state = sound.clone();
            state.log.forge_leg(state.items[0].leg as usize, 99);
            state
        },
    }
    .certify(day(9))
    .unwrap_err();
    assert!(apart.iter().any(|finding| matches!(finding, Finding::ApartOnDay { .. })), "{apart:?}");
    assert!(Ledger { state: sound.clone() }.certify(day(9)).is_ok());
    let drifted = found(&|state| {
        state.stock.values_mut().for_each(|shelf| shelf.values_mut().for_each(|s| s.on_hand = 5))
    });
    assert!(matches!(drifted.as_slice(), [Finding::StockDrift { kept: 5, proved: 4, .. }]));
    let unbalanced = found(&|state| {
        let first = state.log.headers[seq as usize - 1].legs;
        state.log.forge_leg(first as usize, 31);
    });
    assert!(unbalanced.iter().any(|finding| matches!(finding, Finding::UnbalancedEntry { surplus: 1, .. })));
}

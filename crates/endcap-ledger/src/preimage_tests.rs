//! What the hashes cover: changing any one field of an event, or of a request, changes its hash.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, DocumentId, Money, SkuId};

use crate::canon::{clear_digest, draft_digest, reversal_digest};
use crate::chain::seal;
use crate::*;

pub(crate) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, day).unwrap()
}

pub(crate) fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

pub(crate) fn usd() -> Money {
    Money::from_minor(100, Currency::USD).unwrap()
}

pub(crate) fn who(name: &str) -> AccountId {
    AccountId::new(name).unwrap()
}

pub(crate) fn doc(name: &str) -> DocumentId {
    DocumentId::new(name).unwrap()
}

pub(crate) fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey::new(name).unwrap()
}

fn goods() -> StockMove {
    StockMove {
        key_account: who("KA1"),
        sku: SkuId::new("S1").unwrap(),
        flow: StockFlow::Delivered,
        pieces: 4,
    }
}

/// Hashes of a value and of each variation of it, which must all differ.
#[track_caller]
pub(crate) fn all_differ<T: Clone>(value: &T, variations: &[&dyn Fn(&mut T)], hash: impl Fn(&T) -> Hash) {
    let mut seen = BTreeSet::from([hash(value)]);
    for (index, vary) in variations.iter().enumerate() {
        let mut varied = value.clone();
        vary(&mut varied);
        assert!(seen.insert(hash(&varied)), "variation {index} hashes like another");
    }
}

#[test]
fn an_event_covers_every_field_of_its_entry() {
    let leg = |side, amount| Leg {
        account: LedgerAccountId(1),
        key_account: Some(who("KA1")),
        side,
        amount,
        nature: Nature::Invoice,
    };
    let opened = OpenedItem {
        id: ItemId(3),
        leg: 0,
        document: doc("i1"),
        dated: day(1),
        due: Due::On(day(9)),
        delivered: None,
    };
    let clearing = Clearing { debit: ItemId(3), credit: ItemId(2), amount: fen(7), effective: day(4) };
    let entry = Entry {
        key: key("k"),
        request: Hash::default(),
        kind: EntryKind::Posting,
        document: doc("d"),
        effective: day(2),
        description: "text".to_owned(),
        legs: vec![leg(Side::Debit, fen(100)), leg(Side::Credit, fen(100))],
        items: vec![opened],
        clearings: vec![clearing],
        stock: vec![goods()],
        relates_to: None,
        override_reason: None,
        rates: Vec::new(),
        valuations: Vec::new(),
    };
    let reversal = |of, reason: &str| EntryKind::Reversal { of: EntryId(of), reason: reason.to_owned() };
    all_differ(
        &entry,
        &[
            &|e| e.key = key("l"),
            &|e| e.request = Hash::from_bytes([1; 32]),
            &|e| e.kind = EntryKind::Clearing,
            &|e| e.kind = EntryKind::Correction { of: EntryId(1) },
            &|e| e.kind = EntryKind::Correction { of: EntryId(2) },
            &|e| e.kind = reversal(1, "x"),
            &|e| e.kind = reversal(2, "x"),
            &|e| e.kind = reversal(1, "y"),
            &|e| e.document = doc("e"),
            &|e| e.effective = day(3),
            &|e| e.description = "other".to_owned(),
            &|e| e.legs.truncate(1),
            &|e| e.legs.swap(0, 1),
            &|e| e.legs[0].account = LedgerAccountId(2),
            &|e| e.legs[0].key_account = None,
            &|e| e.legs[0].key_account = Some(who("KA2")),
            &|e| e.legs[0].side = Side::Credit,
            &|e| e.legs[0].amount = fen(101),
            &|e| e.legs[0].amount = fen(-100),
            &|e| e.legs[0].amount = usd(),
            &|e| e.legs[0].nature = Nature::Return,
            &|e| e.items.clear(),
            &|e| e.items[0].id = ItemId(4),
            &|e| e.items[0].leg = 1,
            &|e| e.items[0].document = doc("i2"),
            &|e| e.items[0].dated = day(2),
            &|e| e.items[0].due = Due::NoDate,
            &|e| e.items[0].due = Due::On(day(10)),
            &|e| e.items[0].delivered = Some(day(1)),
            &|e| e.items[0].delivered = Some(day(2)),
            &|e| (e.items[0].due, e.items[0].delivered) = (Due::NoDate, Some(day(1))),
            &|e| e.clearings.clear(),
            &|e| e.clearings[0].debit = ItemId(4),
            &|e| e.clearings[0].credit = ItemId(4),
            &|e| e.clearings[0].amount = fen(-7),
            &|e| e.clearings[0].effective = day(5),
            &|e| e.stock.clear(),
            &|e| e.stock[0].key_account = who("KA2"),
            &|e| e.stock[0].sku = SkuId::new("S2").unwrap(),
            &|e| e.stock[0].flow = StockFlow::Sold,
            &|e| e.stock[0].pieces = 5,
        ],
        |entry| seal(&Hash::default(), 1, day(1), EventBody::EntryPosted(entry.clone())).hash,
    );
}

/// The sequence number, the recorded date and the hash before are in the preimage themselves.
#[test]
fn an_event_covers_its_envelope() {
    let body = EventBody::PeriodClosed(Period::month(2025, 1).unwrap());
    let account = |code, kind| Account::new(code, ("a", "b"), kind).unwrap();
    let plain = account("1", AccountKind::Asset);
    all_differ(
        &(Hash::default(), 1, day(1), body),
        &[
            &|e| e.0 = Hash::from_bytes([1; 32]),
            &|e| e.1 = 2,
            &|e| e.2 = day(2),
            &|e| e.3 = EventBody::PeriodClosed(Period::month(2025, 2).unwrap()),
            &|e| e.3 = EventBody::PeriodClosed(Period::quarter(2025, 1).unwrap()),
            &|e| e.3 = EventBody::AccountOpened(plain.clone()),
            &|e| e.3 = EventBody::AccountOpened(account("2", AccountKind::Asset)),
            &|e| e.3 = EventBody::AccountOpened(account("1", AccountKind::Expense)),
            &|e| e.3 = EventBody::AccountOpened(Account::new("1", ("c", "b"), AccountKind::Asset).unwrap()),
            &|e| e.3 = EventBody::AccountOpened(Account::new("1", ("a", "c"), AccountKind::Asset).unwrap()),
            &|e| e.3 = EventBody::AccountOpened(plain.clone().with_normal_side(Side::Credit)),
            &|e| e.3 = EventBody::AccountOpened(plain.clone().with_dimension(Dimension::OpenItems)),
            &|e| {
                let only = CurrencyRule::Only(Currency::CNY);
                e.3 = EventBody::AccountOpened(plain.clone().with_currency(only));
            },
        ],
        |(previous, seq, recorded, body)| seal(previous, *seq, *recorded, body.clone()).hash,
    );
}

#[test]
fn a_draft_digest_covers_all_but_the_recorded_date() {
    let item = ItemDraft { document: doc("i1"), dated: day(1), due: Due::NoDate, delivered: None };
    let draft = EntryDraft::new(key("k"), doc("d"), day(1), day(2))
        .describe("text")
        .leg(LegDraft::debit("1122", fen(100)).of(who("KA1")).opens(item.clone()))
        .leg(LegDraft::remainder("6001", Currency::CNY))
        .moves(goods());
    let clears = |policy| ItemEffect::Clear(policy);
    let open = |change: &dyn Fn(&mut ItemDraft)| {
        let mut item = item.clone();
        change(&mut item);
        ItemEffect::Open(item)
    };
    all_differ(
        &draft,
        &[
            &|d| d.document = doc("e"),
            &|d| d.effective = day(3),
            &|d| d.description.push('x'),
            &|d| d.nature = Nature::Receipt,
            &|d| d.link = Link::Corrects(EntryId(1)),
            &|d| d.link = Link::Corrects(EntryId(2)),
            &|d| d.legs.truncate(1),
            &|d| d.legs[0].account = "1123".to_owned(),
            &|d| d.legs[0].key_account = None,
            &|d| d.legs[0].amount = LegAmount::Fixed(Side::Credit, fen(100)),
            &|d| d.legs[0].amount = LegAmount::Fixed(Side::Debit, usd()),
            &|d| d.legs[0].amount = LegAmount::Red(Side::Debit, fen(100)),
            &|d| d.legs[0].amount = LegAmount::Red(Side::Credit, fen(100)),
            &|d| d.legs[0].nature = Some(Nature::Return),
            &|d| d.legs[1].amount = LegAmount::Remainder(Currency::USD),
            &|d| d.legs[0].item = ItemEffect::Plain,
            &|d| d.legs[0].item = open(&|item| item.document = doc("i2")),
            &|d| d.legs[0].item = open(&|item| item.dated = day(2)),
            &|d| d.legs[0].item = open(&|item| item.due = Due::On(day(2))),
            &|d| d.legs[0].item = open(&|item| item.delivered = Some(day(2))),
            &|d| d.legs[0].item = open(&|item| item.delivered = Some(day(3))),
            &|d| d.legs[0].item = clears(ClearingPolicy::Fifo),
            &|d| d.legs[0].item = clears(ClearingPolicy::OldestDue),
            &|d| d.legs[0].item = clears(ClearingPolicy::Documents(vec![doc("i1")])),
            &|d| d.legs[0].item = clears(ClearingPolicy::Amounts(vec![(doc("i1"), fen(1))])),
            &|d| d.legs[0].item = clears(ClearingPolicy::Amounts(vec![(doc("i1"), fen(2))])),
            &|d| d.stock.clear(),
        ],
        draft_digest,
    );
    let later = EntryDraft { recorded: day(9), key: key("other"), ..draft.clone() };
    assert_eq!(draft_digest(&later), draft_digest(&draft));
}

#[test]
fn requests_of_reversals_and_clearings_are_covered() {
    let reversal = Reversal {
        of: EntryId(1),
        key: key("k"),
        document: doc("d"),
        reason: "x".to_owned(),
        date: CorrectionDate::OriginalOrFirstOpen,
        recorded: day(1),
        cleared: ClearedItems::Refuse,
        form: FormRule::AsLedger,
    };
    all_differ(
        &reversal,
        &[
            &|r| r.of = EntryId(2),
            &|r| r.document = doc("e"),
            &|r| r.reason = "y".to_owned(),
            &|r| r.date = CorrectionDate::On(day(1)),
            &|r| r.date = CorrectionDate::On(day(2)),
            &|r| r.cleared = ClearedItems::Release,
            &|r| r.form = FormRule::Always(ReversalForm::SwappedSides),
            &|r| r.form = FormRule::Always(ReversalForm::RedLetter),
        ],
        reversal_digest,
    );
    let request = ClearRequest {
        key: key("k"),
        account: "1122".to_owned(),
        key_account: who("KA1"),
        currency: Currency::CNY,
        side: Side::Credit,
        document: doc("d"),
        policy: ClearingPolicy::Fifo,
        effective: day(1),
        recorded: day(1),
    };
    all_differ(
        &request,
        &[
            &|r| r.account = "1123".to_owned(),
            &|r| r.key_account = who("KA2"),
            &|r| r.currency = Currency::USD,
            &|r| r.side = Side::Debit,
            &|r| r.document = doc("e"),
            &|r| r.policy = ClearingPolicy::OldestDue,
            &|r| r.effective = day(2),
        ],
        clear_digest,
    );
}

//! Forged reservations, confirmations and directives: the hash holds, the content does not.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, DocumentId};

use crate::forgery_tests::{day, fen, ledger, refusal};
use crate::*;

fn reservation(ledger: &mut Ledger) -> EntryId {
    let who = AccountId::new("KA1").unwrap();
    let draft =
        EntryDraft::new(IdempotencyKey::new("r1").unwrap(), DocumentId::new("r1").unwrap(), day(10), day(20))
            .leg(LegDraft::debit("1122", fen(50)).of(who))
            .leg(LegDraft::credit("6001", fen(50)));
    ledger.reserve(ReserveDraft { draft, expires: Expiry::After(day(25)) }).unwrap().entry()
}

#[test]
fn reservations_are_checked() {
    let mut ledger = ledger();
    let held = reservation(&mut ledger);
    let sound = ledger.state().reservation(held).unwrap().clone();
    let forged = |forge: &dyn Fn(&mut Reservation)| {
        let mut held = sound.clone();
        held.key = IdempotencyKey::new("forged").unwrap();
        forge(&mut held);
        refusal(&ledger, day(20), EventBody::EntryReserved(held))
    };
    assert_eq!(forged(&|held| held.key = sound.key.clone()), "key is taken");
    assert_eq!(forged(&|held| held.legs.clear()), "a reservation holds nothing");
    assert_eq!(forged(&|held| held.legs[0].leg.amount = fen(51)), "not balanced");
    assert_eq!(forged(&|held| held.legs[0].leg.key_account = None), "key account and dimension disagree");
    assert_eq!(
        forged(&|held| held.legs[1].item = ItemEffect::Clear(ClearingPolicy::Fifo)),
        "a pending item has no control leg"
    );
    assert_eq!(
        forged(&|held| held.expires = Expiry::After(day(19))),
        "a reservation expires before it begins"
    );

    let mut copy = ledger.clone();
    let confirmation = Confirmation {
        key: IdempotencyKey::new("c1").unwrap(),
        of: held,
        amounts: ConfirmedAmounts::Full,
        effective: day(11),
        recorded: day(20),
    };
    let posted = copy.confirm(confirmation).unwrap().entry();
    let entry = copy.entry(posted).unwrap().clone();
    let forged = |recorded, forge: &dyn Fn(&mut Entry)| {
        let mut entry = entry.clone();
        forge(&mut entry);
        refusal(&ledger, recorded, EventBody::EntryPosted(entry))
    };
    let more = |entry: &mut Entry| entry.legs.iter_mut().for_each(|leg| leg.amount = fen(51));
    assert_eq!(forged(day(20), &more), "confirms more than is pending");
    assert_eq!(forged(day(20), &|entry| entry.legs.swap(0, 1)), "confirms more than is pending");
    assert_eq!(forged(day(20), &|entry| entry.effective = day(9)), "confirms before the reservation");
    assert_eq!(forged(day(26), &|_| ()), "confirms what has expired");
    let other = EntryKind::Confirmation { of: EntryId(1) };
    assert_eq!(forged(day(20), &|entry| entry.kind = other.clone()), "confirms no reservation");
    assert_eq!(
        refusal(
            &copy,
            day(20),
            EventBody::EntryPosted(Entry { key: IdempotencyKey::new("c2").unwrap(), ..entry.clone() })
        ),
        "confirms no reservation"
    );
}

#[test]
fn directives_locks_and_values_are_checked() {
    let mut ledger = ledger();
    let directed = |name: &str, directive| {
        let key = IdempotencyKey::new(name).unwrap();
        EventBody::Directed(Directed { key, request: Hash::default(), directive })
    };
    let void =
        Directive::Void(Voiding { reservation: EntryId(1), reason: "x".to_owned(), effective: day(9) });
    assert_eq!(refusal(&ledger, day(20), directed("v", void.clone())), "a directive breaks a rule");
    assert_eq!(refusal(&ledger, day(20), directed("i1", void)), "key is taken");
    assert_eq!(
        refusal(&ledger, day(20), directed("e", Directive::Expire(day(9)))),
        "a directive breaks a rule"
    );
    let bounds = Bounds {
        account: "1002".to_owned(),
        key_account: None,
        currency: Currency::CNY,
        min: None,
        max: Some(fen(40)),
        dates: BoundDates::Current,
    };
    let lay = |ledger: &mut Ledger, name: &str, directive| {
        let key = IdempotencyKey::new(name).unwrap();
        ledger.direct(Directing { key, recorded: day(20), directive }).unwrap()
    };
    let paid = ledger.entry(EntryId(ledger.events().len() as u64)).unwrap().clone();
    lay(&mut ledger, "bounds", Directive::SetBounds(bounds));
    let again = |ledger: &Ledger, forge: &dyn Fn(&mut Entry)| {
        let mut entry = paid.clone();
        entry.key = IdempotencyKey::new("forged").unwrap();
        (entry.items[0].id, entry.clearings) = (ItemId(2), Vec::new());
        forge(&mut entry);
        refusal(ledger, day(20), EventBody::EntryPosted(entry))
    };
    assert_eq!(again(&ledger, &|_| ()), "a balance is out of bounds");
    let less = |entry: &mut Entry| entry.legs.iter_mut().for_each(|leg| leg.amount = fen(5));
    let value = Valuation { item: ItemId(3), change: fen(1) };
    assert_eq!(
        again(&ledger, &|entry| {
            less(entry);
            entry.valuations.push(value);
        }),
        "values no item"
    );
    let kind = |of| EntryKind::Release { of, reason: "x".to_owned() };
    assert_eq!(
        again(&ledger, &|entry| {
            less(entry);
            entry.kind = kind(EntryId(1));
        }),
        "releases no entry"
    );
    let of = EntryId(ledger.events().len() as u64 - 1);
    let (key, document) = (IdempotencyKey::new("u").unwrap(), DocumentId::new("u").unwrap());
    ledger
        .unclear(Unclear { key, of, document, reason: "x".to_owned(), effective: day(12), recorded: day(20) })
        .unwrap();
    assert_eq!(
        again(&ledger, &|entry| {
            less(entry);
            entry.kind = kind(of);
        }),
        "releases an entry twice"
    );
    let change = PeriodChange {
        action: PeriodAction::SoftClose,
        period: Period::month(2025, 1).unwrap(),
        kinds: LockedKinds::All,
        reason: String::new(),
        by: "ops".to_owned(),
    };
    lay(&mut ledger, "soft", Directive::ChangePeriod(change));
    assert_eq!(again(&ledger, &less), "effective date is soft closed");
}

//! What the hashes cover beyond the first version: controls, reservations and directives.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use endcap_calendar::Period;
use endcap_types::Currency;

use crate::chain::seal;
use crate::preimage_tests::{all_differ, day, doc, fen, key, who};
use crate::*;

fn rate() -> ExchangeRate {
    let pair = (Currency::USD, Currency::CNY);
    ExchangeRate::new(pair, rust_decimal::Decimal::new(71, 1), day(1), "bank").unwrap()
}

fn hash_of(body: EventBody) -> Hash {
    seal(&Hash::default(), 1, day(1), body).hash
}

#[test]
fn what_entries_hold_beyond_the_first_version_is_covered() {
    let bare = Entry::bare((key("k"), Hash::default()), EntryKind::Posting, doc("d"), day(2));
    let rate_of = |from, to, text: i64, on, source: &str| {
        ExchangeRate::new((from, to), rust_decimal::Decimal::new(text, 1), day(on), source).unwrap()
    };
    let (usd, eur, cny) = (Currency::USD, Currency::EUR, Currency::CNY);
    all_differ(
        &bare,
        &[
            &|e| e.kind = EntryKind::Confirmation { of: EntryId(1) },
            &|e| e.kind = EntryKind::Confirmation { of: EntryId(2) },
            &|e| e.kind = EntryKind::Release { of: EntryId(1), reason: "x".to_owned() },
            &|e| e.kind = EntryKind::Release { of: EntryId(2), reason: "x".to_owned() },
            &|e| e.kind = EntryKind::Release { of: EntryId(1), reason: "y".to_owned() },
            &|e| e.kind = EntryKind::WriteOff { reason: "x".to_owned() },
            &|e| e.kind = EntryKind::WriteOff { reason: "y".to_owned() },
            &|e| e.kind = EntryKind::Revaluation,
            &|e| e.relates_to = Some(day(1)),
            &|e| e.relates_to = Some(day(2)),
            &|e| e.override_reason = Some("x".to_owned()),
            &|e| e.override_reason = Some("y".to_owned()),
            &|e| e.rates = vec![rate()],
            &|e| e.rates = vec![rate_of(eur, cny, 71, 1, "bank")],
            &|e| e.rates = vec![rate_of(usd, eur, 71, 1, "bank")],
            &|e| e.rates = vec![rate_of(usd, cny, 72, 1, "bank")],
            &|e| e.rates = vec![rate_of(usd, cny, 71, 2, "bank")],
            &|e| e.rates = vec![rate_of(usd, cny, 71, 1, "other")],
            &|e| e.valuations = vec![Valuation { item: ItemId(1), change: fen(1) }],
            &|e| e.valuations = vec![Valuation { item: ItemId(2), change: fen(1) }],
            &|e| e.valuations = vec![Valuation { item: ItemId(1), change: fen(2) }],
        ],
        |entry| hash_of(EventBody::EntryPosted(entry.clone())),
    );
}

#[test]
fn reservations_are_covered() {
    let leg = Leg {
        account: LedgerAccountId(1),
        key_account: Some(who("KA1")),
        side: Side::Debit,
        amount: fen(1),
        nature: Nature::Other,
    };
    let held = Reservation {
        key: key("k"),
        request: Hash::default(),
        document: doc("d"),
        effective: day(2),
        description: "x".to_owned(),
        legs: vec![PendingLeg { leg, item: ItemEffect::Plain }],
        expires: Expiry::Never,
    };
    all_differ(
        &held,
        &[
            &|h| h.key = key("l"),
            &|h| h.request = Hash::from_bytes([1; 32]),
            &|h| h.document = doc("e"),
            &|h| h.effective = day(3),
            &|h| h.description.push('y'),
            &|h| h.legs.clear(),
            &|h| h.legs[0].leg.amount = fen(2),
            &|h| h.legs[0].leg.side = Side::Credit,
            &|h| h.legs[0].item = ItemEffect::Clear(ClearingPolicy::Fifo),
            &|h| h.legs[0].item = ItemEffect::Clear(ClearingPolicy::Proportional),
            &|h| h.expires = Expiry::After(day(5)),
            &|h| h.expires = Expiry::After(day(6)),
        ],
        |held| hash_of(EventBody::EntryReserved(held.clone())),
    );
}

#[test]
fn directives_are_covered() {
    let change = |action, month, kinds, reason: &str, by: &str| {
        let (reason, by) = (reason.to_owned(), by.to_owned());
        Directive::ChangePeriod(PeriodChange {
            action,
            period: Period::month(2025, month).unwrap(),
            kinds,
            reason,
            by,
        })
    };
    let bounds = |account: &str, one: bool, currency, min, max, dates| {
        let key_account = one.then(|| who("KA1"));
        Directive::SetBounds(Bounds { account: account.to_owned(), key_account, currency, min, max, dates })
    };
    let vouch = |account: &str, one: bool, on, minor, strength| {
        let key_account = one.then(|| who("KA1"));
        Directive::AssertBalance(Assertion {
            account: account.to_owned(),
            key_account,
            day: day(on),
            expected: fen(minor),
            strength,
        })
    };
    let dispute = |account: &str, name: &str, document: &str, minor, reason: &str, on| {
        Directive::Dispute(Dispute {
            account: account.to_owned(),
            key_account: who(name),
            document: doc(document),
            amount: fen(minor),
            reason: reason.to_owned(),
            effective: day(on),
        })
    };
    let resolve = |of, outcome, reason: &str, on| {
        Directive::ResolveDispute(DisputeResolution {
            dispute: EntryId(of),
            outcome,
            reason: reason.to_owned(),
            effective: day(on),
        })
    };
    let void = |of, reason: &str, on| {
        Directive::Void(Voiding { reservation: EntryId(of), reason: reason.to_owned(), effective: day(on) })
    };
    let group = |name: &str, members: &[&str]| {
        let members = members.iter().map(|name| who(name)).collect();
        Directive::SetGroup(KeyAccountGroup { group: who(name), members })
    };
    let group_limit = |name: &str, account: &str, max| {
        let (group, account, currency) = (who(name), account.to_owned(), Currency::CNY);
        Directive::SetGroupLimit(GroupLimit { group, account, currency, max })
    };
    let over = |name: &str, account: &str, (up_to, until), (reason, by): (&str, &str)| {
        Directive::OverrideGroupLimit(LimitOverride {
            group: who(name),
            account: account.to_owned(),
            up_to: fen(up_to),
            until: day(until),
            reason: reason.to_owned(),
            by: by.to_owned(),
        })
    };
    let close = |carry_over: Vec<EntryId>| PeriodAction::Close { carry_over };
    let only = |kinds: Vec<AccountKind>| LockedKinds::Only(kinds);
    let (cny, current, accepted) = (Currency::CNY, BoundDates::Current, DisputeOutcome::Accepted);
    let all = [
        change(PeriodAction::SoftClose, 1, LockedKinds::All, "", "x"),
        change(PeriodAction::Reopen, 1, LockedKinds::All, "", "x"),
        change(close(vec![]), 1, LockedKinds::All, "", "x"),
        change(close(vec![EntryId(1)]), 1, LockedKinds::All, "", "x"),
        change(close(vec![EntryId(2)]), 1, LockedKinds::All, "", "x"),
        change(PeriodAction::SoftClose, 2, LockedKinds::All, "", "x"),
        change(PeriodAction::SoftClose, 1, only(vec![]), "", "x"),
        change(PeriodAction::SoftClose, 1, only(vec![AccountKind::Asset]), "", "x"),
        change(PeriodAction::SoftClose, 1, only(vec![AccountKind::Income]), "", "x"),
        change(PeriodAction::SoftClose, 1, LockedKinds::All, "y", "x"),
        change(PeriodAction::SoftClose, 1, LockedKinds::All, "", "y"),
        bounds("1", true, cny, None, None, current),
        bounds("2", true, cny, None, None, current),
        bounds("1", false, cny, None, None, current),
        bounds("1", true, Currency::USD, None, None, current),
        bounds("1", true, cny, Some(fen(1)), None, current),
        bounds("1", true, cny, None, Some(fen(1)), current),
        bounds("1", true, cny, None, None, BoundDates::EveryDate),
        vouch("1", true, 1, 1, Strength::Locked),
        vouch("2", true, 1, 1, Strength::Locked),
        vouch("1", false, 1, 1, Strength::Locked),
        vouch("1", true, 2, 1, Strength::Locked),
        vouch("1", true, 1, 2, Strength::Locked),
        vouch("1", true, 1, 1, Strength::Advisory),
        dispute("1", "KA1", "d", 1, "x", 1),
        dispute("2", "KA1", "d", 1, "x", 1),
        dispute("1", "KA2", "d", 1, "x", 1),
        dispute("1", "KA1", "e", 1, "x", 1),
        dispute("1", "KA1", "d", 2, "x", 1),
        dispute("1", "KA1", "d", 1, "y", 1),
        dispute("1", "KA1", "d", 1, "x", 2),
        resolve(1, accepted, "x", 1),
        resolve(2, accepted, "x", 1),
        resolve(1, DisputeOutcome::Rejected, "x", 1),
        resolve(1, DisputeOutcome::PartlyAccepted(fen(1)), "x", 1),
        resolve(1, DisputeOutcome::PartlyAccepted(fen(2)), "x", 1),
        resolve(1, accepted, "y", 1),
        resolve(1, accepted, "x", 2),
        void(1, "x", 1),
        void(2, "x", 1),
        void(1, "y", 1),
        void(1, "x", 2),
        Directive::Expire(day(1)),
        Directive::Expire(day(2)),
        group("HQ", &[]),
        group("HQ", &["KA1"]),
        group("HQ", &["KA1", "KA2"]),
        group("HQ", &["KA1KA2"]),
        group("KA1", &["HQ"]),
        group_limit("HQ", "1122", None),
        group_limit("HQ", "1122", Some(fen(1))),
        group_limit("HQ", "1122", Some(fen(2))),
        group_limit("HQ", "1123", None),
        group_limit("HR", "1122", None),
        over("HQ", "1122", (1, 1), ("x", "y")),
        over("HR", "1122", (1, 1), ("x", "y")),
        over("HQ", "1123", (1, 1), ("x", "y")),
        over("HQ", "1122", (2, 1), ("x", "y")),
        over("HQ", "1122", (1, 2), ("x", "y")),
        over("HQ", "1122", (1, 1), ("z", "y")),
        over("HQ", "1122", (1, 1), ("x", "z")),
    ];
    let hashes: BTreeSet<Hash> = all.iter().map(crate::canon::directive_digest).collect();
    assert_eq!(hashes.len(), all.len());
    let directed = |name: &str, request, directive: &Directive| {
        hash_of(EventBody::Directed(Directed { key: key(name), request, directive: directive.clone() }))
    };
    let none = Hash::default();
    let hashes = [
        directed("k", none, &all[0]),
        directed("l", none, &all[0]),
        directed("k", Hash::from_bytes([1; 32]), &all[0]),
        directed("k", none, &all[1]),
    ];
    assert_eq!(BTreeSet::from(hashes).len(), 4);
}

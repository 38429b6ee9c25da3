//! Two-phase posting, limits, locks, disputes and residuals, as a controller would see them.

use endcap_calendar::Period;
use endcap_ledger::*;
use endcap_types::{Currency, Money};

use crate::kit::{cny, day, doc, draft, fen, invoice, ka, key, ledger, receipt};

pub(crate) fn direct(ledger: &mut Ledger, name: &str, directive: Directive) -> Result<Receipt, LedgerError> {
    ledger.direct(Directing { key: key(name), recorded: day(900), directive })
}

pub(crate) fn lock(action: PeriodAction, month: u32) -> Directive {
    Directive::ChangePeriod(PeriodChange {
        action,
        period: Period::month(2025, month).unwrap(),
        kinds: LockedKinds::All,
        reason: "audit adjustment".to_owned(),
        by: "controller".to_owned(),
    })
}

pub(crate) fn close() -> PeriodAction {
    PeriodAction::Close { carry_over: Vec::new() }
}

pub(crate) fn limit(max: &str, dates: BoundDates) -> Directive {
    Directive::SetBounds(Bounds {
        account: "1122".to_owned(),
        key_account: Some(ka("KA1")),
        currency: Currency::CNY,
        min: None,
        max: Some(cny(max)),
        dates,
    })
}

pub(crate) fn reserve(name: &str, amount: &str, on: u64) -> ReserveDraft {
    ReserveDraft {
        draft: invoice(name, "KA1", cny(amount), day(on), Due::On(day(on + 30))),
        expires: Expiry::Never,
    }
}

pub(crate) fn confirm(name: &str, of: EntryId, amounts: ConfirmedAmounts, on: u64) -> Confirmation {
    Confirmation { key: key(name), of, amounts, effective: day(on), recorded: day(900) }
}

fn layers(ledger: &Ledger, at: At) -> [Money; 3] {
    let found = ledger.layers("1122", Some(&ka("KA1")), Currency::CNY, at).unwrap();
    [found.posted, found.pending_debit, found.pending_credit]
}

#[test]
fn a_reservation_is_pending_then_confirmed_in_part_then_settled() {
    let mut ledger = ledger();
    let held = ledger.reserve(reserve("r1", "100.00", 5)).unwrap().entry();
    assert_eq!(layers(&ledger, At::Now), [cny("0.00"), cny("100.00"), cny("0.00")]);
    assert_eq!(ledger.status(held), Some(EntryStatus::Pending));
    assert!(ledger.trial_balance(day(99)).unwrap().rows.is_empty());

    let amounts = ConfirmedAmounts::Legs(vec![cny("80.00"), cny("80.00")]);
    let posted = ledger.confirm(confirm("c1", held, amounts.clone(), 9)).unwrap().entry();
    assert_eq!(layers(&ledger, At::Now), [cny("80.00"), cny("0.00"), cny("0.00")]);
    // Pending from the 5th to the 9th, and posted from then on.
    assert_eq!(layers(&ledger, At::EndOf(day(4))), [cny("0.00"), cny("0.00"), cny("0.00")]);
    assert_eq!(layers(&ledger, At::EndOf(day(8))), [cny("0.00"), cny("100.00"), cny("0.00")]);
    assert_eq!(layers(&ledger, At::EndOf(day(9))), [cny("80.00"), cny("0.00"), cny("0.00")]);
    assert_eq!(ledger.status(held), Some(EntryStatus::Confirmed { by: posted }));
    assert_eq!(ledger.status(posted), Some(EntryStatus::Posted));
    // The item is that of the reservation, with its due date.
    let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(40)).unwrap();
    assert_eq!((items[0].open, items[0].due), (cny("80.00"), Due::On(day(35))));
    // A retry is a replay, and nothing is confirmed twice.
    let again = ledger.confirm(confirm("c1", held, amounts, 9)).unwrap();
    assert_eq!((again.entry(), again.replay), (posted, Replay::Replayed));

    ledger.post(&receipt("cash", "KA1", cny("80.00"), day(20), ClearingPolicy::Fifo)).unwrap();
    assert_eq!(ledger.status(posted), Some(EntryStatus::Settled));
    assert!(ledger.audit().is_clean());
}

/// Everything pending and posted stays within the range of one balance, so that no layer can overflow.
#[test]
fn pending_amounts_stay_in_range() {
    let mut ledger = ledger();
    let half = limits::MAX_TURNOVER_MINOR / 2;
    let asked = |name: &str, minor| ReserveDraft {
        draft: invoice(name, "KA1", fen(minor), day(1), Due::NoDate),
        expires: Expiry::Never,
    };
    let first = ledger.reserve(asked("r1", half)).unwrap().entry();
    ledger.post(&invoice("i1", "KA1", fen(half), day(1), Due::NoDate)).unwrap();
    let refused =
        LedgerError::TurnoverOutOfRange { currency: Currency::CNY, limit: limits::MAX_TURNOVER_MINOR };
    assert_eq!(ledger.reserve(asked("r2", 2)), Err(refused));
    ledger.reserve(asked("r2", 1)).unwrap();
    ledger.confirm(confirm("c1", first, ConfirmedAmounts::Full, 2)).unwrap();
    assert_eq!(layers(&ledger, At::Now), [fen(2 * half), fen(1), fen(0)]);
}

#[test]
fn a_reservation_expires_by_a_date_and_by_nothing_else() {
    let mut ledger = ledger();
    let expires = Expiry::After(day(920));
    let held = ledger.reserve(ReserveDraft { expires, ..reserve("r1", "100.00", 5) }).unwrap().entry();
    let late = Confirmation { recorded: day(921), ..confirm("late", held, ConfirmedAmounts::Full, 6) };
    let refused = ControlError::ReservationExpired { reservation: held, last: day(920), recorded: day(921) };
    assert_eq!(ledger.confirm(late), Err(refused.into()));
    // Expiring is an order with a date; before the last day has passed it does nothing and leaves no event.
    let events = ledger.events().len();
    direct(&mut ledger, "early", Directive::Expire(day(920))).unwrap();
    assert_eq!((ledger.events().len(), ledger.pending().count()), (events, 1));
    let by = direct(&mut ledger, "expire", Directive::Expire(day(921))).unwrap().entry();
    assert_eq!(ledger.status(held), Some(EntryStatus::Voided { by }));
    assert_eq!(layers(&ledger, At::EndOf(day(920))), [cny("0.00"), cny("100.00"), cny("0.00")]);
    assert_eq!(layers(&ledger, At::EndOf(day(921))), [cny("0.00"), cny("0.00"), cny("0.00")]);
}

#[test]
fn a_credit_limit_counts_what_is_pending() {
    let mut ledger = ledger();
    direct(&mut ledger, "limit", limit("1000.00", BoundDates::Current)).unwrap();
    ledger.post(&invoice("i1", "KA1", cny("600.00"), day(1), Due::NoDate)).unwrap();
    let held = ledger.reserve(reserve("r1", "300.00", 2)).unwrap().entry();
    let available = |ledger: &Ledger| ledger.available("1122", Some(&ka("KA1")), Currency::CNY).unwrap();
    assert_eq!(available(&ledger), Some(cny("100.00")));
    let refused = ControlError::BoundViolated {
        code: "1122".to_owned(),
        key_account: Some(ka("KA1")),
        currency: Currency::CNY,
        day: None,
        balance_minor: 100_001,
        bound_minor: 100_000,
    };
    let over = invoice("i2", "KA1", cny("100.01"), day(3), Due::NoDate);
    assert_eq!(ledger.problems(&over), [refused.clone().into()]);
    assert_eq!(ledger.post(&over), Err(refused.into()));
    ledger.post(&invoice("i2", "KA1", cny("100.00"), day(3), Due::NoDate)).unwrap();
    // At the limit, what is pending can still be confirmed, whole or in part; another account is not concerned.
    let half = ConfirmedAmounts::Legs(vec![cny("150.00"), cny("150.00")]);
    ledger.confirm(confirm("c1", held, half, 4)).unwrap();
    assert_eq!(available(&ledger), Some(cny("150.00")));
    ledger.post(&invoice("i3", "KA2", cny("9999.00"), day(3), Due::NoDate)).unwrap();
    // The limit cannot be set below what is owed.
    assert!(direct(&mut ledger, "lower", limit("849.99", BoundDates::Current)).is_err());
    direct(&mut ledger, "just", limit("850.00", BoundDates::Current)).unwrap();
    // A batch is judged as a whole: the second draft breaks the limit that the first leaves room for.
    direct(&mut ledger, "more", limit("900.00", BoundDates::Current)).unwrap();
    let batch = [
        invoice("b1", "KA1", cny("50.00"), day(5), Due::NoDate),
        invoice("b2", "KA1", cny("0.01"), day(5), Due::NoDate),
    ];
    let refused = ledger.post_batch(&batch);
    assert!(matches!(refused, Err(LedgerError::BatchRejected { index: 1, .. })), "{refused:?}");
}

#[test]
fn a_bound_on_every_date_sees_a_backdated_entry() {
    let mut ledger = ledger();
    let bound = |dates| {
        Directive::SetBounds(Bounds {
            account: "1002".to_owned(),
            key_account: None,
            currency: Currency::CNY,
            min: Some(cny("0.00")),
            max: None,
            dates,
        })
    };
    ledger.post(&receipt("in", "KA1", cny("100.00"), day(10), ClearingPolicy::Fifo)).unwrap();
    let pay = |name: &str, on| {
        draft(name, day(on))
            .leg(LegDraft::debit("6601", cny("40.00")))
            .leg(LegDraft::credit("1002", cny("40.00")))
    };
    direct(&mut ledger, "now", bound(BoundDates::Current)).unwrap();
    // Only the current balance counts: on the 5th the account would have been at −40.00.
    ledger.problems(&pay("p0", 5)).is_empty().then_some(()).unwrap();
    direct(&mut ledger, "every", bound(BoundDates::EveryDate)).unwrap();
    let refused = ControlError::BoundViolated {
        code: "1002".to_owned(),
        key_account: None,
        currency: Currency::CNY,
        day: Some(day(5)),
        balance_minor: -4_000,
        bound_minor: 0,
    };
    assert_eq!(ledger.post(&pay("p1", 5)), Err(refused.into()));
    ledger.post(&pay("p1", 10)).unwrap();
    ledger.post(&pay("p2", 12)).unwrap();
    assert!(ledger.post(&pay("p3", 30)).is_err());
}

#[test]
fn a_locked_balance_refuses_what_would_change_it() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(5), Due::NoDate)).unwrap();
    let vouched = |expected: &str, strength| {
        Directive::AssertBalance(Assertion {
            account: "1122".to_owned(),
            key_account: Some(ka("KA1")),
            day: day(30),
            expected: cny(expected),
            strength,
        })
    };
    assert!(matches!(
        direct(&mut ledger, "wrong", vouched("100.01", Strength::Locked)),
        Err(LedgerError::AssertionFailed { .. })
    ));
    direct(&mut ledger, "signed", vouched("100.00", Strength::Locked)).unwrap();
    let refused = ControlError::BreaksAssertion {
        code: "1122".to_owned(),
        day: day(30),
        expected: cny("100.00"),
        actual: cny("101.00"),
    };
    let late = invoice("i2", "KA1", cny("1.00"), day(30), Due::NoDate);
    assert_eq!(ledger.post(&late), Err(refused.into()));
    ledger.post(&invoice("i2", "KA1", cny("1.00"), day(31), Due::NoDate)).unwrap();
    ledger.post(&invoice("i3", "KA2", cny("1.00"), day(3), Due::NoDate)).unwrap();
}

#[test]
fn a_period_is_soft_closed_closed_and_reopened_with_names() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(5), Due::NoDate)).unwrap();
    direct(&mut ledger, "soft", lock(PeriodAction::SoftClose, 1)).unwrap();
    let late = invoice("i2", "KA1", cny("7.00"), day(20), Due::NoDate);
    let refused = ControlError::SoftClosed { effective: day(20), first_open: day(31) };
    assert_eq!(ledger.post(&late), Err(refused.into()));
    let posted = ledger.post(&late.clone().overriding("invoice found in the mail")).unwrap().entry();
    assert_eq!(ledger.entry(posted).unwrap().override_reason.as_deref(), Some("invoice found in the mail"));

    direct(&mut ledger, "hard", lock(close(), 1)).unwrap();
    let third = invoice("i3", "KA1", cny("9.00"), day(20), Due::NoDate).overriding("again");
    assert!(matches!(ledger.post(&third), Err(LedgerError::PeriodClosed { .. })));
    // The correction of a closed month lands in the next open one and says what it relates to.
    let fix = ledger.post(&late_fix(posted)).unwrap().entry();
    let entry = ledger.entry(fix).unwrap();
    assert_eq!((entry.effective, entry.relates_to), (day(31), Some(day(20))));
    assert_eq!(entry.kind, EntryKind::Correction { of: posted });

    direct(&mut ledger, "feb", lock(close(), 2)).unwrap();
    let refused = ControlError::LaterPeriodClosed { end: day(31), closed_to: day(59) };
    assert_eq!(direct(&mut ledger, "open", lock(PeriodAction::Reopen, 1)), Err(refused.into()));
    direct(&mut ledger, "open 2", lock(PeriodAction::Reopen, 2)).unwrap();
    let reopened = direct(&mut ledger, "open 1", lock(PeriodAction::Reopen, 1)).unwrap();
    ledger.post(&third).unwrap();
    // Who reopened it, why and when stands in the log.
    let event = ledger.events().get(reopened.seq as usize - 1).unwrap();
    assert_eq!(event.recorded, day(900));
    let EventBody::Directed(Directed { directive: Directive::ChangePeriod(change), .. }) = &event.body else {
        panic!("{event:?}")
    };
    assert_eq!((change.by.as_str(), change.reason.as_str()), ("controller", "audit adjustment"));
    let replayed = Ledger::replay(ledger.settings().clone(), ledger.events().to_vec()).unwrap();
    assert_eq!(replayed, ledger);
}

fn late_fix(of: EntryId) -> EntryDraft {
    draft("fix", day(20))
        .leg(LegDraft::debit("6001", cny("1.00")))
        .leg(LegDraft::credit("1122", cny("1.00")).of(ka("KA1")))
        .corrects(of)
        .or_first_open_day()
}

#[test]
fn receivables_may_close_before_expenses() {
    let mut ledger = ledger();
    let Directive::ChangePeriod(change) = lock(close(), 1) else { panic!() };
    let kinds = LockedKinds::Only(vec![AccountKind::Asset, AccountKind::Income]);
    direct(&mut ledger, "assets", Directive::ChangePeriod(PeriodChange { kinds, ..change })).unwrap();
    assert!(ledger.post(&invoice("i1", "KA1", cny("1.00"), day(5), Due::NoDate)).is_err());
    let accrual = draft("a1", day(5))
        .leg(LegDraft::debit("6601", cny("5.00")))
        .leg(LegDraft::credit("2241", cny("5.00")).of(ka("KA1")));
    ledger.post(&accrual).unwrap();
    assert_eq!(ledger.first_open_day(AccountKind::Asset).0, day(31));
    assert_eq!(ledger.first_open_day(AccountKind::Expense).0, chrono::NaiveDate::MIN);
}

#[test]
fn a_close_waits_for_what_is_pending() {
    let mut ledger = ledger();
    let held = ledger.reserve(reserve("r1", "100.00", 5)).unwrap().entry();
    let refused = ControlError::PendingInPeriod { end: day(31), reservation: held };
    assert_eq!(direct(&mut ledger, "close", lock(close(), 1)), Err(refused.clone().into()));
    assert_eq!(ledger.close_period(Period::month(2025, 1).unwrap(), day(900)), Err(refused.into()));
    direct(&mut ledger, "carry", lock(PeriodAction::Close { carry_over: vec![held] }, 1)).unwrap();
    assert!(ledger.confirm(confirm("c1", held, ConfirmedAmounts::Full, 9)).is_err());
    ledger.confirm(confirm("c1", held, ConfirmedAmounts::Full, 31)).unwrap();
}

#[test]
fn the_log_may_be_held_to_a_sequence_number() {
    let mut ledger = ledger();
    let last = ledger.events().len() as u64;
    let first = Command::Post(invoice("i1", "KA1", cny("1.00"), day(5), Due::NoDate));
    let other = Command::Post(invoice("i2", "KA1", cny("1.00"), day(5), Due::NoDate));
    ledger.execute_at(&first, Expect::Exactly(last)).unwrap();
    let stale = ControlError::StaleState { expected: last, actual: last + 1 };
    assert_eq!(ledger.execute_at(&other, Expect::Exactly(last)), Err(stale.into()));
    // A retry of what went through is answered by its receipt, although the log has gone on.
    let again = ledger.execute_at(&first, Expect::Exactly(last)).unwrap();
    assert_eq!((again[0].seq, again[0].replay), (last + 1, Replay::Replayed));
    ledger.execute_at(&other, Expect::Any).unwrap();
}

pub(crate) fn dispute(document: &str, amount: &str, on: u64) -> Directive {
    Directive::Dispute(Dispute {
        account: "1122".to_owned(),
        key_account: ka("KA1"),
        document: doc(document),
        amount: cny(amount),
        reason: "short delivery claimed".to_owned(),
        effective: day(on),
    })
}

#[test]
fn a_dispute_marks_an_item_and_moves_nothing() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(1), Due::On(day(10)))).unwrap();
    ledger.post(&receipt("cash", "KA1", cny("60.00"), day(12), ClearingPolicy::Fifo)).unwrap();
    let id = direct(&mut ledger, "claim", dispute("i1", "40.00", 12)).unwrap().entry();
    let query = |on| AgeingQuery {
        account: "1122",
        currency: Currency::CNY,
        as_of: day(on),
        basis: AgeBasis::DueDate,
    };
    let ageing = |ledger: &Ledger, on| ledger.ageing(&query(on), &Buckets::standard()).unwrap().total;
    let total = ageing(&ledger, 20);
    assert_eq!((total.disputed, total.overdue[0], total.total), (cny("40.00"), cny("40.00"), cny("40.00")));
    assert_eq!(ageing(&ledger, 11).disputed, cny("0.00"));
    let more = LedgerError::ExceedsOpen { document: doc("i1"), open: cny("0.00"), asked: cny("0.01") };
    assert_eq!(direct(&mut ledger, "more", dispute("i1", "0.01", 13)), Err(more));

    let resolution = DisputeResolution {
        dispute: id,
        outcome: DisputeOutcome::PartlyAccepted(cny("15.00")),
        reason: "weighed again".to_owned(),
        effective: day(25),
    };
    direct(&mut ledger, "resolve", Directive::ResolveDispute(resolution)).unwrap();
    assert_eq!((ageing(&ledger, 24).disputed, ageing(&ledger, 25).disputed), (cny("40.00"), cny("0.00")));
    let off = write_off("w1", "i1", "15.00", Authority::UpTo(cny("20.00")));
    ledger.write_off(off).unwrap();
    let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(40)).unwrap();
    assert_eq!((items[0].open, items[0].disputed), (cny("25.00"), cny("0.00")));
    assert!(ledger.audit().is_clean());
}

pub(crate) fn write_off(name: &str, item: &str, amount: &str, authority: Authority) -> WriteOff {
    WriteOff {
        key: key(name),
        document: doc(name),
        account: "1122".to_owned(),
        key_account: ka("KA1"),
        item: doc(item),
        side: Side::Debit,
        amount: cny(amount),
        to: "6601.11".to_owned(),
        reason: "small difference".to_owned(),
        authority,
        effective: day(30),
        recorded: day(900),
    }
}

#[test]
fn unclearing_gives_back_what_was_cleared_and_no_more() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(1), Due::NoDate)).unwrap();
    let paid =
        ledger.post(&receipt("cash", "KA1", cny("60.00"), day(5), ClearingPolicy::Fifo)).unwrap().entry();
    let before = ledger.balance("1122", Currency::CNY, At::Now).unwrap();
    let back = Unclear {
        key: key("back"),
        of: paid,
        document: doc("back"),
        reason: "paid for another invoice".to_owned(),
        effective: day(9),
        recorded: day(900),
    };
    ledger.unclear(back.clone()).unwrap();
    assert_eq!(ledger.balance("1122", Currency::CNY, At::Now).unwrap(), before);
    let open = |ledger: &Ledger, on| -> Vec<(String, Money)> {
        let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(on)).unwrap();
        items.into_iter().map(|item| (item.document.to_string(), item.open)).collect()
    };
    assert_eq!(open(&ledger, 8), [("i1".to_owned(), cny("40.00"))]);
    assert_eq!(open(&ledger, 9), [("i1".to_owned(), cny("100.00")), ("cash".to_owned(), cny("60.00"))]);
    let second = Unclear { key: key("again"), ..back };
    assert!(matches!(
        ledger.unclear(second),
        Err(LedgerError::Control(ControlError::AlreadyUncleared { .. }))
    ));
    assert!(ledger.audit().is_clean());
}

#[test]
fn a_proportional_receipt_is_split_to_the_cent() {
    let mut ledger = ledger();
    for (name, amount) in [("i1", 100), ("i2", 100), ("i3", 100)] {
        ledger.post(&invoice(name, "KA1", fen(amount), day(1), Due::NoDate)).unwrap();
    }
    ledger.post(&receipt("cash", "KA1", fen(100), day(5), ClearingPolicy::Proportional)).unwrap();
    let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(5)).unwrap();
    let open: Vec<i128> = items.iter().map(|item| item.open.minor()).collect();
    assert_eq!(open, [66, 67, 67]); // the oldest takes the odd cent
}

#[test]
fn an_ageing_as_known_leaves_out_what_came_later() {
    let mut ledger = ledger();
    let known = |mut draft: EntryDraft, on| {
        draft.recorded = day(on);
        draft
    };
    ledger.post(&known(invoice("i1", "KA1", cny("100.00"), day(1), Due::On(day(10))), 2)).unwrap();
    ledger.post(&known(receipt("cash", "KA1", cny("30.00"), day(5), ClearingPolicy::Fifo), 8)).unwrap();
    let query =
        AgeingQuery { account: "1122", currency: Currency::CNY, as_of: day(20), basis: AgeBasis::DueDate };
    for (recorded, total) in [(1, "0.00"), (2, "100.00"), (7, "100.00"), (8, "70.00")] {
        let ageing = ledger.ageing_known(&query, &Buckets::standard(), day(recorded)).unwrap();
        assert_eq!(ageing.total.overdue[0], cny(total), "known on {recorded}");
        let at = At::Known { effective: day(20), recorded: day(recorded) };
        assert_eq!(ledger.balance("1122", Currency::CNY, at).unwrap(), ageing.total.total);
        let items =
            ledger.open_items_known("1122", &ka("KA1"), Currency::CNY, (day(20), day(recorded))).unwrap();
        assert_eq!(Money::sum(items.iter().map(|item| item.open), Currency::CNY).unwrap(), cny(total));
    }
}

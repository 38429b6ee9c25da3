//! One refusal per variant of `ControlError` that the other tests do not show.

use endcap_calendar::Period;
use endcap_ledger::*;
use endcap_types::{Currency, Money};

use crate::controls::{close, confirm, direct, dispute, limit, lock, reserve, write_off};
use crate::fx::{rate, sale, settlement};
use crate::kit::{cny, day, doc, draft, invoice, ka, key, ledger, sku};

#[track_caller]
fn refused<T: core::fmt::Debug>(outcome: Result<T, LedgerError>, expected: ControlError) {
    match outcome {
        Err(LedgerError::Control(error)) => assert_eq!(error, expected),
        other => panic!("{other:?}, expected {expected:?}"),
    }
}

#[test]
fn reservations() {
    let mut ledger = ledger();
    let moved = StockMove { key_account: ka("KA1"), sku: sku("S1"), flow: StockFlow::Delivered, pieces: 1 };
    let mut asked = reserve("r0", "1.00", 5);
    asked.draft = asked.draft.moves(moved);
    refused(
        ledger.reserve(asked),
        ControlError::NotReservable { reason: "goods that moved are not pending" },
    );
    let asked = ReserveDraft { expires: Expiry::After(day(899)), ..reserve("r0", "1.00", 5) };
    let what = "the last day of the reservation";
    refused(ledger.reserve(asked), ControlError::TooEarly { what, date: day(899), from: day(900) });

    let held = ledger.reserve(reserve("r1", "100.00", 5)).unwrap().entry();
    let full = || ConfirmedAmounts::Full;
    let part = |amounts: &[&str]| ConfirmedAmounts::Legs(amounts.iter().map(|text| cny(text)).collect());
    refused(
        ledger.confirm(confirm("c", EntryId::from_seq(1), full(), 5)),
        ControlError::NotPending { entry: EntryId::from_seq(1) },
    );
    let unknown = EntryId::from_seq(999);
    assert_eq!(
        ledger.confirm(confirm("c", unknown, full(), 5)),
        Err(LedgerError::UnknownEntry { entry: unknown })
    );
    refused(
        ledger.confirm(confirm("c", held, full(), 4)),
        ControlError::TooEarly { what: "the confirmation", date: day(4), from: day(5) },
    );
    refused(
        ledger.confirm(confirm("c", held, part(&["1.00"]), 5)),
        ControlError::LegCount { given: 1, expected: 2 },
    );
    refused(
        ledger.confirm(confirm("c", held, part(&["100.01", "100.01"]), 5)),
        ControlError::ExceedsPending { leg: 0, pending: cny("100.00"), asked: cny("100.01") },
    );
    assert!(matches!(
        ledger.confirm(confirm("c", held, part(&["1.00", "2.00"]), 5)),
        Err(LedgerError::Unbalanced { .. })
    ));
    assert!(matches!(
        ledger.confirm(confirm("c", held, part(&["-1.00", "-1.00"]), 5)),
        Err(LedgerError::NegativeLeg { leg: 0, .. })
    ));
    assert_eq!(ledger.confirm(confirm("c", held, part(&["0.00", "0.00"]), 5)), Err(LedgerError::NoLegs));
    let by = ledger.confirm(confirm("c", held, full(), 5)).unwrap().entry();
    let void = Voiding { reservation: held, reason: "late".to_owned(), effective: day(6) };
    refused(
        direct(&mut ledger, "v", Directive::Void(void)),
        ControlError::AlreadyResolved { reservation: held, by },
    );
}

#[test]
fn periods_and_bounds() {
    let mut ledger = ledger();
    let start = day(0);
    refused(
        direct(&mut ledger, "o", lock(PeriodAction::Reopen, 1)),
        ControlError::NotClosed { start, first_open: chrono::NaiveDate::MIN },
    );
    let Directive::ChangePeriod(change) = lock(PeriodAction::Reopen, 1) else { panic!() };
    let nameless = Directive::ChangePeriod(PeriodChange { by: String::new(), ..change.clone() });
    assert!(matches!(
        direct(&mut ledger, "n", nameless),
        Err(LedgerError::InvalidText { field: "who orders", .. })
    ));
    direct(&mut ledger, "c", lock(close(), 1)).unwrap();
    let silent = Directive::ChangePeriod(PeriodChange { reason: String::new(), ..change });
    assert!(matches!(
        direct(&mut ledger, "s", silent),
        Err(LedgerError::InvalidText { field: "reason", .. })
    ));
    assert!(matches!(direct(&mut ledger, "p", lock(close(), 3)), Err(LedgerError::PriorPeriodOpen { .. })));
    assert!(ledger.close_period(Period::month(2025, 1).unwrap(), day(900)).is_ok());

    let Directive::SetBounds(bounds) = limit("1.00", BoundDates::Current) else { panic!() };
    let (min, max) = (cny("2.00"), cny("1.00"));
    let crossed = Bounds { min: Some(min), ..bounds.clone() };
    refused(
        direct(&mut ledger, "b", Directive::SetBounds(crossed)),
        ControlError::BoundsCrossed { min, max },
    );
    let dollars = Bounds { max: Some(Money::zero(Currency::USD)), ..bounds.clone() };
    assert!(matches!(
        direct(&mut ledger, "b", Directive::SetBounds(dollars)),
        Err(LedgerError::CurrencyNotAllowed { .. })
    ));
    let plain = Bounds { account: "1002".to_owned(), ..bounds };
    assert!(matches!(
        direct(&mut ledger, "b", Directive::SetBounds(plain)),
        Err(LedgerError::KeyAccountNotAllowed { .. })
    ));
}

#[test]
fn disputes_and_residuals() {
    let mut ledger = ledger();
    let posted = ledger.post(&invoice("i1", "KA1", cny("100.00"), day(5), Due::NoDate)).unwrap().entry();
    refused(
        direct(&mut ledger, "d", dispute("i1", "1.00", 4)),
        ControlError::TooEarly { what: "the dispute", date: day(4), from: day(5) },
    );
    assert!(matches!(
        direct(&mut ledger, "d", dispute("i1", "0.00", 6)),
        Err(LedgerError::NotPositive { .. })
    ));
    assert!(matches!(
        direct(&mut ledger, "d", dispute("none", "1.00", 6)),
        Err(LedgerError::UnknownItem { .. })
    ));
    let resolve = |dispute, outcome, on| {
        Directive::ResolveDispute(DisputeResolution {
            dispute,
            outcome,
            reason: "x".to_owned(),
            effective: day(on),
        })
    };
    let rejected = DisputeOutcome::Rejected;
    refused(
        direct(&mut ledger, "r", resolve(posted, rejected, 9)),
        ControlError::UnknownDispute { dispute: posted },
    );
    let id = direct(&mut ledger, "d", dispute("i1", "10.00", 6)).unwrap().entry();
    refused(
        direct(&mut ledger, "r", resolve(id, rejected, 5)),
        ControlError::TooEarly { what: "the resolution", date: day(5), from: day(6) },
    );
    let too_much = DisputeOutcome::PartlyAccepted(cny("10.01"));
    assert!(matches!(
        direct(&mut ledger, "r", resolve(id, too_much, 9)),
        Err(LedgerError::ExceedsOpen { .. })
    ));
    let by = direct(&mut ledger, "r", resolve(id, rejected, 9)).unwrap().entry();
    refused(
        direct(&mut ledger, "r2", resolve(id, rejected, 9)),
        ControlError::DisputeResolved { dispute: id, by },
    );

    let (asked, limit) = (cny("5.00"), cny("4.99"));
    refused(
        ledger.write_off(write_off("w", "i1", "5.00", Authority::UpTo(limit))),
        ControlError::ExceedsAuthority { asked, limit },
    );
    assert!(matches!(
        ledger.write_off(write_off("w", "i1", "100.01", Authority::Unlimited)),
        Err(LedgerError::ExceedsOpen { .. })
    ));
    let silent = WriteOff { reason: String::new(), ..write_off("w", "i1", "1.00", Authority::Unlimited) };
    assert!(matches!(ledger.write_off(silent), Err(LedgerError::InvalidText { field: "reason", .. })));
    let back = Unclear {
        key: key("u"),
        of: posted,
        document: doc("u"),
        reason: "x".to_owned(),
        effective: day(9),
        recorded: day(900),
    };
    refused(ledger.unclear(back), ControlError::NothingToRelease { entry: posted });
}

#[test]
fn foreign_currency() {
    let mut ledger = ledger();
    let pair = (Currency::CNY, Currency::CNY);
    let same = ExchangeRate::new(pair, "1".parse().unwrap(), day(1), "bank");
    refused(
        same,
        ControlError::InvalidRate { from: Currency::CNY, to: Currency::CNY, rate: "1".parse().unwrap() },
    );
    refused(
        rate("7.1", 1).convert(cny("1.00")),
        ControlError::MissingRate { currency: Currency::CNY, to: Currency::CNY },
    );
    let plain = draft("s0", day(1))
        .leg(LegDraft::debit("1122", Money::parse("5.00", Currency::USD).unwrap()).of(ka("KA1")))
        .leg(LegDraft::remainder("6001", Currency::USD));
    ledger.post(&plain).unwrap();
    refused(
        ledger.settle_foreign(settlement("p", "5.00", "7.1", 2)),
        ControlError::NotCarried { document: doc("s0") },
    );
    ledger.post(&sale("s1", "10.00", "7.1", 1)).unwrap();
    let more = ledger.settle_foreign(settlement("p", "15.01", "7.1", 2));
    assert!(matches!(more, Err(LedgerError::ExceedsOpen { .. })), "{more:?}");
    let eur =
        ExchangeRate::new((Currency::EUR, Currency::CNY), "8".parse().unwrap(), day(1), "bank").unwrap();
    let revaluation = Revaluation {
        key: key("v"),
        document: doc("v"),
        trading: "3002".to_owned(),
        result: "6603.01".to_owned(),
        rates: vec![eur],
        effective: day(3),
        recorded: day(900),
    };
    refused(
        ledger.revalue(revaluation),
        ControlError::MissingRate { currency: Currency::USD, to: Currency::CNY },
    );
}

//! Foreign currency: explicit exchanges, realised differences, revaluation.

use endcap_ledger::*;
use endcap_types::{Currency, Money};

use crate::kit::{cny, day, doc, draft, ka, key, ledger};

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

pub(crate) fn rate(text: &str, on: u64) -> ExchangeRate {
    ExchangeRate::new((Currency::USD, Currency::CNY), text.parse().unwrap(), day(on), "house bank").unwrap()
}

/// Sells for dollars at a rate: the receivable stays in dollars, the sales are booked in yuan.
pub(crate) fn sale(name: &str, amount: &str, at: &str, on: u64) -> EntryDraft {
    let exchange = ExchangeDraft::at("3002", Side::Credit, usd(amount), rate(at, on)).unwrap();
    draft(name, day(on))
        .leg(LegDraft::debit("1122", usd(amount)).of(ka("KA1")))
        .exchanges(exchange)
        .leg(LegDraft::remainder("6001", Currency::CNY))
}

pub(crate) fn settlement(name: &str, amount: &str, at: &str, on: u64) -> ForeignSettlement {
    ForeignSettlement {
        key: key(name),
        document: doc(name),
        account: "1122".to_owned(),
        key_account: ka("KA1"),
        side: Side::Debit,
        foreign: usd(amount),
        policy: ClearingPolicy::Fifo,
        bank: "1002".to_owned(),
        rate: rate(at, on),
        trading: "3002".to_owned(),
        result: "6603.01".to_owned(),
        effective: day(on),
        recorded: day(900),
    }
}

fn fx_ledger() -> Ledger {
    ledger()
}

fn balance(ledger: &Ledger, code: &str, currency: Currency) -> String {
    ledger.balance(code, currency, At::Now).unwrap().to_amount_string()
}

/// 100 USD at 7.10 and 50 USD at 7.30; 120 USD come in at 7.20: 864.00 against 710.00 + 146.00, a gain of 8.00; the
/// last 30 USD at 7.00 bring 210.00 against 219.00, a loss of 9.00. Source: house case, IAS 21.28.
#[test]
fn realised_differences_are_settled_less_booked() {
    let mut ledger = fx_ledger();
    ledger.post(&sale("s1", "100.00", "7.10", 1)).unwrap();
    ledger.post(&sale("s2", "50.00", "7.30", 2)).unwrap();
    assert_eq!(balance(&ledger, "6001", Currency::CNY), "-1075.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "1075.00");
    assert_eq!(balance(&ledger, "3002", Currency::USD), "-150.00");
    ledger.settle_foreign(settlement("p1", "120.00", "7.20", 20)).unwrap();
    assert_eq!(balance(&ledger, "1002", Currency::CNY), "864.00");
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "-8.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "219.00");
    ledger.settle_foreign(settlement("p2", "30.00", "7.00", 30)).unwrap();
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "1.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "0.00");
    assert_eq!(balance(&ledger, "3002", Currency::USD), "0.00");
    assert_eq!(balance(&ledger, "1122", Currency::USD), "0.00");
    assert!(ledger.audit().is_clean());
    let replayed = Ledger::replay(ledger.settings().clone(), ledger.events().to_vec()).unwrap();
    assert_eq!(replayed, ledger);
}

/// 100 USD booked at 7.10 stand at 7.25 on the 31st: a gain of 15.00; settled at 7.20 they lose 5.00 of it.
#[test]
fn a_revaluation_is_an_entry_and_settlement_starts_from_it() {
    let mut ledger = fx_ledger();
    ledger.post(&sale("s1", "100.00", "7.10", 1)).unwrap();
    let revaluation = |name: &str, at: &str, on| Revaluation {
        key: key(name),
        document: doc(name),
        trading: "3002".to_owned(),
        result: "6603.01".to_owned(),
        rates: vec![rate(at, on)],
        effective: day(on),
        recorded: day(900),
    };
    let first = ledger.revalue(revaluation("reval", "7.25", 30)).unwrap();
    assert_eq!(ledger.entry(first.entry()).unwrap().kind, EntryKind::Revaluation);
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "725.00");
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "-15.00");
    // The same rate again changes nothing and leaves no entry.
    let events = ledger.events().len();
    ledger.revalue(revaluation("again", "7.25", 30)).unwrap();
    assert_eq!(ledger.events().len(), events);
    ledger.settle_foreign(settlement("p1", "100.00", "7.20", 45)).unwrap();
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "-10.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "0.00");
    assert_eq!(balance(&ledger, "1002", Currency::CNY), "720.00");
}

/// Dollars at a bank are a position like any other: exchanged later, the trading account shows what they made.
#[test]
fn money_in_a_foreign_currency_is_revalued_as_well() {
    let mut ledger = fx_ledger();
    ledger.post(&sale("s1", "100.00", "7.10", 1)).unwrap();
    let paid = draft("p1", day(5))
        .leg(LegDraft::debit("1002", usd("100.00")))
        .leg(LegDraft::credit("1122", usd("100.00")).of(ka("KA1")).clears(ClearingPolicy::Fifo));
    ledger.post(&paid).unwrap();
    let revaluation = Revaluation {
        key: key("reval"),
        document: doc("reval"),
        trading: "3002".to_owned(),
        result: "6603.01".to_owned(),
        rates: vec![rate("7.00", 30)],
        effective: day(30),
        recorded: day(900),
    };
    ledger.revalue(revaluation).unwrap();
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "10.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "700.00");
}

/// A settlement that bounces gives its item back at what it was carried at; settled again, nothing is left over.
#[test]
fn a_reversed_settlement_restores_what_the_item_is_carried_at() {
    let mut ledger = fx_ledger();
    let sold = ledger.post(&sale("s1", "100.00", "7.10", 1)).unwrap().entry();
    let paid = ledger.settle_foreign(settlement("p1", "100.00", "7.20", 20)).unwrap().entry();
    let back = |name: &str, of| Reversal {
        of,
        key: key(name),
        document: doc(name),
        reason: "bounced".to_owned(),
        date: CorrectionDate::On(day(25)),
        recorded: day(900),
        cleared: ClearedItems::Release,
        form: endcap_ledger::FormRule::AsLedger,
    };
    ledger.reverse(back("r1", paid)).unwrap();
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "0.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "710.00");
    let again = ledger.settle_foreign(settlement("p2", "100.00", "7.00", 30)).unwrap().entry();
    assert_eq!(balance(&ledger, "6603.01", Currency::CNY), "10.00");
    assert_eq!(balance(&ledger, "3002", Currency::CNY), "0.00");
    ledger.reverse(back("r2", again)).unwrap();
    ledger.reverse(back("r3", sold)).unwrap();
    for (code, currency) in [("3002", Currency::CNY), ("3002", Currency::USD), ("1122", Currency::USD)] {
        assert_eq!(balance(&ledger, code, currency), "0.00");
    }
    assert!(ledger.audit().is_clean());
}

#[test]
fn nothing_is_converted_implicitly() {
    let mut ledger = fx_ledger();
    let implied = draft("x", day(1))
        .leg(LegDraft::debit("1002", cny("100.00")))
        .leg(LegDraft::credit("1002", usd("100.00")));
    let surplus = vec![(Currency::CNY, 10_000), (Currency::USD, -10_000)];
    assert_eq!(ledger.post(&implied), Err(LedgerError::Unbalanced { surplus }));
    let mut stated = ExchangeDraft::at("3002", Side::Debit, usd("100.00"), rate("7.10", 1)).unwrap();
    stated.functional = cny("710.01");
    let wrong = draft("x", day(1))
        .leg(LegDraft::credit("1002", usd("100.00")))
        .exchanges(stated)
        .leg(LegDraft::remainder("1002", Currency::CNY));
    let refused = ControlError::RateMismatch { stated: cny("710.01"), expected: cny("710.00") };
    assert_eq!(ledger.post(&wrong), Err(refused.into()));
}

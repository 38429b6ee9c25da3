//! Laws at their edges: closed months, extreme amounts, stock below zero.

use endcap_calendar::Period;
use endcap_ledger::{
    At, ClearedItems, CorrectionDate, Due, EntryKind, LedgerError, LegDraft, NegativeStock, Replay, Reversal,
    Settings, StockFlow, StockMove,
};
use endcap_types::Currency;

use crate::kit::{day, doc, draft, fen, invoice, ka, key, ledger, ledger_with, sku};

/// A correction of a closed month lands in the open one and keeps its link; the closed month shows what it showed.
#[test]
fn a_closed_month_is_corrected_in_the_open_one() {
    let mut ledger = ledger();
    let sold = ledger.post(&invoice("i1", "KA1", fen(11_300), day(9), Due::On(day(39)))).unwrap().entry();
    let january = Period::month(2025, 1).unwrap();
    let before = ledger.trial_balance(january.last_day()).unwrap();
    assert_eq!(ledger.close_period(january, day(900)), Ok(Replay::First));
    assert_eq!(ledger.close_period(january, day(900)), Ok(Replay::Replayed));
    let late = invoice("i2", "KA1", fen(500), day(30), Due::NoDate);
    let closed = LedgerError::PeriodClosed { effective: day(30), first_open: day(31) };
    assert_eq!(ledger.post(&late), Err(closed));

    let correction = draft("fix", day(31))
        .corrects(sold)
        .leg(LegDraft::debit("6001", fen(300)))
        .leg(LegDraft::credit("1122", fen(300)).of(ka("KA1")));
    let fixed = ledger.post(&correction).unwrap().entry();
    assert_eq!(ledger.entry(fixed).unwrap().kind, EntryKind::Correction { of: sold });

    let undo = Reversal {
        of: sold,
        key: key("undo"),
        document: doc("undo"),
        reason: "wrong customer".to_owned(),
        date: CorrectionDate::OriginalOrFirstOpen,
        recorded: day(900),
        cleared: ClearedItems::Refuse,
        form: endcap_ledger::FormRule::AsLedger,
    };
    let undone = ledger.reverse(undo).unwrap().entry();
    assert_eq!(ledger.entry(undone).unwrap().effective, day(31));
    assert_eq!(ledger.trial_balance(january.last_day()).unwrap(), before);
    assert!(ledger.audit().is_clean());
}

/// The turnover limit keeps sums total: the last unit that fits is taken, one more is refused, at the very edge.
#[test]
fn extremes_are_refused_not_wrapped() {
    let mut ledger = ledger();
    let most = fen(endcap_ledger::limits::MAX_TURNOVER_MINOR);
    let half = fen(endcap_ledger::limits::MAX_TURNOVER_MINOR / 2);
    let pair = |name: &str, amount| {
        draft(name, day(1)).leg(LegDraft::debit("1002", amount)).leg(LegDraft::credit("6001", amount))
    };
    ledger.post(&pair("a", half)).unwrap();
    ledger.post(&pair("b", half)).unwrap();
    ledger.post(&pair("c", fen(1))).unwrap(); // 2 × half + 1 = the limit
    let refused = ledger.post(&pair("d", fen(1)));
    assert!(matches!(refused, Err(LedgerError::TurnoverOutOfRange { currency: Currency::CNY, .. })));
    assert_eq!(ledger.balance("1002", Currency::CNY, At::Now), Ok(most));

    // A batch counts what its earlier members turned over.
    let mut batched = crate::kit::ledger();
    let refused =
        batched.post_batch(&[pair("a", half), pair("b", half), pair("c", fen(1)), pair("d", fen(1))]);
    assert!(matches!(refused, Err(LedgerError::BatchRejected { index: 3, .. })));
    batched.post_batch(&[pair("a", half), pair("b", half), pair("c", fen(1))]).unwrap();
    assert_eq!(batched, ledger);
    assert!(ledger.trial_balance(day(1)).unwrap().is_balanced());
    assert!(ledger.audit().is_clean());
}

/// Negative stock is a choice of the ledger.
#[test]
fn negative_stock_is_allowed_when_the_ledger_says_so() {
    let settings = Settings::new("loose").unwrap().with_negative_stock(NegativeStock::Allow);
    let mut ledger = ledger_with(settings);
    let sold = StockMove { key_account: ka("KA1"), sku: sku("S1"), flow: StockFlow::Sold, pieces: 5 };
    ledger.post(&draft("m", day(1)).moves(sold)).unwrap();
    assert_eq!(ledger.stock_on(&ka("KA1"), &sku("S1"), day(1)), -5);
    assert!(ledger.audit().is_clean());
}

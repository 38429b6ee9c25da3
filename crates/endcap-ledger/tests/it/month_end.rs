//! A month of one key account from the first delivery to the closed period, as an embedding program would run it.

use endcap_calendar::Period;
use endcap_ledger::{
    AgeBasis, AgeingQuery, At, Buckets, ClearedItems, ClearingPolicy, CorrectionDate, Due, EntryDraft, Head,
    ItemDraft, Ledger, LedgerError, LegDraft, Nature, PageQuery, Replay, Reversal, Settings, StockFlow,
    StockMove, chart, verify,
};
use endcap_types::Currency;

use crate::kit::{cny, date, doc, ka, key, sku};

/// June of a consignment account: 100 pieces delivered at cost 60.00, 60 sold at 113.00, 22 % kept, 6,000.00 paid.
/// Source: house case; 6,780.00 − 22 % = 5,288.40, of which 1,407.17 + 84.43 VAT is the deduction of 1,491.60.
fn june() -> (Ledger, Vec<EntryDraft>) {
    let who = ka("KA001");
    let run = date("2025-07-02");
    let draft = |name: &str, on: &str| EntryDraft::new(key(name), doc(name), date(on), run);
    let moved = |flow, pieces| StockMove { key_account: who.clone(), sku: sku("SKU-1"), flow, pieces };
    let due = Due::On(date("2025-07-30"));
    let sales = ItemDraft { document: doc("STMT-06"), dated: date("2025-06-30"), due, delivered: None };

    let delivery = draft("DN-1", "2025-06-03")
        .describe("100 pieces on consignment")
        .leg(LegDraft::debit("1406", cny("6000.00")).of(who.clone()))
        .leg(LegDraft::credit("1405", cny("6000.00")))
        .moves(moved(StockFlow::Delivered, 100));
    let statement = draft("STMT-06", "2025-06-30")
        .describe("turnover of June, 22 % deducted")
        .leg(LegDraft::debit("1122", cny("6780.00")).of(who.clone()).nature(Nature::Invoice).opens(sales))
        .leg(LegDraft::credit("6001", cny("6000.00")))
        .leg(LegDraft::credit("2221.01", cny("780.00")))
        .leg(LegDraft::debit("6601.02", cny("1407.17")))
        .leg(LegDraft::debit("2221.02", cny("84.43")))
        .leg(
            LegDraft::credit("1122", cny("1491.60"))
                .of(who.clone())
                .nature(Nature::Deduction)
                .clears(ClearingPolicy::Documents(vec![doc("STMT-06")])),
        )
        .leg(LegDraft::debit("6401", cny("3600.00")))
        .leg(LegDraft::credit("1406", cny("3600.00")).of(who.clone()))
        .moves(moved(StockFlow::Sold, 60));
    let receipt = draft("BNK-7", "2025-06-30")
        .nature(Nature::Receipt)
        .leg(LegDraft::debit("1002", cny("6000.00")))
        .leg(LegDraft::credit("1122", cny("6000.00")).of(who.clone()).clears(ClearingPolicy::OldestDue));

    let mut ledger = Ledger::new(Settings::new("Supplier Ltd").unwrap());
    ledger.open_all(chart::key_account_supplier().unwrap(), date("2025-06-01")).unwrap();
    (ledger, vec![delivery, statement, receipt])
}

#[test]
fn a_month_end_from_delivery_to_closing() {
    let (mut ledger, drafts) = june();
    let who = ka("KA001");
    let receipts = ledger.post_batch(&drafts).unwrap();
    // Running the month end again posts nothing twice.
    let again = ledger.post_batch(&drafts).unwrap();
    assert!(again.iter().all(|receipt| receipt.replay == Replay::Replayed));

    let as_of = date("2025-06-30");
    let trial = ledger.trial_balance(as_of).unwrap();
    assert!(trial.is_balanced());
    assert_eq!(trial.totals[0].debit, cny("23871.60"));
    assert_eq!(ledger.balance_of("1122", &who, Currency::CNY, At::EndOf(as_of)), Ok(cny("-711.60")));

    // 6,000.00 came in against 5,288.40 that was due: the rest is an unallocated credit, and the ageing still ties out.
    let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of, basis: AgeBasis::DueDate };
    let ageing = ledger.ageing(&query, &Buckets::standard()).unwrap();
    assert_eq!(ageing.of(&who).unwrap().unallocated_credit, cny("-711.60"));
    assert_eq!(ageing.total.total, cny("-711.60"));

    let period = Period::month(2025, 6).unwrap();
    let query = PageQuery { account: "1122", key_account: &who, currency: Currency::CNY, period };
    let page = ledger.page(&query).unwrap();
    assert_eq!((page.opening, page.closing), (cny("0.00"), cny("-711.60")));
    assert_eq!(page.movement(Nature::Invoice), cny("6780.00"));
    assert_eq!(page.movement(Nature::Deduction), cny("-1491.60"));
    assert_eq!(page.movement(Nature::Receipt), cny("-6000.00"));

    let card = ledger.stock_cards(&who, period).remove(0);
    assert_eq!((card.opening, card.flow(StockFlow::Sold), card.closing), (0, 60, 40));
    let at_cost = ledger.balance_of("1406", &who, Currency::CNY, At::Now).unwrap();
    assert_eq!(at_cost, cny("60.00").checked_mul_int(card.closing).unwrap());

    ledger.close_period(period, date("2025-07-05")).unwrap();
    let late = EntryDraft { recorded: date("2025-07-06"), key: key("late"), ..drafts[2].clone() };
    assert!(matches!(ledger.post(&late), Err(LedgerError::PeriodClosed { .. })));

    // The payment bounces after the month is closed: the reversal lands in July and June stays as it was.
    let bounce = Reversal {
        of: receipts[2].entry(),
        key: key("BNK-7/bounced"),
        document: doc("BNK-7R"),
        reason: "returned by the bank".to_owned(),
        date: CorrectionDate::OriginalOrFirstOpen,
        recorded: date("2025-07-06"),
        cleared: ClearedItems::Release,
        form: endcap_ledger::FormRule::AsLedger,
    };
    ledger.reverse(bounce).unwrap();
    assert_eq!(ledger.trial_balance(as_of).unwrap(), trial);
    let items = ledger.open_items("1122", &who, Currency::CNY, date("2025-07-31")).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].open, items[0].days_past_due), (cny("5288.40"), Some(1)));

    let report = ledger.audit();
    assert!(report.is_clean());
    assert_eq!((report.entries, report.items), (4, 4));
    assert_eq!(verify(ledger.settings(), ledger.events(), Head::At(report.head)), Ok(report.head));
}

//! A gallery of errors: for each variant one minimal input and its exact message.
//!
//! `CorruptEvent` needs a forged hash and is tested inside the crate.

use endcap_calendar::Period;
use endcap_ledger::{
    Account, AccountKind, AgeBasis, AgeingQuery, At, Buckets, ClearRequest, ClearedItems, ClearingPolicy,
    CorrectionDate, CurrencyRule, Due, EntryDraft, EntryId, Head, IdempotencyKey, ItemEffect, Ledger,
    LedgerError, LegDraft, PageQuery, Reversal, Side, StockFlow, StockMove, limits, verify,
};
use endcap_types::{Currency, Money};

use crate::kit::{cny, date, day, doc, draft, fen, invoice, ka, key, ledger, receipt, sku};

/// A balanced entry of 1.00.
fn sound(name: &str) -> EntryDraft {
    draft(name, day(1)).leg(LegDraft::debit("1002", cny("1.00"))).leg(LegDraft::credit("6001", cny("1.00")))
}

#[track_caller]
fn refused(ledger: &mut Ledger, draft: &EntryDraft, message: &str) -> LedgerError {
    let before = ledger.clone();
    assert_eq!(ledger.problems(draft).first().map(ToString::to_string).as_deref(), Some(message));
    let error = ledger.post(draft).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(*ledger, before);
    error
}

fn reversal(of: EntryId) -> Reversal {
    Reversal {
        of,
        key: key("undo"),
        document: doc("undo"),
        reason: "typo".to_owned(),
        date: CorrectionDate::On(day(50)),
        recorded: day(900),
        cleared: ClearedItems::Refuse,
        form: endcap_ledger::FormRule::AsLedger,
    }
}

fn clearing(document: &str, policy: ClearingPolicy) -> ClearRequest {
    ClearRequest {
        key: key("clear"),
        account: "1122".to_owned(),
        key_account: ka("KA1"),
        currency: Currency::CNY,
        side: Side::Credit,
        document: doc(document),
        policy,
        effective: day(9),
        recorded: day(900),
    }
}

#[test]
fn types() {
    let error = LedgerError::from(Money::parse("52.757", Currency::CNY).unwrap_err());
    assert_eq!(error.to_string(), "too many decimals: 52.757 has 3, at most 2 allowed");
    let mixed = vec![(doc("i1"), Money::parse("1.00", Currency::USD).unwrap())];
    let paying = receipt("cash", "KA1", cny("1.00"), day(1), ClearingPolicy::Amounts(mixed));
    refused(&mut ledger(), &paying, "currencies differ: CNY and USD");
}

#[test]
fn invalid_text() {
    let error = IdempotencyKey::new(" a").unwrap_err();
    assert_eq!(error.to_string(), "invalid idempotency key \" a\": it begins or ends with a space");
    let error = Account::new("", ("a", "b"), AccountKind::Asset).unwrap_err();
    assert_eq!(error.to_string(), "invalid account code \"\": it is empty");
    let mut ledger = ledger();
    let posted = ledger.post(&sound("a")).unwrap().entry();
    let error = ledger.reverse(Reversal { reason: String::new(), ..reversal(posted) }).unwrap_err();
    assert_eq!(error.to_string(), "invalid reason \"\": it is empty");
    refused(
        &mut ledger,
        &sound("b").describe("two\nlines"),
        "invalid description \"two\\nlines\": it holds a control character",
    );
    let long = "x".repeat(limits::MAX_KEY_CHARS + 1);
    assert!(IdempotencyKey::new(long).unwrap_err().to_string().ends_with("it is too long"));
}

#[test]
fn idempotency_conflict() {
    let mut ledger = ledger();
    let seq = ledger.post(&sound("a")).unwrap().seq;
    let other = sound("a").describe("other");
    refused(&mut ledger, &other, &format!("key a was used at sequence number {seq} for another payload"));
    // A refused command does not use up its key.
    assert!(ledger.post(&draft("b", day(1))).is_err());
    assert!(ledger.post(&sound("b")).is_ok());
}

#[test]
fn duplicate_account() {
    let again = Account::new("1002", ("Bank", "银行"), AccountKind::Asset).unwrap();
    let error = ledger().open_account(again, day(0)).unwrap_err();
    assert_eq!(error.to_string(), "account 1002 exists already");
}

#[test]
fn too_many() {
    let mut long = draft("a", day(1));
    for _ in 0..=limits::MAX_LEGS {
        long = long.leg(LegDraft::debit("1002", cny("1.00")));
    }
    refused(&mut ledger(), &long, "too many legs: 10001, at most 10000");
    let edges: Vec<u32> = (1..=65).collect();
    assert_eq!(Buckets::new(edges).unwrap_err().to_string(), "too many ageing edges: 65, at most 64");
}

#[test]
fn no_legs() {
    refused(&mut ledger(), &draft("a", day(1)), "an entry needs legs or stock moves");
}

#[test]
fn unknown_account() {
    let typo = draft("a", day(1))
        .leg(LegDraft::debit("1003", cny("1.00")))
        .leg(LegDraft::credit("6001", cny("1.00")));
    refused(&mut ledger(), &typo, "unknown account 1003");
    assert!(ledger().balance("1003", Currency::CNY, At::Now).is_err());
}

#[test]
fn missing_key_account() {
    let nobody = draft("a", day(1))
        .leg(LegDraft::debit("1122", cny("1.00")))
        .leg(LegDraft::credit("6001", cny("1.00")));
    refused(&mut ledger(), &nobody, "account 1122 is kept per key account: name one");
}

#[test]
fn key_account_not_allowed() {
    let named = draft("a", day(1))
        .leg(LegDraft::debit("1002", cny("1.00")).of(ka("KA1")))
        .leg(LegDraft::credit("6001", cny("1.00")));
    let message = "account 1002 is not kept per key account, but KA1 is named";
    refused(&mut ledger(), &named, message);
    let (who, period) = (ka("KA1"), Period::month(2025, 1).unwrap());
    let query = PageQuery { account: "1002", key_account: &who, currency: Currency::CNY, period };
    assert_eq!(ledger().page(&query).unwrap_err().to_string(), message);
}

#[test]
fn not_a_control_account() {
    let mut leg = LegDraft::debit("1002", cny("1.00"));
    leg.item = ItemEffect::Clear(ClearingPolicy::Fifo);
    let clears = draft("a", day(1)).leg(leg).leg(LegDraft::credit("6001", cny("1.00")));
    refused(&mut ledger(), &clears, "account 1002 has no open items");
    let (currency, basis) = (Currency::CNY, AgeBasis::DueDate);
    let query = AgeingQuery { account: "1231", currency, as_of: day(1), basis };
    let error = ledger().ageing(&query, &Buckets::standard()).unwrap_err();
    assert_eq!(error, LedgerError::NotAControlAccount { code: "1231".to_owned() });
}

#[test]
fn empty_leg() {
    let empty = sound("a").leg(LegDraft::debit("1002", cny("0.00")));
    refused(&mut ledger(), &empty, "leg 2 moves nothing");
    let nothing_left = sound("a").leg(LegDraft::remainder("1002", Currency::CNY));
    refused(&mut ledger(), &nothing_left, "leg 2 moves nothing");
}

#[test]
fn negative_leg() {
    let negative = draft("a", day(1))
        .leg(LegDraft::debit("1002", cny("-1.00")))
        .leg(LegDraft::credit("6001", cny("-1.00")));
    refused(&mut ledger(), &negative, "leg 0 is negative: CNY -1.00; use the other side");
}

#[test]
fn turnover_out_of_range() {
    let mut ledger = ledger();
    ledger.post(&sound("a")).unwrap();
    let most = fen(limits::MAX_TURNOVER_MINOR);
    let huge = draft("b", day(1)).leg(LegDraft::debit("1002", most)).leg(LegDraft::credit("6001", most));
    let message = format!("turnover in CNY would exceed {} minor units", limits::MAX_TURNOVER_MINOR);
    refused(&mut ledger, &huge, &message);
}

#[test]
fn ambiguous_remainder() {
    let two = draft("a", day(1))
        .leg(LegDraft::debit("1002", cny("1.00")))
        .leg(LegDraft::remainder("6001", Currency::CNY))
        .leg(LegDraft::remainder("6401", Currency::CNY));
    refused(&mut ledger(), &two, "2 remainder legs in CNY: at most one");
}

#[test]
fn unbalanced() {
    let usd = |text| Money::parse(text, Currency::USD).unwrap();
    let skewed =
        sound("a").leg(LegDraft::debit("1002", cny("0.01"))).leg(LegDraft::credit("6001", usd("0.02")));
    refused(&mut ledger(), &skewed, "not balanced: CNY +1 minor, USD -2 minor");
}

#[test]
fn currency_not_allowed() {
    let mut ledger = ledger();
    let dollars = Account::new("1002.02", ("Bank, dollars", "银行存款:美元"), AccountKind::Asset).unwrap();
    ledger.open_account(dollars.with_currency(CurrencyRule::Only(Currency::USD)), day(0)).unwrap();
    let wrong = draft("a", day(1))
        .leg(LegDraft::debit("1002.02", cny("1.00")))
        .leg(LegDraft::credit("6001", cny("1.00")));
    refused(&mut ledger, &wrong, "account 1002.02 is kept in USD, not in CNY");
}

#[test]
fn period_closed() {
    let mut ledger = ledger();
    ledger.close_period(Period::month(2025, 1).unwrap(), day(31)).unwrap();
    refused(&mut ledger, &sound("a"), "2025-01-02 is closed: the first open day is 2025-02-01");
}

#[test]
fn prior_period_open() {
    let mut ledger = ledger();
    ledger.post(&sound("a")).unwrap();
    let march = Period::month(2025, 3).unwrap();
    let error = ledger.close_period(march, day(900)).unwrap_err();
    assert_eq!(error.to_string(), "cannot close from 2025-03-01: 2025-01-02 is still open");
    ledger.close_period(Period::month(2025, 1).unwrap(), day(900)).unwrap();
    let error = ledger.close_period(march, day(900)).unwrap_err();
    assert_eq!(
        error,
        LedgerError::PriorPeriodOpen { start: date("2025-03-01"), open_from: date("2025-02-01") }
    );
    ledger.close_period(Period::quarter(2025, 1).unwrap(), day(900)).unwrap(); // closes the rest of the quarter
}

#[test]
fn recorded_before_head() {
    let mut ledger = ledger();
    ledger.post(&sound("a")).unwrap();
    let mut late = sound("b");
    late.recorded = day(899);
    refused(&mut ledger, &late, "recorded date 2027-06-19 is before 2027-06-20, that of the last event");
}

#[test]
fn batch_rejected() {
    let mut ledger = ledger();
    let before = ledger.clone();
    let error = ledger.post_batch(&[sound("a"), draft("b", day(1)), sound("c")]).unwrap_err();
    assert_eq!(error.to_string(), "batch refused at index 1 (key b): an entry needs legs or stock moves");
    assert_eq!(ledger, before);
    // One key twice in a batch: the same payload is one entry, another payload names the culprit.
    assert_eq!(
        ledger.post_batch(&[sound("a"), sound("a")]).map(|receipts| receipts[0].seq == receipts[1].seq),
        Ok(true)
    );
    let error = ledger.post_batch(&[sound("d"), sound("d").describe("x")]).unwrap_err();
    assert!(matches!(error, LedgerError::BatchRejected { index: 1, .. }));
}

#[test]
fn unknown_entry() {
    let mut ledger = ledger();
    let error = ledger.reverse(reversal(EntryId::from_seq(9_999))).unwrap_err();
    assert_eq!(error.to_string(), "unknown entry #9999");
    refused(&mut ledger, &sound("a").corrects(EntryId::from_seq(1)), "unknown entry #1"); // an account, no entry
    let at = At::AfterEntry(EntryId::from_seq(0));
    assert!(matches!(ledger.balance("1002", Currency::CNY, at), Err(LedgerError::UnknownEntry { .. })));
}

#[test]
fn already_reversed() {
    let mut ledger = ledger();
    let posted = ledger.post(&sound("a")).unwrap().entry();
    let by = ledger.reverse(reversal(posted)).unwrap().entry();
    let error = ledger.reverse(Reversal { key: key("again"), ..reversal(posted) }).unwrap_err();
    assert_eq!(error.to_string(), format!("entry {posted} is already reversed by {by}"));
}

/// A ledger where KA1 owes i1 (10.00) and holds a credit of 4.00 under "cash".
fn with_credit() -> Ledger {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("10.00"), day(1), Due::NoDate)).unwrap();
    let cash = receipt("cash", "KA1", cny("4.00"), day(2), ClearingPolicy::Documents(vec![]));
    ledger.post(&cash).unwrap();
    ledger
}

#[test]
fn not_reversible() {
    let mut ledger = with_credit();
    let cleared = ledger.clear(clearing("cash", ClearingPolicy::Fifo)).unwrap().entry();
    let error = ledger.reverse(reversal(cleared)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("entry {cleared} moves neither money nor stock and cannot be reversed")
    );
}

#[test]
fn items_cleared() {
    let mut ledger = ledger();
    let sold = ledger.post(&invoice("i1", "KA1", cny("10.00"), day(1), Due::NoDate)).unwrap().entry();
    ledger.post(&receipt("cash", "KA1", cny("4.00"), day(2), ClearingPolicy::Fifo)).unwrap();
    let error = ledger.reverse(reversal(sold)).unwrap_err();
    assert_eq!(error.to_string(), format!("entry {sold} has cleared items (i1): release them or leave it"));
}

#[test]
fn unknown_item() {
    let policy = ClearingPolicy::Documents(vec![doc("i9")]);
    let paying = receipt("cash2", "KA1", cny("1.00"), day(3), policy);
    refused(&mut with_credit(), &paying, "no item i9 to clear in account 1122");
    let error = with_credit().clear(clearing("i1", ClearingPolicy::Fifo)).unwrap_err();
    assert_eq!(error.to_string(), "no item i1 to clear in account 1122"); // i1 is a debit, not a credit
}

#[test]
fn exceeds_open() {
    let policy = ClearingPolicy::Amounts(vec![(doc("i1"), cny("10.01"))]);
    let paying = receipt("cash2", "KA1", cny("20.00"), day(3), policy);
    refused(&mut with_credit(), &paying, "i1 has CNY 10.00 open, CNY 10.01 asked");
}

#[test]
fn exceeds_clearing() {
    let policy = ClearingPolicy::Amounts(vec![(doc("i1"), cny("5.00"))]);
    let paying = receipt("cash2", "KA1", cny("4.99"), day(3), policy);
    refused(&mut with_credit(), &paying, "clears CNY 5.00 with CNY 4.99");
}

#[test]
fn not_positive() {
    let policy = ClearingPolicy::Amounts(vec![(doc("i1"), cny("-5.00"))]);
    let paying = receipt("cash2", "KA1", cny("4.99"), day(3), policy);
    refused(&mut with_credit(), &paying, "cannot clear CNY -5.00 of i1: expected more than zero");
}

#[test]
fn nothing_to_clear() {
    let mut ledger = with_credit();
    ledger.clear(clearing("cash", ClearingPolicy::Fifo)).unwrap();
    let error = ledger
        .clear(ClearRequest { key: key("again"), ..clearing("cash", ClearingPolicy::Fifo) })
        .unwrap_err();
    assert_eq!(error.to_string(), "nothing that cash could clear is open in account 1122");
}

fn moved(flow: StockFlow, pieces: i64) -> EntryDraft {
    draft(&format!("{flow:?}{pieces}"), day(1)).moves(StockMove {
        key_account: ka("KA1"),
        sku: sku("S1"),
        flow,
        pieces,
    })
}

#[test]
fn empty_move() {
    refused(&mut ledger(), &moved(StockFlow::Sold, 0), "stock move 0 has 0 pieces: expected at least 1");
    refused(&mut ledger(), &moved(StockFlow::Found, -1), "stock move 0 has -1 pieces: expected at least 1");
}

#[test]
fn negative_stock() {
    let mut ledger = ledger();
    ledger.post(&moved(StockFlow::Delivered, 3)).unwrap();
    refused(&mut ledger, &moved(StockFlow::Sold, 4), "KA1 holds 3 of S1: the move would leave -1");
}

#[test]
fn pieces_out_of_range() {
    let mut ledger = ledger();
    ledger.post(&moved(StockFlow::Delivered, limits::MAX_PIECES)).unwrap();
    refused(
        &mut ledger,
        &moved(StockFlow::Delivered, 1),
        "moves of S1 at KA1 would exceed 1000000000000000 pieces",
    );
    refused(
        &mut ledger,
        &moved(StockFlow::Found, i64::MAX),
        "moves of S1 at KA1 would exceed 1000000000000000 pieces",
    );
}

#[test]
fn buckets_not_increasing() {
    let error = Buckets::new(vec![30, 30]).unwrap_err();
    assert_eq!(error.to_string(), "ageing edges must be at least 1 and strictly increasing: [30, 30]");
    assert!(Buckets::new(vec![0, 30]).is_err());
}

#[test]
fn assertion_failed() {
    let mut ledger = ledger();
    ledger.post(&sound("a")).unwrap();
    let error = ledger.assert_balance("1002", At::Now, cny("1.01")).unwrap_err();
    assert_eq!(error.to_string(), "1002 was asserted at CNY 1.01 and is CNY 1.00");
}

#[test]
fn broken_chain() {
    let mut ledger = ledger();
    let head = ledger.head();
    ledger.post(&sound("a")).unwrap();
    let (settings, log) = (ledger.settings(), ledger.events().to_vec());
    let cut = &log[..log.len() - 1];
    assert_eq!(verify(settings, cut, Head::Any), Ok(head));
    let error = verify(settings, cut, Head::At(ledger.head())).unwrap_err();
    assert_eq!(error.to_string(), format!("hash chain broken at sequence number {}", log.len()));
    let error = Ledger::replay(settings.clone(), log[1..].to_vec()).unwrap_err();
    assert_eq!(error, LedgerError::BrokenChain { seq: 1 });
}

/// All broken rules are listed at once, in the order of the checks; mending them makes the draft acceptable.
#[test]
fn problems_lists_every_broken_rule() {
    let mut ledger = ledger();
    ledger.close_period(Period::month(2025, 1).unwrap(), day(31)).unwrap();
    let bad = draft("a", day(1))
        .leg(LegDraft::debit("1122", cny("2.00")))
        .leg(LegDraft::credit("9999", cny("1.00")));
    let problems: Vec<String> = ledger.problems(&bad).iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "account 1122 is kept per key account: name one",
            "unknown account 9999",
            "not balanced: CNY +100 minor",
            "2025-01-02 is closed: the first open day is 2025-02-01",
        ]
    );
    let mended = draft("a", day(31))
        .leg(LegDraft::debit("1122", cny("2.00")).of(ka("KA1")))
        .leg(LegDraft::credit("6001", cny("2.00")));
    assert_eq!(ledger.problems(&mended), []);
    assert!(ledger.post(&mended).is_ok());
    assert_eq!(ledger.problems(&mended), []); // a replay is no problem
}

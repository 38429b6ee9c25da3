//! Reconciliation on written-out books: every class once, the bridge by hand, the report in both languages.

use std::collections::BTreeMap;

use endcap_settlement::reconcile::*;
use endcap_settlement::{Language, SettlementError};
use endcap_types::*;

use crate::support::*;

type Row = BTreeMap<String, String>;

fn rows() -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(include_str!("../golden/reconcile_june.csv").as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn line(row: &Row) -> LedgerLine {
    let id = |name: &str| (!row[name].is_empty()).then(|| document(&row[name]));
    let kind = match row["kind"].as_str() {
        "delivery" => EntryKind::Delivery,
        "return" => EntryKind::Return,
        "deduction" => EntryKind::Deduction,
        "payment" => EntryKind::Payment,
        other => panic!("{other}"),
    };
    LedgerLine {
        posted: day(&row["posted"]),
        quantity: row["quantity"].parse().ok().map(pieces),
        order: id("order"),
        invoice: id("invoice"),
        store: (!row["store"].is_empty()).then(|| StoreId::new(row["store"].as_str()).unwrap()),
        sku: (!row["sku"].is_empty()).then(|| sku(&row["sku"])),
        clause: (!row["clause"].is_empty()).then(|| ClauseId::new(row["clause"].as_str()).unwrap()),
        ..LedgerLine::new(document(&row["id"]), kind, day(&row["date"]), money(&row["amount"]))
    }
}

fn books() -> (Vec<LedgerLine>, Vec<LedgerLine>) {
    let (ours, theirs): (Vec<Row>, Vec<Row>) = rows().into_iter().partition(|row| row["side"] == "ours");
    (ours.iter().map(line).collect(), theirs.iter().map(line).collect())
}

fn rules() -> ReconRules {
    let clause = |text: &str| ClauseId::new(text).unwrap();
    ReconRules {
        tolerance: Tolerance::absolute(money("1.00")).unwrap(),
        transit_days: 3,
        skus: Known::Only([sku("A"), sku("B")].into()),
        stores: Known::Only([StoreId::new("S1").unwrap(), StoreId::new("S2").unwrap()].into()),
        clauses: [
            (clause("C-DM"), Allowance::UpTo(money("400.00"))),
            (clause("C-LOG"), Allowance::Unlimited),
        ]
        .into(),
        ..ReconRules::new(period("2025-06"), Currency::CNY)
    }
}

fn report() -> ReconReport {
    let (ours, theirs) = books();
    reconcile(&ours, &theirs, &rules()).unwrap()
}

/// The class with its figure, as the golden file writes it.
fn told(class: &LineClass) -> String {
    let figure = match class {
        LineClass::MatchedWithinTolerance { delta }
        | LineClass::PriceVariance { delta }
        | LineClass::QtyVariance { delta } => delta.to_amount_string(),
        LineClass::Duplicate { of } => of.to_string(),
        LineClass::CutOffTiming { period, delta } => {
            assert!(delta.is_zero());
            period.to_string()
        }
        LineClass::AmountExceedsClause { excess } => excess.to_amount_string(),
        _ => return class.to_string(),
    };
    format!("{class} {figure}")
}

#[test]
fn golden_classes() {
    let report = report();
    let rows = rows();
    assert_eq!((rows.len(), report.lines.len()), (26, 26));
    let mut kinds = Vec::new();
    for row in rows {
        assert!(!row["source"].is_empty());
        let side = if row["side"] == "ours" { Side::Ours } else { Side::Theirs };
        let result = report.line(side, &document(&row["id"])).unwrap();
        assert_eq!(told(&result.class), row["expected"], "{}", row["id"]);
        assert_eq!(result.partner.as_ref().map_or("", |id| id.as_str()), row["partner"], "{}", row["id"]);
        kinds.push(result.class.name_zh());
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 13, "every class occurs");
}

#[test]
fn the_bridge_by_hand() {
    use BridgeCause::{
        BeyondClause, Duplicate, Missing, Price, Quantity, ReturnNotBooked, Timing, Tolerance, Unauthorised,
        UnknownSku, UnknownStore, WrongPeriod,
    };
    use BridgeSide::{Both, Ours, Theirs};
    let report = report();
    let rows: Vec<_> = report
        .bridge
        .rows
        .iter()
        .map(|row| (row.cause, row.side, row.lines, row.amount.to_amount_string()))
        .collect();
    let row = |cause, side, lines, amount: &str| (cause, side, lines, amount.to_owned());
    assert_eq!(
        rows,
        [
            row(Timing, Ours, 2, "370.00"), // 250.00 in transit, 120.00 booked in July
            row(ReturnNotBooked, Ours, 1, "-90.00"),
            row(Missing, Ours, 1, "150.00"),
            row(Missing, Theirs, 2, "-30.00"), // 80.00 of goods less 50.00 deducted
            row(Tolerance, Both, 2, "0.50"),
            row(Price, Both, 2, "10.00"),
            row(Quantity, Both, 2, "20.00"),
            row(Duplicate, Theirs, 1, "-200.00"),
            row(WrongPeriod, Theirs, 1, "-60.00"),
            row(UnknownSku, Theirs, 1, "-70.00"),
            row(UnknownStore, Theirs, 1, "-75.00"),
            row(Unauthorised, Theirs, 1, "300.00"),
            row(BeyondClause, Both, 2, "100.00"),
        ]
    );
    assert_eq!(report.bridge.their_balance, money("1004.50"));
    assert_eq!(report.bridge.our_balance, money("1430.00")); // 1,004.50 + 425.50
    assert_eq!(report.bridge.residual, money("0"));
    assert_eq!(report.bridge.amount(Missing).unwrap(), money("120.00"));
    // 1,000 + 499.50 + 290 + 380 + 200 − 400 − 1,000: the smaller of both, once both have booked it.
    assert_eq!(report.undisputed, money("969.50"));
}

#[test]
fn the_report_in_words() {
    let report = report();
    assert_eq!(report.render(Language::En), include_str!("../golden/reconcile_june.en.txt"));
    assert_eq!(report.render(Language::Zh), include_str!("../golden/reconcile_june.zh.txt"));
    assert_eq!(report.open_lines().count(), 18);
}

#[test]
fn two_empty_books_agree() {
    let report = reconcile(&[], &[], &rules()).unwrap();
    assert!(report.lines.is_empty() && report.bridge.rows.is_empty());
    assert!(report.bridge.residual.is_zero() && report.undisputed.is_zero());
}

#[test]
fn what_july_makes_of_june() {
    // The delivery they booked in July is timing again, from the other side; its money is undisputed by then.
    let (ours, theirs) = books();
    let july = ReconRules { period: period("2025-07"), ..rules() };
    let report = reconcile(&ours, &theirs, &july).unwrap();
    let row = report.bridge.rows.iter().find(|row| row.cause == BridgeCause::Timing).unwrap();
    assert_eq!((row.side, row.amount), (BridgeSide::Theirs, money("-120.00")));
    let class = &report.line(Side::Ours, &document("D9")).unwrap().class;
    assert_eq!(told(class), "cut-off timing 2025-06-01..2025-07-01");
    assert_eq!(report.undisputed, money("120.00"));
}

#[test]
fn nearest_date_wins_and_the_window_ends() {
    let delivery = |id: &str, on: &str, amount: &str| {
        LedgerLine::new(document(id), EntryKind::Delivery, day(on), money(amount))
    };
    // The larger amount looks last, so that all three wait for it.
    let ours = [delivery("A", "2025-06-10", "100.00")];
    let theirs = [
        delivery("far", "2025-06-18", "99.99"),
        delivery("near", "2025-06-12", "99.99"),
        delivery("before", "2025-06-08", "99.99"),
    ];
    let report = reconcile(&ours, &theirs, &rules()).unwrap();
    let partner = |report: &ReconReport| report.lines[0].partner.clone().map(|id| id.to_string());
    assert_eq!(partner(&report).as_deref(), Some("before"), "ties go to the earlier date");
    let report = reconcile(&ours, &theirs[..2], &rules()).unwrap();
    assert_eq!(partner(&report).as_deref(), Some("near"));
    let report = reconcile(&ours, &theirs[..1], &rules()).unwrap();
    assert_eq!(partner(&report), None, "eight days are beyond the window of seven");
    let week = ReconRules { window_days: 8, ..rules() };
    assert_eq!(partner(&reconcile(&ours, &theirs[..1], &week).unwrap()).as_deref(), Some("far"));
}

#[test]
fn a_clause_is_used_up_by_agreed_deductions_first() {
    let deduction = |id: &str, on: &str, amount: &str| LedgerLine {
        clause: Some(ClauseId::new("C-DM").unwrap()),
        ..LedgerLine::new(document(id), EntryKind::Deduction, day(on), money(amount))
    };
    // The clause gives 400.00: 250.00 are agreed, then 100.00 fit, then 50.00 of 80.00, then nothing.
    let ours = [deduction("E1", "2025-06-20", "-250.00")];
    let theirs = [
        deduction("K1", "2025-06-01", "-100.00"),
        deduction("K2", "2025-06-02", "-80.00"),
        deduction("K3", "2025-06-03", "-10.00"),
        deduction("K4", "2025-06-20", "-250.00"),
    ];
    let report = reconcile(&ours, &theirs, &rules()).unwrap();
    let class = |id: &str| told(&report.line(Side::Theirs, &document(id)).unwrap().class);
    assert_eq!(class("K4"), "matched");
    assert_eq!(class("K1"), "only in their books");
    assert_eq!(class("K2"), "deduction beyond its clause 30.00");
    assert_eq!(class("K3"), "deduction beyond its clause 10.00");
}

#[test]
fn lines_are_refused() {
    let line = LedgerLine::new(document("A"), EntryKind::Delivery, day("2025-06-10"), money("1.00"));
    let twice = [line.clone(), line.clone()];
    let error = reconcile(&[], &twice, &rules()).unwrap_err();
    assert_eq!(error, SettlementError::RepeatedLine { side: Side::Theirs, line: document("A") });
    assert_eq!(error.to_string(), "theirs has two lines A");
    let euro = LedgerLine { amount: Money::parse("1.00", Currency::EUR).unwrap(), ..line };
    let error = reconcile(&[euro], &[], &rules()).unwrap_err();
    assert_eq!(error.to_string(), "line A is in EUR, the contract is in CNY");
}

#[cfg(feature = "serde")]
#[test]
fn lines_are_read_as_written_and_reports_are_written() {
    let (ours, _) = books();
    let text = serde_json::to_string(&ours).unwrap();
    assert_eq!(serde_json::from_str::<Vec<LedgerLine>>(&text).unwrap(), ours);
    assert!(serde_json::from_str::<Vec<LedgerLine>>(&text.replacen("\"kind\"", "\"sort\"", 1)).is_err());
    let report = serde_json::to_value(report()).unwrap();
    assert_eq!(report["bridge"]["residual"]["amount"], "0.00");
    assert_eq!(report["lines"][0]["class"], "matched");
    assert_eq!(report["lines"][2]["class"]["price_variance"]["delta"]["amount"], "10.00");
}

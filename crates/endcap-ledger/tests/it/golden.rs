//! Golden cases: acceptance cases and two worked examples, read from `tests/golden/*.csv`.

use std::collections::BTreeMap;

use endcap_ledger::{
    Account, AccountKind, AgeBasis, AgeingQuery, AgeingSplit, At, Buckets, ClearedItems, ClearingPolicy,
    CorrectionDate, Dimension, Due, EntryDraft, EntryId, ItemDraft, Ledger, LedgerError, LegDraft, Reversal,
    Settings, StockFlow, StockMove,
};
use endcap_types::{Currency, Money, TypesError};

use crate::kit::{cny, date, day, doc, ka, key, ledger, sku};

type Row = BTreeMap<String, String>;

pub(crate) fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Row> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{line}");
            header.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect()
        })
        .collect();
    assert!(rows.iter().all(|row| !row["source"].is_empty()));
    rows
}

fn case_rows(text: &str, case: &str) -> Vec<Row> {
    rows(text).into_iter().filter(|row| row["case"] == case || row["case"].is_empty()).collect()
}

fn currency(row: &Row) -> Currency {
    Currency::from_code(&row["currency"]).unwrap()
}

const CASE_LEGS: &str = include_str!("../golden/case_legs.csv");
const CASE_OUTCOMES: &str = include_str!("../golden/case_outcomes.csv");
const CASE_BALANCES: &str = include_str!("../golden/case_balances.csv");
const CASE_ASSERTIONS: &str = include_str!("../golden/case_assertions.csv");

/// The little chart of the cases.
fn case_ledger() -> Ledger {
    let mut ledger = Ledger::new(Settings::new("cases").unwrap());
    let accounts = [
        ("Assets:AR", AccountKind::Asset, Dimension::OpenItems),
        ("Assets:Cash", AccountKind::Asset, Dimension::None),
        ("Income:Sales", AccountKind::Income, Dimension::None),
        ("Liabilities:VAT", AccountKind::Liability, Dimension::None),
        ("Expenses:TradeSpend:Display", AccountKind::Expense, Dimension::None),
        ("Expenses:TradeSpend:Rebate", AccountKind::Expense, Dimension::None),
    ];
    for (code, kind, dimension) in accounts {
        let account = Account::new(code, (code, code), kind).unwrap().with_dimension(dimension);
        ledger.open_account(account, day(0)).unwrap();
    }
    ledger
}

fn case_leg(row: &Row) -> Result<LegDraft, LedgerError> {
    let leg = match row["amount"].as_str() {
        "" => LegDraft::remainder(&row["account"], currency(row)),
        amount => LegDraft::signed(&row["account"], Money::parse(amount, currency(row))?),
    };
    Ok(if row["key_account"].is_empty() { leg } else { leg.of(ka(&row["key_account"])) })
}

/// Posts the entries of a case one by one; the ids of those that stand.
fn post_case(ledger: &mut Ledger, case: &str) -> Result<Vec<EntryId>, LedgerError> {
    let mut entries: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in case_rows(CASE_LEGS, case) {
        entries.entry(row["entry"].clone()).or_default().push(row);
    }
    let mut posted = Vec::new();
    for (number, legs) in entries {
        let name = format!("{case}-{number}");
        let effective = date(&legs[0]["effective"]);
        if case == "c08" && number == "2" {
            // The second entry of this case is the reversal of the first, not typed in.
            let asked = Reversal {
                of: posted[0],
                key: key(&name),
                document: doc(&name),
                reason: "posted twice".to_owned(),
                date: CorrectionDate::On(effective),
                recorded: effective,
                cleared: ClearedItems::Refuse,
                form: endcap_ledger::FormRule::AsLedger,
            };
            posted.push(ledger.reverse(asked)?.entry());
            let entry = ledger.entry(posted[1]).unwrap();
            for (leg, row) in entry.legs.iter().zip(&legs) {
                assert_eq!(leg.signed_minor(), Money::parse(&row["amount"], currency(row)).unwrap().minor());
            }
            continue;
        }
        let mut draft = EntryDraft::new(key(&name), doc(&name), effective, effective);
        for row in &legs {
            draft = draft.leg(case_leg(row)?);
        }
        posted.push(ledger.post(&draft)?.entry());
    }
    Ok(posted)
}

/// The name and detail of an error as the golden file writes them.
fn described(error: &LedgerError) -> (&'static str, String) {
    match error {
        LedgerError::Unbalanced { surplus } => {
            let parts: Vec<String> = surplus.iter().map(|(c, minor)| format!("{c}:{minor:+}")).collect();
            ("Unbalanced", parts.join(" "))
        }
        LedgerError::AmbiguousRemainder { currency, count } => {
            ("AmbiguousRemainder", format!("{count} remainder legs in {currency}"))
        }
        LedgerError::Types(TypesError::TooPrecise { decimals, limit, .. }) => {
            ("TooManyDecimals", format!("scale {decimals} > {limit}"))
        }
        LedgerError::AssertionFailed { expected, actual, .. } => (
            "AssertionFailed",
            format!("expected {} / actual {}", expected.to_amount_string(), actual.to_amount_string()),
        ),
        other => panic!("unexpected: {other}"),
    }
}

/// 11 of 11 rows.
#[test]
fn acceptance_cases_come_out_as_told() {
    let outcomes = rows(CASE_OUTCOMES);
    assert_eq!(outcomes.len(), 11);
    for row in outcomes {
        let mut ledger = case_ledger();
        let mut outcome = post_case(&mut ledger, &row["case"]).map(drop);
        if row["case"] == "c06" {
            // Both entries stand; the assertion is what fails.
            assert_eq!(outcome, Ok(()));
            outcome = ledger.assert_balance("Assets:AR", At::EndOf(date("2025-01-06")), cny("60.01"));
        }
        match row["outcome"].as_str() {
            "accept" => assert_eq!(outcome, Ok(()), "{row:?}"),
            _ => {
                let (name, detail) = described(&outcome.unwrap_err());
                assert_eq!((name, detail.as_str()), (row["error"].as_str(), row["detail"].as_str()));
            }
        }
        let audit = ledger.audit();
        assert!(audit.is_clean());
        assert_eq!(audit.entries.to_string(), row["entries_kept"], "{row:?}");
    }
}

/// 24 of 24 rows.
#[test]
fn acceptance_cases_leave_the_balances_told() {
    let balances = rows(CASE_BALANCES);
    assert_eq!(balances.len(), 24);
    for row in balances {
        let mut ledger = case_ledger();
        post_case(&mut ledger, &row["case"]).unwrap();
        let expected = Money::parse(&row["balance"], currency(&row)).unwrap();
        let balance = match row["key_account"].as_str() {
            "" => ledger.balance(&row["account"], currency(&row), At::Now),
            who => ledger.balance_of(&row["account"], &ka(who), currency(&row), At::Now),
        };
        assert_eq!(balance, Ok(expected), "{row:?}");
    }
}

/// 10 of 10 rows.
#[test]
fn assertions_hold_or_fail_as_told() {
    let assertions = rows(CASE_ASSERTIONS);
    assert_eq!(assertions.len(), 10);
    for row in assertions {
        let mut ledger = case_ledger();
        let posted = post_case(&mut ledger, &row["case"]).unwrap();
        let at = match row["mode"].as_str() {
            "after_entry" => At::AfterEntry(posted[row["after_entry"].parse::<usize>().unwrap() - 1]),
            _ => At::EndOf(date(&row["date"])),
        };
        let asserted = Money::parse(&row["asserted"], currency(&row)).unwrap();
        let actual = Money::parse(&row["actual"], currency(&row)).unwrap();
        let expected = match row["verdict"].as_str() {
            "pass" => Ok(()),
            _ => {
                Err(LedgerError::AssertionFailed { code: row["account"].clone(), expected: asserted, actual })
            }
        };
        assert_eq!(ledger.assert_balance(&row["account"], at, asserted), expected, "{row:?}");
        assert_eq!(ledger.balance(&row["account"], currency(&row), at), Ok(actual), "{row:?}");
    }
}

const WORKED_LEGS: &str = include_str!("../golden/worked_legs.csv");
const WORKED_BALANCES: &str = include_str!("../golden/worked_balances.csv");
const WORKED_ITEMS: &str = include_str!("../golden/worked_items.csv");

fn due_of(item: &str) -> Due {
    let row = rows(WORKED_ITEMS).into_iter().find(|row| row["item"] == item).unwrap();
    if row["due"].is_empty() { Due::NoDate } else { Due::On(date(&row["due"])) }
}

/// Posts a worked example in the order of its effective dates, on the default chart.
pub(crate) fn worked(example: &str) -> Ledger {
    let mut ledger = ledger();
    let mut entries: Vec<(String, EntryDraft)> = Vec::new();
    for row in rows(WORKED_LEGS).into_iter().filter(|row| row["example"] == example) {
        let effective = date(&row["effective"]);
        if entries.last().is_none_or(|(name, _)| *name != row["entry"]) {
            let name = row["entry"].clone();
            entries.push((name.clone(), EntryDraft::new(key(&name), doc(&name), effective, effective)));
        }
        let mut leg = LegDraft::signed(&row["account"], cny(&row["amount"]));
        if !row["key_account"].is_empty() {
            leg = leg.of(ka(&row["key_account"]));
        }
        leg = match row["action"].as_str() {
            "open" => leg.opens(ItemDraft {
                document: doc(&row["item"]),
                dated: effective,
                due: due_of(&row["item"]),
                delivered: None,
            }),
            "clear" => leg.clears(ClearingPolicy::Documents(vec![doc(&row["item"])])),
            _ => leg,
        };
        let draft = &mut entries.last_mut().unwrap().1;
        draft.legs.push(leg);
    }
    for (_, draft) in entries {
        ledger.post(&draft).unwrap();
    }
    ledger
}

/// 69 of 69 rows, posted from 41 of 41 legs.
#[test]
fn worked_examples_have_the_balances_told() {
    assert_eq!(rows(WORKED_LEGS).len(), 41);
    let balances = rows(WORKED_BALANCES);
    assert_eq!(balances.len(), 69);
    let ledgers = BTreeMap::from([("A", worked("A")), ("B", worked("B"))]);
    for row in balances {
        let ledger = &ledgers[row["example"].as_str()];
        let at = if row["as_of"] == "end" { At::Now } else { At::EndOf(date(&row["as_of"])) };
        let balance = match row["key_account"].as_str() {
            "" => ledger.balance(&row["account"], Currency::CNY, at),
            who => ledger.balance_of(&row["account"], &ka(who), Currency::CNY, at),
        };
        assert_eq!(balance, Ok(cny(&row["balance"])), "{row:?}");
    }
    assert!(ledgers.values().all(|ledger| ledger.audit().is_clean()));
}

/// The one place of an ageing that holds everything, by its label; empty when there is nothing.
fn place(split: &AgeingSplit, labels: &[String]) -> String {
    let mut places = Vec::new();
    if !split.not_due.is_zero() {
        places.push("not_due".to_owned());
    }
    let overdue = split.overdue.iter().zip(labels).filter(|(amount, _)| !amount.is_zero());
    places.extend(overdue.map(|(_, label)| label.clone()));
    if !split.no_due_date.is_zero() {
        places.push("no_due_date".to_owned());
    }
    assert!(split.unallocated_credit.is_zero());
    assert!(places.len() <= 1, "{places:?}");
    places.pop().unwrap_or_default()
}

/// 14 of 14 rows.
#[test]
fn worked_examples_have_the_open_items_and_ages_told() {
    let items = rows(WORKED_ITEMS);
    assert_eq!(items.len(), 14);
    let ledgers = BTreeMap::from([("A", worked("A")), ("B", worked("B"))]);
    let buckets = Buckets::new(vec![30, 60, 90]).unwrap();
    for row in items {
        let ledger = &ledgers[row["example"].as_str()];
        let (who, as_of) = (ka(&row["key_account"]), date(&row["as_of"]));
        let open_items = ledger.open_items("1122", &who, Currency::CNY, as_of).unwrap();
        match open_items.as_slice() {
            [] => assert_eq!(row["open"], "0.00"),
            [item] => {
                assert_eq!(item.document, doc(&row["item"]));
                assert_eq!(item.dated, date(&row["dated"]));
                assert_eq!(item.original, cny(&row["original"]));
                assert_eq!(item.open, cny(&row["open"]), "{row:?}");
                let days = item.days_past_due.map(|days| days.to_string()).unwrap_or_default();
                assert_eq!(days, row["days_past_due"]);
            }
            more => panic!("{more:?}"),
        }
        let control = ledger.balance_of("1122", &who, Currency::CNY, At::EndOf(as_of));
        assert_eq!(control, Ok(cny(&row["control_balance"])));
        for (basis, column) in
            [(AgeBasis::DueDate, "bucket_by_due"), (AgeBasis::DocumentDate, "bucket_by_document")]
        {
            let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of, basis };
            let ageing = ledger.ageing(&query, &buckets).unwrap();
            let split = ageing.of(&who).unwrap();
            assert_eq!(place(split, &ageing.labels), row[column], "{row:?}");
            assert_eq!(split.total, cny(&row["open"]));
        }
    }
}

/// Example A in pieces: 100 shipped, 60 sold, 10 returned and 2 lost leave 28, and 28 × 60.00 is what 1406 holds.
/// Source: house case.
#[test]
fn worked_example_a_leaves_twenty_eight_pieces() {
    let mut ledger = worked("A");
    let flows = [
        ("2025-03-01", StockFlow::Delivered, 100),
        ("2025-03-31", StockFlow::Sold, 60),
        ("2025-04-10", StockFlow::Returned, 10),
        ("2025-04-10", StockFlow::Lost, 2),
    ];
    for (on, flow, pieces) in flows {
        let name = format!("units-{flow:?}");
        let moved = StockMove { key_account: ka("KA001"), sku: sku("S1"), flow, pieces };
        let draft = EntryDraft::new(key(&name), doc(&name), date(on), date("2025-04-30")).moves(moved);
        ledger.post(&draft).unwrap();
    }
    let cards = ledger.stock_cards(&ka("KA001"), endcap_calendar::Period::month(2025, 4).unwrap());
    assert_eq!((cards[0].opening, cards[0].closing), (40, 28));
    assert_eq!(cards[0].flow(StockFlow::Returned), 10);
    let value = ledger.balance_of("1406", &ka("KA001"), Currency::CNY, At::Now).unwrap();
    assert_eq!(value, cny("60.00").checked_mul_int(cards[0].closing).unwrap());
    assert!(ledger.audit().is_clean());
}

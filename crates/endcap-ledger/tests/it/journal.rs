//! The text journal: what it reads, what it refuses with line and column, and what peers accept and it must not.

use endcap_ledger::journal::{InputFault, Journal};
use endcap_ledger::{
    Account, AccountKind, AgeBasis, AgeingQuery, At, Buckets, ClearingPolicy, Due, ItemEffect, Ledger,
    Nature, Settings, chart,
};
use endcap_types::Currency;
use proptest::prelude::*;

use crate::kit::{cny, date, doc, fen, ka, key};

fn chart() -> Vec<Account> {
    chart::key_account_supplier().unwrap()
}

fn read(text: &str) -> Ledger {
    let journal = Journal::parse(text, &chart()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut ledger = Ledger::new(Settings::new("test").unwrap());
    journal.post_into(&mut ledger).unwrap_or_else(|problems| panic!("{problems:#?}"));
    ledger
}

fn problems(text: &str) -> Vec<String> {
    Journal::parse(text, &chart()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    assert_eq!(problems(text), expected, "{text}");
}

const SALE: &str = "\
2026-06-02 (INV-1) goods; delivered, nature:invoice
    Assets:1122:KA001     11300.00 CNY  ; due:2026-06-20
    Liabilities:2221.01   -1300.00 CNY
    Income:6001

2026-06-25 (BNK-1) paid in part  ; key:bank/17, recorded:2026-06-26
    Assets:1002            9500.00 CNY = 9500.00 CNY
    ; comment
    Assets:1122:KA001     -9500 CNY = 1800 CNY
    ; nature:receipt, clears:INV-1=9500
";

#[test]
fn an_entry_says_all_that_a_draft_does() {
    let journal = Journal::parse(SALE, &chart()).unwrap();
    let [sale, paid] = journal.entries() else { panic!("two entries") };
    assert_eq!((sale.line, sale.head.as_str()), (1, "2026-06-02 (INV-1) goods"));
    assert_eq!(sale.draft.key, key("journal/INV-1"));
    assert_eq!((sale.draft.document.clone(), sale.draft.description.as_str()), (doc("INV-1"), "goods"));
    assert_eq!((sale.draft.effective, sale.draft.recorded), (date("2026-06-02"), date("2026-06-02")));
    assert_eq!(sale.draft.nature, Nature::Invoice);
    let ItemEffect::Open(item) = &sale.draft.legs[0].item else { panic!("opens an item") };
    assert_eq!((item.document.clone(), item.due), (doc("INV-1"), Due::On(date("2026-06-20"))));
    assert_eq!((paid.draft.key.clone(), paid.draft.recorded), (key("bank/17"), date("2026-06-26")));
    let clears = ClearingPolicy::Amounts(vec![(doc("INV-1"), cny("9500.00"))]);
    assert_eq!(paid.draft.legs[1].item, ItemEffect::Clear(clears));
    assert_eq!(paid.draft.legs[1].nature, Some(Nature::Receipt));

    let ledger = read(SALE);
    assert_eq!(ledger.balance("6001", Currency::CNY, At::Now).unwrap(), cny("-10000.00"));
    assert_eq!(ledger.balance_of("1122", &ka("KA001"), Currency::CNY, At::Now).unwrap(), cny("1800.00"));
    let as_of = date("2026-06-30");
    let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of, basis: AgeBasis::DueDate };
    let ageing = ledger.ageing(&query, &Buckets::standard()).unwrap();
    assert_eq!(ageing.total.overdue[0], cny("1800.00"));
}

#[test]
fn line_ends_marks_tabs_and_trailing_spaces_change_nothing() {
    let plain = read(SALE);
    assert_eq!(read(&SALE.replace('\n', "\r\n")), plain);
    assert_eq!(read(&format!("\u{feff}{SALE}")), plain);
    assert_eq!(read(&SALE.replace("\n    ", "\n\t")), plain);
    assert_eq!(read(&SALE.replace('\n', "  \n")), plain);
    assert_eq!(read(SALE.trim_end()), plain);
    assert_eq!(read(&format!("# a comment\n; another: one\n\n\n{SALE}")), plain);
}

#[test]
fn accounts_are_declared_with_kind_names_and_dimension() {
    let text = "\
2026-06-02 sale
    Assets:ar:A  1.00 CNY
    Income:sales
account Assets:ar  ; name:Receivable%2C all, name_zh:应收, by:open_items, grows:credit, currency:CNY
account Income:sales
account Assets:ar:A
commodity 1000.00 CNY
";
    let journal = Journal::parse(text, &[]).unwrap();
    let [receivable, sales] = journal.accounts() else { panic!("two accounts") };
    assert_eq!((receivable.name(), receivable.name_zh()), ("Receivable, all", "应收"));
    assert_eq!(receivable.normal_side(), endcap_ledger::Side::Credit);
    assert_eq!(receivable.currency(), endcap_ledger::CurrencyRule::Only(Currency::CNY));
    assert_eq!((sales.name(), sales.kind()), ("sales", AccountKind::Income));
    assert_eq!(journal.entries()[0].draft.document, doc("2026-06-02/1"));
}

/// Peers accept each of these; here it is an error that names the place.
#[test]
fn what_peers_let_pass_is_refused() {
    // One tool takes an asserted balance that is wrong by a cent.
    let asserted = |amount: &str| {
        format!(
            "2025-01-01 invoice\n    Assets:1221:A  100.00 CNY = 100.00 CNY\n    Income:6001  -100.00 CNY\n\n\
             2025-01-02 pay\n    Assets:1002  40.00 CNY\n    Assets:1221:A  -40.00 CNY = {amount} CNY\n"
        )
    };
    assert!(Journal::parse(&asserted("60.00"), &chart()).is_ok());
    refused(
        &asserted("60.01"),
        &["7:33: \"60.01 CNY\": expected the balance asserted for Assets:1221:A; found 60.00 CNY"],
    );
    // Two tools take an entry that is off by 0.003.
    refused(
        "2025-01-01 x\n    Assets:1002  52.76 CNY\n    Income:6001  -52.757 CNY\n",
        &["3:18: \"-52.757\": expected at most 2 decimals for CNY"],
    );
    // An elided leg never invents digits: 10.00 / 3 leaves 3.34, and a finer amount is an error of its own.
    let thirds = "2025-01-01 x\n    Assets:1002  -10.00 CNY\n    Expenses:6603  3.33 CNY\n    \
                  Expenses:6601  3.33 CNY\n    Expenses:6401\n";
    assert_eq!(read(thirds).balance("6401", Currency::CNY, At::Now).unwrap(), cny("3.34"));
    refused(
        &thirds.replace("3.33 CNY", "3.333 CNY"),
        &[
            "3:20: \"3.333\": expected at most 2 decimals for CNY",
            "4:20: \"3.333\": expected at most 2 decimals for CNY",
        ],
    );
    // Two tools take two currencies, each out of balance, for a conversion.
    refused(
        "2025-01-01 x\n    Assets:1002  100.00 CNY\n    Income:6001  -100.00 USD\n",
        &[
            "1:1: \"2025-01-01 x\": expected debits to equal credits in each currency; off by 100.00 CNY, -100.00 USD",
        ],
    );
    // One tool misreads amounts of 29 digits, another panics on their sum.
    let large = "\
2025-01-01 x
    Assets:1002  79228162514264337593543950335 JPY
    Income:6001  -79228162514264337593543950335 JPY

2025-01-02 x
    Assets:1002  1 JPY = 79228162514264337593543950336 JPY
    Income:6001  -1 JPY
";
    let exact = read(large).balance("1002", Currency::JPY, At::Now).unwrap();
    assert_eq!(exact.minor(), 79_228_162_514_264_337_593_543_950_336);
}

#[test]
fn assertions_follow_effective_dates_then_the_text() {
    let entry = |date: &str, amount: &str, balance: &str| {
        format!("{date} x\n    Assets:1002  {amount} CNY = {balance} CNY\n    Income:6001\n\n")
    };
    let late_first = entry("2025-01-03", "100.00", "60.00") + &entry("2025-01-02", "-40.00", "-40.00");
    assert!(Journal::parse(&late_first, &chart()).is_ok());
    let same_day = entry("2025-01-02", "-40.00", "-40.00") + &entry("2025-01-02", "100.00", "60.00");
    assert!(Journal::parse(&same_day, &chart()).is_ok());
    // A zero amount asserts and posts nothing; other key accounts and currencies do not count.
    let zero = "\
2025-01-02 x
    Assets:1122:A  5.00 CNY
    Assets:1122:B  7.00 CNY
    Income:6001  -12.00 CNY

2025-01-03 counted
    Assets:1122:A  0.00 CNY = 5.00 CNY
    Assets:1122:B  0.00 USD = 0.00 USD
    Assets:1122:B  0.00 USD = 7.00 CNY
";
    let journal = Journal::parse(zero, &chart()).unwrap();
    assert_eq!(journal.entries().len(), 1);
    refused(
        &zero.replace("= 7.00", "= 12.00"),
        &["9:31: \"12.00 CNY\": expected the balance asserted for Assets:1122:B; found 7.00 CNY"],
    );
}

#[test]
fn every_problem_is_told_at_once_in_order() {
    let text = "\
2026/06/02 slashes
    Assets:1002  1.00 CNY

include other.journal
= automated
~ monthly
    Assets:1002  1.00 CNY
2026-06-02 * status
    Assets:1002  1.00 CNY
2026-06-31 no such day
2026-06-03 legs  ; recorded:2026-06-03, kay:x
    Assets:1002 1.00 CNY
    (Assets:1002)  1.00 CNY
    ! Assets:1002  1.00 CNY
    Assets:1002  1,000.00 CNY
    Assets:1002  CNY 1.00
    Assets:1002  1.00 CNX
    Assets:1002  1.00 CNY @ 7 USD
    Assets:1002  (1.00 * 2) CNY
    Assets:1002  = 1.00 CNY
    Assets:1002  1.00 CNY == 1.00 CNY
    Assets:1002:x:y  1.00 CNY
    Bank:1002  1.00 CNY
    Assets:1002  1000000000000000000000000000000000000 CNY
    Assets:10%FF02  1.00 CNY
2026-06-03 no legs
2026-06-03 accounts
    Assets:9999  1.00 CNY
    Expenses:1002  1.00 CNY
    Assets:1122  1.00 CNY
    Assets:1002:KA1  1.00 CNY
    Assets:1002  0.00 CNY
    Assets:1002  1.00 CNY  ; due:2026-06-30
    Assets:1122:A  1.00 CNY  ; due:soon, item:a, nature:x
    Assets:1122:A  1.00 CNY  ; clears:fifo, item:a
    Assets:1122:A  1.00 CNY  ; clears:a=1|b
    Assets:1122:A  1.00 CNY  ; clears:a=0
    ; clears:b
2026-06-03 two left out
    Assets:1002
    Income:6001
2026-06-03 two currencies
    Assets:1002  1.00 CNY
    Assets:1002  1.00 USD
    Income:6001
2026-06-03 nothing left
    Assets:1002  1.00 CNY
    Assets:1002  -1.00 CNY
    Income:6001
2026-06-03 back  ; recorded:2026-06-02
    Assets:1002  1.00 CNY
    Income:6001
2026-06-03 (same) once  ; key:k
    Assets:1002  1.00 CNY
    Income:6001
2026-06-03 (same) twice  ; key:k
    Assets:1002  1.00\tCNY
    Income:6001

    Assets:1002  1.00 CNY
account Assets:1
account Assets:1
account Assets:2:KA  ; by:shop
account Assets:3  ; by:shop
account Assets:4  ; currency:XX, grows:up
account Assets:9998:KA
account Income:6001:KA
commodity 1.000,00 CNY
commodity CNY
commodity 1000.00 CNX
";
    let found = problems(text).join("\n") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/journal_problems.txt");
    if std::env::var_os("ENDCAP_BLESS").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(path).unwrap());
}

#[test]
fn a_refused_entry_is_named_and_nothing_is_posted() {
    let text = "\
2026-06-02 (INV-1) fine
    Assets:1002  1.00 CNY
    Income:6001

2026-06-03 (PAY-1) clears what is not there
    Assets:1002  1.00 CNY
    Assets:1122:A  -1.00 CNY  ; clears:INV-9

2026-06-04 (PAY-2) the same
    Assets:1002  1.00 CNY
    Assets:1122:A  -1.00 CNY  ; clears:INV-8
";
    let journal = Journal::parse(text, &chart()).unwrap();
    let mut ledger = Ledger::new(Settings::new("test").unwrap());
    let before = ledger.clone();
    let problems = journal.post_into(&mut ledger).unwrap_err();
    assert_eq!(ledger, before);
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "5:1: \"2026-06-03 (PAY-1) clears what is not there\": expected an entry that the ledger accepts: \
             no item INV-9 to clear in account 1122",
            "9:1: \"2026-06-04 (PAY-2) the same\": expected an entry that the ledger accepts: \
             no item INV-8 to clear in account 1122",
        ]
    );
}

#[test]
fn a_journal_read_twice_is_read_once() {
    let journal = Journal::parse(SALE, &chart()).unwrap();
    let mut ledger = Ledger::new(Settings::new("test").unwrap());
    journal.post_into(&mut ledger).unwrap();
    let once = ledger.clone();
    assert_eq!(journal.post_into(&mut ledger).unwrap().len(), 2);
    assert_eq!(ledger, once);
    let other = Journal::parse("account Assets:1002  ; name:Till\n", &[]).unwrap();
    let problems = other.post_into(&mut ledger).unwrap_err();
    assert!(matches!(*problems[0].fault, InputFault::Rule(_)), "{problems:?}");
    assert_eq!(ledger.balance("1002", Currency::CNY, At::Now).unwrap(), fen(950_000));
}

proptest! {
    #![proptest_config(crate::kit::cases(128))]

    #[test]
    fn any_text_is_read_or_refused_in_order(
        pieces in prop::collection::vec("[ -~\t\r\n;:=%|@\u{e9}\u{4e0a}]{0,12}", 0..8),
        cuts in prop::collection::vec(0_usize..400, 0..8),
    ) {
        let mut text = SALE.to_owned();
        for (piece, cut) in pieces.iter().zip(cuts) {
            let at = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            text.insert_str(at, piece);
        }
        match Journal::parse(&text, &chart()) {
            Ok(journal) => {
                let mut ledger = Ledger::new(Settings::new("any").unwrap());
                if journal.post_into(&mut ledger).is_ok() {
                    prop_assert!(ledger.audit().is_clean());
                }
            }
            Err(problems) => {
                let places: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column)).collect();
                prop_assert!(places.is_sorted() && !places.is_empty());
                let lines = u64::try_from(text.split('\n').count()).unwrap();
                prop_assert!(places.iter().all(|(line, column)| (1..=lines).contains(line) && *column >= 1));
            }
        }
    }
}

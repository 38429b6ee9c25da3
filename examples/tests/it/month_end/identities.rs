//! The identities of a close on the sample and on a cut of it.

use std::collections::BTreeMap;
use std::fs;

use super::naive;
use super::results::{Results, minor, text};
use super::sample::{Files, assert_same, close, tree};
use crate::program::transcript;

#[test]
fn the_sample_closes_and_every_identity_holds() {
    let files = Files::sample();
    let directory = files.written();
    let output = close(directory.path(), &["--format", "json"]);
    assert!(output.status.success(), "{}", transcript(&output));
    assert!(output.stderr.is_empty());
    let results = Results::of(directory.path());
    // What is printed is what is written.
    assert_eq!(output.stdout, fs::read(directory.path().join("out/close.json")).expect("written"));
    assert_eq!(text(&results.json, "/month"), "2026-06", "the last whole month of the files");
    all(&results, &files, "2026-06", ("2026-05-31", "2026-06-30"));
    assert_eq!(results.list("/accounts").len(), 9);
    assert_eq!(results.list("/statements").len(), 12);
}

fn all(results: &Results, files: &Files, month: &str, days: (&str, &str)) {
    naive::ledger(results);
    naive::ageing(results);
    naive::statements(results);
    naive::sales(results, files, month);
    naive::stock(results, files, month, days);
    naive::orders(results, files, days.1);
    naive::profits(results);
    naive::page(results);
    naive::checks(results, 12);
}

/// Two closes of one book that begins with them: together they are everything that ever happened.
#[test]
fn two_months_are_the_whole_history_of_a_book_that_begins_with_them() {
    let files = Files::cut();
    let may = files.closed("2026-05");
    let june = files.closed("2026-06");
    let closes = [Results::of(may.path()), Results::of(june.path())];
    all(&closes[0], &files, "2026-05", ("2026-04-30", "2026-05-31"));
    all(&closes[1], &files, "2026-06", ("2026-05-31", "2026-06-30"));

    // All statements less all money received is what is owed.
    let asked: i128 = closes
        .iter()
        .flat_map(|close| close.list("/statements"))
        .map(|statement| minor(text(statement, "/payment")))
        .sum();
    let received: i128 = files.rows("payments.csv").map(|row| minor(row[4])).sum();
    assert!(received > 0);
    assert_eq!(closes[1].money("/ageing/total"), asked - received);
    let received_in_may: i128 =
        files.rows("payments.csv").filter(|row| row[0] < "2026-06").map(|row| minor(row[4])).sum();
    let asked_in_may: i128 =
        closes[0].list("/statements").iter().map(|statement| minor(text(statement, "/payment"))).sum();
    assert_eq!(closes[0].money("/ageing/total"), asked_in_may - received_in_may);

    // Both journals, account by account, are the trial balance at the end.
    let mut moved: BTreeMap<String, i128> = BTreeMap::new();
    for row in closes.iter().flat_map(|close| close.table("journal.csv")) {
        *moved.entry(row["account"].clone()).or_default() += minor(&row["debit"]) - minor(&row["credit"]);
    }
    moved.retain(|_, net| *net != 0);
    let balance: BTreeMap<String, i128> = closes[1]
        .table("trial_balance.csv")
        .iter()
        .map(|row| (row["account"].clone(), minor(&row["debit"]) - minor(&row["credit"])))
        .collect();
    assert_eq!(moved, balance);
    // Bank is what came in.
    assert_eq!(balance["1002"], received);
}

#[test]
fn the_same_input_gives_the_same_bytes_and_replaces_an_earlier_close() {
    let files = Files::cut();
    let (first, second) = (files.closed("2026-06"), files.closed("2026-06"));
    assert_same(&first.path().join("out"), &second.path().join("out"), "two runs");
    // Into the same directory again, after another month: nothing of that month stays.
    let before = tree(&first.path().join("out"));
    for month in ["2026-05", "2026-06"] {
        let output = close(first.path(), &["--month", month]);
        assert!(output.status.success(), "{}", transcript(&output));
    }
    assert!(tree(&first.path().join("out")) == before, "another month left something behind");
    let entries = fs::read_dir(first.path()).expect("readable").count();
    assert_eq!(entries, 2, "only data and out are there");
}

/// What happens after a month does not change its close.
#[test]
fn a_close_knows_only_what_had_happened() {
    let whole = Files::cut();
    let mut early = Files::cut();
    for (file, column) in [
        ("sales.csv", 0),
        ("deliveries.csv", 0),
        ("returns.csv", 0),
        ("payments.csv", 0),
        ("activities.csv", 0),
    ] {
        early.keep(file, |row| row[column] < "2026-06");
    }
    // All open orders of the sample were made in June.
    early.clear("open_orders.csv");
    early.keep("stock_counts.csv", |row| row[0] < "2026-06");
    early.keep("promotions.csv", |row| row[3] < "2026-06");
    let (whole, early) = (whole.closed("2026-05"), early.closed("2026-05"));
    let mut left = tree(&whole.path().join("out"));
    let mut right = tree(&early.path().join("out"));
    for results in [&mut left, &mut right] {
        // The number of lines read is told, and it differs.
        results.retain(|name, _| !["close.json", "report.html", "summary.txt"].contains(&name.as_str()));
    }
    assert!(left.len() > 10 && left == right, "a later month changed an earlier close");
}

//! Unusual files that can be closed, and ways to write the same table that change nothing.

use std::fs;

use super::naive;
use super::results::{Results, minor, text};
use super::sample::{Files, assert_same, close};
use crate::program::transcript;

/// A byte-order mark, carriage returns, semicolons, tabs, quotes, blank lines: the same bytes come out.
#[test]
fn ways_to_write_a_table_change_nothing() {
    let files = Files::cut();
    let plain = files.closed("2026-06");
    let mut varied = files.clone();
    for (number, (name, text)) in varied.0.iter_mut().filter(|(name, _)| name.ends_with(".csv")).enumerate() {
        // No field of the sample holds a delimiter, so that they can be exchanged.
        assert!(!text.contains([';', '"', '\t']), "{name}");
        *text = match number % 5 {
            0 => format!("\u{feff}{text}"),
            1 => text.replace('\n', "\r\n"),
            2 => text.replace(',', ";"),
            3 => format!("\n{}", text.replace(',', "\t").trim_end_matches('\n')),
            _ => text.lines().map(|line| format!("\"{}\"\r\n", line.replace(',', "\",\""))).collect(),
        };
    }
    let written = varied.closed("2026-06");
    assert_same(&plain.path().join("out"), &written.path().join("out"), "ways to write a table");
    // All at once in one file: a mark, semicolons and carriage returns, columns the other way round.
    let mut sales = String::from("\u{feff}");
    for line in files.0["sales.csv"].lines() {
        sales += &line.split(',').rev().collect::<Vec<_>>().join(";");
        sales += "\r\n";
    }
    fs::write(plain.path().join("data/sales.csv"), sales).expect("written");
    let output = close(plain.path(), &["--month", "2026-06"]);
    assert!(output.status.success(), "{}", transcript(&output));
    assert_same(&plain.path().join("out"), &written.path().join("out"), "columns the other way round");
}

/// Files of which only the header is there, where that can be.
#[test]
fn a_book_without_promotions_payments_returns_shelves_and_activities() {
    let mut files = Files::cut();
    for name in
        ["promotions.csv", "payments.csv", "returns.csv", "open_orders.csv", "activities.csv", "stores.csv"]
    {
        files.clear(name);
    }
    files.map("sales.csv", |row| row[5] = "");
    files.0.insert("fixtures.toml".to_owned(), "plan = []\n".to_owned());
    let directory = files.closed("2026-06");
    let results = Results::of(directory.path());
    naive::ledger(&results);
    naive::ageing(&results);
    naive::statements(&results);
    naive::sales(&results, &files, "2026-06");
    naive::profits(&results);
    assert!(results.list("/promotions").is_empty() && results.list("/planograms").is_empty());
    assert_eq!(results.count("/stock/returned"), 0);
}

/// Where nobody counted at the end of a month, the stock that should have been there goes on.
#[test]
fn a_count_that_was_forgotten() {
    let mut files = Files::cut();
    let place = |row: &[&str]| row[0] == "2026-05-31" && row[1] == "HEXI" && row[2] == "BIS-01";
    let pieces = |file: &str, column: usize| -> i64 {
        let own = files.rows(file).filter(|row| row[0].starts_with("2026-05"));
        let own = own.filter(|row| row.contains(&"HEXI") && row.contains(&"BIS-01"));
        own.map(|row| row[column].parse::<i64>().expect("pieces")).sum()
    };
    let counted = |day: &str| -> i64 {
        let mut rows = files.rows("stock_counts.csv");
        let row = rows.find(|row| row[0] == day && row[1] == "HEXI" && row[2] == "BIS-01");
        row.expect("a count")[3].parse().expect("pieces")
    };
    let expected = counted("2026-04-30") + pieces("deliveries.csv", 4)
        - pieces("returns.csv", 4)
        - pieces("sales.csv", 3);
    let others = files.rows("stock_counts.csv").filter(|row| row[0] == "2026-05-31" && !place(row));
    let others: i64 = others.map(|row| row[3].parse::<i64>().expect("pieces")).sum();
    files.keep("stock_counts.csv", |row| !place(row));
    let directory = files.closed("2026-06");
    let results = Results::of(directory.path());
    assert_eq!(results.count("/stock/opening"), others + expected);
    naive::checks(&results, 12);
}

/// Goods that shoppers bring back: lines, weeks and whole months below zero.
#[test]
fn returns_through_the_till() {
    let mut files = Files::cut();
    files.add("sales.csv", "2026-06-29,HEXI,BIS-01,-40,-359.60,");
    files.map("sales.csv", |row| {
        // A promoted article, in a week before its promotion, and an article that only comes back.
        if (row[0], row[1], row[2]) == ("2026-05-25", "TIANMAI", "NUT-02") {
            (row[3], row[4]) = ("-3", "-150.00");
        } else if (row[1], row[2]) == ("TIANMAI", "NOO-01") && row[0] >= "2026-06" {
            (row[3], row[4]) = ("-1", "-9.00");
        }
    });
    let directory = files.closed("2026-06");
    let results = Results::of(directory.path());
    naive::ledger(&results);
    naive::statements(&results);
    naive::sales(&results, &files, "2026-06");
    naive::stock(&results, &files, "2026-06", ("2026-05-31", "2026-06-30"));
    naive::orders(&results, &files, "2026-06-30");
    naive::profits(&results);
}

/// A line without units and without money, one without money, and a delivery of nothing.
#[test]
fn lines_of_zero() {
    let mut files = Files::cut();
    files
        .add("sales.csv", "2026-06-29,HEXI,BIS-02,0,0.00,")
        .add("sales.csv", "2026-06-29,HEXI,BIS-02,3,0.00,");
    files.add("deliveries.csv", "2026-06-29,DN-EMPTY,HEXI,BIS-02,0,8.80");
    let directory = files.closed("2026-06");
    let results = Results::of(directory.path());
    naive::sales(&results, &files, "2026-06");
    naive::stock(&results, &files, "2026-06", ("2026-05-31", "2026-06-30"));
}

/// Paid too much, paid twice, paid without a reference, paid back: the money stays on the account.
#[test]
fn receipts_that_do_not_match() {
    let mut files = Files::cut();
    let shop = "TIANMAI-SHOP@2026-05-01..2026-06-01";
    files.add("payments.csv", &format!("2026-06-10,X-1,TIANMAI,{shop},500000.00"));
    files.add("payments.csv", &format!("2026-06-11,X-2,TIANMAI,{shop},10.00"));
    files.add("payments.csv", "2026-06-12,X-3,YUEHE,,1234.56");
    files.add("payments.csv", "2026-06-13,X-4,HEXI,,-77.00");
    let (may, june) = (files.closed("2026-05"), files.closed("2026-06"));
    let closes = [Results::of(may.path()), Results::of(june.path())];
    naive::ageing(&closes[1]);
    let asked: i128 = closes
        .iter()
        .flat_map(|close| close.list("/statements"))
        .map(|statement| minor(text(statement, "/payment")))
        .sum();
    let received: i128 = files.rows("payments.csv").map(|row| minor(row[4])).sum();
    assert_eq!(closes[1].money("/ageing/total"), asked - received);
    let ageing = closes[1].table("ageing.csv");
    let shop = ageing.iter().find(|row| row["account"] == "TIANMAI").expect("a row");
    assert!(minor(&shop["unallocated"]) < 0, "{shop:?}");
}

/// A promotion of an article that was never sold, and one that begins with the files, are judged without evidence.
#[test]
fn promotions_that_cannot_be_judged_yet() {
    let mut files = Files::cut();
    files.add("promotions.csv", "NEW,HEXI,DAI-01,2026-06-22,2026-07-05,price_off,20,0.40,500.00");
    files.add("promotions.csv", "FIRST,YUEHE,BIS-02,2026-05-01,2026-06-30,price_off,20,0.40,0.00");
    files.keep("sales.csv", |row| (row[1], row[2]) != ("HEXI", "DAI-01"));
    let directory = files.closed("2026-06");
    let results = Results::of(directory.path());
    for id in ["NEW", "FIRST"] {
        let mut judged = results.list("/promotions").iter().filter(|p| text(p, "/promotion").starts_with(id));
        let row = judged.next().expect("a row");
        assert_eq!(text(row, "/verdict"), "not enough evidence", "{row}");
    }
}

/// An account's name is never a path.
#[test]
fn names_stay_inside_the_directory_of_results() {
    let mut files = Files::cut();
    for name in [
        "accounts.csv",
        "stores.csv",
        "prices.csv",
        "sales.csv",
        "deliveries.csv",
        "returns.csv",
        "stock_counts.csv",
        "open_orders.csv",
        "activities.csv",
        "promotions.csv",
        "contracts.toml",
        "fixtures.toml",
    ] {
        files.put_all(name, "HEXI", "../../HE:XI");
    }
    files.keep("payments.csv", |row| row[2] != "HEXI");
    let directory = files.closed("2026-06");
    let entries = fs::read_dir(directory.path()).expect("readable").count();
    assert_eq!(entries, 2, "only data and out");
    let results = Results::of(directory.path());
    for (folder, files) in [("statements", 2 * results.list("/statements").len()), ("planograms", 2)] {
        let found = fs::read_dir(directory.path().join("out").join(folder)).expect("readable").count();
        assert_eq!(found, files, "{folder}");
    }
    for plan in results.list("/planograms") {
        let file = directory.path().join("out").join(text(plan, "/file"));
        assert!(file.is_file(), "{}", file.display());
    }
}

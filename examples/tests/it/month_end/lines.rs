//! Invoice lines instead of a full book: a made-up file of three chains and some stores of their own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Output;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tempfile::TempDir;

use super::broken::compare;
use super::naive;
use super::results::{Results, minor, text};
use super::sample::assert_same;
use crate::program::{example, transcript};

/// The golden files of this module.
pub const GOLDEN: [&str; 7] = [
    "lines_bad_values",
    "lines_damaged_gzip",
    "lines_empty_file",
    "lines_missing_columns",
    "lines_month_outside",
    "lines_truncated_zst",
    "lines_unknown_account_in_contracts",
];

const STORES: [(&str, &str); 7] = [
    ("101", "Alpha Mart #1"),
    ("102", "ALPHA MART EXPRESS"),
    ("201", "Beta Club"),
    ("301", "Gamma Gas 7"),
    ("302", "gamma gas 12"),
    ("901", "Joe's Corner"),
    ("902", "The Cellar"),
];

const CONTRACTS: &str = r#"title = "Made-up lines"
currency = "USD"
rule = [
    { prefix = "ALPHA MART", account = "ALPHA" },
    { prefix = "BETA", account = "BETA" },
    { prefix = "GAMMA GAS", account = "GAMMA" },
]

[[contract]]
id = "ALPHA"
account = "ALPHA"
currency = "USD"
valid = "2020-01-01..=2021-12-31"
payment_terms = "from(end_of_supply_period);days(30)"
goods_vat = "0%"
method = { turnover_deduction = { rate = "2.75%" } }

[[contract]]
id = "BETA"
account = "BETA"
currency = "USD"
valid = "2020-01-01..=2021-12-31"
payment_terms = "from(end_of_supply_period);days(15)"
goods_vat = "0%"
method = { credit_terms = {} }

[[contract.clauses]]
id = "REBATE"
kind = "rebate"
settle = "on_invoice"
tax = "goods"
rule = { percent = { of = "net_purchases", rate = "1.5%" } }

[[contract]]
id = "STD"
account = "*"
currency = "USD"
valid = "2020-01-01..=2021-12-31"
payment_terms = "from(end_of_supply_period);days(30)"
goods_vat = "0%"
method = { credit_terms = {} }
"#;

/// One line: day, store, item, units, cents.
type Line = (String, &'static str, String, i64, i64);

/// Three months of lines, some of them returns.
fn made_up() -> Vec<Line> {
    let mut lines = Vec::new();
    for n in 0_i64..900 {
        let day = format!("2021-{:02}-{:02}", n / 300 + 1, n % 28 + 1);
        let store = STORES[usize::try_from(n * 5 % 7).expect("a store")].0;
        let sign = if n % 41 == 0 { -1 } else { 1 };
        let units = sign * (n % 12 + 1);
        lines.push((day, store, format!("item-{}", n % 9), units, units * (499 + n % 313)));
    }
    lines
}

/// Lines as a table with the usual names of columns.
fn table(lines: &[Line]) -> String {
    let mut text = String::from("date,invoice,store,item,units,amount\n");
    for (number, (day, store, item, units, cents)) in lines.iter().enumerate() {
        let (sign, size) = (if *cents < 0 { "-" } else { "" }, cents.abs());
        writeln!(text, "{day},I-{number},{store},{item},{units},{sign}{}.{:02}", size / 100, size % 100)
            .expect("written");
    }
    text
}

/// A directory with the lines, the stores and the contracts.
fn written(lines: &[u8], name: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join(name), lines).expect("written");
    let stores: String = STORES.iter().map(|(id, name)| format!("{id},{name}\n")).collect();
    fs::write(directory.path().join("stores.csv"), format!("store,name\n{stores}")).expect("written");
    fs::write(directory.path().join("terms.toml"), CONTRACTS).expect("written");
    directory
}

fn close(directory: &Path, file: &str, more: &[&str]) -> Output {
    let mut command = example("month_end");
    command.args(["--sales", file, "--stores", "stores.csv", "--contracts", "terms.toml", "--out", "out"]);
    command.args(more).current_dir(directory);
    command.output().expect("the example runs")
}

fn closed(lines: &[u8], name: &str, more: &[&str]) -> TempDir {
    let directory = written(lines, name);
    let output = close(directory.path(), name, more);
    assert!(output.status.success(), "{}", transcript(&output));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    directory
}

/// The account that a store's lines belong to, by the rules above.
fn account(store: &str) -> String {
    match &store[..1] {
        "1" => "ALPHA".to_owned(),
        "2" => "BETA".to_owned(),
        "3" => "GAMMA".to_owned(),
        _ => format!("IND:{store}"),
    }
}

/// Sums of one month by account, from the lines.
fn sums(lines: &[Line], month: &str) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for (_, store, _, _, cents) in lines.iter().filter(|(day, ..)| day.starts_with(month)) {
        *sums.entry(account(store)).or_default() += i128::from(*cents);
    }
    sums
}

fn shown(results: &Results) -> BTreeMap<String, i128> {
    let rows = results.list("/accounts").iter();
    rows.map(|row| (text(row, "/account").to_owned(), minor(text(row, "/sales")))).collect()
}

#[test]
fn every_identity_holds_on_lines() {
    let lines = made_up();
    let directory = closed(table(&lines).as_bytes(), "lines.csv", &[]);
    let results = Results::of(directory.path());
    assert_eq!(text(&results.json, "/month"), "2021-03");
    assert_eq!(results.count("/rows"), 900);
    assert_eq!(shown(&results), sums(&lines, "2021-03"));
    assert_eq!(shown(&results).len(), 5);
    naive::ledger(&results);
    naive::ageing(&results);
    naive::statements(&results);
    naive::page(&results);
    naive::checks(&results, 8);
    for statement in results.list("/statements") {
        let goods = minor(text(statement, "/goods"));
        assert_eq!(goods, sums(&lines, "2021-03")[text(statement, "/account")], "{statement}");
    }
    // 2.75 % of ALPHA's turnover is kept, half a cent away from zero.
    let alpha = results.list("/statements").iter().find(|s| text(s, "/account") == "ALPHA").expect("ALPHA");
    let turnover = minor(text(alpha, "/goods"));
    let kept = turnover - minor(text(alpha, "/payment"));
    assert!((kept * 10_000 - turnover * 275).abs() <= 10_000 * 5, "{kept} of {turnover}");
    // Nothing was paid: what is owed is all that was ever settled.
    let mut owed = 0;
    for month in ["2021-01", "2021-02", "2021-03"] {
        let output = close(directory.path(), "lines.csv", &["--month", month]);
        assert!(output.status.success(), "{}", transcript(&output));
        let results = Results::of(directory.path());
        assert_eq!(shown(&results), sums(&lines, month));
        owed += results.list("/statements").iter().map(|s| minor(text(s, "/payment"))).sum::<i128>();
        assert_eq!(results.money("/ageing/total"), owed, "{month}");
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).expect("packed");
    packed.finish().expect("packed")
}

fn zstd(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
}

/// Packed or not, in one file or several, with other names, delimiters and dates: the same bytes come out.
#[test]
fn ways_to_give_lines_change_nothing() {
    let lines = made_up();
    let plain = table(&lines);
    let expected = closed(plain.as_bytes(), "lines.csv", &[]);
    let same = |lines: &[u8], name: &str, more: &[&str]| {
        let found = closed(lines, name, more);
        assert_same(&expected.path().join("out"), &found.path().join("out"), name);
    };
    same(&gzip(&plain), "lines.csv.gz", &[]);
    same(&zstd(&plain), "lines.csv.zst", &[]);
    same(format!("\u{feff}{}", plain.replace('\n', "\r\n").replace(',', ";")).as_bytes(), "excel.csv", &[]);
    let us: String = plain
        .lines()
        .map(|line| match (line.get(..4), line.get(10..)) {
            (Some("2021"), Some(rest)) => format!("{}/{}/2021{rest}\n", &line[5..7], &line[8..10]),
            _ => line.replace("date", "Day").replace("amount", "Sale (Dollars)") + "\n",
        })
        .collect();
    let us = us.replace(",item-", ", item-");
    same(us.as_bytes(), "us.csv", &["--dates", "us", "--column", "date=Day"]);
    // Two files, the later months first.
    let directory = written(table(&lines[400..]).as_bytes(), "late.csv");
    fs::write(directory.path().join("early.csv.gz"), gzip(&table(&lines[..400]))).expect("written");
    let output = close(directory.path(), "late.csv", &["--sales", "early.csv.gz"]);
    assert!(output.status.success(), "{}", transcript(&output));
    assert_same(&expected.path().join("out"), &directory.path().join("out"), "two files");
}

/// A store that the table of stores does not know is an account of its own, and that is said.
#[test]
fn stores_that_are_not_in_the_table() {
    let lines = made_up();
    let directory = written(table(&lines).as_bytes(), "lines.csv");
    fs::write(directory.path().join("stores.csv"), "store,name\n101,Alpha Mart #1\n201,Beta Club\n")
        .expect("written");
    let output = close(directory.path(), "lines.csv", &[]);
    assert!(output.status.success(), "{}", transcript(&output));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "note: 5 stores are not in the store table; each is its own account\n");
    let results = Results::of(directory.path());
    let names: Vec<String> = shown(&results).into_keys().collect();
    assert_eq!(names, ["ALPHA", "BETA", "IND:102", "IND:301", "IND:302", "IND:901", "IND:902"]);
    assert_eq!(shown(&results).values().sum::<i128>(), sums(&lines, "2021-03").values().sum::<i128>());
}

/// Lines of zero units, zero money or both, an account that only sends back, and ids with spaces around them.
#[test]
fn lines_that_are_unusual() {
    let mut lines = made_up();
    lines.retain(|(day, store, ..)| !(*store == "902" && day.starts_with("2021-03")));
    let day = || "2021-03-05".to_owned();
    lines.push((day(), "902", "item-1".to_owned(), -6, -2994));
    lines.push((day(), "101", "item-2".to_owned(), 12, 0));
    lines.push((day(), "101", "item-2".to_owned(), 0, 0));
    lines.push((day(), "201", "item-3".to_owned(), 0, 150));
    let text = table(&lines).replace(",302,", ", 302 ,");
    let directory = closed(text.as_bytes(), "lines.csv", &[]);
    let results = Results::of(directory.path());
    assert_eq!(shown(&results), sums(&lines, "2021-03"));
    assert_eq!(shown(&results)["IND:902"], -2994);
    naive::ledger(&results);
    naive::ageing(&results);
    naive::statements(&results);
    naive::checks(&results, 8);
}

/// The report shortens its tables; what it points at is in it, and the files have everything.
#[test]
fn more_accounts_than_the_report_shows() {
    let mut text = String::from("date,invoice,store,item,units,amount\n");
    for store in 1000..1080 {
        writeln!(text, "2021-03-05,I-{store},{store},item-1,1,{store}.50").expect("written");
    }
    text += "2021-03-06,I-1,101,item-1,1,9999.99\n";
    let directory = written(text.as_bytes(), "lines.csv");
    let (head, contracts) = CONTRACTS.split_once("[[contract]]").expect("contracts");
    // An account whose name is not plain in HTML, and only the contract for everyone.
    let head = head.replace("account = \"ALPHA\"", "account = \"A & B'S <BEST>\"");
    let everyone = contracts.rsplit_once("[[contract]]\n").expect("contracts").1;
    fs::write(directory.path().join("terms.toml"), format!("{head}[[contract]]\n{everyone}"))
        .expect("written");
    let output = close(directory.path(), "lines.csv", &[]);
    assert!(output.status.success(), "{}", transcript(&output));
    let results = Results::of(directory.path());
    assert_eq!(results.list("/statements").len(), 81);
    assert_eq!(results.table("accounts.csv").len(), 81);
    naive::ledger(&results);
    naive::ageing(&results);
    naive::statements(&results);
    naive::page(&results);
}

#[test]
fn lines_that_cannot_be_used() {
    let plain = table(&made_up());
    let mut failed = Vec::new();
    let mut case = |name: &str, lines: &[u8], file: &str, contracts: &str, more: &[&str]| {
        let directory = written(lines, file);
        fs::write(directory.path().join("terms.toml"), contracts).expect("written");
        let output = close(directory.path(), file, more);
        if output.status.code() != Some(2) || !output.stdout.is_empty() {
            failed.push(format!("{name}\n{}", transcript(&output)));
        }
        assert!(GOLDEN.contains(&name));
        assert_eq!(
            fs::read_dir(directory.path()).expect("readable").count(),
            3,
            "{name} left something behind"
        );
        compare(name, &String::from_utf8_lossy(&output.stderr), &mut failed);
    };
    let packed = zstd(&plain);
    case("lines_truncated_zst", &packed[..packed.len() * 2 / 3], "lines.csv.zst", CONTRACTS, &[]);
    let mut damaged = gzip(&plain);
    let middle = damaged.len() - 6;
    damaged[middle] ^= 0x55;
    case("lines_damaged_gzip", &damaged, "lines.csv.gz", CONTRACTS, &[]);
    case("lines_empty_file", b"", "lines.csv", CONTRACTS, &[]);
    let renamed = plain.replacen("store", "outlet", 1).replacen("units", "pieces", 1);
    case("lines_missing_columns", renamed.as_bytes(), "lines.csv", CONTRACTS, &[]);
    case("lines_month_outside", plain.as_bytes(), "lines.csv", CONTRACTS, &["--month", "2021-04"]);
    let unknown = CONTRACTS.replace("account = \"BETA\"\ncurrency", "account = \"BETTA\"\ncurrency");
    case("lines_unknown_account_in_contracts", plain.as_bytes(), "lines.csv", &unknown, &[]);
    let broken = [
        "03/05/2021,I,101,item-1,1,4.99",
        "1021-03-05,I,101,item-1,1,4.99",
        "2021-03-05,I,,item-1,1,4.99",
        "2021-03-05,I,101,an item whose name is longer than any id may be,1,4.99",
        "2021-03-05,I,101,item-1,1.5,4.99",
        "2021-03-05,I,101,item-1,1,4.999",
        "2021-03-05,I,101,item-1,1,CNY 4.99",
        "2021-03-05,I,101,item-1,1,-4.99",
        "2021-03-05,I,101,item-1,1",
    ];
    let broken = format!("{plain}{}\n", broken.join("\n"));
    case("lines_bad_values", broken.as_bytes(), "lines.csv", CONTRACTS, &[]);
    assert!(failed.is_empty(), "{} cases differ\n{}", failed.len(), failed.join("\n\n"));
}

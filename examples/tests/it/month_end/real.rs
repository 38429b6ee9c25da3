//! A month of public invoice lines: what the State of Iowa sold to its stores.
//!
//! Set `ENDCAP_DATA` to a directory with `iowa_sales_2021.csv.zst`, `iowa_stores.csv` and `iowa_products.csv`, and build
//! the example with `cargo build --release --example month_end`; else the test says why it did nothing.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::naive;
use super::results::{Results, minor, text};
use super::sample::assert_same;
use crate::program::transcript;

/// The optimised program beside this test's profile: it reads 2.6 million lines.
fn release() -> Option<PathBuf> {
    let test = std::env::current_exe().expect("the path of this test");
    let target = test.ancestors().nth(3).expect("target/<profile>/deps/<test>");
    let program = target.join("release").join("examples").join("month_end");
    Some(program.with_extension(std::env::consts::EXE_EXTENSION)).filter(|program| program.exists())
}

fn close(program: &Path, data: &Path, directory: &Path) -> Results {
    let output = Command::new(program)
        .arg("--sales")
        .arg(data.join("iowa_sales_2021.csv.zst"))
        .arg("--stores")
        .arg(data.join("iowa_stores.csv"))
        .arg("--products")
        .arg(data.join("iowa_products.csv"))
        .arg("--contracts")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts").join("iowa.toml"))
        .args(["--month", "2021-06", "--out", "out"])
        .current_dir(directory)
        .output()
        .expect("the example runs");
    assert!(output.status.success(), "{}", transcript(&output));
    Results::of(directory)
}

/// Rules of the contracts file, read as lines of text.
fn rules() -> Vec<(String, String)> {
    let contracts = include_str!("../../../contracts/iowa.toml");
    let rules = contracts.lines().filter_map(|line| {
        let mut quoted = line.trim().strip_prefix("{ prefix = ")?.split('"');
        Some((quoted.nth(1)?.to_owned(), quoted.nth(1)?.to_owned()))
    });
    rules.collect()
}

/// Sales of June by account, with no code of the example: the whole file as text, split at commas.
fn naive_sales(data: &Path) -> (BTreeMap<String, i128>, i64) {
    let rules = rules();
    assert!(rules.len() > 20, "{rules:?}");
    let mut stores = BTreeMap::new();
    let mut reader = csv::Reader::from_path(data.join("iowa_stores.csv")).expect("the store table");
    for row in reader.records() {
        let row = row.expect("a store");
        stores.insert(row[0].to_owned(), row[1].to_uppercase());
    }
    let file = std::fs::File::open(data.join("iowa_sales_2021.csv.zst")).expect("the lines");
    let mut lines = String::new();
    let mut unpacked = ruzstd::decoding::StreamingDecoder::new(file).expect("a zstd file");
    unpacked.read_to_string(&mut lines).expect("text");
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    let mut rows = 0;
    for line in lines.lines().skip(1) {
        rows += 1;
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 6, "{line}");
        if fields[0].starts_with("2021-06") {
            let name = stores.get(fields[2]);
            let rule = name.and_then(|name| rules.iter().find(|(prefix, _)| name.starts_with(prefix)));
            let account = rule.map_or_else(|| format!("IND:{}", fields[2]), |(_, account)| account.clone());
            *sums.entry(account).or_default() += minor(fields[5]);
        }
    }
    (sums, rows)
}

#[test]
fn real_month_of_public_lines() {
    let Some(data) = std::env::var_os("ENDCAP_DATA").map(PathBuf::from) else {
        eprintln!("skipped: ENDCAP_DATA is not set, so the public lines are absent");
        return;
    };
    if !data.join("iowa_sales_2021.csv.zst").exists() {
        eprintln!("skipped: {} has no iowa_sales_2021.csv.zst", data.display());
        return;
    }
    let Some(program) = release() else {
        eprintln!("skipped: there is no release build; cargo build --release --example month_end makes one");
        return;
    };
    let (first, second) = (tempfile::tempdir().expect("made"), tempfile::tempdir().expect("made"));
    let results = close(&program, &data, first.path());
    assert_eq!(results.money("/total_sales"), minor("38890929.25"));
    let shown: BTreeMap<String, i128> = results
        .list("/accounts")
        .iter()
        .map(|row| (text(row, "/account").to_owned(), minor(text(row, "/sales"))))
        .collect();
    for (account, sales) in [("HY-VEE", "12534578.20"), ("FAREWAY", "2098624.00"), ("CASEY'S", "2399993.35")]
    {
        assert_eq!(shown[account], minor(sales), "{account}");
    }
    let (naive, rows) = naive_sales(&data);
    assert_eq!(results.count("/rows"), rows);
    assert_eq!(shown, naive);
    naive::ledger(&results);
    naive::ageing(&results);
    naive::statements(&results);
    naive::page(&results);
    naive::checks(&results, 8);
    // Goods of an account without consignment are its lines.
    for statement in results.list("/statements").iter().filter(|s| text(s, "/method") != "consignment") {
        assert_eq!(minor(text(statement, "/goods")), naive[text(statement, "/account")], "{statement}");
    }
    // HY-VEE's 2.75 % and the tiers of FAREWAY: 1 % of the first million, 2 % of the rest.
    let of = |account: &str, figure: &str| {
        let mut own = results.list("/statements").iter().filter(|s| text(s, "/account") == account);
        minor(text(own.next().expect("a statement"), figure))
    };
    let fareway = 1_000_000 + (minor("2098624.00") - 100_000_000) * 2 / 100;
    assert_eq!(of("FAREWAY", "/on_invoice"), fareway);
    let kept = of("HY-VEE", "/goods") - of("HY-VEE", "/payment");
    assert_eq!(kept, (minor("12534578.20") * 275 + 5000) / 10_000);
    close(&program, &data, second.path());
    assert_same(&first.path().join("out"), &second.path().join("out"), "two runs");
}

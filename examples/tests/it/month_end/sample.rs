//! The sample data as texts by file name, cut down or changed, and runs of the program on them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::program::example;

/// The files of a full book.
#[derive(Clone, PartialEq)]
pub struct Files(pub BTreeMap<String, String>);

/// Which column holds the account, and which the date, in each file; a file without a date is kept whole.
const COLUMNS: [(&str, Option<usize>, Option<usize>); 11] = [
    ("accounts.csv", Some(0), None),
    ("stores.csv", Some(1), None),
    ("prices.csv", Some(0), None),
    ("sales.csv", Some(1), Some(0)),
    ("deliveries.csv", Some(2), Some(0)),
    ("returns.csv", Some(2), Some(0)),
    ("stock_counts.csv", Some(1), Some(0)),
    ("open_orders.csv", Some(2), None),
    ("activities.csv", Some(1), Some(0)),
    ("promotions.csv", Some(1), Some(3)),
    ("payments.csv", Some(2), None),
];

impl Files {
    /// The sample data.
    pub fn sample() -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(directory).expect("the sample data") {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.ends_with(".csv") || name.ends_with(".toml") {
                files.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
        assert!(files.len() >= 15, "{:?}", files.keys());
        Self(files)
    }

    /// May and June 2026 of three accounts that have, between them, every method but guaranteed minima.
    ///
    /// The book begins in May: what was promoted, owed and paid before is left out.
    pub fn cut() -> Self {
        let accounts = BTreeSet::from(["HEXI", "YUEHE", "TIANMAI"]);
        let mut files = Self::sample();
        for (name, account, date) in COLUMNS {
            let first = match name {
                "stock_counts.csv" => "2026-04-30",
                "activities.csv" => "2026-05",
                "promotions.csv" => "2026-05-11",
                _ => "2026-05-01",
            };
            files.keep(name, |fields| {
                let own = account.is_none_or(|column| accounts.contains(fields[column]));
                own && date.is_none_or(|column| fields[column] >= first)
            });
        }
        let kept: Vec<String> = files.rows("promotions.csv").map(|fields| fields[0].to_owned()).collect();
        files.map("sales.csv", |fields| {
            if !kept.iter().any(|promotion| promotion == fields[5]) {
                fields[5] = "";
            }
        });
        files.keep("payments.csv", |fields| fields[3].split_once('@').is_some_and(|(_, p)| p >= "2026-05"));
        let contracts = files.0.get_mut("contracts.toml").expect("contracts");
        let mut parts = contracts.split("[[contract]]\n");
        let head = parts.next().expect("the head of the file").to_owned();
        *contracts = parts.fold(head, |text, part| {
            let account = part.lines().find_map(|line| line.strip_prefix("account = ")).unwrap_or_default();
            if accounts.contains(account.trim_matches('"')) { text + "[[contract]]\n" + part } else { text }
        });
        // A rebate on the year so far asks for statements of the year so far.
        files.put(
            "contracts.toml",
            "accumulate = { since = \"2026-01-01\" }",
            "accumulate = { since = \"2026-05-01\" }",
        );
        files
    }

    /// The fields of every row of a file, without its header.
    pub fn rows(&self, name: &str) -> impl Iterator<Item = Vec<&str>> {
        self.0[name].lines().skip(1).map(|line| line.split(',').collect())
    }

    /// Leaves out the rows that `keep` does not want.
    pub fn keep(&mut self, name: &str, keep: impl Fn(&[&str]) -> bool) {
        let text = self.0.get_mut(name).expect("a file of the sample");
        let mut rest = String::new();
        for (number, line) in text.lines().enumerate() {
            if number == 0 || keep(&line.split(',').collect::<Vec<_>>()) {
                rest += line;
                rest.push('\n');
            }
        }
        *text = rest;
    }

    /// Changes the fields of every row.
    pub fn map(&mut self, name: &str, change: impl Fn(&mut Vec<&str>)) {
        let text = self.0.get_mut(name).expect("a file of the sample");
        let mut changed = String::new();
        for (number, line) in text.lines().enumerate() {
            let mut fields: Vec<&str> = line.split(',').collect();
            if number > 0 {
                change(&mut fields);
            }
            changed += &fields.join(",");
            changed.push('\n');
        }
        *text = changed;
    }

    /// Replaces the first `from` in a file by `to`.
    pub fn put(&mut self, name: &str, from: &str, to: &str) -> &mut Self {
        let text = self.0.get_mut(name).expect("a file of the sample");
        assert!(text.contains(from), "{name} has no {from:?}");
        *text = text.replacen(from, to, 1);
        self
    }

    /// Replaces every `from` in a file by `to`.
    pub fn put_all(&mut self, name: &str, from: &str, to: &str) -> &mut Self {
        let text = self.0.get_mut(name).expect("a file of the sample");
        assert!(text.contains(from), "{name} has no {from:?}");
        *text = text.replace(from, to);
        self
    }

    /// Puts a line at the end of a file.
    pub fn add(&mut self, name: &str, line: &str) -> &mut Self {
        *self.0.get_mut(name).expect("a file of the sample") += &format!("{line}\n");
        self
    }

    /// Leaves only the header of a file.
    pub fn clear(&mut self, name: &str) -> &mut Self {
        self.keep(name, |_| false);
        self
    }

    /// Writes the files to `data` in a new directory.
    pub fn written(&self) -> TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir(directory.path().join("data")).expect("a directory");
        for (name, text) in &self.0 {
            fs::write(directory.path().join("data").join(name), text).expect("written");
        }
        directory
    }

    /// Writes the files, closes a month and checks that every check of the close holds.
    pub fn closed(&self, month: &str) -> TempDir {
        let directory = self.written();
        let output = close(directory.path(), &["--month", month]);
        assert!(output.status.success(), "{}", crate::program::transcript(&output));
        directory
    }
}

/// Closes the files of `data` in a directory into `out` beside them.
pub fn close(directory: &Path, more: &[&str]) -> Output {
    let mut command = example("month_end");
    command.args(["--data", "data", "--out", "out"]).args(more).current_dir(directory);
    command.output().expect("the example runs")
}

/// Every file below a directory with its bytes.
pub fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).expect("inside").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    files
}

/// Fails where two directories differ, naming the files rather than printing them.
pub fn assert_same(left: &Path, right: &Path, what: &str) {
    let (left, right) = (tree(left), tree(right));
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "{what}");
    let differ: Vec<&String> = left.keys().filter(|name| left[*name] != right[*name]).collect();
    assert!(!left.is_empty() && differ.is_empty(), "{what}: {differ:?} differ");
}

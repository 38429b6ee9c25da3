//! The evidence half: golden cases, laws, errors and calibration.

mod calibration;
mod calibration_shrink;
mod errors;
mod gold_controls;
mod gold_methods;
mod gold_regression;
mod gold_shrink;
mod gold_structural;
mod laws;
mod placebo;
mod season;
mod sensitivity;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::golden::{Row, rows};

/// What the crate answers: numbers and words by case and quantity.
#[derive(Default)]
pub(crate) struct Answers {
    numbers: BTreeMap<(String, String), f64>,
    words: BTreeMap<(String, String), String>,
}

impl Answers {
    pub(crate) fn put(&mut self, case: &str, quantity: impl Into<String>, value: f64) {
        let before = self.numbers.insert((case.to_owned(), quantity.into()), value);
        assert!(before.is_none(), "{case}: given twice");
    }

    pub(crate) fn say(&mut self, case: &str, quantity: &str, word: &str) {
        self.words.insert((case.to_owned(), quantity.to_owned()), word.to_owned());
    }

    /// Every golden row must be answered, and within its tolerance.
    pub(crate) fn agree(&self, golden: &[Row], count: usize) {
        assert_eq!(golden.len(), count);
        let mut wrong = String::new();
        for row in golden {
            let key = (row["case"].to_owned(), row["quantity"].to_owned());
            let relative = row.contains_key("tol_rel");
            let tolerance = row.get("tolerance").or_else(|| row.get("tol_rel")).copied().unwrap_or("");
            if tolerance.is_empty() || self.words.contains_key(&key) {
                let word = self.words.get(&key).map_or("absent", String::as_str);
                if word != row["expected"] {
                    writeln!(wrong, "{key:?}: {word}, expected {}", row["expected"]).unwrap();
                }
                continue;
            }
            let Some(got) = self.numbers.get(&key) else {
                writeln!(wrong, "{key:?}: not answered").unwrap();
                continue;
            };
            let (want, mut allowed): (f64, f64) =
                (row["expected"].parse().unwrap(), tolerance.parse().unwrap());
            if relative {
                allowed *= want.abs();
            }
            // A printed expectation carries half a unit of its last digit.
            let miss = (got - want).abs();
            if miss > allowed || miss.is_nan() {
                writeln!(wrong, "{key:?}: {got}, expected {want} ± {allowed}: off by {miss:e}").unwrap();
            }
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    }
}

/// A column of numbers of a data file.
pub(crate) fn column(rows: &[Row], name: &str) -> Vec<f64> {
    rows.iter().map(|row| row[name].parse().unwrap_or_else(|_| panic!("{name}: {row:?}"))).collect()
}

/// Numbers the ids in order of first appearance.
pub(crate) fn ids(rows: &[Row], name: &str) -> Vec<usize> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter()
        .map(|row| {
            let next = seen.len();
            *seen.entry(row[name]).or_insert(next)
        })
        .collect()
}

pub(crate) fn load(csv: &'static str) -> Vec<Row> {
    rows(csv)
}

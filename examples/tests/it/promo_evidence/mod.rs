//! The evidence half on public data: 88 cheese accounts and 83 orange-juice stores.
//!
//! Set `ENDCAP_DATA` to a directory with `bayesm_cheese.csv.zst` and `bayesm_orangeJuice_yx.csv.zst` to run these; the data
//! carry a licence that keeps them out of this repository.

mod cheese;
mod juice;
mod placebo;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One row by column name.
pub(super) type Row = BTreeMap<String, String>;

/// A compressed CSV of the public data, or nothing when it is not there.
pub(super) fn public(file: &str) -> Option<Vec<Row>> {
    let Some(directory) = std::env::var_os("ENDCAP_DATA").map(PathBuf::from) else {
        eprintln!("skipped: ENDCAP_DATA is not set, so {file} is absent");
        return None;
    };
    let packed = fs::File::open(directory.join(file)).expect("the public file");
    let mut text = String::new();
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(packed).expect("a zstd file");
    decoder.read_to_string(&mut text).expect("text");
    Some(parse(&text))
}

pub(super) fn parse(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        })
        .collect()
}

pub(super) fn golden(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/promo_evidence").join(file);
    parse(&fs::read_to_string(path).expect("golden figures"))
}

pub(super) fn number(row: &Row, key: &str) -> f64 {
    row[key].parse().unwrap_or_else(|_| panic!("{key}: {row:?}"))
}

/// Answers by case and quantity, compared with golden rows one by one.
#[derive(Default)]
pub(super) struct Answers(BTreeMap<(String, String), f64>);

impl Answers {
    pub(super) fn put(&mut self, case: &str, quantity: impl Into<String>, value: f64) {
        assert!(self.0.insert((case.to_owned(), quantity.into()), value).is_none(), "{case}: given twice");
    }

    pub(super) fn agree(&self, golden: &[Row], key: &str, allowed: &str) {
        let mut wrong = Vec::new();
        for row in golden.iter().filter(|row| !row[key].is_empty() && !row[allowed].is_empty()) {
            let quantity = if key == "expected_se" {
                format!("se:{}", row["quantity"])
            } else {
                row["quantity"].clone()
            };
            match self.0.get(&(row["case"].clone(), quantity.clone())) {
                None => wrong.push(format!("{} {quantity}: not answered", row["case"])),
                Some(got) => {
                    let miss = (got - number(row, key)).abs();
                    if miss > number(row, allowed) || miss.is_nan() {
                        wrong.push(format!(
                            "{} {quantity}: {got}, expected {}: off by {miss:e}",
                            row["case"], row[key]
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }
}

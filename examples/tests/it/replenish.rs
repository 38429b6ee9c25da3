//! The example `replenish`.

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("replenish");
}

#[test]
fn the_sample_is_ordered_without_arguments_and_reasons_add_up() {
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("orders.csv");
    let output = example("replenish")
        .args(["--format", "json", "--all", "--lines-out"])
        .arg(&out)
        .output()
        .expect("runs");
    assert!(output.status.success(), "{}", transcript(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let orders = report["orders"].as_array().expect("orders");
    assert_eq!(report["lines"].as_u64(), Some(orders.len() as u64));
    let mut total = 0;
    for order in orders {
        let quantity = order["quantity"].as_i64().expect("pieces");
        let reasons = order["reasons"].as_array().expect("reasons");
        let sum: i64 = reasons.iter().map(|reason| reason["quantity"].as_i64().expect("pieces")).sum();
        assert_eq!(sum, quantity, "{order}");
        total += quantity;
    }
    assert_eq!(report["quantity"].as_i64(), Some(total));
    // The file has the same orders, each with its reasons in columns.
    let mut reader = csv::Reader::from_path(&out).expect("written");
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let (quantity, first, last) = (at("quantity"), at("cover"), at("shelf_capacity"));
    let mut sum = 0;
    for row in reader.records() {
        let row = row.expect("a row");
        let number = |place: usize| row[place].parse::<i64>().expect("pieces");
        assert_eq!((first..=last).map(number).sum::<i64>(), number(quantity));
        sum += number(quantity);
    }
    assert_eq!(sum, total);
}

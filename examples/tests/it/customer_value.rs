//! The example `customer_value`.

use std::fs;

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("customer_value");
}

#[test]
fn the_sample_is_forecast_better_than_by_going_on_as_before() {
    let directory = tempfile::tempdir().expect("a directory");
    let (svg, csv) = (directory.path().join("calibration.svg"), directory.path().join("customers.csv"));
    for model in ["bg-nbd", "mbg-nbd", "pareto-nbd"] {
        let mut command = example("customer_value");
        command
            .args(["--format", "json", "--model", model, "--svg"])
            .arg(&svg)
            .arg("--customers-out")
            .arg(&csv);
        let output = command.output().expect("runs");
        assert!(output.status.success(), "{}", transcript(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((&report["customers"], &report["currency"]), (&Value::from(400), &Value::from("CNY")));
        let fit = &report["model"];
        assert!(fit["gradient_norm"].as_f64().expect("a number") <= 1e-6, "{fit}");
        assert!(fit["agreeing_starts"].as_u64().expect("a number") >= 2, "{fit}");
        let found = &report["calibration"];
        let number = |who: &str, what: &str| found[who][what].as_f64().expect("a number");
        assert!(number("model", "mean_absolute_error") < number("naive", "mean_absolute_error"), "{found}");
        let off = |who: &str| number(who, "total_error_percent").abs();
        assert!(off("model") < 15.0 && off("model") < off("naive") / 2.0, "{found}");
        // The buckets are all customers, and their means sum to the totals.
        let buckets = found["by_frequency"].as_array().expect("buckets");
        let total = |what: &str| -> f64 {
            let number = |bucket: &Value, what: &str| bucket[what].as_f64().expect("a number");
            buckets.iter().map(|bucket| number(bucket, "customers") * number(bucket, what)).sum()
        };
        assert!((total("actual") - found["actual"].as_f64().expect("a number")).abs() < 1e-6);
        assert!((total("model") - number("model", "predicted")).abs() < 1e-6);
    }
    assert!(fs::read_to_string(&svg).expect("drawn").contains("as before"));
    assert_eq!(fs::read_to_string(&csv).expect("written").lines().count(), 401);
}

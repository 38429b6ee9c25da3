//! The example `inventory_backtest`.

use std::path::PathBuf;

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("inventory_backtest");
}

fn json(arguments: &[&str]) -> Value {
    let output =
        example("inventory_backtest").args(arguments).args(["--format", "json"]).output().expect("runs");
    assert!(output.status.success(), "{}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn money(value: &Value) -> f64 {
    value.as_str().expect("money").parse().expect("a number")
}

/// Costs are their parts, the parts are pieces times their price, and the weeks add up.
fn adds_up(report: &Value) {
    let (holding, shortage) = (money(&report["holding"]), money(&report["shortage"]));
    for policy in report["policies"].as_array().expect("policies") {
        let cost = money(&policy["cost"]);
        let parts = money(&policy["holding_cost"]) + money(&policy["shortage_cost"]);
        let left = policy["piece_weeks_left"].as_f64().expect("pieces");
        let short = policy["pieces_short"].as_f64().expect("pieces");
        let weeks: f64 = policy["cost_by_week"].as_array().expect("weeks").iter().map(money).sum();
        for found in [parts, left * holding + short * shortage, weeks] {
            assert!((found - cost).abs() < 1e-6 * cost.max(1.0), "{policy}");
        }
    }
}

#[test]
fn the_sample_is_replayed_without_arguments() {
    let report = json(&[]);
    adds_up(&report);
    assert_eq!((report["weeks"].as_u64(), report["series"].as_u64()), (Some(26), Some(72)));
    assert!(money(&report["saving"]) >= 0.10, "{report}");
}

/// The public VN2 file: 599 products in stores, 157 weeks. Set `ENDCAP_DATA` to a directory with `vn2_sales.csv.zst` and
/// `vn2_in_stock.csv.zst` to run it.
///
/// The options of the default policy were chosen on windows that end before the last 26 weeks.
#[test]
fn real_sales_cost_less_and_a_tenth_less_once_a_season_is_half_known() {
    let Some(directory) = std::env::var_os("ENDCAP_DATA").map(PathBuf::from) else {
        eprintln!("skipped: ENDCAP_DATA is not set, so the public file is absent");
        return;
    };
    let path = |name: &str| directory.join(name).display().to_string();
    let (sales, flags) = (path("vn2_sales.csv.zst"), path("vn2_in_stock.csv.zst"));
    for (from, least) in [
        // Eight and 24 weeks of history, and both peaks of the year ahead.
        ("2021-06-07", 0.04),
        ("2021-09-27", 0.05),
        ("2022-01-24", 0.10),
        ("2022-04-18", 0.10),
        ("2022-05-16", 0.10),
        ("2022-10-17", 0.10),
        ("2023-01-16", 0.10),
        ("2023-04-17", 0.10),
        ("2023-10-16", 0.20),
    ] {
        let report = json(&["--sales", &sales, "--in-stock", &flags, "--from", from]);
        adds_up(&report);
        assert!(money(&report["saving"]) >= least, "{from}: {}", report["saving"]);
    }
}

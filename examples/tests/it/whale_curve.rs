//! The example `whale_curve`.

use std::fs;

use endcap::types::{Currency, Money};
use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("whale_curve");
}

fn money(value: &Value) -> i128 {
    Money::parse(value.as_str().expect("text"), Currency::CNY).expect("an amount").minor()
}

#[test]
fn the_sample_adds_up_and_is_drawn() {
    let directory = tempfile::tempdir().expect("a directory");
    let (svg, csv) = (directory.path().join("whale.svg"), directory.path().join("customers.csv"));
    let mut command = example("whale_curve");
    command.args(["--format", "json", "--top", "400", "--svg"]).arg(&svg).arg("--customers-out").arg(&csv);
    let output = command.output().expect("runs");
    assert!(output.status.success(), "{}", transcript(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    // Revenue less product cost less service is profit, per customer and in all.
    let top = report["top"].as_array().expect("customers");
    assert_eq!(top.len() as u64, report["customers"].as_u64().expect("a count"));
    let mut cumulative = 0;
    for one in top {
        let profit = money(&one["profit"]);
        assert_eq!(
            money(&one["revenue"]) - money(&one["product_cost"]) - money(&one["cost_to_serve"]),
            profit
        );
        cumulative += profit;
        assert_eq!(money(&one["cumulative"]), cumulative);
    }
    assert_eq!(money(&report["profit"]), cumulative);
    let whale = &report["whale"];
    assert_eq!(money(&whale["peak"]) - money(&whale["erosion"]), cumulative);
    // Each pool is charged or unused, to the cent.
    for pool in report["pools"].as_array().expect("pools") {
        assert_eq!(money(&pool["assigned"]) + money(&pool["unused"]), money(&pool["cost"]));
    }
    let losers = report["losers"].as_u64().expect("a count");
    assert!(losers > 0 && report["actions"].as_array().expect("actions").len() as u64 == losers);
    let drawing = fs::read_to_string(&svg).expect("drawn");
    assert!(
        drawing.starts_with("<svg")
            && drawing.contains("20 % make")
            && drawing.trim_end().ends_with("</svg>")
    );
    assert_eq!(fs::read_to_string(&csv).expect("written").lines().count(), top.len() + 1);
}

//! The example `promo_plan`.

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("promo_plan");
}

/// Minor units of an amount with two decimals.
fn fen(amount: &Value) -> i64 {
    amount.as_str().expect("money is a string").replace('.', "").parse().expect("digits")
}

#[test]
fn the_sample_calendar_is_checked_and_its_budget_kept() {
    let output = example("promo_plan").args(["--format", "json"]).output().expect("the example runs");
    assert_eq!(output.status.code(), Some(1), "{}", transcript(&output)); // it holds errors, on purpose
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let portfolio = &answer["portfolio"];
    let taken = portfolio["taken"].as_array().expect("events");
    assert!(!taken.is_empty() && !portfolio["not_worth_it"].as_array().expect("events").is_empty());
    assert_eq!(taken.iter().map(|event| fen(&event["spend"])).sum::<i64>(), fen(&portfolio["spend"]));
    assert_eq!(
        taken.iter().map(|event| fen(&event["net_margin"])).sum::<i64>(),
        fen(&portfolio["net_margin"])
    );
    assert!(fen(&portfolio["spend"]) <= fen(&portfolio["budget"]));
    let severities: Vec<&str> = answer["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|found| found["severity"].as_str())
        .collect();
    for severity in ["error", "warning", "note"] {
        assert!(severities.contains(&severity), "{severity}");
    }
    // More lift is more spend, and more for everybody.
    for event in answer["events"].as_array().expect("events") {
        let lifts = event["lifts"].as_array().expect("three lifts");
        assert_eq!(lifts.len(), 3);
        for (low, high) in lifts.iter().zip(&lifts[1..]) {
            assert!(
                fen(&low["spend"]) < fen(&high["spend"])
                    && fen(&low["supplier_net"]) < fen(&high["supplier_net"])
            );
        }
    }
}

#[test]
fn the_tactics_are_twenty_in_both_languages() {
    for language in ["en", "zh"] {
        let arguments = ["--tactics", "--language", language, "--format", "json"];
        let output = example("promo_plan").args(arguments).output().expect("the example runs");
        let tactics: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(tactics.as_array().expect("a list").len(), 20);
    }
}

//! `promo_eval` on its sample, on bad input, and what it writes.

use std::fs;

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("promo_eval");
}

#[test]
fn the_chart_is_whole_and_the_figures_hold() {
    let directory = tempfile::tempdir().expect("a directory");
    let svg = directory.path().join("lifts.svg");
    let output = example("promo_eval")
        .args(["--format", "json", "--svg"])
        .arg(&svg)
        .output()
        .expect("the example runs");
    assert!(output.status.success(), "{}", transcript(&output));
    let chart = fs::read_to_string(&svg).expect("a chart");
    assert!(chart.starts_with("<svg") && chart.trim_end().ends_with("</svg>"));
    assert!(chart.contains("E05 FUMAN"));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let of =
        |id: &str| found["events"].as_array().expect("events").iter().find(|e| e["event"] == id).cloned();
    // Event and cooldown together: 110 % on two of four weeks, less the week after it.
    assert_eq!(of("E05").expect("E05")["verdict"], "works");
    assert_eq!(of("E13").expect("E13")["expected"], Value::Null); // its cooldown is not over
    let counts = found["counts"].as_object().expect("counts");
    assert_eq!(counts.values().filter_map(Value::as_u64).sum::<u64>(), 14);
    // The interval of every judged event holds its point, and the verdict follows it.
    for event in found["events"].as_array().expect("events").iter().filter(|e| e["effect"].is_string()) {
        let number = |key: &str| event[key].as_str().expect(key).parse::<f64>().expect(key);
        assert!(number("low") <= number("effect") && number("effect") <= number("high"), "{event}");
        assert!(event["verdict"] != "works" || number("low") > 0.0, "{event}");
    }
    let blocked = example("promo_eval").arg("--svg").arg(svg.join("below-a-file")).output().expect("runs");
    assert_eq!(blocked.status.code(), Some(1), "{}", transcript(&blocked));
}

//! The example `classify`.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::program::{example, golden, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("classify");
}

#[test]
fn every_way_of_writing_a_table_gives_the_same_result() {
    let case = golden().join("classify").join("plain");
    let expected = fs::read_to_string(case.join("expected")).expect("the plain case");
    let run = |file: &str| {
        let mut command = example("classify");
        command.args([file, "--key", "account", "--amount", "amount"]).current_dir(golden().join("variants"));
        transcript(&command.output().expect("the example runs"))
    };
    let mut files: Vec<String> = fs::read_dir(golden().join("variants"))
        .expect("variants")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        assert_eq!(run(&file), expected, "{file}");
    }
}

#[test]
fn the_sample_is_classified_without_arguments() {
    let output = example("classify").args(["--format", "json", "--by-month", "date"]).output().expect("runs");
    assert!(output.status.success(), "{}", transcript(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["currency"], "CNY");
    let members: u64 = report["classes"]
        .as_array()
        .expect("classes")
        .iter()
        .filter_map(|class| class["members"].as_u64())
        .sum();
    assert_eq!(Some(members), report["members"].as_u64());
    assert!(report["months"].as_object().expect("months").len() > 1);
}

#[test]
fn a_file_of_members_is_whole_or_absent() {
    let directory = tempfile::tempdir().expect("a directory");
    let case = golden().join("classify").join("plain");
    let out = directory.path().join("members.csv");
    let run = |out: &PathBuf| {
        let mut command = example("classify");
        command.args(["sales.csv", "--members-out"]).arg(out).current_dir(&case);
        command.output().expect("the example runs")
    };
    assert!(run(&out).status.success());
    let members = fs::read_to_string(&out).expect("written");
    assert_eq!(members, fs::read_to_string(case.join("members.csv")).expect("golden"), "{members}");
    // Nothing else is left in the directory, and a place that cannot be written is an error of its own kind.
    assert_eq!(fs::read_dir(directory.path()).expect("readable").count(), 1);
    let blocked = run(&out.join("below-a-file.csv"));
    assert_eq!(blocked.status.code(), Some(1), "{}", transcript(&blocked));
    assert!(blocked.stdout.is_empty());
}

/// The figures of a public file: every wholesale line of the State of Iowa in 2021, 2.6 million of them.
///
/// Set `ENDCAP_DATA` to a directory with `iowa_sales_2021.csv.zst` and `iowa_stores.csv` to run it.
#[test]
fn real_2021_file_gives_its_known_figures() {
    let Some(directory) = std::env::var_os("ENDCAP_DATA").map(PathBuf::from) else {
        eprintln!("skipped: ENDCAP_DATA is not set, so the public file is absent");
        return;
    };
    let figures = fs::read_to_string(golden().join("iowa_2021.json")).expect("figures");
    let figures: Value = serde_json::from_str(&figures).expect("JSON");
    for (name, expected) in figures.as_object().expect("runs") {
        let mut command = example("classify");
        command.arg(directory.join("iowa_sales_2021.csv.zst")).args([
            "--amount",
            "sale_dollars",
            "--format",
            "json",
        ]);
        let key =
            if name.starts_with("account") { "store" } else { name.split('_').next().unwrap_or_default() };
        command.args(["--key", key]);
        if name.starts_with("account") {
            command.arg("--stores").arg(directory.join("iowa_stores.csv"));
            command.arg("--chains").arg(golden().join("iowa_chains.toml")).args(["--by-month", "date"]);
        }
        if name.ends_with("inclusive") {
            command.args(["--convention", "inclusive-le"]);
        }
        let output = command.output().expect("the example runs");
        let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        for (figure, value) in expected.as_object().expect("figures") {
            assert_eq!(&project(&found[figure], value), value, "{name} {figure}");
        }
    }
}

/// Only those members of an object that the expected value has.
fn project(found: &Value, expected: &Value) -> Value {
    match (found, expected) {
        (Value::Object(found), Value::Object(wanted)) => {
            let keep = wanted
                .iter()
                .map(|(key, value)| (key.clone(), project(found.get(key).unwrap_or(&Value::Null), value)));
            Value::Object(keep.collect())
        }
        (Value::Array(found), Value::Array(wanted)) if found.len() == wanted.len() => {
            found.iter().zip(wanted).map(|(found, wanted)| project(found, wanted)).collect()
        }
        _ => found.clone(),
    }
}

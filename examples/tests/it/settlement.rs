//! The examples `settle`, `reconcile` and `compare_terms`.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases_of_settle() {
    run_golden("settle");
}

#[test]
fn golden_cases_of_reconcile() {
    run_golden("reconcile");
}

#[test]
fn golden_cases_of_compare_terms() {
    run_golden("compare_terms");
}

fn run(name: &str, arguments: &[&str]) -> Output {
    example(name).args(arguments).output().expect("the example runs")
}

fn json(name: &str, arguments: &[&str]) -> Value {
    let output = run(name, arguments);
    assert!(output.status.success(), "{}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn statements_written_are_read_again_as_prior() {
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("statements").display().to_string();
    let whole = run("settle", &["--out", &out]);
    assert!(whole.status.success(), "{}", transcript(&whole));
    let mut names: Vec<String> = fs::read_dir(&out)
        .expect("the results")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 9);
    assert_eq!(names[0], "2026-01.en.txt");
    // March from the statements of January and February is March from the movements.
    let file = |name: &str| format!("{out}/{name}");
    let prior = ["--prior", &file("2026-02.json"), "--prior", &file("2026-01.json")];
    let again = json("settle", &[&prior[..], &["--format", "json"]].concat());
    let first = json("settle", &["--format", "json"]);
    assert_eq!(first["statements"].as_array().expect("three").len(), 3);
    assert_eq!(again["statements"].as_array().expect("one").len(), 1);
    assert_eq!(again["statements"][0], first["statements"][2]);
    // A statement that was touched is found out: its identities and its trace are proved when it is read.
    let text = fs::read_to_string(file("2026-02.json")).expect("written");
    let touched = directory.path().join("touched.json").display().to_string();
    let payment = first["statements"][1]["totals"]["payment"]["amount"].as_str().expect("money");
    fs::write(&touched, text.replacen(&format!("\"{payment}\""), "\"1.00\"", 1)).expect("written");
    let refused = run("settle", &["--prior", &touched]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).expect("text");
    assert!(said.contains("expected a statement as --out writes it"), "{said}");
    // Months that lie before the last are settled once.
    let twice = run("settle", &["--prior", &file("2026-03.json")]);
    assert_eq!(twice.status.code(), Some(2), "{}", transcript(&twice));
}

#[test]
fn no_figure_depends_on_what_the_laws_say() {
    let told = json("settle", &["--format", "json"]);
    let untold = json("settle", &["--format", "json", "--law", "none"]);
    assert_eq!(told["statements"], untold["statements"]);
    assert_eq!(untold["compliance"]["findings"].as_array().map(Vec::len), Some(0));
    let findings = told["compliance"]["findings"].as_array().expect("findings");
    assert!(!findings.is_empty());
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    for row in findings {
        let finding = &row["finding"];
        assert!(!text(&finding["article"]).is_empty() && !text(&finding["severity"]).is_empty());
        // Each is told in the text of both languages, too, with what to change.
        for language in ["en", "zh"] {
            let output = run("settle", &["--language", language]);
            let said = String::from_utf8(output.stdout).expect("text");
            for part in [&finding["rule"], &finding["message"][language], &row["change"][language]] {
                assert!(said.contains(&text(part)), "{part} in {said}");
            }
        }
    }
}

#[test]
fn the_parts_of_a_reconciliation_add_up() {
    let told = json("reconcile", &["--format", "json"]);
    let fen = |value: &Value| -> i64 {
        value["amount"].as_str().expect("money is a string").replace('.', "").parse().expect("digits")
    };
    let bridge = &told["report"]["bridge"];
    let rows: i64 = bridge["rows"].as_array().expect("rows").iter().map(|row| fen(&row["amount"])).sum();
    assert_eq!(fen(&bridge["their_balance"]) + rows, fen(&bridge["our_balance"]));
    assert_eq!(fen(&bridge["residual"]), 0);
    let sheet = &told["claim_sheet"];
    let claims = sheet["claims"].as_array().expect("claims");
    assert_eq!(claims.iter().map(|claim| fen(&claim["amount"])).sum::<i64>(), fen(&sheet["claimed"]));
    let parts = ["claimed", "to_book", "tolerated", "waiting"].map(|part| fen(&sheet[part]));
    assert_eq!(parts.iter().sum::<i64>() - fen(&sheet["in_our_favour"]), rows);
    assert_eq!(told["claims"].as_array().expect("claims").len(), claims.len());
    let lines = told["report"]["lines"].as_array().expect("lines").len();
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/reconcile");
    let rows = |name: &str| fs::read_to_string(data.join(name)).expect("the sample").lines().count() - 1;
    assert_eq!(lines, rows("ours.csv") + rows("theirs.csv"));
    // Every difference of the sample can be asked why.
    for claim in claims {
        let asked =
            format!("{} {}", claim["side"].as_str().expect("a side"), claim["line"].as_str().expect("an id"));
        let output = run("reconcile", &["--why", &asked]);
        assert!(output.status.success() && !output.stdout.is_empty(), "{}", transcript(&output));
    }
}

#[test]
fn results_appear_whole_or_not_at_all() {
    let directory = tempfile::tempdir().expect("a directory");
    let blocked = directory.path().join("file");
    fs::write(&blocked, "in the way").expect("written");
    let below = blocked.join("below").display().to_string();
    for (name, option) in [("settle", "--out"), ("reconcile", "--out"), ("compare_terms", "--chart")] {
        let output = run(name, &[option, &below]);
        assert_eq!(output.status.code(), Some(1), "{name} {}", transcript(&output));
        assert!(output.stdout.is_empty(), "{name}");
        assert_eq!(fs::read_dir(directory.path()).expect("readable").count(), 1, "{name}");
    }
    let chart = directory.path().join("cash.svg");
    let output = run("compare_terms", &["--chart", &chart.display().to_string()]);
    assert!(output.status.success());
    let svg = fs::read_to_string(&chart).expect("written");
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>") && svg.contains("credit terms"));
    let out = directory.path().join("recon.json");
    let output = run("reconcile", &["--out", &out.display().to_string()]);
    assert!(output.status.success());
    let written: Value = serde_json::from_str(&fs::read_to_string(&out).expect("written")).expect("JSON");
    assert_eq!(written, json("reconcile", &["--format", "json"]));
}

#[test]
fn the_sample_is_made_byte_for_byte() {
    let directory = tempfile::tempdir().expect("a directory");
    let output = run("generate_sample", &["--out", &directory.path().display().to_string()]);
    assert!(output.status.success(), "{}", transcript(&output));
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let (mut size, mut compared) = (0, 0);
    for folder in ["", "settle", "reconcile", "compare_terms"] {
        for entry in fs::read_dir(data.join(folder)).expect("the sample data") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                continue;
            }
            let text = fs::read(&path).expect("readable");
            size += text.len();
            let name = path.strip_prefix(&data).expect("inside");
            if name.extension().is_some_and(|kind| kind == "csv" || kind == "toml") {
                let made = fs::read(directory.path().join(name)).expect("made");
                assert!(made == text, "{} differs from what generate_sample makes", name.display());
                compared += 1;
            }
        }
    }
    assert!(compared >= 22 && size < 3_000_000, "{compared} files, {size} bytes");
}

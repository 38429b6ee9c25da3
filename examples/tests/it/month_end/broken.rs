//! One thing broken at a time: exit code 2, nothing written, and the words of `golden/month_end/<case>.txt`.
//!
//! With the variable `ENDCAP_BLESS` set, the words are written instead.

use std::fs;
use std::path::Path;

use super::cases::{Case, FIELDS, FILES, REFERENCES, TERMS};
use super::sample::{Files, close};
use crate::program::{golden, transcript};

/// Runs cases; the data and the results of each lie in a directory of its own.
fn run(cases: &[Case]) {
    let cut = Files::cut();
    let mut failed = Vec::new();
    for (name, change, arguments) in cases {
        let mut files = cut.clone();
        change(&mut files);
        assert!(arguments.len() == 2 || files != cut, "{name} breaks nothing");
        let directory = files.written();
        let output = close(directory.path(), arguments);
        let found = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(2) || !output.stdout.is_empty() {
            failed.push(format!("{name}\n{}", transcript(&output)));
        }
        let entries: Vec<_> = fs::read_dir(directory.path())
            .expect("readable")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(entries, ["data"], "{name} left something behind");
        compare(name, &found, &mut failed);
    }
    assert!(failed.is_empty(), "{} of {} cases differ\n{}", failed.len(), cases.len(), failed.join("\n\n"));
}

/// Compares with the golden file, or writes it.
pub fn compare(name: &str, found: &str, failed: &mut Vec<String>) {
    let file = golden().join("month_end").join(format!("{name}.txt"));
    if std::env::var_os("ENDCAP_BLESS").is_some() {
        fs::create_dir_all(file.parent().expect("a directory")).expect("made");
        fs::write(&file, found).expect("written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if found != expected {
        failed.push(format!("{name}\nfound:\n{found}\nexpected:\n{expected}"));
    }
}

#[test]
fn fields_that_cannot_be_read() {
    run(FIELDS);
}

#[test]
fn files_that_do_not_fit_each_other() {
    run(REFERENCES);
}

#[test]
fn contracts_and_settings() {
    run(TERMS);
}

#[test]
fn whole_files_and_several_problems() {
    run(FILES);
}

/// Every golden file belongs to a case, so that none is left behind when a case goes.
#[test]
fn every_golden_file_has_its_case() {
    let mut names: Vec<String> = [FIELDS, REFERENCES, TERMS, FILES]
        .iter()
        .flat_map(|cases| cases.iter().map(|(name, ..)| format!("{name}.txt")))
        .chain(super::lines::GOLDEN.iter().map(|name| format!("{name}.txt")))
        .collect();
    names.sort();
    let mut files: Vec<String> = fs::read_dir(golden().join("month_end"))
        .expect("golden files")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, names);
}

/// A directory with anything but an earlier close is left alone, whatever is in it.
#[test]
fn other_peoples_files_are_left_alone() {
    let directory = Files::cut().written();
    let expected = "expected a new directory, an empty one, or that of an earlier close\n";
    let refused = |out: &Path, why: &str| {
        let output = close(directory.path(), &[]);
        let found = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), found), (Some(2), format!("out: {why}; {expected}")));
        assert!(out.exists());
    };
    let out = directory.path().join("out");
    fs::write(&out, "a file").expect("written");
    refused(&out, "is not a directory that can be read");
    fs::remove_file(&out).expect("removed");
    fs::create_dir(&out).expect("made");
    fs::write(out.join("thesis.docx"), "years of work").expect("written");
    refused(&out.join("thesis.docx"), "holds thesis.docx");
    // Even beside an earlier close.
    fs::write(out.join("close.json"), "{}").expect("written");
    refused(&out.join("thesis.docx"), "holds thesis.docx");
    fs::remove_file(out.join("close.json")).expect("removed");
    // A file of a usual name is no earlier close either.
    fs::rename(out.join("thesis.docx"), out.join("accounts.csv")).expect("renamed");
    refused(&out.join("accounts.csv"), "holds accounts.csv");
}

//! Large inputs: blocks, threads, quotes and line numbers.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::program::{example, transcript};

/// Enough rows for several blocks; `special` replaces the text of chosen lines (line 1 is the header).
fn table(rows: usize, special: &[(usize, &str)]) -> String {
    let mut text = String::from("account,day,amount\n");
    for line in 2..rows + 2 {
        match special.iter().find(|(place, _)| *place == line) {
            Some((_, row)) => text.push_str(row),
            None => write!(
                text,
                "account {:03},2025-06-{:02},{}.{:02}",
                line % 997,
                line % 28 + 1,
                line % 513,
                line % 100
            )
            .expect("written"),
        }
        text.push('\n');
    }
    text
}

fn run(directory: &Path, text: &str, threads: &str, more: &[&str]) -> String {
    fs::write(directory.join("big.csv"), text).expect("written");
    let mut command = example("classify");
    command.args(["big.csv", "--threads", threads]).args(more).current_dir(directory);
    transcript(&command.output().expect("the example runs"))
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let quoted =
        [(90_001, "\"account 001\",2025-06-01,\"1,000.00\""), (90_002, "\"two\nlines\",2025-06-01,5.00")];
    for text in [table(150_000, &[]), table(150_000, &quoted)] {
        let one = run(directory.path(), &text, "1", &["--by-month", "day"]);
        assert!(one.starts_with("exit 0\n"), "{one}");
        for threads in ["2", "3", "8"] {
            assert_eq!(run(directory.path(), &text, threads, &["--by-month", "day"]), one);
        }
    }
}

#[test]
fn line_numbers_are_physical_across_blocks_threads_and_quoted_line_ends() {
    let directory = tempfile::tempdir().expect("a directory");
    let special = [
        (7, "a,2025-06-01,seven"),
        (60_000, "a,2025-06-01,sixty"),
        (60_001, "\"quoted\nname\",2025-06-01,1.00"),
        (120_000, "a,2025-06-01,late"),
    ];
    let text = table(150_000, &special);
    for threads in ["1", "2", "5"] {
        let found = run(directory.path(), &text, threads, &[]);
        let expected = "exit 2\n--- standard output\n--- standard error\n\
            big.csv:7:3: \"seven\": expected an amount such as 1234.50\n\
            big.csv:60000:3: \"sixty\": expected an amount such as 1234.50\n\
            big.csv:120001:3: \"late\": expected an amount such as 1234.50\n";
        assert_eq!(found, expected, "{threads} threads");
    }
}

#[test]
fn problems_are_the_first_by_line_whatever_the_threads() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut text = table(100_000, &[]);
    text = text.replace(",2025-06-", ",2025-13-");
    let one = run(directory.path(), &text, "1", &["--by-month", "day"]);
    assert!(one.contains("big.csv:2:2: \"2025-13-03\": expected a date such as 2021-12-31\n"), "{one}");
    assert!(one.contains("big.csv:21:2: "), "{one}");
    assert!(one.ends_with("… and 99980 more\n"), "{one}");
    assert_eq!(run(directory.path(), &text, "4", &["--by-month", "day"]), one);
}

//! Every speed claim of settlement as a ratio, by one command: `cargo bench --bench settlement_ratios`.
//!
//! Baselines: Y, one `rust_decimal` checked multiplication rounded to two places; M, one `chrono` month added; a plain
//! read and sum of the same columns; `sort_unstable` of the keys. Baseline and subject run by turns in this process, the
//! median of the pairwise ratios is what counts. Every result that is timed is asserted. With `--test` inputs are small
//! and only results are checked. The peers DuckDB and Polars are in `compare_settlement.py`.

mod batch;
mod due;
mod ratio;
mod reconcile;
mod statement;
mod tiers;
mod units;

use ratio::{Line, Mode};

/// A part of the table.
type Part = (&'static str, fn(Mode) -> Vec<Line>);

const PARTS: [Part; 5] = [
    ("tiers", tiers::lines),
    ("due", due::lines),
    ("batch", batch::lines),
    ("statement", statement::lines),
    ("reconcile", reconcile::lines),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [_, rows, groups, threads] = arguments.as_slice()
        && arguments[0] == "--serve-batch"
    {
        return batch::serve(rows.parse().unwrap(), groups.parse().unwrap(), threads.parse().unwrap());
    }
    let mode = if arguments.iter().any(|argument| argument == "--test") {
        Mode::Test
    } else {
        Mode::Measure { pairs: 201 }
    };
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let mut missed = 0;
    for (name, lines) in PARTS {
        if !wanted.is_empty() && !wanted.iter().any(|part| *part == name) {
            continue;
        }
        for line in lines(mode) {
            if mode != Mode::Test {
                line.print();
                missed += usize::from(!line.holds());
            }
        }
    }
    if mode == Mode::Test {
        println!("all results hold");
    } else {
        println!("{missed} bar(s) missed");
    }
}

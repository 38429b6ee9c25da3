//! The tests of `endcap-account`: laws, golden cases and errors.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod errors;
mod errors_scoring;
mod errors_value;
mod golden;
mod golden_account;
mod golden_mcdm;
mod golden_value;
mod laws;
mod laws_account;
mod laws_bulk;
mod laws_mcdm;
mod laws_select;
mod laws_turnaround;
mod laws_value;
mod laws_value_fit;
mod oracle;
#[cfg(feature = "serde")]
mod serde;

/// A golden file: rows of cells by column name; no cell holds a comma.
fn golden(text: &str) -> Vec<std::collections::BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let rows: Vec<_> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{line}");
            header.iter().copied().zip(cells).collect()
        })
        .collect();
    assert!(!rows.is_empty());
    rows
}

/// Decimal texts as integers of one common power of ten.
fn scaled(texts: &[&str]) -> Vec<i128> {
    let decimals =
        texts.iter().map(|text| text.split_once('.').map_or(0, |(_, part)| part.len())).max().unwrap_or(0);
    let scale = |text: &&str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{part:0<decimals$}").parse().expect("an integer")
    };
    texts.iter().map(scale).collect()
}

/// Numbers such as `0.8|1/3`.
fn numbers(text: &str) -> Vec<endcap_types::Exact> {
    text.split('|').map(golden::exact).collect()
}

//! What every example shares: reading other people's files, and writing results that are whole or absent.
//!
//! | module | what it does |
//! |---|---|
//! | [`input`] | opens plain, gzip and zstd files by their first bytes; blocks of whole lines with line numbers |
//! | [`grammar`] | records of quoted text, when lines alone do not tell them apart |
//! | [`table`] | header, delimiter, columns by name; rows to one or several threads |
//! | [`problems`] | every problem as `file:line:column: value: what was expected`, all at once |
//! | [`amount`] | money as people write it to minor units, exactly |
//! | [`date`] | ISO and, when told, US dates |
//! | [`stores`] | a store table: id to name, each id once |
//! | [`fields`] | one field at a time, each with the problem it may have |
//! | [`toml_file`] | TOML written by hand, with the place of what is wrong |
//! | [`contracts`] | the contracts file: one table per contract, every broken rule told |
//! | [`chains`] | ordered name-prefix rules from a TOML file |
//! | [`output`] | files and directories that appear whole or not at all |
//! | [`weekly`] | wide tables with one column a week |
//! | [`progress`] | a bar on the terminal, only for waits longer than a second |
//!
//! An example includes it with `#[path = "../common/mod.rs"] mod common;`.
// Each example uses a part of it.
#![allow(dead_code)]

pub mod amount;
pub mod chains;
pub mod contracts;
pub mod date;
pub mod fields;
pub mod grammar;
pub mod input;
pub mod output;
pub mod problems;
pub mod progress;
pub mod stores;
pub mod table;
pub mod toml_file;
pub mod weekly;

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table for people.
    Text,
    /// One JSON document, money and shares as strings.
    Json,
}

/// In which language reasons are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Tongue {
    /// English.
    En,
    /// 中文.
    Zh,
}

impl From<Tongue> for endcap::types::Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self::En,
            Tongue::Zh => Self::Zh,
        }
    }
}

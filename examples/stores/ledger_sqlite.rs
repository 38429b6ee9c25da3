//! A ledger in an SQLite file: append a journal, verify, balances.
//!
//! ```text
//! cargo run --release --example ledger_sqlite -- --db books.sqlite append examples/data/sample.journal
//! cargo run --release --example ledger_sqlite -- --db books.sqlite verify
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use endcap_example_stores::program::{Asked, MORE, run};
use endcap_example_stores::sqlite::SqliteStore;

/// A ledger kept in an SQLite file, one row an event; a batch is one transaction, on the disk before it is
/// acknowledged.
#[derive(Debug, Parser)]
#[command(name = "ledger_sqlite", after_long_help = MORE)]
struct Options {
    /// The file; made where it is missing.
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    #[command(flatten)]
    asked: Asked,
}

fn main() -> ExitCode {
    let options = Options::parse();
    run(&options.asked, || SqliteStore::open(&options.db, &options.asked.ledger))
}

//! A ledger in PostgreSQL: append a journal, verify, balances.
//!
//! ```text
//! examples/stores/private_postgres start "$PWD/books"        # prints the address
//! cargo run --release --example ledger_postgres -- --db "host=$PWD/books user=postgres dbname=postgres" verify
//! ```

use std::process::ExitCode;

use clap::Parser;
use endcap_example_stores::postgres::PostgresStore;
use endcap_example_stores::program::{Asked, MORE, run};

/// A ledger kept in PostgreSQL, one row an event; a batch is one transaction, on the server's disk before it is
/// acknowledged.
#[derive(Debug, Parser)]
#[command(name = "ledger_postgres", after_long_help = MORE)]
struct Options {
    /// The server and database, such as `host=/run/postgresql user=ledger dbname=books`; a local socket, no TLS.
    #[arg(long, value_name = "ADDRESS")]
    db: String,
    #[command(flatten)]
    asked: Asked,
}

fn main() -> ExitCode {
    let options = Options::parse();
    run(&options.asked, || PostgresStore::connect(&options.db, &options.asked.ledger))
}

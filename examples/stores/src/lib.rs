//! A ledger kept in a database: one row an event, appended in one transaction, replayed and proved on the way back.
//!
//! The ledger itself is pure logic and stores nothing; this is what an embedder writes around it.
//!
//! | module | what it does |
//! |---|---|
//! | [`store`] | what every store promises: [`Store`], [`Position`], [`StoreError`] |
//! | [`sqlite`] | a file: write-ahead log, `synchronous=FULL` |
//! | [`postgres`] | a server: `synchronous_commit=on`, the ledger's row locked while it grows |
//! | [`stress`] | a writer that is made to be killed, and the model that says what must be left |
//! | [`program`] | the command line that both programs share |
//!
//! The promises, which `tests/` prove by killing writers and servers: what was acknowledged is there, nothing is there
//! twice, the chain holds, and the balances are those of a model that never crashed.

pub mod postgres;
pub mod program;
pub mod sqlite;
pub mod store;
pub mod stress;

pub use store::{Appended, Position, Store, StoreError};

//! The tests of `endcap-ledger`: laws, golden cases and errors.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
// Helpers stand outside `#[test]` functions, where the exceptions of clippy.toml do not reach.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod adjust;
mod controls;
mod derive;
mod edges;
mod errors;
mod errors_control;
#[cfg(feature = "serde")]
mod export;
mod fx;
mod golden;
mod group_limits;
mod groups;
mod journal;
mod kit;
mod laws;
mod laws_amounts;
mod laws_items;
mod month_end;
mod oracle;
mod red_letter;
mod roads;
mod script;
mod sim;
mod snapshot;
mod tamper;

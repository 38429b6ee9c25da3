//! The tests of `endcap-inventory`: laws, golden cases, errors, serde.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
// The clippy settings allow these inside test functions; the helpers and oracles beside them need the same.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod errors;
mod errors_models;
mod golden;
mod laws;
mod laws_forecast;
mod laws_models;
mod laws_order;
mod laws_reorder;
mod laws_safety;
mod models_golden;
mod models_golden_plans;
mod peer_args;
mod peer_calls;
mod peer_results;
mod practice;
#[cfg(feature = "serde")]
mod serde_forms;

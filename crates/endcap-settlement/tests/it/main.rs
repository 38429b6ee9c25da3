//! The tests of `endcap-settlement`: laws, golden cases and errors.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

mod broken_rules;
mod cases;
#[cfg(feature = "serde")]
mod document;
mod errors;
mod extremes;
mod golden;
mod golden_consignment;
mod laws;
mod oracle;
mod support;
mod world;

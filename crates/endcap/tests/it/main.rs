//! The tests of `endcap`: the rules of the house, and the bridges.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

mod abc_rule;
mod bridge_errors;
mod bridge_funding;
mod bridge_golden;
mod bridge_goods;
mod bridge_receipts;
mod bridge_revenue;
mod bridge_statements;
mod bridge_stock;
mod glossary;
mod house;
mod kit;
mod numbered_laws;
mod world;

//! The tests of `endcap-calendar`: laws, golden cases, oracles and errors.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod csv;
mod errors;
mod golden;
mod instalments;
mod laws;
mod oracle;
#[cfg(feature = "serde")]
mod serde_form;
mod strategies;

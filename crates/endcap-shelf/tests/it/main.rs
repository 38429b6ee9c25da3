//! The tests of `endcap-shelf`: laws, golden cases and errors.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs
)]

mod assortment;
mod drawing;
mod errors;
mod golden_knapsack;
mod golden_shop;
mod joint;
mod laws_knapsack;
mod laws_plan;
mod laws_shop;
mod mount;
mod oracle;
mod problems;
mod samples;
#[cfg(feature = "serde")]
mod serde;
mod several;
mod shares;
mod trial;
mod worklist;

//! The tests of `endcap-types`: laws, oracles, golden cases, errors and serialised forms.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test that cannot go on fails.

mod common;
mod errors;
mod exact_laws;
mod golden;
mod laws;
mod oracle;
#[cfg(feature = "serde")]
mod serde;
mod split_laws;
mod tax_laws;

//! The tests of `endcap-promo`: laws, golden cases and errors.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
// Helpers of tests are not tests to the linter.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod basket_errors;
mod basket_golden;
mod basket_laws;
mod basket_offers;
mod basket_support;
mod errors;
mod evaluation;
mod evidence;
mod golden;
mod laws;
mod oracle;
mod plan;
mod plan_lifecycle;
#[cfg(feature = "serde")]
mod serde_form;
mod support;

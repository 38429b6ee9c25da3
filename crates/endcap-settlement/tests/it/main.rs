//! The tests of `endcap-settlement`: laws, golden cases and errors.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

mod batch;
mod broken_rules;
mod cases;
mod clause_rules;
mod columns;
mod compare;
mod compare_over_time;
mod compliance;
mod compliance_rules;
mod consigned;
mod credit_discount;
#[cfg(feature = "serde")]
mod credit_document;
mod credit_errors;
mod credit_golden;
mod credit_laws;
mod credit_oracle;
#[cfg(feature = "serde")]
mod document;
mod errors;
mod explained;
mod explained_days;
mod extremes;
mod fingerprints;
mod golden;
mod golden_consignment;
mod golden_till;
mod guarantee_timing;
mod laws;
mod lifecycle;
mod numbered_laws;
mod oracle;
mod rational;
mod reconcile_books;
mod reconcile_claims;
#[cfg(feature = "serde")]
mod reconcile_document;
mod reconcile_errors;
mod reconcile_laws;
mod reconcile_match;
mod reconcile_oracle;
mod restate;
mod scale;
mod stock_terms;
mod support;
mod tier_curve;
mod till_engine;
mod vat_rates;
mod wide;
mod world;

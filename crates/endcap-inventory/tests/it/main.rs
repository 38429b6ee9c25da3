//! The tests of `endcap-inventory`: laws, golden cases and errors.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]

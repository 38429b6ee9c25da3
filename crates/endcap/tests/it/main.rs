//! The tests of `endcap`: the rules of the house, and the bridges.
#![allow(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions, missing_docs)]

mod house;

//! The evidence half (证据): effects with honest intervals, from designs with and without control units.
//!
//! | module | what it answers |
//! |---|---|
//! | [`linalg`], [`distribution`] | the least-squares kernel and the distributions, bit-identical everywhere |
//! | [`regression`] | least squares; HC, Newey–West and clustered standard errors |
//! | [`shrink`] | many accounts: REML, empirical Bayes, known signs |
//! | [`geo`] | matched groups of stores: effect, return on spend, difference in differences |
//! | [`staggered`] | a promotion rolled out in waves |
//! | [`synthetic`], [`simplex`] | synthetic control, demeaned, synthetic DiD; exhaustive placebos |
//! | [`structural`] | one treated series with or without controls: structural time series without Monte Carlo |
//! | [`interrupted`], [`holt_winters`], [`similarity`] | one series alone; seasonal smoothing; choice of controls |
//! | [`panel`], [`demand`] | price, display and feature: store-week panels, accounts |
//! | [`judge`], [`sensitivity`], [`portfolio`] | the verdict in words, with the money; under every baseline; many events ranked |
//! | [`infer`] | permutation, many tests at once, power |
#![allow(clippy::float_arithmetic, reason = "a statistics module: f64 inside, units cross at the border")]

pub mod demand;
pub mod distribution;
mod effect;
mod error;
pub mod geo;
pub mod holt_winters;
pub mod infer;
pub mod interrupted;
pub mod judge;
pub mod linalg;
pub mod panel;
pub mod portfolio;
pub mod regression;
pub mod sensitivity;
pub mod shrink;
pub mod similarity;
pub mod simplex;
pub mod staggered;
pub mod structural;
pub mod synthetic;

pub use effect::{Effect, Relative};
pub use error::{EvidenceError, Inestimable};

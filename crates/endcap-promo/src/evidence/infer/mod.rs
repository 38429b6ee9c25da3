//! Tests without a formula for the noise, many tests at once, and what a test could have seen.
//!
//! | item | what it is |
//! |---|---|
//! | [`permutation`] | placebo, block and exact permutation p-values, sampled for large groups |
//! | [`multiplicity`] | Bonferroni, Holm, Benjamini–Hochberg, Benjamini–Yekutieli |
//! | [`calibration`] | intervals widened by placebo events, conformal limits |
//! | [`conformal`] | p-values, intervals and detectable effects from the ranks of placebo scores |
//! | [`placebo`] | the false-positive rate on windows in which nothing happened, held out by account and period |
//! | [`power`] | power, detectable effect, sample size |

pub mod calibration;
pub mod conformal;
pub mod multiplicity;
pub mod permutation;
pub mod placebo;
pub mod power;
mod sampled;

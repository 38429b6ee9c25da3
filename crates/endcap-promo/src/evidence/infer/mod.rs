//! Tests without a formula for the noise, many tests at once, and what a test could have seen.
//!
//! | item | what it is |
//! |---|---|
//! | [`permutation`] | placebo, block and exact permutation p-values |
//! | [`multiplicity`] | Bonferroni, Holm, Benjamini–Hochberg, Benjamini–Yekutieli |
//! | [`calibration`] | intervals widened by placebo events |
//! | [`power`] | power, detectable effect, sample size |

pub mod calibration;
pub mod multiplicity;
pub mod permutation;
pub mod power;

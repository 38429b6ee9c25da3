//! Many accounts, few weeks each: pull every estimate towards what the others say.
//!
//! | item | what it is |
//! |---|---|
//! | [`RandomEffects`] | one effect an account: REML, moment and Paule–Mandel variance between accounts, BLUPs, posteriors and calibrated intervals |
//! | [`Prior`] | several effects an account: the mean and covariance between accounts by EM |
//! | [`Sign`] | what an effect may not be: a positive price elasticity, a negative display effect |

mod calibrated;
mod integrated;
mod scalar;
mod signed;
mod vector;

pub use scalar::{Between, Blup, RandomEffects};
pub use signed::Sign;
pub use vector::{Account, Posterior, Prior};

//! Customer value (客户价值): how often a customer will still buy, for how much, and what that is worth today.
//!
//! | item | what it is |
//! |---|---|
//! | [`PurchaseLog`], [`PurchaseSummary`] | transactions by customer and day, mergeable, to recency, frequency and age |
//! | [`Cbs`], [`CbsTable`] | one history, and counts of equal ones: all that a likelihood needs |
//! | [`BgNbd`], [`MbgNbd`], [`ParetoNbd`] | repeat buying without contract, in continuous time ([`RepeatBuying`]) |
//! | [`BgBb`] with [`Opportunities`], [`OpportunityTable`] | the same at discrete opportunities |
//! | [`Sbg`] with [`RetentionTable`] | renewals under contract |
//! | [`GammaGamma`] with [`Spend`], [`spend_correlation`] | spend per transaction |
//! | [`ValuePlan`], [`money_from_estimate`] | lifetime value over a stated horizon, and the one way back to money |
//! | [`FitOptions`], [`Penalty`], [`Boundary`] | how to fit |
//! | [`Fit`], [`Estimate`], [`Convergence`], [`FitState`] | estimates, standard errors, and how far to trust them |
//! | [`special`] | the special functions behind them |
//! | [`ValueError`] | what can be wrong |
//!
//! Which model: renewals are seen → [`Sbg`]; purchases at any time and no contract → [`BgNbd`] or [`MbgNbd`]
//! ([`ParetoNbd`] where customers leave between purchases); purchases on order days or promotion slots → [`BgBb`].
//!
//! Models are fitted in floating point, in a unit of time of the caller's choice. Time is scaled by its mean before the
//! search and back after it, equal histories are counted once, sums have a fixed order: the same data give the same
//! bytes, in any order of input. No number that is not finite leaves this module, and a search that ends anywhere but at
//! a maximum is an error that says so.

mod bg;
mod bgbb;
mod bulk;
mod cbs;
mod eigen;
mod error;
mod fit;
mod gamma_gamma;
mod geometric;
#[cfg(test)]
mod gradient_tests;
mod hyper;
mod interpolate;
mod lifetime;
mod mbg;
mod model;
mod money;
mod pareto;
mod purchases;
mod quadrature;
mod sbg;
mod search;
mod special_functions;
mod thinned;

pub use bg::BgNbd;
pub use bgbb::{BgBb, MAX_OPPORTUNITIES, Opportunities, OpportunityTable};
pub use cbs::{Cbs, CbsTable};
pub use error::ValueError;
pub use fit::{Boundary, Convergence, Estimate, Fit, FitOptions, FitState, Penalty};
pub use gamma_gamma::{GammaGamma, Spend, spend_correlation};
pub use lifetime::ValuePlan;
pub use mbg::MbgNbd;
pub use model::RepeatBuying;
pub use money::money_from_estimate;
pub use pareto::ParetoNbd;
pub use purchases::{PurchaseLog, PurchaseSummary};
pub use sbg::{RetentionTable, Sbg};

/// Special functions (特殊函数), evaluated without cancellation; each refuses what it cannot answer.
pub mod special {
    pub use super::hyper::hyp2f1;
    pub use super::special_functions::{digamma, ln_beta, ln_gamma};
}

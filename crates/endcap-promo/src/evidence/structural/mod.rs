//! A Bayesian structural time series without Monte Carlo: the counterfactual of one treated series.
//!
//! `y_t = μ_t + γ_t + x_t'β + ε_t`, `μ_{t+1} = μ_t + η_t`, `γ` a season if there is one. Everything but the scales and the set of included controls is
//! analytic, so the posterior is a finite mixture of normals over a grid of scales and all admissible sets: no seed, no
//! chain, no burn-in, the same bits on every run.
//!
//! | item | what it is |
//! |---|---|
//! | [`impact`] | the effect of an event on one series, with control series if there are any |
//! | [`Season`] | a season that sums to zero over a cycle |
//! | [`StructuralOptions`] | scales' priors and nodes of the grid |
//! | [`Impact`], [`Mixture`] | the posterior of the effect |

mod data;
mod filter;
mod grid;
mod mixture;
mod model;
mod season;
mod sets;

pub use mixture::Mixture;
pub use model::{Impact, StructuralOptions, impact};
pub use season::Season;

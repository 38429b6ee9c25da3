//! Least squares and standard errors that survive correlated weeks, unequal scatter and clustered accounts.
//!
//! | item | what it is |
//! |---|---|
//! | [`Ols`] | coefficients, residuals, fit |
//! | [`Covariance`] | classical, HC0–HC3, Newey–West, first order |
//! | [`FirstOrder`] | noise that remembers the period before; variances of sums |
//! | [`clustered`], [`two_way_clustered`] | accounts, stores or weeks as clusters |
//! | [`diagnostics`] | Breusch–Godfrey, Durbin–Watson |
//! | [`conjugate`] | regression with a normal prior, in closed form |

mod autoregressive;
mod cluster;
pub mod conjugate;
pub mod diagnostics;
mod ols;
mod robust;

pub use autoregressive::{FirstOrder, SumVariance};
pub use cluster::{clustered, two_way_clustered};
pub use ols::Ols;
pub(crate) use ols::roots;
pub use robust::{Covariance, SampleFactor, default_lags};

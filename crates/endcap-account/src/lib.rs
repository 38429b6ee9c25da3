//! Which accounts are key, why, and what each one earns: ABC, concentration, cost to serve, the whale curve.
//!
//! Floor 2 of `endcap`: it stands on `endcap-types` alone. Everything is exact: integers of minor units in, exact
//! fractions or posted money out; only [`Concentration::entropy_nats`] is a floating-point number.
//!
//! | item | what it is |
//! |---|---|
//! | [`classify`] | ABC classes of accounts by money, each with its reason |
//! | [`classify_slice`] | the same as a kernel over `&[i64]` or `&[i128]` |
//! | [`Scheme`] | every decision of a classification: [`Cutoffs`], [`Convention`], [`TiePolicy`], [`NegativePolicy`], [`Measure`] |
//! | [`ClassifiedAccounts`], [`Classification`], [`Placement`], [`ClassTotal`], [`Reason`] | what comes out, and why |
//! | [`Band`], [`Confirmed`], [`class_steps`] | classes with a memory |
//! | [`Concentration`] | HHI, effective number, Gini, top shares, Lorenz curve, entropy |
//! | [`CostPool`], [`TimeEquation`], [`percent_of_time_rate`] | cost to serve by time, unused capacity kept apart |
//! | [`AccountWhale`], [`WhaleCurve`], [`SalesWhaleCurve`] | cumulative profit: who makes it, who destroys how much |
//! | [`GroupedSums`] | mergeable sums per account, the state behind every figure that starts from invoice lines |
//! | [`AccountError`] | what can be wrong with an input |
//!
//! # A worked number
//!
//! The usual spreadsheet rule counts a member's own share, so an account with 90 % of the sales lands in class B and
//! class A stays empty. The default here asks what lies *ahead* of a member:
//!
//! ```
//! use endcap_account::{Convention, Scheme, classify_slice};
//!
//! let sales = [90_i64, 6, 4];
//! let letters = |scheme: &Scheme| -> Result<String, endcap_account::AccountError> {
//!     Ok(classify_slice(&sales, scheme)?.placements().iter().map(|placement| placement.class.letter()).collect())
//! };
//! assert_eq!(letters(&Scheme::default())?, "ABC");
//! assert_eq!(letters(&Scheme { convention: Convention::InclusiveLe, ..Scheme::default() })?, "BCC");
//! # Ok::<(), endcap_account::AccountError>(())
//! ```
//!
//! # Scope of this crate
//!
//! Ranking and measuring accounts from figures that are already summed or summed here. Terms and deductions belong to
//! settlement, stock to inventory; no customer data is fetched, no files are read.

mod abc;
mod concentration;
mod cost;
mod curve;
mod entropy;
mod error;
mod grouped;
mod hysteresis;
mod members;
mod minor;
mod whale;
mod whale_sales;

pub use abc::{
    Class, ClassTotal, Classification, ClassifiedAccounts, Convention, Cut, Cutoffs, MAX_CUTS, Measure,
    NegativePolicy, Placement, Reason, Scheme, TiePolicy, classify, classify_slice,
};
pub use concentration::{Concentration, NegativeShares};
pub use cost::{AccountCost, CostPool, CostToServe, PostedCost, TimeEquation, percent_of_time_rate};
pub use error::AccountError;
pub use grouped::{GroupedSums, Validity};
pub use hysteresis::{Band, Confirmed, class_steps};
pub use minor::MinorUnits;
pub use whale::{AccountWhale, Between, WhaleCurve, WhalePoint};
pub use whale_sales::SalesWhaleCurve;

/// The code of the README, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
struct Readme;

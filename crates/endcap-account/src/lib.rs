//! Which accounts are key, why, and what each one earns: ABC, concentration, cost to serve, the whale curve.
//!
//! Floor 2 of `endcap`: it stands on `endcap-types` alone. Everything is exact: integers of minor units in, exact
//! fractions or posted money out. Four figures are irrational and therefore floating-point numbers, each in a module of
//! its own: [`Concentration::entropy_nats`], [`Topsis::closeness`] (its ranks are exact), [`Priorities`] and
//! [`half_life_periods`]. The models of [`value`] are statistics and float throughout; one function there leads back
//! to money.
//!
//! | item | what it is |
//! |---|---|
//! | [`classify`] | ABC classes of accounts by money, each with its reason |
//! | [`classify_slice`] | the same as a kernel over `&[i64]` or `&[i128]` |
//! | [`Scheme`] | every decision of a classification: [`Cutoffs`], [`Convention`], [`TiePolicy`], [`NegativePolicy`], [`Measure`] |
//! | [`ClassifiedAccounts`], [`Classification`], [`Placement`], [`ClassTotal`], [`Reason`] | what comes out, and why |
//! | [`class_codes`], [`ClassCuts`] | the same classes in linear time, one byte a member, without ranks |
//! | [`with_minimum_sizes`], [`ManualClass`] | classes with least sizes; classes decided by a person, which always expire |
//! | [`data_limits`] | class sizes that the curve itself suggests |
//! | [`Band`], [`Confirmed`], [`BandThenConfirmed`], [`class_steps`] | classes with a memory |
//! | [`ClassTransitions`], [`half_life_periods`] | who moved between classes, retention of a class |
//! | [`Scorecard`], [`PointBands`], [`PotentialGrid`] | habit, spending power and loyalty in points, behind gates; value × potential |
//! | [`CriterionMatrix`] with [`ng`], [`edas`], [`saw`], [`vikor`], [`topsis`], [`best_weights`], [`blended_weights`] | several criteria at once: scores, exact ranks, tie groups |
//! | [`Judgements`] | weights from pairwise judgements, and whether they agree (AHP) |
//! | [`rfm`], [`rank_scores`] | recency, frequency, monetary value by rank |
//! | [`share_of_wallet`], [`retention_rate`], [`churn_rate`], [`repurchase_rate`], [`range_breadth`], [`rank_share`], [`regularity`] | loyalty and habit as exact fractions |
//! | [`Concentration`] | HHI, effective number, Gini, top shares, Lorenz curve, entropy |
//! | [`CostPool`], [`TimeEquation`], [`percent_of_time_rate`] | cost to serve by time, unused capacity kept apart |
//! | [`OrderCosts`], [`account_contribution`] | what small and non-stocked orders do to a margin |
//! | [`AccountWhale`], [`WhaleCurve`], [`SalesWhaleCurve`] | cumulative profit: who makes it, who destroys how much |
//! | [`AccountEconomics`], [`Lever`] | what would bring a loss-making account to its target, each change alone |
//! | [`AccountType`], [`format_features`] | kinds of key account, what follows from them, what a format brings |
//! | [`GroupedSums`] | mergeable sums per account, the state behind every figure that starts from invoice lines |
//! | [`value`] | customer value: BG/NBD, MBG/NBD, Pareto/NBD, BG/BB, sBG, Gamma-Gamma, lifetime value |
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
mod account_type;
mod border;
mod concentration;
mod cost;
mod curve;
mod entropy;
mod error;
mod format_features;
mod grouped;
mod half_life;
mod hysteresis;
mod loyalty;
mod mcdm;
mod members;
mod minor;
mod order_cost;
mod potential;
mod rfm;
mod scorecard;
mod transitions;
mod turnaround;
pub mod value;
mod whale;
mod whale_sales;

pub use abc::{
    Class, ClassCuts, ClassTotal, Classification, ClassifiedAccounts, Convention, Cut, CutPoint, Cutoffs,
    DataLimits, MAX_CUTS, ManualClass, Measure, NegativePolicy, Placement, Reason, Scheme, TiePolicy,
    class_codes, classify, classify_slice, data_limits, with_minimum_sizes,
};
pub use account_type::{
    AccountType, Authority, Expectation, Format, OtherName, Ownership, Scope, Settlement, Supply,
};
pub use concentration::{Concentration, NegativeShares};
pub use cost::{AccountCost, CostPool, CostToServe, PostedCost, TimeEquation, percent_of_time_rate};
pub use error::AccountError;
pub use format_features::{FeeLoad, FormatFeatures, FormatTrait, RangeWidth, format_features};
pub use grouped::{GroupedSums, Validity};
pub use half_life::half_life_periods;
pub use hysteresis::{Band, BandThenConfirmed, Confirmed, class_steps};
pub use loyalty::{
    Evidence, Regularity, churn_rate, range_breadth, rank_share, regularity, repurchase_rate, retention_rate,
    share_of_wallet,
};
pub use mcdm::{
    Best, Consistency, Criterion, CriterionMatrix, Direction, Judgements, MAX_CRITERIA, MAX_JUDGED,
    MAX_JUDGEMENT, NgScore, Priorities, Ranking, Remark, Standing, Topsis, Vikor, Weighting, best_weights,
    blended_weights, edas, ng, ng_score, rank_by, saw, topsis, vikor,
};
pub use minor::MinorUnits;
pub use order_cost::{OrderActivity, OrderCosts, OrderProfit, Stocked, account_contribution};
pub use potential::{Level, PointBands, PotentialGrid};
pub use rfm::{Better, RfmScheme, RfmScore, TieRank, rank_scores, rfm};
pub use scorecard::{Basis, Contribution, Dimension, Gate, MissingPoints, Score, ScoreItem, Scorecard};
pub use transitions::ClassTransitions;
pub use turnaround::{AccountEconomics, Lever, ServiceCost, Strategic};
pub use whale::{AccountWhale, Between, WhaleCurve, WhalePoint};
pub use whale_sales::SalesWhaleCurve;

/// The code of the README, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
struct Readme;

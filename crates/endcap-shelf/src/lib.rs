//! Facings, assortment and planograms with a certificate of how far from the best the plan can be.
//!
//! Floor 2 of `endcap`: a domain crate that knows shelves and nothing of contracts, stock or ledgers. No clock, no files, no
//! floating point but in `joint`, the expectations of random demand: the same question gets the same bytes everywhere.
//!
//! | item | what it is |
//! |---|---|
//! | [`plan`] → [`ShelfPlan`] | products and furniture in, planogram with profit and proof out |
//! | [`plan_facings`] → [`FacingPlan`] | facings on one run of shelf, without furniture |
//! | [`plan_facings_with_shares`] | the same with shares of the width agreed |
//! | [`mckp::solve`] | the knapsack under both: integers in, proven optimum or certified gap out |
//! | [`mmkp::solve`] | the same under several capacities: levels, segments, shares of brands |
//! | [`Certificate`], [`Status`] | lower and upper bound, and whether they meet |
//! | [`ProfitCurve`], [`SpaceElasticity`] | what a product earns as its facings grow |
//! | [`joint_profit`], [`joint_curve`], [`JointDemand`] | facings and orders together: stock capped by the shelf, stepped by the case |
//! | [`FacingRule`], [`Stocking`], [`CaseRule`] | how many facings a product may have |
//! | [`Product`], [`ProductSpec`], [`SizeMm`] | a box that sells |
//! | [`Fixture`], [`Segment`], [`Shelf`], [`Place`] | the furniture, in millimetres |
//! | [`Mount`], [`PegGrid`], [`Notches`] | boards or pegs, and the notches that boards hang in |
//! | [`Orientation`], [`Hanging`] | how a product may be turned, and whether it hangs |
//! | [`Planogram`], [`Placement`], [`Problem`] | what stands where, and everything that is wrong with it |
//! | [`Planogram::to_svg`], [`SvgOptions`] | the drawing |
//! | [`ShareRule`], [`Planogram::validate_shares`] | shares of the width that brands and categories must have or may not exceed |
//! | [`share_of_shelf`], [`fair_share_index`] | share of shelf, and how it compares with share of market |
//! | [`compliance`], [`Front`], [`Compliance`] | how well the shop keeps to the plan |
//! | [`Planogram::work_list`], [`Visit`], [`Task`] | what to do at the shelf so that it keeps to the plan |
//! | [`assortment()`], [`Candidate`], [`AssortmentLine`] | keep, list, delist, with buyers turning to neighbours |
//! | [`Trial::judge`], [`TrialTarget`], [`TrialVerdict`] | entry trials: keep, extend or delist by targets agreed before |
//! | [`limits`] | the one table of limits |
//! | [`ShelfError`] | why a question was refused |
//!
//! # Scope of this crate
//!
//! One block a product, static demand. Facings do not know of substitution between products; the assortment does.

mod assortment;
mod certificate;
mod compliance;
mod curve;
mod error;
mod facings;
mod facings_shares;
mod fixture;
mod joint;
pub mod limits;
pub mod mckp;
pub mod mmkp;
mod mount;
mod plan;
mod planogram;
mod power;
mod problem;
mod product;
mod quota;
#[cfg(feature = "serde")]
mod read;
mod share;
mod svg;
mod trial;
mod validate;
mod worklist;

pub use assortment::{Assortment, AssortmentLine, Candidate, Decision, Listing, Role, assortment};
pub use certificate::{Certificate, Status};
pub use compliance::{Compliance, Front, compliance};
pub use curve::{ProfitCurve, SpaceElasticity};
pub use endcap_types::Language;
pub use error::{OutOfReach, ShelfError};
pub use facings::{CaseRule, FacingLine, FacingPlan, FacingRequest, FacingRule, Stocking, plan_facings};
pub use facings_shares::plan_facings_with_shares;
pub use fixture::{Fixture, FixtureSpec, Notches, OffNotch, Place, Segment, Shelf};
pub use joint::{JointDemand, JointPoint, joint_curve, joint_profit};
pub use mount::{Hanging, Mount, Orientation, PegGrid};
pub use plan::{PlanLine, PlanOptions, ShelfPlan, plan};
pub use planogram::{Placement, Planogram};
pub use problem::Problem;
pub use product::{Product, ProductSpec, SizeMm};
pub use quota::ShareRule;
pub use share::{Share, fair_share_index, share_of_shelf};
pub use svg::SvgOptions;
pub use trial::{
    Trial, TrialDecision, TrialLine, TrialMeasure, TrialScore, TrialSpec, TrialTarget, TrialVerdict,
    TrialWeek,
};
pub use worklist::{PriceTag, SeenBlock, SeenLot, Task, Visit, Work};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

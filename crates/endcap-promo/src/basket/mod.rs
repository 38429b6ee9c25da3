//! Offers at the till, exact to the cent: what a basket costs, why, and who pays for it (促销计价).
//!
//! | item | what it is |
//! |---|---|
//! | [`Basket`], [`LotKey`] | goods at regular prices, merged into lots |
//! | [`Offer`], [`PriceCut`], [`Threshold`], [`Pick`] … | what an offer gives, mechanic by mechanic |
//! | [`Rule`], [`Scope`], [`Limits`], [`Funder`] | its terms: on what, for whom, when, how much, who pays |
//! | [`Stack`], [`Group`], [`Stacking`] | which offers go together, in which order |
//! | [`Context`], [`Used`] | store time, member or guest, counters of what was used before |
//! | [`settle_basket`], [`BasketSettlement`] | the answer: lines, offers with reasons, funding |
//! | [`refund`], [`Refund`] | goods brought back |
//! | [`BasketError`] | what can be wrong |
//!
//! # Rules of the till
//!
//! - Discount of a line: `0 ≤ d ≤ value`. An offer never raises a price and never makes a total negative.
//! - One rounding site an offer: percent once per line, nth unit once per discounted unit, basket amounts once and
//!   then split by largest remainder, ties by item.
//! - Unit counts reach with `≥`; so does spend, taken after the earlier stages.
//! - A unit used up by one set is not taken by another.

mod context;
mod error;
mod explain;
mod goods;
mod item;
mod offer;
mod outcome;
mod price_cut;
mod returns;
mod rule;
mod set;
mod settle;
mod spend;
mod stack;
mod state;

pub use context::{Context, Membership, Used};
pub use error::BasketError;
pub use goods::{Basket, LotKey};
pub use offer::{
    AmountStep, Counting, GiftFor, Offer, Pick, RateStep, RebateRule, Slot, SplitSafety, Stage, Threshold,
    TierMode, UnitStep,
};
pub use outcome::{AppliedOffer, BasketSettlement, Handout, LineOutcome, Status};
pub use price_cut::PriceCut;
pub use returns::{Refund, refund};
pub use rule::{Audience, Funder, LimitScope, Limits, Rule, Scope, UnitUse, Window};
pub use settle::settle_basket;
pub use stack::{Group, PriceInversion, Stack, Stacking};

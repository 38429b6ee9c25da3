//! Planning promotions before they run: principles as checks, calendar clashes, budget, ranking, lifecycle (促销计划).
//!
//! | item | what it is |
//! |---|---|
//! | [`PlannedEvent`], [`Objective`], [`Design`] | an event as planned, with what it is for and how it will be judged |
//! | [`check`], [`Finding`], [`Check`], [`Severity`] | the principles of promotion, all findings at once |
//! | [`forecast`], [`Forecast`] | spend, net margin and break-even at a lift |
//! | [`rank`], [`RankBy`], [`Portfolio`] | which events a budget should buy |
//! | [`Lifecycle`], [`Command`], [`State`] | draft to closed, with guards |

mod check;
mod event;
mod finding;
mod forecast;
mod lifecycle;

pub use check::check;
pub use event::{CheckRules, Dependence, Design, Objective, PlannedEvent, ReferencePrice, Target};
pub use finding::{Check, Finding, Severity};
pub use forecast::{Forecast, Portfolio, RankBy, RankedEvent, forecast, rank};
pub use lifecycle::{Claims, Command, Completeness, Lifecycle, LifecycleError, State};

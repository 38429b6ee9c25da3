//! Suggested orders (建议订单) whose reasons add up to the quantity.

mod columns;
mod kernel;
mod line;
mod order_days;
mod reason;
mod request;
mod totals;

pub use columns::{
    CaseRounding, Column, ConflictRule, Demand, MinimumRule, OrderColumns, OrderOptions, PalletPercent,
    Safety, SalesFactor,
};
pub use kernel::{suggest_all, suggest_into};
pub use line::{OrderLine, Outcome};
pub use order_days::{OrderTiming, order_timing};
pub(crate) use reason::pieces;
pub use reason::{Basis, Reason, ReasonKind};
pub use request::{DemandOf, Limit, OrderRequest, SafetyOf, SuggestedOrder, suggest};
pub use totals::OrderTotals;

//! 结算方式比较: what credit terms, consignment and concession are worth today for one unit of goods.
//!
//! | item | what it is |
//! |---|---|
//! | [`compare_terms`], [`Scenario`] → [`Comparison`] | present values and break-even points |
//! | [`Discounting`] | simple, exact in rationals; compound, the power in f64 |
//! | [`BreakEvenDays`] | credit days at which credit terms are worth what consignment is |
//! | [`sensitivity`], [`Change`] → [`SensitivityRow`] | the comparison with one figure changed at a time |

mod compound;
mod scenario;
mod sensitivity;
mod simple;
mod terms;

pub use scenario::Scenario;
pub use sensitivity::{Change, SensitivityRow, sensitivity};
pub use terms::{BreakEvenDays, Comparison, Discounting, compare_terms};

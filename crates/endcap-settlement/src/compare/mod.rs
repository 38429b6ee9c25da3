//! 结算方式比较: what credit terms, consignment and concession are worth today for one unit of goods.
//!
//! | item | what it is |
//! |---|---|
//! | [`compare_terms`], [`Scenario`] → [`Comparison`] | present values and break-even points |
//! | [`Discounting`] | simple, exact in rationals; compound, the power in f64 |
//! | [`BreakEvenDays`] | credit days at which credit terms are worth what consignment is |
//! | [`sensitivity`], [`Change`] → [`SensitivityRow`] | the comparison with one figure changed at a time |
//! | [`compare_over_time`], [`TradeScenario`] → [`TradeComparison`], [`MethodOutcome`] | one course of sales: dated cash, present value, peak funding, cash-to-cash days, expected loss |
//! | [`DatedQuantity`], [`Timing`], [`TradeGuarantee`] | deliveries and sales, when money comes, the guarantee of a counter |
//! | [`CashFlow`], [`FlowKind`], [`BreakEvenTerm`] | money on a day; credit days that break even |
//! | [`worst_case`], [`trade_sensitivity`], [`TradeChange`] → [`TradeSensitivityRow`] | worst case and sensitivity over time |
//! | [`CompareError`] | what can be wrong with a course of sales |
//!
//! VAT is taken as paid when the money comes: when it is paid earlier or later is not in the figures.
//!
//! # A negotiation
//!
//! A chain offers three ways to sell the same 1,000 pieces (113.00 on the shelf, 79.10 as supply price, both with 13 %
//! VAT, 50.00 of cost) over a quarter: consignment paid 45 days after sale, credit of 60 days, or a counter at 28 %
//! with a guaranteed turnover of 100,000.00. At 10 % cost of capital, [`compare_over_time`] says before the meeting:
//!
//! | | consignment | credit, 60 days | counter, 28 % |
//! |---|---:|---:|---:|
//! | value today | 17,893.18 | 18,121.69 | 19,828.17 |
//! | value if 40 % of the sales do not come | −1,387.14 | 18,121.69 | −7,922.36 |
//! | guarantee top-up in that case | | | 7,978.76 |
//!
//! - The counter is worth more than credit up to a commission of 29.76 %: the two points above the offer are the room.
//! - Credit is worth more than consignment up to 72 days: a longer term must buy something else.
//! - The counter wins only while the goods sell. Who doubts the forecast asks for a lower guarantee, or takes credit.
//!
//! The figures are those of the example at [`compare_over_time`]; the example `compare_terms` of the repository prints
//! them for a file of one's own.

mod compound;
mod error;
mod flows;
mod over_time;
mod scenario;
mod sensitivity;
mod simple;
mod terms;
mod trade;
mod trade_sensitivity;

pub use error::CompareError;
pub use flows::{CashFlow, FlowKind};
pub use over_time::{BreakEvenTerm, MethodOutcome, TradeComparison, compare_over_time};
pub use scenario::Scenario;
pub use sensitivity::{Change, SensitivityRow, sensitivity};
pub use terms::{BreakEvenDays, Comparison, Discounting, compare_terms};
pub use trade::{DatedQuantity, Timing, TradeGuarantee, TradeScenario};
pub use trade_sensitivity::{TradeChange, TradeSensitivityRow, trade_sensitivity, worst_case};

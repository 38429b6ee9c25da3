//! 批量结算: turnover deduction of many account-months at once, over plain columns of till lines.
//!
//! | item | what it is |
//! |---|---|
//! | [`TurnoverState`] | 流水累计: identity → add → merge → finish; exact, in any order and any split |
//! | [`Validity`] | 空值掩码: which rows count |
//! | [`Plan`] | 扣点方案: rate or tiers, guarantee and rounding of one contract and period, ready to be applied |
//! | [`Charged`] | 结果: turnover, commission and guarantee top-up of one group |
//! | [`MinorUnits`] | columns of `i64` and `i128` minor units |
//! | [`BatchError`] | what can be wrong |
//!
//! Rows are numbered groups (account × month, say, dense from 0) and minor units in two slices; the columns of an Arrow
//! batch pass without a copy. Accumulating is linear and knows no contract; tiers, guarantee and rounding happen once a
//! group, in [`TurnoverState::finish`]. The figures equal those of [`settle`](crate::settle) to the minor unit.
//!
//! # Examples
//! ```
//! # #[cfg(feature = "serde")] {
//! use endcap_calendar::Period;
//! use endcap_settlement::Contract;
//! use endcap_settlement::batch::{Plan, TurnoverState, Validity};
//! let contract: Contract = toml::from_str(r#"
//!     id = "C-1"
//!     account = "WANYUE"
//!     currency = "CNY"
//!     valid = "2025"
//!     payment_terms = "from(statement_confirmed);days(45)"
//!     goods_vat = "13%"
//!     [method.turnover_deduction]
//!     rate = "22%"
//!     [method.turnover_deduction.guarantee]
//!     amount = "30000.00"
//!     cycle = "month"
//!     algorithm = "per_period"
//!     rate = "22%"
//! "#).unwrap();
//! let june = Plan::new(&contract, Period::month(2025, 6).unwrap()).unwrap();
//! // Group 0 sold 26,000.00 and misses its guarantee; group 1 sold 31,500.00.
//! let mut state = TurnoverState::identity(2);
//! state.add(&[0, 1, 0], &[2_000_000_i64, 3_150_000, 600_000], Validity::All).unwrap();
//! let charged = state.finish(|_group| &june).unwrap();
//! assert_eq!((charged[0].commission_minor, charged[0].top_up_minor), (572_000, 88_000));
//! assert_eq!((charged[1].commission_minor, charged[1].top_up_minor), (693_000, 0));
//! # }
//! ```
//!
//! # Source
//! House rule; the shape identity, add, merge, finish is that of partial aggregation in query engines.

mod error;
mod plan;
mod state;

pub use error::BatchError;
pub use plan::{Charged, Plan};
pub use state::{MinorUnits, TurnoverState, Validity};

//! Settlement of key accounts: consignment, credit terms, turnover deduction, every clause netted and explained.
//!
//! [`settle`] takes a [`Contract`], the [`Facts`] of a period and the earlier statements, and gives a [`Statement`]
//! whose every amount can be asked why.
//!
//! | item | what it is |
//! |---|---|
//! | [`settle`] | contract + facts + period + earlier statements → statement |
//! | [`Contract`], [`ContractTerms`] | terms, checked and as written; TOML-friendly with the feature `serde` |
//! | [`Method`]: [`Consignment`], [`CreditTerms`], [`TurnoverDeduction`] | 代销实结, 赊销账期, 流水倒扣 |
//! | [`Guarantee`], [`Occupancy`] | 保底: least turnover or commission, with top-up and true-up; rent |
//! | [`Clause`], [`ClauseKind`], [`AmountRule`], [`SettleMode`], [`TaxRule`] | one rule of the trade terms |
//! | [`Stack`], [`StackMode`] | how clauses act on each other |
//! | [`Scope`], [`Selection`], [`Catalogue`] | which goods are meant |
//! | [`TierTable`], [`TierMethod`], [`growth_rebate`], [`free_goods`] | 阶梯: bands that cannot overlap |
//! | [`Facts`]: [`Delivery`], [`GoodsReturn`], [`Sale`], [`Layer`], [`Movement`], [`StockCount`], [`Occasion`], [`PromotionFunding`], [`SideAmount`], [`Product`] | what happened |
//! | [`Statement`], [`StatementLine`], [`Totals`] | what is posted |
//! | [`RollForward`], [`StockReport`] | 进销存: units in, units out, the count |
//! | [`Trace`], [`TraceNode`], [`Formula`], [`Subject`], [`Language`] | why every amount is what it is |
//! | [`SettlementError`], [`Problem`], [`BrokenRule`] | what can be wrong |
//!
//! # Scope of this crate
//!
//! What is owed for one period, and why. Not here: receivables and ageing, reconciliation with the other side's books,
//! accruals, restatement of closed periods, goods of several VAT rates in one contract.

mod canon;
mod clause;
mod contract;
mod engine;
mod error;
mod explain;
mod facts;
mod formula;
mod growth;
mod kind;
mod line;
mod method;
mod problem;
mod roll;
mod scope;
mod statement;
mod subject;
#[cfg(feature = "serde")]
mod text;
mod tiers;
mod trace;
mod validate;

pub use clause::{
    Accumulation, AmountRule, BaseMeasure, Clause, PerUnit, Percent, Proration, SettleMode, Stack, StackMode,
    TaxRule, Tiered, TrueUp,
};
pub use contract::{Contract, ContractTerms};
pub use engine::settle;
pub use error::SettlementError;
pub use explain::Language;
pub use facts::{
    Delivery, Facts, GoodsReturn, Layer, Movement, MovementKind, Occasion, OriginalTerms, Product,
    PromotionFunding, Sale, SideAmount, StockCount,
};
pub use formula::{Formula, Measure};
pub use growth::{GrowthBase, free_goods, growth_rebate};
pub use kind::{ClauseKind, ClauseNature};
pub use line::{Basis, Column, LineKind, StatementLine};
pub use method::{
    CommissionTiers, Consignment, CreditTerms, Guarantee, GuaranteeAlgorithm, GuaranteeMeasure, Method,
    MethodKind, Occupancy, OccupancyMode, PriceBasis, PromotionSales, RateOverride, RateTarget, RefundRate,
    ShrinkBearer, SupplyPrice, TopUpBase, TurnoverDeduction,
};
pub use problem::{BrokenRule, Problem};
pub use roll::RollForward;
pub use scope::{Catalogue, Scope, Selection};
pub use statement::{Statement, StatementParts, StockReport, TotalTraces, Totals};
pub use subject::{Subject, What};
pub use tiers::{Band, Boundary, NextThreshold, Tier, TierMethod, TierPay, TierTable};
pub use trace::{Trace, TraceId, TraceNode};

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
//! | [`GoodsVat`] | goods of several VAT rates in one contract |
//! | [`Scope`], [`Selection`], [`Catalogue`] | which goods are meant |
//! | [`TierTable`], [`TierMethod`], [`growth_rebate`], [`free_goods`] | 阶梯: bands that cannot overlap |
//! | [`Facts`]: [`Delivery`], [`GoodsReturn`], [`Sale`], [`Layer`], [`Movement`], [`StockCount`], [`Occasion`], [`PromotionFunding`], [`SideAmount`], [`Product`] | what happened |
//! | [`Statement`], [`StatementLine`], [`Totals`] | what is posted |
//! | [`restate`], [`restate_after`], [`DeltaLine`] | 重算: closed periods corrected by differences |
//! | [`lifecycle`] | 单据状态: draft → issued → confirmed or disputed → invoiced → paid → closed; no line on two invoices |
//! | [`RollForward`], [`StockReport`] | 进销存: units in, units out, the count |
//! | [`Trace`], [`TraceNode`], [`Formula`], [`Subject`], [`Language`] | why every amount is what it is |
//! | [`Explained`] | the amounts of a reconciliation, a match or a credit step, each with its trace |
//! | [`credit`] | 应收管理: allocation, late interest, dunning, ageing, DSO, exposure, credit loss |
//! | [`discount`] | 现金折扣: what an early payment costs under three tax treatments, and what forgoing it costs |
//! | [`accrual`] | 计提: estimate, true-up and release of trade terms |
//! | [`mod@reconcile`]: [`reconcile()`], [`three_way_match`] | 对账: three-way match, two sets of books, bridge, claims |
//! | [`batch`]: [`TurnoverState`](batch::TurnoverState), [`Plan`](batch::Plan) | 批量: turnover, commission and top-up of many account-months over plain columns |
//! | [`compare`]: [`compare_terms`] | what the three methods are worth today, and where they break even |
//! | [`compliance`]: [`compliance::check`] | 合规检查: laws of trade as dated data, held against contracts and facts |
//! | [`TillMoney`], [`TurnoverBase`], [`share_discounts`], [`TenderRates`] | 流水口径: which till money counts, who bears a discount, rates by tender |
//! | [`TillSale`], [`Tender`], [`TillTerms`], [`Burden`] | 收银明细与口径: sales by discount and tender, and how a contract reads them |
//! | [`RateRule`], [`RateCondition`], [`DepthRange`] | 扣点规则: rates by goods, store, day, promotion, depth and tender |
//! | [`PercentageRent`], [`Breakpoint`] | 保底租金加提成: rent on the sales above a breakpoint |
//! | [`PriceCut`], [`base_stock_payables`], [`DeemedSaleRule`] | 价格保护, 铺底, 视同销售: money that follows stock |
//! | [`Growth`], [`FreeGoods`], [`EvidenceNeed`], [`TierOutlook`] | 增长返利, 搭赠, 凭证要求, 距下一档: rules of clauses beside percentages and tiers |
//! | [`SettlementError`], [`Problem`], [`BrokenRule`] | what can be wrong |
//!
//! # Scope of this crate
//!
//! What is owed for one period and why, what is open and late afterwards, and what is accrued before; whether the other
//! side's books agree, which method is worth most, and what a closed period must be corrected by, and where each statement stands. Not here: entries in a
//! ledger.

pub mod accrual;
pub mod batch;
mod canon;
mod clause;
mod clause_rule;
pub mod compare;
pub mod compliance;
mod consignment_terms;
mod content;
mod contract;
pub mod credit;
mod curve;
mod cut;
pub mod discount;
mod engine;
mod error;
mod explain;
mod explained;
mod fact_block;
mod fact_error;
mod facts;
mod formula;
mod goods_vat;
mod growth;
mod intern;
mod kind;
pub mod lifecycle;
mod line;
mod method;
mod outlook;
mod percentage_rent;
mod problem;
mod rate_rule;
pub mod reconcile;
mod restate;
mod roll;
mod scope;
mod statement;
mod stock_credit;
mod subject;
#[cfg(feature = "serde")]
mod text;
mod tiers;
mod till;
mod till_sale;
mod till_terms;
mod trace;
mod trace_store;
mod validate;

pub use clause::{
    Accumulation, AmountRule, BaseMeasure, Clause, PerUnit, Percent, Proration, SettleMode, Stack, StackMode,
    TaxRule, Tiered, TrueUp,
};
pub use clause_rule::{EvidenceNeed, FreeGoods, FreeGoodsValue, Growth, GrowthBy};
pub use compare::compare_terms;
pub use consignment_terms::{Consignment, PriceBasis, SalesFee, ShrinkBearer, SupplyPrice};
pub use contract::{Contract, ContractTerms};
pub use endcap_types::Language;
pub use engine::settle;
pub use error::SettlementError;
pub use explained::{Explained, ExplainedAmount, ExplainedFigure};
pub use fact_error::FactError;
pub use facts::{
    ClauseEvidence, Delivery, Facts, GoodsReturn, Layer, Movement, MovementKind, Occasion, OriginalTerms,
    Product, PromotionFunding, Reference, Sale, SideAmount, StockCount, SupplyPriceCut,
};
pub use formula::{Formula, Measure};
pub use goods_vat::GoodsVat;
pub use growth::{GrowthBase, free_goods, growth_rebate};
pub use kind::{ClauseKind, ClauseNature};
pub use line::{Basis, Column, LineKind, StatementLine};
pub use method::{
    CommissionTiers, CreditTerms, Guarantee, GuaranteeAlgorithm, GuaranteeMeasure, Method, MethodKind,
    Occupancy, OccupancyMode, PromotionSales, RateOverride, RateTarget, RefundRate, TopUpBase,
    TurnoverDeduction,
};
pub use outlook::TierOutlook;
pub use percentage_rent::{Breakpoint, PercentageRent, PercentageRentDue};
pub use problem::{BrokenRule, Problem};
pub use rate_rule::{DepthRange, InPromotion, RateCondition, RateRule};
pub use reconcile::{reconcile, three_way_match};
pub use restate::{DeltaLine, LineKey, Version, restate, restate_after};
pub use roll::RollForward;
pub use scope::{Catalogue, Scope, Selection};
pub use statement::{Statement, StatementParts, StockReport, TotalTraces, Totals};
pub use stock_credit::{
    BaseStockEvent, DeemedSale, DeemedSaleRule, PriceCut, StockTerms, base_stock_payables,
};
pub use subject::{Subject, What};
pub use tiers::{Band, Boundary, NextThreshold, Tier, TierMethod, TierPay, TierTable};
pub use till::{
    CommissionOn, DiscountSplit, SharedDiscount, TenderRates, TillMoney, TurnoverBase, share_discounts,
};
pub use till_sale::{Tender, TenderAmount, TillDiscount, TillSale};
pub use till_terms::{Burden, BurdenOf, PeerCounter, RefundsInBase, TenderFee, TillTerms};
pub use trace::{Trace, TraceId, TraceNode};

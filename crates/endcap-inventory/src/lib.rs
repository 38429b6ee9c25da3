//! Stock roll-forward, safety stock and suggested orders whose reasons add up to the quantity.
//!
//! Floor 2 of `endcap`: it stands on `endcap-types` and `endcap-calendar` and knows no shelf and no contract;
//! shelf capacity and credit limits come in as plain numbers.
//!
//! | item | what it is |
//! |---|---|
//! | [`roll_forward`], [`RollForward`], [`Flows`], [`MoveKind`] | 进销存: opening + in − out = closing, and the variance of a count |
//! | [`RollState`] | the same for many stocks, from loose movements; mergeable |
//! | [`chain`], [`Carry`] | many periods of one stock as one line |
//! | [`implied_sell_out`] | sales that two counts imply |
//! | [`cover_forward`], [`cover_backward`], [`Cover`] | 库存可销天数: days of supply, exactly |
//! | [`turns_in_pieces`], [`turns_in_money`], [`Turns`] | 库存周转: turns and days per turn, exactly |
//! | [`suggest_all`], [`suggest_into`], [`OrderColumns`], [`OrderLine`] | 建议订单: the kernel over columns of SKU × store |
//! | [`suggest`], [`OrderRequest`], [`SuggestedOrder`] | one order, typed, on top of the kernel |
//! | [`Reason`], [`ReasonKind`], [`Language`] | 订货理由: signed pieces that add up, in English and Chinese |
//! | [`safety_stock`], [`DemandRisk`], [`ServiceGoal`], [`SafetyStock`] | 安全库存: safety stock, reorder point or order-up-to level |
//! | [`cycle_service_of`], [`fill_rate_of`] | the service that a safety stock gives |
//! | [`normal_quantile`], [`normal_cdf`], [`normal_upper_tail`], [`normal_loss`] | the normal distribution behind them |
//! | [`fefo`], [`Batch`], [`FefoPlan`] | 先到期先出: picks by expiry |
//! | [`usable_stock`], [`SellingLot`], [`UsableStock`] | what sells before its date |
//! | [`expiry_on`], [`BandTable`], [`ExpiryStatus`] | 临期: near-expiry bands |
//! | [`accept_on_receipt`], [`LifeLimit`], [`Acceptance`] | 收货效期: acceptance rules as data |
//! | [`intermittent_forecast`], [`demand_profile`] | 间断需求: Croston and relatives, demand class |
//! | [`unconstrained_rate`], [`unconstrained_normal`] | 还原需求: demand behind sold-out days |
//! | [`phantom_signal`], [`phantom_step`], [`lost_sales`] | 虚库存: is it really there, and what it costs |
//! | [`stock_motion`], [`SlowLimits`] | 呆滞: slow and dead stock |
//! | [`order_timing`] | 订货日: how long an order must last |
//! | [`abc_classes`], [`xyz_class`], [`Cuts`] | ABC–XYZ 分类 |
//! | [`OrderTotals`] | orders and reasons summed; mergeable |
//! | [`models`] | 库存模型: EOQ, newsvendor, (r, Q), (s, S), lot sizing, finite horizon, supply risk, multi-echelon |
//! | [`forecast`] | 需求预测与补货策略: pooled forecasts of many series, orders under lost sales |
//! | [`limits`] | the one table of limits |
//! | [`InventoryError`] | what can be wrong with an input |
//!
//! # A month's end
//!
//! Two SKUs of one account: the stock report of June, days of supply, and what to order for July.
//!
//! ```
//! use endcap_calendar::Period;
//! use endcap_inventory::{
//!     cover_backward, suggest_all, Column, ConflictRule, Demand, Language, MoveKind, OrderColumns, OrderOptions,
//!     RollState, Safety,
//! };
//! use endcap_types::RoundingMode;
//!
//! // Movements of June: group 0 is one account × SKU, group 1 another.
//! let june = Period::month(2025, 6)?;
//! let mut state = RollState::new(2);
//! state.accumulate(
//!     &[0, 0, 1, 1, 1],
//!     &[MoveKind::Receipt, MoveKind::Sale, MoveKind::Receipt, MoveKind::Sale, MoveKind::Scrap],
//!     &[600, 700, 240, 60, 4],
//! )?;
//! let stock = state.finish(&[400, 24], &[Some(296), None])?;
//! assert_eq!((stock[0].closing(), stock[0].variance()), (300, Some(-4)));
//! assert_eq!((stock[1].closing(), stock[1].variance()), (200, None));
//!
//! // Days of supply at the pace of June.
//! let cover = cover_backward(stock[0].best_stock(), stock[0].flows().sales, june.days())?;
//! let days = cover.days().map(|days| days.to_fixed(1, RoundingMode::HalfAwayFromZero));
//! assert_eq!(days.as_deref(), Some("12.7"));
//!
//! // Orders: demand over 3 days of lead time and 14 days to the next order, 2 days of safety stock.
//! let on_hand: Vec<i64> = stock.iter().map(|line| line.best_stock()).collect();
//! let sold: Vec<i64> = stock.iter().map(|line| line.flows().sales).collect();
//! let columns = OrderColumns {
//!     safety: Safety::Days(Column::Same(2)),
//!     promotion: Column::Each(&[120, 0]),
//!     case_pack: Column::Each(&[24, 12]),
//!     ..OrderColumns::new(&on_hand, Demand::Rate {
//!         sold: Column::Each(&sold),
//!         sold_days: Column::Same(i64::from(june.days())),
//!         lead_days: Column::Same(3),
//!         review_days: Column::Same(14),
//!     })
//! };
//! let options = OrderOptions { conflict: ConflictRule::OrderNothing, ..OrderOptions::default() };
//! let orders = suggest_all(&columns, &options)?;
//! assert_eq!(orders[0].quantity(), 288);
//! assert_eq!(orders[0].reasons().map(|reason| reason.quantity).sum::<i64>(), 288);
//! assert_eq!(
//!     orders[0].explain(Language::Zh),
//!     "建议订货288件 = 提前期与订货周期需求 +396,安全库存 +46,促销增量 +120,现有库存 −296,补足整件 +2,凑整箱 +20"
//! );
//! assert_eq!(orders[1].explain(Language::En), "order 0 pieces = \
//!     demand over lead time and review interval +34, safety stock +4, stock on hand −200, \
//!     stock already sufficient +162; nothing needed");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Scope of this crate
//!
//! Pieces and days, and costs of models as plain numbers. No postings, no clock, no simulation: the caller's loop replays.
//! Promotion uplift, shelf capacity and contract minimums are numbers; whoever knows them passes them in.

mod acceptance;
mod classes;
mod cover;
mod error;
mod fefo;
pub mod forecast;
mod intermittent;
pub mod limits;
pub mod models;
mod near_expiry;
mod normal;
mod order;
mod phantom;
mod roll;
mod roll_batch;
mod safety;
mod slow;
mod unconstrained;

pub use acceptance::{
    Acceptance, AcceptanceDecision, AcceptanceStep, Approval, BatchDates, LifeLimit, accept_on_receipt,
};
pub use classes::{Abc, Cuts, Xyz, abc_classes, squared_variation, xyz_class};
pub use cover::{Cover, Turns, cover_backward, cover_forward, turns_in_money, turns_in_pieces};
pub use endcap_types::Language;
pub use error::InventoryError;
pub use fefo::{Batch, FefoPlan, FefoRequest, Pick, SellingLot, UsableStock, fefo, usable_stock};
pub use intermittent::{
    DemandClass, DemandProfile, IntermittentMethod, IntermittentOptions, IntermittentStart, demand_profile,
    intermittent_forecast,
};
pub use near_expiry::{Band, BandTable, Expiry, ExpiryStatus, expiry_on};
pub use normal::{normal_cdf, normal_loss, normal_quantile, normal_upper_tail};
pub use order::{
    Basis, CaseRounding, Column, ConflictRule, Demand, DemandOf, Limit, MinimumRule, OrderColumns, OrderLine,
    OrderOptions, OrderRequest, OrderTiming, OrderTotals, Outcome, PalletPercent, Reason, ReasonKind, Safety,
    SafetyOf, SalesFactor, SuggestedOrder, order_timing, suggest, suggest_all, suggest_into,
};
pub use phantom::{PhantomSignal, ShelfDay, lost_sales, phantom_signal, phantom_step, sale_probability};
pub use roll::{Flows, MoveKind, RollForward, implied_sell_out, roll_forward};
pub use roll_batch::{Carry, RollState, chain};
pub use safety::{DemandRisk, SafetyStock, ServiceGoal, cycle_service_of, fill_rate_of, safety_stock};
pub use slow::{LastSale, SlowLimits, StockMotion, StockMotionClass, StockMotionResult, stock_motion};
pub use unconstrained::{DaySales, UnconstrainedNormal, unconstrained_normal, unconstrained_rate};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

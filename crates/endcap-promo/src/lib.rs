//! What a promotion did, who paid for it, and whether the evidence is enough to say so (促销管理).
//!
//! Floor 2 of `endcap`: stands on `endcap-types` and `endcap-calendar` only. No clock, no files, no randomness:
//! the same input gives the same bytes.
//!
//! | item | what it is |
//! |---|---|
//! | [`PromotionPlan`], [`Promotion`], [`Problem`] | a promotion as written, as checked, and everything wrong with it |
//! | [`Mechanic`] | what the shopper gets: price off, buy n get m, bundle, support only |
//! | [`basket`] | offers at the till: baskets, stacking, limits, returns, exact to the cent |
//! | [`tactic`], [`support`] | twenty ways to promote, and what the ones beyond the till cost |
//! | [`plan`] | checks before the start, calendar clashes, ranking under a budget, lifecycle |
//! | [`FundingLine`], [`FundingBasis`], [`FundingAmount`] | who pays on which basis, and what it comes to |
//! | [`WeeklySeries`], [`Week`], [`WeekMark`] | weekly sell-out, with the weeks that may not teach what is normal |
//! | [`Baseline`], [`baseline`] | what would have sold without the event: six methods over clean weeks |
//! | [`noise`] | how far quiet stretches stray: placebo events, out of sample |
//! | [`evaluate`], [`Evaluation`] | one event judged: units, money, verdict, chart data, words in English and Chinese |
//! | [`Economics`], [`EvaluationOptions`] | prices and cost, and how to judge |
//! | [`Verdict`], [`verdict`] | works, does not, or not enough evidence and what could have been seen |
//! | [`Bridge`], [`bridge`] | who paid and who gained, summing to zero |
//! | [`break_even`], [`kpi`], [`net_lift`], [`Measure`] | exact ratios that say when they have no value |
//! | [`commitment`] | cost of coupons, points, rebates and prizes |
//! | [`student_t`], [`border`] | the distribution behind the intervals, and the one crossing between f64 and exact |
//! | [`evidence`] | effects with honest intervals: regression, control groups, synthetic controls, portfolios |
//! | [`limits`], [`PromoError`] | the one table of limits, and what can be wrong |
//!
//! # A worked event
//!
//! A display with 20 % off for two weeks: 1.00 a unit scanned back and 5,000.00 for the display.
//!
//! ```
//! use chrono::{Days, NaiveDate};
//! use endcap_promo::{
//!     Economics, EvaluationOptions, FundingBasis, FundingLine, FundingPurpose, Language, Mechanic, Party, Promotion,
//!     PromotionPlan, SellIn, Verdict, Week, WeekMark, WeeklySeries, evaluate,
//! };
//! use endcap_types::{Currency, Price, Quantity, TaxBasis, Unit};
//!
//! let promotion = Promotion::new(PromotionPlan {
//!     id: "DISPLAY-06".parse()?,
//!     period: "2025-06-02..2025-06-16".parse()?,
//!     skus: vec!["SHAMPOO-400".parse()?],
//!     currency: Currency::CNY,
//!     unit: Unit::Piece,
//!     tax: TaxBasis::Inclusive,
//!     mechanic: Mechanic::PercentOff { rate: "20%".parse()? }, // 8折
//!     funding: vec![
//!         FundingLine {
//!             id: "C-SCAN".parse()?,
//!             purpose: FundingPurpose::PriceSupport,
//!             basis: FundingBasis::ScanBack { per_unit: "1.00".parse()? },
//!             cap: None,
//!         },
//!         FundingLine {
//!             id: "C-DISPLAY".parse()?,
//!             purpose: FundingPurpose::DisplayFee,
//!             basis: FundingBasis::LumpSum { amount: "5000.00".parse()? },
//!             cap: None,
//!         },
//!     ],
//! })?;
//! // Twenty-two quiet weeks around 10,000, two weeks of the event, two weeks after it.
//! let quiet = [10_050, 9_940, 10_080, 9_970, 10_010, 9_930, 10_060, 10_020, 9_960, 10_040, 9_950];
//! let sold: Vec<i64> = quiet.iter().chain(&quiet).copied().chain([18_200, 16_800, 9_100, 9_900]).collect();
//! let first = NaiveDate::from_ymd_opt(2024, 12, 30).ok_or("no such day")?;
//! let mut weeks = Vec::new();
//! for (n, units) in (0_u64..).zip(&sold) {
//!     weeks.push(Week {
//!         start: first + Days::new(7 * n),
//!         sold: Some(Quantity::pieces(*units)?),
//!         shelf_price: None, // the planned price stands in
//!         mark: if (22..24).contains(&n) { WeekMark::Promoted } else { WeekMark::Clean },
//!     });
//! }
//! let series = WeeklySeries::new(weeks)?;
//! let price = |text: &str| -> Result<Price, Box<dyn std::error::Error>> {
//!     Ok(Price::new(text.parse()?, Currency::CNY, Unit::Piece, TaxBasis::Inclusive)?)
//! };
//! let economics = Economics {
//!     unit_cost: price("3.60")?,
//!     supply_price: price("6.00")?,
//!     shelf_regular: price("9.00")?,
//!     sell_in: SellIn::EqualsSellOut,
//! };
//!
//! let evaluation = evaluate(&promotion, &series, &economics, &EvaluationOptions::default())?;
//! let measured = evaluation.measured().ok_or("not measurable")?;
//! let reading = measured.primary().ok_or("no reading")?;
//! assert_eq!(evaluation.spend.to_amount_string(), "40000.00"); // 35,000 × 1.00 + 5,000.00
//! assert_eq!(reading.lift.to_percent(1), "74.8%"); // 14,980 on a base of 20,020
//! assert_eq!(evaluation.effect(), Verdict::Works); // it sold more …
//! assert!(matches!(evaluation.payback(), Verdict::DoesNot { .. })); // … and lost the supplier money
//! assert_eq!(measured.net_margin.to_amount_string(), "-6496.00");
//! assert_eq!(measured.break_even.lift.to_percent(1), "89.3%"); // what it would have taken
//! assert!(measured.bridge.net(Party::Retailer)?.is_positive()); // the chain gained
//! assert!(measured.bridge.sum_over_parties()?.is_zero());
//! for sentence in evaluation.explain(Language::En) {
//!     println!("{sentence}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is measured, and how
//!
//! Weeks of the event and the cooldown after it are forecast from clean weeks only; what stands in a masked week
//! changes no figure. The noise is what the same forecast misses in quiet stretches of the same length, out of
//! sample; the interval is `effect ± t·s` with Student's t and degrees of freedom that allow for overlapping
//! stretches. Two baselines must share a verdict before it is given.
//!
//! # Scope of this crate
//!
//! [`evaluate`] looks at one series without control stores, and every answer of it carries that caveat; designs with
//! control units are in [`evidence`]. No settlement:
//! funding amounts leave as data for a contract clause.

pub mod baseline;
pub mod basket;
pub mod border;
pub mod break_even;
pub mod bridge;
pub mod commitment;
mod error;
mod evaluate;
mod evaluation;
pub mod evidence;
mod exact_units;
mod explain;
mod frame;
mod funding;
pub mod kpi;
pub mod limits;
mod measure;
mod mechanic;
pub mod net_lift;
pub mod noise;
mod options;
pub mod plan;
mod promotion;
mod series;
pub mod student_t;
pub mod support;
pub mod tactic;
pub mod verdict;

pub use baseline::Baseline;
pub use break_even::{BreakEven, FundedEvent};
pub use bridge::{Bridge, BridgeInput, Flow, FlowKind, Party};
pub use endcap_types::Language;
pub use error::PromoError;
pub use evaluate::evaluate;
pub use evaluation::{ChartWeek, Evaluation, Measured, Outcome, Reading, WeekRole};
pub use funding::{
    Accrual, CapEffect, FundingAmount, FundingBasis, FundingLine, FundingPurpose, FundingVolume,
};
pub use kpi::Return;
pub use measure::{Measure, Undefined};
pub use mechanic::Mechanic;
pub use net_lift::{NetLift, NetLiftInput};
pub use options::{Economics, EvaluationOptions, SellIn};
pub use promotion::{Problem, Promotion, PromotionPlan};
pub use series::{Week, WeekMark, WeeklySeries};
pub use verdict::{Decision, DecisionRule, Estimate, EvidenceGap, Gate, NotEvaluable, Shortfall, Verdict};

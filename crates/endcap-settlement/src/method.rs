//! [`Method`]: the three ways a retailer settles for goods.

use endcap_calendar::Grain;
use endcap_types::{CategoryId, PromotionId, Rate, SkuId};
use rust_decimal::Decimal;

use crate::{
    Consignment, PeerCounter, RateRule, SettleMode, TaxRule, TierMethod, TierTable, TillTerms, TrueUp,
    TurnoverBase,
};

/// 结算方式: which event makes money owed.
///
/// # Source
/// The three methods of modern trade: 代销实结, 赊销账期, 流水倒扣.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[allow(clippy::large_enum_variant, reason = "a contract has one method, and there are few contracts")]
pub enum Method {
    /// 代销实结: goods stay the supplier's until sold; settled on sell-through × supply price.
    Consignment(Consignment),
    /// 赊销账期: settled on deliveries less returns, due by the payment terms.
    CreditTerms(CreditTerms),
    /// 流水倒扣: settled on till turnover less the retailer's commission.
    TurnoverDeduction(TurnoverDeduction),
}

impl Method {
    /// Which method.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        match self {
            Self::Consignment(_) => MethodKind::Consignment,
            Self::CreditTerms(_) => MethodKind::CreditTerms,
            Self::TurnoverDeduction(_) => MethodKind::TurnoverDeduction,
        }
    }
}

/// 结算方式名称: a method without its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MethodKind {
    /// 代销实结.
    Consignment,
    /// 赊销账期.
    CreditTerms,
    /// 流水倒扣.
    TurnoverDeduction,
}

impl MethodKind {
    /// The word used in contracts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consignment => "consignment",
            Self::CreditTerms => "credit_terms",
            Self::TurnoverDeduction => "turnover_deduction",
        }
    }

    /// The English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Consignment => "consignment, paid on sell-through",
            Self::CreditTerms => "credit terms",
            Self::TurnoverDeduction => "turnover deduction",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Consignment => "代销实结",
            Self::CreditTerms => "赊销账期",
            Self::TurnoverDeduction => "流水倒扣",
        }
    }
}

/// 赊销账期: nothing to state beyond the contract's payment terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CreditTerms {}

/// 扣点对象: what a commission rate is for; the most specific that fits a sale wins, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RateTarget {
    /// 活动: sales of one promotion.
    Promotion(PromotionId),
    /// 活动: sales of any promotion.
    AnyPromotion,
    /// 单品: one SKU.
    Sku(SkuId),
    /// 品牌: one brand.
    Brand(String),
    /// 品类: one category.
    Category(CategoryId),
}

impl core::fmt::Display for RateTarget {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Promotion(id) => write!(f, "promotion {id}"),
            Self::AnyPromotion => f.write_str("any promotion"),
            Self::Sku(id) => write!(f, "SKU {id}"),
            Self::Brand(name) => write!(f, "brand {name}"),
            Self::Category(id) => write!(f, "category {id}"),
        }
    }
}

/// 特殊扣点: a commission rate for part of the sales.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RateOverride {
    /// What it is for.
    pub at: RateTarget,
    /// The rate.
    pub rate: Rate,
}

/// 退货扣点: the commission rate of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RefundRate {
    /// 原销售扣点: the rate recorded with the original sale, where the refund brings it.
    #[default]
    OriginalSale,
    /// 现行扣点: the rate a sale would have now.
    Current,
}

/// 扣点阶梯: commission by turnover of the period instead of the default rate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CommissionTiers {
    /// How the bands charge.
    pub method: TierMethod,
    /// The bands, over turnover that has no rate of its own.
    pub table: TierTable,
}

/// 流水倒扣: terms of turnover deduction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TurnoverDeduction {
    /// 扣点: the commission rate where nothing more specific fits.
    pub rate: Rate,
    /// Rates for part of the sales; the most specific wins.
    #[cfg_attr(feature = "serde", serde(default))]
    pub overrides: Vec<RateOverride>,
    /// Rates by several dimensions at once, instead of `overrides`; the most specific wins.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub rates: Vec<RateRule>,
    /// 收银口径: how the till is read; without it turnover is the amount of the sales, whatever their discounts and
    /// tenders were. With it every sale must come as a [`TillSale`](crate::TillSale).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub till: Option<TillTerms>,
    /// The rate of refunds.
    #[cfg_attr(feature = "serde", serde(default))]
    pub refund_rate: RefundRate,
    /// Bands in place of the default rate.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub tiers: Option<CommissionTiers>,
    /// 保底: the least turnover or commission.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub guarantee: Option<Guarantee>,
    /// 租金: rent beside or instead of commission.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub occupancy: Option<Occupancy>,
    /// Where commission, top-up and rent are taken off: 票扣 by default.
    #[cfg_attr(feature = "serde", serde(default = "invoice_deduct"))]
    pub settle: SettleMode,
    /// The VAT they carry: the goods' rate by default.
    #[cfg_attr(feature = "serde", serde(default = "goods_tax"))]
    pub tax: TaxRule,
}

impl TurnoverDeduction {
    /// One rate, taken off the invoice at the goods' VAT, without guarantee.
    #[must_use]
    pub const fn at(rate: Rate) -> Self {
        Self {
            rate,
            overrides: Vec::new(),
            rates: Vec::new(),
            till: None,
            refund_rate: RefundRate::OriginalSale,
            tiers: None,
            guarantee: None,
            occupancy: None,
            settle: SettleMode::InvoiceDeduct,
            tax: TaxRule::Goods,
        }
    }
}

#[cfg(feature = "serde")]
const fn invoice_deduct() -> SettleMode {
    SettleMode::InvoiceDeduct
}

#[cfg(feature = "serde")]
const fn goods_tax() -> TaxRule {
    TaxRule::Goods
}

/// 租金与扣点: how rent and commission go together; what is not charged stays on the statement at zero.
///
/// # Source
/// Parameters of shipped concession software; a tie keeps the rent (house rule).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum OccupancyMode {
    /// 租金加抽成: both.
    Sum,
    /// 租金、抽成取高: the larger of rent and commission; the top-up stays.
    MaxRentCommission,
    /// 租金、抽成加保底取高: the larger of rent and commission with top-up.
    MaxRentCommissionGuarantee,
    /// 未达保底不计算抽成: no commission when the guarantee is missed, only the top-up.
    NoCommissionBelowGuarantee,
}

/// 租金: rent of the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Occupancy {
    /// Major units each settlement period; by days where the contract covers part of it.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub rent: Decimal,
    /// How rent and commission go together.
    pub mode: OccupancyMode,
}

/// 保底算法: when a missed guarantee is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GuaranteeAlgorithm {
    /// Each cycle on its own, one settlement a cycle.
    PerPeriod,
    /// 月度预扣, 周期清算: a share of the guarantee each month; the last month settles the cycle less what was charged.
    MonthlyThenTrueUp,
    /// Only with the last month of the cycle.
    CycleEnd,
    /// Each settlement on its own, an excess lowering the guarantees that follow.
    CumulativeCarry,
    /// 期初支付: the guarantee with the first month of the cycle, afterwards only commission above it; measured on
    /// commission.
    PaidAtStart,
}

/// 保底基数: what must reach the guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GuaranteeMeasure {
    /// 销售保底: turnover.
    #[default]
    Turnover,
    /// 利润保底: commission.
    Commission,
    /// Turnover read from the till on a base of its own; needs [`TurnoverDeduction::till`].
    TurnoverOn(TurnoverBase),
    /// 同柜保底: turnover, against a multiple of what a peer counter sold in the cycle.
    PeerCounter(PeerCounter),
}

/// 保底计算基数: what the top-up rate is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TopUpBase {
    /// `(guarantee − measured) × rate`.
    #[default]
    Shortfall,
    /// `guarantee × rate − commission`, not below zero.
    Guarantee,
    /// `turnover × rate − commission`, not below zero.
    Turnover,
}

/// 促销计保底: whether promotion sales count towards the guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum PromotionSales {
    /// They count.
    #[default]
    Count,
    /// They do not.
    Exclude,
}

/// 保底: the least turnover (or commission) a counter promises, and what is charged when it is missed.
///
/// ```text
/// reached when measured ≥ guarantee
/// top-up  = (guarantee − measured) × rate                       shortfall
///         = max(0, guarantee or turnover × rate − commission)   otherwise
/// ```
///
/// # Source
/// Parameters of shipped concession software; the clamp at zero and equal shares by largest remainder are house rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Guarantee {
    /// Major units each cycle.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub amount: Decimal,
    /// 保底周期: month, quarter, half year or year.
    pub cycle: Grain,
    /// When a missed guarantee is charged.
    pub algorithm: GuaranteeAlgorithm,
    /// 保底扣率: the rate of the top-up, which may differ from the commission.
    pub rate: Rate,
    /// What must reach the guarantee.
    #[cfg_attr(feature = "serde", serde(default))]
    pub measure: GuaranteeMeasure,
    /// What the rate is taken of.
    #[cfg_attr(feature = "serde", serde(default))]
    pub top_up_on: TopUpBase,
    /// Whether the last month may give back what was charged before.
    #[cfg_attr(feature = "serde", serde(default))]
    pub true_up: TrueUp,
    /// Whether promotion sales count.
    #[cfg_attr(feature = "serde", serde(default))]
    pub promotion_sales: PromotionSales,
    /// 超额扣率: bands over the turnover above the guarantee, thresholds counted from it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub overage: Option<TierTable>,
}

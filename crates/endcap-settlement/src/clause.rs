//! [`Clause`]: one rule of the trade terms, from what is measured to how it is settled.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{ClauseId, Rate, TaxBasis};
use rust_decimal::Decimal;

use crate::{ClauseKind, EvidenceNeed, FreeGoods, Growth, Scope, StockTerms, TierMethod, TierTable};

/// 基数: what a clause measures in the settlement period, within its scope and validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BaseMeasure {
    /// 毛进货额: value of deliveries.
    GrossPurchases,
    /// 净进货额: value of deliveries less returns.
    NetPurchases,
    /// 流水 / 实销额: till money.
    Turnover,
    /// 结算货款: goods settled on this statement, all of them.
    Goods,
    /// 净进货量: delivered quantity less returned quantity.
    PurchasedQuantity,
    /// 实销量: sold quantity.
    SoldQuantity,
}

impl BaseMeasure {
    /// The word used in contracts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::GrossPurchases => "gross_purchases",
            Self::NetPurchases => "net_purchases",
            Self::Turnover => "turnover",
            Self::Goods => "goods",
            Self::PurchasedQuantity => "purchased_quantity",
            Self::SoldQuantity => "sold_quantity",
        }
    }

    /// Whether units are measured rather than money.
    #[must_use]
    pub const fn is_quantity(self) -> bool {
        matches!(self, Self::PurchasedQuantity | Self::SoldQuantity)
    }
}

/// 计提口径: whether each period stands alone or all periods since a date count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Accumulation {
    /// Each settlement period on its own.
    EachPeriod,
    /// 累计: everything since this day; a statement pays the difference to what earlier statements paid.
    Since(NaiveDate),
}

/// 多退少补: whether a cumulative result may take money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TrueUp {
    /// Pays more or takes back.
    #[default]
    TwoWay,
    /// Never takes back; later growth pays only above what was paid.
    UpOnly,
}

/// A percentage of a measured amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Percent {
    /// What is measured.
    pub of: BaseMeasure,
    /// The rate.
    pub rate: Rate,
    /// Whether the measured amount is taken with or without VAT.
    #[cfg_attr(feature = "serde", serde(default = "inclusive"))]
    pub base_tax: TaxBasis,
}

/// Money per measured unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PerUnit {
    /// What is measured.
    pub of: BaseMeasure,
    /// Major units of the contract's currency per unit.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub amount: Decimal,
}

/// 阶梯: a tier table over a measure, each period or cumulatively.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Tiered {
    /// What is measured.
    pub of: BaseMeasure,
    /// Whether the measured amount is taken with or without VAT.
    #[cfg_attr(feature = "serde", serde(default = "inclusive"))]
    pub base_tax: TaxBasis,
    /// How the bands pay.
    pub method: TierMethod,
    /// The bands.
    pub table: TierTable,
    /// Each period alone or everything since a date.
    pub accumulate: Accumulation,
    /// Whether a cumulative result may take money back.
    #[cfg_attr(feature = "serde", serde(default))]
    pub true_up: TrueUp,
}

/// 计算方式: how the amount of a clause comes about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AmountRule {
    /// Major units each settlement period.
    Fixed(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
    /// Money per measured unit.
    PerUnit(PerUnit),
    /// Major units for each store that the occasions of the clause name.
    PerStore(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
    /// Major units for each count of the occasions of the clause (events, SKUs, display days, heads).
    PerOccasion(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
    /// A share of a measured amount.
    Percent(Percent),
    /// A tier table over a measure.
    Tiered(Tiered),
    /// The promotion money of the clause's kind that the facts bring.
    PromotionFunding,
    /// 增长返利: a rebate for growth over a reference.
    Growth(Growth),
    /// 搭赠: free units for every full multiple.
    FreeGoods(FreeGoods),
    /// 铺底额: goods worth this many major units stay unpaid until the clause ends; a deferral, taken off the payment and
    /// given back at the end.
    BaseStock(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
    /// 价格保护: credit for stock on hand when a supply price falls, as far as the stock was paid for.
    PriceProtection(StockTerms),
}

impl AmountRule {
    /// The word used in contracts.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fixed(_) => "fixed",
            Self::PerUnit(_) => "per_unit",
            Self::PerStore(_) => "per_store",
            Self::PerOccasion(_) => "per_occasion",
            Self::Percent(_) => "percent",
            Self::Tiered(_) => "tiered",
            Self::PromotionFunding => "promotion_funding",
            Self::Growth(_) => "growth",
            Self::FreeGoods(_) => "free_goods",
            Self::BaseStock(_) => "base_stock",
            Self::PriceProtection(_) => "price_protection",
        }
    }

    /// Where accumulation starts, for cumulative rules.
    #[must_use]
    pub const fn since(&self) -> Option<NaiveDate> {
        match self {
            Self::Tiered(Tiered { accumulate: Accumulation::Since(since), .. })
            | Self::Growth(Growth { accumulate: Accumulation::Since(since), .. })
            | Self::FreeGoods(FreeGoods { accumulate: Accumulation::Since(since), .. }) => Some(*since),
            _ => None,
        }
    }

    /// Whether a cumulative result may take money back; rules that do not accumulate do not ask.
    #[must_use]
    pub const fn true_up(&self) -> TrueUp {
        match self {
            Self::Tiered(rule) => rule.true_up,
            Self::Growth(rule) => rule.true_up,
            Self::FreeGoods(rule) => rule.true_up,
            _ => TrueUp::TwoWay,
        }
    }
}

/// 结算方式: where on the way from goods to payment an amount is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SettleMode {
    /// 票折: a discount shown on the same invoice.
    OnInvoice,
    /// 票扣: taken off before the invoice is issued.
    InvoiceDeduct,
    /// 账扣: taken off the payment only; the invoice stays whole.
    PaymentDeduct,
    /// 单独结算: invoiced and paid apart from this statement.
    Separate,
}

impl SettleMode {
    /// Whether the goods invoice falls with it.
    #[must_use]
    pub const fn lowers_invoice(self) -> bool {
        matches!(self, Self::OnInvoice | Self::InvoiceDeduct)
    }
}

/// 税: the VAT an amount carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TaxRule {
    /// The goods' rate: a change of price.
    Goods,
    /// The contract's service rate: the retailer issues its own invoice.
    Service,
    /// A rate of its own.
    Rate(Rate),
    /// 不征税: outside VAT, such as a penalty.
    OutOfScope,
}

/// 折算: what a clause pays for a period it covers only in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Proration {
    /// The full amount.
    #[default]
    None,
    /// 按天: amount × days covered / days of the period.
    Days,
    /// By days, floor and cap likewise.
    DaysWithLimits,
}

/// 合同条款: one rule of the trade terms.
///
/// Order of operations, shown in the trace: base → amount → proration → floor, cap → round.
///
/// # Source
/// House rule; the parameters are those found in shipped retail and rebate software.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Clause {
    /// The id, unique in the contract.
    pub id: ClauseId,
    /// What the clause is for.
    pub kind: ClauseKind,
    /// Goods the clause measures; the contract's scope still applies.
    #[cfg_attr(feature = "serde", serde(default))]
    pub scope: Scope,
    /// Days the clause is in force; without it, those of the contract.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub valid: Option<Period>,
    /// How the amount comes about.
    pub rule: AmountRule,
    /// Where the amount is taken off.
    pub settle: SettleMode,
    /// The VAT it carries.
    pub tax: TaxRule,
    /// Whether the amount contains its VAT.
    #[cfg_attr(feature = "serde", serde(default = "inclusive"))]
    pub amounts: TaxBasis,
    /// What it pays for a part of a period.
    #[cfg_attr(feature = "serde", serde(default))]
    pub proration: Proration,
    /// Least amount, major units.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none", with = "crate::text::optional_decimal")
    )]
    pub floor: Option<Decimal>,
    /// Greatest amount, major units.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none", with = "crate::text::optional_decimal")
    )]
    pub cap: Option<Decimal>,
    /// The stack it belongs to; without one it stands alone on its own base.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub stack: Option<String>,
    /// Place in the stack: lower first, ties by id.
    #[cfg_attr(feature = "serde", serde(default))]
    pub priority: u32,
    /// In a directed stack: clauses that lower the base of this one when they come earlier.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeSet::is_empty"))]
    pub reduced_by: BTreeSet<ClauseId>,
    /// 凭证: whether it is settled on proof only. A clause on hold keeps its place in its stack, so that its release
    /// changes no other line.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "not_needed"))]
    pub evidence: EvidenceNeed,
}

impl Clause {
    /// A clause without scope, validity, limits or stack of its own, amounts with tax, not prorated.
    #[must_use]
    pub const fn new(
        id: ClauseId,
        kind: ClauseKind,
        rule: AmountRule,
        settle: SettleMode,
        tax: TaxRule,
    ) -> Self {
        Self {
            id,
            kind,
            scope: Scope::All,
            valid: None,
            rule,
            settle,
            tax,
            amounts: TaxBasis::Inclusive,
            proration: Proration::None,
            floor: None,
            cap: None,
            stack: None,
            priority: 0,
            reduced_by: BTreeSet::new(),
            evidence: EvidenceNeed::NotNeeded,
        }
    }
}

/// 叠加方式: how the clauses of one stack act on each other; order is priority, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum StackMode {
    /// Each on its full base.
    Parallel,
    /// Each on what the earlier ones left.
    Cascade,
    /// Each on its base less the earlier clauses it names.
    Directed,
    /// Only the largest amount; a tie goes to the lowest id.
    BestOf,
    /// All, until this many major units are used up.
    CappedSum(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
}

impl StackMode {
    /// The word used in contracts.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Parallel => "parallel",
            Self::Cascade => "cascade",
            Self::Directed => "directed",
            Self::BestOf => "best_of",
            Self::CappedSum(_) => "capped_sum",
        }
    }
}

/// 叠加组: a named group of clauses that act on each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Stack {
    /// The name that clauses refer to.
    pub id: String,
    /// How they act on each other.
    pub mode: StackMode,
}

#[cfg(feature = "serde")]
pub(crate) const fn inclusive() -> TaxBasis {
    TaxBasis::Inclusive
}

#[cfg(feature = "serde")]
#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn not_needed(evidence: &EvidenceNeed) -> bool {
    *evidence == EvidenceNeed::NotNeeded
}

//! What a check found, in data and in words.

use endcap_types::{ClauseId, PromotionId};

use super::Objective;
use crate::{Language, Party};

/// How bad it is (严重程度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Severity {
    /// The event should not be approved like this.
    Error,
    /// Think again.
    Warning,
    /// A rule of thumb, shown and not enforced.
    Note,
}

/// Which principle (促销原则).
///
/// # Source
///
/// House rule, check by check; reference prices: Directive 98/6/EC, article 6a, and the Chinese provisions of 2020.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Check {
    /// A quantified target.
    TargetMissing,
    /// A target on the objective's own figure.
    ObjectiveMismatch {
        /// The objective whose figure the target is.
        target: Objective,
    },
    /// Planned lift at or above the break-even.
    LiftBelowBreakEven,
    /// Planned lift well above the break-even.
    LiftNearBreakEven,
    /// A unit that earns something after funding.
    NeverBreaksEven,
    /// Spend within the budget.
    OverBudget,
    /// Proof terms for every lump sum.
    ProofMissing {
        /// The line.
        line: ClauseId,
    },
    /// No other event on the same goods, or the effect cannot be told apart.
    Clash {
        /// The other event.
        other: PromotionId,
    },
    /// A clean stretch before the start.
    CleanPeriodShort,
    /// Controls reserved before the start.
    ControlsFew,
    /// A design chosen before the start.
    DesignMissing,
    /// A design that can see the planned lift.
    LiftNotDetectable,
    /// Nobody sells below cost.
    BelowCost {
        /// Who does.
        party: Party,
    },
    /// A gift that is noticed and can be paid.
    GiftValue,
    /// Extra margin of twice the cost.
    FolkRule,
    /// An item that does not live on deals.
    Dependence {
        /// Which figure.
        figure: &'static str,
    },
    /// A reference price that was really charged.
    ReferencePrice,
    /// A reference price that can be checked.
    ReferencePriceUnknown,
    /// A prize within the legal cap.
    PrizeCap,
}

/// One finding (检查结果): the principle, how bad, the figure and its limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// The event.
    pub event: PromotionId,
    /// How bad.
    pub severity: Severity,
    /// Which principle.
    pub check: Check,
    /// What was found, as text with its unit; empty where there is no figure.
    pub fact: String,
    /// What was expected, likewise.
    pub limit: String,
}

impl Finding {
    /// The finding in one sentence.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let Self { fact, limit, event, .. } = self;
        let text = match language {
            Language::En => match &self.check {
                Check::TargetMissing => format!("no target on {limit}"),
                Check::ObjectiveMismatch { .. } => {
                    format!("the target is on {fact}, the objective is judged by {limit}")
                }
                Check::LiftBelowBreakEven => format!("planned lift {fact} is below the break-even {limit}"),
                Check::LiftNearBreakEven => format!("planned lift {fact} is less than {limit}"),
                Check::NeverBreaksEven => {
                    "after funding a unit earns nothing: no lift breaks even".to_owned()
                }
                Check::OverBudget => format!("planned spend {fact} exceeds the budget {limit}"),
                Check::ProofMissing { line } => format!("lump sum {line} of {fact} has no proof terms"),
                Check::Clash { other } => {
                    format!("runs on the same goods as {other} ({fact}): neither can be judged")
                }
                Check::CleanPeriodShort => format!("{fact} clean week(s) before the start, {limit} needed"),
                Check::ControlsFew => format!("{fact} control store(s), {limit} needed"),
                Check::DesignMissing => "no design has been chosen to judge it by".to_owned(),
                Check::LiftNotDetectable => {
                    format!(
                        "the design sees {limit} at best and the plan is {fact}: this test cannot succeed"
                    )
                }
                Check::BelowCost { party } => {
                    format!("the {} sells at {fact}, below its cost {limit}", name(*party))
                }
                Check::GiftValue => format!("the gift is worth {fact} of the price, usual is {limit}"),
                Check::FolkRule => format!("extra margin {fact}, twice the cost of the promotion is {limit}"),
                Check::Dependence { figure } => format!("{figure} {fact}, warning from {limit}"),
                Check::ReferencePrice => {
                    format!("announced from {fact}, the lowest price before was {limit}")
                }
                Check::ReferencePriceUnknown => {
                    format!("announced from {fact}, no price of {limit} is known")
                }
                Check::PrizeCap => format!("largest prize {fact}, at most {limit}"),
            },
            Language::Zh => match &self.check {
                Check::TargetMissing => "没有量化目标".to_owned(),
                Check::ObjectiveMismatch { .. } => "目标值与促销目的不一致".to_owned(),
                Check::LiftBelowBreakEven => format!("计划提升 {fact} 低于盈亏平衡点 {limit}"),
                Check::LiftNearBreakEven => format!("计划提升 {fact} 不足 {limit}"),
                Check::NeverBreaksEven => "扣除费用后单件不赚钱，无法回本".to_owned(),
                Check::OverBudget => format!("计划费用 {fact} 超出预算 {limit}"),
                Check::ProofMissing { line } => format!("一口价费用 {line}（{fact}）没有核销凭证要求"),
                Check::Clash { other } => format!("与 {other} 同品同期（{fact}），无法单独评估"),
                Check::CleanPeriodShort => format!("活动前正常周 {fact} 周，需 {limit} 周"),
                Check::ControlsFew => format!("对照店 {fact} 家，需 {limit} 家"),
                Check::DesignMissing => "没有选定评估方法".to_owned(),
                Check::LiftNotDetectable => {
                    format!("计划提升 {fact}，而该设计最小可检效应为 {limit}：测不出来")
                }
                Check::BelowCost { party } => format!("{}售价 {fact} 低于成本 {limit}", zh_name(*party)),
                Check::GiftValue => format!("赠品价值占售价 {fact}，通常为 {limit}"),
                Check::FolkRule => format!("增量毛利 {fact}，促销费用两倍为 {limit}"),
                Check::Dependence { .. } => format!("促销依赖 {fact}，警戒线 {limit}"),
                Check::ReferencePrice => format!("划线价 {fact}，此前最低成交价 {limit}"),
                Check::ReferencePriceUnknown => format!("划线价 {fact}，缺少 {limit} 内的成交价"),
                Check::PrizeCap => format!("最高奖品 {fact}，上限 {limit}"),
            },
        };
        match language {
            Language::En => format!("{event}: {text}."),
            Language::Zh => format!("{event}：{text}。"),
        }
    }
}

const fn name(party: Party) -> &'static str {
    match party {
        Party::Supplier => "supplier",
        Party::Retailer => "retailer",
        Party::Consumer => "shopper",
        Party::Production => "maker",
    }
}

const fn zh_name(party: Party) -> &'static str {
    match party {
        Party::Supplier => "供应商",
        Party::Retailer => "零售商",
        Party::Consumer => "消费者",
        Party::Production => "生产方",
    }
}

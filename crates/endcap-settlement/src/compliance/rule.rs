//! [`Rule`]: one article of law as data, dated, with its source.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use endcap_types::{Money, Rate};

use super::condition::Condition;
use super::error::ComplianceError;
use super::fact::{Conduct, DayBase, Evidence};
use crate::credit::CompensationTable;
use crate::{ClauseKind, Language};

/// 法域: whose law a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Jurisdiction {
    /// 中国.
    China,
    /// 欧盟: directives, as member states transpose them.
    EuropeanUnion,
    /// 英国.
    UnitedKingdom,
    /// 美国.
    UnitedStates,
}

/// 严重程度: how heavy a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Severity {
    /// 提示: a right or an amount that follows from the law.
    Notice,
    /// 警告: allowed under circumstances that the facts do not show.
    Warning,
    /// 违规: against the rule as it is written.
    Violation,
}

impl Severity {
    /// The name in a language.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Notice, Language::En) => "notice",
            (Self::Notice, Language::Zh) => "提示",
            (Self::Warning, Language::En) => "warning",
            (Self::Warning, Language::Zh) => "警告",
            (Self::Violation, Language::En) => "violation",
            (Self::Violation, Language::Zh) => "违规",
        }
    }
}

/// 可信度: how far a rule was checked against the official text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Confidence {
    /// 有出处: content and article come from the source named.
    Sourced,
    /// 条号未核: the content comes from the source named, the number of the article was not checked.
    ArticleUnverified,
    /// 未核实: from general knowledge; to be read in the official text before it is quoted.
    Unverified,
}

impl Confidence {
    /// What a reader is warned of; nothing for sourced rules.
    #[must_use]
    pub const fn caveat(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Sourced, _) => "",
            (Self::ArticleUnverified, Language::En) => "article number not checked in the official text",
            (Self::ArticleUnverified, Language::Zh) => "条号未经官方文本核对",
            (Self::Unverified, Language::En) => "not checked in the official text",
            (Self::Unverified, Language::Zh) => "未经官方文本核实",
        }
    }
}

/// 双语文本: one text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Wording {
    /// English.
    pub en: String,
    /// 中文.
    pub zh: String,
}

impl Wording {
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// 法定利率: the rate at which late money bears interest by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum StatutoryRate {
    /// A share of the amount for every day late.
    PerDay(Rate),
    /// This much a year above the reference rate of the day, on 365 days.
    OverReference(Rate),
}

/// 检查: what a rule looks at, and where the line is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Check {
    /// 付款期限: money is due and moves within so many days; the last day is inside.
    PaidWithin {
        /// From this day.
        from: DayBase,
        /// So many days.
        days: u32,
    },
    /// 约定账期: the agreed due date lies within so many days, whenever the money moves.
    AgreedWithin {
        /// From this day.
        from: DayBase,
        /// So many days.
        days: u32,
    },
    /// 按期付款: money moves by the due date agreed.
    PaidByDue,
    /// 无争议部分: the undisputed part is paid by the due date, whatever is disputed.
    UndisputedPaid,
    /// 逾期利息: what late money bears by law, where nothing was agreed.
    StatutoryInterest {
        /// The rate.
        rate: StatutoryRate,
        /// Due so many days after the invoice where no due date was agreed.
        default_days: u32,
    },
    /// 追偿补偿: a fixed sum for every late payment, by its size.
    Compensation {
        /// The sums.
        table: CompensationTable,
        /// Due so many days after the invoice where no due date was agreed.
        default_days: u32,
    },
    /// 约定利率下限: agreed late interest is at least the reference of the signing day plus so much a year.
    InterestAtLeast {
        /// Above the reference.
        margin: Rate,
    },
    /// 条款类型: no clause of these kinds.
    NoClause {
        /// The kinds.
        kinds: BTreeSet<ClauseKind>,
    },
    /// 无条件返利: no rebate that is paid whatever is sold.
    NoUnconditionalRebate,
    /// 前提: clauses of these kinds need evidence.
    ClauseNeeds {
        /// The kinds.
        kinds: BTreeSet<ClauseKind>,
        /// All of this.
        evidence: BTreeSet<Evidence>,
    },
    /// 未达标返利: no rebate when the agreed target was missed.
    NoRebateBelowTarget,
    /// 行为: none of these.
    NoConduct {
        /// What must not happen.
        conduct: BTreeSet<Conduct>,
    },
    /// 提前通知: the conduct is told so many days before.
    NoticeOf {
        /// What is told.
        conduct: Conduct,
        /// So many days.
        days: u32,
    },
    /// 代销库龄: consigned goods that were not invoiced for so many days or more.
    ConsignedStockAge {
        /// So many days.
        days: u32,
    },
    /// 返利开票: what is linked to the price stands on the goods invoice.
    RebateOnInvoice,
    /// 服务开票: what is paid for a service is not taxed as a change of price.
    ServiceTaxedApart,
    /// 比例公平: allowances of competing accounts are proportional to their purchases.
    ProportionalAllowances {
        /// How far shares may lie apart.
        tolerance: Rate,
    },
}

/// 规则: one article as dated data. Not legal advice.
///
/// # Source
/// House rule: laws are data the caller passes in; the library has no hidden default.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Rule {
    /// The id, unique in its set.
    pub id: String,
    /// Whose law it is.
    pub jurisdiction: Jurisdiction,
    /// 法规名称: the instrument.
    pub instrument: String,
    /// 条款: the article.
    pub article: String,
    /// First day in effect.
    pub effective_from: NaiveDate,
    /// First day no longer in effect; none while it has no end.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub effective_to: Option<NaiveDate>,
    /// To whom it applies.
    pub applies_if: Condition,
    /// What it looks at.
    pub check: Check,
    /// How heavy a finding is.
    pub severity: Severity,
    /// What it says.
    pub message: Wording,
    /// How far it was checked.
    pub confidence: Confidence,
    /// Where it comes from.
    pub source: String,
}

impl Rule {
    /// 生效: whether `on` is in `[effective_from, effective_to)`.
    #[must_use]
    pub fn in_effect(&self, on: NaiveDate) -> bool {
        self.effective_from <= on && self.effective_to.is_none_or(|to| on < to)
    }

    pub(super) fn check(&self) -> Result<(), ComplianceError> {
        let rule = || self.id.clone();
        let texts = [
            ("id", &self.id),
            ("instrument", &self.instrument),
            ("article", &self.article),
            ("message.en", &self.message.en),
            ("message.zh", &self.message.zh),
            ("source", &self.source),
        ];
        if let Some((field, _)) = texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(ComplianceError::EmptyText { rule: rule(), field });
        }
        if let Some(to) = self.effective_to.filter(|to| *to <= self.effective_from) {
            return Err(ComplianceError::NeverInEffect { rule: rule(), from: self.effective_from, to });
        }
        self.applies_if.check(&self.id, 0)?;
        let empty = |field| Err(ComplianceError::EmptyList { rule: rule(), field });
        let at_least_zero = |field, value: &Rate| {
            if value.is_negative() {
                return Err(ComplianceError::Negative { rule: rule(), field, value: value.to_string() });
            }
            Ok(())
        };
        match &self.check {
            Check::NoClause { kinds } | Check::ClauseNeeds { kinds, .. } if kinds.is_empty() => {
                empty("kinds")
            }
            Check::ClauseNeeds { evidence, .. } if evidence.is_empty() => empty("evidence"),
            Check::NoConduct { conduct } if conduct.is_empty() => empty("conduct"),
            Check::StatutoryInterest { rate, .. } => match rate {
                StatutoryRate::PerDay(rate) => at_least_zero("per_day", rate),
                StatutoryRate::OverReference(rate) => at_least_zero("over_reference", rate),
            },
            Check::InterestAtLeast { margin } => at_least_zero("margin", margin),
            Check::ProportionalAllowances { tolerance } => at_least_zero("tolerance", tolerance),
            _ => Ok(()),
        }
    }
}

pub(super) fn not_negative(rule: &str, field: &'static str, money: &Money) -> Result<(), ComplianceError> {
    if money.is_negative() {
        return Err(ComplianceError::Negative { rule: rule.to_owned(), field, value: money.to_string() });
    }
    Ok(())
}

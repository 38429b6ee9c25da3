//! [`ReconReport`]: the class of every line, the bridge and the undisputed part.

use core::fmt;

use endcap_calendar::Period;
use endcap_types::{Currency, DocumentId, Money};

use super::bridge::Bridge;
use super::line::{EntryKind, Side};

/// 匹配轮次: which pass paired a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Pass {
    /// 全键: all fields equal.
    Exact,
    /// 简键: the fields of a reduced key equal.
    Reduced,
    /// 模糊: amount and date near.
    Fuzzy,
    /// 未配对.
    Unpaired,
}

/// 差异类别: what is the matter with a line; every line has exactly one.
///
/// Deltas are ours − theirs.
///
/// # Source
/// House rule: every line of both sides has exactly one class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum LineClass {
    /// 一致: amount and quantity agree.
    Matched,
    /// 容差内: they differ, the amount by no more than the tolerance.
    MatchedWithinTolerance {
        /// The difference; zero when only quantities differ.
        delta: Money,
    },
    /// 价差: amounts differ at equal or unknown quantity.
    PriceVariance {
        /// The difference.
        delta: Money,
    },
    /// 量差: amounts differ and so do quantities.
    QtyVariance {
        /// The difference.
        delta: Money,
    },
    /// 重复: repeats a line of its own side.
    Duplicate {
        /// The line it repeats.
        of: DocumentId,
    },
    /// 我有对方无.
    OnlyOurs,
    /// 对方有我无.
    OnlyTheirs,
    /// 未达 / 跨期: the other side booked it in another period, or will: goods in transit.
    CutOffTiming {
        /// The other period: that of the booking outside; the next one for goods in transit.
        period: Period,
        /// What will remain once both have booked it; zero for goods in transit.
        delta: Money,
    },
    /// 期间错误: unpaired, and dated or booked outside the period.
    WrongPeriod,
    /// 未知单品: unpaired, of an SKU the account does not know.
    UnknownSku,
    /// 未知门店: unpaired, of a store the account does not know.
    UnknownStore,
    /// 无依据扣款: an unpaired deduction under no agreed clause.
    UnauthorisedDeduction,
    /// 超条款扣款: a deduction that takes more than its clause still has.
    AmountExceedsClause {
        /// The part beyond the clause.
        excess: Money,
    },
}

impl LineClass {
    /// The English name.
    #[must_use]
    pub const fn name_en(&self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::MatchedWithinTolerance { .. } => "matched within tolerance",
            Self::PriceVariance { .. } => "price variance",
            Self::QtyVariance { .. } => "quantity variance",
            Self::Duplicate { .. } => "duplicate",
            Self::OnlyOurs => "only in our books",
            Self::OnlyTheirs => "only in their books",
            Self::CutOffTiming { .. } => "cut-off timing",
            Self::WrongPeriod => "wrong period",
            Self::UnknownSku => "unknown SKU",
            Self::UnknownStore => "unknown store",
            Self::UnauthorisedDeduction => "deduction without an agreed clause",
            Self::AmountExceedsClause { .. } => "deduction beyond its clause",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name_zh(&self) -> &'static str {
        match self {
            Self::Matched => "一致",
            Self::MatchedWithinTolerance { .. } => "容差内一致",
            Self::PriceVariance { .. } => "价差",
            Self::QtyVariance { .. } => "量差",
            Self::Duplicate { .. } => "重复",
            Self::OnlyOurs => "我方有对方无",
            Self::OnlyTheirs => "对方有我方无",
            Self::CutOffTiming { .. } => "未达账项",
            Self::WrongPeriod => "期间错误",
            Self::UnknownSku => "未知单品",
            Self::UnknownStore => "未知门店",
            Self::UnauthorisedDeduction => "无依据扣款",
            Self::AmountExceedsClause { .. } => "超条款扣款",
        }
    }

    /// Place in a report: what agrees first, then what differs, then what one side has alone.
    pub(super) const fn place(&self) -> u8 {
        match self {
            Self::Matched => 0,
            Self::MatchedWithinTolerance { .. } => 1,
            Self::PriceVariance { .. } => 2,
            Self::QtyVariance { .. } => 3,
            Self::CutOffTiming { .. } => 4,
            Self::OnlyOurs => 5,
            Self::OnlyTheirs => 6,
            Self::Duplicate { .. } => 7,
            Self::WrongPeriod => 8,
            Self::UnknownSku => 9,
            Self::UnknownStore => 10,
            Self::UnauthorisedDeduction => 11,
            Self::AmountExceedsClause { .. } => 12,
        }
    }

    /// Whether the line needs no work.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Matched | Self::MatchedWithinTolerance { .. })
    }

    fn mirrored(&self) -> Self {
        match self {
            Self::MatchedWithinTolerance { delta } => Self::MatchedWithinTolerance { delta: delta.negated() },
            Self::PriceVariance { delta } => Self::PriceVariance { delta: delta.negated() },
            Self::QtyVariance { delta } => Self::QtyVariance { delta: delta.negated() },
            Self::CutOffTiming { period, delta } => {
                Self::CutOffTiming { period: *period, delta: delta.negated() }
            }
            Self::OnlyOurs => Self::OnlyTheirs,
            Self::OnlyTheirs => Self::OnlyOurs,
            other => other.clone(),
        }
    }
}

impl fmt::Display for LineClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name_en())
    }
}

/// 行结果: one line with its class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LineResult {
    /// Whose line.
    pub side: Side,
    /// Its id.
    pub line: DocumentId,
    /// What it books.
    pub kind: EntryKind,
    /// Its amount, as booked.
    pub amount: Money,
    /// What it adds to its side's balance of the period: the amount, or zero when booked in another period.
    pub counted: Money,
    /// Its class.
    pub class: LineClass,
    /// The line of the other side it is paired with.
    pub partner: Option<DocumentId>,
    /// Which pass paired it.
    pub pass: Pass,
}

/// 对账报告: every line of both sides classified once, the bridge between the balances, and the undisputed part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "super::rules_text::ReportText"))]
pub struct ReconReport {
    /// The period.
    pub period: Period,
    /// The currency.
    pub currency: Currency,
    /// All lines, ours first, by id.
    pub lines: Vec<LineResult>,
    /// 余额调节表.
    pub bridge: Bridge,
    /// 无争议金额: what both sides book, each pair at the smaller amount; to be paid meanwhile. Negative when the
    /// supplier owes it.
    pub undisputed: Money,
}

impl ReconReport {
    /// The result of one line.
    #[must_use]
    pub fn line(&self, side: Side, id: &DocumentId) -> Option<&LineResult> {
        self.lines.iter().find(|result| result.side == side && result.line == *id)
    }

    /// 待处理: the lines that need work, in order.
    pub fn open_lines(&self) -> impl Iterator<Item = &LineResult> {
        self.lines.iter().filter(|result| !result.class.is_settled())
    }

    /// The same report as the other side reads it.
    ///
    /// `reconcile(theirs, ours) = reconcile(ours, theirs).mirrored()`.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mut lines: Vec<LineResult> = self
            .lines
            .iter()
            .map(|result| LineResult {
                side: result.side.other(),
                class: result.class.mirrored(),
                ..result.clone()
            })
            .collect();
        lines.sort_by(|one, other| (one.side, &one.line).cmp(&(other.side, &other.line)));
        Self {
            period: self.period,
            currency: self.currency,
            lines,
            bridge: self.bridge.mirrored(),
            undisputed: self.undisputed,
        }
    }
}

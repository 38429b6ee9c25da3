//! [`Bridge`]: from their balance to ours, one row for each cause.

use std::collections::BTreeMap;

use endcap_types::{Currency, Money, TypesError};

use super::line::{EntryKind, Side};
use super::report::{LineClass, LineResult};

/// 差异原因: why two balances differ.
///
/// # Source
/// Reconciliation of balances (余额调节表) as accountants draw it; the causes are a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BridgeCause {
    /// 未达: booked by one side, not yet by the other.
    Timing,
    /// 未入账退货: a return only one side has booked.
    ReturnNotBooked,
    /// 其他单边: any other line only one side has.
    Missing,
    /// 容差.
    Tolerance,
    /// 价差.
    Price,
    /// 量差.
    Quantity,
    /// 重复.
    Duplicate,
    /// 期间错误.
    WrongPeriod,
    /// 未知单品.
    UnknownSku,
    /// 未知门店.
    UnknownStore,
    /// 无依据扣款.
    Unauthorised,
    /// 超条款扣款.
    BeyondClause,
}

impl BridgeCause {
    /// The cause a line belongs to; none for matched lines, which cancel.
    fn of(result: &LineResult) -> Option<Self> {
        Some(match &result.class {
            LineClass::Matched => return None,
            LineClass::MatchedWithinTolerance { .. } => Self::Tolerance,
            LineClass::PriceVariance { .. } => Self::Price,
            LineClass::QtyVariance { .. } => Self::Quantity,
            LineClass::Duplicate { .. } => Self::Duplicate,
            LineClass::OnlyOurs | LineClass::OnlyTheirs if result.kind == EntryKind::Return => {
                Self::ReturnNotBooked
            }
            LineClass::OnlyOurs | LineClass::OnlyTheirs => Self::Missing,
            LineClass::CutOffTiming { .. } => Self::Timing,
            LineClass::WrongPeriod => Self::WrongPeriod,
            LineClass::UnknownSku => Self::UnknownSku,
            LineClass::UnknownStore => Self::UnknownStore,
            LineClass::UnauthorisedDeduction => Self::Unauthorised,
            LineClass::AmountExceedsClause { .. } => Self::BeyondClause,
        })
    }

    /// The row a line is counted in; none for matched lines.
    pub(super) fn row_of(result: &LineResult) -> Option<(Self, BridgeSide)> {
        let cause = Self::of(result)?;
        let side = match (result.side, &result.partner) {
            (_, Some(_)) if cause != Self::Timing && cause != Self::Duplicate => BridgeSide::Both,
            (Side::Ours, _) => BridgeSide::Ours,
            (Side::Theirs, _) => BridgeSide::Theirs,
        };
        Some((cause, side))
    }

    /// The word used in documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Timing => "timing",
            Self::ReturnNotBooked => "return_not_booked",
            Self::Missing => "missing",
            Self::Tolerance => "tolerance",
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::Duplicate => "duplicate",
            Self::WrongPeriod => "wrong_period",
            Self::UnknownSku => "unknown_sku",
            Self::UnknownStore => "unknown_store",
            Self::Unauthorised => "unauthorised",
            Self::BeyondClause => "beyond_clause",
        }
    }
}

/// 调节行: what one cause adds on the way from their balance to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct BridgeRow {
    /// The cause.
    pub cause: BridgeCause,
    /// Whose books hold the lines.
    pub side: BridgeSide,
    /// How many lines of the period.
    pub lines: usize,
    /// What it adds.
    pub amount: Money,
}

/// 调节行归属: whose books hold the lines of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BridgeSide {
    /// 双方: pairs that differ.
    Both,
    /// 仅我方.
    Ours,
    /// 仅对方.
    Theirs,
}

impl BridgeSide {
    /// The word used in documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Both => Self::Both,
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }
}

/// 余额调节表: `their balance + Σ rows = our balance`; the residual is zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Bridge {
    /// 对方余额: the sum of their lines booked in the period.
    pub their_balance: Money,
    /// The rows, by cause.
    pub rows: Vec<BridgeRow>,
    /// 我方余额: the sum of our lines booked in the period.
    pub our_balance: Money,
    /// `our balance − their balance − Σ rows`.
    pub residual: Money,
}

impl Bridge {
    /// Builds the rows from the classified lines and the residual from the balances.
    pub(super) fn new(
        results: &[LineResult],
        our_balance: Money,
        their_balance: Money,
        currency: Currency,
    ) -> Result<Self, TypesError> {
        let mut rows: BTreeMap<(BridgeCause, BridgeSide), (usize, Money)> = BTreeMap::new();
        for result in results.iter().filter(|result| !result.counted.is_zero()) {
            let Some((cause, side)) = BridgeCause::row_of(result) else { continue };
            let signed = match result.side {
                Side::Ours => result.counted,
                Side::Theirs => result.counted.negated(),
            };
            let row = rows.entry((cause, side)).or_insert((0, Money::zero(currency)));
            *row = (row.0.saturating_add(1), row.1.checked_add(&signed)?);
        }
        let rows: Vec<BridgeRow> = rows
            .into_iter()
            .map(|((cause, side), (lines, amount))| BridgeRow { cause, side, lines, amount })
            .collect();
        let explained = Money::sum(rows.iter().map(|row| row.amount), currency)?;
        let residual = our_balance.checked_sub(&their_balance)?.checked_sub(&explained)?;
        Ok(Self { their_balance, rows, our_balance, residual })
    }

    /// What one cause adds, both sides together; zero when it has no row.
    ///
    /// # Errors
    /// - [`SettlementError::Types`](crate::SettlementError::Types) when the sum is out of range.
    pub fn amount(&self, cause: BridgeCause) -> Result<Money, crate::SettlementError> {
        let rows = self.rows.iter().filter(|row| row.cause == cause).map(|row| row.amount);
        Ok(Money::sum(rows, self.our_balance.currency())?)
    }

    pub(super) fn mirrored(&self) -> Self {
        let mut rows: Vec<BridgeRow> = self
            .rows
            .iter()
            .map(|row| BridgeRow { side: row.side.other(), amount: row.amount.negated(), ..*row })
            .collect();
        rows.sort_by_key(|row| (row.cause, row.side));
        Self {
            their_balance: self.our_balance,
            rows,
            our_balance: self.their_balance,
            residual: self.residual.negated(),
        }
    }
}

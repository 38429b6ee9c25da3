//! States and actions of a claim, and the days each side has.

use core::fmt;

use chrono::NaiveDate;
use endcap_calendar::{CalendarError, dates};
use endcap_types::Money;

/// 索赔状态: where a claim stands.
///
/// `Claimed → Validated | Disputed → Evidence → Accepted | PartiallyAccepted | Rejected → Recovered | WrittenOff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ClaimState {
    /// 已提出.
    Claimed,
    /// 已核实: the other side acknowledges that the claim is well formed.
    Validated,
    /// 有争议: the other side objects.
    Disputed,
    /// 已举证: evidence is in, a decision is awaited.
    Evidence,
    /// 已接受.
    Accepted,
    /// 部分接受.
    PartiallyAccepted,
    /// 已驳回.
    Rejected,
    /// 已收回: nothing is open, and money came in.
    Recovered,
    /// 已核销: nothing is open, and no money came in.
    WrittenOff,
}

impl ClaimState {
    /// Every state, in order of life.
    pub const ALL: [Self; 9] = [
        Self::Claimed,
        Self::Validated,
        Self::Disputed,
        Self::Evidence,
        Self::Accepted,
        Self::PartiallyAccepted,
        Self::Rejected,
        Self::Recovered,
        Self::WrittenOff,
    ];

    /// The English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Validated => "validated",
            Self::Disputed => "disputed",
            Self::Evidence => "evidence submitted",
            Self::Accepted => "accepted",
            Self::PartiallyAccepted => "partially accepted",
            Self::Rejected => "rejected",
            Self::Recovered => "recovered",
            Self::WrittenOff => "written off",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Claimed => "已提出",
            Self::Validated => "已核实",
            Self::Disputed => "有争议",
            Self::Evidence => "已举证",
            Self::Accepted => "已接受",
            Self::PartiallyAccepted => "部分接受",
            Self::Rejected => "已驳回",
            Self::Recovered => "已收回",
            Self::WrittenOff => "已核销",
        }
    }

    /// Whether nothing can happen any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Recovered | Self::WrittenOff)
    }

    /// Whether a decision was taken and money or a write-off is awaited.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::PartiallyAccepted | Self::Rejected)
    }
}

impl fmt::Display for ClaimState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name_en())
    }
}

/// 索赔动作: what moves a claim on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ClaimAction {
    /// 核实: from `Claimed`.
    Validate,
    /// 提出异议: from `Claimed`, within the dispute window.
    Dispute,
    /// 举证: from `Validated` or `Disputed`, within the time for evidence.
    SubmitEvidence,
    /// 接受: all of it, from `Evidence`.
    Accept,
    /// 部分接受: this much of it, more than nothing and less than all, from `Evidence`.
    AcceptPart(Money),
    /// 驳回: from `Evidence`.
    Reject,
    /// 收回: money comes in after a decision; it meets the accepted part first.
    Recover(Money),
    /// 核销: given up after a decision; it meets the rejected part first.
    WriteOff(Money),
}

impl ClaimAction {
    /// The word used in messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Dispute => "dispute",
            Self::SubmitEvidence => "submit evidence",
            Self::Accept => "accept",
            Self::AcceptPart(_) => "accept in part",
            Self::Reject => "reject",
            Self::Recover(_) => "recover",
            Self::WriteOff(_) => "write off",
        }
    }

    /// Whether the action is allowed in `state`.
    #[must_use]
    pub const fn allowed_in(self, state: ClaimState) -> bool {
        match self {
            Self::Validate | Self::Dispute => matches!(state, ClaimState::Claimed),
            Self::SubmitEvidence => matches!(state, ClaimState::Validated | ClaimState::Disputed),
            Self::Accept | Self::AcceptPart(_) | Self::Reject => matches!(state, ClaimState::Evidence),
            Self::Recover(_) | Self::WriteOff(_) => state.is_decided(),
        }
    }
}

/// 争议期限: how many days an account gives for each step; the last day is inside.
///
/// # Source
/// House rule; the lengths are terms of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DisputeRules {
    /// From the claim to the last day on which it may be disputed.
    pub dispute_days: u32,
    /// From the validation or dispute to the last day for evidence.
    pub evidence_days: u32,
    /// From the evidence to the day a decision is due; late decisions are allowed, and shown as overdue.
    pub decision_days: u32,
    /// From the decision to the day the money is due.
    pub recovery_days: u32,
}

impl DisputeRules {
    /// The last day of the step that follows `state`, entered on `since`; none in a final state.
    pub(super) fn deadline(
        &self,
        state: ClaimState,
        since: NaiveDate,
    ) -> Result<Option<NaiveDate>, CalendarError> {
        let days = match state {
            ClaimState::Claimed => self.dispute_days,
            ClaimState::Validated | ClaimState::Disputed => self.evidence_days,
            ClaimState::Evidence => self.decision_days,
            ClaimState::Accepted | ClaimState::PartiallyAccepted | ClaimState::Rejected => self.recovery_days,
            ClaimState::Recovered | ClaimState::WrittenOff => return Ok(None),
        };
        dates::add_days(since, i64::from(days)).map(Some)
    }
}

//! [`Claim`]: a disputed amount on its way to recovery or write-off.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money};

use super::claim_rules::{ClaimAction, ClaimState, DisputeRules};
use crate::SettlementError;

/// 索赔步骤: one action taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ClaimStep {
    /// The day.
    pub on: NaiveDate,
    /// The action.
    pub action: ClaimAction,
    /// The state after it.
    pub state: ClaimState,
}

/// 索赔金额: where the money of a claim is; the parts always sum to the amount claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ClaimAmounts {
    /// 待决: not decided yet.
    pub undecided: Money,
    /// 已接受未收: accepted, not yet in.
    pub accepted: Money,
    /// 已驳回: rejected, not yet given up.
    pub rejected: Money,
    /// 已收回.
    pub recovered: Money,
    /// 已核销.
    pub written_off: Money,
}

impl ClaimAmounts {
    /// The sum of the parts: the amount claimed.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when it is out of range, which the parts of a claim never are.
    pub fn total(&self) -> Result<Money, SettlementError> {
        let parts = [self.undecided, self.accepted, self.rejected, self.recovered, self.written_off];
        Ok(Money::sum(parts, self.undecided.currency())?)
    }

    /// What is neither recovered nor written off.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when it is out of range, which the parts of a claim never are.
    pub fn open(&self) -> Result<Money, SettlementError> {
        Ok(Money::sum([self.undecided, self.accepted, self.rejected], self.undecided.currency())?)
    }
}

/// 索赔 / 争议: one claim, its state, its money and its history.
///
/// # Examples
/// ```
/// use endcap_calendar::dates::ymd;
/// use endcap_settlement::reconcile::{Claim, ClaimAction, ClaimState, DisputeRules};
/// use endcap_types::{Currency, DocumentId, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let rules = DisputeRules { dispute_days: 30, evidence_days: 14, decision_days: 30, recovery_days: 60 };
/// // They took 300.00 without a clause; 200.00 come back, 100.00 are given up.
/// let claim = Claim::open(DocumentId::new("K1")?, yuan("300.00")?, ymd(2025, 7, 1)?, rules)?
///     .apply(ClaimAction::Dispute, ymd(2025, 7, 31)?)? // the last day of the window
///     .apply(ClaimAction::SubmitEvidence, ymd(2025, 8, 5)?)?
///     .apply(ClaimAction::AcceptPart(yuan("200.00")?), ymd(2025, 8, 20)?)?;
/// assert_eq!(claim.amounts().rejected, yuan("100.00")?);
/// assert_eq!(claim.deadline()?, Some(ymd(2025, 10, 19)?));
/// let claim = claim
///     .apply(ClaimAction::Recover(yuan("200.00")?), ymd(2025, 9, 1)?)?
///     .apply(ClaimAction::WriteOff(yuan("100.00")?), ymd(2025, 9, 2)?)?;
/// assert_eq!(claim.state(), ClaimState::Recovered);
/// assert_eq!(claim.amounts().total()?, yuan("300.00")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// States of deduction and dispute handling in receivables practice; the machine is a house rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "super::rules_text::ClaimText"))]
pub struct Claim {
    id: DocumentId,
    claimed: Money,
    opened: NaiveDate,
    rules: DisputeRules,
    state: ClaimState,
    since: NaiveDate,
    amounts: ClaimAmounts,
    history: Vec<ClaimStep>,
}

impl Claim {
    /// 提出索赔: a claim of `amount`, tax included and positive, made on `opened`.
    ///
    /// # Errors
    /// - [`SettlementError::ClaimAmount`] when the amount is not above zero.
    pub fn open(
        id: DocumentId,
        amount: Money,
        opened: NaiveDate,
        rules: DisputeRules,
    ) -> Result<Self, SettlementError> {
        if !amount.is_positive() {
            return Err(SettlementError::ClaimAmount { claim: id, amount, limit: "above zero".to_owned() });
        }
        let zero = Money::zero(amount.currency());
        let amounts = ClaimAmounts {
            undecided: amount,
            accepted: zero,
            rejected: zero,
            recovered: zero,
            written_off: zero,
        };
        let state = ClaimState::Claimed;
        Ok(Self { id, claimed: amount, opened, rules, state, since: opened, amounts, history: Vec::new() })
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> &DocumentId {
        &self.id
    }

    /// The amount claimed.
    #[must_use]
    pub const fn claimed(&self) -> Money {
        self.claimed
    }

    /// The day it was made.
    #[must_use]
    pub const fn opened(&self) -> NaiveDate {
        self.opened
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> ClaimState {
        self.state
    }

    /// The day the state was entered.
    #[must_use]
    pub const fn since(&self) -> NaiveDate {
        self.since
    }

    /// Where its money is.
    #[must_use]
    pub const fn amounts(&self) -> ClaimAmounts {
        self.amounts
    }

    /// What happened so far.
    #[must_use]
    pub fn history(&self) -> &[ClaimStep] {
        &self.history
    }

    /// 期限: the last day for the next step; none when nothing can happen any more.
    ///
    /// # Errors
    /// - [`SettlementError::Calendar`] when the day is outside the supported range.
    pub fn deadline(&self) -> Result<Option<NaiveDate>, SettlementError> {
        Ok(self.rules.deadline(self.state, self.since)?)
    }

    /// 逾期: whether the next step is late on `today`, the caller's date.
    ///
    /// # Errors
    /// - [`SettlementError::Calendar`] when the deadline is outside the supported range.
    pub fn is_overdue(&self, today: NaiveDate) -> Result<bool, SettlementError> {
        Ok(self.deadline()?.is_some_and(|deadline| today > deadline))
    }

    /// 推进: the claim after `action` on day `on`; its money is moved between parts, never made or lost.
    ///
    /// A dispute after its window and evidence after its time are refused. A claim that nobody disputed in time can
    /// still be validated, and a late decision is a decision.
    ///
    /// # Errors
    /// - [`SettlementError::IllegalTransition`] when the state does not allow the action.
    /// - [`SettlementError::ClaimDateBackwards`] when `on` is before the last step.
    /// - [`SettlementError::ClaimTooLate`] when `on` is after the last day for a dispute or for evidence.
    /// - [`SettlementError::ClaimAmount`] when an amount is not above zero, a part is not less than all, or more is
    ///   recovered or written off than is open.
    /// - [`SettlementError::Types`] when an amount is in another currency.
    pub fn apply(&self, action: ClaimAction, on: NaiveDate) -> Result<Self, SettlementError> {
        if !action.allowed_in(self.state) {
            let (claim, from) = (self.id.clone(), self.state);
            return Err(SettlementError::IllegalTransition { claim, from, action: action.word() });
        }
        let last = self.history.last().map_or(self.opened, |step| step.on);
        if on < last {
            return Err(SettlementError::ClaimDateBackwards { claim: self.id.clone(), on, last });
        }
        if matches!(action, ClaimAction::Dispute | ClaimAction::SubmitEvidence)
            && let Some(deadline) = self.deadline()?
            && on > deadline
        {
            let (claim, action) = (self.id.clone(), action.word());
            return Err(SettlementError::ClaimTooLate { claim, action, on, deadline });
        }
        let mut next = self.clone();
        next.state = next.moved(action)?;
        // Instalments do not restart the time for the rest.
        if next.state != self.state {
            next.since = on;
        }
        next.history.push(ClaimStep { on, action, state: next.state });
        Ok(next)
    }

    /// Moves the money and gives the new state.
    fn moved(&mut self, action: ClaimAction) -> Result<ClaimState, SettlementError> {
        let amounts = &mut self.amounts;
        let zero = Money::zero(self.claimed.currency());
        Ok(match action {
            ClaimAction::Validate => ClaimState::Validated,
            ClaimAction::Dispute => ClaimState::Disputed,
            ClaimAction::SubmitEvidence => ClaimState::Evidence,
            ClaimAction::Accept => {
                (amounts.accepted, amounts.undecided) = (amounts.undecided, zero);
                ClaimState::Accepted
            }
            ClaimAction::Reject => {
                (amounts.rejected, amounts.undecided) = (amounts.undecided, zero);
                ClaimState::Rejected
            }
            ClaimAction::AcceptPart(part) => {
                let rest = amounts.undecided.checked_sub(&part)?;
                if !part.is_positive() || !rest.is_positive() {
                    let limit = format!("above zero and below {}", amounts.undecided);
                    return Err(SettlementError::ClaimAmount { claim: self.id.clone(), amount: part, limit });
                }
                (amounts.accepted, amounts.rejected, amounts.undecided) = (part, rest, zero);
                ClaimState::PartiallyAccepted
            }
            ClaimAction::Recover(money) => {
                within(&self.id, amounts, money)?;
                let first = money.smaller(&amounts.accepted)?;
                let second = money.checked_sub(&first)?;
                amounts.accepted = amounts.accepted.checked_sub(&first)?;
                amounts.rejected = amounts.rejected.checked_sub(&second)?;
                amounts.recovered = amounts.recovered.checked_add(&money)?;
                closed(amounts, self.state)?
            }
            ClaimAction::WriteOff(money) => {
                within(&self.id, amounts, money)?;
                let first = money.smaller(&amounts.rejected)?;
                let second = money.checked_sub(&first)?;
                amounts.rejected = amounts.rejected.checked_sub(&first)?;
                amounts.accepted = amounts.accepted.checked_sub(&second)?;
                amounts.written_off = amounts.written_off.checked_add(&money)?;
                closed(amounts, self.state)?
            }
        })
    }
}

fn within(claim: &DocumentId, amounts: &ClaimAmounts, money: Money) -> Result<(), SettlementError> {
    let open = amounts.open()?;
    if !money.is_positive() || money.compare(&open)?.is_gt() {
        let limit = format!("above zero and at most {open}");
        return Err(SettlementError::ClaimAmount { claim: claim.clone(), amount: money, limit });
    }
    Ok(())
}

/// The final state when nothing is open, else the state as it was.
fn closed(amounts: &ClaimAmounts, state: ClaimState) -> Result<ClaimState, SettlementError> {
    Ok(match (amounts.open()?.is_zero(), amounts.recovered.is_positive()) {
        (false, _) => state,
        (true, true) => ClaimState::Recovered,
        (true, false) => ClaimState::WrittenOff,
    })
}

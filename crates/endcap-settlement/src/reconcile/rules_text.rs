//! Rules, reports and claims as documents: read through the same checks as values made in code.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_calendar::{Grain, Period};
use endcap_types::{ClauseId, Currency, DocumentId, Money, Quantity, Rate, SkuId, StoreId};
use serde::{Deserialize, Serialize};

use super::bridge::Bridge;
use super::claim_rules::{ClaimState, DisputeRules};
use super::claims::{Claim, ClaimAmounts, ClaimStep};
use super::error::ReconcileError;
use super::line::{KeyField, Side};
use super::report::{LineResult, Pass, ReconReport};
use super::rules::{Allowance, Known, ReconRules};
use super::three_way::{MatchFinding, MatchResult, MatchStatus};
use super::tolerance::{Kind, Tolerance};
use crate::SettlementError;

/// `"none"`, `{ percent = "5%" }`, `{ absolute = money }`, `{ lesser_of = { share, amount } }` or `greater_of`.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Tolerance", rename_all = "snake_case")]
pub(super) enum ToleranceText {
    None,
    Percent(Rate),
    Absolute(Money),
    LesserOf(Both),
    GreaterOf(Both),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Both {
    share: Rate,
    amount: Money,
}

impl TryFrom<ToleranceText> for Tolerance {
    type Error = SettlementError;

    fn try_from(text: ToleranceText) -> Result<Self, SettlementError> {
        match text {
            ToleranceText::None => Ok(Self::NONE),
            ToleranceText::Percent(share) => Self::percent(share),
            ToleranceText::Absolute(amount) => Self::absolute(amount),
            ToleranceText::LesserOf(both) => Self::lesser_of(both.share, both.amount),
            ToleranceText::GreaterOf(both) => Self::greater_of(both.share, both.amount),
        }
    }
}

impl From<Tolerance> for ToleranceText {
    fn from(tolerance: Tolerance) -> Self {
        match tolerance.0 {
            Kind::None => Self::None,
            Kind::Percent(share) => Self::Percent(share),
            Kind::Absolute(amount) => Self::Absolute(amount),
            Kind::Lesser(share, amount) => Self::LesserOf(Both { share, amount }),
            Kind::Greater(share, amount) => Self::GreaterOf(Both { share, amount }),
        }
    }
}

/// Only the period and the currency must be written; the rest are the defaults of [`ReconRules::new`].
#[derive(Deserialize)]
#[serde(rename = "ReconRules", deny_unknown_fields)]
pub(super) struct RulesText {
    period: Period,
    currency: Currency,
    grain: Option<Grain>,
    full_key: Option<BTreeSet<KeyField>>,
    reduced_keys: Option<Vec<BTreeSet<KeyField>>>,
    fuzzy_key: Option<BTreeSet<KeyField>>,
    tolerance: Option<Tolerance>,
    window_days: Option<u32>,
    transit_days: Option<u32>,
    skus: Option<Known<SkuId>>,
    stores: Option<Known<StoreId>>,
    clauses: Option<BTreeMap<ClauseId, Allowance>>,
}

impl TryFrom<RulesText> for ReconRules {
    type Error = SettlementError;

    fn try_from(text: RulesText) -> Result<Self, SettlementError> {
        let usual = Self::new(text.period, text.currency);
        let rules = Self {
            grain: text.grain.unwrap_or(usual.grain),
            full_key: text.full_key.unwrap_or(usual.full_key),
            reduced_keys: text.reduced_keys.unwrap_or(usual.reduced_keys),
            fuzzy_key: text.fuzzy_key.unwrap_or(usual.fuzzy_key),
            tolerance: text.tolerance.unwrap_or(usual.tolerance),
            window_days: text.window_days.unwrap_or(usual.window_days),
            transit_days: text.transit_days.unwrap_or(usual.transit_days),
            skus: text.skus.unwrap_or(usual.skus),
            stores: text.stores.unwrap_or(usual.stores),
            clauses: text.clauses.unwrap_or(usual.clauses),
            ..usual
        };
        rules.check()?;
        Ok(rules)
    }
}

#[derive(Deserialize)]
#[serde(rename = "ReconReport", deny_unknown_fields)]
pub(super) struct ReportText {
    period: Period,
    currency: Currency,
    lines: Vec<LineResult>,
    bridge: Bridge,
    undisputed: Money,
}

impl TryFrom<ReportText> for ReconReport {
    type Error = SettlementError;

    fn try_from(text: ReportText) -> Result<Self, SettlementError> {
        let broken = |rule| SettlementError::Reconcile(ReconcileError::ReportBroken { rule });
        let ReportText { period, currency, lines, bridge, undisputed } = text;
        let key = |line: &LineResult| (line.side, line.line.clone());
        if !lines.windows(2).all(|two| matches!(two, [one, other] if key(one) < key(other))) {
            return Err(broken("every line of both sides once, ours first, by id"));
        }
        let by_key: BTreeMap<(Side, &DocumentId), &LineResult> =
            lines.iter().map(|line| ((line.side, &line.line), line)).collect();
        for line in &lines {
            if !line.counted.is_zero() && line.counted != line.amount {
                return Err(broken("a line counts with its amount or not at all"));
            }
            let paired = match &line.partner {
                None => line.pass == Pass::Unpaired,
                Some(id) => by_key.get(&(line.side.other(), id)).is_some_and(|other| {
                    other.partner.as_ref() == Some(&line.line)
                        && other.class == line.class
                        && other.pass == line.pass
                        && line.pass != Pass::Unpaired
                }),
            };
            if !paired {
                return Err(broken("partners name each other and share class and pass"));
            }
        }
        let balance = |side| {
            Money::sum(lines.iter().filter(|line| line.side == side).map(|line| line.counted), currency)
        };
        let expected = Bridge::new(&lines, balance(Side::Ours)?, balance(Side::Theirs)?, currency)?;
        if bridge != expected || !bridge.residual.is_zero() {
            return Err(broken("the bridge follows from the lines and leaves no residual"));
        }
        if undisputed.currency() != currency {
            return Err(broken("one currency"));
        }
        Ok(Self { period, currency, lines, bridge, undisputed })
    }
}

#[derive(Deserialize)]
#[serde(rename = "MatchResult", deny_unknown_fields)]
pub(super) struct MatchText {
    status: MatchStatus,
    findings: Vec<MatchFinding>,
    primary: MatchFinding,
    billed_not_received: Quantity,
    received_not_billed: Quantity,
    billed: Money,
    payable: Money,
}

impl TryFrom<MatchText> for MatchResult {
    type Error = SettlementError;

    fn try_from(text: MatchText) -> Result<Self, SettlementError> {
        let broken = |rule| SettlementError::Reconcile(ReconcileError::MatchBroken { rule });
        let ordered = text.findings.is_sorted_by(|one, other| one.reason < other.reason);
        if text.findings.first() != Some(&text.primary) || !ordered {
            return Err(broken("findings stand in order of weight, the primary one first"));
        }
        let most = text.billed.larger(&Money::zero(text.billed.currency()))?;
        if text.payable.is_negative() || text.payable.compare(&most)?.is_gt() {
            return Err(broken("what is payable lies between zero and the bill"));
        }
        let (more, less) = (text.billed_not_received, text.received_not_billed);
        if more.is_negative() || less.is_negative() || !(more.is_zero() || less.is_zero()) {
            return Err(broken("a bill is above or below the receipt, not both"));
        }
        Ok(Self {
            status: text.status,
            findings: text.findings,
            primary: text.primary,
            billed_not_received: more,
            received_not_billed: less,
            billed: text.billed,
            payable: text.payable,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename = "Claim", deny_unknown_fields)]
pub(super) struct ClaimText {
    id: DocumentId,
    claimed: Money,
    opened: NaiveDate,
    rules: DisputeRules,
    state: ClaimState,
    since: NaiveDate,
    amounts: ClaimAmounts,
    history: Vec<ClaimStep>,
}

impl TryFrom<ClaimText> for Claim {
    type Error = SettlementError;

    /// Goes through the history again; what is written must come out.
    fn try_from(text: ClaimText) -> Result<Self, SettlementError> {
        let mut claim = Self::open(text.id, text.claimed, text.opened, text.rules)?;
        for step in &text.history {
            claim = claim.apply(step.action, step.on)?;
        }
        let checks = [
            ("history", claim.history() == text.history.as_slice()),
            ("state", claim.state() == text.state),
            ("since", claim.since() == text.since),
            ("amounts", claim.amounts() == text.amounts),
        ];
        if let Some((field, _)) = checks.into_iter().find(|(_, same)| !same) {
            return Err(ReconcileError::ClaimHistory { claim: claim.id().clone(), field }.into());
        }
        Ok(claim)
    }
}

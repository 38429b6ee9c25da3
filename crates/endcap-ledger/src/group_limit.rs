//! Limits of groups: checked before an entry is sealed, and again when it is applied.
//!
//! # Source
//!
//! House rule: connected customers are one exposure; nothing passes a limit without an event that says who let it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, Money};

use crate::bounds::Change;
use crate::error::check_text;
use crate::limits::{MAX_GROUP_MEMBERS, MAX_TEXT_CHARS};
use crate::state::State;
use crate::view::View;
use crate::{
    At, ControlError, Dimension, EntryId, Finding, GroupLimit, GroupUsage, KeyAccountGroup, LedgerAccountId,
    LedgerError, LimitOverride,
};

/// Account and currency of a limit.
type LimitKey = (u32, Currency);

/// A group as the state keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Group {
    pub(crate) members: BTreeSet<AccountId>,
    limits: BTreeMap<LimitKey, Limit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit {
    max: i128,
    /// The override: its event, what it allows, and the last recorded day.
    over: Option<(EntryId, i128, NaiveDate)>,
    /// The most that the limit or any override of it ever allowed.
    ever: i128,
}

impl Limit {
    /// The most on a recorded day, and the override that says so.
    fn in_force(self, recorded: NaiveDate) -> (i128, Option<EntryId>) {
        match self.over {
            Some((by, up_to, until)) if recorded <= until => (up_to, Some(by)),
            _ => (self.max, None),
        }
    }
}

impl View<'_> {
    /// Refuses what raises the exposure of a group beyond its limit.
    pub(crate) fn check_groups(&self, change: &Change<'_>, recorded: NaiveDate) -> Result<(), LedgerError> {
        for (name, group) in &self.base.groups {
            for (key, limit) in &group.limits {
                let asked = raised(group, *key, change);
                if asked <= 0 {
                    continue;
                }
                let decided = self.decided_legs();
                let before = decided.fold(self.base.exposure(&group.members, *key), |sum, change| {
                    sum.saturating_add(raised(group, *key, &change))
                });
                if before.saturating_add(asked) > limit.in_force(recorded).0 {
                    let usage = self.base.usage((name, *key), *limit, before, recorded)?;
                    let asked = Money::from_minor(asked, key.1)?;
                    return Err(ControlError::GroupLimitExceeded { usage: Box::new(usage), asked }.into());
                }
            }
        }
        Ok(())
    }
}

/// What a change adds to the exposure of a group; below zero for a receipt.
fn raised(group: &Group, (account, currency): LimitKey, change: &Change<'_>) -> i128 {
    let ours = change.legs.iter().filter(|leg| {
        (leg.account.0, leg.amount.currency()) == (account, currency)
            && leg.key_account.as_ref().is_some_and(|id| group.members.contains(id))
    });
    ours.fold(0_i128, |sum, leg| sum.saturating_add(change.exposes(leg)))
}

impl State {
    /// What key accounts owe together, pending debits included, in minor units.
    fn exposure(&self, members: &BTreeSet<AccountId>, (account, currency): LimitKey) -> i128 {
        members.iter().fold(0_i128, |sum, member| {
            let key = (account, Some(member.clone()), currency);
            let pending = self.pending_at(&key, At::Now).debit;
            sum.saturating_add(self.posted_now(&key)).saturating_add(pending)
        })
    }

    fn usage(
        &self,
        (name, key): (&AccountId, LimitKey),
        limit: Limit,
        exposure: i128,
        recorded: NaiveDate,
    ) -> Result<GroupUsage, LedgerError> {
        let (most, overridden_by) = limit.in_force(recorded);
        let money = |minor| Money::from_minor(minor, key.1);
        Ok(GroupUsage {
            group: name.clone(),
            account: self.code_of(&(key.0, None, key.1)),
            limit: money(most)?,
            overridden_by,
            exposure: money(exposure)?,
            headroom: money(most.saturating_sub(exposure))?,
        })
    }

    fn group_named(&self, name: &AccountId) -> Result<&Group, LedgerError> {
        let unknown = || ControlError::UnknownGroup { group: name.clone() };
        self.groups.get(name).ok_or_else(|| unknown().into())
    }

    fn limit_key(&self, code: &str, currency: Currency) -> Result<LimitKey, LedgerError> {
        let (account, named) = self.account_named(code)?;
        if named.dimension() == Dimension::None {
            return Err(ControlError::NotPerKeyAccount { code: code.to_owned() }.into());
        }
        Ok((account, currency))
    }

    /// How much of the limit of a group is used; nothing without a limit.
    pub(crate) fn group_usage(
        &self,
        name: &AccountId,
        (code, currency): (&str, Currency),
        recorded: NaiveDate,
    ) -> Result<Option<GroupUsage>, LedgerError> {
        let group = self.group_named(name)?;
        let key = self.limit_key(code, currency)?;
        let Some(limit) = group.limits.get(&key) else { return Ok(None) };
        self.usage((name, key), *limit, self.exposure(&group.members, key), recorded).map(Some)
    }

    /// Whether a group may be laid down; `Ok(false)` when it would change nothing.
    pub(crate) fn check_group(&self, asked: &KeyAccountGroup) -> Result<bool, LedgerError> {
        let members: BTreeSet<AccountId> = asked.members.iter().cloned().collect();
        let count = members.len();
        if count > MAX_GROUP_MEMBERS {
            return Err(LedgerError::TooMany { what: "members of a group", count, limit: MAX_GROUP_MEMBERS });
        }
        let Some(group) = self.groups.get(&asked.group) else {
            return if members.is_empty() { self.group_named(&asked.group).map(|_| false) } else { Ok(true) };
        };
        for (key, limit) in &group.limits {
            let (before, after) = (self.exposure(&group.members, *key), self.exposure(&members, *key));
            // Who joins must fit into the limit itself, whatever an override allows.
            if after > limit.max && after > before && !members.is_empty() {
                let lasting = Limit { over: None, ..*limit };
                let usage = self.usage((&asked.group, *key), lasting, before, NaiveDate::MAX)?;
                let asked = Money::from_minor(after.saturating_sub(before), key.1)?;
                return Err(ControlError::GroupLimitExceeded { usage: Box::new(usage), asked }.into());
            }
        }
        Ok(members != group.members)
    }

    /// The key and the most of a limit that holds now.
    pub(crate) fn sound_group_limit(
        &self,
        asked: &GroupLimit,
    ) -> Result<(LimitKey, Option<i128>), LedgerError> {
        let group = self.group_named(&asked.group)?;
        let key = self.limit_key(&asked.account, asked.currency)?;
        let Some(max) = asked.max else { return Ok((key, None)) };
        if max.currency() != asked.currency {
            let (code, currency, allowed) = (asked.account.clone(), max.currency(), asked.currency);
            return Err(LedgerError::CurrencyNotAllowed { code, currency, allowed });
        }
        let exposure = self.exposure(&group.members, key);
        if exposure > max.minor() {
            let limit = Limit { max: max.minor(), over: None, ever: max.minor() };
            let usage = self.usage((&asked.group, key), limit, exposure, NaiveDate::MAX)?;
            let asked = Money::zero(asked.currency);
            return Err(ControlError::GroupLimitExceeded { usage: Box::new(usage), asked }.into());
        }
        Ok((key, Some(max.minor())))
    }

    /// The key of the limit that a sound override raises.
    pub(crate) fn sound_override(&self, asked: &LimitOverride) -> Result<LimitKey, LedgerError> {
        check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
        check_text("who allows", &asked.by, MAX_TEXT_CHARS)?;
        let group = self.group_named(&asked.group)?;
        let key = self.limit_key(&asked.account, asked.up_to.currency())?;
        let (name, code) = (asked.group.clone(), asked.account.clone());
        let Some(limit) = group.limits.get(&key) else {
            return Err(ControlError::NoGroupLimit { group: name, code }.into());
        };
        if asked.up_to.minor() <= limit.max {
            let limit = Money::from_minor(limit.max, key.1)?;
            return Err(ControlError::OverrideBelowLimit { up_to: asked.up_to, limit }.into());
        }
        Ok(key)
    }

    pub(crate) fn commit_group(&mut self, asked: &KeyAccountGroup) {
        if asked.members.is_empty() {
            self.groups.remove(&asked.group);
            return;
        }
        let group = self.groups.entry(asked.group.clone()).or_default();
        group.members = asked.members.iter().cloned().collect();
    }

    pub(crate) fn commit_group_limit(&mut self, asked: &GroupLimit) {
        let Ok((key, max)) = self.sound_group_limit(asked) else { return };
        let Some(group) = self.groups.get_mut(&asked.group) else { return };
        match max {
            Some(max) => drop(group.limits.insert(key, Limit { max, over: None, ever: max })),
            None => drop(group.limits.remove(&key)),
        }
    }

    pub(crate) fn commit_override(&mut self, by: EntryId, asked: &LimitOverride) {
        let Ok(key) = self.sound_override(asked) else { return };
        let limit = self.groups.get_mut(&asked.group).and_then(|group| group.limits.get_mut(&key));
        if let Some(limit) = limit {
            limit.over = Some((by, asked.up_to.minor(), asked.until));
            limit.ever = limit.ever.max(asked.up_to.minor());
        }
    }

    /// Groups that owe more than the most they were ever allowed.
    pub(crate) fn prove_groups(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, group) in &self.groups {
            for ((account, currency), limit) in &group.limits {
                let exposure = self.exposure(&group.members, (*account, *currency));
                if exposure > limit.ever {
                    let code = self.account(LedgerAccountId(*account)).map(crate::Account::code);
                    let (group, code) = (name.clone(), code.unwrap_or_default().to_owned());
                    findings.push(Finding::GroupLimitBroken { group, code, limit: limit.ever, exposure });
                }
            }
        }
        findings
    }
}

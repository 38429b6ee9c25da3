//! Limits of balances and balances vouched for: checked before an entry is sealed, and again when it is applied.
//!
//! # Source
//!
//! House rule: a limit is judged on what is posted and pending at its worst, so that confirming never breaks it; a balance
//! both sides signed binds later entries.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{AccountId, Money};

use crate::state::{BalanceKey, State, Totals};
use crate::two_phase::concerns;
use crate::view::View;
use crate::{At, BoundDates, Bounds, ControlError, Dimension, LedgerError, Leg, Strength};

/// A bound as the state keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    min: Option<i128>,
    max: Option<i128>,
    dates: BoundDates,
}

/// A balance at its worst: everything pending against the limit counts.
#[derive(Debug, Clone, Copy, Default)]
struct Worst {
    posted: i128,
    pending: Totals,
}

impl Worst {
    fn add(&mut self, other: Self) {
        self.posted = self.posted.saturating_add(other.posted);
        self.pending.merge(other.pending);
    }

    /// The figure that breaks the bound, and the bound.
    fn breaks(self, bound: Bound) -> Option<(i128, i128)> {
        let high = self.posted.saturating_add(self.pending.debit);
        let low = self.posted.saturating_sub(self.pending.credit);
        let above = bound.max.filter(|max| high > *max).map(|max| (high, max));
        above.or_else(|| bound.min.filter(|min| low < *min).map(|min| (low, min)))
    }
}

/// Legs about to be posted or reserved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a> {
    effective: NaiveDate,
    pub(crate) legs: &'a [Leg],
    pending: Pending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    Yes,
    No,
}

impl Change<'_> {
    /// What a leg adds to what is owed at worst: pending credits do not count.
    pub(crate) fn exposes(&self, leg: &Leg) -> i128 {
        match self.pending {
            Pending::No => leg.signed_minor(),
            Pending::Yes => leg.signed_minor().max(0),
        }
    }

    fn worst(&self, key: &BalanceKey) -> Worst {
        let mut totals = Totals::default();
        for leg in self.legs.iter().filter(|leg| concerns(key, leg)) {
            totals.add(leg.side, leg.amount.minor());
        }
        match self.pending {
            Pending::Yes => Worst { posted: 0, pending: totals },
            Pending::No => Worst { posted: totals.net(), pending: Totals::default() },
        }
    }
}

impl View<'_> {
    /// Refuses an entry that breaks a bound, a locked assertion or the limit of a group.
    pub(crate) fn check_limits(
        &self,
        (effective, recorded): (NaiveDate, NaiveDate),
        legs: &[Leg],
    ) -> Result<(), LedgerError> {
        if self.base.has_no_limits() {
            return Ok(());
        }
        let change = Change { effective, legs, pending: Pending::No };
        self.check_assertions(&change)?;
        self.check_bounds(&change)?;
        self.check_groups(&change, recorded)
    }

    /// Refuses a confirmation that breaks a locked assertion: what was pending is in every bound already.
    pub(crate) fn check_confirmed(&self, effective: NaiveDate, legs: &[Leg]) -> Result<(), LedgerError> {
        self.check_assertions(&Change { effective, legs, pending: Pending::No })
    }

    /// Refuses a reservation that breaks a bound or the limit of a group.
    pub(crate) fn check_pending_limits(
        &self,
        (effective, recorded): (NaiveDate, NaiveDate),
        legs: &[Leg],
    ) -> Result<(), LedgerError> {
        let change = Change { effective, legs, pending: Pending::Yes };
        self.check_bounds(&change)?;
        self.check_groups(&change, recorded)
    }

    fn check_bounds(&self, change: &Change<'_>) -> Result<(), LedgerError> {
        if self.base.bounds.is_empty() {
            return Ok(());
        }
        for (key, bound) in touched(&self.base.bounds, change.legs) {
            self.check_bound(key, *bound, Some(change))?;
        }
        Ok(())
    }

    fn check_bound(
        &self,
        key: &BalanceKey,
        bound: Bound,
        change: Option<&Change<'_>>,
    ) -> Result<(), LedgerError> {
        let state = self.base;
        let decided = || self.decided_legs().chain(change.copied());
        let mut now = Worst { posted: state.posted_now(key), pending: state.pending_at(key, At::Now) };
        decided().for_each(|change| now.add(change.worst(key)));
        if let Some(broken) = now.breaks(bound) {
            return Err(state.bound_violated(key, None, broken));
        }
        if bound.dates == BoundDates::Current {
            return Ok(());
        }
        let mut days: BTreeMap<NaiveDate, Worst> = BTreeMap::new();
        state.worst_by_day(key, &mut days);
        for change in decided().filter(|change| change.legs.iter().any(|leg| concerns(key, leg))) {
            days.entry(change.effective).or_default().add(change.worst(key));
        }
        let mut running = Worst::default();
        let from = change.map_or(NaiveDate::MIN, |change| change.effective);
        for (day, worst) in days {
            running.add(worst);
            if let Some(broken) = running.breaks(bound).filter(|_| day >= from) {
                return Err(state.bound_violated(key, Some(day), broken));
            }
        }
        Ok(())
    }

    /// What this decision posts already; kept only while there are bounds.
    pub(crate) fn decided_legs(&self) -> impl Iterator<Item = Change<'_>> {
        self.moved.iter().map(|(effective, legs)| Change {
            effective: *effective,
            legs,
            pending: Pending::No,
        })
    }

    fn check_assertions(&self, change: &Change<'_>) -> Result<(), LedgerError> {
        if self.base.asserted.is_empty() {
            return Ok(());
        }
        for (key, days) in touched(&self.base.asserted, change.legs) {
            let net = change.worst(key).posted;
            let locked =
                days.range(change.effective..).filter(|(_, (_, strength))| *strength == Strength::Locked);
            if let Some((day, (expected, _))) = locked.into_iter().next().filter(|_| net != 0) {
                let code = self.base.code_of(key);
                let money = |minor| Money::from_minor(minor, key.2);
                let (expected, actual) = (money(*expected)?, money(expected.saturating_add(net))?);
                return Err(LedgerError::Control(ControlError::BreaksAssertion {
                    code,
                    day: *day,
                    expected,
                    actual,
                }));
            }
        }
        Ok(())
    }
}

/// The entries of a table that some leg touches, each once, in the order of the table.
fn touched<'t, T>(table: &'t BTreeMap<BalanceKey, T>, legs: &[Leg]) -> Vec<(&'t BalanceKey, &'t T)> {
    let mut found: BTreeMap<&BalanceKey, &T> = BTreeMap::new();
    for leg in legs {
        let (account, currency) = (leg.account.0, leg.amount.currency());
        let one = leg.key_account.clone().map(|id| (account, Some(id), currency));
        for key in [Some((account, None, currency)), one].into_iter().flatten() {
            found.extend(table.get_key_value(&key));
        }
    }
    found.into_iter().collect()
}

impl State {
    /// Whether no balance and no group has a limit, and none was vouched for, so that every sound entry may be posted.
    pub(crate) fn has_no_limits(&self) -> bool {
        self.bounds.is_empty() && self.asserted.is_empty() && self.groups.is_empty()
    }

    /// The balance of everything posted, in minor units.
    pub(crate) fn posted_now(&self, (account, key_account, currency): &BalanceKey) -> i128 {
        match key_account {
            Some(id) => self.slot(*account, Some(id), *currency).map_or(0, |(_, slot)| slot.balance),
            None => {
                let slots = self.slots_of(*account, *currency);
                slots.iter().fold(0_i128, |sum, slot| sum.saturating_add(slot.balance))
            }
        }
    }

    /// The balance at the end of a day, in minor units.
    pub(crate) fn posted_at(&self, (account, key_account, currency): &BalanceKey, day: NaiveDate) -> i128 {
        let slots = self.slots_of(*account, *currency).into_iter();
        let ours =
            slots.filter(|slot| key_account.is_none() || self.party(slot.party) == key_account.as_ref());
        ours.fold(0_i128, |sum, slot| sum.saturating_add(self.totals_at(slot, At::EndOf(day)).net()))
    }

    fn worst_by_day(&self, key: &BalanceKey, days: &mut BTreeMap<NaiveDate, Worst>) {
        let (account, key_account, currency) = key;
        let of_key_account =
            |party: Option<u32>| key_account.is_none() || self.party(party) == key_account.as_ref();
        for slot in self.slots_of(*account, *currency).into_iter().filter(|slot| of_key_account(slot.party)) {
            for (day, totals) in slot.days.days() {
                let worst = Worst { posted: totals.net(), pending: Totals::default() };
                days.entry(day).or_default().add(worst);
            }
        }
        for (id, resolved) in &self.held {
            let Some(reservation) = self.reservation(*id) else { continue };
            let pending = reservation.totals(key);
            if pending == Totals::default() {
                continue; // on its days this balance does not move
            }
            days.entry(reservation.effective).or_default().add(Worst { posted: 0, pending });
            if let Some((_, effective)) = resolved {
                let Totals { debit, credit } = pending;
                let pending = Totals { debit: debit.saturating_neg(), credit: credit.saturating_neg() };
                days.entry(*effective).or_default().add(Worst { posted: 0, pending });
            }
        }
    }

    pub(crate) fn code_of(&self, key: &BalanceKey) -> String {
        let account = self.account(crate::LedgerAccountId(key.0));
        account.map_or_else(String::new, |account| account.code().to_owned())
    }

    fn bound_violated(
        &self,
        key: &BalanceKey,
        day: Option<NaiveDate>,
        (balance_minor, bound_minor): (i128, i128),
    ) -> LedgerError {
        let (code, key_account, currency) = (self.code_of(key), key.1.clone(), key.2);
        LedgerError::Control(ControlError::BoundViolated {
            code,
            key_account,
            currency,
            day,
            balance_minor,
            bound_minor,
        })
    }

    /// The balance that an account code and key account name.
    pub(crate) fn balance_key(
        &self,
        code: &str,
        key_account: Option<&AccountId>,
        currency: endcap_types::Currency,
    ) -> Result<BalanceKey, LedgerError> {
        let (account, named) = self.account_named(code)?;
        match key_account {
            Some(id) if named.dimension() == Dimension::None => {
                Err(LedgerError::KeyAccountNotAllowed { code: code.to_owned(), key_account: id.clone() })
            }
            _ => Ok((account, key_account.cloned(), currency)),
        }
    }

    /// The key and bound of a directive, once they are sound and hold now.
    pub(crate) fn sound_bound(&self, asked: &Bounds) -> Result<(BalanceKey, Option<Bound>), LedgerError> {
        let key = self.balance_key(&asked.account, asked.key_account.as_ref(), asked.currency)?;
        for limit in [asked.min, asked.max].into_iter().flatten() {
            if limit.currency() != asked.currency {
                let (currency, allowed) = (limit.currency(), asked.currency);
                return Err(LedgerError::CurrencyNotAllowed {
                    code: asked.account.clone(),
                    currency,
                    allowed,
                });
            }
        }
        let minor = |limit: Option<Money>| limit.map(|limit| limit.minor());
        let bound = Bound { min: minor(asked.min), max: minor(asked.max), dates: asked.dates };
        if let (Some(min), Some(max)) = (asked.min, asked.max)
            && max.compare(&min)?.is_lt()
        {
            return Err(LedgerError::Control(ControlError::BoundsCrossed { min, max }));
        }
        View::new(self).check_bound(&key, bound, None)?;
        Ok((key, (bound.min.is_some() || bound.max.is_some()).then_some(bound)))
    }

    /// What may still be debited to a balance before its maximum, pending debits included; nothing without one.
    pub(crate) fn headroom(&self, key: &BalanceKey) -> Result<Option<Money>, LedgerError> {
        let Some(max) = self.bounds.get(key).and_then(|bound| bound.max) else { return Ok(None) };
        let pending = self.pending_at(key, At::Now).debit;
        let left = max.saturating_sub(self.posted_now(key)).saturating_sub(pending);
        Ok(Some(Money::from_minor(left, key.2)?))
    }
}

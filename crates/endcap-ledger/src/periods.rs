//! Locks on periods: per kind of accounts, the day before which everything is closed.
//!
//! # Source
//!
//! House rule: periods close in order, by kind of accounts, and the day being posted is what is judged, never that of the
//! entry it corrects.

use chrono::NaiveDate;
use endcap_calendar::Period;

use crate::state::State;
use crate::view::View;
use crate::{
    AccountKind, ControlError, Entry, EntryId, EventBody, LedgerAccountId, LedgerError, Leg, LockedKinds,
    PeriodAction, PeriodChange,
};

const KINDS: [AccountKind; 5] = [
    AccountKind::Asset,
    AccountKind::Liability,
    AccountKind::Equity,
    AccountKind::Income,
    AccountKind::Expense,
];

/// A set of kinds of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds([bool; 5]);

impl Kinds {
    pub(crate) const ALL: Self = Self([true; 5]);

    pub(crate) fn add(&mut self, kind: AccountKind) {
        for (slot, other) in self.0.iter_mut().zip(KINDS) {
            *slot |= other == kind;
        }
    }

    fn of(locked: &LockedKinds) -> Self {
        match locked {
            LockedKinds::All => Self::ALL,
            LockedKinds::Only(kinds) => {
                let mut set = Self::default();
                kinds.iter().for_each(|kind| set.add(*kind));
                set
            }
        }
    }

    /// The kinds that an entry touches: those of its legs, that of an account whose items it clears, and assets when
    /// goods move.
    pub(crate) fn touched(
        state: &State,
        legs: &[Leg],
        cleared: impl IntoIterator<Item = LedgerAccountId>,
        goods_move: impl Into<Option<AccountKind>>,
    ) -> Self {
        let mut set = Self::default();
        let accounts = legs.iter().map(|leg| leg.account).chain(cleared);
        accounts.filter_map(|id| state.account(id)).for_each(|account| set.add(account.kind()));
        goods_move.into().into_iter().for_each(|kind| set.add(kind));
        set
    }

    /// The kinds that a posted entry touches.
    pub(crate) fn of_entry(state: &State, entry: &Entry) -> Self {
        let slots = entry.clearings.iter().filter_map(|clearing| state.item(clearing.debit));
        let cleared = slots.filter_map(|item| state.slot_of(item));
        let goods = (!entry.stock.is_empty()).then_some(AccountKind::Asset);
        Self::touched(state, &entry.legs, cleared.map(|slot| LedgerAccountId(slot.account)), goods)
    }

    fn pick(self, days: &[NaiveDate; 5]) -> impl Iterator<Item = NaiveDate> {
        self.0.into_iter().zip(*days).filter(|(chosen, _)| *chosen).map(|(_, day)| day)
    }
}

/// The borders of all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Locks {
    /// The first day that is not closed.
    hard: [NaiveDate; 5],
    /// The first day that is neither closed nor soft closed; before `hard` when nothing is soft closed.
    soft: [NaiveDate; 5],
}

impl Default for Locks {
    fn default() -> Self {
        Self { hard: [NaiveDate::MIN; 5], soft: [NaiveDate::MIN; 5] }
    }
}

impl Locks {
    /// The first day on which entries of these kinds may count at all.
    pub(crate) fn first_open(&self, kinds: Kinds) -> NaiveDate {
        kinds.pick(&self.hard).max().unwrap_or(NaiveDate::MIN)
    }

    /// The first day on which entries of these kinds may count without a reason.
    pub(crate) fn first_free(&self, kinds: Kinds) -> NaiveDate {
        kinds.pick(&self.soft).max().unwrap_or(NaiveDate::MIN).max(self.first_open(kinds))
    }

    pub(crate) fn close(&mut self, kinds: Kinds, end: NaiveDate) {
        raise(&mut self.hard, kinds, end);
    }

    pub(crate) fn commit(&mut self, change: &PeriodChange) {
        let kinds = Kinds::of(&change.kinds);
        match change.action {
            PeriodAction::SoftClose => raise(&mut self.soft, kinds, change.period.end()),
            PeriodAction::Close { .. } => self.close(kinds, change.period.end()),
            PeriodAction::Reopen => {
                for days in [&mut self.hard, &mut self.soft] {
                    for (day, _) in days.iter_mut().zip(kinds.0).filter(|(_, chosen)| *chosen) {
                        *day = (*day).min(change.period.start());
                    }
                }
            }
        }
    }
}

fn raise(days: &mut [NaiveDate; 5], kinds: Kinds, end: NaiveDate) {
    for (day, _) in days.iter_mut().zip(kinds.0).filter(|(_, chosen)| *chosen) {
        *day = (*day).max(end);
    }
}

impl State {
    /// Whether a change of locks may be made; `Ok(false)` when it would change nothing.
    pub(crate) fn check_period_change(&self, change: &PeriodChange) -> Result<bool, LedgerError> {
        use crate::error::check_text;
        use crate::limits::MAX_TEXT_CHARS;
        check_text("who orders", &change.by, MAX_TEXT_CHARS)?;
        if !change.reason.is_empty() || change.action == PeriodAction::Reopen {
            check_text("reason", &change.reason, MAX_TEXT_CHARS)?;
        }
        let kinds = Kinds::of(&change.kinds);
        let (start, end) = (change.period.start(), change.period.end());
        let mut after = self.locks;
        after.commit(change);
        match &change.action {
            PeriodAction::Reopen => {
                let closed_to = self.locks.first_free(kinds);
                if closed_to > end {
                    return Err(LedgerError::Control(ControlError::LaterPeriodClosed { end, closed_to }));
                }
                if after == self.locks {
                    return Err(LedgerError::Control(ControlError::NotClosed {
                        start,
                        first_open: closed_to,
                    }));
                }
                Ok(true)
            }
            PeriodAction::SoftClose => {
                let borders =
                    self.locks.soft.iter().zip(self.locks.hard).map(|(soft, hard)| *(soft.max(&hard)));
                self.check_prior(kinds, start, borders)?;
                Ok(after != self.locks)
            }
            PeriodAction::Close { carry_over } => {
                if after == self.locks {
                    return Ok(false);
                }
                self.check_prior(kinds, start, self.locks.hard.into_iter())?;
                self.check_pending_before(end, carry_over)?;
                Ok(true)
            }
        }
    }

    /// Refuses to close from `start` while an earlier day of a kind is open.
    fn check_prior(
        &self,
        kinds: Kinds,
        start: NaiveDate,
        borders: impl Iterator<Item = NaiveDate>,
    ) -> Result<(), LedgerError> {
        for (border, _) in borders.zip(kinds.0).filter(|(_, chosen)| *chosen) {
            let open_from = if border == NaiveDate::MIN { self.earliest } else { Some(border) };
            if let Some(open_from) = open_from.filter(|open_from| *open_from < start) {
                return Err(LedgerError::PriorPeriodOpen { start, open_from });
            }
        }
        Ok(())
    }

    fn check_pending_before(&self, end: NaiveDate, carry_over: &[EntryId]) -> Result<(), LedgerError> {
        let open = self.held.iter().filter(|(_, resolved)| resolved.is_none()).map(|(id, _)| *id);
        let inside = open.filter(|id| self.reservation(*id).is_some_and(|held| held.effective < end));
        match inside.into_iter().find(|id| !carry_over.contains(id)) {
            Some(reservation) => {
                Err(LedgerError::Control(ControlError::PendingInPeriod { end, reservation }))
            }
            None => Ok(()),
        }
    }
}

/// Closes a period for all kinds; closing twice is closing once.
pub(crate) fn close_period(
    view: &mut View<'_>,
    period: Period,
    recorded: NaiveDate,
) -> Result<(), LedgerError> {
    view.check_recorded(recorded)?;
    let state = view.base;
    let mut after = state.locks;
    after.close(Kinds::ALL, period.end());
    if after == state.locks {
        return Ok(());
    }
    state.check_prior(Kinds::ALL, period.start(), state.locks.hard.into_iter())?;
    state.check_pending_before(period.end(), &[])?;
    view.seal(recorded, EventBody::PeriodClosed(period));
    Ok(())
}

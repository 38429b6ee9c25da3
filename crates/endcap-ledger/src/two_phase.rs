//! Two-phase posting: reserving an entry and confirming it.
//!
//! # Source
//!
//! Two-phase posting as ledgers of payments know it: pending, then posted in full or in part, voided or expired; the second
//! phase never breaks a limit.

use crate::canon::{confirm_digest, reserve_digest};
use crate::decide::{Origin, post_as};
use crate::limits::MAX_TURNOVER_MINOR;
use crate::resolve::resolve;
use crate::state::{BalanceKey, State, Totals};
use crate::view::View;
use crate::{
    At, Confirmation, ConfirmedAmounts, ControlError, EntryDraft, EntryId, EntryKind, EntryStatus, EventBody,
    Expiry, LedgerError, Leg, LegAmount, LegDraft, Link, PendingLeg, Reservation, ReserveDraft, Side,
};
use chrono::NaiveDate;
use endcap_types::{Currency, Money};

/// Holds an entry as pending.
pub(crate) fn reserve(view: &mut View<'_>, asked: &ReserveDraft) -> Result<(), LedgerError> {
    let request = reserve_digest(asked);
    let draft = &asked.draft;
    if let Some(receipt) = view.replayed(&draft.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    let refused = |reason| Err(LedgerError::Control(ControlError::NotReservable { reason }));
    if !draft.stock.is_empty() {
        return refused("goods that moved are not pending");
    }
    if !draft.exchanges.is_empty() {
        return refused("an exchange is not pending");
    }
    if draft.link != Link::None {
        return refused("a correction is not pending");
    }
    if draft.legs.iter().any(|leg| matches!(leg.amount, LegAmount::Red(..))) {
        return refused("red ink is not pending");
    }
    let resolved =
        resolve(view, draft).map_err(|found| found.into_iter().next().unwrap_or(LedgerError::NoLegs))?;
    if let Expiry::After(last) = asked.expires {
        let from = resolved.effective.max(draft.recorded);
        if last < from {
            return Err(LedgerError::Control(ControlError::TooEarly {
                what: "the last day of the reservation",
                date: last,
                from,
            }));
        }
    }
    for (currency, debit) in &resolved.debits {
        view.base.check_pending_range(*currency, *debit)?;
    }
    view.check_pending_limits((resolved.effective, draft.recorded), &resolved.legs)?;
    let legs = resolved.legs.into_iter().zip(&draft.legs);
    let legs = legs.map(|(leg, asked)| PendingLeg { leg, item: asked.item.clone() }).collect();
    let reservation = Reservation {
        key: draft.key.clone(),
        request,
        document: draft.document.clone(),
        effective: resolved.effective,
        description: draft.description.clone(),
        legs,
        expires: asked.expires,
    };
    view.seal(draft.recorded, EventBody::EntryReserved(reservation));
    Ok(())
}

/// Posts what is pending, or a part of it.
pub(crate) fn confirm(view: &mut View<'_>, asked: &Confirmation) -> Result<(), LedgerError> {
    let request = confirm_digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    let reservation = view.base.unresolved(asked.of)?;
    if let Expiry::After(last) = reservation.expires
        && asked.recorded > last
    {
        let recorded = asked.recorded;
        return Err(LedgerError::Control(ControlError::ReservationExpired {
            reservation: asked.of,
            last,
            recorded,
        }));
    }
    reservation.check_from("the confirmation", asked.effective)?;
    let amounts: Vec<Money> = match &asked.amounts {
        ConfirmedAmounts::Full => reservation.legs.iter().map(|pending| pending.leg.amount).collect(),
        ConfirmedAmounts::Legs(amounts) => amounts.clone(),
    };
    if amounts.len() != reservation.legs.len() {
        return Err(LedgerError::Control(ControlError::LegCount {
            given: amounts.len(),
            expected: reservation.legs.len(),
        }));
    }
    let mut draft =
        EntryDraft::new(asked.key.clone(), reservation.document.clone(), asked.effective, asked.recorded)
            .describe(reservation.description.clone());
    for (index, (pending, amount)) in reservation.legs.iter().zip(amounts).enumerate() {
        let held = pending.leg.amount;
        if amount.is_negative() {
            return Err(LedgerError::NegativeLeg { leg: index, amount });
        }
        if held.compare(&amount)?.is_lt() {
            return Err(LedgerError::Control(ControlError::ExceedsPending {
                leg: index,
                pending: held,
                asked: amount,
            }));
        }
        if amount.is_zero() {
            continue;
        }
        let account = view.base.account(pending.leg.account).map_or("", crate::Account::code);
        draft.legs.push(LegDraft {
            account: account.to_owned(),
            key_account: pending.leg.key_account.clone(),
            amount: LegAmount::Fixed(pending.leg.side, amount),
            nature: Some(pending.leg.nature),
            item: pending.item.clone(),
        });
    }
    let kind = EntryKind::Confirmation { of: asked.of };
    post_as(view, &draft, Origin { request, kind, rates: Vec::new(), released: Vec::new() })
}

impl Reservation {
    /// Refuses a day before the reservation is pending.
    pub(crate) fn check_from(&self, what: &'static str, date: NaiveDate) -> Result<(), LedgerError> {
        if date < self.effective {
            return Err(LedgerError::Control(ControlError::TooEarly { what, date, from: self.effective }));
        }
        Ok(())
    }

    /// What is pending of one balance.
    pub(crate) fn totals(&self, key: &BalanceKey) -> Totals {
        let mut totals = Totals::default();
        for leg in self.legs.iter().map(|pending| &pending.leg).filter(|leg| concerns(key, leg)) {
            totals.add(leg.side, leg.amount.minor());
        }
        totals
    }
}

/// Whether a leg counts in a balance.
pub(crate) fn concerns((account, key_account, currency): &BalanceKey, leg: &Leg) -> bool {
    leg.account.0 == *account
        && leg.amount.currency() == *currency
        && (key_account.is_none() || leg.key_account == *key_account)
}

impl State {
    /// A reservation, resolved or not.
    pub(crate) fn reservation(&self, id: EntryId) -> Option<&Reservation> {
        match self.log.whole.get(&u32::try_from(crate::log::position(id)?).ok()?) {
            Some(EventBody::EntryReserved(reservation)) => Some(reservation),
            _ => None,
        }
    }

    /// A reservation that is still pending.
    pub(crate) fn unresolved(&self, id: EntryId) -> Result<&Reservation, LedgerError> {
        let reservation = match self.log.header(id) {
            None => return Err(LedgerError::UnknownEntry { entry: id }),
            Some(_) => {
                self.reservation(id).ok_or(LedgerError::Control(ControlError::NotPending { entry: id }))?
            }
        };
        match self.held.get(&id).copied().flatten() {
            Some((by, _)) => Err(LedgerError::Control(ControlError::AlreadyResolved { reservation: id, by })),
            None => Ok(reservation),
        }
    }

    /// The reservations still pending, by id.
    pub(crate) fn pending(&self) -> impl Iterator<Item = (EntryId, &Reservation)> {
        let open = self.held.iter().filter(|(_, resolved)| resolved.is_none());
        open.filter_map(|(id, _)| Some((*id, self.reservation(*id)?)))
    }

    /// What is pending of a balance at a point: reserved by then and not resolved by then.
    pub(crate) fn pending_at(&self, key: &BalanceKey, at: At) -> Totals {
        if at == At::Now {
            return self.pending.get(key).copied().unwrap_or_default();
        }
        let point = match at {
            At::AfterEntry(entry) => self.effective_of(entry).map(|effective| (effective, entry)),
            _ => None,
        };
        let counts = |id: EntryId, effective: NaiveDate| match at {
            At::Now => true,
            At::EndOf(day) => effective <= day,
            At::Known { effective: last, recorded } => {
                effective <= last && self.recorded_of(id).is_some_and(|known| known <= recorded)
            }
            At::AfterEntry(_) => point.is_some_and(|point| (effective, id) <= point),
        };
        let mut totals = Totals::default();
        for (id, resolved) in &self.held {
            let Some(reservation) = self.reservation(*id) else { continue };
            let over = resolved.is_some_and(|(by, effective)| counts(by, effective));
            if counts(*id, reservation.effective) && !over {
                totals.merge(reservation.totals(key));
            }
        }
        totals
    }

    /// Refuses a reservation that, with all that is posted and pending, would leave the range of a balance.
    pub(crate) fn check_pending_range(&self, currency: Currency, debit: i128) -> Result<(), LedgerError> {
        let limit = MAX_TURNOVER_MINOR;
        let whole = self
            .pending
            .iter()
            .filter(|((_, key_account, other), _)| key_account.is_none() && *other == currency);
        let pending = whole.fold(0_i128, |sum, (_, totals)| sum.saturating_add(totals.debit));
        let posted = self.turnover.get(&currency).copied().unwrap_or(0);
        if posted.saturating_add(pending).saturating_add(debit) > limit {
            return Err(LedgerError::TurnoverOutOfRange { currency, limit });
        }
        Ok(())
    }

    /// Takes a reservation out of what is pending, by an event that counts from a day.
    pub(crate) fn commit_resolved(&mut self, id: EntryId, by: EntryId, effective: NaiveDate) {
        let Some(reservation) = self.reservation(id).cloned() else { return };
        self.held.insert(id, Some((by, effective)));
        for pending in &reservation.legs {
            self.commit_pending(&pending.leg, Totals::take);
        }
    }

    pub(crate) fn commit_reserved(&mut self, id: EntryId, reservation: &Reservation) {
        self.held.insert(id, None);
        for pending in &reservation.legs {
            self.commit_pending(&pending.leg, Totals::add);
        }
    }

    fn commit_pending(&mut self, leg: &Leg, change: fn(&mut Totals, Side, i128)) {
        let currency = leg.amount.currency();
        let one = leg.key_account.clone().map(|id| (leg.account.0, Some(id), currency));
        for key in [Some((leg.account.0, None, currency)), one].into_iter().flatten() {
            change(self.pending.entry(key).or_default(), leg.side, leg.amount.minor());
        }
    }

    /// Where an entry or a reservation stands.
    pub(crate) fn status(&self, id: EntryId) -> Option<EntryStatus> {
        if let Some(resolved) = self.held.get(&id) {
            return Some(match resolved {
                None => EntryStatus::Pending,
                Some((by, _)) if self.has_entry(*by) => EntryStatus::Confirmed { by: *by },
                Some((by, _)) => EntryStatus::Voided { by: *by },
            });
        }
        let entry = self.entry(id)?;
        if let Some(by) = self.reversed.get(&id) {
            return Some(EntryStatus::Reversed { by: *by });
        }
        let mut items = entry.items.iter().filter_map(|opened| self.item(opened.id));
        let settled = !entry.items.is_empty() && items.all(|item| item.open == 0);
        Some(if settled { EntryStatus::Settled } else { EntryStatus::Posted })
    }
}

//! Applying events: taking in what was decided, here or elsewhere, once it proves to be sound.
//!
//! # Source
//!
//! House rule: replay trusts no log.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Currency};

use crate::chain::follows;
use crate::ink::turns_over;
use crate::limits::{MAX_PIECES, MAX_TEXT_CHARS, MAX_TURNOVER_MINOR};
use crate::periods::Kinds;
use crate::state::is_control;
use crate::view::View;
use crate::{
    Clearing, CurrencyRule, Dimension, Entry, EntryId, EntryKind, Event, EventBody, Expiry, Ink, ItemEffect,
    ItemId, LedgerError, Leg, NegativeStock, PendingLeg, Reservation, ReversalForm, Side, State,
};

/// Takes `event` into `state` (入账), after proving that it follows the head and that a ledger could have decided it.
///
/// An event that [`decide`](crate::decide) made for this very state is always taken in.
/// A refused event leaves the state as it was. Time: `O(legs)` map look-ups, whatever the size of the ledger.
///
/// # Errors
///
/// - [`LedgerError::BrokenChain`] when sequence number or hash do not follow.
/// - [`LedgerError::CorruptEvent`] when the hash holds but the content breaks a law of the ledger.
///
/// # Source
///
/// House rule: replay trusts no log.
pub fn apply(state: &mut State, event: Event) -> Result<(), LedgerError> {
    if !follows(&state.head, state.next_seq(), &event) {
        return Err(LedgerError::BrokenChain { seq: state.next_seq() });
    }
    if let Err(reason) = check(state, &event) {
        return Err(LedgerError::CorruptEvent { seq: event.seq, reason });
    }
    state.commit(event);
    Ok(())
}

type Checked = Result<(), &'static str>;

fn holds(condition: impl Into<Option<bool>>, broken: &'static str) -> Checked {
    if condition.into() == Some(true) { Ok(()) } else { Err(broken) }
}

fn check(state: &State, event: &Event) -> Checked {
    holds(event.recorded >= state.recorded, "recorded date goes back")?;
    match &event.body {
        EventBody::AccountOpened(account) => {
            holds(!state.codes.contains_key(account.code()), "account code is taken")
        }
        EventBody::PeriodClosed(period) => {
            let mut view = View::new(state);
            let decided = crate::periods::close_period(&mut view, *period, event.recorded);
            holds(decided.is_ok(), "period cannot be closed yet")?;
            holds(!view.finish().events.is_empty(), "period is closed already")
        }
        EventBody::EntryPosted(entry) => check_entry(state, event, entry),
        EventBody::EntryReserved(reservation) => check_reservation(state, event, reservation),
        EventBody::Directed(directed) => {
            holds(state.log.holder(&directed.key).is_none(), "key is taken")?;
            let sound = state.check_directive(&directed.directive).unwrap_or(false);
            holds(sound, "a directive breaks a rule")
        }
    }
}

/// A reservation is balanced, on open days, within the limits, and can be confirmed on its first day.
fn check_reservation(state: &State, event: &Event, held: &Reservation) -> Checked {
    holds(state.log.holder(&held.key).is_none(), "key is taken")?;
    let legs: Vec<Leg> = held.legs.iter().map(|pending| pending.leg.clone()).collect();
    holds(!legs.is_empty(), "a reservation holds nothing")?;
    let view = View::new(state);
    let kinds = Kinds::touched(state, &legs, [], None);
    holds(held.effective >= state.locks.first_open(kinds), "effective date is closed")?;
    for pending in &held.legs {
        check_leg(state, &pending.leg)?;
        holds(pending.leg.ink() == Ink::Blue, "red ink is not pending")?;
        let control = state.account(pending.leg.account).is_some_and(is_control);
        holds(control || pending.item == ItemEffect::Plain, "a pending item has no control leg")?;
    }
    check_sums(state, &legs)?;
    for (currency, debit) in crate::decide::debits(&legs) {
        holds(state.check_pending_range(currency, debit).is_ok(), "turnover out of range")?;
    }
    if let Expiry::After(last) = held.expires {
        holds(last >= held.effective.max(event.recorded), "a reservation expires before it begins")?;
    }
    holds(
        view.check_pending_limits((held.effective, event.recorded), &legs).is_ok(),
        "a balance is out of bounds",
    )
}

fn check_sums(state: &State, legs: &[Leg]) -> Checked {
    let mut sums: BTreeMap<_, (i128, i128)> = BTreeMap::new();
    for leg in legs {
        let (net, turned) = sums.entry(leg.amount.currency()).or_default();
        *net = net.saturating_add(leg.signed_minor());
        *turned = turned.saturating_add(turns_over(leg.side, leg.amount.minor()));
    }
    for (currency, (net, turned)) in sums {
        holds(net == 0, "not balanced")?;
        let before = state.turnover.get(&currency).copied().unwrap_or(0);
        holds(before.saturating_add(turned) <= MAX_TURNOVER_MINOR, "turnover out of range")?;
    }
    Ok(())
}

/// A confirmation posts no more than was pending, leg by leg, in time.
fn check_confirmation(state: &State, event: &Event, entry: &Entry, of: EntryId) -> Checked {
    let held = state.unresolved(of).map_err(|_| "confirms no reservation")?;
    holds(entry.effective >= held.effective, "confirms before the reservation")?;
    let late = matches!(held.expires, Expiry::After(last) if event.recorded > last);
    holds(!late, "confirms what has expired")?;
    let mut pending = held.legs.iter();
    for leg in &entry.legs {
        let matches = |held: &&PendingLeg| {
            let held = &held.leg;
            let same = (held.account, held.side, held.nature) == (leg.account, leg.side, leg.nature);
            let fits =
                held.amount.currency() == leg.amount.currency() && held.amount.minor() >= leg.amount.minor();
            same && held.key_account == leg.key_account && fits && leg.ink() == Ink::Blue
        };
        holds(pending.by_ref().any(|held| matches(&held)), "confirms more than is pending")?;
    }
    Ok(())
}

fn check_entry(state: &State, event: &Event, entry: &Entry) -> Checked {
    let seq = event.seq;
    holds(entry.description.chars().count() <= MAX_TEXT_CHARS, "a description is too long")?;
    holds(state.room_for(entry.legs.len()).is_ok(), "the ledger is full")?;
    let kinds = Kinds::of_entry(state, entry);
    holds(entry.effective >= state.locks.first_open(kinds), "effective date is closed")?;
    let soft = entry.effective < state.locks.first_free(kinds);
    holds(!soft || entry.override_reason.is_some(), "effective date is soft closed")?;
    let view = View::new(state);
    let limits = match entry.kind {
        EntryKind::Confirmation { .. } => view.check_confirmed(entry.effective, &entry.legs),
        _ => view.check_limits((entry.effective, event.recorded), &entry.legs),
    };
    holds(limits.is_ok(), "a balance is out of bounds")?;
    holds(state.log.holder(&entry.key).is_none(), "key is taken")?;
    match &entry.kind {
        EntryKind::Reversal { of, .. } => {
            holds(state.has_entry(*of), "reverses no entry")?;
            holds(!state.reversed.contains_key(of), "reverses an entry twice")?;
            holds(mirrors(state, *of, entry), "reverses another amount")?;
        }
        EntryKind::Correction { of } => {
            holds(*of < EntryId(seq) && state.has_entry(*of), "corrects no entry")?
        }
        EntryKind::Confirmation { of } => check_confirmation(state, event, entry, *of)?,
        EntryKind::Release { of, .. } => {
            holds(state.has_entry(*of), "releases no entry")?;
            holds(!state.uncleared.contains_key(of), "releases an entry twice")?;
        }
        EntryKind::Posting | EntryKind::Clearing | EntryKind::WriteOff { .. } | EntryKind::Revaluation => {}
    }
    let mut items = entry.items.iter().peekable();
    let mut next_item = state.next_item();
    for (index, leg) in (0_u32..).zip(&entry.legs) {
        check_leg(state, leg)?;
        if state.account(leg.account).is_some_and(is_control) {
            let opened = items.next_if(|opened| opened.leg == index && opened.id == ItemId(next_item));
            holds(opened.is_some(), "a control leg opens no item")?;
            next_item = next_item.saturating_add(1);
        }
    }
    holds(items.next().is_none(), "an item has no control leg")?;
    check_sums(state, &entry.legs)?;
    let values = entry.valuations.iter();
    holds(values.into_iter().all(|value| value.item.0 < next_item), "values no item")?;
    check_clearings(state, entry)?;
    let mut view = View::new(state);
    for stock_move in &entry.stock {
        holds(stock_move.pieces.unsigned_abs() <= MAX_PIECES.unsigned_abs(), "pieces out of range")?;
        let refuses = state.settings.negative_stock == NegativeStock::Refuse;
        holds(
            view.move_stock(stock_move).is_ok(),
            if refuses { "stock below zero" } else { "pieces out of range" },
        )?;
    }
    Ok(())
}

/// Whether the legs of a reversal undo those of its original, all in one form.
fn mirrors(state: &State, of: EntryId, entry: &Entry) -> bool {
    let Some(original) = state.entry(of) else { return false };
    let undo = |form| original.legs.iter().map(move |leg| leg.undone(form));
    [ReversalForm::SwappedSides, ReversalForm::RedLetter]
        .into_iter()
        .any(|form| undo(form).eq(entry.legs.iter().cloned()))
}

fn check_leg(state: &State, leg: &Leg) -> Checked {
    let account = state.account(leg.account).ok_or("unknown account")?;
    holds(!leg.amount.is_zero(), "a leg holds nothing")?;
    let dimension = account.dimension() != Dimension::None;
    holds(dimension == leg.key_account.is_some(), "key account and dimension disagree")?;
    match account.currency() {
        CurrencyRule::Only(only) => holds(only == leg.amount.currency(), "currency not allowed"),
        CurrencyRule::Any => Ok(()),
    }
}

/// An item as the clearings of an event see it: which balance it belongs to, and what is open.
#[derive(Debug)]
struct Seen<'a> {
    account: u32,
    key_account: Option<&'a AccountId>,
    currency: Currency,
    side: Side,
    free_from: chrono::NaiveDate,
    original: i128,
    open: i128,
}

fn check_clearings(state: &State, entry: &Entry) -> Checked {
    let mut seen: BTreeMap<ItemId, Seen<'_>> = BTreeMap::new();
    for clearing in &entry.clearings {
        for id in [clearing.debit, clearing.credit] {
            if let std::collections::btree_map::Entry::Vacant(place) = seen.entry(id) {
                place.insert(look(state, entry, id).ok_or("clears no item")?);
            }
        }
        let Clearing { debit, credit, amount, effective } = clearing;
        for (id, side) in [(debit, Side::Debit), (credit, Side::Credit)] {
            let item = seen.get_mut(id).ok_or("clears no item")?;
            holds(item.side == side, "clears items of one side")?;
            holds(item.currency == amount.currency(), "clears across currencies")?;
            if amount.is_positive() {
                holds(item.free_from <= *effective, "clears before the item exists or is free")?;
            } else {
                item.free_from = item.free_from.max(*effective);
            }
            item.open = item.open.saturating_sub(amount.minor());
        }
        if !amount.is_positive() {
            check_release(state, clearing)?;
        }
        let same = seen
            .get(debit)
            .zip(seen.get(credit))
            .map(|(one, other)| one.account == other.account && one.key_account == other.key_account);
        holds(same, "clears across accounts")?;
    }
    let sound = seen.values().all(|item| item.open >= 0 && item.open <= item.original);
    holds(sound, "clears more than is open")
}

/// A release takes back at most what the pair has cleared, and not before that counted.
fn check_release(state: &State, release: &Clearing) -> Checked {
    let item = state.item(release.debit).ok_or("releases no clearing")?;
    let pair = state.clearings_of(item).filter(|applied| applied.other() == release.credit);
    let (live, sound) = pair.fold((0_i128, true), |(live, sound), applied| {
        (live.saturating_add(applied.minor), sound && applied.effective <= release.effective)
    });
    let taken = release.amount.minor().saturating_neg();
    holds(sound && taken > 0 && taken <= live, "releases no clearing")
}

fn look<'a>(state: &'a State, entry: &'a Entry, id: ItemId) -> Option<Seen<'a>> {
    if let Some(item) = state.item(id) {
        let slot = state.slot_of(item)?;
        return Some(Seen {
            account: slot.account,
            key_account: state.party(slot.party),
            currency: slot.currency,
            side: item.side,
            free_from: item.free_from,
            original: state.original(item),
            open: item.open,
        });
    }
    let opened = entry.items.iter().find(|opened| opened.id == id)?;
    let leg = entry.legs.get(usize::try_from(opened.leg).ok()?)?;
    let minor = leg.size();
    Some(Seen {
        account: leg.account.0,
        key_account: leg.key_account.as_ref(),
        currency: leg.amount.currency(),
        side: leg.weighs_on(),
        free_from: entry.effective,
        original: minor,
        open: minor,
    })
}

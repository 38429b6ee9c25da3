//! Deciding what becomes of a residual: written off, or open again.
//!
//! # Source
//!
//! House rule: never by tolerance, always by order; clearing and taking it back leaves everything as it was.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::Money;

use crate::canon::{unclear_digest, write_off_digest};
use crate::decide::{Origin, post_as};
use crate::error::check_text;
use crate::limits::MAX_TEXT_CHARS;
use crate::periods::Kinds;
use crate::state::State;
use crate::view::View;
use crate::{
    Authority, Clearing, ClearingPolicy, ControlError, Dimension, Entry, EntryDraft, EntryId, EntryKind,
    ItemId, LedgerAccountId, LedgerError, LegAmount, LegDraft, Nature, Unclear, WriteOff,
};

/// Writes off what is open of an item: one entry that posts the amount and clears the item.
pub(crate) fn write_off(view: &mut View<'_>, asked: &WriteOff) -> Result<(), LedgerError> {
    let request = write_off_digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
    if let Authority::UpTo(limit) = asked.authority
        && limit.compare(&asked.amount)?.is_lt()
    {
        return Err(LedgerError::Control(ControlError::ExceedsAuthority { asked: asked.amount, limit }));
    }
    let fixed = |side| LegAmount::Fixed(side, asked.amount);
    let (_, to) = view.base.account_named(&asked.to)?;
    let mut bears = LegDraft::debit(&asked.to, asked.amount);
    bears.amount = fixed(asked.side);
    if to.dimension() != Dimension::None {
        bears = bears.of(asked.key_account.clone());
    }
    let clears = ClearingPolicy::Amounts(vec![(asked.item.clone(), asked.amount)]);
    let mut off = LegDraft::debit(&asked.account, asked.amount).of(asked.key_account.clone()).clears(clears);
    off.amount = fixed(asked.side.opposite());
    let draft = EntryDraft::new(asked.key.clone(), asked.document.clone(), asked.effective, asked.recorded)
        .nature(Nature::WriteOff)
        .describe(asked.reason.clone())
        .leg(bears)
        .leg(off);
    let kind = EntryKind::WriteOff { reason: asked.reason.clone() };
    post_as(view, &draft, Origin { request, kind, rates: Vec::new(), released: Vec::new() })
}

/// Takes back what an entry cleared and is still cleared.
pub(crate) fn unclear(view: &mut View<'_>, asked: &Unclear) -> Result<(), LedgerError> {
    let request = unclear_digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
    let entry = asked.of;
    let state = view.base;
    let posted = state.entry(entry).ok_or(LedgerError::UnknownEntry { entry })?;
    if let Some(by) = state.uncleared.get(&entry) {
        return Err(LedgerError::Control(ControlError::AlreadyUncleared { entry, by: *by }));
    }
    let mut pairs: BTreeMap<(ItemId, ItemId), NaiveDate> = BTreeMap::new();
    for clearing in posted.clearings.iter().filter(|clearing| clearing.amount.is_positive()) {
        let last = pairs.entry((clearing.debit, clearing.credit)).or_insert(clearing.effective);
        *last = (*last).max(clearing.effective);
    }
    let mut clearings = Vec::new();
    let mut accounts = Vec::new();
    for ((debit, credit), _) in pairs {
        let (live, last) = state.live_of(debit, credit, entry);
        let Some(slot) = state.item(debit).and_then(|item| state.slot_of(item)) else { continue };
        if live > 0 {
            let amount = Money::from_minor(live, slot.currency)?.negated();
            clearings.push(Clearing { debit, credit, amount, effective: asked.effective.max(last) });
            accounts.push(LedgerAccountId(slot.account));
        }
    }
    if clearings.is_empty() {
        return Err(LedgerError::Control(ControlError::NothingToRelease { entry }));
    }
    view.check_open(asked.effective, Kinds::touched(state, &[], accounts, None))?;
    let kind = EntryKind::Release { of: entry, reason: asked.reason.clone() };
    let bare = Entry::bare((asked.key.clone(), request), kind, asked.document.clone(), asked.effective);
    let release = Entry { clearings, ..bare };
    view.seal_entry(asked.recorded, release, &[]);
    Ok(())
}

impl State {
    /// What an entry cleared between two items and is still cleared, and the last day on which the pair changed.
    ///
    /// A release of an entry takes back what that entry cleared; a reversal takes back all that the pair has cleared.
    fn live_of(&self, debit: ItemId, credit: ItemId, entry: EntryId) -> (i128, NaiveDate) {
        let mut live: BTreeMap<EntryId, i128> = BTreeMap::new();
        let mut last = NaiveDate::MIN;
        let applied = self.item(debit).into_iter().flat_map(|item| self.clearings_of(item));
        let mut pair: Vec<_> = applied.filter(|applied| applied.other() == credit).collect();
        pair.reverse();
        for applied in pair {
            last = last.max(applied.effective);
            if applied.minor > 0 {
                let sum = live.entry(applied.by()).or_default();
                *sum = sum.saturating_add(applied.minor);
                continue;
            }
            match self.rare_kind(applied.by()) {
                Some(EntryKind::Release { of, .. }) => drop(live.remove(of)),
                _ => live.clear(),
            }
        }
        (live.get(&entry).copied().unwrap_or(0), last)
    }
}

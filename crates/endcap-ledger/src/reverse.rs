//! Reversals: the mirror of an entry, its items and its stock moves.
//!
//! # Source
//!
//! Fowler, *Accounting Patterns*: adjustment by reversal; 会计基础工作规范 art. 59 for red ink. That the items of original and
//! mirror are cleared against each other is a house rule.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::Money;

use crate::canon::reversal_digest;
use crate::decide::{add_item, debits};
use crate::error::check_text;
use crate::limits::{MAX_TEXT_CHARS, MAX_TURNOVER_MINOR};
use crate::periods::Kinds;
use crate::view::View;
use crate::{
    ClearedItems, Clearing, CorrectionDate, Entry, EntryKind, ItemDraft, ItemId, LedgerError, Leg,
    OpenedItem, Reversal, Side, StockMove, Valuation,
};

pub(crate) fn reverse(view: &mut View<'_>, asked: &Reversal) -> Result<(), LedgerError> {
    let request = reversal_digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
    let entry = asked.of;
    let original = view.base.entry(entry).ok_or(LedgerError::UnknownEntry { entry })?;
    if let Some(by) = view.base.reversed.get(&entry) {
        return Err(LedgerError::AlreadyReversed { entry, by: *by });
    }
    if original.legs.is_empty() && original.stock.is_empty() {
        return Err(LedgerError::NotReversible { entry });
    }
    let original = &original;
    let kinds = Kinds::of_entry(view.base, original);
    let effective = match asked.date {
        CorrectionDate::On(date) => date,
        CorrectionDate::OriginalOrFirstOpen => {
            let closed = original.effective < view.base.locks.first_free(kinds);
            if closed { view.base.locks.first_free(kinds) } else { original.effective }
        }
    };
    view.check_open(effective, kinds)?;

    let form = asked.form.form(view.base.settings.reversals);
    let legs: Vec<Leg> = original.legs.iter().map(|leg| leg.undone(form)).collect();
    let debits = debits(&legs);
    for (currency, debit) in &debits {
        let turnover = view.turnover(*currency).saturating_add(*debit);
        if turnover > MAX_TURNOVER_MINOR {
            return Err(LedgerError::TurnoverOutOfRange { currency: *currency, limit: MAX_TURNOVER_MINOR });
        }
    }
    view.check_limits((effective, asked.recorded), &legs)?;
    let (items, clearings) = mirror_items(view, asked, original, &legs, effective)?;
    let mirrored = original
        .stock
        .iter()
        .map(|moved| StockMove { pieces: moved.pieces.saturating_neg(), ..moved.clone() });
    let stock: Vec<StockMove> = mirrored.collect();
    stock.iter().try_for_each(|stock_move| view.move_stock(stock_move))?;

    let mirror = Entry {
        key: asked.key.clone(),
        request,
        kind: EntryKind::Reversal { of: entry, reason: asked.reason.clone() },
        document: asked.document.clone(),
        effective,
        description: original.description.clone(),
        legs,
        items,
        clearings,
        stock,
        relates_to: (effective != original.effective).then_some(original.effective),
        override_reason: None,
        rates: original.rates.clone(),
        // What items were carried at, or were released of, goes back with the money.
        valuations: original.valuations.iter().map(Valuation::negated).collect(),
    };
    view.seal_entry(asked.recorded, mirror, &debits);
    Ok(())
}

/// Mirror items of the original's, each cleared against its original; live clearings are released first.
fn mirror_items(
    view: &mut View<'_>,
    asked: &Reversal,
    original: &Entry,
    legs: &[Leg],
    effective: NaiveDate,
) -> Result<(Vec<OpenedItem>, Vec<Clearing>), LedgerError> {
    let (mut items, mut clearings) = (Vec::new(), Vec::new());
    let mut released: BTreeMap<(ItemId, ItemId), NaiveDate> = BTreeMap::new();
    for opened in &original.items {
        let leg_index = usize::try_from(opened.leg).ok();
        let (Some(item), Some(leg)) =
            (view.base.item(opened.id), leg_index.and_then(|index| legs.get(index)))
        else {
            continue;
        };
        if item.open != leg.size() && asked.cleared == ClearedItems::Refuse {
            return Err(LedgerError::ItemsCleared { entry: asked.of, document: opened.document.clone() });
        }
        let currency = leg.amount.currency();
        let mut from = effective.max(item.free_from);
        for (other, (minor, last)) in live_clearings(view, opened.id) {
            let (debit, credit) = pair(item.side, opened.id, other);
            if let Some(at) = released.get(&(debit, credit)) {
                from = from.max(*at);
                continue; // released from the other item of this very entry
            }
            let at = effective.max(last);
            let amount = Money::from_minor(minor, currency)?.negated();
            clearings.push(Clearing { debit, credit, amount, effective: at });
            released.insert((debit, credit), at);
            from = from.max(at);
        }
        let Some(key_account) = leg.key_account.clone() else { continue };
        let board = (leg.account.0, key_account, currency);
        let OpenedItem { dated, due, delivered, .. } = *opened;
        let drafted = ItemDraft { document: opened.document.clone(), dated, due, delivered };
        let mirror = add_item(view, &board, leg, &drafted, effective);
        let (debit, credit) = pair(item.side, opened.id, mirror);
        clearings.push(Clearing {
            debit,
            credit,
            amount: Money::from_minor(leg.size(), currency)?,
            effective: from,
        });
        items.push(OpenedItem {
            id: mirror,
            leg: opened.leg,
            document: drafted.document,
            dated,
            due,
            delivered,
        });
    }
    Ok((items, clearings))
}

const fn pair(side: Side, one: ItemId, other: ItemId) -> (ItemId, ItemId) {
    match side {
        Side::Debit => (one, other),
        Side::Credit => (other, one),
    }
}

/// Per item on the other side, what is cleared between the two and the last day on which that changed.
fn live_clearings(view: &View<'_>, id: ItemId) -> BTreeMap<ItemId, (i128, NaiveDate)> {
    let mut live: BTreeMap<ItemId, (i128, NaiveDate)> = BTreeMap::new();
    let item = view.base.item(id).into_iter();
    for applied in item.flat_map(|item| view.base.clearings_of(item)) {
        let (sum, last) = live.entry(applied.other()).or_insert((0, applied.effective));
        *sum = sum.saturating_add(applied.minor);
        *last = (*last).max(applied.effective);
    }
    live.retain(|_, (minor, _)| *minor != 0);
    live
}

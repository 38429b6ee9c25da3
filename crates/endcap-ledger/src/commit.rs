//! Taking events into a state: the columns of the log, and every index that follows from them.

use chrono::NaiveDate;

use crate::board::{Item, due_order};
use crate::ink::turns_over;
use crate::log::{FlatClearing, Header, Rare, Shape, index, item_position, narrow};
use crate::periods::Kinds;
use crate::standing::Stand;
use crate::state::State;
use crate::texts::Span;
use crate::{
    Clearing, Due, Entry, EntryId, EntryKind, Event, EventBody, Hash, Nature, OpenedItem, Side, StockMove,
};

/// An item as it is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewPlace {
    pub(crate) open: i128,
    pub(crate) document: Span,
    pub(crate) slot: u32,
    pub(crate) leg: u32,
    pub(crate) dated: NaiveDate,
    pub(crate) due: Due,
    pub(crate) effective: NaiveDate,
    pub(crate) side: Side,
}

impl State {
    /// Takes in an event that was decided on this very state, or checked against it.
    pub(crate) fn commit(&mut self, event: Event) {
        let Event { seq, recorded, body, hash } = event;
        let id = EntryId(seq);
        let (key, request) = match &body {
            EventBody::AccountOpened(_) | EventBody::PeriodClosed(_) | EventBody::EntryPosted(_) => {
                (Span::default(), Hash::default())
            }
            EventBody::EntryReserved(held) => (self.log.texts.push(held.key.as_str()), held.request),
            EventBody::Directed(directed) => (self.log.texts.push(directed.key.as_str()), directed.request),
        };
        match body {
            EventBody::EntryPosted(entry) => self.commit_entry(id, (recorded, hash), entry),
            whole => {
                let header = Header {
                    key,
                    document: Span::default(),
                    description: Span::default(),
                    effective: recorded,
                    recorded,
                    legs: narrow(self.log.legs.len()),
                    items: narrow(self.items.len()),
                    clearings: narrow(self.log.clearings.len()),
                    shape: Shape::Whole,
                };
                let position = narrow(self.log.headers.len());
                self.log.push(header, hash, request);
                self.log.whole.insert(position, whole.clone());
                match whole {
                    EventBody::AccountOpened(account) => self.commit_account(account),
                    EventBody::PeriodClosed(period) => self.locks.close(Kinds::ALL, period.end()),
                    EventBody::EntryReserved(reservation) => self.commit_reserved(id, &reservation),
                    EventBody::Directed(directed) => self.commit_directed(id, &directed),
                    EventBody::EntryPosted(_) => {}
                }
            }
        }
        self.recorded = recorded;
        self.head = hash;
    }

    fn commit_entry(&mut self, id: EntryId, (recorded, hash): (NaiveDate, Hash), entry: Entry) {
        match &entry.kind {
            EntryKind::Reversal { of, .. } => drop(self.reversed.insert(*of, id)),
            EntryKind::Confirmation { of } => self.commit_resolved(*of, id, entry.effective),
            EntryKind::Release { of, .. } => drop(self.uncleared.insert(*of, id)),
            _ => {}
        }
        self.earliest = Some(self.earliest.map_or(entry.effective, |day| day.min(entry.effective)));

        let texts = &mut self.log.texts;
        let header = Header {
            key: texts.push(entry.key.as_str()),
            document: texts.push(entry.document.as_str()),
            description: texts.push(&entry.description),
            effective: entry.effective,
            recorded,
            legs: narrow(self.log.legs.len()),
            items: narrow(self.items.len()),
            clearings: narrow(self.log.clearings.len()),
            shape: shape_of(&entry),
        };
        let document = header.document;
        let mut items = entry.items.iter().peekable();
        for (leg_index, leg) in (0_u32..).zip(&entry.legs) {
            let at = self.slot_or_new(leg.account.0, leg.key_account.as_ref(), leg.amount.currency());
            let minor = leg.amount.minor();
            let turned = turns_over(leg.side, minor);
            if turned != 0 {
                let turnover = self.turnover.entry(leg.amount.currency()).or_default();
                *turnover = turnover.saturating_add(turned);
            }
            let position = self.commit_leg(at, entry.effective, (leg.side, leg.nature), minor);
            match items.next_if(|opened| opened.leg == leg_index) {
                None => self.commit_plain_leg(at, position),
                Some(opened) => {
                    let same = opened.document == entry.document;
                    let document =
                        if same { document } else { self.log.texts.push(opened.document.as_str()) };
                    let (slot, leg, side, open) = (at, position, leg.weighs_on(), leg.size());
                    let OpenedItem { dated, due, .. } = *opened;
                    let effective = entry.effective;
                    self.commit_item(NewPlace { open, document, slot, leg, dated, due, effective, side });
                    if opened.delivered.is_some()
                        && let Some(extra) = self.extra_mut(opened.id)
                    {
                        extra.delivered = opened.delivered;
                    }
                }
            }
        }
        let mut board = None;
        for clearing in &entry.clearings {
            let Clearing { debit, credit, amount, effective } = clearing;
            let (minor, effective) = (amount.minor(), *effective);
            let (debit, credit) = (item_position(*debit), item_position(*credit));
            let slot = self.items.get(index(debit)).map(|item| item.slot);
            if board != slot {
                board.into_iter().for_each(|slot| self.tidy(slot));
                slot.into_iter().for_each(|slot| self.put_in_order(slot));
                board = slot;
            }
            let last = |at| self.items.get(index(at)).map_or(0, |item| item.applied);
            let (by, before) = (narrow(self.log.headers.len()), [last(debit), last(credit)]);
            self.log.clearings.push(FlatClearing { minor, debit, credit, effective, by, before });
            self.commit_clearing(debit, minor, effective);
            self.commit_clearing(credit, minor, effective);
        }
        board.into_iter().for_each(|slot| self.tidy(slot));
        for valuation in &entry.valuations {
            let Some(extra) = self.extra_mut(valuation.item) else { continue };
            extra.carried_in = Some(valuation.change.currency());
            extra.values.push((entry.effective, valuation.change.minor()));
        }
        for stock_move in &entry.stock {
            self.commit_stock(entry.effective, stock_move);
        }
        if header.shape == Shape::Rare {
            let Entry { kind, stock, relates_to, override_reason, rates, valuations, .. } = entry;
            let rare = Rare { kind, stock, relates_to, override_reason, rates, valuations };
            self.log.rare.insert(narrow(self.log.headers.len()), Box::new(rare));
        }
        self.log.push(header, hash, entry.request);
    }

    /// Takes in a leg of the next entry, at its position.
    pub(crate) fn commit_leg(
        &mut self,
        slot: u32,
        effective: NaiveDate,
        (side, nature): (Side, Nature),
        minor: i128,
    ) -> u32 {
        let position = narrow(self.log.legs.len());
        self.log.push_leg(slot, (side, nature), minor);
        if let Some(slot) = self.slots.get_mut(index(slot)) {
            slot.balance = slot.balance.saturating_add(side.sign(minor));
            slot.days.add(effective, side, minor);
        }
        position
    }

    /// Takes note of a leg that opens no item.
    pub(crate) fn commit_plain_leg(&mut self, slot: u32, position: u32) {
        self.slots.get_mut(index(slot)).into_iter().for_each(|slot| slot.legs.push(position));
    }

    pub(crate) fn commit_item(&mut self, new: NewPlace) {
        let at = narrow(self.items.len());
        let NewPlace { open, document, slot, leg, dated, due, effective, side } = new;
        let (free_from, applied, same, extra) = (effective, 0, 0, 0);
        self.items.push(Item {
            open,
            document,
            slot,
            leg,
            dated,
            due,
            effective,
            free_from,
            applied,
            same,
            extra,
            side,
        });
        let (items, texts) = (self.items.as_slice(), &self.log.texts);
        let Some(slot) = self.slots.get_mut(index(slot)) else { return };
        slot.items.push(at);
        let [debits, credits] = &mut slot.coming;
        let coming = if side == Side::Debit { debits } else { credits };
        coming.note((dated, due_order(due)), at, |last| {
            let last = items.get(index(last)).map_or("", |item| texts.get(item.document));
            last.cmp(texts.get(document))
        });
    }

    /// Takes off an item what was just put among the clearings of the log.
    fn commit_clearing(&mut self, id: u32, minor: i128, effective: NaiveDate) {
        let Some(item) = self.items.get_mut(index(id)) else { return };
        item.applied = narrow(self.log.clearings.len());
        if minor < 0 {
            item.free_from = item.free_from.max(effective);
        }
        let was_open = item.open != 0;
        item.open = item.open.saturating_sub(minor);
        let is_open = item.open != 0;
        if was_open != is_open {
            let (slot, side) = (item.slot, item.side);
            self.restand(id, slot, side, if is_open { Stand::Open } else { Stand::Closed });
        }
    }

    fn commit_stock(&mut self, effective: NaiveDate, stock_move: &StockMove) {
        let shelf = self.stock.entry(stock_move.key_account.clone()).or_default();
        let stock = shelf.entry(stock_move.sku.clone()).or_default();
        stock.on_hand = stock.on_hand.saturating_add(stock_move.flow.change(stock_move.pieces));
        stock.moved = stock.moved.saturating_add(stock_move.pieces.saturating_abs());
        let day = stock.days.entry(effective).or_default();
        if let Some(flow) = day.get_mut(stock_move.flow.slot()) {
            *flow = flow.saturating_add(stock_move.pieces);
        }
    }
}

fn shape_of(entry: &Entry) -> Shape {
    let plain = entry.stock.is_empty()
        && entry.relates_to.is_none()
        && entry.override_reason.is_none()
        && entry.rates.is_empty()
        && entry.valuations.is_empty();
    match &entry.kind {
        EntryKind::Posting if plain => Shape::Posting,
        EntryKind::Clearing if plain => Shape::Clearing,
        _ => Shape::Rare,
    }
}

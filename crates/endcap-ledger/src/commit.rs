//! Taking events into a state: the columns of the log, and every index that follows from them.

use core::cmp::Ordering;

use chrono::NaiveDate;

use crate::board::{Applied, Item, OpenKey, Order, due_order};
use crate::log::{FlatClearing, Header, Rare, Shape, index, item_position, narrow};
use crate::periods::Kinds;
use crate::run::{Place, Run};
use crate::state::State;
use crate::table::{Placed, hash_text, hash_word};
use crate::texts::{Span, Texts};
use crate::{
    Clearing, Entry, EntryId, EntryKind, Event, EventBody, Hash, ItemId, OpenedItem, Side, StockMove,
};

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
            if leg.side == Side::Debit {
                let turnover = self.turnover.entry(leg.amount.currency()).or_default();
                *turnover = turnover.saturating_add(minor);
            }
            let position = narrow(self.log.legs.len());
            self.log.push_leg(at, (leg.side, leg.nature), minor);
            let Some(slot) = self.slots.get_mut(index(at)) else { continue };
            slot.balance = slot.balance.saturating_add(leg.signed_minor());
            slot.days.add(entry.effective, leg.side, minor);
            match items.next_if(|opened| opened.leg == leg_index) {
                None => slot.legs.push(position),
                Some(opened) => {
                    let same = opened.document == entry.document;
                    let document =
                        if same { document } else { self.log.texts.push(opened.document.as_str()) };
                    let OpenedItem { dated, due, .. } = *opened;
                    let (effective, free_from) = (entry.effective, entry.effective);
                    let (slot, leg, side, open) = (at, position, leg.side, minor);
                    let (applied, same, extra) = (0, 0, 0);
                    self.commit_item(Item {
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
                }
            }
        }
        for clearing in &entry.clearings {
            let Clearing { debit, credit, amount, effective } = clearing;
            let (minor, effective) = (amount.minor(), *effective);
            let (debit, credit) = (item_position(*debit), item_position(*credit));
            self.log.clearings.push(FlatClearing { minor, debit, credit, effective });
            let by = narrow(self.log.headers.len());
            self.commit_clearing(debit, Applied { minor, other: credit, by, effective, before: 0 });
            self.commit_clearing(credit, Applied { minor, other: debit, by, effective, before: 0 });
        }
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

    fn commit_item(&mut self, item: Item) {
        let at = narrow(self.items.len());
        let hash = self.document_hash(&item);
        let text = self.log.texts.get(item.document);
        let before = self.documents.find(hash, |other| self.under(other, item.slot, text));
        let same = before.map_or(0, |before| before.saturating_add(1));
        self.stand(&item, at);
        self.items.push(Item { same, ..item });
        let (items, texts, seed) = (&self.items, &self.log.texts, self.log.seed());
        self.documents.insert(at, Placed { hash, replaces: before }, |other| {
            let item = items.get(index(other))?;
            let hash = hash_word(hash_text(seed, texts.get(item.document)), u64::from(item.slot));
            Some(Placed { hash, replaces: item.same.checked_sub(1) })
        });
        if let Some(slot) = self.slots.get_mut(index(item.slot)) {
            slot.items.push(at);
        }
    }

    fn document_hash(&self, item: &Item) -> u64 {
        hash_word(hash_text(self.log.seed(), self.log.texts.get(item.document)), u64::from(item.slot))
    }

    fn under(&self, item: u32, slot: u32, document: &str) -> bool {
        let item = self.items.get(index(item));
        item.is_some_and(|item| item.slot == slot && self.log.texts.get(item.document) == document)
    }

    /// The items of a slot under a document, in the order of posting.
    pub(crate) fn items_under(&self, slot: u32, document: &str) -> Vec<ItemId> {
        let hash = hash_word(hash_text(self.log.seed(), document), u64::from(slot));
        let last = self.documents.find(hash, |item| self.under(item, slot, document));
        let before = |item: &u32| self.items.get(index(*item))?.same.checked_sub(1);
        let mut items: Vec<ItemId> =
            core::iter::successors(last, before).map(|item| ItemId(u64::from(item))).collect();
        items.reverse();
        items
    }

    /// Puts an open item in its place in both orders.
    fn stand(&mut self, item: &Item, at: u32) {
        let Some(slot) = self.slots.get_mut(index(item.slot)) else { return };
        let (items, texts) = (self.items.as_slice(), &self.log.texts);
        let open = slot.board.open_mut(item.side);
        for (run, first) in [(&mut open.by_date, item.dated), (&mut open.by_due, due_order(item.due))] {
            let place = Place { first, dated: item.dated, item: at };
            run.insert(place, texts.get(item.document), |other| {
                compare(other, &place, |of| text_of(of, at, item, (items, texts)))
            });
        }
    }

    fn commit_clearing(&mut self, id: u32, applied: Applied) {
        let Applied { minor, effective, .. } = applied;
        let Some(item) = self.items.get_mut(index(id)) else { return };
        self.applied.push(Applied { before: item.applied, ..applied });
        item.applied = narrow(self.applied.len());
        if minor < 0 {
            item.free_from = item.free_from.max(effective);
        }
        let was_open = item.open != 0;
        item.open = item.open.saturating_sub(minor);
        let is_open = item.open != 0;
        if was_open == is_open {
            return;
        }
        let item = item.clone();
        if is_open {
            self.stand(&item, id);
            return;
        }
        let Some(slot) = self.slots.get_mut(index(item.slot)) else { return };
        let (items, texts) = (self.items.as_slice(), &self.log.texts);
        let open = slot.board.open_mut(item.side);
        for (run, first) in [(&mut open.by_date, item.dated), (&mut open.by_due, due_order(item.due))] {
            let place = Place { first, dated: item.dated, item: id };
            run.remove(id, |other| compare(other, &place, |of| text_of(of, id, &item, (items, texts))));
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

    fn places(&self, slot: u32, side: Side, order: Order) -> impl Iterator<Item = &Place> {
        let open = self.slots.get(index(slot)).map(|slot| slot.board.open(side));
        let run = open.map(|open| match order {
            Order::Date => &open.by_date,
            Order::Due => &open.by_due,
        });
        run.into_iter().flat_map(Run::iter)
    }

    /// Positions of the open items of a slot's side, in order.
    pub(crate) fn run(&self, slot: u32, side: Side, order: Order) -> impl Iterator<Item = u32> {
        self.places(slot, side, order).map(|place| place.item)
    }

    /// The open items of a slot's side in order, with what they are ordered by.
    pub(crate) fn in_order(&self, slot: u32, side: Side, order: Order) -> impl Iterator<Item = OpenKey<'_>> {
        self.places(slot, side, order).map(|place| {
            let item = self.items.get(index(place.item));
            let document = item.map_or("", |item| self.log.texts.get(item.document));
            (place.first, place.dated, document, ItemId(u64::from(place.item)))
        })
    }
}

/// Order of two places: by their dates, then by document, then by id.
fn compare<'t>(one: &Place, other: &Place, text: impl Fn(u32) -> &'t str) -> Ordering {
    (one.first, one.dated)
        .cmp(&(other.first, other.dated))
        .then_with(|| text(one.item).cmp(text(other.item)))
        .then(one.item.cmp(&other.item))
}

/// The document of an item that may not stand in the column yet.
fn text_of<'t>(of: u32, at: u32, item: &Item, (items, texts): (&[Item], &'t Texts)) -> &'t str {
    let document =
        if of == at { Some(item.document) } else { items.get(index(of)).map(|item| item.document) };
    document.map_or("", |document| texts.get(document))
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

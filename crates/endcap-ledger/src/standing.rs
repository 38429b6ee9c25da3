//! Open items in order: the runs of a balance, and what was posted since they were put in order.

use core::cmp::Ordering;

use chrono::NaiveDate;

use crate::board::{Board, Came, Item, OpenKey, Order, due_order};
use crate::log::{index, narrow};
use crate::run::{Place, merged};
use crate::state::{Slot, State};
use crate::table::{Placed, hash_text, hash_word};
use crate::texts::{Span, Texts};
use crate::{ItemId, Side};

/// What becomes of an item that a clearing touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    Open,
    Closed,
}

/// Items that may wait outside the runs of a balance that is cleared; more of them are taken in at once.
const WAITING: usize = 32;

const SIDES: [Side; 2] = [Side::Debit, Side::Credit];
const ORDERS: [Order; 2] = [Order::Date, Order::Due];

fn place(item: &Item, at: u32, order: Order) -> Place {
    let first = match order {
        Order::Date => item.dated,
        Order::Due => due_order(item.due),
    };
    Place { first, item: at }
}

/// Order of two places: by their dates, then by document, then by id.
fn compare(one: &Place, other: &Place, items: &[Item], texts: &Texts) -> Ordering {
    one.first.cmp(&other.first).then_with(|| {
        let [a, b] = [one, other].map(|place| {
            let item = items.get(index(place.item));
            item.map_or((NaiveDate::MIN, ""), |item| (item.dated, texts.get(item.document)))
        });
        a.cmp(&b).then(one.item.cmp(&other.item))
    })
}

/// What is filed under its document: the items of every balance that is in order, and those of one slot below an item.
fn filed<'a>(
    items: &'a [Item],
    slots: &'a [Slot],
    (texts, seed): (&'a Texts, u64),
    (slot, below): (u32, u32),
) -> impl Fn(u32) -> Option<Placed> {
    move |at| {
        let item = items.get(index(at))?;
        let board = slots.get(index(item.slot)).and_then(|slot| slot.board.as_ref());
        let filed = board.is_some_and(|board| at < board.below) || (item.slot == slot && at < below);
        let hash = || hash_word(hash_text(seed, texts.get(item.document)), u64::from(item.slot));
        filed.then(|| Placed { hash: hash(), replaces: item.same.checked_sub(1) })
    }
}

impl State {
    /// Puts the items of a slot in order, but for the last few, before one of them is cleared.
    pub(crate) fn put_in_order(&mut self, at: u32) {
        let Some(slot) = self.slots.get(index(at)) else { return };
        let below = slot.board.as_ref().map_or(0, |board| board.below);
        if slot.board.is_some() && slot.items.from(below).take(WAITING).count() < WAITING {
            return;
        }
        let waiting: Vec<u32> = slot.items.from(below).collect();
        let Self { items, slots, log, documents, .. } = self;
        let before = filed(items, slots, (&log.texts, log.seed()), (at, 0));
        documents.reserve(waiting.len(), (narrow(items.len()), before));
        waiting.into_iter().for_each(|item| self.file(item, at));
        let Some(slot) = self.slots.get_mut(index(at)) else { return };
        let (items, texts) = (self.items.as_slice(), &self.log.texts);
        let coming = core::mem::take(&mut slot.coming);
        let board = slot.board.get_or_insert_with(Box::default);
        for (side, coming) in SIDES.into_iter().zip(coming) {
            for order in ORDERS {
                let waiting = slot.items.from(below).filter_map(|at| Some((at, items.get(index(at))?)));
                let open = waiting.filter(|(_, item)| item.side == side && item.open != 0);
                let mut places: Vec<Place> = open.map(|(at, item)| place(item, at, order)).collect();
                let order_of = |one: &Place, other: &Place| compare(one, other, items, texts);
                if coming.came(order) == Came::Mixed {
                    places.sort_unstable_by(order_of);
                }
                board.open_mut(side).run_mut(order).take_in(places, order_of);
            }
        }
        board.below = narrow(items.len());
    }

    /// Files an item of a slot under its document; those of the slot before it that wait are filed already.
    fn file(&mut self, at: u32, slot: u32) {
        let Some(item) = self.items.get(index(at)) else { return };
        let hash = self.document_hash(item.document, slot);
        let text = self.log.texts.get(item.document);
        let before = self.documents.find(hash, |other| self.under(other, slot, text));
        if let Some(item) = self.items.get_mut(index(at)) {
            item.same = before.map_or(0, |before| before.saturating_add(1));
        }
        let Self { items, slots, log, documents, .. } = self;
        let filed = filed(items, slots, (&log.texts, log.seed()), (slot, at));
        documents.insert(at, Placed { hash, replaces: before }, (narrow(items.len()), filed));
    }

    fn document_hash(&self, document: Span, slot: u32) -> u64 {
        hash_word(hash_text(self.log.seed(), self.log.texts.get(document)), u64::from(slot))
    }

    fn under(&self, item: u32, slot: u32, document: &str) -> bool {
        let item = self.items.get(index(item));
        item.is_some_and(|item| item.slot == slot && self.log.texts.get(item.document) == document)
    }

    /// The items of a slot under a document, in the order of posting.
    pub(crate) fn items_under(&self, at: u32, document: &str) -> Vec<ItemId> {
        let Some(slot) = self.slots.get(index(at)) else { return Vec::new() };
        let hash = hash_word(hash_text(self.log.seed(), document), u64::from(at));
        let last = self.documents.find(hash, |item| self.under(item, at, document));
        let before = |item: &u32| self.items.get(index(*item))?.same.checked_sub(1);
        let mut items: Vec<u32> = core::iter::successors(last, before).collect();
        items.reverse();
        let below = slot.board.as_ref().map_or(0, |board| board.below);
        items.extend(slot.items.from(below).filter(|item| self.under(*item, at, document)));
        items.into_iter().map(|item| ItemId(u64::from(item))).collect()
    }

    /// Takes note that an item was closed or opened again.
    pub(crate) fn restand(&mut self, at: u32, slot: u32, side: Side, stand: Stand) {
        let Some(board) = self.slots.get_mut(index(slot)).and_then(|slot| slot.board.as_mut()) else {
            return;
        };
        let (items, texts) = (self.items.as_slice(), &self.log.texts);
        let Some(item) = items.get(index(at)).filter(|_| at < board.below) else { return };
        for order in ORDERS {
            let run = board.open_mut(side).run_mut(order);
            match stand {
                Stand::Closed => run.close(),
                Stand::Open => {
                    run.reopen(place(item, at, order), |one, other| compare(one, other, items, texts));
                }
            }
        }
    }

    /// Lets go of what is closed on a slot.
    pub(crate) fn tidy(&mut self, slot: u32) {
        let Some(board) = self.slots.get_mut(index(slot)).and_then(|slot| slot.board.as_mut()) else {
            return;
        };
        let items = self.items.as_slice();
        for side in SIDES {
            for order in ORDERS {
                let run = board.open_mut(side).run_mut(order);
                run.tidy(|at| items.get(index(at)).is_some_and(|item| item.open != 0));
            }
        }
    }

    fn places(&self, at: u32, side: Side, order: Order) -> impl Iterator<Item = Place> {
        let slot = self.slots.get(index(at));
        let board: Option<&Board> = slot.and_then(|slot| slot.board.as_deref());
        let below = board.map_or(0, |board| board.below);
        let waiting = move |came: Came| {
            let matches = |slot: &&Slot| {
                let [debits, credits] = &slot.coming;
                (if side == Side::Debit { debits } else { credits }).came(order) == came
            };
            let items = slot.filter(matches).into_iter().flat_map(move |slot| slot.items.from(below));
            let items = items.filter_map(|at| Some((at, self.items.get(index(at))?)));
            let open = items.filter(move |(_, item)| item.side == side && item.open != 0);
            open.map(move |(at, item)| place(item, at, order))
        };
        let order_of = |one: &Place, other: &Place| compare(one, other, &self.items, &self.log.texts);
        let mut mixed: Vec<Place> = waiting(Came::Mixed).collect();
        mixed.sort_unstable_by(order_of);
        let run = board.into_iter().flat_map(move |board| board.open(side).run(order).iter());
        let run = run.filter(|place| self.items.get(index(place.item)).is_some_and(|item| item.open != 0));
        merged(run, waiting(Came::InOrder).chain(mixed), order_of)
    }

    /// Positions of the open items of a slot's side, in order.
    pub(crate) fn run(&self, slot: u32, side: Side, order: Order) -> impl Iterator<Item = u32> {
        self.places(slot, side, order).map(|place| place.item)
    }

    /// The open items of a slot's side in order, with what they are ordered by.
    pub(crate) fn in_order(&self, slot: u32, side: Side, order: Order) -> impl Iterator<Item = OpenKey<'_>> {
        self.places(slot, side, order).map(|place| {
            let item = self.items.get(index(place.item));
            let (dated, document) =
                item.map_or((place.first, ""), |item| (item.dated, self.log.texts.get(item.document)));
            (place.first, dated, document, ItemId(u64::from(place.item)))
        })
    }
}

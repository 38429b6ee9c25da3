//! Open items in order: the runs of a balance, and what was posted since they were put in order.

use core::cmp::Ordering;

use chrono::NaiveDate;

use crate::board::{Board, Item, OpenKey, Order, due_order};
use crate::log::index;
use crate::run::{Place, merged};
use crate::state::State;
use crate::texts::Texts;
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

impl State {
    /// Puts the open items of a slot in order, but for the last few, before one of them is cleared.
    pub(crate) fn put_in_order(&mut self, slot: u32) {
        let Some(slot) = self.slots.get_mut(index(slot)) else { return };
        let (items, texts) = (self.items.as_slice(), &self.log.texts);
        let below = slot.board.as_ref().map_or(0, |board| board.below);
        if slot.board.is_some() && slot.items.from(below).take(WAITING).count() < WAITING {
            return;
        }
        let board = slot.board.get_or_insert_with(Box::default);
        for side in SIDES {
            for order in ORDERS {
                let waiting = slot.items.from(below).filter_map(|at| Some((at, items.get(index(at))?)));
                let open = waiting.filter(|(_, item)| item.side == side && item.open != 0);
                let places = open.map(|(at, item)| place(item, at, order)).collect();
                let run = board.open_mut(side).run_mut(order);
                run.take_in(places, |one, other| compare(one, other, items, texts));
            }
        }
        board.below = crate::log::narrow(items.len());
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

    fn places(&self, slot: u32, side: Side, order: Order) -> impl Iterator<Item = Place> {
        let slot = self.slots.get(index(slot));
        let board: Option<&Board> = slot.and_then(|slot| slot.board.as_deref());
        let below = board.map_or(0, |board| board.below);
        let waiting = slot.into_iter().flat_map(|slot| slot.items.from(below));
        let waiting = waiting.filter_map(|at| Some((at, self.items.get(index(at))?)));
        let waiting = waiting.filter(|(_, item)| item.side == side && item.open != 0);
        let mut waiting: Vec<Place> = waiting.map(|(at, item)| place(item, at, order)).collect();
        let order_of = |one: &Place, other: &Place| compare(one, other, &self.items, &self.log.texts);
        waiting.sort_unstable_by(order_of);
        let run = board.map(|board| board.open(side).run(order));
        let run = run.into_iter().flat_map(|run| run.iter());
        let run = run.filter(|place| self.items.get(index(place.item)).is_some_and(|item| item.open != 0));
        merged(run, waiting, order_of)
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

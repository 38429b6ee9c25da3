//! Items of the sub-ledger, and the boards on which the open ones of one balance stand in order.

use core::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::NaiveDate;
use endcap_types::{Currency, DocumentId};

use crate::texts::Span;
use crate::{Due, EntryId, ItemId, Side};

/// An item of the sub-ledger; its full amount is that of its leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) open: i128,
    pub(crate) document: Span,
    pub(crate) slot: u32,
    /// Position of its leg among all legs.
    pub(crate) leg: u32,
    pub(crate) dated: NaiveDate,
    pub(crate) due: Due,
    pub(crate) effective: NaiveDate,
    /// The first day on which a new clearing may count: that of the item, or that of the last release.
    pub(crate) free_from: NaiveDate,
    /// One past its last clearing in the arena of clearings; 0 for none.
    pub(crate) applied: u32,
    /// One past the item before it under the same document; 0 for none.
    pub(crate) same: u32,
    /// One past what few items have; 0 for nothing.
    pub(crate) extra: u32,
    pub(crate) side: Side,
}

/// What few items have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Extra {
    /// The disputes about it, open or resolved.
    pub(crate) disputes: Vec<EntryId>,
    /// The functional currency, for an item in a foreign one.
    pub(crate) carried_in: Option<Currency>,
    /// Changes of what it is carried at, in minor units with its sign.
    pub(crate) values: Vec<(NaiveDate, i128)>,
}

/// What was cleared of an item against another, from when, and by which entry; negative when taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) minor: i128,
    pub(crate) other: u32,
    /// Position of the entry in the log.
    pub(crate) by: u32,
    pub(crate) effective: NaiveDate,
    /// One past the clearing of the same item before this one; 0 for none.
    pub(crate) before: u32,
}

impl Applied {
    pub(crate) fn other(&self) -> ItemId {
        ItemId(u64::from(self.other))
    }

    pub(crate) fn by(&self) -> EntryId {
        EntryId(u64::from(self.by).saturating_add(1))
    }
}

/// The day a due date sorts by: no due date comes last.
pub(crate) fn due_order(due: Due) -> NaiveDate {
    match due {
        Due::On(date) => date,
        Due::NoDate => NaiveDate::MAX,
    }
}

/// Order of open items: first date, document date, document, id.
pub(crate) type OpenKey<'a> = (NaiveDate, NaiveDate, &'a str, ItemId);

/// An open item in a run: the dates it sorts by, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) first: NaiveDate,
    pub(crate) dated: NaiveDate,
    pub(crate) item: u32,
}

/// Items in one chunk of a run at most.
const CHUNK: usize = 512;

/// Open items in order: chunks of a sorted run, so that one at either end costs a step, and one in between the move of
/// half a chunk at most.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run(VecDeque<VecDeque<Place>>);

impl Run {
    /// Takes in an item; `order` compares another with it.
    pub(crate) fn insert(&mut self, place: Place, order: impl Fn(&Place) -> Ordering) {
        let below = |other: Option<&Place>| other.is_some_and(|other| order(other).is_lt());
        // Most items come in order: then one comparison is all.
        match self.0.back_mut() {
            Some(chunk) if below(chunk.back()) => {
                if chunk.len() < CHUNK {
                    chunk.push_back(place);
                } else {
                    self.0.push_back(VecDeque::from([place]));
                }
                return;
            }
            Some(_) => {}
            None => {
                self.0.push_back(VecDeque::from([place]));
                return;
            }
        }
        let at = if self.0.len() == 1 { 0 } else { self.0.partition_point(|chunk| below(chunk.back())) };
        let Some(chunk) = self.0.get_mut(at) else { return };
        let within = if below(chunk.back()) {
            chunk.len()
        } else {
            chunk.partition_point(|other| order(other).is_lt())
        };
        chunk.insert(within, place);
        if chunk.len() > CHUNK {
            let upper = chunk.split_off(CHUNK / 2);
            self.0.insert(at.saturating_add(1), upper);
        }
    }

    /// Takes out the item for which `order` says equal.
    pub(crate) fn remove(&mut self, item: u32, order: impl Fn(&Place) -> Ordering) {
        let first = self.0.front().and_then(|chunk| chunk.front());
        let at = if first.is_some_and(|first| first.item == item) {
            0
        } else {
            self.0.partition_point(|chunk| chunk.back().is_some_and(|other| order(other).is_lt()))
        };
        let Some(chunk) = self.0.get_mut(at) else { return };
        let within = if chunk.front().is_some_and(|first| first.item == item) {
            0
        } else {
            chunk.partition_point(|other| order(other).is_lt())
        };
        if chunk.get(within).is_some_and(|place| place.item == item) {
            chunk.remove(within);
        }
        if chunk.is_empty() {
            self.0.remove(at);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter().flatten()
    }
}

/// Runs are equal when their items are, however they are cut into chunks.
impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Run {}

/// The open items of one side, in both orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct OpenSet {
    pub(crate) by_date: Run,
    pub(crate) by_due: Run,
}

/// The open items of one account, key account and currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Board {
    debit: OpenSet,
    credit: OpenSet,
}

impl Board {
    pub(crate) const fn open(&self, side: Side) -> &OpenSet {
        match side {
            Side::Debit => &self.debit,
            Side::Credit => &self.credit,
        }
    }

    pub(crate) const fn open_mut(&mut self, side: Side) -> &mut OpenSet {
        match side {
            Side::Debit => &mut self.debit,
            Side::Credit => &mut self.credit,
        }
    }
}

/// An item that a decision opens, before it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewItem {
    pub(crate) side: Side,
    pub(crate) open: i128,
    pub(crate) document: DocumentId,
    pub(crate) dated: NaiveDate,
    pub(crate) due: Due,
    pub(crate) effective: NaiveDate,
}

/// The items that a decision opens on one board, in both orders and by document.
#[derive(Debug, Default)]
pub(crate) struct NewBoard {
    open: [BTreeSet<(NaiveDate, NaiveDate, DocumentId, ItemId)>; 4],
    pub(crate) documents: BTreeMap<DocumentId, Vec<ItemId>>,
}

/// The order in which open items are cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Date,
    Due,
}

impl NewBoard {
    fn keys(id: ItemId, item: &NewItem) -> [(usize, (NaiveDate, NaiveDate, DocumentId, ItemId)); 2] {
        let side = if item.side == Side::Debit { 0 } else { 2 };
        let due = (due_order(item.due), item.dated, item.document.clone(), id);
        [(side, (item.dated, item.dated, item.document.clone(), id)), (side.saturating_add(1), due)]
    }

    pub(crate) fn add(&mut self, id: ItemId, item: &NewItem) {
        self.documents.entry(item.document.clone()).or_default().push(id);
        for (at, key) in Self::keys(id, item) {
            self.open.get_mut(at).into_iter().for_each(|open| {
                open.insert(key.clone());
            });
        }
    }

    pub(crate) fn close(&mut self, id: ItemId, item: &NewItem) {
        for (at, key) in Self::keys(id, item) {
            self.open.get_mut(at).into_iter().for_each(|open| {
                open.remove(&key);
            });
        }
    }

    pub(crate) fn in_order(&self, side: Side, order: Order) -> impl Iterator<Item = OpenKey<'_>> {
        let at = match (side, order) {
            (Side::Debit, Order::Date) => 0,
            (Side::Debit, Order::Due) => 1,
            (Side::Credit, Order::Date) => 2,
            (Side::Credit, Order::Due) => 3,
        };
        let open = self.open.get(at).into_iter().flatten();
        open.map(|(first, dated, document, id)| (*first, *dated, document.as_str(), *id))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        /// A run holds what an ordered set holds, in its order, whatever comes and goes.
        #[test]
        fn a_run_is_an_ordered_set(steps in prop::collection::vec((0..3000_u32, 0..3_u8), 0..4000)) {
            let (mut run, mut set) = (Run::default(), BTreeSet::new());
            let day = |n: i32| NaiveDate::from_num_days_from_ce_opt(730_000_i32.saturating_add(n)).unwrap_or_default();
            let order = |a: &Place, b: &Place| (a.first, a.item).cmp(&(b.first, b.item));
            for (item, what) in steps {
                // An item has one date only.
                let first = day(i32::try_from(item.wrapping_mul(7919) % 40).unwrap_or(0));
                let place = Place { first, dated: first, item };
                if what == 0 {
                    run.remove(item, |other| order(other, &place));
                    set.remove(&(first, item));
                } else if set.insert((first, item)) {
                    run.insert(place, |other| order(other, &place));
                }
            }
            prop_assert!(run.iter().map(|place| (place.first, place.item)).eq(set));
        }
    }
}

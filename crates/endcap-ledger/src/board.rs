//! Items of the sub-ledger, and the boards on which the open ones of one balance stand in order.

use core::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{Currency, DocumentId};

use crate::run::Run;
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
    /// One past its last clearing in the log; 0 for none.
    pub(crate) applied: u32,
    /// One past the item before it under the same document, once it is filed; 0 for none.
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
    /// When its goods were delivered.
    pub(crate) delivered: Option<NaiveDate>,
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

/// How the items of one side came that wait to be put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Coming {
    /// The last of them, with its date and the day its due date sorts by.
    pub(crate) last: Option<(NaiveDate, NaiveDate, u32)>,
    pub(crate) by_date: Came,
    pub(crate) by_due: Came,
}

/// Whether items came in some order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Came {
    #[default]
    InOrder,
    Mixed,
}

impl Coming {
    /// Takes note of one more; `tie` compares the document of an item with its own.
    pub(crate) fn note(
        &mut self,
        (dated, due): (NaiveDate, NaiveDate),
        at: u32,
        tie: impl Fn(u32) -> Ordering,
    ) {
        if let Some((last_dated, last_due, last)) = self.last.replace((dated, due, at)) {
            let by_date = last_dated.cmp(&dated);
            let by_due = last_due.cmp(&due).then(by_date);
            if by_date.then_with(|| tie(last)).is_gt() {
                self.by_date = Came::Mixed;
            }
            if by_due.then_with(|| tie(last)).is_gt() {
                self.by_due = Came::Mixed;
            }
        }
    }

    pub(crate) const fn came(&self, order: Order) -> Came {
        match order {
            Order::Date => self.by_date,
            Order::Due => self.by_due,
        }
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

/// The open items of one side, in both orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct OpenSet {
    by_date: Run,
    by_due: Run,
}

impl OpenSet {
    pub(crate) const fn run(&self, order: Order) -> &Run {
        match order {
            Order::Date => &self.by_date,
            Order::Due => &self.by_due,
        }
    }

    pub(crate) const fn run_mut(&mut self, order: Order) -> &mut Run {
        match order {
            Order::Date => &mut self.by_date,
            Order::Due => &mut self.by_due,
        }
    }
}

/// The open items of one account, key account and currency, in order up to some item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Board {
    /// Items below this one were taken in while they were open; those from it on wait.
    pub(crate) below: u32,
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

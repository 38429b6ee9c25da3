//! Items of the sub-ledger, and the boards on which the open ones of one balance stand in order.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{Currency, DocumentId};

use crate::{Due, EntryId, ItemId, Side};

/// Order of open items: first date, document date, document, id.
pub(crate) type OpenKey = (NaiveDate, NaiveDate, DocumentId, ItemId);

/// An item of the sub-ledger with what was cleared of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) slot: usize,
    pub(crate) entry: EntryId,
    pub(crate) side: Side,
    pub(crate) original: i128,
    pub(crate) open: i128,
    pub(crate) document: DocumentId,
    pub(crate) dated: NaiveDate,
    pub(crate) due: Due,
    pub(crate) effective: NaiveDate,
    /// The first day on which a new clearing may count: that of the item, or that of the last release.
    pub(crate) free_from: NaiveDate,
    pub(crate) clearings: Vec<Applied>,
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
    pub(crate) other: ItemId,
    pub(crate) minor: i128,
    pub(crate) effective: NaiveDate,
    pub(crate) by: EntryId,
}

impl Item {
    pub(crate) fn date_key(&self, id: ItemId) -> OpenKey {
        (self.dated, self.dated, self.document.clone(), id)
    }

    pub(crate) fn due_key(&self, id: ItemId) -> OpenKey {
        (due_order(self.due), self.dated, self.document.clone(), id)
    }

    /// What is open at the end of `day`, in minor units, not negative.
    pub(crate) fn open_at(&self, day: NaiveDate) -> i128 {
        if self.effective > day {
            return 0;
        }
        self.left_after(|applied| applied.effective <= day)
    }

    /// What is left after the clearings that count.
    pub(crate) fn left_after(&self, counts: impl Fn(&Applied) -> bool) -> i128 {
        let cleared = self.clearings.iter().filter(|applied| counts(applied));
        cleared.fold(self.original, |open, applied| open.saturating_sub(applied.minor))
    }
}

/// The day a due date sorts by: no due date comes last.
pub(crate) fn due_order(due: Due) -> NaiveDate {
    match due {
        Due::On(date) => date,
        Due::NoDate => NaiveDate::MAX,
    }
}

/// The open items of one side, in both orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct OpenSet {
    pub(crate) by_date: BTreeSet<OpenKey>,
    pub(crate) by_due: BTreeSet<OpenKey>,
}

/// The open items of one account, key account and currency, and where to find each document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Board {
    debit: OpenSet,
    credit: OpenSet,
    pub(crate) documents: BTreeMap<DocumentId, Vec<ItemId>>,
}

impl Board {
    pub(crate) const fn open(&self, side: Side) -> &OpenSet {
        match side {
            Side::Debit => &self.debit,
            Side::Credit => &self.credit,
        }
    }

    const fn open_mut(&mut self, side: Side) -> &mut OpenSet {
        match side {
            Side::Debit => &mut self.debit,
            Side::Credit => &mut self.credit,
        }
    }

    /// Takes in an item that is new.
    pub(crate) fn add(&mut self, id: ItemId, item: &Item) {
        self.documents.entry(item.document.clone()).or_default().push(id);
        self.reopen(id, item);
    }

    pub(crate) fn reopen(&mut self, id: ItemId, item: &Item) {
        let open = self.open_mut(item.side);
        open.by_date.insert(item.date_key(id));
        open.by_due.insert(item.due_key(id));
    }

    pub(crate) fn close(&mut self, id: ItemId, item: &Item) {
        let open = self.open_mut(item.side);
        open.by_date.remove(&item.date_key(id));
        open.by_due.remove(&item.due_key(id));
    }
}

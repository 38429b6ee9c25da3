//! Canonical bytes of the parts of an entry, as a value or as columns hold them.

use chrono::NaiveDate;
use endcap_types::{AccountId, Money};

use crate::canon::Canon;
use crate::{Due, EntryKind, Hash, ItemId, Nature, Side};

/// What every entry begins with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntryHead<'a> {
    pub(crate) key: &'a str,
    pub(crate) request: &'a Hash,
    pub(crate) kind: &'a EntryKind,
    pub(crate) document: &'a str,
    pub(crate) effective: NaiveDate,
    pub(crate) description: &'a str,
}

/// Date of the document, due date and delivery date of an item.
pub(crate) type Dates = (NaiveDate, Due, Option<NaiveDate>);

impl Canon {
    /// What every entry begins with, after the tag of its event.
    pub(crate) fn entry_head(&mut self, head: EntryHead<'_>) {
        self.text(head.key);
        self.hash(head.request);
        self.kind(head.kind);
        self.text(head.document);
        self.date(head.effective);
        self.text(head.description);
    }

    /// The tag of an event that posts an entry, and what the entry begins with.
    pub(crate) fn entry_posted(&mut self, head: EntryHead<'_>) {
        self.tag(1);
        self.entry_head(head);
    }

    pub(crate) fn opened(&mut self, id: ItemId, leg: u32, document: &str, (dated, due, delivered): Dates) {
        self.u64(id.0);
        self.u32(leg);
        self.text(document);
        self.date(dated);
        self.due(due, delivered);
    }

    /// What an entry ends with that clears nothing, moves no stock and has nothing rare.
    pub(crate) fn entry_ends(&mut self) {
        self.len(0);
        self.stock(&[]);
    }

    pub(crate) fn leg_parts(
        &mut self,
        account: u32,
        key_account: Option<&AccountId>,
        (side, nature): (Side, Nature),
        amount: &Money,
    ) {
        self.u32(account);
        self.key_account(key_account);
        self.side(side);
        self.money(amount);
        self.nature(nature);
    }
}

//! Which items a leg clears when a ledger is written as a journal and read again.
//!
//! # Source
//!
//! House rule: what is read back has the balances and open items of what was written.

use std::collections::BTreeMap;

use endcap_types::{DocumentId, Money};

use super::entries;
use crate::{Clearing, Entry, ItemId, Ledger};

/// The clearings of each entry that were never taken back, by the item that came last.
///
/// Reading them in the order of the log always succeeds: of each item no more is cleared on the way than at the end.
#[derive(Debug)]
pub(super) struct Plan {
    clears: BTreeMap<ItemId, Vec<(DocumentId, Money)>>,
}

impl Plan {
    pub(super) fn of(ledger: &Ledger) -> Self {
        let mut live: BTreeMap<(ItemId, ItemId), i128> = BTreeMap::new();
        for event in ledger.events() {
            let crate::EventBody::EntryPosted(entry) = &event.body else { continue };
            for clearing in &entry.clearings {
                let sum = live.entry((clearing.debit, clearing.credit)).or_default();
                *sum = sum.saturating_add(clearing.amount.minor());
            }
        }
        let mut plan = Self { clears: BTreeMap::new() };
        // The document under which each item stands once it is read again.
        let mut documents: BTreeMap<ItemId, DocumentId> = BTreeMap::new();
        for (_, entry) in entries(ledger) {
            for opened in &entry.items {
                let clears = plan.made_by(&entry, opened.id, &live, &documents);
                let document = if clears.is_empty() { &opened.document } else { &entry.document };
                documents.insert(opened.id, document.clone());
                if !clears.is_empty() {
                    plan.clears.insert(opened.id, clears);
                }
            }
        }
        plan
    }

    fn made_by(
        &self,
        entry: &Entry,
        item: ItemId,
        live: &BTreeMap<(ItemId, ItemId), i128>,
        documents: &BTreeMap<ItemId, DocumentId>,
    ) -> Vec<(DocumentId, Money)> {
        let mut clears: Vec<(DocumentId, Money)> = Vec::new();
        for Clearing { debit, credit, amount, .. } in &entry.clearings {
            let other = if *debit == item { *credit } else { *debit };
            if (*debit != item && *credit != item) || other > item || !amount.is_positive() {
                continue;
            }
            let kept = live.get(&(*debit, *credit)).copied().unwrap_or(0).min(amount.minor());
            let (Some(document), Ok(kept)) =
                (documents.get(&other), Money::from_minor(kept, amount.currency()))
            else {
                continue;
            };
            if !kept.is_positive() {
                continue;
            }
            match clears.iter_mut().find(|(known, _)| known == document) {
                Some((_, sum)) => *sum = sum.checked_add(&kept).unwrap_or(*sum),
                None => clears.push((document.clone(), kept)),
            }
        }
        clears
    }

    /// What the item clears, by document; nothing for an item that only opens.
    pub(super) fn clears(&self, item: ItemId) -> &[(DocumentId, Money)] {
        self.clears.get(&item).map_or(&[], Vec::as_slice)
    }
}

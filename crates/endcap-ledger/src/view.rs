//! A state as it will be once the events decided so far are applied: what makes batches atomic without copying a ledger.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, SkuId};

use crate::board::{NewBoard, NewItem};
use crate::chain::seal;
use crate::periods::Kinds;
use crate::state::State;
use crate::{
    ControlError, Decision, Entry, EntryId, Event, EventBody, Hash, IdempotencyKey, ItemId, LedgerError, Leg,
    Receipt, Replay, Side, StockMove,
};

/// The account, key account and currency of open items.
pub(crate) type BoardKey = (u32, AccountId, Currency);

/// Whether anything decided later will look at what this entry changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    /// Nothing will: one entry with at most one leg of a control account.
    Nothing,
    /// Later legs or drafts may clear its items.
    Something,
}

/// A base state and what the current decision adds to it.
#[derive(Debug)]
pub(crate) struct View<'s> {
    pub(crate) base: &'s State,
    head: Hash,
    pub(crate) recorded: NaiveDate,
    turnover: BTreeMap<Currency, i128>,
    keys: BTreeMap<IdempotencyKey, (Hash, Receipt)>,
    items: Vec<NewItem>,
    pub(crate) boards: BTreeMap<BoardKey, NewBoard>,
    cleared: BTreeMap<ItemId, i128>,
    pub(crate) later: Later,
    /// Legs posted by this decision so far.
    pub(crate) legs: usize,
    stock: BTreeMap<(AccountId, SkuId), (i64, i64)>,
    /// What is posted by this decision, kept while balances have limits.
    pub(crate) moved: Vec<(NaiveDate, Vec<Leg>)>,
    decision: Decision,
}

impl<'s> View<'s> {
    pub(crate) const fn new(base: &'s State) -> Self {
        Self {
            base,
            head: base.head,
            recorded: base.recorded,
            turnover: BTreeMap::new(),
            keys: BTreeMap::new(),
            items: Vec::new(),
            boards: BTreeMap::new(),
            cleared: BTreeMap::new(),
            later: Later::Something,
            legs: 0,
            stock: BTreeMap::new(),
            moved: Vec::new(),
            decision: Decision { events: Vec::new(), receipts: Vec::new() },
        }
    }

    pub(crate) fn finish(self) -> Decision {
        self.decision
    }

    /// The receipt of a key that holds this payload already; nothing for a key that is free.
    pub(crate) fn replayed(
        &self,
        key: &IdempotencyKey,
        request: &Hash,
    ) -> Result<Option<Receipt>, LedgerError> {
        let held = match self.keys.get(key) {
            Some((held, receipt)) => Some((*held, *receipt)),
            None => self.base.log.holder(key).and_then(|id| {
                let (hash, request) = self.base.seal_of(id)?;
                Some((request, Receipt { seq: id.0, hash, replay: Replay::First }))
            }),
        };
        match held {
            None => Ok(None),
            Some((held, receipt)) if held == *request => {
                Ok(Some(Receipt { replay: Replay::Replayed, ..receipt }))
            }
            Some((_, receipt)) => {
                Err(LedgerError::IdempotencyConflict { key: key.clone(), first_seq: receipt.seq })
            }
        }
    }

    pub(crate) fn answer(&mut self, receipt: Receipt) {
        self.decision.receipts.push(receipt);
    }

    /// Refuses a recorded date before that of the last event.
    pub(crate) fn check_recorded(&self, recorded: NaiveDate) -> Result<(), LedgerError> {
        if recorded < self.recorded {
            return Err(LedgerError::RecordedBeforeHead { recorded, head: self.recorded });
        }
        Ok(())
    }

    /// Refuses an effective date that is closed, or soft closed, for some of these kinds of accounts.
    pub(crate) fn check_open(&self, effective: NaiveDate, kinds: Kinds) -> Result<(), LedgerError> {
        let first_open = self.base.locks.first_open(kinds);
        if effective < first_open {
            return Err(LedgerError::PeriodClosed { effective, first_open });
        }
        let first_open = self.base.locks.first_free(kinds);
        if effective < first_open {
            return Err(LedgerError::Control(ControlError::SoftClosed { effective, first_open }));
        }
        Ok(())
    }

    pub(crate) fn turnover(&self, currency: Currency) -> i128 {
        let decided = self.turnover.get(&currency).or_else(|| self.base.turnover.get(&currency));
        decided.copied().unwrap_or(0)
    }

    /// Seals an event behind those decided so far and answers it.
    pub(crate) fn seal(&mut self, recorded: NaiveDate, body: EventBody) -> Receipt {
        let decided = u64::try_from(self.decision.events.len()).unwrap_or(u64::MAX);
        let event: Event = seal(&self.head, self.base.next_seq().saturating_add(decided), recorded, body);
        let receipt = Receipt { seq: event.seq, hash: event.hash, replay: Replay::First };
        self.head = event.hash;
        self.recorded = recorded;
        if self.later == Later::Nothing {
            // The only one: room for four is more than an allocator hands out quickly.
            self.decision.events.reserve_exact(1);
        }
        self.decision.events.push(event);
        self.decision.receipts.push(receipt);
        receipt
    }

    /// Seals an entry and remembers what the rest of the batch must know of it.
    pub(crate) fn seal_entry(&mut self, recorded: NaiveDate, entry: Entry, debits: &[(Currency, i128)]) {
        if self.later == Later::Nothing {
            self.seal(recorded, EventBody::EntryPosted(entry));
            return;
        }
        self.legs = self.legs.saturating_add(entry.legs.len());
        let (key, request) = (entry.key.clone(), entry.request);
        for (currency, debit) in debits {
            let turnover = self.turnover(*currency).saturating_add(*debit);
            self.turnover.insert(*currency, turnover);
        }
        if !self.base.bounds.is_empty() || !self.base.groups.is_empty() {
            self.moved.push((entry.effective, entry.legs.clone()));
        }
        let receipt = self.seal(recorded, EventBody::EntryPosted(entry));
        self.keys.insert(key, (request, receipt));
    }

    pub(crate) fn next_item(&self) -> ItemId {
        let added = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        ItemId(self.base.next_item().saturating_add(added))
    }

    /// The entry that the next event would post.
    pub(crate) fn next_entry(&self) -> EntryId {
        let decided = u64::try_from(self.decision.events.len()).unwrap_or(u64::MAX);
        EntryId(self.base.next_seq().saturating_add(decided))
    }

    /// The sequence number of the first event of this decision.
    pub(crate) fn first_decided(&self) -> EntryId {
        EntryId(self.base.next_seq())
    }

    pub(crate) fn add_item(&mut self, key: &BoardKey, item: NewItem) -> ItemId {
        let id = self.next_item();
        if self.later == Later::Something {
            self.boards.entry(key.clone()).or_default().add(id, &item);
        }
        self.items.push(item);
        id
    }

    fn new_item(&self, id: ItemId) -> Option<usize> {
        usize::try_from(id.0.checked_sub(self.base.next_item())?).ok()
    }

    /// The side of an item, and the first day on which a new clearing of it may count.
    pub(crate) fn side_of(&self, id: ItemId) -> Option<(Side, NaiveDate)> {
        match self.new_item(id) {
            Some(index) => self.items.get(index).map(|item| (item.side, item.effective)),
            None => self.base.item(id).map(|item| (item.side, item.free_from)),
        }
    }

    /// What is open of an item in minor units, after the clearings decided so far.
    pub(crate) fn open_of(&self, id: ItemId) -> i128 {
        if let Some(index) = self.new_item(id) {
            return self.items.get(index).map_or(0, |item| item.open);
        }
        let cleared = if self.cleared.is_empty() { None } else { self.cleared.get(&id).copied() };
        self.base.item(id).map_or(0, |item| item.open.saturating_sub(cleared.unwrap_or(0)))
    }

    /// Takes `minor` off what is open of an item.
    pub(crate) fn clear_item(&mut self, key: &BoardKey, id: ItemId, minor: i128) {
        if let Some(item) = self.new_item(id).and_then(|index| self.items.get_mut(index)) {
            item.open = item.open.saturating_sub(minor);
            if item.open == 0
                && let Some(board) = self.boards.get_mut(key)
            {
                board.close(id, item);
            }
        } else if self.later == Later::Something {
            let cleared = self.cleared.entry(id).or_default();
            *cleared = cleared.saturating_add(minor);
        }
    }

    /// Takes in a stock move, or refuses it; `pieces` is negative in a reversal.
    pub(crate) fn move_stock(&mut self, stock_move: &StockMove) -> Result<(), LedgerError> {
        let StockMove { key_account, sku, flow, pieces } = stock_move;
        let limit = crate::limits::MAX_PIECES;
        let out_of_range =
            || LedgerError::PiecesOutOfRange { key_account: key_account.clone(), sku: sku.clone(), limit };
        let key = (key_account.clone(), sku.clone());
        let (on_hand, moved) = self.stock.get(&key).copied().unwrap_or_else(|| {
            let stock = self.base.stock.get(key_account).and_then(|shelf| shelf.get(sku));
            stock.map_or((0, 0), |stock| (stock.on_hand, stock.moved))
        });
        let moved = moved.checked_add(pieces.saturating_abs()).filter(|moved| *moved <= limit);
        let moved = moved.ok_or_else(out_of_range)?;
        let left = on_hand.checked_add(flow.change(*pieces)).ok_or_else(out_of_range)?;
        if left < 0 && left < on_hand && self.base.settings.negative_stock == crate::NegativeStock::Refuse {
            let (key_account, sku) = key;
            return Err(LedgerError::NegativeStock { key_account, sku, on_hand, left });
        }
        self.stock.insert(key, (left, moved));
        Ok(())
    }
}

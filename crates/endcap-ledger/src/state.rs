//! The state of a ledger: the log, and indexes that are a function of the log and of nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, SkuId};

use crate::board::{Applied, Board, Item};
use crate::bounds::Bound;
use crate::chain::genesis;
use crate::day_index::DayIndex;
use crate::direct::Disputed;
use crate::periods::{Kinds, Locks};
use crate::{
    Account, Dimension, Entry, EntryId, EntryKind, Event, EventBody, Hash, IdempotencyKey, ItemId,
    LedgerAccountId, LedgerError, Settings, Side, StockMove, Strength,
};

/// Account, key account (by position) and currency: what one running balance belongs to.
pub(crate) type SlotKey = (u32, Option<u32>, Currency);

/// Account, key account or all of them, and currency: what a limit or a pending amount belongs to.
pub(crate) type BalanceKey = (u32, Option<AccountId>, Currency);

/// Debits and credits of one day, in minor units, both as they stand on their side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals {
    pub(crate) debit: i128,
    pub(crate) credit: i128,
}

impl Totals {
    // The turnover limit keeps every such sum within an i128.
    pub(crate) const fn add(&mut self, side: Side, minor: i128) {
        match side {
            Side::Debit => self.debit = self.debit.saturating_add(minor),
            Side::Credit => self.credit = self.credit.saturating_add(minor),
        }
    }

    pub(crate) const fn take(&mut self, side: Side, minor: i128) {
        self.add(side, minor.saturating_neg());
    }

    pub(crate) const fn merge(&mut self, other: Self) {
        self.debit = self.debit.saturating_add(other.debit);
        self.credit = self.credit.saturating_add(other.credit);
    }

    pub(crate) const fn net(self) -> i128 {
        self.debit.saturating_sub(self.credit)
    }
}

/// One running balance with its day index, its legs and its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) account: u32,
    pub(crate) party: Option<u32>,
    pub(crate) currency: Currency,
    pub(crate) balance: i128,
    pub(crate) days: DayIndex,
    pub(crate) legs: Vec<(u64, u32)>,
    pub(crate) items: Vec<ItemId>,
    pub(crate) board: Board,
}

impl Slot {
    fn new((account, party, currency): SlotKey) -> Self {
        Self {
            account,
            party,
            currency,
            balance: 0,
            days: DayIndex::default(),
            legs: Vec::new(),
            items: Vec::new(),
            board: Board::default(),
        }
    }
}

/// Stock of one article at one key account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stock {
    pub(crate) on_hand: i64,
    pub(crate) moved: i64,
    pub(crate) days: BTreeMap<NaiveDate, [i64; 6]>,
}

/// The state of a ledger (账簿状态): its log and what follows from it.
///
/// Two states are equal when their logs are; every index is rebuilt from the log by [`apply`](crate::apply).
///
/// # Source
///
/// House rule: state is the fold of the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub(crate) settings: Settings,
    pub(crate) log: Vec<Event>,
    pub(crate) head: Hash,
    pub(crate) recorded: NaiveDate,
    pub(crate) locks: Locks,
    pub(crate) earliest: Option<NaiveDate>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) codes: BTreeMap<String, u32>,
    pub(crate) parties: Vec<AccountId>,
    pub(crate) party_index: BTreeMap<AccountId, u32>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) slot_index: BTreeMap<SlotKey, usize>,
    pub(crate) account_slots: Vec<Vec<usize>>,
    pub(crate) items: Vec<Item>,
    pub(crate) turnover: BTreeMap<Currency, i128>,
    pub(crate) keys: BTreeMap<IdempotencyKey, EntryId>,
    pub(crate) reversed: BTreeMap<EntryId, EntryId>,
    pub(crate) stock: BTreeMap<AccountId, BTreeMap<SkuId, Stock>>,
    /// Reservations, and what resolved each of them from when.
    pub(crate) held: BTreeMap<EntryId, Option<(EntryId, NaiveDate)>>,
    /// What is pending now.
    pub(crate) pending: BTreeMap<BalanceKey, Totals>,
    pub(crate) bounds: BTreeMap<BalanceKey, Bound>,
    pub(crate) asserted: BTreeMap<BalanceKey, BTreeMap<NaiveDate, (i128, Strength)>>,
    pub(crate) disputes: BTreeMap<EntryId, Disputed>,
    pub(crate) uncleared: BTreeMap<EntryId, EntryId>,
}

impl State {
    /// An empty ledger.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            head: genesis(&settings),
            settings,
            log: Vec::new(),
            recorded: NaiveDate::MIN,
            locks: Locks::default(),
            earliest: None,
            accounts: Vec::new(),
            codes: BTreeMap::new(),
            parties: Vec::new(),
            party_index: BTreeMap::new(),
            slots: Vec::new(),
            slot_index: BTreeMap::new(),
            account_slots: Vec::new(),
            items: Vec::new(),
            turnover: BTreeMap::new(),
            keys: BTreeMap::new(),
            reversed: BTreeMap::new(),
            stock: BTreeMap::new(),
            held: BTreeMap::new(),
            pending: BTreeMap::new(),
            bounds: BTreeMap::new(),
            asserted: BTreeMap::new(),
            disputes: BTreeMap::new(),
            uncleared: BTreeMap::new(),
        }
    }

    /// The log.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.log
    }

    /// The hash of the last event, or that of the empty ledger.
    #[must_use]
    pub const fn head(&self) -> Hash {
        self.head
    }

    /// A posted entry.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        match self.event(id).map(|event| &event.body) {
            Some(EventBody::EntryPosted(entry)) => Some(entry),
            _ => None,
        }
    }

    /// The digest of what an event was asked for.
    pub(crate) fn request_of(&self, id: EntryId) -> Option<Hash> {
        match &self.event(id)?.body {
            EventBody::EntryPosted(entry) => Some(entry.request),
            EventBody::EntryReserved(reservation) => Some(reservation.request),
            EventBody::Directed(directed) => Some(directed.request),
            EventBody::AccountOpened(_) | EventBody::PeriodClosed(_) => None,
        }
    }

    pub(crate) fn event(&self, id: EntryId) -> Option<&Event> {
        let index = usize::try_from(id.0.checked_sub(1)?).ok()?;
        self.log.get(index)
    }

    pub(crate) fn next_seq(&self) -> u64 {
        u64::try_from(self.log.len()).unwrap_or(u64::MAX).saturating_add(1)
    }

    pub(crate) fn account_named(&self, code: &str) -> Result<(u32, &Account), LedgerError> {
        let index = self.codes.get(code).copied();
        index
            .and_then(|index| Some((index, self.account(LedgerAccountId(index))?)))
            .ok_or_else(|| LedgerError::UnknownAccount { code: code.to_owned() })
    }

    pub(crate) fn account(&self, id: LedgerAccountId) -> Option<&Account> {
        self.accounts.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn party(&self, index: Option<u32>) -> Option<&AccountId> {
        self.parties.get(usize::try_from(index?).ok()?)
    }

    pub(crate) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn next_item(&self) -> u64 {
        u64::try_from(self.items.len()).unwrap_or(u64::MAX)
    }

    /// The slots of an account in one currency, by key account.
    pub(crate) fn slots_of(&self, account: u32, currency: Currency) -> Vec<&Slot> {
        let indexes = usize::try_from(account).ok().and_then(|index| self.account_slots.get(index));
        let slots = indexes.into_iter().flatten().filter_map(|index| self.slots.get(*index));
        let mut slots: Vec<&Slot> = slots.filter(|slot| slot.currency == currency).collect();
        slots.sort_by_key(|slot| self.party(slot.party));
        slots
    }

    /// The slot of an account, key account and currency, if anything was ever posted to it.
    pub(crate) fn slot(
        &self,
        account: u32,
        key_account: Option<&AccountId>,
        currency: Currency,
    ) -> Option<(usize, &Slot)> {
        let party = match key_account {
            None => None,
            Some(id) => Some(*self.party_index.get(id)?),
        };
        let index = *self.slot_index.get(&(account, party, currency))?;
        Some((index, self.slots.get(index)?))
    }

    /// Takes in an event that was decided on this very state, or checked against it.
    pub(crate) fn commit(&mut self, event: Event) {
        match &event.body {
            EventBody::AccountOpened(account) => {
                let index = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
                self.codes.insert(account.code().to_owned(), index);
                self.accounts.push(account.clone());
                self.account_slots.push(Vec::new());
            }
            EventBody::PeriodClosed(period) => self.locks.close(Kinds::ALL, period.end()),
            EventBody::EntryPosted(entry) => self.commit_entry(EntryId(event.seq), entry),
            EventBody::EntryReserved(reservation) => self.commit_reserved(EntryId(event.seq), reservation),
            EventBody::Directed(directed) => self.commit_directed(EntryId(event.seq), directed),
        }
        self.recorded = event.recorded;
        self.head = event.hash;
        self.log.push(event);
    }

    fn commit_entry(&mut self, id: EntryId, entry: &Entry) {
        self.keys.insert(entry.key.clone(), id);
        match &entry.kind {
            EntryKind::Reversal { of, .. } => drop(self.reversed.insert(*of, id)),
            EntryKind::Confirmation { of } => self.commit_resolved(*of, id, entry.effective),
            EntryKind::Release { of, .. } => drop(self.uncleared.insert(*of, id)),
            _ => {}
        }
        self.earliest = Some(self.earliest.map_or(entry.effective, |day| day.min(entry.effective)));

        let mut items = entry.items.iter().peekable();
        for (leg_index, leg) in (0_u32..).zip(&entry.legs) {
            let slot_index = self.slot_or_new(leg.account.0, leg.key_account.as_ref(), leg.amount.currency());
            let minor = leg.amount.minor();
            if leg.side == Side::Debit {
                let turnover = self.turnover.entry(leg.amount.currency()).or_default();
                *turnover = turnover.saturating_add(minor);
            }
            let Some(slot) = self.slots.get_mut(slot_index) else { continue };
            slot.balance = slot.balance.saturating_add(leg.signed_minor());
            slot.days.add(entry.effective, leg.side, minor);
            slot.legs.push((id.0, leg_index));
            if let Some(opened) = items.next_if(|opened| opened.leg == leg_index) {
                let item = Item {
                    slot: slot_index,
                    entry: id,
                    side: leg.side,
                    original: minor,
                    open: minor,
                    document: opened.document.clone(),
                    dated: opened.dated,
                    due: opened.due,
                    effective: entry.effective,
                    free_from: entry.effective,
                    clearings: Vec::new(),
                    disputes: Vec::new(),
                    carried_in: None,
                    values: Vec::new(),
                };
                slot.items.push(opened.id);
                slot.board.add(opened.id, &item);
                self.items.push(item);
            }
        }
        for clearing in &entry.clearings {
            let minor = clearing.amount.minor();
            let effective = clearing.effective;
            let applied = |other| Applied { other, minor, effective, by: id };
            self.commit_clearing(clearing.debit, applied(clearing.credit));
            self.commit_clearing(clearing.credit, applied(clearing.debit));
        }
        for valuation in &entry.valuations {
            let index = usize::try_from(valuation.item.0).ok();
            let Some(item) = index.and_then(|index| self.items.get_mut(index)) else { continue };
            item.carried_in = Some(valuation.change.currency());
            item.values.push((entry.effective, valuation.change.minor()));
        }
        for stock_move in &entry.stock {
            self.commit_stock(entry.effective, stock_move);
        }
    }

    fn slot_or_new(&mut self, account: u32, key_account: Option<&AccountId>, currency: Currency) -> usize {
        let party = key_account.map(|id| match self.party_index.get(id) {
            Some(index) => *index,
            None => {
                let index = u32::try_from(self.parties.len()).unwrap_or(u32::MAX);
                self.parties.push(id.clone());
                self.party_index.insert(id.clone(), index);
                index
            }
        });
        let key = (account, party, currency);
        let next = self.slots.len();
        let index = *self.slot_index.entry(key).or_insert(next);
        if index == next {
            self.slots.push(Slot::new(key));
            let of_account =
                usize::try_from(account).ok().and_then(|index| self.account_slots.get_mut(index));
            if let Some(slots) = of_account {
                slots.push(index);
            }
        }
        index
    }

    fn commit_clearing(&mut self, id: ItemId, applied: Applied) {
        let Applied { minor, effective, .. } = applied;
        let Some(item) = usize::try_from(id.0).ok().and_then(|index| self.items.get_mut(index)) else {
            return;
        };
        item.clearings.push(applied);
        if minor < 0 {
            item.free_from = item.free_from.max(effective);
        }
        let was_open = item.open != 0;
        item.open = item.open.saturating_sub(minor);
        let is_open = item.open != 0;
        let Some(slot) = self.slots.get_mut(item.slot) else { return };
        if was_open && !is_open {
            slot.board.close(id, item);
        } else if is_open && !was_open {
            slot.board.reopen(id, item);
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

/// Whether legs of the account open items.
pub(crate) fn is_control(account: &Account) -> bool {
    account.dimension() == Dimension::OpenItems
}

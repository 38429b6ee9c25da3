//! The state of a ledger: the log, and indexes that are a function of the log and of nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, SkuId};

use crate::board::{Applied, Board, Coming, Extra, Item};
use crate::bounds::Bound;
use crate::chain::genesis;
use crate::day_index::DayIndex;
use crate::dense::{Dense, of_slot, short};
use crate::direct::Disputed;
use crate::group_limit::Group;
use crate::limits::MAX_LEGS_IN_ALL;
use crate::log::{FlatLeg, Log, index, item_position, narrow};
use crate::periods::Locks;
use crate::positions::Positions;
use crate::straight::Work;
use crate::table::{Placed, Table, hash_text};
use crate::{
    Account, Dimension, EntryId, Hash, ItemId, LedgerAccountId, LedgerError, Settings, Side, Strength,
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
    /// Positions of its legs, but for those that opened an item.
    pub(crate) legs: Positions,
    /// Positions of its items.
    pub(crate) items: Positions,
    /// Its open items in order; nothing until one of them is cleared.
    pub(crate) board: Option<Box<Board>>,
    /// Whether the items that wait, debits and credits, came in order.
    pub(crate) coming: [Coming; 2],
}

impl Slot {
    fn new((account, party, currency): SlotKey) -> Self {
        Self {
            account,
            party,
            currency,
            balance: 0,
            days: DayIndex::default(),
            legs: Positions::default(),
            items: Positions::default(),
            board: None,
            coming: [Coming::default(); 2],
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
/// Two states are equal when their logs are; every index is rebuilt from the log by [`apply`](crate::apply). Log, legs
/// and items lie in flat columns, texts in one arena, and hash tables hold positions in them; an [`Event`](crate::Event)
/// is put together again when it is asked for.
///
/// # Source
///
/// House rule: state is the fold of the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub(crate) settings: Settings,
    pub(crate) log: Log,
    pub(crate) head: Hash,
    pub(crate) recorded: NaiveDate,
    pub(crate) locks: Locks,
    pub(crate) earliest: Option<NaiveDate>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) codes: BTreeMap<String, u32>,
    pub(crate) code_table: Table,
    pub(crate) short_codes: Dense,
    pub(crate) parties: Vec<AccountId>,
    pub(crate) party_table: Table,
    pub(crate) short_parties: Dense,
    pub(crate) slots: Vec<Slot>,
    pub(crate) slot_table: Dense,
    pub(crate) account_slots: Vec<Vec<u32>>,
    pub(crate) items: Vec<Item>,
    pub(crate) extras: Vec<Extra>,
    pub(crate) documents: Table,
    pub(crate) turnover: BTreeMap<Currency, i128>,
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
    /// Memory to work in.
    pub(crate) work: Work,
    pub(crate) groups: BTreeMap<AccountId, Group>,
}

impl State {
    /// An empty ledger.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let head = genesis(&settings);
        let log = Log::new(&head);
        let dense = Dense::new(log.seed());
        Self {
            head,
            settings,
            log,
            recorded: NaiveDate::MIN,
            locks: Locks::default(),
            earliest: None,
            accounts: Vec::new(),
            codes: BTreeMap::new(),
            code_table: Table::default(),
            short_codes: dense.clone(),
            parties: Vec::new(),
            party_table: Table::default(),
            short_parties: dense.clone(),
            slots: Vec::new(),
            slot_table: dense,
            account_slots: Vec::new(),
            items: Vec::new(),
            extras: Vec::new(),
            documents: Table::default(),
            turnover: BTreeMap::new(),
            reversed: BTreeMap::new(),
            stock: BTreeMap::new(),
            held: BTreeMap::new(),
            pending: BTreeMap::new(),
            bounds: BTreeMap::new(),
            asserted: BTreeMap::new(),
            disputes: BTreeMap::new(),
            uncleared: BTreeMap::new(),
            work: Work::default(),
            groups: BTreeMap::new(),
        }
    }

    /// The hash of the last event, or that of the empty ledger.
    #[must_use]
    pub const fn head(&self) -> Hash {
        self.head
    }

    pub(crate) fn next_seq(&self) -> u64 {
        u64::try_from(self.log.headers.len()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// Refuses legs beyond what the columns hold.
    pub(crate) fn room_for(&self, legs: usize) -> Result<(), LedgerError> {
        let limit = MAX_LEGS_IN_ALL;
        let count = self.log.legs.len().max(self.log.headers.len()).saturating_add(legs);
        if count > limit {
            return Err(LedgerError::TooMany { what: "legs of the ledger", count, limit });
        }
        Ok(())
    }

    pub(crate) fn account_named(&self, code: &str) -> Result<(u32, &Account), LedgerError> {
        let same = |at| self.accounts.get(index(at)).is_some_and(|account| account.code() == code);
        let found = match short(code) {
            Some(key) => self.short_codes.find(key),
            None => self.code_table.find(hash_text(self.log.seed(), code), same),
        };
        found
            .and_then(|at| Some((at, self.account(LedgerAccountId(at))?)))
            .ok_or_else(|| LedgerError::UnknownAccount { code: code.to_owned() })
    }

    /// Takes in an account that is new.
    pub(crate) fn commit_account(&mut self, account: Account) {
        let at = narrow(self.accounts.len());
        self.codes.insert(account.code().to_owned(), at);
        short(account.code()).into_iter().for_each(|key| self.short_codes.insert(key, at));
        self.accounts.push(account);
        self.account_slots.push(Vec::new());
        let (accounts, seed) = (&self.accounts, self.log.seed());
        let place = |at| {
            let account = accounts.get(index(at))?;
            Some(Placed { hash: hash_text(seed, account.code()), replaces: None })
        };
        if let Some(placed) = place(at) {
            self.code_table.insert(at, placed, (at, place));
        }
    }

    pub(crate) fn account(&self, id: LedgerAccountId) -> Option<&Account> {
        self.accounts.get(index(id.0))
    }

    pub(crate) fn party(&self, at: Option<u32>) -> Option<&AccountId> {
        self.parties.get(index(at?))
    }

    pub(crate) fn party_named(&self, id: &AccountId) -> Option<u32> {
        if let Some(key) = short(id.as_str()) {
            return self.short_parties.find(key);
        }
        let same = |at| self.parties.get(index(at)) == Some(id);
        self.party_table.find(hash_text(self.log.seed(), id.as_str()), same)
    }

    fn party_or_new(&mut self, id: &AccountId) -> u32 {
        if let Some(known) = self.party_named(id) {
            return known;
        }
        let at = narrow(self.parties.len());
        self.parties.push(id.clone());
        short(id.as_str()).into_iter().for_each(|key| self.short_parties.insert(key, at));
        let (parties, seed) = (&self.parties, self.log.seed());
        let place = |at| {
            let party = parties.get(index(at))?;
            Some(Placed { hash: hash_text(seed, party.as_str()), replaces: None })
        };
        if let Some(placed) = place(at) {
            self.party_table.insert(at, placed, (at, place));
        }
        at
    }

    pub(crate) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn next_item(&self) -> u64 {
        u64::try_from(self.items.len()).unwrap_or(u64::MAX)
    }

    /// The slot of an item.
    pub(crate) fn slot_of(&self, item: &Item) -> Option<&Slot> {
        self.slots.get(index(item.slot))
    }

    /// The entry that opened an item.
    pub(crate) fn entry_of(&self, item: &Item) -> Option<EntryId> {
        self.log.legs.get(index(item.leg)).map(|leg| leg.entry())
    }

    /// The document of an item.
    pub(crate) fn document_of(&self, item: &Item) -> Option<DocumentId> {
        DocumentId::new(self.log.texts.get(item.document)).ok()
    }

    /// The full amount of an item, in minor units.
    pub(crate) fn original(&self, item: &Item) -> i128 {
        self.log.legs.get(index(item.leg)).map_or(0, |leg| self.log.minor(*leg).saturating_abs())
    }

    /// What few items have, if this one has any of it.
    pub(crate) fn extra(&self, item: &Item) -> Option<&Extra> {
        self.extras.get(index(item.extra.checked_sub(1)?))
    }

    pub(crate) fn extra_mut(&mut self, id: ItemId) -> Option<&mut Extra> {
        let item = self.items.get_mut(index(item_position(id)))?;
        if item.extra == 0 {
            self.extras.push(Extra::default());
            item.extra = narrow(self.extras.len());
        }
        self.extras.get_mut(index(item.extra.checked_sub(1)?))
    }

    /// The disputes about an item.
    pub(crate) fn disputes_of(&self, item: &Item) -> &[EntryId] {
        self.extra(item).map_or(&[], |extra| &extra.disputes)
    }

    /// When the goods of an item were delivered.
    pub(crate) fn delivered(&self, item: &Item) -> Option<NaiveDate> {
        self.extra(item)?.delivered
    }

    /// The clearings of an item, last first.
    pub(crate) fn clearings_of(&self, item: &Item) -> impl Iterator<Item = Applied> {
        let side = item.side;
        let at = move |number: u32| {
            let clearing = self.log.clearings.get(index(number.checked_sub(1)?))?;
            Some(clearing.of(side))
        };
        core::iter::successors(at(item.applied), move |applied| at(applied.before))
    }

    /// What is open of an item at the end of `day`, in minor units, not negative.
    pub(crate) fn open_at(&self, item: &Item, day: NaiveDate) -> i128 {
        if item.effective > day {
            return 0;
        }
        if item.applied == 0 {
            return item.open;
        }
        self.left_after(item, |applied| applied.effective <= day)
    }

    /// What is left of an item after the clearings that count.
    pub(crate) fn left_after(&self, item: &Item, counts: impl Fn(&Applied) -> bool) -> i128 {
        let cleared = self.clearings_of(item).filter(|applied| counts(applied));
        cleared.fold(self.original(item), |open, applied| open.saturating_sub(applied.minor))
    }

    /// The legs of a slot, in the order of the log.
    pub(crate) fn legs_of(&self, slot: &Slot) -> impl Iterator<Item = FlatLeg> {
        let opened = slot.items.iter().filter_map(|at| self.items.get(index(at))).map(|item| item.leg);
        let legs = slot.legs.iter().chain(opened);
        legs.filter_map(|at| self.log.legs.get(index(at)).copied())
    }

    /// The slots of an account in one currency, by key account.
    pub(crate) fn slots_of(&self, account: u32, currency: Currency) -> Vec<&Slot> {
        let of_account = self.account_slots.get(index(account));
        let slots = of_account.into_iter().flatten().filter_map(|at| self.slots.get(index(*at)));
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
    ) -> Option<(u32, &Slot)> {
        let party = match key_account {
            None => None,
            Some(id) => Some(self.party_named(id)?),
        };
        let at = self.slot_at((account, party, currency))?;
        Some((at, self.slots.get(index(at))?))
    }

    pub(crate) fn slot_at(&self, (account, party, currency): SlotKey) -> Option<u32> {
        self.slot_table.find(of_slot(account, party, currency.code()))
    }

    pub(crate) fn slot_or_new(
        &mut self,
        account: u32,
        key_account: Option<&AccountId>,
        currency: Currency,
    ) -> u32 {
        let party = key_account.map(|id| self.party_or_new(id));
        let key = (account, party, currency);
        if let Some(known) = self.slot_at(key) {
            return known;
        }
        let at = narrow(self.slots.len());
        self.slots.push(Slot::new(key));
        self.slot_table.insert(of_slot(account, party, currency.code()), at);
        if let Some(slots) = self.account_slots.get_mut(index(account)) {
            slots.push(at);
        }
        at
    }
}

/// Whether legs of the account open items.
pub(crate) fn is_control(account: &Account) -> bool {
    account.dimension() == Dimension::OpenItems
}

//! Account paths of a journal as small numbers, and a sum for each of their currencies.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Currency};

use super::balances::Sums;
use super::problem::Piece;
use super::read::read_path;
use crate::{Account, AccountKind, Dimension};

/// A path as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathId(u32);

/// A path, what it names, and the sums of its currencies.
#[derive(Debug)]
struct Path<'t> {
    text: &'t str,
    kind: AccountKind,
    account: u32,
    slots: Vec<(Currency, u32)>,
    items: bool,
}

/// The sum of one account, key account and currency.
#[derive(Debug, Clone, Copy)]
struct Slot {
    account: u32,
    currency: Currency,
    sum: i128,
    moved: bool,
}

/// Places of the table that finds a path again without a search.
const PLACES: usize = 4096;

#[derive(Debug)]
pub(super) struct Accounts<'t> {
    paths: Vec<Path<'t>>,
    by_text: BTreeMap<&'t str, u32>,
    /// By a few bytes of the text: the path last met with them, plus one.
    recent: Vec<u32>,
    /// Code and key account: two paths may name one account.
    named: BTreeMap<(String, Option<AccountId>), u32>,
    slots: Vec<Slot>,
    slot_index: BTreeMap<(u32, Currency), u32>,
}

impl Default for Accounts<'_> {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            by_text: BTreeMap::new(),
            recent: vec![0; PLACES],
            named: BTreeMap::new(),
            slots: Vec::new(),
            slot_index: BTreeMap::new(),
        }
    }
}

/// A place for a text, from its length and its last eight bytes.
fn place(text: &str) -> usize {
    let tail = text.as_bytes().last_chunk::<8>().copied().map_or(0, u64::from_le_bytes);
    let length = u64::try_from(text.len()).unwrap_or(0);
    let mixed = (tail ^ length.wrapping_mul(0x9E37_79B9)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed.wrapping_shr(52)).unwrap_or(0)
}

fn next(length: usize) -> Option<u32> {
    u32::try_from(length).ok()
}

impl<'t> Accounts<'t> {
    /// The number of a path; nothing for a text that is none.
    pub(super) fn path(&mut self, text: &'t str) -> Option<PathId> {
        let place = place(text);
        let recent = self.recent.get(place).and_then(|number| number.checked_sub(1));
        let known = recent.filter(|id| self.get(PathId(*id)).is_some_and(|path| path.text == text));
        if let Some(id) = known {
            return Some(PathId(id));
        }
        let id = match self.by_text.get(text) {
            Some(id) => *id,
            None => {
                let path = read_path(Piece { line: 0, column: 1, text }).ok()?;
                let id = next(self.paths.len())?;
                let account = next(self.named.len())?;
                let account = *self.named.entry((path.code, path.key_account)).or_insert(account);
                self.paths.push(Path { text, kind: path.kind, account, slots: Vec::new(), items: false });
                self.by_text.insert(text, id);
                id
            }
        };
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = id.checked_add(1)?;
        }
        Some(PathId(id))
    }

    fn get(&self, PathId(id): PathId) -> Option<&Path<'t>> {
        self.paths.get(usize::try_from(id).ok()?)
    }

    /// Notes that a leg of the path speaks of open items, which its account must have.
    pub(super) fn needs_items(&mut self, PathId(id): PathId) -> Option<()> {
        self.paths.get_mut(usize::try_from(id).ok()?)?.items = true;
        Some(())
    }

    /// The sum of a path and currency.
    pub(super) fn slot(&mut self, PathId(id): PathId, currency: Currency) -> Option<u32> {
        let path = self.paths.get_mut(usize::try_from(id).ok()?)?;
        if let Some((_, slot)) = path.slots.iter().find(|(known, _)| *known == currency) {
            return Some(*slot);
        }
        let fresh = next(self.slots.len())?;
        let slot = *self.slot_index.entry((path.account, currency)).or_insert(fresh);
        if slot == fresh {
            self.slots.push(Slot { account: path.account, currency, sum: 0, moved: false });
        }
        path.slots.push((currency, slot));
        Some(slot)
    }

    pub(super) fn add(&mut self, slot: u32, minor: i128) -> Option<()> {
        let slot = self.slots.get_mut(usize::try_from(slot).ok()?)?;
        slot.sum = slot.sum.checked_add(minor)?;
        slot.moved = true;
        super::digits::in_range(slot.sum).map(drop)
    }

    /// How many sums there are.
    pub(super) const fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Holds every path against the accounts that are known in the end; the sums that moved.
    pub(super) fn finish(self, chart: &[Account], declared: &[Account]) -> Option<Sums> {
        let known: BTreeMap<&str, &Account> =
            chart.iter().chain(declared).map(|account| (account.code(), account)).collect();
        let mut names = vec![None; self.named.len()];
        for (name, account) in self.named {
            *names.get_mut(usize::try_from(account).ok()?)? = Some(name);
        }
        let name = |account: u32| names.get(usize::try_from(account).ok()?)?.as_ref();
        for path in &self.paths {
            let (code, key_account) = name(path.account)?;
            let account = known.get(code.as_str())?;
            let by_party = account.dimension() != Dimension::None;
            let items = account.dimension() == Dimension::OpenItems || !path.items;
            if account.kind() != path.kind || by_party != key_account.is_some() || !items {
                return None;
            }
        }
        let moved = self.slots.iter().filter(|slot| slot.moved);
        moved
            .map(|slot| {
                let (code, key_account) = name(slot.account)?;
                Some(((code.clone(), key_account.clone(), slot.currency), slot.sum))
            })
            .collect()
    }
}

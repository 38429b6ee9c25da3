//! The log in columns: what every entry has lies in flat arenas, what few have in maps beside them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::board::Applied;
use crate::table::{Placed, Table, hash_text};
use crate::texts::{Span, Texts};
use crate::{
    EntryId, EntryKind, EventBody, ExchangeRate, Hash, IdempotencyKey, ItemId, Nature, Side, StockMove,
    Valuation,
};

/// How the body of an event is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// In one piece: accounts, periods, reservations, directives.
    Whole,
    /// A posting that has nothing rare.
    Posting,
    /// A clearing that has nothing rare.
    Clearing,
    /// An entry with something rare beside it.
    Rare,
}

/// What is kept of each event in one place; its legs, items and clearings begin here and end where the next begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) key: Span,
    pub(crate) document: Span,
    pub(crate) description: Span,
    pub(crate) effective: NaiveDate,
    pub(crate) recorded: NaiveDate,
    pub(crate) legs: u32,
    pub(crate) items: u32,
    pub(crate) clearings: u32,
    pub(crate) shape: Shape,
}

/// What few entries have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rare {
    pub(crate) kind: EntryKind,
    pub(crate) stock: Vec<StockMove>,
    pub(crate) relates_to: Option<NaiveDate>,
    pub(crate) override_reason: Option<String>,
    pub(crate) rates: Vec<ExchangeRate>,
    pub(crate) valuations: Vec<Valuation>,
}

/// A leg in sixteen bytes: its amount, the entry it stands in, and its balance with side and nature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlatLeg {
    /// Minor units, or the position of an amount that is too wide.
    narrow: i64,
    /// Position of the entry in the log.
    pub(crate) event: u32,
    /// The balance, then one bit whether the amount is wide, three of nature and one of side.
    packed: u32,
}

/// A clearing in forty-eight bytes, as the log has it and as both of its items do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlatClearing {
    pub(crate) minor: i128,
    pub(crate) debit: u32,
    pub(crate) credit: u32,
    pub(crate) effective: NaiveDate,
    /// Position of the entry in the log.
    pub(crate) by: u32,
    /// One past the clearing before this one of the debit item, and of the credit item; 0 for none.
    pub(crate) before: [u32; 2],
}

impl FlatClearing {
    /// As the item of one side has it.
    pub(crate) const fn of(&self, side: Side) -> Applied {
        let Self { minor, debit, credit, effective, by, before: [of_debit, of_credit] } = *self;
        match side {
            Side::Debit => Applied { minor, other: credit, by, effective, before: of_debit },
            Side::Credit => Applied { minor, other: debit, by, effective, before: of_credit },
        }
    }
}

const PACKED_BITS: u32 = 5;
const WIDE: u32 = 1 << 4;

impl FlatLeg {
    pub(crate) const fn slot(self) -> u32 {
        self.packed >> PACKED_BITS
    }

    pub(crate) const fn side(self) -> Side {
        if self.packed & 1 == 0 { Side::Debit } else { Side::Credit }
    }

    pub(crate) fn nature(self) -> Nature {
        usize::try_from((self.packed >> 1) & 7)
            .ok()
            .and_then(|index| Nature::ALL.get(index))
            .copied()
            .unwrap_or_default()
    }

    /// The entry it stands in.
    pub(crate) fn entry(self) -> EntryId {
        EntryId(u64::from(self.event).saturating_add(1))
    }
}

/// The log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Log {
    pub(crate) headers: Vec<Header>,
    pub(crate) hashes: Vec<Hash>,
    /// What each event was asked for; zero for an event without a key.
    pub(crate) requests: Vec<Hash>,
    pub(crate) texts: Texts,
    pub(crate) legs: Vec<FlatLeg>,
    wide: Vec<i128>,
    pub(crate) clearings: Vec<FlatClearing>,
    pub(crate) rare: BTreeMap<u32, Box<Rare>>,
    pub(crate) whole: BTreeMap<u32, EventBody>,
    keys: Table,
    seed: u64,
}

impl Log {
    /// A log whose hashes of keys depend on `seed`.
    pub(crate) fn new(genesis: &Hash) -> Self {
        let seed = genesis.0.iter().take(8).fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
        Self { seed, ..Self::default() }
    }

    pub(crate) const fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn header(&self, id: EntryId) -> Option<&Header> {
        self.headers.get(position(id)?)
    }

    /// The event that holds a key.
    pub(crate) fn holder(&self, key: &IdempotencyKey) -> Option<EntryId> {
        self.holder_of(key, self.key_hash(key))
    }

    /// The hash by which a key is looked up.
    pub(crate) fn key_hash(&self, key: &IdempotencyKey) -> u64 {
        hash_text(self.seed, key.as_str())
    }

    /// As [`Log::holder`], by a hash that is known.
    pub(crate) fn holder_of(&self, key: &IdempotencyKey, hash: u64) -> Option<EntryId> {
        let same = |position| self.key_at(position) == Some(key.as_str());
        let found = self.keys.find(hash, same);
        found.map(|position| EntryId(u64::from(position).saturating_add(1)))
    }

    fn key_at(&self, position: u32) -> Option<&str> {
        let header = self.headers.get(index(position))?;
        (header.key != Span::default()).then(|| self.texts.get(header.key))
    }

    /// Takes in the header of the next event, and its key.
    pub(crate) fn push(&mut self, header: Header, hash: Hash, request: Hash) {
        let key = header.key;
        let hashed = (key != Span::default()).then(|| hash_text(self.seed, self.texts.get(key)));
        self.push_hashed(header, (hash, request), hashed);
    }

    /// As [`Log::push`], by the hash of its key, if it has one.
    pub(crate) fn push_hashed(&mut self, header: Header, (hash, request): (Hash, Hash), key: Option<u64>) {
        let position = narrow(self.headers.len());
        self.headers.push(header);
        self.hashes.push(hash);
        self.requests.push(request);
        let (headers, texts, seed) = (&self.headers, &self.texts, self.seed);
        let place = |position| {
            let key = headers.get(index(position)).map(|header| header.key)?;
            let hash = (key != Span::default()).then(|| hash_text(seed, texts.get(key)))?;
            Some(Placed { hash, replaces: None })
        };
        if let Some(hash) = key {
            self.keys.insert(position, Placed { hash, replaces: None }, (position, place));
        }
    }

    pub(crate) fn push_leg(&mut self, slot: u32, (side, nature): (Side, Nature), minor: i128) {
        let (narrowed, wide) = match i64::try_from(minor) {
            Ok(minor) => (minor, 0),
            Err(_) => {
                self.wide.push(minor);
                (i64::try_from(self.wide.len().saturating_sub(1)).unwrap_or(i64::MAX), WIDE)
            }
        };
        let nature = Nature::ALL.iter().position(|other| *other == nature).unwrap_or(7);
        let side = if side == Side::Debit { 0 } else { 1 };
        let packed = slot << PACKED_BITS | wide | narrow(nature) << 1 | side;
        self.legs.push(FlatLeg { narrow: narrowed, event: narrow(self.headers.len()), packed });
    }

    pub(crate) fn minor(&self, leg: FlatLeg) -> i128 {
        if leg.packed & WIDE == 0 {
            return i128::from(leg.narrow);
        }
        usize::try_from(leg.narrow).ok().and_then(|wide| self.wide.get(wide)).copied().unwrap_or(0)
    }

    /// Where the legs, items or clearings of an event lie.
    pub(crate) fn range(&self, at: usize, part: Part) -> core::ops::Range<usize> {
        let pick = |header: &Header| match part {
            Part::Legs => header.legs,
            Part::Items => header.items,
            Part::Clearings => header.clearings,
        };
        let from = self.headers.get(at).map_or(0, pick);
        let end = self.headers.get(at.saturating_add(1)).map_or(u32::MAX, pick);
        index(from)..index(end)
    }

    /// Doctors an amount, to be found out by an audit.
    #[cfg(test)]
    pub(crate) fn forge_leg(&mut self, leg: usize, minor: i64) {
        self.legs.get_mut(leg).into_iter().for_each(|leg| leg.narrow = minor);
    }
}

/// What an event may have many of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Legs,
    Items,
    Clearings,
}

/// Position of an event in the log.
pub(crate) fn position(id: EntryId) -> Option<usize> {
    usize::try_from(id.0.checked_sub(1)?).ok()
}

/// A position as columns keep it; [`MAX_LEGS_IN_ALL`](crate::limits::MAX_LEGS_IN_ALL) keeps all of them within it.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// A position to look at a column with.
pub(crate) fn index(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The position of an item as columns keep it.
pub(crate) fn item_position(id: ItemId) -> u32 {
    u32::try_from(id.0).unwrap_or(u32::MAX)
}

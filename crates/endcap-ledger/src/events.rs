//! The log as a caller reads it: events put together from the columns, one at a time.

use core::fmt;

use chrono::NaiveDate;
use endcap_types::{AccountId, DocumentId, Money};

use crate::log::{Header, Part, Shape, index, position};
use crate::state::State;
use crate::{
    Clearing, Entry, EntryId, EntryKind, Event, EventBody, Hash, IdempotencyKey, ItemId, LedgerAccountId,
    Leg, OpenedItem,
};

/// The log, or a run of it (流水): a view to count, index and walk; each event is put together as it is asked for.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{Ledger, Settings, chart};
/// # let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a real day");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_all(chart::key_account_supplier()?, day)?;
/// let log = ledger.events();
/// assert_eq!((log.len(), log.get(2).map(|event| event.seq)), (38, Some(3)));
/// assert_eq!(log.from(36).iter().map(|event| event.seq).collect::<Vec<_>>(), [37, 38]);
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Clone, Copy)]
pub struct Events<'s> {
    state: &'s State,
    from: usize,
    end: usize,
}

impl<'s> Events<'s> {
    /// How many events there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.end.saturating_sub(self.from)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event at a position, from 0.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Event> {
        let at = self.from.checked_add(position).filter(|at| *at < self.end)?;
        self.state.event_at(at)
    }

    /// The first event.
    #[must_use]
    pub fn first(&self) -> Option<Event> {
        self.get(0)
    }

    /// The last event.
    #[must_use]
    pub fn last(&self) -> Option<Event> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The events from a position on; none when there are not so many.
    #[must_use]
    pub fn from(&self, position: usize) -> Self {
        Self { from: self.from.saturating_add(position).min(self.end), ..*self }
    }

    /// The events before a position; all when there are not so many.
    #[must_use]
    pub fn until(&self, position: usize) -> Self {
        Self { end: self.from.saturating_add(position).min(self.end), ..*self }
    }

    /// The events before a position, and those from it on.
    #[must_use]
    pub fn split_at(&self, position: usize) -> (Self, Self) {
        (self.until(position), self.from(position))
    }

    /// The events in order, from either end.
    #[must_use]
    pub const fn iter(&self) -> EventsIter<'s> {
        EventsIter(*self)
    }

    /// The events as values.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Event> {
        self.iter().collect()
    }
}

/// The same events.
impl PartialEq for Events<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Events<'_> {}

impl fmt::Debug for Events<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Events in order (流水迭代).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone)]
pub struct EventsIter<'s>(Events<'s>);

impl Iterator for EventsIter<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let event = self.0.first()?;
        self.0 = self.0.from(1);
        Some(event)
    }

    fn nth(&mut self, n: usize) -> Option<Event> {
        self.0 = self.0.from(n);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}

impl DoubleEndedIterator for EventsIter<'_> {
    fn next_back(&mut self) -> Option<Event> {
        let event = self.0.last()?;
        self.0 = self.0.until(self.0.len().saturating_sub(1));
        Some(event)
    }
}

impl ExactSizeIterator for EventsIter<'_> {}

impl<'s> IntoIterator for Events<'s> {
    type Item = Event;
    type IntoIter = EventsIter<'s>;

    fn into_iter(self) -> EventsIter<'s> {
        self.iter()
    }
}

impl State {
    /// The log.
    #[must_use]
    pub fn events(&self) -> Events<'_> {
        Events { state: self, from: 0, end: self.log.headers.len() }
    }

    /// A posted entry, put together from the log.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<Entry> {
        self.entry_at(position(id)?)
    }

    /// Whether there is such an entry.
    pub(crate) fn has_entry(&self, id: EntryId) -> bool {
        self.log.header(id).is_some_and(|header| header.shape != Shape::Whole)
    }

    /// The day an event was recorded.
    pub(crate) fn recorded_of(&self, id: EntryId) -> Option<NaiveDate> {
        self.log.header(id).map(|header| header.recorded)
    }

    /// The day an entry counts.
    pub(crate) fn effective_of(&self, id: EntryId) -> Option<NaiveDate> {
        self.log.header(id).filter(|header| header.shape != Shape::Whole).map(|header| header.effective)
    }

    /// Hash of an event and digest of what it was asked for.
    pub(crate) fn seal_of(&self, id: EntryId) -> Option<(Hash, Hash)> {
        let at = position(id)?;
        Some((*self.log.hashes.get(at)?, *self.log.requests.get(at)?))
    }

    /// How an entry came about, where that is told by more than its shape.
    pub(crate) fn rare_kind(&self, id: EntryId) -> Option<&EntryKind> {
        let at = u32::try_from(position(id)?).ok()?;
        self.log.rare.get(&at).map(|rare| &rare.kind)
    }

    fn event_at(&self, at: usize) -> Option<Event> {
        let (header, hash) = (self.log.headers.get(at)?, *self.log.hashes.get(at)?);
        let body = match header.shape {
            Shape::Whole => self.log.whole.get(&u32::try_from(at).ok()?)?.clone(),
            Shape::Posting | Shape::Clearing | Shape::Rare => EventBody::EntryPosted(self.entry_at(at)?),
        };
        let seq = u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1);
        Some(Event { seq, recorded: header.recorded, body, hash })
    }

    fn entry_at(&self, at: usize) -> Option<Entry> {
        let header: &Header = self.log.headers.get(at)?;
        if header.shape == Shape::Whole {
            return None;
        }
        let key = IdempotencyKey::new(self.log.texts.get(header.key)).ok()?;
        let document = DocumentId::new(self.log.texts.get(header.document)).ok()?;
        let kind = if header.shape == Shape::Clearing { EntryKind::Clearing } else { EntryKind::Posting };
        let named = (key, *self.log.requests.get(at)?);
        let mut entry = Entry::bare(named, kind, document, header.effective);
        entry.description.push_str(self.log.texts.get(header.description));
        let legs = self.log.legs.get(clip(self.log.range(at, Part::Legs), self.log.legs.len()))?;
        entry.legs.reserve_exact(legs.len());
        for leg in legs {
            let slot = self.slots.get(index(leg.slot()))?;
            let key_account: Option<AccountId> = self.party(slot.party).cloned();
            let amount = Money::from_minor(self.log.minor(*leg), slot.currency).ok()?;
            let (account, side, nature) = (LedgerAccountId(slot.account), leg.side(), leg.nature());
            entry.legs.push(Leg { account, key_account, side, amount, nature });
        }
        let items = clip(self.log.range(at, Part::Items), self.items.len());
        for (item, number) in self.items.get(items.clone())?.iter().zip(items) {
            let leg = item.leg.checked_sub(header.legs)?;
            let document = DocumentId::new(self.log.texts.get(item.document)).ok()?;
            let id = ItemId(u64::try_from(number).ok()?);
            let (dated, due, delivered) = (item.dated, item.due, self.delivered(item));
            entry.items.push(OpenedItem { id, leg, document, dated, due, delivered });
        }
        let clearings = clip(self.log.range(at, Part::Clearings), self.log.clearings.len());
        for clearing in self.log.clearings.get(clearings)? {
            let currency = self.slots.get(index(self.items.get(index(clearing.debit))?.slot))?.currency;
            entry.clearings.push(Clearing {
                debit: ItemId(u64::from(clearing.debit)),
                credit: ItemId(u64::from(clearing.credit)),
                amount: Money::from_minor(clearing.minor, currency).ok()?,
                effective: clearing.effective,
            });
        }
        if header.shape == Shape::Rare {
            let rare = self.log.rare.get(&u32::try_from(at).ok()?)?;
            entry.kind = rare.kind.clone();
            entry.stock.clone_from(&rare.stock);
            entry.relates_to = rare.relates_to;
            entry.override_reason.clone_from(&rare.override_reason);
            entry.rates.clone_from(&rare.rates);
            entry.valuations.clone_from(&rare.valuations);
        }
        Some(entry)
    }
}

fn clip(range: core::ops::Range<usize>, length: usize) -> core::ops::Range<usize> {
    range.start.min(length)..range.end.min(length)
}

//! The events a payment term counts from, and the dates on which they happened.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use crate::{CalendarError, dates};

/// 起算事件: something that happens to a delivery or its papers.
///
/// # Source
/// Trade usage; EDIFACT data element 2009 calls it the payment time reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Event {
    /// 货到: goods received.
    Delivery,
    /// 开票: the date on the invoice.
    InvoiceDate,
    /// 票到: the invoice reached the payer.
    InvoiceReceived,
    /// 对账: both sides confirmed the statement.
    StatementConfirmed,
    /// 验收: goods accepted after inspection.
    Acceptance,
    /// 供货期末: last day of the supply period.
    EndOfSupplyPeriod,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 6] = [
        Self::Delivery,
        Self::InvoiceDate,
        Self::InvoiceReceived,
        Self::StatementConfirmed,
        Self::Acceptance,
        Self::EndOfSupplyPeriod,
    ];

    /// The word of the terms language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::InvoiceDate => "invoice_date",
            Self::InvoiceReceived => "invoice_received",
            Self::StatementConfirmed => "statement_confirmed",
            Self::Acceptance => "acceptance",
            Self::EndOfSupplyPeriod => "end_of_supply_period",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// 起算日: the event, or the later or earlier of several, from which a term counts.
///
/// # Examples
/// ```
/// use endcap_calendar::{BaseEvent, Event, EventDates, dates};
/// let goods_and_invoice = BaseEvent::later_of([Event::Delivery, Event::InvoiceReceived]);
/// assert_eq!(goods_and_invoice.to_string(), "later_of(delivery,invoice_received)");
/// let facts = EventDates::new().with(Event::Delivery, dates::ymd(2025, 3, 10)?);
/// assert!(goods_and_invoice.resolve(&facts)?.is_err()); // the invoice is not here yet
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// Trade usage 货到且票到 (goods and invoice in).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub enum BaseEvent {
    /// One event.
    On(Event),
    /// 孰晚: the last of the events; unknown until all of them happened.
    LaterOf(BTreeSet<Event>),
    /// 孰早: the first of the events; known as soon as one of them happened.
    EarlierOf(BTreeSet<Event>),
}

impl From<Event> for BaseEvent {
    fn from(event: Event) -> Self {
        Self::On(event)
    }
}

impl BaseEvent {
    /// The last of `events`.
    #[must_use]
    pub fn later_of(events: impl IntoIterator<Item = Event>) -> Self {
        Self::LaterOf(events.into_iter().collect())
    }

    /// The first of `events`.
    #[must_use]
    pub fn earlier_of(events: impl IntoIterator<Item = Event>) -> Self {
        Self::EarlierOf(events.into_iter().collect())
    }

    /// The date the term counts from, or what it is still waiting for.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] when a recorded date is outside the supported range.
    ///
    /// # Source
    /// House rule: a missing event means "not yet due", neither an error nor today. With
    /// `EarlierOf`, an event recorded later with an earlier date moves the result back.
    pub fn resolve(&self, facts: &EventDates) -> Result<Result<NaiveDate, Pending>, CalendarError> {
        let one;
        let events = match self {
            Self::On(event) => {
                one = BTreeSet::from([*event]);
                &one
            }
            Self::LaterOf(events) | Self::EarlierOf(events) => events,
        };
        let mut known = Vec::new();
        let mut missing = Vec::new();
        for event in events {
            match facts.get(*event) {
                Some(date) => known.push(dates::check(date)?),
                None => missing.push(Awaited::Event(*event)),
            }
        }
        let found = match self {
            Self::EarlierOf(_) => known.iter().min(),
            _ if missing.is_empty() => known.iter().max(),
            _ => None,
        };
        Ok(found.copied().ok_or(Pending { waiting_for: missing }))
    }
}

impl fmt::Display for BaseEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, events) = match self {
            Self::On(event) => return event.fmt(f),
            Self::LaterOf(events) => ("later_of", events),
            Self::EarlierOf(events) => ("earlier_of", events),
        };
        let words: Vec<&str> = events.iter().map(|event| event.word()).collect();
        write!(f, "{name}({})", words.join(","))
    }
}

/// 事件日期: when each event happened; an absent event has not happened yet.
///
/// # Examples
/// ```
/// use endcap_calendar::{Event, EventDates, dates};
/// let facts = EventDates::new().with(Event::InvoiceDate, dates::ymd(2025, 3, 10)?);
/// assert_eq!(facts.get(Event::Delivery), None);
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct EventDates {
    dates: BTreeMap<Event, NaiveDate>,
}

impl EventDates {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records that `event` happened on `date`; a later record replaces an earlier one.
    #[must_use]
    pub fn with(mut self, event: Event, date: NaiveDate) -> Self {
        self.dates.insert(event, date);
        self
    }

    /// The date of `event`, if it happened.
    #[must_use]
    pub fn get(&self, event: Event) -> Option<NaiveDate> {
        self.dates.get(&event).copied()
    }

    /// The recorded events in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Event, NaiveDate)> + '_ {
        self.dates.iter().map(|(event, date)| (*event, *date))
    }
}

/// 未到期: the due date is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Pending {
    /// What must happen first, in a fixed order.
    pub waiting_for: Vec<Awaited>,
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.waiting_for.iter().map(Awaited::to_string).collect();
        write!(f, "waiting for {}", words.join(", "))
    }
}

/// Something a due date is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Awaited {
    /// An event of the trade.
    Event(Event),
    /// 压批: the receipt of the batch with this number, counted from 1.
    BatchReceipt(usize),
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => event.fmt(f),
            Self::BatchReceipt(number) => write!(f, "receipt of batch {number}"),
        }
    }
}

//! What every store promises.

use endcap::ledger::{Event, EventBody, Hash, Ledger, LedgerError, Settings, export};

/// How far a log goes: the number of its last event and that event's hash, which vouches for all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Sequence number of the last event; 0 for an empty log.
    pub seq: u64,
    /// Its hash; that of the empty ledger for an empty log.
    pub head: Hash,
}

impl Position {
    /// Where a ledger in memory stands.
    #[must_use]
    pub fn of(ledger: &Ledger) -> Self {
        Self { seq: count(ledger.events().len()), head: ledger.head() }
    }
}

/// What an append came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The events were written and are durable.
    Now,
    /// These very events were written before: the answer to an earlier try got lost.
    Before,
}

/// What a store refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else wrote since this log was read: load again, decide again, append again.
    #[error("expected the log to end at event {expected}, found it at event {found}")]
    Concurrent {
        /// The last event the writer knew.
        expected: u64,
        /// The last event of the store.
        found: u64,
    },
    /// The log in the store is of the right length but holds another history.
    #[error("event {seq} of the store is not the event this ledger was built on")]
    Forked {
        /// The last event the writer knew.
        seq: u64,
    },
    /// The events of a batch are not numbered on from the position they are to follow.
    #[error("expected event {expected} next in the batch, found event {found}")]
    NotDense {
        /// The number that should have come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The store holds a ledger of other settings under this name.
    #[error("the store holds ledger {name:?} with other settings")]
    OtherSettings {
        /// Its name.
        name: String,
    },
    /// There is no ledger of this name.
    #[error("the store holds no ledger {name:?}")]
    NoLedger {
        /// Its name.
        name: String,
    },
    /// A row cannot be read as what it must be.
    #[error("event {seq} of the store: {reason}")]
    BadRow {
        /// Its sequence number; 0 for the row of the ledger itself.
        seq: u64,
        /// Why.
        reason: String,
    },
    /// The log does not end where the ledger's own row says: a tail was cut off, or the row was changed.
    #[error("the log ends at event {found}, but the store wrote {expected} events")]
    Truncated {
        /// How many events were acknowledged.
        expected: u64,
        /// How many are there.
        found: u64,
    },
    /// The chain or a rule of the ledger refuses what the store holds.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// SQLite failed.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL failed, or is not there.
    #[error("PostgreSQL: {}", detail(.0))]
    Postgres(#[from] postgres::Error),
}

fn detail(error: &postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// A store of one ledger.
pub trait Store {
    /// Makes the tables and the ledger's own row, or checks that they are those of `settings`.
    ///
    /// # Errors
    ///
    /// - [`StoreError::OtherSettings`], and failures of the database.
    fn create(&mut self, settings: &Settings) -> Result<(), StoreError>;

    /// Where the stored log ends.
    ///
    /// # Errors
    ///
    /// - [`StoreError::NoLedger`], and failures of the database.
    fn position(&mut self) -> Result<Position, StoreError>;

    /// Writes `events` behind `after`, all in one transaction or none. When this returns, they are durable.
    ///
    /// A writer whose connection broke may call this again with the same arguments until it hears an answer.
    ///
    /// # Errors
    ///
    /// - [`StoreError::Concurrent`] when the stored log ends elsewhere and does not hold these very events already.
    /// - [`StoreError::Forked`], [`StoreError::NotDense`], and failures of the database.
    fn append(&mut self, after: Position, events: &[Event]) -> Result<Appended, StoreError>;

    /// Replays the stored log: every hash proved, every rule of the ledger checked, the end compared.
    ///
    /// # Errors
    ///
    /// - [`StoreError::Ledger`] with the first event that fails; [`StoreError::BadRow`], [`StoreError::Truncated`].
    fn load(&mut self) -> Result<Ledger, StoreError>;
}

/// One event as columns. The payload is the whole event; the others are there to be asked and constrained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Sequence number.
    pub seq: i64,
    /// Recorded date, ISO.
    pub recorded: String,
    /// Idempotency key of an entry, a reservation or a directive: unique in the ledger.
    pub key: Option<String>,
    /// The event as JSON, as the line of an export.
    pub payload: String,
    /// SHA-256 of the event and all before it.
    pub hash: Vec<u8>,
}

impl Row {
    /// The columns of an event.
    ///
    /// # Errors
    ///
    /// - [`StoreError::BadRow`] when the event cannot be written, which no ledger can bring about.
    pub fn of(event: &Event) -> Result<Self, StoreError> {
        let bad = |reason: String| StoreError::BadRow { seq: event.seq, reason };
        let key = match &event.body {
            EventBody::EntryPosted(entry) => Some(&entry.key),
            EventBody::EntryReserved(reservation) => Some(&reservation.key),
            EventBody::Directed(directed) => Some(&directed.key),
            _ => None,
        };
        let key = key.map(|key| key.as_str().to_owned());
        Ok(Self {
            seq: i64::try_from(event.seq).map_err(|error| bad(error.to_string()))?,
            recorded: event.recorded.to_string(),
            key,
            payload: serde_json::to_string(event).map_err(|error| bad(error.to_string()))?,
            hash: event.hash.as_bytes().to_vec(),
        })
    }

    /// The event of the columns; they must agree with the payload.
    ///
    /// # Errors
    ///
    /// - [`StoreError::BadRow`].
    pub fn event(&self) -> Result<Event, StoreError> {
        let seq = u64::try_from(self.seq).unwrap_or_default();
        let bad = |reason: String| StoreError::BadRow { seq, reason };
        let event: Event = serde_json::from_str(&self.payload).map_err(|error| bad(error.to_string()))?;
        if Self::of(&event)? != *self {
            return Err(bad("the columns do not say what the payload says".to_owned()));
        }
        Ok(event)
    }
}

/// Settings as a store keeps them: the first line of the ledger's own log format.
///
/// # Errors
///
/// - [`StoreError::Ledger`] when they cannot be written, which no settings can bring about.
pub fn settings_text(settings: &Settings) -> Result<String, StoreError> {
    Ok(export::json_lines(&Ledger::new(settings.clone()))?.trim_end().to_owned())
}

/// Reads what [`settings_text`] wrote.
///
/// # Errors
///
/// - [`StoreError::BadRow`].
pub fn settings_from(text: &str) -> Result<Settings, StoreError> {
    let bad = |reason| StoreError::BadRow { seq: 0, reason };
    match export::read_json_lines(text) {
        Ok(ledger) => Ok(ledger.settings().clone()),
        Err(problems) => Err(bad(problems.first().map(ToString::to_string).unwrap_or_default())),
    }
}

/// Reads a hash column.
///
/// # Errors
///
/// - [`StoreError::BadRow`].
pub fn hash_from(seq: u64, bytes: &[u8]) -> Result<Hash, StoreError> {
    let bytes = <[u8; 32]>::try_from(bytes);
    bytes
        .map(Hash::from_bytes)
        .map_err(|_| StoreError::BadRow { seq, reason: "a hash has 32 bytes".to_owned() })
}

/// Checks that a batch is numbered on from `after`; the sequence number of its last event.
///
/// # Errors
///
/// - [`StoreError::NotDense`].
pub fn end_of(after: Position, events: &[Event]) -> Result<Position, StoreError> {
    let mut end = after;
    for event in events {
        let expected = end.seq + 1;
        if event.seq != expected {
            return Err(StoreError::NotDense { expected, found: event.seq });
        }
        end = Position { seq: event.seq, head: event.hash };
    }
    Ok(end)
}

/// What an append may do, seeing where the store stands and, when it stands further on, the hash stored at `end`.
///
/// # Errors
///
/// - [`StoreError::Concurrent`], [`StoreError::Forked`].
pub fn judge(
    after: Position,
    end: Position,
    found: Position,
    stored_at_end: Option<Hash>,
) -> Result<Appended, StoreError> {
    if found.seq == after.seq {
        return if found.head == after.head {
            Ok(Appended::Now)
        } else {
            Err(StoreError::Forked { seq: after.seq })
        };
    }
    // A hash vouches for every event before it, so one comparison proves that the whole batch is there.
    if found.seq >= end.seq && end.seq > after.seq && stored_at_end == Some(end.head) {
        return Ok(Appended::Before);
    }
    Err(StoreError::Concurrent { expected: after.seq, found: found.seq })
}

/// Compares what was replayed with what the ledger's own row says.
///
/// # Errors
///
/// - [`StoreError::Truncated`], [`StoreError::Forked`].
pub fn whole(ledger: Ledger, kept: Position) -> Result<Ledger, StoreError> {
    let found = Position::of(&ledger);
    if found.seq != kept.seq {
        return Err(StoreError::Truncated { expected: kept.seq, found: found.seq });
    }
    if found.head != kept.head {
        return Err(StoreError::Forked { seq: kept.seq });
    }
    Ok(ledger)
}

/// A length as a sequence number.
#[must_use]
pub fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

//! A ledger in an SQLite file.

use std::path::Path;

use endcap::ledger::{Event, Hash, Ledger, Settings};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::store::{
    Appended, Position, Row, Store, StoreError, end_of, hash_from, judge, settings_from, settings_text, whole,
};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS ledger (
    name     TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 0),
    head     BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
CREATE TABLE IF NOT EXISTS event (
    ledger   TEXT NOT NULL REFERENCES ledger (name),
    seq      INTEGER NOT NULL CHECK (seq > 0),
    recorded TEXT NOT NULL,
    key      TEXT,
    payload  TEXT NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (ledger, seq),
    UNIQUE (ledger, key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
";

/// A ledger of one name in an SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    name: String,
}

impl SqliteStore {
    /// Opens or makes the file.
    ///
    /// A commit is in the write-ahead log and the log is on the disk (`synchronous=FULL`) before it is acknowledged.
    ///
    /// # Errors
    ///
    /// - [`StoreError::Sqlite`].
    pub fn open(path: &Path, name: &str) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} COMMIT;"))?;
        Ok(Self { connection, name: name.to_owned() })
    }

    /// The durability the connection runs with: journal mode and synchronous level (2 is FULL).
    ///
    /// # Errors
    ///
    /// - [`StoreError::Sqlite`].
    pub fn durability(&self) -> Result<(String, i64), StoreError> {
        let mode = self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let level = self.connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        Ok((mode, level))
    }
}

fn found(transaction: &Transaction<'_>, name: &str) -> Result<(Settings, Position), StoreError> {
    let row: Option<(String, i64, Vec<u8>)> = transaction
        .query_row("SELECT settings, seq, head FROM ledger WHERE name = ?1", [name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (settings, seq, head) = row.ok_or_else(|| StoreError::NoLedger { name: name.to_owned() })?;
    let seq = u64::try_from(seq).unwrap_or_default();
    Ok((settings_from(&settings)?, Position { seq, head: hash_from(seq, &head)? }))
}

fn hash_at(transaction: &Transaction<'_>, name: &str, seq: u64) -> Result<Option<Hash>, StoreError> {
    let number = i64::try_from(seq).unwrap_or(i64::MAX);
    let hash: Option<Vec<u8>> = transaction
        .query_row("SELECT hash FROM event WHERE ledger = ?1 AND seq = ?2", params![name, number], |row| {
            row.get(0)
        })
        .optional()?;
    hash.map(|hash| hash_from(seq, &hash)).transpose()
}

impl Store for SqliteStore {
    fn create(&mut self, settings: &Settings) -> Result<(), StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let head = Ledger::new(settings.clone()).head();
        transaction.execute(
            "INSERT INTO ledger (name, settings, seq, head) VALUES (?1, ?2, 0, ?3) ON CONFLICT DO NOTHING",
            params![self.name, settings_text(settings)?, head.as_bytes()],
        )?;
        let (stored, _) = found(&transaction, &self.name)?;
        if stored != *settings {
            return Err(StoreError::OtherSettings { name: self.name.clone() });
        }
        transaction.commit()?;
        Ok(())
    }

    fn position(&mut self) -> Result<Position, StoreError> {
        let transaction = self.connection.transaction()?;
        Ok(found(&transaction, &self.name)?.1)
    }

    fn append(&mut self, after: Position, events: &[Event]) -> Result<Appended, StoreError> {
        let end = end_of(after, events)?;
        // IMMEDIATE takes the write lock before reading, so that nobody writes between the check and the insert.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (_, position) = found(&transaction, &self.name)?;
        let stored = hash_at(&transaction, &self.name, end.seq)?;
        if judge(after, end, position, stored)? == Appended::Before {
            return Ok(Appended::Before);
        }
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO event (ledger, seq, recorded, key, payload, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for event in events {
                let Row { seq, recorded, key, payload, hash } = Row::of(event)?;
                insert.execute(params![self.name, seq, recorded, key, payload, hash])?;
            }
        }
        transaction.execute(
            "UPDATE ledger SET seq = ?2, head = ?3 WHERE name = ?1",
            params![self.name, i64::try_from(end.seq).unwrap_or(i64::MAX), end.head.as_bytes()],
        )?;
        transaction.commit()?;
        Ok(Appended::Now)
    }

    fn load(&mut self) -> Result<Ledger, StoreError> {
        let transaction = self.connection.transaction()?; // one snapshot for the row and the log
        let (settings, position) = found(&transaction, &self.name)?;
        let mut select = transaction
            .prepare("SELECT seq, recorded, key, payload, hash FROM event WHERE ledger = ?1 ORDER BY seq")?;
        let rows = select.query_map([&self.name], |row| {
            Ok(Row {
                seq: row.get(0)?,
                recorded: row.get(1)?,
                key: row.get(2)?,
                payload: row.get(3)?,
                hash: row.get(4)?,
            })
        })?;
        let mut failed = None;
        let events = rows.map_while(|row| match row.map_err(StoreError::from).and_then(|row| row.event()) {
            Ok(event) => Some(event),
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        let ledger = Ledger::replay(settings, events);
        match failed {
            Some(error) => Err(error),
            None => whole(ledger?, position),
        }
    }
}

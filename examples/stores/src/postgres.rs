//! A ledger in PostgreSQL.

use endcap::ledger::{Event, Ledger, Settings};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, IsolationLevel, NoTls, Transaction};

use crate::store::{
    Appended, Position, Row, Store, StoreError, end_of, hash_from, judge, settings_from, settings_text, whole,
};

// Two programs may make the tables at the same time: the lock makes one wait for the other.
const TABLES: &str = "
SELECT pg_advisory_xact_lock(5010719);
CREATE TABLE IF NOT EXISTS ledger (
    name     text PRIMARY KEY,
    settings text NOT NULL,
    seq      bigint NOT NULL CHECK (seq >= 0),
    head     bytea NOT NULL CHECK (length(head) = 32)
);
CREATE TABLE IF NOT EXISTS event (
    ledger   text NOT NULL REFERENCES ledger (name),
    seq      bigint NOT NULL CHECK (seq > 0),
    recorded text NOT NULL,
    key      text,
    payload  text NOT NULL,
    hash     bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (ledger, seq),
    UNIQUE (ledger, key)
);
CREATE OR REPLACE FUNCTION event_never_changes() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'an event is never changed or deleted'; END $$;
CREATE OR REPLACE TRIGGER event_never_changes BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_never_changes();
";

/// A ledger of one name in a PostgreSQL database.
pub struct PostgresStore {
    client: Client,
    name: String,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").field("name", &self.name).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects, such as to `host=/run/postgresql user=ledger dbname=books`; makes the tables where they are missing.
    ///
    /// A commit is on the server's disk (`synchronous_commit=on`) before it is acknowledged. The server's own `fsync`
    /// must be on, which it is unless someone turned it off: that is checked here.
    ///
    /// # Errors
    ///
    /// - [`StoreError::Postgres`]; [`StoreError::BadRow`] for a server that runs without `fsync`.
    pub fn connect(address: &str, name: &str) -> Result<Self, StoreError> {
        let mut client = Client::connect(address, NoTls)?;
        client.batch_execute("SET synchronous_commit = on; SET client_min_messages = warning")?;
        let fsync: String = client.query_one("SHOW fsync", &[])?.try_get(0)?;
        if fsync != "on" {
            return Err(StoreError::BadRow { seq: 0, reason: "the server runs with fsync off".to_owned() });
        }
        client.batch_execute(&format!("BEGIN; {TABLES} COMMIT;"))?;
        Ok(Self { client, name: name.to_owned() })
    }

    /// The durability the session runs with: `synchronous_commit` and `fsync`.
    ///
    /// # Errors
    ///
    /// - [`StoreError::Postgres`].
    pub fn durability(&mut self) -> Result<(String, String), StoreError> {
        let mut show = |what: &str| self.client.query_one(&format!("SHOW {what}"), &[])?.try_get(0);
        Ok((show("synchronous_commit")?, show("fsync")?))
    }
}

fn found(
    transaction: &mut Transaction<'_>,
    name: &str,
    lock: &str,
) -> Result<(Settings, Position), StoreError> {
    let query = format!("SELECT settings, seq, head FROM ledger WHERE name = $1 {lock}");
    let row = transaction.query_opt(&query, &[&name])?;
    let row = row.ok_or_else(|| StoreError::NoLedger { name: name.to_owned() })?;
    let seq = u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or_default();
    let head: Vec<u8> = row.try_get(2)?;
    Ok((settings_from(row.try_get(0)?)?, Position { seq, head: hash_from(seq, &head)? }))
}

impl Store for PostgresStore {
    fn create(&mut self, settings: &Settings) -> Result<(), StoreError> {
        let mut transaction = self.client.transaction()?;
        let head = Ledger::new(settings.clone()).head();
        transaction.execute(
            "INSERT INTO ledger (name, settings, seq, head) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING",
            &[&self.name, &settings_text(settings)?, &head.as_bytes().as_slice()],
        )?;
        let (stored, _) = found(&mut transaction, &self.name, "")?;
        if stored != *settings {
            return Err(StoreError::OtherSettings { name: self.name.clone() });
        }
        transaction.commit()?;
        Ok(())
    }

    fn position(&mut self) -> Result<Position, StoreError> {
        let mut transaction = self.client.transaction()?;
        Ok(found(&mut transaction, &self.name, "")?.1)
    }

    fn append(&mut self, after: Position, events: &[Event]) -> Result<Appended, StoreError> {
        let end = end_of(after, events)?;
        let mut transaction = self.client.transaction()?;
        // The row of the ledger is locked until the commit: writers of one ledger stand in line, readers do not wait.
        let (_, position) = found(&mut transaction, &self.name, "FOR UPDATE")?;
        let number = i64::try_from(end.seq).unwrap_or(i64::MAX);
        let stored = transaction
            .query_opt("SELECT hash FROM event WHERE ledger = $1 AND seq = $2", &[&self.name, &number])?
            .map(|row| hash_from(end.seq, row.try_get(0)?))
            .transpose()?;
        if judge(after, end, position, stored)? == Appended::Before {
            return Ok(Appended::Before);
        }
        let insert = transaction.prepare(
            "INSERT INTO event (ledger, seq, recorded, key, payload, hash) VALUES ($1, $2, $3, $4, $5, $6)",
        )?;
        for event in events {
            let Row { seq, recorded, key, payload, hash } = Row::of(event)?;
            transaction.execute(&insert, &[&self.name, &seq, &recorded, &key, &payload, &hash])?;
        }
        transaction.execute(
            "UPDATE ledger SET seq = $2, head = $3 WHERE name = $1",
            &[&self.name, &number, &end.head.as_bytes().as_slice()],
        )?;
        transaction.commit()?;
        Ok(Appended::Now)
    }

    fn load(&mut self) -> Result<Ledger, StoreError> {
        // One snapshot for the row and the log.
        let start =
            self.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let mut transaction = start.start()?;
        let (settings, position) = found(&mut transaction, &self.name, "")?;
        let query = "SELECT seq, recorded, key, payload, hash FROM event WHERE ledger = $1 ORDER BY seq";
        let mut rows = transaction.query_raw(query, [&self.name])?;
        let mut failed = None;
        let mut next = || -> Result<Option<Event>, StoreError> {
            let Some(row) = rows.next()? else { return Ok(None) };
            let row = Row {
                seq: row.try_get(0)?,
                recorded: row.try_get(1)?,
                key: row.try_get(2)?,
                payload: row.try_get(3)?,
                hash: row.try_get(4)?,
            };
            row.event().map(Some)
        };
        let events = std::iter::from_fn(|| {
            next().unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        });
        let ledger = Ledger::replay(settings, events);
        match failed {
            Some(error) => Err(error),
            None => whole(ledger?, position),
        }
    }
}

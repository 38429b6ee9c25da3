//! Appending: one transaction, in order, never twice, never over somebody else's events.

use std::thread;

use endcap::ledger::{
    At, BoundDates, Bounds, Directing, Directive, EntryDraft, Event, Expiry, Hash, IdempotencyKey, Ledger,
    LegDraft, ReserveDraft, Settings, chart,
};
use endcap::types::{Currency, DocumentId, Money};
use endcap_example_stores::postgres::PostgresStore;
use endcap_example_stores::sqlite::SqliteStore;
use endcap_example_stores::store::Row;
use endcap_example_stores::{Appended, Position, Store, StoreError};

use crate::server::Server;

fn settings() -> Settings {
    Settings::new("main").expect("a name")
}

fn sale(name: &str, minor: i128) -> EntryDraft {
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 2).expect("a day");
    let amount = Money::from_minor(minor, Currency::CNY).expect("in range");
    EntryDraft::new(
        IdempotencyKey::new(name).expect("a key"),
        DocumentId::new(name).expect("an id"),
        day,
        day,
    )
    .leg(LegDraft::debit("1002", amount))
    .leg(LegDraft::credit("6001", amount))
}

fn posted(ledger: &Ledger, drafts: &[EntryDraft]) -> Vec<Event> {
    let mut after = ledger.clone();
    after.post_batch(drafts).expect("sound drafts");
    after.events().from(ledger.events().len()).to_vec()
}

/// Everything a store promises about appends.
fn promises(store: &mut impl Store, mut second: impl Store) {
    store.create(&settings()).expect("made");
    store.create(&settings()).expect("making it twice is making it once");
    let allowing = settings().with_negative_stock(endcap::ledger::NegativeStock::Allow);
    assert!(matches!(store.create(&allowing), Err(StoreError::OtherSettings { name }) if name == "main"));

    let mut ledger = store.load().expect("an empty ledger");
    let empty = Position::of(&ledger);
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
    ledger.open_all(chart::key_account_supplier().expect("a chart"), day).expect("opened");
    assert_eq!(store.append(empty, &ledger.events().to_vec()).expect("written"), Appended::Now);
    assert_eq!(second.load().expect("read"), ledger, "another connection sees the same ledger");

    let base = Position::of(&ledger);
    let ours = posted(&ledger, &[sale("a", 100), sale("b", 200), sale("c", 300)]);
    let theirs = posted(&ledger, &[sale("x", 7)]);

    // Not numbered on.
    let error = store.append(base, &ours[1..]).expect_err("a gap");
    assert_eq!(
        error.to_string(),
        format!("expected event {} next in the batch, found event {}", base.seq + 1, base.seq + 2)
    );
    // Numbered on, but from another history.
    let other = Position { head: Hash::from_bytes([7; 32]), ..base };
    assert!(matches!(store.append(other, &ours), Err(StoreError::Forked { seq }) if seq == base.seq));
    assert_eq!(store.position().expect("read"), base, "what is refused leaves no trace");

    // Once, and again after a lost answer; a part of it as well.
    assert_eq!(store.append(base, &ours).expect("written"), Appended::Now);
    assert_eq!(store.append(base, &ours).expect("known"), Appended::Before);
    assert_eq!(second.append(base, &ours[..2]).expect("known"), Appended::Before);

    // Someone who read before that is told what to expect.
    let error = second.append(base, &theirs).expect_err("too late");
    assert_eq!(
        error.to_string(),
        format!("expected the log to end at event {}, found it at event {}", base.seq, base.seq + 3)
    );
    // Someone ahead of the store, as after a restored backup.
    let ahead = Position { seq: base.seq + 50, ..base };
    assert!(matches!(second.append(ahead, &[]), Err(StoreError::Concurrent { expected, found })
        if (expected, found) == (base.seq + 50, base.seq + 3)));

    let loaded = second.load().expect("replayed");
    let cash = loaded.balance("1002", Currency::CNY, At::Now).expect("a balance");
    assert_eq!(cash.minor(), 600);
    assert_eq!(Position::of(&loaded), store.position().expect("read"));
    assert!(loaded.audit().is_clean());
}

/// Writers that race, each posting its own sales until all are in: load, decide, append, and from the start when late.
fn race<S: Store + Send>(stores: Vec<S>, sales: usize) -> usize {
    let workers: Vec<_> = stores
        .into_iter()
        .enumerate()
        .map(|(writer, mut store)| {
            move || {
                let mut late = 0;
                for number in 0..sales {
                    let draft = sale(&format!("race/{writer}/{number}"), 1);
                    loop {
                        let ledger = store.load().expect("replayed");
                        match store
                            .append(Position::of(&ledger), &posted(&ledger, std::slice::from_ref(&draft)))
                        {
                            Ok(appended) => break assert_eq!(appended, Appended::Now),
                            Err(StoreError::Concurrent { expected, found }) => {
                                assert!(found > expected);
                                late += 1;
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
                late
            }
        })
        .collect();
    thread::scope(|scope| {
        let running: Vec<_> = workers.into_iter().map(|worker| scope.spawn(worker)).collect();
        running.into_iter().map(|worker| worker.join().expect("no writer panics")).sum()
    })
}

fn raced(store: &mut impl Store, writers: usize, sales: usize, late: usize) {
    let ledger = store.load().expect("replayed");
    let all = i128::try_from(writers * sales).expect("small") + 600;
    assert_eq!(ledger.balance("1002", Currency::CNY, At::Now).expect("a balance").minor(), all);
    assert!(ledger.audit().is_clean());
    eprintln!("{writers} writers, {sales} sales each, {late} came late and tried again");
}

#[test]
fn sqlite_keeps_its_promises() {
    let directory = tempfile::tempdir().expect("a directory");
    let open = || SqliteStore::open(&directory.path().join("books.sqlite"), "main").expect("opened");
    let mut store = open();
    assert_eq!(store.durability().expect("read"), ("wal".to_owned(), 2));
    promises(&mut store, open());
    let late = race((0..4).map(|_| open()).collect(), 12);
    raced(&mut store, 4, 12, late);
}

#[test]
fn postgres_keeps_its_promises() {
    let Some(server) = Server::start() else { return };
    let open = || PostgresStore::connect(server.address(), "main").expect("connected");
    let mut store = open();
    assert_eq!(store.durability().expect("read"), ("on".to_owned(), "on".to_owned()));
    promises(&mut store, open());
    let late = race((0..4).map(|_| open()).collect(), 12);
    raced(&mut store, 4, 12, late);
}

#[test]
fn whatever_carries_a_key_keeps_it_in_the_column() {
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 2).expect("a day");
    let mut ledger = Ledger::new(settings());
    ledger.open_all(chart::key_account_supplier().expect("a chart"), day).expect("opened");
    let key = |name: &str| IdempotencyKey::new(name).expect("a key");
    let held = ReserveDraft { draft: sale("held", 500), expires: Expiry::Never };
    ledger.reserve(held).expect("reserved");
    let limit = Bounds {
        account: "1122".to_owned(),
        key_account: None,
        currency: Currency::CNY,
        min: None,
        max: Some(Money::from_minor(9_000, Currency::CNY).expect("in range")),
        dates: BoundDates::Current,
    };
    let limit = Directing { key: key("limit"), recorded: day, directive: Directive::SetBounds(limit) };
    ledger.direct(limit).expect("laid down");
    ledger.post(&sale("sold", 100)).expect("posted");
    let kept: Vec<Option<String>> =
        ledger.events().iter().rev().take(3).map(|event| Row::of(&event).expect("a row").key).collect();
    assert_eq!(kept, [Some("sold".to_owned()), Some("limit".to_owned()), Some("held".to_owned())]);
}

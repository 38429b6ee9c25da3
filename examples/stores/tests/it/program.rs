//! The two programs as programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use endcap_example_stores::sqlite::SqliteStore;
use endcap_example_stores::{Store, StoreError};

use crate::server::Server;

/// The compiled example beside this test: `target/<profile>/examples/<name>`.
pub fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps");
    let program = profile.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "{} is missing: cargo build --examples builds it", program.display());
    Command::new(program)
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample.journal")
}

fn ran(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Appends the sample, appends it again, verifies, asks for balances, and hands in a broken journal.
fn walk(name: &str, db: &str) {
    let directory = tempfile::tempdir().expect("a directory");
    let run = |arguments: &[&str]| {
        ran(&example(name).arg("--db").arg(db).args(arguments).output().expect("the program runs"))
    };
    let journal = sample().display().to_string();

    let (code, _, error) = run(&["verify"]);
    assert_eq!((code, error.as_str()), (Some(1), "the store holds no ledger \"main\"\n"));
    let (code, first, error) = run(&["append", &journal]);
    assert_eq!((code, error.as_str()), (Some(0), ""));
    let (_, end) = first.split_once(" events written; ").expect("what was written");
    let (code, again, _) = run(&["append", &journal]);
    assert_eq!(
        (code, again),
        (Some(0), format!("0 events written; {end}")),
        "appending twice is appending once"
    );

    let (code, proved, _) = run(&["verify"]);
    assert_eq!(code, Some(0));
    let head = end.trim().rsplit(' ').next().expect("a head");
    assert!(proved.trim().ends_with(head), "{proved}");
    let (_, json, _) = run(&["verify", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["head"], head);

    let (code, balances, _) = run(&["balances", "--format", "json"]);
    let balances: serde_json::Value = serde_json::from_str(&balances).expect("JSON");
    let rows = balances.as_array().expect("rows");
    assert!(code == Some(0) && rows.len() > 5, "{balances:#}");
    let (_, text, _) = run(&[]);
    assert_eq!(text.lines().count(), rows.len(), "balances are the default question");

    let broken = directory.path().join("broken.journal");
    std::fs::write(&broken, "2026-06-02 (X) x\n    Assets:1002  1.005 CNY\n    Income:6001  -2.00 CNX\n")
        .expect("written");
    let (code, _, error) = run(&["append", &broken.display().to_string()]);
    assert_eq!(code, Some(2));
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 2, "{error}");
    assert!(lines[0].contains(":2:18: \"1.005\": expected at most 2 decimals for CNY"), "{error}");
    let (_, still, _) = run(&["append", &journal]);
    assert_eq!(still, format!("0 events written; {end}"), "a broken journal leaves no trace");
}

#[test]
fn ledger_sqlite_appends_verifies_and_answers() {
    let directory = tempfile::tempdir().expect("a directory");
    walk("ledger_sqlite", &directory.path().join("books.sqlite").display().to_string());
}

#[test]
fn ledger_postgres_appends_verifies_and_answers() {
    let Some(server) = Server::start() else { return };
    walk("ledger_postgres", server.address());
}

#[test]
fn a_changed_row_fails_verification_at_its_number() {
    let directory = tempfile::tempdir().expect("a directory");
    let whole = directory.path().join("whole.sqlite");
    let append = example("ledger_sqlite").arg("--db").arg(&whole).arg("append").arg(sample()).output();
    assert!(append.expect("the program runs").status.success());
    let (first, last) = {
        let connection = rusqlite::Connection::open(&whole).expect("the file");
        let ask =
            |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0)).expect("a number");
        let refused =
            connection.execute("UPDATE event SET recorded = '2020-01-01'", []).expect_err("never changed");
        assert!(refused.to_string().contains("an event is never changed"));
        (ask("SELECT min(seq) FROM event WHERE key IS NOT NULL"), ask("SELECT max(seq) FROM event"))
    };
    let broken = |seq: i64| format!("hash chain broken at sequence number {seq}");
    let attempts = [
        (
            "UPDATE event SET recorded = '2020-01-01' WHERE seq = ?1",
            first,
            format!("event {first} of the store: the columns"),
        ),
        (
            "UPDATE event SET payload = json_set(payload, '$.body.entry_posted.description', 'x') WHERE seq = ?1",
            first,
            broken(first),
        ),
        ("DELETE FROM event WHERE seq = ?1", first, broken(first)),
        ("DELETE FROM event WHERE seq = ?1", last, format!("the log ends at event {}, but", last - 1)),
        (
            "UPDATE ledger SET seq = ?1, head = zeroblob(32)",
            last,
            format!("event {last} of the store is not the event"),
        ),
    ];
    for (tampering, seq, expected) in attempts {
        let db = directory.path().join("tampered.sqlite");
        std::fs::copy(&whole, &db).expect("copied");
        let connection = rusqlite::Connection::open(&db).expect("the file");
        connection
            .execute_batch("DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted")
            .expect("dropped");
        assert_eq!(connection.execute(tampering, [seq]).expect("done"), 1, "{tampering}");
        drop(connection);
        let output = example("ledger_sqlite").arg("--db").arg(&db).arg("verify").output();
        let (code, _, error) = ran(&output.expect("the program runs"));
        assert_eq!(code, Some(1), "{tampering}: {error}");
        assert!(error.contains(&expected), "{tampering}: {error}");
    }
    let missing: Result<_, StoreError> =
        SqliteStore::open(&whole, "other").and_then(|mut store| store.load());
    assert!(matches!(missing, Err(StoreError::NoLedger { name }) if name == "other"));
}

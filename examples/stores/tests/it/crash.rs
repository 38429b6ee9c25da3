//! Writers and servers killed at random moments.
//!
//! After each kill: every batch that was acknowledged is there with the hash it was acknowledged with, at most the one
//! batch in flight is there besides, every step is there once and in order, the chain holds, and every balance is that
//! of the model. `ENDCAP_KILLS` and `ENDCAP_SEED` make the runs longer or other; SIGKILL loses nothing the operating
//! system already has, so what is proved here is atomicity and recovery, and that the durable settings are on.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use endcap::ledger::Hash;
use endcap_example_stores::postgres::PostgresStore;
use endcap_example_stores::sqlite::SqliteStore;
use endcap_example_stores::stress::{Numbers, compare};
use endcap_example_stores::{Store, StoreError};

use crate::program::example;
use crate::server::Server;

/// Most steps of one batch of the writer.
const BATCH_MAX: u64 = 5;

fn number(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().map_or(or, |text| text.parse().expect("a number"))
}

/// A running writer; killed when dropped.
struct Writer {
    child: Child,
    acks: Receiver<(u64, Hash)>,
}

impl Writer {
    fn start(mut program: Command, seed: u64) -> Self {
        let program = program.args(["--stress", "1000000", "--seed", &seed.to_string()]);
        let mut child =
            program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the writer starts");
        let (send, acks) = channel();
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let mut words = line.split(' ').skip(1);
                let seq = words.next().and_then(|seq| seq.parse().ok());
                let hash = words.next().and_then(|hash| Hash::try_from(hash.to_owned()).ok());
                // A line that was cut by the kill acknowledges nothing.
                if let (Some(seq), Some(hash)) = (seq, hash) {
                    let _ = send.send((seq, hash));
                }
            }
        });
        Self { child, acks }
    }

    /// Waits until so many batches are acknowledged, and then for some time more.
    fn let_run(&self, Moment { acks, then }: Moment) -> Vec<(u64, Hash)> {
        let wait = || self.acks.recv_timeout(Duration::from_secs(60)).ok();
        let heard = (0..acks).map_while(|_| wait()).collect();
        std::thread::sleep(then);
        heard
    }

    /// SIGKILL, and everything acknowledged until then.
    fn kill(mut self, mut acks: Vec<(u64, Hash)>) -> Vec<(u64, Hash)> {
        let _ = self.child.kill();
        self.child.wait().expect("it is gone");
        acks.extend(self.acks.iter());
        acks
    }
}

/// What is known to be there.
#[derive(Debug, Default)]
struct Known {
    steps: u64,
    last: Option<(u64, Hash)>,
    acks: u64,
}

impl Known {
    fn check(&mut self, store: Result<impl Store, StoreError>, acks: &[(u64, Hash)], seed: u64, round: u64) {
        self.acks += acks.len() as u64;
        let ledger = match store.and_then(|mut store| store.load()) {
            Ok(ledger) => ledger,
            // Killed before it made the ledger.
            Err(StoreError::NoLedger { .. }) if self.steps == 0 && acks.is_empty() => return,
            Err(error) => panic!("seed {seed}, round {round}: {error}"),
        };
        for (seq, hash) in self.last.iter().chain(acks) {
            let event = usize::try_from(seq - 1).ok().and_then(|index| ledger.events().get(index));
            assert_eq!(
                event.map(|event| event.hash),
                Some(*hash),
                "seed {seed}, round {round}: lost event {seq}"
            );
        }
        let steps =
            compare(&ledger, seed).unwrap_or_else(|wrong| panic!("seed {seed}, round {round}: {wrong}"));
        assert!(steps >= self.steps, "seed {seed}, round {round}: {steps} steps after {}", self.steps);
        let last = acks.last().copied().or(self.last);
        if let Some((seq, _)) = last {
            let beyond = ledger.events().len() as u64 - seq;
            assert!(
                beyond <= BATCH_MAX,
                "seed {seed}, round {round}: {beyond} events were never acknowledged"
            );
        }
        *self = Self { steps, last, acks: self.acks };
    }
}

/// When to kill: after so many acknowledgements, and then some time.
#[derive(Debug, Clone, Copy)]
struct Moment {
    acks: u64,
    then: Duration,
}

/// Blindly, perhaps while the writer still reads; in the very moment of an acknowledgement; or some time after one.
fn moment(numbers: &mut Numbers) -> Moment {
    match numbers.below(4) {
        0 => Moment { acks: 0, then: Duration::from_micros(numbers.below(80_000)) },
        1 | 2 => Moment { acks: 1 + numbers.below(6), then: Duration::ZERO },
        _ => Moment { acks: 1, then: Duration::from_micros(numbers.below(40_000)) },
    }
}

#[test]
fn sqlite_loses_nothing_when_its_writer_is_killed() {
    let (kills, seed) = (number("ENDCAP_KILLS", 32), number("ENDCAP_SEED", 20_250_630));
    let directory = tempfile::tempdir().expect("a directory");
    let db = directory.path().join("books.sqlite");
    let (mut numbers, mut known) = (Numbers::of(seed), Known::default());
    for round in 0..kills {
        let mut program = example("ledger_sqlite");
        program.arg("--db").arg(&db);
        let writer = Writer::start(program, seed);
        let when = moment(&mut numbers);
        let acks = writer.let_run(when);
        let acks = writer.kill(acks);
        assert!(when.acks == 0 || !acks.is_empty(), "the writer wrote nothing");
        known.check(SqliteStore::open(&db, "main"), &acks, seed, round);
    }
    assert!(known.steps >= kills / 2, "too little was written to prove anything: {known:?}");
    eprintln!(
        "{kills} writers killed, {} batches acknowledged, {} steps, none lost, none twice",
        known.acks, known.steps
    );
}

#[test]
fn postgres_loses_nothing_when_its_writer_or_the_server_is_killed() {
    let Some(server) = Server::start() else { return };
    let (kills, seed) = (number("ENDCAP_KILLS", 16), number("ENDCAP_SEED", 20_250_630));
    let (mut numbers, mut known, mut crashes) = (Numbers::of(seed), Known::default(), 0);
    for round in 0..kills {
        let mut program = example("ledger_postgres");
        program.args(["--db", server.address()]);
        let writer = Writer::start(program, seed);
        let when = moment(&mut numbers);
        let mut acks = writer.let_run(when);
        let crash = round % 4 == 3;
        if crash {
            server.crash();
            crashes += 1;
            // The writer finds its connection gone and ends by itself.
            let mut writer = writer;
            let status = writer.child.wait().expect("it ends");
            assert_eq!(status.code(), Some(1), "a writer without a server must fail");
            acks.extend(writer.acks.iter());
            server.restart();
        } else {
            acks = writer.kill(acks);
        }
        assert!(when.acks == 0 || !acks.is_empty(), "the writer wrote nothing");
        known.check(PostgresStore::connect(server.address(), "main"), &acks, seed, round);
    }
    assert!(known.steps >= kills / 2, "too little was written to prove anything: {known:?}");
    let (acks, steps) = (known.acks, known.steps);
    eprintln!(
        "{} writers and {crashes} servers killed, {acks} batches acknowledged, {steps} steps, none lost, none twice",
        kills - crashes
    );
}

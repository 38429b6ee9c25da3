//! Import and balances against hledger, Ledger and Beancount as they are installed: bar 1.
//!
//! Each reads the same journal in a process of its own; this program starts itself again for that. Time is that of the
//! process from start to end; memory is its peak, looked up while it runs.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use endcap::ledger::journal::{Journal, JournalBalances};
use endcap::ledger::{At, Ledger, Settings};
use endcap::types::Currency;

use crate::work::{journal, sales};
use crate::{Size, Table};

/// Argument of the process that reads a journal and prints its balances.
pub const CHILD: &str = "--read";
/// Argument of the process that posts a journal into a ledger.
pub const CHILD_LEDGER: &str = "--post";

/// Reads a journal as a user's program would, and prints every balance.
pub fn child(file: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    let found = JournalBalances::read(&text, &[]).unwrap();
    let mut out = std::io::stdout().lock();
    for row in found.rows {
        let party = row.key_account.map_or_else(String::new, |party| party.to_string());
        writeln!(out, "{}:{party} {}", row.code, row.balance).unwrap();
    }
}

/// Reads a journal, posts it into a ledger, and prints one balance.
pub fn child_ledger(file: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    let journal = Journal::parse(&text, &[]).unwrap();
    drop(text);
    let mut ledger = Ledger::new(Settings::new("peers").unwrap());
    journal.post_into(&mut ledger).unwrap();
    println!("{}", ledger.balance("S6001", Currency::CNY, At::Now).unwrap());
}

/// A figure of a status file of Linux.
pub fn field(status: &str, name: &str) -> Option<f64> {
    status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.split_whitespace().next()?.parse().ok())
}

/// Wall time in seconds, processor time in seconds, peak in kilobytes.
#[derive(Clone, Copy)]
pub struct Cost {
    wall: f64,
    processor: f64,
    peak: f64,
}

/// Runs a program to its end; what it cost and what it printed.
pub fn run(program: &str, arguments: &[&str]) -> (Cost, String) {
    let out = tempfile();
    let start = Instant::now();
    let stdout = std::fs::File::create(&out).unwrap();
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let (mut peak, mut ticks) = (0.0_f64, 0.0_f64);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let read =
            |what: &str| std::fs::read_to_string(format!("/proc/{}/{what}", child.id())).unwrap_or_default();
        peak = field(&read("status"), "VmHWM").unwrap_or(0.0).max(peak);
        // User and system time are the 14th and 15th figure; the name before them may hold spaces.
        let stat = read("stat");
        let times = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
        ticks = times.filter_map(|time| time.parse::<f64>().ok()).sum::<f64>().max(ticks);
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed().as_secs_f64();
    assert!(status.success(), "{program} {arguments:?}");
    let text = std::fs::read_to_string(&out).unwrap();
    let _ = std::fs::remove_file(&out);
    (Cost { wall, processor: ticks / 100.0, peak }, text)
}

fn tempfile() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("endcap-ratios-{}.out", std::process::id()))
}

fn middle(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    costs[costs.len() / 2]
}

struct Peer {
    program: &'static str,
    arguments: &'static [&'static str],
    beancount: bool,
    slow: bool,
    faster: f64,
    smaller: f64,
}

const PEERS: [Peer; 3] = [
    Peer {
        program: "ledger",
        arguments: &["balance", "-f"],
        beancount: false,
        slow: false,
        faster: 8.0,
        smaller: 5.0,
    },
    Peer {
        program: "hledger",
        arguments: &["balance", "-f"],
        beancount: false,
        slow: true,
        faster: 50.0,
        smaller: 15.0,
    },
    Peer {
        program: "bean-check",
        arguments: &["--no-cache"],
        beancount: true,
        slow: true,
        faster: 60.0,
        smaller: 6.0,
    },
];

pub fn bars(size: Size, test: bool, table: &mut Table) {
    let sales = sales(size.entries);
    let directory = std::env::temp_dir().join(format!("endcap-ratios-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let plain = file("sales.journal", &journal(&sales, false));
    let tenth = file("tenth.journal", &journal(&sales[..sales.len() / 10], false));
    let beans = file("sales.beancount", &journal(&sales, true));
    let us = std::env::current_exe().unwrap().display().to_string();
    let balance: i128 = sales.iter().map(|sale| i128::from(sale.minor)).sum();
    let expected = format!("CNY -{}.{:02}", balance / 100, balance % 100);
    let ours = |file: &str| {
        let (cost, text) = run(&us, &[CHILD, file]);
        if file == plain {
            assert!(text.lines().any(|line| line == format!("S6001: {expected}")), "{text}");
        }
        cost
    };

    let (mut whole, mut part) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        whole.push(ours(&plain));
        part.push(ours(&tenth));
    }
    let (whole, part) = (middle(whole), middle(part));
    if !test {
        let detail = format!(" ({:.2} s against {:.2} s)", whole.wall, part.wall);
        table.at_most(
            "1 import and balances",
            "a tenth of the entries",
            12.0,
            whole.wall / part.wall,
            &detail,
        );
    }
    for peer in PEERS {
        let name = peer.program;
        if !Command::new(name)
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
        {
            table.note("1 import and balances", name, "not installed");
            continue;
        }
        let rounds = if peer.slow { 1 } else { size.rounds };
        let input = if peer.beancount { &beans } else { &plain };
        let (mut theirs, mut costs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let arguments: Vec<&str> = peer.arguments.iter().copied().chain([input.as_str()]).collect();
            let (cost, text) = run(name, &arguments);
            let digits = expected.trim_start_matches("CNY ");
            assert!(peer.beancount || text.replace(',', "").contains(digits), "{name} says:\n{text}");
            theirs.push(cost);
            costs.push(ours(&plain));
        }
        if test {
            continue;
        }
        let (theirs, found) = (middle(theirs), middle(costs));
        let detail = format!(" ({:.2} s against {:.2} s)", found.wall, theirs.wall);
        table.at_least(
            "1 import and balances, wall time",
            name,
            peer.faster,
            theirs.wall / found.wall,
            &detail,
        );
        let detail = format!(" ({:.2} s against {:.2} s)", found.processor, theirs.processor);
        table.at_least(
            "  the same, processor time",
            name,
            peer.faster,
            theirs.processor / found.processor.max(0.01),
            &detail,
        );
        let detail = format!(" ({:.0} MB against {:.0} MB)", found.peak / 1024.0, theirs.peak / 1024.0);
        table.at_least(
            "  the same, peak memory",
            name,
            peer.smaller,
            theirs.peak / found.peak.max(1.0),
            &detail,
        );
    }
    let (cost, text) = run(&us, &[CHILD_LEDGER, &plain]);
    assert_eq!(text.trim(), expected);
    if !test {
        let found = format!("{:.2} s, {:.0} MB", cost.wall, cost.peak / 1024.0);
        table.note("1 import and post into a ledger, chained", "–", &found);
    }
    remove(&directory);
}

fn remove(directory: &Path) {
    let _ = std::fs::remove_dir_all(directory);
}

//! The speed bars of the ledger, each as a ratio to a reference loop or a named program of the same run.
//!
//! ```text
//! cargo bench -p endcap-benches --bench ledger_ratios              # 100,000 entries
//! cargo bench -p endcap-benches --bench ledger_ratios -- --full    # a million, and every program that is installed
//! cargo bench -p endcap-benches --bench ledger_ratios -- --test    # the results only, nothing is timed to the end
//! ```
//!
//! A reference loop and what is held against it take turns; the ratio is that of their medians. Every result that is
//! timed is asserted. Runs are measured in processor time; memory is the peak of a process of its own, as Linux
//! tells it.

mod peers;
mod posting;
mod queries;
mod work;

use std::time::Duration;

use cpu_time::ThreadTime;

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Entries posted and read.
    pub entries: usize,
    /// Times each side is measured.
    pub rounds: usize,
    /// Whether slow programs are run as well.
    pub full: bool,
}

/// One row of the table.
struct Row {
    bar: String,
    against: String,
    required: String,
    found: String,
    verdict: &'static str,
}

/// The table.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    /// Only results count: the runs are too short for their times to say anything.
    quiet: bool,
}

impl Table {
    /// A bar that holds when the ratio is at most `limit`.
    pub fn at_most(&mut self, bar: &str, against: &str, limit: f64, ratio: f64, detail: &str) {
        let verdict = if ratio <= limit { "holds" } else { "missed" };
        self.push(bar, against, format!("≤ {limit}"), format!("{ratio:.2}{detail}"), verdict);
    }

    /// A bar that holds when something is at least so many times faster or smaller.
    pub fn at_least(&mut self, bar: &str, against: &str, limit: f64, ratio: f64, detail: &str) {
        let verdict = if ratio >= limit { "holds" } else { "missed" };
        self.push(bar, against, format!("≥ {limit}×"), format!("{ratio:.1}×{detail}"), verdict);
    }

    /// A figure without a bar, or a bar that cannot be measured here.
    pub fn note(&mut self, bar: &str, against: &str, found: &str) {
        self.push(bar, against, "–".to_owned(), found.to_owned(), "–");
    }

    fn push(&mut self, bar: &str, against: &str, required: String, found: String, verdict: &'static str) {
        if self.quiet {
            return;
        }
        eprintln!("{bar} | {against} | {required} | {found} | {verdict}");
        self.rows.push(Row { bar: bar.to_owned(), against: against.to_owned(), required, found, verdict });
    }

    fn print(&self) {
        println!("| what | against | bar | found | |\n|---|---|---:|---:|---|");
        for Row { bar, against, required, found, verdict } in &self.rows {
            println!("| {bar} | {against} | {required} | {found} | {verdict} |");
        }
    }
}

/// The processor time of one run and what it came to: other programs on the machine do not count.
pub fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = ThreadTime::now();
    let result = run();
    (start.elapsed(), result)
}

/// Two things taking turns; the median time of each.
pub fn in_turns(
    rounds: usize,
    mut one: impl FnMut() -> Duration,
    mut other: impl FnMut() -> Duration,
) -> (f64, f64) {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ones.push(one());
        others.push(other());
    }
    (median(ones), median(others))
}

/// The median in seconds.
pub fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// Kilobytes of memory this process has, as Linux tells it; 0 elsewhere.
pub fn resident() -> f64 {
    std::fs::read_to_string("/proc/self/status")
        .map_or(0.0, |status| peers::field(&status, "VmRSS").unwrap_or(0.0))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let [mode, file] = &arguments[..]
        && mode == peers::CHILD
    {
        return peers::child(file);
    }
    if let [mode, file] = &arguments[..]
        && mode == peers::CHILD_LEDGER
    {
        return peers::child_ledger(file);
    }
    if let [mode, entries] = &arguments[..]
        && mode == posting::CHILD
    {
        return posting::child(entries.parse().unwrap());
    }
    let size = match (has("--test"), has("--full")) {
        (true, _) => Size { entries: 2_000, rounds: 1, full: false },
        (_, true) => Size { entries: 1_000_000, rounds: 3, full: true },
        _ => Size { entries: 100_000, rounds: 5, full: false },
    };
    let mut table = Table { quiet: has("--test"), ..Table::default() };
    let only = arguments.iter().find_map(|argument| argument.strip_prefix("--only="));
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    if wanted("posting") {
        posting::bars(size, &mut table);
    }
    if wanted("queries") {
        queries::bars(size, &mut table);
    }
    if wanted("peers") {
        peers::bars(size, has("--test"), &mut table);
    }
    if table.quiet {
        println!("the results of {} entries are what they must be", size.entries);
        return;
    }
    println!("\n{} entries, medians of {}:\n", size.entries, size.rounds);
    table.print();
}

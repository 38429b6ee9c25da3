//! The command line that both programs share.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use endcap::ledger::journal::Journal;
use endcap::ledger::{EventBody, Ledger, Settings, chart};

use crate::store::{Appended, Position, Store, StoreError};
use crate::stress;

/// What both programs are asked.
#[derive(Debug, Args)]
pub struct Asked {
    /// The ledger in the database; `append` and `--stress` make it where it is missing.
    #[arg(long, value_name = "NAME", default_value = "main")]
    pub ledger: String,
    /// Instead of a question: post steps until the ledger holds N of them, printing `ack SEQ HASH` for each batch
    /// once it is durable. Made to be killed.
    #[arg(long, value_name = "N")]
    pub stress: Option<u64>,
    /// Seed of the steps.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// How the answer is printed.
    #[arg(long, value_enum, global = true, default_value_t = Format::Text)]
    pub format: Format,
    /// The question.
    #[command(subcommand)]
    pub question: Option<Question>,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document, money as strings.
    Json,
}

/// The questions.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// Posts a text journal: all of it in one transaction, or nothing. Posting it again changes nothing.
    Append {
        /// The journal, as `ledger --help` describes it.
        #[arg(value_name = "JOURNAL")]
        journal: PathBuf,
    },
    /// Replays the log, proves every hash and audits the books; exit code 1 if anything is wrong.
    Verify,
    /// Balance of every account, key account and currency; the default.
    Balances,
}

/// What follows the options in `--help`.
pub const MORE: &str = "\
EXAMPLES
  append june.journal        reads, checks, posts; prints where the log ends now
  verify                     prints the number of events and the head: keep it elsewhere, it proves the whole log
  balances --format json     [{account, key_account, currency, balance}], debit positive

EXIT CODE
  0 done; 1 a proof fails or the database refuses; 2 the journal cannot be used: every problem is printed as
  file:line:column: \"value\": expected …; 3 someone else wrote at the same time: nothing was written, run it again";

/// Exit code for an input that cannot be used.
pub const EXIT_BAD_INPUT: u8 = 2;
/// Exit code when someone else was faster.
pub const EXIT_CONCURRENT: u8 = 3;

/// Opens a store and answers.
pub fn run<S: Store>(asked: &Asked, open: impl FnOnce() -> Result<S, StoreError>) -> ExitCode {
    let answer = open().map_err(Failure::from).and_then(|mut store| answer(asked, &mut store));
    match answer {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(Failure { code, text }) => {
            eprintln!("{text}");
            ExitCode::from(code)
        }
    }
}

struct Failure {
    code: u8,
    text: String,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = if matches!(error, StoreError::Concurrent { .. }) { EXIT_CONCURRENT } else { 1 };
        Self { code, text: error.to_string() }
    }
}

fn answer(asked: &Asked, store: &mut impl Store) -> Result<String, Failure> {
    let settings = || Settings::new(asked.ledger.as_str()).map_err(StoreError::from);
    if let Some(until) = asked.stress {
        if asked.question.is_some() {
            let text = "--stress writes and answers nothing: leave the question out".to_owned();
            return Err(Failure { code: EXIT_BAD_INPUT, text });
        }
        store.create(&settings()?)?;
        stress::write(store, asked.seed, until, &mut std::io::stdout().lock())?;
        return Ok(String::new());
    }
    match asked.question.as_ref().unwrap_or(&Question::Balances) {
        Question::Append { journal } => {
            let journal = read(journal)?;
            store.create(&settings()?)?;
            append(store, &journal, asked.format)
        }
        Question::Verify => verify(&store.load()?, asked.format),
        Question::Balances => Ok(balances(&store.load()?, asked.format)),
    }
}

/// A journal and the name it goes by in messages.
struct Named {
    name: String,
    journal: Journal,
}

fn read(path: &Path) -> Result<Named, Failure> {
    let name = path.display().to_string();
    let bad = |text| Failure { code: EXIT_BAD_INPUT, text };
    let text = std::fs::read_to_string(path).map_err(|error| bad(format!("{name}: {error}")))?;
    let chart = chart::key_account_supplier().map_err(StoreError::from)?;
    let journal = Journal::parse(&text, &chart).map_err(|problems| bad(listed(&name, &problems)))?;
    Ok(Named { name, journal })
}

fn listed(name: &str, problems: &[endcap::ledger::journal::InputProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{name}:{problem}")).collect();
    lines.join("\n")
}

fn append(store: &mut impl Store, named: &Named, format: Format) -> Result<String, Failure> {
    let mut ledger = store.load()?;
    let before = Position::of(&ledger);
    let posted = named.journal.post_into(&mut ledger);
    posted.map_err(|problems| Failure { code: EXIT_BAD_INPUT, text: listed(&named.name, &problems) })?;
    let from = usize::try_from(before.seq).unwrap_or(usize::MAX);
    let events = ledger.events().from(from).to_vec();
    let written = match store.append(before, &events)? {
        Appended::Now => events.len(),
        Appended::Before => 0,
    };
    let Position { seq, head } = Position::of(&ledger);
    Ok(match format {
        Format::Text => format!("{written} events written; the log ends at event {seq}, head {head}\n"),
        Format::Json => {
            format!("{:#}\n", serde_json::json!({ "written": written, "seq": seq, "head": head.to_string() }))
        }
    })
}

fn verify(ledger: &Ledger, format: Format) -> Result<String, Failure> {
    let audit = ledger.audit();
    let findings: Vec<String> = audit.findings.iter().map(|finding| format!("{finding:?}")).collect();
    let text = match format {
        Format::Text => {
            let mut text = format!(
                "{} events, {} entries, {} legs proved; head {}\n",
                audit.events, audit.entries, audit.legs, audit.head
            );
            for finding in &findings {
                let _ = writeln!(text, "{finding}");
            }
            text
        }
        Format::Json => {
            let (events, entries, legs) = (audit.events, audit.entries, audit.legs);
            let head = audit.head.to_string();
            let document = serde_json::json!({
                "events": events, "entries": entries, "legs": legs, "head": head, "findings": findings,
            });
            format!("{document:#}\n")
        }
    };
    if audit.is_clean() { Ok(text) } else { Err(Failure { code: 1, text }) }
}

fn balances(ledger: &Ledger, format: Format) -> String {
    let mut sums = BTreeMap::<_, i128>::new();
    for event in ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        for leg in &entry.legs {
            let index = usize::try_from(leg.account.index()).unwrap_or(usize::MAX);
            let code = ledger.accounts().get(index).map_or("", |account| account.code());
            *sums.entry((code, leg.key_account.clone(), leg.amount.currency())).or_default() +=
                leg.signed_minor();
        }
    }
    let rows = sums.into_iter().filter_map(|((code, party, currency), minor)| {
        let amount = endcap::types::Money::from_minor(minor, currency).ok()?.to_amount_string();
        Some((code, party.map(|party| party.to_string()), currency, amount))
    });
    match format {
        Format::Text => {
            let mut text = String::new();
            for (code, party, currency, amount) in rows {
                let name = party.map_or_else(|| code.to_owned(), |party| format!("{code}:{party}"));
                let _ = writeln!(text, "{name:<24} {currency} {amount:>20}");
            }
            text
        }
        Format::Json => {
            let rows: Vec<_> = rows
                .map(|(code, party, currency, amount)| {
                    serde_json::json!({
                        "account": code, "key_account": party, "currency": currency.to_string(), "balance": amount,
                    })
                })
                .collect();
            format!("{:#}\n", serde_json::Value::Array(rows))
        }
    }
}

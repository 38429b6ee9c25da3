//! A ledger from a text journal or a log: balances, trial balance, ageing, 台账 pages, proof and exports.
//!
//! ```text
//! cargo run --release --example ledger
//! cargo run --release --example ledger -- page --account HEXI --period 2026-06
//! cargo run --release --example ledger -- --journal FILE.journal ageing --as-of 2026-06-30 --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod grid;
mod group;
mod load;
mod options;
mod reports;
mod subledger;
mod units;

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Parser;
use endcap::ledger::{EventBody, Ledger, export};

use common::Format;
use common::output::write_file;
use options::{Options, Report, Target};

/// What a report comes to: text for people, JSON for programs, and whether what it checks holds.
pub struct Outcome {
    pub text: String,
    pub json: serde_json::Value,
    pub holds: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let ledger = match load::ledger(&options) {
        Ok(ledger) => ledger,
        Err(problems) => return problems.report(),
    };
    let report = options.report.clone().unwrap_or(Report::Balances);
    if let Report::Export { to, out } = &report {
        return publish(&ledger, *to, out.as_deref());
    }
    match run(&options, &report, &ledger) {
        Ok(outcome) => {
            match options.format {
                Format::Text => print!("{}", outcome.text),
                Format::Json => println!("{:#}", outcome.json),
            }
            if outcome.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(common::problems::EXIT_BAD_INPUT)
        }
    }
}

fn run(options: &Options, report: &Report, ledger: &Ledger) -> Result<Outcome, String> {
    let as_of = options.as_of.unwrap_or_else(|| last_day(ledger));
    match report {
        Report::Balances => reports::balances(ledger, as_of),
        Report::TrialBalance { period } => reports::trial_balance(ledger, as_of, *period),
        Report::Ageing { control, basis, known_on, account } => {
            subledger::ageing(ledger, (control, account), (as_of, *known_on), (*basis).into())
        }
        Report::Page { account, period, control } => match account.as_slice() {
            [account] => subledger::page(ledger, control, account, *period),
            several => group::page(ledger, control, several, *period),
        },
        Report::Verify { head } => Ok(reports::verify(ledger, as_of, head.as_deref())),
        Report::Export { .. } => Err("an export is not a report".to_owned()),
    }
}

/// The last day on which anything counts: there is no clock here.
fn last_day(ledger: &Ledger) -> NaiveDate {
    let days = ledger.events().iter().filter_map(|event| match &event.body {
        EventBody::EntryPosted(entry) => Some(entry.effective),
        _ => None,
    });
    days.max().unwrap_or_default()
}

fn publish(ledger: &Ledger, to: Target, out: Option<&std::path::Path>) -> ExitCode {
    let text = match to {
        Target::Hledger => Ok(export::hledger(ledger)),
        Target::Ledger => Ok(export::ledger_cli(ledger)),
        Target::Beancount => export::beancount(ledger),
        Target::Csv => Ok(export::csv(ledger)),
        Target::Jsonl => export::json_lines(ledger),
    };
    let written = text.map_err(|error| error.to_string()).and_then(|text| match out {
        Some(path) => {
            write_file(path, text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
        }
        None => {
            print!("{text}");
            Ok(())
        }
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

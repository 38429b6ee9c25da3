//! A ledger from whichever file is given.

use std::path::{Path, PathBuf};

use endcap::ledger::journal::{InputProblem, Journal};
use endcap::ledger::{
    Account, EntryDraft, IdempotencyKey, Ledger, LegDraft, Settings, Side, chart, export, journal::InputFault,
};
use endcap::types::{AccountId, DocumentId, Money};

use crate::common::date::DateFormat;
use crate::common::input::Blocks;
use crate::common::problems::{Problem, Problems, Source};
use crate::common::table::Table;
use crate::options::Options;

/// Reads the file of the options, or the sample.
pub fn ledger(options: &Options) -> Result<Ledger, Problems> {
    if let Some(path) = &options.events {
        let source = Source::new(path, 0);
        let text = text(path, &source)?;
        return export::read_json_lines(&text).map_err(|problems| placed(&source, problems));
    }
    if let Some(path) = &options.legs {
        return legs(path, options);
    }
    let sample = || Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("sample.journal");
    let path: PathBuf = options.journal.clone().unwrap_or_else(sample);
    let source = Source::new(&path, 0);
    let text = text(&path, &source)?;
    let chart = chart(&source)?;
    let journal = Journal::parse(&text, &chart).map_err(|problems| placed(&source, problems))?;
    let mut ledger = empty(&path, &source)?;
    journal.post_into(&mut ledger).map_err(|problems| placed(&source, problems))?;
    Ok(ledger)
}

fn chart(source: &Source) -> Result<Vec<Account>, Problem> {
    chart::key_account_supplier().map_err(|error| Problem::file(source, error))
}

/// An empty ledger called after the file.
fn empty(path: &Path, source: &Source) -> Result<Ledger, Problem> {
    let name = path.file_stem().map_or_else(|| "ledger".into(), |name| name.to_string_lossy());
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(100).collect();
    Settings::new(name).map(Ledger::new).map_err(|error| Problem::file(source, error))
}

fn placed(source: &Source, problems: Vec<InputProblem>) -> Problems {
    let mut all = Problems::default();
    for InputProblem { line, column, value, fault } in problems {
        all.push(Problem::value(source, line, column, value.as_bytes(), fault));
    }
    all
}

/// The whole file as text.
fn text(path: &Path, source: &Source) -> Result<String, Problem> {
    let mut blocks = Blocks::open(path, source)?;
    let (mut whole, mut block) = (Vec::new(), Vec::new());
    while blocks.next_into(&mut block)?.is_some() {
        whole.append(&mut block);
    }
    String::from_utf8(whole).map_err(|error| {
        let (good, bad) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let good = String::from_utf8_lossy(good);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        let line = u64::try_from(line).unwrap_or(u64::MAX);
        Problem::value(source, line, column, bad.get(..1).unwrap_or_default(), "expected UTF-8 text")
    })
}

/// The legs that month_end writes: one entry per number in the column `entry`.
fn legs(path: &Path, options: &Options) -> Result<Ledger, Problems> {
    let table = Table::open(path, 0)?;
    let source = Source::new(path, 0);
    let names =
        ["entry", "effective", "document", "description", "account", "key_account", "debit", "credit"];
    let mut columns = Vec::new();
    for name in names {
        columns.push(table.column(name)?);
    }
    let [entry, effective, document, description, account, key_account, debit, credit] = columns.as_slice()
    else {
        return Err(Problem::file(&source, "expected the columns of journal.csv").into());
    };
    let mut problems = Problems::default();
    let mut drafts: Vec<(String, u64, EntryDraft)> = Vec::new();
    table.for_each(&mut problems, |row, problems| {
        let mut read = || -> Result<(), Problem> {
            let number = row.text(*entry)?.to_owned();
            let day = DateFormat::Iso
                .read(row.get(*effective))
                .map_err(|expected| row.problem(*effective, expected))?;
            let document_id = DocumentId::new(row.text(*document)?).map_err(|e| row.problem(*document, e))?;
            let (side, column, amount) = match (row.text(*debit)?, row.text(*credit)?) {
                (amount, "") => (Side::Debit, *debit, amount),
                ("", amount) => (Side::Credit, *credit, amount),
                _ => return Err(row.problem(*credit, "expected nothing here when there is a debit")),
            };
            let money = Money::parse(amount, options.currency)
                .ok()
                .filter(Money::is_positive)
                .ok_or_else(|| row.problem(column, "expected an amount above zero such as 1234.50"))?;
            let code = row.text(*account)?;
            let mut leg = match side {
                Side::Debit => LegDraft::debit(code, money),
                Side::Credit => LegDraft::credit(code, money),
            };
            match row.text(*key_account)? {
                "" => {}
                name => leg = leg.of(AccountId::new(name).map_err(|e| row.problem(*key_account, e))?),
            }
            if drafts.last().is_none_or(|(last, ..)| *last != number) {
                let key =
                    IdempotencyKey::new(format!("entry {number}")).map_err(|e| row.problem(*entry, e))?;
                let draft = EntryDraft::new(key, document_id, day, day).describe(row.text(*description)?);
                drafts.push((number, row.line(), draft));
            }
            if let Some((_, _, draft)) = drafts.last_mut() {
                draft.legs.push(leg);
            }
            Ok(())
        };
        if let Err(problem) = read() {
            problems.push(problem);
        }
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut ledger = empty(path, &source)?;
    let last = drafts.iter().map(|(_, _, draft)| draft.effective).max().unwrap_or_default();
    ledger.open_all(chart(&source)?, last).map_err(|error| Problem::file(&source, error))?;
    for (number, line, mut draft) in drafts {
        draft.recorded = last;
        if let Err(error) = ledger.post(&draft) {
            let fault = InputFault::Rule(error);
            problems.push(Problem::value(&source, line, 1, number.as_bytes(), fault));
        }
    }
    if problems.is_empty() { Ok(ledger) } else { Err(problems) }
}

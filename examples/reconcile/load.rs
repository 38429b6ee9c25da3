//! Two sets of books and the rules between them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use endcap::settlement::reconcile::{DisputeRules, EntryKind, LedgerLine, ReconRules};
use endcap::types::{ClauseId, Currency, DocumentId, Quantity, SkuId, StoreId, TypesError};
use serde::Deserialize;

use crate::common::date::DateFormat;
use crate::common::fields::{ID_CHARS_MAX, YEARS, expected_year};
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Row, Table};
use crate::common::toml_file::read_toml;
use crate::options::Options;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    title: String,
    rules: ReconRules,
    disputes: DisputeRules,
}

/// Everything that is reconciled.
pub struct Input {
    pub title: String,
    pub rules: ReconRules,
    pub disputes: DisputeRules,
    pub ours: Vec<LedgerLine>,
    pub theirs: Vec<LedgerLine>,
}

pub fn read(options: &Options) -> Result<Input, Problems> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("reconcile");
    let file = |given: &Option<PathBuf>, name: &str| given.clone().unwrap_or_else(|| sample.join(name));
    let mut problems = Problems::default();
    let rules = read_toml::<RulesFile>(&file(&options.rules, "rules.toml"), 2, "rules", &mut problems);
    let currency = rules.as_ref().map_or(Currency::CNY, |(file, ..)| file.rules.currency);
    let ours = lines(&file(&options.ours, "ours.csv"), 0, currency, &mut problems);
    let theirs = lines(&file(&options.theirs, "theirs.csv"), 1, currency, &mut problems);
    match rules {
        Some((rules, ..)) if problems.is_empty() => {
            Ok(Input { title: rules.title, rules: rules.rules, disputes: rules.disputes, ours, theirs })
        }
        _ => Err(problems),
    }
}

const KINDS: [(&str, EntryKind); 6] = [
    ("delivery", EntryKind::Delivery),
    ("return", EntryKind::Return),
    ("invoice", EntryKind::Invoice),
    ("deduction", EntryKind::Deduction),
    ("payment", EntryKind::Payment),
    ("adjustment", EntryKind::Adjustment),
];

struct Columns {
    id: Column,
    kind: Column,
    date: Column,
    amount: Column,
    posted: Option<Column>,
    quantity: Option<Column>,
    order: Option<Column>,
    receipt: Option<Column>,
    invoice: Option<Column>,
    store: Option<Column>,
    sku: Option<Column>,
    clause: Option<Column>,
}

const NAMES: [&str; 12] = [
    "id", "kind", "date", "amount", "posted", "quantity", "order", "receipt", "invoice", "store", "sku",
    "clause",
];

fn columns(table: &Table, problems: &mut Problems) -> Option<Columns> {
    for (position, name) in table.columns().iter().enumerate() {
        if !NAMES.contains(&name.as_str()) {
            let text = format!("expected one of {}", NAMES.join(", "));
            problems.push(Problem::value(table.source(), 1, position + 1, name.as_bytes(), text));
        }
    }
    let mut needed = |name: &str| match table.column(name) {
        Ok(column) => Some(column),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let (id, kind, date, amount) = (needed("id"), needed("kind"), needed("date"), needed("amount"));
    let mut may = |name: &str| {
        if table.columns().iter().any(|column| column == name) { needed(name) } else { None }
    };
    Some(Columns {
        posted: may("posted"),
        quantity: may("quantity"),
        order: may("order"),
        receipt: may("receipt"),
        invoice: may("invoice"),
        store: may("store"),
        sku: may("sku"),
        clause: may("clause"),
        id: id?,
        kind: kind?,
        date: date?,
        amount: amount?,
    })
}

fn lines(path: &Path, number: usize, currency: Currency, problems: &mut Problems) -> Vec<LedgerLine> {
    let table = match Table::open(path, number) {
        Ok(table) => table,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let Some(columns) = columns(&table, problems) else { return Vec::new() };
    let mut lines = Vec::new();
    let mut seen: BTreeMap<DocumentId, u64> = BTreeMap::new();
    table.for_each(problems, |row, problems| {
        let read =
            line(row, &columns, currency).and_then(|line| match seen.insert(line.id.clone(), row.line()) {
                Some(first) => {
                    let text = format!("expected each id once; it stands on line {first}, too");
                    Err(row.problem(columns.id, text))
                }
                None => Ok(line),
            });
        match read {
            Ok(line) => lines.push(line),
            Err(problem) => problems.push(problem),
        }
    });
    lines
}

fn line(row: &Row<'_>, columns: &Columns, currency: Currency) -> Result<LedgerLine, Problem> {
    let id = id(row, columns.id, |text| DocumentId::new(text))?;
    let word = row.text(columns.kind)?.trim();
    let Some((_, kind)) = KINDS.into_iter().find(|(name, _)| *name == word) else {
        let names = KINDS.map(|(name, _)| name).join(", ");
        return Err(row.problem(columns.kind, format_args!("expected one of {names}")));
    };
    let date = day(row, columns.date)?;
    let text = row.text(columns.amount)?.trim();
    let amount = endcap::types::Money::parse(text, currency).map_err(|error| {
        let expected = match error {
            TypesError::TooPrecise { limit, .. } => {
                format!("expected at most {limit} decimals for {currency}")
            }
            _ => format!("expected a plain amount in {currency} such as -1234.50"),
        };
        row.problem(columns.amount, expected)
    })?;
    let wanted = match kind {
        EntryKind::Delivery | EntryKind::Invoice => Some(("zero or more", !amount.is_negative())),
        EntryKind::Return | EntryKind::Payment => Some(("zero or less", !amount.is_positive())),
        EntryKind::Deduction | EntryKind::Adjustment => None,
    };
    if let Some((sign, false)) = wanted {
        return Err(row.problem(columns.amount, format_args!("expected an amount of {sign} for a {word}")));
    }
    let mut line = LedgerLine::new(id, kind, date, amount);
    if let Some(column) = given(row, columns.posted)? {
        line.posted = day(row, column)?;
    }
    if let Some(column) = given(row, columns.quantity)? {
        let expected = || row.problem(column, "expected whole pieces such as 40");
        let pieces: i64 = row.text(column)?.trim().parse().map_err(|_| expected())?;
        if (pieces < 0 && amount.is_positive()) || (pieces > 0 && amount.is_negative()) {
            return Err(row.problem(column, "expected a quantity with the sign of the amount"));
        }
        line.quantity = Some(Quantity::pieces(pieces).map_err(|_| expected())?);
    }
    line.order = optional(row, columns.order, |text| DocumentId::new(text))?;
    line.receipt = optional(row, columns.receipt, |text| DocumentId::new(text))?;
    line.invoice = optional(row, columns.invoice, |text| DocumentId::new(text))?;
    line.store = optional(row, columns.store, |text| StoreId::new(text))?;
    line.sku = optional(row, columns.sku, |text| SkuId::new(text))?;
    line.clause = optional(row, columns.clause, |text| ClauseId::new(text))?;
    Ok(line)
}

/// The column, where there is one and it is not empty on this row.
fn given(row: &Row<'_>, column: Option<Column>) -> Result<Option<Column>, Problem> {
    let Some(column) = column else { return Ok(None) };
    Ok(Some(column).filter(|_| !row.get(column).trim_ascii().is_empty()))
}

fn id<T>(row: &Row<'_>, column: Column, make: impl Fn(&str) -> Result<T, TypesError>) -> Result<T, Problem> {
    let text = row.text(column)?.trim();
    if text.chars().count() > ID_CHARS_MAX {
        return Err(row.problem(column, format_args!("expected an id of at most {ID_CHARS_MAX} characters")));
    }
    make(text).map_err(|error| row.problem(column, format_args!("expected an id: {error}")))
}

fn optional<T>(
    row: &Row<'_>,
    column: Option<Column>,
    make: impl Fn(&str) -> Result<T, TypesError>,
) -> Result<Option<T>, Problem> {
    given(row, column)?.map(|column| id(row, column, make)).transpose()
}

fn day(row: &Row<'_>, column: Column) -> Result<chrono::NaiveDate, Problem> {
    use chrono::Datelike as _;
    let date = DateFormat::Iso.read(row.get(column)).map_err(|expected| row.problem(column, expected))?;
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(row.problem(column, expected_year())) }
}

//! Transaction lines to a log of purchases.

use std::path::PathBuf;

use chrono::{Datelike, NaiveDate};
use endcap::account::value::PurchaseLog;
use endcap::types::{Currency, Money, Rounding, Unrounded};
use rust_decimal::Decimal;

use crate::common::amount::AmountReader;
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Row, Table};
use crate::{Args, Blank};

/// What was read.
pub struct Loaded {
    pub log: PurchaseLog<String>,
    pub files: usize,
    pub lines: u64,
    pub skipped: u64,
    /// First day of a line, and the day after the last.
    pub span: (i32, i32),
}

/// Days since the beginning of the common era.
pub fn number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

/// The date of a day number.
pub fn date(day: i32) -> String {
    NaiveDate::from_num_days_from_ce_opt(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

enum Worth {
    Amount(Column),
    Product { quantity: Column, price: Column },
}

struct Columns {
    customer: Column,
    date: Column,
    worth: Worth,
}

pub fn read(files: &[PathBuf], args: &Args, problems: &mut Problems) -> Loaded {
    let mut loaded = Loaded {
        log: PurchaseLog::new(args.currency()),
        files: files.len(),
        lines: 0,
        skipped: 0,
        span: (0, 0),
    };
    for (position, path) in files.iter().enumerate() {
        let table = match Table::open(path, position) {
            Ok(table) => table,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let source = table.source().clone();
        let Some(columns) = columns(&table, args, problems) else { continue };
        let reader = AmountReader::new(args.currency());
        let before = loaded.lines;
        table.for_each(problems, |row, problems| {
            loaded.lines += 1;
            if let Err(problem) = add(&mut loaded, row, &columns, &reader, args) {
                problems.push(problem);
            }
        });
        if loaded.lines == before {
            problems.push(Problem::file(&source, "has a header but no line"));
        }
    }
    if let Some(span) = loaded.log.span() {
        loaded.span = span;
    }
    loaded
}

fn columns(table: &Table, args: &Args, problems: &mut Problems) -> Option<Columns> {
    let mut find = |name: &str| table.column(name).map_err(|problem| problems.push(problem)).ok();
    let (customer, date) = (find(&args.customer), find(&args.date));
    let worth = match (&args.quantity, &args.price) {
        (Some(quantity), Some(price)) => {
            let (quantity, price) = (find(quantity), find(price));
            Some(Worth::Product { quantity: quantity?, price: price? })
        }
        _ => find(&args.amount).map(Worth::Amount),
    };
    Some(Columns { customer: customer?, date: date?, worth: worth? })
}

fn add(
    loaded: &mut Loaded,
    row: &Row<'_>,
    columns: &Columns,
    reader: &AmountReader,
    args: &Args,
) -> Result<(), Problem> {
    let customer = row.text(columns.customer)?.trim();
    if customer.is_empty() {
        if args.blank_customers == Blank::Skip {
            loaded.skipped += 1;
            return Ok(());
        }
        let text = "expected a customer (--blank-customers skip leaves such lines out)";
        return Err(row.problem(columns.customer, text));
    }
    let day = args.date_format.read(row.get(columns.date));
    let day = number(day.map_err(|expected| row.problem(columns.date, expected))?);
    let currency = reader.currency();
    let (amount, place) = match &columns.worth {
        Worth::Amount(column) => {
            let minor = reader.read(row.get(*column)).map_err(|expected| row.problem(*column, expected))?;
            (Money::from_minor(i128::from(minor), currency), *column)
        }
        Worth::Product { quantity, price } => {
            let quantity_value = decimal(row, *quantity)?;
            (product(quantity_value, decimal(row, *price)?, currency), *price)
        }
    };
    let amount = amount.map_err(|error| row.problem(place, format!("expected a smaller amount: {error}")))?;
    let added = loaded.log.add(&customer.to_owned(), day, &amount);
    added.map_err(|error| row.problem(place, format!("expected a smaller amount: {error}")))
}

fn decimal(row: &Row<'_>, column: Column) -> Result<Decimal, Problem> {
    row.text(column)?.trim().parse().map_err(|_| row.problem(column, "expected a number such as 12 or -3.75"))
}

/// Quantity × price to the minor unit, halves away from zero; the only rounding of a line.
fn product(
    quantity: Decimal,
    price: Decimal,
    currency: Currency,
) -> Result<Money, endcap::types::TypesError> {
    let minor =
        endcap::types::Exact::from_decimal(quantity).mul(&endcap::types::Exact::from_decimal(price))?;
    let scale = 10_i128.pow(u32::from(currency.exponent()));
    let minor = minor.mul(&endcap::types::Exact::from_int(scale))?;
    Unrounded::new(minor, currency).round(&Rounding::HALF_AWAY)
}

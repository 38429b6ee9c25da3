//! One pass over the sales lines: the sum and the number of rows of every key, and of every month.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::Datelike;
use endcap::account::{GroupedSums, Validity};
use endcap::types::Currency;
use rustc_hash::FxHashMap;

use crate::common::amount::AmountReader;
use crate::common::date::DateFormat;
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Row, Table};

/// Rows that are summed at once.
const BATCH_ROWS: usize = 4096;

/// The net amount of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Member {
    /// Net amount in minor units.
    pub sum: i128,
    /// Lines that it is the sum of.
    pub rows: u64,
    /// Stores that it is made of, with chain rules.
    pub stores: usize,
}

impl Member {
    /// Adds another part of the same member.
    pub fn add(&mut self, other: Self) {
        self.sum += other.sum;
        self.rows += other.rows;
        self.stores += other.stores;
    }
}

/// Members by key, in ascending order of key.
pub type Members = BTreeMap<String, Member>;

/// What to read from each file.
#[derive(Debug)]
pub struct Plan {
    pub key: String,
    pub amount: String,
    pub currency: Currency,
    pub currency_column: Option<String>,
    pub month: Option<(String, DateFormat)>,
    pub threads: usize,
}

/// The columns of a [`Plan`] in one file.
struct Columns {
    key: Column,
    amount: Column,
    currency: Option<Column>,
    month: Option<(Column, DateFormat)>,
}

impl Columns {
    fn find(plan: &Plan, table: &Table) -> Result<Self, Vec<Problem>> {
        let mut missing = Vec::new();
        let mut find = |name: &str| table.column(name).map_err(|problem| missing.push(problem)).ok();
        let (key, amount) = (find(&plan.key), find(&plan.amount));
        let currency = plan.currency_column.as_deref().and_then(&mut find);
        let month = plan.month.as_ref().and_then(|(name, format)| Some((find(name)?, *format)));
        match (key, amount) {
            (Some(key), Some(amount)) if missing.is_empty() => Ok(Self { key, amount, currency, month }),
            _ => Err(missing),
        }
    }
}

/// Everything that was read so far.
#[derive(Debug, Default)]
pub struct Totals {
    pub members: Members,
    pub months: BTreeMap<String, i128>,
    pub rows: u64,
}

impl Totals {
    /// Adds one file; what is wrong with it goes to `problems`.
    pub fn add_file(&mut self, path: &Path, number: usize, plan: &Plan, problems: &mut Problems) {
        let table = match Table::open(path, number) {
            Ok(table) => table,
            Err(problem) => return problems.push(problem),
        };
        let columns = match Columns::find(plan, &table) {
            Ok(columns) => columns,
            Err(missing) => return missing.into_iter().for_each(|problem| problems.push(problem)),
        };
        let reader = AmountReader::new(plan.currency);
        let parts = table.for_each_parallel(
            plan.threads,
            problems,
            Part::default,
            |part: &mut Part, row, problems| {
                if let Err(problem) = part.add_row(row, &columns, &reader) {
                    problems.push(problem);
                }
            },
        );
        for mut part in parts {
            part.flush();
            self.merge(part);
        }
    }

    fn merge(&mut self, part: Part) {
        let (sums, rows) = part.sums.finish();
        for (key, group) in part.groups {
            let (sum, rows) = (sums.get(group), rows.get(group));
            let member = Member { sum: *sum.unwrap_or(&0), rows: *rows.unwrap_or(&0), stores: 0 };
            self.rows += member.rows;
            // Every key was checked to be UTF-8 when it was first seen.
            let key = String::from_utf8_lossy(&key).into_owned();
            self.members.entry(key).or_default().add(member);
        }
        for ((year, month), sum) in part.months {
            *self.months.entry(format!("{year:04}-{month:02}")).or_default() += sum;
        }
    }
}

/// What one thread has read.
#[derive(Default)]
struct Part {
    groups: FxHashMap<Box<[u8]>, usize>,
    sums: GroupedSums,
    values: Vec<i64>,
    group_ids: Vec<usize>,
    months: BTreeMap<(i32, u32), i128>,
    last_date: Vec<u8>,
    last_month: (i32, u32),
}

impl Part {
    fn add_row(&mut self, row: &Row<'_>, columns: &Columns, reader: &AmountReader) -> Result<(), Problem> {
        let amount =
            reader.read(row.get(columns.amount)).map_err(|expected| row.problem(columns.amount, expected));
        let group = self.group(row, columns.key);
        let month = columns.month.map(|(column, format)| self.month(row, column, format)).transpose();
        if let Some(column) = columns.currency {
            let code = reader.currency().code();
            if row.get(column).trim_ascii() != code.as_bytes() {
                return Err(row.problem(column, format_args!("expected {code}, the currency of this run")));
            }
        }
        let (group, amount, month) = (group?, amount?, month?);
        self.values.push(amount);
        self.group_ids.push(group);
        if let Some(month) = month {
            *self.months.entry(month).or_default() += i128::from(amount);
        }
        if self.values.len() >= BATCH_ROWS {
            self.flush();
        }
        Ok(())
    }

    fn group(&mut self, row: &Row<'_>, column: Column) -> Result<usize, Problem> {
        let key = row.get(column);
        if let Some(group) = self.groups.get(key) {
            return Ok(*group);
        }
        if row.text(column)?.trim().is_empty() {
            return Err(row.problem(column, "expected the key of a member"));
        }
        let group = self.groups.len();
        self.groups.insert(key.into(), group);
        Ok(group)
    }

    fn month(&mut self, row: &Row<'_>, column: Column, format: DateFormat) -> Result<(i32, u32), Problem> {
        let text = row.get(column);
        if text != self.last_date || self.last_date.is_empty() {
            let date = format.read(text).map_err(|expected| row.problem(column, expected))?;
            self.last_month = (date.year(), date.month());
            self.last_date.clear();
            self.last_date.extend_from_slice(text);
        }
        Ok(self.last_month)
    }

    /// Hands the batch to the kernel.
    fn flush(&mut self) {
        self.sums.grow(self.groups.len());
        let added = self.sums.add(&self.values, &self.group_ids, Validity::All);
        debug_assert!(added.is_ok(), "fewer than 2^64 amounts of 64 bits fit 128 bits: {added:?}");
        self.values.clear();
        self.group_ids.clear();
    }
}

//! Wide tables of weekly figures: id columns, then one column a week, named by its first day.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::date::DateFormat;
use super::problems::{Problem, Problems};
use super::table::{Column, Row, Table};

/// One wide table: `values[s · weeks + t]`.
#[derive(Debug, Clone, Default)]
pub struct Weekly<T> {
    /// Names of the id columns.
    pub id_columns: Vec<String>,
    /// First days of the weeks, rising by seven days.
    pub weeks: Vec<NaiveDate>,
    /// Ids of the series, in the order of the file.
    pub ids: Vec<Vec<String>>,
    /// Values, series by series.
    pub values: Vec<T>,
}

impl<T> Weekly<T> {
    /// Reads a table; `cell` reads one value or says what was expected.
    pub fn read(
        path: &Path,
        number: usize,
        problems: &mut Problems,
        cell: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Option<Self> {
        let table = match Table::open(path, number) {
            Ok(table) => table,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        let source = table.source().clone();
        let (mut id_columns, mut dates, mut odd) = (Vec::new(), Vec::new(), Vec::new());
        for name in table.columns().to_vec() {
            let column = match table.column(&name) {
                Ok(column) => column,
                Err(problem) => {
                    problems.push(problem);
                    return None;
                }
            };
            match DateFormat::Iso.read(name.as_bytes()) {
                Ok(date) => dates.push((date, column)),
                // After the first week there are only weeks: a name here is a week that cannot be read.
                Err(_) if !dates.is_empty() => odd.push((name, column)),
                Err(_) => id_columns.push((name, column)),
            }
        }
        let header = |column: Column, value: &str, expected: &str| {
            Problem::value(&source, 1, column.position() + 1, value.as_bytes(), expected)
        };
        if id_columns.is_empty() || dates.is_empty() {
            let text = "expected columns that name a series, then one column a week such as 2024-01-01";
            let last = id_columns.last().filter(|_| dates.is_empty());
            problems.push(match (last, dates.first()) {
                (Some((name, column)), _) => header(*column, name, text),
                (None, Some((day, column))) => header(*column, &day.to_string(), text),
                (None, None) => Problem::value(&source, 1, 1, b"", text),
            });
            return None;
        }
        if !odd.is_empty() {
            for (name, column) in &odd {
                problems.push(header(*column, name, "expected the first day of a week such as 2024-01-01"));
            }
            return None;
        }
        for pair in dates.windows(2) {
            if let [(before, _), (day, column)] = pair
                && (*day - *before).num_days() != 7
            {
                let next = *before + chrono::Days::new(7);
                problems.push(header(
                    *column,
                    &day.to_string(),
                    &format!("expected {next}, the week after the column before"),
                ));
            }
        }
        let mut weekly = Self {
            id_columns: id_columns.iter().map(|(name, _)| name.clone()).collect(),
            weeks: dates.iter().map(|(day, _)| *day).collect(),
            ids: Vec::new(),
            values: Vec::new(),
        };
        let mut seen: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        table.for_each(problems, |row, problems| {
            let Some(id) = ids(row, &id_columns, problems) else { return };
            if let Some(line) = seen.insert(id.clone(), row.line()) {
                let text = format!("expected each series once; it is also on line {line}");
                problems.push(row.problem(id_columns[0].1, text));
            }
            for (_, column) in &dates {
                match cell(row.get(*column).trim_ascii()) {
                    Ok(value) => weekly.values.push(value),
                    Err(expected) => problems.push(row.problem(*column, expected)),
                }
            }
            weekly.ids.push(id);
        });
        if weekly.ids.is_empty() && problems.is_empty() {
            problems.push(Problem::file(&source, "expected at least one series below the header"));
        }
        problems.is_empty().then_some(weekly)
    }
}

fn ids(row: &Row<'_>, columns: &[(String, Column)], problems: &mut Problems) -> Option<Vec<String>> {
    let mut id = Vec::new();
    for (_, column) in columns {
        match row.text(*column) {
            Ok("") => {
                problems.push(row.problem(*column, "expected the name of a series"));
                return None;
            }
            Ok(text) => id.push(text.trim().to_owned()),
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        }
    }
    Some(id)
}

/// Most pieces in one cell.
const MOST_PIECES: i64 = 1_000_000_000;

/// Whole pieces, zero or more; `3.0` is 3.
pub fn pieces(text: &[u8]) -> Result<i64, &'static str> {
    const EXPECTED: &str = "expected whole pieces, 0 or more";
    if text.is_empty() {
        return Err("expected whole pieces; 0 where there were none");
    }
    let text = std::str::from_utf8(text).map_err(|_| EXPECTED)?;
    let whole = match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return Err(EXPECTED),
        None => text,
    };
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EXPECTED);
    }
    match whole.parse() {
        Ok(0..=MOST_PIECES) => whole.parse().map_err(|_| EXPECTED),
        _ if whole.len() > digits.len() => Err(
            "expected whole pieces, 0 or more: neither returns nor a book gone negative are stock or demand",
        ),
        _ => Err("expected at most 1,000,000,000 pieces"),
    }
}

/// Whether a shelf was stocked: `True`/`False`, `yes`/`no` or `1`/`0`.
pub fn flag(text: &[u8]) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_slice() {
        b"true" | b"yes" | b"1" => Ok(true),
        b"false" | b"no" | b"0" => Ok(false),
        _ => Err("expected True or False"),
    }
}

/// In-stock flags laid out like the sales; weeks and series that only the flags have are left out.
pub fn align(
    sales: &Weekly<i64>,
    flags: &Weekly<bool>,
    path: &Path,
    number: usize,
    problems: &mut Problems,
) -> Vec<bool> {
    let source = super::problems::Source::new(path, number);
    let places: BTreeMap<&[String], usize> = flags.ids.iter().map(Vec::as_slice).zip(0..).collect();
    let mut weeks = Vec::with_capacity(sales.weeks.len());
    for week in &sales.weeks {
        match flags.weeks.binary_search(week) {
            Ok(place) => weeks.push(place),
            Err(_) => {
                problems
                    .push(Problem::file(&source, format!("expected a column {week}, which the sales have")));
            }
        }
    }
    let mut aligned = Vec::with_capacity(sales.values.len());
    for id in &sales.ids {
        let Some(row) = places.get(id.as_slice()) else {
            problems.push(Problem::file(
                &source,
                format!("expected a row {}, which the sales have", id.join(",")),
            ));
            continue;
        };
        aligned.extend(weeks.iter().map(|week| flags.values[row * flags.weeks.len() + week]));
    }
    aligned
}

/// Numbers the groups that one id column names, in order of first appearance.
pub fn group_numbers(sales: &Weekly<i64>, column: usize) -> Vec<usize> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    sales
        .ids
        .iter()
        .map(|id| {
            let next = numbers.len();
            *numbers.entry(id[column].as_str()).or_insert(next)
        })
        .collect()
}

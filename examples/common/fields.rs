//! Reading one field at a time, each with the problem it may have.

use std::fmt::Display;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use endcap::types::{Currency, Money, Rate, TypesError};
use rust_decimal::Decimal;

use super::date::DateFormat;
use super::problems::{Problem, Problems};
use super::table::{Column, Row, Table};

/// Longest id in the files; ids of documents are put together from two of them.
pub const ID_CHARS_MAX: usize = 40;

/// Most pieces on one line of a file.
const PIECES_MAX: i64 = 1_000_000_000;

/// Largest amount on one line of a file, in major units.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// Years that a date may lie in; another one is a slip of the pen.
pub const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

/// Opens a table and gives its rows with the columns asked for, in the order asked for.
pub fn rows<const N: usize>(
    path: &Path,
    number: usize,
    names: [&str; N],
    problems: &mut Problems,
    each: impl FnMut(&Reader<'_, '_, N>) -> Result<(), Problem>,
) {
    rows_with(path, number, (names, N), problems, each);
}

/// As [`rows`]; only the first `needed` columns must be there, a field of another that is not is empty.
pub fn rows_with<const N: usize>(
    path: &Path,
    number: usize,
    (names, needed): ([&str; N], usize),
    problems: &mut Problems,
    mut each: impl FnMut(&Reader<'_, '_, N>) -> Result<(), Problem>,
) {
    let table = match Table::open(path, number) {
        Ok(table) => table,
        Err(problem) => return problems.push(problem),
    };
    let mut columns = Vec::with_capacity(N);
    for (position, name) in names.into_iter().enumerate() {
        if position >= needed && !table.columns().iter().any(|column| column == name) {
            columns.push(None);
            continue;
        }
        match table.column(name) {
            Ok(column) => columns.push(Some(column)),
            Err(problem) => problems.push(problem),
        }
    }
    let Ok(columns) = <[Option<Column>; N]>::try_from(columns) else { return };
    table.for_each(problems, |row, problems| {
        if let Err(problem) = each(&Reader { row, columns: &columns, names: &names }) {
            problems.push(problem);
        }
    });
}

/// One row whose fields are asked for by position among the columns named.
pub struct Reader<'a, 'data, const N: usize> {
    pub row: &'a Row<'data>,
    columns: &'a [Option<Column>; N],
    names: &'a [&'a str; N],
}

impl<const N: usize> Reader<'_, '_, N> {
    pub fn text(&self, field: usize) -> Result<&str, Problem> {
        match self.columns[field] {
            Some(column) => Ok(self.row.text(column)?.trim()),
            None => Ok(""),
        }
    }

    /// Says that a field is not what was expected.
    pub fn refuse(&self, field: usize, expected: impl Display) -> Problem {
        match self.columns[field] {
            Some(column) => self.row.problem(column, expected),
            None => self.row.lacks(self.names[field], expected),
        }
    }

    /// A field that must not be empty, through a checked constructor such as an id's.
    pub fn id<T>(&self, field: usize, make: impl Fn(&str) -> Result<T, TypesError>) -> Result<T, Problem> {
        let text = self.text(field)?;
        if text.chars().count() > ID_CHARS_MAX {
            return Err(
                self.refuse(field, format_args!("expected an id of at most {ID_CHARS_MAX} characters"))
            );
        }
        make(text).map_err(|error| self.refuse(field, format_args!("expected an id: {error}")))
    }

    /// An id that another file must know.
    pub fn known<T: Ord>(
        &self,
        field: usize,
        make: impl Fn(&str) -> Result<T, TypesError>,
        is_known: impl Fn(&T) -> bool,
        expected: &str,
    ) -> Result<T, Problem> {
        let id = self.id(field, make)?;
        if is_known(&id) { Ok(id) } else { Err(self.refuse(field, expected)) }
    }

    pub fn date(&self, field: usize) -> Result<NaiveDate, Problem> {
        let bytes = self.columns[field].map(|column| self.row.get(column)).unwrap_or_default();
        let date = DateFormat::Iso.read(bytes).map_err(|expected| self.refuse(field, expected))?;
        if YEARS.contains(&date.year()) { Ok(date) } else { Err(self.refuse(field, expected_year())) }
    }

    /// A percentage such as `22%`.
    pub fn rate(&self, field: usize) -> Result<Rate, Problem> {
        self.text(field)?
            .parse()
            .map_err(|_| self.refuse(field, "expected a rate with its unit, such as 22%"))
    }

    /// A price a piece, zero or more.
    pub fn decimal(&self, field: usize) -> Result<Decimal, Problem> {
        let read = self.text(field)?.parse::<Decimal>().ok().filter(|price| !price.is_sign_negative());
        read.ok_or_else(|| self.refuse(field, "expected a price such as 10.50, zero or more"))
    }

    pub fn whole(&self, field: usize) -> Result<i64, Problem> {
        let text = self.text(field)?;
        let value =
            text.parse::<i64>().map_err(|_| self.refuse(field, "expected a whole number such as 1250"))?;
        if value.unsigned_abs() > PIECES_MAX.unsigned_abs() {
            return Err(self.refuse(field, format_args!("expected a number of at most {PIECES_MAX}")));
        }
        Ok(value)
    }

    pub fn count(&self, field: usize) -> Result<i64, Problem> {
        let value = self.whole(field)?;
        if value < 0 { Err(self.refuse(field, "expected a whole number, zero or more")) } else { Ok(value) }
    }

    pub fn small(&self, field: usize) -> Result<u32, Problem> {
        u32::try_from(self.whole(field)?)
            .map_err(|_| self.refuse(field, "expected a whole number, zero or more"))
    }

    pub fn money(&self, field: usize, currency: Currency) -> Result<Money, Problem> {
        let text = self.text(field)?;
        let too_large = || self.refuse(field, format_args!("expected an amount of at most {AMOUNT_MAX}"));
        let amount = Money::parse(text, currency).map_err(|error| match error {
            TypesError::TooPrecise { limit, .. } => {
                self.refuse(field, format_args!("expected at most {limit} decimals for {currency}"))
            }
            TypesError::AmountOutOfRange { .. } => too_large(),
            _ if text.chars().any(|c| c.is_alphabetic() || "$€£¥₩".contains(c)) => self.refuse(
                field,
                format_args!("expected a plain amount in {currency}, the currency of this book"),
            ),
            _ => self.refuse(field, "expected an amount such as 1234.50"),
        })?;
        let limit = currency.minor_per_major().saturating_mul(i128::from(AMOUNT_MAX));
        if amount.minor().abs() > limit { Err(too_large()) } else { Ok(amount) }
    }

    /// An amount of zero or more.
    pub fn price(&self, field: usize, currency: Currency) -> Result<Money, Problem> {
        let amount = self.money(field, currency)?;
        if amount.is_negative() {
            return Err(self.refuse(field, "expected an amount of zero or more"));
        }
        Ok(amount)
    }
}

/// What is said of a date in another year.
pub fn expected_year() -> String {
    format!("expected a date in the years {} to {}", YEARS.start(), YEARS.end())
}

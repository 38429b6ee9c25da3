//! Reading one field at a time, each with the problem it may have.

use std::fmt::Display;
use std::path::Path;

use chrono::NaiveDate;
use endcap::types::{Currency, Money, TypesError};

use crate::common::date::DateFormat;
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Row, Table};

/// Opens a table and gives its rows with the columns asked for, in the order asked for.
pub fn rows<const N: usize>(
    path: &Path,
    number: usize,
    names: [&str; N],
    problems: &mut Problems,
    mut each: impl FnMut(&Reader<'_, '_, N>) -> Result<(), Problem>,
) {
    let table = match Table::open(path, number) {
        Ok(table) => table,
        Err(problem) => return problems.push(problem),
    };
    let mut columns = Vec::with_capacity(N);
    for name in names {
        match table.column(name) {
            Ok(column) => columns.push(column),
            Err(problem) => problems.push(problem),
        }
    }
    let Ok(columns) = <[Column; N]>::try_from(columns) else { return };
    table.for_each(problems, |row, problems| {
        if let Err(problem) = each(&Reader { row, columns: &columns }) {
            problems.push(problem);
        }
    });
}

/// One row whose fields are asked for by position among the columns named.
pub struct Reader<'a, 'data, const N: usize> {
    pub row: &'a Row<'data>,
    columns: &'a [Column; N],
}

impl<const N: usize> Reader<'_, '_, N> {
    pub fn text(&self, field: usize) -> Result<&str, Problem> {
        Ok(self.row.text(self.columns[field])?.trim())
    }

    /// Says that a field is not what was expected.
    pub fn refuse(&self, field: usize, expected: impl Display) -> Problem {
        self.row.problem(self.columns[field], expected)
    }

    /// A field that must not be empty, through a checked constructor such as an id's.
    pub fn id<T>(&self, field: usize, make: impl Fn(&str) -> Result<T, TypesError>) -> Result<T, Problem> {
        make(self.text(field)?).map_err(|error| self.refuse(field, format_args!("expected an id: {error}")))
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
        DateFormat::Iso
            .read(self.row.get(self.columns[field]))
            .map_err(|expected| self.refuse(field, expected))
    }

    pub fn whole(&self, field: usize) -> Result<i64, Problem> {
        let text = self.text(field)?;
        let value = text.parse::<i64>().ok().filter(|v| v.abs() <= 1_000_000_000_000);
        value.ok_or_else(|| self.refuse(field, "expected a whole number such as 1250"))
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
        Money::parse(text, currency).map_err(|error| match error {
            TypesError::TooPrecise { limit, .. } => {
                self.refuse(field, format_args!("expected at most {limit} decimals for {currency}"))
            }
            TypesError::AmountOutOfRange { .. } => self.refuse(field, "expected a smaller amount"),
            _ if text.chars().any(|c| c.is_alphabetic() || "$€£¥₩".contains(c)) => self.refuse(
                field,
                format_args!("expected a plain amount in {currency}, the currency of this book"),
            ),
            _ => self.refuse(field, "expected an amount such as 1234.50"),
        })
    }
}

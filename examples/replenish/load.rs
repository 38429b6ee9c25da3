//! Stock, order rules and goods in transit of each series.

use std::collections::BTreeMap;
use std::path::Path;

use endcap::inventory::limits::UNLIMITED;

use crate::Args;
use crate::common::date::DateFormat;
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Row, Table};
use crate::common::weekly::{Weekly, pieces};

/// Columns in the order of the sales file, in pieces.
#[derive(Debug, Default)]
pub struct Book {
    pub on_hand: Vec<i64>,
    pub unusable: Vec<i64>,
    pub case_pack: Vec<i64>,
    pub minimum: Vec<i64>,
    pub pallet: Vec<i64>,
    pub shelf_capacity: Vec<i64>,
    pub promotion: Vec<i64>,
    /// Arriving in the next weeks, nearest first; one week less than the lead time.
    pub arriving: Vec<Vec<i64>>,
}

/// Where each series stands in the sales file.
fn places(sales: &Weekly<i64>) -> BTreeMap<&[String], usize> {
    sales.ids.iter().map(Vec::as_slice).zip(0..).collect()
}

/// Finds the columns that name a series.
fn id_columns(table: &Table, sales: &Weekly<i64>, problems: &mut Problems) -> Option<Vec<Column>> {
    let found: Vec<_> = sales.id_columns.iter().map(|name| table.column(name)).collect();
    let mut columns = Vec::new();
    for column in found {
        match column {
            Ok(column) => columns.push(column),
            Err(problem) => problems.push(problem),
        }
    }
    (columns.len() == sales.id_columns.len()).then_some(columns)
}

fn place(row: &Row<'_>, ids: &[Column], places: &BTreeMap<&[String], usize>) -> Result<usize, Problem> {
    let mut id = Vec::new();
    for column in ids {
        id.push(row.text(*column)?.trim().to_owned());
    }
    places
        .get(id.as_slice())
        .copied()
        .ok_or_else(|| row.problem(ids[0], "expected a series of the sales file"))
}

/// Reads the stock file.
pub fn stock(args: &Args, path: &Path, sales: &Weekly<i64>, problems: &mut Problems) -> Book {
    let series = sales.ids.len();
    let mut book = Book {
        on_hand: vec![0; series],
        unusable: vec![0; series],
        case_pack: vec![1; series],
        minimum: vec![0; series],
        pallet: vec![0; series],
        shelf_capacity: vec![UNLIMITED; series],
        promotion: vec![0; series],
        arriving: vec![vec![0; args.lead - 1]; series],
    };
    let table = match Table::open(path, 2) {
        Ok(table) => table,
        Err(problem) => {
            problems.push(problem);
            return book;
        }
    };
    let Some(ids) = id_columns(&table, sales, problems) else { return book };
    let mut wanted = Vec::new();
    let optional = ["unusable", "case_pack", "minimum", "pallet", "shelf_capacity", "promotion"];
    for (slot, name) in (0..).zip(core::iter::once(args.on_hand.as_str()).chain(optional)) {
        if slot == 0 || table.columns().iter().any(|column| column == name) {
            match table.column(name) {
                Ok(column) => wanted.push((slot, column)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    let mut transit = Vec::new();
    for name in &args.in_transit {
        match table.column(name.trim()) {
            Ok(column) => transit.push(column),
            Err(problem) => problems.push(problem),
        }
    }
    let source = table.source().clone();
    if transit.len() >= args.lead.max(1) {
        let text = format!(
            "expected at most {} --in-transit columns with a lead time of {}",
            args.lead - 1,
            args.lead
        );
        problems.push(Problem::file(&source, text));
    }
    let places = places(sales);
    let mut seen = vec![false; series];
    table.for_each(problems, |row, problems| {
        let at = match place(row, &ids, &places) {
            Ok(at) => at,
            Err(problem) => return problems.push(problem),
        };
        if core::mem::replace(&mut seen[at], true) {
            problems.push(row.problem(ids[0], "expected each series once"));
        }
        for (slot, column) in &wanted {
            match pieces(row.get(*column).trim_ascii()) {
                Ok(0) if *slot == 2 => {
                    problems.push(row.problem(*column, "expected at least 1 piece in a case"))
                }
                Ok(value) => {
                    let columns = [
                        &mut book.on_hand,
                        &mut book.unusable,
                        &mut book.case_pack,
                        &mut book.minimum,
                        &mut book.pallet,
                        &mut book.shelf_capacity,
                        &mut book.promotion,
                    ];
                    if let Some(list) = columns.into_iter().nth(*slot) {
                        list[at] = value;
                    }
                }
                Err(expected) => problems.push(row.problem(*column, expected)),
            }
        }
        if let Some((_, column)) = wanted.iter().find(|(slot, _)| *slot == 1)
            && book.unusable[at] > book.on_hand[at]
        {
            let text = format!("expected at most the {} pieces on hand", book.on_hand[at]);
            problems.push(row.problem(*column, text));
        }
        for (week, column) in transit.iter().enumerate() {
            match pieces(row.get(*column).trim_ascii()) {
                Ok(value) => book.arriving[at].get_mut(week).into_iter().for_each(|slot| *slot += value),
                Err(expected) => problems.push(row.problem(*column, expected)),
            }
        }
    });
    for (id, seen) in sales.ids.iter().zip(seen) {
        if !seen {
            problems.push(Problem::file(
                &source,
                format!("expected a row {}, which the sales have", id.join(",")),
            ));
        }
    }
    book
}

/// Adds the goods in transit of a file with one line a delivery.
pub fn pipeline(path: &Path, sales: &Weekly<i64>, lead: usize, book: &mut Book, problems: &mut Problems) {
    let table = match Table::open(path, 3) {
        Ok(table) => table,
        Err(problem) => return problems.push(problem),
    };
    let Some(ids) = id_columns(&table, sales, problems) else { return };
    let (due, quantity) = match (table.column("due"), table.column("pieces")) {
        (Ok(due), Ok(quantity)) => (due, quantity),
        (due, quantity) => {
            for problem in [due.err(), quantity.err()].into_iter().flatten() {
                problems.push(problem);
            }
            return;
        }
    };
    let Some(last) = sales.weeks.last().copied() else { return };
    let places = places(sales);
    table.for_each(problems, |row, problems| {
        let read = place(row, &ids, &places).and_then(|at| {
            let day = DateFormat::Iso.read(row.get(due)).map_err(|text| row.problem(due, text))?;
            let weeks = (day - last).num_days().div_euclid(7);
            let week = usize::try_from(weeks - 1).ok().filter(|week| *week < lead - 1);
            let week = week.ok_or_else(|| {
                let text = match lead - 1 {
                    0 => "expected no deliveries: with a lead time of 1 the order itself is the next"
                        .to_owned(),
                    weeks => format!("expected a day in the {weeks} weeks after the week of {last}"),
                };
                row.problem(due, text)
            })?;
            let count = pieces(row.get(quantity).trim_ascii()).map_err(|text| row.problem(quantity, text))?;
            Ok((at, week, count))
        });
        match read {
            Ok((at, week, count)) => book.arriving[at][week] += count,
            Err(problem) => problems.push(problem),
        }
    });
}

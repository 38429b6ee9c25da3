//! Sales, activities and cost pools.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use endcap::account::CostPool;
use endcap::types::{AccountId, Currency, Exact, Money, RoundingMode};
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::Args;
use crate::common::amount::AmountReader;
use crate::common::chains::place;
use crate::common::problems::{Problem, Problems, Source};
use crate::common::table::{Column, Row, Table};

/// Where the inputs are.
pub struct Files {
    pub sales: PathBuf,
    pub activities: PathBuf,
    pub rates: PathBuf,
}

/// A cost pool with its name.
pub struct Pool {
    pub name: String,
    pub cost: Money,
    pub activities: BTreeSet<String>,
    pub pool: CostPool,
}

/// Everything that was read: net revenue and product cost in minor units, quantities by activity.
pub struct Book {
    pub currency: Currency,
    pub pools: Vec<Pool>,
    pub sales: BTreeMap<AccountId, (i128, i128)>,
    pub activities: BTreeMap<AccountId, BTreeMap<String, Decimal>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatesFile {
    currency: Currency,
    pool: Vec<Spanned<PoolTerms>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolTerms {
    name: String,
    cost: String,
    capacity_minutes: i64,
    minutes: BTreeMap<String, i64>,
}

pub fn read(files: &Files, args: &Args, problems: &mut Problems) -> Option<Book> {
    let (currency, pools, known) = rates(&files.rates, 2, problems)?;
    let sales = sales(&files.sales, currency, args, problems);
    let activities = activities(&files.activities, &known, args, problems);
    Some(Book { currency, pools, sales: sales?, activities: activities? })
}

fn rates(
    path: &Path,
    number: usize,
    problems: &mut Problems,
) -> Option<(Currency, Vec<Pool>, BTreeSet<String>)> {
    let source = Source::new(path, number);
    let text = std::fs::read_to_string(path)
        .map_err(|error| problems.push(Problem::file(&source, format_args!("cannot be read: {error}"))))
        .ok()?;
    let file: RatesFile = match toml::from_str(&text) {
        Ok(file) => file,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let (line, column) = place(&text, span.start);
            let value = text.get(span).unwrap_or_default().lines().next().unwrap_or_default();
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            let expected = format!("expected cost pools: {message}");
            problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
            return None;
        }
    };
    let mut pools = Vec::new();
    let mut seen = BTreeSet::new();
    for spanned in file.pool {
        let (line, column) = place(&text, spanned.span().start);
        let terms = spanned.into_inner();
        let mut refuse = |value: &str, expected: String| {
            problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
        };
        for activity in terms.minutes.keys() {
            if !seen.insert(activity.clone()) {
                refuse(activity, "expected each activity in one pool only".to_owned());
            }
        }
        let cost = match Money::parse(&terms.cost, file.currency) {
            Ok(cost) => cost,
            Err(error) => {
                refuse(&terms.cost, format!("expected a cost: {error}"));
                continue;
            }
        };
        let minutes = terms.minutes.iter().map(|(name, each)| (name.clone(), Decimal::from(*each)));
        match CostPool::new(cost, Decimal::from(terms.capacity_minutes), minutes) {
            Ok(pool) => {
                let activities = terms.minutes.into_keys().collect();
                pools.push(Pool { name: terms.name, cost, activities, pool });
            }
            Err(error) => refuse(&terms.name, format!("expected a usable pool: {error}")),
        }
    }
    Some((file.currency, pools, seen))
}

fn account(row: &Row<'_>, column: Column) -> Result<AccountId, Problem> {
    AccountId::new(row.text(column)?.trim())
        .map_err(|error| row.problem(column, format!("expected a customer: {error}")))
}

fn sales(
    path: &Path,
    currency: Currency,
    args: &Args,
    problems: &mut Problems,
) -> Option<BTreeMap<AccountId, (i128, i128)>> {
    let table = Table::open(path, 0).map_err(|problem| problems.push(problem)).ok()?;
    let mut find = |name: &str| table.column(name).map_err(|problem| problems.push(problem)).ok();
    let (customer, amount) = (find(&args.customer), find(&args.amount));
    let cost = if args.margin.is_none() { Some(find(&args.product_cost)?) } else { None };
    let (customer, amount) = (customer?, amount?);
    let reader = AmountReader::new(currency);
    // Product cost at a margin rate, rounded once a line.
    let at_margin = |minor: i64| -> Option<i128> {
        let rate = args.margin?.complement().ok()?.to_exact();
        rate.mul(&Exact::from_int(i128::from(minor))).ok()?.round_to_int(RoundingMode::HalfAwayFromZero).ok()
    };
    let mut sums: BTreeMap<AccountId, (i128, i128)> = BTreeMap::new();
    table.for_each(problems, |row, problems| {
        let read = |column| reader.read(row.get(column)).map_err(|expected| row.problem(column, expected));
        let line = || -> Result<(AccountId, i64, i128), Problem> {
            let (account, amount) = (account(row, customer)?, read(amount)?);
            let cost = match cost {
                Some(column) => i128::from(read(column)?),
                None => at_margin(amount).unwrap_or(0),
            };
            Ok((account, amount, cost))
        };
        match line() {
            Ok((account, amount, cost)) => {
                let sum = sums.entry(account).or_default();
                // 64-bit lines: 128 bits hold the sum of any file.
                *sum = (sum.0 + i128::from(amount), sum.1 + cost);
            }
            Err(problem) => problems.push(problem),
        }
    });
    if sums.is_empty() && problems.is_empty() {
        problems.push(Problem::file(&Source::new(path, 0), "has a header but no line"));
    }
    Some(sums)
}

fn activities(
    path: &Path,
    known: &BTreeSet<String>,
    args: &Args,
    problems: &mut Problems,
) -> Option<BTreeMap<AccountId, BTreeMap<String, Decimal>>> {
    let table = Table::open(path, 1).map_err(|problem| problems.push(problem)).ok()?;
    let mut find = |name: &str| table.column(name).map_err(|problem| problems.push(problem)).ok();
    let columns = (find(&args.customer), find("activity"), find("quantity"));
    let (customer, activity, quantity) = (columns.0?, columns.1?, columns.2?);
    let mut volumes: BTreeMap<AccountId, BTreeMap<String, Decimal>> = BTreeMap::new();
    table.for_each(problems, |row, problems| {
        let line = || -> Result<(AccountId, String, Decimal), Problem> {
            let name = row.text(activity)?.trim().to_owned();
            if !known.contains(&name) {
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                return Err(
                    row.problem(activity, format!("expected an activity of a pool: {}", names.join(", ")))
                );
            }
            let number = row.text(quantity)?.trim().parse::<Decimal>().ok();
            let number = number.filter(|number| *number >= Decimal::ZERO);
            let number =
                number.ok_or_else(|| row.problem(quantity, "expected a quantity of zero or more"))?;
            Ok((account(row, customer)?, name, number))
        };
        match line() {
            Ok((account, name, number)) => {
                let slot = volumes.entry(account).or_default().entry(name).or_default();
                match slot.checked_add(number) {
                    Some(sum) => *slot = sum,
                    None => problems.push(row.problem(quantity, "expected a smaller quantity")),
                }
            }
            Err(problem) => problems.push(problem),
        }
    });
    Some(volumes)
}

//! Weekly rows and events from files that people wrote.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use endcap::types::{Currency, Exact, Money};
use rust_decimal::Decimal;

use super::Args;
use super::common::problems::{Problem, Problems};
use super::common::table::{Column, Row, Table};

/// One week of one account.
#[derive(Debug, Clone, Copy, Default)]
pub struct Observation {
    pub units: f64,
    pub price: Option<f64>,
    pub display: f64,
    pub feature: f64,
    pub flagged: bool,
}

/// Weeks by number, per account.
pub type Accounts = BTreeMap<String, BTreeMap<i64, Observation>>;

/// One event of one account; weeks are numbers, the last included.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    pub account: String,
    pub first: i64,
    pub last: i64,
    pub money: Option<(Exact, Money)>,
}

/// How week numbers were written.
#[derive(Debug, Clone, Copy)]
pub enum Weeks {
    /// Days since 1970 divided by seven, with the weekday of the file.
    Dates { weekday: i64 },
    /// Numbers, or the order of the rows.
    Numbers,
}

impl Weeks {
    /// A week as it was written.
    pub fn show(self, week: i64) -> String {
        match self {
            Self::Numbers => week.to_string(),
            Self::Dates { weekday } => {
                NaiveDate::from_epoch_days(i32::try_from(week * 7 + weekday).unwrap_or(0))
                    .map_or_else(|| week.to_string(), |date| date.to_string())
            }
        }
    }
}

pub struct Loaded {
    pub accounts: Accounts,
    pub events: Vec<Event>,
    /// Places in `events`, by account.
    by_account: BTreeMap<String, Vec<usize>>,
    pub weeks: Weeks,
    pub priced: bool,
    pub featured: bool,
}

impl Loaded {
    /// The events of one account.
    pub fn events_of(&self, account: &str) -> impl Iterator<Item = &Event> {
        self.by_account.get(account).into_iter().flatten().map(|at| &self.events[*at])
    }
}

fn number(row: &Row<'_>, column: Column, expected: &str) -> Result<f64, Problem> {
    let value = row.text(column)?.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    value.ok_or_else(|| row.problem(column, expected))
}

/// A week number: a date on one weekday, or a whole number.
fn week(row: &Row<'_>, column: Column, weeks: &mut Option<Weeks>) -> Result<i64, Problem> {
    let text = row.text(column)?.trim();
    if let Ok(date) = text.parse::<NaiveDate>() {
        let days = i64::from(date.to_epoch_days());
        let own = days.rem_euclid(7);
        return match weeks.get_or_insert(Weeks::Dates { weekday: own }) {
            Weeks::Dates { weekday } if *weekday == own => Ok((days - own) / 7),
            Weeks::Dates { .. } => {
                Err(row.problem(column, "expected the same weekday as the first week of the file"))
            }
            Weeks::Numbers => Err(row.problem(column, "expected a week number like the rows before")),
        };
    }
    match (text.parse::<i64>(), weeks.get_or_insert(Weeks::Numbers)) {
        (Ok(number), Weeks::Numbers) => Ok(number),
        _ => Err(row.problem(column, "expected a date such as 2025-06-02, or a week number")),
    }
}

/// Reads everything; all problems of all files at once.
pub fn load(args: &Args, file: &Path, events: Option<&Path>, problems: &mut Problems) -> Option<Loaded> {
    let mut weeks = None;
    let (accounts, priced, featured) = read_weeks(args, file, &mut weeks, problems)?;
    let events = match events {
        Some(path) => read_events(args, path, &accounts, &mut weeks, problems)?,
        None => detect(args, &accounts),
    };
    let mut by_account: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, event) in events.iter().enumerate() {
        by_account.entry(event.account.clone()).or_default().push(at);
    }
    Some(Loaded { accounts, events, by_account, weeks: weeks.unwrap_or(Weeks::Numbers), priced, featured })
}

fn read_weeks(
    args: &Args,
    path: &Path,
    weeks: &mut Option<Weeks>,
    problems: &mut Problems,
) -> Option<(Accounts, bool, bool)> {
    let table = Table::open(path, 0).map_err(|problem| problems.push(problem)).ok()?;
    let before = problems.len();
    let mut find = |name: &Option<String>| -> Option<Column> {
        let name = name.as_ref()?;
        table.column(name).map_err(|problem| problems.push(problem)).ok()
    };
    let keys: Vec<Option<Column>> =
        args.account.split(',').map(|name| find(&Some(name.trim().to_owned()))).collect();
    let units = find(&Some(args.units.clone()));
    let week_column = find(&args.week.clone().filter(|name| name != "none"));
    // Not asked for by name: used if it is there.
    let or_usual = |name: &Option<String>, usual: &str| match name {
        Some(name) => Some(name.clone()).filter(|name| name != "none"),
        None => table.column(usual).is_ok().then(|| usual.to_owned()),
    };
    let price_column = find(&or_usual(&args.price, "price"));
    let display = find(&or_usual(&args.display, "display"));
    if args.event_display.is_some() && or_usual(&args.display, "display").is_none() {
        find(&Some("display".to_owned()));
    }
    let feature = find(&args.feature.clone().filter(|name| name != "none"));
    let flag = find(&args.event_column);
    let (Some(keys), Some(units)) = (keys.into_iter().collect::<Option<Vec<_>>>(), units) else {
        return None;
    };
    if problems.len() > before {
        return None;
    }
    let mut accounts = Accounts::new();
    table.for_each(problems, |row, problems| {
        let mut read = || -> Result<(), Problem> {
            let names: Result<Vec<&str>, Problem> = keys.iter().map(|key| row.text(*key)).collect();
            let account = accounts.entry(names?.join("/")).or_default();
            let at = match week_column {
                Some(column) => week(row, column, weeks)?,
                None => account.len() as i64,
            };
            let mut sold = number(row, units, "expected a number of units")?;
            if args.units_log {
                sold = sold.exp();
            }
            if sold < 0.0 {
                return Err(row.problem(units, "expected units that are not negative"));
            }
            let share =
                |column: Option<Column>| column.map_or(Ok(0.0), |c| number(row, c, "expected a share"));
            let price = match price_column {
                Some(column) if !row.text(column)?.trim().is_empty() => {
                    Some(number(row, column, "expected a price, or nothing where it is unknown")?)
                }
                _ => None,
            };
            if price.is_some_and(|p| p <= 0.0) {
                return Err(row.problem(price_column.unwrap_or(units), "expected a price above zero"));
            }
            let (display, feature) = (share(display)?, share(feature)?);
            let flagged = flag.map_or(Ok(0.0), |column| number(row, column, "expected 0 or 1"))? > 0.0
                || args.event_display.is_some_and(|limit| display >= limit);
            let observation = Observation { units: sold, price, display, feature, flagged };
            if account.insert(at, observation).is_some() {
                return Err(
                    row.problem(units, "expected each week of an account once; this one is given twice")
                );
            }
            Ok(())
        };
        if let Err(problem) = read() {
            problems.push(problem);
        }
    });
    Some((accounts, price_column.is_some(), feature.is_some()))
}

fn read_events(
    args: &Args,
    path: &Path,
    accounts: &Accounts,
    weeks: &mut Option<Weeks>,
    problems: &mut Problems,
) -> Option<Vec<Event>> {
    let table = Table::open(path, 1).map_err(|problem| problems.push(problem)).ok()?;
    let mut find = |name: &str| table.column(name).map_err(|problem| problems.push(problem)).ok();
    let (id, account, first, last) =
        (find("event")?, find("account")?, find("first_week")?, find("last_week")?);
    let margin = table.column("unit_margin").ok();
    let spend = table.column("spend").ok();
    let mut events: Vec<Event> = Vec::new();
    table.for_each(problems, |row, problems| {
        let mut read = || -> Result<Event, Problem> {
            let own = row.text(account)?.to_owned();
            if !accounts.contains_key(&own) {
                return Err(row.problem(account, "expected an account of the weekly file"));
            }
            let (from, to) = (week(row, first, weeks)?, week(row, last, weeks)?);
            if to < from {
                return Err(row.problem(last, "expected a week that is not before the first"));
            }
            let amount = |column: Option<Column>| -> Result<Option<Decimal>, Problem> {
                let Some(column) = column else { return Ok(None) };
                let text = row.text(column)?.trim();
                if text.is_empty() {
                    return Ok(None);
                }
                let value = text.parse::<Decimal>().ok();
                value.map(Some).ok_or_else(|| row.problem(column, "expected an amount such as 2.80"))
            };
            let money = match (amount(margin)?, amount(spend)?) {
                (Some(per_unit), Some(cost)) => {
                    Some(terms(per_unit, cost, args.currency).ok_or_else(|| {
                        row.problem(spend.unwrap_or(id), "expected an amount in whole minor units, in range")
                    })?)
                }
                _ => None,
            };
            Ok(Event { id: row.text(id)?.to_owned(), account: own, first: from, last: to, money })
        };
        match read() {
            Ok(event)
                if events.iter().any(|known| known.id == event.id && known.account == event.account) =>
            {
                problems
                    .push(row.problem(id, "expected each event of an account once; this one is given twice"));
            }
            Ok(event) => events.push(event),
            Err(problem) => problems.push(problem),
        }
    });
    events.sort_by(|a, b| a.id.cmp(&b.id));
    Some(events)
}

fn terms(per_unit: Decimal, cost: Decimal, currency: Currency) -> Option<(Exact, Money)> {
    let spend = Money::from_decimal(cost, currency).ok()?;
    let one = Money::from_decimal(Decimal::ONE, currency).ok()?;
    let margin = Exact::from_decimal(per_unit).mul(&Exact::from_int(one.minor())).ok()?;
    Some((margin, spend))
}

/// Consecutive flagged weeks of an account are one event.
fn detect(args: &Args, accounts: &Accounts) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (account, weeks) in accounts {
        let mut open: Option<Event> = None;
        for (week, _) in weeks.iter().filter(|(_, seen)| seen.flagged) {
            match &mut open {
                Some(event) if event.last + 1 == *week => event.last = *week,
                _ => {
                    events.extend(open.take());
                    let id = format!("{account}#{week}");
                    open =
                        Some(Event { id, account: account.clone(), first: *week, last: *week, money: None });
                }
            }
        }
        events.extend(open);
    }
    events.truncate(args.most_events);
    events
}

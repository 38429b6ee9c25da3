//! Invoice lines to stores, as a wholesaler or a state monopoly publishes them: one big file, summed while it is read.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use endcap::calendar::Period;
use endcap::types::{AccountId, Currency, DocumentId, Money, SkuId, StoreId};
use rustc_hash::FxHashMap;

use super::master::{columns, own_store_name, products, stores, title_case};
use crate::book::{Account, Book, Movement, Sale, Source};
use crate::common::amount::AmountReader;
use crate::common::chains::Chains;
use crate::common::fields::{ID_CHARS_MAX, YEARS, expected_year};
use crate::common::problems::{Problem, Problems};
use crate::common::table::{Table, threads};
use crate::options::Options;

/// What the lines of one account, item and month sum to.
#[derive(Default, Clone, Copy)]
struct Sum {
    units: i64,
    amount: i64,
    /// Lines below zero: goods that came back. Kept positive.
    returned_units: i64,
    returned_amount: i64,
    overflow: bool,
}

impl Sum {
    fn line(units: i64, amount: i64) -> Self {
        let zero = Self::default();
        if units < 0 || amount < 0 {
            Self { returned_units: units.saturating_neg(), returned_amount: amount.saturating_neg(), ..zero }
        } else {
            Self { units, amount, ..zero }
        }
    }

    fn add(&mut self, other: Self) {
        let mut overflow = self.overflow || other.overflow;
        let mut sum = |a: i64, b: i64| {
            a.checked_add(b).unwrap_or_else(|| {
                overflow = true;
                0
            })
        };
        self.units = sum(self.units, other.units);
        self.amount = sum(self.amount, other.amount);
        self.returned_units = sum(self.returned_units, other.returned_units);
        self.returned_amount = sum(self.returned_amount, other.returned_amount);
        self.overflow = overflow;
    }
}

/// Month as a number that sorts: year × 12 + month − 1.
fn month_number(date: NaiveDate) -> i32 {
    date.year() * 12 + date.month0() as i32
}

fn month_period(number: i32) -> Option<Period> {
    Period::month(number.div_euclid(12), u32::try_from(number.rem_euclid(12)).ok()? + 1).ok()
}

#[derive(Default)]
struct Part {
    stores: FxHashMap<Vec<u8>, u32>,
    store_names: Vec<Vec<u8>>,
    items: FxHashMap<Vec<u8>, u32>,
    item_names: Vec<Vec<u8>>,
    sums: FxHashMap<(u32, u32, i32), Sum>,
    rows: u64,
    last_date: Option<(Vec<u8>, i32)>,
    last_day: Option<NaiveDate>,
    /// Names of stores as the lines give them, by the number of the store.
    shops: Vec<Option<Vec<u8>>>,
}

impl Part {
    /// Keeps the name of a store; of several the first in order of letters, so that the order of lines changes nothing.
    fn call(&mut self, store: u32, name: &[u8]) {
        let position = store as usize;
        if self.shops.len() <= position {
            self.shops.resize(position + 1, None);
        }
        let known = &mut self.shops[position];
        if !name.is_empty() && known.as_deref().is_none_or(|known| name < known) {
            *known = Some(name.to_vec());
        }
    }
}

/// The number of a name; `None` where it is new and not an id.
fn checked(map: &mut FxHashMap<Vec<u8>, u32>, names: &mut Vec<Vec<u8>>, name: &[u8]) -> Option<u32> {
    let known = map.get(name).copied();
    known.or_else(|| is_id(name).then(|| intern(map, names, name)))
}

/// Whether a name can be the id of a store and of an item.
fn is_id(name: &[u8]) -> bool {
    let text = std::str::from_utf8(name).ok().filter(|text| text.chars().count() <= ID_CHARS_MAX);
    text.is_some_and(|text| StoreId::new(text).is_ok())
}

fn intern(map: &mut FxHashMap<Vec<u8>, u32>, names: &mut Vec<Vec<u8>>, name: &[u8]) -> u32 {
    if let Some(id) = map.get(name) {
        return *id;
    }
    let id = u32::try_from(names.len()).unwrap_or(u32::MAX);
    map.insert(name.to_vec(), id);
    names.push(name.to_vec());
    id
}

/// A book of invoice lines, and how many lines there were and the last day among them.
pub struct Lines {
    pub book: Book,
    pub rows: u64,
    pub last_day: Option<NaiveDate>,
    /// Stores that the store table does not know; each is its own account.
    pub unknown_stores: usize,
}

/// Reads sales, stores and products, and sums the lines by account, item and month.
pub fn read(options: &Options, chains: &Chains, currency: Currency, problems: &mut Problems) -> Lines {
    let amounts = AmountReader::new(currency);
    let mut merged = Part::default();
    for (number, path) in options.sales.iter().enumerate() {
        let table = match Table::open(path, number) {
            Ok(table) => table,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let fields = ["date", "store", "item", "units", "amount"];
        let Some([date, store, item, units, amount]) = columns(&table, fields, options, problems) else {
            continue;
        };
        let shop = options.stores.is_none().then(|| own_store_name(&table, options, problems)).flatten();
        let format = options.dates;
        let parts = table.for_each_parallel(threads(), problems, Part::default, |part, row, problems| {
            let text = row.get(date);
            let month = match &part.last_date {
                Some((last, month)) if last == text => *month,
                _ => match format.read(text) {
                    Ok(day) if !YEARS.contains(&day.year()) => {
                        return problems.push(row.problem(date, expected_year()));
                    }
                    Ok(day) => {
                        let month = month_number(day);
                        part.last_date = Some((text.to_vec(), month));
                        part.last_day = part.last_day.max(Some(day));
                        month
                    }
                    Err(expected) => return problems.push(row.problem(date, expected)),
                },
            };
            let minor = match amounts.read(row.get(amount)) {
                Ok(minor) => minor,
                Err(expected) => return problems.push(row.problem(amount, expected)),
            };
            let Some(count) = whole(row.get(units)) else {
                return problems.push(row.problem(units, "expected a whole number such as 12"));
            };
            if count.signum() * minor.signum() < 0 {
                let text = "expected an amount with the sign of the units; a price correction has zero units";
                return problems.push(row.problem(amount, text));
            }
            let name = row.get(store).trim_ascii();
            let Some(store) = checked(&mut part.stores, &mut part.store_names, name) else {
                let text = format!("expected a store id of 1 to {ID_CHARS_MAX} characters");
                return problems.push(row.problem(store, text));
            };
            if let Some(shop) = shop {
                part.call(store, row.get(shop).trim_ascii());
            }
            let name = row.get(item).trim_ascii();
            let Some(item) = checked(&mut part.items, &mut part.item_names, name) else {
                let text = format!("expected an item id of 1 to {ID_CHARS_MAX} characters");
                return problems.push(row.problem(item, text));
            };
            part.sums.entry((store, item, month)).or_default().add(Sum::line(count, minor));
            part.rows += 1;
        });
        for part in parts {
            merge(&mut merged, part);
        }
    }
    let mut book = Book::new("Key accounts from invoice lines", "", Source::LinesOnly, currency);
    let mut names = stores(options, problems);
    for (id, name) in merged.store_names.iter().zip(&merged.shops) {
        if let Some(name) = name {
            names
                .insert(String::from_utf8_lossy(id).into_owned(), String::from_utf8_lossy(name).into_owned());
        }
    }
    let mut unknown_stores = 0;
    let source = crate::common::problems::Source::new(&options.sales[0], 0);
    let accounts: Vec<Option<AccountId>> = merged
        .store_names
        .iter()
        .map(|id| {
            let id = String::from_utf8_lossy(id).into_owned();
            let name = names.get(&id);
            unknown_stores += usize::from(name.is_none() && options.stores.is_some());
            let account = match name {
                Some(name) => chains.account(&id, name),
                None => crate::common::chains::independent(&id),
            };
            let Ok(account) = AccountId::new(account.as_str()) else {
                let text = format!("{account:?} of store {id}: expected an account of 1 to 64 characters");
                problems.push(Problem::file(&source, text));
                return None;
            };
            let shown = name.cloned().unwrap_or_else(|| id.clone());
            let independent = account.as_str().starts_with("IND:");
            let entry = book.accounts.entry(account.clone()).or_insert_with(|| Account {
                name: if independent { title_case(&shown) } else { title_case(account.as_str()) },
                name_zh: String::new(),
                format: if independent { "independent".to_owned() } else { "chain".to_owned() },
                stores: Vec::new(),
            });
            entry.stores.push(StoreId::new(id.as_str()).ok()?);
            Some(account)
        })
        .collect();
    products(options, &merged.item_names, &mut book, problems);
    facts(&merged, &accounts, &mut book, options, problems);
    Lines { book, rows: merged.rows, last_day: merged.last_day, unknown_stores }
}

fn merge(into: &mut Part, part: Part) {
    let stores: Vec<u32> =
        part.store_names.iter().map(|name| intern(&mut into.stores, &mut into.store_names, name)).collect();
    let items: Vec<u32> =
        part.item_names.iter().map(|name| intern(&mut into.items, &mut into.item_names, name)).collect();
    for (number, name) in part.shops.iter().enumerate() {
        if let Some(name) = name {
            into.call(stores[number], name);
        }
    }
    for ((store, item, month), sum) in part.sums {
        let key = (stores[store as usize], items[item as usize], month);
        into.sums.entry(key).or_default().add(sum);
    }
    into.rows += part.rows;
    into.last_day = into.last_day.max(part.last_day);
}

/// A whole number; `12.0` is one, too.
fn whole(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let text = text
        .split_once('.')
        .filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0'))
        .map_or(text, |(whole, _)| whole);
    text.parse().ok()
}

/// One fact per account, item and month: as a sale and as a delivery, whichever the account's method asks for.
fn facts(
    merged: &Part,
    accounts: &[Option<AccountId>],
    book: &mut Book,
    options: &Options,
    problems: &mut Problems,
) {
    let mut sums: BTreeMap<(i32, &AccountId, &[u8]), Sum> = BTreeMap::new();
    for ((store, item, month), sum) in &merged.sums {
        let Some(Some(account)) = accounts.get(*store as usize) else { continue };
        sums.entry((*month, account, &merged.item_names[*item as usize])).or_default().add(*sum);
    }
    let source = crate::common::problems::Source::new(&options.sales[0], 0);
    for ((month, account, item), sum) in sums {
        let (Some(period), Ok(sku)) =
            (month_period(month), SkuId::new(String::from_utf8_lossy(item).into_owned()))
        else {
            problems.push(Problem::file(
                &source,
                format_args!("item {:?} or its month is out of range", String::from_utf8_lossy(item)),
            ));
            continue;
        };
        let document = DocumentId::new(format!("{}-{}", period.start().format("%Y%m"), account));
        let money = |minor: i64| Money::from_minor(i128::from(minor), book.currency);
        let amounts = (money(sum.amount), money(sum.returned_amount));
        let ((Ok(bought), Ok(returned)), Ok(document), false) = (amounts, document, sum.overflow) else {
            problems.push(Problem::file(
                &source,
                format_args!("the sales of {account} do not fit 64 bits of minor units"),
            ));
            continue;
        };
        let date = period.last_day();
        let net = |pieces: i64, amount: Money| Sale {
            date,
            account: account.clone(),
            sku: sku.clone(),
            units: pieces,
            amount,
            promotion: None,
        };
        let moved = |pieces: i64, amount: Money| Movement {
            date,
            document: document.clone(),
            account: account.clone(),
            sku: sku.clone(),
            pieces,
            amount,
        };
        book.sales.push(net(sum.units, bought));
        book.deliveries.push(moved(sum.units, bought));
        if sum.returned_units != 0 || sum.returned_amount != 0 {
            book.sales.push(net(-sum.returned_units, returned.negated()));
            book.returns.push(moved(sum.returned_units, returned));
        }
    }
}

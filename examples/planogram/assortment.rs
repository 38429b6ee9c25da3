//! A real assortment: one vendor's items of a product list, with one account's sales as demand and sizes by a rule.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use endcap::shelf::{FacingRule, Product, ProductSpec, SizeMm, Stocking};
use endcap::types::{CategoryId, SkuId};
use rust_decimal::Decimal;

use crate::Options;
use crate::common::chains::{Chains, independent};
use crate::common::date::DateFormat;
use crate::common::problems::{Problem, Problems};
use crate::common::stores::read_stores;
use crate::common::table::{Column, Row, Table, threads};

/// Common bottles: up to so many millilitres, width and height in millimetres; round, so as deep as wide.
const BOTTLES: [(u32, u32, u32); 9] = [
    (50, 35, 115),
    (100, 45, 145),
    (200, 62, 185),
    (375, 68, 215),
    (500, 72, 250),
    (750, 80, 300),
    (1_000, 88, 325),
    (1_750, 115, 335),
    (u32::MAX, 150, 360),
];

/// The smallest common bottle that holds a volume.
fn bottle(millilitres: u32) -> SizeMm {
    let fits = BOTTLES.iter().find(|(volume, _, _)| millilitres <= *volume);
    let (_, width, height) = *fits.unwrap_or(&BOTTLES[8]);
    SizeMm { width, height, depth: width }
}

/// Bottles sold, the days on which anything was sold, and the stores that sold.
#[derive(Default)]
struct Sold {
    bottles: BTreeMap<String, i64>,
    days: BTreeSet<NaiveDate>,
    stores: BTreeSet<String>,
}

/// Reads the assortment, best earners first.
pub fn read(products: &Path, options: &Options, problems: &mut Problems) -> Vec<Product> {
    let (Some(sales), Some(stores), Some(chains), Some(account)) =
        (&options.sales, &options.stores, &options.chains, &options.account)
    else {
        return Vec::new(); // the command line asks for all of them
    };
    let rules = Chains::read(chains, 3, problems);
    let names = read_stores(stores, 4, "store", "name", problems);
    if !problems.is_empty() {
        return Vec::new();
    }
    let ours = |store: &str| match names.get(store) {
        Some(name) => rules.account(store, name) == *account,
        None => independent(store) == *account,
    };
    let sold = sold(sales, &ours, problems);
    let mut found = items(products, options.vendor.as_deref(), &sold, problems);
    // The best earners, ties by id.
    found.sort_by_key(|spec| (Reverse(spec.weekly_units * spec.unit_margin), spec.sku.clone()));
    found.truncate(options.top);
    found.into_iter().filter_map(|spec| Product::new(spec).ok()).collect()
}

fn sold(path: &Path, ours: &(dyn Fn(&str) -> bool + Sync), problems: &mut Problems) -> Sold {
    let table = match Table::open(path, 2) {
        Ok(table) => table,
        Err(problem) => {
            problems.push(problem);
            return Sold::default();
        }
    };
    let mut missing = Vec::new();
    let mut find = |name: &str| table.column(name).map_err(|problem| missing.push(problem)).ok();
    let (date, store, item, bottles) = (find("date"), find("store"), find("item"), find("bottles"));
    let (Some(date), Some(store), Some(item), Some(bottles)) = (date, store, item, bottles) else {
        missing.into_iter().for_each(|problem| problems.push(problem));
        return Sold::default();
    };
    let parts =
        table.for_each_parallel(threads(), problems, Sold::default, |part: &mut Sold, row, problems| {
            if let Err(problem) = add(part, row, [date, store, item, bottles], ours) {
                problems.push(problem);
            }
        });
    let mut all = Sold::default();
    for part in parts {
        for (item, bottles) in part.bottles {
            *all.bottles.entry(item).or_default() += bottles;
        }
        all.days.extend(part.days);
        all.stores.extend(part.stores);
    }
    all
}

fn add(
    part: &mut Sold,
    row: &Row<'_>,
    [date, store, item, bottles]: [Column; 4],
    ours: &dyn Fn(&str) -> bool,
) -> Result<(), Problem> {
    let units: i64 = row
        .text(bottles)?
        .trim()
        .parse()
        .map_err(|_| row.problem(bottles, "expected a whole number of bottles"))?;
    let day = DateFormat::Iso.read(row.get(date)).map_err(|expected| row.problem(date, expected))?;
    let shop = row.text(store)?;
    if ours(shop) {
        let item = row.text(item)?;
        if let Some(sum) = part.bottles.get_mut(item) {
            *sum += units;
        } else {
            part.bottles.insert(item.to_owned(), units);
        }
        part.days.insert(day);
        if !part.stores.contains(shop) {
            part.stores.insert(shop.to_owned());
        }
    }
    Ok(())
}

fn items(path: &Path, vendor: Option<&str>, sold: &Sold, problems: &mut Problems) -> Vec<ProductSpec> {
    let table = match Table::open(path, 1) {
        Ok(table) => table,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let names = [
        "Item Number",
        "Category Name",
        "Item Description",
        "Vendor",
        "Vendor Name",
        "Bottle Volume (ml)",
        "State Bottle Cost",
        "State Bottle Retail",
    ];
    let mut missing = Vec::new();
    let columns: Vec<Option<Column>> =
        names.iter().map(|name| table.column(name).map_err(|problem| missing.push(problem)).ok()).collect();
    let columns: Option<Vec<Column>> = columns.into_iter().collect();
    let Some(&[item, category, name, vendor_number, vendor_name, volume, cost, retail]) = columns.as_deref()
    else {
        missing.into_iter().for_each(|problem| problems.push(problem));
        return Vec::new();
    };
    let weeks = match (sold.days.first(), sold.days.last()) {
        (Some(first), Some(last)) => Decimal::from((*last - *first).num_days() + 1) / Decimal::from(7),
        _ => return Vec::new(),
    };
    let stores = Decimal::from(sold.stores.len().max(1));
    let mut found = Vec::new();
    table.for_each(problems, |row, problems| {
        let read = || -> Result<Option<ProductSpec>, Problem> {
            if vendor.is_some_and(|vendor| row.get(vendor_number).trim_ascii() != vendor.as_bytes()) {
                return Ok(None);
            }
            let id = row.text(item)?.trim();
            let Some(bottles) = sold.bottles.get(id).filter(|bottles| **bottles > 0) else { return Ok(None) };
            let money = |column| -> Result<Decimal, Problem> {
                row.text(column)?
                    .trim()
                    .parse()
                    .map_err(|_| row.problem(column, "expected an amount such as 12.50"))
            };
            let millilitres: u32 = row
                .text(volume)?
                .trim()
                .parse()
                .map_err(|_| row.problem(volume, "expected a whole number of millilitres"))?;
            let margin = money(retail)? - money(cost)?;
            let sku = SkuId::new(id).map_err(|error| row.problem(item, error))?;
            let of = match row.text(category)?.trim() {
                "" => "OTHER",
                text => text,
            };
            let of = CategoryId::new(of).map_err(|error| row.problem(category, error))?;
            let text = row.text(name)?.trim();
            let first = text.split(' ').next().filter(|word| !word.is_empty());
            let brand = first.map_or_else(|| row.text(vendor_name), Ok)?;
            // One description stands for every size of bottle: a plan must tell them apart.
            let label = format!("{text} {millilitres}ml");
            let rule =
                FacingRule::new(1, 6, Stocking::MayDelist).map_err(|error| row.problem(item, error))?;
            Ok(Some(ProductSpec {
                weekly_units: (Decimal::from(*bottles) / weeks / stores).round_dp(3),
                unit_margin: margin,
                rule,
                ..ProductSpec::new(sku, label, brand, of, bottle(millilitres))
            }))
        };
        match read() {
            Ok(spec) => found.extend(spec),
            Err(problem) => problems.push(problem),
        }
    });
    found
}

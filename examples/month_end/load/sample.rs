//! The directory layout of a full book: the sample data, or an analyst's own files of the same names.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use endcap::calendar::{Grain, Period};
use endcap::types::{AccountId, CasePack, DocumentId, Money, PromotionId, Rate, SkuId, StoreId};
use rust_decimal::Decimal;

use super::terms::{Terms, read_pools};
use crate::book::{
    Account, Activity, Book, Count, Movement, OpenOrder, Payment, PromotionPlan, Sale, Sku, Source,
    SupplyPrice,
};
use crate::common::fields::{Reader, rows};
use crate::common::problems::{Problem, Problems};

/// Largest side of a piece, in millimetres.
const SIZE_MAX: u32 = 100_000;

/// Longest id of a promotion: its documents are called promotion/SKU.
const PROMOTION_CHARS_MAX: usize = 20;

const KNOWN_ACCOUNT: &str = "expected an account of accounts.csv";
const KNOWN_SKU: &str = "expected a SKU of skus.csv";
const PRICED: &str = "expected a SKU with a price in prices.csv for this account, from this day or before";

/// Reads every CSV file of `directory`, and its cost pools.
pub fn read(directory: &Path, terms: &Terms, problems: &mut Problems) -> Book {
    let currency = terms.currency;
    let mut book = Book::new("Sample supplier", "", Source::Full, currency);
    let before = problems.len();
    accounts(directory, &mut book, problems);
    skus(directory, &mut book, problems);
    if problems.len() > before {
        // Without accounts and SKUs every other line would be reported as unknown.
        return book;
    }
    let before = problems.len();
    prices(directory, &mut book, problems);
    // Without all prices and promotions, every line that asks for one would be reported, too.
    let priced = &Priced { required: problems.len() == before, told: RefCell::default() };
    let before = problems.len();
    promotions(directory, &mut book, priced, problems);
    let promoted = problems.len() == before;
    sales(directory, &mut book, priced, promoted, problems);
    book.deliveries = movements(&directory.join("deliveries.csv"), 5, &book, priced, problems);
    book.returns = movements(&directory.join("returns.csv"), 6, &book, priced, problems);
    stock(directory, &mut book, priced, problems);
    let before = problems.len();
    book.cost_pools = read_pools(&directory.join("activity_rates.toml"), 101, currency, problems);
    activities(directory, &mut book, problems.len() == before, problems);
    payments(directory, &mut book, terms, problems);
    if problems.is_empty() {
        super::cover::overlaps(terms, &book, problems);
        super::cover::silence(directory, &book, problems);
    }
    book
}

/// Whether every line must have a supply price, and for which it was said that they have none.
struct Priced {
    required: bool,
    told: RefCell<BTreeSet<(AccountId, SkuId)>>,
}

impl Priced {
    /// A problem where account and SKU, in this field, have no supply price on `date`; told once for each.
    fn check<const N: usize>(
        &self,
        row: &Reader<'_, '_, N>,
        field: usize,
        book: &Book,
        (account, sku): (&AccountId, &SkuId),
        date: NaiveDate,
    ) -> Result<(), Problem> {
        if !self.required || book.supply_price(account, sku, date).is_some() {
            return Ok(());
        }
        let first = self.told.borrow_mut().insert((account.clone(), sku.clone()));
        if first { Err(row.refuse(field, PRICED)) } else { Ok(()) }
    }
}

fn accounts(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let path = directory.join("accounts.csv");
    rows(&path, 0, ["account", "name", "name_zh", "format"], problems, |row| {
        let id = row.id(0, |t| AccountId::new(t))?;
        let account = Account {
            name: row.text(1)?.to_owned(),
            name_zh: row.text(2)?.to_owned(),
            format: row.text(3)?.to_owned(),
            stores: Vec::new(),
        };
        match book.accounts.insert(id, account) {
            None => Ok(()),
            Some(_) => Err(row.refuse(0, "expected each account once; it was given on a line above")),
        }
    });
    let mut seen = BTreeSet::new();
    rows(&directory.join("stores.csv"), 1, ["store", "account"], problems, |row| {
        let store = row.id(0, |t| StoreId::new(t))?;
        let account =
            row.known(1, |t| AccountId::new(t), |a| book.accounts.contains_key(a), KNOWN_ACCOUNT)?;
        if !seen.insert(store.clone()) {
            return Err(row.refuse(0, "expected each store once; it was given on a line above"));
        }
        if let Some(account) = book.accounts.get_mut(&account) {
            account.stores.push(store);
        }
        Ok(())
    });
}

fn skus(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let columns = [
        "sku",
        "name",
        "name_zh",
        "brand",
        "category",
        "case_pack",
        "vat_percent",
        "unit_cost",
        "width_mm",
        "height_mm",
        "depth_mm",
    ];
    let currency = book.currency;
    rows(&directory.join("skus.csv"), 2, columns, problems, |row| {
        let id = row.id(0, |t| SkuId::new(t))?;
        let expected_pack = "expected pieces in a case, such as 24";
        let expected_rate = "expected a tax rate in percent, such as 13";
        let size = |field: usize| match row.small(field)? {
            size @ 1..=SIZE_MAX => Ok(size),
            _ => Err(row.refuse(field, format_args!("expected millimetres, 1 to {SIZE_MAX}"))),
        };
        let sku = Sku {
            name: row.text(1)?.to_owned(),
            name_zh: row.text(2)?.to_owned(),
            brand: row.text(3)?.to_owned(),
            category: row.text(4)?.to_owned(),
            case_pack: CasePack::new(row.small(5)?).map_err(|_| row.refuse(5, expected_pack))?,
            vat: percent(row, 6, expected_rate)?,
            unit_cost: Some(row.price(7, currency)?),
            size_mm: Some((size(8)?, size(9)?, size(10)?)),
        };
        match book.skus.insert(id, sku) {
            None => Ok(()),
            Some(_) => Err(row.refuse(0, "expected each SKU once; it was given on a line above")),
        }
    });
}

fn percent<const N: usize>(row: &Reader<'_, '_, N>, field: usize, expected: &str) -> Result<Rate, Problem> {
    let fits = |v: &Decimal| !v.is_sign_negative() && *v <= Decimal::ONE_HUNDRED;
    let value = row.text(field)?.parse::<Decimal>().ok().filter(fits);
    value.and_then(|v| Rate::percent(v).ok()).ok_or_else(|| row.refuse(field, expected))
}

fn prices(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let mut prices: BTreeMap<(AccountId, SkuId), Vec<SupplyPrice>> = BTreeMap::new();
    rows(&directory.join("prices.csv"), 3, ["account", "sku", "from", "supply_price"], problems, |row| {
        let (account, sku) = pair(row, 0, book)?;
        let price = SupplyPrice { from: row.date(2)?, amount: row.price(3, book.currency)? };
        let list = prices.entry((account, sku)).or_default();
        if list.iter().any(|other| other.from == price.from) {
            return Err(row.refuse(2, "expected one price from each day; this day was given on a line above"));
        }
        list.push(price);
        list.sort_by_key(|p| p.from);
        Ok(())
    });
    book.prices = prices;
}

fn pair<const N: usize>(
    row: &Reader<'_, '_, N>,
    first: usize,
    book: &Book,
) -> Result<(AccountId, SkuId), Problem> {
    Ok((
        row.known(first, |t| AccountId::new(t), |a| book.accounts.contains_key(a), KNOWN_ACCOUNT)?,
        row.known(first + 1, |t| SkuId::new(t), |s| book.skus.contains_key(s), KNOWN_SKU)?,
    ))
}

fn sales(directory: &Path, book: &mut Book, priced: &Priced, promoted: bool, problems: &mut Problems) {
    let columns = ["date", "account", "sku", "units", "amount", "promotion"];
    let mut sales = Vec::new();
    rows(&directory.join("sales.csv"), 4, columns, problems, |row| {
        let (account, sku) = pair(row, 1, book)?;
        let date = row.date(0)?;
        priced.check(row, 2, book, (&account, &sku), date)?;
        let promotion = match row.text(5)? {
            "" => None,
            _ => Some(row.id(5, |t| PromotionId::new(t))?),
        };
        if let (Some(id), true) = (&promotion, promoted) {
            let plan = book.promotions.iter().find(|plan| plan.id == *id);
            let plan = plan.ok_or_else(|| row.refuse(5, "expected a promotion of promotions.csv"))?;
            if plan.account != account || !plan.skus.contains(&sku) {
                return Err(row.refuse(5, "expected a promotion of this account and SKU"));
            }
        }
        let (units, amount) = (row.whole(3)?, row.money(4, book.currency)?);
        if units.signum() * i64::from(amount.signum()) < 0 {
            return Err(row.refuse(4, "expected an amount with the sign of the units"));
        }
        sales.push(Sale { date, account, sku, units, amount, promotion });
        Ok(())
    });
    book.sales = sales;
}

fn movements(
    path: &Path,
    number: usize,
    book: &Book,
    priced: &Priced,
    problems: &mut Problems,
) -> Vec<Movement> {
    let mut movements = Vec::new();
    let mut seen = BTreeSet::new();
    rows(path, number, ["date", "document", "account", "sku", "pieces", "price"], problems, |row| {
        let (account, sku) = pair(row, 2, book)?;
        let document = row.id(1, |t| DocumentId::new(t))?;
        if !seen.insert((document.clone(), sku.clone())) {
            return Err(row.refuse(1, "expected each SKU once in a document; it was given on a line above"));
        }
        let date = row.date(0)?;
        priced.check(row, 3, book, (&account, &sku), date)?;
        let pieces = row.count(4)?;
        let amount = row.price(5, book.currency)?.checked_mul_int(pieces);
        let amount = amount.map_err(|_| row.refuse(4, "expected a smaller quantity"))?;
        movements.push(Movement { date, document, account, sku, pieces, amount });
        Ok(())
    });
    movements
}

/// First day of the first month in which anything was sold or delivered; the count on its eve opens the stock.
fn first_day(book: &Book) -> Option<NaiveDate> {
    let days = book.sales.iter().map(|s| s.date).chain(book.deliveries.iter().map(|d| d.date));
    Period::containing(Grain::Month, days.min()?).ok().map(Period::start)
}

fn stock(directory: &Path, book: &mut Book, priced: &Priced, problems: &mut Problems) {
    let mut counts = Vec::new();
    let mut seen = BTreeSet::new();
    rows(&directory.join("stock_counts.csv"), 7, ["date", "account", "sku", "pieces"], problems, |row| {
        let (account, sku) = pair(row, 1, book)?;
        let date = row.date(0)?;
        if !seen.insert((date, account.clone(), sku.clone())) {
            return Err(row.refuse(2, "expected one count a day; it was given on a line above"));
        }
        let pieces = row.count(3)?;
        if pieces > 0 {
            // A count opens the next day, at its prices.
            priced.check(row, 2, book, (&account, &sku), date.succ_opt().unwrap_or(date))?;
        }
        counts.push(Count { date, account, sku, pieces });
        Ok(())
    });
    let mut open_orders = Vec::new();
    let columns = ["ordered", "due", "account", "sku", "pieces"];
    rows(&directory.join("open_orders.csv"), 8, columns, problems, |row| {
        let (account, sku) = pair(row, 2, book)?;
        let (ordered, due) = (row.date(0)?, row.date(1)?);
        if due < ordered {
            return Err(row.refuse(1, "expected a day on or after that of the order"));
        }
        priced.check(row, 3, book, (&account, &sku), due)?;
        open_orders.push(OpenOrder { ordered, account, sku, pieces: row.count(4)? });
        Ok(())
    });
    (book.counts, book.open_orders) = (counts, open_orders);
}

fn activities(directory: &Path, book: &mut Book, pooled: bool, problems: &mut Problems) {
    let mut activities = Vec::new();
    let mut seen = BTreeSet::new();
    let known: BTreeSet<&str> =
        book.cost_pools.iter().flat_map(|pool| pool.minutes.keys().map(String::as_str)).collect();
    let expected = format!(
        "expected an activity of activity_rates.toml: {}",
        known.iter().copied().collect::<Vec<_>>().join(", ")
    );
    rows(
        &directory.join("activities.csv"),
        9,
        ["month", "account", "activity", "quantity"],
        problems,
        |row| {
            let month = crate::options::month(row.text(0)?);
            let month = month.ok_or_else(|| row.refuse(0, "expected a month such as 2026-06"))?;
            let account =
                row.known(1, |t| AccountId::new(t), |a| book.accounts.contains_key(a), KNOWN_ACCOUNT)?;
            let activity = row.text(2)?.to_owned();
            if pooled && !known.contains(activity.as_str()) {
                return Err(row.refuse(2, &expected));
            }
            if !seen.insert((month.start(), account.clone(), activity.clone())) {
                let text = "expected each activity once a month and account; it was given on a line above";
                return Err(row.refuse(2, text));
            }
            activities.push(Activity { month, account, activity, quantity: row.count(3)? });
            Ok(())
        },
    );
    book.activities = activities;
}

fn promotions(directory: &Path, book: &mut Book, priced: &Priced, problems: &mut Problems) {
    let columns = [
        "promotion",
        "account",
        "skus",
        "first_day",
        "last_day",
        "mechanic",
        "price_cut_percent",
        "funding_per_unit",
        "lump_sum",
    ];
    let mut promotions: BTreeMap<PromotionId, PromotionPlan> = BTreeMap::new();
    rows(&directory.join("promotions.csv"), 10, columns, problems, |row| {
        let id = row.id(0, |t| PromotionId::new(t))?;
        if id.as_str().chars().count() > PROMOTION_CHARS_MAX {
            let text = format!("expected an id of at most {PROMOTION_CHARS_MAX} characters");
            return Err(row.refuse(0, text));
        }
        let account =
            row.known(1, |t| AccountId::new(t), |a| book.accounts.contains_key(a), KNOWN_ACCOUNT)?;
        let period = Period::closed(row.date(3)?, row.date(4)?);
        let period = period.map_err(|_| row.refuse(4, "expected a last day on or after the first day"))?;
        let mut skus: Vec<SkuId> = Vec::new();
        for text in row.text(2)?.split('|').map(str::trim) {
            let known = SkuId::new(text).ok().filter(|sku| book.skus.contains_key(sku));
            let Some(sku) = known.filter(|sku| !skus.contains(sku)) else {
                let text = format!("expected SKUs of skus.csv, each once, separated by |, not {text:?}");
                return Err(row.refuse(2, text));
            };
            priced.check(row, 2, book, (&account, &sku), period.start())?;
            skus.push(sku);
        }
        let plan = PromotionPlan {
            id: id.clone(),
            account,
            skus,
            period,
            mechanic: row.text(5)?.to_owned(),
            price_cut: percent(row, 6, "expected a price cut in percent, such as 20")?,
            funding_per_unit: row.price(7, book.currency)?,
            lump_sum: row.price(8, book.currency)?,
        };
        match promotions.insert(id, plan) {
            None => Ok(()),
            Some(_) => Err(row.refuse(0, "expected each promotion once; it was given on a line above")),
        }
    });
    book.promotions = promotions.into_values().collect();
}

fn payments(directory: &Path, book: &mut Book, terms: &Terms, problems: &mut Problems) {
    let first = first_day(book);
    let mut payments = Vec::new();
    let mut seen = BTreeSet::new();
    rows(
        &directory.join("payments.csv"),
        11,
        ["date", "receipt", "account", "reference", "amount"],
        problems,
        |row| {
            let receipt = row.id(1, |t| DocumentId::new(t))?;
            if !seen.insert(receipt.clone()) {
                return Err(row.refuse(1, "expected each receipt once; it was given on a line above"));
            }
            let account =
                row.known(2, |t| AccountId::new(t), |a| book.accounts.contains_key(a), KNOWN_ACCOUNT)?;
            let date = row.date(0)?;
            let reference = Some(row.text(3)?).filter(|text| !text.is_empty()).map(str::to_owned);
            if let (Some(reference), Some(first)) = (&reference, first) {
                let wrong = terms.check_reference(&account, reference, first, date);
                wrong.map_err(|expected| row.refuse(3, expected))?;
            }
            let amount = row.money(4, book.currency)?;
            if amount == Money::zero(book.currency) {
                return Err(row.refuse(4, "expected an amount other than zero"));
            }
            payments.push(Payment { date, receipt, account, reference, amount });
            Ok(())
        },
    );
    payments.sort_by(|a: &Payment, b| (a.date, &a.receipt).cmp(&(b.date, &b.receipt)));
    book.payments = payments;
}

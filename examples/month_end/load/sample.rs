//! The directory layout of a full book: the sample data, or an analyst's own files of the same names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use endcap::calendar::Period;
use endcap::types::{AccountId, CasePack, Currency, DocumentId, Money, PromotionId, Rate, SkuId, StoreId};
use rust_decimal::Decimal;

use super::fields::{Reader, rows};
use crate::book::{
    Account, Activity, Book, Count, Movement, OpenOrder, Payment, PromotionPlan, Sale, Sku, Source,
    SupplyPrice,
};
use crate::common::problems::{Problem, Problems};

const KNOWN_ACCOUNT: &str = "expected an account of accounts.csv";
const KNOWN_SKU: &str = "expected a SKU of skus.csv";

/// Reads every CSV file of `directory`.
pub fn read(directory: &Path, currency: Currency, problems: &mut Problems) -> Book {
    let mut book = Book::new("Sample supplier", "", Source::Full, currency);
    accounts(directory, &mut book, problems);
    skus(directory, &mut book, problems);
    if !problems.is_empty() {
        // Without accounts and SKUs every other line would be reported as unknown.
        return book;
    }
    prices(directory, &mut book, problems);
    sales(directory, &mut book, problems);
    book.deliveries = movements(&directory.join("deliveries.csv"), 5, &book, problems);
    book.returns = movements(&directory.join("returns.csv"), 6, &book, problems);
    stock(directory, &mut book, problems);
    activities(directory, &mut book, problems);
    promotions(directory, &mut book, problems);
    payments(directory, &mut book, problems);
    book
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
        let sku = Sku {
            name: row.text(1)?.to_owned(),
            name_zh: row.text(2)?.to_owned(),
            brand: row.text(3)?.to_owned(),
            category: row.text(4)?.to_owned(),
            case_pack: CasePack::new(row.small(5)?).map_err(|_| row.refuse(5, expected_pack))?,
            vat: percent(row, 6, expected_rate)?,
            unit_cost: Some(row.money(7, currency)?),
            size_mm: Some((row.small(8)?, row.small(9)?, row.small(10)?)),
        };
        match book.skus.insert(id, sku) {
            None => Ok(()),
            Some(_) => Err(row.refuse(0, "expected each SKU once; it was given on a line above")),
        }
    });
}

fn percent<const N: usize>(row: &Reader<'_, '_, N>, field: usize, expected: &str) -> Result<Rate, Problem> {
    let value = row.text(field)?.parse::<Decimal>().ok().filter(|v| !v.is_sign_negative());
    value.and_then(|v| Rate::percent(v).ok()).ok_or_else(|| row.refuse(field, expected))
}

fn prices(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let mut prices: BTreeMap<(AccountId, SkuId), Vec<SupplyPrice>> = BTreeMap::new();
    rows(&directory.join("prices.csv"), 3, ["account", "sku", "from", "supply_price"], problems, |row| {
        let (account, sku) = pair(row, 0, book)?;
        let price = SupplyPrice { from: row.date(2)?, amount: row.money(3, book.currency)? };
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

fn sales(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let columns = ["date", "account", "sku", "units", "amount", "promotion"];
    let mut sales = Vec::new();
    rows(&directory.join("sales.csv"), 4, columns, problems, |row| {
        let (account, sku) = pair(row, 1, book)?;
        let promotion = match row.text(5)? {
            "" => None,
            _ => Some(row.id(5, |t| PromotionId::new(t))?),
        };
        let amount = row.money(4, book.currency)?;
        sales.push(Sale { date: row.date(0)?, account, sku, units: row.whole(3)?, amount, promotion });
        Ok(())
    });
    book.sales = sales;
}

fn movements(path: &Path, number: usize, book: &Book, problems: &mut Problems) -> Vec<Movement> {
    let mut movements = Vec::new();
    let mut seen = BTreeSet::new();
    rows(path, number, ["date", "document", "account", "sku", "pieces", "price"], problems, |row| {
        let (account, sku) = pair(row, 2, book)?;
        let document = row.id(1, |t| DocumentId::new(t))?;
        if !seen.insert((document.clone(), sku.clone())) {
            return Err(row.refuse(1, "expected each SKU once in a document; it was given on a line above"));
        }
        let pieces = row.count(4)?;
        let amount = row.money(5, book.currency)?.checked_mul_int(pieces);
        let amount = amount.map_err(|_| row.refuse(4, "expected a smaller quantity"))?;
        movements.push(Movement { date: row.date(0)?, document, account, sku, pieces, amount });
        Ok(())
    });
    movements
}

fn stock(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let mut counts = Vec::new();
    let mut seen = BTreeSet::new();
    rows(&directory.join("stock_counts.csv"), 7, ["date", "account", "sku", "pieces"], problems, |row| {
        let (account, sku) = pair(row, 1, book)?;
        let date = row.date(0)?;
        if !seen.insert((date, account.clone(), sku.clone())) {
            return Err(row.refuse(2, "expected one count a day; it was given on a line above"));
        }
        counts.push(Count { date, account, sku, pieces: row.count(3)? });
        Ok(())
    });
    let mut open_orders = Vec::new();
    rows(&directory.join("open_orders.csv"), 8, ["due", "account", "sku", "pieces"], problems, |row| {
        let (account, sku) = pair(row, 1, book)?;
        row.date(0)?;
        open_orders.push(OpenOrder { account, sku, pieces: row.count(3)? });
        Ok(())
    });
    (book.counts, book.open_orders) = (counts, open_orders);
}

fn activities(directory: &Path, book: &mut Book, problems: &mut Problems) {
    let mut activities = Vec::new();
    rows(
        &directory.join("activities.csv"),
        9,
        ["month", "account", "activity", "quantity"],
        problems,
        |row| {
            let month = crate::options::month(row.text(0)?);
            activities.push(Activity {
                month: month.ok_or_else(|| row.refuse(0, "expected a month such as 2026-06"))?,
                account: row.known(
                    1,
                    |t| AccountId::new(t),
                    |a| book.accounts.contains_key(a),
                    KNOWN_ACCOUNT,
                )?,
                activity: row.text(2)?.to_owned(),
                quantity: row.count(3)?,
            });
            Ok(())
        },
    );
    book.activities = activities;
}

fn promotions(directory: &Path, book: &mut Book, problems: &mut Problems) {
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
        let account =
            row.known(1, |t| AccountId::new(t), |a| book.accounts.contains_key(a), KNOWN_ACCOUNT)?;
        let skus: Option<Vec<SkuId>> = row
            .text(2)?
            .split('|')
            .map(|sku| SkuId::new(sku).ok().filter(|sku| book.skus.contains_key(sku)))
            .collect();
        let period = Period::closed(row.date(3)?, row.date(4)?);
        let plan = PromotionPlan {
            id: id.clone(),
            account,
            skus: skus.ok_or_else(|| row.refuse(2, "expected SKUs of skus.csv, separated by |"))?,
            period: period.map_err(|_| row.refuse(4, "expected a last day on or after the first day"))?,
            mechanic: row.text(5)?.to_owned(),
            price_cut: percent(row, 6, "expected a price cut in percent, such as 20")?,
            funding_per_unit: row.money(7, book.currency)?,
            lump_sum: row.money(8, book.currency)?,
        };
        match promotions.insert(id, plan) {
            None => Ok(()),
            Some(_) => Err(row.refuse(0, "expected each promotion once; it was given on a line above")),
        }
    });
    let unknown =
        book.sales.iter().filter_map(|s| s.promotion.as_ref()).find(|id| !promotions.contains_key(*id));
    if let (Some(id), true) = (unknown, problems.is_empty()) {
        let source = crate::common::problems::Source::new(&directory.join("sales.csv"), 4);
        let text =
            format!("promotion {id} of a sale is not in promotions.csv; expected every promotion there");
        problems.push(Problem::file(&source, text));
    }
    book.promotions = promotions.into_values().collect();
}

fn payments(directory: &Path, book: &mut Book, problems: &mut Problems) {
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
            let reference = Some(row.text(3)?).filter(|text| !text.is_empty()).map(str::to_owned);
            let amount = row.money(4, book.currency)?;
            if amount == Money::zero(book.currency) {
                return Err(row.refuse(4, "expected an amount other than zero"));
            }
            payments.push(Payment { date: row.date(0)?, receipt, account, reference, amount });
            Ok(())
        },
    );
    payments.sort_by(|a: &Payment, b| (a.date, &a.receipt).cmp(&(b.date, &b.receipt)));
    book.payments = payments;
}

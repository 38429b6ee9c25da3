//! Facings and drawings for the fixtures of the book, from what the month sold in an average store.

use std::collections::BTreeSet;
use std::error::Error;

use endcap::calendar::Period;
use endcap::shelf::{
    FacingRule, Fixture, Language, PlanOptions, Product, ProductSpec, SizeMm, Status, Stocking, SvgOptions,
    plan,
};
use endcap::types::{AccountId, CategoryId, Currency, Exact, Money, Rounding, RoundingMode, SkuId, vat};
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::book::{Book, Sku};
use crate::document::{PlanogramRow, file_name};

/// One shelf to plan, as `fixtures.toml` says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfTask {
    pub account: AccountId,
    title: String,
    pub categories: BTreeSet<String>,
    #[serde(default)]
    pub must_stock: BTreeSet<SkuId>,
    max_facings: u32,
    fixture: Fixture,
}

/// `fixtures.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfTasks {
    pub plan: Vec<Spanned<ShelfTask>>,
}

/// A plan and a drawing for every task; `problems` holds what a planogram breaks, which is nothing.
pub fn draw(
    book: &Book,
    month: Period,
    tasks: &[Spanned<ShelfTask>],
) -> Result<(Vec<PlanogramRow>, usize), Box<dyn Error>> {
    let mut rows = Vec::new();
    let mut problems = 0;
    for task in tasks.iter().map(Spanned::as_ref) {
        let products = products(book, month, task)?;
        let best = plan(&task.fixture, &products, &PlanOptions::new(book.currency))?;
        problems += best.planogram.validate().len();
        let svg = SvgOptions {
            language: Language::En,
            ..SvgOptions::new(format!("{} · {}", task.title, task.account))
        };
        let certificate = &best.certificate;
        let gap = certificate.gap_ratio()?.mul(&Exact::from_int(100))?;
        rows.push(PlanogramRow {
            fixture: task.title.clone(),
            account: task.account.to_string(),
            products: products.len(),
            facings: best.lines.iter().map(|line| line.facings).sum(),
            profit: best.profit.round(&Rounding::HALF_AWAY)?.to_amount_string(),
            lower: major(certificate.lower(), book.currency)?,
            upper: major(certificate.upper(), book.currency)?,
            gap: format!("{}%", gap.to_fixed(4, RoundingMode::HalfAwayFromZero)),
            status: match certificate.status() {
                Status::Optimal => "optimal".to_owned(),
                _ => "feasible".to_owned(),
            },
            file: format!("planograms/{}-{}.svg", file_name(task.account.as_str()), rows.len() + 1),
            svg: best.planogram.to_svg(&svg),
        });
    }
    Ok((rows, problems))
}

/// Millionths of a minor unit in major units, to four decimals.
fn major(millionths: i64, currency: Currency) -> Result<String, Box<dyn Error>> {
    let per_major = currency.minor_per_major().checked_mul(1_000_000).ok_or("out of range")?;
    Ok(Exact::ratio(i128::from(millionths), per_major)?.to_fixed(4, RoundingMode::HalfAwayFromZero))
}

fn products(book: &Book, month: Period, task: &ShelfTask) -> Result<Vec<Product>, Box<dyn Error>> {
    let stores = book.accounts.get(&task.account).map_or(1, |account| account.stores.len().max(1));
    let mut products = Vec::new();
    for (id, sku) in book.skus.iter().filter(|(_, sku)| task.categories.contains(&sku.category)) {
        let listed = book.supply_price(&task.account, id, month.last_day());
        let (Some(price), Some(cost), Some(size)) = (listed, sku.unit_cost, sku.size_mm) else { continue };
        let sold: i64 = book
            .sales
            .iter()
            .filter(|s| month.contains(s.date) && s.account == task.account && s.sku == *id)
            .map(|s| s.units)
            .sum();
        // Units of the month in an average store, in a week, to two decimals.
        let weekly = Decimal::from(sold.max(0) * 7)
            .checked_div(Decimal::from(i64::try_from(stores)? * i64::from(month.days())))
            .ok_or("sales are out of range")?
            .round_dp(2);
        products.push(Product::new(spec(id, sku, weekly, margin(price, cost, sku)?, size, task)?)?);
    }
    Ok(products)
}

/// What we earn on a piece: supply price without tax less its cost.
fn margin(price: Money, cost: Money, sku: &Sku) -> Result<Decimal, Box<dyn Error>> {
    let net = vat::split_inclusive(&price, &sku.vat, &Rounding::HALF_AWAY)?.net();
    Ok(net.checked_sub(&cost)?.to_amount_string().parse()?)
}

fn spec(
    id: &SkuId,
    sku: &Sku,
    weekly_units: Decimal,
    unit_margin: Decimal,
    (width, height, depth): (u32, u32, u32),
    task: &ShelfTask,
) -> Result<ProductSpec, Box<dyn Error>> {
    let stocking = if task.must_stock.contains(id) { Stocking::MustStock } else { Stocking::MayDelist };
    let least = u32::from(task.must_stock.contains(id));
    Ok(ProductSpec {
        weekly_units,
        unit_margin,
        rule: FacingRule::new(least.max(1), task.max_facings, stocking)?,
        ..ProductSpec::new(
            id.clone(),
            &sku.name,
            &sku.brand,
            CategoryId::new(sku.category.clone())?,
            SizeMm { width, height, depth },
        )
    })
}

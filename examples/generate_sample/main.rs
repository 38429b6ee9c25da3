//! Makes the sample data under `examples/data/`: a fictitious supplier and its nine fictitious chains.
//!
//! Same seed, same bytes, on every machine. `cargo run --release --example generate_sample -- --out DIR`

#[path = "../month_end/book.rs"]
#[allow(dead_code)]
mod book;
mod catalogue;
#[path = "../month_end/close/mod.rs"]
#[allow(dead_code)]
mod close;
#[path = "../common/mod.rs"]
mod common;
mod customers;
#[path = "../month_end/document.rs"]
#[allow(dead_code)]
mod document;
#[path = "../month_end/load/mod.rs"]
#[allow(dead_code)]
mod load;
#[path = "../month_end/options.rs"]
#[allow(dead_code)]
mod options;
mod payments;
mod promo;
mod rng;
mod settlement;
mod simulate;
mod weekly;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use catalogue::{ACCOUNTS, EVENTS, SKUS};
use clap::Parser;
use simulate::{FIRST_DAY, PRICE_RISE, World};

/// Write the sample data: nine fictitious chains, 44 SKUs, two years of trade.
#[derive(Parser)]
#[command(version, about)]
struct Options {
    /// Directory that receives the CSV files (made if missing).
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data"))]
    out: PathBuf,
    /// How the summary is printed: one line, or {"directory", "sales", "deliveries", "returns", "counts", "payments"}.
    #[arg(long, value_enum, default_value = "text")]
    format: common::Format,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    fs::create_dir_all(&options.out)?;
    let world = simulate::run();
    master_data(&options.out)?;
    trade(&options.out, &world)?;
    promotions(&options.out)?;
    settlement::write_all(&options.out)?;
    small_customers(&options.out)?;
    let header = ["account", "week", "units", "price", "display", "feature"];
    write(&options.out, "promo_weekly.csv", &header, promo::weekly())?;
    let header = ["event", "account", "first_week", "last_week", "unit_margin", "spend"];
    write(&options.out, "promo_events.csv", &header, promo::events())?;
    for name in [
        "contracts.toml",
        "activity_rates.toml",
        "customer_rates.toml",
        "fixtures.toml",
        "promotion_calendar.toml",
        "shelf_fixture.toml",
        "shelf_skus.csv",
        "settle/contract.toml",
        "reconcile/rules.toml",
        "compare_terms/scenario.toml",
    ] {
        let hand_written = options.out.join(name);
        if !hand_written.exists() {
            fs::copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).join(name), hand_written)?;
        }
    }
    for (name, rows) in weekly::files() {
        let mut rows = rows.into_iter();
        let header = rows.next().unwrap_or_default();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        write(&options.out, name, &header, rows)?;
    }
    // Payments answer statements, and statements need everything else: first none, then what the chains paid.
    let header = ["date", "receipt", "account", "reference", "amount"];
    write(&options.out, "payments.csv", &header, Vec::new())?;
    let paid = payments::pay(&options.out)?;
    let rows = paid
        .iter()
        .map(|row| vec![row.0.to_string(), row.1.clone(), row.2.clone(), row.3.clone(), row.4.clone()]);
    write(&options.out, "payments.csv", &header, rows)?;
    let counts = [
        ("sales", world.sales.len()),
        ("deliveries", world.deliveries.len()),
        ("returns", world.returns.len()),
        ("counts", world.counts.len()),
        ("payments", paid.len()),
    ];
    match options.format {
        common::Format::Text => {
            let shown = counts.map(|(name, count)| format!("{count} {name}"));
            println!("wrote {}: {}", options.out.display(), shown.join(", "));
        }
        common::Format::Json => {
            let mut object = serde_json::Map::new();
            object.insert("directory".to_owned(), options.out.display().to_string().into());
            object.extend(counts.map(|(name, count)| (name.to_owned(), count.into())));
            println!("{}", serde_json::to_string_pretty(&object)?);
        }
    }
    Ok(())
}

/// Fen as yuan: `1234` is `12.34`.
fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn write<I>(directory: &Path, name: &str, header: &[&str], rows: I) -> Result<(), Box<dyn Error>>
where
    I: IntoIterator<Item = Vec<String>>,
{
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(header)?;
    for row in rows {
        csv.write_record(row)?;
    }
    let path = directory.join(name);
    let part = directory.join(format!(".{name}.part"));
    fs::write(&part, csv.into_inner()?)?;
    fs::rename(part, path)?;
    Ok(())
}

fn master_data(out: &Path) -> Result<(), Box<dyn Error>> {
    write(
        out,
        "accounts.csv",
        &["account", "name", "name_zh", "format"],
        ACCOUNTS.iter().map(|a| vec![a.id.into(), a.name.into(), a.name_zh.into(), a.format.into()]),
    )?;
    write(
        out,
        "stores.csv",
        &["store", "account", "name", "city"],
        ACCOUNTS.iter().flat_map(|a| {
            (1..=a.stores).map(move |n| {
                vec![format!("{}-{n:03}", a.id), a.id.into(), format!("{} no. {n}", a.name), a.city.into()]
            })
        }),
    )?;
    write(
        out,
        "skus.csv",
        &[
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
            "shelf_life_days",
        ],
        SKUS.iter().map(|s| {
            vec![
                s.id.into(),
                s.name.into(),
                s.name_zh.into(),
                s.brand.into(),
                s.category.into(),
                s.case_pack.to_string(),
                s.vat_percent.to_string(),
                yuan(s.cost),
                s.size_mm.0.to_string(),
                s.size_mm.1.to_string(),
                s.size_mm.2.to_string(),
                s.shelf_life_days.to_string(),
            ]
        }),
    )?;
    write(
        out,
        "prices.csv",
        &["account", "sku", "from", "supply_price"],
        ACCOUNTS.iter().flat_map(|a| {
            simulate::listed(a).into_iter().flat_map(move |s| {
                [FIRST_DAY, PRICE_RISE].map(|from| {
                    vec![a.id.into(), s.id.into(), from.to_string(), yuan(simulate::supply_price(a, s, from))]
                })
            })
        }),
    )
}

fn trade(out: &Path, world: &World) -> Result<(), Box<dyn Error>> {
    write(
        out,
        "sales.csv",
        &["date", "account", "sku", "units", "amount", "promotion"],
        world.sales.iter().map(|s| {
            let amount = yuan(s.amount_fen);
            vec![
                s.date.to_string(),
                s.account.into(),
                s.sku.into(),
                s.units.to_string(),
                amount,
                s.promotion.into(),
            ]
        }),
    )?;
    for (name, movements) in [("deliveries.csv", &world.deliveries), ("returns.csv", &world.returns)] {
        write(
            out,
            name,
            &["date", "document", "account", "sku", "pieces", "price"],
            movements.iter().map(|m| {
                let price = yuan(m.price_fen);
                vec![
                    m.date.to_string(),
                    m.document.clone(),
                    m.account.into(),
                    m.sku.into(),
                    m.pieces.to_string(),
                    price,
                ]
            }),
        )?;
    }
    write(
        out,
        "stock_counts.csv",
        &["date", "account", "sku", "pieces"],
        world
            .counts
            .iter()
            .map(|c| vec![c.date.to_string(), c.account.into(), c.sku.into(), c.pieces.to_string()]),
    )?;
    write(
        out,
        "open_orders.csv",
        &["ordered", "due", "account", "sku", "pieces"],
        world.open_orders.iter().map(|o| {
            vec![
                o.ordered.to_string(),
                o.due.to_string(),
                o.account.into(),
                o.sku.into(),
                o.pieces.to_string(),
            ]
        }),
    )?;
    let mut activities: BTreeMap<(String, &str, &str), u64> = BTreeMap::new();
    for a in &world.activities {
        *activities.entry((a.month.format("%Y-%m").to_string(), a.account, a.activity)).or_default() +=
            a.quantity;
    }
    write(
        out,
        "activities.csv",
        &["month", "account", "activity", "quantity"],
        activities.into_iter().map(|((month, account, activity), quantity)| {
            vec![month, account.into(), activity.into(), quantity.to_string()]
        }),
    )
}

fn small_customers(out: &Path) -> Result<(), Box<dyn Error>> {
    let found = customers::simulate(20_260_701);
    write(
        out,
        "customer_orders.csv",
        &["date", "customer", "amount", "product_cost"],
        found
            .orders
            .iter()
            .map(|o| vec![o.date.to_string(), o.customer.clone(), yuan(o.amount), yuan(o.product_cost)]),
    )?;
    write(
        out,
        "customer_activities.csv",
        &["customer", "activity", "quantity"],
        found
            .activities
            .into_iter()
            .map(|((customer, activity), quantity)| vec![customer, activity.into(), quantity.to_string()]),
    )
}

fn promotions(out: &Path) -> Result<(), Box<dyn Error>> {
    write(
        out,
        "promotions.csv",
        &[
            "promotion",
            "account",
            "skus",
            "first_day",
            "last_day",
            "mechanic",
            "price_cut_percent",
            "funding_per_unit",
            "lump_sum",
        ],
        EVENTS.iter().map(|e| {
            vec![
                e.id.into(),
                e.account.into(),
                e.skus.join("|"),
                simulate::first_day(e).to_string(),
                simulate::end(e).pred_opt().unwrap_or(simulate::end(e)).to_string(),
                e.mechanic.into(),
                e.cut_percent.to_string(),
                yuan(e.per_unit_fen),
                yuan(e.lump_fen),
            ]
        }),
    )
}

//! The command line.

use std::path::PathBuf;

use clap::Parser;
use endcap::calendar::Period;

use crate::common::Format;
use crate::common::date::DateFormat;

/// Close a month for a supplier's key accounts.
///
/// Classifies the accounts, settles each under its own contract, judges the month's promotions, proposes orders and
/// facings, and posts everything to a ledger that balances. Prints one screen and writes a directory of results.
#[derive(Debug, Parser)]
#[command(version, after_long_help = MORE)]
pub struct Options {
    /// Month to close, such as 2026-06 [default: the last month that the files cover to its end].
    #[arg(long, value_parser = parse_month)]
    pub month: Option<Period>,
    /// Directory that receives the results; it appears whole or not at all, and replaces an earlier close there.
    #[arg(long, default_value = "out")]
    pub out: PathBuf,
    /// How the summary is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Directory with a full book: see "Files of a full book" below.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data"), conflicts_with = "sales")]
    pub data: PathBuf,
    /// Contracts as TOML [default: contracts.toml of the data directory].
    #[arg(long)]
    pub contracts: Option<PathBuf>,

    /// Invoice lines as CSV (plain, gzip or zstd; may be given several times) instead of a full book.
    #[arg(long, requires = "contracts", help_heading = "Invoice lines instead of a full book")]
    pub sales: Vec<PathBuf>,
    /// Store table as CSV: gives each store the name that the contracts' account rules look at.
    #[arg(long, requires = "sales", help_heading = "Invoice lines instead of a full book")]
    pub stores: Option<PathBuf>,
    /// Product table as CSV: gives each item its name, brand and category.
    #[arg(long, requires = "sales", help_heading = "Invoice lines instead of a full book")]
    pub products: Option<PathBuf>,
    /// TOML with ordered [[rule]] prefix/account tables [default: the [[rule]] tables of the contracts].
    #[arg(long, requires = "sales", help_heading = "Invoice lines instead of a full book")]
    pub chains: Option<PathBuf>,
    /// Name of a column where the file does not use a usual one, such as date=Date or amount="Sale (Dollars)".
    ///
    /// Fields: date, invoice, store, item, units, amount (sales); store_id, store_name (stores); item_id, item_name,
    /// brand, category (products).
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = parse_column, help_heading = "Invoice lines instead of a full book")]
    pub column: Vec<(String, String)>,
    /// How dates are written in the sales file.
    #[arg(long, value_enum, default_value = "iso", help_heading = "Invoice lines instead of a full book")]
    pub dates: DateFormat,
}

impl Options {
    /// The contracts named, or those of the data directory.
    pub fn contracts_file(&self) -> PathBuf {
        self.contracts.clone().unwrap_or_else(|| self.data.join("contracts.toml"))
    }
}

const MORE: &str = "\
FILES OF A FULL BOOK (UTF-8 CSV with a header line; comma, semicolon or tab; .csv only)
  accounts.csv       account, name, name_zh, format
  stores.csv         store, account
  skus.csv           sku, name, name_zh, brand, category, case_pack, vat_percent, unit_cost, width_mm, height_mm,
                     depth_mm
  prices.csv         account, sku, from, supply_price (one piece, tax included)
  sales.csv          date, account, sku, units, amount (till money, tax included), promotion
  deliveries.csv     date, document, account, sku, pieces, price          returns.csv the same
  stock_counts.csv   date, account, sku, pieces (found at the end of that day)
  open_orders.csv    ordered, due, account, sku, pieces (ordered by that month's end, not delivered yet)
  activities.csv     month, account, activity, quantity
  promotions.csv     promotion, account, skus (A|B), first_day, last_day, mechanic, price_cut_percent,
                     funding_per_unit, lump_sum
  payments.csv       date, receipt, account, reference, amount
  contracts.toml, activity_rates.toml, fixtures.toml: see the comments in the sample's files

WHAT IS WRITTEN
  report.html        one self-contained page with charts: open it in a browser
  close.json         what --format json prints
  statements/*.txt   one per contract: every line and why; statements/*.json: the same with every step of every trace
  accounts.csv, promotions.csv, orders.csv, trial_balance.csv, ageing.csv, journal.csv, stock.csv, planograms/*.svg

JSON (money, rates and shares are strings; money in major units of `currency`)
  month, currency, rows, total_sales, accounts: [{account, class, sales, share, cost_to_serve, profit, statements}],
  statements: [{statement, account, contract, method, goods, on_invoice, invoice_deduct, invoice, payment_deduct,
  separate, payment, due, fingerprint}], promotions, orders, trial_balance, ageing, planograms, checks: [{check, holds,
  detail}]

EXIT CODE
  0 closed; 1 something could not be computed or written, or a check of the close does not hold;
  2 the input cannot be used: every problem is printed as file:line:column: value: what was expected";

/// `2026-06` as a period.
pub fn month(text: &str) -> Option<Period> {
    let (year, month) = text.split_once('-')?;
    if year.len() != 4 || month.len() != 2 {
        return None;
    }
    Period::month(year.parse().ok()?, month.parse().ok()?).ok()
}

fn parse_month(text: &str) -> Result<Period, String> {
    month(text).ok_or_else(|| "expected a month such as 2026-06".to_owned())
}

const FIELDS: [&str; 12] = [
    "date",
    "invoice",
    "store",
    "item",
    "units",
    "amount",
    "store_id",
    "store_name",
    "item_id",
    "item_name",
    "brand",
    "category",
];

fn parse_column(text: &str) -> Result<(String, String), String> {
    let (field, column) = text.split_once('=').ok_or("expected FIELD=COLUMN such as date=Date")?;
    if !FIELDS.contains(&field) {
        return Err(format!("unknown field {field}; expected one of {}", FIELDS.join(", ")));
    }
    Ok((field.to_owned(), column.to_owned()))
}

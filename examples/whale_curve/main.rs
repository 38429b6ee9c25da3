//! Who makes the profit and who destroys it: cost to serve by time, profit per customer, the whale curve, what to do.
//!
//! ```text
//! cargo run --release --example whale_curve
//! cargo run --release --example whale_curve -- --sales orders.csv --activities activities.csv --rates rates.toml \
//!     --svg whale.svg --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod chart;
mod economics;
mod load;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use endcap::types::{Money, Rate};

use common::Format;
use common::problems::{Problem, Problems, Source};

const JSON_HELP: &str = "\
JSON (--format json) is one object; money and percentages are text:
  currency, customers
  pools         [{name, cost, used_percent, assigned, unused}]; unused capacity is charged to nobody
  revenue, product_cost, cost_to_serve, profit, unused_cost   sums over all customers
  whale         {peak, peak_percent, peak_customers, erosion, erosion_percent, at: [{customers_percent, profit_percent}]}
                percentages are null without a positive total profit
  makers        customers with a profit, losers: customers with a loss, sales_profit_rank_correlation (Spearman)
  actions       [{customer, class, profit, first_move, why, levers: [...]}], worst loss first
  top           [{rank, customer, class, revenue, product_cost, cost_to_serve, profit, cumulative}], best first

Each lever alone closes the whole gap to the target (--target, default break-even).

Exit code 0: done. 1: a result could not be written. 2: the input cannot be used; every problem is on standard
error as file:line:column: value: what was expected.";

/// Charges each customer for the time it takes, and shows who makes the profit.
///
/// Cost to serve is time-driven: a pool's cost over the minutes it can work, times the minutes that a customer's
/// activities take. Capacity that nobody used is shown apart and charged to nobody. Give all three files, or none for
/// the sample of this repository.
#[derive(Debug, Parser)]
#[command(name = "whale_curve", after_long_help = JSON_HELP)]
pub struct Args {
    /// Sales lines: customer, amount, and a product cost or --margin.
    #[arg(long, value_name = "FILE", requires_all = ["activities", "rates"])]
    sales: Option<PathBuf>,
    /// Activities: customer, activity, quantity.
    #[arg(long, value_name = "FILE", requires_all = ["sales", "rates"])]
    activities: Option<PathBuf>,
    /// Cost pools in TOML: currency, and [[pool]] with name, cost, capacity_minutes, minutes = { activity = each }.
    #[arg(long, value_name = "FILE", requires_all = ["sales", "activities"])]
    rates: Option<PathBuf>,
    /// Column that names the customer, in both CSV files.
    #[arg(long, value_name = "COLUMN", default_value = "customer")]
    customer: String,
    /// Column with the net amount of a sales line, after all trade terms.
    #[arg(long, value_name = "COLUMN", default_value = "amount")]
    amount: String,
    /// Column with the product cost of a sales line.
    #[arg(long, value_name = "COLUMN", default_value = "product_cost")]
    product_cost: String,
    /// Gross margin of every line, instead of the product cost column.
    #[arg(long, value_name = "RATE", value_parser = read_rate, conflicts_with = "product_cost")]
    margin: Option<Rate>,
    /// Profit that a loss-making customer should reach.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    target: String,
    /// Share of a customer's cost to serve that would go away with it.
    #[arg(long, value_name = "RATE", default_value = "40%", value_parser = read_rate)]
    avoidable: Rate,
    /// Largest price rise that is worth asking for.
    #[arg(long, value_name = "RATE", default_value = "5%", value_parser = read_rate)]
    price_limit: Rate,
    /// Largest cut of service that a customer would bear.
    #[arg(long, value_name = "RATE", default_value = "40%", value_parser = read_rate)]
    cut_limit: Rate,
    /// Customers that are kept in any case, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    strategic: Vec<String>,
    /// How many customers to list, and how many actions.
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Also draws the curve to this SVG file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Also writes every customer to this CSV file.
    #[arg(long, value_name = "FILE")]
    customers_out: Option<PathBuf>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn read_rate(text: &str) -> Result<Rate, String> {
    text.parse::<Rate>().map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(code) => code,
        Err(problems) => problems.report(),
    }
}

fn run(args: &Args) -> Result<ExitCode, Problems> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let file = |given: &Option<PathBuf>, sample: &str| given.clone().unwrap_or_else(|| data.join(sample));
    let files = load::Files {
        sales: file(&args.sales, "customer_orders.csv"),
        activities: file(&args.activities, "customer_activities.csv"),
        rates: file(&args.rates, "customer_rates.toml"),
    };
    let mut problems = Problems::default();
    let book = load::read(&files, args, &mut problems);
    let Some(book) = book.filter(|_| problems.is_empty()) else { return Err(problems) };
    let whole = |text: String| Problems::from(Problem::file(&Source::new(&files.sales, 0), text));
    let target = Money::parse(&args.target, book.currency)
        .map_err(|error| whole(format!("cannot be brought to the target {:?}: {error}", args.target)))?;
    let found = economics::Found::of(&book, args, &target).map_err(|error| whole(error.to_string()))?;
    Ok(report::publish(args, &book, &found))
}

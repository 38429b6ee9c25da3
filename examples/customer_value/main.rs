//! What each customer is still worth: how often they will buy again, for how much, and whether the model can be trusted.
//!
//! ```text
//! cargo run --release --example customer_value
//! cargo run --release --example customer_value -- lines.csv.zst --customer CustomerID --date InvoiceDate \
//!     --quantity Quantity --price UnitPrice --currency GBP --blank-customers skip --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod analysis;
mod chart;
mod load;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use endcap::account::value::{Boundary, FitOptions, Penalty};
use endcap::types::{Currency, Rate};

use common::Format;
use common::date::DateFormat;
use common::problems::{Problem, Problems, Source};

const JSON_HELP: &str = "\
JSON (--format json) is one object; money is text, statistics are numbers:
  files, lines, skipped_lines   what was read; skipped: lines without a customer, with --blank-customers skip
  currency, first_day, end      end is the day after the last line
  customers, transactions, returns   net days of sales and of returns
  model                         {name, parameters: [{name, value, standard_error}], log_likelihood, state, remark,
                                gradient_norm, condition, agreeing_starts, starts, iterations, groups}, in weeks;
                                state is identified, unidentified or at_boundary, and remark says what that means
  spend                         the same of the spend model, with its correlation with frequency; null where there is none
  calibration                   {fitted_until, customers, actual, model, naive: {predicted, mean_absolute_error,
                                root_mean_square_error}, by_frequency: [{repeats, customers, actual, model, naive}]}
  value                         {periods, period_days, discount, margin, total}
  top                           [{rank, customer, repeats, last_seen_days, alive, expected, spend, value}]

The naive baseline goes on as before: every customer keeps the rate of all transactions so far.

Exit code 0: done. 1: a result could not be written. 2: the input cannot be used; every problem is on standard
error as file:line:column: value: what was expected.";

/// Fits a model of repeat buying to transactions, checks it on days it has not seen, and ranks customers by value.
///
/// A customer's day is one transaction where its net amount is above zero. The model is fitted twice: once without the
/// last days, to compare its forecast of them with what happened and with a naive forecast; once on everything, to rank.
#[derive(Debug, Parser)]
#[command(name = "customer_value", after_long_help = JSON_HELP)]
pub struct Args {
    /// Files of transaction lines; without any, the sample of this repository.
    files: Vec<PathBuf>,
    /// Column that names the customer.
    #[arg(long, value_name = "COLUMN", default_value = "customer")]
    customer: String,
    /// Column with the date of a line.
    #[arg(long, value_name = "COLUMN", default_value = "date")]
    date: String,
    /// How dates are written.
    #[arg(long, value_enum, default_value_t = DateFormat::Iso)]
    date_format: DateFormat,
    /// Column with the amount of a line; returns are negative.
    #[arg(long, value_name = "COLUMN", default_value = "amount", conflicts_with_all = ["quantity", "price"])]
    amount: String,
    /// Column with a quantity, negative in a return; the amount of a line is quantity × price, rounded once.
    #[arg(long, value_name = "COLUMN", requires = "price")]
    quantity: Option<String>,
    /// Column with a price for the quantity column.
    #[arg(long, value_name = "COLUMN", requires = "quantity")]
    price: Option<String>,
    /// Lines without a customer: refuse the file, or leave them out and say how many.
    #[arg(long, value_enum, default_value_t = Blank::Refuse)]
    blank_customers: Blank,
    /// Currency of the amounts [default: USD, for the sample CNY].
    #[arg(long, value_name = "CODE", value_parser = read_currency)]
    currency: Option<Currency>,
    /// The model: dropout after a repeat purchase, after any purchase, or at any moment.
    #[arg(long, value_enum, default_value_t = ModelArg::BgNbd)]
    model: ModelArg,
    /// Weight of a penalty on extreme parameters; only where the data do not determine them.
    #[arg(long, value_name = "WEIGHT", default_value_t = 0.0, hide_default_value = true)]
    penalty: f64,
    /// Days at the end that the first fit does not see [default: a third of all days].
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    holdout_days: Option<u32>,
    /// Periods over which a customer is valued.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    periods: u32,
    /// Days of one period.
    #[arg(long, value_name = "DAYS", default_value_t = 28, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    period_days: u32,
    /// Discount a period.
    #[arg(long, value_name = "RATE", default_value = "0.8%", value_parser = read_rate)]
    discount: Rate,
    /// Contribution of spend after product cost.
    #[arg(long, value_name = "RATE", default_value = "30%", value_parser = read_rate)]
    margin: Rate,
    /// How many of the most valuable customers to list.
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Also writes every customer by value to this CSV file.
    #[arg(long, value_name = "FILE")]
    customers_out: Option<PathBuf>,
    /// Also draws the calibration to this SVG file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What to do with lines without a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Blank {
    Refuse,
    Skip,
}

/// Models to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModelArg {
    BgNbd,
    MbgNbd,
    ParetoNbd,
}

impl Args {
    fn currency(&self) -> Currency {
        self.currency.unwrap_or(if self.files.is_empty() { Currency::CNY } else { Currency::USD })
    }

    fn options(&self) -> FitOptions {
        let penalty = if self.penalty == 0.0 { Penalty::None } else { Penalty::LogRidge(self.penalty) };
        // A ridge without a peak still forecasts; the report says that it is one.
        FitOptions { penalty, boundary: Boundary::Report, ..FitOptions::default() }
    }
}

fn read_currency(text: &str) -> Result<Currency, String> {
    Currency::from_code(text).map_err(|error| error.to_string())
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
    let mut files = args.files.clone();
    if files.is_empty() {
        files.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("customer_orders.csv"));
    }
    let mut problems = Problems::default();
    let loaded = load::read(&files, args, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    // What is wrong now is wrong with the data as a whole.
    let whole = |text: String| {
        let source = files.first().map(|file| Source::new(file, 0));
        source.map(|source| Problems::from(Problem::file(&source, text))).unwrap_or_default()
    };
    let analysis = analysis::Analysis::of(&loaded, args).map_err(whole)?;
    Ok(report::publish(args, &loaded, &analysis))
}

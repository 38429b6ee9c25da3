//! Compare consignment, credit terms and a counter for one course of sales: cash, value, funding, risk, break-even.
//!
//! ```text
//! cargo run --release --example compare_terms
//! cargo run --release --example compare_terms -- --scenario S.toml --chart cash.svg --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod chart;
mod load;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use common::output::write_file;
use common::{Format, Tongue};

/// Compares the three settlement methods (代销、账期、联营) for one course of sales: dated cash, value today, peak
/// funding, cash-to-cash days, expected loss, break-even commission and credit days, the worst case, sensitivity.
///
/// Without arguments, the sample of this repository is compared.
#[derive(Debug, Parser)]
#[command(name = "compare_terms", after_long_help = MORE)]
struct Options {
    /// The scenario (TOML, see below).
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// A file that receives a chart (SVG) of the cash of each method over time; it appears whole or not at all.
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// The language of texts.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    language: Tongue,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const MORE: &str = "\
SCENARIO (TOML); prices are per piece, rates carry their unit; examples/data/compare_terms/scenario.toml says more
  title, currency, discounting (simple or compound), window (\"2026-01-01..=2026-03-31\")
  retail, supply (with tax), goods_vat, concession, cost_of_capital
  credit_days (from delivery), days_to_settle (from sale); or, in their place,
  terms = { credit = \"from(delivery);eom;days(30)\", after_sale = \"from(statement_confirmed);days(15)\" }
  shrink, selling_cost, loss_credit, loss_after_sale, cost, cost_days, salvage
  deliveries, sales: lists of { on = \"2026-01-31\", pieces = 300 }
  [guarantee]  amount (turnover with tax), rate, cycle (month, quarter, half_year, year); may be left out
  [ask]        fewer_sales, concession, credit_days, days_to_settle, cost_of_capital, retail, supply, shrink: lists of
               values, one row each; may be left out
  VAT is taken as paid when the money comes: its own timing is not in the figures.

JSON (--format json); amounts are strings in major units without tax, six decimals
  title, currency, discounting, valued_on, vat_timing, base: {methods: [{method, npv, net_cash, peak_funding, peak_on,
  cash_to_cash_days, expected_loss, top_up, flows: [{on, kind, amount}]}], ranking, break_even_rate, break_even_term},
  rows: [{change, methods: {method: npv}, top_up, best}]

EXIT CODE
  0 done; 1 the chart could not be written; 2 the scenario cannot be used: every problem is printed as
  file:line:column: value: what was expected";

fn main() -> ExitCode {
    let options = Options::parse();
    let input = match load::read(options.scenario.as_deref()) {
        Ok(input) => input,
        Err(problems) => return problems.report(),
    };
    let told = report::run(&input).and_then(|told| {
        let text = match options.format {
            Format::Text => report::text(&input, &told, options.language.into())?,
            Format::Json => report::json(&input, &told)?,
        };
        Ok((told, text))
    });
    let (told, text) = match told {
        Ok(told) => told,
        Err(text) => {
            eprintln!("{}: {text}", input.name);
            return ExitCode::from(common::problems::EXIT_BAD_INPUT);
        }
    };
    if let Some(path) = &options.chart {
        let drawn = chart::cash(&told.base).map_err(|error| error.to_string());
        let written =
            drawn.and_then(|svg| write_file(path, svg.as_bytes()).map_err(|error| error.to_string()));
        if let Err(error) = written {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    print!("{text}");
    ExitCode::SUCCESS
}

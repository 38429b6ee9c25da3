//! A promotion calendar before it starts: checks, clashes, what each event should earn, and what the budget should buy.
//!
//! ```text
//! cargo run --release --example promo_plan
//! cargo run --release --example promo_plan -- CALENDAR.toml --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod calendar;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use endcap::promo::plan::Severity;

use common::problems::Problems;
use common::{Format, Tongue};

/// Checks planned promotions against the principles of promotion, forecasts each at three lifts, and ranks them.
///
/// Exit code 0: nothing to mend; 1: at least one error among the findings; 2: the file cannot be read.
#[derive(Debug, Parser)]
#[command(name = "promo_plan", after_long_help = FORMAT)]
struct Options {
    /// The calendar, as TOML [default: the sample's promotion_calendar.toml].
    #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data/promotion_calendar.toml"), hide_default_value = true)]
    calendar: PathBuf,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The language of the findings.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    language: Tongue,
    /// Lists the twenty ways to promote, and when each suits, instead.
    #[arg(long)]
    tactics: bool,
}

const FORMAT: &str = r#"The calendar:
  currency = "CNY"              # of every amount
  budget = "120000.00"          # for all events together
  rank_by = "net_per_spend"     # or "net_margin"

  [rules]                       # optional: house limits, see endcap_promo::plan::CheckRules
  clean_weeks = 8

  [[event]]
  account = "HEXI"
  objective = "volume"          # share, trial, clear_stock, defend, new_product, display_presence
  target = "15000"              # on the figure the objective is judged by; leave it out and it is found missing
  base_units = "20000"          # expected in the window without the event
  planned_lift = "110%"
  low_lift = "60%"              # optional: half and one and a half of the planned lift otherwise
  high_lift = "160%"
  budget = "50000.00"
  cooldown_weeks = 2
  clean_weeks = 12              # before the start
  detectable_lift = "20%"       # optional: what the design can see
  design = { kind = "controls", units = 6 }          # or { kind = "no_controls", method = "…" }, { kind = "undecided" }
  proof = { DISPLAY = "dated photo per store" }      # by lump-sum line
  prices = { unit_cost = "3.60", supply = "6.00", shelf = "9.00" }   # a unit; sell_in_units = "…" when it differs
  promotion = { id = "P26-08", period = "2026-08-03..2026-08-17", skus = ["TEA-01"], mechanic = { kind =
    "percent_off", rate = "20%" }, funding = [{ id = "SCAN", purpose = "price_support", basis = { kind = "scan_back",
    per_unit = "1.00" } }] }

Optional as well: stores, gift_value, largest_prize, dependence = { weeks_on_deal, volume_on_deal, falling_quarters },
reference_price = { announced, charged = { 2026-08-01 = "9.00" } }. Mechanics: percent_off, amount_off, fixed_price,
buy_get, bundle, support_only. Funding: scan_back, off_invoice, bill_back, sell_in_share, sell_out_share, lump_sum,
free_goods."#;

fn main() -> ExitCode {
    let options = Options::parse();
    let language = options.language.into();
    if options.tactics {
        match options.format {
            Format::Text => print!("{}", report::tactics(language)),
            Format::Json => println!("{:#}", report::tactics_json(language)),
        }
        return ExitCode::SUCCESS;
    }
    let mut problems = Problems::default();
    let Some(calendar) = calendar::read(&options.calendar, &mut problems) else {
        return problems.report();
    };
    match report::answer(&calendar, language) {
        Ok(answer) => {
            match options.format {
                Format::Text => print!("{}", answer.text),
                Format::Json => println!("{:#}", answer.json),
            }
            let errors = answer.findings.iter().any(|finding| finding.severity == Severity::Error);
            if errors { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            eprintln!("{}: {error}", options.calendar.display());
            ExitCode::from(common::problems::EXIT_BAD_INPUT)
        }
    }
}

//! Did the promotions work, and did they pay? A verdict per event from weekly sales, with accounts that did not take
//! part as controls.
//!
//! ```text
//! cargo run --release --example promo_eval
//! cargo run --release --example promo_eval -- weeks.csv --events events.csv --format json --svg verdicts.svg
//! cargo run --release --example promo_eval -- cheese.csv.zst --account RETAILER --week none --units VOLUME \
//!     --price PRICE --display DISP --feature none --event-display 0.5
//! ```

#[path = "../common/mod.rs"]
mod common;

mod chart;
mod effects;
mod evaluate;
mod load;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use endcap::promo::Language;
use endcap::types::Currency;

use common::problems::{Problem, Problems, Source};
use common::{Format, Tongue};

const JSON_HELP: &str = "\
JSON (--format json) is one object; money, units and shares are strings, counts are numbers:
  widening    {factor, placebos}: how much wider than the model states the intervals are, and by how many placebo events
  counts      {works, does_not, not_enough_evidence}
  events      [{event, account, first_week, last_week, controls, expected, effect, low, high, lift, lift_low, lift_high,
              p, q, verdict, could_have_seen, net, net_low, net_high, payback, rank, shrunk, reason, reason_zh}];
              figures are null where an event cannot be judged
  portfolio   {basis, mean, mean_error, winners_regret}, null with fewer than two judged events
  accounts    [{account, weeks, price, price_error, price_shrunk, display, display_error, display_shrunk, reason}]; a
              figure is null where it is not estimable, and reason says why

Exit code 0: done. 1: a result could not be written. 2: the input cannot be used; every problem is on standard
error as file:line:column: value: what was expected.";

/// Judges promotions from weekly sales: works, does not, or not enough evidence and what could have been seen.
///
/// The weeks before an event, events of their own left out, and the three accounts that move most alike without an event
/// in those weeks give the counterfactual: a structural time series whose posterior is summed, not drawn, so the same
/// file gives the same bytes. The same method is tried on weeks without an event, and intervals are widened by what it
/// finds there. Event and cooldown count as one effect: sales only pulled forward are no gain.
#[derive(Debug, Parser)]
#[command(name = "promo_eval", after_long_help = JSON_HELP)]
struct Args {
    /// Weekly file, plain, gzip or zstd; without one, the sample of this repository.
    file: Option<PathBuf>,
    /// Events: columns event, account, first_week, last_week, and unit_margin and spend where the money is known.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Without an event file: column that is above zero in weeks of an event.
    #[arg(long, value_name = "COLUMN", conflicts_with = "events")]
    event_column: Option<String>,
    /// Without an event file: a week with at least this share on display is a week of an event.
    #[arg(long, value_name = "SHARE", conflicts_with = "events")]
    event_display: Option<f64>,
    /// Most events to judge when they are found in the weekly file.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    most_events: usize,
    /// Column of the account; several, joined by commas, make one key.
    #[arg(long, value_name = "COLUMNS", default_value = "account")]
    account: String,
    /// Column of the week, dates or numbers; none: the rows of an account are consecutive weeks.
    #[arg(long, value_name = "COLUMN", default_value = "week")]
    week: Option<String>,
    /// Column of the units.
    #[arg(long, value_name = "COLUMN", default_value = "units")]
    units: String,
    /// The units column holds natural logarithms.
    #[arg(long)]
    units_log: bool,
    /// Column of the price, or none.
    #[arg(long, value_name = "COLUMN", default_value = "price")]
    price: Option<String>,
    /// Column of the share on display, or none.
    #[arg(long, value_name = "COLUMN", default_value = "display")]
    display: Option<String>,
    /// Column of the share in the flyer, or none.
    #[arg(long, value_name = "COLUMN", default_value = "none")]
    feature: Option<String>,
    /// Weeks after an event that still belong to it.
    #[arg(long, value_name = "WEEKS", default_value_t = 2)]
    cooldown: i64,
    /// Weeks before an event that are looked at.
    #[arg(long, value_name = "WEEKS", default_value_t = 52)]
    history: i64,
    /// Smallest lift that matters, in percent of the base; 0: none declared, and then "no effect" is never concluded.
    #[arg(long, value_name = "PERCENT", default_value_t = 3.0)]
    material: f64,
    /// Confidence of the intervals, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 95.0)]
    confidence: f64,
    /// Largest weekly noise left by the fit, in percent of mean sales, that may still judge an event.
    #[arg(long, value_name = "PERCENT", default_value_t = 60.0)]
    max_noise: f64,
    /// Currency of margins and spend.
    #[arg(long, value_name = "CODE", default_value = "CNY", value_parser = read_currency)]
    currency: Currency,
    /// Also writes a chart of all lifts with their intervals to this SVG file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Language of the text report.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    language: Tongue,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Args {
    fn language(&self) -> Language {
        self.language.into()
    }

    /// Options out of range, as one text each.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(50.0..=99.9).contains(&self.confidence) {
            faults.push(format!("--confidence {}: expected 50 to 99.9", self.confidence));
        }
        if !(0.0..=100.0).contains(&self.material) {
            faults.push(format!("--material {}: expected 0 to 100", self.material));
        }
        if !(0..=26).contains(&self.cooldown) {
            faults.push(format!("--cooldown {}: expected 0 to 26", self.cooldown));
        }
        if !(8..=520).contains(&self.history) {
            faults.push(format!("--history {}: expected 8 to 520", self.history));
        }
        faults
    }
}

fn read_currency(text: &str) -> Result<Currency, String> {
    Currency::from_code(text).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(code) => code,
        Err(problems) => problems.report(),
    }
}

fn run(args: &Args) -> Result<ExitCode, Problems> {
    let sample = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let file = args.file.clone().unwrap_or_else(|| sample("promo_weekly.csv"));
    let detected = args.event_column.is_some() || args.event_display.is_some();
    let events = match (&args.events, &args.file, detected) {
        (Some(path), _, _) => Some(path.clone()),
        (None, None, false) => Some(sample("promo_events.csv")),
        _ => None,
    };
    let mut problems = Problems::default();
    let source = Source::new(&file, 0);
    for fault in args.faults() {
        problems.push(Problem::file(&source, fault));
    }
    if events.is_none() && !detected {
        let text = "expected events: --events FILE, --event-column COLUMN or --event-display SHARE";
        problems.push(Problem::file(&source, text));
    }
    let loaded = load::load(args, &file, events.as_deref(), &mut problems);
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else { return Err(problems) };
    let evaluated = evaluate::evaluate(args, &loaded).map_err(|text| Problem::file(&source, text))?;
    let accounts = effects::effects(&loaded);
    if let Some(path) = &args.svg {
        let drawn = chart::draw(&evaluated, args.language(), args.confidence).and_then(|svg| {
            common::output::write_file(path, svg.as_bytes()).map_err(|error| error.to_string())
        });
        if let Err(error) = drawn {
            eprintln!("{}: {error}", path.display());
            return Ok(ExitCode::from(1));
        }
    }
    Ok(report::publish(args, &loaded, &evaluated, &accounts))
}

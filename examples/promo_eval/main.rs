//! Did the promotions work, and did they pay? A verdict per event from weekly sales, with accounts that did not take
//! part as controls.
//!
//! ```text
//! cargo run --release --example promo_eval
//! cargo run --release --example promo_eval -- weeks.csv --events events.csv --format json --svg verdicts.svg
//! cargo run --release --example promo_eval -- cheese.csv.zst --account RETAILER --week none --units VOLUME \
//!     --price PRICE --display DISP --feature none --event-display 0.5
//! cargo run --release --example promo_eval -- --design --weeks 3 --margin 2.80 --spend 9000
//! ```

#[path = "../common/mod.rs"]
mod common;

mod chart;
mod design;
mod effects;
mod evaluate;
mod load;
mod placebo;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use endcap::promo::Language;
use endcap::promo::evidence::structural::Season;
use endcap::types::Currency;

use common::problems::{Problem, Problems, Source};
use common::{Format, Tongue};

const JSON_HELP: &str = "\
JSON (--format json) is one object, with --design another, see below; money, units and shares are strings, counts are numbers:
  placebos    {judged, nominal, rate, stated_rate, lengths}: share of placebo events (windows without an event) in which an
              effect is found, with limits from other accounts and weeks (rate) and by the model alone (stated_rate);
              lengths is [{weeks, placebos, limit}], limit in the model's own standard errors; null with too few
  counts      {works, does_not, not_enough_evidence}
  events      [{event, account, first_week, last_week, controls, expected, effect, low, high, lift, lift_low, lift_high,
              p, q, verdict, could_have_seen, net, net_low, net_high, payback, rank, shrunk, shrunk_low, shrunk_high, reason,
              reason_zh}];
              figures are null where an event cannot be judged
  portfolio   {basis, mean, mean_error, winners_regret}, null with fewer than two judged events
  accounts    [{account, weeks, price, price_error, price_shrunk, display, display_error, display_shrunk, reason}]; a
              figure is null where it is not estimable, and reason says why
With --design: {weeks, cooldown, confidence, power, lift, left_out, groups: [{accounts, windows, base, noise,
              detectable_lift, detectable_units, power_at_lift, required_spend, return_half_width, detectable_return, reason}]};
              noise and lifts are shares of base, which is what event and cooldown sell without an event; the last
              three are null without --margin (and --spend)

Exit code 0: done. 1: a result could not be written. 2: the input cannot be used; every problem is on standard
error as file:line:column: value: what was expected.";

/// Judges promotions from weekly sales: works, does not, or not enough evidence and what could have been seen.
///
/// The weeks before an event, events of their own left out, and the three accounts that move most alike without an event
/// in those weeks give the counterfactual: a structural time series whose posterior is summed, not drawn, so the same
/// file gives the same bytes. The same method is tried on weeks without an event, intervals reach as far as what it finds
/// there, and how often it then still finds an effect is printed beside the nominal rate. Event and cooldown count as one effect: sales only pulled forward are no gain.
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
    /// Column of the price, or none [default: price, if there is one]; empty where a price is unknown.
    #[arg(long, value_name = "COLUMN")]
    price: Option<String>,
    /// Column of the share on display, or none [default: display, if there is one].
    #[arg(long, value_name = "COLUMN")]
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
    /// A season, as SEASONSxWEEKS, such as 13x4 for a year of weeks; used for events with two whole cycles before them, for
    /// which the history is lengthened.
    #[arg(long, value_name = "SEASONSxWEEKS", value_parser = read_season)]
    season: Option<Season>,
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
    /// Plans an event instead of judging past ones: what could be seen with how many accounts, and on what spend.
    #[arg(long)]
    design: bool,
    /// With --design: weeks of the planned event.
    #[arg(long, value_name = "WEEKS", default_value_t = 2, requires = "design")]
    weeks: i64,
    /// With --design: the accounts that would take part, joined by commas [default: 1, 2, 4, … accounts spread by size].
    #[arg(long, value_name = "ACCOUNTS", requires = "design")]
    treat: Option<String>,
    /// With --design: the lift hoped for, in percent, of which the power is stated.
    #[arg(long, value_name = "PERCENT", default_value_t = 10.0, requires = "design")]
    lift: f64,
    /// With --design: power wanted, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 80.0, requires = "design")]
    power: f64,
    /// With --design: the supplier's margin on a unit.
    #[arg(long, value_name = "AMOUNT", requires = "design")]
    margin: Option<f64>,
    /// With --design: planned spend, for the precision of the return on it.
    #[arg(long, value_name = "AMOUNT", requires = "margin")]
    spend: Option<f64>,
    /// With --design: the return on spend to be told from none: margin earned per unit of money spent.
    #[arg(long, value_name = "RATIO", default_value_t = 1.0, requires = "design")]
    target_return: f64,
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
        if !(1..=52).contains(&self.weeks) {
            faults.push(format!("--weeks {}: expected 1 to 52", self.weeks));
        }
        if !(50.0..=99.0).contains(&self.power) {
            faults.push(format!("--power {}: expected 50 to 99", self.power));
        }
        if !(self.lift > 0.0 && self.lift <= 1000.0) {
            faults.push(format!("--lift {}: expected above 0, at most 1000", self.lift));
        }
        let amounts =
            [("margin", self.margin), ("spend", self.spend), ("target-return", Some(self.target_return))];
        for (name, value) in amounts {
            if let Some(value) = value.filter(|value| !(*value > 0.0 && value.is_finite())) {
                faults.push(format!("--{name} {value}: expected above 0"));
            }
        }
        if !(8..=520).contains(&self.history) {
            faults.push(format!("--history {}: expected 8 to 520", self.history));
        }
        faults
    }
}

fn read_season(text: &str) -> Result<Season, String> {
    let parts = text.split_once('x').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match parts {
        Some((seasons @ 2..=24, periods @ 1..=53)) => Ok(Season::Cycle { seasons, periods }),
        _ => Err("expected 2 to 24 seasons of 1 to 53 weeks, such as 13x4".to_owned()),
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
    if events.is_none() && !detected && !args.design {
        let text = "expected events: --events FILE, --event-column COLUMN or --event-display SHARE";
        problems.push(Problem::file(&source, text));
    }
    let loaded = load::load(args, &file, events.as_deref(), &mut problems);
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else { return Err(problems) };
    if args.design {
        return design::run(args, &loaded).map_err(|text| Problem::file(&source, text).into());
    }
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

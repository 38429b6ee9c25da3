//! What a replenishment policy would have cost: replays policies week by week on real sales, each with only what was
//! known at the time.
//!
//! ```text
//! cargo run --release --example inventory_backtest
//! cargo run --release --example inventory_backtest -- --sales sales.csv --in-stock in_stock.csv \
//!     --from 2023-10-16 --weeks 26 --lead 3 --holding 0.2 --shortage 1
//! ```

#[path = "../common/mod.rs"]
mod common;
mod replay;
mod report;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Parser;
use endcap::inventory::forecast::{PolicySetting, ReplenishmentPolicy, SalesPanel};
use endcap::inventory::models::UnitCosts;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use common::Format;
use common::problems::{Problem, Problems, Source};
use common::weekly::{Weekly, align, flag, group_numbers, pieces};
use replay::replay;

const LONG_HELP: &str = "\
Rules of the replay
  An order placed at the end of week X is usable in week X + lead.
  A week costs --holding for each piece left at its end and --shortage for each piece asked for and not there;
  what is short is lost. Demand of a week is what was sold in the file; a week in which the shelf was empty tells
  less than the demand, so its cost is also shown apart (censored weeks).
  Every policy starts with an empty pipeline and so many pieces on hand as --lead weeks sold on average in the
  eight weeks before, rounded up. The first order is placed at the end of the first week.

Policies
  moving_average   order up to the mean of the last 4 weeks times the lead time
  seasonal_naive   order up to last year's same weeks plus z deviations of that rule's past errors,
                   z for the critical ratio shortage / (shortage + holding)
  pooled           the library's default policy

JSON (--format json) is one object; money is a string, counts are numbers:
  from, weeks, lead, holding, shortage, series
  policies   [{policy, cost, holding_cost, shortage_cost, piece_weeks_left, pieces_short, demand, fill_rate,
               ordered, cost_of_censored_weeks, cost_by_week}]
  best_simple, default, saving   the cheaper of the two simple policies, the default, and 1 - default / best_simple

Exit code 0: done. 2: the input cannot be used; every problem is on standard error as file:line:column.";

/// Replays replenishment policies week by week on a file of weekly sales, and prints what each would have cost.
///
/// Both files have columns that name a series (such as Store,Product) and one column a week, named by its first day.
/// Files may be plain, gzip or zstd.
#[derive(Debug, Parser)]
#[command(name = "inventory_backtest", after_long_help = LONG_HELP)]
struct Args {
    /// Weekly sales in pieces; without it, the sample of this repository.
    #[arg(long, value_name = "FILE", requires = "in_stock")]
    sales: Option<PathBuf>,
    /// Whether the shelf was stocked, True or False, laid out like the sales; it may have more weeks.
    #[arg(long, value_name = "FILE", requires = "sales")]
    in_stock: Option<PathBuf>,
    /// First week of the replay [default: so that it ends with the file].
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Weeks to replay.
    #[arg(long, value_name = "N", default_value_t = 26)]
    weeks: usize,
    /// Weeks from the end of the week of ordering to the week of use.
    #[arg(long, value_name = "WEEKS", default_value_t = 3)]
    lead: usize,
    /// Cost of a piece left at the end of a week.
    #[arg(long, value_name = "MONEY", default_value = "0.2", allow_negative_numbers = true)]
    holding: Decimal,
    /// Cost of a piece short in a week.
    #[arg(long, value_name = "MONEY", default_value = "1", allow_negative_numbers = true)]
    shortage: Decimal,
    /// Column whose value groups series for pooling [default: Product, else the last that names a series].
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Weeks before the first one that the start of every policy needs.
const WEEKS_BEFORE: usize = 8;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(text) => {
            // A reader that stops early is no failure of ours.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(problems) => problems.report(),
    }
}

fn run(args: &Args) -> Result<String, Problems> {
    let sample = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let sales_path = args.sales.clone().unwrap_or_else(|| sample("weekly_sales.csv"));
    let flags_path = args.in_stock.clone().unwrap_or_else(|| sample("weekly_in_stock.csv"));
    let mut problems = Problems::default();
    let sales = Weekly::read(&sales_path, 0, &mut problems, pieces);
    let flags = Weekly::read(&flags_path, 1, &mut problems, flag);
    let (Some(sales), Some(flags)) = (sales, flags) else { return Err(problems) };
    let flags = align(&sales, &flags, &flags_path, 1, &mut problems);
    let source = Source::new(&sales_path, 0);
    let mut refuse = |text: String| problems.push(Problem::file(&source, text));
    let group = match &args.group {
        Some(name) => sales.id_columns.iter().position(|column| column == name),
        None => Some(
            sales
                .id_columns
                .iter()
                .position(|column| column == "Product")
                .unwrap_or(sales.id_columns.len() - 1),
        ),
    };
    if group.is_none() {
        refuse(format!("expected --group to be one of {}", sales.id_columns.join(", ")));
    }
    let first = match window(args, &sales.weeks) {
        Ok(first) => Some(first),
        Err(text) => {
            refuse(text);
            None
        }
    };
    if !(1..=52).contains(&args.lead) {
        refuse(format!("expected --lead between 1 and 52 weeks, not {}", args.lead));
    }
    let costs =
        UnitCosts::new(args.holding.to_f64().unwrap_or(f64::NAN), args.shortage.to_f64().unwrap_or(f64::NAN));
    match &costs {
        Err(error) => refuse(format!("expected --holding and --shortage above 0: {error}")),
        Ok(costs) if !(0.001..=0.999_999).contains(&costs.critical_ratio()) => refuse(format!(
            "expected --shortage from a thousandth to a million times --holding, not {} and {}",
            args.shortage, args.holding
        )),
        Ok(_) => {}
    }
    let (Some(group), Some(first), Ok(costs), true) = (group, first, costs, problems.is_empty()) else {
        return Err(problems);
    };
    let groups = group_numbers(&sales, group);
    let setting = PolicySetting { lead: args.lead, costs };
    let policies = [
        ("moving_average", ReplenishmentPolicy::MovingAverage { periods: 4 }),
        ("seasonal_naive", ReplenishmentPolicy::SeasonalNaive { season_length: 52 }),
        ("pooled", ReplenishmentPolicy::default()),
    ];
    let failed = |error: endcap::inventory::InventoryError| Problems::from(Problem::file(&source, error));
    let panel = SalesPanel::new(sales.weeks.len(), &sales.values, &flags, &groups).map_err(failed)?;
    let mut results = Vec::new();
    for (name, policy) in policies {
        let result = replay(&panel, &setting, &policy, first..first + args.weeks).map_err(failed)?;
        results.push((name, result));
    }
    let report = report::Report::new(args.holding, args.shortage, results);
    let head = report::Head {
        from: sales.weeks[first],
        weeks: args.weeks,
        lead: args.lead,
        holding: args.holding,
        shortage: args.shortage,
        series: sales.ids.len(),
    };
    Ok(match args.format {
        Format::Text => report.text(&head),
        Format::Json => report.json(&head),
    })
}

/// Where the window of `args` begins in the weeks of the file.
fn window(args: &Args, weeks: &[NaiveDate]) -> Result<usize, String> {
    let (Some(begin), Some(end)) = (weeks.first(), weeks.last()) else {
        return Err("expected a column a week".to_owned());
    };
    let file = format!("the file has {} weeks from {begin} to {end}", weeks.len());
    let most = weeks.len().saturating_sub(WEEKS_BEFORE);
    if args.weeks == 0 || args.weeks > most {
        return Err(if most == 0 {
            format!("expected more than {WEEKS_BEFORE} weeks, which come before the replay; {file}")
        } else {
            format!(
                "expected --weeks between 1 and {most}, not {}: {WEEKS_BEFORE} weeks come before the replay, and {file}",
                args.weeks
            )
        });
    }
    let latest = weeks.len() - args.weeks;
    let Some(day) = args.from else { return Ok(latest) };
    let range = format!("between {} and {}", weeks[WEEKS_BEFORE], weeks[latest]);
    match weeks.binary_search(&day) {
        Ok(first) if (WEEKS_BEFORE..=latest).contains(&first) => Ok(first),
        Ok(_) => Err(format!(
            "expected --from {range}, so that {WEEKS_BEFORE} weeks come before it and {} from it on, not {day}; {file}",
            args.weeks
        )),
        // Between two weeks of the file: the week the day lies in begins with the one before.
        Err(next) if next > 0 && next < weeks.len() => Err(format!(
            "expected --from to be the first day of a week such as {}, not {day}; {file}",
            weeks[next - 1]
        )),
        Err(_) => Err(format!("expected --from {range}, not {day}; {file}")),
    }
}

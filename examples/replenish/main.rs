//! What to order for every product in every store, each line with reasons that add up to it.
//!
//! ```text
//! cargo run --release --example replenish
//! cargo run --release --example replenish -- --sales sales.csv --in-stock in_stock.csv --stock stock.csv \
//!     --on-hand "End Inventory" --in-transit "In Transit W+1,In Transit W+2" --lines-out orders.csv
//! ```

#[path = "../common/mod.rs"]
mod common;
mod load;
mod report;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use endcap::inventory::forecast::{
    ForecastOptions, PolicySetting, ReplenishmentPolicy, SalesPanel, StockState, forecast_demand, plan_orders,
};
use endcap::inventory::models::UnitCosts;
use endcap::inventory::{
    Column, ConflictRule, Demand, OrderColumns, OrderOptions, PalletPercent, suggest_all,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use common::problems::{Problem, Problems, Source};
use common::weekly::{Weekly, align, flag, group_numbers, pieces};
use common::{Format, Tongue};

const LONG_HELP: &str = "\
How an order comes about
  Demand is forecast for each coming week (level, season pooled over the stores of a product, spread). What will be
  left when the order arrives is projected week by week, what is short being lost; the order meets the demand of its
  arrival week with probability shortage / (shortage + k x holding), k = 1 + (lead - 1) / 6. Then: whole cases,
  minimum order, pallets, shelf capacity. Stock on hand + in transit + the order before rounding is shown as the order-up-to level.

Columns of --stock, each optional but on hand, all in pieces
  those that name a series in --sales; on hand (--on-hand); one column a week of goods in transit (--in-transit,
  nearest first); unusable, case_pack, minimum, pallet, shelf_capacity, promotion (extra demand expected)
--pipeline has the columns that name a series, due (the first day of the week of arrival) and pieces.

JSON (--format json) is one object, counts are numbers:
  week, lead, lines, ordered_lines, quantity, cases, unmet, outcomes {code: lines}, reasons {code: pieces},
  orders   [{series, quantity, cases, outcome, unmet, forecast, reasons: [{kind, quantity}], because}], only with
           --all also those that order nothing

Exit code 0: done. 1: --lines-out could not be written. 2: the input cannot be used; every problem is on standard
error as file:line:column.";

/// Suggests orders for every product in every store from weekly sales, stock and goods in transit, with reasons.
#[derive(Debug, Parser)]
#[command(name = "replenish", after_long_help = LONG_HELP)]
struct Args {
    /// Weekly sales in pieces: columns that name a series, then one a week; without it, the sample.
    #[arg(long, value_name = "FILE", requires_all = ["in_stock", "stock"])]
    sales: Option<PathBuf>,
    /// Whether the shelf was stocked, laid out like the sales.
    #[arg(long, value_name = "FILE", requires = "sales")]
    in_stock: Option<PathBuf>,
    /// Stock and order rules of each series.
    #[arg(long, value_name = "FILE", requires = "sales")]
    stock: Option<PathBuf>,
    /// Goods in transit, one line a delivery.
    #[arg(long, value_name = "FILE", requires = "sales")]
    pipeline: Option<PathBuf>,
    /// Column of the stock on hand.
    #[arg(long, value_name = "COLUMN", default_value = "on_hand")]
    on_hand: String,
    /// Columns of goods in transit, by week of arrival, nearest first.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    in_transit: Vec<String>,
    /// Weeks from the end of this week to the week in which an order can be sold.
    #[arg(long, value_name = "WEEKS", default_value_t = 3)]
    lead: usize,
    /// Cost of a piece left at the end of a week.
    #[arg(long, value_name = "MONEY", default_value = "0.2", allow_negative_numbers = true)]
    holding: Decimal,
    /// Cost of a piece short in a week.
    #[arg(long, value_name = "MONEY", default_value = "1", allow_negative_numbers = true)]
    shortage: Decimal,
    /// A started pallet that is full to this percentage is filled.
    #[arg(long, value_name = "PERCENT", default_value_t = 80)]
    pallet_percent: u8,
    /// Language of the reasons.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    language: Tongue,
    /// Also writes every order line with its reasons to this CSV file.
    #[arg(long, value_name = "FILE")]
    lines_out: Option<PathBuf>,
    /// Shows lines that order nothing, too.
    #[arg(long)]
    all: bool,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(code) => code,
        Err(problems) => problems.report(),
    }
}

fn run(args: &Args) -> Result<ExitCode, Problems> {
    let sample = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let given = |path: &Option<PathBuf>, name: &str| path.clone().unwrap_or_else(|| sample(name));
    let sales_path = given(&args.sales, "weekly_sales.csv");
    let flags_path = given(&args.in_stock, "weekly_in_stock.csv");
    let stock_path = given(&args.stock, "store_stock.csv");
    let pipeline_path = match (&args.sales, &args.pipeline) {
        (None, _) => Some(sample("store_pipeline.csv")),
        (Some(_), pipeline) => pipeline.clone(),
    };
    let mut problems = Problems::default();
    let source = Source::new(&sales_path, 0);
    if !(1..=52).contains(&args.lead) {
        problems.push(Problem::file(
            &source,
            format!("expected --lead between 1 and 52 weeks, not {}", args.lead),
        ));
        return Err(problems);
    }
    let sales = Weekly::read(&sales_path, 0, &mut problems, pieces);
    let flags = Weekly::read(&flags_path, 1, &mut problems, flag);
    let (Some(sales), Some(flags)) = (sales, flags) else { return Err(problems) };
    let flags = align(&sales, &flags, &flags_path, 1, &mut problems);
    let mut book = load::stock(args, &stock_path, &sales, &mut problems);
    if let Some(path) = &pipeline_path {
        load::pipeline(path, &sales, args.lead, &mut book, &mut problems);
    }
    let costs =
        UnitCosts::new(args.holding.to_f64().unwrap_or(f64::NAN), args.shortage.to_f64().unwrap_or(f64::NAN));
    let percent = PalletPercent::new(args.pallet_percent);
    match &costs {
        Err(error) => {
            problems
                .push(Problem::file(&source, format!("expected --holding and --shortage above 0: {error}")));
        }
        Ok(costs) if !(0.001..=0.999_999).contains(&costs.critical_ratio()) => {
            let text = format!(
                "expected --shortage from a thousandth to a million times --holding, not {} and {}",
                args.shortage, args.holding
            );
            problems.push(Problem::file(&source, text));
        }
        Ok(_) => {}
    }
    if let Err(error) = &percent {
        problems.push(Problem::file(&source, format!("expected --pallet-percent of 1 to 100: {error}")));
    }
    let (Ok(costs), Ok(pallet_percent), true) = (costs, percent, problems.is_empty()) else {
        return Err(problems);
    };
    let failed = |error: endcap::inventory::InventoryError| Problems::from(Problem::file(&source, error));

    let group =
        sales.id_columns.iter().position(|column| column == "Product").unwrap_or(sales.id_columns.len() - 1);
    let groups = group_numbers(&sales, group);
    let panel = SalesPanel::new(sales.weeks.len(), &sales.values, &flags, &groups).map_err(failed)?;
    let forecast = forecast_demand(&panel, args.lead, &ForecastOptions::default()).map_err(failed)?;
    let expected: Vec<f64> = (0..panel.series()).map(|series| forecast.means(series).iter().sum()).collect();
    // The policy sees the stock that can be sold; the line shows what is on hand and what of it cannot.
    let usable: Vec<i64> =
        book.on_hand.iter().zip(&book.unusable).map(|(all, bad)| (all - bad).max(0)).collect();
    let stocks: Vec<StockState<'_>> = usable
        .iter()
        .zip(&book.arriving)
        .map(|(on_hand, arriving)| StockState { on_hand: *on_hand, arriving })
        .collect();
    let setting = PolicySetting { lead: args.lead, costs };
    let wanted = plan_orders(&panel, &stocks, &setting, &ReplenishmentPolicy::default()).map_err(failed)?;
    let in_transit: Vec<i64> = book.arriving.iter().map(|weeks| weeks.iter().sum()).collect();
    let target: Vec<i64> = wanted
        .iter()
        .zip(usable.iter().zip(&in_transit))
        .zip(&expected)
        .map(|((order, (usable, coming)), demand)| match order {
            // Enough without an order: the level shown is the demand, at most what there is.
            0 => (demand.ceil() as i64).min(usable + coming),
            order => usable + coming + order,
        })
        .collect();
    let columns = OrderColumns {
        promotion: Column::Each(&book.promotion),
        unusable: Column::Each(&book.unusable),
        in_transit: Column::Each(&in_transit),
        case_pack: Column::Each(&book.case_pack),
        minimum: Column::Each(&book.minimum),
        pallet: Column::Each(&book.pallet),
        shelf_capacity: Column::Each(&book.shelf_capacity),
        ..OrderColumns::new(&book.on_hand, Demand::Target(Column::Each(&target)))
    };
    let options =
        OrderOptions { conflict: ConflictRule::OrderNothing, pallet_percent, ..OrderOptions::default() };
    let lines = suggest_all(&columns, &options)
        .map_err(|error| Problems::from(Problem::file(&Source::new(&stock_path, 2), error)))?;
    let language = args.language.into();
    let report = report::Report {
        sales: &sales,
        lines: &lines,
        cases: &book.case_pack,
        expected: &expected,
        language,
    };
    if let Some(path) = &args.lines_out
        && let Err(error) = common::output::write_file(path, report.csv().as_bytes())
    {
        eprintln!("{}: cannot be written: {error}", path.display());
        return Ok(ExitCode::FAILURE);
    }
    let text = match args.format {
        Format::Text => report.text(args.lead, args.all),
        Format::Json => report.json(args.lead, args.all),
    };
    // A reader that stops early is no failure of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

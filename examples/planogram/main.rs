//! Facings and a drawn planogram for one fixture, with the proof of how far from the best it can be.
//!
//! ```text
//! cargo run --release --example planogram -- --svg shelf.svg
//! cargo run --release --example planogram -- --skus SKUS.csv --fixture FIXTURE.toml --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod assortment;
mod fixture;
mod report;
mod skus;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use endcap::shelf::{PlanOptions, SvgOptions, plan};
use endcap::types::Rate;

use common::output::write_file;
use common::problems::{EXIT_BAD_INPUT, Problem, Problems, Source};
use common::{Format, Tongue};

/// Plans the facings of one fixture and draws it.
///
/// The plan earns as much as the certificate says and no plan can earn more than its upper bound. Without arguments it
/// plans the sample: a drinks bay of 2 × 0.9 m.
#[derive(Debug, Parser)]
#[command(name = "planogram", after_long_help = FORMATS)]
struct Options {
    /// Products, as CSV (see below) [default: the sample's shelf_skus.csv].
    #[arg(long, value_name = "FILE", conflicts_with = "products")]
    skus: Option<PathBuf>,
    /// The furniture, as TOML (see below) [default: the sample's shelf_fixture.toml].
    #[arg(long, value_name = "FILE")]
    fixture: Option<PathBuf>,
    /// A product list with volumes instead of sizes: the assortment is what one account sold of it.
    #[arg(long, value_name = "FILE", requires = "sales")]
    products: Option<PathBuf>,
    /// Sales lines for --products, with store, item, bottles; plain, gzip or zstd.
    #[arg(long, value_name = "FILE", requires_all = ["products", "stores", "chains", "account"])]
    sales: Option<PathBuf>,
    /// Store table for --products, with store and name.
    #[arg(long, value_name = "FILE")]
    stores: Option<PathBuf>,
    /// Ordered [[rule]] tables with prefix and account, as for the example classify.
    #[arg(long, value_name = "FILE")]
    chains: Option<PathBuf>,
    /// The account whose sales are the demand.
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Only products of this vendor number.
    #[arg(long, value_name = "NUMBER")]
    vendor: Option<String>,
    /// Only the best-selling products.
    #[arg(long, value_name = "N", default_value_t = 60)]
    top: usize,
    /// Share of the profit that may be given up to bring brands together, such as 0.5%.
    #[arg(long, value_name = "RATE", default_value = "0.5%")]
    block_tolerance: Rate,
    /// Draws the planogram to this file; it appears whole or not at all.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// The language of the drawing.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    language: Tongue,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const FORMATS: &str = r#"Products (--skus), one a line:
  sku, name, brand, category     text; blocks never mix categories
  width_mm, height_mm, depth_mm  of one unit as it stands
  weekly_units                   sold a week with one facing at eye level 1
  unit_margin                    earned on a unit, in the currency of the fixture
  min_facings, max_facings       optional columns: 1 and 6 where they are missing or empty
  must_stock                     optional column: yes or no
  max_stack                      optional column: units on one another, 1 for bottles
  days_of_supply, case_pack      optional columns: days of sales and whole case that the shelf must hold
  hanging                        optional column: never, only or either, for shelves with pegs
  orientations                   optional column: the ways it may be turned, the best first, such as "front side";
                                 front, front_lying, side, side_lying, top, top_lying

Furniture (--fixture), segments from left to right and shelves from bottom to top:
  title = "Drinks"
  currency = "CNY"
  [fixture]
  name = "Bay 7"
  base_mm = 150                  # floor to the first board
  board_mm = 30
  headroom_mm = 20               # kept free above a product
  [[fixture.segments]]
  name = "S1"
  shelves = [{ width_mm = 1200, height_mm = 330, depth_mm = 450, appeal = "0.85" }]   # appeal multiplies demand
  notches = { every = { first_mm = 180, pitch_mm = 50 } }        # optional: boards hang in notches only
A shelf with pegs adds mount = { pegs = { across_mm = 25, up_mm = 25 } }. Agreed shares of the width of all shelves:
  [[share]]
  brand = "Own"                  # or category = "Tea"
  least = "25%"                  # optional, as is most
  most = "40%"

A product list (--products) has Item Number, Category Name, Item Description, Vendor, Vendor Name, Bottle Volume (ml),
Pack, State Bottle Cost, State Bottle Retail. Sizes follow a stated rule: the smallest of the common bottles that holds
the volume (50 ml 35 × 115 mm, 100 ml 45 × 145, 200 ml 62 × 185, 375 ml 68 × 215, 500 ml 72 × 250, 750 ml 80 × 300,
1000 ml 88 × 325, 1750 ml 115 × 335, above that 150 × 360; round, as deep as wide). Demand is the account's bottles a
week in an average store; margin is retail less cost; the brand is the first word of the description.

JSON (--format json): title, status, lower, upper, gap, profit, facings, products [{sku, name, brand, category,
facings, segment, shelf, x_mm,
width_mm, orientation, capacity_units, profit}], problems (none), share_of_shelf {brand: share of the width in use}.
Exit code 0: done. 1: a file could not be written. 2: the input cannot be used; every problem is on standard error."#;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(problems) => problems.report(),
    }
}

fn run(options: &Options) -> Result<ExitCode, Problems> {
    let mut problems = Problems::default();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let file = |given: &Option<PathBuf>, sample: &str| given.clone().unwrap_or_else(|| data.join(sample));
    let bay = fixture::read(&file(&options.fixture, "shelf_fixture.toml"), 0, &mut problems);
    let products = match &options.products {
        Some(products) => assortment::read(products, options, &mut problems),
        None => skus::read(&file(&options.skus, "shelf_skus.csv"), 1, &mut problems),
    };
    if products.is_empty() && problems.is_empty() {
        let from = options.products.as_ref().or(options.skus.as_ref()).cloned().unwrap_or_default();
        let text = "holds no product to plan: none is listed, or the account sold none of them";
        problems.push(Problem::file(&Source::new(&from, 1), text));
    }
    if let Some(bay) = bay.as_ref().filter(|_| problems.is_empty()) {
        bay.check_members(&products, &mut problems);
    }
    let Some(bay) = bay.filter(|_| problems.is_empty()) else { return Err(problems) };
    let plan_options = PlanOptions {
        block_tolerance: options.block_tolerance,
        shares: bay.share_rules(&products),
        ..PlanOptions::new(bay.currency)
    };
    let best = match plan(&bay.fixture, &products, &plan_options) {
        Ok(best) => best,
        Err(error) => {
            eprintln!("the plan was refused: {error}");
            return Ok(ExitCode::from(EXIT_BAD_INPUT));
        }
    };
    if let Some(path) = &options.svg {
        let language = options.language.into();
        let drawing = best.planogram.to_svg(&SvgOptions { language, ..SvgOptions::new(bay.title.clone()) });
        if let Err(error) = write_file(path, drawing.as_bytes()) {
            eprintln!("{}: {error}", path.display());
            return Ok(ExitCode::FAILURE);
        }
    }
    match report::answer(&bay, &products, &best, &plan_options.shares) {
        Ok(answer) => {
            match options.format {
                Format::Text => print!("{}", answer.text),
                Format::Json => println!("{:#}", answer.json),
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{error}");
            Ok(ExitCode::FAILURE)
        }
    }
}

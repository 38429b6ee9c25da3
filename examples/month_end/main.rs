//! Close a month for a supplier's key accounts: classify, settle, judge, order, plan, post, and prove it.
//!
//! `cargo run --release --example month_end` closes the last month of the sample data and writes `out/`.

mod book;
mod close;
#[path = "../common/mod.rs"]
mod common;
mod document;
mod load;
mod options;
mod report;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Parser;
use endcap::calendar::{Grain, Period};
use endcap::settlement::Contract;
use endcap::types::AccountId;

use book::{Book, Source};
use close::shelves::ShelfTasks;
use close::{accounts, books, checks, orders, promotions, settle, shelves};
use common::Format;
use common::chains::Chains;
use common::contracts::Places;
use common::problems::Problems;
use document::Document;
use load::terms::Terms;
use load::{lines, sample};
use options::Options;

/// Everything read, and what could not be counted as sales of a month.
struct Input {
    book: Book,
    contracts: BTreeMap<AccountId, Vec<Contract>>,
    places: Places,
    shelf_tasks: Option<ShelfTasks>,
    rows: u64,
    last_day: Option<NaiveDate>,
    unknown_stores: usize,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Err(text) = report::files::may_replace(&options.out) {
        eprintln!("{text}");
        return ExitCode::from(common::problems::EXIT_BAD_INPUT);
    }
    let mut problems = Problems::default();
    let input = read(&options, &mut problems);
    let (Some(input), true) = (input, problems.is_empty()) else { return problems.report() };
    if input.unknown_stores > 0 {
        eprintln!(
            "note: {} stores are not in the store table; each is its own account",
            input.unknown_stores
        );
    }
    let month = match month(&options, &input) {
        Ok(month) => month,
        Err(text) => {
            eprintln!("{text}");
            return ExitCode::from(common::problems::EXIT_BAD_INPUT);
        }
    };
    let contracts = options.contracts_file();
    let gaps = load::cover::gaps(&contracts, &input.book, &input.contracts, month);
    if !gaps.is_empty() {
        return gaps.report();
    }
    match run(&options, input, month) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the month could not be closed: {error}");
            let bad_input = error.is::<close::BadInput>();
            if bad_input { ExitCode::from(common::problems::EXIT_BAD_INPUT) } else { ExitCode::FAILURE }
        }
    }
}

/// Reads all files; problems are collected, not thrown.
fn read(options: &Options, problems: &mut Problems) -> Option<Input> {
    let terms = Terms::read(&options.contracts_file(), 100, problems)?;
    if options.sales.is_empty() {
        let book = sample::read(&options.data, &terms, problems);
        let shelf_tasks = load::shelves::read(&options.data.join("fixtures.toml"), 102, &book, problems);
        let rows = u64::try_from(book.sales.len()).unwrap_or(u64::MAX);
        let last_day = book.counts.iter().map(|count| count.date).max();
        return Some(finish(book, (&terms, &terms.chains), shelf_tasks, (rows, last_day, 0), problems));
    }
    let chains = match &options.chains {
        Some(path) => Chains::read(path, 103, problems),
        None => terms.chains.clone(),
    };
    let lines = lines::read(options, &chains, terms.currency, problems);
    let facts = (lines.rows, lines.last_day, lines.unknown_stores);
    Some(finish(lines.book, (&terms, &chains), None, facts, problems))
}

fn finish(
    mut book: Book,
    (terms, chains): (&Terms, &Chains),
    shelf_tasks: Option<ShelfTasks>,
    (rows, last_day, unknown_stores): (u64, Option<NaiveDate>, usize),
    problems: &mut Problems,
) -> Input {
    book.title.clone_from(&terms.title);
    book.note.clone_from(&terms.note);
    // When accounts could not be read, every contract would be called unknown.
    let contracts = if problems.is_empty() {
        terms.contracts_for(book.accounts.keys(), chains, problems)
    } else {
        BTreeMap::new()
    };
    Input { book, contracts, places: terms.places.clone(), shelf_tasks, rows, last_day, unknown_stores }
}

/// The month asked for, or the last that the files cover to its end.
fn month(options: &Options, input: &Input) -> Result<Period, String> {
    let days = || input.book.sales.iter().map(|sale| sale.date);
    let (Some(first), Some(last)) = (days().min(), input.last_day) else {
        let full = input.book.source == Source::Full;
        let file = match (full && input.last_day.is_none(), options.sales.first()) {
            (true, _) => options.data.join("stock_counts.csv"),
            (false, None) => options.data.join("sales.csv"),
            (false, Some(first)) => first.clone(),
        };
        return Err(format!("{}: has no lines; expected at least one", file.display()));
    };
    let newest = Period::containing(Grain::Month, last).map_err(|error| error.to_string())?;
    let Some(month) = options.month else {
        if newest.last_day() == last || input.book.source == Source::LinesOnly {
            return Ok(newest);
        }
        return newest.previous().map_err(|error| error.to_string());
    };
    let oldest = Period::containing(Grain::Month, first).map_err(|error| error.to_string())?;
    if month.start() < oldest.start() || month.start() > newest.start() {
        let name = |period: Period| period.start().format("%Y-%m").to_string();
        return Err(format!(
            "--month {}: expected a month from {} to {}, which the files cover",
            name(month),
            name(oldest),
            name(newest)
        ));
    }
    Ok(month)
}

/// The close; true when every check holds.
fn run(options: &Options, mut input: Input, month: Period) -> Result<bool, Box<dyn Error>> {
    // What happened after the month is not known when it is closed.
    input.book.forget_after(month);
    let book = &input.book;
    let months = settle::months(book, month)?;
    let judged = promotions::judge(book, month)?;
    let statements = settle::settle_all(book, (&input.contracts, &input.places), &months, &judged)?;
    let books = books::post(book, &input.contracts, &months, &statements)?;

    let mut doc = Document {
        schema: "endcap month_end 1",
        title: book.title.clone(),
        note: book.note.clone(),
        month: month.start().format("%Y-%m").to_string(),
        first_day: month.start().to_string(),
        last_day: month.last_day().to_string(),
        currency: book.currency.code().to_owned(),
        rows: input.rows,
        ..Document::default()
    };
    let mut methods: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
    for (account, contracts) in &input.contracts {
        let names = contracts.iter().map(|c| settle::method_name(c.terms().method.kind()).to_owned());
        let mut names: Vec<String> = names.collect();
        names.dedup();
        methods.insert(account.clone(), names);
    }
    accounts::rank(book, month, &books.earned, &methods, &mut doc)?;
    (doc.statements, doc.settled) = settle::rows(&settle::of_month(&statements, month), book)?;
    doc.promotions = promotions::rows(&judged, month)?;
    if let Some(stock) = &books.month_stock {
        doc.orders = Some(orders::suggest(book, stock, month)?);
        doc.stock = Some(stock.totals());
    }
    let mut planogram_problems = 0;
    if let Some(tasks) = &input.shelf_tasks {
        (doc.planograms, planogram_problems) = shelves::draw(book, month, &tasks.plan)?;
    }
    doc.trial_balance = books::trial_balance(&books, month.last_day())?;
    doc.ageing = books::ageing(&books, book, month.last_day())?;
    let evidence =
        checks::Evidence { book, month, statements: &statements, books: &books, planogram_problems };
    doc.checks = checks::run(&evidence, &doc)?;

    let journal = books::journal(&books, month);
    let whole = settle::whole(&settle::of_month(&statements, month))?;
    report::files::write(&doc, whole, journal, &options.out)
        .map_err(|error| format!("{}: {error}", options.out.display()))?;
    match options.format {
        Format::Text => {
            print!("{}", report::text::summary(&doc));
            let page: PathBuf = options.out.join("report.html");
            println!("\nWritten to {}; open {}", options.out.display(), page.display());
        }
        Format::Json => println!("{}", serde_json::to_string_pretty(&doc)?),
    }
    Ok(doc.checks.iter().all(|check| check.holds))
}

//! Settle the months of one contract from its movements: statements in words and as JSON, and why every amount is what it is.
//!
//! ```text
//! cargo run --release --example settle
//! cargo run --release --example settle -- --why payment --language zh
//! cargo run --release --example settle -- --contracts C.toml --movements M.csv --prior 2026-05.json --format json
//! cargo run --release --example settle -- --law china --language zh
//! ```

#[path = "../common/mod.rs"]
mod common;

mod compliance;
mod load;
mod movements;
mod options;
mod report;
mod till;

use std::process::ExitCode;

use clap::Parser;
use endcap::calendar::{Grain, Period};
use endcap::settlement::{Language, Statement, settle};

use common::Format;
use common::output::OutputDirectory;
use load::Input;
use options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    let input = match load::read(&options) {
        Ok(input) => input,
        Err(problems) => return problems.report(),
    };
    let told = months(&options, &input).and_then(|months| run(&input, &months)).and_then(|statements| {
        let text = match (&options.why, options.format) {
            (Some(line), _) => report::why(&statements, line, &options)?,
            (None, Format::Text) => {
                let findings = compliance::held(&input, &statements)?;
                let language = options.language.into();
                report::text(&input, &statements, language)? + &findings.text(language)
            }
            (None, Format::Json) => {
                report::json(&statements, &compliance::held(&input, &statements)?.json()?)?
            }
        };
        Ok((statements, text))
    });
    let (statements, text) = match told {
        Ok(told) => told,
        Err(text) => {
            eprintln!("{text}");
            return ExitCode::from(common::problems::EXIT_BAD_INPUT);
        }
    };
    if let Some(out) = &options.out
        && let Err(text) = write(out, &input, &statements)
    {
        eprintln!("{text}");
        return ExitCode::FAILURE;
    }
    print!("{text}");
    ExitCode::SUCCESS
}

/// The months to settle: from the first movement, or the first month that no earlier statement covers, to the last asked for.
fn months(options: &Options, input: &Input) -> Result<Vec<Period>, String> {
    let (Some(first), Some(last)) = (input.first_day(), input.last_day()) else {
        return Err(format!("{}: has no lines; expected at least one movement", input.movements_name));
    };
    let month = |day| Period::containing(Grain::Month, day).map_err(|error| error.to_string());
    let (oldest, newest) = (month(first)?, month(last)?);
    let wanted = options.period.unwrap_or(newest);
    if wanted.start() < oldest.start() || wanted.start() > newest.start() {
        let name = |period: Period| period.start().format("%Y-%m").to_string();
        return Err(format!(
            "--period {}: expected a month from {} to {}, which the movements cover",
            name(wanted),
            name(oldest),
            name(newest)
        ));
    }
    let mut months = vec![oldest];
    while months.last().is_some_and(|last| last.start() < wanted.start()) {
        let next = months.last().copied().unwrap_or(oldest).next().map_err(|error| error.to_string())?;
        months.push(next);
    }
    months.retain(|month| input.prior.iter().all(|prior| prior.period() != *month));
    if months.last() != Some(&wanted) {
        return Err(format!(
            "--prior: {} is already settled in a statement given; expected only earlier months",
            wanted.start().format("%Y-%m")
        ));
    }
    // What lies outside the contract is nobody's to settle.
    let valid = input.contract.terms().valid;
    months.retain(|month| month.overlap_days(valid) > 0);
    match months.last() {
        Some(last) if *last == wanted => Ok(months),
        _ => Err(format!("--period: the contract {} is in force only in {valid}", input.contract.id())),
    }
}

/// Every month in turn; each takes the statements before it, and consignment the stock they leave.
fn run(input: &Input, months: &[Period]) -> Result<Vec<Statement>, String> {
    let mut prior = input.prior.clone();
    let mut settled = Vec::new();
    for month in months {
        let opening = input.opening(*month, &prior);
        let facts = input.facts(*month, &opening);
        let before: Vec<Statement> =
            prior.iter().filter(|statement| statement.period().end() <= month.start()).cloned().collect();
        let statement = settle(&input.contract, &facts, *month, &before).map_err(|error| {
            input.places.unsettled(&input.contract, Some(*month), (&error, "")).to_string()
        })?;
        prior.push(statement.clone());
        settled.push(statement);
    }
    Ok(settled)
}

fn write(out: &std::path::Path, input: &Input, statements: &[Statement]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", out.display());
    let directory = OutputDirectory::begin(out).map_err(failed)?;
    for statement in statements {
        let name = statement.period().start().format("%Y-%m").to_string();
        let one = std::slice::from_ref(statement);
        directory.write(&format!("{name}.json"), report::one_json(statement)?.as_bytes()).map_err(failed)?;
        for language in Language::ALL {
            let text = report::text(input, one, language)?;
            directory.write(&format!("{name}.{language}.txt"), text.as_bytes()).map_err(failed)?;
        }
    }
    directory.commit().map_err(failed)
}

//! Reconcile our lines with the other side's: a class for every line, a bridge to zero, what to claim and by when.
//!
//! ```text
//! cargo run --release --example reconcile
//! cargo run --release --example reconcile -- --why "ours D007" --language zh
//! cargo run --release --example reconcile -- --ours O.csv --theirs T.csv --rules R.toml --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod load;
mod options;
mod report;

use std::process::ExitCode;

use clap::Parser;
use endcap::settlement::reconcile::reconcile;

use common::Format;
use common::output::write_file;
use load::Input;
use options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    let input = match load::read(&options) {
        Ok(input) => input,
        Err(problems) => return problems.report(),
    };
    let told = match run(&options, &input) {
        Ok(told) => told,
        Err(text) => {
            eprintln!("{text}");
            return ExitCode::from(common::problems::EXIT_BAD_INPUT);
        }
    };
    if let Some(out) = &options.out
        && let Err(error) = write_file(out, told.json.as_bytes())
    {
        eprintln!("{}: {error}", out.display());
        return ExitCode::FAILURE;
    }
    print!("{}", told.shown);
    ExitCode::SUCCESS
}

/// What is printed, and what `--out` receives.
struct Told {
    shown: String,
    json: String,
}

fn run(options: &Options, input: &Input) -> Result<Told, String> {
    let text = |error: endcap::settlement::SettlementError| error.to_string();
    let report = reconcile(&input.ours, &input.theirs, &input.rules).map_err(text)?;
    let why = report.explained(&input.ours, &input.theirs, &input.rules).map_err(text)?;
    let sheet = report.claim_sheet().map_err(text)?;
    let claims = report::claims(&sheet, input).map_err(text)?;
    let json = report::json(input, &report, (&sheet, &claims), &why)?;
    let shown = match (&options.why, options.format) {
        (Some(asked), _) => report::why(&why, asked, options.language.into())?,
        (None, Format::Json) => json.clone(),
        (None, Format::Text) => report::text(input, &report, (&sheet, &claims), options.language.into())?,
    };
    Ok(Told { shown, json })
}

//! Which accounts make the turnover: ABC classes, concentration and the largest accounts of any sales file.
//!
//! ```text
//! cargo run --release --example classify
//! cargo run --release --example classify -- sales.csv --key store --amount sale_dollars \
//!     --stores stores.csv --chains chains.toml --format json
//! ```

#[path = "../common/mod.rs"]
mod common;

mod report;
mod totals;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use endcap::account::{Convention, Cut, Cutoffs, NegativePolicy, Scheme, TiePolicy};
use endcap::types::Currency;

use common::Format;
use common::chains::{Chains, independent};
use common::date::DateFormat;
use common::problems::{Problem, Problems, Source};
use common::stores::read_stores;
use totals::{Member, Members, Plan, Totals};

const JSON_HELP: &str = "\
JSON (--format json) is one object; money and shares are strings, counts are numbers:
  files, rows            files and rows read
  currency, cutoffs      as used, cutoffs as fractions of the total
  convention, ties, negatives
  members                distinct keys, or accounts with --chains
  total                  net sum of all amounts
  classes                [{class, members, value, share}], A first
  hhi                    Herfindahl-Hirschman index, 0 to 10000, 6 decimals, null without a positive total
  gini                   Gini coefficient, 10 decimals, null without a positive total
  top                    [{rank, key, class, value, share, stores}], largest first; stores only with --chains
  negative_members       members whose net amount is below zero
  unknown_stores         with --chains: ids that the store table does not have, each its own account IND:<id>
  months                 with --by-month: {\"2021-01\": amount, ...}

Exit code 0: done. 1: a result could not be written. 2: the input cannot be used; every problem is on standard
error as file:line:column: value: what was expected.";

/// Classifies the members of a sales file by their share of the turnover.
///
/// Members are sorted by net amount, largest first, ties by key; a member is class A while the share of the members
/// ahead of it is below the first limit, B below the second, and so on. Several files are summed as one. Files may be
/// plain, gzip or zstd, with comma, semicolon or tab.
#[derive(Debug, Parser)]
#[command(name = "classify", after_long_help = JSON_HELP)]
struct Args {
    /// Sales files; without any, the sample of this repository.
    files: Vec<PathBuf>,
    /// Column that names the member: an account, a store, an item.
    #[arg(long, value_name = "COLUMN", default_value = "account")]
    key: String,
    /// Column with the amount of a line; returns are negative.
    #[arg(long, value_name = "COLUMN", default_value = "amount")]
    amount: String,
    /// Store table, to find the name of a store by the id in the key column.
    #[arg(long, value_name = "FILE", requires = "chains")]
    stores: Option<PathBuf>,
    /// Column of the store table with the id.
    #[arg(long, value_name = "COLUMN", default_value = "store")]
    store_key: String,
    /// Column of the store table with the name.
    #[arg(long, value_name = "COLUMN", default_value = "name")]
    store_name: String,
    /// TOML file of ordered [[rule]] tables with prefix and account: the first prefix of the upper-cased store name
    /// wins; a store without a rule is its own account IND:<store>.
    #[arg(long, value_name = "FILE", requires = "stores")]
    chains: Option<PathBuf>,
    /// Class limits in percent of the total, ascending; fractions such as 1/3 are allowed.
    #[arg(long, value_name = "LIMITS", default_value = "80,95", value_parser = read_cutoffs)]
    cutoffs: Cutoffs,
    /// Which share decides: that ahead of a member, or the one including it.
    #[arg(long, value_enum, default_value_t = ConventionArg::Exclusive)]
    convention: ConventionArg,
    /// Members of equal amount: in order of key, or all in the class of the first or of the last of them.
    #[arg(long, value_enum, default_value_t = TiesArg::Key)]
    ties: TiesArg,
    /// Members with a negative net amount: counted as they are and in the last class (net), refused, counted as
    /// zero, or left out of the total and in the last class.
    #[arg(long, value_enum, default_value_t = NegativesArg::Net)]
    negatives: NegativesArg,
    /// How many of the largest members to list.
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Currency of the amounts [default: USD, for the sample CNY].
    #[arg(long, value_name = "CODE", value_parser = read_currency)]
    currency: Option<Currency>,
    /// Column with the currency of a line, which must be that of the run.
    #[arg(long, value_name = "COLUMN")]
    currency_column: Option<String>,
    /// Column with a date, to print the total of each month too.
    #[arg(long, value_name = "COLUMN")]
    by_month: Option<String>,
    /// How dates are written.
    #[arg(long, value_enum, default_value_t = DateFormat::Iso)]
    date_format: DateFormat,
    /// Also writes every member with class, rank, shares and reason to this CSV file.
    #[arg(long, value_name = "FILE")]
    members_out: Option<PathBuf>,
    /// Threads to read with; the result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = common::table::threads(), hide_default_value = true)]
    threads: usize,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ConventionArg {
    Exclusive,
    InclusiveLe,
    InclusiveLt,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TiesArg {
    Key,
    Promote,
    Demote,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum NegativesArg {
    Net,
    Error,
    Clamp,
    Last,
}

impl Args {
    fn currency(&self) -> Currency {
        self.currency.unwrap_or(if self.files.is_empty() { Currency::CNY } else { Currency::USD })
    }

    fn scheme(&self) -> Scheme {
        Scheme {
            cutoffs: self.cutoffs.clone(),
            convention: match self.convention {
                ConventionArg::Exclusive => Convention::PrefixExclusive,
                ConventionArg::InclusiveLe => Convention::InclusiveLe,
                ConventionArg::InclusiveLt => Convention::InclusiveLt,
            },
            ties: match self.ties {
                TiesArg::Key => TiePolicy::ById,
                TiesArg::Promote => TiePolicy::Promote,
                TiesArg::Demote => TiePolicy::Demote,
            },
            negatives: match self.negatives {
                NegativesArg::Net => NegativePolicy::Net,
                NegativesArg::Error => NegativePolicy::Error,
                NegativesArg::Clamp => NegativePolicy::ClampZero,
                NegativesArg::Last => NegativePolicy::LastClass,
            },
            ..Scheme::default()
        }
    }
}

fn read_cutoffs(text: &str) -> Result<Cutoffs, String> {
    let read = |part: &str| match part.trim() {
        part if part.contains(['/', '%']) => part.parse::<Cut>(),
        part => format!("{part}%").parse::<Cut>(),
    };
    let cuts: Result<Vec<Cut>, _> =
        text.split(',').filter(|part| !part.trim().is_empty()).map(read).collect();
    cuts.and_then(Cutoffs::new).map_err(|error| error.to_string())
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
    let mut files = args.files.clone();
    if files.is_empty() {
        files.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("sales.csv"));
    }
    let mut problems = Problems::default();
    let accounts = match (&args.chains, &args.stores) {
        (Some(chains), Some(stores)) => {
            let chains = Chains::read(chains, files.len(), &mut problems);
            let names =
                read_stores(stores, files.len() + 1, &args.store_key, &args.store_name, &mut problems);
            Some((chains, names))
        }
        _ => None,
    };
    let plan = Plan {
        key: args.key.clone(),
        amount: args.amount.clone(),
        currency: args.currency(),
        currency_column: args.currency_column.clone(),
        month: args.by_month.clone().map(|column| (column, args.date_format)),
        threads: args.threads.max(1),
    };
    let mut totals = Totals::default();
    for (number, file) in files.iter().enumerate() {
        totals.add_file(file, number, &plan, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut unknown_stores = 0;
    let members: Members = match accounts {
        None => std::mem::take(&mut totals.members),
        Some((chains, names)) => {
            let mut members = Members::new();
            for (store, sums) in std::mem::take(&mut totals.members) {
                let name = names.get(&store);
                unknown_stores += usize::from(name.is_none());
                let account = name.map_or_else(|| independent(&store), |name| chains.account(&store, name));
                members.entry(account).or_default().add(Member { stores: 1, ..sums });
            }
            members
        }
    };
    if matches!(args.negatives, NegativesArg::Error)
        && let Some((key, member)) = members.iter().find(|(_, member)| member.sum < 0)
    {
        let amount = common::amount::AmountReader::new(args.currency()).render(member.sum);
        let source = files.first().map(|file| Source::new(file, 0));
        let text = format!(
            "member {key:?} has the net amount {amount}: expected none below zero (--negatives error)"
        );
        return Err(source
            .map(|source| Problem::file(&source, text))
            .map(Problems::from)
            .unwrap_or_default());
    }
    let report = report::Report::new(args, &files, &totals, &members, unknown_stores);
    match report {
        Ok(report) => Ok(report.publish(args, &members)),
        // Sums of 64-bit amounts fit 128 bits, so this takes more lines than any disk holds; say it all the same.
        Err(error) => Err(files
            .first()
            .map(|file| Problem::file(&Source::new(file, 0), error).into())
            .unwrap_or_default()),
    }
}

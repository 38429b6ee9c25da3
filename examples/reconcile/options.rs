//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::common::{Format, Tongue};

/// Reconciles our books with the other side's (对账): every line in one class, a bridge to zero, claims with deadlines.
///
/// Without arguments, the sample of this repository is reconciled.
#[derive(Debug, Parser)]
#[command(name = "reconcile", after_long_help = MORE)]
pub struct Options {
    /// Our lines (CSV, see below); plain, gzip or zstd.
    #[arg(long, value_name = "FILE")]
    pub ours: Option<PathBuf>,
    /// Their lines, same format.
    #[arg(long, value_name = "FILE")]
    pub theirs: Option<PathBuf>,
    /// Period, keys, tolerances, clauses and deadlines (TOML, see below).
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Why an amount is what it is: "ours D1" or "theirs K1" for a difference and its claim, a row of the bridge such as
    /// "price both", or our_balance, their_balance, residual, undisputed.
    #[arg(long, value_name = "AMOUNT")]
    pub why: Option<String>,
    /// The language of texts.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    pub language: Tongue,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// A file that receives the JSON; it appears whole or not at all.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

const MORE: &str = "\
LINES (CSV; comma, semicolon or tab; columns in any order; the first four are needed)
  id        unique on its side
  kind      delivery, return, invoice, deduction, payment, adjustment
  date      day of business, such as 2026-06-05
  amount    what the retailer owes by it: deliveries and invoices positive, returns, deductions and payments negative
  posted    day it was booked; decides in whose period it counts [as date]
  quantity  whole pieces, with the sign of the amount
  order, receipt, invoice, store, sku, clause: what lines are matched on; may be empty

RULES (TOML)
  title = \"…\"
  [rules]      period = \"2026-06\" and currency are needed; full_key, reduced_keys, fuzzy_key (lists of order, receipt,
               invoice, store, sku, clause, date, quantity, amount), tolerance, window_days, transit_days, grain, skus and
               stores ({ only = [\"S1\"] }) may be given
  [rules.clauses]   what deductions may take: DM = { up_to = { amount = \"900.00\", currency = \"CNY\" } }, X = \"unlimited\"
  [disputes]   dispute_days, evidence_days, decision_days, recovery_days: the last day of each step is inside; claims are
               made on the first day after the period

JSON (--format json); money is {amount, currency}
  report: {period, currency, lines, bridge, undisputed}, claim_sheet: {claims, claimed, to_book, tolerated, waiting,
  in_our_favour, payable_meanwhile}, claims: [{id, claimed, state, deadline …}], why: {amounts, trace}

EXIT CODE
  0 done; 1 the result could not be written; 2 the input cannot be used: every problem is printed as
  file:line:column: value: what was expected";

//! The command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use endcap::calendar::Period;
use endcap::ledger::AgeBasis;
use endcap::types::Currency;

use crate::common::Format;
use crate::common::date::DateFormat;

/// Questions to a ledger: balances, trial balance, ageing, an account's page (台账), proof and exports.
///
/// The ledger is read from a text journal, from a log of events, or from the journal.csv that month_end writes; without
/// any, from the sample of this repository. Every entry goes through the rules of the ledger on the way in.
#[derive(Debug, Parser)]
#[command(name = "ledger", after_long_help = MORE)]
pub struct Options {
    /// Text journal (see "The journal" below); plain, gzip or zstd. Accounts of the default chart need no declaration.
    #[arg(long, value_name = "FILE", global = true, conflicts_with_all = ["events", "legs"])]
    pub journal: Option<PathBuf>,
    /// Log of events, one a line, as `export --to jsonl` writes it; its hash chain is proved on the way in.
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "legs")]
    pub events: Option<PathBuf>,
    /// Legs of one month as CSV, as month_end writes them to journal.csv: movements only, without opening balances,
    /// due dates and clearings.
    #[arg(long, value_name = "FILE", global = true)]
    pub legs: Option<PathBuf>,
    /// Currency of the legs.
    #[arg(long, value_name = "CODE", global = true, default_value = "CNY", value_parser = read_currency)]
    pub currency: Currency,
    /// The day at whose end figures are taken [default: the last day on which anything counts].
    #[arg(long, value_name = "DATE", global = true, value_parser = read_date)]
    pub as_of: Option<NaiveDate>,
    /// How the answer is printed.
    #[arg(long, value_enum, global = true, default_value_t = Format::Text)]
    pub format: Format,
    /// The question.
    #[command(subcommand)]
    pub report: Option<Report>,
}

/// The questions.
#[derive(Debug, Clone, Subcommand)]
pub enum Report {
    /// Balance of every account, key account and currency (余额); the default.
    Balances,
    /// Opening, debit, credit and closing of every account (试算平衡).
    TrialBalance {
        /// Only this month, with what came before as opening balance.
        #[arg(long, value_name = "YYYY-MM", value_parser = read_month)]
        period: Option<Period>,
    },
    /// How old what is owed is, by key account (账龄).
    Ageing {
        /// Code of the control account.
        #[arg(long, value_name = "CODE", default_value = "1122")]
        control: String,
        /// What age is counted from.
        #[arg(long, alias = "by", value_enum, default_value_t = Basis::Due)]
        basis: Basis,
        /// Only these key accounts, such as the banners of one group, and what they come to together [default: all].
        #[arg(long, value_name = "KEY-ACCOUNT,...", value_delimiter = ',')]
        account: Vec<String>,
        /// As the ledger knew it at the end of this recorded day [default: everything it knows].
        #[arg(long, value_name = "DATE", value_parser = read_date)]
        known_on: Option<NaiveDate>,
    },
    /// One key account, one month: opening, every line, turnovers, movements by meaning, closing, open items, and pieces
    /// where goods moved (台账). Several key accounts make one page, which is the sum of theirs (集团台账).
    Page {
        /// The key account; several, with commas between them, for a group.
        #[arg(long, value_name = "KEY-ACCOUNT,...", value_delimiter = ',', required = true)]
        account: Vec<String>,
        /// The month.
        #[arg(long, value_name = "YYYY-MM", value_parser = read_month)]
        period: Period,
        /// Code of an account kept per key account.
        #[arg(long, value_name = "CODE", default_value = "1122")]
        control: String,
    },
    /// Proves everything again from the log: chain, balances, items, and that ageing, open items, control accounts and
    /// trial balance agree on the day (审计). Exit code 1 if anything is wrong.
    Verify {
        /// The hash that the last event must have, as kept from an earlier run.
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Writes the ledger for other programs, to standard output or to a file.
    Export {
        /// The format.
        #[arg(long, value_enum)]
        to: Target,
        /// The file; it appears whole or not at all.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// What age is counted from.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Basis {
    /// The due date; up to and including it an item is not due.
    Due,
    /// The date of the invoice, or of another document.
    #[value(alias = "document")]
    Invoice,
    /// The day of delivery; what names none has no date.
    Delivery,
}

impl From<Basis> for AgeBasis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Due => Self::DueDate,
            Basis::Invoice => Self::DocumentDate,
            Basis::Delivery => Self::DeliveryDate,
        }
    }
}

/// Formats of an export.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Target {
    /// A journal that hledger reads, and this program.
    Hledger,
    /// A journal that Ledger reads.
    Ledger,
    /// A file that Beancount reads.
    Beancount,
    /// One row a leg.
    Csv,
    /// The log itself, one event a line; --events reads it back.
    Jsonl,
}

const MORE: &str = "\
THE JOURNAL
  account Assets:1122  ; name:Accounts receivable, by:open_items      (only for accounts outside the default chart)

  2026-06-02 (INV-1) goods delivered  ; nature:invoice
      Assets:1122:HEXI     11300.00 CNY  ; due:2026-06-20
      Liabilities:2221.01  -1300.00 CNY
      Income:6001                        (one amount may be left out: it takes the rest)

  2026-06-25 (BNK-1) paid in part
      Assets:1002           9500.00 CNY
      Assets:1122:HEXI     -9500.00 CNY = 1800.00 CNY  ; nature:receipt, clears:oldest_due

  An account is Assets, Liabilities, Equity, Income or Expenses, the code, and the key account where the account is kept
  per key account. Two spaces stand before the amount; debit is positive. `= 1800.00 CNY` asserts the balance after the
  line, to the last cent. An entry balances in each currency by itself. Tags behind `;`: key, recorded, nature of an
  entry; nature, item, dated, due, delivered, clears (fifo, oldest_due, proportional, A|B, A=60.00|B=40.00), ink (red:
  the amount takes back on the other side, 红字) of a line; name, name_zh, by, grows, currency of an account. The documentation of endcap::ledger::journal has the whole grammar.

JSON (--format json); money is a string in major units, debit positive
  balances       as_of, balances: [{account, name, name_zh, key_account, currency, balance, pending_debit,
                 pending_credit}]
  trial-balance  as_of or from and to, rows: [{account, name, name_zh, currency, opening, debit, credit, closing}],
                 totals: [{currency, debit, credit, closing_debit, closing_credit}], balanced
  ageing         as_of, known_on, account, counted_from, overdue_days: [labels], currencies: [{currency, rows: [{key_account,
                 not_due, overdue: [one per label], no_due_date, unallocated_credit, total, disputed}], total}]; what is
                 disputed is part of the total; counted_from is due date, document date or delivery date
  page           account, key_account, from, to, pages: [{currency, opening, lines: [{effective, recorded, document,
                 description, nature, side, ink, amount, balance}], turnover: {debit, credit}, movements: {nature:
                 amount}, closing, open_items: [{document, dated, due, delivered, original, open, disputed,
                 days_past_due}]}], units: [{sku, opening, delivered, …, closing}]; amount is debit positive, and a red
                 line takes it off the turnover of its side. For several key accounts: key_accounts, and of each page
                 opening, lines with their key_account, turnover, movements, closing, members: [{key_account, opening,
                 debit, credit, closing}]
  verify         ledger, as_of, events, entries, legs, items, head, tie_outs: [{account, currency, ageing, open_items,
                 control, trial_balance}], findings: [text], holds

EXIT CODE
  0 done; 1 a proof fails or a result could not be written; 2 the input cannot be used: every problem is printed as
  file:line:column: value: what was expected";

fn read_month(text: &str) -> Result<Period, String> {
    let wrong = || "expected a month such as 2026-06".to_owned();
    let (year, month) =
        text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2).ok_or_else(wrong)?;
    let (year, month) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
    Period::month(year, month).map_err(|_| wrong())
}

fn read_date(text: &str) -> Result<NaiveDate, String> {
    DateFormat::Iso.read(text.as_bytes())
}

fn read_currency(text: &str) -> Result<Currency, String> {
    Currency::from_code(text).map_err(|error| error.to_string())
}

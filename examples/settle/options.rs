//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use endcap::calendar::Period;

use crate::common::{Format, Tongue};

/// Settles a contract month by month (结算): what is owed for goods, every deduction, when it is due, and why.
///
/// Without arguments, the sample contract and movements of this repository are settled. Every month from the first
/// movement is settled in turn, because tiers and guarantees ask for what came before; the last one is printed.
#[derive(Debug, Parser)]
#[command(name = "settle", after_long_help = MORE)]
pub struct Options {
    /// Contracts (TOML); docs/contracts.md tells every key, examples/data/contracts.toml shows nine chains.
    #[arg(long, value_name = "FILE")]
    pub contracts: Option<PathBuf>,
    /// Which contract [default: the only one of the file].
    #[arg(long, value_name = "ID")]
    pub contract: Option<String>,
    /// Movements (CSV, see below); plain, gzip or zstd.
    #[arg(long, value_name = "FILE")]
    pub movements: Option<PathBuf>,
    /// Products (CSV with sku, category and brand), where the contract speaks of categories or brands.
    #[arg(long, value_name = "FILE")]
    pub products: Option<PathBuf>,
    /// How sales were paid and what was taken off them (CSV, see below), for contracts that read the till.
    #[arg(long, value_name = "FILE")]
    pub till: Option<PathBuf>,
    /// Public holidays and working weekends (CSV with date and kind: holiday or workday) [default: weekends are closed,
    /// nothing else].
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
    /// Statements of earlier months (JSON, as --out writes them); may be given several times. Months they cover are not
    /// settled again.
    #[arg(long, value_name = "FILE")]
    pub prior: Vec<PathBuf>,
    /// The last month to settle [default: that of the last movement].
    #[arg(long, value_name = "YYYY-MM", value_parser = read_month)]
    pub period: Option<Period>,
    /// Why an amount is what it is: the number of a line, or goods, on_invoice, invoice_deduct, invoice, invoice_tax,
    /// payment_deduct, advances, adjustments, payment, separate.
    #[arg(long, value_name = "LINE")]
    pub why: Option<String>,
    /// Tell every fact behind --why, however many there are.
    #[arg(long, requires = "why")]
    pub full: bool,
    /// Whose law the contract is held against; none holds it against nothing [default: by the contract's currency].
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LAW", conflicts_with = "parties")]
    pub law: Vec<Law>,
    /// What is known of the parties (TOML, see below), for laws that ask for it.
    #[arg(long, value_name = "FILE")]
    pub parties: Option<PathBuf>,
    /// The language of texts.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    pub language: Tongue,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// A directory that receives, for every month settled, 2026-06.json, 2026-06.en.txt and 2026-06.zh.txt; it appears
    /// whole or not at all.
    #[arg(long, value_name = "DIRECTORY")]
    pub out: Option<PathBuf>,
}

/// Whose law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Law {
    /// 中国.
    China,
    /// 欧盟.
    EuropeanUnion,
    /// 英国.
    UnitedKingdom,
    /// 美国.
    UnitedStates,
    /// Nobody's.
    None,
}

const MORE: &str = "\
MOVEMENTS (CSV; comma, semicolon or tab; columns in any order; the first nine are needed)
  date      day, such as 2026-06-01
  kind      what happened, see below
  document  delivery note, receipt, evidence; of an event its name: delivery, invoice_date, invoice_received,
            statement_confirmed, acceptance
  sku       for everything that moves goods; may stand on an occasion
  quantity  whole pieces; a sale may be negative (a refund), everything else is zero or more; of an occasion its count
  amount    money with or without VAT as the contract says: deliveries, returns and opening stock at supply price, sales
            at the till (negative for a refund), funding, advances; an adjustment may be negative
  store     optional; counted by fees per store
  clause    of an occasion, evidence or reference the id of its clause; of funding the kind of clause that pays it
  promotion of a sale or of funding
  until     last day that evidence covers [as date]
  original_rate, original_price  of a refund: rate or supply price at which its sale was settled
  old_price, new_price           of a price_cut: supply price a piece before and after
  Columns that a kind does not use stay empty: what stands in them is refused, not dropped.

KINDS
  goods     delivery, return, sale; opening (stock before the first movement, or before a month with --prior), count (one
            of the last day of a month closes it), transfer_in, transfer_out, destroyed, sample, agreed_shrink
  clauses   occasion (something a fee is charged for), evidence (proof for a clause that needs it), reference (what growth
            is compared with: an amount or a quantity, on the day it is compared with), funding (promotion money),
            price_cut (with the stock on hand as quantity), peer_sale (turnover of the counter a guarantee follows)
  money     opening_advance (left of what was paid in advance: used up as far as there is something to pay), advance
            (taken off the payment in full), adjustment
  papers    event (of the payment terms; it belongs to the month before it)

TILL (CSV with document, sku, part, kind, amount, void)
  One line for each discount (part discount, kind as the contract names it: member, markdown, …) and each tender (part
  tender, kind cash, card, mobile, voucher, points or another) of a sale; void is the part of a tender nobody paid for.
  The tenders sum to the amount of the sale; its tag price is that amount and the discounts.

COMPLIANCE
  The contract and its statements are held against the sample rules of the library, of the last day of the last month:
  rule, article, severity, what is and what may be, and what to change. No figure of a statement depends on it. It is not
  legal advice; a rule that asks for what is not known says so. The law follows the currency (CNY China, EUR European
  Union, GBP United Kingdom, USD United States), --law, or the file of --parties:
    jurisdictions = [\"china\"]         buyer_kind = \"enterprise\"       buyer_turnover = { amount, currency }
    sme_status = \"not_declared\"       goods = [\"other_food\"]           late_interest = \"silent\"
    stores, largest_store, buyer_size, supplier_size, supplier_turnover, reference_at_signing: where known

PRIOR AND --out
  2026-06.json holds one statement with its trace; its identities and its trace are proved when it is read.

JSON (--format json); money is {amount, currency}
  statements: [the statements settled in this run, as in --out]
  compliance: {on, law, findings: [{finding, change: {en, zh}}]}

EXIT CODE
  0 done; 1 the results could not be written; 2 the input cannot be used: every problem is printed as
  file:line:column: value: what was expected";

fn read_month(text: &str) -> Result<Period, String> {
    let wrong = || "expected a month such as 2026-06".to_owned();
    let (year, month) =
        text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2).ok_or_else(wrong)?;
    let (year, month) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
    Period::month(year, month).map_err(|_| wrong())
}

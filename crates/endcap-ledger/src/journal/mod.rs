//! A strict journal subset: text that a person writes and [hledger](crate::export::hledger) reads too (日记账文本).
//!
//! [`Journal::parse`] reads it or lists everything that is wrong with it, each problem with line, column and what was
//! expected. Amounts go straight to minor units; nothing is rounded, inferred or converted.
//!
//! ```text
//! account Assets:1122  ; name:Accounts receivable, name_zh:应收账款, by:open_items
//! account Assets:1002  ; name:Bank
//! account Income:6001  ; name:Sales
//!
//! 2026-06-02 (INV-1) goods delivered  ; nature:invoice
//!     Assets:1122:KA001  11300.00 CNY  ; due:2026-06-20
//!     Income:6001       -11300.00 CNY
//!
//! 2026-06-25 (BNK-1) paid in part
//!     Assets:1002         9500.00 CNY
//!     Assets:1122:KA001  -9500.00 CNY = 1800.00 CNY  ; nature:receipt, clears:oldest_due
//! ```
//!
//! # Grammar
//!
//! ```text
//! journal     = { line } ;                        lines end with LF or CRLF; UTF-8, with or without mark
//! line        = blank | comment | commodity | account | entry ;
//! comment     = ( ";" | "#" ) text ;              in the first column
//! commodity   = "commodity " digits "." { digit } " " currency ;  says nothing here; hledger wants it
//! account     = "account " path [ tags ] { indent tags } ;        with a key account: names it, without tags
//! entry       = date [ " (" document ")" ] [ " " description ] [ tags ] { indent tags }
//!               leg { leg } ;                     a blank line ends it
//! leg         = indent path [ gap amount [ "=" amount ] ] [ tags ] { indent tags } ;
//! path        = root ":" code [ ":" key-account ] ;
//! root        = "Assets" | "Liabilities" | "Equity" | "Income" | "Expenses" ;
//! amount      = [ "-" ] digits [ "." digits ] " " currency ;      debit positive
//! date        = four digits "-" two digits "-" two digits ;
//! currency    = three capital letters of ISO 4217 ;
//! tags        = ";" piece { "," piece } ;
//! piece       = tag | any other text ;            other text is a comment
//! tag         = name ":" value ;                  no space between name and colon
//! indent      = one or more spaces or tabs ;
//! gap         = two or more spaces ;
//! ```
//!
//! | tag of | name | value |
//! |---|---|---|
//! | account | `name`, `name_zh` | names; without them the code |
//! | account | `by` | `none` (default), `key_account`, `open_items` |
//! | account | `grows` | `debit`, `credit`; by default as its kind does |
//! | account | `currency` | the only currency it takes |
//! | entry | `key` | idempotency key; by default `journal/` and the document |
//! | entry | `recorded` | recorded date; by default the effective date, or that of the entry above if later |
//! | entry, leg | `nature` | `opening`, `invoice`, `return`, `deduction`, `rebate`, `receipt`, `write_off`, `other` |
//! | leg | `item`, `dated`, `due`, `delivered` | document, date, due date (or `none`) and delivery date of the item it opens |
//! | leg | `clears` | `fifo`, `oldest_due`, `proportional`, documents `A\|B`, or documents and amounts `A=60.00\|B=40.00` |
//! | leg | `ink` | `blue` (default), or `red`: the amount, signed as ever, takes back on the other side (`-5.00` a debit) |
//!
//! A character that would end a text too early is written as `%` and two hexadecimal digits per UTF-8 byte: `%3B` for
//! `;`. A `%` that no two such digits follow is itself.
//!
//! # Rules
//!
//! - Every account is declared by an `account` line, anywhere, or stands in the chart given to [`Journal::parse`].
//! - An entry balances exactly, each currency for itself: +100 CNY and −100 USD are no conversion, they are two errors.
//! - One leg may leave its amount out; it takes exactly what the others leave, in the one currency of the entry.
//! - `=` asserts the balance of that very account, key account and currency after that leg, in the order of effective
//!   dates and, within a day, of the text. It must be right to the last minor unit. A zero amount is for asserting only.
//! - Left out on purpose, and refused by name: status marks, prices and costs, virtual postings, calculated amounts,
//!   automated and periodic entries, balances instead of amounts, dates without a year, thousands separators.
//!
//! [`JournalBalances::read`] does the same without keeping an entry, for journals of millions of entries.
//!
//! # Source
//!
//! The layout is that of plain-text accounting as hledger documents it; the restrictions are house rules.

mod accounts;
mod balances;
mod build;
mod cut;
mod digits;
mod post;
mod problem;
mod quick;
#[cfg(test)]
mod quick_tests;
mod read;
mod tags;

pub use balances::{BalanceRow, JournalBalances};
pub use build::{Journal, JournalEntry};
pub use problem::{InputFault, InputProblem};

#[cfg(feature = "serde")]
pub(crate) use problem::Piece;
pub(crate) use read::root_of;
pub(crate) use tags::{CLEARS_WORDS, nature_name};

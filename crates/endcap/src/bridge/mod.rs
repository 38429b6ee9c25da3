//! Where two domain crates meet, and the only place where they do.
//!
//! | item | from | to |
//! |---|---|---|
//! | [`statement_entries`] | a settlement [`Statement`](crate::settlement::Statement) | ledger entries: invoice, deductions, paid apart |
//! | [`receipt_entry`] | money received | a ledger entry that clears open items |
//! | [`goods_entry`] | a month's goods of one account | ledger entry with cost and stock |
//! | [`promotion_funding`] | a promotion's [`Evaluation`](crate::promo::Evaluation) | facts a contract clause settles |
//! | [`consignment_roll`] | the stock report of a product | the roll-forward a consignment settles |
//! | [`advance_entry`] | money received ahead of a supply | a ledger entry that a later statement nets |
//! | [`accrual_entry`] | a rebate as accrued and as due | a ledger entry of the difference |
//! | [`FeeTreatment`], [`TransactionPrice`], [`Presentation`] | what a contract says of fees and rebates | expense or less revenue |
//! | [`page_lines`] | a page of the ledger | the lines a reconciliation holds against the other side's statement |
//! | [`Codes`] | | which ledger account takes what |
//! | [`BridgeError`] | | what can go wrong on the way |
//!
//! A bridge computes nothing that belongs to one domain: it moves amounts that were posted already.

mod codes;
mod error;
mod funding;
mod goods;
mod liabilities;
mod page;
mod receipt;
mod revenue;
mod statement;
mod stock;

pub use codes::{AdjustmentVat, Codes};
pub use error::BridgeError;
pub use funding::promotion_funding;
pub use goods::{Goods, Title, goods_entry};
pub use liabilities::{Accrual, accrual_entry, advance_entry};
pub use page::page_lines;
pub use receipt::{CashReceipt, receipt_entry};
pub use revenue::{FeeSplit, FeeTreatment, Presentation, TransactionPrice, VariableConsideration};
pub use statement::statement_entries;
pub use stock::consignment_roll;

//! What is left of an item: written off by order, or open again.

use chrono::NaiveDate;
use endcap_types::{AccountId, DocumentId, Money};

use crate::{EntryId, IdempotencyKey, Side};

/// The write-off of what is open of a document (核销坏账): an entry and its clearing in one event.
///
/// # Source
///
/// House rule: never by tolerance, always by order, with a reason and within someone's authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOff {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The document of the write-off itself.
    pub document: DocumentId,
    /// Code of the control account.
    pub account: String,
    /// The key account.
    pub key_account: AccountId,
    /// The document of the item.
    pub item: DocumentId,
    /// The side of the item.
    pub side: Side,
    /// How much of it, at most what is open.
    pub amount: Money,
    /// Code of the account that bears it.
    pub to: String,
    /// Why; mandatory.
    pub reason: String,
    /// How far whoever orders it may go.
    pub authority: Authority,
    /// When it counts.
    pub effective: NaiveDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
}

/// How much may be written off at once (核销权限).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// Any amount.
    Unlimited,
    /// At most this much, in the currency of the write-off.
    UpTo(Money),
}

/// Takes back what an entry cleared (反核销): its items are open again from a day on.
///
/// # Source
///
/// House rule: clearing and taking it back leaves everything as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The entry whose clearings are taken back.
    pub of: EntryId,
    /// The document behind it.
    pub document: DocumentId,
    /// Why; mandatory.
    pub reason: String,
    /// From when it counts; never before the clearings.
    pub effective: NaiveDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
}

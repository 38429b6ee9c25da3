//! What the ledger refuses, named after the rule that was broken.
//!
//! # Source
//!
//! House rule.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Money, SkuId, TypesError};

use crate::{EntryId, IdempotencyKey};

/// Why the ledger refused a command, a query or a log. Each variant carries the offending value and the limit.
///
/// A refused command changes nothing: it takes no sequence number and does not use up its key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A value of the types crate is wrong.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// A code, key, name, description or reason breaks the rules for text.
    #[error("invalid {field} {text:?}: {reason}")]
    InvalidText {
        /// Which text.
        field: &'static str,
        /// What was given, cut to a readable length.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The key was used before for another payload.
    #[error("key {key} was used at sequence number {first_seq} for another payload")]
    IdempotencyConflict {
        /// The key.
        key: IdempotencyKey,
        /// Sequence number of the entry that holds it.
        first_seq: u64,
    },
    /// An account of this code exists.
    #[error("account {code} exists already")]
    DuplicateAccount {
        /// The code.
        code: String,
    },
    /// A list is longer than its limit.
    #[error("too many {what}: {count}, at most {limit}")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How many were given.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// An entry has neither legs nor stock moves.
    #[error("an entry needs legs or stock moves")]
    NoLegs,
    /// No account has this code.
    #[error("unknown account {code}")]
    UnknownAccount {
        /// The code.
        code: String,
    },
    /// The account is kept per key account and the leg names none.
    #[error("account {code} is kept per key account: name one")]
    MissingKeyAccount {
        /// The code.
        code: String,
    },
    /// The account is not kept per key account and the leg names one.
    #[error("account {code} is not kept per key account, but {key_account} is named")]
    KeyAccountNotAllowed {
        /// The code.
        code: String,
        /// The key account named.
        key_account: AccountId,
    },
    /// A leg acts on open items of an account that has none.
    #[error("account {code} has no open items")]
    NotAControlAccount {
        /// The code.
        code: String,
    },
    /// The amount of a leg is zero.
    #[error("leg {leg} moves nothing")]
    EmptyLeg {
        /// Index of the leg in the draft.
        leg: usize,
    },
    /// The amount of a leg is negative: use the other side.
    #[error("leg {leg} is negative: {amount}; use the other side")]
    NegativeLeg {
        /// Index of the leg in the draft.
        leg: usize,
        /// The amount.
        amount: Money,
    },
    /// All debits of the currency would exceed [`MAX_TURNOVER_MINOR`](crate::limits::MAX_TURNOVER_MINOR).
    #[error("turnover in {currency} would exceed {limit} minor units")]
    TurnoverOutOfRange {
        /// The currency.
        currency: Currency,
        /// The limit in minor units.
        limit: i128,
    },
    /// More than one leg of a currency is to take the remainder.
    #[error("{count} remainder legs in {currency}: at most one")]
    AmbiguousRemainder {
        /// The currency.
        currency: Currency,
        /// How many.
        count: usize,
    },
    /// Debits and credits differ in some currency.
    #[error("not balanced: {}", surplus_text(surplus))]
    Unbalanced {
        /// Per currency, debits minus credits in minor units; balanced currencies are left out.
        surplus: Vec<(Currency, i128)>,
    },
    /// The account is kept in another currency.
    #[error("account {code} is kept in {allowed}, not in {currency}")]
    CurrencyNotAllowed {
        /// The code.
        code: String,
        /// The currency of the leg.
        currency: Currency,
        /// The currency of the account.
        allowed: Currency,
    },
    /// The effective date lies in a closed period.
    #[error("{effective} is closed: the first open day is {first_open}")]
    PeriodClosed {
        /// The effective date asked for.
        effective: NaiveDate,
        /// The first day that is open.
        first_open: NaiveDate,
    },
    /// The period begins after a day that is still open.
    #[error("cannot close from {start}: {open_from} is still open")]
    PriorPeriodOpen {
        /// First day of the period to close.
        start: NaiveDate,
        /// The earliest day that must be closed first.
        open_from: NaiveDate,
    },
    /// The recorded date goes back behind that of the last event.
    #[error("recorded date {recorded} is before {head}, that of the last event")]
    RecordedBeforeHead {
        /// The recorded date given.
        recorded: NaiveDate,
        /// The recorded date of the last event.
        head: NaiveDate,
    },
    /// One member of a batch is refused, and so is the batch.
    #[error("batch refused at index {index} (key {key}): {cause}")]
    BatchRejected {
        /// Index of the culprit.
        index: usize,
        /// Its key.
        key: IdempotencyKey,
        /// Why.
        cause: Box<LedgerError>,
    },
    /// No entry has this id.
    #[error("unknown entry {entry}")]
    UnknownEntry {
        /// The id.
        entry: EntryId,
    },
    /// The entry was reversed before.
    #[error("entry {entry} is already reversed by {by}")]
    AlreadyReversed {
        /// The entry.
        entry: EntryId,
        /// The entry that reversed it.
        by: EntryId,
    },
    /// The entry is of a kind that has no mirror.
    #[error("entry {entry} moves neither money nor stock and cannot be reversed")]
    NotReversible {
        /// The entry.
        entry: EntryId,
    },
    /// Open items of the entry take part in clearings.
    #[error("entry {entry} has cleared items ({document}): release them or leave it")]
    ItemsCleared {
        /// The entry.
        entry: EntryId,
        /// Document of the first such item.
        document: DocumentId,
    },
    /// No open item on the other side has this document.
    #[error("no item {document} to clear in account {code}")]
    UnknownItem {
        /// The account code.
        code: String,
        /// The document.
        document: DocumentId,
    },
    /// More is to be cleared than is open.
    #[error("{document} has {open} open, {asked} asked")]
    ExceedsOpen {
        /// The document.
        document: DocumentId,
        /// What is open.
        open: Money,
        /// What was asked.
        asked: Money,
    },
    /// A list of amounts clears more than there is to clear with.
    #[error("clears {asked} with {available}")]
    ExceedsClearing {
        /// Sum of the list.
        asked: Money,
        /// The amount at hand.
        available: Money,
    },
    /// An amount to clear is zero or negative.
    #[error("cannot clear {asked} of {document}: expected more than zero")]
    NotPositive {
        /// The document.
        document: DocumentId,
        /// What was asked.
        asked: Money,
    },
    /// No item that the policy allows is open on the other side.
    #[error("nothing that {document} could clear is open in account {code}")]
    NothingToClear {
        /// The account code.
        code: String,
        /// The document that was to clear.
        document: DocumentId,
    },
    /// A stock move is zero or negative.
    #[error("stock move {index} has {pieces} pieces: expected at least 1")]
    EmptyMove {
        /// Index of the move in the draft.
        index: usize,
        /// Pieces given.
        pieces: i64,
    },
    /// The stock at the key account would fall below zero.
    #[error("{key_account} holds {on_hand} of {sku}: the move would leave {left}")]
    NegativeStock {
        /// The key account.
        key_account: AccountId,
        /// The article.
        sku: SkuId,
        /// Pieces before.
        on_hand: i64,
        /// Pieces after.
        left: i64,
    },
    /// More pieces would move than [`MAX_PIECES`](crate::limits::MAX_PIECES).
    #[error("moves of {sku} at {key_account} would exceed {limit} pieces")]
    PiecesOutOfRange {
        /// The key account.
        key_account: AccountId,
        /// The article.
        sku: SkuId,
        /// The limit.
        limit: i64,
    },
    /// Ageing edges must be at least 1 and strictly increasing.
    #[error("ageing edges must be at least 1 and strictly increasing: {edges:?}")]
    BucketsNotIncreasing {
        /// The edges given.
        edges: Vec<u32>,
    },
    /// A balance is not what was asserted.
    #[error("{code} was asserted at {expected} and is {actual}")]
    AssertionFailed {
        /// The account code.
        code: String,
        /// What was asserted.
        expected: Money,
        /// What it is.
        actual: Money,
    },
    /// The ledger holds something that a format of other programs cannot hold.
    #[error("cannot be written as {format}: {reason}")]
    NotExportable {
        /// The format.
        format: &'static str,
        /// What does not fit.
        reason: String,
    },
    /// A control refused it: periods, reservations, limits, disputes, foreign currency.
    #[error(transparent)]
    Control(#[from] crate::ControlError),
    /// The log does not hold together at this sequence number.
    #[error("hash chain broken at sequence number {seq}")]
    BrokenChain {
        /// First sequence number that does not verify.
        seq: u64,
    },
    /// An event of a log says something no ledger would have decided.
    #[error("corrupt event at sequence number {seq}: {reason}")]
    CorruptEvent {
        /// Its sequence number.
        seq: u64,
        /// What is wrong.
        reason: &'static str,
    },
}

fn surplus_text(surplus: &[(Currency, i128)]) -> String {
    let parts: Vec<String> =
        surplus.iter().map(|(currency, minor)| format!("{currency} {minor:+} minor")).collect();
    parts.join(", ")
}

/// Checks a text: not empty, no control characters, no outer spaces, at most `limit` characters.
pub(crate) fn check_text(field: &'static str, text: &str, limit: usize) -> Result<(), LedgerError> {
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.chars().count() > limit {
        "it is too long"
    } else if text.chars().any(char::is_control) {
        "it holds a control character"
    } else if text.trim() != text {
        "it begins or ends with a space"
    } else {
        return Ok(());
    };
    Err(LedgerError::InvalidText { field, text: text.chars().take(80).collect(), reason })
}

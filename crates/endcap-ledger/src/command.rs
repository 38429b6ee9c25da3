//! Commands: everything a ledger can be asked to do.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, DocumentId};

use crate::{
    Account, AdjustTo, ClearingPolicy, Confirmation, Directing, EntryDraft, EntryId, Event,
    ForeignSettlement, FormRule, Hash, IdempotencyKey, ReserveDraft, Revaluation, Side, Unclear, WriteOff,
};

/// The effective date of a reversal.
///
/// # Source
///
/// House rule: the period check looks at the day being posted now, never at that of the entry it corrects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionDate {
    /// This day; refused when it is closed.
    On(NaiveDate),
    /// The day of the original, or, when that is closed, the first open day.
    OriginalOrFirstOpen,
}

/// What a reversal does when items of the entry take part in clearings.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClearedItems {
    /// It is refused.
    #[default]
    Refuse,
    /// 反核销: the clearings are taken back first, and the other items are open again.
    Release,
}

/// A reversal (冲销): posts the mirror of an entry and links to it.
///
/// # Source
///
/// House rule: an entry is reversed at most once; a reversal may itself be reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The entry to reverse.
    pub of: EntryId,
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The document behind the reversal.
    pub document: DocumentId,
    /// Why; mandatory.
    pub reason: String,
    /// When it counts.
    pub date: CorrectionDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
    /// What happens to cleared items.
    pub cleared: ClearedItems,
    /// On swapped sides or in red ink.
    pub form: FormRule,
}

/// A clearing of what is open already (核销): open items under a document are set against items of the other side.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearRequest {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// Code of the control account.
    pub account: String,
    /// The key account.
    pub key_account: AccountId,
    /// The currency.
    pub currency: Currency,
    /// The side of the items that clear: credit for a receipt kept on account.
    pub side: Side,
    /// The document of the items that clear.
    pub document: DocumentId,
    /// What they clear.
    pub policy: ClearingPolicy,
    /// From when it counts; a clearing never counts before both of its items, nor before
    /// their last release.
    pub effective: NaiveDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
}

/// Everything a ledger can be asked to do.
///
/// # Source
///
/// House rule: decide, then apply.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Opens an account, recorded on a day.
    OpenAccount(Account, NaiveDate),
    /// Posts one entry.
    Post(EntryDraft),
    /// Posts all entries or none.
    PostBatch(Vec<EntryDraft>),
    /// Reverses an entry.
    Reverse(Reversal),
    /// Clears open items.
    Clear(ClearRequest),
    /// Closes a period and all before it, recorded on a day.
    ClosePeriod(Period, NaiveDate),
    /// Holds an entry as pending.
    Reserve(ReserveDraft),
    /// Posts what is pending, or a part of it.
    Confirm(Confirmation),
    /// Lays something down beside entries.
    Direct(Directing),
    /// Brings a balance to a figure.
    AdjustTo(AdjustTo),
    /// Writes off what is open of an item.
    WriteOff(WriteOff),
    /// Takes back what an entry cleared.
    Unclear(Unclear),
    /// Settles foreign-currency items with functional money.
    SettleForeign(ForeignSettlement),
    /// Carries foreign positions at new rates.
    Revalue(Revaluation),
}

/// The point of the log that a command is meant for (乐观并发).
///
/// # Source
///
/// House rule: one writer; a retry after a stale refusal is safe because of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expect {
    /// Any.
    #[default]
    Any,
    /// The last event must have this sequence number; 0 for an empty log.
    Exactly(u64),
}

/// Whether a command took effect now or before.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Replay {
    /// Now.
    First,
    /// Before: its key holds this very payload, and nothing was posted again.
    Replayed,
}

/// The answer to an accepted command (回执).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Receipt {
    /// Sequence number of the event; that of an entry is its [`EntryId`].
    pub seq: u64,
    /// Hash of the event: the head of the chain at that point.
    pub hash: Hash,
    /// Now or before.
    pub replay: Replay,
}

impl Receipt {
    /// The entry, for commands that post one.
    #[must_use]
    pub const fn entry(&self) -> EntryId {
        EntryId(self.seq)
    }
}

/// What a command comes to: the events to apply, and one receipt per entry asked for.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Events to apply, in order; none for a replay.
    pub events: Vec<Event>,
    /// Receipts, in the order asked.
    pub receipts: Vec<Receipt>,
}

//! Posted entries: what stands in the journal and is never changed.

use core::fmt;

use chrono::NaiveDate;
use endcap_types::{AccountId, DocumentId, Money};

use crate::{Due, ExchangeRate, Hash, IdempotencyKey, LedgerAccountId, Nature, Side, StockMove};

/// An entry (凭证号): the sequence number of the event that posted it.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct EntryId(pub(crate) u64);

impl EntryId {
    /// The entry at a sequence number, as a log or a receipt gave it.
    #[must_use]
    pub const fn from_seq(seq: u64) -> Self {
        Self(seq)
    }

    /// The sequence number, from 1.
    #[must_use]
    pub const fn seq(self) -> u64 {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// An open item (往来项): dense, from 0, in the order in which control accounts were posted to.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct ItemId(pub(crate) u64);

impl ItemId {
    /// The position, from 0.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.0
    }
}

/// How an entry came about.
///
/// # Source
///
/// Fowler, *Accounting Patterns*: adjustment by reversal or by difference; history is not rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum EntryKind {
    /// 正常凭证: posted from a draft.
    Posting,
    /// 更正凭证: posted from a draft that corrects an earlier entry.
    Correction {
        /// The entry corrected.
        of: EntryId,
    },
    /// 冲销凭证: the mirror of an earlier entry.
    Reversal {
        /// The entry reversed.
        of: EntryId,
        /// Why.
        reason: String,
    },
    /// 核销: items of one account cleared against each other; moves no money.
    Clearing,
    /// 确认凭证: the confirmation of a reservation.
    Confirmation {
        /// The reservation.
        of: EntryId,
    },
    /// 反核销: takes back what an entry cleared; moves no money.
    Release {
        /// The entry whose clearings are taken back.
        of: EntryId,
        /// Why.
        reason: String,
    },
    /// 核销坏账: what was open of an item, written off.
    WriteOff {
        /// Why.
        reason: String,
    },
    /// 汇兑重估: foreign positions carried at a new rate.
    Revaluation,
}

/// One posted leg (分录行).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Leg {
    /// The account.
    pub account: LedgerAccountId,
    /// The key account, where the account is kept per key account.
    pub key_account: Option<AccountId>,
    /// Debit or credit.
    pub side: Side,
    /// The amount: above zero, or below zero in red ink (红字), which takes back on its own side.
    pub amount: Money,
    /// What the leg means on the page of the key account.
    pub nature: Nature,
}

impl Leg {
    /// The amount in minor units, debit positive.
    #[must_use]
    pub const fn signed_minor(&self) -> i128 {
        self.side.sign(self.amount.minor())
    }
}

/// The item that a leg of a control account opened.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct OpenedItem {
    /// Its id.
    pub id: ItemId,
    /// Index of the leg in the entry: account, key account and amount are those of the leg; the side is the one on
    /// which the leg moves the balance, so the item of a red debit is a credit.
    pub leg: u32,
    /// The document.
    pub document: DocumentId,
    /// The date of the document.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub dated: NaiveDate,
    /// When it falls due.
    pub due: Due,
    /// When the goods were delivered, where that is known.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::strict_date::maybe", skip_serializing_if = "Option::is_none")
    )]
    pub delivered: Option<NaiveDate>,
}

/// A debit item and a credit item of one account set against each other (核销明细); moves no net value.
///
/// A negative amount takes back an earlier clearing of the same pair.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Clearing {
    /// The debit item.
    pub debit: ItemId,
    /// The credit item.
    pub credit: ItemId,
    /// How much of both is cleared.
    pub amount: Money,
    /// From when it counts: never before either item, nor before the last release of either.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub effective: NaiveDate,
}

/// A change of what an item in a foreign currency is carried at (账面价值变动).
///
/// # Source
///
/// IAS 21.21–28: booked at the rate of the day, carried on, and released when the item is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Valuation {
    /// The item.
    pub item: ItemId,
    /// The change in the functional currency, with the sign of the item: debit positive.
    pub change: Money,
}

/// A posted entry (记账凭证). Per currency its debits equal its credits.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Entry {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// SHA-256 of what was asked, without the recorded date: tells a replay from a conflict.
    pub request: Hash,
    /// How it came about.
    pub kind: EntryKind,
    /// The document behind it.
    pub document: DocumentId,
    /// When it counts (业务日期).
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub effective: NaiveDate,
    /// What happened, for a reader.
    pub description: String,
    /// The money legs.
    pub legs: Vec<Leg>,
    /// The items that legs of control accounts opened, in leg order.
    pub items: Vec<OpenedItem>,
    /// The clearings that came with it.
    pub clearings: Vec<Clearing>,
    /// The stock moves.
    pub stock: Vec<StockMove>,
    /// 对应日期: the day the entry belongs to, where that day is closed and the entry counts on a later one.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::strict_date::maybe", skip_serializing_if = "Option::is_none")
    )]
    pub relates_to: Option<NaiveDate>,
    /// 预结账后入账原因: why the entry counts in a period that is soft closed.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub override_reason: Option<String>,
    /// 汇率: the rates that its exchanges state.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub rates: Vec<ExchangeRate>,
    /// 外币账面价值变动: what items in a foreign currency are carried at from now on, as changes.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub valuations: Vec<Valuation>,
}

impl Valuation {
    pub(crate) fn negated(&self) -> Self {
        Self { item: self.item, change: self.change.negated() }
    }
}

impl Entry {
    /// An entry that moves nothing yet.
    pub(crate) fn bare(
        (key, request): (IdempotencyKey, Hash),
        kind: EntryKind,
        document: DocumentId,
        effective: NaiveDate,
    ) -> Self {
        Self {
            key,
            request,
            kind,
            document,
            effective,
            description: String::new(),
            legs: Vec::new(),
            items: Vec::new(),
            clearings: Vec::new(),
            stock: Vec::new(),
            relates_to: None,
            override_reason: None,
            rates: Vec::new(),
            valuations: Vec::new(),
        }
    }
}

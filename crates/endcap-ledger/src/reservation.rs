//! Reservations: entries that are ours but not confirmed yet, and how they end.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money};

use crate::{EntryDraft, EntryId, Hash, IdempotencyKey, ItemEffect, Leg};

/// Until when a reservation may be confirmed (有效期).
///
/// # Source
///
/// House rule: no clock; the recorded date of the confirmation decides, and expiry is a directive with a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Expiry {
    /// For ever.
    #[default]
    Never,
    /// Up to and including this recorded day.
    After(#[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))] NaiveDate),
}

/// An entry to be held as pending (待确认凭证): amounts that count in limits and show beside balances, not in them.
///
/// # Source
///
/// Two-phase transfers as in card payments: reserve, then confirm in full or in part, or void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveDraft {
    /// What is to be posted once it is confirmed; money legs only, no stock and no exchange.
    pub draft: EntryDraft,
    /// Until when it may be confirmed.
    pub expires: Expiry,
}

/// How much of a reservation is confirmed.
///
/// # Source
///
/// House rule: a reservation is resolved once; what is not confirmed is released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmedAmounts {
    /// All of it.
    Full,
    /// One amount per leg, in leg order, each between zero and what is pending, balanced per currency; legs of zero are
    /// left out.
    Legs(Vec<Money>),
}

/// The confirmation of a reservation (确认): posts an entry and releases what was pending.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The reservation.
    pub of: EntryId,
    /// How much.
    pub amounts: ConfirmedAmounts,
    /// When the entry counts, not before the reservation.
    pub effective: NaiveDate,
    /// When the ledger learns of it, not after the reservation has expired.
    pub recorded: NaiveDate,
}

/// A leg that is pending, and what it will do to open items.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PendingLeg {
    /// The leg.
    pub leg: Leg,
    /// What it does to open items once it is posted.
    pub item: ItemEffect,
}

/// A reservation as it stands in the log (待确认凭证).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Reservation {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// SHA-256 of what was asked: tells a replay from a conflict.
    pub request: Hash,
    /// The document behind it.
    pub document: DocumentId,
    /// From when it is pending.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub effective: NaiveDate,
    /// What it is, for a reader.
    pub description: String,
    /// The legs; per currency debits equal credits.
    pub legs: Vec<PendingLeg>,
    /// Until when it may be confirmed.
    pub expires: Expiry,
}

/// Where an entry stands (凭证状态).
///
/// # Source
///
/// House rule: pending, then confirmed, then settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryStatus {
    /// 待确认.
    Pending,
    /// 已确认: the reservation came to this entry.
    Confirmed {
        /// The entry.
        by: EntryId,
    },
    /// 已作废: the reservation was voided or expired with this event.
    Voided {
        /// The event.
        by: EntryId,
    },
    /// 已过账: posted; some item of it is open, or it has none.
    Posted,
    /// 已结清: posted, and every item of it is cleared in full.
    Settled,
    /// 已冲销: reversed by this entry.
    Reversed {
        /// The entry.
        by: EntryId,
    },
}

/// A balance with what is pending beside it (分层余额), debit positive.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayeredBalance {
    /// 已过账: the balance of the entries posted.
    pub posted: Money,
    /// 待确认借方: pending debits, not negative.
    pub pending_debit: Money,
    /// 待确认贷方: pending credits, not negative.
    pub pending_credit: Money,
}

//! Events: the append-only log of a ledger, each one chained to all before it.

use core::fmt;

use chrono::NaiveDate;

use crate::{Account, Directed, Entry, Reservation};
use endcap_calendar::Period;

/// A SHA-256 value (哈希值); `Display` and serde write 64 hexadecimal digits.
///
/// # Source
///
/// FIPS 180-4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(into = "String", try_from = "String")
)]
pub struct Hash(pub(crate) [u8; 32]);

impl Hash {
    /// The value of 32 bytes, as an embedder kept it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = crate::LedgerError;

    /// Reads 64 lower-case hexadecimal digits.
    fn try_from(text: String) -> Result<Self, crate::LedgerError> {
        let refused = |reason| crate::LedgerError::InvalidText {
            field: "hash",
            text: text.chars().take(80).collect(),
            reason,
        };
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(refused("it is not 64 lower-case hexadecimal digits"));
        }
        let mut bytes = [0_u8; 32];
        for (index, slot) in bytes.iter_mut().enumerate() {
            let from = index.saturating_mul(2);
            let digits = text.get(from..from.saturating_add(2)).unwrap_or("");
            *slot = u8::from_str_radix(digits, 16).map_err(|_| refused("it is not hexadecimal"))?;
        }
        Ok(Self(bytes))
    }
}

/// What happened.
///
/// # Source
///
/// House rule: every event is chained, not only entries.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum EventBody {
    /// 开设科目: an account was opened; its id is the number of accounts before it.
    AccountOpened(Account),
    /// 记账: an entry was posted.
    EntryPosted(Entry),
    /// 结账: a period, and every day before it, was closed.
    PeriodClosed(Period),
    /// 待确认: an entry was reserved.
    EntryReserved(Reservation),
    /// 指令: something beside entries was laid down.
    Directed(Directed),
}

/// One event of the log (流水): sequence number, recorded date, what happened, and the hash over all of it.
///
/// # Source
///
/// House rule; the chain covers the sequence number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Event {
    /// Sequence number, dense from 1.
    pub seq: u64,
    /// When the ledger learned of it; never before that of the event before it.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub recorded: NaiveDate,
    /// What happened.
    pub body: EventBody,
    /// SHA-256 of the hash before it and the canonical bytes of all the above.
    pub hash: Hash,
}

//! The one table of limits. Every bound a value of this crate must respect is here and nowhere else.
//!
//! | limit | value | what it guards |
//! |---|---|---|
//! | [`MAX_TURNOVER_MINOR`] | 10³⁶ − 1 | all debits ever posted in one currency, in minor units |
//! | [`MAX_PIECES`] | 10¹⁵ | all pieces ever moved of one article at one key account |
//! | [`MAX_LEGS`] | 10 000 | legs of one entry |
//! | [`MAX_BATCH`] | 1 000 000 | drafts of one batch |
//! | [`MAX_LEGS_IN_ALL`] | 134 217 727 | legs of a ledger, and so its balances and items |
//! | [`MAX_ACCOUNTS`] | 100 000 | accounts of one chart |
//! | [`MAX_GROUP_MEMBERS`] | 10 000 | members of one group of key accounts |
//! | [`MAX_CODE_CHARS`] | 32 | characters of an account code |
//! | [`MAX_KEY_CHARS`] | 160 | characters of an idempotency key |
//! | [`MAX_TEXT_CHARS`] | 500 | characters of a name, description or reason |
//! | [`MAX_BUCKETS`] | 64 | upper edges of an ageing |
//!
//! The turnover limit is what makes every query total: any selection of posted legs of one currency sums to at most
//! the turnover, either sign, so no balance, as of any date, can leave the range of [`Money`](endcap_types::Money). Red
//! legs count without their sign, on either side: what was taken back is used up all the same.
//!
//! # Source
//!
//! House rule.

/// Most that may ever be debited in one currency, in minor units: 10³⁶ − 1.
pub const MAX_TURNOVER_MINOR: i128 = endcap_types::limits::MAX_MINOR;
/// Most pieces of one article that may ever move at one key account, either direction.
pub const MAX_PIECES: i64 = 1_000_000_000_000_000;
/// Most legs of one entry.
pub const MAX_LEGS: usize = 10_000;
/// Most legs ever posted in one ledger, and most events: 2²⁷ − 1.
pub const MAX_LEGS_IN_ALL: usize = 134_217_727;
/// Most drafts of one batch.
pub const MAX_BATCH: usize = 1_000_000;
/// Most accounts of one chart.
pub const MAX_ACCOUNTS: usize = 100_000;
/// Most members of one group of key accounts.
pub const MAX_GROUP_MEMBERS: usize = 10_000;
/// Longest account code, in characters.
pub const MAX_CODE_CHARS: usize = 32;
/// Longest idempotency key, in characters.
pub const MAX_KEY_CHARS: usize = 160;
/// Longest name, description or reason, in characters.
pub const MAX_TEXT_CHARS: usize = 500;
/// Most upper edges of an ageing.
pub const MAX_BUCKETS: usize = 64;

//! The one table of limits. Every bound a value of this crate must respect is here and nowhere else.
//!
//! | limit | value | what it guards |
//! |---|---|---|
//! | [`MAX_PIECES`] | 10¹² | any count of pieces, in pieces |
//! | [`UNLIMITED`] | `i64::MAX` | the cap or capacity that never binds |
//! | [`MAX_DAYS`] | 36 600 | a window, lead time or review interval, in days |
//! | [`MAX_FACTOR`] | 100 | the sales multiple |
//! | [`MAX_FACTOR_DECIMALS`] | 4 | decimals of the sales multiple |
//! | [`MAX_CASE_PIECES`] | 100 000 | pieces in a case |
//! | [`MAX_STATISTIC`] | 10¹² | a mean, deviation, lead time or quantity given as `f64` |

/// Largest count of pieces in one cell of one column.
pub const MAX_PIECES: i64 = 1_000_000_000_000;
/// The order cap or shelf capacity that never binds.
pub const UNLIMITED: i64 = i64::MAX;
/// Longest window, lead time or review interval, in days: a hundred years.
pub const MAX_DAYS: i64 = 36_600;
/// Largest sales multiple.
pub const MAX_FACTOR: i64 = 100;
/// Most decimals of a sales multiple.
pub const MAX_FACTOR_DECIMALS: u32 = 4;
/// Most pieces in one case.
pub const MAX_CASE_PIECES: i64 = 100_000;
/// Largest statistic taken as `f64`, in its own unit.
pub const MAX_STATISTIC: f64 = 1e12;

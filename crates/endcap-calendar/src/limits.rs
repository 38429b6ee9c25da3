//! Every limit of this crate, in one table.
//!
//! | limit | value | guards |
//! |---|---|---|
//! | [`FIRST_DATE`] | 1900-01-01 | every date taken or returned |
//! | [`LAST_DATE`] | 2200-12-31 | every date taken or returned |
//! | [`END_DATE`] | 2201-01-01 | the exclusive end of a [`Period`](crate::Period) |
//! | [`MAX_STEPS`] | 64 | steps of one pipeline |
//! | [`MAX_STEP_DAYS`] | 36,600 | `days(n)`; `weeks(n)` counts as 7 n |
//! | [`MAX_STEP_MONTHS`] | 1,200 | `months(n)`, `months_sticky(n)`, month offsets |
//! | [`MAX_BUSINESS_DAYS`] | 2,000 | `business_days(n)` and business-day addition |
//! | [`MAX_BUSINESS_GAP_DAYS`] | 400 | days searched for the next business day |
//! | [`MAX_LIST_ENTRIES`] | 4,096 | entries of a holiday map |
//! | [`MAX_TEXT_CHARS`] | 100,000 | the text form of terms |
//! | [`MAX_LINES`] | 1,000 | instalment lines of one plan |
//! | [`MAX_DISCOUNT_STEPS`] | 16 | cash discount steps |
//! | [`MAX_BATCHES_HELD`] | 1,000 | batches held back |

use chrono::NaiveDate;

/// First supported date, 1900-01-01 (a Monday).
pub const FIRST_DATE: NaiveDate = ymd(1900, 1, 1);
/// Last supported date, 2200-12-31.
pub const LAST_DATE: NaiveDate = ymd(2200, 12, 31);
/// The day after [`LAST_DATE`]: allowed only as the exclusive end of a period.
pub const END_DATE: NaiveDate = ymd(2201, 1, 1);
/// Most steps in one pipeline.
pub const MAX_STEPS: usize = 64;
/// Most days one step may add.
pub const MAX_STEP_DAYS: u32 = 36_600;
/// Most months one step may add.
pub const MAX_STEP_MONTHS: u32 = 1_200;
/// Most business days that may be added at once.
pub const MAX_BUSINESS_DAYS: u32 = 2_000;
/// Most consecutive closed days the search for a business day crosses.
pub const MAX_BUSINESS_GAP_DAYS: u32 = 400;
/// Most entries of a holiday map.
pub const MAX_LIST_ENTRIES: usize = 4_096;
/// Longest text form of terms, in characters.
pub const MAX_TEXT_CHARS: usize = 100_000;
/// Most instalment lines in one plan.
pub const MAX_LINES: usize = 1_000;
/// Most cash discount steps in one offer.
pub const MAX_DISCOUNT_STEPS: usize = 16;
/// Most batches that may be held back.
pub const MAX_BATCHES_HELD: u32 = 1_000;

const fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

//! The natural trade periods: week, ten days, half month, month, quarter, half year, year.

use chrono::{Datelike, Days, NaiveDate};

use crate::dates;

/// 周期: a natural length of trade period, and with it the grid of such periods on the calendar.
///
/// # Examples
/// ```
/// use endcap_calendar::{Grain, Period, dates};
/// let ten_days = Period::containing(Grain::TenDay, dates::ymd(2026, 5, 21)?)?;
/// assert_eq!(ten_days.to_string(), "2026-05-21..2026-06-01");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// ISO 8601 for weeks; trade usage for 旬 (1–10, 11–20, 21–end) and half months (1–15, 16–end).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Grain {
    /// 周: ISO week, Monday to Sunday.
    Week,
    /// 旬: days 1–10, 11–20, 21 to month end.
    TenDay,
    /// 半月: days 1–15, 16 to month end.
    HalfMonth,
    /// 月: calendar month.
    Month,
    /// 季: calendar quarter.
    Quarter,
    /// 半年: January to June, July to December.
    HalfYear,
    /// 年: calendar year.
    Year,
}

impl Grain {
    /// Every grain, shortest first.
    pub const ALL: [Self; 7] =
        [Self::Week, Self::TenDay, Self::HalfMonth, Self::Month, Self::Quarter, Self::HalfYear, Self::Year];

    /// Half-open bounds of the grain that contains `date`; `None` only at the edge of the date type.
    pub(crate) fn bounds(self, date: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::Week => {
                let start =
                    date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))?;
                Some((start, start.checked_add_days(Days::new(7))?))
            }
            Self::TenDay => in_month(
                date,
                if date.day() <= 10 {
                    (1, 11)
                } else if date.day() <= 20 {
                    (11, 21)
                } else {
                    (21, 32)
                },
            ),
            Self::HalfMonth => in_month(date, if date.day() <= 15 { (1, 16) } else { (16, 32) }),
            Self::Month => block(date, 1),
            Self::Quarter => block(date, 3),
            Self::HalfYear => block(date, 6),
            Self::Year => block(date, 12),
        }
    }
}

/// Days `first..end` of the month; `end` beyond the month means its end.
fn in_month(date: NaiveDate, (first, end): (u32, u32)) -> Option<(NaiveDate, NaiveDate)> {
    let start = date.with_day(first)?;
    let stop = if end > 31 { dates::first_of_shifted_month(date, 1).ok()? } else { date.with_day(end)? };
    Some((start, stop))
}

/// The block of `months` months (a divisor of 12) that contains `date`.
fn block(date: NaiveDate, months: i64) -> Option<(NaiveDate, NaiveDate)> {
    let into = i64::from(date.month0()).checked_rem(months)?;
    let start = dates::first_of_shifted_month(date, into.checked_neg()?).ok()?;
    let end = dates::first_of_shifted_month(start, months).ok()?;
    Some((start, end))
}

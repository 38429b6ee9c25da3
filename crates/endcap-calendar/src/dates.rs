//! Checked arithmetic on calendar dates: month ends, clamping, sticky month ends.
//!
//! Every function takes and returns dates within
//! [`limits::FIRST_DATE`]`..=`[`limits::LAST_DATE`] and reports anything outside as an error.

use chrono::{Datelike, Days, NaiveDate};

use crate::{CalendarError, limits};

/// 日期: the date `year`-`month`-`day`, checked.
///
/// # Errors
/// - [`CalendarError::NoSuchDate`] when the calendar has no such day.
/// - [`CalendarError::DateOutOfRange`] outside the supported range.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// assert_eq!(dates::ymd(2024, 2, 29)?.to_string(), "2024-02-29");
/// assert!(dates::ymd(2025, 2, 29).is_err());
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// Proleptic Gregorian calendar (ISO 8601).
pub fn ymd(year: i32, month: u32, day: u32) -> Result<NaiveDate, CalendarError> {
    let date =
        NaiveDate::from_ymd_opt(year, month, day).ok_or(CalendarError::NoSuchDate { year, month, day })?;
    check(date)
}

/// The same date when it lies in the supported range.
///
/// # Errors
/// - [`CalendarError::DateOutOfRange`] outside the supported range.
///
/// # Source
/// House rule: two centuries around every trade contract, far from the edges of the date type.
pub fn check(date: NaiveDate) -> Result<NaiveDate, CalendarError> {
    if (limits::FIRST_DATE..=limits::LAST_DATE).contains(&date) {
        Ok(date)
    } else {
        Err(CalendarError::DateOutOfRange { date, first: limits::FIRST_DATE, last: limits::LAST_DATE })
    }
}

/// Reads `YYYY-MM-DD`, exactly ten characters.
///
/// # Errors
/// - [`CalendarError::DateText`] when the text has another shape or names no day.
/// - [`CalendarError::DateOutOfRange`] outside the supported range.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// assert_eq!(dates::parse("2025-06-01")?, dates::ymd(2025, 6, 1)?);
/// assert!(dates::parse("2025-6-1").is_err());
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// ISO 8601 extended calendar date.
pub fn parse(text: &str) -> Result<NaiveDate, CalendarError> {
    let refused = || CalendarError::DateText { text: text.chars().take(40).collect() };
    let shape_ok = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape_ok {
        return Err(refused());
    }
    let date: NaiveDate = text.parse().map_err(|_| refused())?;
    check(date)
}

/// Number of days in the month of `date`, 28 to 31.
///
/// # Source
/// Gregorian calendar.
#[must_use]
pub fn month_length(date: NaiveDate) -> u32 {
    match date.month() {
        4 | 6 | 9 | 11 => 30,
        2 if date.leap_year() => 29,
        2 => 28,
        _ => 31,
    }
}

/// First day of the month of `date`.
///
/// # Source
/// Gregorian calendar.
#[must_use]
pub fn month_start(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// 月末: last day of the month of `date`.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// assert_eq!(dates::month_end(dates::ymd(2024, 2, 10)?).to_string(), "2024-02-29");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// Gregorian calendar.
#[must_use]
pub fn month_end(date: NaiveDate) -> NaiveDate {
    clamp_day(date, 31)
}

/// Whether `date` is the last day of its month.
#[must_use]
pub fn is_month_end(date: NaiveDate) -> bool {
    date.day() == month_length(date)
}

/// Day `day` of the month of `date`, or the month's last day when it is shorter; day 0 counts as 1.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// assert_eq!(dates::clamp_day(dates::ymd(2025, 2, 3)?, 30).to_string(), "2025-02-28");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule: a day beyond the month's length means its last day.
#[must_use]
pub fn clamp_day(date: NaiveDate, day: u32) -> NaiveDate {
    date.with_day(day.clamp(1, month_length(date))).unwrap_or(date)
}

/// `date` moved by `days` calendar days (negative = back).
///
/// # Errors
/// - [`CalendarError::DateOutOfRange`] when `date` or the result is outside the supported range.
/// - [`CalendarError::ShiftTooLarge`] when `days` itself leaves the date type.
///
/// # Source
/// Gregorian calendar.
pub fn add_days(date: NaiveDate, days: i64) -> Result<NaiveDate, CalendarError> {
    let start = check(date)?;
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 { start.checked_sub_days(count) } else { start.checked_add_days(count) };
    check(moved.ok_or(CalendarError::ShiftTooLarge { date, amount: days, unit: "days" })?)
}

/// `date` moved by `months`, keeping the day number and clamping it to the month's length.
///
/// # Errors
/// - [`CalendarError::DateOutOfRange`] when `date` or the result is outside the supported range.
/// - [`CalendarError::ShiftTooLarge`] when `months` itself leaves the date type.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// assert_eq!(dates::add_months(dates::ymd(2026, 4, 30)?, 1)?.to_string(), "2026-05-30");
/// assert_eq!(dates::add_months(dates::ymd(2026, 1, 31)?, 1)?.to_string(), "2026-02-28");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule: clamp, never spill into the next month.
pub fn add_months(date: NaiveDate, months: i64) -> Result<NaiveDate, CalendarError> {
    let start = check(date)?;
    let first = first_of_shifted_month(start, months)?;
    check(clamp_day(first, start.day()))
}

/// `date` moved by `months`; a month end stays a month end, other days clamp.
///
/// # Errors
/// As [`add_months`].
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// assert_eq!(dates::add_months_sticky(dates::ymd(2026, 4, 30)?, 1)?.to_string(), "2026-05-31");
/// assert_eq!(dates::add_months_sticky(dates::ymd(2024, 2, 28)?, 1)?.to_string(), "2024-03-28");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule; end of month plus one month giving the 30th or the 28th is a defect reported against
/// several systems (`frappe/erpnext` 22201, `OCA/account-payment` 919).
pub fn add_months_sticky(date: NaiveDate, months: i64) -> Result<NaiveDate, CalendarError> {
    let moved = add_months(date, months)?;
    Ok(if is_month_end(date) { month_end(moved) } else { moved })
}

/// Calendar days from `from` to `to`; negative when `to` is earlier.
///
/// # Source
/// Half-open interval `[from, to)`.
#[must_use]
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// Whole months and left-over days in the half-open interval from `from` to `to`.
///
/// months = the largest n ≥ 0 with `add_months(from, n)` ≤ `to`; days = the rest.
///
/// # Errors
/// - [`CalendarError::IntervalReversed`] when `to` is before `from`.
/// - [`CalendarError::DateOutOfRange`] outside the supported range.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// let (months, days) = dates::whole_months(dates::ymd(2025, 1, 15)?, dates::ymd(2025, 4, 20)?)?;
/// assert_eq!((months, days), (3, 5));
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule: the same clamped month as the `months(n)` step, so that 31 January to 28 February is one month.
pub fn whole_months(from: NaiveDate, to: NaiveDate) -> Result<(u32, u32), CalendarError> {
    check(from)?;
    check(to)?;
    if to < from {
        return Err(CalendarError::IntervalReversed { from, to });
    }
    let mut months = month_index(to).saturating_sub(month_index(from));
    if add_months(from, months)? > to {
        months = months.saturating_sub(1);
    }
    let rest = days_between(add_months(from, months)?, to);
    Ok((u32::try_from(months).unwrap_or(0), u32::try_from(rest).unwrap_or(0)))
}

/// Months since year 0, so that month arithmetic is integer arithmetic.
pub(crate) fn month_index(date: NaiveDate) -> i64 {
    i64::from(date.year()).saturating_mul(12).saturating_add(i64::from(date.month0()))
}

/// First day of the month `months` away from the month of `date`.
pub(crate) fn first_of_shifted_month(date: NaiveDate, months: i64) -> Result<NaiveDate, CalendarError> {
    let too_large = || CalendarError::ShiftTooLarge { date, amount: months, unit: "months" };
    let index = month_index(date).checked_add(months).ok_or_else(too_large)?;
    let year = i32::try_from(index.div_euclid(12)).map_err(|_| too_large())?;
    let month0 = u32::try_from(index.rem_euclid(12)).map_err(|_| too_large())?;
    NaiveDate::from_ymd_opt(year, month0.saturating_add(1), 1).ok_or_else(too_large)
}

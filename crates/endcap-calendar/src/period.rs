//! [`Period`]: a non-empty, half-open run of calendar days.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::{CalendarError, Grain, dates, limits};

/// 期间: a non-empty half-open run of days, `start` included and `end` excluded.
///
/// # Examples
/// ```
/// use endcap_calendar::{Period, dates};
/// let june = Period::month(2025, 6)?;
/// assert_eq!(june.days(), 30);
/// assert!(june.contains(dates::ymd(2025, 6, 30)?));
/// assert!(!june.contains(dates::ymd(2025, 7, 1)?));
/// assert_eq!(june, Period::closed(dates::ymd(2025, 6, 1)?, dates::ymd(2025, 6, 30)?)?);
/// assert_eq!(june.next()?, Period::month(2025, 7)?);
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule: contracts are written closed on both ends and stored half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

impl Period {
    /// The days from `start` up to but without `end`.
    ///
    /// # Errors
    /// - [`CalendarError::PeriodEmpty`] when `end` is not after `start`.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range (`end` may be the day after it).
    ///
    /// # Source
    /// House rule.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, CalendarError> {
        dates::check(start)?;
        if end != limits::END_DATE {
            dates::check(end)?;
        }
        if end <= start {
            return Err(CalendarError::PeriodEmpty { start, end });
        }
        Ok(Self { start, end })
    }

    /// 起止日: the days from `first` to `last`, both included, as contracts are written.
    ///
    /// # Errors
    /// As [`Period::new`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Period, dates};
    /// let contract = Period::closed(dates::ymd(2025, 1, 1)?, dates::ymd(2025, 12, 31)?)?;
    /// assert_eq!(contract, Period::year(2025)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// House rule.
    pub fn closed(first: NaiveDate, last: NaiveDate) -> Result<Self, CalendarError> {
        dates::check(last)?;
        let end = last.succ_opt().unwrap_or(limits::END_DATE);
        if last < first {
            return Err(CalendarError::PeriodEmpty { start: first, end });
        }
        Self::new(first, end)
    }

    /// The single day `date`.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn day(date: NaiveDate) -> Result<Self, CalendarError> {
        Self::closed(date, date)
    }

    /// 月: calendar month `month` (1–12) of `year`.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `month` is outside 1–12.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn month(year: i32, month: u32) -> Result<Self, CalendarError> {
        numbered("month", year, month, 12)?;
        Self::containing(Grain::Month, dates::ymd(year, month, 1)?)
    }

    /// 季: calendar quarter `quarter` (1–4) of `year`.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `quarter` is outside 1–4.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn quarter(year: i32, quarter: u32) -> Result<Self, CalendarError> {
        numbered("quarter", year, quarter, 4)?;
        Self::containing(Grain::Quarter, dates::ymd(year, quarter.saturating_mul(3), 1)?)
    }

    /// 半年: half `half` (1–2) of `year`.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `half` is outside 1–2.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn half_year(year: i32, half: u32) -> Result<Self, CalendarError> {
        numbered("half year", year, half, 2)?;
        Self::containing(Grain::HalfYear, dates::ymd(year, half.saturating_mul(6), 1)?)
    }

    /// 年: calendar year `year`.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn year(year: i32) -> Result<Self, CalendarError> {
        Self::containing(Grain::Year, dates::ymd(year, 1, 1)?)
    }

    /// 周: ISO week `week` (1–52 or 53) of ISO year `iso_year`, Monday to Sunday.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when that year has no such week.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::Period;
    /// assert_eq!(Period::iso_week(2026, 1)?.to_string(), "2025-12-29..2026-01-05");
    /// assert!(Period::iso_week(2025, 53).is_err());
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// ISO 8601 week date.
    pub fn iso_week(iso_year: i32, week: u32) -> Result<Self, CalendarError> {
        numbered("ISO week", iso_year, week, 53)?;
        let monday = NaiveDate::from_isoywd_opt(iso_year, week, Weekday::Mon);
        let monday = monday.ok_or(CalendarError::NoSuchPeriod {
            kind: "ISO week",
            year: iso_year,
            number: week,
            max: 52,
        })?;
        Self::containing(Grain::Week, dates::check(monday)?)
    }

    /// 旬: ten-day period `third` (1 = days 1–10, 2 = 11–20, 3 = 21 to month end) of a month.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `third` is outside 1–3 or `month` outside 1–12.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn ten_day(year: i32, month: u32, third: u32) -> Result<Self, CalendarError> {
        numbered("ten-day period", year, third, 3)?;
        numbered("month", year, month, 12)?;
        Self::containing(Grain::TenDay, dates::ymd(year, month, third.saturating_mul(10).saturating_sub(9))?)
    }

    /// 半月: half `half` (1 = days 1–15, 2 = 16 to month end) of a month.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `half` is outside 1–2 or `month` outside 1–12.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn half_month(year: i32, month: u32, half: u32) -> Result<Self, CalendarError> {
        numbered("half month", year, half, 2)?;
        numbered("month", year, month, 12)?;
        Self::containing(
            Grain::HalfMonth,
            dates::ymd(year, month, half.saturating_mul(15).saturating_sub(14))?,
        )
    }

    /// The period of length `grain` that contains `date`.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] when the date or a bound is outside the supported range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Grain, Period, dates};
    /// let quarter = Period::containing(Grain::Quarter, dates::ymd(2026, 4, 15)?)?;
    /// assert_eq!(quarter.last_day(), dates::ymd(2026, 6, 30)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// As [`Grain`].
    pub fn containing(grain: Grain, date: NaiveDate) -> Result<Self, CalendarError> {
        let outside =
            || CalendarError::DateOutOfRange { date, first: limits::FIRST_DATE, last: limits::LAST_DATE };
        let (start, end) = grain.bounds(dates::check(date)?).ok_or_else(outside)?;
        Self::new(start, end)
    }

    /// First day, included.
    #[must_use]
    pub fn start(self) -> NaiveDate {
        self.start
    }

    /// First day after the period, excluded.
    #[must_use]
    pub fn end(self) -> NaiveDate {
        self.end
    }

    /// Last day, included.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.end.pred_opt().unwrap_or(self.start)
    }

    /// 天数: number of days, at least 1.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::try_from(dates::days_between(self.start, self.end)).unwrap_or(0)
    }

    /// Whether `date` is one of the days.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        self.start <= date && date < self.end
    }

    /// Whether every day of `other` is a day of this period.
    #[must_use]
    pub fn contains_period(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Position of `date` among the days, counted from 0; `None` outside.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Period, dates};
    /// assert_eq!(Period::month(2025, 6)?.index_of(dates::ymd(2025, 6, 30)?), Some(29));
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn index_of(self, date: NaiveDate) -> Option<usize> {
        if !self.contains(date) {
            return None;
        }
        usize::try_from(dates::days_between(self.start, date)).ok()
    }

    /// The days in both periods; `None` when there are none.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    /// Number of days in both periods, 0 when they do not meet.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Period, dates};
    /// let contract = Period::new(dates::ymd(2025, 6, 16)?, dates::ymd(2025, 9, 1)?)?;
    /// assert_eq!(Period::month(2025, 6)?.overlap_days(contract), 15);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn overlap_days(self, other: Self) -> u32 {
        self.intersect(other).map_or(0, Self::days)
    }

    /// Whether the period is exactly one period of length `grain`.
    #[must_use]
    pub fn is_whole(self, grain: Grain) -> bool {
        grain.bounds(self.start) == Some((self.start, self.end))
    }

    /// Number of calendar months when the period runs from a first of a month to a first of a month.
    #[must_use]
    pub fn whole_calendar_months(self) -> Option<u32> {
        if self.start.day() != 1 || self.end.day() != 1 {
            return None;
        }
        u32::try_from(dates::month_index(self.end).checked_sub(dates::month_index(self.start))?).ok()
    }

    /// 下期: the period of the same length that follows without a gap.
    ///
    /// Same length = the same number of whole calendar months when the period consists of whole
    /// months, else the same number of days. For ten-day and half-month periods use [`Period::next_of`].
    /// A length in days can lead onto whole months, which then count as months: 1993-10-30..1994-03-01
    /// is the 122 days before 1994-03-01..1994-07-01, whose own previous period is the four months before it.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] past the supported range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::Period;
    /// assert_eq!(Period::quarter(2025, 4)?.next()?, Period::quarter(2026, 1)?);
    /// assert_eq!(Period::iso_week(2025, 52)?.next()?, Period::iso_week(2026, 1)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// House rule.
    pub fn next(self) -> Result<Self, CalendarError> {
        if self.end == limits::END_DATE {
            return Err(CalendarError::DateOutOfRange {
                date: self.end,
                first: limits::FIRST_DATE,
                last: limits::LAST_DATE,
            });
        }
        let end = match self.whole_calendar_months() {
            Some(months) => dates::first_of_shifted_month(self.end, i64::from(months))?,
            None => shift(self.end, i64::from(self.days()))?,
        };
        Self::new(self.end, end)
    }

    /// 上期: the period of the same length that precedes without a gap; length as in [`Period::next`].
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] before the supported range.
    ///
    /// # Source
    /// House rule.
    pub fn previous(self) -> Result<Self, CalendarError> {
        let start = match self.whole_calendar_months() {
            Some(months) => dates::first_of_shifted_month(self.start, i64::from(months).saturating_neg())?,
            None => shift(self.start, i64::from(self.days()).saturating_neg())?,
        };
        Self::new(start, self.start)
    }

    /// The period of length `grain` that contains the first day after this period.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] past the supported range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Grain, Period};
    /// let third = Period::ten_day(2025, 2, 3)?;
    /// assert_eq!(third.next_of(Grain::TenDay)?, Period::ten_day(2025, 3, 1)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    pub fn next_of(self, grain: Grain) -> Result<Self, CalendarError> {
        Self::containing(grain, self.end)
    }

    /// The period of length `grain` that contains the last day before this period.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] before the supported range.
    pub fn previous_of(self, grain: Grain) -> Result<Self, CalendarError> {
        Self::containing(grain, dates::add_days(self.start, -1)?)
    }
}

fn numbered(kind: &'static str, year: i32, number: u32, max: u32) -> Result<(), CalendarError> {
    if (1..=max).contains(&number) {
        Ok(())
    } else {
        Err(CalendarError::NoSuchPeriod { kind, year, number, max })
    }
}

/// `bound` moved by `days`; the result may be the exclusive end of the supported range.
fn shift(bound: NaiveDate, days: i64) -> Result<NaiveDate, CalendarError> {
    let last = bound.pred_opt().unwrap_or(bound);
    let moved = if last < limits::FIRST_DATE {
        dates::add_days(bound, days)?
    } else {
        dates::add_days(last, days)?.succ_opt().unwrap_or(bound)
    };
    Ok(moved)
}

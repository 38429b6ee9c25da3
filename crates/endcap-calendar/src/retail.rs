//! Retail calendars: years of 52 or 53 whole weeks, quarters of 4-4-5, 4-5-4 or 5-4-4 weeks.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::{CalendarError, Period, dates};

/// 周次分配: weeks in the three months of a retail quarter.
///
/// # Source
/// Retail practice; the National Retail Federation publishes a 4-5-4 calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum RetailPattern {
    /// 4, 4 and 5 weeks.
    #[cfg_attr(feature = "serde", serde(rename = "4-4-5"))]
    FourFourFive,
    /// 4, 5 and 4 weeks.
    #[cfg_attr(feature = "serde", serde(rename = "4-5-4"))]
    FourFiveFour,
    /// 5, 4 and 4 weeks.
    #[cfg_attr(feature = "serde", serde(rename = "5-4-4"))]
    FiveFourFour,
}

impl RetailPattern {
    fn weeks(self, month_of_quarter: u32) -> u32 {
        let long = match self {
            Self::FourFourFive => 2,
            Self::FourFiveFour => 1,
            Self::FiveFourFour => 0,
        };
        if month_of_quarter == long { 5 } else { 4 }
    }
}

/// 零售年起点规则: which day opens retail year `y`; month and day lie in calendar year `y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum YearStart {
    /// The given weekday nearest to the date, at most three days away.
    Nearest {
        /// Weekday the year opens on.
        weekday: Weekday,
        /// Month, 1 to 12.
        month: u32,
        /// Day, 1 to 28.
        day: u32,
    },
    /// The first given weekday on or after the date.
    OnOrAfter {
        /// Weekday the year opens on.
        weekday: Weekday,
        /// Month, 1 to 12.
        month: u32,
        /// Day, 1 to 28.
        day: u32,
    },
}

/// 零售日历: retail years by rule.
///
/// # Examples
/// ```
/// use endcap_calendar::{RetailCalendar, dates};
/// let nrf = RetailCalendar::nrf();
/// let year = nrf.year(2023)?; // a year of 53 weeks
/// assert_eq!((year.weeks(), year.period().to_string()), (53, "2023-01-29..2024-02-04".into()));
/// assert_eq!(year.month(12)?.days(), 35); // the 53rd week lengthens the last month
/// assert_eq!(nrf.year_containing(dates::ymd(2024, 2, 3)?)?.number(), 2023);
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// National Retail Federation, 4-5-4 calendar (its year ends on the Saturday nearest to 31 January).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RetailCalendar {
    /// Weeks of the months of a quarter.
    pub pattern: RetailPattern,
    /// Opening day of each year.
    pub start: YearStart,
}

impl RetailCalendar {
    /// The 4-5-4 calendar whose year opens on the Sunday nearest to 1 February.
    #[must_use]
    pub fn nrf() -> Self {
        Self {
            pattern: RetailPattern::FourFiveFour,
            start: YearStart::Nearest { weekday: Weekday::Sun, month: 2, day: 1 },
        }
    }

    /// Retail year `number`.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when the rule names a month outside 1–12 or a day outside 1–28.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn year(self, number: i32) -> Result<RetailYear, CalendarError> {
        let start = self.opening(number)?;
        let end = self.opening(number.saturating_add(1))?;
        let weeks = u32::try_from(dates::days_between(start, end).div_euclid(7)).unwrap_or(0);
        RetailYear::stated(number, start, weeks, self.pattern)
    }

    /// The retail year that contains `date`.
    ///
    /// # Errors
    /// As [`RetailCalendar::year`].
    pub fn year_containing(self, date: NaiveDate) -> Result<RetailYear, CalendarError> {
        dates::check(date)?;
        // Openings move by up to a week around their stated date, so year `y` may open in January of the
        // next calendar year or in December of the one before.
        let after = date.year().saturating_add(1);
        if self.opening(after).is_ok_and(|opening| opening <= date) {
            return self.year(after);
        }
        let mut number = date.year();
        while self.opening(number)? > date {
            number = number.saturating_sub(1);
        }
        self.year(number)
    }

    fn opening(self, number: i32) -> Result<NaiveDate, CalendarError> {
        let (weekday, month, day, back) = match self.start {
            YearStart::Nearest { weekday, month, day } => (weekday, month, day, -3),
            YearStart::OnOrAfter { weekday, month, day } => (weekday, month, day, 0),
        };
        if !(1..=12).contains(&month) {
            return Err(CalendarError::NoSuchPeriod { kind: "month", year: number, number: month, max: 12 });
        }
        if !(1..=28).contains(&day) {
            return Err(CalendarError::NoSuchPeriod {
                kind: "opening day",
                year: number,
                number: day,
                max: 28,
            });
        }
        let earliest = dates::add_days(dates::ymd(number, month, day)?, back)?;
        dates::add_days(earliest, i64::from(weekday.days_since(earliest.weekday())))
    }
}

/// 零售年: one year of 52 or 53 whole weeks, twelve months and four quarters.
///
/// In a year of 53 weeks the extra week belongs to the last month.
///
/// # Examples
/// ```
/// use endcap_calendar::{RetailPattern, RetailYear, dates};
/// let year = RetailYear::stated(2025, dates::ymd(2024, 12, 30)?, 52, RetailPattern::FourFourFive)?;
/// assert_eq!(year.month(1)?.to_string(), "2024-12-30..2025-01-27");
/// assert_eq!(year.quarter(1)?.days(), 91);
/// assert_eq!(year.month_of(dates::ymd(2025, 3, 1)?), Some(3));
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// As [`RetailCalendar`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetailYear {
    number: i32,
    period: Period,
    weeks: u32,
    pattern: RetailPattern,
}

impl RetailYear {
    /// A year with a stated first day and number of weeks.
    ///
    /// # Errors
    /// - [`CalendarError::RetailWeeks`] when `weeks` is neither 52 nor 53.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn stated(
        number: i32,
        start: NaiveDate,
        weeks: u32,
        pattern: RetailPattern,
    ) -> Result<Self, CalendarError> {
        if weeks != 52 && weeks != 53 {
            return Err(CalendarError::RetailWeeks { weeks });
        }
        let last = dates::add_days(start, i64::from(weeks).saturating_mul(7).saturating_sub(1))?;
        Ok(Self { number, period: Period::closed(start, last)?, weeks, pattern })
    }

    /// The number of the year.
    #[must_use]
    pub fn number(self) -> i32 {
        self.number
    }

    /// The days of the year.
    #[must_use]
    pub fn period(self) -> Period {
        self.period
    }

    /// Number of weeks, 52 or 53.
    #[must_use]
    pub fn weeks(self) -> u32 {
        self.weeks
    }

    /// Week `number`, 1 to 52 or 53.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when the year has no such week.
    pub fn week(self, number: u32) -> Result<Period, CalendarError> {
        self.weeks_from("retail week", number, self.weeks, number.saturating_sub(1), 1)
    }

    /// Month `number`, 1 to 12.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `number` is outside 1–12.
    pub fn month(self, number: u32) -> Result<Period, CalendarError> {
        let before = self.weeks_before_month(number.saturating_sub(1));
        let after = self.weeks_before_month(number);
        self.weeks_from("retail month", number, 12, before, after.saturating_sub(before))
    }

    /// Quarter `number`, 1 to 4.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchPeriod`] when `number` is outside 1–4.
    pub fn quarter(self, number: u32) -> Result<Period, CalendarError> {
        let after = self.weeks_before_month(number.saturating_mul(3));
        let before = self.weeks_before_month(number.saturating_sub(1).saturating_mul(3));
        self.weeks_from("retail quarter", number, 4, before, after.saturating_sub(before))
    }

    /// Number of the week that contains `date`; `None` outside the year.
    #[must_use]
    pub fn week_of(self, date: NaiveDate) -> Option<u32> {
        let index = self.period.index_of(date)?.checked_div(7)?;
        u32::try_from(index).ok()?.checked_add(1)
    }

    /// Number of the month that contains `date`; `None` outside the year.
    #[must_use]
    pub fn month_of(self, date: NaiveDate) -> Option<u32> {
        let week = self.week_of(date)?;
        (1..=12).find(|month| week <= self.weeks_before_month(*month))
    }

    /// Weeks in the first `months` months, for 0 to 12.
    fn weeks_before_month(self, months: u32) -> u32 {
        let regular = (0..months.min(12)).map(|month| self.pattern.weeks(month.checked_rem(3).unwrap_or(0)));
        let weeks = regular.fold(0_u32, u32::saturating_add);
        if months >= 12 { self.weeks } else { weeks }
    }

    fn weeks_from(
        self,
        kind: &'static str,
        number: u32,
        max: u32,
        skip: u32,
        count: u32,
    ) -> Result<Period, CalendarError> {
        if !(1..=max).contains(&number) {
            return Err(CalendarError::NoSuchPeriod { kind, year: self.number, number, max });
        }
        let start = dates::add_days(self.period.start(), i64::from(skip).saturating_mul(7))?;
        let last = dates::add_days(start, i64::from(count).saturating_mul(7).saturating_sub(1))?;
        Period::closed(start, last)
    }
}

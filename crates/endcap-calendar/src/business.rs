//! Business days from a caller's holidays and make-up working days.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::{CalendarError, Period, dates, limits};

/// 节假日顺延: what to do with a date that is no business day.
///
/// # Source
/// ISDA 2006 Definitions, section 4.12 (business day conventions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Convention {
    /// 顺延: the first business day on or after.
    Following,
    /// 提前: the last business day on or before.
    Preceding,
    /// Following, unless that leaves the month: then preceding.
    ModifiedFollowing,
}

impl Convention {
    /// The word of the pipeline language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Following => "following",
            Self::Preceding => "preceding",
            Self::ModifiedFollowing => "modified_following",
        }
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// 工作日历: weekend days, holidays, and make-up working days (调休), all stated by the caller.
///
/// A day is a business day when it is a make-up working day, or when it is neither a weekend day
/// nor a holiday. No holidays are built in: they are announced year by year.
///
/// # Examples
/// ```
/// use chrono::Weekday;
/// use endcap_calendar::{BusinessCalendar, Convention, Period, dates};
/// let china = BusinessCalendar::weekends()
///     .with_holiday_period("2025-10-01..=2025-10-08".parse()?)
///     .with_workdays([dates::ymd(2025, 9, 28)?, dates::ymd(2025, 10, 11)?]);
/// let due = dates::ymd(2025, 10, 2)?;
/// assert_eq!(china.adjust(due, Convention::Following)?, dates::ymd(2025, 10, 9)?);
/// assert!(china.is_business_day(dates::ymd(2025, 9, 28)?)?); // a Sunday that is worked
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule; make-up working days as in the yearly holiday notice of the State Council of China.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Stated", into = "Stated")
)]
pub struct BusinessCalendar {
    /// `weekend[i]`: whether ISO weekday `i + 1` is a weekend day.
    weekend: [Day; 7],
    holidays: BTreeSet<NaiveDate>,
    workdays: BTreeSet<NaiveDate>,
    known: Known,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Day {
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Known {
    Always,
    Within(Period),
}

impl Default for BusinessCalendar {
    /// [`BusinessCalendar::weekends`].
    fn default() -> Self {
        Self::weekends()
    }
}

impl BusinessCalendar {
    /// Closed on the given weekdays and on nothing else.
    #[must_use]
    pub fn closed_on(weekend: impl IntoIterator<Item = Weekday>) -> Self {
        let mut days = [Day::Open; 7];
        for weekday in weekend {
            if let Some(day) = days.get_mut(weekday_index(weekday)) {
                *day = Day::Closed;
            }
        }
        Self { weekend: days, holidays: BTreeSet::new(), workdays: BTreeSet::new(), known: Known::Always }
    }

    /// 双休: closed on Saturdays and Sundays.
    #[must_use]
    pub fn weekends() -> Self {
        Self::closed_on([Weekday::Sat, Weekday::Sun])
    }

    /// 自然日: open every day.
    #[must_use]
    pub fn every_day() -> Self {
        Self::closed_on([])
    }

    /// Adds holidays.
    #[must_use]
    pub fn with_holidays(mut self, holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.holidays.extend(holidays);
        self
    }

    /// Adds every day of a period as a holiday.
    #[must_use]
    pub fn with_holiday_period(self, period: Period) -> Self {
        self.with_holidays(period.dates())
    }

    /// 调休: adds make-up working days, which win over weekend and holidays.
    #[must_use]
    pub fn with_workdays(mut self, workdays: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.workdays.extend(workdays);
        self
    }

    /// States the days for which the holidays are known; any question about another day is then an error.
    ///
    /// Without it every day is taken as known, and a day beyond the last announced holidays counts
    /// as an ordinary weekday.
    #[must_use]
    pub fn known_within(mut self, period: Period) -> Self {
        self.known = Known::Within(period);
        self
    }

    /// Whether `date` is a business day.
    ///
    /// # Errors
    /// - [`CalendarError::CalendarNotKnown`] outside the stated days.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn is_business_day(&self, date: NaiveDate) -> Result<bool, CalendarError> {
        dates::check(date)?;
        if let Known::Within(known) = self.known
            && !known.contains(date)
        {
            return Err(CalendarError::CalendarNotKnown { date, known });
        }
        if self.workdays.contains(&date) {
            return Ok(true);
        }
        let closed = self.weekend.get(weekday_index(date.weekday())) == Some(&Day::Closed);
        Ok(!closed && !self.holidays.contains(&date))
    }

    /// First business day on or after `date`.
    ///
    /// # Errors
    /// - [`CalendarError::NoBusinessDay`] after [`limits::MAX_BUSINESS_GAP_DAYS`] closed days.
    /// - As [`BusinessCalendar::is_business_day`].
    pub fn on_or_after(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        self.search(date, 1)
    }

    /// Last business day on or before `date`.
    ///
    /// # Errors
    /// As [`BusinessCalendar::on_or_after`].
    pub fn on_or_before(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        self.search(date, -1)
    }

    /// `date`, or the business day that `convention` puts in its place.
    ///
    /// # Errors
    /// As [`BusinessCalendar::on_or_after`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{BusinessCalendar, Convention, dates};
    /// let sunday = dates::ymd(2026, 5, 31)?;
    /// let adjusted = BusinessCalendar::weekends().adjust(sunday, Convention::ModifiedFollowing)?;
    /// assert_eq!(adjusted, dates::ymd(2026, 5, 29)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// ISDA 2006 Definitions, section 4.12.
    pub fn adjust(&self, date: NaiveDate, convention: Convention) -> Result<NaiveDate, CalendarError> {
        match convention {
            Convention::Following => self.on_or_after(date),
            Convention::Preceding => self.on_or_before(date),
            Convention::ModifiedFollowing => {
                let later = self.on_or_after(date)?;
                if dates::month_index(later) == dates::month_index(date) {
                    Ok(later)
                } else {
                    self.on_or_before(date)
                }
            }
        }
    }

    /// 工作日推移: the `days`-th business day after `date` (before it when negative).
    ///
    /// Counting starts on the next day, whether or not `date` is a business day; 0 gives the first
    /// business day on or after `date`.
    ///
    /// # Errors
    /// - [`CalendarError::TooManyBusinessDays`] above [`limits::MAX_BUSINESS_DAYS`].
    /// - As [`BusinessCalendar::on_or_after`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{BusinessCalendar, dates};
    /// let friday = dates::ymd(2026, 4, 10)?;
    /// assert_eq!(BusinessCalendar::weekends().add_business_days(friday, 5)?, dates::ymd(2026, 4, 17)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// House rule: the day of the event is not counted.
    pub fn add_business_days(&self, date: NaiveDate, days: i64) -> Result<NaiveDate, CalendarError> {
        if days.unsigned_abs() > u64::from(limits::MAX_BUSINESS_DAYS) {
            return Err(CalendarError::TooManyBusinessDays { days, limit: limits::MAX_BUSINESS_DAYS });
        }
        if days == 0 {
            return self.on_or_after(date);
        }
        let mut current = date;
        for _ in 0..days.unsigned_abs() {
            current = self.search(dates::add_days(current, days.signum())?, days.signum())?;
        }
        Ok(current)
    }

    /// Number of business days in `period`.
    ///
    /// # Errors
    /// As [`BusinessCalendar::is_business_day`].
    pub fn business_days_in(&self, period: Period) -> Result<u32, CalendarError> {
        let mut count: u32 = 0;
        for date in period.dates() {
            count = count.saturating_add(u32::from(self.is_business_day(date)?));
        }
        Ok(count)
    }

    /// Walks from `from` in steps of `step` (1 or -1) days to a business day.
    fn search(&self, from: NaiveDate, step: i64) -> Result<NaiveDate, CalendarError> {
        let mut date = from;
        for _ in 0..=limits::MAX_BUSINESS_GAP_DAYS {
            if self.is_business_day(date)? {
                return Ok(date);
            }
            date = dates::add_days(date, step)?;
        }
        let direction = if step < 0 { "on or before" } else { "on or after" };
        Err(CalendarError::NoBusinessDay { from, direction, limit: limits::MAX_BUSINESS_GAP_DAYS })
    }
}

/// Position of a weekday from Monday = 0.
fn weekday_index(weekday: Weekday) -> usize {
    match weekday {
        Weekday::Mon => 0,
        Weekday::Tue => 1,
        Weekday::Wed => 2,
        Weekday::Thu => 3,
        Weekday::Fri => 4,
        Weekday::Sat => 5,
        Weekday::Sun => 6,
    }
}

/// The written form of a calendar.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    /// ISO weekdays, 1 = Monday.
    weekend: Vec<u8>,
    #[serde(default)]
    holidays: Vec<NaiveDate>,
    #[serde(default)]
    workdays: Vec<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known: Option<Period>,
}

#[cfg(feature = "serde")]
impl TryFrom<Stated> for BusinessCalendar {
    type Error = CalendarError;

    fn try_from(stated: Stated) -> Result<Self, CalendarError> {
        let mut weekend = Vec::new();
        for number in stated.weekend {
            let weekday = number.checked_sub(1).and_then(|index| Weekday::try_from(index).ok());
            weekend.push(weekday.ok_or(CalendarError::UnknownWord {
                text: number.to_string(),
                expected: "an ISO weekday, 1 to 7",
            })?);
        }
        for date in stated.holidays.iter().chain(&stated.workdays) {
            dates::check(*date)?;
        }
        let calendar = Self::closed_on(weekend).with_holidays(stated.holidays).with_workdays(stated.workdays);
        Ok(match stated.known {
            Some(period) => calendar.known_within(period),
            None => calendar,
        })
    }
}

#[cfg(feature = "serde")]
impl From<BusinessCalendar> for Stated {
    fn from(calendar: BusinessCalendar) -> Self {
        let closed = (1_u8..).zip(calendar.weekend).filter(|(_, day)| *day == Day::Closed);
        Self {
            weekend: closed.map(|(number, _)| number).collect(),
            holidays: calendar.holidays.into_iter().collect(),
            workdays: calendar.workdays.into_iter().collect(),
            known: match calendar.known {
                Known::Always => None,
                Known::Within(period) => Some(period),
            },
        }
    }
}

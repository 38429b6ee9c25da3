//! Day counts: the exact fraction of a year between two dates.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use endcap_types::Exact;

use crate::{CalendarError, Grain, Period, dates};

/// 计息基准: how the days between two dates become a fraction of a year.
///
/// Intervals are half-open, `from` included and `to` excluded; counting from the day after the due
/// date to the payment day inclusive gives the same number. All four are additive:
/// fraction(a, c) = fraction(a, b) + fraction(b, c).
///
/// # Examples
/// ```
/// use endcap_calendar::{DayCount, dates};
/// let (due, paid) = (dates::ymd(2025, 1, 31)?, dates::ymd(2025, 3, 31)?);
/// assert_eq!(DayCount::Act365F.days(due, paid)?, 59);
/// assert_eq!(DayCount::Thirty360E.days(due, paid)?, 60);
/// assert_eq!(DayCount::Act360.fraction(due, paid)?.to_string(), "59/360");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// ISDA 2006 Definitions, section 4.16 (b), (d), (e), (g).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
#[non_exhaustive]
pub enum DayCount {
    /// Actual days over 365.
    Act365F,
    /// Actual days over 360.
    Act360,
    /// Actual days in leap years over 366 plus actual days in other years over 365.
    ActActIsda,
    /// f(to) − f(from) over 360, where f = 360 × year + 30 × month + min(day, 30).
    Thirty360E,
}

impl DayCount {
    /// Every day count.
    pub const ALL: [Self; 4] = [Self::Act365F, Self::Act360, Self::ActActIsda, Self::Thirty360E];

    /// 天数: the days from `from` to `to` under this convention.
    ///
    /// # Errors
    /// - [`CalendarError::IntervalReversed`] when `to` is before `from`.
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn days(self, from: NaiveDate, to: NaiveDate) -> Result<i64, CalendarError> {
        dates::check(from)?;
        dates::check(to)?;
        if to < from {
            return Err(CalendarError::IntervalReversed { from, to });
        }
        Ok(match self {
            Self::Thirty360E => thirty_e(to).saturating_sub(thirty_e(from)),
            Self::Act365F | Self::Act360 | Self::ActActIsda => dates::days_between(from, to),
        })
    }

    /// 年分数: the exact fraction of a year from `from` to `to`.
    ///
    /// # Errors
    /// As [`DayCount::days`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{DayCount, dates};
    /// let fraction = DayCount::ActActIsda.fraction(dates::ymd(2003, 11, 1)?, dates::ymd(2004, 5, 1)?)?;
    /// // 61 days of 2003 over 365 plus 121 days of 2004 over 366
    /// assert_eq!(fraction.numerator(), 61 * 366 + 121 * 365);
    /// assert_eq!(fraction.denominator(), 365 * 366);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// ISDA 2006 Definitions, section 4.16; the example period is the one in ISDA's 1998 memorandum on actual/actual.
    pub fn fraction(self, from: NaiveDate, to: NaiveDate) -> Result<YearFraction, CalendarError> {
        let days = self.days(from, to)?;
        Ok(match self {
            Self::Act365F => YearFraction { numerator: days, denominator: 365 },
            Self::Act360 | Self::Thirty360E => YearFraction { numerator: days, denominator: 360 },
            Self::ActActIsda => {
                let leap = leap_days(from, to);
                let common = days.saturating_sub(leap);
                let numerator = leap.saturating_mul(365).saturating_add(common.saturating_mul(366));
                YearFraction { numerator, denominator: 133_590 }
            }
        })
    }

    /// The written name, as in contracts: `act/365f`, `act/360`, `act/act`, `30e/360`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Act365F => "act/365f",
            Self::Act360 => "act/360",
            Self::ActActIsda => "act/act",
            Self::Thirty360E => "30e/360",
        }
    }
}

impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for DayCount {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let known = Self::ALL.into_iter().find(|day_count| day_count.word() == text);
        known.ok_or_else(|| CalendarError::UnknownWord {
            text: text.chars().take(40).collect(),
            expected: "a day count: act/365f, act/360, act/act or 30e/360",
        })
    }
}

impl TryFrom<String> for DayCount {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<DayCount> for String {
    fn from(day_count: DayCount) -> Self {
        day_count.to_string()
    }
}

/// 年分数: an exact fraction of a year, not reduced, so that the days stay readable.
///
/// Two fractions are equal here when they are written alike; compare values through [`YearFraction::exact`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct YearFraction {
    numerator: i64,
    denominator: i64,
}

impl YearFraction {
    /// The numerator, never negative.
    #[must_use]
    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator: 365, 360 or 365 × 366.
    #[must_use]
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// The value, for interest = principal × rate × fraction.
    ///
    /// # Errors
    /// - [`CalendarError::Types`] never for a fraction made here.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{DayCount, dates};
    /// use endcap_types::{Currency, Money, Rate, Rounding};
    /// let fraction = DayCount::Act365F.fraction(dates::ymd(2025, 4, 1)?, dates::ymd(2025, 5, 1)?)?;
    /// let principal = Money::parse("100000.00", Currency::CNY)?;
    /// let interest = principal.exact().times_rate(&"4.5%".parse::<Rate>()?)?.times(&fraction.exact()?)?;
    /// assert_eq!(interest.round(&Rounding::HALF_AWAY)?.to_amount_string(), "369.86");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exact(self) -> Result<Exact, CalendarError> {
        Ok(Exact::ratio(i128::from(self.numerator), i128::from(self.denominator))?)
    }
}

impl fmt::Display for YearFraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// 360 × year + 30 × month + min(day, 30).
fn thirty_e(date: NaiveDate) -> i64 {
    let months = dates::month_index(date);
    months.saturating_mul(30).saturating_add(i64::from(date.day().min(30)))
}

/// Days of `[from, to)` that lie in leap years.
fn leap_days(from: NaiveDate, to: NaiveDate) -> i64 {
    let Ok(period) = Period::new(from, to) else { return 0 };
    let in_leap = period.split(Grain::Year).filter(|piece| piece.start().leap_year());
    in_leap.fold(0_i64, |sum, piece| sum.saturating_add(i64::from(piece.days())))
}

//! One step of a payment term: what it is and what it is called.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};

use crate::{Convention, Grain};

/// 日: a day of the month as terms name it; a day beyond the month's length means its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MonthDay {
    /// Day 1 to 31, clamped to the month's length.
    Day(u32),
    /// 月末: the last day.
    End,
}

impl MonthDay {
    /// The number that clamping reads: 31 for the end.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Day(day) => day,
            Self::End => 31,
        }
    }
}

/// 截止边界: on which side of a cut-off day the day itself falls.
///
/// There is no default: both readings are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CutoffBoundary {
    /// 截止日含当日: the cut-off day still belongs to its month; later days move to the next.
    After,
    /// 截止日不含当日: the cut-off day and later days move to the next month.
    OnOrAfter,
}

/// 日段: a row of a day-range table.
///
/// A date whose day lies in `first..=last` is paid `months` months later on `pay_day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DayRange {
    /// First day of the month in the row, 1 to 31.
    pub first: u32,
    /// Last day of the month in the row, included.
    pub last: u32,
    /// Months added.
    pub months: u32,
    /// Day paid on, clamped.
    pub pay_day: MonthDay,
}

/// 账期步骤: one step of a payment term, from a date to a date.
///
/// | step | text | meaning |
/// |---|---|---|
/// | `Cutoff` | `cutoff(25,after)`, `cutoff(eom,on_or_after)` | first day of this or the next month, by the cut-off day |
/// | `EndOf` | `week_end` `ten_day_end` `half_month_end` `eom` `quarter_end` `half_year_end` `year_end` | last day of the period that contains the date |
/// | `TwoWeekEnd` | `two_week_end(2026-01-04)` | last day of the two-week period; the grid is set by one such last day |
/// | `Months` | `months(1)` | add months, clamp the day |
/// | `MonthsSticky` | `months_sticky(1)` | add months, a month end stays a month end |
/// | `Days`, `Weeks` | `days(30)`, `weeks(2)` | add calendar days |
/// | `BusinessDays` | `business_days(5)` | the 5th business day after; 0 = the first on or after |
/// | `Day` | `dom(20)`, `dom(eom)` | that day of this month |
/// | `NextMonthDay` | `next_month_dom(10)` | that day of the next month |
/// | `NextDay` | `next_dom(10,25)` | first date on or after with one of these days |
/// | `NextWeekday` | `next_weekday(4)` | first date on or after with that ISO weekday |
/// | `Ranges` | `ranges(1-15:1:10\|16-31:1:eom)` | day range : months later : pay day |
/// | `HolidayMap` | `holiday_map(2025-10-01>2025-10-09)` | that date becomes the later one |
/// | `Business` | `business(following)` | move off closed days |
///
/// # Source
/// The union of the steps documented by Oracle, SAP Business One, Infor, Zuora, Odoo, the Odoo
/// community and ERPNext; decisions at the edges are house rules stated at each variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
#[non_exhaustive]
pub enum Step {
    /// 截止日: first day of the base month. A cut-off beyond the month's length means its last day.
    Cutoff {
        /// The cut-off day.
        day: MonthDay,
        /// Side on which the cut-off day falls.
        boundary: CutoffBoundary,
    },
    /// 期末: last day of the period of this grain.
    EndOf(Grain),
    /// 双周末: last day of the two-week period.
    TwoWeekEnd {
        /// One last day of a two-week period; the others lie 14 days apart.
        anchor: NaiveDate,
    },
    /// 加月: months with clamped day.
    Months(u32),
    /// 加月(月末保持): months; a month end stays a month end.
    MonthsSticky(u32),
    /// 加天: calendar days.
    Days(u32),
    /// 加周: weeks of seven days.
    Weeks(u32),
    /// 加工作日: business days; the starting day is not counted.
    BusinessDays(u32),
    /// 当月日: day of this month, clamped; may go back.
    Day(MonthDay),
    /// 次月日: day of the next month, clamped.
    NextMonthDay(MonthDay),
    /// 固定付款日: first date on or after whose day is one of these, each clamped.
    NextDay(BTreeSet<MonthDay>),
    /// 固定付款周几: first date on or after with this weekday.
    NextWeekday(Weekday),
    /// 日段表: rows that cover days 1 to 31 without overlap.
    Ranges(Vec<DayRange>),
    /// 假日对照: explicit dates and the later dates that replace them.
    HolidayMap(Vec<(NaiveDate, NaiveDate)>),
    /// 节假日顺延: move off closed days.
    Business(Convention),
}

impl Step {
    /// 固定付款日: the first date on or after with one of the given days (1 to 31).
    #[must_use]
    pub fn next_day(days: impl IntoIterator<Item = u32>) -> Self {
        Self::NextDay(days.into_iter().map(MonthDay::Day).collect())
    }

    /// Whether the step never gives a date before its input, whatever the input and the calendar.
    ///
    /// False for `Cutoff`, `Day`, `Business` other than following, and day ranges with a row that
    /// can point back.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        match self {
            Self::Cutoff { .. } | Self::Day(_) => false,
            Self::Business(convention) => *convention == Convention::Following,
            Self::Ranges(rows) => rows.iter().all(|row| row.months > 0 || row.pay_day.number() >= row.last),
            _ => true,
        }
    }

    /// Whether a later input never gives an earlier date; false only for hand-written tables.
    #[must_use]
    pub fn is_monotone(&self) -> bool {
        !matches!(self, Self::Ranges(_) | Self::HolidayMap(_))
    }
}

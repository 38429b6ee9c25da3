//! [`Pipeline`]: checked steps, applied left to right, each explained.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::problem::{self, Place};
use crate::{
    BusinessCalendar, CalendarError, Convention, CutoffBoundary, DayRange, MonthDay, Period, Step, dates,
};

/// 账期规则: named steps from one date to another, in the order in which they are written.
///
/// The order is part of the term: 45 days then month end is not month end then 45 days.
///
/// # Examples
/// ```
/// use endcap_calendar::{BusinessCalendar, Grain, Pipeline, Step, dates};
/// let calendar = BusinessCalendar::weekends();
/// let invoice = dates::ymd(2026, 1, 20)?;
/// let days_first: Pipeline = "days(45);eom".parse()?;
/// let month_first = Pipeline::new([Step::EndOf(Grain::Month), Step::Days(45)])?;
/// assert_eq!(days_first.date(invoice, &calendar)?, dates::ymd(2026, 3, 31)?);
/// assert_eq!(month_first.date(invoice, &calendar)?, dates::ymd(2026, 3, 17)?);
/// assert_eq!(month_first.to_string(), "eom;days(45)");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule; see [`Step`] for what each step is taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct Pipeline {
    steps: Vec<Step>,
}

impl Pipeline {
    /// Checks the steps and puts tables in order of their days; no steps = the date itself.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] with every problem of every step.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{CalendarError, MonthDay, Pipeline, Step};
    /// let refused = Pipeline::new([Step::Day(MonthDay::Day(40)), Step::next_day([])]);
    /// let Err(CalendarError::InvalidTerms { problems }) = refused else { panic!() };
    /// assert_eq!(problems.len(), 2);
    /// assert_eq!(problems[0].to_string(), "step 1: day 40 is outside 1 to 31");
    /// ```
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Result<Self, CalendarError> {
        let steps: Vec<Step> = steps.into_iter().collect();
        let problems = problem::of_steps(&steps, Place::Whole, Place::Step);
        if problems.is_empty() {
            Ok(Self::assume_checked(steps))
        } else {
            Err(CalendarError::InvalidTerms { problems })
        }
    }

    /// Takes steps that [`problem::of_steps`] found right.
    pub(crate) fn assume_checked(mut steps: Vec<Step>) -> Self {
        for step in &mut steps {
            match step {
                Step::Ranges(rows) => rows.sort_unstable(),
                Step::HolidayMap(entries) => entries.sort_unstable(),
                _ => {}
            }
        }
        Self { steps }
    }

    /// The steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether the result is never before the base date; see [`Step::is_forward`].
    #[must_use]
    pub fn is_forward(&self) -> bool {
        self.steps.iter().all(Step::is_forward)
    }

    /// Whether a later base date never gives an earlier result; see [`Step::is_monotone`].
    #[must_use]
    pub fn is_monotone(&self) -> bool {
        self.steps.iter().all(Step::is_monotone)
    }

    /// The date the steps lead to from `base`.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] when `base` or an intermediate date leaves the supported range.
    /// - [`CalendarError::NoBusinessDay`], [`CalendarError::CalendarNotKnown`] from business-day steps.
    pub fn date(&self, base: NaiveDate, calendar: &BusinessCalendar) -> Result<NaiveDate, CalendarError> {
        let mut date = dates::check(base)?;
        for step in &self.steps {
            date = apply(step, date, calendar)?.0;
        }
        Ok(date)
    }

    /// As [`Pipeline::date`], with what each step did and why.
    ///
    /// # Errors
    /// As [`Pipeline::date`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{BusinessCalendar, Pipeline, dates};
    /// let terms: Pipeline = "months(1);dom(30)".parse()?;
    /// let (due, trace) = terms.explain(dates::ymd(2023, 1, 1)?, &BusinessCalendar::weekends())?;
    /// assert_eq!(due, dates::ymd(2023, 2, 28)?);
    /// assert_eq!(trace[1].to_string(), "dom(30): 2023-02-01 -> 2023-02-28 (the month has only 28 days)");
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    pub fn explain(
        &self,
        base: NaiveDate,
        calendar: &BusinessCalendar,
    ) -> Result<(NaiveDate, Vec<AppliedStep>), CalendarError> {
        let mut date = dates::check(base)?;
        let mut trace = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let (to, reason) = apply(step, date, calendar)?;
            trace.push(AppliedStep { step: step.clone(), from: date, to, reason });
            date = to;
        }
        Ok((date, trace))
    }
}

/// 步骤说明: one step of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AppliedStep {
    /// The step.
    pub step: Step,
    /// Date it was given.
    pub from: NaiveDate,
    /// Date it gave.
    pub to: NaiveDate,
    /// Why.
    pub reason: Reason,
}

impl fmt::Display for AppliedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> {} ({})", self.step, self.from, self.to, self.reason)
    }
}

/// 理由: why a step gave its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Reason {
    /// The date is not past the cut-off of this day: the month stays.
    WithinCutoff(u32),
    /// The date is past the cut-off of this day: the next month counts.
    PastCutoff(u32),
    /// Last day of this period.
    LastDayOf(Period),
    /// Plain addition.
    Added,
    /// The wanted day does not exist in a month of this many days.
    ClampedTo(u32),
    /// A month end stayed a month end.
    MonthEndKept,
    /// The day of the month was set.
    DaySet,
    /// The date already answered.
    AlreadyThere,
    /// The first date that answers, this many days on.
    FirstMatch(i64),
    /// The row of days from the first to the second number applied.
    Row(u32, u32),
    /// The date is in the holiday map.
    Mapped,
    /// The date is not in the holiday map.
    NotMapped,
    /// Moved over this many calendar days to a business day; negative = back.
    MovedOffClosedDay(i64),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WithinCutoff(day) => write!(f, "within the cut-off on day {day}"),
            Self::PastCutoff(day) => write!(f, "past the cut-off on day {day}"),
            Self::LastDayOf(period) => write!(f, "last day of {period}"),
            Self::Added => f.write_str("added"),
            Self::ClampedTo(days) => write!(f, "the month has only {days} days"),
            Self::MonthEndKept => f.write_str("a month end stays a month end"),
            Self::DaySet => f.write_str("day set"),
            Self::AlreadyThere => f.write_str("already there"),
            Self::FirstMatch(days) => write!(f, "first match, {days} days on"),
            Self::Row(first, last) => write!(f, "row for days {first}-{last}"),
            Self::Mapped => f.write_str("in the holiday map"),
            Self::NotMapped => f.write_str("not in the holiday map"),
            Self::MovedOffClosedDay(days) if *days < 0 => {
                write!(f, "closed day, {} days back", days.unsigned_abs())
            }
            Self::MovedOffClosedDay(days) => write!(f, "closed day, {days} days on"),
        }
    }
}

type Applied = Result<(NaiveDate, Reason), CalendarError>;

/// One step. `date` is within the supported range, and so is the result.
fn apply(step: &Step, date: NaiveDate, calendar: &BusinessCalendar) -> Applied {
    match step {
        Step::Cutoff { day, boundary } => cutoff(date, *day, *boundary),
        Step::EndOf(grain) => {
            let period = Period::containing(*grain, date)?;
            // A week at the very end of the supported range may lead out of it.
            Ok((dates::check(period.last_day())?, Reason::LastDayOf(period)))
        }
        Step::TwoWeekEnd { anchor } => two_week_end(date, *anchor),
        Step::Months(months) => {
            let moved = dates::add_months(date, i64::from(*months))?;
            Ok((moved, clamp_reason(date.day(), moved, Reason::Added)))
        }
        Step::MonthsSticky(months) => {
            let moved = dates::add_months_sticky(date, i64::from(*months))?;
            let plain = if dates::is_month_end(date) {
                Reason::MonthEndKept
            } else {
                clamp_reason(date.day(), moved, Reason::Added)
            };
            Ok((moved, plain))
        }
        Step::Days(days) => Ok((dates::add_days(date, i64::from(*days))?, Reason::Added)),
        Step::Weeks(weeks) => {
            Ok((dates::add_days(date, i64::from(*weeks).saturating_mul(7))?, Reason::Added))
        }
        Step::BusinessDays(days) => Ok((calendar.add_business_days(date, i64::from(*days))?, Reason::Added)),
        Step::Day(day) => Ok(day_in_month(date, *day)),
        Step::NextMonthDay(day) => Ok(day_in_month(dates::add_months(date, 1)?, *day)),
        Step::NextDay(days) => next_day(date, days.iter().copied()),
        Step::NextWeekday(weekday) => {
            let ahead = i64::from(weekday.days_since(date.weekday()));
            Ok(matched(date, dates::add_days(date, ahead)?))
        }
        Step::Ranges(rows) => range_row(date, rows),
        Step::HolidayMap(entries) => Ok(
            match entries.binary_search_by_key(&date, |(from, _)| *from).ok().and_then(|at| entries.get(at)) {
                Some((_, to)) => (*to, Reason::Mapped),
                None => (date, Reason::NotMapped),
            },
        ),
        Step::Business(convention) => business(date, *convention, calendar),
    }
}

fn cutoff(date: NaiveDate, day: MonthDay, boundary: CutoffBoundary) -> Applied {
    let cut = dates::clamp_day(date, day.number()).day();
    let past = match boundary {
        CutoffBoundary::After => date.day() > cut,
        CutoffBoundary::OnOrAfter => date.day() >= cut,
    };
    let first = dates::month_start(date);
    if past {
        Ok((dates::add_months(first, 1)?, Reason::PastCutoff(cut)))
    } else {
        Ok((first, Reason::WithinCutoff(cut)))
    }
}

fn two_week_end(date: NaiveDate, anchor: NaiveDate) -> Applied {
    let ahead = dates::days_between(date, anchor).rem_euclid(14);
    let end = dates::add_days(date, ahead)?;
    let reason = match dates::add_days(end, -13) {
        Ok(start) => Reason::LastDayOf(Period::closed(start, end)?),
        Err(_) => Reason::FirstMatch(ahead),
    };
    Ok((end, reason))
}

fn day_in_month(date: NaiveDate, day: MonthDay) -> (NaiveDate, Reason) {
    let set = dates::clamp_day(date, day.number());
    match day {
        MonthDay::Day(wanted) => (set, clamp_reason(wanted, set, Reason::DaySet)),
        MonthDay::End => (set, Reason::DaySet),
    }
}

fn next_day(date: NaiveDate, days: impl Iterator<Item = MonthDay> + Clone) -> Applied {
    let this_month =
        days.clone().map(|day| dates::clamp_day(date, day.number())).filter(|found| *found >= date).min();
    if let Some(found) = this_month {
        return Ok(matched(date, found));
    }
    let next_month = dates::first_of_shifted_month(date, 1)?;
    let found = days.map(|day| dates::clamp_day(next_month, day.number())).min().unwrap_or(date);
    Ok(matched(date, dates::check(found)?))
}

fn range_row(date: NaiveDate, rows: &[DayRange]) -> Applied {
    let Some(row) = rows.iter().find(|row| (row.first..=row.last).contains(&date.day())) else {
        return Ok((date, Reason::AlreadyThere));
    };
    let month = dates::first_of_shifted_month(date, i64::from(row.months))?;
    Ok((dates::check(dates::clamp_day(month, row.pay_day.number()))?, Reason::Row(row.first, row.last)))
}

fn business(date: NaiveDate, convention: Convention, calendar: &BusinessCalendar) -> Applied {
    let moved = calendar.adjust(date, convention)?;
    let days = dates::days_between(date, moved);
    Ok((moved, if days == 0 { Reason::AlreadyThere } else { Reason::MovedOffClosedDay(days) }))
}

fn matched(date: NaiveDate, found: NaiveDate) -> (NaiveDate, Reason) {
    let days = dates::days_between(date, found);
    (found, if days == 0 { Reason::AlreadyThere } else { Reason::FirstMatch(days) })
}

fn clamp_reason(wanted: u32, got: NaiveDate, otherwise: Reason) -> Reason {
    if got.day() < wanted { Reason::ClampedTo(got.day()) } else { otherwise }
}

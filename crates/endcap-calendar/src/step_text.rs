//! The text form of steps and pipelines.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::Weekday;

use crate::problem::{self, Place};
use crate::scanner::{Scanner, Taken};
use crate::{CalendarError, Convention, CutoffBoundary, DayRange, Grain, MonthDay, Pipeline, Step};

const STEP_WORDS: &str = "a step (cutoff, week_end, two_week_end, ten_day_end, half_month_end, eom, quarter_end, half_year_end, year_end, \
     months, months_sticky, days, weeks, business_days, dom, next_month_dom, next_dom, next_weekday, ranges, holiday_map, business)";

/// Steps joined by `;`; the empty text is the pipeline without steps.
impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, self.steps(), ";")
    }
}

/// Reads steps separated by `;`, as in the table at [`Step`]; blanks between tokens are allowed.
///
/// # Examples
/// ```
/// use endcap_calendar::Pipeline;
/// let terms: Pipeline = "cutoff(25, after); months(1); dom(10); business(following)".parse()?;
/// assert_eq!(terms.to_string(), "cutoff(25,after);months(1);dom(10);business(following)");
/// let refused = "eom; dayz(30)".parse::<Pipeline>().unwrap_err().to_string();
/// assert!(refused.starts_with("at character 6: expected a step ("), "{refused}");
/// assert!(refused.ends_with("found `dayz`"), "{refused}");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
impl FromStr for Pipeline {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text)?;
        let steps = if scanner.is_at_end() { Vec::new() } else { read_steps(&mut scanner)? };
        if !scanner.is_at_end() {
            return Err(scanner.refuse("`;` or the end"));
        }
        Self::new(steps)
    }
}

/// Reads one step.
impl FromStr for Step {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text)?;
        let step = read_step(&mut scanner)?;
        if !scanner.is_at_end() {
            return Err(scanner.refuse("the end"));
        }
        let problems = problem::of_steps(std::slice::from_ref(&step), Place::Whole, Place::Step);
        if problems.is_empty() { Ok(step) } else { Err(CalendarError::InvalidTerms { problems }) }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cutoff { day, boundary } => write!(f, "cutoff({day},{boundary})"),
            Self::EndOf(grain) => f.write_str(end_word(*grain)),
            Self::TwoWeekEnd { anchor } => write!(f, "two_week_end({anchor})"),
            Self::Months(months) => write!(f, "months({months})"),
            Self::MonthsSticky(months) => write!(f, "months_sticky({months})"),
            Self::Days(days) => write!(f, "days({days})"),
            Self::Weeks(weeks) => write!(f, "weeks({weeks})"),
            Self::BusinessDays(days) => write!(f, "business_days({days})"),
            Self::Day(day) => write!(f, "dom({day})"),
            Self::NextMonthDay(day) => write!(f, "next_month_dom({day})"),
            Self::NextDay(days) => {
                f.write_str("next_dom(")?;
                write_list(f, days, ",")?;
                f.write_str(")")
            }
            Self::NextWeekday(weekday) => write!(f, "next_weekday({})", weekday.number_from_monday()),
            Self::Ranges(rows) => {
                f.write_str("ranges(")?;
                write_list(f, rows, "|")?;
                f.write_str(")")
            }
            Self::HolidayMap(entries) => {
                f.write_str("holiday_map(")?;
                for (index, (from, to)) in entries.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "|" };
                    write!(f, "{separator}{from}>{to}")?;
                }
                f.write_str(")")
            }
            Self::Business(convention) => write!(f, "business({convention})"),
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::End => f.write_str("eom"),
        }
    }
}

impl fmt::Display for CutoffBoundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::After => "after",
            Self::OnOrAfter => "on_or_after",
        })
    }
}

impl fmt::Display for DayRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}:{}:{}", self.first, self.last, self.months, self.pay_day)
    }
}

macro_rules! text_conversions {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = CalendarError;

            fn try_from(text: String) -> Result<Self, CalendarError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )*};
}
text_conversions!(Pipeline, Step);

/// Reads `step;step;…`, at least one.
pub(crate) fn read_steps(scanner: &mut Scanner<'_>) -> Result<Vec<Step>, CalendarError> {
    let mut steps = vec![read_step(scanner)?];
    while scanner.eat(";") == Taken::Yes {
        steps.push(read_step(scanner)?);
    }
    Ok(steps)
}

/// Reads one step; its numbers are checked later, all together.
pub(crate) fn read_step(scanner: &mut Scanner<'_>) -> Result<Step, CalendarError> {
    let mark = scanner.mark();
    let word = scanner.word();
    if let Some(grain) = Grain::ALL.into_iter().find(|grain| end_word(*grain) == word) {
        return Ok(Step::EndOf(grain));
    }
    let read_arguments = match word {
        "cutoff" => read_cutoff,
        "two_week_end" => |s: &mut Scanner<'_>| Ok(Step::TwoWeekEnd { anchor: s.date()? }),
        "months" => |s: &mut Scanner<'_>| s.number().map(Step::Months),
        "months_sticky" => |s: &mut Scanner<'_>| s.number().map(Step::MonthsSticky),
        "days" => |s: &mut Scanner<'_>| s.number().map(Step::Days),
        "weeks" => |s: &mut Scanner<'_>| s.number().map(Step::Weeks),
        "business_days" => |s: &mut Scanner<'_>| s.number().map(Step::BusinessDays),
        "dom" => |s: &mut Scanner<'_>| read_day(s).map(Step::Day),
        "next_month_dom" => |s: &mut Scanner<'_>| read_day(s).map(Step::NextMonthDay),
        "next_dom" => {
            |s: &mut Scanner<'_>| Ok(Step::NextDay(BTreeSet::from_iter(read_list(s, ",", read_day)?)))
        }
        "next_weekday" => |s: &mut Scanner<'_>| read_weekday(s).map(Step::NextWeekday),
        "ranges" => |s: &mut Scanner<'_>| read_list(s, "|", read_range).map(Step::Ranges),
        "holiday_map" => |s: &mut Scanner<'_>| read_list(s, "|", read_mapping).map(Step::HolidayMap),
        "business" => |s: &mut Scanner<'_>| read_convention(s).map(Step::Business),
        _ => {
            scanner.back_to(mark);
            return Err(scanner.refuse(STEP_WORDS));
        }
    };
    scanner.expect("(")?;
    let step = read_arguments(scanner)?;
    scanner.expect(")")?;
    Ok(step)
}

fn end_word(grain: Grain) -> &'static str {
    match grain {
        Grain::Week => "week_end",
        Grain::TenDay => "ten_day_end",
        Grain::HalfMonth => "half_month_end",
        Grain::Month => "eom",
        Grain::Quarter => "quarter_end",
        Grain::HalfYear => "half_year_end",
        Grain::Year => "year_end",
    }
}

fn read_list<T>(
    scanner: &mut Scanner<'_>,
    separator: &str,
    read: impl Fn(&mut Scanner<'_>) -> Result<T, CalendarError>,
) -> Result<Vec<T>, CalendarError> {
    let mut items = vec![read(scanner)?];
    while scanner.eat(separator) == Taken::Yes {
        items.push(read(scanner)?);
    }
    Ok(items)
}

fn read_cutoff(scanner: &mut Scanner<'_>) -> Result<Step, CalendarError> {
    let day = read_day(scanner)?;
    scanner.expect(",")?;
    let mark = scanner.mark();
    let boundary = match scanner.word() {
        "after" => CutoffBoundary::After,
        "on_or_after" => CutoffBoundary::OnOrAfter,
        _ => {
            scanner.back_to(mark);
            return Err(
                scanner.refuse("`after` (the cut-off day stays in its month) or `on_or_after` (it moves)")
            );
        }
    };
    Ok(Step::Cutoff { day, boundary })
}

fn read_day(scanner: &mut Scanner<'_>) -> Result<MonthDay, CalendarError> {
    let mark = scanner.mark();
    match scanner.word() {
        "eom" => Ok(MonthDay::End),
        "" if scanner.rest().starts_with(|first: char| first.is_ascii_digit()) => {
            scanner.number().map(MonthDay::Day)
        }
        _ => {
            scanner.back_to(mark);
            Err(scanner.refuse("a day of the month or `eom`"))
        }
    }
}

fn read_weekday(scanner: &mut Scanner<'_>) -> Result<Weekday, CalendarError> {
    let mark = scanner.mark();
    let number = scanner.number().ok().and_then(|number| u8::try_from(number).ok());
    let weekday =
        number.and_then(|number| number.checked_sub(1)).and_then(|index| Weekday::try_from(index).ok());
    weekday.ok_or_else(|| {
        scanner.back_to(mark);
        scanner.refuse("an ISO weekday, 1 (Monday) to 7 (Sunday)")
    })
}

fn read_range(scanner: &mut Scanner<'_>) -> Result<DayRange, CalendarError> {
    let first = scanner.number()?;
    scanner.expect("-")?;
    let last = scanner.number()?;
    scanner.expect(":")?;
    let months = scanner.number()?;
    scanner.expect(":")?;
    Ok(DayRange { first, last, months, pay_day: read_day(scanner)? })
}

fn read_mapping(scanner: &mut Scanner<'_>) -> Result<(chrono::NaiveDate, chrono::NaiveDate), CalendarError> {
    let from = scanner.date()?;
    scanner.expect(">")?;
    Ok((from, scanner.date()?))
}

fn read_convention(scanner: &mut Scanner<'_>) -> Result<Convention, CalendarError> {
    let mark = scanner.mark();
    let word = scanner.word();
    let known = [Convention::Following, Convention::Preceding, Convention::ModifiedFollowing];
    known.into_iter().find(|convention| convention.word() == word).ok_or_else(|| {
        scanner.back_to(mark);
        scanner.refuse("`following`, `preceding` or `modified_following`")
    })
}

fn write_list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
    separator: &str,
) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

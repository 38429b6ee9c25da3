//! What can be wrong with written terms; a document is told all of it at once.

use std::fmt;

use chrono::NaiveDate;
use endcap_types::{Money, Rate};

use crate::{DayRange, Step, limits};

/// 问题: one broken rule of written terms, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// Which rule.
    pub rule: BrokenRule,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

/// Where in written terms a problem is; numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The terms as a whole.
    Whole,
    /// The base event.
    Base,
    /// A step of the pipeline.
    Step(usize),
    /// A step of the payment run.
    RunStep(usize),
    /// An instalment line.
    Line(usize),
    /// A step of the pipeline of an instalment line.
    LineStep(usize, usize),
    /// A cash discount step.
    DiscountStep(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("terms"),
            Self::Base => f.write_str("base event"),
            Self::Step(step) => write!(f, "step {step}"),
            Self::RunStep(step) => write!(f, "payment run step {step}"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::LineStep(line, step) => write!(f, "line {line} step {step}"),
            Self::DiscountStep(step) => write!(f, "discount step {step}"),
        }
    }
}

/// A rule that written terms can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenRule {
    /// More parts than allowed.
    #[error("{count} parts exceed the limit of {limit}")]
    TooMany {
        /// Parts given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A number of days or months above the limit.
    #[error("{amount} {unit} exceed the limit of {limit}")]
    ShiftTooLarge {
        /// As given.
        amount: u64,
        /// Unit.
        unit: &'static str,
        /// The limit.
        limit: u32,
    },
    /// A day of the month outside 1 to 31.
    #[error("day {day} is outside 1 to 31")]
    DayOutside {
        /// As given.
        day: u32,
    },
    /// No pay day at all.
    #[error("the set of pay days is empty")]
    NoPayDay,
    /// A day range that ends before it begins.
    #[error("day range {first}-{last} runs backwards")]
    RangeReversed {
        /// First day.
        first: u32,
        /// Last day.
        last: u32,
    },
    /// A day that no range covers.
    #[error("day {day} is in no range")]
    RangeUncovered {
        /// The first such day of a run.
        day: u32,
    },
    /// A day in more than one range.
    #[error("day {day} is in more than one range")]
    RangeOverlap {
        /// The first such day.
        day: u32,
    },
    /// A replacement date that is not later.
    #[error("{to} is not later than {from}")]
    MapNotLater {
        /// The holiday.
        from: NaiveDate,
        /// Its replacement.
        to: NaiveDate,
    },
    /// A replacement date that is itself replaced.
    #[error("{from} is mapped to {to}, which is itself mapped")]
    MapChain {
        /// The holiday.
        from: NaiveDate,
        /// Its replacement.
        to: NaiveDate,
    },
    /// A date mapped twice.
    #[error("{from} is mapped twice")]
    MapRepeated {
        /// The holiday.
        from: NaiveDate,
    },
    /// A date outside the supported range.
    #[error("date {date} is outside the supported range")]
    DateOutside {
        /// The date.
        date: NaiveDate,
    },
    /// `later_of` or `earlier_of` with fewer than two events.
    #[error("{count} event(s) given; the later or earlier of events needs at least two")]
    TooFewEvents {
        /// Events given.
        count: usize,
    },
    /// Batches held outside the limits.
    #[error("{held} batches held is outside 1 to {limit}")]
    BatchesHeld {
        /// As given.
        held: u32,
        /// The limit.
        limit: u32,
    },
    /// A rate outside 0 % (excluded) to 100 %.
    #[error("rate {rate} is not above 0% and at most 100%")]
    RateOutside {
        /// As given.
        rate: Rate,
    },
    /// A discount step that gives no less than the one before.
    #[error("discount {rate} does not fall below the {before} of the step before")]
    DiscountNotFalling {
        /// Rate of the step.
        rate: Rate,
        /// Rate of the step before.
        before: Rate,
    },
    /// A discount step that lasts no longer than the one before.
    #[error("{days} days are not more than the {before} of the step before")]
    DiscountDaysNotRising {
        /// Days of the step.
        days: u32,
        /// Days of the step before.
        before: u32,
    },
    /// A plan without a line.
    #[error("a plan needs at least one line")]
    NoLine,
    /// A fixed amount of zero or less.
    #[error("fixed amount {amount} is not positive")]
    FixedNotPositive {
        /// As given.
        amount: Money,
    },
    /// A balance line that is not the last.
    #[error("a balance line must be the last")]
    BalanceNotLast,
    /// Percentages of the total that do not resolve to 100 %.
    #[error("percentages of the total sum to {sum} and do not resolve to 100%")]
    PercentsNotHundred {
        /// Their sum.
        sum: Rate,
    },
    /// A payment run step that can pay before the due date.
    #[error("a payment run must not go back, and this step can")]
    RunGoesBack,
}

/// All problems of a list of steps; `place` turns a step number into a place.
pub(crate) fn of_steps(steps: &[Step], whole: Place, place: impl Fn(usize) -> Place) -> Vec<Problem> {
    let mut problems = Vec::new();
    if steps.len() > limits::MAX_STEPS {
        problems.push(Problem {
            place: whole,
            rule: BrokenRule::TooMany { count: steps.len(), limit: limits::MAX_STEPS },
        });
    }
    for (number, step) in (1..).zip(steps) {
        let mut rules = Vec::new();
        of_step(step, &mut rules);
        problems.extend(rules.into_iter().map(|rule| Problem { place: place(number), rule }));
    }
    problems
}

fn of_step(step: &Step, rules: &mut Vec<BrokenRule>) {
    match step {
        Step::Cutoff { day, .. } | Step::Day(day) | Step::NextMonthDay(day) => of_day(day.number(), rules),
        Step::Months(months) | Step::MonthsSticky(months) => of_months(*months, rules),
        Step::Days(days) => of_shift(u64::from(*days), "days", limits::MAX_STEP_DAYS, rules),
        Step::Weeks(weeks) => {
            of_shift(u64::from(*weeks).saturating_mul(7), "days", limits::MAX_STEP_DAYS, rules)
        }
        Step::BusinessDays(days) => {
            of_shift(u64::from(*days), "business days", limits::MAX_BUSINESS_DAYS, rules)
        }
        Step::NextDay(days) => {
            if days.is_empty() {
                rules.push(BrokenRule::NoPayDay);
            }
            days.iter().for_each(|day| of_day(day.number(), rules));
        }
        Step::Ranges(rows) => of_ranges(rows, rules),
        Step::HolidayMap(entries) => of_map(entries, rules),
        Step::TwoWeekEnd { anchor } => of_date(*anchor, rules),
        Step::EndOf(_) | Step::NextWeekday(_) | Step::Business(_) => {}
    }
}

fn of_day(day: u32, rules: &mut Vec<BrokenRule>) {
    if !(1..=31).contains(&day) {
        rules.push(BrokenRule::DayOutside { day });
    }
}

fn of_months(months: u32, rules: &mut Vec<BrokenRule>) {
    of_shift(u64::from(months), "months", limits::MAX_STEP_MONTHS, rules);
}

fn of_shift(amount: u64, unit: &'static str, limit: u32, rules: &mut Vec<BrokenRule>) {
    if amount > u64::from(limit) {
        rules.push(BrokenRule::ShiftTooLarge { amount, unit, limit });
    }
}

fn of_date(date: NaiveDate, rules: &mut Vec<BrokenRule>) {
    if crate::dates::check(date).is_err() {
        rules.push(BrokenRule::DateOutside { date });
    }
}

fn of_ranges(rows: &[DayRange], rules: &mut Vec<BrokenRule>) {
    if rows.len() > 31 {
        rules.push(BrokenRule::TooMany { count: rows.len(), limit: 31 });
        return;
    }
    for row in rows {
        of_day(row.first, rules);
        of_day(row.last, rules);
        of_day(row.pay_day.number(), rules);
        of_months(row.months, rules);
        if row.last < row.first {
            rules.push(BrokenRule::RangeReversed { first: row.first, last: row.last });
        }
    }
    let mut before = 1;
    for day in 1..=31 {
        let count = rows.iter().filter(|row| (row.first..=row.last).contains(&day)).count();
        if count != before {
            match count {
                0 => rules.push(BrokenRule::RangeUncovered { day }),
                1 => {}
                _ => rules.push(BrokenRule::RangeOverlap { day }),
            }
        }
        before = count;
    }
}

fn of_map(entries: &[(NaiveDate, NaiveDate)], rules: &mut Vec<BrokenRule>) {
    if entries.len() > limits::MAX_LIST_ENTRIES {
        rules.push(BrokenRule::TooMany { count: entries.len(), limit: limits::MAX_LIST_ENTRIES });
        return;
    }
    let mut seen = std::collections::BTreeSet::new();
    for (from, to) in entries {
        of_date(*from, rules);
        of_date(*to, rules);
        if to <= from {
            rules.push(BrokenRule::MapNotLater { from: *from, to: *to });
        }
        if !seen.insert(*from) {
            rules.push(BrokenRule::MapRepeated { from: *from });
        }
    }
    for (from, to) in entries {
        if to > from && seen.contains(to) {
            rules.push(BrokenRule::MapChain { from: *from, to: *to });
        }
    }
}

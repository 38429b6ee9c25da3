//! What can go wrong, one variant per rule.

use chrono::NaiveDate;
use endcap_types::TypesError;

use crate::{Period, Problem};

/// A broken rule of this crate, with the offending value and the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// A date outside the supported range.
    #[error("date {date} is outside the supported range {first} to {last}")]
    DateOutOfRange {
        /// The date.
        date: NaiveDate,
        /// First supported date.
        first: NaiveDate,
        /// Last supported date.
        last: NaiveDate,
    },
    /// A year, month and day that the calendar does not have.
    #[error("the calendar has no day {year}-{month}-{day}")]
    NoSuchDate {
        /// Year.
        year: i32,
        /// Month as given.
        month: u32,
        /// Day as given.
        day: u32,
    },
    /// A text that is no date.
    #[error("`{text}` is no date; expected YYYY-MM-DD")]
    DateText {
        /// The text, shortened.
        text: String,
    },
    /// A shift so large that it leaves the date type.
    #[error("{date} cannot be moved by {amount} {unit}")]
    ShiftTooLarge {
        /// Where the shift started.
        date: NaiveDate,
        /// How far.
        amount: i64,
        /// Days or months.
        unit: &'static str,
    },
    /// An interval whose end is before its start.
    #[error("interval from {from} to {to} runs backwards")]
    IntervalReversed {
        /// Start.
        from: NaiveDate,
        /// End.
        to: NaiveDate,
    },
    /// A period without a day.
    #[error("period {start}..{end} has no day; the end is excluded and must be later than the start")]
    PeriodEmpty {
        /// Start.
        start: NaiveDate,
        /// Excluded end.
        end: NaiveDate,
    },
    /// A numbered period that the year does not have.
    #[error("{year} has no {kind} {number}; numbers run from 1 to {max}")]
    NoSuchPeriod {
        /// Kind of period.
        kind: &'static str,
        /// Year.
        year: i32,
        /// Number as given.
        number: u32,
        /// Highest number.
        max: u32,
    },
    /// A text that is no period.
    #[error("`{text}` is no period; expected {expected}")]
    PeriodText {
        /// The text, shortened.
        text: String,
        /// The accepted forms.
        expected: &'static str,
    },
    /// No business day within the searched number of days.
    #[error("no business day within {limit} days {direction} {from}")]
    NoBusinessDay {
        /// Where the search started.
        from: NaiveDate,
        /// `on or after` or `on or before`.
        direction: &'static str,
        /// Days searched.
        limit: u32,
    },
    /// A date for which the calendar's owner has stated no holidays.
    #[error("business calendar is stated for {known} only and does not know {date}")]
    CalendarNotKnown {
        /// The date.
        date: NaiveDate,
        /// The days the calendar knows.
        known: Period,
    },
    /// More business days than may be added at once.
    #[error("{days} business days exceed the limit of {limit}")]
    TooManyBusinessDays {
        /// As given.
        days: i64,
        /// The limit.
        limit: u32,
    },
    /// A retail year that is neither 52 nor 53 weeks long.
    #[error("a retail year has 52 or 53 weeks, not {weeks}")]
    RetailWeeks {
        /// As given.
        weeks: u32,
    },
    /// A text that is no word of this crate's small vocabularies.
    #[error("`{text}` is not {expected}")]
    UnknownWord {
        /// The text, shortened.
        text: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A text in the pipeline language that does not parse.
    #[error("at character {position}: expected {expected}, found {found}")]
    Syntax {
        /// Position of the first wrong character, counted from 1.
        position: usize,
        /// What may stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// Terms that read well but break rules; every broken rule is listed.
    #[error("payment terms break {} rule(s): {}", problems.len(), join(problems))]
    InvalidTerms {
        /// All problems, in order.
        problems: Vec<Problem>,
    },
    /// A payment run that would pay before the due date.
    #[error("payment run gives {pay}, which is before the due date {due}")]
    PayRunBeforeDue {
        /// Legal due date.
        due: NaiveDate,
        /// Date the run gave.
        pay: NaiveDate,
    },
    /// A payment time reference that has no pipeline.
    #[error("payment time reference {code} is not one of 1, 4, 5, 6, 7, 8, 9, 10, 12, 14")]
    UnknownEdifactCode {
        /// The code.
        code: u32,
    },
    /// The end of a two-week period without a stated grid.
    #[error(
        "payment time reference 5 (end of a two-week period) needs an anchor date: one last day of a two-week period"
    )]
    TwoWeekAnchorMissing,
    /// Receipts that are not in order of time.
    #[error("batch {batch} was received on {date}, before the batch before it on {previous}")]
    BatchesOutOfOrder {
        /// Number of the batch, from 1.
        batch: usize,
        /// Its receipt.
        date: NaiveDate,
        /// The receipt before it.
        previous: NaiveDate,
    },
    /// A termination before the last receipt.
    #[error("termination on {terminated} is before the last receipt on {received}")]
    TerminatedBeforeReceipt {
        /// Day of termination.
        terminated: NaiveDate,
        /// Last receipt.
        received: NaiveDate,
    },
    /// A batch number of 0 or above the number received.
    #[error("there is no batch {batch}; {received} have been received")]
    NoSuchBatch {
        /// As asked, from 1.
        batch: usize,
        /// Number of batches received.
        received: usize,
    },
    /// A line that asks for a percentage of an untaxed amount that was not given.
    #[error("line {line} is a percentage of the untaxed amount, which was not given")]
    UntaxedMissing {
        /// Number of the line, from 1.
        line: usize,
    },
    /// A refusal by the value types: currencies that differ, amounts out of range.
    #[error(transparent)]
    Types(#[from] TypesError),
}

fn join(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

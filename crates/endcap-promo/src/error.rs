//! Why a promotion could not be read or judged, named after the rule that was broken.

use chrono::NaiveDate;
use endcap_calendar::{CalendarError, Period};
use endcap_types::{Currency, TaxBasis, TypesError, Unit};

use crate::Problem;

/// A broken rule of this crate, with the offending value and the limit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PromoError {
    /// A value of the floor below was refused.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// A date or period was refused.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A basket, an offer or a stack was refused.
    #[error(transparent)]
    Basket(#[from] crate::basket::BasketError),
    /// An estimate of the evidence half was refused.
    #[error(transparent)]
    Evidence(#[from] crate::evidence::EvidenceError),
    /// The plan breaks rules; every broken rule is listed.
    #[error("promotion {id} breaks {} rule(s): {}", problems.len(), join(problems))]
    InvalidPromotion {
        /// The promotion.
        id: String,
        /// All problems, in the order of the document.
        problems: Vec<Problem>,
    },
    /// A series without a week.
    #[error("a weekly series needs at least one week")]
    NoWeeks,
    /// A series longer than the limit, gaps included.
    #[error("the series spans {weeks} weeks, at most {limit} allowed")]
    TooManyWeeks {
        /// Weeks from the first to the last.
        weeks: usize,
        /// The limit.
        limit: usize,
    },
    /// A week that does not start a whole number of weeks after the first one.
    #[error("week {week} does not start a whole number of weeks after {first}")]
    WeekOffGrid {
        /// The week.
        week: NaiveDate,
        /// The first week of the series.
        first: NaiveDate,
    },
    /// A week that is given twice.
    #[error("week {week} is given twice")]
    WeekTwice {
        /// The week.
        week: NaiveDate,
    },
    /// A week with negative sales.
    #[error("week {week} has negative sales: {units}")]
    NegativeWeek {
        /// The week.
        week: NaiveDate,
        /// Its sales, as text with the unit.
        units: String,
    },
    /// Quantities or prices are in different units.
    #[error("{what} is in {found}, the promotion counts {expected}")]
    UnitDiffers {
        /// What carries the other unit.
        what: &'static str,
        /// The unit of the promotion or of the first week.
        expected: Unit,
        /// The unit found.
        found: Unit,
    },
    /// A price is in another currency than the promotion.
    #[error("{what} is in {found}, the promotion is in {expected}")]
    CurrencyDiffers {
        /// What carries the other currency.
        what: &'static str,
        /// The currency of the promotion.
        expected: Currency,
        /// The currency found.
        found: Currency,
    },
    /// A price is on another tax basis than the promotion: one basis holds for a whole bridge.
    #[error("{what} is tax {found:?}, the promotion is tax {expected:?}")]
    TaxBasisDiffers {
        /// What carries the other basis.
        what: &'static str,
        /// The basis of the promotion.
        expected: TaxBasis,
        /// The basis found.
        found: TaxBasis,
    },
    /// The event starts before the series or after its end.
    #[error("the event {event} does not start within the series {series}")]
    EventOutsideSeries {
        /// Period of the promotion.
        event: Period,
        /// Days covered by the series.
        series: Period,
    },
    /// Too few clean weeks for the baseline asked for.
    #[error("the baseline {method} needs {need} clean weeks and finds {have}")]
    TooFewCleanWeeks {
        /// The method, by name.
        method: &'static str,
        /// Clean weeks found.
        have: usize,
        /// Clean weeks needed.
        need: usize,
    },
    /// A baseline whose own parameter is out of range.
    #[error("baseline parameter {parameter} is {value}, expected {expected}")]
    BaselineParameter {
        /// The parameter, by name.
        parameter: &'static str,
        /// Its value, as text.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A slice has another length than the one it goes with, or a window that does not lie in it.
    #[error("{what}: {found} does not fit a series of {weeks} weeks")]
    ShapeMismatch {
        /// Which argument.
        what: &'static str,
        /// Its length or index.
        found: usize,
        /// Weeks of the series.
        weeks: usize,
    },
    /// An option is out of range.
    #[error("option {option} is {value}, expected {expected}")]
    OptionOutOfRange {
        /// The option, by name.
        option: &'static str,
        /// Its value, as text.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A floating-point estimate is not a number that may cross to the exact side.
    #[error("estimate {value} cannot become exact units: finite and at most {limit} either sign")]
    EstimateOutOfRange {
        /// The estimate, as text.
        value: String,
        /// The limit.
        limit: u64,
    },
    /// Degrees of freedom outside the table of limits.
    #[error("{df} degrees of freedom, expected 1 to {limit}")]
    DegreesOfFreedom {
        /// As given.
        df: u32,
        /// The limit.
        limit: u32,
    },
    /// A probability outside the range a quantile is computed for.
    #[error("probability {probability} is outside 0.0000001 to 0.9999999")]
    ProbabilityOutOfRange {
        /// As given.
        probability: f64,
    },
    /// A standard error that is negative or not finite.
    #[error("standard error {value} must be finite and not negative")]
    InvalidSpread {
        /// As given.
        value: f64,
    },
    /// A count of units that is negative where only a count makes sense.
    #[error("{what} must not be negative: {value}")]
    NegativeUnits {
        /// Which quantity.
        what: &'static str,
        /// Its value, as text.
        value: String,
    },
}

fn join(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

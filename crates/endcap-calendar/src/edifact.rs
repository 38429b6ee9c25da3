//! EDIFACT payment time references and the pipelines they stand for.

use chrono::NaiveDate;

use crate::{CalendarError, Grain, Pipeline, Step};

/// 付款时间参照: a code of EDIFACT data element 2009, from which a term counts.
///
/// | code | counts from | pipeline |
/// |---|---|---|
/// | 1 | the reference date | (empty) |
/// | 4 | end of the ten-day period 旬 | `ten_day_end` |
/// | 5 | end of the two-week period | `two_week_end(…)`, needs an anchor |
/// | 6 | end of month | `eom` |
/// | 7 | end of the month after the reference month | `eom;months_sticky(1)` |
/// | 8 | end of quarter | `quarter_end` |
/// | 9 | end of year | `year_end` |
/// | 10 | end of week | `week_end` |
/// | 12 | end of half-year | `half_year_end` |
/// | 14 | end of the 15-day period 半月 | `half_month_end` |
///
/// # Examples
/// ```
/// use endcap_calendar::{CalendarError, Edifact2009, Pipeline, dates};
/// let pipeline = Pipeline::try_from(Edifact2009::try_from(7)?)?;
/// assert_eq!(pipeline.to_string(), "eom;months_sticky(1)");
/// assert!(Edifact2009::try_from(3).is_err());
/// let two_weeks = Edifact2009::EndOfTwoWeeks;
/// assert_eq!(Pipeline::try_from(two_weeks), Err(CalendarError::TwoWeekAnchorMissing));
/// assert_eq!(two_weeks.pipeline(dates::ymd(2026, 1, 4)?)?.to_string(), "two_week_end(2026-01-04)");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// UN/EDIFACT D.19A, data element 2009; that weeks end on Sunday, and that two-week periods need a
/// stated grid, are house rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u32", into = "u32")
)]
#[non_exhaustive]
pub enum Edifact2009 {
    /// 1.
    ReferenceDate,
    /// 4.
    EndOfTenDays,
    /// 5.
    EndOfTwoWeeks,
    /// 6.
    EndOfMonth,
    /// 7.
    EndOfFollowingMonth,
    /// 8.
    EndOfQuarter,
    /// 9.
    EndOfYear,
    /// 10.
    EndOfWeek,
    /// 12.
    EndOfHalfYear,
    /// 14.
    EndOfHalfMonth,
}

impl Edifact2009 {
    /// Every code that has a pipeline, in order.
    pub const ALL: [Self; 10] = [
        Self::ReferenceDate,
        Self::EndOfTenDays,
        Self::EndOfTwoWeeks,
        Self::EndOfMonth,
        Self::EndOfFollowingMonth,
        Self::EndOfQuarter,
        Self::EndOfYear,
        Self::EndOfWeek,
        Self::EndOfHalfYear,
        Self::EndOfHalfMonth,
    ];

    /// The code.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            Self::ReferenceDate => 1,
            Self::EndOfTenDays => 4,
            Self::EndOfTwoWeeks => 5,
            Self::EndOfMonth => 6,
            Self::EndOfFollowingMonth => 7,
            Self::EndOfQuarter => 8,
            Self::EndOfYear => 9,
            Self::EndOfWeek => 10,
            Self::EndOfHalfYear => 12,
            Self::EndOfHalfMonth => 14,
        }
    }

    /// The pipeline; `two_week_end` is one last day of a two-week period and matters for code 5 only.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] when the anchor is outside the supported range.
    pub fn pipeline(self, two_week_end: NaiveDate) -> Result<Pipeline, CalendarError> {
        match self {
            Self::EndOfTwoWeeks => Pipeline::new([Step::TwoWeekEnd { anchor: two_week_end }]),
            other => Pipeline::try_from(other),
        }
    }
}

impl TryFrom<u32> for Edifact2009 {
    type Error = CalendarError;

    fn try_from(code: u32) -> Result<Self, CalendarError> {
        Self::ALL
            .into_iter()
            .find(|known| known.code() == code)
            .ok_or(CalendarError::UnknownEdifactCode { code })
    }
}

impl From<Edifact2009> for u32 {
    fn from(reference: Edifact2009) -> Self {
        reference.code()
    }
}

/// Fails for code 5 alone; see [`Edifact2009::pipeline`].
impl TryFrom<Edifact2009> for Pipeline {
    type Error = CalendarError;

    fn try_from(reference: Edifact2009) -> Result<Self, CalendarError> {
        let grain = match reference {
            Edifact2009::ReferenceDate => return Self::new([]),
            Edifact2009::EndOfTwoWeeks => return Err(CalendarError::TwoWeekAnchorMissing),
            Edifact2009::EndOfFollowingMonth => {
                return Self::new([Step::EndOf(Grain::Month), Step::MonthsSticky(1)]);
            }
            Edifact2009::EndOfTenDays => Grain::TenDay,
            Edifact2009::EndOfMonth => Grain::Month,
            Edifact2009::EndOfQuarter => Grain::Quarter,
            Edifact2009::EndOfYear => Grain::Year,
            Edifact2009::EndOfWeek => Grain::Week,
            Edifact2009::EndOfHalfYear => Grain::HalfYear,
            Edifact2009::EndOfHalfMonth => Grain::HalfMonth,
        };
        Self::new([Step::EndOf(grain)])
    }
}

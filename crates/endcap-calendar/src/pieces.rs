//! Walking through a [`Period`]: its days, and its pieces by week, month or any other grain.

use std::iter::FusedIterator;

use chrono::NaiveDate;

use crate::{Grain, Period};

impl Period {
    /// Every day in order; `days()` items.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::Period;
    /// assert_eq!(Period::month(2025, 6)?.dates().count(), 30);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn dates(self) -> Dates {
        Dates { next: self.start(), end: self.end() }
    }

    /// 分段: the period cut at every boundary of `grain`, in order.
    ///
    /// The pieces are consecutive, without gap or overlap, and their days sum to the period's;
    /// the first and the last may be partial.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Grain, Period, dates};
    /// let period = Period::new(dates::ymd(2025, 1, 20)?, dates::ymd(2025, 3, 5)?)?;
    /// let days: Vec<u32> = period.split(Grain::Month).map(Period::days).collect();
    /// assert_eq!(days, [12, 28, 4]);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// House rule.
    #[must_use]
    pub fn split(self, grain: Grain) -> Pieces {
        Pieces { rest: Some(self), grain }
    }

    /// The period cut at month boundaries: [`Period::split`] by [`Grain::Month`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::Period;
    /// let months: Vec<Period> = Period::quarter(2025, 2)?.months().collect();
    /// assert_eq!(months, [Period::month(2025, 4)?, Period::month(2025, 5)?, Period::month(2025, 6)?]);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn months(self) -> Pieces {
        self.split(Grain::Month)
    }

    /// The period cut at ISO week boundaries: [`Period::split`] by [`Grain::Week`].
    #[must_use]
    pub fn weeks(self) -> Pieces {
        self.split(Grain::Week)
    }
}

/// The days of a [`Period`]; see [`Period::dates`].
#[derive(Debug, Clone)]
pub struct Dates {
    next: NaiveDate,
    end: NaiveDate,
}

impl Iterator for Dates {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        if self.next >= self.end {
            return None;
        }
        let date = self.next;
        self.next = date.succ_opt().unwrap_or(self.end);
        Some(date)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(crate::dates::days_between(self.next, self.end)).unwrap_or(0);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Dates {}
impl FusedIterator for Dates {}

/// The pieces of a [`Period`] by grain; see [`Period::split`].
#[derive(Debug, Clone)]
pub struct Pieces {
    rest: Option<Period>,
    grain: Grain,
}

impl Iterator for Pieces {
    type Item = Period;

    fn next(&mut self) -> Option<Period> {
        let rest = self.rest?;
        let boundary = self.grain.bounds(rest.start()).map_or(rest.end(), |(_, end)| end.min(rest.end()));
        let piece = Period::new(rest.start(), boundary).unwrap_or(rest);
        self.rest = Period::new(piece.end(), rest.end()).ok();
        Some(piece)
    }
}

impl FusedIterator for Pieces {}

//! Weekly sales with the marks that say which weeks may teach us what is normal.

use chrono::NaiveDate;
use endcap_calendar::{Period, dates};
use endcap_types::{Exact, Price, Quantity, Unit};

use crate::PromoError;
use crate::border::units_to_estimate;
use crate::limits::MAX_WEEKS;

/// What a week is, for the baseline (周标记). Only clean weeks teach what is normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum WeekMark {
    /// A normal week (正常周).
    #[default]
    Clean,
    /// A promotion ran (促销周).
    Promoted,
    /// Just before or after a promotion (受影响周).
    Halo,
    /// The shelf was empty (缺货周).
    StockOut,
    /// A holiday week (节假日周).
    Holiday,
}

/// One week of sell-out (周销售).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Week {
    /// First day.
    pub start: NaiveDate,
    /// Units sold; absent when unknown, which is not zero.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sold: Option<Quantity>,
    /// Average price shoppers paid; absent when unknown, and then the planned price stands in.
    #[cfg_attr(feature = "serde", serde(default))]
    pub shelf_price: Option<Price>,
    /// What the week is.
    #[cfg_attr(feature = "serde", serde(default))]
    pub mark: WeekMark,
}

/// A weekly series (周序列): consecutive weeks of sell-out of the promoted items together.
///
/// Weeks may be given in any order; missing weeks are filled in as unknown, never as zero.
///
/// # Examples
///
/// ```
/// use chrono::NaiveDate;
/// use endcap_promo::{Week, WeekMark, WeeklySeries};
/// use endcap_types::Quantity;
/// let week = |day, sold| -> Result<Week, endcap_types::TypesError> {
///     let start = NaiveDate::from_ymd_opt(2025, 6, day).unwrap();
///     Ok(Week { start, sold: Some(Quantity::pieces(sold)?), shelf_price: None, mark: WeekMark::Clean })
/// };
/// let series = WeeklySeries::new(vec![week(16, 430)?, week(2, 400)?])?;
/// assert_eq!(series.len(), 3);            // the week of 9 June is unknown
/// assert!(series.weeks()[1].sold.is_none());
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: missing is not zero.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<Week>", into = "Vec<Week>"))]
pub struct WeeklySeries {
    weeks: Vec<Week>,
    period: Period,
}

impl WeeklySeries {
    /// Orders the weeks and fills the gaps.
    ///
    /// # Errors
    ///
    /// - [`PromoError::NoWeeks`], [`PromoError::TooManyWeeks`].
    /// - [`PromoError::WeekOffGrid`], [`PromoError::WeekTwice`].
    /// - [`PromoError::NegativeWeek`], [`PromoError::UnitDiffers`].
    pub fn new(mut weeks: Vec<Week>) -> Result<Self, PromoError> {
        weeks.sort_by_key(|week| week.start);
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
            return Err(PromoError::NoWeeks);
        };
        let (first, last) = (dates::check(first.start)?, dates::check(last.start)?);
        let end = dates::add_days(last, 7)?;
        let period = Period::new(first, end)?;
        let span = usize::try_from(period.days()).unwrap_or(usize::MAX).div_ceil(7);
        if span > MAX_WEEKS {
            return Err(PromoError::TooManyWeeks { weeks: span, limit: MAX_WEEKS });
        }
        let unit = weeks.iter().find_map(|week| week.sold.map(|sold| sold.unit()));
        let mut filled: Vec<Week> = Vec::with_capacity(span);
        for week in weeks {
            check_week(&week, first, unit)?;
            if filled.last().is_some_and(|before| before.start == week.start) {
                return Err(PromoError::WeekTwice { week: week.start });
            }
            while let Some(before) = filled.last().map(|before| before.start) {
                let next = dates::add_days(before, 7)?;
                if next >= week.start {
                    break;
                }
                filled.push(Week { start: next, sold: None, shelf_price: None, mark: WeekMark::Clean });
            }
            filled.push(week);
        }
        Ok(Self { weeks: filled, period })
    }

    /// The weeks, in order, without gaps.
    #[must_use]
    pub fn weeks(&self) -> &[Week] {
        &self.weeks
    }

    /// Number of weeks, unknown ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weeks.len()
    }

    /// Never true: a series has at least one week.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weeks.is_empty()
    }

    /// The days covered, half-open.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The unit of the sales, when any week is known.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        self.weeks.iter().find_map(|week| week.sold.map(|sold| sold.unit()))
    }

    /// Positions of the weeks that share a day with `period`.
    ///
    /// A week the event only touches counts whole: sales cannot be split below the week.
    #[must_use]
    pub fn weeks_touching(&self, period: Period) -> Vec<usize> {
        let touches = |week: &Week| {
            week.start < period.end() && dates::add_days(week.start, 7).is_ok_and(|end| period.start() < end)
        };
        self.weeks.iter().enumerate().filter(|(_, week)| touches(week)).map(|(at, _)| at).collect()
    }

    /// The same series with every week that `period` touches marked as promoted; stock-outs stay stock-outs.
    ///
    /// For the other promotions of the same items: each one makes its weeks teach nothing about normal sales.
    #[must_use]
    pub fn with_promoted(&self, period: Period) -> Self {
        let mut weeks = self.weeks.clone();
        for at in self.weeks_touching(period) {
            if let Some(week) = weeks.get_mut(at)
                && week.mark != WeekMark::StockOut
            {
                week.mark = WeekMark::Promoted;
            }
        }
        Self { weeks, period: self.period }
    }

    /// The same series with clean weeks near a promoted one marked as halo: `before` weeks ahead of it, `after` behind.
    #[must_use]
    pub fn with_halo(&self, before: u32, after: u32) -> Self {
        let reach = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let promoted: Vec<usize> = self
            .weeks
            .iter()
            .enumerate()
            .filter(|(_, week)| week.mark == WeekMark::Promoted)
            .map(|(at, _)| at)
            .collect();
        let mut weeks = self.weeks.clone();
        for at in promoted {
            let from = at.saturating_sub(reach(before));
            let to = at.saturating_add(reach(after)).min(weeks.len().saturating_sub(1));
            for week in weeks.iter_mut().take(to.saturating_add(1)).skip(from) {
                if week.mark == WeekMark::Clean {
                    week.mark = WeekMark::Halo;
                }
            }
        }
        Self { weeks, period: self.period }
    }

    /// Which weeks are clean and known: `mask[i]` is week `i`.
    #[must_use]
    pub fn clean_mask(&self) -> Vec<bool> {
        self.weeks.iter().map(|week| week.mark == WeekMark::Clean && week.sold.is_some()).collect()
    }

    /// Units of every week as f64, zero where unknown; read them only through a mask.
    ///
    /// # Errors
    ///
    /// - [`PromoError::EstimateOutOfRange`] when a week is beyond the limit of the border.
    pub fn estimates(&self) -> Result<Vec<f64>, PromoError> {
        self.weeks
            .iter()
            .map(|week| week.sold.map_or(Ok(0.0), |sold| units_to_estimate(sold.amount())))
            .collect()
    }

    /// Units of week `at`, exactly; `None` when unknown or outside.
    #[must_use]
    pub fn units(&self, at: usize) -> Option<Exact> {
        self.weeks.get(at).and_then(|week| week.sold).map(|sold| sold.to_exact())
    }
}

fn check_week(week: &Week, first: NaiveDate, unit: Option<Unit>) -> Result<(), PromoError> {
    let days = week.start.signed_duration_since(first).num_days();
    if days.checked_rem(7) != Some(0) {
        return Err(PromoError::WeekOffGrid { week: week.start, first });
    }
    if let Some(sold) = week.sold {
        if sold.is_negative() {
            return Err(PromoError::NegativeWeek { week: week.start, units: sold.to_string() });
        }
        if let Some(expected) = unit
            && sold.unit() != expected
        {
            return Err(PromoError::UnitDiffers { what: "a week", expected, found: sold.unit() });
        }
    }
    Ok(())
}

impl TryFrom<Vec<Week>> for WeeklySeries {
    type Error = PromoError;

    fn try_from(weeks: Vec<Week>) -> Result<Self, PromoError> {
        Self::new(weeks)
    }
}

impl From<WeeklySeries> for Vec<Week> {
    fn from(series: WeeklySeries) -> Self {
        series.weeks
    }
}

//! [`RateTable`]: a rate that changes on known days.

use chrono::NaiveDate;
use endcap_calendar::dates;
use endcap_types::Rate;

use super::rate_not_negative;
use crate::SettlementError;

/// 利率变动: a rate and the first day it is charged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RateChange {
    /// First day charged at this rate.
    pub from: NaiveDate,
    /// The rate.
    pub rate: Rate,
}

/// 利率表: the rate charged for each day; never negative.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// use endcap_settlement::credit::{RateChange, RateTable};
/// // 11.15 % until the reference rate of the second half year applies.
/// let from = dates::ymd(2025, 7, 1)?;
/// let table = RateTable::new("11.15%".parse()?, [RateChange { from, rate: "10.15%".parse()? }])?;
/// assert_eq!(table.rate_on(dates::ymd(2025, 6, 30)?), "11.15%".parse()?);
/// assert_eq!(table.rate_on(from), "10.15%".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Directive 2011/7/EU art. 3: the reference rate of 1 January serves the first half year, that of 1 July the second.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Stated", into = "Stated")
)]
pub struct RateTable {
    initial: Rate,
    changes: Vec<RateChange>,
}

impl RateTable {
    /// One rate for all days.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] with `NegativeRate`.
    pub fn flat(rate: Rate) -> Result<Self, SettlementError> {
        Self::new(rate, [])
    }

    /// `initial` until the first of `changes`, which are listed in order of date.
    ///
    /// # Errors
    /// - [`SettlementError::NotIncreasing`] when a date is not after the one before it.
    /// - [`SettlementError::Types`] with `NegativeRate`.
    /// - [`SettlementError::Calendar`] for a date out of range.
    pub fn new(
        initial: Rate,
        changes: impl IntoIterator<Item = RateChange>,
    ) -> Result<Self, SettlementError> {
        let changes: Vec<RateChange> = changes.into_iter().collect();
        rate_not_negative(initial)?;
        let mut before: Option<NaiveDate> = None;
        for change in &changes {
            dates::check(change.from)?;
            rate_not_negative(change.rate)?;
            if let Some(previous) = before.filter(|previous| change.from <= *previous) {
                return Err(SettlementError::NotIncreasing {
                    what: "the day of a rate change",
                    value: change.from.to_string(),
                    previous: previous.to_string(),
                });
            }
            before = Some(change.from);
        }
        Ok(Self { initial, changes })
    }

    /// The rate before the first change.
    #[must_use]
    pub const fn initial(&self) -> Rate {
        self.initial
    }

    /// The changes, in order of date.
    #[must_use]
    pub fn changes(&self) -> &[RateChange] {
        &self.changes
    }

    /// The rate charged for `day`.
    #[must_use]
    pub fn rate_on(&self, day: NaiveDate) -> Rate {
        let reached = self.changes.iter().rev().find(|change| change.from <= day);
        reached.map_or(self.initial, |change| change.rate)
    }

    /// 利率上限: the same table with no rate above `ceiling`, such as a legal maximum.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] with `NegativeRate` for a ceiling below zero.
    ///
    /// # Examples
    /// ```
    /// use endcap_settlement::credit::RateTable;
    /// let table = RateTable::flat("18.25%".parse()?)?.at_most("12.4%".parse()?)?;
    /// assert_eq!(table.initial(), "12.4%".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule; legal maxima are data of the caller.
    pub fn at_most(&self, ceiling: Rate) -> Result<Self, SettlementError> {
        rate_not_negative(ceiling)?;
        let changes = self.changes.iter();
        let changes =
            changes.map(|change| RateChange { from: change.from, rate: change.rate.min(ceiling) }).collect();
        Ok(Self { initial: self.initial.min(ceiling), changes })
    }
}

/// The written form.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "RateTable", deny_unknown_fields)]
struct Stated {
    initial: Rate,
    #[serde(default)]
    changes: Vec<RateChange>,
}

#[cfg(feature = "serde")]
impl TryFrom<Stated> for RateTable {
    type Error = SettlementError;

    fn try_from(stated: Stated) -> Result<Self, SettlementError> {
        Self::new(stated.initial, stated.changes)
    }
}

#[cfg(feature = "serde")]
impl From<RateTable> for Stated {
    fn from(table: RateTable) -> Self {
        Self { initial: table.initial, changes: table.changes }
    }
}

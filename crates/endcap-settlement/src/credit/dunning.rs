//! Dunning: the level, fee and interest of a payment reminder.

use chrono::NaiveDate;
use endcap_calendar::dates;
use endcap_types::Money;

use super::{LateInterestRule, LateItem, late_interest, not_negative};
use crate::SettlementError;

/// 催款计息: whether a reminder of a level charges late interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DunningInterest {
    /// Interest is charged up to the day of the reminder.
    Charged,
    /// No interest at this level.
    Waived,
}

/// 催款级别: from how many days overdue, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DunningLevel {
    /// First day overdue of this level, at least 1.
    pub from_days: u32,
    /// Fee of a reminder of this level.
    pub fee: Money,
    /// Whether interest is charged.
    pub interest: DunningInterest,
}

/// 催款规则: levels by days overdue, and the interest they charge.
///
/// # Examples
/// ```
/// use endcap_calendar::{DayCount, dates};
/// use endcap_settlement::credit::*;
/// use endcap_types::{Currency, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let interest = LateInterestRule::new(RateTable::flat("10%".parse()?)?, InterestBasis::Yearly(DayCount::Act365F));
/// let level = |from_days, fee| DunningLevel { from_days, fee, interest: DunningInterest::Charged };
/// let rule = DunningRule::new([level(10, yuan("10.00")?), level(30, yuan("25.00")?)], interest)?;
/// let told = rule.notice(&LateItem::new(yuan("100.00")?, dates::ymd(2026, 1, 1)?), dates::ymd(2026, 1, 16)?)?;
/// assert_eq!((told.level, told.interest, told.total), (1, yuan("0.41")?, yuan("110.41")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Dunning as in public business software: level by days overdue, a fee and simple interest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Stated", into = "Stated")
)]
pub struct DunningRule {
    levels: Vec<DunningLevel>,
    interest: LateInterestRule,
}

/// 催款单: what one reminder asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dunning {
    /// The level, counted from 1; 0 when there is nothing to remind of.
    pub level: usize,
    /// Days from the due date; zero or less when not late.
    pub days_overdue: i64,
    /// Principal still open.
    pub outstanding: Money,
    /// Fee of the level.
    pub fee: Money,
    /// Late interest up to the day of the reminder.
    pub interest: Money,
    /// `fee + interest`.
    pub charges: Money,
    /// `outstanding + charges`.
    pub total: Money,
}

impl DunningRule {
    /// Levels from the mildest to the last.
    ///
    /// # Errors
    /// - [`SettlementError::NothingGiven`] without levels.
    /// - [`SettlementError::NotIncreasing`] when a level does not begin later than the one before it, or on day 0.
    /// - [`SettlementError::NegativeAmount`] for a fee below zero.
    pub fn new(
        levels: impl IntoIterator<Item = DunningLevel>,
        interest: LateInterestRule,
    ) -> Result<Self, SettlementError> {
        let levels: Vec<DunningLevel> = levels.into_iter().collect();
        if levels.is_empty() {
            return Err(SettlementError::NothingGiven { what: "dunning level" });
        }
        let mut previous = 0;
        for level in &levels {
            not_negative("a dunning fee", level.fee)?;
            if level.from_days <= previous {
                return Err(SettlementError::NotIncreasing {
                    what: "the first day of a dunning level",
                    value: level.from_days.to_string(),
                    previous: previous.to_string(),
                });
            }
            previous = level.from_days;
        }
        Ok(Self { levels, interest })
    }

    /// The levels, mildest first.
    #[must_use]
    pub fn levels(&self) -> &[DunningLevel] {
        &self.levels
    }

    /// How interest is charged.
    #[must_use]
    pub const fn interest(&self) -> &LateInterestRule {
        &self.interest
    }

    /// The reminder for `item` on `as_of`: the highest level its days overdue have reached.
    ///
    /// `total = outstanding + fee + interest`. Level 0 with no charges when the item is paid or no level is reached.
    ///
    /// # Errors
    /// - Those of [`late_interest`].
    pub fn notice(&self, item: &LateItem, as_of: NaiveDate) -> Result<Dunning, SettlementError> {
        let interest = late_interest(item, as_of, &self.interest)?;
        let days_overdue = dates::days_between(item.due, as_of);
        let outstanding = item.open_after(as_of)?;
        let reached = if outstanding.is_positive() {
            let reached = self.levels.iter().take_while(|level| i64::from(level.from_days) <= days_overdue);
            reached.enumerate().last()
        } else {
            None
        };
        let zero = Money::zero(outstanding.currency());
        let (level, fee, interest) = match reached {
            None => (0, zero, zero),
            Some((index, level)) => {
                let charged = match level.interest {
                    DunningInterest::Charged => interest.interest,
                    DunningInterest::Waived => zero,
                };
                (index.saturating_add(1), level.fee, charged)
            }
        };
        let charges = fee.checked_add(&interest)?;
        let total = outstanding.checked_add(&charges)?;
        Ok(Dunning { level, days_overdue, outstanding, fee, interest, charges, total })
    }
}

/// The written form.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "DunningRule", deny_unknown_fields)]
struct Stated {
    levels: Vec<DunningLevel>,
    interest: LateInterestRule,
}

#[cfg(feature = "serde")]
impl TryFrom<Stated> for DunningRule {
    type Error = SettlementError;

    fn try_from(stated: Stated) -> Result<Self, SettlementError> {
        Self::new(stated.levels, stated.interest)
    }
}

#[cfg(feature = "serde")]
impl From<DunningRule> for Stated {
    fn from(rule: DunningRule) -> Self {
        Self { levels: rule.levels, interest: rule.interest }
    }
}

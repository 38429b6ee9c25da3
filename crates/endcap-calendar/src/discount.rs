//! Cash discounts for early payment: windows and amounts.

use chrono::NaiveDate;
use endcap_types::{Money, Rate, Rounding};

use crate::problem::{BrokenRule, Place, Problem};
use crate::{CalendarError, dates, limits};

/// 现金折扣档: `rate` off when paid within `days` days of the base date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DiscountStep {
    /// Discount on the amount, above 0 % and at most 100 %.
    pub rate: Rate,
    /// Days from the base date; the last of them is included.
    pub days: u32,
}

/// 现金折扣: steps whose rates fall while their days rise, and days of grace after each.
///
/// The discount is never a due date of its own: it belongs to the one amount it reduces.
///
/// # Examples
/// ```
/// use endcap_calendar::{CashDiscount, DiscountStep, dates};
/// use endcap_types::{Currency, Money, Rounding};
/// // 3 % within 10 days, 2 % within 30 days.
/// let offer = CashDiscount::new(
///     [DiscountStep { rate: "3%".parse()?, days: 10 }, DiscountStep { rate: "2%".parse()?, days: 30 }],
///     0,
/// )?;
/// let (invoice, total) = (dates::ymd(2026, 3, 1)?, Money::parse("10000.00", Currency::CNY)?);
/// let taken = offer.taken(total, invoice, dates::ymd(2026, 3, 12)?, &Rounding::HALF_AWAY)?;
/// assert_eq!(taken.pay.to_amount_string(), "9800.00");
/// assert_eq!(taken.discount.to_amount_string(), "200.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// SAP manual, terms of payment; the amount to pay is rounded and the discount is the rest (house rule).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Stated", into = "Stated")
)]
pub struct CashDiscount {
    steps: Vec<DiscountStep>,
    grace_days: u32,
}

/// 折扣期: one step of an offer, for a known base date and amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DiscountWindow {
    /// The discount.
    pub rate: Rate,
    /// 折扣截止日: last day that earns it without grace, included.
    pub last_day: NaiveDate,
    /// Last day that earns it with grace, included.
    pub last_day_with_grace: NaiveDate,
    /// Amount to pay within the window.
    pub pay: Money,
    /// Amount saved; `pay` + `discount` = the amount.
    pub discount: Money,
}

/// 实际折扣: what a payment on one day settles at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DiscountTaken {
    /// The discount earned; 0 % when none.
    pub rate: Rate,
    /// Amount to pay.
    pub pay: Money,
    /// Amount saved; `pay` + `discount` = the amount.
    pub discount: Money,
}

/// 部分付款: what a partial payment within a window earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum PartialPayment {
    /// Nothing: the discount is for payment in full.
    NoDiscount,
    /// Its share: cleared = paid / (1 − rate).
    ProRata,
}

impl CashDiscount {
    /// No discount: no window, and so no discount date.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Steps from the highest rate to the lowest, and `grace_days` after the last day of each.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] with every problem: rates outside 0–100 % or not falling,
    ///   days not rising, too many steps or days.
    pub fn new(
        steps: impl IntoIterator<Item = DiscountStep>,
        grace_days: u32,
    ) -> Result<Self, CalendarError> {
        let steps: Vec<DiscountStep> = steps.into_iter().collect();
        let problems = problems_of(&steps, grace_days);
        if problems.is_empty() {
            Ok(Self { steps, grace_days })
        } else {
            Err(CalendarError::InvalidTerms { problems })
        }
    }

    /// The steps in order.
    #[must_use]
    pub fn steps(&self) -> &[DiscountStep] {
        &self.steps
    }

    /// Days of grace after the last day of each step.
    #[must_use]
    pub fn grace_days(&self) -> u32 {
        self.grace_days
    }

    /// 折扣期: the windows for `amount`, counted from `base`, in order; none without steps.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] when a window leaves the supported range.
    /// - [`CalendarError::Types`] when an amount is out of range.
    ///
    /// # Source
    /// House rule; a discount date without a configured discount is a defect reported against
    /// ERPNext (`frappe/erpnext` 46623, 54006).
    pub fn windows(
        &self,
        amount: Money,
        base: NaiveDate,
        rounding: &Rounding,
    ) -> Result<Vec<DiscountWindow>, CalendarError> {
        let mut windows = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let last_day = dates::add_days(base, i64::from(step.days))?;
            let last_day_with_grace = dates::add_days(last_day, i64::from(self.grace_days))?;
            let taken = DiscountTaken::at(amount, step.rate, rounding)?;
            windows.push(DiscountWindow {
                rate: step.rate,
                last_day,
                last_day_with_grace,
                pay: taken.pay,
                discount: taken.discount,
            });
        }
        Ok(windows)
    }

    /// The rate a payment on `paid_on` earns: the first step whose window has not closed, 0 % after the last.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    pub fn rate_on(&self, base: NaiveDate, paid_on: NaiveDate) -> Result<Rate, CalendarError> {
        dates::check(paid_on)?;
        for step in &self.steps {
            let days = i64::from(step.days).saturating_add(i64::from(self.grace_days));
            if paid_on <= dates::add_days(base, days)? {
                return Ok(step.rate);
            }
        }
        Ok(Rate::ZERO)
    }

    /// What `amount`, counted from `base`, settles at when paid in full on `paid_on`.
    ///
    /// pay = round(amount × (1 − rate)); discount = amount − pay.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] outside the supported range.
    /// - [`CalendarError::Types`] when an amount is out of range.
    ///
    /// # Source
    /// SAP manual, terms of payment: the last day of a step still earns it.
    pub fn taken(
        &self,
        amount: Money,
        base: NaiveDate,
        paid_on: NaiveDate,
        rounding: &Rounding,
    ) -> Result<DiscountTaken, CalendarError> {
        DiscountTaken::at(amount, self.rate_on(base, paid_on)?, rounding)
    }
}

impl DiscountTaken {
    /// `amount` less `rate`, the amount to pay being rounded; a coarse step never makes it more than the whole amount,
    /// nor turns it against the account.
    fn at(amount: Money, rate: Rate, rounding: &Rounding) -> Result<Self, CalendarError> {
        let pay = if rate.is_zero() {
            amount
        } else {
            let pay = amount.exact().times_rate(&rate.complement()?)?.round(rounding)?;
            let nothing = Money::zero(amount.currency());
            let (least, most) = (amount.smaller(&nothing)?, amount.larger(&nothing)?);
            pay.larger(&least)?.smaller(&most)?
        };
        Ok(Self { rate, pay, discount: amount.checked_sub(&pay)? })
    }

    /// 部分核销: the part of the open amount that a partial payment `paid` at this rate clears.
    ///
    /// Without discount: paid. Pro rata: round(paid / (1 − rate)).
    ///
    /// # Errors
    /// - [`CalendarError::Types`] when the rate is 100 % or an amount is out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{CashDiscount, DiscountStep, PartialPayment, dates};
    /// use endcap_types::{Currency, Money, Rounding};
    /// let offer = CashDiscount::new([DiscountStep { rate: "2%".parse()?, days: 10 }], 0)?;
    /// let day = dates::ymd(2026, 3, 1)?;
    /// let taken = offer.taken(Money::parse("100.00", Currency::CNY)?, day, day, &Rounding::HALF_AWAY)?;
    /// let paid = Money::parse("49.00", Currency::CNY)?;
    /// assert_eq!(taken.cleared_by(paid, PartialPayment::ProRata, &Rounding::HALF_AWAY)?.to_amount_string(), "50.00");
    /// assert_eq!(taken.cleared_by(paid, PartialPayment::NoDiscount, &Rounding::HALF_AWAY)?.to_amount_string(), "49.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule.
    pub fn cleared_by(
        &self,
        paid: Money,
        policy: PartialPayment,
        rounding: &Rounding,
    ) -> Result<Money, CalendarError> {
        match policy {
            PartialPayment::NoDiscount => Ok(paid),
            PartialPayment::ProRata => {
                let whole = self.rate.complement()?.to_exact().reciprocal()?;
                Ok(paid.exact().times(&whole)?.round(rounding)?)
            }
        }
    }
}

fn problems_of(steps: &[DiscountStep], grace_days: u32) -> Vec<Problem> {
    let mut problems = Vec::new();
    if steps.len() > limits::MAX_DISCOUNT_STEPS {
        let rule = BrokenRule::TooMany { count: steps.len(), limit: limits::MAX_DISCOUNT_STEPS };
        problems.push(Problem { place: Place::Whole, rule });
    }
    if grace_days > limits::MAX_STEP_DAYS {
        let rule = BrokenRule::ShiftTooLarge {
            amount: u64::from(grace_days),
            unit: "days of grace",
            limit: limits::MAX_STEP_DAYS,
        };
        problems.push(Problem { place: Place::Whole, rule });
    }
    let mut before: Option<&DiscountStep> = None;
    for (number, step) in (1..).zip(steps) {
        let mut report = |rule| problems.push(Problem { place: Place::DiscountStep(number), rule });
        if step.rate <= Rate::ZERO || step.rate > Rate::ONE {
            report(BrokenRule::RateOutside { rate: step.rate });
        }
        if step.days > limits::MAX_STEP_DAYS {
            report(BrokenRule::ShiftTooLarge {
                amount: u64::from(step.days),
                unit: "days",
                limit: limits::MAX_STEP_DAYS,
            });
        }
        if let Some(before) = before {
            if step.rate >= before.rate {
                report(BrokenRule::DiscountNotFalling { rate: step.rate, before: before.rate });
            }
            if step.days <= before.days {
                report(BrokenRule::DiscountDaysNotRising { days: step.days, before: before.days });
            }
        }
        before = Some(step);
    }
    problems
}

/// The written form.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "CashDiscount", deny_unknown_fields)]
struct Stated {
    steps: Vec<DiscountStep>,
    #[serde(default)]
    grace_days: u32,
}

#[cfg(feature = "serde")]
impl TryFrom<Stated> for CashDiscount {
    type Error = CalendarError;

    fn try_from(stated: Stated) -> Result<Self, CalendarError> {
        Self::new(stated.steps, stated.grace_days)
    }
}

#[cfg(feature = "serde")]
impl From<CashDiscount> for Stated {
    fn from(offer: CashDiscount) -> Self {
        Self { steps: offer.steps, grace_days: offer.grace_days }
    }
}

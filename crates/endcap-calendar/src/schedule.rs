//! Running an [`InstalmentPlan`]: amounts, dates and discounts of each line.

use chrono::NaiveDate;
use endcap_types::{Exact, Money, TypesError};

use crate::{
    BusinessCalendar, CalendarError, DiscountWindow, Due, DueDate, EventDates, InstalmentMode,
    InstalmentPlan, Share,
};

/// 发票金额: the total, and the amount without tax where a plan needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InvoiceAmount {
    total: Money,
    untaxed: Untaxed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Untaxed {
    NotGiven,
    Given(Money),
}

impl InvoiceAmount {
    /// 含税总额: a total alone.
    #[must_use]
    pub fn total(total: Money) -> Self {
        Self { total, untaxed: Untaxed::NotGiven }
    }

    /// A total and its part without tax, in the same currency.
    ///
    /// # Errors
    /// - [`CalendarError::Types`] when the currencies differ.
    pub fn with_untaxed(total: Money, untaxed: Money) -> Result<Self, CalendarError> {
        total.compare(&untaxed)?;
        Ok(Self { total, untaxed: Untaxed::Given(untaxed) })
    }
}

/// 应付项: one line of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DueItem {
    /// Number of the line, from 1.
    pub line: usize,
    /// The amount; all lines sum to the total.
    pub amount: Money,
    /// How the amount was found.
    pub source: AmountSource,
    /// The amount before rounding, in minor units.
    pub raw_minor: Exact,
    /// When it is due.
    pub due: Due,
    /// Cash discounts on it; empty while the base date is not known.
    pub discounts: Vec<DiscountWindow>,
}

/// 金额来源: how the amount of a line was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AmountSource {
    /// The share, rounded by the plan.
    Share(Share),
    /// 尾差: the total less the lines before; only the last line.
    Residual,
}

impl InstalmentPlan {
    /// 付款计划: the items of `amount` in the order of the lines.
    ///
    /// amount(i) = round(share(i)) for every line but the last; last = total − the others.
    ///
    /// # Errors
    /// - [`CalendarError::UntaxedMissing`] when a line asks for a percentage of an untaxed amount that was not given.
    /// - [`CalendarError::Types`] when currencies differ or an amount is out of range.
    /// - As [`PaymentTerms::due_date`](crate::PaymentTerms::due_date).
    ///
    /// # Examples
    /// See [`InstalmentPlan`].
    ///
    /// # Source
    /// As [`InstalmentPlan`].
    pub fn schedule(
        &self,
        amount: &InvoiceAmount,
        facts: &EventDates,
        calendar: &BusinessCalendar,
    ) -> Result<Vec<DueItem>, CalendarError> {
        let base = self.base.resolve(facts)?;
        let mut items: Vec<DueItem> = Vec::with_capacity(self.lines.len());
        let mut rest = amount.total;
        let mut counts_from = base.clone();
        for (number, line) in (1..).zip(&self.lines) {
            let (posted, source, raw_minor) = if number == self.lines.len() {
                (rest, AmountSource::Residual, Exact::from_int(rest.minor()))
            } else {
                self.line_amount(number, line.share, amount)?
            };
            rest = rest.checked_sub(&posted)?;
            let due = match &counts_from {
                Ok(from) => Due::On(DueDate::compute(*from, &line.pipeline, &self.run, calendar)?),
                Err(pending) => Due::Pending(pending.clone()),
            };
            if let (InstalmentMode::Sequential, Some(date)) = (self.mode, due.date()) {
                counts_from = Ok(date);
            }
            let discounts = match &base {
                Ok(from) => self.windows(posted, *from)?,
                Err(_) => Vec::new(),
            };
            items.push(DueItem { line: number, amount: posted, source, raw_minor, due, discounts });
        }
        Ok(items)
    }

    fn windows(&self, posted: Money, base: NaiveDate) -> Result<Vec<DiscountWindow>, CalendarError> {
        self.discount.windows(posted, base, &endcap_types::Rounding::new(self.rounding.mode()))
    }

    fn line_amount(
        &self,
        line: usize,
        share: Share,
        amount: &InvoiceAmount,
    ) -> Result<(Money, AmountSource, Exact), CalendarError> {
        let raw = match share {
            Share::PercentOfTotal(rate) => amount.total.exact().times_rate(&rate)?,
            Share::PercentOfUntaxed(rate) => match amount.untaxed {
                Untaxed::Given(untaxed) => untaxed.exact().times_rate(&rate)?,
                Untaxed::NotGiven => return Err(CalendarError::UntaxedMissing { line }),
            },
            Share::Fixed(fixed) => {
                if fixed.currency() != amount.total.currency() {
                    let (left, right) = (fixed.currency(), amount.total.currency());
                    return Err(TypesError::CurrencyMismatch { left, right }.into());
                }
                if amount.total.is_negative() { fixed.negated().exact() } else { fixed.exact() }
            }
            // The builder refuses a balance before the last line.
            Share::Balance => amount.total.exact(),
        };
        Ok((raw.round(&self.rounding)?, AmountSource::Share(share), raw.value().clone()))
    }
}

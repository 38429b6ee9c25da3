//! [`TradeScenario`]: goods that are delivered and sold over time, under the prices and terms of one unit.

use chrono::NaiveDate;
use endcap_calendar::{BusinessCalendar, Due, Event, EventDates, Grain, PaymentTerms, Period, dates};
use endcap_types::{Exact, Money, Price, Quantity, Rate, TaxBasis, TypesError};

use super::error::CompareError;
use super::scenario::Scenario;
use crate::SettlementError;

/// 日期数量: so many units on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DatedQuantity {
    /// The day.
    pub on: NaiveDate,
    /// How many.
    pub quantity: Quantity,
}

/// 付款时点: when the money for a delivery or a sale comes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Timing {
    /// The days of the unit: `credit_days` after delivery, `days_to_settle` after sale.
    Days,
    /// By payment terms; papers come with the goods, and statements are confirmed on the last day of the month.
    Terms {
        /// 赊销: for a delivery.
        credit: PaymentTerms,
        /// 代销、联营: for a sale.
        after_sale: PaymentTerms,
    },
}

/// 保底: the least turnover of a counter, and what the supplier pays on what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TradeGuarantee {
    /// Least turnover of a cycle, till money with tax; part of it for part of a cycle, by days.
    pub amount: Money,
    /// The rate on what is missing.
    pub rate: Rate,
    /// The cycle.
    pub cycle: Grain,
}

/// 动销情景: deliveries and sales over time, under the prices and terms of one unit.
///
/// The days on which goods sell replace `days_to_sale` of the unit. Sales are what leaves stock; the share `shrink` of
/// it is lost at the supplier's cost, as in [`Scenario`]. Under credit terms the retailer keeps what it does not sell.
///
/// # Source
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TradeScenario {
    /// Prices and terms of one unit.
    pub unit: Scenario,
    /// The days looked at; everything is valued on the first.
    pub window: Period,
    /// Goods delivered.
    pub deliveries: Vec<DatedQuantity>,
    /// Goods sold, in days at or after they were delivered.
    pub sales: Vec<DatedQuantity>,
    /// 成本: what a unit costs the supplier, without tax.
    pub cost: Price,
    /// Days after delivery on which the supplier pays that cost.
    pub cost_days: u32,
    /// 残值: what an unsold unit is worth to the supplier at the end of the window, a share of its cost.
    pub salvage: Rate,
    /// When the money comes.
    pub timing: Timing,
    /// 保底 of the concession.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub guarantee: Option<TradeGuarantee>,
}

/// Units on a day, exact, so that sales can be scaled.
pub(super) type Lots = Vec<(NaiveDate, Exact)>;

impl TradeScenario {
    /// 窗口末日: the last day of the window.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        self.window.last_day()
    }

    pub(super) fn check(&self) -> Result<(), SettlementError> {
        for (what, lots) in [("a delivery", &self.deliveries), ("a sale", &self.sales)] {
            for lot in lots {
                if !self.window.contains(lot.on) {
                    let (on, window) = (lot.on, self.window);
                    return Err(CompareError::OutsideWindow { what, on, window }.into());
                }
                if lot.quantity.is_negative() || lot.quantity.is_zero() {
                    let (on, quantity) = (lot.on, lot.quantity);
                    return Err(CompareError::QuantityNotPositive { what, on, quantity }.into());
                }
                let (left, right) = (self.unit.retail.unit(), lot.quantity.unit());
                if left != right {
                    return Err(TypesError::UnitMismatch { left, right }.into());
                }
            }
        }
        self.check_stock()?;
        let share = |field, rate: &Rate| {
            if rate.is_negative() || *rate > Rate::ONE {
                let limit = "0% to 100%";
                return Err(SettlementError::ScenarioOutOfRange { field, value: rate.to_string(), limit });
            }
            Ok(())
        };
        share("salvage", &self.salvage)?;
        crate::reconcile::same_basis("the cost", TaxBasis::Exclusive, self.cost.tax())?;
        let (left, right) = (self.unit.retail.currency(), self.cost.currency());
        if left != right {
            return Err(TypesError::CurrencyMismatch { left, right }.into());
        }
        let (left, right) = (self.unit.retail.unit(), self.cost.unit());
        if left != right {
            return Err(TypesError::UnitMismatch { left, right }.into());
        }
        if let Some(guarantee) = &self.guarantee {
            share("guarantee.rate", &guarantee.rate)?;
            Money::zero(self.unit.retail.currency()).compare(&guarantee.amount)?;
            crate::credit::not_negative("a guarantee", guarantee.amount)?;
        }
        Ok(())
    }

    /// Nothing is sold that was not delivered by then.
    fn check_stock(&self) -> Result<(), SettlementError> {
        if self.deliveries.is_empty() {
            return Err(CompareError::NothingDelivered.into());
        }
        let by = |lots: &[DatedQuantity], day: NaiveDate| -> Result<Quantity, TypesError> {
            let zero = Quantity::zero(self.unit.retail.unit());
            let lots = lots.iter().filter(|lot| lot.on <= day);
            lots.map(|lot| lot.quantity).try_fold(zero, |sum, more| sum.checked_add(&more))
        };
        for sale in &self.sales {
            let (sold, delivered) = (by(&self.sales, sale.on)?, by(&self.deliveries, sale.on)?);
            if sold.compare(&delivered)?.is_gt() {
                return Err(CompareError::SoldBeforeDelivered { on: sale.on, sold, delivered }.into());
            }
        }
        Ok(())
    }

    /// The day the money for a delivery comes, under credit terms.
    pub(super) fn credit_day(&self, delivered: NaiveDate) -> Result<NaiveDate, SettlementError> {
        match &self.timing {
            Timing::Days => Ok(dates::add_days(delivered, i64::from(self.unit.credit_days))?),
            Timing::Terms { credit, .. } => paid_on(credit, delivered),
        }
    }

    /// The day the money for a sale comes.
    pub(super) fn settled_day(&self, sold: NaiveDate) -> Result<NaiveDate, SettlementError> {
        match &self.timing {
            Timing::Days => Ok(dates::add_days(sold, i64::from(self.unit.days_to_settle))?),
            Timing::Terms { after_sale, .. } => paid_on(after_sale, sold),
        }
    }
}

fn paid_on(terms: &PaymentTerms, day: NaiveDate) -> Result<NaiveDate, SettlementError> {
    let month_end = Period::containing(Grain::Month, day)?.last_day();
    let mut events = EventDates::new()
        .with(Event::StatementConfirmed, month_end)
        .with(Event::EndOfSupplyPeriod, month_end);
    for event in [Event::Delivery, Event::InvoiceDate, Event::InvoiceReceived, Event::Acceptance] {
        events = events.with(event, day);
    }
    match terms.due_date(&events, &BusinessCalendar::weekends())? {
        Due::On(due) => Ok(due.expected_pay),
        Due::Pending(_) => Err(CompareError::NoDueDate { terms: terms.to_string() }.into()),
    }
}

/// Lots as exact numbers, times a factor.
pub(super) fn lots(of: &[DatedQuantity], factor: &Exact) -> Result<Lots, TypesError> {
    of.iter().map(|lot| Ok((lot.on, lot.quantity.to_exact().mul(factor)?))).collect()
}

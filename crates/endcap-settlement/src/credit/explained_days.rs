//! Why days outstanding and fixed compensations are what they are.

use endcap_types::{Exact, Money};
use rust_decimal::Decimal;

use super::explained::same;
use super::{CompensationTable, CountBack, CreditError, DaysOutstanding, SalesMonth, SalesOutstanding};
use crate::explained::{Explained, Explainer};
use crate::trace::Cell;
use crate::{Band, Formula, Measure, SettlementError, Subject, TierPay, What};

/// Refuses days that do not follow from what is given with them.
fn same_days(what: &'static str, told: &Exact, stated: &Exact) -> Result<(), SettlementError> {
    if told == stated {
        return Ok(());
    }
    Err(CreditError::DaysBroken { what, told: told.to_string(), stated: stated.to_string() }.into())
}

fn days_of(why: &mut Explainer, of: impl core::fmt::Display, days: u32) -> Cell {
    why.number(Subject::of(What::DaysOfPeriod, of), Measure::Number, Exact::from_int(i128::from(days)))
}

impl DaysOutstanding {
    /// 周转天数说明: why each of the three measures is what it is, in days.
    ///
    /// `facts` are those of [`days_sales_outstanding`](super::days_sales_outstanding).
    ///
    /// # Errors
    /// - [`CreditError::DaysBroken`] when a measure does not follow from the facts given.
    /// - [`CreditError::NoCreditSales`] when the sales are not above zero.
    /// - [`SettlementError::Types`] when currencies differ or a value is out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_settlement::credit::{SalesOutstanding, days_sales_outstanding};
    /// use endcap_settlement::{Language, What};
    /// use endcap_types::{Currency, Money};
    /// let yuan = |text: &str| Money::parse(text, Currency::CNY);
    /// let facts = SalesOutstanding {
    ///     receivable: yuan("450000.00")?,
    ///     current: yuan("300000.00")?,
    ///     credit_sales: yuan("900000.00")?,
    ///     days: 90,
    /// };
    /// let why = days_sales_outstanding(&facts)?.explained(&facts)?;
    /// let lines = why.explain(What::DaysSalesOutstanding, "", Language::En)?;
    /// assert_eq!(lines[0], "days sales outstanding: 45 = 450000.00 × 90 / 900000.00");
    /// let lines = why.explain(What::DaysDelinquent, "", Language::Zh)?;
    /// assert_eq!(lines[0], "平均逾期天数：15 = 45 − 30");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule: every figure can be asked why.
    pub fn explained(&self, facts: &SalesOutstanding) -> Result<Explained, SettlementError> {
        let sales = facts.credit_sales;
        if !sales.is_positive() {
            return Err(CreditError::NoCreditSales { sales }.into());
        }
        sales.compare(&facts.receivable)?;
        sales.compare(&facts.current)?;
        let mut why = Explainer::new(sales.currency());
        let days = days_of(&mut why, "", facts.days);
        let sales = why.money(Subject::new(What::CreditSales), &sales);
        let mut of = |what, subject: Subject, amount: &Money, stated: &Exact| {
            let amount = why.money(subject, amount);
            let cell = why.figure(what, Measure::Number, Formula::Prorate, &[&amount, &days, &sales])?;
            same_days("receivable / credit sales × days", &cell.value, stated)?;
            Ok::<Cell, SettlementError>(cell)
        };
        let (all, best) = (Subject::new(What::Receivable), Subject::new(What::NotDue));
        let told = Subject::new(What::DaysSalesOutstanding);
        let all = of(told, all, &facts.receivable, &self.days_sales_outstanding)?;
        let told = Subject::new(What::BestPossibleDays);
        let best = of(told, best, &facts.current, &self.best_possible)?;
        let subject = Subject::new(What::DaysDelinquent);
        let late = why.figure(subject, Measure::Number, Formula::Subtract, &[&all, &best])?;
        same_days("DSO − best possible DSO", &late.value, &self.average_days_delinquent)?;
        Ok(why.done())
    }
}

impl CountBack {
    /// 倒推说明: why the receivables stand for so many days, month by month; months are counted from 0, the latest.
    ///
    /// Receivables and months are those of [`count_back`](super::count_back).
    ///
    /// # Errors
    /// - [`CreditError::DaysBroken`], [`SettlementError::IdentityBroken`] when days or what is left do not follow.
    /// - [`SettlementError::Types`] when currencies differ or a value is out of range.
    ///
    /// # Source
    /// House rule: every figure can be asked why.
    pub fn explained(&self, receivable: Money, months: &[SalesMonth]) -> Result<Explained, SettlementError> {
        let mut why = Explainer::new(receivable.currency());
        let mut left = why.money(Subject::new(What::Receivable), &receivable);
        let mut parts = Vec::new();
        for (index, month) in months.iter().enumerate() {
            receivable.compare(&month.sales)?;
            if left.value.is_zero() {
                break;
            }
            let days = days_of(&mut why, index, month.days);
            let counted = Subject::of(What::DaysCounted, index);
            if month.sales.is_zero() {
                // A month without sales is used up at once and counts all its days.
                parts.push(why.figure(counted, Measure::Number, Formula::Take, &[&days])?);
                continue;
            }
            let sales = why.money(Subject::of(What::CreditSales, index), &month.sales);
            let used = Subject::of(What::SalesCounted, index);
            let used = why.step(used, Measure::Amount, Formula::Smaller, &[&left, &sales])?;
            parts.push(why.figure(counted, Measure::Number, Formula::Prorate, &[&used, &days, &sales])?);
            let subject = Subject::of(What::LeftToApply, index);
            left = why.step(subject, Measure::Amount, Formula::Subtract, &[&left, &used])?;
        }
        let parts: Vec<&Cell> = parts.iter().collect();
        let days = why.figure(Subject::new(What::DaysCounted), Measure::Number, Formula::Sum, &parts)?;
        same_days("days = Σ days of the months", &days.value, &self.days)?;
        let (_, told) = why.amount(Subject::new(What::Unexplained), Formula::Take, &[&left])?;
        same("receivable = Σ sales counted + unexplained", told, self.unexplained)?;
        Ok(why.done())
    }
}

impl CompensationTable {
    /// 补偿说明: the compensation for one late `debt`, with the band it reaches.
    ///
    /// # Errors
    /// - Those of [`amount`](Self::amount).
    /// - [`SettlementError::Types`] for a band beyond the range of decimals.
    ///
    /// # Examples
    /// ```
    /// use endcap_settlement::credit::CompensationTable;
    /// use endcap_settlement::{Language, What};
    /// use endcap_types::{Currency, Money};
    /// let table = CompensationTable::united_kingdom()?;
    /// let why = table.explained(Money::parse("1200.00", Currency::GBP)?)?;
    /// let lines = why.explain(What::Compensation, "", Language::En)?;
    /// assert_eq!(lines[0], "fixed compensation: 70.00 = what the tier from 1000 pays, reached by 1200.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// As [`CompensationTable`]; the trace is a house rule.
    pub fn explained(&self, debt: Money) -> Result<Explained, SettlementError> {
        let stated = self.amount(debt)?;
        let reached = self.bands().partition_point(|band| band.from.minor() <= debt.minor());
        let lower = match reached.checked_sub(1).and_then(|index| self.bands().get(index)) {
            Some(band) => band.from.to_decimal()?,
            None => Decimal::ZERO,
        };
        let upper = self.bands().get(reached).map(|band| band.from.to_decimal()).transpose()?;
        let pay = TierPay::PerUnit(stated.to_decimal()?);
        let band = Band { lower, upper, pay, flat: Decimal::ZERO };
        let mut why = Explainer::new(debt.currency());
        let debt = why.money(Subject::new(What::LateDebt), &debt);
        let formula = Formula::TierRate { measured: Measure::Amount, band };
        let (_, told) = why.amount(Subject::new(What::Compensation), formula, &[&debt])?;
        same("compensation = that of the band reached", told, stated)?;
        Ok(why.done())
    }
}

//! Why late interest, reminders, provisions and exposures are what they are.

use endcap_calendar::DayCount;
use endcap_types::{Exact, Money, Rounding};

use super::interest::cap_of;
use super::{
    CreditError, Dunning, Exposure, Inclusion, InterestBasis, InterestSegment, LateInterest,
    LateInterestRule, LateItem, Provision, ProvisionMatrix,
};
use crate::explained::{Explained, Explainer};
use crate::trace::Cell;
use crate::{Formula, Measure, SettlementError, Subject, What};

/// Refuses figures that do not follow from what is given with them.
pub(super) fn same(what: &'static str, told: Money, stated: Money) -> Result<(), SettlementError> {
    if told == stated {
        Ok(())
    } else {
        Err(SettlementError::IdentityBroken { identity: what, left: told, right: stated })
    }
}

fn refs(cells: &[Cell]) -> Vec<&Cell> {
    cells.iter().collect()
}

impl LateInterest {
    /// 计息说明: why the interest is what it is, stretch by stretch.
    ///
    /// Item and rule are those the interest was computed from; stretches are found by their last day.
    ///
    /// # Errors
    /// - [`SettlementError::IdentityBroken`] when the interest does not follow from the item and rule given.
    /// - [`SettlementError::Types`], [`SettlementError::Calendar`] for values out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{DayCount, dates};
    /// use endcap_settlement::credit::{InterestBasis, LateInterestRule, LateItem, RateTable, late_interest};
    /// use endcap_settlement::{Language, What};
    /// use endcap_types::{Currency, Money};
    /// let rule = LateInterestRule::new(RateTable::flat("12%".parse()?)?, InterestBasis::Yearly(DayCount::Act365F));
    /// let item = LateItem::new(Money::parse("3600.00", Currency::GBP)?, dates::ymd(2026, 1, 31)?);
    /// let told = late_interest(&item, dates::ymd(2026, 4, 1)?, &rule)?.explained(&item, &rule)?;
    /// let lines = told.explain(What::LateInterest, "", Language::En)?;
    /// assert_eq!(lines[0], "late interest: 71.01 = 71.0136986301…; rounded half_away_from_zero from 71.0136986301…");
    /// assert_eq!(lines[1].trim_start(), "interest of the days [2026-04-01]: 71.0136986301… = 432.00 × 60 / 365");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(&self, item: &LateItem, rule: &LateInterestRule) -> Result<Explained, SettlementError> {
        let mut why = Explainer::new(item.principal.currency());
        self.told(&mut why, item, rule)?;
        Ok(why.done())
    }

    pub(super) fn told(
        &self,
        why: &mut Explainer,
        item: &LateItem,
        rule: &LateInterestRule,
    ) -> Result<Cell, SettlementError> {
        let mut parts = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            parts.push(told_segment(why, segment, item, rule)?);
        }
        let subject = Subject::new(What::LateInterest);
        let (cell, told) = match cap_of(item, rule)?.filter(|_| !parts.is_empty()) {
            None => why.posted(subject, Formula::Sum, &refs(&parts), rule.rounding)?,
            Some(cap) => {
                let of = Subject::of(What::LateInterest, "before the cap");
                let sum = why.step(of, Measure::Amount, Formula::Sum, &refs(&parts))?;
                let cap = why.number(Subject::new(What::Cap), Measure::Amount, cap.value().clone());
                why.posted(subject, Formula::Smaller, &[&sum, &cap], rule.rounding)?
            }
        };
        same("late interest = Σ interest of the days", told, self.interest)?;
        Ok(cell)
    }
}

/// principal × rate × days / days of the year, or principal × rate × days for a daily rate.
fn told_segment(
    why: &mut Explainer,
    segment: &InterestSegment,
    item: &LateItem,
    rule: &LateInterestRule,
) -> Result<Cell, SettlementError> {
    let mut principal = vec![why.money(Subject::new(What::Principal), &item.principal)];
    for (index, payment) in item.payments.iter().enumerate().filter(|(_, paid)| paid.on <= segment.from) {
        let subject = Subject::fact(What::PartPaid, index.saturating_add(1), payment.on);
        principal.push(why.money(subject, &payment.amount));
    }
    let open = Subject::fact(What::OpenPrincipal, "", segment.from);
    let open = why.step(open, Measure::Amount, Formula::Subtract, &refs(&principal))?;
    let rate = Subject::fact(What::Rate, "", segment.to);
    let rate = why.number(rate, Measure::Share, segment.rate.to_exact());
    let days = Subject::fact(What::DaysLate, "", segment.to);
    let days = why.number(days, Measure::Number, Exact::from_int(i128::from(segment.days)));
    let subject = Subject::of(What::SegmentInterest, segment.to);
    let interest = |what| Subject::fact(what, "", segment.to);
    let year = match rule.basis {
        InterestBasis::PerDay => {
            let daily = interest(What::DailyInterest);
            let daily = why.step(daily, Measure::Amount, Formula::Multiply, &[&open, &rate])?;
            return why.step(subject, Measure::Amount, Formula::Multiply, &[&daily, &days]);
        }
        InterestBasis::Yearly(DayCount::Act365F) => Some(365),
        InterestBasis::Yearly(DayCount::Act360 | DayCount::Thirty360E) => Some(360),
        InterestBasis::Yearly(_) => None,
    };
    let yearly = interest(What::YearlyInterest);
    let yearly = why.step(yearly, Measure::Amount, Formula::Multiply, &[&open, &rate])?;
    if let Some(days_of_year) = year {
        let of = Subject::new(What::DaysOfYear);
        let days_of_year = why.number(of, Measure::Number, Exact::from_int(days_of_year));
        return why.step(subject, Measure::Amount, Formula::Prorate, &[&yearly, &days, &days_of_year]);
    }
    let InterestBasis::Yearly(day_count) = rule.basis else { return Ok(yearly) };
    let part = day_count.fraction(segment.from, segment.to)?.exact()?;
    let part = why.number(interest(What::YearPart), Measure::Number, part);
    why.step(subject, Measure::Amount, Formula::Multiply, &[&yearly, &part])
}

impl Dunning {
    /// 催款说明: why a reminder asks for what it asks for.
    ///
    /// `interest` is the late interest of the item on the day of the reminder, under the rule given.
    ///
    /// # Errors
    /// - [`SettlementError::IdentityBroken`] when the figures do not follow from what is given.
    /// - [`SettlementError::Types`], [`SettlementError::Calendar`] for values out of range.
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(
        &self,
        interest: &LateInterest,
        item: &LateItem,
        rule: &LateInterestRule,
    ) -> Result<Explained, SettlementError> {
        let mut why = Explainer::new(item.principal.currency());
        let outstanding = why.money(Subject::new(What::OpenPrincipal), &self.outstanding);
        let fee = why.money(Subject::new(What::DunningFee), &self.fee);
        let mut parts = vec![outstanding, fee];
        if !self.interest.is_zero() {
            parts.push(interest.told(&mut why, item, rule)?);
            same("interest of the reminder = late interest", interest.interest, self.interest)?;
        }
        let subject = Subject::new(What::DunningTotal);
        let (_, told) = why.amount(subject, Formula::Sum, &refs(&parts))?;
        same("total = outstanding + fee + interest", told, self.total)?;
        Ok(why.done())
    }
}

impl Provision {
    /// 准备金说明: why the provision of each bucket, and of all, is what it is; buckets are counted from 0, not due first.
    ///
    /// # Errors
    /// - [`CreditError::BucketCount`](super::CreditError::BucketCount) when there are more or fewer balances than rates.
    /// - [`SettlementError::IdentityBroken`] when the provision does not follow from what is given.
    /// - [`SettlementError::Types`] for values out of range.
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(
        &self,
        balances: &[Money],
        matrix: &ProvisionMatrix,
        rounding: &Rounding,
    ) -> Result<Explained, SettlementError> {
        let (count, rates) = (balances.len(), matrix.rates().len());
        if count != rates || count != self.parts.len() {
            return Err(CreditError::BucketCount { balances: count, rates }.into());
        }
        let mut why = Explainer::new(self.total.currency());
        let mut parts = Vec::with_capacity(count);
        for (bucket, ((balance, rate), part)) in
            balances.iter().zip(matrix.rates()).zip(&self.parts).enumerate()
        {
            let balance = balance.larger(&Money::zero(balance.currency()))?;
            let balance = why.money(Subject::of(What::AgeBucket, bucket), &balance);
            let subject = Subject::of(What::LossRate, bucket);
            let rate = why.number(subject, Measure::Share, rate.as_exact().clone());
            let subject = Subject::of(What::BucketProvision, bucket);
            let (cell, told) = why.posted(subject, Formula::Multiply, &[&balance, &rate], *rounding)?;
            same("provision = balance × loss rate", told, *part)?;
            parts.push(cell);
        }
        let (_, told) = why.amount(Subject::new(What::Provision), Formula::Sum, &refs(&parts))?;
        same("provision = Σ buckets", told, self.total)?;
        Ok(why.done())
    }
}

impl Exposure {
    /// 敞口说明: why the exposure and the headroom are what they are.
    ///
    /// # Errors
    /// - [`SettlementError::IdentityBroken`] when the totals do not follow from the components.
    /// - [`SettlementError::Types`] for values out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_settlement::credit::{CreditLimit, ExposureComponent::*, ExposurePolicy, exposure};
    /// use endcap_settlement::{Language, What};
    /// use endcap_types::{Currency, Money};
    /// let yuan = |text: &str| Money::parse(text, Currency::CNY);
    /// let policy = ExposurePolicy::including(CreditLimit::new(yuan("500.00")?)?, [Overdue, Deposits]);
    /// let told = exposure(&[(Overdue, yuan("300.00")?), (Deposits, yuan("-20.00")?)].into(), &policy)?.explained()?;
    /// assert_eq!(told.explain(What::Headroom, "", Language::Zh)?[0], "剩余额度：220.00 = 500.00 − 280.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(&self) -> Result<Explained, SettlementError> {
        let mut why = Explainer::new(self.total.currency());
        let included = self.lines.iter().filter(|line| line.rule.inclusion == Inclusion::Included);
        let parts: Vec<Cell> = included
            .map(|line| why.money(Subject::of(What::ExposurePart, line.component.word()), &line.amount))
            .collect();
        let (total, told) = why.amount(Subject::new(What::Exposure), Formula::Sum, &refs(&parts))?;
        same("exposure = Σ included components", told, self.total)?;
        let limit = why.money(Subject::new(What::CreditLimit), &self.limit.amount());
        let subject = Subject::new(What::Headroom);
        let (_, told) = why.amount(subject, Formula::Subtract, &[&limit, &total])?;
        same("headroom = limit − exposure", told, self.headroom)?;
        Ok(why.done())
    }
}

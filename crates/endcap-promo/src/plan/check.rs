//! The principles of promotion, checked before the event starts.

use chrono::{Days, NaiveDate};
use endcap_types::{Currency, Exact, Rate, RoundingMode};
use rust_decimal::Decimal;

use super::event::{CheckRules, Design, Objective, PlannedEvent};
use super::finding::{Check, Finding, Severity};
use super::forecast::{Forecast, forecast};
use crate::exact_units::{minor, minor_per_unit};
use crate::{FundingBasis, Measure, Party, PromoError};

/// Checks planned events against the principles of promotion (促销原则检查): every finding at once, errors first.
///
/// # Errors
///
/// - [`PromoError::Types`] when a forecast leaves the range of money or of exact numbers.
///
/// # Source
///
/// House rule: the thresholds of [`CheckRules`] and their sources.
pub fn check(events: &[PlannedEvent], rules: &CheckRules) -> Result<Vec<Finding>, PromoError> {
    let mut findings = Vec::new();
    for event in events {
        let mut of = Checks { event, rules, findings: &mut findings };
        let forecast = forecast(event, &event.planned_lift)?;
        of.target();
        of.money(&forecast)?;
        of.proof();
        of.clashes(events);
        of.design();
        of.gift_and_prize()?;
        of.dependence();
        of.reference_price();
    }
    findings.sort_by(|a, b| (a.severity, &a.event, &a.check).cmp(&(b.severity, &b.event, &b.check)));
    Ok(findings)
}

/// The checks of one event.
struct Checks<'a> {
    event: &'a PlannedEvent,
    rules: &'a CheckRules,
    findings: &'a mut Vec<Finding>,
}

/// A share as a percentage with one decimal.
fn percent(share: &Exact) -> String {
    let hundred = share.mul(&Exact::from_int(100));
    hundred.map_or_else(
        |_| "beyond range".to_owned(),
        |p| format!("{}%", p.to_fixed(1, RoundingMode::HalfAwayFromZero)),
    )
}

/// Minor units as an amount with two more decimals than it takes, cut to the currency's own.
fn amount(minor: &Exact, currency: Currency) -> String {
    let major = minor.div(&Exact::from_int(currency.minor_per_major()));
    major.map_or_else(
        |_| "beyond range".to_owned(),
        |major| {
            format!(
                "{} {}",
                currency.code(),
                major.to_fixed(currency.exponent(), RoundingMode::HalfAwayFromZero)
            )
        },
    )
}

impl Checks<'_> {
    fn find(&mut self, severity: Severity, check: Check, fact: impl Into<String>, limit: impl Into<String>) {
        let event = self.event.promotion.id().clone();
        self.findings.push(Finding { event, severity, check, fact: fact.into(), limit: limit.into() });
    }

    fn target(&mut self) {
        let objective = self.event.objective;
        match &self.event.target {
            None => self.find(Severity::Error, Check::TargetMissing, "", objective.kpi()),
            Some(target) if target.on != objective => self.find(
                Severity::Warning,
                Check::ObjectiveMismatch { target: target.on },
                target.on.kpi(),
                objective.kpi(),
            ),
            Some(_) => {}
        }
    }

    fn money(&mut self, forecast: &Forecast) -> Result<(), PromoError> {
        let event = self.event;
        let currency = event.promotion.currency();
        let planned = event.planned_lift.to_exact();
        match &forecast.break_even.lift {
            Measure::Never => self.find(Severity::Error, Check::NeverBreaksEven, percent(&planned), ""),
            Measure::Value(lift) if planned < *lift => {
                self.find(Severity::Error, Check::LiftBelowBreakEven, percent(&planned), percent(lift));
            }
            Measure::Value(lift) => {
                let comfortable = lift.mul(&self.rules.break_even_margin.to_exact())?;
                if planned < comfortable {
                    let limit =
                        format!("{} of the break-even {}", self.rules.break_even_margin, percent(lift));
                    self.find(Severity::Warning, Check::LiftNearBreakEven, percent(&planned), limit);
                }
            }
            Measure::Undefined(_) => {}
        }
        let budget = minor(event.budget, currency)?;
        let spend = Exact::from_int(forecast.spend.minor());
        if spend > budget {
            self.find(
                Severity::Error,
                Check::OverBudget,
                amount(&spend, currency),
                amount(&budget, currency),
            );
        }
        let earned = Exact::from_int(forecast.net_margin.minor()).add(&spend)?;
        let twice = spend.mul(&Exact::from_int(2))?;
        if spend.is_positive() && earned < twice {
            self.find(Severity::Note, Check::FolkRule, amount(&earned, currency), amount(&twice, currency));
        }
        self.below_cost(forecast)
    }

    /// Supply price less funding against unit cost; promotion price against supply price less funding.
    fn below_cost(&mut self, forecast: &Forecast) -> Result<(), PromoError> {
        let event = self.event;
        if event.objective == Objective::ClearStock || !forecast.units.is_positive() {
            return Ok(());
        }
        let currency = event.promotion.currency();
        let spend = Exact::from_int(forecast.spend.minor()).div(&forecast.units)?;
        let net_price = minor_per_unit(&event.economics.supply_price)?.sub(&spend)?;
        let cost = minor_per_unit(&event.economics.unit_cost)?;
        if net_price < cost {
            let check = Check::BelowCost { party: Party::Supplier };
            self.find(Severity::Error, check, amount(&net_price, currency), amount(&cost, currency));
        }
        let shelf = event.promotion.mechanic().planned_unit_price(&event.economics.shelf_regular)?;
        if *shelf.value() < net_price {
            let check = Check::BelowCost { party: Party::Retailer };
            self.find(Severity::Error, check, amount(shelf.value(), currency), amount(&net_price, currency));
        }
        Ok(())
    }

    fn proof(&mut self) {
        let currency = self.event.promotion.currency();
        for line in self.event.promotion.funding() {
            if let FundingBasis::LumpSum { amount } = &line.basis
                && self.event.proof.get(&line.id).is_none_or(|terms| terms.trim().is_empty())
            {
                let check = Check::ProofMissing { line: line.id.clone() };
                self.find(Severity::Error, check, format!("{} {amount}", currency.code()), "");
            }
        }
    }

    /// Another event on the same goods and stores, in the window or the cooldown after it.
    fn clashes(&mut self, events: &[PlannedEvent]) {
        let event = self.event;
        for other in events {
            let same = other.promotion.id() == event.promotion.id();
            if same || other.account != event.account || !meet(event, other) {
                continue;
            }
            let Some(days) = overlap(event, other) else { continue };
            let shared =
                other.promotion.skus().iter().filter(|sku| event.promotion.skus().contains(sku)).count();
            if shared > 0 {
                let check = Check::Clash { other: other.promotion.id().clone() };
                self.find(Severity::Error, check, format!("{shared} item(s), {days} day(s)"), "0 days");
            }
        }
    }

    fn design(&mut self) {
        let (event, rules) = (self.event, self.rules);
        let weeks = event.promotion.period().days().div_ceil(7);
        let clean = rules.clean_weeks.max(weeks.saturating_mul(2));
        if event.clean_weeks < clean {
            let (fact, limit) = (event.clean_weeks.to_string(), clean.to_string());
            self.find(Severity::Error, Check::CleanPeriodShort, fact, limit);
        }
        match &event.design {
            Design::Undecided => self.find(Severity::Error, Check::DesignMissing, "", ""),
            Design::Controls { units } if *units < rules.controls => {
                self.find(
                    Severity::Warning,
                    Check::ControlsFew,
                    units.to_string(),
                    rules.controls.to_string(),
                );
            }
            Design::Controls { .. } | Design::NoControls { .. } => {}
        }
        if let Some(detectable) = event.detectable_lift
            && detectable > event.planned_lift
        {
            let (fact, limit) = (percent(&event.planned_lift.to_exact()), percent(&detectable.to_exact()));
            self.find(Severity::Warning, Check::LiftNotDetectable, fact, limit);
        }
    }

    fn gift_and_prize(&mut self) -> Result<(), PromoError> {
        let (event, rules) = (self.event, self.rules);
        let currency = event.promotion.currency();
        if let Some(value) = event.gift_value {
            let price = minor_per_unit(&event.economics.shelf_regular)?;
            let share = Measure::ratio(&minor(value, currency)?, &price, crate::Undefined::NothingSold)?;
            if let Some(share) = share.value()
                && (*share < rules.gift_least.to_exact() || *share > rules.gift_most.to_exact())
            {
                let limit = format!("{} to {}", rules.gift_least, rules.gift_most);
                self.find(Severity::Warning, Check::GiftValue, percent(share), limit);
            }
        }
        if let Some(prize) = event.largest_prize
            && prize > rules.prize_cap
        {
            let text = |amount: Decimal| format!("{} {amount}", currency.code());
            self.find(Severity::Error, Check::PrizeCap, text(prize), text(rules.prize_cap));
        }
        Ok(())
    }

    fn dependence(&mut self) {
        let Some(dependence) = self.event.dependence else { return };
        let rules = self.rules;
        let shares = [
            ("weeks on deal", dependence.weeks_on_deal, rules.weeks_on_deal),
            ("volume on deal", dependence.volume_on_deal, rules.volume_on_deal),
        ];
        for (figure, share, limit) in shares {
            if share >= limit {
                let (fact, limit): (Rate, Rate) = (share, limit);
                self.find(
                    Severity::Warning,
                    Check::Dependence { figure },
                    fact.to_string(),
                    limit.to_string(),
                );
            }
        }
        if dependence.falling_quarters >= rules.falling_quarters {
            let check = Check::Dependence { figure: "falling quarters" };
            let (fact, limit) = (dependence.falling_quarters.to_string(), rules.falling_quarters.to_string());
            self.find(Severity::Warning, check, fact, limit);
        }
    }

    fn reference_price(&mut self) {
        let Some(reference) = &self.event.reference_price else { return };
        let currency = self.event.promotion.currency().code();
        let start = self.event.promotion.period().start();
        let from =
            start.checked_sub_days(Days::new(self.rules.reference_days.into())).unwrap_or(NaiveDate::MIN);
        let announced = format!("{currency} {}", reference.announced);
        let window = reference.charged.range(from..start).map(|(_, price)| *price).min();
        // The rule takes the last price before the window where none was charged in it.
        let lowest = window.or_else(|| reference.charged.range(..from).next_back().map(|(_, price)| *price));
        match lowest {
            None => {
                let limit = format!("{} days before", self.rules.reference_days);
                self.find(Severity::Warning, Check::ReferencePriceUnknown, announced, limit);
            }
            Some(lowest) if reference.announced > lowest => {
                self.find(Severity::Error, Check::ReferencePrice, announced, format!("{currency} {lowest}"));
            }
            Some(_) => {}
        }
    }
}

/// Whether two events of one account share a store.
fn meet(a: &PlannedEvent, b: &PlannedEvent) -> bool {
    a.stores.is_empty() || b.stores.is_empty() || !a.stores.is_disjoint(&b.stores)
}

/// Days on which the windows, each with its cooldown, overlap.
fn overlap(a: &PlannedEvent, b: &PlannedEvent) -> Option<i64> {
    let end = |event: &PlannedEvent| {
        let days = Days::new(u64::from(event.cooldown_weeks).saturating_mul(7));
        event.promotion.period().end().checked_add_days(days).unwrap_or(NaiveDate::MAX)
    };
    let from = a.promotion.period().start().max(b.promotion.period().start());
    let days = end(a).min(end(b)).signed_duration_since(from).num_days();
    (days > 0).then_some(days)
}

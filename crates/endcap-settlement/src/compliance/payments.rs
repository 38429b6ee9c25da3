//! Rules about money: how soon it moves, and what it bears when it is late.

use chrono::NaiveDate;
use endcap_calendar::{BusinessCalendar, DayCount, Due, Event, EventDates, Grain, Period, dates};
use endcap_types::{Money, Rate};

use super::dossier::{AgreedInterest, Dossier};
use super::fact::{DayBase, PaymentFact};
use super::finding::Measured;
use super::rule::{StatutoryRate, Wording};
use super::run::Found;
use crate::SettlementError;
use crate::credit::{
    CompensationTable, InterestBasis, LateInterestRule, LateItem, RateChange, RateTable, late_interest,
};

/// Days of a contract that are tried out: every day of a year counts a term differently.
const DAYS_TRIED: i64 = 366;

fn whole(days: u32) -> Measured {
    Measured::Days(i64::from(days))
}

/// The day the money moved, or `on` while it is open; nothing when that is later than `on`.
fn moved(fact: &PaymentFact, on: NaiveDate) -> (NaiveDate, Wording) {
    match fact.paid {
        Some(paid) => (
            paid,
            Wording::new(
                format!("document {}, paid {paid}", fact.document),
                format!("单据 {}，{paid} 付款", fact.document),
            ),
        ),
        None => (
            on,
            Wording::new(
                format!("document {}, not paid on {on}", fact.document),
                format!("单据 {}，至 {on} 未付", fact.document),
            ),
        ),
    }
}

pub(super) fn paid_within(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    (from, limit): (DayBase, u32),
    on: NaiveDate,
) -> Result<(), SettlementError> {
    for fact in dossier.payments {
        let Some(base) = fact.base(from) else { continue };
        let (end, place) = moved(fact, on);
        let days = dates::days_between(base, end);
        if days > i64::from(limit) {
            found.push(place, Measured::Days(days), whole(limit));
        }
    }
    agreed_within(found, dossier, (from, limit))
}

/// The due dates agreed for documents, and the shortest time the payment terms of the contract allow for.
pub(super) fn agreed_within(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    (from, limit): (DayBase, u32),
) -> Result<(), SettlementError> {
    for fact in dossier.payments {
        let (Some(base), Some(due)) = (fact.base(from), fact.due) else { continue };
        let days = dates::days_between(base, due);
        if days > i64::from(limit) {
            let place = Wording::new(
                format!("document {}, due {due}", fact.document),
                format!("单据 {}，{due} 到期", fact.document),
            );
            found.push(place, Measured::Days(days), whole(limit));
        }
    }
    if let Some(days) = longest_term(dossier, from)?.filter(|days| *days > i64::from(limit)) {
        let terms = &dossier.contract.terms().payment_terms;
        let place = Wording::new(format!("payment terms {terms}"), format!("付款条件 {terms}"));
        found.push(place, Measured::Days(days), whole(limit));
    }
    Ok(())
}

/// The longest time from `from` to the due date that the terms lead to even when every event follows at once: papers come
/// with the goods, and a statement is confirmed on the last day of its month. Unknown where a sale must happen first.
fn longest_term(dossier: &Dossier<'_>, from: DayBase) -> Result<Option<i64>, SettlementError> {
    if from == DayBase::FinalSale {
        return Ok(None);
    }
    let terms = dossier.contract.terms();
    let calendar = BusinessCalendar::weekends();
    let (mut day, mut longest) = (terms.valid.start(), None);
    for _ in 0..DAYS_TRIED {
        if day >= terms.valid.end() {
            break;
        }
        let month_end = Period::containing(Grain::Month, day)?.last_day();
        let mut events = EventDates::new()
            .with(Event::StatementConfirmed, month_end)
            .with(Event::EndOfSupplyPeriod, month_end);
        for event in [Event::Delivery, Event::InvoiceDate, Event::InvoiceReceived, Event::Acceptance] {
            events = events.with(event, day);
        }
        if let Due::On(due) = terms.payment_terms.due_date(&events, &calendar)? {
            longest = longest.max(Some(dates::days_between(day, due.due)));
        }
        day = dates::add_days(day, 1)?;
    }
    Ok(longest)
}

pub(super) fn paid_by_due(found: &mut Found<'_>, dossier: &Dossier<'_>, on: NaiveDate) {
    for fact in dossier.payments {
        let Some(due) = fact.due else { continue };
        let (end, place) = moved(fact, on);
        let late = dates::days_between(due, end);
        if late > 0 {
            found.push(place, Measured::Days(late), Measured::Days(0));
        }
    }
}

pub(super) fn undisputed_paid(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    on: NaiveDate,
) -> Result<(), SettlementError> {
    for fact in dossier.payments {
        let undisputed = fact.amount.checked_sub(&fact.disputed)?;
        let held = fact.disputed.is_positive() && undisputed.is_positive();
        let (end, place) = moved(fact, on);
        if held && fact.due.is_some_and(|due| end > due) {
            found.push(place, Measured::Amount(undisputed), Measured::Nothing);
        }
    }
    Ok(())
}

/// Undisputed part and days late; nothing when it is not late, or nobody knows when it was due.
fn late(fact: &PaymentFact, default_days: u32) -> Result<Option<LateItem>, SettlementError> {
    let due = match (fact.due, fact.invoiced.max(fact.received)) {
        (Some(due), _) => due,
        (None, Some(papers)) => dates::add_days(papers, i64::from(default_days))?,
        (None, None) => return Ok(None),
    };
    let undisputed = fact.amount.checked_sub(&fact.disputed)?;
    Ok(undisputed.is_positive().then(|| LateItem::new(undisputed, due)))
}

pub(super) fn statutory_interest(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    (rate, default_days): (StatutoryRate, u32),
    on: NaiveDate,
) -> Result<(), SettlementError> {
    if dossier.parties.late_interest != AgreedInterest::Silent {
        return Ok(());
    }
    let (rates, basis, shown) = match rate {
        StatutoryRate::PerDay(rate) => (RateTable::flat(rate)?, InterestBasis::PerDay, rate),
        StatutoryRate::OverReference(margin) => {
            let Some(reference) = &dossier.parties.reference_rates else { return Ok(()) };
            let basis = InterestBasis::Yearly(DayCount::Act365F);
            (over(reference, &margin)?, basis, margin)
        }
    };
    let rule = LateInterestRule::new(rates, basis);
    for fact in dossier.payments {
        let Some(item) = late(fact, default_days)? else { continue };
        let (end, place) = moved(fact, on);
        let owed = late_interest(&item, end, &rule)?.interest;
        if owed.is_positive() {
            found.push(place, Measured::Amount(owed), Measured::Rate(shown));
        }
    }
    Ok(())
}

/// A reference rate plus a margin, from day to day; fixed for each half year as the laws ask.
fn over(reference: &RateTable, margin: &Rate) -> Result<RateTable, SettlementError> {
    let changes: Result<Vec<RateChange>, SettlementError> = reference
        .changes()
        .iter()
        .map(|change| Ok(RateChange { from: change.from, rate: change.rate.checked_add(margin)? }))
        .collect();
    let first = match reference.changes().first() {
        Some(change) => reference.rate_on(dates::add_days(change.from, -1)?),
        None => reference.rate_on(NaiveDate::default()),
    };
    RateTable::new(first.checked_add(margin)?, changes?)
}

pub(super) fn compensation(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    (table, default_days): (&CompensationTable, u32),
    on: NaiveDate,
) -> Result<(), SettlementError> {
    let currency = table.bands().first().map(|band| band.from.currency());
    for fact in dossier.payments.iter().filter(|fact| Some(fact.amount.currency()) == currency) {
        let Some(item) = late(fact, default_days)? else { continue };
        let (end, place) = moved(fact, on);
        let amount = table.amount(item.principal)?;
        if end > item.due && amount.is_positive() {
            found.push(place, Measured::Amount(amount), Measured::Amount(Money::zero(amount.currency())));
        }
    }
    Ok(())
}

pub(super) fn interest_at_least(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    margin: Rate,
) -> Result<(), SettlementError> {
    let (AgreedInterest::Yearly(agreed), Some(reference)) =
        (dossier.parties.late_interest, dossier.parties.reference_at_signing)
    else {
        return Ok(());
    };
    let least = reference.checked_add(&margin)?;
    if agreed < least {
        let place = Wording::new("late interest agreed", "约定逾期利率");
        found.push(place, Measured::Rate(agreed), Measured::Rate(least));
    }
    Ok(())
}

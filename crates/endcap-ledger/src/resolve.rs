//! Checking a draft against the chart: which rules it breaks, and its legs if it breaks none.
//!
//! # Source
//!
//! Double-entry bookkeeping: debits equal credits in each currency, to the last minor unit; the order of checks is a house
//! rule.

use chrono::NaiveDate;
use endcap_types::{Currency, Money};

use crate::error::check_text;
use crate::ink::turns_over;
use crate::limits::{MAX_LEGS, MAX_TEXT_CHARS, MAX_TURNOVER_MINOR};
use crate::periods::Kinds;
use crate::state::is_control;
use crate::view::View;
use crate::{
    Account, AccountKind, ClosedDay, CurrencyRule, Dimension, EntryDraft, ItemEffect, LedgerAccountId,
    LedgerError, Leg, LegAmount, LegDraft, Link, Side,
};

/// The legs of a sound draft, and the debits of each currency.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) legs: Vec<Leg>,
    pub(crate) debits: Vec<(Currency, i128)>,
    /// The day it counts: its own, or the first open one where it asks for that.
    pub(crate) effective: NaiveDate,
}

/// What the fixed legs of one currency come to.
#[derive(Debug)]
struct Total {
    currency: Currency,
    debit: i128,
    credit: i128,
    /// What they add to the turnover of the ledger.
    turned: i128,
}

/// Sums of one currency while legs are read.
#[derive(Debug)]
struct Sum {
    currency: Currency,
    debit: Option<i128>,
    credit: Option<i128>,
    turned: Option<i128>,
    remainders: usize,
}

impl Sum {
    fn add(&mut self, side: Side, minor: i128) {
        let total = match side {
            Side::Debit => &mut self.debit,
            Side::Credit => &mut self.credit,
        };
        *total = total.and_then(|total| total.checked_add(minor));
        self.turned = self.turned.and_then(|turned| turned.checked_add(turns_over(side, minor)));
    }
}

/// Classes of rules in the order in which they are judged: the first broken one is the primary error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Recorded,
    Structure,
    Amount,
    Remainder,
    Balance,
    Account,
    Period,
}

#[derive(Debug, Default)]
struct Problems(Vec<(Class, LedgerError)>);

impl Problems {
    fn note<T>(&mut self, class: Class, result: Result<T, LedgerError>) -> Option<T> {
        result.map_err(|error| self.0.push((class, error))).ok()
    }
}

/// Checks a draft against everything but its items and stock; all broken rules, worst class first.
pub(crate) fn resolve(view: &View<'_>, draft: &EntryDraft) -> Result<Resolved, Vec<LedgerError>> {
    let mut problems = Problems::default();
    problems.note(Class::Recorded, view.check_recorded(draft.recorded));
    problems.note(Class::Structure, check_shape(view, draft));

    let mut accounts = Vec::with_capacity(draft.legs.len());
    let mut sums: Vec<Sum> = Vec::with_capacity(1);
    let mut kinds = Kinds::default();
    for (index, leg) in draft.legs.iter().enumerate() {
        let named = view.base.account_named(&leg.account);
        if let Ok((_, account)) = &named {
            kinds.add(account.kind());
        }
        let rule = named.as_ref().ok().map(|(_, account)| account.currency());
        accounts.push(problems.note(Class::Structure, named.and_then(|named| check_account(named, leg))));
        let (currency, fixed) = match leg.amount {
            LegAmount::Fixed(side, amount) | LegAmount::Red(side, amount) => {
                (amount.currency(), Some((side, amount)))
            }
            LegAmount::Remainder(currency) => (currency, None),
        };
        if fixed.is_some_and(|(_, amount)| amount.is_zero()) {
            problems.0.push((Class::Structure, LedgerError::EmptyLeg { leg: index }));
        }
        if let Some((_, amount)) = fixed.filter(|(_, amount)| amount.is_negative()) {
            problems.0.push((Class::Amount, LedgerError::NegativeLeg { leg: index, amount }));
        }
        problems.note(Class::Account, check_currency(rule, leg, currency));
        if !sums.iter().any(|sum| sum.currency == currency) {
            sums.push(Sum { currency, debit: Some(0), credit: Some(0), turned: Some(0), remainders: 0 });
        }
        if let Some(sum) = sums.iter_mut().find(|sum| sum.currency == currency) {
            match leg.amount.posted() {
                Some((side, amount)) => sum.add(side, amount.minor()),
                None => sum.remainders = sum.remainders.saturating_add(1),
            }
        }
    }
    let totals = problems.balance(view, &sums);
    if !draft.stock.is_empty() {
        kinds.add(AccountKind::Asset);
    }
    let effective = problems.note(Class::Period, day_of(view, draft, kinds)).unwrap_or(draft.effective);

    if problems.0.is_empty() {
        match legs(draft, &accounts, &totals) {
            Ok(legs) => {
                // A remainder on the debit side turns over what credits lack.
                let debits = totals.iter().map(|total| {
                    let remainder = total.credit.saturating_sub(total.debit).max(0);
                    (total.currency, total.turned.saturating_add(remainder))
                });
                return Ok(Resolved { legs, debits: debits.collect(), effective });
            }
            Err(error) => problems.0.push((Class::Structure, error)),
        }
    }
    let mut found = problems.0;
    found.sort_by_key(|(class, _)| *class);
    Err(found.into_iter().map(|(_, error)| error).collect())
}

/// The day a draft counts, by the locks on the kinds of accounts it touches.
fn day_of(view: &View<'_>, draft: &EntryDraft, kinds: Kinds) -> Result<NaiveDate, LedgerError> {
    let locks = &view.base.locks;
    if let Some(reason) = &draft.override_reason {
        check_text("reason", reason, MAX_TEXT_CHARS)?;
    }
    let first = match draft.override_reason {
        Some(_) => locks.first_open(kinds),
        None => locks.first_free(kinds),
    };
    match draft.closed {
        _ if draft.effective >= first => Ok(draft.effective),
        ClosedDay::FirstOpen => Ok(first),
        ClosedDay::Refuse => view.check_open(draft.effective, kinds).map(|()| draft.effective),
    }
}

impl Problems {
    /// Judges remainder, balance and turnover; per currency the sums of the fixed legs.
    fn balance(&mut self, view: &View<'_>, sums: &[Sum]) -> Vec<Total> {
        let mut totals = Vec::with_capacity(sums.len());
        let mut surplus = Vec::new();
        for sum in sums {
            let currency = sum.currency;
            if sum.remainders > 1 {
                let error = LedgerError::AmbiguousRemainder { currency, count: sum.remainders };
                self.0.push((Class::Remainder, error));
            }
            let limit = MAX_TURNOVER_MINOR;
            let fits = |debit: &i128| {
                view.turnover(currency).checked_add(*debit).is_some_and(|turnover| turnover <= limit)
            };
            let sums = (sum.debit, sum.credit.filter(fits), sum.turned.filter(fits));
            let (Some(debit), Some(credit), Some(turned)) = sums else {
                self.0.push((Class::Amount, LedgerError::TurnoverOutOfRange { currency, limit }));
                continue;
            };
            if sum.remainders == 0 && debit != credit {
                surplus.push((currency, debit.saturating_sub(credit)));
            }
            totals.push(Total { currency, debit, credit, turned });
        }
        if !surplus.is_empty() {
            self.0.push((Class::Balance, LedgerError::Unbalanced { surplus }));
        }
        totals
    }
}

fn check_shape(view: &View<'_>, draft: &EntryDraft) -> Result<(), LedgerError> {
    view.base.room_for(view.legs.saturating_add(draft.legs.len()))?;
    if draft.legs.is_empty() && draft.stock.is_empty() {
        return Err(LedgerError::NoLegs);
    }
    let count = draft.legs.len().max(draft.stock.len());
    if count > MAX_LEGS {
        return Err(LedgerError::TooMany { what: "legs", count, limit: MAX_LEGS });
    }
    if !draft.description.is_empty() {
        check_text("description", &draft.description, MAX_TEXT_CHARS)?;
    }
    match draft.link {
        Link::Corrects(entry) if entry >= view.next_entry() => Err(LedgerError::UnknownEntry { entry }),
        Link::Corrects(entry) if entry < view.first_decided() && !view.base.has_entry(entry) => {
            Err(LedgerError::UnknownEntry { entry })
        }
        _ => Ok(()),
    }
}

fn check_account((id, account): (u32, &Account), leg: &LegDraft) -> Result<LedgerAccountId, LedgerError> {
    let code = || leg.account.clone();
    match (account.dimension(), &leg.key_account) {
        (Dimension::None, Some(key_account)) => {
            let key_account = key_account.clone();
            return Err(LedgerError::KeyAccountNotAllowed { code: code(), key_account });
        }
        (Dimension::KeyAccount | Dimension::OpenItems, None) => {
            return Err(LedgerError::MissingKeyAccount { code: code() });
        }
        _ => {}
    }
    if leg.item != ItemEffect::Plain && !is_control(account) {
        return Err(LedgerError::NotAControlAccount { code: code() });
    }
    Ok(LedgerAccountId(id))
}

fn check_currency(rule: Option<CurrencyRule>, leg: &LegDraft, currency: Currency) -> Result<(), LedgerError> {
    // An unknown account is reported by its own rule.
    match rule {
        Some(CurrencyRule::Only(allowed)) if allowed != currency => {
            Err(LedgerError::CurrencyNotAllowed { code: leg.account.clone(), currency, allowed })
        }
        _ => Ok(()),
    }
}

/// The legs of a draft that broke no rule; a remainder of nothing is an empty leg.
fn legs(
    draft: &EntryDraft,
    accounts: &[Option<LedgerAccountId>],
    totals: &[Total],
) -> Result<Vec<Leg>, LedgerError> {
    let mut legs = Vec::with_capacity(draft.legs.len());
    for (index, (leg, account)) in draft.legs.iter().zip(accounts).enumerate() {
        let Some(account) = *account else { continue };
        let (side, amount) = match leg.amount {
            LegAmount::Fixed(side, amount) => (side, amount),
            LegAmount::Red(side, amount) => (side, amount.negated()),
            LegAmount::Remainder(currency) => {
                let total = totals.iter().find(|total| total.currency == currency);
                let net = total.map_or(0, |total| total.debit.saturating_sub(total.credit));
                if net == 0 {
                    return Err(LedgerError::EmptyLeg { leg: index });
                }
                let side = if net > 0 { Side::Credit } else { Side::Debit };
                (side, Money::from_minor(net.saturating_abs(), currency)?)
            }
        };
        let nature = leg.nature.unwrap_or(draft.nature);
        legs.push(Leg { account, key_account: leg.key_account.clone(), side, amount, nature });
    }
    Ok(legs)
}

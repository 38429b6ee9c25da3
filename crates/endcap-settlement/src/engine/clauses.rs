//! Clauses: base → amount → proration → floor, cap → round, in the order of stacks, priority and id.

use std::collections::{BTreeMap, BTreeSet};

use endcap_calendar::Period;
use endcap_types::{Exact, Quantity, Rate, TaxBasis};
use rust_decimal::Decimal;

use super::rates::{Base, Part, Rated};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Accumulation, AmountRule, Basis, Clause, Column, Formula, LineKind, Measure, Proration, SettlementError,
    Statement, Subject, Tiered, TrueUp, What,
};

/// A clause in force, measured but not yet limited and rounded.
pub(super) struct Measured<'a> {
    pub(super) clause: &'a Clause,
    /// Days of the settlement period on which it is in force.
    pub(super) days: Period,
    /// What was measured in this period.
    pub(super) basis: Option<Basis>,
    /// The same by VAT rate.
    pub(super) parts: Vec<Part>,
    /// The measured base of a percentage, before anything lowers it.
    pub(super) base: Option<Cell>,
    /// The exact amount; for percentages, of the whole base.
    pub(super) amount: Cell,
    pub(super) rate: Option<Rate>,
    /// What earlier statements posted, for cumulative rules.
    pub(super) posted_before: Option<Vec<Cell>>,
}

/// A clause with its posted amount.
pub(super) struct Posted<'a> {
    pub(super) measured: Measured<'a>,
    pub(super) cell: Cell,
}

impl<'a> Run<'a> {
    pub(super) fn clauses(&mut self) -> Result<(), SettlementError> {
        let contract = self.contract;
        let terms = contract.terms();
        self.check_claims(&terms.clauses)?;
        let mut stacks: BTreeMap<&str, Vec<Measured<'a>>> = BTreeMap::new();
        let mut alone: Vec<Measured<'a>> = Vec::new();
        for clause in &terms.clauses {
            let Some(days) = in_force(clause, self.window) else { continue };
            let measured = self.measure_clause(clause, days)?;
            match &clause.stack {
                Some(stack) => stacks.entry(stack.as_str()).or_default().push(measured),
                None => alone.push(measured),
            }
        }
        let mut posted = Vec::new();
        for measured in alone {
            let cell = self.limited(&measured, measured.amount.clone())?;
            let cell = self.round_clause(&measured, &cell)?;
            posted.push(Posted { measured, cell });
        }
        for (name, mut members) in stacks {
            members.sort_by(|a, b| (a.clause.priority, &a.clause.id).cmp(&(b.clause.priority, &b.clause.id)));
            let Some(stack) = terms.stacks.iter().find(|stack| stack.id == name) else { continue };
            posted.extend(self.stack(&stack.mode, members)?);
        }
        for posted in posted {
            self.post_clause(posted)?;
        }
        Ok(())
    }

    /// Every occasion names a clause of the contract, and promotion money finds its clause.
    fn check_claims(&self, clauses: &[Clause]) -> Result<(), SettlementError> {
        let known: BTreeSet<_> = clauses.iter().map(|clause| &clause.id).collect();
        for occasion in &self.records.occasions {
            if !known.contains(&occasion.clause) {
                return Err(SettlementError::UnknownClause {
                    clause: occasion.clause.clone(),
                    document: occasion.document.clone(),
                });
            }
        }
        for fact in &self.records.funding {
            let claimed = clauses.iter().any(|clause| {
                clause.rule == AmountRule::PromotionFunding
                    && clause.kind == fact.record.kind
                    && in_force(clause, self.window).is_some_and(|days| days.contains(fact.record.date))
            });
            if !claimed {
                return Err(SettlementError::UnclaimedFunding {
                    promotion: fact.record.promotion.clone(),
                    kind: fact.record.kind,
                });
            }
        }
        Ok(())
    }

    fn measure_clause(&mut self, clause: &'a Clause, days: Period) -> Result<Measured<'a>, SettlementError> {
        let id = clause.id.as_str();
        let plain = |amount: Cell, basis: Option<Basis>, rate: Option<Rate>| Measured {
            clause,
            days,
            basis,
            parts: Vec::new(),
            base: None,
            amount,
            rate,
            posted_before: None,
        };
        match &clause.rule {
            AmountRule::Fixed(amount) => {
                let full = self.amount_cell(What::FixedAmount, id, *amount)?;
                let amount = self.prorated(clause, days, full)?;
                Ok(plain(amount, None, None))
            }
            AmountRule::PerStore(amount) => {
                let (count, basis) = self.stores(clause, days)?;
                let each = self.amount_cell(What::UnitAmount, id, *amount)?;
                let full = self.product(clause, &count, &each)?;
                let amount = self.prorated(clause, days, full)?;
                Ok(plain(amount, Some(basis), None))
            }
            AmountRule::PerOccasion(amount) => {
                let (count, basis) = self.occasions(clause, days)?;
                let each = self.amount_cell(What::UnitAmount, id, *amount)?;
                let amount = self.product(clause, &count, &each)?;
                Ok(plain(amount, Some(basis), None))
            }
            AmountRule::PerUnit(rule) => {
                let count = self.measured(rule.of, &clause.scope, days)?;
                let each = self.price_cell(What::UnitAmount, id, rule.amount)?;
                let amount = self.product(clause, &count.cell, &each)?;
                Ok(Measured { parts: count.parts, ..plain(amount, Some(count.basis), None) })
            }
            AmountRule::Percent(rule) => {
                let Base { cell, basis, parts } = self.measured(rule.of, &clause.scope, days)?;
                let base = self.with_base_tax(cell, by_rate(&parts), rule.base_tax)?;
                let amount = self.percent_of(clause, &base, &rule.rate)?;
                let measured = plain(amount, Some(basis), Some(rule.rate));
                Ok(Measured { parts, base: Some(base), ..measured })
            }
            AmountRule::Tiered(rule) => self.tiered(clause, rule, days),
            AmountRule::PromotionFunding => {
                let mut cells = Vec::new();
                for fact in &self.records.funding {
                    if fact.record.kind == clause.kind && days.contains(fact.record.date) {
                        cells.push(fact.cell.clone());
                    }
                }
                let amount = self.sum(Subject::of(What::Entitlement, id), Measure::Amount, &cells)?;
                Ok(plain(amount, None, None))
            }
        }
    }

    fn product(&mut self, clause: &Clause, count: &Cell, each: &Cell) -> Result<Cell, SettlementError> {
        let subject = Subject::of(What::Entitlement, &clause.id);
        Ok(self.trace.exact(subject, Measure::Amount, Formula::Multiply, &[count, each])?)
    }

    /// A percentage of a base.
    pub(super) fn percent_of(
        &mut self,
        clause: &Clause,
        base: &Cell,
        rate: &Rate,
    ) -> Result<Cell, SettlementError> {
        let rate = self.rate_cell(What::Rate, clause.id.as_str(), rate);
        self.product(clause, base, &rate)
    }

    fn stores(&mut self, clause: &Clause, days: Period) -> Result<(Cell, Basis), SettlementError> {
        let mut seen = BTreeSet::new();
        let mut cells = Vec::new();
        for occasion in &self.records.occasions {
            if occasion.clause == clause.id
                && days.contains(occasion.date)
                && let Some(store) = &occasion.store
                && seen.insert(store.clone())
            {
                let subject =
                    Subject::fact(What::Occasions, format!("{} {store}", occasion.document), occasion.date);
                cells.push(self.trace.given(subject, Measure::Number, Exact::ONE));
            }
        }
        let count = u64::try_from(cells.len()).unwrap_or(u64::MAX);
        let cell = self.sum(Subject::of(What::Stores, &clause.id), Measure::Number, &cells)?;
        Ok((cell, Basis::Count(count)))
    }

    fn occasions(&mut self, clause: &Clause, days: Period) -> Result<(Cell, Basis), SettlementError> {
        let mut count: u64 = 0;
        let mut cells = Vec::new();
        for occasion in &self.records.occasions {
            if occasion.clause == clause.id && days.contains(occasion.date) {
                count = count.saturating_add(u64::from(occasion.count));
                let mut name = occasion.document.to_string();
                if let Some(store) = &occasion.store {
                    name = format!("{name} {store}");
                }
                if let Some(sku) = &occasion.sku {
                    name = format!("{name} {sku}");
                }
                let subject = Subject::fact(What::Occasions, name, occasion.date);
                cells.push(self.trace.given(
                    subject,
                    Measure::Number,
                    Exact::from_int(occasion.count.into()),
                ));
            }
        }
        let cell = self.sum(Subject::of(What::Occasions, &clause.id), Measure::Number, &cells)?;
        Ok((cell, Basis::Count(count)))
    }

    fn tiered(
        &mut self,
        clause: &'a Clause,
        rule: &Tiered,
        days: Period,
    ) -> Result<Measured<'a>, SettlementError> {
        let Base { cell: now, basis, parts } = self.measured(rule.of, &clause.scope, days)?;
        let mut rated = by_rate(&parts);
        let kind = if rule.of.is_quantity() { Measure::Number } else { Measure::Amount };
        let (base, posted_before) = match rule.accumulate {
            Accumulation::EachPeriod => (now, None),
            Accumulation::Since(since) => {
                let begin = clause.valid.map_or(since, |valid| since.max(valid.start()));
                let begin = begin.max(self.contract.terms().valid.start());
                let prior = self.prior_since(clause.id.as_str(), begin)?;
                let (before, posted) = self.before(clause, &prior, &basis)?;
                let mut bases: Vec<Cell> = before.iter().map(|(_, cell)| cell.clone()).collect();
                bases.push(now);
                rated.splice(0..0, before);
                let subject = Subject::of(What::Cumulative, &clause.id);
                (self.sum(subject, kind, &bases)?, Some(posted))
            }
        };
        let base = if rule.of.is_quantity() { base } else { self.with_base_tax(base, rated, rule.base_tax)? };
        let amount = self.bands(clause.id.as_str(), rule, kind, &base)?;
        Ok(Measured {
            clause,
            days,
            basis: Some(basis),
            parts,
            base: None,
            amount,
            rate: None,
            posted_before,
        })
    }

    fn bands(
        &mut self,
        id: &str,
        rule: &Tiered,
        measured: Measure,
        base: &Cell,
    ) -> Result<Cell, SettlementError> {
        let x = match measured {
            Measure::Amount => {
                base.value.div(&Exact::from_int(self.contract.currency().minor_per_major()))?
            }
            Measure::Number | Measure::Share => base.value.clone(),
        };
        let mut cells = Vec::new();
        for band in rule.table.bands(rule.method, &x) {
            let formula = Formula::Band { method: rule.method, measured, band };
            cells.push(self.trace.exact(Subject::of(What::Band, id), Measure::Amount, formula, &[base])?);
        }
        self.sum(Subject::of(What::Entitlement, id), Measure::Amount, &cells)
    }

    /// What earlier statements measured, by VAT rate of the line, and posted for a clause.
    fn before(
        &mut self,
        clause: &Clause,
        prior: &[&Statement],
        now: &Basis,
    ) -> Result<(Rated, Vec<Cell>), SettlementError> {
        let (mut bases, mut posted) = (Vec::new(), Vec::new());
        for statement in prior {
            for line in statement.lines().iter().filter(|line| line.clause.as_ref() == Some(&clause.id)) {
                let on = statement.period().last_day();
                let name = format!("{} {}", clause.id, statement.id());
                let base = match (line.basis, now) {
                    (Some(Basis::Amount(money)), _) => {
                        Some((Measure::Amount, Exact::from_int(money.minor())))
                    }
                    (Some(Basis::Quantity(quantity)), Basis::Quantity(now)) => {
                        add_units(&quantity, now)?;
                        Some((Measure::Number, quantity.to_exact()))
                    }
                    _ => None,
                };
                if let Some((measure, value)) = base {
                    let subject = Subject::fact(What::MeasuredBefore, &name, on);
                    bases.push((line.vat, self.trace.given(subject, measure, value)));
                }
                let amount = match clause.amounts {
                    TaxBasis::Inclusive => line.amount,
                    TaxBasis::Exclusive => line.net,
                };
                posted.push(self.trace.given_money(Subject::fact(What::PostedBefore, &name, on), &amount));
            }
        }
        Ok((bases, posted))
    }

    /// An amount stated per period, for the days covered.
    fn prorated(&mut self, clause: &Clause, days: Period, full: Cell) -> Result<Cell, SettlementError> {
        if clause.proration == Proration::None || days == self.period {
            return Ok(full);
        }
        let id = clause.id.as_str();
        let covered = self.trace.given(
            Subject::of(What::DaysCovered, id),
            Measure::Number,
            Exact::from_int(days.days().into()),
        );
        let whole = self.trace.given(
            Subject::new(What::DaysOfPeriod),
            Measure::Number,
            Exact::from_int(self.period.days().into()),
        );
        let subject = Subject::of(What::Prorated, id);
        Ok(self.trace.exact(subject, Measure::Amount, Formula::Prorate, &[&full, &covered, &whole])?)
    }

    fn limit(
        &mut self,
        measured: &Measured<'_>,
        what: What,
        limit: Decimal,
    ) -> Result<Cell, SettlementError> {
        let clause = measured.clause;
        let cell = self.amount_cell(what, clause.id.as_str(), limit)?;
        if clause.proration == Proration::DaysWithLimits {
            return self.prorated(clause, measured.days, cell);
        }
        Ok(cell)
    }

    /// Floor, then cap.
    pub(super) fn limited(&mut self, measured: &Measured<'_>, amount: Cell) -> Result<Cell, SettlementError> {
        let clause = measured.clause;
        let mut amount = amount;
        if let Some(floor) = clause.floor {
            let floor = self.limit(measured, What::Floor, floor)?;
            let subject = Subject::of(What::Floored, &clause.id);
            amount = self.trace.exact(subject, Measure::Amount, Formula::Larger, &[&amount, &floor])?;
        }
        if let Some(cap) = clause.cap {
            let cap = self.limit(measured, What::Cap, cap)?;
            let subject = Subject::of(What::Capped, &clause.id);
            amount = self.trace.exact(subject, Measure::Amount, Formula::Smaller, &[&amount, &cap])?;
        }
        Ok(amount)
    }

    /// Rounds once; a cumulative rule then pays the difference to what was posted before.
    pub(super) fn round_clause(
        &mut self,
        measured: &Measured<'_>,
        amount: &Cell,
    ) -> Result<Cell, SettlementError> {
        let clause = measured.clause;
        let line = Subject::clause(clause.kind, &clause.id);
        let rounding = self.rounding();
        let Some(before) = &measured.posted_before else {
            let (cell, _) = self.trace.posted(line, Formula::Take, &[amount], rounding)?;
            return Ok(cell);
        };
        let subject = Subject::of(What::Entitlement, &clause.id);
        let (entitled, _) = self.trace.posted(subject, Formula::Take, &[amount], rounding)?;
        let formula = match &clause.rule {
            AmountRule::Tiered(Tiered { true_up: TrueUp::UpOnly, .. }) => Formula::Excess,
            _ => Formula::Subtract,
        };
        let inputs: Vec<&Cell> = core::iter::once(&entitled).chain(before).collect();
        Ok(self.trace.exact(line, Measure::Amount, formula, &inputs)?)
    }

    fn post_clause(&mut self, posted: Posted<'_>) -> Result<(), SettlementError> {
        let clause = posted.measured.clause;
        let vat = (self.contract.vat_of(&clause.tax), clause.amounts);
        let mut draft = Draft::new(Column::from(clause.settle), LineKind::Clause(clause.kind), vat);
        draft.clause = Some(clause.id.clone());
        draft.basis = posted.measured.basis;
        draft.rate = posted.measured.rate;
        self.post_taxed(&clause.tax, draft, &posted.cell, posted.measured.parts)
    }
}

fn by_rate(parts: &[Part]) -> Rated {
    parts.iter().map(|part| (part.vat, part.cell.clone())).collect()
}

fn in_force(clause: &Clause, window: Period) -> Option<Period> {
    clause.valid.map_or(Some(window), |valid| valid.intersect(window))
}

/// Quantities of one measure must share their unit, unless one of them is nothing.
fn add_units(before: &Quantity, now: &Quantity) -> Result<(), SettlementError> {
    if before.is_zero() || now.is_zero() {
        return Ok(());
    }
    before.checked_add(now)?;
    Ok(())
}

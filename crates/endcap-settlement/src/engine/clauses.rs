//! Clauses: base → amount → proration → floor, cap → round, in the order of stacks, priority and id.

use std::collections::{BTreeMap, BTreeSet};

use endcap_calendar::Period;
use endcap_types::{ClauseId, DocumentId, Exact, Quantity, Rate};

use super::Run;
use super::rates::{Base, Part};
use super::tiered::by_rate;
use crate::trace::Cell;
use crate::{AmountRule, Basis, Clause, Formula, Measure, SettlementError, Subject, What};

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
    /// Units given free in this period.
    pub(super) free: Option<Quantity>,
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
                return Err(unknown(&occasion.clause, &occasion.document));
            }
        }
        let evidence = self.records.evidence.iter().map(|fact| (&fact.clause, &fact.document));
        let references = self.records.references.iter().map(|fact| (&fact.clause, &fact.document));
        for (clause, document) in evidence.chain(references) {
            if !known.contains(clause) {
                return Err(unknown(clause, document));
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
            free: None,
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
            AmountRule::Growth(rule) => self.growth(clause, rule, days),
            AmountRule::FreeGoods(rule) => self.free_goods(clause, rule, days),
            AmountRule::BaseStock(limit) => self.base_stock(clause, *limit, days),
            AmountRule::PriceProtection(terms) => {
                let amount = self.price_protection(clause, *terms, days)?;
                Ok(plain(amount, None, None))
            }
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

    pub(super) fn product(
        &mut self,
        clause: &Clause,
        count: &Cell,
        each: &Cell,
    ) -> Result<Cell, SettlementError> {
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
}

fn unknown(clause: &ClauseId, document: &DocumentId) -> SettlementError {
    SettlementError::UnknownClause { clause: clause.clone(), document: document.clone() }
}

fn in_force(clause: &Clause, window: Period) -> Option<Period> {
    clause.valid.map_or(Some(window), |valid| valid.intersect(window))
}

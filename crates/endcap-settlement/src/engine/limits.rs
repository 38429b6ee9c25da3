//! From the exact amount of a clause to its line: proration, floor, cap, rounding, evidence.

use endcap_calendar::Period;
use endcap_types::Exact;
use rust_decimal::Decimal;

use super::clauses::{Measured, Posted};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Clause, Column, EvidenceNeed, Formula, LineKind, Measure, Proration, SettlementError, Subject, TrueUp,
    What,
};

impl Run<'_> {
    /// An amount stated per period, for the days covered.
    pub(super) fn prorated(
        &mut self,
        clause: &Clause,
        days: Period,
        full: Cell,
    ) -> Result<Cell, SettlementError> {
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
        let formula = match clause.rule.true_up() {
            TrueUp::UpOnly => Formula::Excess,
            TrueUp::TwoWay => Formula::Subtract,
        };
        let inputs: Vec<&Cell> = core::iter::once(&entitled).chain(before).collect();
        Ok(self.trace.exact(line, Measure::Amount, formula, &inputs)?)
    }

    pub(super) fn post_clause(&mut self, posted: Posted<'_>) -> Result<(), SettlementError> {
        let clause = posted.measured.clause;
        let vat = (self.contract.vat_of(&clause.tax), clause.amounts);
        let mut draft = Draft::new(Column::from(clause.settle), LineKind::Clause(clause.kind), vat);
        draft.clause = Some(clause.id.clone());
        draft.basis = posted.measured.basis;
        draft.rate = posted.measured.rate;
        draft.free = posted.measured.free;
        if self.proved(clause, posted.measured.days)? {
            return self.post_taxed(&clause.tax, draft, &posted.cell, posted.measured.parts);
        }
        draft.column = Column::OnHold;
        let subject = Subject::clause(clause.kind, &clause.id);
        let held = self.trace.exact(subject, Measure::Amount, Formula::OnHold, &[&posted.cell])?;
        self.post_taxed(&clause.tax, draft, &held, posted.measured.parts)
    }

    /// Whether evidence covers every day on which a clause that needs it is in force.
    fn proved(&self, clause: &Clause, days: Period) -> Result<bool, SettlementError> {
        if clause.evidence == EvidenceNeed::NotNeeded {
            return Ok(true);
        }
        let mut reached = days.start();
        // In order of their first days, so one walk finds a gap.
        for fact in self.records.evidence.iter().filter(|fact| fact.clause == clause.id) {
            if fact.covers.start() <= reached {
                reached = reached.max(fact.covers.end());
            }
        }
        Ok(reached >= days.end())
    }
}

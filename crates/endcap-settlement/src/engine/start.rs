//! 期初支付保底: the guarantee first, and afterwards only what is earned above it.

use super::turnover::{Charge, Turned};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Basis, Column, Formula, Guarantee, LineKind, Measure, SettlementError, Subject, TrueUp,
    TurnoverDeduction, What,
};

impl Run<'_> {
    /// Commission lines at zero, the guarantee with the first month of the cycle, and what the cycle earned above it
    /// less what earlier months charged above it.
    pub(super) fn paid_at_start(
        &mut self,
        method: &TurnoverDeduction,
        terms: &Guarantee,
        turned: &Turned,
        mut lines: Vec<Charge>,
    ) -> Result<Vec<Charge>, SettlementError> {
        let place = self.place(terms)?;
        let whole = self.cycle_guarantee(terms, self.window)?;
        let prior = self.prior_since("the guarantee", place.cycle.start())?;
        let (mut earned, mut charged) = (Vec::new(), Vec::new());
        for statement in prior {
            let on = statement.period().last_day();
            for line in statement.lines() {
                match (line.kind, line.basis) {
                    (LineKind::TopUp, Some(Basis::Amount(base))) => {
                        let subject = Subject::fact(What::GuaranteeBefore, statement.id(), on);
                        earned.push(self.trace.given_money(subject, &base));
                    }
                    (LineKind::AboveGuarantee, _) => {
                        let subject = Subject::fact(What::ChargedBefore, statement.id(), on);
                        let amount = self.posted_amount(line);
                        charged.push(self.trace.given_money(subject, &amount));
                    }
                    _ => {}
                }
            }
        }
        earned.push(turned.commission.clone());
        let earned = self.sum(Subject::new(What::Cumulative), Measure::Amount, &earned)?;
        let subject = Subject::new(What::AboveGuarantee);
        let inputs = [&earned, &whole];
        let above = self.trace.exact(subject.clone(), Measure::Amount, Formula::Excess, &inputs)?;
        let formula = match terms.true_up {
            TrueUp::TwoWay => Formula::Subtract,
            TrueUp::UpOnly => Formula::Excess,
        };
        let inputs: Vec<&Cell> = core::iter::once(&above).chain(&charged).collect();
        let above = self.trace.exact(subject, Measure::Amount, formula, &inputs)?;
        self.give_way(&mut lines, &whole)?;
        let now: &[Cell] = if place.month.0 == 0 { core::slice::from_ref(&whole) } else { &[] };
        let top_up = self.sum(Subject::new(What::TopUp), Measure::Amount, now)?;
        let vat = (self.contract.vat_of(&method.tax), self.contract.terms().amounts);
        let mut parts = turned.turnover.parts.clone();
        parts.iter_mut().for_each(|part| part.basis = None);
        for (kind, cell) in [(LineKind::TopUp, top_up), (LineKind::AboveGuarantee, above)] {
            let mut draft = Draft::new(Column::from(method.settle), kind, vat);
            if kind == LineKind::TopUp {
                draft.basis = Some(Basis::Amount(self.money_of(&turned.commission)?));
                draft.against = Some(self.money_of(&whole)?);
            }
            lines.push(Charge { draft, cell, parts: parts.clone() });
        }
        Ok(lines)
    }
}

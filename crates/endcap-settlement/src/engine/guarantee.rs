//! 保底: what is charged when turnover or commission misses the guarantee.

use endcap_calendar::{Grain, Period};
use endcap_types::{Exact, Rounding};

use super::turnover::{Charge, Reached, Turned};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Basis, Column, Formula, Guarantee, GuaranteeAlgorithm, GuaranteeMeasure, LineKind, Measure,
    SettlementError, Statement, Subject, TopUpBase, TrueUp, TurnoverDeduction, What,
};

/// Where a settlement stands in its guarantee cycle.
pub(super) struct Place {
    /// Days of the cycle in which the contract is in force.
    pub(super) cycle: Period,
    /// Which month of them, from 0, and how many there are.
    pub(super) month: (u32, u32),
}

/// What the guarantee compares.
struct Compared {
    guarantee: Cell,
    measured: Cell,
    turnover: Cell,
    commission: Cell,
}

impl Run<'_> {
    pub(super) fn guarantee(
        &mut self,
        method: &TurnoverDeduction,
        terms: &Guarantee,
        turned: &Turned,
    ) -> Result<(Charge, Reached), SettlementError> {
        let measured = match terms.measure {
            GuaranteeMeasure::Turnover
            | GuaranteeMeasure::TurnoverOn(_)
            | GuaranteeMeasure::PeerCounter(_) => self.whole_units(&turned.turnover.cell)?,
            GuaranteeMeasure::Commission => turned.commission.clone(),
        };
        let (against, top_up) = match terms.algorithm {
            GuaranteeAlgorithm::PerPeriod => {
                self.whole_cycle(terms)?;
                let guarantee = self.cycle_guarantee(terms, self.window)?;
                let top_up = self.compared(terms, guarantee.clone(), &measured, turned)?;
                (Some(guarantee), top_up)
            }
            GuaranteeAlgorithm::CumulativeCarry => {
                self.whole_cycle(terms)?;
                let guarantee = self.after_carry(terms)?;
                let top_up = self.compared(terms, guarantee.clone(), &measured, turned)?;
                (Some(guarantee), top_up)
            }
            GuaranteeAlgorithm::MonthlyThenTrueUp => self.monthly(terms, &measured, turned)?,
            // A guarantee paid at the start takes another way, see `paid_at_start`.
            GuaranteeAlgorithm::CycleEnd | GuaranteeAlgorithm::PaidAtStart => {
                self.at_cycle_end(terms, &measured, turned)?
            }
        };
        let vat = (self.contract.vat_of(&method.tax), self.contract.terms().amounts);
        let mut draft = Draft::new(Column::from(method.settle), LineKind::TopUp, vat);
        draft.basis = Some(Basis::Amount(self.money_of(&measured)?));
        draft.rate = Some(terms.rate);
        let missed = against.as_ref().is_some_and(|guarantee| measured.value < guarantee.value);
        draft.against = against.map(|cell| self.money_of(&cell)).transpose()?;
        let mut parts = turned.turnover.parts.clone();
        if terms.measure == GuaranteeMeasure::Commission {
            // Shared by turnover, but measured in whole.
            parts.iter_mut().for_each(|part| part.basis = None);
        }
        let reached = if missed { Reached::No } else { Reached::Yes };
        Ok((Charge { draft, cell: top_up, parts }, reached))
    }

    /// Top-up of one period or cycle, rounded.
    fn top_up(&mut self, terms: &Guarantee, compared: &Compared) -> Result<Cell, SettlementError> {
        let rounding = self.rounding();
        let inputs = [&compared.guarantee, &compared.measured];
        let shortfall =
            self.trace.exact(Subject::new(What::Shortfall), Measure::Amount, Formula::Excess, &inputs)?;
        let rate = self.rate_cell(What::Rate, "", &terms.rate);
        let base = match terms.top_up_on {
            _ if shortfall.value.is_zero() => None,
            TopUpBase::Shortfall => None,
            TopUpBase::Guarantee => Some(&compared.guarantee),
            TopUpBase::Turnover => Some(&compared.turnover),
        };
        let Some(base) = base else {
            let inputs = [&shortfall, &rate];
            let (cell, _) =
                self.trace.posted(Subject::new(What::TopUp), Formula::Multiply, &inputs, rounding)?;
            return Ok(cell);
        };
        let inputs = [base, &rate];
        let (charge, _) =
            self.trace.posted(Subject::new(What::Charge), Formula::Multiply, &inputs, rounding)?;
        let inputs = [&charge, &compared.commission];
        Ok(self.trace.exact(Subject::new(What::TopUp), Measure::Amount, Formula::Excess, &inputs)?)
    }

    /// Turnover in whole minor units: fees and VAT taken off the till may leave a fraction, which is not remembered.
    fn whole_units(&mut self, turnover: &Cell) -> Result<Cell, SettlementError> {
        if Exact::from_int(turnover.value.round_to_int(endcap_types::RoundingMode::Down)?) == turnover.value {
            return Ok(turnover.clone());
        }
        let rounding = Rounding::new(self.rounding().mode());
        let subject = Subject::new(What::Turnover);
        Ok(self.trace.posted(subject, Formula::Take, &[turnover], rounding)?.0)
    }

    fn compared(
        &mut self,
        terms: &Guarantee,
        guarantee: Cell,
        measured: &Cell,
        turned: &Turned,
    ) -> Result<Cell, SettlementError> {
        let compared = Compared {
            guarantee,
            measured: measured.clone(),
            turnover: turned.turnover.cell.clone(),
            commission: turned.commission.clone(),
        };
        self.top_up(terms, &compared)
    }

    /// The guarantee of the cycle that `days` lie in, by days where the contract covers only part of the cycle.
    pub(super) fn cycle_guarantee(
        &mut self,
        terms: &Guarantee,
        days: Period,
    ) -> Result<Cell, SettlementError> {
        let whole = self.amount_cell(What::GuaranteeAmount, "", terms.amount)?;
        let cycle = Period::containing(terms.cycle, days.start())?;
        let covered = cycle.overlap_days(self.contract.terms().valid);
        let whole = if covered == cycle.days() { whole } else { self.part_of(&whole, covered, cycle)? };
        match &terms.measure {
            GuaranteeMeasure::PeerCounter(peer) => self.peer_guarantee(peer.times, cycle, &whole),
            _ => Ok(whole),
        }
    }

    /// A guarantee for the days of its cycle that the contract covers.
    fn part_of(&mut self, whole: &Cell, covered: u32, cycle: Period) -> Result<Cell, SettlementError> {
        let count = |days: u32| Exact::from_int(i128::from(days));
        let covered = self.trace.given(Subject::new(What::DaysCovered), Measure::Number, count(covered));
        let days = self.trace.given(Subject::new(What::DaysOfPeriod), Measure::Number, count(cycle.days()));
        let rounding = self.rounding();
        let inputs = [whole, &covered, &days];
        let (cell, _) =
            self.trace.posted(Subject::new(What::Guarantee), Formula::Prorate, &inputs, rounding)?;
        Ok(cell)
    }

    /// The settlement must be one whole cycle, as far as the contract is in force.
    fn whole_cycle(&self, terms: &Guarantee) -> Result<(), SettlementError> {
        let cycle = Period::containing(terms.cycle, self.window.start())?;
        if cycle.intersect(self.contract.terms().valid) == Some(self.window) {
            return Ok(());
        }
        let expected = "one settlement for each whole guarantee cycle";
        Err(SettlementError::GuaranteePeriod { period: self.period, expected })
    }

    pub(super) fn place(&self, terms: &Guarantee) -> Result<Place, SettlementError> {
        let valid = self.contract.terms().valid;
        let whole = Period::containing(terms.cycle, self.window.start())?;
        let cycle = whole.intersect(valid).unwrap_or(whole);
        let (mut index, mut count) = (None, 0_u32);
        let mut next = cycle.start();
        while next < cycle.end() {
            let month = Period::containing(Grain::Month, next)?;
            if month.intersect(valid) == Some(self.window) {
                index = Some(count);
            }
            count = count.saturating_add(1);
            next = month.end();
        }
        let expected = "one settlement for each calendar month";
        let index = index.ok_or(SettlementError::GuaranteePeriod { period: self.period, expected })?;
        Ok(Place { cycle, month: (index, count) })
    }

    /// A share each month; the last month settles the cycle less what was charged.
    fn monthly(
        &mut self,
        terms: &Guarantee,
        measured: &Cell,
        turned: &Turned,
    ) -> Result<(Option<Cell>, Cell), SettlementError> {
        let place = self.place(terms)?;
        let (index, count) = place.month;
        let whole = self.cycle_guarantee(terms, self.window)?;
        let formula = Formula::EqualShare { index, count };
        let share = self.trace.exact(Subject::new(What::Guarantee), Measure::Amount, formula, &[&whole])?;
        if index.saturating_add(1) < count {
            let top_up = self.compared(terms, share.clone(), measured, turned)?;
            return Ok((Some(share), top_up));
        }
        let prior = self.prior_since("the guarantee", place.cycle.start())?;
        let total = self.cycle_top_up(terms, &whole, measured, turned, &prior)?;
        let charged = self.charged(&prior);
        let inputs: Vec<&Cell> = core::iter::once(&total).chain(&charged).collect();
        let formula = match terms.true_up {
            TrueUp::TwoWay => Formula::Subtract,
            TrueUp::UpOnly => Formula::Excess,
        };
        let top_up = self.trace.exact(Subject::new(What::TopUp), Measure::Amount, formula, &inputs)?;
        Ok((Some(share), top_up))
    }

    /// Nothing until the last month, then the whole cycle.
    fn at_cycle_end(
        &mut self,
        terms: &Guarantee,
        measured: &Cell,
        turned: &Turned,
    ) -> Result<(Option<Cell>, Cell), SettlementError> {
        let place = self.place(terms)?;
        let (index, count) = place.month;
        if index.saturating_add(1) < count {
            let nothing = self.sum(Subject::new(What::TopUp), Measure::Amount, &[])?;
            return Ok((None, nothing));
        }
        let prior = self.prior_since("the guarantee", place.cycle.start())?;
        let whole = self.cycle_guarantee(terms, self.window)?;
        let top_up = self.cycle_top_up(terms, &whole, measured, turned, &prior)?;
        Ok((Some(whole), top_up))
    }

    /// Top-up of the whole cycle: everything measured and charged in it, earlier statements included.
    fn cycle_top_up(
        &mut self,
        terms: &Guarantee,
        whole: &Cell,
        measured: &Cell,
        turned: &Turned,
        prior: &[&Statement],
    ) -> Result<Cell, SettlementError> {
        let mut bases = Vec::new();
        let mut commissions = Vec::new();
        for statement in prior {
            let on = statement.period().last_day();
            for line in statement.lines() {
                match (line.kind, line.basis) {
                    (LineKind::TopUp, Some(Basis::Amount(base))) => {
                        let subject = Subject::fact(What::GuaranteeBefore, statement.id(), on);
                        bases.push(self.trace.given_money(subject, &base));
                    }
                    (LineKind::Commission, _) => {
                        let subject = Subject::fact(What::Commission, statement.id(), on);
                        let amount = self.posted_amount(line);
                        commissions.push(self.trace.given_money(subject, &amount));
                    }
                    _ => {}
                }
            }
        }
        bases.push(measured.clone());
        commissions.push(turned.commission.clone());
        let measured = self.sum(Subject::new(What::Cumulative), Measure::Amount, &bases)?;
        let commission = self.sum(Subject::new(What::Commission), Measure::Amount, &commissions)?;
        // Only turnover is a calculation base beside the shortfall, and then it is what was measured.
        let compared =
            Compared { guarantee: whole.clone(), turnover: measured.clone(), measured, commission };
        self.top_up(terms, &compared)
    }

    /// Top-ups that earlier statements charged.
    fn charged(&mut self, prior: &[&Statement]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for statement in prior {
            let on = statement.period().last_day();
            for line in statement.lines_of(LineKind::TopUp) {
                let subject = Subject::fact(What::ChargedBefore, statement.id(), on);
                let amount = self.posted_amount(line);
                cells.push(self.trace.given_money(subject, &amount));
            }
        }
        cells
    }

    /// The amount of a line in the tax basis of the contract.
    pub(super) fn posted_amount(&self, line: &crate::StatementLine) -> endcap_types::Money {
        match self.contract.terms().amounts {
            endcap_types::TaxBasis::Inclusive => line.amount,
            endcap_types::TaxBasis::Exclusive => line.net,
        }
    }

    /// 结转: `guarantee_t = max(0, G − carry)`, `carry_t = max(0, measured_t + carry_(t−1) − G)`, since the contract began.
    fn after_carry(&mut self, terms: &Guarantee) -> Result<Cell, SettlementError> {
        let since = self.contract.terms().valid.start();
        let prior = self.prior_since("the guarantee", since)?;
        let mut carry = self.sum(Subject::new(What::Carry), Measure::Amount, &[])?;
        for statement in prior {
            let on = statement.period().last_day();
            let covered = statement.period().intersect(self.contract.terms().valid);
            let whole = self.cycle_guarantee(terms, covered.unwrap_or(statement.period()))?;
            // One line for each VAT rate, each with its part of what was measured.
            let mut earned = Vec::new();
            for line in statement.lines_of(LineKind::TopUp) {
                let Some(Basis::Amount(base)) = line.basis else { continue };
                let subject = Subject::fact(What::GuaranteeBefore, statement.id(), on);
                earned.push(self.trace.given_money(subject, &base));
            }
            if !earned.is_empty() {
                earned.insert(0, carry);
                let available = self.sum(Subject::new(What::Cumulative), Measure::Amount, &earned)?;
                let subject = Subject::fact(What::Carry, statement.id(), on);
                carry = self.trace.exact(subject, Measure::Amount, Formula::Excess, &[&available, &whole])?;
            }
        }
        let whole = self.cycle_guarantee(terms, self.window)?;
        let inputs = [&whole, &carry];
        let (cell, _) = self.trace.posted(
            Subject::new(What::Guarantee),
            Formula::Excess,
            &inputs,
            Rounding::HALF_AWAY,
        )?;
        Ok(cell)
    }
}

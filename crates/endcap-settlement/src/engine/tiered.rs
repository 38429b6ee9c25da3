//! Tiered clauses: bases of one period or of all since a date, bands, and how far the next one is.

use endcap_calendar::Period;
use endcap_types::{Exact, Quantity, RoundingMode, TaxBasis};

use super::Run;
use super::clauses::Measured;
use super::layers::quantity_of;
use super::rates::{Base, Part, Rated};
use crate::trace::Cell;
use crate::{
    Accumulation, Band, BaseMeasure, Basis, Clause, Column, Formula, Measure, SettlementError, Statement,
    Subject, TierOutlook, Tiered, What,
};

/// A base of one period, or of all periods since a date.
pub(super) struct Cumulated {
    pub(super) base: Cell,
    pub(super) basis: Basis,
    pub(super) parts: Vec<Part>,
    /// What the base counts.
    pub(super) kind: Measure,
    /// What earlier statements posted, and gave free, for cumulative rules.
    pub(super) before: Option<Vec<Cell>>,
    /// The earlier statements.
    pub(super) begin: chrono::NaiveDate,
}

impl<'a> Run<'a> {
    /// What a clause measures, in this period or since it began to accumulate.
    pub(super) fn cumulated(
        &mut self,
        clause: &Clause,
        (of, base_tax): (BaseMeasure, TaxBasis),
        accumulate: Accumulation,
        days: Period,
    ) -> Result<Cumulated, SettlementError> {
        let Base { cell: now, basis, parts } = self.measured(of, &clause.scope, days)?;
        let mut rated = by_rate(&parts);
        let kind = if of.is_quantity() { Measure::Number } else { Measure::Amount };
        let mut begin = days.start();
        let (base, before) = match accumulate {
            Accumulation::EachPeriod => (now, None),
            Accumulation::Since(since) => {
                begin = clause.valid.map_or(since, |valid| since.max(valid.start()));
                begin = begin.max(self.contract.terms().valid.start());
                let prior = self.prior_since(clause.id.as_str(), begin)?;
                let (before, posted) = self.before(clause, &prior, &basis)?;
                let mut bases: Vec<Cell> = before.iter().map(|(_, cell)| cell.clone()).collect();
                bases.push(now);
                rated.splice(0..0, before);
                let subject = Subject::of(What::Cumulative, &clause.id);
                (self.sum(subject, kind, &bases)?, Some(posted))
            }
        };
        let base = if of.is_quantity() { base } else { self.with_base_tax(base, rated, base_tax)? };
        Ok(Cumulated { base, basis, parts, kind, before, begin })
    }

    pub(super) fn tiered(
        &mut self,
        clause: &'a Clause,
        rule: &Tiered,
        days: Period,
    ) -> Result<Measured<'a>, SettlementError> {
        let measured = self.cumulated(clause, (rule.of, rule.base_tax), rule.accumulate, days)?;
        let Cumulated { base, basis, parts, kind, before, .. } = measured;
        let id = clause.id.as_str();
        let bands = rule.table.bands(rule.method, &self.in_table(kind, &base)?);
        let amount = self.bands(id, rule, kind, &base, bands)?;
        self.look_ahead(clause, rule, (kind, &basis), (&base, &amount))?;
        Ok(Measured {
            clause,
            days,
            basis: Some(basis),
            parts,
            base: None,
            amount,
            rate: None,
            posted_before: before,
            free: None,
        })
    }

    /// A measured value in the unit of tier tables: major units for money.
    pub(super) fn in_table(&self, measured: Measure, base: &Cell) -> Result<Exact, SettlementError> {
        Ok(match measured {
            Measure::Amount => {
                base.value.div(&Exact::from_int(self.contract.currency().minor_per_major()))?
            }
            Measure::Number | Measure::Share => base.value.clone(),
        })
    }

    /// What bands pay for a base.
    fn bands(
        &mut self,
        id: &str,
        rule: &Tiered,
        measured: Measure,
        base: &Cell,
        bands: Vec<Band>,
    ) -> Result<Cell, SettlementError> {
        let mut cells = Vec::new();
        for band in bands {
            let formula = Formula::Band { method: rule.method, measured, band };
            cells.push(self.trace.exact(Subject::of(What::Band, id), Measure::Amount, formula, &[base])?);
        }
        self.sum(Subject::of(What::Entitlement, id), Measure::Amount, &cells)
    }

    /// The next threshold, what is missing and what it adds.
    fn look_ahead(
        &mut self,
        clause: &Clause,
        rule: &Tiered,
        (kind, basis): (Measure, &Basis),
        (base, amount): (&Cell, &Cell),
    ) -> Result<(), SettlementError> {
        let id = clause.id.as_str();
        let Some((threshold, bands)) = rule.table.next_bands(rule.method, &self.in_table(kind, base)?) else {
            return Ok(());
        };
        let subject = Subject::of(What::NextThreshold, id);
        let there = match kind {
            Measure::Amount => self.price_cell(What::NextThreshold, id, threshold)?,
            _ => self.trace.given(subject, kind, Exact::from_decimal(threshold)),
        };
        let then = self.bands(id, rule, kind, &there, bands)?;
        let subject = Subject::of(What::MarginalValue, id);
        let inputs = [&then, amount];
        let rounding = self.rounding();
        let (gain_cell, gain) = self.trace.posted(subject, Formula::Subtract, &inputs, rounding)?;
        let (missing_trace, missing) = self.missing(id, (kind, basis), &there, base)?;
        self.outlook.push(TierOutlook {
            clause: clause.id.clone(),
            threshold,
            missing,
            gain,
            missing_trace,
            gain_trace: gain_cell.id,
        });
        Ok(())
    }

    /// What is missing to a threshold: money in whole minor units, rounded up.
    fn missing(
        &mut self,
        id: &str,
        (kind, basis): (Measure, &Basis),
        there: &Cell,
        base: &Cell,
    ) -> Result<(crate::TraceId, Basis), SettlementError> {
        let subject = Subject::of(What::Missing, id);
        if kind == Measure::Amount {
            let rounding = endcap_types::Rounding::new(RoundingMode::Up);
            let (cell, money) = self.trace.posted(subject, Formula::Subtract, &[there, base], rounding)?;
            return Ok((cell.id, Basis::Amount(money)));
        }
        let cell = self.trace.exact(subject, kind, Formula::Subtract, &[there, base])?;
        let like = match basis {
            Basis::Quantity(quantity) => *quantity,
            _ => Quantity::zero(endcap_types::Unit::Piece),
        };
        Ok((cell.id, Basis::Quantity(quantity_of(&cell.value, like)?)))
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
                // What is on hold was measured, but not posted.
                if line.column != Column::OnHold {
                    posted
                        .push(self.trace.given_money(Subject::fact(What::PostedBefore, &name, on), &amount));
                }
            }
        }
        Ok((bases, posted))
    }
}

pub(super) fn by_rate(parts: &[Part]) -> Rated {
    parts.iter().map(|part| (part.vat, part.cell.clone())).collect()
}

/// Quantities of one measure must share their unit, unless one of them is nothing.
fn add_units(before: &Quantity, now: &Quantity) -> Result<(), SettlementError> {
    if before.is_zero() || now.is_zero() {
        return Ok(());
    }
    before.checked_add(now)?;
    Ok(())
}

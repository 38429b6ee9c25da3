//! Goods of several VAT rates: bases by rate, and deductions shared over the rates of what they measured.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::{Exact, Money, Quantity, Rate, SkuId, TaxBasis};

use super::{Draft, Run};
use crate::fact_block::Group;
use crate::trace::Cell;
use crate::{Basis, FactError, Formula, LineKind, Measure, SettlementError, Subject, TaxRule, What};

/// The part of a base whose goods carry one VAT rate.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) vat: Rate,
    pub(super) cell: Cell,
    /// The part as a line shows it; none where the base is not one of the line.
    pub(super) basis: Option<Basis>,
}

/// A measured base: in whole, as a line shows it, and by VAT rate where the contract has several.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) cell: Cell,
    pub(super) basis: Basis,
    pub(super) parts: Vec<Part>,
}

/// Traced amounts, each with the VAT rate of its goods.
pub(super) type Rated = Vec<(Rate, Cell)>;

/// Amounts to be summed.
#[derive(Debug, Clone)]
pub(super) enum Amounts {
    /// Each with its VAT rate.
    Rated(Rated),
    /// Of facts whose goods all carry the contract's rate; other sums over them share the list.
    Grouped(Group),
}

impl Default for Amounts {
    fn default() -> Self {
        Self::Rated(Vec::new())
    }
}

impl From<Rated> for Amounts {
    fn from(rated: Rated) -> Self {
        Self::Rated(rated)
    }
}

/// The subject of one rate's part.
fn rated(subject: &Subject, vat: &Rate) -> Subject {
    let of = if subject.of.is_empty() { vat.to_string() } else { format!("{} {vat}", subject.of) };
    Subject { of, ..subject.clone() }
}

/// Cells by rate, in order of the rates.
fn grouped(cells: impl IntoIterator<Item = (Rate, Cell)>) -> BTreeMap<Rate, Vec<Cell>> {
    let mut by_rate: BTreeMap<Rate, Vec<Cell>> = BTreeMap::new();
    for (vat, cell) in cells {
        by_rate.entry(vat).or_default().push(cell);
    }
    by_rate
}

impl Run<'_> {
    /// Whether all goods of the contract carry one VAT rate.
    pub(super) const fn one_rate(&self) -> bool {
        self.contract.terms().goods_vat_by.is_empty()
    }

    /// The VAT rate of one SKU.
    pub(super) fn vat_of(&self, sku: &SkuId) -> Result<Rate, SettlementError> {
        self.contract.goods_vat_of(sku, &self.catalogue)
    }

    /// VAT of a goods line at one rate.
    pub(super) const fn goods_at(&self, vat: Rate) -> (Rate, TaxBasis) {
        (vat, self.contract.terms().amounts)
    }

    /// The sum of amounts, in whole and by rate.
    pub(super) fn amounts(
        &mut self,
        subject: Subject,
        amounts: impl Into<Amounts>,
    ) -> Result<Base, SettlementError> {
        let mut parts = Vec::new();
        let cells = match amounts.into() {
            Amounts::Rated(cells) => cells,
            Amounts::Grouped(group) => {
                let cell = self.trace.sum_of(subject, group);
                let basis = Basis::Amount(self.money_of(&cell)?);
                return Ok(Base { cell, basis, parts });
            }
        };
        let cell = if self.one_rate() {
            self.trace.sum(subject, Measure::Amount, cells.iter().map(|(_, cell)| cell))?
        } else {
            for (vat, cells) in grouped(cells) {
                let cell = self.sum(rated(&subject, &vat), Measure::Amount, &cells)?;
                let basis = Some(Basis::Amount(self.money_of(&cell)?));
                parts.push(Part { vat, cell, basis });
            }
            self.trace.sum(subject, Measure::Amount, parts.iter().map(|part| &part.cell))?
        };
        let basis = Basis::Amount(self.money_of(&cell)?);
        Ok(Base { cell, basis, parts })
    }

    /// The sum of quantities, in whole and by rate.
    pub(super) fn quantities(
        &mut self,
        what: What,
        seen: Vec<(Rate, Subject, Quantity)>,
    ) -> Result<Base, SettlementError> {
        let unit = seen.first().map_or(endcap_types::Unit::Piece, |(_, _, quantity)| quantity.unit());
        let mut total = Quantity::zero(unit);
        let mut by_rate: BTreeMap<Rate, (Quantity, Vec<Cell>)> = BTreeMap::new();
        let mut cells = Vec::with_capacity(seen.len());
        for (vat, subject, quantity) in seen {
            if quantity.unit() != unit {
                let on = subject.on.map_or_else(String::new, |on| format!(" of {on}"));
                let fact = format!("{} [{}]{on}", subject.what.name_en(), subject.of);
                let (unit, expected) = (quantity.unit(), unit);
                return Err(FactError::UnitsDiffer { fact, unit, expected }.into());
            }
            total = total.checked_add(&quantity)?;
            let cell = self.trace.given(subject, Measure::Number, quantity.to_exact());
            let part = by_rate.entry(vat).or_insert((Quantity::zero(unit), Vec::new()));
            part.0 = part.0.checked_add(&quantity)?;
            part.1.push(cell.clone());
            cells.push(cell);
        }
        let mut parts = Vec::new();
        if !self.one_rate() {
            for (vat, (quantity, cells)) in by_rate {
                let cell = self.sum(rated(&Subject::new(what), &vat), Measure::Number, &cells)?;
                parts.push(Part { vat, cell, basis: Some(Basis::Quantity(quantity)) });
            }
            cells = parts.iter().map(|part| part.cell.clone()).collect();
        }
        let cell = self.sum(Subject::new(what), Measure::Number, &cells)?;
        Ok(Base { cell, basis: Basis::Quantity(total), parts })
    }

    /// A base as the clause wants it: amounts of the contract with VAT are brought down where it asks for none, each
    /// part at its rate.
    pub(super) fn with_base_tax(
        &mut self,
        base: Cell,
        parts: Rated,
        wanted: TaxBasis,
    ) -> Result<Cell, SettlementError> {
        let terms = self.contract.terms();
        if terms.amounts == wanted || wanted == TaxBasis::Inclusive {
            return Ok(base);
        }
        let subject = Subject::new(What::WithoutTax);
        if self.one_rate() {
            let rate = self.rate_cell(What::VatRate, "", &terms.goods_vat);
            return Ok(self.trace.exact(subject, Measure::Amount, Formula::WithoutTax, &[&base, &rate])?);
        }
        let mut net = Vec::new();
        for (vat, cells) in grouped(parts) {
            let gross = self.sum(rated(&Subject::new(What::Cumulative), &vat), Measure::Amount, &cells)?;
            let rate = self.rate_cell(What::VatRate, "", &vat);
            let inputs = [&gross, &rate];
            let formula = Formula::WithoutTax;
            net.push(self.trace.exact(rated(&subject, &vat), Measure::Amount, formula, &inputs)?);
        }
        self.sum(subject, Measure::Amount, &net)
    }

    /// Posts a deduction: on one line, or with the goods' VAT on one line for each rate of what it measured.
    pub(super) fn post_taxed(
        &mut self,
        rule: &TaxRule,
        mut draft: Draft,
        posted: &Cell,
        parts: Vec<Part>,
    ) -> Result<(), SettlementError> {
        if *rule != TaxRule::Goods || self.one_rate() {
            return self.post(draft, posted);
        }
        let subject = match draft.kind {
            LineKind::Clause(kind) => {
                Subject::clause(kind, draft.clause.as_ref().map_or("", |clause| clause.as_str()))
            }
            kind => Subject::new(kind.what()),
        };
        let mut shares = self.shares(&subject, posted, &parts)?;
        let mut bases: BTreeMap<Rate, Basis> =
            parts.iter().filter_map(|part| Some((part.vat, part.basis?))).collect();
        let mut rates: BTreeSet<Rate> = bases.keys().copied().collect();
        rates.extend(shares.iter().filter(|(_, cell)| !cell.value.is_zero()).map(|(vat, _)| *vat));
        if rates.is_empty() {
            rates.extend(shares.keys().next().copied());
        }
        let measured_by_rate = !bases.is_empty();
        let (mut whole, mut against) = (draft.basis.take(), draft.against.take());
        let mut free = draft.free.take();
        for vat in rates {
            let cell = match shares.remove(&vat) {
                Some(cell) => cell,
                None => self.sum(rated(&subject, &vat), Measure::Amount, &[])?,
            };
            let basis = if measured_by_rate { bases.remove(&vat) } else { whole.take() };
            let line = Draft {
                basis,
                against: against.take(),
                free: free.take(),
                vat: (vat, draft.vat.1),
                clause: draft.clause.clone(),
                document: draft.document.clone(),
                sku: draft.sku.clone(),
                ..draft
            };
            self.post(line, &cell)?;
        }
        Ok(())
    }

    /// A posted amount by rate: over what it measured, else over the goods of the statement, else all at the contract's
    /// rate.
    fn shares(
        &mut self,
        subject: &Subject,
        posted: &Cell,
        parts: &[Part],
    ) -> Result<BTreeMap<Rate, Cell>, SettlementError> {
        let mut weights = one_signed(parts)?;
        if weights.is_empty() {
            weights = one_signed(&self.goods()?.parts)?;
        }
        if weights.len() < 2 {
            let vat = weights.first().map_or(self.contract.terms().goods_vat, |part| part.vat);
            return Ok([(vat, posted.clone())].into());
        }
        let inputs: Vec<&Cell> =
            core::iter::once(posted).chain(weights.iter().map(|part| &part.cell)).collect();
        let mut shares = BTreeMap::new();
        for (index, part) in (0..).zip(&weights) {
            let formula = Formula::Share { index };
            let subject = rated(subject, &part.vat);
            shares.insert(part.vat, self.trace.exact(subject, Measure::Amount, formula, &inputs)?);
        }
        Ok(shares)
    }

    /// VAT of the goods invoice over several rates: each group rounded, or the document once.
    pub(super) fn tax_by_rate(&mut self, once: Once) -> Result<Cell, SettlementError> {
        let rounding = self.contract.tax_rounding();
        let mut taxes = Vec::new();
        for (vat, invoice) in self.invoice_by_rate()? {
            let rate = self.rate_cell(What::VatRate, "", &vat);
            let (subject, inputs) = (Subject::of(What::InvoiceTax, vat), [&invoice, &rate]);
            taxes.push(match once {
                Once::Group => self.trace.posted(subject, Formula::TaxInside, &inputs, rounding)?.0,
                Once::Document => self.trace.exact(subject, Measure::Amount, Formula::TaxInside, &inputs)?,
            });
        }
        let inputs: Vec<&Cell> = taxes.iter().collect();
        let subject = Subject::new(What::InvoiceTax);
        match once {
            Once::Group => Ok(self.trace.exact(subject, Measure::Amount, Formula::Sum, &inputs)?),
            Once::Document => Ok(self.trace.posted(subject, Formula::Sum, &inputs, rounding)?.0),
        }
    }

    /// The goods invoice by rate: goods less what lowers the invoice.
    fn invoice_by_rate(&mut self) -> Result<BTreeMap<Rate, Cell>, SettlementError> {
        let mut groups: BTreeMap<Rate, [Vec<Cell>; 2]> = BTreeMap::new();
        for line in &self.lines {
            let side = match line.column {
                crate::Column::Goods => 0,
                crate::Column::OnInvoice | crate::Column::InvoiceDeduct => 1,
                _ => continue,
            };
            let cell = Cell { id: line.trace, value: Exact::from_int(line.amount.minor()) };
            if let Some(cells) = groups.entry(line.vat).or_default().get_mut(side) {
                cells.push(cell);
            }
        }
        let mut invoices = BTreeMap::new();
        for (vat, [goods, lowered]) in groups {
            let goods = self.sum(Subject::of(What::Goods, vat), Measure::Amount, &goods)?;
            let inputs: Vec<&Cell> = core::iter::once(&goods).chain(&lowered).collect();
            let subject = Subject::of(What::Invoice, vat);
            let invoice = self.trace.exact(subject, Measure::Amount, Formula::Subtract, &inputs)?;
            invoices.insert(vat, invoice);
        }
        Ok(invoices)
    }

    /// Goods settled on this statement, with or without VAT as the contract's amounts are.
    pub(super) fn goods(&mut self) -> Result<Base, SettlementError> {
        let exclusive = self.contract.terms().amounts == TaxBasis::Exclusive;
        let goods = self.lines.iter().filter(|line| line.column == crate::Column::Goods);
        let cell = |id, money: Money| Cell { id, value: Exact::from_int(money.minor()) };
        let (gross, tax): (Vec<_>, Vec<_>) = goods
            .map(|line| {
                ((line.vat, cell(line.trace, line.amount)), (line.vat, cell(line.tax_trace, line.tax)))
            })
            .unzip();
        let gross = self.amounts(Subject::new(What::Goods), gross)?;
        if !exclusive {
            return Ok(gross);
        }
        let tax = self.amounts(Subject::new(What::Tax), tax)?;
        let subject = Subject::new(What::WithoutTax);
        let mut parts = Vec::new();
        for (gross, tax) in gross.parts.iter().zip(&tax.parts) {
            let cell = self.trace.exact(
                rated(&subject, &gross.vat),
                Measure::Amount,
                Formula::Subtract,
                &[&gross.cell, &tax.cell],
            )?;
            let basis = Some(Basis::Amount(self.money_of(&cell)?));
            parts.push(Part { vat: gross.vat, cell, basis });
        }
        let inputs = [&gross.cell, &tax.cell];
        let cell = self.trace.exact(subject, Measure::Amount, Formula::Subtract, &inputs)?;
        let basis = Basis::Amount(self.money_of(&cell)?);
        Ok(Base { cell, basis, parts })
    }
}

/// How often the VAT of the invoice is rounded.
#[derive(Debug, Clone, Copy)]
pub(super) enum Once {
    /// For each rate.
    Group,
    /// For the document.
    Document,
}

/// The parts with the sign of their sum; none when they sum to zero.
fn one_signed(parts: &[Part]) -> Result<Vec<Part>, SettlementError> {
    let sum = Exact::sum(parts.iter().map(|part| &part.cell.value))?;
    let sign = sum.signum();
    Ok(parts.iter().filter(|part| sign != 0 && part.cell.value.signum() == sign).cloned().collect())
}

//! What a clause measures: facts in its scope and validity, summed.

use endcap_calendar::Period;
use endcap_types::{Money, Quantity, TaxBasis, Unit};

use super::Run;
use crate::trace::Cell;
use crate::{BaseMeasure, Basis, Column, Formula, Measure, Scope, SettlementError, Subject, What};

impl Run<'_> {
    /// A measure over `days` within `scope`: its trace node and the plain value.
    pub(super) fn measured(
        &mut self,
        measure: BaseMeasure,
        scope: &Scope,
        days: Period,
    ) -> Result<(Cell, Basis), SettlementError> {
        match measure {
            BaseMeasure::GrossPurchases => self.purchases(What::GrossPurchases, scope, days),
            BaseMeasure::NetPurchases => self.purchases(What::NetPurchases, scope, days),
            BaseMeasure::Turnover => {
                let mut cells = Vec::new();
                for fact in &self.records.sales {
                    if days.contains(fact.record.date) && scope.covers(&fact.record.sku, &self.catalogue)? {
                        cells.push(fact.cell.clone());
                    }
                }
                self.amounts(What::Turnover, &cells)
            }
            BaseMeasure::Goods => self.goods(),
            BaseMeasure::PurchasedQuantity => {
                let mut seen = Vec::new();
                for fact in &self.records.deliveries {
                    let r = fact.record;
                    if days.contains(r.date) && scope.covers(&r.sku, &self.catalogue)? {
                        let name = format!("{} {}", r.document, r.sku);
                        seen.push((Subject::fact(What::DeliveryQuantity, name, r.date), r.quantity));
                    }
                }
                for fact in &self.records.returns {
                    let r = fact.record;
                    if days.contains(r.date) && scope.covers(&r.sku, &self.catalogue)? {
                        let name = format!("{} {}", r.document, r.sku);
                        seen.push((Subject::fact(What::ReturnQuantity, name, r.date), r.quantity.negated()));
                    }
                }
                self.quantities(What::PurchasedQuantity, seen)
            }
            BaseMeasure::SoldQuantity => {
                let mut seen = Vec::new();
                for fact in &self.records.sales {
                    let r = fact.record;
                    if days.contains(r.date) && scope.covers(&r.sku, &self.catalogue)? {
                        let name = format!("{} {}", r.document, r.sku);
                        seen.push((Subject::fact(What::SaleQuantity, name, r.date), r.quantity));
                    }
                }
                self.quantities(What::SoldQuantity, seen)
            }
        }
    }

    /// Goods settled on this statement, with or without VAT as the contract's amounts are.
    fn goods(&mut self) -> Result<(Cell, Basis), SettlementError> {
        let gross = self.cells(Column::Goods, |line| (line.trace, line.amount));
        if self.contract.terms().amounts == TaxBasis::Inclusive {
            return self.amounts(What::Goods, &gross);
        }
        let tax = self.cells(Column::Goods, |line| (line.tax_trace, line.tax));
        let gross = self.sum(Subject::new(What::Goods), Measure::Amount, &gross)?;
        let tax = self.sum(Subject::new(What::Tax), Measure::Amount, &tax)?;
        let subject = Subject::new(What::WithoutTax);
        let net = self.trace.exact(subject, Measure::Amount, Formula::Subtract, &[&gross, &tax])?;
        let money = self.money_of(&net)?;
        Ok((net, Basis::Amount(money)))
    }

    fn purchases(
        &mut self,
        what: What,
        scope: &Scope,
        days: Period,
    ) -> Result<(Cell, Basis), SettlementError> {
        let mut cells = Vec::new();
        for fact in &self.records.deliveries {
            if days.contains(fact.record.date) && scope.covers(&fact.record.sku, &self.catalogue)? {
                cells.push(fact.cell.clone());
            }
        }
        if what == What::NetPurchases {
            for fact in &self.records.returns {
                if days.contains(fact.record.date) && scope.covers(&fact.record.sku, &self.catalogue)? {
                    cells.push(fact.cell.clone());
                }
            }
        }
        self.amounts(what, &cells)
    }

    fn amounts(&mut self, what: What, cells: &[Cell]) -> Result<(Cell, Basis), SettlementError> {
        let cell = self.sum(Subject::new(what), Measure::Amount, cells)?;
        let money: Money = self.money_of(&cell)?;
        Ok((cell, Basis::Amount(money)))
    }

    fn quantities(
        &mut self,
        what: What,
        seen: Vec<(Subject, Quantity)>,
    ) -> Result<(Cell, Basis), SettlementError> {
        let unit = seen.first().map_or(Unit::Piece, |(_, quantity)| quantity.unit());
        let mut total = Quantity::zero(unit);
        let mut cells = Vec::with_capacity(seen.len());
        for (subject, quantity) in seen {
            total = total.checked_add(&quantity)?;
            cells.push(self.trace.given(subject, Measure::Number, quantity.to_exact()));
        }
        let cell = self.sum(Subject::new(what), Measure::Number, &cells)?;
        Ok((cell, Basis::Quantity(total)))
    }
}

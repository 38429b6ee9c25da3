//! What a clause measures: facts in its scope and validity, summed.

use endcap_calendar::Period;

use super::Run;
use super::chosen::Chosen;
use super::rates::Base;
use crate::{BaseMeasure, Basis, Measure, Scope, SettlementError, Subject, What};

/// A base that was measured before.
pub(super) type Known = (BaseMeasure, Scope, Period, Base);

impl Run<'_> {
    /// A measure over `days` within `scope`: in whole and by VAT rate. Clauses that measure the same share the result.
    pub(super) fn measured(
        &mut self,
        measure: BaseMeasure,
        scope: &Scope,
        days: Period,
    ) -> Result<Base, SettlementError> {
        let same = |known: &&Known| known.0 == measure && known.2 == days && known.1 == *scope;
        if let Some((_, _, _, base)) = self.known_bases.iter().find(same) {
            return Ok(base.clone());
        }
        let base = self.measured_now(measure, scope, days)?;
        self.known_bases.push((measure, scope.clone(), days, base.clone()));
        Ok(base)
    }

    fn measured_now(
        &mut self,
        measure: BaseMeasure,
        scope: &Scope,
        days: Period,
    ) -> Result<Base, SettlementError> {
        match measure {
            BaseMeasure::GrossPurchases => {
                let chosen = Chosen::delivered(&self.records, scope, days)?;
                self.chosen_amounts(What::GrossPurchases, &chosen)
            }
            BaseMeasure::NetPurchases => {
                let chosen = Chosen::purchased(&self.records, scope, days)?;
                self.chosen_amounts(What::NetPurchases, &chosen)
            }
            BaseMeasure::Turnover => {
                let chosen = Chosen::sold(&self.records, scope, days)?;
                self.chosen_amounts(What::Turnover, &chosen)
            }
            BaseMeasure::Goods => self.goods(),
            BaseMeasure::PurchasedQuantity => {
                let chosen = Chosen::purchased(&self.records, scope, days)?;
                let mut seen = Vec::new();
                for r in chosen.deliveries(&self.records).map(|fact| fact.record) {
                    let name = format!("{} {}", r.document, r.sku);
                    let subject = Subject::fact(What::DeliveryQuantity, name, r.date);
                    seen.push((self.vat_of(&r.sku)?, subject, r.quantity));
                }
                for r in chosen.returns(&self.records).map(|fact| fact.record) {
                    let name = format!("{} {}", r.document, r.sku);
                    let subject = Subject::fact(What::ReturnQuantity, name, r.date);
                    seen.push((self.vat_of(&r.sku)?, subject, r.quantity.negated()));
                }
                self.quantities(What::PurchasedQuantity, seen)
            }
            BaseMeasure::SoldQuantity => {
                let chosen = Chosen::sold(&self.records, scope, days)?;
                let mut seen = Vec::new();
                for r in chosen.sales(&self.records).map(|fact| fact.record) {
                    let name = format!("{} {}", r.document, r.sku);
                    let subject = Subject::fact(What::SaleQuantity, name, r.date);
                    seen.push((self.vat_of(&r.sku)?, subject, r.quantity));
                }
                self.quantities(What::SoldQuantity, seen)
            }
        }
    }

    /// The sum of chosen amounts, in whole and by rate.
    fn chosen_amounts(&mut self, what: What, chosen: &Chosen) -> Result<Base, SettlementError> {
        if self.one_rate() {
            let cells = chosen.cells(&self.records);
            let cell = self.trace.sum(Subject::new(what), Measure::Amount, cells)?;
            let basis = Basis::Amount(self.money_of(&cell)?);
            return Ok(Base { cell, basis, parts: Vec::new() });
        }
        let mut cells = Vec::new();
        for (sku, cell) in chosen.goods(&self.records) {
            cells.push((self.vat_of(sku)?, cell.clone()));
        }
        self.amounts(Subject::new(what), cells)
    }
}

//! What a clause measures: facts in its scope and validity, summed.

use endcap_calendar::Period;

use super::Run;
use super::rates::Base;
use crate::{BaseMeasure, Scope, SettlementError, Subject, What};

impl Run<'_> {
    /// A measure over `days` within `scope`: in whole and by VAT rate.
    pub(super) fn measured(
        &mut self,
        measure: BaseMeasure,
        scope: &Scope,
        days: Period,
    ) -> Result<Base, SettlementError> {
        match measure {
            BaseMeasure::GrossPurchases => self.purchases(What::GrossPurchases, scope, days),
            BaseMeasure::NetPurchases => self.purchases(What::NetPurchases, scope, days),
            BaseMeasure::Turnover => {
                let mut cells = Vec::new();
                for fact in &self.records.sales {
                    if days.contains(fact.record.date) && scope.covers(&fact.record.sku, &self.catalogue)? {
                        cells.push((self.vat_of(&fact.record.sku)?, fact.cell.clone()));
                    }
                }
                self.amounts(Subject::new(What::Turnover), cells)
            }
            BaseMeasure::Goods => self.goods(),
            BaseMeasure::PurchasedQuantity => {
                let mut seen = Vec::new();
                for fact in &self.records.deliveries {
                    let r = fact.record;
                    if days.contains(r.date) && scope.covers(&r.sku, &self.catalogue)? {
                        let name = format!("{} {}", r.document, r.sku);
                        seen.push((
                            self.vat_of(&r.sku)?,
                            Subject::fact(What::DeliveryQuantity, name, r.date),
                            r.quantity,
                        ));
                    }
                }
                for fact in &self.records.returns {
                    let r = fact.record;
                    if days.contains(r.date) && scope.covers(&r.sku, &self.catalogue)? {
                        let name = format!("{} {}", r.document, r.sku);
                        seen.push((
                            self.vat_of(&r.sku)?,
                            Subject::fact(What::ReturnQuantity, name, r.date),
                            r.quantity.negated(),
                        ));
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
                        seen.push((
                            self.vat_of(&r.sku)?,
                            Subject::fact(What::SaleQuantity, name, r.date),
                            r.quantity,
                        ));
                    }
                }
                self.quantities(What::SoldQuantity, seen)
            }
        }
    }

    fn purchases(&mut self, what: What, scope: &Scope, days: Period) -> Result<Base, SettlementError> {
        let mut cells = Vec::new();
        for fact in &self.records.deliveries {
            if days.contains(fact.record.date) && scope.covers(&fact.record.sku, &self.catalogue)? {
                cells.push((self.vat_of(&fact.record.sku)?, fact.cell.clone()));
            }
        }
        if what == What::NetPurchases {
            for fact in &self.records.returns {
                if days.contains(fact.record.date) && scope.covers(&fact.record.sku, &self.catalogue)? {
                    cells.push((self.vat_of(&fact.record.sku)?, fact.cell.clone()));
                }
            }
        }
        self.amounts(Subject::new(what), cells)
    }
}

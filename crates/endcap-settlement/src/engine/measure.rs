//! What a clause measures: facts in its scope and validity, summed.

use std::sync::Arc;

use endcap_calendar::Period;

use super::Run;
use super::chosen::{Chosen, Moved};
use super::rates::{Amounts, Base};
use crate::fact_block::{Group, Places};
use crate::{BaseMeasure, Scope, SettlementError, Subject, What};

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
                self.amounts_in(What::GrossPurchases, Moved::Delivered, scope, days)
            }
            BaseMeasure::NetPurchases => self.amounts_in(What::NetPurchases, Moved::Purchased, scope, days),
            BaseMeasure::Turnover if *scope == Scope::All && days == self.window && self.one_rate() => {
                let group = self.all_sales()?;
                self.amounts(Subject::new(What::Turnover), Amounts::Grouped(group))
            }
            BaseMeasure::Turnover => self.amounts_in(What::Turnover, Moved::Sold, scope, days),
            BaseMeasure::Goods => self.goods(),
            BaseMeasure::PurchasedQuantity => {
                let chosen = Chosen::of(Moved::Purchased, &self.records, scope, days)?;
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
                let chosen = Chosen::of(Moved::Sold, &self.records, scope, days)?;
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

    /// The amounts of all sales.
    pub(super) fn all_sales(&mut self) -> Result<Group, SettlementError> {
        if let Some(group) = &self.all_sales {
            return Ok(group.clone());
        }
        let sales = &self.records.sales;
        let group = Group::of(vec![(Arc::clone(&sales.block), Places::Range(0..sales.len()))])?;
        self.all_sales = Some(group.clone());
        Ok(group)
    }

    /// The sum of the amounts in scope, in whole and by rate.
    fn amounts_in(
        &mut self,
        what: What,
        moved: Moved,
        scope: &Scope,
        days: Period,
    ) -> Result<Base, SettlementError> {
        if self.one_rate() {
            let group = Chosen::of(moved, &self.records, scope, days)?.group(&self.records)?;
            return self.amounts(Subject::new(what), Amounts::Grouped(group));
        }
        let chosen = Chosen::of(moved, &self.records, scope, days)?;
        let mut cells = Vec::new();
        for (sku, cell) in chosen.goods(&self.records) {
            cells.push((self.vat_of(sku)?, cell.cell()));
        }
        self.amounts(Subject::new(what), cells)
    }
}

//! 赊销账期: deliveries less returns of the period, one line a document and VAT rate.

use std::collections::BTreeMap;

use endcap_types::{DocumentId, Rate};

use super::{Draft, Run};
use crate::trace::Cell;
use crate::{Column, LineKind, Measure, SettlementError, Subject};

/// What a document brought, by document and VAT rate.
type Documents = BTreeMap<(DocumentId, Rate), Vec<Cell>>;

impl Run<'_> {
    pub(super) fn credit_terms(&mut self) -> Result<(), SettlementError> {
        let mut delivered = Documents::new();
        for fact in &self.records.deliveries {
            let key = (fact.record.document.clone(), self.vat_of(&fact.record.sku)?);
            delivered.entry(key).or_default().push(fact.cell.clone());
        }
        let mut returned = Documents::new();
        for fact in &self.records.returns {
            let key = (fact.record.document.clone(), self.vat_of(&fact.record.sku)?);
            returned.entry(key).or_default().push(fact.cell.clone());
        }
        self.documents(LineKind::DeliveredGoods, delivered)?;
        self.documents(LineKind::ReturnedGoods, returned)
    }

    fn documents(&mut self, kind: LineKind, documents: Documents) -> Result<(), SettlementError> {
        for ((document, vat), cells) in documents {
            let name = if self.one_rate() { document.to_string() } else { format!("{document} {vat}") };
            let total = self.sum(Subject::of(kind.what(), name), Measure::Amount, &cells)?;
            let mut draft = Draft::new(Column::Goods, kind, self.goods_at(vat));
            draft.document = Some(document);
            self.post(draft, &total)?;
        }
        Ok(())
    }
}

//! 赊销账期: deliveries less returns of the period, one line a document.

use std::collections::BTreeMap;

use endcap_types::DocumentId;

use super::{Draft, Run};
use crate::trace::Cell;
use crate::{Column, LineKind, Measure, SettlementError, Subject};

impl Run<'_> {
    pub(super) fn credit_terms(&mut self) -> Result<(), SettlementError> {
        let mut delivered: BTreeMap<DocumentId, Vec<Cell>> = BTreeMap::new();
        for fact in &self.records.deliveries {
            delivered.entry(fact.record.document.clone()).or_default().push(fact.cell.clone());
        }
        let mut returned: BTreeMap<DocumentId, Vec<Cell>> = BTreeMap::new();
        for fact in &self.records.returns {
            returned.entry(fact.record.document.clone()).or_default().push(fact.cell.clone());
        }
        self.documents(LineKind::DeliveredGoods, delivered)?;
        self.documents(LineKind::ReturnedGoods, returned)
    }

    fn documents(
        &mut self,
        kind: LineKind,
        documents: BTreeMap<DocumentId, Vec<Cell>>,
    ) -> Result<(), SettlementError> {
        for (document, cells) in documents {
            let total = self.sum(Subject::of(kind.what(), &document), Measure::Amount, &cells)?;
            let mut draft = Draft::new(Column::Goods, kind, self.goods_vat());
            draft.document = Some(document);
            self.post(draft, &total)?;
        }
        Ok(())
    }
}

//! 赊销账期: deliveries less returns of the period, one line a document and VAT rate.

use std::collections::BTreeMap;

use endcap_types::{DocumentId, Rate};

use super::{Draft, Run};
use crate::trace::Cell;
use crate::{Column, LineKind, Measure, SettlementError, Subject};

/// What a document brought, by document and VAT rate.
type Documents<'a> = BTreeMap<(&'a DocumentId, Rate), Vec<Cell>>;

/// Adds an amount to its document; facts of one document mostly follow each other.
struct Gathered<'a> {
    documents: Documents<'a>,
    last: Option<(&'a DocumentId, Rate)>,
    cells: Vec<Cell>,
}

impl<'a> Gathered<'a> {
    const fn new() -> Self {
        Self { documents: Documents::new(), last: None, cells: Vec::new() }
    }

    fn add(&mut self, document: &'a DocumentId, vat: Rate, cell: &Cell) {
        if self.last != Some((document, vat)) {
            self.put_away();
            self.last = Some((document, vat));
        }
        self.cells.push(cell.clone());
    }

    fn put_away(&mut self) {
        if let Some(key) = self.last.take() {
            self.documents.entry(key).or_default().append(&mut self.cells);
        }
    }

    fn finish(mut self) -> Documents<'a> {
        self.put_away();
        self.documents
    }
}

impl<'a> Run<'a> {
    pub(super) fn credit_terms(&mut self) -> Result<(), SettlementError> {
        let mut delivered = Gathered::new();
        for fact in &self.records.deliveries {
            delivered.add(&fact.record.document, self.vat_of(&fact.record.sku)?, &fact.cell);
        }
        let mut returned = Gathered::new();
        for fact in &self.records.returns {
            returned.add(&fact.record.document, self.vat_of(&fact.record.sku)?, &fact.cell);
        }
        self.documents(LineKind::DeliveredGoods, delivered.finish())?;
        self.documents(LineKind::ReturnedGoods, returned.finish())
    }

    fn documents(&mut self, kind: LineKind, documents: Documents<'a>) -> Result<(), SettlementError> {
        for ((document, vat), cells) in documents {
            let name = if self.one_rate() { document.to_string() } else { format!("{document} {vat}") };
            let total = self.sum(Subject::of(kind.what(), name), Measure::Amount, &cells)?;
            let mut draft = Draft::new(Column::Goods, kind, self.goods_at(vat));
            draft.document = Some(document.clone());
            self.post(draft, &total)?;
        }
        Ok(())
    }
}

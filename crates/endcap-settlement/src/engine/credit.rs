//! 赊销账期: deliveries less returns of the period, one line a document and VAT rate.

use std::collections::BTreeMap;

use endcap_types::{DocumentId, Rate};

use super::{Draft, Run};
use crate::trace::{Group, Stated};
use crate::{Column, LineKind, SettlementError, Subject};

/// What a document brought, by document and VAT rate.
type Documents<'a> = BTreeMap<(&'a DocumentId, Rate), Vec<Stated>>;

/// Adds amounts to their documents; facts of one document mostly follow each other.
struct Gathered<'a> {
    documents: Documents<'a>,
    /// The number and the key of the document at hand.
    last: Option<(u32, (&'a DocumentId, Rate))>,
    amounts: Vec<Stated>,
}

impl<'a> Gathered<'a> {
    const fn new() -> Self {
        Self { documents: Documents::new(), last: None, amounts: Vec::new() }
    }

    fn add(&mut self, number: u32, document: &'a DocumentId, vat: Rate, amount: Stated) {
        if !self.last.as_ref().is_some_and(|(last, (_, at))| *last == number && *at == vat) {
            self.put_away();
            self.last = Some((number, (document, vat)));
        }
        self.amounts.push(amount);
    }

    fn put_away(&mut self) {
        if let Some((_, key)) = self.last.take() {
            self.documents.entry(key).or_default().append(&mut self.amounts);
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
        for (fact, number) in self.records.deliveries.iter().zip(&self.records.delivered_on) {
            let record = fact.record;
            delivered.add(*number, &record.document, self.vat_of(&record.sku)?, fact.cell);
        }
        let mut returned = Gathered::new();
        for (fact, number) in self.records.returns.iter().zip(&self.records.returned_on) {
            let record = fact.record;
            returned.add(*number, &record.document, self.vat_of(&record.sku)?, fact.cell);
        }
        self.documents(LineKind::DeliveredGoods, delivered.finish())?;
        self.documents(LineKind::ReturnedGoods, returned.finish())
    }

    fn documents(&mut self, kind: LineKind, documents: Documents<'a>) -> Result<(), SettlementError> {
        for ((document, vat), cells) in documents {
            let name = if self.one_rate() { document.to_string() } else { format!("{document} {vat}") };
            let group = Group::of(cells.into_iter())?;
            let total = self.trace.sum_of(Subject::of(kind.what(), name), &group);
            let mut draft = Draft::new(Column::Goods, kind, self.goods_at(vat));
            draft.document = Some(document.clone());
            self.post(draft, &total)?;
        }
        Ok(())
    }
}

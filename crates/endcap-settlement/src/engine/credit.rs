//! 赊销账期: deliveries less returns of the period, one line a document and VAT rate.

use core::ops::Range;
use std::sync::Arc;

use endcap_types::{DocumentId, Rate};

use super::moved::Goods;
use super::{Draft, Run};
use crate::fact_block::{Group, Places};
use crate::{Column, LineKind, SettlementError, Subject};

/// Records of one document and VAT rate that follow each other.
type Sheet<'a> = (&'a DocumentId, Rate, Range<usize>);

impl<'a> Run<'a> {
    pub(super) fn credit_terms(&mut self) -> Result<(), SettlementError> {
        let of = |r: &'a crate::Delivery| (&r.document, &r.sku);
        let delivered = self.sheets(&self.records.deliveries, of)?;
        let of = |r: &'a crate::GoodsReturn| (&r.document, &r.sku);
        let returned = self.sheets(&self.records.returns, of)?;
        // A document posts a line, its sum and its VAT.
        let documents = delivered.len().saturating_add(returned.len());
        self.lines.reserve(documents);
        self.trace.reserve(documents.saturating_mul(2));
        let block = Arc::clone(&self.records.deliveries.block);
        self.documents(LineKind::DeliveredGoods, &delivered, &block)?;
        let block = Arc::clone(&self.records.returns.block);
        self.documents(LineKind::ReturnedGoods, &returned, &block)
    }

    /// The sheets of the records, by document and VAT rate.
    fn sheets<T>(
        &self,
        goods: &Goods<&'a T>,
        of: impl Fn(&'a T) -> (&'a DocumentId, &'a endcap_types::SkuId),
    ) -> Result<Vec<Sheet<'a>>, SettlementError> {
        let mut sheets: Vec<Sheet<'a>> = Vec::new();
        if self.one_rate() {
            let vat = self.contract.terms().goods_vat;
            let mut from: usize = 0;
            for run in goods.documents.chunk_by(|one, other| one == other) {
                let to = from.saturating_add(run.len());
                if let Some(record) = goods.records.get(from) {
                    sheets.push((of(record).0, vat, from..to));
                }
                from = to;
            }
        } else {
            let mut last = None;
            for ((record, number), place) in goods.records.iter().zip(&goods.documents).zip(0_usize..) {
                let (document, sku) = of(record);
                let vat = self.vat_of(sku)?;
                let after = place.saturating_add(1);
                match sheets.last_mut() {
                    Some(sheet) if last == Some((number, vat)) => sheet.2.end = after,
                    _ => sheets.push((document, vat, place..after)),
                }
                last = Some((number, vat));
            }
        }
        // A document of several days, or of goods of several rates by turns, keeps the order of its records.
        sheets.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        Ok(sheets)
    }

    fn documents(
        &mut self,
        kind: LineKind,
        sheets: &[Sheet<'a>],
        block: &Arc<crate::fact_block::Block>,
    ) -> Result<(), SettlementError> {
        for sheets in sheets.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let Some((document, vat, _)) = sheets.first() else { continue };
            let name = if self.one_rate() { document.to_string() } else { format!("{document} {vat}") };
            let parts = sheets.iter().map(|(_, _, range)| (Arc::clone(block), Places::Range(range.clone())));
            let group = Group::of(parts.collect())?;
            let total = self.trace.sum_of(Subject::of(kind.what(), name), group);
            let mut draft = Draft::new(Column::Goods, kind, self.goods_at(*vat));
            draft.document = Some((*document).clone());
            self.post(draft, &total)?;
        }
        Ok(())
    }
}

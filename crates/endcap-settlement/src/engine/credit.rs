//! 赊销账期: deliveries less returns of the period, one line a document and VAT rate.

use core::ops::Range;
use std::sync::Arc;

use endcap_types::{DocumentId, Rate, SkuId};

use super::moved::Goods;
use super::records::Records;
use super::{Draft, Run};
use crate::fact_block::{Block, Group, Places};
use crate::{Column, LineKind, SettlementError, Subject};

/// Records of one document and VAT rate that follow each other: the document as a number, the rate and the places.
type Sheet = (u64, Rate, Range<usize>);

impl<'a> Run<'a> {
    pub(super) fn credit_terms(&mut self) -> Result<(), SettlementError> {
        let delivered = self.sheets(&self.records.deliveries, |r| &r.sku)?;
        let returned = self.sheets(&self.records.returns, |r| &r.sku)?;
        // A document posts a line, its sum and its VAT.
        let documents = delivered.len().saturating_add(returned.len());
        self.lines.reserve(documents);
        self.trace.reserve(documents.saturating_mul(2));
        self.documents(LineKind::DeliveredGoods, &delivered, |records, at| {
            records.deliveries.records.get(at).map(|r| (&r.document, &records.deliveries.block))
        })?;
        self.documents(LineKind::ReturnedGoods, &returned, |records, at| {
            records.returns.records.get(at).map(|r| (&r.document, &records.returns.block))
        })
    }

    /// The sheets of the records, by document and VAT rate.
    fn sheets<T>(
        &self,
        goods: &Goods<&'a T>,
        sku: impl Fn(&'a T) -> &'a SkuId,
    ) -> Result<Vec<Sheet>, SettlementError> {
        let mut sheets: Vec<Sheet> = Vec::with_capacity(goods.sheets.len());
        let mut from = 0;
        for (to, document) in goods.sheets.iter().copied() {
            if self.one_rate() {
                sheets.push((document, self.contract.terms().goods_vat, from..to));
            } else {
                let mut last = None;
                for (record, place) in goods.records.get(from..to).unwrap_or_default().iter().zip(from..) {
                    let vat = self.vat_of(sku(record))?;
                    let after = place.saturating_add(1);
                    match sheets.last_mut() {
                        Some(sheet) if last == Some(vat) => sheet.2.end = after,
                        _ => sheets.push((document, vat, place..after)),
                    }
                    last = Some(vat);
                }
            }
            from = to;
        }
        // A document of several days, or of goods of several rates by turns, keeps the order of its records.
        sheets.sort_by_key(|(document, vat, _)| (*document, *vat));
        Ok(sheets)
    }

    fn documents(
        &mut self,
        kind: LineKind,
        sheets: &[Sheet],
        at: impl for<'r> Fn(&'r Records<'a>, usize) -> Option<(&'a DocumentId, &'r Arc<Block>)>,
    ) -> Result<(), SettlementError> {
        for sheets in sheets.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let Some((_, vat, range)) = sheets.first() else { continue };
            let Some((document, block)) = at(&self.records, range.start) else { continue };
            let name = if self.one_rate() { document.to_string() } else { format!("{document} {vat}") };
            let parts = sheets.iter().map(|(_, _, range)| (Arc::clone(block), Places::Range(range.clone())));
            let group = Group::of(parts.collect())?;
            let total = self.trace.sum_of(Subject::of(kind.what(), name), group);
            let mut draft = Draft::new(Column::Goods, kind, self.goods_at(*vat));
            draft.document = Some(document.clone());
            self.post(draft, &total)?;
        }
        Ok(())
    }
}

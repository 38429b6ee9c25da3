//! Facts of goods: read in the order in which they are given, then brought into canonical order.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money, SkuId};

use super::order::{self, Place};
use super::records::Goods;
use crate::intern::Interner;
use crate::trace::Stated;
use crate::{Catalogue, Contract, Product, SettlementError, Trace, What};

/// SKUs by number, in order of first sight.
#[derive(Default)]
pub(super) struct Numbered<'a> {
    numbers: Interner<'a>,
    skus: Vec<&'a SkuId>,
}

impl<'a> Numbered<'a> {
    fn number(&mut self, sku: &'a SkuId) -> u32 {
        let number = self.numbers.number(sku.as_str());
        if self.numbers.len() > self.skus.len() {
            self.skus.push(sku);
        }
        number
    }

    /// The SKUs with their product records.
    pub(super) fn with_products(self, catalogue: &Catalogue<'a>) -> Vec<(&'a SkuId, Option<&'a Product>)> {
        self.skus.into_iter().map(|sku| (sku, catalogue.product(sku).ok())).collect()
    }
}

/// What is told of a record: where it belongs, and its amount with its sign.
pub(super) struct Told<'a> {
    /// Day, document and SKU.
    pub(super) place: (NaiveDate, &'a DocumentId, &'a SkuId),
    pub(super) amount: Money,
}

/// Records in canonical order, with what each states, the number of its SKU and that of its document.
pub(super) struct Moved<T> {
    pub(super) records: Vec<T>,
    pub(super) cells: Vec<Stated>,
    pub(super) skus: Vec<u32>,
    /// Records of one number that follow each other are of one document.
    pub(super) documents: Vec<u32>,
}

impl<'a, R> Moved<&'a R> {
    /// The records with what they state, and beside them the numbers of their SKUs and of their documents.
    pub(super) fn facts(self) -> (Vec<Goods<'a, R>>, Vec<u32>, Vec<u32>) {
        let facts = self.records.into_iter().zip(self.cells);
        let facts = facts.map(|(record, cell)| Goods { record, cell }).collect();
        (facts, self.skus, self.documents)
    }
}

/// Reads and sorts records of goods.
///
/// Records are read once, in the order in which they lie in memory; what is sorted afterwards is a narrow column.
pub(super) fn read<'a, T: Copy, K: Ord>(
    records: &[T],
    (contract, trace, skus): (&Contract, &mut Trace, &mut Numbered<'a>),
    what: What,
    (tell, key): (impl Fn(T) -> Told<'a>, impl Fn(T) -> K),
) -> Result<Moved<T>, SettlementError> {
    let expected = contract.currency();
    let mut places = Vec::with_capacity(records.len());
    let mut amounts = Vec::with_capacity(records.len());
    let mut foreign = false;
    trace.reserve(records.len());
    for record in records {
        let Told { place: (date, document, sku), amount } = tell(*record);
        let texts = [document.as_str(), sku.as_str()];
        places.push(Place { date, texts });
        foreign |= amount.currency() != expected;
        amounts.push((trace.fact(what, texts, date, &amount), skus.number(sku)));
    }
    let order = order::places(&places, |place| records.get(place).map(|record| key(*record)));
    if foreign {
        // The first in order, whatever the order of the list.
        for told in order.iter().filter_map(|(place, _)| records.get(*place)).map(|record| tell(*record)) {
            let (currency, (_, document, sku)) = (told.amount.currency(), told.place);
            if currency != expected {
                let fact = format!("{} {document} {sku}", what.name_en());
                return Err(SettlementError::FactCurrency { fact, currency, expected });
            }
        }
    }
    let count = records.len();
    let mut moved = Moved {
        records: Vec::with_capacity(count),
        cells: Vec::with_capacity(count),
        skus: Vec::with_capacity(count),
        documents: Vec::with_capacity(count),
    };
    for (place, document) in order {
        if let (Some(record), Some((cell, sku))) = (records.get(place), amounts.get(place)) {
            moved.records.push(*record);
            moved.cells.push(*cell);
            moved.skus.push(*sku);
            moved.documents.push(document);
        }
    }
    Ok(moved)
}

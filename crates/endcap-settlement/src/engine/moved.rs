//! Facts of goods: read in the order in which they are given, then brought into canonical order.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money, SkuId};

use super::order;
use super::records::Fact;
use crate::intern::Interner;
use crate::trace::Cell;
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

/// Day, document and SKU of a record.
pub(super) type Place<'a> = (NaiveDate, &'a DocumentId, &'a SkuId);

/// What is told of a record: where it belongs, and its amount with its sign.
pub(super) struct Told<'a> {
    pub(super) place: Place<'a>,
    pub(super) amount: Money,
}

/// Records in canonical order, with the trace node of each and the number of its SKU.
pub(super) struct Moved<T> {
    pub(super) records: Vec<T>,
    pub(super) cells: Vec<Cell>,
    pub(super) skus: Vec<u32>,
}

impl<'a, R> Moved<&'a R> {
    /// The records with their cells, and beside them the numbers of their SKUs.
    pub(super) fn facts(self) -> (Vec<Fact<'a, R>>, Vec<u32>) {
        let facts = self.records.into_iter().zip(self.cells);
        (facts.map(|(record, cell)| Fact { record, cell }).collect(), self.skus)
    }
}

/// Reads and sorts records of goods.
pub(super) fn read<'a, T: Copy, K: Ord>(
    records: &[T],
    (contract, trace, skus): (&Contract, &mut Trace, &mut Numbered<'a>),
    what: What,
    (tell, key): (impl Fn(T) -> Told<'a>, impl Fn(T) -> K),
) -> Result<Moved<T>, SettlementError> {
    let expected = contract.currency();
    let texts = |record: T| {
        let (date, document, sku) = tell(record).place;
        (date, document.as_str(), sku.as_str())
    };
    let order = order::places(records, texts, key);
    if records.iter().any(|record| tell(*record).amount.currency() != expected) {
        // The first in order, whatever the order of the list.
        for told in order.iter().filter_map(|place| records.get(*place)).map(|record| tell(*record)) {
            let (currency, (_, document, sku)) = (told.amount.currency(), told.place);
            if currency != expected {
                let fact = format!("{} {document} {sku}", what.name_en());
                return Err(SettlementError::FactCurrency { fact, currency, expected });
            }
        }
    }
    let mut read = Vec::with_capacity(records.len());
    for record in records {
        let Told { place: (date, document, sku), amount } = tell(*record);
        let cell = trace.fact(what, [document.as_str(), sku.as_str()], date, &amount);
        read.push((*record, cell, skus.number(sku)));
    }
    let count = read.len();
    let mut moved = Moved {
        records: Vec::with_capacity(count),
        cells: Vec::with_capacity(count),
        skus: Vec::with_capacity(count),
    };
    for (record, cell, sku) in order.iter().filter_map(|place| read.get(*place)) {
        moved.records.push(*record);
        moved.cells.push(cell.clone());
        moved.skus.push(*sku);
    }
    Ok(moved)
}

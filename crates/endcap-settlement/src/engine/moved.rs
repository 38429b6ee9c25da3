//! Facts of goods: read once in the order in which they are given, then kept in canonical order, column by column.

use core::cell::OnceCell;
use core::ops::Range;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{DocumentId, Money, SkuId};

use super::order::{self, Columns, Ordered};
use super::records::{Fact, Filter};
use crate::fact_block::{Block, Reading, gathered, picked};
use crate::intern::Interner;
use crate::trace::Stated;
use crate::{Catalogue, Product, Scope, SettlementError, Trace, What};

/// SKUs by number, in order of first sight.
#[derive(Debug, Default)]
pub(super) struct Numbered<'a> {
    numbers: Interner<'a>,
    skus: Vec<&'a SkuId>,
    /// Whether the scope of the contract covers them, once asked.
    covered: Vec<Option<bool>>,
}

impl<'a> Numbered<'a> {
    fn number(&mut self, sku: &'a SkuId) -> u32 {
        let number = self.numbers.number(sku.as_str());
        if self.numbers.len() > self.skus.len() {
            self.skus.push(sku);
            self.covered.push(None);
        }
        number
    }

    fn covers(&mut self, number: u32, filter: &Filter<'a, '_>) -> Result<bool, SettlementError> {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        match (self.covered.get_mut(place), self.skus.get(place)) {
            (Some(Some(covers)), _) => Ok(*covers),
            (Some(known), Some(sku)) => Ok(*known.insert(filter.covers(sku)?)),
            _ => Ok(false),
        }
    }

    /// The rank of each SKU, by number.
    fn ranks(&self) -> Vec<u32> {
        let texts: Vec<&str> = self.skus.iter().map(|sku| sku.as_str()).collect();
        order::dense(&texts)
    }

    /// The SKUs with their product records.
    pub(super) fn with_products(self, catalogue: &Catalogue<'a>) -> Skus<'a> {
        let products: Vec<_> = self.skus.iter().map(|sku| catalogue.product(sku).ok()).collect();
        let mut classes = BTreeMap::new();
        let mut class_of = Vec::with_capacity(products.len());
        let mut names = Interner::default();
        let mut samples = Vec::new();
        for product in &products {
            let class = product.map(|product| {
                let category = product.category.as_ref().map(|category| names.number(category.as_str()));
                let brand = product.brand.as_ref().map(|brand| names.number(brand));
                let next = classes.len();
                *classes.entry((category, brand)).or_insert_with(|| {
                    samples.push(product);
                    next
                })
            });
            class_of.push(class);
        }
        Skus { numbers: self.numbers, skus: self.skus, class_of, samples }
    }
}

/// The SKUs of the facts by number; what depends on category and brand alone is found once for each pair of them.
#[derive(Debug)]
pub(super) struct Skus<'a> {
    numbers: Interner<'a>,
    skus: Vec<&'a SkuId>,
    /// The number of its category and brand; none without a product record.
    class_of: Vec<Option<usize>>,
    /// One product of each category and brand.
    samples: Vec<&'a Product>,
}

/// What a scope says to a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Yes,
    No,
    /// It asks for a product record that is not there.
    Unknown,
}

impl<'a> Skus<'a> {
    /// What `scope` says to each SKU, by number; none for one that covers everything.
    pub(super) fn asked(&self, scope: &Scope) -> Option<Vec<Says>> {
        let (selection, named, others) = match scope {
            Scope::All => return None,
            Scope::Only(selection) => (selection, Says::Yes, Says::No),
            Scope::Except(selection) => (selection, Says::No, Says::Yes),
        };
        let by_class = !(selection.categories.is_empty() && selection.brands.is_empty());
        let classes: Vec<Says> = self
            .samples
            .iter()
            .map(|product| if by_class && selection.names_class_of(product) { named } else { others })
            .collect();
        let without_record = if by_class { Says::Unknown } else { others };
        let says = |class: &Option<usize>| {
            class.map_or(without_record, |class| classes.get(class).copied().unwrap_or(others))
        };
        let mut asked: Vec<Says> = self.class_of.iter().map(says).collect();
        for sku in &selection.skus {
            let number = self.numbers.known(sku.as_str()).and_then(|number| usize::try_from(number).ok());
            if let Some(slot) = number.and_then(|number| asked.get_mut(number)) {
                *slot = named;
            }
        }
        Some(asked)
    }

    /// The SKU of a number.
    pub(super) fn sku(&self, number: u32) -> Option<&'a SkuId> {
        self.skus.get(usize::try_from(number).ok()?).copied()
    }
}

/// What is told of a record: where it belongs, and its amount with its sign.
pub(super) struct Told<'a> {
    /// Day, document and SKU.
    pub(super) place: (NaiveDate, &'a DocumentId, &'a SkuId),
    pub(super) amount: Money,
}

/// Records of goods in canonical order, with what each states.
#[derive(Debug)]
pub(super) struct Goods<T> {
    pub(super) records: Vec<T>,
    pub(super) block: Arc<Block>,
    /// Numbers of their SKUs.
    pub(super) skus: Vec<u32>,
    /// Places by SKU, once asked for.
    by_sku: OnceCell<BySku>,
    /// The places where documents end, and the documents as numbers that compare like their texts.
    pub(super) sheets: Vec<(usize, u64)>,
}

/// The places of facts, SKU by SKU, in no order that matters.
#[derive(Debug)]
pub(super) struct BySku {
    /// Where the places of each number end.
    ends: Vec<usize>,
    places: Vec<u32>,
}

impl BySku {
    fn of(skus: &[u32]) -> Self {
        let index = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let count = skus.iter().max().map_or(0, |most| index(*most).saturating_add(1));
        let mut ends = vec![0_usize; count];
        for number in skus {
            if let Some(end) = ends.get_mut(index(*number)) {
                *end = end.saturating_add(1);
            }
        }
        let mut sum: usize = 0;
        for end in &mut ends {
            sum = sum.saturating_add(*end);
            *end = sum;
        }
        let mut next = ends.clone();
        let mut places = vec![0; skus.len()];
        for (number, place) in skus.iter().zip(0_u32..) {
            if let Some(end) = next.get_mut(index(*number)) {
                *end = end.saturating_sub(1);
                if let Some(slot) = places.get_mut(*end) {
                    *slot = place;
                }
            }
        }
        Self { ends, places }
    }

    /// The places of each SKU, by number.
    pub(super) fn each(&self) -> impl Iterator<Item = &[u32]> + Clone {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let places = self.places.get(from..*end).unwrap_or_default();
            from = *end;
            places
        })
    }
}

impl<T> Goods<T> {
    pub(super) const fn new(
        records: Vec<T>,
        block: Arc<Block>,
        skus: Vec<u32>,
        sheets: Vec<(usize, u64)>,
    ) -> Self {
        Self { records, block, skus, by_sku: OnceCell::new(), sheets }
    }

    /// The places of each SKU.
    pub(super) fn by_sku(&self) -> &BySku {
        self.by_sku.get_or_init(|| BySku::of(&self.skus))
    }

    /// The same facts, with what their records are made of taken apart.
    pub(super) fn taken_apart<A, B>(self) -> (Goods<A>, Vec<B>)
    where
        T: Into<(A, B)>,
    {
        let (records, others) = self.records.into_iter().map(Into::into).unzip();
        (Goods::new(records, self.block, self.skus, self.sheets), others)
    }

    pub(super) const fn len(&self) -> usize {
        self.records.len()
    }
}

impl<'a, T> Goods<&'a T> {
    /// The records with what they state.
    pub(super) fn iter(&self) -> impl Iterator<Item = Fact<'a, T, Stated>> + Clone {
        self.records.iter().zip(self.block.iter()).map(|(record, cell)| Fact { record: *record, cell })
    }

    /// The record at a place, with what it states.
    pub(super) fn at(&self, place: u32) -> Option<Fact<'a, T, Stated>> {
        let place = usize::try_from(place).ok()?;
        Some(Fact { record: self.records.get(place)?, cell: self.block.at(place)? })
    }

    /// The places of the records on some days.
    pub(super) fn between(&self, days: Period, date: impl Fn(&T) -> NaiveDate) -> Range<usize> {
        let from = self.records.partition_point(|record| date(record) < days.start());
        from..self.records.partition_point(|record| date(record) < days.end())
    }
}

/// Reads and sorts those of `records` that lie in the window and in scope; `check` sees each of them.
///
/// Records are read once, in the order in which they lie in memory; what is sorted afterwards is a column of numbers.
pub(super) fn read<'a, T: Copy, K: Ord>(
    records: impl ExactSizeIterator<Item = T>,
    (filter, trace, skus): (&Filter<'a, '_>, &mut Trace, &mut Numbered<'a>),
    what: What,
    (tell, key): (impl Fn(T) -> Told<'a>, impl Fn(T) -> K),
    mut check: impl FnMut(T) -> Result<(), SettlementError>,
) -> Result<Goods<T>, SettlementError> {
    let expected = filter.contract.currency();
    let everything = filter.contract.terms().scope == Scope::All;
    let mut kept = Vec::with_capacity(records.len());
    let mut numbers = Vec::with_capacity(records.len());
    let mut reading = Reading::new(what, records.len());
    let mut foreign = false;
    // Of several records that are refused, the first in canonical order is told, whatever the order of the list.
    let mut refused: Option<(K, SettlementError)> = None;
    for record in records {
        let Told { place: (date, document, sku), amount } = tell(record);
        if !filter.window.contains(date) {
            continue;
        }
        let number = skus.number(sku);
        let covers = if everything { Ok(true) } else { skus.covers(number, filter) };
        match covers.and_then(|covers| if covers { check(record).map(|()| true) } else { Ok(false) }) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(error) => {
                let key = key(record);
                if refused.as_ref().is_none_or(|(first, _)| key < *first) {
                    refused = Some((key, error));
                }
                continue;
            }
        }
        reading.push([document.as_str(), sku.as_str()], date, amount.minor());
        foreign |= amount.currency() != expected;
        kept.push(record);
        numbers.push(number);
    }
    if let Some((_, error)) = refused {
        return Err(error);
    }
    let ranks = if kept.is_empty() { Vec::new() } else { skus.ranks() };
    let documents = reading.firsts();
    let columns = Columns { days: reading.days(), documents, skus: gathered(&ranks, &numbers) };
    let Ordered { places, sheets } =
        order::places(columns, |place| kept.get(place).map(|record| key(*record)));
    if foreign {
        // The first in order, whatever the order of the list.
        for told in picked(&kept, &places).map(|record| tell(*record)) {
            let (currency, (_, document, sku)) = (told.amount.currency(), told.place);
            if currency != expected {
                let fact = format!("{} {document} {sku}", what.name_en());
                return Err(SettlementError::FactCurrency { fact, currency, expected });
            }
        }
    }
    let records = gathered(&kept, &places);
    let skus = gathered(&numbers, &places);
    let block = Arc::new(reading.finish(places));
    trace.facts(&block);
    Ok(Goods::new(records, block, skus, sheets))
}

//! The canonical order of facts: by day, document and SKU, then by everything else.

use chrono::{Datelike, NaiveDate};

use crate::cut::Cut;

/// Where a fact belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) date: NaiveDate,
    /// Document and SKU.
    pub(super) texts: [&'a str; 2],
}

/// Day and document in one number, the SKU in another, both comparing like what they stand for, and the fact's place.
type Key = (u128, u64, usize);

/// Bytes of a document's text beside the day in one number.
const DOCUMENT: usize = 12;

/// A fact in canonical order: its place among those given, and the number of its document.
///
/// Facts of one number that follow each other are of one document.
pub(super) type Ordered = (usize, u32);

/// The facts in canonical order, by `key`, which begins with the day, document and SKU.
///
/// Numbers are compared first; the full key is built only for facts that they do not tell apart.
pub(super) fn places<K: Ord>(facts: &[Place<'_>], key: impl Fn(usize) -> K) -> Vec<Ordered> {
    let documents = Cut::of(facts.iter().map(|fact| fact.texts[0]), DOCUMENT);
    let skus = Cut::of(facts.iter().map(|fact| fact.texts[1]), 8);
    let documents_whole = facts.iter().all(|fact| documents.whole(fact.texts[0]));
    let mut keys: Vec<Key> = Vec::with_capacity(facts.len());
    for (index, Place { date, texts: [document, sku] }) in facts.iter().enumerate() {
        // The SKU decides only between equal documents.
        let sku = if documents_whole { u64::try_from(skus.number(sku)).unwrap_or_default() } else { 0 };
        // Days from the earliest date on, so that they compare as numbers without sign.
        let day = u128::from(date.num_days_from_ce().wrapping_sub(i32::MIN).cast_unsigned());
        keys.push((day.wrapping_shl(96) | documents.number(document), sku, index));
    }
    keys.sort_unstable();
    for run in keys.chunk_by_mut(|one, other| (one.0, one.1) == (other.0, other.1)) {
        if run.len() > 1 {
            run.sort_by_cached_key(|(_, _, index)| key(*index));
        }
    }
    let mut ordered = Vec::with_capacity(keys.len());
    let (mut number, mut before) = (0_u32, None);
    for (document, _, index) in keys {
        // Where the numbers do not hold the whole texts, each fact counts as a document of its own.
        if !documents_whole || before != Some(document) {
            number = number.wrapping_add(1);
            before = Some(document);
        }
        ordered.push((index, number));
    }
    ordered
}

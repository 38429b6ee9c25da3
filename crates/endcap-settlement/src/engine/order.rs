//! The canonical order of facts: by day, document and SKU, then by everything else.

use chrono::{Datelike, NaiveDate};

use crate::cut::Cut;

/// What most facts differ in, as numbers that compare like their texts, and the place of the fact.
type Key = (i32, u128, u64, usize);

/// The places of facts in canonical order, by `key`, which begins with the day, document and SKU that `place` tells.
///
/// Numbers are compared first; the full key is built only for facts that they do not tell apart.
pub(super) fn places<'a, T: Copy, K: Ord>(
    facts: &[T],
    place: impl Fn(T) -> (NaiveDate, &'a str, &'a str),
    key: impl Fn(T) -> K,
) -> Vec<usize> {
    let documents = Cut::of(facts.iter().map(|fact| place(*fact).1), 16);
    let skus = Cut::of(facts.iter().map(|fact| place(*fact).2), 8);
    let documents_whole = facts.iter().all(|fact| documents.whole(place(*fact).1));
    let mut keys: Vec<Key> = Vec::with_capacity(facts.len());
    for (index, fact) in facts.iter().enumerate() {
        let (date, document, sku) = place(*fact);
        // The SKU decides only between equal documents.
        let sku = if documents_whole { u64::try_from(skus.number(sku)).unwrap_or_default() } else { 0 };
        keys.push((date.num_days_from_ce(), documents.number(document), sku, index));
    }
    keys.sort_unstable();
    for run in keys.chunk_by_mut(|one, other| (one.0, one.1, one.2) == (other.0, other.1, other.2)) {
        if run.len() > 1 {
            run.sort_by_cached_key(|(_, _, _, index)| facts.get(*index).map(|fact| key(*fact)));
        }
    }
    keys.into_iter().map(|(_, _, _, index)| index).collect()
}

//! The canonical order of facts: by day, document and SKU, then by everything else.

use chrono::{Datelike, NaiveDate};

use crate::cut::{Cut, ranks};

/// Bytes of a document's text that one number holds.
const DOCUMENT: usize = 8;

/// What facts are ordered by first, column by column.
pub(super) struct Columns<'c, D> {
    pub(super) days: &'c [NaiveDate],
    /// The texts of the documents.
    pub(super) documents: D,
    /// The ranks of the SKUs among each other.
    pub(super) skus: Vec<u32>,
}

/// Facts in canonical order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ordered {
    /// Their places among those given.
    pub(super) places: Vec<u32>,
    /// Facts of one document that follow each other: where they end, and the document as a number that compares with the
    /// others like its text.
    pub(super) sheets: Vec<(usize, u64)>,
}

/// Day, document, SKU and place in one number.
const PACKED: [u32; 3] = [112, 48, 24];
/// What the SKU and the place may need in it.
const LOW: u128 = (1 << 24) - 1;

/// Day and document of a fact as numbers, and the rank of its SKU.
type Head = (u64, u64, u32);

/// The facts in canonical order, by `key`, which begins with the day, document and SKU.
///
/// Numbers are compared first; the full key is built only for facts that they do not tell apart.
pub(super) fn places<'t, D, K: Ord>(facts: Columns<'_, D>, key: impl Fn(usize) -> K) -> Ordered
where
    D: Iterator<Item = &'t str> + Clone,
{
    let earliest = facts.days.iter().min().map_or(0, Datelike::num_days_from_ce);
    let days = facts.days.iter().map(|day| u64::from(day.num_days_from_ce().abs_diff(earliest)));
    let skus = facts.skus.iter().copied();
    let cut = Cut::of(facts.documents.clone(), DOCUMENT);
    let longest = facts.documents.clone().max_by_key(|document| document.len());
    if longest.is_none_or(|document| cut.whole(document)) {
        let documents = facts.documents.map(|document| cut.small(document));
        sorted(days, documents, skus, key)
    } else {
        let texts: Vec<&str> = facts.documents.collect();
        sorted(days, dense(&texts).into_iter().map(u64::from), skus, key)
    }
}

/// The rank of each text among the different ones.
pub(super) fn dense(texts: &[&str]) -> Vec<u32> {
    let ranks = ranks(texts.iter().copied());
    let mut order: Vec<(usize, usize)> = ranks.into_iter().zip(0..).collect();
    order.sort_unstable();
    let mut numbers = vec![0; texts.len()];
    let (mut number, mut before) = (0_u32, None);
    for (_, place) in order {
        let text = texts.get(place);
        number = number.saturating_add(u32::from(before.is_some() && before != text));
        before = text;
        if let Some(slot) = numbers.get_mut(place) {
            *slot = number;
        }
    }
    numbers
}

fn sorted<K: Ord>(
    days: impl Iterator<Item = u64> + Clone,
    documents: impl Iterator<Item = u64>,
    skus: impl ExactSizeIterator<Item = u32> + Clone,
    key: impl Fn(usize) -> K,
) -> Ordered {
    let count = skus.len();
    let packs = days.clone().all(|day| day < 1 << 16)
        && skus.clone().all(|sku| u128::from(sku) <= LOW)
        && u128::try_from(count).is_ok_and(|count| count <= LOW);
    let heads = days.zip(documents).zip(skus).zip(0_u32..);
    if packs {
        let [at_day, at_document, at_sku] = PACKED;
        let mut keys = Vec::with_capacity(count);
        keys.extend(heads.map(|(((day, document), sku), place)| {
            let head = u128::from(day).wrapping_shl(at_day) | u128::from(document).wrapping_shl(at_document);
            head | u128::from(sku).wrapping_shl(at_sku) | u128::from(place)
        }));
        let low = |bits: u128| u32::try_from(bits & LOW).unwrap_or_default();
        let wide = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
        finish(keys, key, |packed: &u128| {
            let document = wide(packed.wrapping_shr(at_document));
            ((wide(packed.wrapping_shr(at_day)), document, low(packed.wrapping_shr(at_sku))), low(*packed))
        })
    } else {
        let keys = heads.map(|(((day, document), sku), place)| ((day, document, sku), place));
        finish(keys.collect(), key, |key: &(Head, u32)| *key)
    }
}

/// Sorts numbers, then what they do not tell apart.
fn finish<N: Ord, K: Ord>(
    mut keys: Vec<N>,
    key: impl Fn(usize) -> K,
    split: impl Fn(&N) -> (Head, u32),
) -> Ordered {
    keys.sort_unstable();
    for run in keys.chunk_by_mut(|one, other| split(one).0 == split(other).0) {
        if run.len() > 1 {
            run.sort_by_cached_key(|one| key(usize::try_from(split(one).1).unwrap_or(usize::MAX)));
        }
    }
    let mut ordered = Ordered { places: Vec::with_capacity(keys.len()), sheets: Vec::new() };
    let mut before = None;
    for ((day, document, _), place) in keys.iter().map(split) {
        if before != Some((day, document)) {
            if let Some((_, document)) = before {
                ordered.sheets.push((ordered.places.len(), document));
            }
            before = Some((day, document));
        }
        ordered.places.push(place);
    }
    if let Some((_, document)) = before {
        ordered.sheets.push((ordered.places.len(), document));
    }
    ordered
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions, reason = "small numbers of a test")]
mod tests {
    use chrono::NaiveDate;

    use super::{Columns, dense, places};

    type Row = (i32, String, String, u8);

    /// Rows from a small generator: documents of `letters` letters behind a common part, days spread over `days`.
    fn rows(mut state: u64, count: usize, letters: u64, days: u64) -> Vec<Row> {
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut rows = Vec::new();
        for _ in 0..count {
            let length = next(letters + 1);
            let document: String =
                (0..length).map(|_| char::from(b'a' + u8::try_from(next(2)).unwrap())).collect();
            let (day, sku, rest) = (next(days), next(3), next(3));
            rows.push((
                i32::try_from(day).unwrap() - 5_000,
                format!("GRN-{document}"),
                format!("A{}", "7".repeat(usize::try_from(sku).unwrap())),
                u8::try_from(rest).unwrap(),
            ));
        }
        rows
    }

    #[test]
    fn numbers_sort_like_what_they_stand_for() {
        // Short texts and long ones, days that fit sixteen bits and days that do not, equal rows among them.
        for (seed, (letters, days)) in
            (1..).zip([(3, 4), (8, 30), (9, 30), (24, 2), (4, 200_000), (20, 200_000)])
        {
            for count in [0, 1, 2, 300] {
                let rows = rows(seed, count, letters, days);
                let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
                let days: Vec<NaiveDate> =
                    rows.iter().map(|row| first + chrono::TimeDelta::days(row.0.into())).collect();
                let skus: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
                let documents = rows.iter().map(|row| row.1.as_str());
                let told =
                    places(Columns { days: &days, documents, skus: dense(&skus) }, |place| &rows[place]);
                let mut expected: Vec<usize> = (0..count).collect();
                expected.sort_by(|one, other| rows[*one].cmp(&rows[*other]));
                let told_rows: Vec<&Row> = told.places.iter().map(|place| &rows[*place as usize]).collect();
                assert_eq!(told_rows, expected.iter().map(|place| &rows[*place]).collect::<Vec<_>>());
                let mut seen = told.places.clone();
                seen.sort_unstable();
                assert!(seen.iter().copied().eq(0..u32::try_from(count).unwrap()));
                let mut from = 0;
                let mut sheets = Vec::new();
                for (to, number) in told.sheets {
                    let of = |row: &&Row| (row.0, row.1.clone());
                    assert!(told_rows[from..to].iter().all(|row| of(row) == of(&told_rows[from])));
                    assert!(from == 0 || of(&told_rows[from]) != of(&told_rows[from - 1]));
                    sheets.push((number, &told_rows[from].1));
                    from = to;
                }
                assert_eq!(from, count);
                for (one, text) in &sheets {
                    assert!(sheets.iter().all(|(other, its)| one.cmp(other) == text.cmp(its)));
                }
            }
        }
    }
}

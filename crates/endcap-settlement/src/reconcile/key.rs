//! Keys of lines: compared field by field, grouped by a hash of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::line::{EntryKind, KeyField, LedgerLine, Part};
use crate::intern;

/// The values of some fields of a line.
pub(super) type Key<'a> = (EntryKind, Vec<Part<'a>>);

/// The values of `fields`, an absent one standing for itself.
pub(super) fn key<'a>(line: &'a LedgerLine, fields: &BTreeSet<KeyField>) -> Key<'a> {
    (line.kind, fields.iter().map(|field| field.of(line)).collect())
}

/// Whether two lines have equal keys.
fn equal(one: &LedgerLine, other: &LedgerLine, fields: &BTreeSet<KeyField>) -> bool {
    one.kind == other.kind && fields.iter().all(|field| field.of(one) == field.of(other))
}

/// Whether a value of a key is absent.
pub(super) fn lacks(line: &LedgerLine, fields: &BTreeSet<KeyField>) -> bool {
    fields.iter().any(|field| field.of(line) == Part::Absent)
}

/// A hash of the key: equal keys have equal hashes.
pub(super) fn hash(line: &LedgerLine, fields: &BTreeSet<KeyField>) -> u64 {
    let signed = |number: i32| u64::from(number.unsigned_abs());
    let wide = |hash: u64, number: i128| {
        let size = number.unsigned_abs();
        let half = |value: u128| u64::try_from(value & u128::from(u64::MAX)).unwrap_or_default();
        intern::fold(intern::fold(hash, half(size)), half(size >> 64) ^ u64::from(number < 0))
    };
    let kind = match line.kind {
        EntryKind::Delivery => 1,
        EntryKind::Return => 2,
        EntryKind::Invoice => 3,
        EntryKind::Deduction => 4,
        EntryKind::Payment => 5,
        EntryKind::Adjustment => 6,
    };
    fields.iter().fold(kind, |hash, field| match field.of(line) {
        Part::Absent => intern::fold(hash, 7),
        Part::Text(text) => intern::fold(hash, intern::hash(text)),
        Part::Day(day) => intern::fold(hash, signed(day.num_days_from_ce())),
        Part::Count(amount, unit) => {
            let amount = amount.normalize();
            let hash = wide(hash, amount.mantissa());
            intern::fold(hash, u64::from(amount.scale()) ^ intern::hash(unit.symbol()))
        }
        Part::Minor(minor) => wide(hash, minor),
    })
}

/// Lines with equal keys, `(hash of the key, line)` given in any order.
pub(super) fn groups<'a, T: Copy>(
    mut hashed: Vec<(u64, T)>,
    line: impl Fn(&T) -> &'a LedgerLine,
    fields: &BTreeSet<KeyField>,
    mut group: impl FnMut(&mut dyn Iterator<Item = T>),
) {
    hashed.sort_unstable_by_key(|(hash, _)| *hash);
    for run in hashed.chunk_by(|one, other| one.0 == other.0) {
        let Some((_, first)) = run.first() else { continue };
        if run.iter().all(|(_, other)| equal(line(first), line(other), fields)) {
            group(&mut run.iter().map(|(_, line)| *line));
            continue;
        }
        // Different keys of one hash: as good as never, and then in order.
        let mut apart: BTreeMap<Key<'a>, Vec<T>> = BTreeMap::new();
        for (_, other) in run {
            apart.entry(key(line(other), fields)).or_default().push(*other);
        }
        for lines in apart.into_values() {
            group(&mut lines.into_iter());
        }
    }
}

//! Look-ups of short names: the whole key lies in the table, so that one place in memory answers.

use crate::table::hash_word;

/// Positions by keys of sixteen bytes that are not zero, never iterated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Dense {
    /// Keys with their positions; a key of zero is a free place. At least half of them are free.
    places: Vec<(u128, u32)>,
    count: usize,
    seed: u64,
}

/// The key of a text of at most fifteen bytes.
pub(crate) fn short(text: &str) -> Option<u128> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length < 16)?;
    let word = |bytes: &[u8]| bytes.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
    let (low, high) = text.as_bytes().split_at_checked(8).unwrap_or((text.as_bytes(), &[]));
    let high = (word(high) << 8) | u64::from(length).saturating_add(1);
    Some((u128::from(high) << 64) | u128::from(word(low)))
}

impl Dense {
    /// A table whose hashes depend on `seed`.
    pub(crate) const fn new(seed: u64) -> Self {
        Self { places: Vec::new(), count: 0, seed }
    }

    /// Where the search for a key begins.
    fn start(&self, key: u128) -> usize {
        let low = u64::try_from(key & u128::from(u64::MAX)).unwrap_or(0);
        let high = u64::try_from(key >> 64).unwrap_or(0);
        let hash = hash_word(self.seed, low) ^ hash_word(!self.seed, high);
        usize::try_from(hash).unwrap_or(0) & self.places.len().saturating_sub(1)
    }

    /// The place of a key, or the free one in which it belongs.
    fn place(&self, key: u128) -> Option<usize> {
        let start = self.start(key);
        let (before, after) = self.places.split_at_checked(start)?;
        let found = |(other, _): &(u128, u32)| *other == key || *other == 0;
        let after = after.iter().position(found).map(|at| at.saturating_add(start));
        after.or_else(|| before.iter().position(found))
    }

    /// The position of a key.
    pub(crate) fn find(&self, key: u128) -> Option<u32> {
        let (known, position) = *self.places.get(self.place(key)?)?;
        (known != 0).then_some(position)
    }

    /// Takes in a key that is new and not zero.
    pub(crate) fn insert(&mut self, key: u128, position: u32) {
        if self.count.saturating_mul(2) >= self.places.len() {
            let room = self.places.len().saturating_mul(2).max(16);
            let before = core::mem::replace(&mut self.places, vec![(0, 0); room]);
            for (key, position) in before.into_iter().filter(|(key, _)| *key != 0) {
                self.set(key, position);
            }
        }
        self.set(key, position);
        self.count = self.count.saturating_add(1);
    }

    fn set(&mut self, key: u128, position: u32) {
        if let Some(place) = self.place(key).and_then(|at| self.places.get_mut(at)) {
            *place = (key, position);
        }
    }
}

/// The key of an account, key account and currency.
pub(crate) fn of_slot(account: u32, party: Option<u32>, currency: &str) -> u128 {
    let party = party.map_or(0, |party| u128::from(party).saturating_add(1));
    let currency = currency.bytes().fold(0_u128, |code, letter| (code << 8) | u128::from(letter));
    u128::from(account) | (party << 32) | (currency << 72) | (1 << 127)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::log::index;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// A table says what an ordered map says, and short texts have keys of their own.
        #[test]
        fn a_table_is_a_map(texts in prop::collection::vec("[a-c]{0,4}|[a-z]{13,17}|[账款]{1,6}", 0..200), seed in any::<u64>()) {
            let (mut table, mut map) = (Dense::new(seed), BTreeMap::new());
            for (position, text) in (0_u32..).zip(&texts) {
                let Some(key) = short(text) else {
                    prop_assert!(text.len() > 15);
                    continue;
                };
                prop_assert_eq!(table.find(key), map.get(text).copied());
                if let std::collections::btree_map::Entry::Vacant(place) = map.entry(text.clone()) {
                    table.insert(key, position);
                    place.insert(position);
                }
            }
            for (text, position) in &map {
                prop_assert_eq!(short(text).and_then(|key| table.find(key)), Some(*position));
            }
            prop_assert_eq!(index(u32::try_from(map.len()).unwrap_or(0)), table.count);
        }
    }

    #[test]
    fn slots_have_keys_of_their_own() {
        let mut keys = std::collections::BTreeSet::new();
        for account in [0, 1, u32::MAX] {
            for party in [None, Some(0), Some(1), Some(u32::MAX)] {
                for currency in ["CNY", "USD"] {
                    assert!(keys.insert(of_slot(account, party, currency)));
                }
            }
        }
    }
}

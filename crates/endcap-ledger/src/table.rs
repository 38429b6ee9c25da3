//! Look-ups by hash whose values are positions in a column: five bytes a value, never iterated.

use core::fmt;

use hashbrown::HashTable;

/// Positions by hash. The columns hold what is looked for, so a table is a function of them.
#[derive(Clone, Default)]
pub(crate) struct Table(HashTable<u32>);

/// A value while a table grows: its hash, and the value it stands in for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    pub(crate) hash: u64,
    pub(crate) replaces: Option<u32>,
}

impl Table {
    /// The value of this hash for which `is` holds.
    pub(crate) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        self.0.find(hash, |value| is(*value)).copied()
    }

    /// Takes in `value`. A table that is full grows first: all values below `end` that are in it are placed again in
    /// their own order, so that what they are hashed from is read from front to back; `place` says nothing for a
    /// position that is not in the table.
    pub(crate) fn insert(
        &mut self,
        value: u32,
        placed: Placed,
        (end, place): (u32, impl Fn(u32) -> Option<Placed>),
    ) {
        self.reserve(1, (end, place));
        self.set(value, placed);
    }

    /// Makes room for so many more at once, as [`insert`](Self::insert) does for one.
    pub(crate) fn reserve(&mut self, more: usize, (end, place): (u32, impl Fn(u32) -> Option<Placed>)) {
        let wanted = self.0.len().saturating_add(more);
        if wanted > self.0.capacity() {
            let mut grown =
                Self(HashTable::with_capacity(wanted.max(14).max(self.0.capacity().saturating_mul(2))));
            for earlier in 0..end {
                if let Some(placed) = place(earlier) {
                    grown.set(earlier, placed);
                }
            }
            *self = grown;
        }
    }

    fn set(&mut self, value: u32, Placed { hash, replaces }: Placed) {
        let old = replaces.and_then(|old| self.0.find_mut(hash, |known| *known == old));
        match old {
            Some(old) => *old = value,
            // There is room: nothing is hashed again.
            None => drop(self.0.insert_unique(hash, value, |_| hash)),
        }
    }
}

/// Tables of equal columns are equal.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
    }
}

impl Eq for Table {}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({})", self.0.len())
    }
}

/// Hash of a text: the same on every machine, and other for another `seed`.
pub(crate) fn hash_text(seed: u64, text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut hash = words.iter().fold(seed, |hash, word| hash_word(hash, u64::from_le_bytes(*word)));
    let mut last = [0_u8; 8];
    last.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
    hash = hash_word(hash, u64::from_le_bytes(last));
    hash_word(hash, u64::try_from(text.len()).unwrap_or(u64::MAX))
}

/// One more word into a hash: a product of 128 bits, folded.
pub(crate) fn hash_word(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
    let high = u64::try_from(product >> 64).unwrap_or(0);
    (low ^ high).rotate_left(23)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// Every text is found under its latest position, however often the table grew, whatever the hashes.
        #[test]
        fn the_latest_of_each_text_is_found(texts in prop::collection::vec("[a-d]{0,3}", 0..300), mask in prop::sample::select(vec![0, 1, 7, u64::MAX])) {
            let mut table = Table::default();
            let mut placed: Vec<Placed> = Vec::new();
            for (position, text) in (0_u32..).zip(&texts) {
                let hash = hash_text(7, text) & mask;
                let same = |other: u32| usize::try_from(other).ok().and_then(|i| texts.get(i)) == Some(text);
                let one = Placed { hash, replaces: table.find(hash, same) };
                let place = |i| usize::try_from(i).ok().and_then(|i| placed.get(i)).copied();
                table.insert(position, one, (position, place));
                placed.push(one);
            }
            for text in &texts {
                let latest = (0_u32..).zip(&texts).filter(|(_, other)| *other == text).map(|(i, _)| i).last();
                let same = |other: u32| usize::try_from(other).ok().and_then(|i| texts.get(i)) == Some(text);
                prop_assert_eq!(table.find(hash_text(7, text) & mask, same), latest);
            }
            prop_assert_eq!(table.find(hash_text(7, "absent") & mask, |_| false), None);
        }
    }
}

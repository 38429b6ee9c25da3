//! [`Interner`]: texts numbered from 0 in order of first sight, so that tables replace comparisons.

use std::collections::BTreeMap;

/// Places looked at before a text goes to the ordered overflow; keeps ill-meant texts from costing more than a logarithm.
const PROBES: usize = 16;

/// Numbers for texts; the same texts in the same order always get the same numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner<'a> {
    /// Hash and number plus one; zero is free. A power of two long, at most half full.
    slots: Vec<(u32, u32)>,
    names: Vec<&'a str>,
    overflow: BTreeMap<&'a str, u32>,
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Multiplies and folds one word into a hash.
pub(crate) fn fold(hash: u64, word: u64) -> u64 {
    let wide = u128::from(hash ^ word).wrapping_mul(u128::from(FACTOR));
    let low = u64::try_from(wide & u128::from(u64::MAX)).unwrap_or_default();
    low ^ u64::try_from(wide >> 64).unwrap_or_default()
}

/// A hash of a text, eight bytes at a time.
pub(crate) fn hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut words = bytes.chunks_exact(8);
    let seed = fold(FACTOR, u64::try_from(bytes.len()).unwrap_or_default());
    let whole =
        words.by_ref().fold(seed, |hash, word| fold(hash, word.try_into().map_or(0, u64::from_le_bytes)));
    let rest = words.remainder().iter().fold(0, |rest: u64, byte| rest.wrapping_shl(8) | u64::from(*byte));
    fold(whole, rest)
}

impl<'a> Interner<'a> {
    /// How many texts have a number.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The number of a text that has one.
    pub(crate) fn known(&self, text: &str) -> Option<u32> {
        self.find(hash(text), text).ok().or_else(|| self.overflow.get(text).copied())
    }

    /// The number of a text, a new one at first sight.
    pub(crate) fn number(&mut self, text: &'a str) -> u32 {
        if self.slots.len() < self.names.len().saturating_add(1).saturating_mul(2) {
            self.grow();
        }
        let hash = hash(text);
        match self.find(hash, text) {
            Ok(number) => number,
            Err(free) => {
                if let Some(number) = self.overflow.get(text) {
                    return *number;
                }
                let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
                self.names.push(text);
                match free.and_then(|place| self.slots.get_mut(place)) {
                    Some(slot) => *slot = (short(hash), number.saturating_add(1)),
                    None => drop(self.overflow.insert(text, number)),
                }
                number
            }
        }
    }

    /// The number of a text, or the place where it may be put.
    fn find(&self, hash: u64, text: &str) -> Result<u32, Option<usize>> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = usize::try_from(hash >> 32).unwrap_or_default() & mask;
        for _ in 0..PROBES {
            let Some((known, next)) = self.slots.get(place) else { return Err(None) };
            let Some(number) = next.checked_sub(1) else { return Err(Some(place)) };
            let index = usize::try_from(number).unwrap_or(usize::MAX);
            if *known == short(hash) && self.names.get(index).is_some_and(|name| same(name, text)) {
                return Ok(number);
            }
            place = place.wrapping_add(1) & mask;
        }
        Err(None)
    }

    fn grow(&mut self) {
        let length = self.slots.len().saturating_mul(2).max(64);
        self.slots = vec![(0, 0); length];
        self.overflow.clear();
        for (name, number) in self.names.iter().zip(0_u32..) {
            let hash = hash(name);
            let free = self.find(hash, name).err().flatten();
            match free.and_then(|place| self.slots.get_mut(place)) {
                Some(slot) => *slot = (short(hash), number.saturating_add(1)),
                None => drop(self.overflow.insert(name, number)),
            }
        }
    }
}

/// Whether two texts are equal, eight bytes at a time.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    // The last eight bytes overlap those before them.
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(last), Some(end)) => {
            let mut words = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
            last == end && words.all(|(word, other)| word == other)
        }
        _ => one.iter().zip(other).all(|(byte, other)| byte == other),
    }
}

/// The half of a hash that does not choose the place.
fn short(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Interner;

    #[test]
    fn texts_keep_their_numbers() {
        let names: Vec<String> = (0..5_000).map(|n| format!("690{:09}", n * 7)).collect();
        let mut interner = Interner::default();
        for _ in 0..2 {
            for (name, number) in names.iter().zip(0..) {
                assert_eq!(interner.number(name), number);
            }
        }
        assert_eq!(interner.len(), names.len());
    }
}

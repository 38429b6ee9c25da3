//! [`Cut`]: long texts as numbers that compare like them, where what they share is left out.

/// Texts without what all of them begin with, cut to their first bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    common: usize,
    bytes: usize,
}

impl Cut {
    /// The cut of `texts` to `bytes` bytes, at most 16.
    pub(crate) fn of<'t>(texts: impl Iterator<Item = &'t str> + Clone, bytes: usize) -> Self {
        let mut others = texts.clone();
        let first = others.next().unwrap_or_default().as_bytes();
        let common = others.fold(first.len(), |common, text| {
            // Mostly what was common stays common.
            let shared = first.get(..common).unwrap_or_default();
            if text.as_bytes().starts_with(shared) {
                return common;
            }
            text.bytes().zip(shared).take_while(|(one, other)| one == *other).count()
        });
        Self { common, bytes }
    }

    fn rest<'t>(&self, text: &'t str) -> &'t [u8] {
        text.as_bytes().get(self.common..).unwrap_or_default()
    }

    /// Whether the cut loses nothing of a text.
    pub(crate) fn whole(&self, text: &str) -> bool {
        self.rest(text).len() <= self.bytes
    }

    /// The first eight bytes at most as a number, which compares as [`number`](Self::number) does.
    pub(crate) fn small(&self, text: &str) -> u64 {
        let rest = self.rest(text);
        let bytes = self.bytes.min(8);
        let rest = rest.get(..bytes).unwrap_or(rest);
        let number = rest.iter().fold(0_u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte));
        // Shifts by whole bytes, none when the text fills them.
        let missing = u32::try_from(bytes.saturating_sub(rest.len())).unwrap_or_default().saturating_mul(8);
        number.checked_shl(missing).unwrap_or_default()
    }

    /// The first bytes as a number; ids hold no byte of zero, so a shorter text comes first, as it should.
    pub(crate) fn number(&self, text: &str) -> u128 {
        let rest = self.rest(text);
        let rest = rest.get(..self.bytes).unwrap_or(rest);
        let mut bytes = [0; 16];
        if let Some(place) = bytes.get_mut(16_usize.saturating_sub(self.bytes)..) {
            for (place, byte) in place.iter_mut().zip(rest) {
                *place = *byte;
            }
        }
        u128::from_be_bytes(bytes)
    }
}

/// The place of each text among all of them in order; equal texts share none, the earlier comes first.
pub(crate) fn ranks<'t>(texts: impl ExactSizeIterator<Item = &'t str> + Clone) -> Vec<usize> {
    let cut = Cut::of(texts.clone(), 16);
    let mut order: Vec<(u128, &str, usize)> =
        texts.enumerate().map(|(place, text)| (cut.number(text), text, place)).collect();
    order.sort_unstable();
    let mut ranks = vec![0; order.len()];
    for (rank, (_, _, place)) in order.iter().enumerate() {
        if let Some(slot) = ranks.get_mut(*place) {
            *slot = rank;
        }
    }
    ranks
}

//! Positions in a column, in ascending order: the last ones lie beside their owner, the others in one block.

/// Positions that lie beside their owner.
const AT_HAND: usize = 8;

/// A list of positions that grows at its end; most of the time no memory but its own is touched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Positions {
    kept: Vec<u32>,
    last: [u32; AT_HAND],
    count: u8,
}

impl Positions {
    pub(crate) fn push(&mut self, position: u32) {
        if usize::from(self.count) == AT_HAND {
            self.kept.extend_from_slice(&self.last);
            self.count = 0;
        }
        if let Some(place) = self.last.get_mut(usize::from(self.count)) {
            *place = position;
            self.count = self.count.saturating_add(1);
        }
    }

    fn at_hand(&self) -> &[u32] {
        self.last.get(..usize::from(self.count)).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len().saturating_add(usize::from(self.count))
    }

    pub(crate) fn first(&self) -> Option<u32> {
        self.kept.first().or_else(|| self.at_hand().first()).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.kept.iter().chain(self.at_hand()).copied()
    }

    /// Those at or above a position.
    pub(crate) fn from(&self, position: u32) -> impl Iterator<Item = u32> {
        let above = |positions: &[u32]| positions.partition_point(|other| *other < position);
        let (kept, at_hand) = (above(&self.kept), above(self.at_hand()));
        let kept = self.kept.get(kept..).unwrap_or_default();
        kept.iter().chain(self.at_hand().get(at_hand..).unwrap_or_default()).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn positions_are_a_plain_list(steps in prop::collection::vec(1..5_u32, 0..60), from in 0..160_u32) {
            let (mut positions, mut plain) = (Positions::default(), Vec::new());
            let mut position = 0;
            for step in steps {
                position = u32::saturating_add(position, step);
                positions.push(position);
                plain.push(position);
            }
            prop_assert!(positions.iter().eq(plain.iter().copied()));
            prop_assert_eq!(positions.len(), plain.len());
            prop_assert_eq!(positions.first(), plain.first().copied());
            plain.retain(|position| *position >= from);
            prop_assert!(positions.from(from).eq(plain.iter().copied()));
        }
    }
}

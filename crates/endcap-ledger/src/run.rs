//! Open items in order: a sorted run in chunks, whose end is at hand.

use core::cmp::Ordering;
use std::collections::VecDeque;

use chrono::NaiveDate;

/// An open item in a run: the dates it sorts by, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) first: NaiveDate,
    pub(crate) dated: NaiveDate,
    pub(crate) item: u32,
}

/// Items in one chunk of a run at most.
const CHUNK: usize = 512;

/// A document that is at hand where it is compared; a long one is not.
#[derive(Debug, Clone, Copy)]
struct AtHand {
    length: u8,
    bytes: [u8; 31],
}

impl AtHand {
    fn new(document: &str) -> Option<Self> {
        let mut bytes = [0_u8; 31];
        bytes.get_mut(..document.len())?.copy_from_slice(document.as_bytes());
        Some(Self { length: u8::try_from(document.len()).ok()?, bytes })
    }

    fn get(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

/// Open items by dates, document and id: one that comes in order costs a step, and so does one that goes from the
/// front; one in between costs the move of half a chunk at most.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    /// Chunks before the last; none is empty.
    full: VecDeque<VecDeque<Place>>,
    tail: VecDeque<Place>,
    /// The last item with its document, while both are known without a look at the columns.
    last: Option<(Place, AtHand)>,
}

impl Run {
    /// Takes in an item; `order` compares another with it.
    pub(crate) fn insert(&mut self, place: Place, document: &str, order: impl Fn(&Place) -> Ordering) {
        let comes_last = match (&self.last, self.tail.back()) {
            (Some((last, text)), _) => (last.first, last.dated)
                .cmp(&(place.first, place.dated))
                .then_with(|| text.get().cmp(document.as_bytes()))
                .then(last.item.cmp(&place.item))
                .is_lt(),
            (None, Some(last)) => order(last).is_lt(),
            (None, None) => true,
        };
        if comes_last {
            if self.tail.len() >= CHUNK {
                self.full.push_back(core::mem::take(&mut self.tail));
            }
            self.tail.push_back(place);
            self.last = AtHand::new(document).map(|text| (place, text));
            return;
        }
        let at = self.full.partition_point(|chunk| chunk.back().is_some_and(|other| order(other).is_lt()));
        let Some(chunk) = self.full.get_mut(at) else {
            let within = self.tail.partition_point(|other| order(other).is_lt());
            self.tail.insert(within, place);
            if self.tail.len() > CHUNK {
                let upper = self.tail.split_off(CHUNK / 2);
                self.full.push_back(core::mem::replace(&mut self.tail, upper));
            }
            return;
        };
        chunk.insert(chunk.partition_point(|other| order(other).is_lt()), place);
        if chunk.len() > CHUNK {
            let upper = chunk.split_off(CHUNK / 2);
            self.full.insert(at.saturating_add(1), upper);
        }
    }

    /// Takes out an item; `order` compares another with it.
    pub(crate) fn remove(&mut self, item: u32, order: impl Fn(&Place) -> Ordering) {
        if self.last.is_some_and(|(last, _)| last.item == item) {
            self.last = None;
        }
        let leads = |chunk: Option<&VecDeque<Place>>| {
            chunk.and_then(VecDeque::front).is_some_and(|place| place.item == item)
        };
        let at = if leads(self.full.front()) {
            0
        } else {
            self.full.partition_point(|chunk| chunk.back().is_some_and(|other| order(other).is_lt()))
        };
        let chunk = self.full.get_mut(at).unwrap_or(&mut self.tail);
        let within = match chunk.front() {
            Some(front) if front.item == item => 0,
            _ => chunk.partition_point(|other| order(other).is_lt()),
        };
        if chunk.get(within).is_some_and(|place| place.item == item) {
            chunk.remove(within);
        }
        if self.full.get(at).is_some_and(VecDeque::is_empty) {
            self.full.remove(at);
        }
        if self.tail.is_empty() {
            self.tail = self.full.pop_back().unwrap_or_default();
            self.last = None;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.full.iter().flatten().chain(&self.tail)
    }
}

/// Runs are equal when their items are, however they are cut into chunks.
impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Run {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Date and document of an item: many share both.
    fn keyed(item: u32) -> (NaiveDate, String) {
        let day = i32::try_from(item.wrapping_mul(7919) % 9).unwrap_or(0);
        let day = NaiveDate::from_num_days_from_ce_opt(730_000_i32.saturating_add(day)).unwrap_or_default();
        let name = item.wrapping_mul(104_729) % 7;
        (
            day,
            if name == 0 {
                "a document with more letters than are at hand".to_owned()
            } else {
                name.to_string()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        /// A run holds what an ordered set holds, in its order, whatever comes and goes.
        #[test]
        fn a_run_is_an_ordered_set(steps in prop::collection::vec((0..3000_u32, 0..4_u8), 0..4000), sorted in any::<bool>()) {
            let (mut run, mut set) = (Run::default(), BTreeSet::new());
            let mut steps = steps;
            if sorted {
                steps.sort_by_key(|(item, _)| keyed(*item));
            }
            for (item, what) in steps {
                let (first, document) = keyed(item);
                let place = Place { first, dated: first, item };
                let key = (first, document.clone(), item);
                let order = |other: &Place| (other.first, keyed(other.item).1, other.item).cmp(&key);
                if what == 0 {
                    run.remove(item, order);
                    set.remove(&key);
                    let front = set.pop_first();
                    if let Some((_, _, item)) = &front {
                        let order = |other: &Place| Some((other.first, keyed(other.item).1, other.item)).cmp(&front);
                        run.remove(*item, order);
                    }
                } else if set.insert(key.clone()) {
                    run.insert(place, &document, order);
                }
            }
            prop_assert!(run.iter().map(|place| place.item).eq(set.into_iter().map(|(_, _, item)| item)));
        }
    }
}

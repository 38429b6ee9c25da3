//! Open items in order. They are put in order when something of their balance is cleared, many at once, and not while
//! they are posted; what is closed stays where it stands until it leads or there is much of it.

use core::cmp::Ordering;
use std::collections::VecDeque;

use chrono::NaiveDate;

/// An item in a run: the date it sorts by first, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) first: NaiveDate,
    pub(crate) item: u32,
}

/// Closed items that a run holds at most beside half as many as are open.
const CLOSED: usize = 64;

/// Items by date, document date, document and id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Run {
    places: VecDeque<Place>,
    /// How many of them are closed.
    closed: usize,
}

impl Run {
    /// Takes in items that are open and not in it, in order.
    pub(crate) fn take_in(&mut self, places: Vec<Place>, order: impl Fn(&Place, &Place) -> Ordering) {
        let Some(least) = places.first() else { return };
        let above = match self.places.back() {
            Some(last) if order(last, least).is_gt() => {
                self.places.split_off(self.places.partition_point(|other| order(other, least).is_lt()))
            }
            _ => VecDeque::new(),
        };
        self.places.extend(merged(above, places, order));
    }

    /// Takes in an item that is open again: it may still be there.
    pub(crate) fn reopen(&mut self, place: Place, order: impl Fn(&Place, &Place) -> Ordering) {
        let at = self.places.partition_point(|other| order(other, &place).is_lt());
        if self.places.get(at).is_some_and(|other| other.item == place.item) {
            self.closed = self.closed.saturating_sub(1);
        } else {
            self.places.insert(at, place);
        }
    }

    /// Notes that one of its items is closed.
    pub(crate) const fn close(&mut self) {
        self.closed = self.closed.saturating_add(1);
    }

    /// Lets go of closed items that lead, and of all of them when they are many.
    pub(crate) fn tidy(&mut self, is_open: impl Fn(u32) -> bool) {
        while self.closed > 0 && self.places.front().is_some_and(|place| !is_open(place.item)) {
            self.places.pop_front();
            self.closed = self.closed.saturating_sub(1);
        }
        if self.closed > CLOSED.saturating_add(self.places.len() / 3) {
            self.places.retain(|place| is_open(place.item));
            self.closed = 0;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> {
        self.places.iter().copied()
    }
}

/// Two sequences in order as one.
pub(crate) fn merged(
    one: impl IntoIterator<Item = Place>,
    other: impl IntoIterator<Item = Place>,
    order: impl Fn(&Place, &Place) -> Ordering,
) -> impl Iterator<Item = Place> {
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    core::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(a), Some(b)) if order(b, a).is_lt() => other.next(),
        (Some(_), _) => one.next(),
        (None, _) => other.next(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Date of an item: many share it.
    fn dated(item: u32) -> NaiveDate {
        let day = i32::try_from(item.wrapping_mul(7919) % 9).unwrap_or(0);
        NaiveDate::from_num_days_from_ce_opt(730_000_i32.saturating_add(day)).unwrap_or_default()
    }

    fn order(one: &Place, other: &Place) -> Ordering {
        (one.first, one.item).cmp(&(other.first, other.item))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// What is open in a run is what an ordered set holds, in its order, whatever comes, goes and comes again.
        #[test]
        fn a_run_is_an_ordered_set(steps in prop::collection::vec((0..300_u32, 0..8_u8), 0..1500)) {
            let (mut run, mut open) = (Run::default(), BTreeSet::new());
            let (mut known, mut waiting) = (BTreeSet::new(), Vec::new());
            for (item, what) in steps {
                let place = Place { first: dated(item), item };
                let key = (place.first, item);
                let taken_in = known.contains(&item);
                match what {
                    0..4 if !taken_in && !waiting.contains(&place) => waiting.push(place),
                    4 => {
                        known.extend(waiting.iter().map(|place| place.item));
                        open.extend(waiting.iter().map(|place| (place.first, place.item)));
                        waiting.sort_unstable_by(order);
                        run.take_in(core::mem::take(&mut waiting), order);
                    }
                    5 if taken_in && open.insert(key) => run.reopen(place, order),
                    6 => {
                        if let Some((_, first)) = open.pop_first() {
                            run.close();
                            run.tidy(|item| item != first && open.contains(&(dated(item), item)));
                        }
                    }
                    7 if open.remove(&key) => {
                        run.close();
                        run.tidy(|item| open.contains(&(dated(item), item)));
                    }
                    _ => {}
                }
                let standing = run.iter().map(|place| (place.first, place.item));
                prop_assert!(standing.filter(|key| open.contains(key)).eq(open.iter().copied()));
                prop_assert!(run.places.len() <= open.len().saturating_mul(2).saturating_add(2 * CLOSED));
            }
        }
    }
}

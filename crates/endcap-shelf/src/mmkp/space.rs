//! The items still open, class by class, with a trail to take removals back.
//!
//! # Source
//!
//! House rule.

use super::Item;

/// All items flat, and for every class which of them are still open.
#[derive(Debug)]
pub(super) struct Space {
    /// Capacities, none above what all classes together could use.
    pub(super) capacities: Vec<i64>,
    uses: Vec<i64>,
    profits: Vec<i64>,
    /// The class of every item.
    class_of: Vec<usize>,
    /// `starts[k]..starts[k + 1]` are the items of class `k`, and the places of `order` that hold them.
    starts: Vec<usize>,
    /// Items of each class, the open ones first.
    order: Vec<usize>,
    /// Where each item is in `order`.
    at: Vec<usize>,
    /// How many items of each class are open.
    open: Vec<usize>,
    /// Classes cut, with how many items they had open before.
    trail: Vec<(usize, usize)>,
}

impl Space {
    pub(super) fn of<C: AsRef<[Item]>>(classes: &[C], capacities: &[i64]) -> Self {
        let total = classes.iter().map(|class| class.as_ref().len()).fold(0_usize, usize::saturating_add);
        let mut space = Self {
            capacities: Vec::with_capacity(capacities.len()),
            uses: Vec::with_capacity(total.saturating_mul(capacities.len())),
            profits: Vec::with_capacity(total),
            class_of: Vec::with_capacity(total),
            starts: Vec::with_capacity(classes.len().saturating_add(1)),
            order: (0..total).collect(),
            at: (0..total).collect(),
            open: Vec::with_capacity(classes.len()),
            trail: Vec::new(),
        };
        let mut widest = vec![0_i64; capacities.len()];
        for (class, items) in classes.iter().enumerate() {
            space.starts.push(space.profits.len());
            space.open.push(items.as_ref().len());
            let mut most = vec![0_i64; capacities.len()];
            for item in items.as_ref() {
                space.uses.extend_from_slice(&item.uses);
                space.profits.push(item.profit);
                space.class_of.push(class);
                most.iter_mut().zip(&item.uses).for_each(|(most, uses)| *most = (*most).max(*uses));
            }
            widest.iter_mut().zip(&most).for_each(|(sum, most)| *sum = sum.saturating_add(*most));
        }
        space.starts.push(space.profits.len());
        space.capacities = capacities.iter().zip(&widest).map(|(room, widest)| *room.min(widest)).collect();
        space
    }

    pub(super) fn class_count(&self) -> usize {
        self.open.len()
    }

    pub(super) fn item_count(&self) -> usize {
        self.profits.len()
    }

    fn start(&self, class: usize) -> usize {
        self.starts.get(class).copied().unwrap_or(0)
    }

    /// Open items of a class.
    pub(super) fn open(&self, class: usize) -> &[usize] {
        let start = self.start(class);
        let end = start.saturating_add(self.open.get(class).copied().unwrap_or(0));
        self.order.get(start..end).unwrap_or_default()
    }

    pub(super) fn class_of(&self, item: usize) -> usize {
        self.class_of.get(item).copied().unwrap_or(0)
    }

    /// The index of an item in its class as the caller gave it.
    pub(super) fn index_in_class(&self, item: usize) -> usize {
        item.saturating_sub(self.start(self.class_of(item)))
    }

    pub(super) fn uses(&self, item: usize) -> &[i64] {
        let width = self.capacities.len();
        let start = item.saturating_mul(width);
        self.uses.get(start..start.saturating_add(width)).unwrap_or_default()
    }

    pub(super) fn profit(&self, item: usize) -> i64 {
        self.profits.get(item).copied().unwrap_or(0)
    }

    /// Σ uses of a selection, by capacity.
    pub(super) fn used(&self, items: &[usize]) -> Vec<i64> {
        let mut used = vec![0_i64; self.capacities.len()];
        for item in items {
            used.iter_mut().zip(self.uses(*item)).for_each(|(sum, uses)| *sum = sum.saturating_add(*uses));
        }
        used
    }

    pub(super) fn fits(&self, used: &[i64]) -> bool {
        used.iter().zip(&self.capacities).all(|(used, room)| used <= room)
    }

    /// Where the trail stands, to return to with [`Space::undo`].
    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    pub(super) fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            let Some((class, open)) = self.trail.pop() else { return };
            if let Some(count) = self.open.get_mut(class) {
                *count = open;
            }
        }
    }

    /// Closes an open item.
    pub(super) fn remove(&mut self, item: usize) {
        let class = self.class_of(item);
        let Some(open) = self.open.get(class).copied().filter(|open| *open > 0) else { return };
        let last = self.start(class).saturating_add(open).saturating_sub(1);
        self.swap(item, last);
        self.set_open(class, open.saturating_sub(1));
    }

    /// Closes every item of a class but one open item.
    pub(super) fn keep_only(&mut self, item: usize) {
        let class = self.class_of(item);
        self.swap(item, self.start(class));
        self.set_open(class, 1);
    }

    fn set_open(&mut self, class: usize, count: usize) {
        if let Some(open) = self.open.get_mut(class) {
            self.trail.push((class, *open));
            *open = count;
        }
    }

    /// Puts an item at a place of `order`, and what was there where the item was.
    fn swap(&mut self, item: usize, place: usize) {
        let from = self.at.get(item).copied().unwrap_or(place);
        let other = self.order.get(place).copied().unwrap_or(item);
        for (what, to) in [(item, place), (other, from)] {
            if let (Some(slot), Some(at)) = (self.order.get_mut(to), self.at.get_mut(what)) {
                *slot = what;
                *at = to;
            }
        }
    }

    /// Closes items that cannot stand beside the least of all other classes, until none is left to close.
    ///
    /// Answers whether every class still has an item and the least of all of them fits.
    pub(super) fn close_unfitting(&mut self) -> bool {
        let mut closing = Vec::new();
        loop {
            let mut room = self.capacities.clone();
            for class in 0..self.class_count() {
                let least = self.least(class);
                room.iter_mut().zip(&least).for_each(|(room, least)| *room = room.saturating_sub(*least));
            }
            if room.iter().any(|room| *room < 0) || self.open.contains(&0) {
                return false;
            }
            closing.clear();
            for class in (0..self.class_count()).filter(|class| self.open(*class).len() > 1) {
                let least = self.least(class);
                let too_much = |item: &&usize| {
                    let limits = self.uses(**item).iter().zip(&least).zip(&room);
                    limits.into_iter().any(|((uses, least), room)| uses.saturating_sub(*least) > *room)
                };
                closing.extend(self.open(class).iter().filter(too_much).copied());
            }
            if closing.is_empty() {
                return true;
            }
            closing.drain(..).for_each(|item| self.remove(item));
        }
    }

    /// The least use of each capacity among the open items of a class.
    fn least(&self, class: usize) -> Vec<i64> {
        let mut items = self.open(class).iter();
        let mut least = items.next().map(|item| self.uses(*item).to_vec()).unwrap_or_default();
        for item in items {
            least.iter_mut().zip(self.uses(*item)).for_each(|(least, uses)| *least = (*least).min(*uses));
        }
        least
    }
}

//! Which items of a class can matter: the undominated ones, and the concave hull among them.
//!
//! # Source
//!
//! Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), § 11.2: dominance and LP-dominance; the lattice is a house rule.

use super::Item;

/// An undominated item of a class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) width: i64,
    pub(super) profit: i64,
    /// The class it belongs to.
    pub(super) class: usize,
    /// Its index in the class as the caller gave it.
    item: usize,
}

/// All classes, flat: undominated points by width, and which of them are on the hull.
#[derive(Debug)]
pub(super) struct Fronts {
    points: Vec<Point>,
    /// `class_ends[k]` is one past the last point of class `k`.
    class_ends: Vec<usize>,
    /// Indices into `points`, of the hull of every class in turn.
    hull: Vec<usize>,
    hull_ends: Vec<usize>,
}

impl Fronts {
    pub(super) fn of<C: AsRef<[Item]>>(classes: &[C]) -> Self {
        let total = classes.iter().map(|class| class.as_ref().len()).fold(0_usize, usize::saturating_add);
        let mut fronts = Self {
            points: Vec::with_capacity(total),
            class_ends: Vec::with_capacity(classes.len()),
            hull: Vec::with_capacity(total),
            hull_ends: Vec::with_capacity(classes.len()),
        };
        let mut sorted = Vec::new();
        for (class, items) in classes.iter().enumerate() {
            sorted.clear();
            sorted.extend(items.as_ref().iter().enumerate().map(|(item, &Item { width, profit })| Point {
                width,
                profit,
                class,
                item,
            }));
            sorted.sort_unstable_by(|a, b| {
                a.width.cmp(&b.width).then(b.profit.cmp(&a.profit)).then(a.item.cmp(&b.item))
            });
            fronts.push_class(&sorted);
        }
        fronts
    }

    /// Adds one class from its items sorted by width, then profit falling.
    fn push_class(&mut self, sorted: &[Point]) {
        let mut best: Option<i64> = None;
        let hull_start = self.hull.len();
        for point in sorted {
            if best.is_some_and(|profit| point.profit <= profit) {
                continue;
            }
            best = Some(point.profit);
            while self.hull.len() > hull_start.saturating_add(1) && self.last_is_under(point) {
                self.hull.pop();
            }
            self.hull.push(self.points.len());
            self.points.push(*point);
        }
        self.class_ends.push(self.points.len());
        self.hull_ends.push(self.hull.len());
    }

    /// Whether the last hull point lies on or under the line from the one before it to `next`.
    fn last_is_under(&self, next: &Point) -> bool {
        let mut back = self.hull.iter().rev().filter_map(|index| self.points.get(*index));
        let (Some(last), Some(before)) = (back.next(), back.next()) else { return false };
        let (rise, run) = step(before, last);
        let (next_rise, next_run) = step(last, next);
        wide(rise, next_run) <= wide(next_rise, run)
    }

    pub(super) fn class_count(&self) -> usize {
        self.class_ends.len()
    }

    /// The points of one class by width, with the index of the first.
    pub(super) fn class(&self, class: usize) -> (usize, &[Point]) {
        let start = class.checked_sub(1).and_then(|before| self.class_ends.get(before)).copied().unwrap_or(0);
        let end = self.class_ends.get(class).copied().unwrap_or(start);
        (start, self.points.get(start..end).unwrap_or_default())
    }

    /// The hull of one class: indices of points.
    pub(super) fn hull(&self, class: usize) -> &[usize] {
        let start = class.checked_sub(1).and_then(|before| self.hull_ends.get(before)).copied().unwrap_or(0);
        let end = self.hull_ends.get(class).copied().unwrap_or(start);
        self.hull.get(start..end).unwrap_or_default()
    }

    pub(super) fn point(&self, index: usize) -> Point {
        // Indices come from this structure; the fallback keeps the function total.
        self.points.get(index).copied().unwrap_or(Point { width: 0, profit: 0, class: 0, item: 0 })
    }

    /// The caller's index of the item behind a point.
    pub(super) fn item_of(&self, index: usize) -> usize {
        self.point(index).item
    }

    pub(super) fn hull_len(&self) -> usize {
        self.hull.len()
    }

    /// Σ of the narrowest item of each class.
    pub(super) fn minimum_width(&self) -> i64 {
        let narrowest = (0..self.class_count()).filter_map(|class| self.class(class).1.first());
        narrowest.fold(0, |sum: i64, point| sum.saturating_add(point.width))
    }
}

/// Every selection has a width that differs from every other's by a multiple of `width`, and a profit by one of `profit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lattice {
    pub(super) width: i64,
    pub(super) profit: i64,
}

impl Fronts {
    /// The lattice that the undominated points span: greatest common divisors of the steps inside classes, one at least.
    pub(super) fn lattice(&self) -> Lattice {
        let mut all = Lattice { width: 0, profit: 0 };
        for class in 0..self.class_count() {
            let (_, points) = self.class(class);
            for (from, to) in points.iter().zip(points.iter().skip(1)) {
                let (rise, run) = step(from, to);
                all = Lattice { width: divisor(all.width, run), profit: divisor(all.profit, rise) };
                if (all.width, all.profit) == (1, 1) {
                    return all;
                }
            }
        }
        Lattice { width: all.width.max(1), profit: all.profit.max(1) }
    }
}

/// The greatest common divisor of two numbers that are not negative.
fn divisor(mut a: i64, mut b: i64) -> i64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// Rise in profit and run in width from one point to the next.
pub(super) fn step(from: &Point, to: &Point) -> (i64, i64) {
    (to.profit.saturating_sub(from.profit), to.width.saturating_sub(from.width))
}

/// The product in 128 bits, where that of two 64-bit numbers always fits.
pub(super) fn wide(a: i64, b: i64) -> i128 {
    i128::from(a).wrapping_mul(i128::from(b))
}

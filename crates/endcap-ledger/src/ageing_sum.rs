//! The inner loop of an ageing: items in the order of posting, places found without a branch, one row of sums a key
//! account.
//!
//! # Source
//!
//! House rule: every open item falls in exactly one place, and the places sum to the control account.

use chrono::{Days, NaiveDate};
use endcap_types::{Currency, Money};

use crate::board::{Item, due_order};
use crate::log::index;
use crate::state::{Slot, State};
use crate::{AgeBasis, AgeingQuery, AgeingSplit, Buckets, Due, LedgerError, Side};

/// Sums of one key account: not due, one per bucket, then no date, credit and disputed.
#[derive(Debug)]
pub(crate) struct Sums {
    width: usize,
    cells: Vec<i128>,
}

/// What comes after the buckets in a row.
const AFTER: [usize; 3] = [0, 1, 2];

/// How an item finds its place.
#[derive(Debug)]
struct Rule {
    basis: AgeBasis,
    normal: Side,
    /// Later than this is not due; then the last day of each bucket, latest first.
    edges: Vec<NaiveDate>,
}

impl Rule {
    fn new(query: &AgeingQuery<'_>, normal: Side, buckets: &Buckets) -> Self {
        // A day is not due from `as_of` on; by document date the day itself is in the first bucket.
        let first = match query.basis {
            AgeBasis::DueDate => Some(query.as_of),
            AgeBasis::DocumentDate | AgeBasis::DeliveryDate => query.as_of.succ_opt(),
        };
        let mut edges = vec![first.unwrap_or(NaiveDate::MAX)];
        let before = |edge: &u32| query.as_of.checked_sub_days(Days::new(u64::from(*edge)));
        edges.extend(buckets.edges().iter().map(|edge| before(edge).unwrap_or(NaiveDate::MIN)));
        Self { basis: query.basis, normal, edges }
    }

    /// The cell of an item in its row.
    fn cell(&self, state: &State, item: &Item) -> usize {
        let buckets = self.edges.len();
        if item.side != self.normal {
            return buckets.saturating_add(2);
        }
        let day = match self.basis {
            AgeBasis::DueDate if item.due == Due::NoDate => return buckets.saturating_add(1),
            AgeBasis::DueDate => due_order(item.due),
            AgeBasis::DocumentDate => item.dated,
            AgeBasis::DeliveryDate => match state.delivered(item) {
                Some(day) => day,
                None => return buckets.saturating_add(1),
            },
        };
        self.edges.iter().fold(0_usize, |cell, edge| cell.saturating_add(usize::from(day < *edge)))
    }
}

impl Sums {
    fn add(&mut self, row: usize, cell: usize, minor: i128) {
        let at = row.saturating_mul(self.width).saturating_add(cell);
        if let Some(sum) = self.cells.get_mut(at) {
            *sum = sum.saturating_add(minor);
        }
    }

    /// The rows as amounts, and their sum.
    pub(crate) fn splits(&self, currency: Currency) -> Result<(Vec<AgeingSplit>, AgeingSplit), LedgerError> {
        let mut whole = vec![0_i128; self.width];
        let mut rows = Vec::new();
        for row in self.cells.chunks_exact(self.width) {
            whole.iter_mut().zip(row).for_each(|(sum, minor)| *sum = sum.saturating_add(*minor));
            rows.push(split(row, currency)?);
        }
        Ok((rows, split(&whole, currency)?))
    }
}

fn split(row: &[i128], currency: Currency) -> Result<AgeingSplit, LedgerError> {
    let money = |minor: i128| Money::from_minor(minor, currency);
    let buckets = row.len().saturating_sub(AFTER.len().saturating_add(1));
    let after = |part: usize| row.get(buckets.saturating_add(1).saturating_add(part)).copied().unwrap_or(0);
    let [no_due_date, unallocated_credit, disputed] = AFTER.map(after);
    let placed = row.iter().take(row.len().saturating_sub(1));
    Ok(AgeingSplit {
        not_due: money(row.first().copied().unwrap_or(0))?,
        overdue: row.iter().skip(1).take(buckets).map(|minor| money(*minor)).collect::<Result<_, _>>()?,
        no_due_date: money(no_due_date)?,
        unallocated_credit: money(unallocated_credit)?,
        disputed: money(disputed)?,
        total: money(placed.fold(0_i128, |sum, minor| sum.saturating_add(*minor)))?,
    })
}

impl State {
    /// The sums of these slots, one row each.
    pub(crate) fn age(
        &self,
        slots: &[&Slot],
        query: &AgeingQuery<'_>,
        (normal, buckets): (Side, &Buckets),
        known: NaiveDate,
    ) -> Sums {
        let rule = Rule::new(query, normal, buckets);
        let width = rule.edges.len().saturating_add(AFTER.len()).saturating_add(1);
        let mut sums = Sums { width, cells: vec![0; width.saturating_mul(slots.len())] };
        let mut take = |row: usize, item: &Item| {
            let (open, disputed) = self.open_known(item, query.as_of, known);
            if open != 0 {
                sums.add(row, rule.cell(self, item), item.side.sign(open));
                if disputed != 0 {
                    sums.add(row, width.saturating_sub(1), item.side.sign(disputed));
                }
            }
        };
        let count = slots.iter().fold(0_usize, |count, slot| count.saturating_add(slot.items.len()));
        if count.saturating_mul(4) < self.items.len() {
            // A small part of all items is looked up; a large one is walked through as it lies in memory.
            for (row, slot) in slots.iter().enumerate() {
                let items = slot.items.iter().filter_map(|at| self.items.get(index(at)));
                items.for_each(|item| take(row, item));
            }
            return sums;
        }
        let mut rows = vec![usize::MAX; self.slots.len()];
        for (row, slot) in slots.iter().enumerate() {
            let first = slot.items.first().and_then(|at| self.items.get(index(at)));
            if let Some(place) = first.and_then(|item| rows.get_mut(index(item.slot))) {
                *place = row;
            }
        }
        for item in &self.items {
            if let Some(row) = rows.get(index(item.slot)).filter(|row| **row != usize::MAX) {
                take(*row, item);
            }
        }
        sums
    }
}

//! Debits and credits by day, so kept that a balance as of any day is two look-ups: the sum before its month, and the
//! running sum within the month.

use chrono::{Datelike, NaiveDate};

use crate::Side;
use crate::log::{index, narrow};
use crate::state::Totals;

/// One month that was posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Month {
    number: i32,
    /// One bit for each of its days that was posted to.
    days: u32,
    /// Where its cells begin, one for each such day.
    first: u32,
    /// Everything before it.
    before: Totals,
}

/// Running totals of the days of each month: sixteen bytes a day until one of them asks for more.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cells {
    Narrow(Vec<[i64; 2]>),
    Wide(Vec<Totals>),
}

impl Default for Cells {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

fn narrowed(totals: Totals) -> Option<[i64; 2]> {
    Some([i64::try_from(totals.debit).ok()?, i64::try_from(totals.credit).ok()?])
}

fn widened([debit, credit]: [i64; 2]) -> Totals {
    Totals { debit: i128::from(debit), credit: i128::from(credit) }
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Narrow(cells) => cells.len(),
            Self::Wide(cells) => cells.len(),
        }
    }

    fn get(&self, at: usize) -> Totals {
        match self {
            Self::Narrow(cells) => cells.get(at).copied().map(widened),
            Self::Wide(cells) => cells.get(at).copied(),
        }
        .unwrap_or_default()
    }

    fn widen(&mut self) {
        if let Self::Narrow(cells) = self {
            *self = Self::Wide(cells.iter().copied().map(widened).collect());
        }
    }

    /// A new cell before that at `at`, which is not beyond the end.
    fn insert(&mut self, at: usize, totals: Totals) {
        if let Self::Narrow(cells) = self
            && let Some(narrow) = narrowed(totals)
        {
            cells.insert(at, narrow);
            return;
        }
        self.widen();
        if let Self::Wide(cells) = self {
            cells.insert(at, totals);
        }
    }

    /// Adds to all cells from `from` on and before `end`.
    fn add(&mut self, from: usize, end: usize, totals: Totals) {
        if let Self::Narrow(cells) = self
            && let Some([debit, credit]) = narrowed(totals)
        {
            let cells = cells.get_mut(from..end).unwrap_or_default();
            let fits = |cell: &[i64; 2]| Some([cell[0].checked_add(debit)?, cell[1].checked_add(credit)?]);
            if cells.iter().all(|cell| fits(cell).is_some()) {
                cells.iter_mut().for_each(|cell| *cell = fits(cell).unwrap_or(*cell));
                return;
            }
        }
        self.widen();
        if let Self::Wide(cells) = self {
            cells.get_mut(from..end).unwrap_or_default().iter_mut().for_each(|cell| cell.merge(totals));
        }
    }
}

/// Totals of the days of one running balance. A backdated entry costs the moves within its month, and one sum for each
/// month after it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DayIndex {
    months: Vec<Month>,
    cells: Cells,
    /// The last day, before it goes to its month.
    last: Option<(NaiveDate, Totals)>,
}

/// Months since year 0.
fn month_of(day: NaiveDate) -> i32 {
    let month = i32::try_from(day.month0()).unwrap_or(0);
    day.year().saturating_mul(12).saturating_add(month)
}

/// The bit of a day within its month.
fn bit_of(day: NaiveDate) -> u32 {
    1_u32.checked_shl(day.day0()).unwrap_or(0)
}

impl Month {
    fn count(&self, days: u32) -> usize {
        index((self.days & days).count_ones())
    }

    fn cells(&self) -> core::ops::Range<usize> {
        let first = index(self.first);
        first..first.saturating_add(self.count(u32::MAX))
    }
}

impl DayIndex {
    pub(crate) fn add(&mut self, day: NaiveDate, side: Side, minor: i128) {
        // Most days come in order: the last one is at hand.
        match &mut self.last {
            Some((last, totals)) if *last == day => totals.add(side, minor),
            Some((last, _)) if *last > day => {
                let mut totals = Totals::default();
                totals.add(side, minor);
                self.keep(day, totals);
            }
            _ => {
                let mut totals = Totals::default();
                totals.add(side, minor);
                if let Some((before, kept)) = self.last.replace((day, totals)) {
                    self.keep(before, kept);
                }
            }
        }
    }

    /// The place of a month: most balances are posted to month after month.
    fn place(&self, number: i32) -> usize {
        let guess = self.months.first().and_then(|first| number.checked_sub(first.number));
        let guess = guess.and_then(|guess| usize::try_from(guess).ok()).unwrap_or(0);
        match self.months.get(guess) {
            Some(month) if month.number == number => guess,
            _ => self.months.partition_point(|month| month.number < number),
        }
    }

    fn keep(&mut self, day: NaiveDate, kept: Totals) {
        let number = month_of(day);
        let at = self.place(number);
        if self.months.get(at).is_none_or(|month| month.number != number) {
            let first = self.months.get(at).map_or_else(|| narrow(self.cells.len()), |next| next.first);
            let before = self.before_month(at);
            self.months.insert(at, Month { number, days: 0, first, before });
        }
        let Some(month) = self.months.get_mut(at) else { return };
        let bit = bit_of(day);
        let place = month.cells().start.saturating_add(month.count(bit.wrapping_sub(1)));
        let is_new = month.days & bit == 0;
        if is_new {
            month.days |= bit;
            let running = match place.checked_sub(1).filter(|before| *before >= month.cells().start) {
                Some(before) => self.cells.get(before),
                None => Totals::default(),
            };
            self.cells.insert(place, running);
        }
        self.cells.add(place, month.cells().end, kept);
        for later in self.months.iter_mut().skip(at.saturating_add(1)) {
            later.before.merge(kept);
            later.first = later.first.saturating_add(u32::from(is_new));
        }
    }

    /// Everything before the month at a place.
    fn before_month(&self, at: usize) -> Totals {
        if let Some(month) = self.months.get(at) {
            return month.before;
        }
        let Some(last) = self.months.last() else { return Totals::default() };
        let mut sum = last.before;
        sum.merge(last.cells().end.checked_sub(1).map_or_else(Totals::default, |end| self.cells.get(end)));
        sum
    }

    /// Everything on or before `day`.
    pub(crate) fn until(&self, day: NaiveDate) -> Totals {
        let bit = bit_of(day);
        self.up_to(day, bit | bit.wrapping_sub(1), |last| last <= day)
    }

    /// Everything before `day`.
    pub(crate) fn before(&self, day: NaiveDate) -> Totals {
        self.up_to(day, bit_of(day).wrapping_sub(1), |last| last < day)
    }

    /// Everything up to a day, of whose month these days count.
    fn up_to(&self, day: NaiveDate, days: u32, counts: impl Fn(NaiveDate) -> bool) -> Totals {
        if self.last.is_some_and(|(last, _)| counts(last)) {
            return self.all();
        }
        let number = month_of(day);
        let at = self.place(number);
        let mut sum = self.before_month(at);
        if let Some(month) = self.months.get(at).filter(|month| month.number == number)
            && let Some(last) = month.count(days).checked_sub(1)
        {
            sum.merge(self.cells.get(month.cells().start.saturating_add(last)));
        }
        sum
    }

    /// Everything from `start` on and before `end`.
    pub(crate) fn within(&self, start: NaiveDate, end: NaiveDate) -> Totals {
        let (before, until) = (self.before(start), self.before(end));
        Totals {
            debit: until.debit.saturating_sub(before.debit),
            credit: until.credit.saturating_sub(before.credit),
        }
    }

    /// Every day that was posted to, in order.
    pub(crate) fn days(&self) -> impl Iterator<Item = (NaiveDate, Totals)> {
        self.months.iter().flat_map(|month| self.days_of(month)).chain(self.last)
    }

    fn days_of(&self, month: &Month) -> impl Iterator<Item = (NaiveDate, Totals)> {
        let Month { number, days, .. } = *month;
        let numbers = (1_u32..=31).filter(move |day| days & (1_u32 << day.saturating_sub(1)) != 0);
        let mut before = Totals::default();
        numbers.zip(month.cells()).filter_map(move |(day, cell)| {
            let month0 = u32::try_from(number.rem_euclid(12)).ok()?;
            let date = NaiveDate::from_ymd_opt(number.div_euclid(12), month0.saturating_add(1), day)?;
            let running = self.cells.get(cell);
            let totals = Totals {
                debit: running.debit.saturating_sub(before.debit),
                credit: running.credit.saturating_sub(before.credit),
            };
            before = running;
            Some((date, totals))
        })
    }

    /// Everything.
    pub(crate) fn all(&self) -> Totals {
        let mut sum = self.before_month(self.months.len());
        self.last.into_iter().for_each(|(_, totals)| sum.merge(totals));
        sum
    }

    /// Forgets everything, to be found out by an audit.
    #[cfg(test)]
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(730_000_i32.saturating_add_unsigned(number)).unwrap_or_default()
    }

    /// Small amounts, and now and then one that is too wide for a cell.
    fn amount() -> impl Strategy<Value = i128> {
        prop_oneof![30 => -50..1000_i128, 1 => Just(i128::from(i64::MAX)), 1 => Just(10_i128.pow(30))]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn any_day_sums_to_what_a_plain_map_says(
            posted in prop::collection::vec((0..900_u32, any::<bool>(), amount()), 0..60), from in 0..950_u32,
            length in 0..400_u32,
        ) {
            let (mut index, mut map) = (DayIndex::default(), BTreeMap::<NaiveDate, Totals>::new());
            for (number, debit, minor) in posted {
                let side = if debit { Side::Debit } else { Side::Credit };
                index.add(day(number), side, minor);
                map.entry(day(number)).or_default().add(side, minor);
            }
            let sum = |counts: &dyn Fn(NaiveDate) -> bool| {
                let mut sum = Totals::default();
                map.iter().filter(|(day, _)| counts(**day)).for_each(|(_, totals)| sum.merge(*totals));
                sum
            };
            let (start, end) = (day(from), day(from.saturating_add(length)));
            prop_assert_eq!(index.until(start), sum(&|day| day <= start));
            prop_assert_eq!(index.before(start), sum(&|day| day < start));
            prop_assert_eq!(index.within(start, end), sum(&|day| start <= day && day < end));
            prop_assert_eq!(index.all(), sum(&|_| true));
            prop_assert!(index.days().eq(map.iter().map(|(day, totals)| (*day, *totals))));
        }
    }
}

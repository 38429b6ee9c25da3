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

/// Days that wait beside their index before they go to their months together.
const WAITING: usize = 8;

/// The last days of a balance, in order, each with its debits and credits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Waiting {
    days: [NaiveDate; WAITING],
    sums: [[i64; 2]; WAITING],
    count: usize,
}

impl Waiting {
    fn iter(&self) -> impl Iterator<Item = (NaiveDate, [i64; 2])> {
        self.days.iter().copied().zip(self.sums.iter().copied()).take(self.count)
    }

    fn first(&self) -> Option<NaiveDate> {
        self.days.first().copied().filter(|_| self.count > 0)
    }

    /// Adds to a day that waits, or takes in a later one; says what it could not do.
    fn add(&mut self, day: NaiveDate, [debit, credit]: [i64; 2]) -> Added {
        let known = self.days.get(..self.count).unwrap_or_default();
        if self.first().is_some_and(|first| day < first) {
            return Added::Early;
        }
        match known.iter().rposition(|known| *known <= day) {
            Some(at) if known.get(at) == Some(&day) => {
                let Some(sum) = self.sums.get_mut(at) else { return Added::Early };
                match (sum[0].checked_add(debit), sum[1].checked_add(credit)) {
                    (Some(debit), Some(credit)) => {
                        *sum = [debit, credit];
                        Added::Done
                    }
                    _ => Added::Wide,
                }
            }
            _ if self.count == WAITING => Added::Full,
            before => {
                let at = before.map_or(0, |before| before.saturating_add(1));
                let end = self.count.saturating_add(1);
                open_at(&mut self.days, at..end, day);
                open_at(&mut self.sums, at..end, [debit, credit]);
                self.count = end;
                Added::Done
            }
        }
    }
}

/// Moves what lies in a range one place up, over its last, and puts `value` first.
fn open_at<T: Copy>(list: &mut [T], range: core::ops::Range<usize>, value: T) {
    if let Some(list) = list.get_mut(range) {
        list.rotate_right(1);
        list.first_mut().into_iter().for_each(|first| *first = value);
    }
}

/// What came of adding to the days that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Added {
    Done,
    /// The day is before all of them.
    Early,
    /// There is no room.
    Full,
    /// The sum is too wide to wait.
    Wide,
}

/// Whether days wait beside the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Road {
    #[default]
    ByWaiting,
    /// An amount was too wide: every day goes to its month at once.
    Direct,
}

/// Totals of the days of one running balance. A backdated entry costs the moves within its month, and one sum for each
/// month after it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DayIndex {
    months: Vec<Month>,
    cells: Cells,
    /// The number of the first month.
    first: i32,
    road: Road,
    /// Everything in the months.
    kept: Totals,
    /// The last days, later than all in the months.
    waiting: Waiting,
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
        let mut totals = Totals::default();
        totals.add(side, minor);
        if let (Road::ByWaiting, Some(sums)) = (self.road, narrowed(totals)) {
            match self.waiting.add(day, sums) {
                Added::Done => return,
                Added::Early => return self.keep(day, totals),
                Added::Full => {
                    self.flush(WAITING.saturating_sub(1));
                    return self.add(day, side, minor);
                }
                Added::Wide => {}
            }
        }
        self.flush(self.waiting.count);
        self.road = Road::Direct;
        self.keep(day, totals);
    }

    /// Moves the first days that wait to their months.
    fn flush(&mut self, count: usize) {
        let waiting = self.waiting.clone();
        waiting.iter().take(count).for_each(|(day, sums)| self.keep(day, widened(sums)));
        self.waiting.count = 0;
        for (day, sums) in waiting.iter().skip(count) {
            self.waiting.add(day, sums);
        }
    }

    /// The place of a month: most balances are posted to month after month.
    fn place(&self, number: i32) -> usize {
        let guess = number.checked_sub(self.first).and_then(|guess| usize::try_from(guess).ok()).unwrap_or(0);
        match self.months.get(guess) {
            Some(month) if month.number == number => guess,
            _ => self.months.partition_point(|month| month.number < number),
        }
    }

    fn keep(&mut self, day: NaiveDate, kept: Totals) {
        self.kept.merge(kept);
        let number = month_of(day);
        let at = self.place(number);
        if self.months.get(at).is_none_or(|month| month.number != number) {
            let first = self.months.get(at).map_or_else(|| narrow(self.cells.len()), |next| next.first);
            let before = self.before_month(at);
            self.months.insert(at, Month { number, days: 0, first, before });
            self.first = self.months.first().map_or(0, |first| first.number);
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
        if self.waiting.first().is_some_and(&counts) {
            let mut sum = self.kept;
            let counted = self.waiting.iter().take_while(|(day, _)| counts(*day));
            counted.for_each(|(_, sums)| sum.merge(widened(sums)));
            return sum;
        }
        let number = month_of(day);
        let at = self.place(number);
        let Some(month) = self.months.get(at) else { return self.kept };
        let mut sum = month.before;
        if month.number == number
            && let Some(last) = month.count(days).checked_sub(1)
        {
            sum.merge(self.cells.get(index(month.first).saturating_add(last)));
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
        self.months
            .iter()
            .flat_map(|month| self.days_of(month))
            .chain(self.waiting.iter().map(|(day, sums)| (day, widened(sums))))
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
        let mut sum = self.kept;
        self.waiting.iter().for_each(|(_, sums)| sum.merge(widened(sums)));
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
        prop_oneof![90 => -50..1000_i128, 1 => Just(i128::from(i64::MAX)), 1 => Just(10_i128.pow(30))]
    }

    /// Days that go on from one to the next, as postings do, with a step back now and then.
    fn days() -> impl Strategy<Value = Vec<u32>> {
        let step = prop_oneof![6 => 0..4_i32, 1 => -40..0_i32, 1 => 20..70_i32];
        let on = prop::collection::vec(step, 0..80).prop_map(|steps| {
            let next = |day: &mut u32, step: i32| {
                *day = day.saturating_add_signed(step).min(900);
                Some(*day)
            };
            steps.into_iter().scan(100, next).collect()
        });
        prop_oneof![on, prop::collection::vec(0..900_u32, 0..60)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn any_day_sums_to_what_a_plain_map_says(
            days in days(), amounts in prop::collection::vec((any::<bool>(), amount()), 80), from in 0..950_u32,
            length in 0..400_u32,
        ) {
            let (mut index, mut map) = (DayIndex::default(), BTreeMap::<NaiveDate, Totals>::new());
            for (number, (debit, minor)) in days.into_iter().zip(amounts) {
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

//! Debits and credits by day, so kept that a balance as of any day takes a look at each month and at one month's days.

use chrono::{Datelike, NaiveDate};

use crate::Side;
use crate::state::Totals;

/// One month that was posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Month {
    number: i32,
    totals: Totals,
    days: Vec<(NaiveDate, Totals)>,
}

/// Totals of the days of one running balance. A backdated entry costs no more than one of today.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DayIndex {
    months: Vec<Month>,
    /// The last day, before it goes to its month.
    last: Option<(NaiveDate, Totals)>,
}

/// Months since year 0.
fn month_of(day: NaiveDate) -> i32 {
    let month = i32::try_from(day.month0()).unwrap_or(0);
    day.year().saturating_mul(12).saturating_add(month)
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

    fn keep(&mut self, day: NaiveDate, kept: Totals) {
        let number = month_of(day);
        let at = match self.months.last() {
            Some(month) if month.number == number => self.months.len().saturating_sub(1),
            _ => self.months.partition_point(|month| month.number < number),
        };
        if self.months.get(at).is_none_or(|month| month.number != number) {
            self.months.insert(at, Month { number, totals: Totals::default(), days: Vec::new() });
        }
        let Some(month) = self.months.get_mut(at) else { return };
        month.totals.merge(kept);
        let at = match month.days.last() {
            Some((last, _)) if *last < day => month.days.len(),
            _ => month.days.partition_point(|(known, _)| *known < day),
        };
        if month.days.get(at).is_none_or(|(known, _)| *known != day) {
            month.days.insert(at, (day, Totals::default()));
        }
        if let Some((_, totals)) = month.days.get_mut(at) {
            totals.merge(kept);
        }
    }

    /// Everything on or before `day`.
    pub(crate) fn until(&self, day: NaiveDate) -> Totals {
        self.up_to(month_of(day), |known| known <= day)
    }

    /// Everything before `day`.
    pub(crate) fn before(&self, day: NaiveDate) -> Totals {
        self.up_to(month_of(day), |known| known < day)
    }

    fn up_to(&self, number: i32, counts: impl Fn(NaiveDate) -> bool) -> Totals {
        let at = self.months.partition_point(|month| month.number < number);
        let mut sum = Totals::default();
        self.months.iter().take(at).for_each(|month| sum.merge(month.totals));
        if let Some(month) = self.months.get(at).filter(|month| month.number == number) {
            month.days.iter().take_while(|(day, _)| counts(*day)).for_each(|(_, totals)| sum.merge(*totals));
        }
        let last = self.last.filter(|(day, _)| counts(*day));
        last.into_iter().for_each(|(_, totals)| sum.merge(totals));
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
        self.months.iter().flat_map(|month| month.days.iter().copied()).chain(self.last)
    }

    /// Everything.
    pub(crate) fn all(&self) -> Totals {
        let mut sum = Totals::default();
        self.months.iter().for_each(|month| sum.merge(month.totals));
        self.last.into_iter().for_each(|(_, totals)| sum.merge(totals));
        sum
    }

    /// Forgets everything, to be found out by an audit.
    #[cfg(test)]
    pub(crate) fn clear(&mut self) {
        self.months.clear();
        self.last = None;
    }
}

/// The days in order, each with its totals.
impl<'a> IntoIterator for &'a DayIndex {
    type Item = (&'a NaiveDate, &'a Totals);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        let last = self.last.iter();
        Box::new(
            self.months.iter().flat_map(|month| &month.days).chain(last).map(|(day, totals)| (day, totals)),
        )
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn any_day_sums_to_what_a_plain_map_says(
            posted in prop::collection::vec((0..900_u32, any::<bool>(), -50..1000_i128), 0..60), from in 0..950_u32,
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
            prop_assert!(index.into_iter().eq(&map));
        }
    }
}

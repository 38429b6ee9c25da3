//! Slow, obvious re-computations: they walk one day at a time and know nothing of the library's arithmetic.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use endcap_calendar::{
    BusinessCalendar, Convention, CutoffBoundary, DayCount, Grain, MonthDay, Pipeline, Step,
};
use proptest::prelude::*;

use crate::strategies::{convention, inner_date, step};

fn tomorrow(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap()
}

/// ISO weekday, 1 = Monday, counted from Monday 1 January 1900.
fn iso_weekday(date: NaiveDate) -> i64 {
    (date - NaiveDate::from_ymd_opt(1900, 1, 1).unwrap()).num_days().rem_euclid(7) + 1
}

fn is_last_of_month(date: NaiveDate) -> bool {
    tomorrow(date).day() == 1
}

/// Which period of the grain a date is in, as a label that changes when the period does.
fn label(grain: Grain, date: NaiveDate) -> (i64, u32, u32) {
    let (year, month, day) = (i64::from(date.year()), date.month(), date.day());
    match grain {
        Grain::Week => ((date - NaiveDate::from_ymd_opt(1900, 1, 1).unwrap()).num_days().div_euclid(7), 0, 0),
        Grain::TenDay => (
            year,
            month,
            if day <= 10 {
                1
            } else if day <= 20 {
                2
            } else {
                3
            },
        ),
        Grain::HalfMonth => (year, month, if day <= 15 { 1 } else { 2 }),
        Grain::Month => (year, month, 0),
        Grain::Quarter => (year, month.div_ceil(3), 0),
        Grain::HalfYear => (year, month.div_ceil(6), 0),
        Grain::Year => (year, 0, 0),
    }
}

/// Walks forward until the month has changed `months` times.
fn first_of_month_after(date: NaiveDate, months: u32) -> NaiveDate {
    let mut walk = date.with_day(1).unwrap();
    for _ in 0..months {
        walk = tomorrow(walk);
        while walk.day() != 1 {
            walk = tomorrow(walk);
        }
    }
    walk
}

/// Walks through the month until the day number is reached or the month ends.
fn day_of(first: NaiveDate, day: MonthDay) -> NaiveDate {
    let mut walk = first;
    while !is_last_of_month(walk) && MonthDay::Day(walk.day()) != day {
        walk = tomorrow(walk);
    }
    walk
}

/// Whether `date` is what `day` means in its month.
fn is_day(date: NaiveDate, day: MonthDay) -> bool {
    day_of(date.with_day(1).unwrap(), day) == date
}

struct Closed {
    weekend: BTreeSet<i64>,
    holidays: BTreeSet<NaiveDate>,
    workdays: BTreeSet<NaiveDate>,
}

impl Closed {
    fn is_open(&self, date: NaiveDate) -> bool {
        if self.workdays.contains(&date) {
            return true;
        }
        !self.weekend.contains(&iso_weekday(date)) && !self.holidays.contains(&date)
    }

    fn adjust(&self, date: NaiveDate, convention: Convention) -> NaiveDate {
        let (mut later, mut earlier) = (date, date);
        while !self.is_open(later) {
            later = tomorrow(later);
        }
        while !self.is_open(earlier) {
            earlier = earlier.pred_opt().unwrap();
        }
        match convention {
            Convention::Following => later,
            Convention::Preceding => earlier,
            Convention::ModifiedFollowing if (later.year(), later.month()) == (date.year(), date.month()) => {
                later
            }
            Convention::ModifiedFollowing => earlier,
        }
    }

    fn calendar(&self) -> BusinessCalendar {
        let weekend =
            self.weekend.iter().map(|iso| chrono::Weekday::try_from(u8::try_from(iso - 1).unwrap()).unwrap());
        BusinessCalendar::closed_on(weekend)
            .with_holidays(self.holidays.clone())
            .with_workdays(self.workdays.clone())
    }
}

fn closed_around(date: NaiveDate) -> impl Strategy<Value = Closed> {
    let near = |count| {
        proptest::collection::btree_set(
            (-40_i64..400).prop_map(move |days| date + chrono::TimeDelta::days(days)),
            0..count,
        )
    };
    (proptest::collection::btree_set(1_i64..=7, 0..=4), near(80), near(10))
        .prop_map(|(weekend, holidays, workdays)| Closed { weekend, holidays, workdays })
}

impl std::fmt::Debug for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "weekend {:?}, holidays {:?}, workdays {:?}", self.weekend, self.holidays, self.workdays)
    }
}

fn walk(step: &Step, date: NaiveDate, closed: &Closed) -> NaiveDate {
    let until = |stop: &dyn Fn(NaiveDate) -> bool| {
        let mut walk = date;
        while !stop(walk) {
            walk = tomorrow(walk);
        }
        walk
    };
    let first = date.with_day(1).unwrap();
    match step {
        Step::Cutoff { day, boundary } => {
            let cut = day_of(first, *day);
            let moves = match boundary {
                CutoffBoundary::After => date > cut,
                CutoffBoundary::OnOrAfter => date >= cut,
            };
            first_of_month_after(date, u32::from(moves))
        }
        Step::EndOf(grain) => until(&|day| label(*grain, tomorrow(day)) != label(*grain, date)),
        Step::TwoWeekEnd { anchor } => until(&|day| (day - *anchor).num_days() % 14 == 0),
        Step::Months(months) => day_of(first_of_month_after(date, *months), MonthDay::Day(date.day())),
        Step::MonthsSticky(months) => {
            let day = if is_last_of_month(date) { MonthDay::End } else { MonthDay::Day(date.day()) };
            day_of(first_of_month_after(date, *months), day)
        }
        Step::Days(days) => (0..*days).fold(date, |day, _| tomorrow(day)),
        Step::Weeks(weeks) => (0..*weeks * 7).fold(date, |day, _| tomorrow(day)),
        Step::BusinessDays(0) => closed.adjust(date, Convention::Following),
        Step::BusinessDays(days) => {
            let mut day = date;
            let mut left = *days;
            while left > 0 {
                day = tomorrow(day);
                left -= u32::from(closed.is_open(day));
            }
            day
        }
        Step::Day(day) => day_of(first, *day),
        Step::NextMonthDay(day) => day_of(first_of_month_after(date, 1), *day),
        Step::NextDay(days) => until(&|day| days.iter().any(|wanted| is_day(day, *wanted))),
        Step::NextWeekday(weekday) => {
            until(&|day| iso_weekday(day) == i64::from(weekday.number_from_monday()))
        }
        Step::Ranges(rows) => {
            let row = rows.iter().find(|row| row.first <= date.day() && date.day() <= row.last).unwrap();
            day_of(first_of_month_after(date, row.months), row.pay_day)
        }
        Step::HolidayMap(entries) => {
            entries.iter().find(|(from, _)| *from == date).map_or(date, |(_, to)| *to)
        }
        Step::Business(convention) => closed.adjust(date, *convention),
        other => panic!("no oracle for {other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_step_agrees_with_a_walk_day_by_day(
        (date, closed) in inner_date().prop_flat_map(|date| (Just(date), closed_around(date))),
        steps in proptest::collection::vec(step(), 8),
    ) {
        for step in steps {
            let got = Pipeline::new([step.clone()]).unwrap().date(date, &closed.calendar()).unwrap();
            prop_assert_eq!(got, walk(&step, date, &closed), "{} from {}", step, date);
        }
    }

    #[test]
    fn business_days_agree_with_a_walk_day_by_day(
        (date, closed) in inner_date().prop_flat_map(|date| (Just(date), closed_around(date))),
        convention in convention(), back in 1_i64..20,
    ) {
        let calendar = closed.calendar();
        prop_assert_eq!(calendar.adjust(date, convention).unwrap(), closed.adjust(date, convention));
        let mut walk = date;
        let mut left = back;
        while left > 0 {
            walk = walk.pred_opt().unwrap();
            left -= i64::from(closed.is_open(walk));
        }
        prop_assert_eq!(calendar.add_business_days(date, -back).unwrap(), walk);
    }

    #[test]
    fn day_counts_agree_with_a_walk_day_by_day(from in inner_date(), days in 0_i64..1_500) {
        let to = from + chrono::TimeDelta::days(days);
        // 30E/360 gives every day one unit, except day 31 (none) and the first of March (the days February lacks).
        let (mut thirty, mut leap, mut common) = (0_i64, 0_i64, 0_i64);
        let mut walk = from;
        while walk < to {
            let next = tomorrow(walk);
            thirty += match (walk.day(), next.day()) {
                (30, 31) => 0,
                (28, 1) => 3,
                (29, 1) => 2,
                _ => 1,
            };
            if walk.year() % 4 == 0 && (walk.year() % 100 != 0 || walk.year() % 400 == 0) { leap += 1 } else { common += 1 }
            walk = next;
        }
        prop_assert_eq!(DayCount::Thirty360E.days(from, to).unwrap(), thirty);
        prop_assert_eq!(DayCount::Act360.days(from, to).unwrap(), leap + common);
        prop_assert_eq!(DayCount::ActActIsda.fraction(from, to).unwrap().numerator(), leap * 365 + common * 366);
    }
}

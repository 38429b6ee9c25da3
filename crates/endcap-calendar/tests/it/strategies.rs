//! Random dates, steps and calendars.

use chrono::{NaiveDate, Weekday};
use endcap_calendar::{
    BusinessCalendar, Convention, CutoffBoundary, DayRange, Grain, MonthDay, Pipeline, Step, dates, limits,
};
use proptest::prelude::*;

/// Any date from 1950 to 2150, so that the steps of one pipeline stay in range.
pub(crate) fn inner_date() -> impl Strategy<Value = NaiveDate> {
    (0_i64..73_000).prop_map(|days| dates::add_days(dates::ymd(1950, 1, 1).unwrap(), days).unwrap())
}

/// Any supported date, with the edges of the range more often.
pub(crate) fn any_date() -> impl Strategy<Value = NaiveDate> {
    let span = dates::days_between(limits::FIRST_DATE, limits::LAST_DATE);
    prop_oneof![
        (0_i64..=span).prop_map(|days| dates::add_days(limits::FIRST_DATE, days).unwrap()),
        (0_i64..60).prop_map(|days| dates::add_days(limits::FIRST_DATE, days).unwrap()),
        (0_i64..60).prop_map(|days| dates::add_days(limits::LAST_DATE, -days).unwrap()),
    ]
}

/// Any date of the date type, most of them unsupported.
pub(crate) fn wild_date() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        any::<i32>().prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX)),
        Just(NaiveDate::MIN),
        Just(NaiveDate::MAX),
        any_date(),
    ]
}

pub(crate) fn grain() -> impl Strategy<Value = Grain> {
    proptest::sample::select(Grain::ALL.to_vec())
}

pub(crate) fn weekday() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|index| Weekday::try_from(index).unwrap())
}

pub(crate) fn month_day() -> impl Strategy<Value = MonthDay> {
    prop_oneof![8 => (1_u32..=31).prop_map(MonthDay::Day), 1 => Just(MonthDay::End)]
}

pub(crate) fn convention() -> impl Strategy<Value = Convention> {
    proptest::sample::select(vec![
        Convention::Following,
        Convention::Preceding,
        Convention::ModifiedFollowing,
    ])
}

fn ranges() -> impl Strategy<Value = Step> {
    let cuts = proptest::collection::btree_set(2_u32..=31, 0..5);
    (cuts, proptest::collection::vec((0_u32..4, month_day()), 6)).prop_map(|(cuts, pays)| {
        let firsts: Vec<u32> = std::iter::once(1).chain(cuts).collect();
        let lasts = firsts.iter().skip(1).map(|first| first - 1).chain([31]);
        let rows = firsts.iter().zip(lasts).zip(pays);
        Step::Ranges(
            rows.map(|((first, last), (months, pay_day))| DayRange { first: *first, last, months, pay_day })
                .collect(),
        )
    })
}

fn holiday_map() -> impl Strategy<Value = Step> {
    // Replacements lie in another decade, so that there is no chain.
    proptest::collection::btree_map(0_i64..3_000, 0_i64..1_000, 0..4).prop_map(|entries| {
        let base = dates::ymd(2020, 1, 1).unwrap();
        let at = |days| dates::add_days(base, days).unwrap();
        Step::HolidayMap(entries.into_iter().map(|(from, to)| (at(from), at(3_000 + to))).collect())
    })
}

/// Any step with small numbers.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (month_day(), proptest::bool::ANY).prop_map(|(day, after)| Step::Cutoff {
            day,
            boundary: if after { CutoffBoundary::After } else { CutoffBoundary::OnOrAfter },
        }),
        grain().prop_map(Step::EndOf),
        inner_date().prop_map(|anchor| Step::TwoWeekEnd { anchor }),
        (0_u32..30).prop_map(Step::Months),
        (0_u32..30).prop_map(Step::MonthsSticky),
        (0_u32..200).prop_map(Step::Days),
        (0_u32..30).prop_map(Step::Weeks),
        (0_u32..30).prop_map(Step::BusinessDays),
        month_day().prop_map(Step::Day),
        month_day().prop_map(Step::NextMonthDay),
        proptest::collection::btree_set(month_day(), 1..4).prop_map(Step::NextDay),
        weekday().prop_map(Step::NextWeekday),
        ranges(),
        holiday_map().prop_filter(
            "a map is written with at least one entry",
            |step| !matches!(step, Step::HolidayMap(map) if map.is_empty())
        ),
        convention().prop_map(Step::Business),
    ]
}

pub(crate) fn pipeline() -> impl Strategy<Value = Pipeline> {
    proptest::collection::vec(step(), 0..5).prop_map(|steps| Pipeline::new(steps).unwrap())
}

/// Calendars with weekends of 0 to 3 days, and holidays and make-up days around `date`.
pub(crate) fn calendar_around(date: NaiveDate) -> impl Strategy<Value = BusinessCalendar> {
    let near = |count| proptest::collection::vec(-40_i64..400, 0..count);
    (proptest::collection::vec(weekday(), 0..=3), near(60), near(10)).prop_map(
        move |(weekend, holidays, workdays)| {
            let at = |days: i64| dates::add_days(date, days).ok();
            BusinessCalendar::closed_on(weekend)
                .with_holidays(holidays.into_iter().filter_map(at))
                .with_workdays(workdays.into_iter().filter_map(at))
        },
    )
}

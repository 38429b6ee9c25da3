//! Laws, each named after what it states.

use chrono::Datelike;
use endcap_calendar::{
    BatchHeld, BusinessCalendar, CalendarError, Convention, DayCount, Event, EventDates, Grain, PaymentTerms,
    Period, Pipeline, RetailCalendar, RetailPattern, RetailYear, Step, Trade, YearStart, dates, limits,
};
use proptest::prelude::*;

use crate::strategies::{
    any_date, calendar_around, convention, grain, inner_date, pipeline, step, weekday, wild_date,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn due_is_not_before_base_for_forward_pipelines(
        (base, calendar) in inner_date().prop_flat_map(|date| (Just(date), calendar_around(date))),
        steps in proptest::collection::vec(step().prop_filter("forward", Step::is_forward), 0..5),
    ) {
        let pipeline = Pipeline::new(steps).unwrap();
        prop_assert!(pipeline.is_forward());
        prop_assert!(pipeline.date(base, &calendar).unwrap() >= base);
    }

    #[test]
    fn due_is_monotone_in_the_base_date_without_hand_written_tables(
        (base, calendar) in inner_date().prop_flat_map(|date| (Just(date), calendar_around(date))),
        ahead in 0_i64..70,
        steps in proptest::collection::vec(step().prop_filter("monotone", Step::is_monotone), 0..5),
    ) {
        let pipeline = Pipeline::new(steps).unwrap();
        let later = dates::add_days(base, ahead).unwrap();
        prop_assert!(pipeline.date(base, &calendar).unwrap() <= pipeline.date(later, &calendar).unwrap());
    }

    #[test]
    fn month_end_stays_month_end_under_sticky_months(date in inner_date(), months in 0_i64..60) {
        let end = dates::month_end(date);
        prop_assert!(dates::is_month_end(dates::add_months_sticky(end, months).unwrap()));
        if !dates::is_month_end(date) {
            prop_assert_eq!(dates::add_months_sticky(date, months).unwrap(), dates::add_months(date, months).unwrap());
        }
    }

    #[test]
    fn sticky_months_add_up_from_a_month_end(date in inner_date(), first in 0_i64..60, second in 0_i64..60) {
        let end = dates::month_end(date);
        let stepwise = dates::add_months_sticky(dates::add_months_sticky(end, first).unwrap(), second).unwrap();
        prop_assert_eq!(stepwise, dates::add_months_sticky(end, first + second).unwrap());
    }

    #[test]
    fn parse_undoes_display_of_pipelines_and_terms(pipeline in pipeline(), run in proptest::collection::vec(step().prop_filter("forward", Step::is_forward), 0..3)) {
        prop_assert_eq!(pipeline.to_string().parse::<Pipeline>(), Ok(pipeline.clone()));
        let terms = PaymentTerms::builder(Event::Acceptance).steps(pipeline.steps().to_vec()).pay_steps(run).build().unwrap();
        prop_assert_eq!(terms.to_string().parse::<PaymentTerms>(), Ok(terms));
        let spaced = pipeline.to_string().replace(',', " , ").replace(';', " ; ").replace('(', " ( ");
        prop_assert_eq!(spaced.parse::<Pipeline>(), Ok(pipeline));
    }

    #[test]
    fn each_step_of_a_trace_can_be_recomputed(
        (base, calendar) in inner_date().prop_flat_map(|date| (Just(date), calendar_around(date))),
        pipeline in pipeline(),
    ) {
        let (due, trace) = pipeline.explain(base, &calendar).unwrap();
        let mut date = base;
        for applied in &trace {
            prop_assert_eq!(applied.from, date);
            let alone = Pipeline::new([applied.step.clone()]).unwrap();
            date = alone.date(applied.from, &calendar).unwrap();
            prop_assert_eq!(applied.to, date);
        }
        prop_assert_eq!(due, date);
        prop_assert_eq!(due, pipeline.date(base, &calendar).unwrap());
        prop_assert_eq!(trace.len(), pipeline.steps().len());
    }

    #[test]
    fn expected_pay_is_never_before_due(
        (base, calendar) in inner_date().prop_flat_map(|date| (Just(date), calendar_around(date))),
        steps in pipeline(), run in proptest::collection::vec(step().prop_filter("forward", Step::is_forward), 0..3),
    ) {
        let terms = PaymentTerms::builder(Event::Delivery).steps(steps.steps().to_vec()).pay_steps(run).build().unwrap();
        let facts = EventDates::new().with(Event::Delivery, base);
        let due = terms.due_date(&facts, &calendar).unwrap();
        let due = due.known().unwrap();
        prop_assert!(due.expected_pay >= due.due);
        prop_assert_eq!(due.due, steps.date(base, &calendar).unwrap());
    }

    #[test]
    fn day_counts_are_additive(mut days in proptest::collection::vec(any_date(), 3)) {
        days.sort();
        for day_count in DayCount::ALL {
            let fraction = |from: usize, to: usize| day_count.fraction(days[from], days[to]).unwrap().exact().unwrap();
            prop_assert_eq!(fraction(0, 1).add(&fraction(1, 2)).unwrap(), fraction(0, 2), "{}", day_count);
            let count = |from: usize, to: usize| day_count.days(days[from], days[to]).unwrap();
            prop_assert_eq!(count(0, 1) + count(1, 2), count(0, 2), "{}", day_count);
        }
    }

    #[test]
    fn whole_months_and_days_lead_back_to_the_end(first in inner_date(), days in 0_i64..2_000) {
        let to = dates::add_days(first, days).unwrap();
        let (months, rest) = dates::whole_months(first, to).unwrap();
        let reached = dates::add_months(first, i64::from(months)).unwrap();
        prop_assert_eq!(dates::add_days(reached, i64::from(rest)).unwrap(), to);
        prop_assert!(dates::add_months(first, i64::from(months) + 1).unwrap() > to);
    }

    #[test]
    fn pieces_partition_the_period(start in any_date(), days in 1_i64..1_500, grain in grain()) {
        let last = dates::add_days(start, days - 1).unwrap_or(limits::LAST_DATE);
        let period = Period::closed(start, last).unwrap();
        let pieces: Vec<Period> = period.split(grain).collect();
        prop_assert_eq!(pieces.first().unwrap().start(), period.start());
        prop_assert_eq!(pieces.last().unwrap().end(), period.end());
        prop_assert!(pieces.windows(2).all(|pair| pair[0].end() == pair[1].start()));
        prop_assert_eq!(pieces.iter().map(|piece| piece.days()).sum::<u32>(), period.days());
        prop_assert_eq!(pieces.iter().map(|piece| piece.overlap_days(period)).sum::<u32>(), period.days());
        // Every piece but the first and the last is whole, and none crosses a boundary.
        let inner = pieces.iter().skip(1).rev().skip(1);
        prop_assert!(inner.clone().all(|piece| piece.is_whole(grain)));
        for piece in &pieces {
            if let Ok(whole) = Period::containing(grain, piece.start()) {
                prop_assert!(whole.contains_period(*piece));
            }
        }
        prop_assert_eq!(period.dates().count(), period.days() as usize);
    }

    #[test]
    fn a_grain_contains_its_date_and_its_neighbours_abut(date in inner_date(), grain in grain()) {
        let period = Period::containing(grain, date).unwrap();
        prop_assert!(period.contains(date) && period.is_whole(grain));
        let (before, after) = (period.previous_of(grain).unwrap(), period.next_of(grain).unwrap());
        prop_assert_eq!((before.end(), after.start()), (period.start(), period.end()));
        prop_assert!(before.is_whole(grain) && after.is_whole(grain));
        if matches!(grain, Grain::Week | Grain::Month | Grain::Quarter | Grain::HalfYear | Grain::Year) {
            prop_assert_eq!(period.next().unwrap(), after);
            prop_assert_eq!(period.previous().unwrap(), before);
        }
        prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
    }

    #[test]
    fn next_and_previous_undo_each_other(start in inner_date(), days in 1_i64..800) {
        // A run of days that leads onto whole months is the one exception; see `Period::next`.
        let period = Period::new(start, dates::add_days(start, days).unwrap()).unwrap();
        let whole_months = |period: Period| period.whole_calendar_months().is_some();
        for (there, back) in [(period.next().unwrap(), Period::previous as fn(Period) -> _), (period.previous().unwrap(), Period::next)] {
            prop_assert!(there.end() == period.start() || there.start() == period.end());
            if whole_months(there) == whole_months(period) {
                prop_assert_eq!(back(there).unwrap(), period);
            }
        }
    }

    #[test]
    fn next_and_previous_undo_each_other_for_whole_months(date in inner_date(), months in 1_i64..30) {
        let start = dates::month_start(date);
        let period = Period::new(start, dates::add_months(start, months).unwrap()).unwrap();
        prop_assert_eq!(period.next().unwrap().previous().unwrap(), period);
        prop_assert_eq!(period.previous().unwrap().next().unwrap(), period);
        prop_assert_eq!(period.next().unwrap().whole_calendar_months(), u32::try_from(months).ok());
    }

    #[test]
    fn intersection_is_symmetric_and_counts_shared_days(a in inner_date(), b in 0_i64..200, days in (1_i64..200, 1_i64..200)) {
        let first = Period::new(a, dates::add_days(a, days.0).unwrap()).unwrap();
        let other_start = dates::add_days(a, b - 100).unwrap();
        let second = Period::new(other_start, dates::add_days(other_start, days.1).unwrap()).unwrap();
        prop_assert_eq!(first.intersect(second), second.intersect(first));
        let shared = first.dates().filter(|date| second.contains(*date)).count();
        prop_assert_eq!(first.overlap_days(second) as usize, shared);
        for (index, date) in first.dates().enumerate() {
            prop_assert_eq!(first.index_of(date), Some(index));
        }
    }

    #[test]
    fn adjusted_dates_are_business_days_and_adjusting_again_changes_nothing(
        (date, calendar) in inner_date().prop_flat_map(|date| (Just(date), calendar_around(date))),
        convention in convention(), days in -30_i64..30,
    ) {
        let adjusted = calendar.adjust(date, convention).unwrap();
        prop_assert!(calendar.is_business_day(adjusted).unwrap());
        prop_assert_eq!(calendar.adjust(adjusted, convention).unwrap(), adjusted);
        prop_assert!(calendar.is_business_day(calendar.add_business_days(date, days).unwrap()).unwrap());
        match convention {
            Convention::Following => prop_assert!(adjusted >= date),
            Convention::Preceding => prop_assert!(adjusted <= date),
            Convention::ModifiedFollowing => {
                let month = Period::containing(Grain::Month, date).unwrap();
                if calendar.business_days_in(month).unwrap() > 0 {
                    prop_assert!(month.contains(adjusted));
                }
            }
        }
    }

    #[test]
    fn retail_months_and_quarters_and_weeks_partition_a_year_and_years_abut(
        number in 1950_i32..2150, weekday in weekday(), month in 1_u32..=12, day in 1_u32..=28, nearest in proptest::bool::ANY,
        pattern in proptest::sample::select(vec![RetailPattern::FourFourFive, RetailPattern::FourFiveFour, RetailPattern::FiveFourFour]),
    ) {
        let start = if nearest { YearStart::Nearest { weekday, month, day } } else { YearStart::OnOrAfter { weekday, month, day } };
        let calendar = RetailCalendar { pattern, start };
        let year = calendar.year(number).unwrap();
        prop_assert_eq!(year.period().start().weekday(), weekday);
        prop_assert_eq!(calendar.year(number + 1).unwrap().period().start(), year.period().end());
        let stated = dates::ymd(number, month, day).unwrap();
        let offset = dates::days_between(stated, year.period().start());
        let allowed = if nearest { -3..=3 } else { 0..=6 };
        prop_assert!(allowed.contains(&offset), "opening {} days from its date", offset);
        let partitions: [Vec<Period>; 3] = [
            (1..=12).map(|month| year.month(month).unwrap()).collect(),
            (1..=4).map(|quarter| year.quarter(quarter).unwrap()).collect(),
            (1..=year.weeks()).map(|week| year.week(week).unwrap()).collect(),
        ];
        for parts in &partitions {
            prop_assert_eq!(parts[0].start(), year.period().start());
            prop_assert_eq!(parts.last().unwrap().end(), year.period().end());
            prop_assert!(parts.windows(2).all(|pair| pair[0].end() == pair[1].start()));
        }
        for date in [year.period().start(), year.period().last_day(), dates::add_days(year.period().start(), 200).unwrap()] {
            prop_assert_eq!(calendar.year_containing(date).unwrap(), year);
            let month = year.month_of(date).unwrap();
            prop_assert!(year.month(month).unwrap().contains(date));
            prop_assert!(year.week(year.week_of(date).unwrap()).unwrap().contains(date));
        }
        prop_assert_eq!(year.month_of(year.period().end()), None);
    }

    #[test]
    fn batches_fall_due_in_order_and_none_waits_after_termination(
        start in inner_date(), gaps in proptest::collection::vec(0_i64..40, 1..8), held in 1_u32..4, lag in 0_u32..40,
    ) {
        let mut date = start;
        let receipts: Vec<_> = gaps.iter().map(|gap| { date = dates::add_days(date, *gap).unwrap(); date }).collect();
        let terms = BatchHeld::new(held, Pipeline::new([Step::Days(lag)]).unwrap()).unwrap();
        let calendar = BusinessCalendar::weekends();
        let running = terms.due_dates(&receipts, Trade::Running, &calendar).unwrap();
        let waiting = running.iter().filter(|due| due.date().is_none()).count();
        prop_assert_eq!(waiting, receipts.len().min(held as usize));
        let ended = terms.due_dates(&receipts, Trade::Terminated(date), &calendar).unwrap();
        let dues: Vec<_> = ended.iter().map(|due| due.date().unwrap()).collect();
        prop_assert!(dues.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert_eq!(dues.last().copied(), Some(dates::add_days(date, i64::from(lag)).unwrap()));
        for (batch, due) in running.iter().enumerate() {
            prop_assert_eq!(due, &terms.due_date(batch + 1, &receipts, Trade::Running, &calendar).unwrap());
        }
    }

    #[test]
    fn no_date_no_step_and_no_number_makes_anything_panic(
        date in wild_date(), other in wild_date(), pipeline in pipeline(), grain in grain(), convention in convention(),
        shift in any::<i64>(), numbers in (any::<i32>(), any::<u32>(), any::<u32>()),
    ) {
        let calendar = BusinessCalendar::weekends().with_holidays([other]).with_workdays([date]);
        let _ = pipeline.explain(date, &calendar);
        let _ = calendar.adjust(date, convention);
        let _ = calendar.add_business_days(date, shift % 3_000);
        let _ = (dates::add_days(date, shift), dates::add_months(date, shift), dates::add_months_sticky(date, shift));
        let _ = (dates::whole_months(date, other), dates::month_end(date), dates::clamp_day(date, numbers.1));
        let _ = Period::containing(grain, date);
        for period in [Period::new(date, other), Period::closed(date, other), Period::day(date)].into_iter().flatten() {
            let _ = (period.next(), period.previous(), period.next_of(grain), period.previous_of(grain));
            let _ = (period.split(grain).take(100).count(), period.last_day(), period.overlap_days(period));
        }
        let (year, first, second) = numbers;
        let _ = (Period::month(year, first), Period::quarter(year, first), Period::half_year(year, first), Period::year(year));
        let _ = (Period::iso_week(year, first), Period::ten_day(year, first, second), Period::half_month(year, first, second));
        let _ = Period::iso_week(year % 3000, first % 60);
        let _ = RetailCalendar::nrf().year(year);
        let _ = RetailCalendar::nrf().year_containing(date);
        if let Ok(retail) = RetailYear::stated(year, date, 52, RetailPattern::FourFourFive) {
            let _ = (retail.week(first), retail.month(first), retail.quarter(first), retail.month_of(other));
        }
        for day_count in DayCount::ALL {
            let _ = day_count.fraction(date, other);
        }
        let wild = [Step::Months(first), Step::Days(second), Step::Weeks(first), Step::BusinessDays(second), Step::TwoWeekEnd { anchor: other }];
        for step in wild {
            let _ = Pipeline::new([step]).map(|pipeline| pipeline.explain(date, &calendar));
        }
        let held = BatchHeld::new(1, pipeline).unwrap();
        let _ = held.due_dates(&[date, other], Trade::Terminated(other), &calendar);
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_position(text in "[a-z_0-9(),;:|>@%. -]{0,40}|.{0,20}") {
        for result in [text.parse::<Pipeline>().map(|_| ()), text.parse::<PaymentTerms>().map(|_| ())] {
            match result {
                Ok(()) | Err(CalendarError::InvalidTerms { .. }) => {}
                Err(CalendarError::Syntax { position, .. }) => prop_assert!((1..=text.chars().count() + 1).contains(&position)),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
        let _ = (text.parse::<Period>(), text.parse::<DayCount>(), text.parse::<Event>());
        let _ = endcap_calendar::InstalmentPlan::parse_lines(&text, endcap_types::Currency::CNY);
    }
}

//! One case for each public error and each broken rule, with its exact message.

use chrono::{NaiveDate, Weekday};
use endcap_calendar::{
    BatchHeld, BusinessCalendar, CalendarError, CashDiscount, Convention, DayCount, DayRange, DiscountStep,
    Edifact2009, Event, EventDates, Grain, InstalmentPlan, InvoiceAmount, MonthDay, PaymentTerms, Period,
    Pipeline, RetailPattern, RetailYear, Share, Step, Trade, dates, limits,
};
use endcap_types::{Currency, Money, Rate};

use crate::golden::date;

fn message<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> String {
    result.unwrap_err().to_string()
}

/// The problems of a document, one text each.
fn problems<T: std::fmt::Debug>(result: Result<T, CalendarError>) -> Vec<String> {
    match result.unwrap_err() {
        CalendarError::InvalidTerms { problems } => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn dates_and_periods() {
    let outside = "is outside the supported range 1900-01-01 to 2200-12-31";
    assert_eq!(message(dates::check(NaiveDate::MIN)), format!("date -262143-01-01 {outside}"));
    assert_eq!(message(dates::add_days(limits::LAST_DATE, 1)), format!("date 2201-01-01 {outside}"));
    assert_eq!(message(Period::month(2201, 1)), format!("date 2201-01-01 {outside}"));
    assert_eq!(message(Period::year(2200).unwrap().next()), format!("date 2201-01-01 {outside}"));
    assert_eq!(message(Period::year(1900).unwrap().previous()), format!("date 1899-01-01 {outside}"));
    assert_eq!(message(dates::ymd(2025, 2, 29)), "the calendar has no day 2025-2-29");
    assert_eq!(message(dates::parse("2025-2-28")), "`2025-2-28` is no date; expected YYYY-MM-DD");
    assert_eq!(
        message(dates::add_days(date("2025-01-01"), i64::MIN)),
        "2025-01-01 cannot be moved by -9223372036854775808 days"
    );
    assert_eq!(
        message(dates::add_months(date("2025-01-01"), i64::MAX)),
        "2025-01-01 cannot be moved by 9223372036854775807 months"
    );
    let (early, late) = (date("2025-01-01"), date("2025-02-01"));
    assert_eq!(
        message(DayCount::Act360.days(late, early)),
        "interval from 2025-02-01 to 2025-01-01 runs backwards"
    );
    let empty = "has no day; the end is excluded and must be later than the start";
    assert_eq!(message(Period::new(early, early)), format!("period 2025-01-01..2025-01-01 {empty}"));
    assert_eq!(message(Period::closed(late, early)), format!("period 2025-02-01..2025-01-02 {empty}"));
    assert_eq!(message(Period::quarter(2025, 5)), "2025 has no quarter 5; numbers run from 1 to 4");
    assert_eq!(message(Period::iso_week(2025, 53)), "2025 has no ISO week 53; numbers run from 1 to 52");
    assert_eq!(message(Period::half_year(2025, 0)), "2025 has no half year 0; numbers run from 1 to 2");
    assert_eq!(message(Period::ten_day(2025, 13, 1)), "2025 has no month 13; numbers run from 1 to 12");
    assert_eq!(message(Period::half_month(2025, 1, 3)), "2025 has no half month 3; numbers run from 1 to 2");
    assert!(
        message("2025-6".parse::<Period>())
            .starts_with("`2025-6` is no period; expected YYYY-MM-DD..YYYY-MM-DD")
    );
    for text in [
        "",
        "25",
        "2025-Q",
        "2025-Q12",
        "2025-q1",
        "2025-06-X1",
        "2025-06-1",
        "2025-06-01-01",
        "2025-W1",
        "20 25",
        "２０２５",
        "2025-06-é",
    ] {
        assert!(matches!(text.parse::<Period>(), Err(CalendarError::PeriodText { .. })), "{text}");
    }
    let weeks = RetailYear::stated(2025, early, 51, RetailPattern::FourFourFive);
    assert_eq!(message(weeks), "a retail year has 52 or 53 weeks, not 51");
    assert_eq!(
        message("act/364".parse::<DayCount>()),
        "`act/364` is not a day count: act/365f, act/360, act/act or 30e/360"
    );
}

#[test]
fn business_days() {
    let never = BusinessCalendar::closed_on([
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ]);
    let day = date("2025-06-15");
    assert_eq!(
        message(never.adjust(day, Convention::Following)),
        "no business day within 400 days on or after 2025-06-15"
    );
    assert_eq!(
        message(never.adjust(day, Convention::Preceding)),
        "no business day within 400 days on or before 2025-06-15"
    );
    assert_eq!(
        message(never.add_business_days(day, 1)),
        "no business day within 400 days on or after 2025-06-16"
    );
    let known = BusinessCalendar::weekends().known_within(Period::year(2025).unwrap());
    assert_eq!(
        message(known.on_or_after(date("2026-01-01"))),
        "business calendar is stated for 2025-01-01..2026-01-01 only and does not know 2026-01-01"
    );
    assert!(known.on_or_after(date("2025-12-31")).is_ok());
    assert_eq!(message(known.add_business_days(day, -2_001)), "-2001 business days exceed the limit of 2000");
    // The longest closure that is crossed: 400 days, and not one more.
    let closed = |days: i64| {
        let last = dates::add_days(day, days - 1).unwrap();
        BusinessCalendar::every_day().with_holiday_period(Period::closed(day, last).unwrap())
    };
    assert_eq!(closed(400).on_or_after(day), dates::add_days(day, 400));
    assert!(matches!(closed(401).on_or_after(day), Err(CalendarError::NoBusinessDay { limit: 400, .. })));
    let edge = BusinessCalendar::weekends().on_or_before(limits::FIRST_DATE).unwrap();
    assert_eq!(edge, limits::FIRST_DATE, "1900-01-01 is a Monday");
}

#[test]
fn syntax_names_the_position_and_what_was_expected() {
    let cases = [
        ("cutoff(25);months(1)", "at character 10: expected `,`, found `)`"),
        (
            "cutoff(25,later)",
            "at character 11: expected `after` (the cut-off day stays in its month) or `on_or_after` (it moves), found `later`",
        ),
        ("days(x)", "at character 6: expected a whole number, found `x`"),
        ("days()", "at character 6: expected a whole number, found `)`"),
        ("days(4294967296)", "at character 6: expected a whole number below 4294967296, found `4294967296`"),
        ("days(30", "at character 8: expected `)`, found the end"),
        ("dom(last)", "at character 5: expected a day of the month or `eom`, found `last`"),
        ("next_weekday(8)", "at character 14: expected an ISO weekday, 1 (Monday) to 7 (Sunday), found `8`"),
        ("next_weekday(0)", "at character 14: expected an ISO weekday, 1 (Monday) to 7 (Sunday), found `0`"),
        (
            "business(skip)",
            "at character 10: expected `following`, `preceding` or `modified_following`, found `skip`",
        ),
        ("ranges(1-31:1)", "at character 14: expected `:`, found `)`"),
        (
            "holiday_map(2025-02-30>2025-03-01)",
            "at character 13: expected a date YYYY-MM-DD from 1900 to 2200, found `2025`",
        ),
        ("eom eom", "at character 5: expected `;` or the end, found `eom`"),
        ("eom)", "at character 4: expected `;` or the end, found `)`"),
    ];
    for (text, expected) in cases {
        assert_eq!(message(text.parse::<Pipeline>()), expected, "{text}");
    }
    // Positions count characters, not bytes.
    assert!(message("eom;月末".parse::<Pipeline>()).starts_with("at character 5: expected a step ("));
    assert!(message("eom;\u{3000}dayz".parse::<Pipeline>()).starts_with("at character 6: expected a step ("));
    assert!(message("eom;".parse::<Pipeline>()).ends_with("found the end"));
    let long = " ".repeat(limits::MAX_TEXT_CHARS + 1);
    assert_eq!(
        message(long.parse::<Pipeline>()),
        "at character 100001: expected at most 100000 characters, found more"
    );
    let terms = [
        (
            "from(delivry);eom",
            "at character 6: expected an event (delivery, invoice_date, invoice_received, statement_confirmed, acceptance, end_of_supply_period), found `delivry`",
        ),
        (
            "from(delivery);run(eom);eom",
            "at character 24: expected the end; the payment run comes last, found `;`",
        ),
        ("from(delivery)eom", "at character 15: expected `;`, found `eom`"),
    ];
    for (text, expected) in terms {
        assert_eq!(message(text.parse::<PaymentTerms>()), expected, "{text}");
    }
    assert!(
        message("from(delivery);run()".parse::<PaymentTerms>())
            .starts_with("at character 20: expected a step")
    );
    let lines = |text: &str| message(InstalmentPlan::parse_lines(text, Currency::CNY));
    assert_eq!(
        lines("30"),
        "at character 1: expected a share (a percentage such as `30%` or `30%u`, `fixed:` with an amount, or `balance`), found `30`"
    );
    assert_eq!(lines("fixed:1.234|balance"), "at character 7: expected an amount in CNY, found `1`");
    assert_eq!(lines("30%@eom balance"), "at character 9: expected `|`, found `balance`");
}

#[test]
fn terms_report_all_problems_at_once() {
    let text = "from(later_of(delivery,delivery));dom(0);days(36601);weeks(5229);months(1201);business_days(2001);\
                next_dom(32,33);ranges(1-10:1:5|9-20:1:40|30-22:0:1);\
                holiday_map(2025-10-01>2025-10-09|2025-10-09>2025-10-10|2025-10-01>2025-09-30);run(dom(5);business(preceding))";
    assert_eq!(
        problems(text.parse::<PaymentTerms>()),
        [
            "base event: 1 event(s) given; the later or earlier of events needs at least two",
            "step 1: day 0 is outside 1 to 31",
            "step 2: 36601 days exceed the limit of 36600",
            "step 3: 36603 days exceed the limit of 36600",
            "step 4: 1201 months exceed the limit of 1200",
            "step 5: 2001 business days exceed the limit of 2000",
            "step 6: day 32 is outside 1 to 31",
            "step 6: day 33 is outside 1 to 31",
            "step 7: day 40 is outside 1 to 31",
            "step 7: day range 30-22 runs backwards",
            "step 7: day 9 is in more than one range",
            "step 7: day 21 is in no range",
            "step 8: 2025-09-30 is not later than 2025-10-01",
            "step 8: 2025-10-01 is mapped twice",
            "step 8: 2025-10-01 is mapped to 2025-10-09, which is itself mapped",
            "payment run step 1: a payment run must not go back, and this step can",
            "payment run step 2: a payment run must not go back, and this step can",
        ]
    );
    assert_eq!(problems(Pipeline::new([Step::next_day([])])), ["step 1: the set of pay days is empty"]);
    assert_eq!(
        problems(Pipeline::new(vec![Step::EndOf(Grain::Month); 65])),
        ["terms: 65 parts exceed the limit of 64"]
    );
    let anchor = NaiveDate::MAX;
    assert_eq!(
        problems(Pipeline::new([Step::TwoWeekEnd { anchor }])),
        [format!("step 1: date {anchor} is outside the supported range")]
    );
    let row = DayRange { first: 1, last: 31, months: 1, pay_day: MonthDay::End };
    assert_eq!(
        problems(Pipeline::new([Step::Ranges(vec![row; 32])])),
        ["step 1: 32 parts exceed the limit of 31"]
    );
    let sentence = message("dom(0);dom(32)".parse::<Pipeline>());
    assert_eq!(
        sentence,
        "payment terms break 2 rule(s): step 1: day 0 is outside 1 to 31; step 2: day 32 is outside 1 to 31"
    );
}

#[test]
fn a_payment_run_that_goes_back_cannot_be_built() {
    // A row for day 25 paid on the 10th of the same month goes back; one paid on day 31 does not.
    let back = "from(delivery);run(ranges(1-31:0:10))".parse::<PaymentTerms>();
    assert_eq!(problems(back), ["payment run step 1: a payment run must not go back, and this step can"]);
    assert!("from(delivery);run(ranges(1-31:0:31))".parse::<PaymentTerms>().is_ok());
    // The error for a run that goes back all the same is kept as a guard.
    let guard = CalendarError::PayRunBeforeDue { due: date("2025-01-02"), pay: date("2025-01-01") };
    assert_eq!(guard.to_string(), "payment run gives 2025-01-01, which is before the due date 2025-01-02");
}

#[test]
fn payment_time_references() {
    assert_eq!(
        message(Edifact2009::try_from(2)),
        "payment time reference 2 is not one of 1, 4, 5, 6, 7, 8, 9, 10, 12, 14"
    );
    assert_eq!(
        message(Pipeline::try_from(Edifact2009::EndOfTwoWeeks)),
        "payment time reference 5 (end of a two-week period) needs an anchor date: one last day of a two-week period"
    );
}

#[test]
fn batches() {
    let calendar = BusinessCalendar::weekends();
    let terms = BatchHeld::new(2, Pipeline::default()).unwrap();
    let (first, second) = (date("2025-03-01"), date("2025-04-01"));
    assert_eq!(
        message(terms.due_dates(&[second, first], Trade::Running, &calendar)),
        "batch 2 was received on 2025-03-01, before the batch before it on 2025-04-01"
    );
    assert_eq!(
        message(terms.due_dates(&[first, second], Trade::Terminated(first), &calendar)),
        "termination on 2025-03-01 is before the last receipt on 2025-04-01"
    );
    assert_eq!(
        message(terms.due_date(3, &[first, second], Trade::Running, &calendar)),
        "there is no batch 3; 2 have been received"
    );
    assert_eq!(
        message(terms.due_date(0, &[first], Trade::Running, &calendar)),
        "there is no batch 0; 1 have been received"
    );
    assert_eq!(
        problems(BatchHeld::new(0, Pipeline::default())),
        ["terms: 0 batches held is outside 1 to 1000"]
    );
    assert_eq!(
        problems(terms.with_run([Step::Day(MonthDay::End)])),
        ["payment run step 1: a payment run must not go back, and this step can"]
    );
}

#[test]
fn instalments_and_discounts() {
    let rate = |text: &str| text.parse::<Rate>().unwrap();
    let money = |text: &str| Money::parse(text, Currency::CNY).unwrap();
    let plan = |shares: &[Share]| {
        let mut builder = InstalmentPlan::builder(Event::InvoiceDate);
        for share in shares {
            builder = builder.line(*share, Pipeline::default());
        }
        builder.build()
    };
    assert_eq!(problems(plan(&[])), ["terms: a plan needs at least one line"]);
    assert_eq!(
        problems(plan(&[
            Share::Balance,
            Share::Fixed(money("0")),
            Share::PercentOfUntaxed(Rate::ZERO),
            Share::PercentOfTotal(rate("101%")),
        ])),
        [
            "line 1: a balance line must be the last",
            "line 2: fixed amount CNY 0.00 is not positive",
            "line 3: rate 0% is not above 0% and at most 100%",
            "line 4: rate 101% is not above 0% and at most 100%",
            "terms: percentages of the total sum to 101% and do not resolve to 100%",
        ]
    );
    let halves = [Share::PercentOfTotal(rate("50%")), Share::PercentOfTotal(rate("49.99%"))];
    assert_eq!(
        problems(plan(&halves)),
        ["terms: percentages of the total sum to 99.99% and do not resolve to 100%"]
    );
    assert_eq!(
        problems(plan(&[Share::Balance; 1_001])).first().unwrap(),
        "terms: 1001 parts exceed the limit of 1000"
    );
    assert_eq!(
        problems(InstalmentPlan::parse_lines("50%@dom(32)|balance@days(99999)", Currency::CNY)),
        ["line 1 step 1: day 32 is outside 1 to 31", "line 2 step 1: 99999 days exceed the limit of 36600"]
    );

    let facts = EventDates::new().with(Event::InvoiceDate, date("2025-01-01"));
    let calendar = BusinessCalendar::weekends();
    let untaxed = plan(&[Share::PercentOfUntaxed(rate("10%")), Share::Balance]).unwrap();
    let total = InvoiceAmount::total(money("100"));
    assert_eq!(
        message(untaxed.schedule(&total, &facts, &calendar)),
        "line 1 is a percentage of the untaxed amount, which was not given"
    );
    let euros = plan(&[Share::Fixed(Money::parse("1", Currency::EUR).unwrap()), Share::Balance]).unwrap();
    assert!(matches!(euros.schedule(&total, &facts, &calendar), Err(CalendarError::Types(_))));
    assert!(InvoiceAmount::with_untaxed(money("1"), Money::parse("1", Currency::EUR).unwrap()).is_err());

    let steps = [
        DiscountStep { rate: rate("2%"), days: 10 },
        DiscountStep { rate: rate("2%"), days: 10 },
        DiscountStep { rate: Rate::ZERO, days: 40_000 },
    ];
    assert_eq!(
        problems(CashDiscount::new(steps, 36_601)),
        [
            "terms: 36601 days of grace exceed the limit of 36600",
            "discount step 2: discount 2% does not fall below the 2% of the step before",
            "discount step 2: 10 days are not more than the 10 of the step before",
            "discount step 3: rate 0% is not above 0% and at most 100%",
            "discount step 3: 40000 days exceed the limit of 36600",
        ]
    );
    let many = (0_u32..17)
        .map(|index| DiscountStep { rate: Rate::basis_points((100 - index).into()).unwrap(), days: index });
    assert_eq!(problems(CashDiscount::new(many, 0)), ["terms: 17 parts exceed the limit of 16"]);
}

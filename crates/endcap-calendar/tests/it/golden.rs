//! Golden cases: every row of every file under `tests/golden`. A failing test names all failing cases.

use chrono::NaiveDate;
use endcap_calendar::{
    BusinessCalendar, DayCount, Event, EventDates, Grain, PaymentTerms, Period, Pipeline, RetailCalendar,
    dates,
};
use endcap_types::Exact;

use crate::csv::{self, Row};

pub(crate) fn date(text: &str) -> NaiveDate {
    dates::parse(text).unwrap()
}

fn check(text: &str, count: usize, case: impl Fn(&Row) -> Result<(), String>) {
    let rows = csv::rows(text);
    let named = |row: &Row| case(row).err().map(|failure| format!("{}: {failure}", row["case"]));
    csv::report(&rows.iter().filter_map(named).collect::<Vec<_>>(), rows.len());
    assert_eq!(rows.len(), count, "rows in the file");
    assert!(rows.iter().all(|row| !row["source"].is_empty()), "every row has a source");
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what} is {got:?}, expected {expected:?}")) }
}

/// Single dates and closed runs `a..b`, joined by `|`.
fn day_list(text: &str) -> Vec<NaiveDate> {
    let parts = text.split('|').filter(|part| !part.is_empty());
    parts
        .flat_map(|part| {
            let (first, last) = part.split_once("..").unwrap_or((part, part));
            Period::closed(date(first), date(last)).unwrap().dates()
        })
        .collect()
}

#[test]
fn due_dates() {
    check(include_str!("../golden/due_dates.csv"), 101, |row| {
        let calendar = BusinessCalendar::weekends()
            .with_holidays(day_list(&row["holidays"]))
            .with_workdays(day_list(&row["workdays"]));
        let pipeline: Pipeline = row["pipeline"].parse().map_err(|error| format!("{error}"))?;
        let (due, trace) =
            pipeline.explain(date(&row["base_date"]), &calendar).map_err(|error| format!("{error}"))?;
        same(&format!("due date by {trace:?}"), due, date(&row["expected_due"]))?;
        same("due date without trace", pipeline.date(date(&row["base_date"]), &calendar).unwrap(), due)?;
        same("parsed display", pipeline.to_string().parse::<Pipeline>().unwrap(), pipeline)
    });
}

#[test]
fn terms() {
    check(include_str!("../golden/terms.csv"), 10, |row| {
        let terms: PaymentTerms = row["terms"].parse().map_err(|error| format!("{error}"))?;
        let mut facts = EventDates::new();
        for event in [Event::Delivery, Event::InvoiceReceived] {
            let text = &row[event.word()];
            facts = if text.is_empty() { facts } else { facts.with(event, date(text)) };
        }
        let due =
            terms.due_date(&facts, &BusinessCalendar::weekends()).map_err(|error| format!("{error}"))?;
        same("result", due.to_string(), row["expected"].clone())?;
        same("display", terms.to_string(), row["terms"].clone())
    });
}

#[test]
fn periods() {
    check(include_str!("../golden/periods.csv"), 20, |row| {
        let period: Period = row["text"].parse().map_err(|error| format!("{error}"))?;
        same("period", period.to_string(), row["expected_period"].clone())?;
        same("days", period.days().to_string(), row["expected_days"].clone())
    });
}

#[test]
fn retail_years() {
    check(include_str!("../golden/retail_years.csv"), 8, |row| {
        let year =
            RetailCalendar::nrf().year(row["number"].parse().unwrap()).map_err(|error| format!("{error}"))?;
        same("weeks", year.weeks().to_string(), row["expected_weeks"].clone())?;
        same("period", year.period().to_string(), row["expected_period"].clone())?;
        same("month 12", year.month(12).unwrap().days().to_string(), row["expected_month_12_days"].clone())
    });
}

#[test]
fn day_counts() {
    check(include_str!("../golden/day_counts.csv"), 18, |row| {
        let day_count: DayCount = row["day_count"].parse().map_err(|error| format!("{error}"))?;
        let (from, to) = (date(&row["from"]), date(&row["to"]));
        same("days", day_count.days(from, to).unwrap().to_string(), row["expected_days"].clone())?;
        let (numerator, denominator) = row["expected_fraction"].split_once('/').unwrap();
        let expected = Exact::ratio(numerator.parse().unwrap(), denominator.parse().unwrap()).unwrap();
        same("fraction", day_count.fraction(from, to).unwrap().exact().unwrap(), expected)
    });
}

#[test]
fn one_term_of_thirty_days_has_five_readings() {
    let tenth_of_march = date("2023-03-10");
    let calendar = BusinessCalendar::weekends();
    let readings = [
        (PaymentTerms::monthly_from_invoice(1), "2023-04-10"),
        (PaymentTerms::eom_plus_days(Event::InvoiceDate, 30), "2023-04-30"),
        (PaymentTerms::eom_plus_months(Event::InvoiceDate, 1), "2023-04-30"),
        (PaymentTerms::next_month_first_plus_days(Event::InvoiceDate, 30), "2023-05-01"),
        (PaymentTerms::eom_plus_days_then_pay_day(Event::InvoiceDate, 30, [20]), "2023-05-20"),
        (PaymentTerms::from_receipt(30), "2023-04-09"),
        (PaymentTerms::from_invoice_receipt(30), "2023-04-09"),
        (PaymentTerms::half_month_plus_days(Event::InvoiceDate, 10), "2023-03-25"),
        (PaymentTerms::ten_day_plus_days(Event::InvoiceDate, 10), "2023-03-20"),
    ];
    for (terms, expected) in readings {
        let terms = terms.unwrap();
        assert_eq!(terms.due_from(tenth_of_march, &calendar).unwrap().due, date(expected), "{terms}");
    }
}

#[test]
fn every_edifact_code_snaps_to_the_last_day_of_its_period() {
    let expected = [
        (1, ""),
        (4, "ten_day_end"),
        (5, "two_week_end(2026-01-04)"),
        (6, "eom"),
        (7, "eom;months_sticky(1)"),
        (8, "quarter_end"),
        (9, "year_end"),
        (10, "week_end"),
        (12, "half_year_end"),
        (14, "half_month_end"),
    ];
    for code in 0..=100 {
        let found = endcap_calendar::Edifact2009::try_from(code);
        let text = found.map(|reference| reference.pipeline(date("2026-01-04")).unwrap().to_string()).ok();
        let wanted = expected.iter().find(|(known, _)| *known == code).map(|(_, text)| (*text).to_owned());
        assert_eq!(text, wanted, "code {code}");
    }
}

#[test]
fn periods_that_touch_do_not_overlap() {
    let (june, july) = (Period::month(2025, 6).unwrap(), Period::month(2025, 7).unwrap());
    assert_eq!((june.intersect(july), june.overlap_days(july)), (None, 0));
    assert_eq!(june.intersect(june), Some(june));
}

#[test]
fn the_order_of_tables_does_not_matter() {
    let equal = [
        ("ranges(21-31:1:25|1-20:1:5)", "ranges(1-20:1:5|21-31:1:25)"),
        (
            "holiday_map(2026-01-03>2026-01-06|2026-01-01>2026-01-05)",
            "holiday_map(2026-01-01>2026-01-05|2026-01-03>2026-01-06)",
        ),
        ("next_dom(25,12)", "next_dom(12,25)"),
    ];
    for (written, stored) in equal {
        let pipeline: Pipeline = written.parse().unwrap();
        assert_eq!(pipeline.to_string(), stored);
        assert_eq!(pipeline, stored.parse().unwrap());
    }
}

#[test]
fn months_of_a_cropped_period_are_cropped() {
    let period: Period = "2025-01-20..2025-03-05".parse().unwrap();
    let pieces: Vec<String> = period.split(Grain::TenDay).map(|piece| piece.to_string()).collect();
    let expected = [
        "2025-01-20..2025-01-21",
        "2025-01-21..2025-02-01",
        "2025-02-01..2025-02-11",
        "2025-02-11..2025-02-21",
        "2025-02-21..2025-03-01",
        "2025-03-01..2025-03-05",
    ];
    assert_eq!(pieces, expected);
}

//! JSON forms: round trips, and refusals that go through the checked constructors.

use endcap_calendar::{
    AppliedStep, BaseEvent, BusinessCalendar, CashDiscount, DayCount, Due, DueItem, Edifact2009, Event,
    EventDates, InstalmentPlan, InvoiceAmount, PaymentTerms, Period, Pipeline, RetailCalendar,
};
use endcap_types::{Currency, Money};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::golden::date;
use crate::strategies::{calendar_around, inner_date, pipeline};

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
    json
}

fn refused<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
    serde_json::from_str::<T>(json).unwrap_err().to_string()
}

#[test]
fn values_have_a_short_written_form() {
    assert_eq!(round_trip(&Period::month(2025, 6).unwrap()), r#""2025-06-01..2025-07-01""#);
    assert_eq!(serde_json::from_str::<Period>(r#""2025-06""#).unwrap(), Period::month(2025, 6).unwrap());
    assert_eq!(round_trip(&DayCount::Thirty360E), r#""30e/360""#);
    assert_eq!(round_trip(&Edifact2009::EndOfMonth), "6");
    assert_eq!(
        round_trip(&BaseEvent::later_of([Event::Delivery, Event::Acceptance])),
        r#""later_of(delivery,acceptance)""#
    );
    let facts = EventDates::new().with(Event::InvoiceDate, date("2025-01-31"));
    assert_eq!(round_trip(&facts), r#"{"invoice_date":"2025-01-31"}"#);
    assert_eq!(
        round_trip(&RetailCalendar::nrf()),
        r#"{"pattern":"4-5-4","start":{"nearest":{"weekday":"Sun","month":2,"day":1}}}"#
    );
    let terms: PaymentTerms = "from(delivery);eom;days(30);run(next_dom(10,25))".parse().unwrap();
    assert_eq!(round_trip(&terms), r#""from(delivery);eom;days(30);run(next_dom(10,25))""#);
}

#[test]
fn results_round_trip_with_their_trace() {
    let terms: PaymentTerms =
        "from(invoice_date);cutoff(25,after);months(1);dom(31);run(next_weekday(4))".parse().unwrap();
    let facts = EventDates::new().with(Event::InvoiceDate, date("2025-01-31"));
    let calendar = BusinessCalendar::weekends();
    let due: Due = terms.due_date(&facts, &calendar).unwrap();
    let json = round_trip(&due);
    assert!(
        json.contains(
            r#"{"step":"cutoff(25,after)","from":"2025-01-31","to":"2025-02-01","reason":{"past_cutoff":25}}"#
        ),
        "{json}"
    );
    round_trip(&terms.due_date(&EventDates::new(), &calendar).unwrap());
    let trace: Vec<AppliedStep> = due.known().unwrap().trace.clone();
    round_trip(&trace);
}

#[test]
fn plans_round_trip_and_are_checked_when_read() {
    let json = r#"{"base":"invoice_date",
        "lines":[{"share":{"percent_of_total":"30%"},"pipeline":"days(30)"},{"share":"balance","pipeline":"eom;days(30)"}],
        "discount":{"steps":[{"rate":"2%","days":10}]},"run":"next_dom(10)"}"#;
    let plan: InstalmentPlan = serde_json::from_str(json).unwrap();
    round_trip(&plan);
    let facts = EventDates::new().with(Event::InvoiceDate, date("2025-01-31"));
    let total = InvoiceAmount::total(Money::parse("100.01", Currency::CNY).unwrap());
    let items: Vec<DueItem> = plan.schedule(&total, &facts, &BusinessCalendar::weekends()).unwrap();
    round_trip(&items);
    let refused = refused::<InstalmentPlan>(&json.replace("30%", "130%"));
    assert!(refused.starts_with("payment terms break 2 rule(s): line 1: rate 130%"), "{refused}");
}

#[test]
fn refusals_come_from_the_checked_constructors() {
    assert!(
        refused::<Period>(r#""2025-07-01..2025-06-01""#)
            .starts_with("period 2025-07-01..2025-06-01 has no day")
    );
    assert!(refused::<Pipeline>(r#""dom(32)""#).contains("day 32 is outside 1 to 31"));
    assert!(refused::<PaymentTerms>(r#""eom""#).contains("expected `from`"));
    assert!(refused::<BaseEvent>(r#""later_of(delivery)""#).contains("at least two"));
    assert!(refused::<Edifact2009>("2").contains("payment time reference 2"));
    assert!(refused::<CashDiscount>(r#"{"steps":[],"grace":1}"#).contains("unknown field"));
    assert!(refused::<BusinessCalendar>(r#"{"weekend":[8]}"#).contains("`8` is not an ISO weekday, 1 to 7"));
    assert!(
        refused::<BusinessCalendar>(r#"{"weekend":[],"holidays":["9999-01-01"]}"#)
            .contains("outside the supported range")
    );
    assert!(refused::<BusinessCalendar>(r#"{"weekend":[],"holiday":[]}"#).contains("unknown field"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn calendars_and_pipelines_round_trip(
        calendar in inner_date().prop_flat_map(calendar_around), pipeline in pipeline(), known in proptest::bool::ANY,
    ) {
        let calendar = if known { calendar.known_within(Period::year(2025).unwrap()) } else { calendar };
        round_trip(&calendar);
        round_trip(&pipeline);
        for step in pipeline.steps() {
            round_trip(step);
        }
    }
}

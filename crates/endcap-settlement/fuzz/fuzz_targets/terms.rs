//! Payment terms as text on arbitrary dates, and tier tables over arbitrary numbers.
#![no_main]

use arbitrary::Arbitrary;
use endcap_calendar::{BusinessCalendar, EventDates, Event, PaymentTerms, Pipeline};
use endcap_settlement::*;
use endcap_types::{Exact, Rate};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    day: i32,
    /// Threshold, scale, pay, scale, flat.
    tiers: Vec<(u64, u8, i64, u8, u16)>,
    per_unit: bool,
    exceeds: bool,
    x: (i128, i128),
    text: &'a str,
}

fn due_dates(text: &str, day: i32) {
    let date = chrono::NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default();
    let calendar = BusinessCalendar::weekends();
    if let Ok(pipeline) = text.parse::<Pipeline>() {
        assert_eq!(pipeline.to_string().parse::<Pipeline>().unwrap(), pipeline);
        let plain = pipeline.date(date, &calendar);
        assert_eq!(pipeline.explain(date, &calendar).map(|explained| explained.0), plain);
    }
    let Ok(terms) = text.parse::<PaymentTerms>() else { return };
    assert_eq!(terms.to_string().parse::<PaymentTerms>().unwrap(), terms);
    if let Ok(due) = terms.due_from(date, &calendar) {
        assert!(due.expected_pay >= due.due);
    }
    let facts = EventDates::new().with(Event::Delivery, date).with(Event::InvoiceDate, date);
    let _ = terms.due_date(&facts, &calendar);
}

fn tiers(input: &Input<'_>) {
    let row = |(from, places, pay, scale, flat): &(u64, u8, i64, u8, u16)| {
        let from = Decimal::from_i128_with_scale((*from).into(), u32::from(places % 29));
        let pay = Decimal::new(*pay, u32::from(scale % 20));
        let tier = if input.per_unit { Tier::per_unit(from, pay) } else { Tier::rate(from, Rate::percent(pay).ok()?) };
        Some(tier.with_flat(Decimal::new((*flat).into(), 2)))
    };
    let mut rows: Vec<Tier> = input.tiers.iter().filter_map(row).collect();
    rows.sort_by_key(|tier| tier.from);
    let boundary = if input.exceeds { Boundary::Exceeds } else { Boundary::ReachedAt };
    let Ok(table) = TierTable::new(rows, boundary) else { return };
    let Ok(x) = Exact::ratio(input.x.0, input.x.1) else { return };
    for method in [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total] {
        let by_bands = table
            .bands(method, &x)
            .iter()
            .try_fold(Exact::ZERO, |sum, band| sum.add(&band.evaluate(method, &x)?));
        assert_eq!(table.evaluate(method, &x), by_bands);
        let _ = table.next_threshold(method, &x);
    }
    let _ = growth_rebate(&table, GrowthBase::Increment, &x, &Exact::ONE);
}

fuzz_target!(|input: Input<'_>| {
    due_dates(input.text, input.day);
    tiers(&input);
});

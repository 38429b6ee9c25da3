//! Instalments and cash discounts: golden rows and laws.

use std::str::FromStr;

use endcap_calendar::{
    AmountSource, BusinessCalendar, CashDiscount, DiscountStep, Event, EventDates, InstalmentMode,
    InstalmentPlan, InvoiceAmount, PaymentTerms, PlanWarning, Share, Step,
};
use endcap_types::{Currency, Money, Rate, Rounding, RoundingMode};
use proptest::prelude::*;

use crate::csv::{self, Row};
use crate::golden::date;

fn currency_of(step: &str) -> Currency {
    match step {
        "0.001" => Currency::KWD,
        "1" => Currency::JPY,
        _ => Currency::CNY,
    }
}

fn mode_of(text: &str) -> RoundingMode {
    match text {
        "half_away" => RoundingMode::HalfAwayFromZero,
        "half_even" => RoundingMode::HalfEven,
        "up" => RoundingMode::Up,
        "down" => RoundingMode::Down,
        other => panic!("round mode {other}"),
    }
}

#[test]
fn instalments() {
    let rows = csv::rows(include_str!("../golden/instalments.csv"));
    let failures: Vec<String> = rows.iter().filter_map(|row| instalment_case(row).err()).collect();
    csv::report(&failures, rows.len());
    assert_eq!(rows.len(), 24);
}

fn instalment_case(row: &Row) -> Result<(), String> {
    let name = &row["case"];
    let currency = currency_of(&row["step"]);
    let money = |text: &str| Money::parse(text, currency).unwrap();
    let rounding = Rounding::new(mode_of(&row["round_mode"])).with_step(&money(&row["step"])).unwrap();
    let mode = match row["mode"].as_str() {
        "parallel" => InstalmentMode::Parallel,
        "sequential" => InstalmentMode::Sequential,
        other => panic!("mode {other}"),
    };
    let lines =
        InstalmentPlan::parse_lines(&row["lines"], currency).map_err(|error| format!("{name}: {error}"))?;
    let plan = InstalmentPlan::builder(Event::InvoiceDate).lines(lines).mode(mode).rounding(rounding);
    let plan = plan.build().map_err(|error| format!("{name}: {error}"))?;
    let total = money(&row["total"]);
    let amount = match row["untaxed"].as_str() {
        "" => InvoiceAmount::total(total),
        untaxed => InvoiceAmount::with_untaxed(total, money(untaxed)).unwrap(),
    };
    let facts = EventDates::new().with(Event::InvoiceDate, date(&row["base_date"]));
    let items = plan
        .schedule(&amount, &facts, &BusinessCalendar::weekends())
        .map_err(|error| format!("{name}: {error}"))?;
    let amounts: Vec<String> = items.iter().map(|item| item.amount.to_amount_string()).collect();
    let due: Vec<String> = items.iter().map(|item| item.due.date().unwrap().to_string()).collect();
    for (what, got, expected) in
        [("amounts", amounts, &row["expected_amounts"]), ("dates", due, &row["expected_dates"])]
    {
        if got.join("|") != *expected {
            return Err(format!("{name}: {what} are {}, expected {expected}", got.join("|")));
        }
    }
    Ok(())
}

#[test]
fn discount_steps() {
    let rows = csv::rows(include_str!("../golden/discount_steps.csv"));
    let failures: Vec<String> = rows.iter().filter_map(|row| discount_case(row).err()).collect();
    csv::report(&failures, rows.len());
    assert_eq!(rows.len(), 15);
}

fn discount_case(row: &Row) -> Result<(), String> {
    let name = &row["case"];
    let steps = row["steps"].split('|').filter(|step| !step.is_empty()).map(|step| {
        let (percent, days) = step.split_once('/').unwrap();
        DiscountStep { rate: format!("{percent}%").parse().unwrap(), days: days.parse().unwrap() }
    });
    let offer = CashDiscount::new(steps, row["grace_days"].parse().unwrap())
        .map_err(|error| format!("{name}: {error}"))?;
    let total = Money::parse(&row["total"], Currency::CNY).unwrap();
    let invoice = date(&row["invoice_date"]);
    let taken = offer.taken(total, invoice, date(&row["pay_date"]), &Rounding::HALF_AWAY).unwrap();
    let terms = PaymentTerms::from_str(&format!("from(invoice_date);days({})", row["net_days"])).unwrap();
    let due = terms.due_from(invoice, &BusinessCalendar::weekends()).unwrap().due;
    let got = format!("{} {} {due}", taken.pay.to_amount_string(), taken.rate);
    let expected = format!("{} {}% {}", row["expected_pay"], row["expected_pct"], row["expected_due"]);
    let windows = offer.windows(total, invoice, &Rounding::HALF_AWAY).unwrap();
    if windows.len() != offer.steps().len() {
        return Err(format!("{name}: {} windows", windows.len()));
    }
    if got == expected { Ok(()) } else { Err(format!("{name}: got {got}, expected {expected}")) }
}

#[test]
fn a_plan_warns_when_fixed_lines_can_exceed_the_remainder() {
    let warnings = |text: &str| {
        let lines = InstalmentPlan::parse_lines(text, Currency::CNY).unwrap();
        InstalmentPlan::builder(Event::InvoiceDate).lines(lines).build().unwrap().warnings().unwrap()
    };
    let money = |text: &str| Money::parse(text, Currency::CNY).unwrap();
    assert_eq!(warnings("70%|30%"), []);
    assert_eq!(warnings("70%|fixed:500|30%"), [PlanWarning::FixedExceedsBelow { total: money("1666.67") }]);
    assert_eq!(
        warnings("70%|fixed:500|30%|fixed:200"),
        [PlanWarning::FixedAlwaysExceeds, PlanWarning::LastLineIsResidual { written: money("200") }]
    );
    // At the stated bound the last line is not negative; below it, by more than rounding hides, it is.
    for (total, negative) in [("1666.67", false), ("1666.60", true)] {
        let lines = InstalmentPlan::parse_lines("70%|fixed:500|balance", Currency::CNY).unwrap();
        let plan = InstalmentPlan::builder(Event::InvoiceDate).lines(lines).build().unwrap();
        let facts = EventDates::new().with(Event::InvoiceDate, date("2025-01-01"));
        let items = plan
            .schedule(&InvoiceAmount::total(money(total)), &facts, &BusinessCalendar::weekends())
            .unwrap();
        assert_eq!(items[2].amount.is_negative(), negative, "{total}");
    }
}

#[test]
fn a_discount_does_not_split_an_item_and_combines_with_instalments() {
    let offer = CashDiscount::new([DiscountStep { rate: "2%".parse().unwrap(), days: 10 }], 3).unwrap();
    let plan = InstalmentPlan::builder(Event::InvoiceDate)
        .lines(InstalmentPlan::parse_lines("30%@days(30)|balance@days(60)", Currency::CNY).unwrap())
        .discount(offer)
        .pay_steps([Step::next_day([10])])
        .build()
        .unwrap();
    let facts = EventDates::new().with(Event::InvoiceDate, date("2026-03-01"));
    let total = InvoiceAmount::total(Money::parse("100.00", Currency::CNY).unwrap());
    let items = plan.schedule(&total, &facts, &BusinessCalendar::weekends()).unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0].due.to_string(), "due 2026-03-31, paid 2026-04-10");
    let window = items[0].discounts[0];
    assert_eq!((window.last_day, window.last_day_with_grace), (date("2026-03-11"), date("2026-03-14")));
    assert_eq!(
        (window.pay.to_amount_string(), window.discount.to_amount_string()),
        ("29.40".into(), "0.60".into())
    );
    // Before the invoice exists, amounts are known and dates are not.
    let early = plan.schedule(&total, &EventDates::new(), &BusinessCalendar::weekends()).unwrap();
    assert!(early.iter().all(|item| item.due.date().is_none() && item.discounts.is_empty()));
    assert_eq!(early[1].amount.to_amount_string(), "70.00");
}

fn any_lines() -> impl Strategy<Value = Vec<Share>> {
    let share = prop_oneof![
        (1_i64..2_000)
            .prop_map(|basis_points| Share::PercentOfTotal(Rate::basis_points(basis_points.into()).unwrap())),
        (1_i64..2_000).prop_map(|basis_points| Share::PercentOfUntaxed(
            Rate::basis_points(basis_points.into()).unwrap()
        )),
        (1_i128..1_000_000).prop_map(|minor| Share::Fixed(Money::from_minor(minor, Currency::CNY).unwrap())),
    ];
    proptest::collection::vec(share, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn instalments_sum_to_the_total_and_a_credit_note_mirrors(
        shares in any_lines(), minor in -10_000_000_000_i128..10_000_000_000, step in 1_u64..1_000,
    ) {
        let mut builder = InstalmentPlan::builder(Event::InvoiceDate)
            .rounding(Rounding::HALF_AWAY.with_step_minor(std::num::NonZeroU64::new(step).unwrap()));
        for share in shares {
            builder = builder.line(share, "days(1)".parse().unwrap());
        }
        let plan = builder.line(Share::Balance, "eom".parse().unwrap()).build().unwrap();
        let facts = EventDates::new().with(Event::InvoiceDate, date("2025-01-31"));
        let schedule = |minor: i128| {
            let total = Money::from_minor(minor, Currency::CNY).unwrap();
            let untaxed = Money::from_minor(minor / 2, Currency::CNY).unwrap();
            let amount = InvoiceAmount::with_untaxed(total, untaxed).unwrap();
            plan.schedule(&amount, &facts, &BusinessCalendar::weekends()).unwrap()
        };
        let items = schedule(minor);
        prop_assert_eq!(items.iter().map(|item| item.amount.minor()).sum::<i128>(), minor);
        // The trace of each amount recomputes it.
        for item in &items {
            let recomputed = match item.source {
                AmountSource::Share(_) => {
                    let unrounded = endcap_types::Unrounded::new(item.raw_minor.clone(), Currency::CNY);
                    unrounded.round(plan.rounding()).unwrap()
                }
                AmountSource::Residual => Money::from_minor(item.raw_minor.round_to_int(RoundingMode::Down).unwrap(), Currency::CNY).unwrap(),
            };
            prop_assert_eq!(recomputed, item.amount);
        }
        if minor != 0 {
            let mirrored = schedule(-minor);
            for (item, mirror) in items.iter().zip(&mirrored) {
                prop_assert_eq!(item.amount.negated(), mirror.amount);
            }
        }
    }

    #[test]
    fn paying_later_never_costs_less_and_discount_and_pay_sum(
        minor in 0_i128..1_000_000_000, rates in proptest::collection::btree_set(1_u32..10_000, 0..5),
        grace in 0_u32..10, first in 0_i64..100, later in 0_i64..100,
    ) {
        let steps = rates.iter().rev().enumerate().map(|(index, basis_points)| DiscountStep {
            rate: Rate::basis_points((*basis_points).into()).unwrap(),
            days: 7 * (index as u32 + 1),
        });
        let offer = CashDiscount::new(steps, grace).unwrap();
        let total = Money::from_minor(minor, Currency::CNY).unwrap();
        let base = date("2025-01-31");
        let at = |days: i64| offer.taken(total, base, endcap_calendar::dates::add_days(base, days).unwrap(), &Rounding::HALF_AWAY).unwrap();
        let (early, late) = (at(first), at(first + later));
        prop_assert!(early.pay.minor() <= late.pay.minor());
        prop_assert_eq!(early.pay.minor() + early.discount.minor(), minor);
        prop_assert!(at(1_000).discount.is_zero());
    }
}

/// 13.32 less 0.1 % is 13.306 68; rounded up to steps of 0.05 that would be 13.35, more than what is owed.
#[test]
fn a_coarse_step_never_makes_paying_early_dearer() {
    let offer = CashDiscount::new([DiscountStep { rate: "0.1%".parse().unwrap(), days: 10 }], 0).unwrap();
    let day = date("2026-03-01");
    let step = Money::parse("0.05", Currency::CNY).unwrap();
    let up = Rounding::new(RoundingMode::Up).with_step(&step).unwrap();
    for (amount, pay) in [("13.32", "13.32"), ("-13.32", "-13.32"), ("13.30", "13.30"), ("13.36", "13.35")] {
        let amount = Money::parse(amount, Currency::CNY).unwrap();
        let taken = offer.taken(amount, day, day, &up).unwrap();
        assert_eq!(taken.pay.to_amount_string(), pay);
        assert_eq!(taken.pay.checked_add(&taken.discount).unwrap(), amount);
    }
}

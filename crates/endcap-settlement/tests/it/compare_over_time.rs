//! Comparison over time: it agrees with one unit where both apply, with an oracle in floating point elsewhere.

use chrono::NaiveDate;
use endcap_calendar::{Grain, dates};
use endcap_settlement::compare::*;
use endcap_settlement::{Language, MethodKind, SettlementError};
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;

const METHODS: [MethodKind; 3] =
    [MethodKind::Consignment, MethodKind::CreditTerms, MethodKind::TurnoverDeduction];

fn price(thousandths: i64, tax: TaxBasis) -> Price {
    let amount = rust_decimal::Decimal::new(thousandths, 3);
    Price::new(amount, Currency::CNY, Unit::Piece, tax).unwrap()
}

fn bp(points: i64) -> Rate {
    Rate::basis_points(points.into()).unwrap()
}

fn after(start: NaiveDate, days: u32) -> NaiveDate {
    dates::add_days(start, i64::from(days)).unwrap()
}

fn lot(on: NaiveDate, count: i64) -> DatedQuantity {
    DatedQuantity { on, quantity: pieces(count) }
}

prop_compose! {
    fn any_unit()(
        retail in 50_000_i64..200_000, supply in 20_000_i64..150_000, vat in 0_i64..2_000,
        concession in 0_i64..9_000, capital in 0_i64..3_000, days in (0_u32..200, 0_u32..120, 0_u32..200),
        shrink in 0_i64..900, selling in 0_i64..5_000, losses in (0_i64..500, 0_i64..500),
    ) -> Scenario {
        Scenario {
            retail: price(retail, TaxBasis::Inclusive),
            supply: price(supply, TaxBasis::Inclusive),
            goods_vat: bp(vat),
            concession: bp(concession),
            cost_of_capital: bp(capital),
            days_to_sale: days.0,
            days_to_settle: days.1,
            credit_days: days.2,
            shrink: bp(shrink),
            selling_cost: price(selling, TaxBasis::Exclusive),
            loss_credit: bp(losses.0),
            loss_after_sale: bp(losses.1),
        }
    }
}

fn trade(unit: Scenario, deliveries: Vec<DatedQuantity>, sales: Vec<DatedQuantity>) -> TradeScenario {
    TradeScenario {
        unit,
        window: period("2026"),
        deliveries,
        sales,
        cost: price(0, TaxBasis::Exclusive),
        cost_days: 0,
        salvage: Rate::ZERO,
        timing: Timing::Days,
        guarantee: None,
    }
}

/// Lots of deliveries on the first days and sales behind them.
fn any_trade() -> impl Strategy<Value = TradeScenario> {
    let lots = || prop::collection::vec((0_u32..120, 1_i64..500), 1..5);
    let sales = prop::collection::vec((120_u32..360, 1_i64..100), 0..6);
    let rest = (0_i64..60_000, 0_u32..60, 0_i64..10_000, prop::option::of((0_i64..200_000, 0_i64..4_000)));
    (any_unit(), lots(), sales, rest).prop_map(
        |(unit, deliveries, sales, (cost, cost_days, salvage, guarantee))| {
            let start = day("2026-01-01");
            let build =
                |lots: Vec<(u32, i64)>| lots.into_iter().map(|(on, n)| lot(after(start, on), n)).collect();
            let bought: i64 = deliveries.iter().map(|(_, n)| n).sum();
            let mut left = bought;
            let sales: Vec<(u32, i64)> = sales
                .into_iter()
                .filter_map(|(on, n)| {
                    let n = n.min(left);
                    left -= n;
                    (n > 0).then_some((on, n))
                })
                .collect();
            let guarantee = guarantee.map(|(amount, rate)| TradeGuarantee {
                amount: Money::from_minor(i128::from(amount) * 100, Currency::CNY).unwrap(),
                rate: bp(rate),
                cycle: Grain::Quarter,
            });
            TradeScenario {
                cost: price(cost, TaxBasis::Exclusive),
                cost_days,
                salvage: bp(salvage),
                guarantee,
                ..trade(unit, build(deliveries), build(sales))
            }
        },
    )
}

fn close(one: &Exact, other: &Exact) -> bool {
    one.sub(other).unwrap().abs() <= Exact::from_decimal(decimal("0.000000000000001"))
}

fn float(exact: &Exact) -> f64 {
    exact.to_fixed(12, RoundingMode::HalfEven).parse().unwrap()
}

proptest! {
    #![proptest_config(crate::support::at_least(256))]

    #[test]
    fn one_lot_sold_on_one_day_is_the_closed_formula(unit in any_unit(), count in 1_i64..1_000, compound: bool) {
        let discounting = if compound { Discounting::Compound } else { Discounting::Simple };
        let start = day("2026-01-01");
        let sold = after(start, unit.days_to_sale);
        let scenario = trade(unit, vec![lot(start, count)], vec![lot(sold, count)]);
        let over_time = compare_over_time(&scenario, discounting).unwrap();
        let one = compare_terms(&unit, discounting).unwrap();
        let units = Exact::from_int(count.into());
        for method in METHODS {
            let expected = one.value(method).mul(&units).unwrap();
            prop_assert!(close(&over_time.outcome(method).npv, &expected), "{method:?}");
        }
        let rate = over_time.break_even_rate.clone().unwrap();
        prop_assert!(close(&rate, &one.indifferent_rate), "{rate} {}", one.indifferent_rate);
        prop_assert!(over_time.outcome(MethodKind::CreditTerms).top_up.is_zero());
        // The last whole day of the fraction of days.
        match (over_time.break_even_term, &one.break_even_days) {
            (BreakEvenTerm::Days(days), BreakEvenDays::Days(exact)) => {
                let exact = float(exact);
                // A whole number of days may fall to either side, as the values are kept to 20 decimals.
                let whole = (exact - exact.round()).abs() < 1e-6 && (f64::from(days) - exact).abs() <= 1.000_001;
                prop_assert!(whole || f64::from(days) == exact.floor(), "{days} {exact}");
            }
            (BreakEvenTerm::Any, BreakEvenDays::Days(exact)) => prop_assert!(float(exact) > 3_649.0),
            (BreakEvenTerm::Any, BreakEvenDays::Any) | (BreakEvenTerm::Never, BreakEvenDays::Never) => {}
            // Time costs nothing: credit is worth more at any term, or less.
            (term, BreakEvenDays::Never) => {
                prop_assert!(unit.cost_of_capital.is_zero());
                let more = one.credit >= one.consignment;
                prop_assert_eq!(term, if more { BreakEvenTerm::Any } else { BreakEvenTerm::Never });
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn cash_adds_up(scenario in any_trade(), compound: bool) {
        let discounting = if compound { Discounting::Compound } else { Discounting::Simple };
        let told = compare_over_time(&scenario, discounting).unwrap();
        let yearly = float(&scenario.unit.cost_of_capital.to_exact());
        for method in METHODS {
            let outcome = told.outcome(method);
            let sum = Exact::sum(outcome.flows.iter().map(|flow| &flow.amount)).unwrap();
            prop_assert_eq!(&sum, &outcome.net_cash);
            // An oracle in floating point.
            let npv: f64 = outcome.flows.iter().map(|flow| {
                let t = dates::days_between(told.valued_on, flow.on) as f64 / 365.0;
                let factor = if compound { (1.0 + yearly).powf(-t) } else { 1.0 / (1.0 + yearly * t) };
                float(&flow.amount) * factor
            }).sum();
            prop_assert!((npv - float(&outcome.npv)).abs() < 1e-6 * (1.0 + npv.abs()), "{npv} {}", outcome.npv);
            let mut days: Vec<NaiveDate> = outcome.flows.iter().map(|flow| flow.on).collect();
            days.dedup();
            let lowest = days.iter().map(|day| {
                let until = outcome.flows.iter().filter(|flow| flow.on <= *day);
                Exact::sum(until.map(|flow| &flow.amount)).unwrap()
            }).min().unwrap_or(Exact::ZERO);
            prop_assert_eq!(&outcome.peak_funding, &if lowest.is_negative() { lowest.negated() } else { Exact::ZERO });
            prop_assert_eq!(outcome.peak_on.is_some(), outcome.peak_funding.is_positive());
            prop_assert!(!outcome.expected_loss.is_negative() && !outcome.top_up.is_negative());
        }
        // At the break-even commission the concession is worth what credit terms are.
        if let Some(rate) = &told.break_even_rate
            && let Ok(rate) = Rate::from_exact_rounded(rate, 12, RoundingMode::HalfEven)
            && !rate.is_negative() && rate <= Rate::ONE
        {
            let unit = Change::Concession(rate).applied_to(&scenario.unit);
            let at = compare_over_time(&TradeScenario { unit, ..scenario.clone() }, discounting).unwrap();
            let gap = at.outcome(MethodKind::TurnoverDeduction).npv.sub(&at.outcome(MethodKind::CreditTerms).npv).unwrap();
            prop_assert!(gap.abs() < Exact::from_decimal(decimal("0.000001")));
        }
    }

    #[test]
    fn fewer_sales_never_help_and_never_touch_credit(scenario in any_trade(), fewer in 0_i64..10_001) {
        let usual = compare_over_time(&scenario, Discounting::Simple).unwrap();
        let worst = worst_case(&scenario, Discounting::Simple, bp(fewer)).unwrap();
        let credit = MethodKind::CreditTerms;
        prop_assert_eq!(&worst.outcome(credit).npv, &usual.outcome(credit).npv);
        let concession = MethodKind::TurnoverDeduction;
        prop_assert!(worst.outcome(concession).top_up >= usual.outcome(concession).top_up);
        let rows = trade_sensitivity(&scenario, Discounting::Simple, &[TradeChange::Sales(bp(10_000 - fewer))]).unwrap();
        prop_assert_eq!(&rows[0].comparison, &worst);
        let receipts = |told: &TradeComparison| {
            let flows = &told.outcome(MethodKind::Consignment).flows;
            Exact::sum(flows.iter().filter(|flow| flow.kind == FlowKind::Receipt).map(|flow| &flow.amount)).unwrap()
        };
        let scaled = receipts(&usual).mul(&bp(10_000 - fewer).to_exact()).unwrap();
        prop_assert_eq!(receipts(&worst), scaled);
    }
}

fn usual() -> TradeScenario {
    let unit = Scenario {
        retail: price(113_000, TaxBasis::Inclusive),
        supply: price(79_100, TaxBasis::Inclusive),
        goods_vat: bp(1_300),
        concession: bp(2_800),
        cost_of_capital: bp(1_000),
        days_to_sale: 0,
        days_to_settle: 45,
        credit_days: 60,
        shrink: Rate::ZERO,
        selling_cost: price(0, TaxBasis::Exclusive),
        loss_credit: bp(100),
        loss_after_sale: bp(50),
    };
    let deliveries = vec![lot(day("2026-01-01"), 600), lot(day("2026-02-01"), 400)];
    let sales = vec![lot(day("2026-01-31"), 300), lot(day("2026-02-28"), 400), lot(day("2026-03-31"), 300)];
    TradeScenario {
        window: period("2026-01-01..=2026-03-31"),
        cost: price(50_000, TaxBasis::Exclusive),
        salvage: bp(4_000),
        guarantee: Some(TradeGuarantee {
            amount: money("100000.00"),
            rate: bp(2_800),
            cycle: Grain::Quarter,
        }),
        ..trade(unit, deliveries, sales)
    }
}

#[test]
fn cash_of_a_season() {
    let told = compare_over_time(&usual(), Discounting::Simple).unwrap();
    let credit = told.outcome(MethodKind::CreditTerms);
    let shown: Vec<String> = credit
        .flows
        .iter()
        .map(|flow| format!("{} {} {}", flow.on, flow.kind.name(Language::En), flow.amount))
        .collect();
    assert_eq!(
        shown,
        [
            "2026-01-01 cost of goods -30000",
            "2026-02-01 cost of goods -20000",
            "2026-03-02 receipt 42000",
            "2026-03-02 expected credit loss -420",
            "2026-04-02 receipt 28000",
            "2026-04-02 expected credit loss -280",
        ]
    );
    assert_eq!(
        (credit.peak_funding.clone(), credit.peak_on),
        (Exact::from_int(50_000), Some(day("2026-02-01")))
    );
    assert_eq!(credit.cash_to_cash_days, Some(Exact::from_int(60)));
    assert_eq!(credit.expected_loss, Exact::from_int(700));
    // Consignment: 300, 400 and 300 pieces on days 30, 58 and 89, each 45 days later; paid for on 0 and 31.
    let consignment = told.outcome(MethodKind::Consignment);
    assert_eq!(consignment.cash_to_cash_days, Some(Exact::ratio(915, 10).unwrap()));
    assert!(told.outcome(MethodKind::TurnoverDeduction).top_up.is_zero());
}

#[test]
fn the_guarantee_is_prorated_by_days_of_the_window() {
    let mut scenario = usual();
    scenario.window = period("2026-01-01..=2026-02-14");
    scenario.sales = vec![];
    let told = compare_over_time(&scenario, Discounting::Simple).unwrap();
    // 45 of 90 days of the quarter, 28 % of 50,000.00, without 13 % tax.
    assert_eq!(told.outcome(MethodKind::TurnoverDeduction).top_up, Exact::ratio(1_400_000, 113).unwrap());
    assert_eq!(told.break_even_rate, None);
    assert_eq!(told.outcome(MethodKind::Consignment).cash_to_cash_days, None);
    // Everything is still there: 1,000 pieces at 40 % of 50.00.
    let salvage =
        told.outcome(MethodKind::Consignment).flows.iter().find(|flow| flow.kind == FlowKind::Salvage);
    assert_eq!(salvage.unwrap().amount, Exact::from_int(20_000));
}

#[test]
fn money_may_come_by_payment_terms() {
    let mut scenario = usual();
    scenario.timing = Timing::Terms {
        credit: "from(delivery);eom;days(30)".parse().unwrap(),
        after_sale: "from(statement_confirmed);days(10)".parse().unwrap(),
    };
    let told = compare_over_time(&scenario, Discounting::Compound).unwrap();
    let days = |method| -> Vec<NaiveDate> {
        let receipts = told.outcome(method).flows.iter().filter(|flow| flow.kind == FlowKind::Receipt);
        receipts.map(|flow| flow.on).collect()
    };
    assert_eq!(days(MethodKind::CreditTerms), [day("2026-03-02"), day("2026-03-30")]);
    assert_eq!(days(MethodKind::Consignment), [day("2026-02-10"), day("2026-03-10"), day("2026-04-10")]);
}

fn refused(change: impl Fn(&mut TradeScenario)) -> SettlementError {
    let mut scenario = usual();
    change(&mut scenario);
    compare_over_time(&scenario, Discounting::Simple).unwrap_err()
}

#[test]
fn scenarios_that_are_no_course_of_sales() {
    assert_eq!(refused(|s| s.deliveries.clear()), CompareError::NothingDelivered.into());
    assert_eq!(
        refused(|s| s.sales[2].on = day("2026-04-01")).to_string(),
        "a sale of 2026-04-01 lies outside the window 2026-01-01..2026-04-01"
    );
    assert_eq!(
        refused(|s| s.deliveries[0].on = day("2025-12-31")),
        CompareError::OutsideWindow { what: "a delivery", on: day("2025-12-31"), window: usual().window }
            .into()
    );
    assert_eq!(
        refused(|s| s.sales[0].quantity = pieces(0)),
        CompareError::QuantityNotPositive { what: "a sale", on: day("2026-01-31"), quantity: pieces(0) }
            .into()
    );
    assert_eq!(
        refused(|s| s.sales[0].quantity = pieces(601)),
        CompareError::SoldBeforeDelivered {
            on: day("2026-01-31"),
            sold: pieces(601),
            delivered: pieces(600)
        }
        .into()
    );
    let batch = refused(|s| s.salvage = bp(10_001));
    assert_eq!(batch.to_string(), "salvage is 100.01%, expected 0% to 100%".to_owned());
    assert!(matches!(
        refused(|s| s.cost = price(1, TaxBasis::Inclusive)),
        SettlementError::TaxBasisMismatch { what: "the cost", .. }
    ));
    let euro = Price::new(1.into(), Currency::EUR, Unit::Piece, TaxBasis::Exclusive).unwrap();
    assert!(matches!(
        refused(|s| s.cost = euro),
        SettlementError::Types(TypesError::CurrencyMismatch { .. })
    ));
    assert!(matches!(
        refused(|s| s.sales[0].quantity = Quantity::cases(1).unwrap()),
        SettlementError::Types(TypesError::UnitMismatch { .. })
    ));
    let negative = TradeGuarantee { amount: money("-1"), rate: bp(1), cycle: Grain::Month };
    assert!(matches!(refused(|s| s.guarantee = Some(negative)), SettlementError::NegativeAmount { .. }));
    assert!(matches!(
        worst_case(&usual(), Discounting::Simple, bp(10_001)),
        Err(SettlementError::ScenarioOutOfRange { field: "sales", .. })
    ));
    assert!(matches!(refused(|s| s.unit.credit_days = u32::MAX), SettlementError::Calendar(_)));
}

#[cfg(feature = "serde")]
#[test]
fn scenarios_are_documents() {
    let text = serde_json::to_string(&usual()).unwrap();
    assert_eq!(serde_json::from_str::<TradeScenario>(&text).unwrap(), usual());
    assert!(serde_json::from_str::<TradeScenario>(&text.replace("cost_days", "costs_days")).is_err());
    let told = compare_over_time(&usual(), Discounting::Simple).unwrap();
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!(json["outcomes"][1]["flows"][0]["kind"], "cost");
}

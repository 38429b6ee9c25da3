//! Comparison of methods: agreed figures to six decimals, and laws that do not use the formulas of the library.

use std::collections::BTreeMap;

use endcap_settlement::compare::*;
use endcap_settlement::{MethodKind, SettlementError};
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;

fn price(text: &str, tax: TaxBasis) -> Price {
    Price::new(decimal(text), Currency::CNY, Unit::Piece, tax).unwrap()
}

fn pairs(text: &str) -> BTreeMap<&str, &str> {
    text.split(';').filter_map(|pair| pair.split_once('=')).collect()
}

fn percent_of(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

fn scenario(inputs: &BTreeMap<&str, &str>) -> Scenario {
    let days = |name: &str| inputs[name].parse().unwrap();
    let share = |name: &str| Rate::percent(decimal(inputs[name]) * decimal("100")).unwrap();
    Scenario {
        retail: price(inputs["retail_incl"], TaxBasis::Inclusive),
        supply: price(inputs["supply_incl"], TaxBasis::Inclusive),
        goods_vat: percent_of(inputs["vat_pct"]),
        concession: percent_of(inputs["concession_rate_pct"]),
        cost_of_capital: percent_of(inputs["annual_rate_pct"]),
        days_to_sale: days("days_to_sale"),
        days_to_settle: days("lag_after_sale"),
        credit_days: days("credit_days"),
        shrink: percent_of(inputs["supplier_shrink_pct"]),
        selling_cost: price(inputs["unit_selling_cost"], TaxBasis::Exclusive),
        loss_credit: share("el_credit"),
        loss_after_sale: share("el_after_sale"),
    }
}

fn usual() -> Scenario {
    scenario(&pairs(
        "retail_incl=113;supply_incl=79.10;vat_pct=13;concession_rate_pct=25;annual_rate_pct=10;days_to_sale=30;\
         lag_after_sale=45;credit_days=60;supplier_shrink_pct=0;unit_selling_cost=0;el_credit=0;el_after_sale=0",
    ))
}

fn near(value: &Exact, expected: &Exact, tolerance: &str) -> bool {
    value.sub(expected).unwrap().abs() <= Exact::from_decimal(decimal(tolerance))
}

#[test]
fn golden() {
    let mut reader = csv::Reader::from_reader(include_str!("../golden/compare_terms.csv").as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let (case, inputs, expected) = (&row["case"], pairs(&row["inputs"]), pairs(&row["expected"]));
        assert!(!row["source"].is_empty(), "{case}");
        let discounting = match inputs["discounting"] {
            "simple" => Discounting::Simple,
            "compound" => Discounting::Compound,
            other => panic!("{other}"),
        };
        let compared = compare_terms(&scenario(&inputs), discounting).unwrap();
        let percent = compared.break_even_rate.mul(&Exact::from_int(100)).unwrap();
        let figures = [
            ("npv_credit", &compared.credit),
            ("npv_consignment", &compared.consignment),
            ("npv_concession", &compared.concession),
            ("break_even_rate_pct", &percent),
        ];
        for (name, value) in figures {
            let wanted = Exact::from_decimal(decimal(expected[name]));
            assert!(near(value, &wanted, "0.000001"), "{case} {name}: {value}");
            // Simple discounting is exact, so its rounding must be the figure itself.
            if discounting == Discounting::Simple {
                assert_eq!(
                    value.to_fixed(6, RoundingMode::HalfAwayFromZero),
                    expected[name],
                    "{case} {name}"
                );
            }
        }
        assert_eq!(expected.len(), 4);
    }
}

#[test]
fn break_even_days() {
    let days =
        |scenario: &Scenario, discounting| compare_terms(scenario, discounting).unwrap().break_even_days;
    let seventy_five = BreakEvenDays::Days(Exact::from_int(75));
    assert_eq!(days(&usual(), Discounting::Simple), seventy_five);
    assert_eq!(days(&usual(), Discounting::Compound), seventy_five);
    let free = Change::CostOfCapital(Rate::ZERO).applied_to(&usual());
    assert_eq!(days(&free, Discounting::Simple), BreakEvenDays::Any);
    let shrunk = Change::Shrink(percent_of("1")).applied_to(&free);
    assert_eq!(days(&shrunk, Discounting::Compound), BreakEvenDays::Never);
    // Half of the credit is lost: not even payment on delivery makes up for it.
    let risky = Change::LossCredit(percent_of("50")).applied_to(&usual());
    assert_eq!(days(&risky, Discounting::Simple), BreakEvenDays::Never);
    // 1 % shrink: (1 + 0.1 × 75 / 365) / 0.99 is 1 + 0.1 × T / 365, so T = 11.15 / 0.099.
    let shrunk = Change::Shrink(percent_of("1")).applied_to(&usual());
    assert_eq!(days(&shrunk, Discounting::Simple), BreakEvenDays::Days(Exact::ratio(11_150, 99).unwrap()));
}

#[test]
fn ranking_and_sensitivity() {
    use MethodKind::{Consignment, CreditTerms, TurnoverDeduction};
    let changes = [
        Change::Concession(percent_of("31")),
        Change::CreditDays(90),
        Change::CostOfCapital(Rate::ZERO),
        Change::Retail(price("100", TaxBasis::Inclusive)),
        Change::Supply(price("90", TaxBasis::Exclusive)),
        Change::SellingCost(price("10", TaxBasis::Exclusive)),
        Change::LossAfterSale(percent_of("8")),
        Change::DaysToSale(300),
        Change::DaysToSettle(0),
    ];
    let rows = sensitivity(&usual(), Discounting::Simple, &changes).unwrap();
    let ranks: Vec<_> = rows.iter().map(|row| row.comparison.ranking()).collect();
    assert_eq!(
        ranks,
        [
            [CreditTerms, Consignment, TurnoverDeduction],
            [TurnoverDeduction, Consignment, CreditTerms],
            [TurnoverDeduction, Consignment, CreditTerms], // equal ones in the order of the enum
            [CreditTerms, Consignment, TurnoverDeduction],
            [CreditTerms, Consignment, TurnoverDeduction],
            [CreditTerms, Consignment, TurnoverDeduction],
            [CreditTerms, TurnoverDeduction, Consignment],
            [CreditTerms, TurnoverDeduction, Consignment], // 75 / 1.0945 = 68.52 against 68.87
            [TurnoverDeduction, Consignment, CreditTerms],
        ]
    );
    assert!(rows.iter().zip(changes).all(|(row, change)| row.change == change));
    let places = rows[0].comparison.value_rounded(CreditTerms, 2).unwrap();
    assert_eq!(places, decimal("68.87"));
}

#[test]
fn a_year_is_the_same_simple_and_compound() {
    let year = Change::CreditDays(365).applied_to(&usual());
    let simple = compare_terms(&year, Discounting::Simple).unwrap();
    let compound = compare_terms(&year, Discounting::Compound).unwrap();
    assert_eq!(simple.credit, Exact::ratio(700, 11).unwrap());
    assert!(near(&compound.credit, &simple.credit, "0.0000000000001"));
}

#[test]
fn scenarios_out_of_range() {
    let refused =
        |change: Change| compare_terms(&change.applied_to(&usual()), Discounting::Simple).unwrap_err();
    let field = |error| match error {
        SettlementError::ScenarioOutOfRange { field, .. } => field,
        other => panic!("{other}"),
    };
    assert_eq!(field(refused(Change::Concession(percent_of("101")))), "concession");
    assert_eq!(field(refused(Change::CostOfCapital(percent_of("-1")))), "cost_of_capital");
    assert_eq!(field(refused(Change::Shrink(percent_of("100")))), "shrink");
    assert_eq!(field(refused(Change::LossCredit(percent_of("100")))), "loss_credit");
    assert_eq!(field(refused(Change::LossAfterSale(percent_of("-0.1")))), "loss_after_sale");
    assert_eq!(field(refused(Change::Retail(price("0", TaxBasis::Inclusive)))), "retail");
    assert_eq!(field(refused(Change::Supply(price("0", TaxBasis::Inclusive)))), "supply");
    let vat = Scenario { goods_vat: percent_of("-13"), ..usual() };
    assert_eq!(field(compare_terms(&vat, Discounting::Simple).unwrap_err()), "goods_vat");
    assert_eq!(
        refused(Change::Shrink(percent_of("100"))).to_string(),
        "shrink is 100%, expected 0% to less than 100%"
    );
    assert_eq!(
        refused(Change::SellingCost(price("1", TaxBasis::Inclusive))).to_string(),
        "the price of selling_cost is tax Inclusive, expected Exclusive"
    );
    let euro = Price::new(decimal("1"), Currency::EUR, Unit::Piece, TaxBasis::Exclusive).unwrap();
    assert!(matches!(
        refused(Change::SellingCost(euro)),
        SettlementError::Types(TypesError::CurrencyMismatch { .. })
    ));
    let case = Price::new(decimal("1"), Currency::CNY, Unit::Case, TaxBasis::Exclusive).unwrap();
    assert!(matches!(refused(Change::Supply(case)), SettlementError::Types(TypesError::UnitMismatch { .. })));
}

#[test]
fn money_too_far_away() {
    let far = Change::CreditDays(u32::MAX).applied_to(&usual());
    assert_eq!(
        compare_terms(&far, Discounting::Compound).unwrap_err(),
        SettlementError::DiscountVanishes { rate: percent_of("10"), days: u64::from(u32::MAX) }
    );
    // Simple discounting has no such end.
    assert!(compare_terms(&far, Discounting::Simple).unwrap().credit.is_positive());
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    let prices = (1_u32..100_000, 1_u32..100_000, 0_u32..500);
    let rates = (0_u32..=100, 1_u32..=400, 0_u32..30, 0_u32..20, 0_u32..20);
    let days = (0_u32..400, 0_u32..200, 0_u32..400);
    (prices, rates, days).prop_map(|((retail, supply, cost), (c, r, s, lc, ls), (d, l, t))| Scenario {
        retail: price(&format!("{}.{:02}", retail / 100, retail % 100), TaxBasis::Inclusive),
        supply: price(&format!("{}.{:02}", supply / 100, supply % 100), TaxBasis::Inclusive),
        goods_vat: percent_of("13"),
        concession: percent_of(&c.to_string()),
        cost_of_capital: Rate::permille(r.into()).unwrap(),
        days_to_sale: d,
        days_to_settle: l,
        credit_days: t,
        shrink: percent_of(&s.to_string()),
        selling_cost: price(&format!("{}.{:02}", cost / 100, cost % 100), TaxBasis::Exclusive),
        loss_credit: Rate::permille(lc.into()).unwrap(),
        loss_after_sale: Rate::permille(ls.into()).unwrap(),
    })
}

proptest! {
    #![proptest_config(crate::support::at_least(128))]

    /// The value of a concession is a straight line in its rate: drawn through 0 % and 100 %, it meets the value of
    /// credit terms at the indifferent rate.
    #[test]
    fn the_indifferent_rate_is_where_the_lines_cross(scenario in scenarios()) {
        let compared = compare_terms(&scenario, Discounting::Simple).unwrap();
        let at = |rate| {
            let changed = Change::Concession(rate).applied_to(&scenario);
            compare_terms(&changed, Discounting::Simple).unwrap().concession
        };
        let (none, all) = (at(Rate::ZERO), at(Rate::ONE));
        let slope = all.sub(&none).unwrap();
        let there = none.add(&slope.mul(&compared.indifferent_rate).unwrap()).unwrap();
        prop_assert_eq!(there, compared.credit);
    }

    /// Credit paid on delivery, brought to the break-even days, is worth what consignment is.
    #[test]
    fn the_break_even_days_make_credit_and_consignment_equal(scenario in scenarios()) {
        let compared = compare_terms(&scenario, Discounting::Simple).unwrap();
        let cash = Change::CreditDays(0).applied_to(&scenario);
        let cash = compare_terms(&cash, Discounting::Simple).unwrap().credit;
        match compared.break_even_days {
            BreakEvenDays::Days(days) => {
                let year = scenario.cost_of_capital.to_exact().mul(&days).unwrap().div(&Exact::from_int(365)).unwrap();
                let grown = compared.consignment.mul(&Exact::ONE.add(&year).unwrap()).unwrap();
                prop_assert_eq!(grown, cash);
            }
            BreakEvenDays::Never => prop_assert!(cash < compared.consignment),
            BreakEvenDays::Any => prop_assert!(false, "money has a cost here"),
        }
    }

    /// The power taken by `powf`, everything else in floats: the whole comparison again.
    #[test]
    fn compound_agrees_with_a_comparison_in_floats(scenario in scenarios()) {
        let compared = compare_terms(&scenario, Discounting::Compound).unwrap();
        let float = |value: rust_decimal::Decimal| -> f64 { value.to_string().parse().unwrap() };
        let rate = |rate: Rate| float(rate.as_percent()) / 100.0;
        let (p, s) = (float(scenario.retail.per_unit()) / 1.13, float(scenario.supply.per_unit()) / 1.13);
        let df = |days: u32| (1.0 + rate(scenario.cost_of_capital)).powf(-f64::from(days) / 365.0);
        let (early, late) = (df(scenario.credit_days), df(scenario.days_to_sale + scenario.days_to_settle));
        let kept = 1.0 - rate(scenario.shrink);
        let paid = 1.0 - rate(scenario.loss_after_sale);
        let concession = p * (1.0 - rate(scenario.concession)) * kept - float(scenario.selling_cost.per_unit());
        let expected = [
            (&compared.credit, s * early * (1.0 - rate(scenario.loss_credit))),
            (&compared.consignment, s * kept * late * paid),
            (&compared.concession, concession * late * paid),
            (&compared.break_even_rate, 1.0 - s / p * early / late / kept),
        ];
        for (value, expected) in expected {
            let value = float(value.to_decimal(12, RoundingMode::HalfEven).unwrap());
            prop_assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{value} {expected}");
        }
    }

    #[test]
    fn waiting_never_pays(scenario in scenarios(), later in 1_u32..200) {
        for discounting in [Discounting::Simple, Discounting::Compound] {
            let value = |scenario: &Scenario| compare_terms(scenario, discounting).unwrap();
            let now = value(&scenario);
            let credit = value(&Change::CreditDays(scenario.credit_days + later).applied_to(&scenario));
            prop_assert!(credit.credit < now.credit);
            let sold = value(&Change::DaysToSale(scenario.days_to_sale + later).applied_to(&scenario));
            prop_assert!(sold.consignment < now.consignment);
        }
    }
}

//! Laws of `promotion_funding`: what the promotion costs is what the contract settles.

use chrono::Days;
use endcap::bridge::promotion_funding;
use endcap::promo::{
    Economics, Evaluation, EvaluationOptions, FundingBasis, FundingLine, FundingPurpose, Mechanic, Promotion,
    PromotionPlan, SellIn, Week, WeekMark, WeeklySeries, evaluate,
};
use endcap::settlement::*;
use endcap::types::*;
use proptest::prelude::*;

use crate::kit::*;

fn price(text: &str) -> Price {
    Price::new(decimal(text), Currency::CNY, Unit::Piece, TaxBasis::Inclusive).unwrap()
}

/// The two weeks of an event, judged by what was sold in them.
fn judged(funding: Vec<FundingLine>, sold: [i64; 2]) -> Evaluation {
    let promotion = Promotion::new(PromotionPlan {
        id: PromotionId::new("P-618").unwrap(),
        period: period("2025-06-02..2025-06-16"),
        skus: vec![sku("A1")],
        currency: Currency::CNY,
        unit: Unit::Piece,
        tax: TaxBasis::Inclusive,
        mechanic: Mechanic::PercentOff { rate: rate("20%") },
        funding,
    })
    .unwrap();
    let week = |(n, units): (u64, i64)| Week {
        start: day("2025-06-02") + Days::new(7 * n),
        sold: Some(Quantity::pieces(units).unwrap()),
        shelf_price: None,
        mark: WeekMark::Promoted,
    };
    let series = WeeklySeries::new((0..).zip(sold).map(week).collect()).unwrap();
    let economics = Economics {
        unit_cost: price("3.60"),
        supply_price: price("6.00"),
        shelf_regular: price("9.00"),
        sell_in: SellIn::EqualsSellOut,
    };
    evaluate(&promotion, &series, &economics, &EvaluationOptions::default()).unwrap()
}

fn line(n: usize, basis: FundingBasis, cap: Option<i64>) -> FundingLine {
    FundingLine {
        id: ClauseId::new(format!("F{n}")).unwrap(),
        purpose: FundingPurpose::PriceSupport,
        basis,
        cap: cap.map(|minor| decimal(&fen(minor).to_amount_string())),
    }
}

fn permille_rate(permille: i64) -> endcap::types::Rate {
    endcap::types::Rate::permille(permille.into()).unwrap()
}

fn funding() -> impl Strategy<Value = Vec<FundingLine>> {
    let yuan = (1_i64..900).prop_map(|mills| rust_decimal::Decimal::new(mills, 3));
    let basis = prop_oneof![
        yuan.clone().prop_map(|per_unit| FundingBasis::ScanBack { per_unit }),
        yuan.clone().prop_map(|per_unit| FundingBasis::OffInvoice { per_unit }),
        yuan.prop_map(|per_unit| FundingBasis::BillBack { per_unit }),
        (1_i64..300).prop_map(|permille| FundingBasis::SellInShare { rate: permille_rate(permille) }),
        (1_i64..300).prop_map(|permille| FundingBasis::SellOutShare { rate: permille_rate(permille) }),
        (1_i64..500_000)
            .prop_map(|minor| FundingBasis::LumpSum { amount: rust_decimal::Decimal::new(minor, 2) }),
    ];
    let one = (basis, prop_oneof![2 => Just(None), 1 => (1_i64..20_000).prop_map(Some)]);
    prop::collection::vec(one, 1..5).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (basis, cap))| {
                // A lump above its cap is a mistake in the plan.
                let is_lump = matches!(basis, FundingBasis::LumpSum { .. });
                line(n, basis, if is_lump { None } else { cap })
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn funding_settles_to_exactly_the_spend(
        funding in funding(),
        sold in [0_i64..5_000, 0_i64..5_000],
        mode in prop_oneof![
            Just(SettleMode::OnInvoice),
            Just(SettleMode::InvoiceDeduct),
            Just(SettleMode::PaymentDeduct),
            Just(SettleMode::Separate)
        ],
    ) {
        let evaluation = judged(funding, sold);
        let facts = promotion_funding(&evaluation, &document("PS-06"), day("2025-06-30")).unwrap();
        prop_assert!(facts.iter().all(|fact| fact.promotion == evaluation.promotion && !fact.amount.is_zero()));
        let sum = Money::sum(facts.iter().map(|fact| fact.amount), Currency::CNY).unwrap();
        prop_assert_eq!(sum, evaluation.spend);

        let mut terms = terms(credit());
        terms.clauses = vec![clause(
            "PROMO",
            ClauseKind::PromotionFunding,
            AmountRule::PromotionFunding,
            mode,
            TaxRule::Goods,
        )];
        let contract = Contract::new(terms).unwrap();
        let statement =
            settle(&contract, &Facts { funding: &facts, ..Facts::default() }, period("2025-06"), &[]).unwrap();
        let paid = statement.lines_of(LineKind::Clause(ClauseKind::PromotionFunding)).map(|line| line.amount);
        prop_assert_eq!(Money::sum(paid, Currency::CNY).unwrap(), evaluation.spend);
        prop_assert_eq!(statement.totals().cost_of_terms().unwrap(), evaluation.spend);
    }
}

#[test]
fn a_line_that_comes_to_nothing_is_left_out() {
    let scan = FundingBasis::ScanBack { per_unit: decimal("1.00") };
    let lump = FundingBasis::LumpSum { amount: decimal("5000.00") };
    let evaluation = judged(vec![line(0, scan, None), line(1, lump, None)], [0, 0]);
    let facts = promotion_funding(&evaluation, &document("PS-06"), day("2025-06-30")).unwrap();
    let told: Vec<_> = facts.iter().map(|fact| (fact.document.to_string(), fact.amount)).collect();
    assert_eq!(told, [("PS-06/F1".to_owned(), money("5000.00"))]);
}

/// A promotion with one funding line, `F0`.
pub(crate) fn one_lump() -> Evaluation {
    judged(vec![line(0, FundingBasis::LumpSum { amount: decimal("5000.00") }, None)], [0, 0])
}

//! Guarantees paid first or last: what is posted month by month, and that both come to the same.

use endcap_calendar::{Grain, Period};
use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::cents;

/// Guarantee and royalty posted in each month of the first quarter, in cents.
pub(crate) fn quarter(
    algorithm: GuaranteeAlgorithm,
    guarantee: &str,
    royalties: &[Money],
) -> Vec<(i128, i128)> {
    let mut method = TurnoverDeduction::at(rate("100%"));
    method.guarantee = Some(Guarantee {
        amount: decimal(guarantee),
        cycle: Grain::Quarter,
        algorithm,
        rate: rate("100%"),
        measure: GuaranteeMeasure::Commission,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    });
    let contract = Contract::new(terms(Method::TurnoverDeduction(method))).unwrap();
    let mut prior: Vec<Statement> = Vec::new();
    for (month, royalty) in (1..).zip(royalties) {
        let mut sold = sale("S", &format!("2025-0{month}-10"), "A1", 1, "0");
        sold.amount = *royalty;
        let facts = Facts { sales: &[sold], ..Facts::default() };
        prior.push(settle(&contract, &facts, Period::month(2025, month).unwrap(), &prior).unwrap());
    }
    let told = |statement: &Statement| {
        let sum = |kind| statement.lines_of(kind).map(|line| line.amount.minor()).sum::<i128>();
        statement.trace().verify().unwrap();
        (sum(LineKind::TopUp), sum(LineKind::Commission) + sum(LineKind::AboveGuarantee))
    };
    prior.iter().map(told).collect()
}

fn of(timing: &str) -> GuaranteeAlgorithm {
    match timing {
        "paid_at_start" => GuaranteeAlgorithm::PaidAtStart,
        "paid_at_end" => GuaranteeAlgorithm::CycleEnd,
        other => panic!("{other}"),
    }
}

#[test]
fn rows_of_the_timing_file() {
    let mut reader = csv::Reader::from_reader(include_str!("../golden/guarantee_timing.csv").as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let list = |index: usize| row[index].split('|').map(money).collect::<Vec<Money>>();
        let found = quarter(of(&row[1]), &row[2], &list(3));
        let expected: Vec<(i128, i128)> =
            list(4).iter().zip(list(5)).map(|(g, r)| (g.minor(), r.minor())).collect();
        assert_eq!(found, expected, "{}", &row[0]);
        let total: i128 = found.iter().map(|(g, r)| g + r).sum();
        assert_eq!(total, money(&row[6]).minor(), "{}", &row[0]);
        rows += 1;
    }
    assert_eq!(rows, 6);
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    /// Paid first or last, a guarantee and its royalties come to the same: the larger of both.
    #[test]
    fn both_timings_come_to_the_same(royalties in prop::collection::vec(0_i64..2_000_000, 3)) {
        let royalties: Vec<Money> = royalties.into_iter().map(cents).collect();
        let earned: i128 = royalties.iter().map(Money::minor).sum();
        for timing in ["paid_at_start", "paid_at_end"] {
            let total: i128 = quarter(of(timing), "24000", &royalties).iter().map(|(g, r)| g + r).sum();
            prop_assert_eq!(total, earned.max(2_400_000));
        }
    }
}

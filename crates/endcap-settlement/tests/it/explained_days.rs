//! Why days outstanding and fixed compensations are what they are: checked against the figures themselves.

use endcap_settlement::credit::*;
use endcap_settlement::{Explained, Language, SettlementError, What};
use endcap_types::*;
use proptest::prelude::*;

use crate::credit_laws::fen;

/// Every figure has its node, every node follows from its inputs, both languages name it, and JSON keeps all of it.
fn sound(why: &Explained) -> Result<(), TestCaseError> {
    prop_assert!(why.trace().verify().is_ok());
    for figure in why.figures() {
        prop_assert_eq!(&why.trace().node(figure.node).unwrap().result, &figure.value);
        for language in [Language::En, Language::Zh] {
            let (what, of) = (figure.subject.what, figure.subject.of.as_str());
            let told = why.explain(what, of, language).unwrap();
            let name = if language == Language::En { what.name_en() } else { what.name_zh() };
            prop_assert!(told[0].starts_with(name) && told.len() > 1 || figure.value.is_zero(), "{:?}", told);
        }
    }
    #[cfg(feature = "serde")]
    {
        let text = serde_json::to_string(why).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Explained>(&text).unwrap(), why);
    }
    Ok(())
}

fn months() -> impl Strategy<Value = Vec<SalesMonth>> {
    let sales = prop_oneof![1 => Just(0_i64), 6 => 0_i64..5_000_000];
    prop::collection::vec((sales, 28_u32..=31), 0..8).prop_map(|months| {
        months.into_iter().map(|(sales, days)| SalesMonth { sales: fen(sales.into()), days }).collect()
    })
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    #[test]
    fn every_measure_of_days_outstanding_is_explained(
        receivable in 0_i64..9_000_000, current in 0_i64..9_000_000, sales in 1_i64..9_000_000, days in 0_u32..400,
    ) {
        let facts = SalesOutstanding {
            receivable: fen(receivable.into()),
            current: fen(current.into()),
            credit_sales: fen(sales.into()),
            days,
        };
        let told = days_sales_outstanding(&facts).unwrap();
        let why = told.explained(&facts).unwrap();
        sound(&why)?;
        let expected = Exact::ratio(i128::from(receivable) * i128::from(days), sales.into()).unwrap();
        prop_assert_eq!(&why.figure(What::DaysSalesOutstanding, "").unwrap().value, &expected);
        prop_assert_eq!(&why.figure(What::BestPossibleDays, "").unwrap().value, &told.best_possible);
        prop_assert_eq!(&why.figure(What::DaysDelinquent, "").unwrap().value, &told.average_days_delinquent);
        let other = SalesOutstanding { receivable: fen(i128::from(receivable) + 1), ..facts };
        prop_assert_eq!(told.explained(&other).is_err(), days > 0);
    }

    #[test]
    fn every_month_of_the_count_back_is_explained(receivable in 0_i64..20_000_000, months in months()) {
        let receivable = fen(receivable.into());
        let told = count_back(receivable, &months).unwrap();
        let why = told.explained(receivable, &months).unwrap();
        sound(&why)?;
        prop_assert_eq!(&why.figure(What::DaysCounted, "").unwrap().value, &told.days);
        prop_assert_eq!(why.find(What::Unexplained, "").unwrap().amount, told.unexplained);
    }

    #[test]
    fn every_compensation_is_explained(
        debt in 0_i64..2_000_000, edges in prop::collection::btree_set(0_i64..1_500_000, 1..6), pay in 0_i64..20_000,
    ) {
        let bands = edges.iter().zip(1..).map(|(from, nth)| CompensationBand {
            from: fen((*from).into()),
            amount: fen(i128::from(pay) * nth),
        });
        let table = CompensationTable::new(bands).unwrap();
        let why = table.explained(fen(debt.into())).unwrap();
        sound(&why)?;
        prop_assert_eq!(why.find(What::Compensation, "").unwrap().amount, table.amount(fen(debt.into())).unwrap());
    }
}

#[test]
fn a_debt_at_the_edge_reaches_the_band() {
    let table = CompensationTable::united_kingdom().unwrap();
    let pounds = |text| Money::parse(text, Currency::GBP).unwrap();
    let told = |text| {
        let why = table.explained(pounds(text)).unwrap();
        why.explain(What::Compensation, "", Language::Zh).unwrap()
    };
    assert_eq!(told("999.99"), ["追偿补偿：40.00 = 999.99 达到起点 0.01 的档位", "  逾期债务：999.99"]);
    assert_eq!(told("1000.00")[0], "追偿补偿：70.00 = 1000.00 达到起点 1000 的档位");
    assert_eq!(told("0.00")[0], "追偿补偿：0.00 = 0.00 达到起点 0 的档位");
}

#[test]
fn days_that_do_not_follow_are_refused() {
    let facts = SalesOutstanding {
        receivable: fen(45_000),
        current: fen(30_000),
        credit_sales: fen(90_000),
        days: 90,
    };
    let mut told = days_sales_outstanding(&facts).unwrap();
    told.average_days_delinquent = Exact::from_int(16);
    let refused = told.explained(&facts).unwrap_err();
    assert!(matches!(refused, SettlementError::Credit(CreditError::DaysBroken { .. })), "{refused:?}");
    assert_eq!(
        refused.to_string(),
        "DSO − best possible DSO: 15 days follow from what is given, 16 are stated"
    );
}

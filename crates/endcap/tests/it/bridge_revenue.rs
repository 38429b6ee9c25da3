//! Revenue policy as contract data: fees to the customer, rebates expected, advances and adjustments.

use endcap::bridge::*;
use endcap::ledger::{At, Ledger};
use endcap::settlement::*;
use endcap::types::*;

use crate::kit::*;

fn treatment(row: &[String]) -> FeeTreatment {
    match row[2].as_str() {
        "distinct_service" => FeeTreatment::DistinctService { fair_value: money(&row[3]) },
        "not_distinct" => FeeTreatment::NotDistinct,
        "distinct_fair_value_unknown" => FeeTreatment::DistinctFairValueUnknown,
        other => panic!("{other}"),
    }
}

fn settled(terms: &ContractTerms, facts: &Facts<'_>) -> Statement {
    settle(&Contract::new(terms.clone()).unwrap(), facts, period("2025-01"), &[]).unwrap()
}

fn posted(statement: &Statement, codes: &Codes) -> Ledger {
    let mut ledger = ledger();
    for draft in statement_entries(statement, codes, recorded()).unwrap() {
        ledger.post(&draft).unwrap();
    }
    ledger
}

/// 8 of 8 rows, as a split and as a deduction from the payment that a statement carries.
#[test]
fn fees_are_split_as_told() {
    let rows = rows(include_str!("../golden/fee_split.csv"));
    assert_eq!(rows.len(), 8);
    for row in rows {
        let (fee, expense, reduction) = (money(&row[1]), money(&row[4]), money(&row[5]));
        let split = treatment(&row).split(fee).unwrap();
        assert_eq!((split.expense, split.reduction), (expense, reduction), "{row:?}");
        if !fee.is_positive() {
            continue; // a contract writes no such clause
        }
        let mut terms = terms(credit());
        let rule = AmountRule::Fixed(fee.to_decimal().unwrap());
        let display =
            clause("DISPLAY", ClauseKind::Display, rule, SettleMode::PaymentDeduct, TaxRule::Service);
        terms.clauses = vec![Clause { amounts: TaxBasis::Exclusive, ..display }];
        let statement = settled(&terms, &Facts::default());
        let mut codes = Codes::default();
        codes.treatments.insert(ClauseId::new("DISPLAY").unwrap(), treatment(&row));
        let ledger = posted(&statement, &codes);
        assert_eq!(balance(&ledger, "6601.03"), expense, "{row:?}");
        assert_eq!(balance(&ledger, "6001.02"), reduction, "{row:?}");
        // The VAT of the service is that of the whole fee, and so is what the account pays less.
        assert_eq!(balance(&ledger, "2221.02").minor(), fee.minor() * 6 / 100);
        assert_eq!(balance(&ledger, "1122").minor(), -fee.minor() * 106 / 100);
    }
    let negative = FeeTreatment::DistinctService { fair_value: money("-0.01") }.split(money("1.00"));
    assert_eq!(negative, Err(BridgeError::NegativeFairValue { fair_value: money("-0.01") }));
}

/// 2 of 2 rows.
#[test]
fn invoices_are_worth_what_is_told() {
    let rows = rows(include_str!("../golden/transaction_price.csv"));
    assert_eq!(rows.len(), 2);
    for row in rows {
        let invoiced = money(&row[1]);
        let variable = match row[2].as_str() {
            "" => VariableConsideration::Payable(money(&row[4])),
            units => VariableConsideration::ExpectedPrice {
                units: units.parse().unwrap(),
                price: decimal(&row[3]),
            },
        };
        let price = TransactionPrice::of(invoiced, &variable).unwrap();
        assert_eq!((price.revenue, price.reduction), (money(&row[5]), money(&row[6])), "{row:?}");
    }
    for payable in ["-0.01", "1.01"] {
        let (reduction, invoiced) = (money(payable), money("1.00"));
        let refused = TransactionPrice::of(invoiced, &VariableConsideration::Payable(reduction));
        assert_eq!(refused, Err(BridgeError::ReductionOutOfRange { reduction, invoiced }));
    }
}

/// An advance of 5,000.00 is booked to 2203, and the statement that nets 3,000.00 of it leaves 2,000.00 there.
#[test]
fn an_advance_is_credited_and_then_netted() {
    let mut ledger = ledger();
    let advance = CashReceipt {
        document: document("ADV-1"),
        account: account(),
        date: day("2025-01-03"),
        amount: money("5000.00"),
        reference: None,
    };
    ledger.post(&advance_entry(&advance, &Codes::default(), recorded()).unwrap()).unwrap();
    assert_eq!((balance(&ledger, "1002"), balance(&ledger, "2203")), (money("5000.00"), money("-5000.00")));
    let netted =
        [SideAmount { document: document("ADV-1"), date: day("2025-01-31"), amount: money("3000.00") }];
    let deliveries = [delivery("D1", day("2025-01-10"), money("11300.00"))];
    let facts = Facts { deliveries: &deliveries, advances: &netted, ..Facts::default() };
    post_statement(&mut ledger, &settled(&terms(credit()), &facts));
    assert_eq!(balance(&ledger, "2203"), money("-2000.00"));
    assert_eq!(balance(&ledger, "1122"), money("8300.00"));
    assert!(ledger.audit().is_clean());
}

/// A rebate of 300.00 is accrued, 285.00 turn out to be due, and nothing is ever posted twice.
#[test]
fn an_accrual_posts_differences_only() {
    let mut ledger = ledger();
    let accrual = |name: &str, accrued: &str, due: &str| Accrual {
        document: document(name),
        account: account(),
        date: day("2025-03-31"),
        accrued: money(accrued),
        due: money(due),
    };
    for (name, accrued, due) in [("A1", "0.00", "300.00"), ("A2", "300.00", "285.00")] {
        let draft =
            accrual_entry(&accrual(name, accrued, due), &Codes::default(), recorded()).unwrap().unwrap();
        ledger.post(&draft).unwrap();
        assert_eq!(balance(&ledger, "2241"), money(due).negated());
        assert_eq!(balance(&ledger, "6001.01"), money(due));
    }
    assert_eq!(accrual_entry(&accrual("A3", "285.00", "285.00"), &Codes::default(), recorded()), Ok(None));
}

/// 113.00 added to the payment are 100.00 and 13.00 of output VAT; outside VAT they are 113.00.
#[test]
fn an_adjustment_carries_the_vat_of_the_goods() {
    let deliveries = [delivery("D1", day("2025-01-10"), money("11300.00"))];
    let adjustments =
        [SideAmount { document: document("ADJ"), date: day("2025-01-31"), amount: money("113.00") }];
    let facts = Facts { deliveries: &deliveries, adjustments: &adjustments, ..Facts::default() };
    let statement = settled(&terms(credit()), &facts);
    let cases = [
        (AdjustmentVat::OfGoods, "-100.00", "-1313.00"),
        (AdjustmentVat::At(rate("9%")), "-103.67", "-1309.33"),
        (AdjustmentVat::Outside, "-113.00", "-1300.00"),
    ];
    for (adjustment_vat, net, vat) in cases {
        let ledger = posted(&statement, &Codes { adjustment_vat, ..Codes::default() });
        assert_eq!((balance(&ledger, "6001.04"), balance(&ledger, "2221.01")), (money(net), money(vat)));
        assert_eq!(balance(&ledger, "6001"), money("-10000.00"));
        assert_eq!(balance(&ledger, "1122"), money("11413.00"));
    }
    // Without goods there is no rate.
    let alone = settled(&terms(credit()), &Facts { adjustments: &adjustments, ..Facts::default() });
    let ledger = posted(&alone, &Codes::default());
    assert_eq!(ledger.balance("6001.04", Currency::CNY, At::Now), Ok(money("-113.00")));
}

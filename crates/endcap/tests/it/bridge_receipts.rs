//! Laws of `receipt_entry`, alone and between statements.

use endcap::bridge::{CashReceipt, Codes, receipt_entry, statement_entries};
use endcap::ledger::{AgeBasis, AgeingQuery, Buckets, Ledger, LedgerError, Side};
use endcap::settlement::*;
use endcap::types::*;
use proptest::prelude::*;

use crate::kit::*;

const MONTHS: [&str; 4] = ["2025-01", "2025-02", "2025-03", "2025-04"];

/// One step: a month is settled, or money moves.
#[derive(Debug, Clone)]
enum Step {
    Month { goods: i64, back: i64, fee: i64 },
    Cash { minor: i64, reference: Reference },
}

#[derive(Debug, Clone, Copy)]
enum Reference {
    None,
    Month(usize),
    Unknown,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let month = (0_i64..90_000, 0_i64..60_000, 0_i64..60_000).prop_map(|(goods, back, fee)| Step::Month {
        goods,
        back,
        fee,
    });
    let reference = prop_oneof![
        3 => Just(Reference::None),
        4 => (0_usize..4).prop_map(Reference::Month),
        1 => Just(Reference::Unknown)
    ];
    let cash = (prop_oneof![4 => 1_i64..120_000, 1 => -50_000_i64..0], reference)
        .prop_map(|(minor, reference)| Step::Cash { minor, reference });
    prop::collection::vec(prop_oneof![month, cash], 1..12)
}

fn month(name: &str, goods: i64, back: i64, fee: i64) -> Statement {
    let mut terms = terms(credit());
    if fee > 0 {
        let rule = AmountRule::Fixed(decimal(&fen(fee).to_amount_string()));
        terms.clauses =
            vec![clause("F", ClauseKind::Display, rule, SettleMode::PaymentDeduct, TaxRule::Service)];
    }
    let on = period(name).start();
    let (deliveries, returns) = ([delivery("D", on, fen(goods))], [goods_return("R", on, fen(back))]);
    let facts = Facts { deliveries: &deliveries, returns: &returns, ..Facts::default() };
    settle(&Contract::new(terms).unwrap(), &facts, period(name), &[]).unwrap()
}

fn month_due(name: &str, goods: i64, due: &str) -> Statement {
    let mut terms = terms(credit());
    terms.payment_terms = due.parse().unwrap();
    let deliveries = [delivery("D", period(name).start(), fen(goods))];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    settle(&Contract::new(terms).unwrap(), &facts, period(name), &[]).unwrap()
}

fn statement_name(index: usize) -> DocumentId {
    let of = period(MONTHS[index]);
    document(&format!("C-1@{of}"))
}

fn cash(id: &str, minor: i64, reference: Option<DocumentId>) -> CashReceipt {
    CashReceipt {
        document: document(id),
        account: account(),
        date: day("2025-06-30"),
        amount: fen(minor),
        reference,
    }
}

fn receive(ledger: &mut Ledger, receipt: &CashReceipt) -> Result<(), LedgerError> {
    ledger.post(&receipt_entry(receipt, &Codes::default(), recorded()).unwrap()).map(|_| ())
}

fn consistent(ledger: &Ledger) -> Result<(), TestCaseError> {
    prop_assert!(ledger.audit().is_clean());
    prop_assert!(ledger.trial_balance(recorded()).unwrap().is_balanced());
    let query =
        AgeingQuery { account: "1122", currency: Currency::CNY, as_of: recorded(), basis: AgeBasis::DueDate };
    let ageing = ledger.ageing(&query, &Buckets::standard()).unwrap();
    prop_assert_eq!(ageing.total.total, balance(ledger, "1122"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_sequence_of_statements_and_receipts_audits_clean(steps in steps()) {
        let mut ledger = ledger();
        let (mut owed, mut bank, mut settled) = (0_i128, 0_i128, 0_usize);
        // Sides of receivables that each statement has items on: what a reference may clear.
        let mut sides: Vec<Vec<Side>> = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            match step {
                Step::Month { goods, back, fee } => {
                    let Some(name) = MONTHS.get(settled) else { continue };
                    let statement = month(name, *goods, *back, *fee);
                    settled += 1;
                    let mut own = Vec::new();
                    for draft in statement_entries(&statement, &Codes::default(), recorded()).unwrap() {
                        let moved = net_of(&draft, Some("1122"));
                        own.push(if moved > 0 { Side::Debit } else { Side::Credit });
                        ledger.post(&draft).unwrap();
                    }
                    sides.push(own);
                    owed += statement.totals().payment.minor();
                }
                Step::Cash { minor: 0, .. } => {}
                Step::Cash { minor, reference } => {
                    let wanted = if *minor > 0 { Side::Debit } else { Side::Credit };
                    let known = match reference {
                        Reference::None => true,
                        Reference::Month(index) => sides.get(*index).is_some_and(|own| own.contains(&wanted)),
                        Reference::Unknown => false,
                    };
                    let named = match reference {
                        Reference::None => None,
                        Reference::Month(index) => Some(statement_name(*index)),
                        Reference::Unknown => Some(document("NEVER-HEARD-OF")),
                    };
                    let before = ledger.head();
                    let result = receive(&mut ledger, &cash(&format!("R-{n}"), *minor, named));
                    if known {
                        prop_assert_eq!(result, Ok(()));
                        owed -= i128::from(*minor);
                        bank += i128::from(*minor);
                    } else {
                        let refused = matches!(result, Err(LedgerError::UnknownItem { .. }));
                        prop_assert!(refused, "{:?}", result);
                        prop_assert_eq!(ledger.head(), before);
                    }
                }
            }
            prop_assert_eq!(balance(&ledger, "1122").minor(), owed);
            prop_assert_eq!(balance(&ledger, "1002").minor(), bank);
        }
        consistent(&ledger)?;
    }

    #[test]
    fn a_reference_clears_its_statement_only(goods in 1_i64..90_000, paid in 1_i64..180_000) {
        let mut ledger = ledger();
        post_statement(&mut ledger, &month(MONTHS[0], 70_000, 0, 0));
        post_statement(&mut ledger, &month(MONTHS[1], goods, 0, 0));
        receive(&mut ledger, &cash("R-1", paid, Some(statement_name(1)))).unwrap();
        let items = ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap();
        let open = |name: &str| -> i128 {
            items.iter().filter(|item| item.document.as_str() == name).map(|item| item.open.minor()).sum()
        };
        prop_assert_eq!(open(statement_name(0).as_str()), 70_000);
        prop_assert_eq!(open(statement_name(1).as_str()), i128::from((goods - paid).max(0)));
        prop_assert_eq!(open("R-1"), i128::from((paid - goods).max(0)), "the overpayment stays as a credit");
    }

    #[test]
    fn without_a_reference_the_oldest_due_is_cleared_first(paid in 1_i64..150_000) {
        let mut ledger = ledger();
        // January is due after February.
        post_statement(&mut ledger, &month_due(MONTHS[0], 60_000, "from(end_of_supply_period);days(120)"));
        post_statement(&mut ledger, &month_due(MONTHS[1], 70_000, "from(end_of_supply_period);days(10)"));
        receive(&mut ledger, &cash("R-1", paid, None)).unwrap();
        let items = ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap();
        let open = |index: usize| -> i128 {
            let name = statement_name(index);
            items.iter().filter(|item| item.document == name).map(|item| item.open.minor()).sum()
        };
        prop_assert_eq!(open(1), i128::from((70_000 - paid).max(0)));
        prop_assert_eq!(open(0), i128::from((130_000 - paid).clamp(0, 60_000)));
    }
}

#[test]
fn paying_back_an_overpayment_leaves_nothing_open() {
    let mut ledger = ledger();
    post_statement(&mut ledger, &month(MONTHS[0], 10_000, 0, 0));
    receive(&mut ledger, &cash("R-1", 12_500, Some(statement_name(0)))).unwrap();
    receive(&mut ledger, &cash("R-2", -2_500, Some(document("R-1")))).unwrap();
    assert_eq!(ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap(), []);
}

#[test]
fn paying_a_negative_statement_leaves_nothing_open() {
    let mut ledger = ledger();
    let statement = month(MONTHS[0], 10_000, 25_000, 5_300);
    assert_eq!(statement.totals().payment, fen(-20_300));
    post_statement(&mut ledger, &statement);
    receive(&mut ledger, &cash("R-1", -20_300, Some(statement_name(0)))).unwrap();
    assert_eq!(ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap(), []);
    assert_eq!(balance(&ledger, "1002"), fen(-20_300));
}

#[test]
fn a_receipt_of_nothing_is_refused() {
    let mut ledger = ledger();
    assert_eq!(receive(&mut ledger, &cash("R-1", 0, None)), Err(LedgerError::NoLegs));
}

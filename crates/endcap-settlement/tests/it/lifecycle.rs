//! A statement's way from draft to closed: every step from every state, dates, payments, invoices.

use endcap_settlement::lifecycle::*;
use endcap_settlement::*;
use proptest::prelude::*;

use crate::support::*;

fn june(amount: &str) -> Statement {
    let deliveries = [delivery("D1", "2025-06-10", "A1", 1, amount)];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let mut terms = terms(credit());
    let fee = AmountRule::Fixed(decimal("100"));
    terms.clauses.push(clause("F", ClauseKind::Display, fee, SettleMode::PaymentDeduct, TaxRule::Service));
    settle(&Contract::new(terms).unwrap(), &facts, period("2025-06"), &[]).unwrap()
}

type Step<'a> = dyn Fn(&mut StatementFile, &mut InvoiceRegister) + 'a;

/// A file in each state, with the register that its invoice went into.
fn at(state: StatementState) -> (StatementFile, InvoiceRegister) {
    let mut register = InvoiceRegister::default();
    let mut file = StatementFile::new(june("1000"));
    let invoice = document("INV-1");
    let reached = |file: &StatementFile| file.state() == state;
    let steps: [&Step; 5] = [
        &|file, _| file.issue(day("2025-07-01")).unwrap(),
        &|file, _| file.confirm(day("2025-07-02")).unwrap(),
        &|file, register| file.invoice(day("2025-07-03"), invoice.clone(), register).unwrap(),
        &|file, _| file.pay(day("2025-07-04"), money("900")).unwrap(),
        &|file, _| file.close(day("2025-07-05")).unwrap(),
    ];
    if state == StatementState::Disputed {
        file.issue(day("2025-07-01")).unwrap();
        file.dispute(day("2025-07-02"), "quantity").unwrap();
    }
    for step in steps {
        if !reached(&file) {
            step(&mut file, &mut register);
        }
    }
    assert!(reached(&file));
    (file, register)
}

#[test]
fn every_step_from_every_state() {
    use StatementState::{Closed, Confirmed, Disputed, Draft, Invoiced, Issued, Paid};
    let on = day("2025-08-01");
    let states = [Draft, Issued, Disputed, Confirmed, Invoiced, Paid, Closed];
    // What each of issue, confirm, dispute, withdraw, invoice, pay, close leads to.
    let expected: [[Option<StatementState>; 7]; 7] = [
        [Some(Issued), None, None, None, None, None, None],
        [None, Some(Confirmed), Some(Disputed), Some(Draft), None, None, None],
        [None, Some(Confirmed), None, Some(Draft), None, None, None],
        [None, None, None, None, Some(Invoiced), None, None],
        [None, None, None, None, None, Some(Paid), None],
        [None, None, None, None, None, None, Some(Closed)],
        [None; 7],
    ];
    for (state, row) in states.into_iter().zip(expected) {
        for (action, leads_to) in row.into_iter().enumerate() {
            let (mut file, mut register) = at(state);
            let before = file.clone();
            let done = match action {
                0 => file.issue(on),
                1 => file.confirm(on),
                2 => file.dispute(on, "price"),
                3 => file.withdraw(on),
                4 => file.invoice(on, document("INV-2"), &mut register),
                5 => file.pay(on, money("900")),
                _ => file.close(on),
            };
            match leads_to {
                Some(next) => {
                    done.unwrap();
                    assert_eq!(file.state(), next);
                }
                None => {
                    let words =
                        ["issued", "confirmed", "disputed", "withdrawn", "invoiced", "paid", "closed"];
                    let told = format!(
                        "statement C-1@2025-06-01..2025-07-01 is {state}: it cannot be {}",
                        words[action]
                    );
                    assert_eq!(done.unwrap_err().to_string(), told);
                    assert_eq!(file, before);
                }
            }
        }
    }
}

#[test]
fn steps_go_forward_in_time_and_payments_add_up() {
    let (mut file, _) = at(StatementState::Invoiced);
    let told = file.pay(day("2025-07-02"), money("1")).unwrap_err().to_string();
    let back =
        "statement C-1@2025-06-01..2025-07-01 cannot move on 2025-07-02: its last step was on 2025-07-03";
    assert_eq!(told, back);
    for amount in ["900.01", "-1"] {
        let told = file.pay(day("2025-07-04"), money(amount)).unwrap_err().to_string();
        let paid = money(amount);
        let beyond = format!(
            "statement C-1@2025-06-01..2025-07-01: payments of {paid} do not go with CNY 900.00 owed"
        );
        assert_eq!(told, beyond);
    }
    file.pay(day("2025-07-04"), money("400")).unwrap();
    assert_eq!((file.state(), file.paid()), (StatementState::Invoiced, money("400")));
    file.pay(day("2025-07-05"), money("500")).unwrap();
    assert_eq!((file.state(), file.steps().len()), (StatementState::Paid, 5));
    assert_eq!(file.invoices().collect::<Vec<_>>(), [&document("INV-1")]);
}

/// Drafts are replaced, posted statements are restated; neither takes another statement.
#[test]
fn only_drafts_are_replaced() {
    let right = june("1100");
    let (mut draft, _) = at(StatementState::Draft);
    draft.replace(right.clone()).unwrap();
    assert_eq!(draft.statement().totals().goods, money("1100"));
    let told = draft.correct(&right, &[]).unwrap_err().to_string();
    assert_eq!(told, "statement C-1@2025-06-01..2025-07-01 is draft: it cannot be restated");
    let (mut closed, mut register) = at(StatementState::Closed);
    let told = closed.replace(right.clone()).unwrap_err().to_string();
    let restate = "statement C-1@2025-06-01..2025-07-01 is closed: its period changes by restatement only";
    assert_eq!(told, restate);
    let deltas = closed.correct(&right, &[]).unwrap();
    assert_eq!(deltas.iter().map(|delta| delta.amount).collect::<Vec<_>>(), [money("100")]);
    // The new version holds the same line: it is invoiced as its difference, and once.
    let told = register.invoice(document("INV-2"), &right, InvoiceOf::Goods).unwrap_err().to_string();
    assert_eq!(told, "line 2025-06-01..2025-07-01 goods delivered D1 is on invoice INV-1 already");
    register.invoice_deltas(document("INV-2"), &deltas, InvoiceOf::Goods).unwrap();
    let told = register.invoice_deltas(document("INV-3"), &deltas, InvoiceOf::Goods).unwrap_err().to_string();
    assert_eq!(told, "line 2025-06-01..2025-07-01 goods delivered D1 is on invoice INV-2 already");
    let july =
        settle(&Contract::new(terms(credit())).unwrap(), &Facts::default(), period("2025-07"), &[]).unwrap();
    let told = closed.correct(&july, &[]).unwrap_err().to_string();
    let other = "statement C-1@2025-07-01..2025-08-01 is no version of statement C-1@2025-06-01..2025-07-01";
    assert_eq!(told, other);
    let told = register.invoice(document("INV-4"), &july, InvoiceOf::Goods).unwrap_err().to_string();
    assert_eq!(told, "statement C-1@2025-07-01..2025-08-01 has no lines for this invoice");
}

#[test]
fn goods_and_charges_are_two_invoices() {
    let statement = june("1000");
    let mut register = InvoiceRegister::default();
    register.invoice(document("INV-1"), &statement, InvoiceOf::Goods).unwrap();
    register.invoice(document("FEE-1"), &statement, InvoiceOf::Charges).unwrap();
    for line in statement.lines() {
        let key = LineKey::of(statement.period(), line);
        let expected = if line.column == Column::Goods { "INV-1" } else { "FEE-1" };
        assert_eq!(register.invoice_of(statement.contract(), &key), Some(&document(expected)));
    }
    assert!(register.invoice(document("FEE-2"), &statement, InvoiceOf::Charges).is_err());
}

#[cfg(feature = "serde")]
#[test]
fn files_and_registers_as_documents() {
    let (file, register) = at(StatementState::Paid);
    let text = serde_json::to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<StatementFile>(&text).unwrap(), file);
    // A history that could not have happened is refused.
    let forged = text.replace(r#""action":"confirm""#, r#""action":"close""#);
    let told = serde_json::from_str::<StatementFile>(&forged).unwrap_err().to_string();
    assert!(told.contains("is issued: it cannot be closed"), "{told}");
    let text = serde_json::to_string(&register).unwrap();
    assert_eq!(serde_json::from_str::<InvoiceRegister>(&text).unwrap(), register);
    let twice = format!("[{0},{0}]", &text[1..text.len() - 1]);
    assert!(serde_json::from_str::<InvoiceRegister>(&twice).unwrap_err().to_string().contains("already"));
}

proptest! {
    #![proptest_config(crate::support::at_least(1000))]

    /// Whatever is tried in whatever order, a line is on one invoice at most, and no more is paid than is owed.
    #[test]
    fn no_line_is_invoiced_twice(tries in prop::collection::vec((0_usize..8, 0_u32..60, 0_i64..60_000), 1..14)) {
        thread_local! {
            static JUNE: Statement = june("1000");
        }
        let statement = JUNE.with(Clone::clone);
        let mut register = InvoiceRegister::default();
        let mut file = StatementFile::new(statement.clone());
        let mut invoiced = 0;
        for (action, days, minor) in tries {
            let on = day("2025-07-01") + chrono::Days::new(days.into());
            let before = (file.clone(), register.clone());
            let done = match action {
                0 => file.issue(on),
                1 => file.confirm(on),
                2 => file.dispute(on, ""),
                3 => file.withdraw(on),
                4 | 5 => file.invoice(on, document("INV"), &mut register).inspect(|()| invoiced += 1),
                6 => file.pay(on, crate::world::cents(minor)),
                _ => file.close(on),
            };
            if done.is_err() {
                prop_assert_eq!(&before, &(file.clone(), register.clone()));
            }
        }
        prop_assert!(invoiced <= 1);
        prop_assert!(file.paid().minor() <= statement.totals().payment.minor());
        prop_assert!(file.steps().windows(2).all(|pair| pair[0].on <= pair[1].on));
    }
}

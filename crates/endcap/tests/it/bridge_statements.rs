//! Laws of `statement_entries`: what a statement says is what the books show.

use std::collections::BTreeMap;

use endcap::bridge::{Codes, Presentation, statement_entries};
use endcap::ledger::{Due, Ledger, Replay, Side};
use endcap::settlement::*;
use endcap::types::*;
use proptest::prelude::*;

use crate::kit::*;
use crate::world::world;

/// Services and what a counter costs bring an invoice of the chain; everything else changes the price of our goods.
fn brings_input_vat(line: &StatementLine) -> bool {
    match line.kind {
        LineKind::Commission | LineKind::TopUp | LineKind::Rent => true,
        LineKind::Clause(kind) => kind.nature() == ClauseNature::Service,
        _ => false,
    }
}

fn off_invoice(line: &&StatementLine) -> bool {
    matches!(line.column, Column::PaymentDeduct | Column::Separate)
}

/// The VAT in the adjustments, in minor units: each at the rates of the goods, by what the goods of a rate come to.
fn adjusted_tax(statement: &Statement) -> i128 {
    let mut rates = BTreeMap::<Rate, i128>::new();
    for line in statement.lines().iter().filter(|line| line.column == Column::Goods) {
        *rates.entry(line.vat).or_default() += line.amount.minor();
    }
    rates.retain(|_, sum| *sum > 0);
    let mut tax = 0;
    for line in statement.lines().iter().filter(|line| line.column == Column::Adjustment && !rates.is_empty())
    {
        let weights =
            rates.iter().map(|(rate, sum)| (*rate, rust_decimal::Decimal::from_i128_with_scale(*sum, 0)));
        for (rate, part) in allocate(line.amount, weights).unwrap() {
            let (over, under) = rate.to_exact().parts().unwrap();
            let (part, base) = (part.minor(), over + under);
            let net = (2 * part.abs() * under + base) / (2 * base); // half away from zero
            tax += part - part.signum() * net;
        }
    }
    tax
}

fn tax_of<'a>(lines: impl Iterator<Item = &'a StatementLine>) -> Money {
    Money::sum(lines.map(|line| line.tax), Currency::CNY).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_draft_balances_and_is_accepted(world in world()) {
        let mut ledger = ledger();
        let drafts = statement_entries(&world.settle(), &Codes::default(), recorded()).unwrap();
        for draft in &drafts {
            prop_assert!(!draft.legs.is_empty());
            prop_assert_eq!(net_of(draft, None), 0);
            prop_assert_eq!(ledger.problems(draft), vec![]);
            ledger.post(draft).unwrap();
        }
        prop_assert!(ledger.trial_balance(recorded()).unwrap().is_balanced());
        prop_assert!(ledger.audit().is_clean());
    }

    #[test]
    fn receivables_move_by_the_payment_and_payables_by_what_is_apart(world in world()) {
        let (mut ledger, statement) = (ledger(), world.settle());
        post_statement(&mut ledger, &statement);
        let totals = statement.totals();
        prop_assert_eq!(balance(&ledger, "1122"), totals.payment);
        prop_assert_eq!(balance(&ledger, "2241"), totals.separate.negated());
        prop_assert_eq!(balance(&ledger, "2203"), totals.advances);
    }

    #[test]
    fn vat_goes_to_the_side_that_invoices(world in world()) {
        let (mut ledger, statement) = (ledger(), world.settle());
        post_statement(&mut ledger, &statement);
        let off = || statement.lines().iter().filter(off_invoice);
        let input = tax_of(off().filter(|line| brings_input_vat(line)));
        let lowered = tax_of(off().filter(|line| !brings_input_vat(line)));
        let output = statement.totals().invoice_tax.checked_sub(&lowered).unwrap().minor() + adjusted_tax(&statement);
        prop_assert_eq!(balance(&ledger, "2221.01").minor(), -output);
        prop_assert_eq!(balance(&ledger, "2221.02"), input);
    }

    #[test]
    fn every_deduction_and_return_is_borne_by_its_account(world in world()) {
        let (mut ledger, statement, codes) = (ledger(), world.settle(), Codes::default());
        post_statement(&mut ledger, &statement);
        let mut borne = BTreeMap::<&str, i128>::new();
        for line in statement.lines() {
            match line.column {
                Column::Advance => {}
                Column::Adjustment => *borne.entry("6001.04").or_default() -= line.amount.minor(),
                Column::Goods if line.kind != LineKind::ReturnedGoods => {}
                // Returns are negative goods.
                Column::Goods => *borne.entry("6001.03").or_default() -= line.net.minor(),
                _ => *borne.entry(codes.bearing(line.kind)).or_default() += line.net.minor(),
            }
        }
        *borne.entry("6001.04").or_default() += adjusted_tax(&statement);
        prop_assert!(!borne.contains_key("6001"));
        for row in ledger.trial_balance(recorded()).unwrap().rows {
            if row.code.starts_with('6') && row.code != "6001" {
                let expected = borne.remove(row.code.as_str()).unwrap_or(0);
                prop_assert_eq!(row.closing.minor(), expected, "{}", row.code);
            }
        }
        prop_assert!(borne.values().all(|sum| *sum == 0), "not in the trial balance: {:?}", borne);
    }

    #[test]
    fn what_is_left_is_profit_before_cost(world in world()) {
        let (mut ledger, statement) = (ledger(), world.settle());
        post_statement(&mut ledger, &statement);
        let trial = ledger.trial_balance(recorded()).unwrap();
        let profit: i128 =
            trial.rows.iter().filter(|row| row.code.starts_with('6')).map(|row| -row.closing.minor()).sum();
        let totals = statement.totals();
        let mut expected = totals.invoice.minor() - totals.invoice_tax.minor() + totals.adjustments.minor();
        expected -= adjusted_tax(&statement);
        expected -= statement.lines().iter().filter(off_invoice).map(|line| line.net.minor()).sum::<i128>();
        prop_assert_eq!(profit, expected);
    }

    /// P23: how a counter's commission is presented moves neither cash nor receivables nor VAT, nor the profit.
    #[test]
    fn p23_net_and_gross_presentation_move_the_same_money(world in world()) {
        let statement = world.settle();
        let [gross, net] = [Presentation::Gross, Presentation::Net].map(|presentation| {
            let mut ledger = ledger();
            let codes = Codes { presentation, ..Codes::default() };
            for draft in statement_entries(&statement, &codes, recorded()).unwrap() {
                ledger.post(&draft).unwrap();
            }
            ledger
        });
        let codes = ["1002", "1122", "2203", "2221.01", "2221.02", "2241"];
        for code in codes {
            prop_assert_eq!(balance(&gross, code), balance(&net, code), "{}", code);
        }
        let profit = |ledger: &Ledger| -> i128 {
            let rows = ledger.trial_balance(recorded()).unwrap().rows;
            rows.iter().filter(|row| row.code.starts_with('6')).map(|row| row.closing.minor()).sum()
        };
        prop_assert_eq!(profit(&gross), profit(&net));
        let counter = [LineKind::Commission, LineKind::TopUp, LineKind::Rent];
        if !statement.lines().iter().any(|line| line.clause.is_some() && counter.contains(&line.kind)) {
            let borne = statement.lines().iter().filter(|line| counter.contains(&line.kind));
            let borne: i128 = borne.map(|line| line.net.minor()).sum();
            prop_assert_eq!(balance(&gross, "6601.02").minor(), borne);
            prop_assert_eq!(balance(&net, "6601.02").minor(), 0);
        }
    }

    #[test]
    fn open_items_fall_due_on_the_legal_due_date(world in world()) {
        let (mut ledger, statement) = (ledger(), world.settle());
        post_statement(&mut ledger, &statement);
        let due = statement.due().date().map_or(Due::NoDate, Due::On);
        let items = ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap();
        let mut sum = 0;
        for item in &items {
            prop_assert_eq!(item.document.as_str(), statement.id().as_str());
            if item.side == Side::Debit {
                prop_assert_eq!(item.due, due);
                sum += item.open.minor();
            } else {
                sum -= item.open.minor();
            }
        }
        prop_assert_eq!(sum, statement.totals().payment.minor());
        // A deduction larger than the invoice leaves nothing of the invoice open.
        let t = statement.totals();
        if t.invoice.is_positive() && t.payment.is_negative() {
            prop_assert!(items.iter().all(|item| item.side == Side::Credit));
        }
    }

    #[test]
    fn posting_a_statement_twice_changes_nothing(world in world()) {
        let (mut ledger, statement) = (ledger(), world.settle());
        post_statement(&mut ledger, &statement);
        let (head, events) = (ledger.head(), ledger.events().len());
        for draft in statement_entries(&statement, &Codes::default(), recorded()).unwrap() {
            prop_assert_eq!(ledger.post(&draft).unwrap().replay, Replay::Replayed);
        }
        prop_assert_eq!((ledger.head(), ledger.events().len()), (head, events));
    }
}

#[test]
fn keys_depend_on_the_statement_alone() {
    let deliveries = [delivery("D1", day("2025-01-10"), money("113.00"))];
    let statement = settled(terms(credit()), &Facts { deliveries: &deliveries, ..Facts::default() });
    let keys = [recorded(), day("2026-01-31")].map(|recorded| {
        let drafts = statement_entries(&statement, &Codes::default(), recorded).unwrap();
        drafts.iter().map(|draft| draft.key.as_str().to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(keys[0], ["statement/C-1@2025-01-01..2025-02-01/invoice"]);
    assert_eq!(keys[0], keys[1]);
}

fn settled(terms: ContractTerms, facts: &Facts<'_>) -> Statement {
    settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap()
}

fn fixed(amount: &str) -> AmountRule {
    AmountRule::Fixed(decimal(amount))
}

#[test]
fn a_month_of_nothing_makes_no_entries() {
    let statement = settled(terms(credit()), &Facts::default());
    assert_eq!(statement_entries(&statement, &Codes::default(), recorded()).unwrap(), []);
}

#[test]
fn a_fee_without_an_invoice_is_a_credit_of_the_account() {
    let mut terms = terms(credit());
    terms.clauses =
        vec![clause("DM", ClauseKind::Leaflet, fixed("106.00"), SettleMode::PaymentDeduct, TaxRule::Service)];
    let mut ledger = ledger();
    post_statement(&mut ledger, &settled(terms, &Facts::default()));
    assert_eq!(balance(&ledger, "1122"), money("-106.00"));
    assert_eq!(balance(&ledger, "6601.06"), money("100.00"));
    assert_eq!(balance(&ledger, "2221.02"), money("6.00"));
}

#[test]
fn deductions_larger_than_the_invoice_clear_it_whole() {
    let mut terms = terms(credit());
    terms.clauses = vec![clause(
        "DM",
        ClauseKind::Leaflet,
        fixed("1060.00"),
        SettleMode::PaymentDeduct,
        TaxRule::Service,
    )];
    let deliveries = [delivery("D1", day("2025-01-10"), money("113.00"))];
    let mut ledger = ledger();
    post_statement(&mut ledger, &settled(terms, &Facts { deliveries: &deliveries, ..Facts::default() }));
    let items = ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(
        (items[0].side, items[0].original, items[0].open),
        (Side::Credit, money("1060.00"), money("947.00"))
    );
}

#[test]
fn an_adjustment_in_our_favour_is_due_with_the_statement() {
    let deliveries = [delivery("D1", day("2025-01-10"), money("113.00"))];
    let adjustments =
        [SideAmount { document: document("ADJ"), date: day("2025-01-31"), amount: money("50.00") }];
    let facts = Facts { deliveries: &deliveries, adjustments: &adjustments, ..Facts::default() };
    let mut ledger = ledger();
    post_statement(&mut ledger, &settled(terms(credit()), &facts));
    let items = ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap();
    let open: Vec<_> = items.iter().map(|item| (item.due, item.open)).collect();
    let due = Due::On(day("2025-03-17"));
    assert_eq!(open, [(due, money("113.00")), (due, money("50.00"))]);
}

#[test]
fn codes_of_another_chart_are_used_throughout() {
    let mut terms = terms(credit());
    terms.clauses =
        vec![clause("DM", ClauseKind::Leaflet, fixed("106.00"), SettleMode::PaymentDeduct, TaxRule::Service)];
    let deliveries = [delivery("D1", day("2025-01-10"), money("1130.00"))];
    let statement = settled(terms, &Facts { deliveries: &deliveries, ..Facts::default() });
    let mut codes =
        Codes { receivable: "AR".into(), sales: "S".into(), output_vat: "OUT".into(), ..Codes::default() };
    codes.overrides.insert(LineKind::Clause(ClauseKind::Leaflet), "6001.02".to_owned());
    codes.input_vat = "IN".into();
    let drafts = statement_entries(&statement, &codes, recorded()).unwrap();
    let codes: Vec<&str> =
        drafts.iter().flat_map(|draft| draft.legs.iter().map(|leg| leg.account.as_str())).collect();
    assert_eq!(codes, ["AR", "OUT", "S", "6001.02", "IN", "AR"]);
}

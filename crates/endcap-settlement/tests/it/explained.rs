//! Why every amount of a reconciliation and of receivables control is what it is: checked against the amounts themselves.

use endcap_settlement::credit::*;
use endcap_settlement::reconcile::*;
use endcap_settlement::{Explained, Language, SettlementError, What};
use endcap_types::*;
use proptest::prelude::*;

use crate::credit_laws::{any_day, any_items, any_late_item, any_policy, any_rule, fen};
use crate::reconcile_laws::books;
use crate::support::*;

/// Every amount has its node, every node follows from its inputs, and both languages can say it.
fn sound(why: &Explained) -> Result<(), TestCaseError> {
    prop_assert!(why.trace().verify().is_ok());
    for amount in why.amounts() {
        let node = why.trace().node(amount.node).unwrap();
        prop_assert_eq!(&node.result, &Exact::from_int(amount.amount.minor()));
        for language in [Language::En, Language::Zh] {
            let told = why.explain(amount.subject.what, &amount.subject.of, language).unwrap();
            prop_assert!(told[0].contains(&amount.amount.to_amount_string()), "{:?}", told);
        }
    }
    Ok(())
}

fn told(why: &Explained, what: What, of: &str) -> Money {
    why.find(what, of).unwrap_or_else(|| panic!("{what:?} {of}")).amount
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    #[test]
    fn every_amount_of_a_reconciliation_is_explained(books in books()) {
        let report = books.report();
        let why = report.explained(&books.ours, &books.theirs, &books.rules).unwrap();
        prop_assert!(why.trace().verify().is_ok());
        prop_assert_eq!(told(&why, What::OurBalance, ""), report.bridge.our_balance);
        prop_assert_eq!(told(&why, What::TheirBalance, ""), report.bridge.their_balance);
        prop_assert_eq!(told(&why, What::Undisputed, ""), report.undisputed);
        prop_assert!(told(&why, What::Residual, "").is_zero());
        for row in &report.bridge.rows {
            let name = format!("{} {}", row.cause.word(), row.side.word());
            prop_assert_eq!(told(&why, What::BridgeRow, &name), row.amount);
        }
        for result in &report.lines {
            if let LineClass::AmountExceedsClause { excess } = result.class
                && (result.side == Side::Ours || result.partner.is_none())
            {
                let stated = why.amounts().iter().filter(|amount| {
                    amount.subject.what == What::BeyondClause
                        && amount.subject.of == format!("{} {}", result.side.word(), result.line)
                });
                prop_assert!(stated.map(|amount| amount.amount).any(|amount| amount == excess));
            }
        }
    }

    #[test]
    fn the_claim_sheet_accounts_for_the_whole_difference(books in books()) {
        let report = books.report();
        let sheet = report.claim_sheet().unwrap();
        let bridge = &report.bridge;
        let gap = bridge.our_balance.minor() - bridge.their_balance.minor();
        let parts = [sheet.claimed, sheet.to_book, sheet.tolerated, sheet.waiting, sheet.in_our_favour.negated()];
        prop_assert_eq!(parts.iter().map(|part| part.minor()).sum::<i128>(), gap);
        prop_assert_eq!(sheet.claims.iter().map(|claim| claim.amount.minor()).sum::<i128>(), sheet.claimed.minor());
        prop_assert!(sheet.claims.iter().all(|claim| claim.amount.is_positive()));
        prop_assert_eq!(sheet.payable_meanwhile, report.undisputed);
        prop_assert!(!sheet.in_our_favour.is_negative() && !sheet.to_book.is_negative());
        // One claim a line, and never for what agrees.
        for claim in &sheet.claims {
            let result = report.line(claim.side, &claim.line).unwrap();
            prop_assert!(!result.class.is_settled());
            prop_assert_eq!(claim.basis, claim.reason.basis());
        }
    }

    #[test]
    fn every_amount_of_a_receipt_is_explained(items in any_items(), receipt in 0_i128..2_000, policy in any_policy()) {
        let told_allocation = allocate_receipt(&items, fen(receipt), &policy).unwrap();
        let why = told_allocation.explained(&items, fen(receipt), &policy).unwrap();
        prop_assert!(why.trace().verify().is_ok());
        prop_assert_eq!(told(&why, What::Unapplied, ""), told_allocation.unapplied);
        prop_assert_eq!(told(&why, What::CreditUsed, ""), told_allocation.credit_used);
        for line in &told_allocation.lines {
            prop_assert_eq!(told(&why, What::OpenPrincipal, line.id.as_str()), line.open_principal);
            prop_assert_eq!(told(&why, What::ToPrincipal, line.id.as_str()), line.to_principal);
        }
    }

    #[test]
    fn late_interest_is_explained(rule in any_rule(), item in any_late_item(), until in any_day(), cap in 0_usize..3) {
        let mut rule = rule;
        rule.cap = [InterestCap::None, InterestCap::ShareOfPrincipal(rate("5%")), InterestCap::Amount(fen(900))][cap];
        let interest = late_interest(&item, until, &rule).unwrap();
        let why = interest.explained(&item, &rule).unwrap();
        prop_assert!(why.trace().verify().is_ok());
        prop_assert_eq!(told(&why, What::LateInterest, ""), interest.interest);
        let level = DunningLevel { from_days: 3, fee: fen(500), interest: DunningInterest::Charged };
        let notice = DunningRule::new([level], rule.clone()).unwrap().notice(&item, until).unwrap();
        let why = notice.explained(&interest, &item, &rule).unwrap();
        prop_assert_eq!(told(&why, What::DunningTotal, ""), notice.total);
    }
}

proptest! {
    #![proptest_config(crate::support::at_least(128))]

    #[test]
    fn explanations_can_be_said(books in books()) {
        sound(&books.report().explained(&books.ours, &books.theirs, &books.rules).unwrap())?;
    }

    #[test]
    fn ageing_and_provision_are_explained(items in any_items(), as_of in any_day(), by_due: bool) {
        let edges = AgeEdges::new([31, 61, 91]).unwrap();
        let by = if by_due { AgeBy::DueDate } else { AgeBy::DocumentDate };
        let table = ageing(&items, as_of, (by, &edges), Currency::CNY).unwrap();
        let why = table.explained(&items, &edges).unwrap();
        sound(&why)?;
        prop_assert_eq!(told(&why, What::Balance, ""), table.balance);
        let loss = |n| LossRate::new(Exact::ratio(n, 37).unwrap()).unwrap();
        let matrix = ProvisionMatrix::new([1, 2, 3, 5, 37].map(loss)).unwrap();
        let provision = matrix.provide(&table.balances(), &Rounding::HALF_AWAY).unwrap();
        let why = provision.explained(&table.balances(), &matrix, &Rounding::HALF_AWAY).unwrap();
        sound(&why)?;
        prop_assert_eq!(told(&why, What::Provision, ""), provision.total);
    }

    #[test]
    fn a_write_off_is_explained(open in 0_i128..300, paid in 0_i128..300, limit in 0_i128..40) {
        let tolerance = endcap_settlement::credit::Tolerance::both(WriteOffLimit::Amount(fen(limit)));
        let residual = write_off(fen(open), fen(paid), &tolerance).unwrap();
        let why = residual.explained(fen(open), fen(paid)).unwrap();
        sound(&why)?;
        prop_assert_eq!(told(&why, What::Residual, ""), residual.write_off);
        prop_assert_eq!(told(&why, What::OpenPrincipal, ""), residual.open);
        prop_assert_eq!(told(&why, What::Unapplied, ""), residual.unapplied);
    }

    #[test]
    fn a_match_is_explained(
        counts in (0_i64..12, 0_i64..12, 0_i64..12), prices in (0_i64..2_000, 0_i64..2_000),
        printed in prop::option::of(-3_i128..30_000), policy in 0_usize..4, loose: bool,
    ) {
        let price = |thousandths: i64| {
            Price::new(rust_decimal::Decimal::new(thousandths, 3), Currency::CNY, Unit::Piece, TaxBasis::Exclusive).unwrap()
        };
        let order = OrderLine { quantity: pieces(counts.0), price: price(prices.0) };
        let receipt = ReceiptLine { quantity: pieces(counts.1) };
        let invoice = InvoiceLine { quantity: pieces(counts.2), price: price(prices.1), amount: printed.map(fen) };
        let mut rules = MatchRules::STRICT;
        rules.rounding = Rounding::new(RoundingMode::HalfEven).with_step(&fen(5)).unwrap();
        rules.payable = [
            PayablePolicy::ReceivedAtLowerPrice,
            PayablePolicy::OrderedAtMost,
            PayablePolicy::BilledWithinTolerance,
            PayablePolicy::HoldOnException,
        ][policy];
        if loose {
            let all = ToleranceBand::symmetric(endcap_settlement::reconcile::Tolerance::absolute(fen(99_999)).unwrap());
            rules = MatchRules { price: all, quantity: all, value: all, over_delivery: OverDelivery::Allow, ..rules };
        }
        let result = three_way_match(&order, &receipt, &invoice, &rules).unwrap();
        let why = result.explained(&order, &receipt, &invoice, &rules).unwrap();
        sound(&why)?;
        prop_assert_eq!(told(&why, What::Payable, ""), result.payable);
        for finding in &result.findings {
            prop_assert_eq!(told(&why, What::Difference, finding.reason.word()), finding.value);
        }
    }
}

fn deduction(id: &str, amount: &str, clause: &str) -> LedgerLine {
    let mut line = LedgerLine::new(document(id), EntryKind::Deduction, day("2025-06-10"), money(amount));
    line.clause = Some(ClauseId::new(clause).unwrap());
    line.invoice = Some(document(id));
    line
}

fn june() -> ReconRules {
    let clause = ClauseId::new("DM").unwrap();
    let clauses = [(clause, Allowance::UpTo(money("500.00")))].into();
    ReconRules { clauses, ..ReconRules::new(period("2025-06"), Currency::CNY) }
}

#[test]
fn what_is_beyond_a_clause_is_said_in_both_languages() {
    let theirs = [deduction("K1", "-300.00", "DM"), deduction("K2", "-350.00", "DM")];
    let report = reconcile(&[], &theirs, &june()).unwrap();
    let why = report.explained(&[], &theirs, &june()).unwrap();
    assert_eq!(
        why.explain(What::Claim, "theirs K2", Language::En).unwrap(),
        [
            "claim [theirs K2]: 150.00 = the smaller of 350.00 | 150.00",
            "  difference [theirs K2]: 350.00 = 0.00 − -350.00",
            "    not booked in the period: 0.00",
            "    line in their books [K2] 2025-06-10: -350.00",
            "  beyond the clause [theirs K2]: 150.00 = 150.00",
            "    beyond the clause [theirs K2 alone]: 150.00 = the smaller of 150.00 | 350.00",
            "      beyond the clause [theirs K2 DM]: 150.00 = the larger of (0 | 650.00 − 500.00)",
            "        taken under the clause [theirs K2]: 650.00 = 300.00 + 350.00",
            "          deduction taken [K1] 2025-06-10: 300.00",
            "          deduction taken [K2] 2025-06-10: 350.00",
            "        limit of the clause [DM]: 500.00",
            "      deduction taken [K2] 2025-06-10: 350.00",
        ]
    );
    let zh = why.explain(What::Claim, "theirs K2", Language::Zh).unwrap();
    assert_eq!(zh[0], "索赔额 [theirs K2]：150.00 = 取低 350.00 | 150.00");
    let sheet = report.claim_sheet().unwrap();
    // K1 is agreed and only to be booked; of K2 the clause lets 200.00 through.
    assert_eq!((sheet.claimed, sheet.to_book), (money("150.00"), money("500.00")));
    assert_eq!(sheet.claims[0].reason, ClaimReason::BeyondClause);
    assert_eq!(sheet.claims[0].reason.code(), "OVER");
    assert_eq!(sheet.claims[0].reason.name(Language::Zh), "超条款扣款");
    assert!(why.explain(What::Claim, "K9", Language::En).unwrap().is_empty());
}

#[test]
fn a_claim_opens_under_the_deadlines_of_the_account() {
    let theirs = [deduction("K1", "-300.00", "GONE")];
    let sheet = reconcile(&[], &theirs, &june()).unwrap().claim_sheet().unwrap();
    let rules = DisputeRules { dispute_days: 30, evidence_days: 14, decision_days: 30, recovery_days: 60 };
    let claim = sheet.claims[0].open(document("CL-1"), day("2025-07-01"), rules).unwrap();
    assert_eq!((claim.claimed(), claim.state()), (money("300.00"), ClaimState::Claimed));
    assert_eq!(claim.deadline().unwrap(), Some(day("2025-07-31")));
    assert!(!claim.is_overdue(day("2025-07-31")).unwrap() && claim.is_overdue(day("2025-08-01")).unwrap());
}

#[test]
fn foreign_line() {
    let theirs = [deduction("K1", "-300.00", "DM")];
    let report = reconcile(&[], &theirs, &june()).unwrap();
    let error = report.explained(&[], &[], &june()).unwrap_err();
    assert_eq!(error.to_string(), "line K1 of theirs is not the one the report was made from");
    let other = [deduction("K1", "-301.00", "DM")];
    assert!(matches!(
        report.explained(&[], &other, &june()),
        Err(SettlementError::Reconcile(ReconcileError::ForeignLine { side: Side::Theirs, .. }))
    ));
}

#[test]
fn report_broken() {
    let theirs = [deduction("K1", "-300.00", "DM")];
    let mut report = reconcile(&[], &theirs, &june()).unwrap();
    report.undisputed = money("1.00");
    let error = report.explained(&[], &theirs, &june()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the report breaks a rule of reconciliation: the undisputed part is the sum of the agreed parts"
    );
}

#[test]
fn match_broken() {
    let price = Price::new(10.into(), Currency::CNY, Unit::Piece, TaxBasis::Exclusive).unwrap();
    let order = OrderLine { quantity: pieces(5), price };
    let receipt = ReceiptLine { quantity: pieces(5) };
    let bill = InvoiceLine { quantity: pieces(5), price, amount: None };
    let mut result = three_way_match(&order, &receipt, &bill, &MatchRules::STRICT).unwrap();
    result.payable = money("49.00");
    let error = result.explained(&order, &receipt, &bill, &MatchRules::STRICT).unwrap_err();
    assert_eq!(error.to_string(), "the match result breaks a rule: what is payable follows from the policy");
}

#[test]
fn figures_of_something_else_are_refused() {
    let rule = LateInterestRule::china_default().unwrap();
    let item = LateItem::new(money("100000.00"), day("2026-01-31"));
    let interest = late_interest(&item, day("2026-03-02"), &rule).unwrap();
    assert_eq!(interest.interest, money("1500.00"));
    let why = interest.explained(&item, &rule).unwrap();
    assert_eq!(
        why.explain(What::LateInterest, "", Language::Zh).unwrap(),
        [
            "逾期利息：1500.00 = 1500.00",
            "  分段利息 [2026-03-02]：1500.00 = 50.00 × 30",
            "    日息 2026-03-02：50.00 = 100000.00 × 0.05%",
            "      未付本金 2026-01-31：100000.00 = 100000.00",
            "        本金：100000.00",
            "      费率 2026-03-02：0.05%",
            "    计息天数 2026-03-02：30",
        ]
    );
    let other = LateItem::new(money("90000.00"), day("2026-01-31"));
    assert!(matches!(interest.explained(&other, &rule), Err(SettlementError::IdentityBroken { .. })));
    let edges = AgeEdges::new([30]).unwrap();
    let table = ageing(&[], day("2026-01-01"), (AgeBy::DueDate, &edges), Currency::CNY).unwrap();
    let more = AgeEdges::new([30, 60]).unwrap();
    assert!(matches!(
        table.explained(&[], &more),
        Err(SettlementError::Credit(CreditError::BucketCount { .. }))
    ));
}

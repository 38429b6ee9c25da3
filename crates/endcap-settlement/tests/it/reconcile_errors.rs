//! One case for every way the match and the claims refuse.

use endcap_settlement::SettlementError;
use endcap_settlement::reconcile::*;
use endcap_types::*;

use crate::support::*;

fn price(text: &str, tax: TaxBasis) -> Price {
    Price::new(decimal(text), Currency::CNY, Unit::Piece, tax).unwrap()
}

fn matched(ordered: i64, received: i64, billed: i64, tax: TaxBasis) -> Result<MatchResult, SettlementError> {
    let order = OrderLine { quantity: pieces(ordered), price: price("1", TaxBasis::Exclusive) };
    let receipt = ReceiptLine { quantity: pieces(received) };
    let invoice = InvoiceLine { quantity: pieces(billed), price: price("1", tax), amount: None };
    three_way_match(&order, &receipt, &invoice, &MatchRules::STRICT)
}

#[test]
fn negative_quantity() {
    let refused = |o, r, b| matched(o, r, b, TaxBasis::Exclusive).unwrap_err();
    assert_eq!(
        refused(-1, 1, 1),
        SettlementError::NegativeQuantity { what: "ordered", quantity: pieces(-1) }
    );
    assert_eq!(refused(1, -2, 1).to_string(), "the received quantity is -2 pc; it cannot be below zero");
    assert_eq!(refused(1, 1, -3).to_string(), "the billed quantity is -3 pc; it cannot be below zero");
}

#[test]
fn tax_basis_mismatch() {
    assert_eq!(
        matched(1, 1, 1, TaxBasis::Inclusive).unwrap_err(),
        SettlementError::TaxBasisMismatch {
            what: "the bill",
            expected: TaxBasis::Exclusive,
            found: TaxBasis::Inclusive
        }
    );
}

#[test]
fn units_and_currencies_of_a_match() {
    let order = OrderLine { quantity: pieces(1), price: price("1", TaxBasis::Exclusive) };
    let receipt = ReceiptLine { quantity: Quantity::cases(1).unwrap() };
    let mut invoice =
        InvoiceLine { quantity: pieces(1), price: price("1", TaxBasis::Exclusive), amount: None };
    let refused = |receipt: &ReceiptLine, invoice: &InvoiceLine| {
        three_way_match(&order, receipt, invoice, &MatchRules::STRICT).unwrap_err()
    };
    assert!(matches!(refused(&receipt, &invoice), SettlementError::Types(TypesError::UnitMismatch { .. })));
    invoice.amount = Some(Money::parse("1", Currency::EUR).unwrap());
    let receipt = ReceiptLine { quantity: pieces(1) };
    assert!(matches!(
        refused(&receipt, &invoice),
        SettlementError::Types(TypesError::CurrencyMismatch { .. })
    ));
}

#[test]
fn invalid_tolerance() {
    let refused = [
        Tolerance::percent(rate("100.1%")).unwrap_err(),
        Tolerance::percent(rate("-0.1%")).unwrap_err(),
        Tolerance::absolute(money("-0.01")).unwrap_err(),
        Tolerance::lesser_of(rate("5%"), money("-1")).unwrap_err(),
        Tolerance::greater_of(rate("101%"), money("1")).unwrap_err(),
    ];
    assert!(refused.iter().all(|error| matches!(error, SettlementError::InvalidTolerance { .. })));
    assert_eq!(refused[0].to_string(), "a tolerance of 100.1% is outside 0% to 100%");
    assert_eq!(refused[2].to_string(), "a tolerance of CNY -0.01 is outside an amount of zero or more");
}

#[test]
fn a_tolerance_in_another_currency() {
    for amount in [Tolerance::absolute, |m| Tolerance::lesser_of(Rate::ZERO, m)] {
        let euro = amount(Money::parse("1", Currency::EUR).unwrap()).unwrap();
        assert!(matches!(
            euro.limit(&money("1").exact()),
            Err(SettlementError::Types(TypesError::CurrencyMismatch { .. }))
        ));
    }
}

const RULES: DisputeRules =
    DisputeRules { dispute_days: 30, evidence_days: 14, decision_days: 30, recovery_days: 60 };

fn claim() -> Claim {
    Claim::open(document("K1"), money("300.00"), day("2025-07-01"), RULES).unwrap()
}

#[test]
fn illegal_transition() {
    let error = claim().apply(ClaimAction::Accept, day("2025-07-02")).unwrap_err();
    assert_eq!(error.to_string(), "claim K1 is claimed: it cannot accept");
}

#[test]
fn claim_date_backwards() {
    let error = claim().apply(ClaimAction::Validate, day("2025-06-30")).unwrap_err();
    assert_eq!(error.to_string(), "claim K1 cannot move on 2025-06-30: its last step was on 2025-07-01");
    // Also between two instalments, which do not change the state.
    let paid = claim()
        .apply(ClaimAction::Validate, day("2025-07-02"))
        .and_then(|claim| claim.apply(ClaimAction::SubmitEvidence, day("2025-07-03")))
        .and_then(|claim| claim.apply(ClaimAction::Accept, day("2025-07-04")))
        .and_then(|claim| claim.apply(ClaimAction::Recover(money("1")), day("2025-07-09")))
        .unwrap();
    assert!(matches!(
        paid.apply(ClaimAction::Recover(money("1")), day("2025-07-08")),
        Err(SettlementError::ClaimDateBackwards { .. })
    ));
}

#[test]
fn claim_too_late() {
    let error = claim().apply(ClaimAction::Dispute, day("2025-08-01")).unwrap_err();
    assert_eq!(error.to_string(), "claim K1: too late on 2025-08-01 to dispute, the last day was 2025-07-31");
    let disputed = claim().apply(ClaimAction::Dispute, day("2025-07-31")).unwrap();
    assert_eq!(
        disputed.apply(ClaimAction::SubmitEvidence, day("2025-08-15")).unwrap_err(),
        SettlementError::ClaimTooLate {
            claim: document("K1"),
            action: "submit evidence",
            on: day("2025-08-15"),
            deadline: day("2025-08-14")
        }
    );
}

#[test]
fn claim_amount() {
    let nothing = Claim::open(document("K1"), money("0"), day("2025-07-01"), RULES).unwrap_err();
    assert_eq!(nothing.to_string(), "claim K1: CNY 0.00 is not above zero");
    let on = day("2025-07-02");
    let evidence = claim()
        .apply(ClaimAction::Validate, on)
        .and_then(|claim| claim.apply(ClaimAction::SubmitEvidence, on))
        .unwrap();
    for part in ["0", "-1", "300.00", "300.01"] {
        let error = evidence.apply(ClaimAction::AcceptPart(money(part)), on).unwrap_err();
        assert!(matches!(error, SettlementError::ClaimAmount { .. }), "{part}");
    }
    let accepted = evidence.apply(ClaimAction::Accept, on).unwrap();
    let more = accepted.apply(ClaimAction::Recover(money("300.01")), on).unwrap_err();
    assert_eq!(more.to_string(), "claim K1: CNY 300.01 is not above zero and at most CNY 300.00");
    assert!(accepted.apply(ClaimAction::WriteOff(money("0")), on).is_err());
    let euro = ClaimAction::Recover(Money::parse("1", Currency::EUR).unwrap());
    assert!(matches!(accepted.apply(euro, on), Err(SettlementError::Types(_))));
}

#[test]
fn deadlines_end_with_the_calendar() {
    let rules = DisputeRules { dispute_days: u32::MAX, ..RULES };
    let claim = Claim::open(document("K1"), money("1"), day("2025-07-01"), rules).unwrap();
    assert!(matches!(claim.deadline(), Err(SettlementError::Calendar(_))));
}

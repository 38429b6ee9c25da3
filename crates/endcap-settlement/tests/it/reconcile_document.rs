//! Rules, reports, results and claims as documents: written, read back, refused when they break a rule.

use std::collections::BTreeMap;

use endcap_settlement::Explained;
use endcap_settlement::reconcile::*;
use endcap_types::*;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::reconcile_laws::books;
use crate::support::*;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(&read, value, "{text}");
}

fn refused<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
    serde_json::from_str::<T>(text).unwrap_err().to_string()
}

proptest! {
    #![proptest_config(crate::support::at_least(128))]

    #[test]
    fn rules_reports_and_reasons_come_back(books in books()) {
        comes_back(&books.rules);
        let report = books.report();
        comes_back(&report);
        comes_back(&report.claim_sheet().unwrap());
        let why: Explained = report.explained(&books.ours, &books.theirs, &books.rules).unwrap();
        comes_back(&why);
    }
}

const RULES: &str = r#"
period = "2025-06"
currency = "CNY"
transit_days = 3
tolerance = { lesser_of = { share = "5%", amount = { amount = "1.00", currency = "CNY" } } }
reduced_keys = [["receipt", "sku"], ["invoice"]]
stores = { only = ["S1"] }

[clauses]
DM = { up_to = { amount = "500.00", currency = "CNY" } }
LOGISTICS = "unlimited"
"#;

#[test]
fn rules_are_written_by_hand() {
    let rules: ReconRules = toml::from_str(RULES).unwrap();
    assert_eq!(rules.window_days, 7);
    assert_eq!(rules.transit_days, 3);
    assert_eq!(rules.skus, Known::Any);
    let expected = BTreeMap::from([
        (ClauseId::new("DM").unwrap(), Allowance::UpTo(money("500.00"))),
        (ClauseId::new("LOGISTICS").unwrap(), Allowance::Unlimited),
    ]);
    assert_eq!(rules.clauses, expected);
    assert_eq!(rules.tolerance, Tolerance::lesser_of(rate("5%"), money("1.00")).unwrap());
    comes_back(&rules);
}

#[test]
fn rules_that_break_a_rule_are_refused() {
    let broken = |from: &str, to: &str| {
        let text = RULES.replace(from, to);
        assert_ne!(text, RULES);
        toml::from_str::<ReconRules>(&text).unwrap_err().message().to_owned()
    };
    assert_eq!(
        broken("\"500.00\", currency = \"CNY\"", "\"500.00\", currency = \"EUR\""),
        "the limit of clause DM is in EUR, the account is in CNY"
    );
    assert_eq!(
        broken("\"1.00\", currency = \"CNY\"", "\"1.00\", currency = \"EUR\""),
        "the tolerance is in EUR, the account is in CNY"
    );
    assert_eq!(broken("500.00", "0"), "clause DM may take up to CNY 0.00; a limit is above zero");
    assert_eq!(broken("[\"invoice\"]", "[]"), "a key of reduced_keys names no field; at least one is needed");
    assert_eq!(
        broken("transit_days = 3", "full_key = []"),
        "full_key names no field; at least one is needed"
    );
    assert_eq!(broken("\"5%\"", "\"101%\""), "a tolerance of 101% is outside 0% to 100%");
    assert!(broken("transit_days", "transit_weeks").starts_with("unknown field `transit_weeks`"));
    // The engine checks rules made in code as well.
    let mut rules: ReconRules = toml::from_str(RULES).unwrap();
    rules.full_key.clear();
    assert_eq!(
        reconcile(&[], &[], &rules).unwrap_err().to_string(),
        "full_key names no field; at least one is needed"
    );
}

#[test]
fn match_rules_and_results_come_back() {
    let rules: MatchRules = toml::from_str(
        "price = { over = { percent = \"5%\" }, under = \"none\" }\nover_delivery = { up_to = { percent = \"2%\" } }",
    )
    .unwrap();
    assert_eq!(rules.payable, PayablePolicy::ReceivedAtLowerPrice);
    assert_eq!(rules.over_delivery, OverDelivery::UpTo(Tolerance::percent(rate("2%")).unwrap()));
    comes_back(&rules);
    comes_back(&MatchRules::STRICT);
    let price = Price::new(10.into(), Currency::CNY, Unit::Piece, TaxBasis::Exclusive).unwrap();
    let order = OrderLine { quantity: pieces(100), price };
    let receipt = ReceiptLine { quantity: pieces(90) };
    let bill = InvoiceLine { quantity: pieces(95), price, amount: None };
    let result = three_way_match(&order, &receipt, &bill, &rules).unwrap();
    comes_back(&result);
    comes_back(&result.explained(&order, &receipt, &bill, &rules).unwrap());
    let text = serde_json::to_string(&result).unwrap();
    let broken = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        refused::<MatchResult>(&changed)
    };
    let payable = r#""payable":{"amount":"900.00""#;
    assert!(broken(payable, r#""payable":{"amount":"950.01""#).contains("between zero and the bill"));
    assert!(broken(payable, r#""payable":{"amount":"-1.00""#).contains("between zero and the bill"));
    assert!(
        broken("\"findings\":[{\"reason\":\"billed", "\"findings\":[{\"reason\":\"short")
            .contains("unknown variant")
            || broken("billed_more_than_received", "short_delivery").contains("order of weight")
    );
}

#[test]
fn claims_are_read_by_living_their_history_again() {
    let rules = DisputeRules { dispute_days: 30, evidence_days: 14, decision_days: 30, recovery_days: 60 };
    let claim = Claim::open(document("K1"), money("300.00"), day("2025-07-01"), rules)
        .and_then(|claim| claim.apply(ClaimAction::Dispute, day("2025-07-31")))
        .and_then(|claim| claim.apply(ClaimAction::SubmitEvidence, day("2025-08-05")))
        .and_then(|claim| claim.apply(ClaimAction::AcceptPart(money("200.00")), day("2025-08-20")))
        .and_then(|claim| claim.apply(ClaimAction::Recover(money("50.00")), day("2025-09-01")))
        .unwrap();
    comes_back(&claim);
    let text = serde_json::to_string(&claim).unwrap();
    let broken = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        refused::<Claim>(&changed)
    };
    let follows = |field: &str| format!("claim K1: {field} does not follow from its history");
    assert!(
        broken("\"state\":\"partially_accepted\",\"since\"", "\"state\":\"accepted\",\"since\"")
            .starts_with(&follows("state"))
    );
    assert!(broken("\"since\":\"2025-08-20\"", "\"since\":\"2025-08-21\"").starts_with(&follows("since")));
    assert!(
        broken("\"recovered\":{\"amount\":\"50.00\"", "\"recovered\":{\"amount\":\"51.00\"")
            .starts_with(&follows("amounts"))
    );
    assert!(broken("\"on\":\"2025-07-31\"", "\"on\":\"2025-08-01\"").contains("too late"));
    assert!(
        broken("\"claimed\":{\"amount\":\"300.00\"", "\"claimed\":{\"amount\":\"0\"")
            .contains("not above zero")
    );
    // A step whose recorded state is not the one it led to.
    assert!(broken("\"state\":\"disputed\"}", "\"state\":\"evidence\"}").starts_with(&follows("history")));
}

#[test]
fn reports_that_contradict_themselves_are_refused() {
    let line = |id: &str, amount: &str| {
        let mut line = LedgerLine::new(document(id), EntryKind::Delivery, day("2025-06-10"), money(amount));
        line.invoice = Some(document("I1"));
        line
    };
    let rules = ReconRules::new(period("2025-06"), Currency::CNY);
    let report = reconcile(&[line("D1", "100.00")], &[line("R1", "90.00")], &rules).unwrap();
    let text = serde_json::to_string(&report).unwrap();
    let broken = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}: {text}");
        refused::<ReconReport>(&changed)
    };
    let rule = "the report breaks a rule of reconciliation: ";
    assert!(broken("\"partner\":\"R1\"", "\"partner\":\"R2\"").starts_with(&format!("{rule}partners")));
    assert!(
        broken("\"our_balance\":{\"amount\":\"100.00\"", "\"our_balance\":{\"amount\":\"100.01\"")
            .starts_with(&format!("{rule}the bridge"))
    );
    assert!(
        broken("\"counted\":{\"amount\":\"100.00\"", "\"counted\":{\"amount\":\"1.00\"")
            .starts_with(&format!("{rule}a line counts"))
    );
    assert!(broken("\"side\":\"theirs\"", "\"side\":\"ours\"").starts_with(rule));
    assert!(
        broken(
            "\"undisputed\":{\"amount\":\"90.00\",\"currency\":\"CNY\"",
            "\"undisputed\":{\"amount\":\"90.00\",\"currency\":\"EUR\""
        )
        .starts_with(&format!("{rule}one currency"))
    );
}

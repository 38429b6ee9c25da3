//! Compliance rules as data: laws of the check, rules as documents, refusals.

use std::collections::BTreeSet;

use endcap_settlement::compliance::*;
use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

#[cfg(feature = "serde")]
use crate::compliance::told;
use crate::compliance::{case, golden};
use crate::support::*;

fn cases_of_china() -> impl Strategy<Value = Vec<Rule>> {
    let rules: Vec<Rule> = RuleSet::sample().unwrap().into();
    Just(rules).prop_shuffle()
}

proptest! {
    #![proptest_config(crate::support::at_least(64))]

    #[test]
    fn order_changes_nothing(
        rules in cases_of_china(), index in any::<prop::sample::Index>(), late in -5_i64..70, reverse: bool,
    ) {
        let rows = golden();
        let row = index.get(&rows);
        let mut case = case(&row["rule"], &row["setup"]);
        // More than one record of each kind.
        let received = day("2026-02-02");
        let mut second = PaymentFact::new(document("D-2"), Money::parse("10.00", case.contract.currency()).unwrap());
        second.received = Some(received);
        second.paid = Some(endcap_calendar::dates::add_days(received, late).unwrap());
        case.payments.push(second);
        let on = day(&row["on"]);
        let sorted = check(&case.dossier(), &RuleSet::sample().unwrap(), on).unwrap();
        if reverse {
            case.payments.reverse();
            case.conduct.reverse();
            case.evidence.reverse();
            case.allowances.reverse();
        }
        prop_assert_eq!(&check(&case.dossier(), &RuleSet::new(rules.clone()).unwrap(), on).unwrap(), &sorted);
        // An empty set finds nothing, and a set finds what its rules find one by one.
        prop_assert!(check(&case.dossier(), &RuleSet::default(), on).unwrap().is_empty());
        let mut one_by_one: Vec<Finding> = rules
            .into_iter()
            .flat_map(|rule| check(&case.dossier(), &RuleSet::new([rule]).unwrap(), on).unwrap())
            .collect();
        one_by_one.sort_by(|one, other| one.rule.cmp(&other.rule));
        prop_assert_eq!(one_by_one, sorted);
    }

    #[test]
    fn rules_are_in_effect_from_their_first_to_before_their_last_day(start in 0_i64..900, length in 1_i64..400, probe in 0_i64..1500) {
        let at = |days| endcap_calendar::dates::add_days(day("2024-01-01"), days).unwrap();
        let mut rule = RuleSet::sample().unwrap().rule("CN-FT-6-target").unwrap().clone();
        (rule.effective_from, rule.effective_to) = (at(start), Some(at(start + length)));
        let case = case("CN-FT-6-target", "target=1000.00:1.00:30.00");
        let found = check(&case.dossier(), &RuleSet::new([rule]).unwrap(), at(probe)).unwrap();
        prop_assert_eq!(found.len(), usize::from((start..start + length).contains(&probe)));
    }
}

#[cfg(feature = "serde")]
#[test]
fn rules_and_findings_are_documents() {
    let rules = RuleSet::sample().unwrap();
    let text = serde_json::to_string(&rules).unwrap();
    assert_eq!(serde_json::from_str::<RuleSet>(&text).unwrap(), rules);
    let case = case(
        "CN-FT-13",
        "received=2026-02-02;paid=2026-04-04;clause=renewal:fixed;conduct=forced_rebate:2026-01-01",
    );
    let found = check(&case.dossier(), &rules, day("2026-06-30")).unwrap();
    assert!(found.len() > 3);
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Finding>>(&text).unwrap(), found);
    let text = serde_json::to_string(&case.parties).unwrap();
    assert_eq!(serde_json::from_str::<Parties>(&text).unwrap(), case.parties);
}

#[cfg(feature = "serde")]
#[test]
fn a_rule_written_by_hand() {
    let text = r#"
        id = "HOUSE-45"
        jurisdiction = "china"
        instrument = "house policy"
        article = "1"
        effective_from = "2026-01-01"
        severity = "warning"
        confidence = "sourced"
        source = "credit policy of the house"
        applies_if = { all_of = [{ buyer_is = "enterprise" }, { stores_at_least = 10 }] }
        check = { paid_within = { from = "receipt", days = 45 } }
        message = { en = "we ask for 45 days", zh = "公司要求45天" }
    "#;
    let rule: Rule = toml::from_str(text).unwrap();
    let rules = RuleSet::new([rule]).unwrap();
    let case = case("CN-HOUSE", "received=2026-02-02;paid=2026-03-20");
    let found = check(&case.dossier(), &rules, day("2026-06-30")).unwrap();
    assert_eq!(told(&found, "HOUSE-45"), "46 days/45 days");
    assert!(toml::from_str::<Rule>(&text.replace("paid_within", "paid_soon")).is_err());
    let list = format!(
        "[{}]",
        serde_json::to_string(rules.rules().next().unwrap()).unwrap().replace("HOUSE-45", "")
    );
    let error = serde_json::from_str::<RuleSet>(&list).unwrap_err().to_string();
    assert_eq!(error, "rule \"\": id is empty");
}

fn refused(change: impl Fn(&mut Rule)) -> ComplianceError {
    let mut rule = RuleSet::sample().unwrap().rule("CN-FT-6-conduct").unwrap().clone();
    change(&mut rule);
    RuleSet::new([rule]).unwrap_err()
}

#[test]
fn rules_that_break_a_rule_are_refused() {
    let rule = || "CN-FT-6-conduct".to_owned();
    let twice: Vec<Rule> = RuleSet::sample().unwrap().into();
    let twice = [twice[0].clone(), twice[0].clone()];
    let first = twice[0].id.clone();
    assert_eq!(RuleSet::new(twice).unwrap_err(), ComplianceError::DuplicateRule { rule: first });
    assert_eq!(
        refused(|rule| rule.message.zh = " ".to_owned()),
        ComplianceError::EmptyText { rule: rule(), field: "message.zh" }
    );
    let from = day("2006-11-15");
    assert_eq!(
        refused(|rule| rule.effective_to = Some(from)),
        ComplianceError::NeverInEffect { rule: rule(), from, to: from }
    );
    assert_eq!(
        refused(|rule| rule.check = Check::NoConduct { conduct: BTreeSet::new() }),
        ComplianceError::EmptyList { rule: rule(), field: "conduct" }
    );
    let kinds: BTreeSet<ClauseKind> = [ClauseKind::Display].into();
    let none = BTreeSet::new();
    assert_eq!(
        refused(|rule| rule.check = Check::ClauseNeeds { kinds: kinds.clone(), evidence: none.clone() }),
        ComplianceError::EmptyList { rule: rule(), field: "evidence" }
    );
    assert_eq!(
        refused(|rule| rule.applies_if = Condition::AllOf(vec![])),
        ComplianceError::EmptyList { rule: rule(), field: "a list of conditions" }
    );
    assert_eq!(
        refused(|rule| rule.check = Check::InterestAtLeast { margin: rate("-1%") }).to_string(),
        "rule CN-FT-6-conduct: margin of -1% is below zero"
    );
    assert_eq!(
        refused(|rule| rule.applies_if = Condition::BuyerTurnoverAbove(money("-1"))).to_string(),
        "rule CN-FT-6-conduct: buyer_turnover_above of CNY -1.00 is below zero"
    );
    let deep = (0..9).fold(Condition::Always, |inner, _| Condition::AnyOf(vec![inner]));
    assert_eq!(
        refused(|rule| rule.applies_if = deep.clone()),
        ComplianceError::TooDeep { rule: rule(), limit: 8 }
    );
}

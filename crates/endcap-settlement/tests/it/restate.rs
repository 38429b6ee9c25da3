//! Closed periods run again: differences, links, idempotence.

use std::collections::BTreeMap;

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::{World, cents, seeds, world};

/// Months from January 2025, each with the earlier ones, from deliveries as `month → cents`.
fn chain(terms: &ContractTerms, deliveries: &[Delivery], months: u32) -> Vec<Statement> {
    let contract = Contract::new(terms.clone()).unwrap();
    let mut done: Vec<Statement> = Vec::new();
    for month in 1..=months {
        let of = endcap_calendar::Period::month(2025, month).unwrap();
        let facts = Facts { deliveries, ..Facts::default() };
        done.push(settle(&contract, &facts, of, &done).unwrap());
    }
    done
}

/// A rebate of 1 %, and of 2 % on everything from 2 000 a year on.
fn yearly() -> ContractTerms {
    let mut terms = terms(credit());
    let tiers = [Tier::rate(0.into(), rate("1%")), Tier::rate(2000.into(), rate("2%"))];
    let rule = AmountRule::Tiered(Tiered {
        of: BaseMeasure::NetPurchases,
        base_tax: TaxBasis::Inclusive,
        method: TierMethod::Whole,
        table: TierTable::new(tiers, Boundary::ReachedAt).unwrap(),
        accumulate: Accumulation::Since(day("2025-01-01")),
        true_up: TrueUp::TwoWay,
    });
    terms.clauses = vec![clause("R", ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::Service)];
    terms
}

/// January is short of a delivery of 500: February reaches the tier a month late.
#[test]
fn a_late_delivery_moves_the_tier() {
    let first =
        [delivery("D1", "2025-01-10", "A1", 1, "1500"), delivery("D2", "2025-02-10", "A1", 1, "1000")];
    let late = [first[0].clone(), first[1].clone(), delivery("D0", "2025-01-20", "A1", 1, "500")];
    let (old, new) = (chain(&yearly(), &first, 3), chain(&yearly(), &late, 3));
    let deltas = restate(&old, &new).unwrap();
    let told: Vec<String> = deltas
        .iter()
        .map(|d| {
            let of = d
                .clause
                .as_ref()
                .map_or_else(|| d.document.clone().unwrap().to_string(), ToString::to_string);
            format!("{} {of} {} {} {} {}", d.period.start(), d.vat, d.amount, d.net, d.tax)
        })
        .collect();
    assert_eq!(
        told,
        [
            "2025-01-01 D0 13% CNY 500.00 CNY 442.48 CNY 57.52",
            // 2 % of 2 000 instead of 1 % of 1 500; VAT of 40.00 less VAT of 15.00, 2.26 − 0.85.
            "2025-01-01 R 6% CNY 25.00 CNY 23.59 CNY 1.41",
            // 2 % of 1 000 instead of 2 % of 2 500 less 15.
            "2025-02-01 R 6% CNY -15.00 CNY -14.15 CNY -0.85",
        ]
    );
    let rebate = &deltas[1];
    assert_eq!((&rebate.posted.statement, &rebate.replaced_by.statement), (old[0].id(), new[0].id()));
    assert_eq!(rebate.posted.fingerprint, old[0].fingerprint());
    assert_eq!(rebate.replaced_by.fingerprint, new[0].fingerprint());
    // The links lead to why both amounts are what they are.
    let was = old[0].trace().explain(rebate.posted.traces[0], Language::En).unwrap();
    let is = new[0].trace().explain(rebate.replaced_by.traces[0], Language::En).unwrap();
    assert!(was[0].starts_with("rebate [R]: 15.00") && is[0].starts_with("rebate [R]: 40.00"));
    // The late delivery was not there: nothing to link to but the statement.
    assert!(deltas[0].posted.traces.is_empty() && deltas[0].replaced_by.traces.len() == 1);
    // March is untouched and may be left out.
    assert_eq!(restate(&old[..2], &new[..2]).unwrap(), deltas);
}

/// A corrected VAT rate takes the line back at the old rate and brings it at the new.
#[test]
fn a_corrected_vat_rate() {
    let deliveries = [delivery("D1", "2025-01-10", "A1", 1, "1130")];
    let mut right = terms(credit());
    right.goods_vat = rate("9%");
    let deltas = restate(&chain(&terms(credit()), &deliveries, 1), &chain(&right, &deliveries, 1)).unwrap();
    let told: Vec<String> = deltas.iter().map(|d| format!("{} {} {}", d.vat, d.amount, d.tax)).collect();
    assert_eq!(told, ["9% CNY 1130.00 CNY 93.30", "13% CNY -1130.00 CNY -130.00"]);
}

#[test]
fn statements_that_cannot_be_restated() {
    let months = chain(&yearly(), &[], 2);
    let refused = |old: &[Statement], new: &[Statement]| restate(old, new).unwrap_err();
    let (one, two) = (months[0].clone(), months[1].clone());
    let alone = core::slice::from_ref(&one);
    let twice = SettlementError::RestatedTwice { period: one.period() };
    assert_eq!(refused(&[one.clone(), one.clone()], alone), twice);
    assert_eq!(refused(alone, &[one.clone(), one.clone()]), twice);
    assert_eq!(twice.to_string(), "period 2025-01-01..2025-02-01 is given twice in one version");
    let error = refused(&months, alone);
    assert_eq!(error, SettlementError::NotReplaced { statement: two.id().clone() });
    assert_eq!(error.to_string(), "statement C-1@2025-02-01..2025-03-01 was posted, but is not restated");
    let error = refused(alone, &months);
    assert_eq!(error, SettlementError::NeverPosted { statement: two.id().clone() });
    assert_eq!(error.to_string(), "statement C-1@2025-02-01..2025-03-01 is restated, but was never posted");
    let mut other = yearly();
    other.id = ContractId::new("C-2").unwrap();
    let foreign = chain(&other, &[], 1);
    assert!(matches!(refused(alone, &foreign), SettlementError::ForeignPrior { .. }));
    let deltas = restate(&foreign, &chain(&other, &[delivery("D", "2025-01-01", "A1", 1, "1")], 1)).unwrap();
    let error = restate_after(alone, &deltas, alone).unwrap_err();
    assert!(matches!(error, SettlementError::ForeignPrior { .. }));
    let mut wrong = deltas[0].clone();
    wrong.net = money("7");
    let error = restate_after(&foreign, &[wrong], &foreign).unwrap_err();
    assert_eq!(error.to_string(), "statement identity broken: net + tax = amount: CNY 7.12 is not CNY 1.00");
    assert_eq!(restate(&[], &[]).unwrap(), []);
}

type Sums = BTreeMap<Column, [i128; 3]>;

fn sums<'a>(lines: impl Iterator<Item = (Column, [&'a Money; 3])>) -> Sums {
    let mut sums: Sums = Column::ALL.into_iter().map(|column| (column, [0; 3])).collect();
    for (column, monies) in lines {
        for (sum, money) in sums.get_mut(&column).unwrap().iter_mut().zip(monies) {
            *sum += money.minor();
        }
    }
    sums
}

fn of_statements(statements: &[Statement]) -> Sums {
    sums(statements.iter().flat_map(|s| s.lines()).map(|l| (l.column, [&l.amount, &l.net, &l.tax])))
}

fn of_deltas(deltas: &[DeltaLine]) -> Sums {
    sums(deltas.iter().map(|d| (d.column, [&d.amount, &d.net, &d.tax])))
}

fn less(one: &Sums, other: &Sums) -> Sums {
    one.iter().map(|(column, sum)| (*column, [0, 1, 2].map(|i| sum[i] - other[column][i]))).collect()
}

fn payment(statements: &[Statement]) -> i128 {
    statements.iter().map(|statement| statement.totals().payment.minor()).sum()
}

fn check(old: &[Statement], middle: &[Statement], new: &[Statement]) -> Result<(), TestCaseError> {
    let deltas = restate(old, new).unwrap();
    prop_assert_eq!(of_deltas(&deltas), less(&of_statements(new), &of_statements(old)));
    let effect: i128 = deltas.iter().map(|delta| delta.effect().minor()).sum();
    prop_assert_eq!(effect, payment(new) - payment(old));
    for delta in &deltas {
        prop_assert_eq!(delta.net.checked_add(&delta.tax).unwrap(), delta.amount);
        prop_assert!(!(delta.amount.is_zero() && delta.net.is_zero()));
    }
    // A second restatement is empty, whether of the corrected statements or after the posted deltas.
    prop_assert_eq!(restate(new, new).unwrap(), vec![]);
    prop_assert_eq!(restate_after(old, &deltas, new).unwrap(), vec![]);
    // In two steps as in one.
    let mut steps = restate(old, middle).unwrap();
    let second = restate_after(old, &steps, new).unwrap();
    steps.extend(second);
    prop_assert_eq!(of_deltas(&steps), of_deltas(&deltas));
    prop_assert_eq!(restate_after(old, &steps, new).unwrap(), vec![]);
    // Backwards is the mirror.
    let back: Vec<Money> = restate(new, old).unwrap().iter().map(|delta| delta.amount.negated()).collect();
    prop_assert_eq!(back, deltas.iter().map(|delta| delta.amount).collect::<Vec<_>>());
    // In any order.
    let mut turned = (old.to_vec(), new.to_vec());
    turned.0.reverse();
    prop_assert_eq!(restate(&turned.0, &turned.1).unwrap(), deltas.clone());
    #[cfg(feature = "serde")]
    {
        let json = serde_json::to_string(&deltas).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<DeltaLine>>(&json).unwrap(), deltas);
    }
    Ok(())
}

/// Other facts, other terms, the same period.
fn corrected(world: &World, other: &World, keep: u32) -> World {
    let mut new = world.clone();
    if keep & 1 == 0 {
        new.deliveries.clone_from(&other.deliveries);
    }
    if keep & 2 == 0 {
        new.sales.clone_from(&other.sales);
    }
    if keep & 4 == 0 {
        new.returns.clone_from(&other.returns);
    }
    if keep & 8 == 0 {
        new.counts.clone_from(&other.counts);
    }
    if keep & 16 == 0 {
        new.terms.goods_vat = rate("9%");
    }
    new
}

proptest! {
    #![proptest_config(crate::support::at_least(48))]

    #[test]
    fn deltas_are_new_less_old(world in world(), other in world(), keep in any::<u32>(), then in any::<u32>()) {
        let middle = corrected(&world, &other, keep);
        let new = corrected(&middle, &other, then);
        check(&[world.settle()], &[middle.settle()], &[new.settle()])?;
    }

    #[test]
    fn cumulative_chains_are_restated_whole(facts in seeds(10), late in seeds(4), wrong in 0_i64..90_000) {
        let listed = |seeds: &[crate::world::Seed], prefix: &str| {
            (1..).zip(seeds).map(|(n, (d, _, _, c))| {
                let mut delivery = delivery(&format!("{prefix}{n}"), &format!("2025-0{}-15", d % 4 + 1), "A1", 1, "0");
                delivery.amount = cents(*c);
                delivery
            }).collect::<Vec<_>>()
        };
        let first = listed(&facts, "D");
        let mut middle = first.clone();
        middle.extend(listed(&late, "L"));
        let mut last = middle.clone();
        if let Some(delivery) = last.first_mut() {
            delivery.amount = cents(wrong);
        }
        let run = |deliveries: &[Delivery]| chain(&yearly(), deliveries, 4);
        check(&run(&first), &run(&middle), &run(&last))?;
    }
}

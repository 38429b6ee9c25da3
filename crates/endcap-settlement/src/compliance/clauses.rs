//! Rules about clauses: which kinds may stand, on what evidence, and how they are invoiced.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::dossier::Dossier;
use super::fact::Evidence;
use super::finding::Measured;
use super::rule::Wording;
use super::run::Found;
use crate::{AmountRule, Clause, ClauseKind, ClauseNature, Column, LineKind, SettlementError, TaxRule};

fn of_clause(clause: &Clause) -> Wording {
    Wording::new(format!("clause {}", clause.id), format!("条款 {}", clause.id))
}

/// The clauses in force on a day.
fn in_force<'a>(dossier: &Dossier<'a>, on: NaiveDate) -> impl Iterator<Item = &'a Clause> {
    let terms = dossier.contract.terms();
    terms.clauses.iter().filter(move |clause| clause.valid.unwrap_or(terms.valid).contains(on))
}

/// Clauses in force of these kinds, and what statements took under them.
pub(super) fn no_clause(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    kinds: &BTreeSet<ClauseKind>,
    on: NaiveDate,
) {
    for clause in in_force(dossier, on).filter(|clause| kinds.contains(&clause.kind)) {
        found.push(of_clause(clause), Measured::Kind(clause.kind), Measured::Nothing);
    }
    for statement in dossier.statements {
        for line in statement.lines().iter().filter(|line| line.amount.is_positive()) {
            if let (LineKind::Clause(kind), Some(clause)) = (line.kind, &line.clause)
                && kinds.contains(&kind)
            {
                let place = Wording::new(
                    format!("statement {}, clause {clause}", statement.id()),
                    format!("结算单 {}，条款 {clause}", statement.id()),
                );
                found.push(place, Measured::Amount(line.amount), Measured::Nothing);
            }
        }
    }
}

/// Rebates that are paid whatever is sold: fixed amounts, and percentages without a threshold.
pub(super) fn no_unconditional_rebate(found: &mut Found<'_>, dossier: &Dossier<'_>, on: NaiveDate) {
    for clause in in_force(dossier, on).filter(|clause| clause.kind == ClauseKind::Rebate) {
        if matches!(clause.rule, AmountRule::Fixed(_) | AmountRule::Percent(_) | AmountRule::PerUnit(_)) {
            found.push(of_clause(clause), Measured::Kind(clause.kind), Measured::Nothing);
        }
    }
}

/// Clauses of these kinds without evidence; an agreement counts from the day before the clause begins, a service and an
/// invoice by `on`.
pub(super) fn clause_needs(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    (kinds, needed): (&BTreeSet<ClauseKind>, &BTreeSet<Evidence>),
    on: NaiveDate,
) {
    let valid = dossier.contract.terms().valid;
    for clause in in_force(dossier, on).filter(|clause| kinds.contains(&clause.kind)) {
        let begins = clause.valid.unwrap_or(valid).start();
        for evidence in needed {
            let in_time = |day: NaiveDate| match evidence {
                Evidence::PriorAgreement => day <= begins,
                Evidence::ServiceRendered | Evidence::Invoice => day <= on,
            };
            let there = dossier
                .evidence
                .iter()
                .any(|fact| fact.clause == clause.id && fact.evidence == *evidence && in_time(fact.on));
            if !there {
                let place = of_clause(clause);
                found.push(place, Measured::Nothing, Measured::Evidence(*evidence));
            }
        }
    }
}

pub(super) fn no_rebate_below_target(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
) -> Result<(), SettlementError> {
    for fact in dossier.targets {
        if fact.reached.compare(&fact.target)?.is_lt() && fact.taken.is_positive() {
            let place = Wording::new(
                format!("clause {}, rebate of {}", fact.clause, fact.taken),
                format!("条款 {}，返利 {}", fact.clause, fact.taken),
            );
            found.push(place, Measured::Amount(fact.reached), Measured::Amount(fact.target));
        }
    }
    Ok(())
}

/// Amounts linked to the price that a statement takes elsewhere than on the goods invoice.
pub(super) fn rebate_on_invoice(found: &mut Found<'_>, dossier: &Dossier<'_>, on: NaiveDate) {
    for clause in in_force(dossier, on).filter(|clause| clause.kind.nature() == ClauseNature::PriceLinked) {
        if !clause.settle.lowers_invoice() {
            found.push(of_clause(clause), Measured::Kind(clause.kind), Measured::Nothing);
        }
    }
    for statement in dossier.statements {
        for line in statement.lines() {
            let off = matches!(line.column, Column::PaymentDeduct | Column::Separate);
            if let (LineKind::Clause(kind), Some(clause)) = (line.kind, &line.clause)
                && off
                && kind.nature() == ClauseNature::PriceLinked
                && line.tax.is_positive()
            {
                let place = Wording::new(
                    format!("statement {}, clause {clause}", statement.id()),
                    format!("结算单 {}，条款 {clause}", statement.id()),
                );
                found.push(place, Measured::Amount(line.tax), Measured::Nothing);
            }
        }
    }
}

/// Services taxed as if they changed the price of the goods.
pub(super) fn service_taxed_apart(found: &mut Found<'_>, dossier: &Dossier<'_>, on: NaiveDate) {
    for clause in in_force(dossier, on).filter(|clause| clause.kind.nature() == ClauseNature::Service) {
        if matches!(clause.tax, TaxRule::Goods | TaxRule::OutOfScope) {
            found.push(of_clause(clause), Measured::Kind(clause.kind), Measured::Nothing);
        }
    }
}

//! Earlier statements: do they fit, and do they cover what a cumulative rule needs.

use chrono::NaiveDate;
use endcap_calendar::Period;

use super::Run;
use crate::{Contract, SettlementError, Statement};

/// The earlier statements, oldest first; all of this contract, none sharing a day with another or with `period`.
pub(super) fn ordered<'a>(
    contract: &Contract,
    period: Period,
    prior: &'a [Statement],
) -> Result<Vec<&'a Statement>, SettlementError> {
    let mut ordered: Vec<&Statement> = prior.iter().collect();
    ordered.sort_by_key(|statement| statement.period());
    let mut before: Option<Period> = None;
    for statement in &ordered {
        if statement.contract() != contract.id() || statement.currency() != contract.currency() {
            return Err(SettlementError::ForeignPrior {
                statement: statement.id().clone(),
                contract: statement.contract().clone(),
                currency: statement.currency(),
            });
        }
        let covered = statement.period();
        let collides = |other: &Period| covered.start() < other.end();
        let overlap =
            |other| SettlementError::PriorOverlap { statement: statement.id().clone(), covered, other };
        if let Some(other) = before.filter(collides) {
            return Err(overlap(other));
        }
        if covered.end() > period.start() {
            return Err(overlap(period));
        }
        before = Some(covered);
    }
    Ok(ordered)
}

impl<'a> Run<'a> {
    /// The earlier statements since `since`, oldest first, covering every day up to the settlement period.
    pub(super) fn prior_since(
        &self,
        rule: &str,
        since: NaiveDate,
    ) -> Result<Vec<&'a Statement>, SettlementError> {
        let mut reached = since;
        let mut found = Vec::new();
        let mut gap_end = self.window.start();
        for statement in &self.prior {
            let covered = statement.period();
            if covered.end() <= reached {
                continue;
            }
            if covered.start() > reached {
                gap_end = covered.start();
                break;
            }
            reached = covered.end();
            found.push(*statement);
        }
        if reached < self.window.start() {
            let missing = Period::new(reached, gap_end)?;
            return Err(SettlementError::MissingPrior { rule: rule.to_owned(), since, missing });
        }
        Ok(found)
    }
}

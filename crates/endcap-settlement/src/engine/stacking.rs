//! 叠加: how the clauses of one stack act on each other.

use endcap_types::ClauseId;
use rust_decimal::Decimal;

use super::Run;
use super::clauses::{Measured, Posted};
use crate::trace::Cell;
use crate::{Formula, Measure, SettlementError, StackMode, Subject, What};

impl<'a> Run<'a> {
    /// Posts the members of a stack, given in order of priority and id.
    pub(super) fn stack(
        &mut self,
        mode: &StackMode,
        members: Vec<Measured<'a>>,
    ) -> Result<Vec<Posted<'a>>, SettlementError> {
        match mode {
            StackMode::Parallel => self.reduced(members, |_, _| false),
            StackMode::Cascade => self.reduced(members, |_, _| true),
            StackMode::Directed => {
                self.reduced(members, |member, earlier| member.clause.reduced_by.contains(earlier))
            }
            StackMode::BestOf => self.best_of(members),
            StackMode::CappedSum(cap) => self.capped(members, *cap),
        }
    }

    /// Each on its base less the posted amounts of the earlier ones that `reduces` names.
    fn reduced(
        &mut self,
        members: Vec<Measured<'a>>,
        reduces: impl Fn(&Measured<'_>, &ClauseId) -> bool,
    ) -> Result<Vec<Posted<'a>>, SettlementError> {
        let mut done: Vec<Posted<'a>> = Vec::with_capacity(members.len());
        for member in members {
            let earlier: Vec<Cell> = done
                .iter()
                .filter(|posted| reduces(&member, &posted.measured.clause.id))
                .map(|posted| posted.cell.clone())
                .collect();
            let amount = match (&member.base, &member.rate) {
                (Some(base), Some(rate)) if !earlier.is_empty() => {
                    let inputs: Vec<&Cell> = core::iter::once(base).chain(&earlier).collect();
                    let subject = Subject::of(What::Remainder, &member.clause.id);
                    let left = self.trace.exact(subject, Measure::Amount, Formula::Subtract, &inputs)?;
                    self.percent_of(member.clause, &left, rate)?
                }
                _ => member.amount.clone(),
            };
            let amount = self.limited(&member, amount)?;
            let cell = self.round_clause(&member, &amount)?;
            done.push(Posted { measured: member, cell });
        }
        Ok(done)
    }

    /// Only the largest posted amount; a tie goes to the lowest id. The others stay on the statement at zero.
    fn best_of(&mut self, members: Vec<Measured<'a>>) -> Result<Vec<Posted<'a>>, SettlementError> {
        let mut all = Vec::with_capacity(members.len());
        for member in members {
            let amount = self.limited(&member, member.amount.clone())?;
            let cell = self.round_clause(&member, &amount)?;
            all.push(Posted { measured: member, cell });
        }
        let mut best: Option<&Posted<'a>> = None;
        for posted in &all {
            let wins = best.is_none_or(|best| {
                posted.cell.value > best.cell.value
                    || (posted.cell.value == best.cell.value
                        && posted.measured.clause.id < best.measured.clause.id)
            });
            if wins {
                best = Some(posted);
            }
        }
        let Some((best_id, best_cell)) =
            best.map(|best| (best.measured.clause.id.clone(), best.cell.clone()))
        else {
            return Ok(all);
        };
        for posted in &mut all {
            if posted.measured.clause.id != best_id {
                let clause = posted.measured.clause;
                let subject = Subject { what: What::NotChosen, ..Subject::clause(clause.kind, &clause.id) };
                let inputs = [&posted.cell, &best_cell];
                posted.cell = self.trace.exact(subject, Measure::Amount, Formula::NotChosen, &inputs)?;
            }
        }
        Ok(all)
    }

    /// All, in order, until the common cap is used up.
    fn capped(
        &mut self,
        members: Vec<Measured<'a>>,
        cap: Decimal,
    ) -> Result<Vec<Posted<'a>>, SettlementError> {
        let name = members.first().and_then(|member| member.clause.stack.clone()).unwrap_or_default();
        let cap = self.amount_cell(What::Cap, &name, cap)?;
        let mut done: Vec<Posted<'a>> = Vec::with_capacity(members.len());
        for member in members {
            let amount = self.limited(&member, member.amount.clone())?;
            let cell = self.round_clause(&member, &amount)?;
            let used: Vec<&Cell> =
                core::iter::once(&cap).chain(done.iter().map(|posted| &posted.cell)).collect();
            let subject = Subject::of(What::StackCapLeft, &name);
            let left = self.trace.exact(subject, Measure::Amount, Formula::Excess, &used)?;
            let cell = if cell.value > left.value {
                let subject = Subject::clause(member.clause.kind, &member.clause.id);
                self.trace.exact(subject, Measure::Amount, Formula::Smaller, &[&cell, &left])?
            } else {
                cell
            };
            done.push(Posted { measured: member, cell });
        }
        Ok(done)
    }
}

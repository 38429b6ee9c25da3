//! 预付款: balances of advances, used up by what is to be paid.

use endcap_types::{Rate, TaxBasis};

use super::{Draft, Run};
use crate::trace::Cell;
use crate::{Column, Formula, LineKind, Measure, SettlementError, SideAmount, Subject, What};

impl Run<'_> {
    /// Uses up opening balances, oldest first, as far as something is left to pay; gives what is left of them.
    pub(super) fn use_advances(&mut self) -> Result<Vec<SideAmount>, SettlementError> {
        let balances = self.records.opening_advances.clone();
        if balances.is_empty() {
            return Ok(Vec::new());
        }
        let mut owed = Vec::new();
        let mut less = Vec::new();
        for line in &self.lines {
            let cell = Cell { id: line.trace, value: endcap_types::Exact::from_int(line.amount.minor()) };
            match line.column {
                Column::Goods | Column::Adjustment => owed.push(cell),
                Column::OnInvoice | Column::InvoiceDeduct | Column::PaymentDeduct | Column::Advance => {
                    less.push(cell);
                }
                Column::Separate | Column::OnHold => {}
            }
        }
        // The lines are not in order yet: clauses stand as the contract lists them.
        owed.sort_by_key(|cell| cell.id);
        less.sort_by_key(|cell| cell.id);
        let owed = self.sum(Subject::new(What::Payment), Measure::Amount, &owed)?;
        let inputs: Vec<&Cell> = core::iter::once(&owed).chain(&less).collect();
        let subject = Subject::new(What::PayableLeft);
        let mut payable = self.trace.exact(subject.clone(), Measure::Amount, Formula::Excess, &inputs)?;
        let mut left = Vec::new();
        for fact in balances {
            let record = fact.record;
            let balance = record.amount;
            if balance.is_negative() {
                return Err(SettlementError::NegativeAmount {
                    what: "the balance of an advance",
                    amount: balance,
                });
            }
            let name = Subject::fact(What::Advance, &record.document, record.date);
            let inputs = [&fact.cell, &payable];
            let used = self.trace.exact(name, Measure::Amount, Formula::Smaller, &inputs)?;
            let inputs = [&payable, &used];
            payable = self.trace.exact(subject.clone(), Measure::Amount, Formula::Subtract, &inputs)?;
            let rest = balance.checked_sub(&self.money_of(&used)?)?;
            if !rest.is_zero() {
                left.push(SideAmount { amount: rest, ..record.clone() });
            }
            if !used.value.is_zero() {
                let vat = (Rate::ZERO, TaxBasis::Inclusive);
                let mut draft = Draft::new(Column::Advance, LineKind::Advance, vat);
                draft.document = Some(record.document.clone());
                self.post(draft, &used)?;
            }
        }
        Ok(left)
    }
}

//! 租金: rent beside or instead of commission.

use endcap_types::Exact;

use super::turnover::{Charge, Charges, Reached};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Column, Formula, LineKind, Measure, OccupancyMode, SettlementError, Subject, TurnoverDeduction, What,
};

impl Run<'_> {
    /// The lines to post once rent and commission have been weighed; what does not prevail stays at zero.
    pub(super) fn with_rent(
        &mut self,
        method: &TurnoverDeduction,
        charges: Charges,
    ) -> Result<Vec<Charge>, SettlementError> {
        let Charges { commission, mut lines, mut top_up } = charges;
        if let Some(occupancy) = &method.occupancy {
            let mut rent = self.rent(method, occupancy.rent)?;
            let guaranteed = match &top_up {
                Some((charge, _)) => {
                    let inputs = [commission.clone(), charge.cell.clone()];
                    self.sum(Subject::new(What::Charge), Measure::Amount, &inputs)?
                }
                None => commission.clone(),
            };
            match occupancy.mode {
                OccupancyMode::Sum => {}
                OccupancyMode::MaxRentCommission if rent.cell.value >= commission.value => {
                    self.give_way(&mut lines, &rent.cell)?;
                }
                OccupancyMode::MaxRentCommission => {
                    self.give_way(core::slice::from_mut(&mut rent), &commission)?;
                }
                OccupancyMode::MaxRentCommissionGuarantee if rent.cell.value >= guaranteed.value => {
                    self.give_way(&mut lines, &rent.cell)?;
                    if let Some((charge, _)) = &mut top_up {
                        self.give_way(core::slice::from_mut(charge), &rent.cell)?;
                    }
                }
                OccupancyMode::MaxRentCommissionGuarantee => {
                    self.give_way(core::slice::from_mut(&mut rent), &guaranteed)?;
                }
                OccupancyMode::NoCommissionBelowGuarantee => {
                    if let Some((charge, Reached::No)) = &top_up {
                        let prevails = charge.cell.clone();
                        self.give_way(&mut lines, &prevails)?;
                    }
                }
            }
            lines.push(rent);
        }
        lines.extend(top_up.map(|(charge, _)| charge));
        Ok(lines)
    }

    fn rent(
        &mut self,
        method: &TurnoverDeduction,
        rent: rust_decimal::Decimal,
    ) -> Result<Charge, SettlementError> {
        let whole = self.amount_cell(What::FixedAmount, "", rent)?;
        let count = |days: u32| Exact::from_int(i128::from(days));
        let covered =
            self.trace.given(Subject::new(What::DaysCovered), Measure::Number, count(self.window.days()));
        let days =
            self.trace.given(Subject::new(What::DaysOfPeriod), Measure::Number, count(self.period.days()));
        let rounding = self.rounding();
        let inputs = [&whole, &covered, &days];
        let (cell, _) = self.trace.posted(Subject::new(What::Rent), Formula::Prorate, &inputs, rounding)?;
        let vat = (self.contract.vat_of(&method.tax), self.contract.terms().amounts);
        Ok(Charge {
            draft: Draft::new(Column::from(method.settle), LineKind::Rent, vat),
            cell,
            parts: Vec::new(),
        })
    }

    /// Sets charges to zero because another amount prevails.
    pub(super) fn give_way(
        &mut self,
        charges: &mut [Charge],
        prevails: &Cell,
    ) -> Result<(), SettlementError> {
        for charge in charges {
            let subject = Subject::new(charge.draft.kind.what());
            let inputs = [&charge.cell, prevails];
            charge.cell = self.trace.exact(subject, Measure::Amount, Formula::NotChosen, &inputs)?;
        }
        Ok(())
    }
}

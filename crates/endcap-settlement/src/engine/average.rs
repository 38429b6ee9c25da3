//! 期间均价: everything on hand and delivered in the period at one price, and what is left carried at it.

use endcap_types::{Exact, Money, Rounding, SkuId, Unrounded, allocate};

use super::Run;
use super::layers::Shelf;
use crate::trace::Cell;
use crate::{Formula, Measure, SettlementError, Subject, Trace, What};

/// Value and quantity of the stock before anything is taken.
pub(super) struct Pool {
    value: Cell,
    quantity: Cell,
}

impl Shelf {
    /// What is on the shelf, traced; settled shortages are no stock.
    pub(super) fn pool(&self, trace: &mut Trace) -> Result<Pool, SettlementError> {
        let (mut values, mut quantities) = (Vec::new(), Vec::new());
        for layer in self.in_stock() {
            let name = format!("{} {}", layer.document, layer.sku);
            let named = |what| Subject::fact(what, &name, layer.date);
            let there = trace.given(named(What::LayerQuantity), Measure::Number, layer.remaining.to_exact());
            let value = trace.given_money(named(What::LayerValue), &layer.amount);
            let whole =
                trace.given(named(What::DeliveryQuantity), Measure::Number, layer.delivered.to_exact());
            let inputs = [&value, &there, &whole];
            values.push(trace.exact(named(What::LayerPart), Measure::Amount, Formula::Prorate, &inputs)?);
            quantities.push(there);
        }
        let sku = self.sku();
        let inputs: Vec<&Cell> = values.iter().collect();
        let subject = Subject::of(What::LayerValue, sku);
        let value = trace.exact(subject, Measure::Amount, Formula::Sum, &inputs)?;
        let inputs: Vec<&Cell> = quantities.iter().collect();
        let subject = Subject::of(What::LayerQuantity, sku);
        let quantity = trace.exact(subject, Measure::Number, Formula::Sum, &inputs)?;
        Ok(Pool { value, quantity })
    }

    /// Carries what is left at one price: `value` shared over the layers by quantity.
    fn carry(&mut self, value: Money) -> Result<(), SettlementError> {
        let weights: Vec<_> = self.in_stock().map(|layer| layer.remaining.amount()).enumerate().collect();
        if weights.is_empty() {
            return Ok(());
        }
        let shares = allocate(value, weights)?;
        for (layer, amount) in self.in_stock_mut().zip(shares.into_values()) {
            (layer.delivered, layer.amount) = (layer.remaining, amount);
        }
        Ok(())
    }
}

impl Run<'_> {
    /// What the stock part of the sales is worth at the average, and the rest of the stock carried at it.
    pub(super) fn at_average(
        &mut self,
        sku: &SkuId,
        shelf: &mut Shelf,
        pool: &Pool,
        (sold, uncovered): (&Cell, &Cell),
    ) -> Result<Option<Cell>, SettlementError> {
        if pool.quantity.value.is_zero() {
            return Ok(None);
        }
        let subject = Subject::of(What::TakenQuantity, sku);
        let taken = self.trace.exact(subject, Measure::Number, Formula::Subtract, &[sold, uncovered])?;
        let inputs = [&pool.value, &taken, &pool.quantity];
        let subject = Subject::of(What::LayerPart, sku);
        let part = self.trace.exact(subject, Measure::Amount, Formula::Prorate, &inputs)?;
        self.carry(shelf, pool, part.value.clone())?;
        Ok(Some(part))
    }

    /// A shelf without sales is carried at its average too.
    pub(super) fn averaged(&mut self, shelf: &mut Shelf) -> Result<(), SettlementError> {
        let mut scratch = Trace::new(self.contract.currency());
        let pool = shelf.pool(&mut scratch)?;
        self.carry(shelf, &pool, Exact::ZERO)
    }

    /// What came in less what is settled, both in whole minor units, so that no value is lost over the months.
    fn carry(&self, shelf: &mut Shelf, pool: &Pool, settled: Exact) -> Result<(), SettlementError> {
        let currency = self.contract.currency();
        let came = Unrounded::new(pool.value.value.clone(), currency).round(&Rounding::HALF_AWAY)?;
        let settled = Unrounded::new(settled, currency).round(&self.rounding())?;
        shelf.carry(came.checked_sub(&settled)?)
    }
}

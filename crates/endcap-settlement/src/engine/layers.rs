//! 批次: stock of one SKU by delivery; taken first in, first out, every part traced.

use endcap_types::{Exact, Quantity, SkuId, Unit};

use crate::trace::Cell;
use crate::{Formula, Layer, Measure, SettlementError, Subject, Trace, What};

/// Layers of one SKU, oldest first. Oversold goods of earlier periods are layers below zero.
pub(super) struct Shelf {
    sku: SkuId,
    layers: Vec<Layer>,
}

/// What a withdrawal took, and what found no layer.
pub(super) struct Taken {
    /// Value of each part, exact.
    pub(super) parts: Vec<Cell>,
    /// What no layer covers; zero or more.
    pub(super) uncovered: Cell,
}

impl Shelf {
    /// Settled shortages of earlier periods are filled from the oldest stock first; no money moves.
    pub(super) fn new(sku: SkuId, mut layers: Vec<Layer>) -> Result<Self, SettlementError> {
        layers.sort_by_cached_key(super::records::layer_key);
        let mut shelf = Self { sku, layers };
        shelf.fill()?;
        Ok(shelf)
    }

    /// Moves stock from the oldest positive layers into those below zero.
    fn fill(&mut self) -> Result<(), SettlementError> {
        loop {
            let debt = self.layers.iter().position(|layer| layer.remaining.is_negative());
            let stock = self.layers.iter().position(|layer| is_positive(&layer.remaining));
            let (Some(debt), Some(stock)) = (debt, stock) else { return Ok(()) };
            let owed = self.layers.get(debt).map(|layer| layer.remaining.negated());
            let there = self.layers.get(stock).map(|layer| layer.remaining);
            let (Some(owed), Some(there)) = (owed, there) else { return Ok(()) };
            let moved = if owed.amount() < there.amount() { owed } else { there };
            if let Some(layer) = self.layers.get_mut(debt) {
                layer.remaining = layer.remaining.checked_add(&moved)?;
            }
            if let Some(layer) = self.layers.get_mut(stock) {
                layer.remaining = layer.remaining.checked_sub(&moved)?;
            }
        }
    }

    /// Whose stock it is.
    pub(super) const fn sku(&self) -> &SkuId {
        &self.sku
    }

    /// The layers that hold stock, oldest first.
    pub(super) fn in_stock(&self) -> impl Iterator<Item = &Layer> {
        self.layers.iter().filter(|layer| is_positive(&layer.remaining))
    }

    /// The same, to be carried at another value.
    pub(super) fn in_stock_mut(&mut self) -> impl Iterator<Item = &mut Layer> {
        self.layers.iter_mut().filter(|layer| is_positive(&layer.remaining))
    }

    /// Adds a layer as it stands, at its age.
    pub(super) fn put(&mut self, layer: Layer) {
        self.layers.push(layer);
        self.layers.sort_by_cached_key(super::records::layer_key);
    }

    /// Takes `wanted` (a traced number, zero or more) from the oldest layers.
    pub(super) fn take(
        &mut self,
        trace: &mut Trace,
        wanted: &Cell,
        unit: Unit,
    ) -> Result<Taken, SettlementError> {
        let mut left = wanted.clone();
        let mut parts = Vec::new();
        for layer in &mut self.layers {
            if left.value.signum() <= 0 {
                break;
            }
            if !is_positive(&layer.remaining) {
                continue;
            }
            // A sale in another unit than its delivery cannot be priced.
            layer.remaining.checked_sub(&Quantity::zero(unit))?;
            let name = format!("{} {}", layer.document, self.sku);
            let named = |what| Subject::fact(what, &name, layer.date);
            let there = trace.given(named(What::LayerQuantity), Measure::Number, layer.remaining.to_exact());
            let inputs = [&there, &left];
            let taken =
                trace.exact(named(What::TakenQuantity), Measure::Number, Formula::Smaller, &inputs)?;
            let value = trace.given_money(named(What::LayerValue), &layer.amount);
            let whole =
                trace.given(named(What::DeliveryQuantity), Measure::Number, layer.delivered.to_exact());
            let inputs = [&value, &taken, &whole];
            parts.push(trace.exact(named(What::LayerPart), Measure::Amount, Formula::Prorate, &inputs)?);
            let inputs = [&left, &taken];
            let subject = Subject::of(What::TakenQuantity, &self.sku);
            left = trace.exact(subject, Measure::Number, Formula::Subtract, &inputs)?;
            let all = taken.value == there.value;
            let quantity = if all { layer.remaining } else { quantity_of(&taken.value, layer.remaining)? };
            layer.remaining = layer.remaining.checked_sub(&quantity)?;
        }
        Ok(Taken { parts, uncovered: left })
    }

    /// The layers that hold something, oldest first; never some above and some below zero.
    pub(super) fn into_layers(mut self) -> Result<Vec<Layer>, SettlementError> {
        self.fill()?;
        self.layers.retain(|layer| !layer.remaining.is_zero());
        self.layers.sort_by_cached_key(super::records::layer_key);
        Ok(self.layers)
    }
}

fn is_positive(quantity: &Quantity) -> bool {
    !quantity.is_zero() && !quantity.is_negative()
}

/// An exact number as a quantity in the unit of `like`; it came from quantities, so it is one.
pub(super) fn quantity_of(value: &Exact, like: Quantity) -> Result<Quantity, SettlementError> {
    let text = value.to_fixed(6, endcap_types::RoundingMode::Down);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    Ok(format!("{text} {}", like.unit()).parse::<Quantity>()?)
}

//! 代销实结: sell-through × supply price, roll-forward per SKU, missing stock at the count.
//!
//! Periodic first in, first out: opening stock and everything that came in, oldest first, then out go the net sales of
//! the period, the returns to the supplier, the other movements, and what the count found missing, in this order.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{DocumentId, Quantity, Rounding, SkuId, Unit, Unrounded};

use super::layers::{Shelf, quantity_of};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Basis, Column, Consignment, FactError, Formula, Layer, LineKind, Measure, Movement, MovementKind,
    PriceBasis, RollForward, Sale, SettlementError, StockReport, Subject, What,
};

/// One SKU of the run.
struct Item<'a> {
    sku: SkuId,
    unit: Unit,
    shelf: Shelf,
    roll: RollForward,
    sales: Vec<&'a Sale>,
    /// The last document by which stock left other than by sale.
    last_out: Option<(DocumentId, NaiveDate)>,
}

impl<'a> Run<'a> {
    pub(super) fn consignment(&mut self, method: &Consignment) -> Result<StockReport, SettlementError> {
        let mut items = self.items(method)?;
        let mut sold = Vec::new();
        let mut losses = Vec::new();
        for item in &mut items {
            if let Some(cell) = self.settle_item(method, item)? {
                sold.push((self.vat_of(&item.sku)?, cell));
            }
            self.other_outflows(item)?;
            if let Some(loss) = self.loss(method, item)? {
                losses.push((self.vat_of(&item.sku)?, loss));
            }
        }
        if let PriceBasis::TillLessFee(fee) = &method.price_basis {
            self.sales_fee(fee, sold.clone())?;
        }
        if !losses.is_empty() {
            let sold: Vec<Cell> = sold.into_iter().map(|(_, cell)| cell).collect();
            self.shrink(method, &sold, losses)?;
        }
        let mut report = StockReport { rolls: Vec::new(), closing_layers: Vec::new() };
        for item in items {
            report.rolls.push(item.roll);
            report.closing_layers.extend(item.shelf.into_layers()?);
        }
        Ok(report)
    }

    /// Everything known of each SKU, by SKU: layers in, quantities moved, sales.
    fn items(&mut self, method: &Consignment) -> Result<Vec<Item<'a>>, SettlementError> {
        let mut layers: BTreeMap<SkuId, Vec<Layer>> = BTreeMap::new();
        let mut units: BTreeMap<SkuId, Unit> = BTreeMap::new();
        let mut sales: BTreeMap<SkuId, Vec<&'a Sale>> = BTreeMap::new();
        let mut rolls: BTreeMap<SkuId, RollForward> = BTreeMap::new();
        let mut roll_of = |(what, document, on): Named<'_>,
                           sku: &SkuId,
                           unit: Unit,
                           apply: &mut dyn FnMut(&mut RollForward) -> Apply| {
            let expected = *units.entry(sku.clone()).or_insert(unit);
            if unit != expected {
                let fact = format!("{what} [{} {sku}] of {on}", document.map_or("", DocumentId::as_str));
                return Err(FactError::UnitsDiffer { fact: fact.replace("[ ", "["), unit, expected }.into());
            }
            let roll = rolls.entry(sku.clone()).or_insert_with(|| RollForward::empty(sku.clone(), unit));
            apply(roll)
        };
        for layer in &self.records.layers {
            let q = layer.remaining;
            roll_of(("stock", Some(&layer.document), layer.date), &layer.sku, q.unit(), &mut |roll| {
                add(&mut roll.opening, &q)
            })?;
            layers.entry(layer.sku.clone()).or_default().push((*layer).clone());
        }
        for fact in self.records.deliveries.iter() {
            let r = fact.record;
            let named = (What::Delivery.name_en(), Some(&r.document), r.date);
            roll_of(named, &r.sku, r.quantity.unit(), &mut |roll| add(&mut roll.deliveries, &r.quantity))?;
            layers.entry(r.sku.clone()).or_default().push(Layer {
                document: r.document.clone(),
                date: r.date,
                sku: r.sku.clone(),
                delivered: r.quantity,
                amount: r.amount,
                remaining: r.quantity,
            });
        }
        for fact in self.records.returns.iter() {
            let r = fact.record;
            let named = (What::Return.name_en(), Some(&r.document), r.date);
            roll_of(named, &r.sku, r.quantity.unit(), &mut |roll| {
                add(&mut roll.returns_to_supplier, &r.quantity)
            })?;
        }
        for fact in self.records.sales.iter() {
            let r = fact.record;
            let q = r.quantity;
            let named = (What::Sale.name_en(), Some(&r.document), r.date);
            roll_of(named, &r.sku, q.unit(), &mut |roll| match q.is_negative() {
                true => add(&mut roll.customer_returns, &q.negated()),
                false => add(&mut roll.sales, &q),
            })?;
            sales.entry(r.sku.clone()).or_default().push(r);
        }
        for r in &self.records.movements {
            let named = ("movement", Some(&r.document), r.date);
            roll_of(named, &r.sku, r.quantity.unit(), &mut |roll| add(moved(roll, r.kind), &r.quantity))?;
        }
        for r in &self.records.counts {
            if r.date == self.window.last_day() {
                roll_of(("count", None, r.date), &r.sku, r.quantity.unit(), &mut |roll| {
                    count(roll, r.date, r.quantity)
                })?;
            }
        }
        for r in self.records.movements.clone() {
            if r.kind == MovementKind::TransferIn {
                let layer = self.transferred(method, r, layers.get(&r.sku))?;
                layers.entry(r.sku.clone()).or_default().push(layer);
            }
        }
        // Sorted by day, so the last of each kind stays; a movement names the stock rather than a return.
        let mut outs: BTreeMap<SkuId, (DocumentId, NaiveDate)> = BTreeMap::new();
        for fact in self.records.returns.iter() {
            outs.insert(fact.record.sku.clone(), (fact.record.document.clone(), fact.record.date));
        }
        for r in self.records.movements.iter().filter(|r| r.kind != MovementKind::TransferIn) {
            outs.insert(r.sku.clone(), (r.document.clone(), r.date));
        }
        let mut items = Vec::new();
        for (sku, roll) in rolls {
            let unit = units.get(&sku).copied().unwrap_or(Unit::Piece);
            let shelf = Shelf::new(sku.clone(), layers.remove(&sku).unwrap_or_default())?;
            let sales = sales.remove(&sku).unwrap_or_default();
            let last_out = outs.remove(&sku);
            items.push(Item { sku, unit, shelf, roll, sales, last_out });
        }
        Ok(items)
    }

    /// Goods that came from another account: at the contract price, else at the price of the newest delivery up to the day
    /// of the transfer, else of the first one after it.
    fn transferred(
        &self,
        method: &Consignment,
        moved: &Movement,
        known: Option<&Vec<Layer>>,
    ) -> Result<Layer, SettlementError> {
        let base = Layer {
            document: moved.document.clone(),
            date: moved.date,
            sku: moved.sku.clone(),
            delivered: moved.quantity,
            amount: endcap_types::Money::zero(self.contract.currency()),
            remaining: moved.quantity,
        };
        if let Some(price) = listed(method, &moved.sku, moved.date, moved.quantity.unit()) {
            let amount = self.priced(price, &moved.quantity)?;
            return Ok(Layer { amount, ..base });
        }
        let priced = || known.into_iter().flatten().filter(|layer| !layer.delivered.is_zero());
        let age = |layer: &&Layer| (layer.date, layer.document.clone());
        let before = priced().filter(|layer| layer.date <= moved.date).max_by_key(age);
        if let Some(layer) = before.or_else(|| priced().min_by_key(age)) {
            let share = moved.quantity.to_exact().div(&layer.delivered.to_exact())?;
            let amount = layer.amount.exact().times(&share)?.round(&Rounding::HALF_AWAY)?;
            return Ok(Layer { amount, ..base });
        }
        Err(no_price(&moved.sku, moved.quantity, moved.date))
    }

    fn priced(
        &self,
        price: rust_decimal::Decimal,
        quantity: &Quantity,
    ) -> Result<endcap_types::Money, SettlementError> {
        let currency = self.contract.currency();
        let minor = endcap_types::Exact::from_decimal(price)
            .mul(&endcap_types::Exact::from_int(currency.minor_per_major()))?
            .mul(&quantity.to_exact())?;
        Ok(Unrounded::new(minor, currency).round(&Rounding::HALF_AWAY)?)
    }

    /// The goods line of one SKU; none when nothing was sold.
    fn settle_item(
        &mut self,
        method: &Consignment,
        item: &mut Item<'a>,
    ) -> Result<Option<Cell>, SettlementError> {
        let averages = method.price_basis == PriceBasis::AverageOfPeriod;
        if item.sales.is_empty() {
            if averages {
                self.averaged(&mut item.shelf)?;
            }
            return Ok(None);
        }
        let mut parts = Vec::new();
        let mut net = Vec::new();
        let mut total = Quantity::zero(item.unit);
        for sale in item.sales.clone() {
            total = total.checked_add(&sale.quantity)?;
            let name = format!("{} {}", sale.document, sale.sku);
            let subject = Subject::fact(What::SaleQuantity, &name, sale.date);
            let quantity = self.trace.given(subject, Measure::Number, sale.quantity.to_exact());
            let price = match sale.original.supply_price {
                Some(price) => Some(price),
                None => self.contract_price(method, sale)?,
            };
            if let Some(price) = price {
                parts.push(self.at_price(&name, &quantity, price)?);
            } else if let Some(till) = self.till_part(method, sale)? {
                parts.push(till);
            }
            if let Some(price) = sale.original.supply_price {
                // Goods settled in an earlier period come back as a layer of their own.
                let back = sale.quantity.negated();
                let amount = self.priced(price, &back)?;
                item.shelf.put(Layer {
                    document: sale.document.clone(),
                    date: sale.date,
                    sku: item.sku.clone(),
                    delivered: back,
                    amount,
                    remaining: back,
                });
            } else {
                net.push(quantity);
            }
        }
        let sold = self.sum(Subject::of(What::SoldQuantity, &item.sku), Measure::Number, &net)?;
        let pool = if averages { Some(item.shelf.pool(&mut self.trace)?) } else { None };
        let taken = item.shelf.take(&mut self.trace, &sold, item.unit)?;
        let mut layered = match pool {
            None => taken.parts,
            Some(pool) => {
                let moved = (&sold, &taken.uncovered);
                self.at_average(&item.sku, &mut item.shelf, &pool, moved)?.into_iter().collect()
            }
        };
        layered.extend(self.uncovered(method, item, taken.uncovered)?);
        if method.price_basis.is_layered() {
            parts.extend(layered);
        }
        let inputs: Vec<&Cell> = parts.iter().collect();
        let rounding = self.rounding();
        let subject = Subject::of(What::SoldGoods, &item.sku);
        let (cell, _) = self.trace.posted(subject, Formula::Sum, &inputs, rounding)?;
        let mut draft =
            Draft::new(Column::Goods, LineKind::SoldGoods, self.goods_at(self.vat_of(&item.sku)?));
        draft.sku = Some(item.sku.clone());
        draft.basis = Some(Basis::Quantity(total));
        self.post(draft, &cell)?;
        Ok(Some(cell))
    }

    /// Sales that no layer covers are settled at the contract price and stay owed in stock.
    fn uncovered(
        &mut self,
        method: &Consignment,
        item: &mut Item<'a>,
        open: Cell,
    ) -> Result<Option<Cell>, SettlementError> {
        if open.value.is_zero() {
            return Ok(None);
        }
        let last = self.window.last_day();
        let missing = quantity_of(&open.value, Quantity::zero(item.unit))?;
        let by_till = !(method.price_basis.is_layered() || method.price_basis.is_listed());
        let price = listed(method, &item.sku, last, item.unit);
        let price = price.or(by_till.then_some(rust_decimal::Decimal::ZERO));
        let price = price.ok_or_else(|| no_price(&item.sku, missing, last))?;
        if let Some(sale) = item.sales.last() {
            // Sold before it was delivered (below zero), or refunded beyond what was sold (above zero).
            let delivered = if missing.is_negative() { missing.negated() } else { missing };
            item.shelf.put(Layer {
                document: sale.document.clone(),
                date: sale.date,
                sku: item.sku.clone(),
                delivered,
                amount: self.priced(price, &delivered)?,
                remaining: missing.negated(),
            });
        }
        Ok(Some(self.at_price(item.sku.as_str(), &open, price)?))
    }

    fn at_price(
        &mut self,
        name: &str,
        quantity: &Cell,
        price: rust_decimal::Decimal,
    ) -> Result<Cell, SettlementError> {
        let price = self.price_cell(What::SupplyPrice, name, price)?;
        let subject = Subject::of(What::LayerPart, name);
        Ok(self.trace.exact(subject, Measure::Amount, Formula::Multiply, &[quantity, &price])?)
    }

    /// Returns to the supplier and other movements out: stock leaves, no money moves.
    fn other_outflows(&mut self, item: &mut Item<'a>) -> Result<(), SettlementError> {
        let roll = &item.roll;
        let mut out = roll.returns_to_supplier;
        for more in [&roll.transfers_out, &roll.destroyed, &roll.samples, &roll.agreed_shrink] {
            out = out.checked_add(more)?;
        }
        if out.is_zero() {
            return Ok(());
        }
        let mut scratch = crate::Trace::new(self.contract.currency());
        let wanted = scratch.given(Subject::new(What::TakenQuantity), Measure::Number, out.to_exact());
        let taken = item.shelf.take(&mut scratch, &wanted, item.unit)?;
        let open = quantity_of(&taken.uncovered.value, out)?;
        if let Some((document, date)) = item.last_out.clone()
            && !open.is_zero()
        {
            // More left than there was: stock below zero, at no value because nothing was settled for it.
            item.shelf.put(Layer {
                document,
                date,
                sku: item.sku.clone(),
                delivered: open,
                amount: endcap_types::Money::zero(self.contract.currency()),
                remaining: open.negated(),
            });
        }
        Ok(())
    }

    /// Value of what the count found missing; none without a count or without a loss.
    fn loss(&mut self, method: &Consignment, item: &mut Item<'a>) -> Result<Option<Cell>, SettlementError> {
        let Some(variance) = item.roll.variance()? else { return Ok(None) };
        if !variance.is_negative() {
            return Ok(None);
        }
        let last = self.window.last_day();
        let subject = Subject::fact(What::TakenQuantity, &item.sku, last);
        let missing = self.trace.given(subject, Measure::Number, variance.negated().to_exact());
        let taken = item.shelf.take(&mut self.trace, &missing, item.unit)?;
        let open = quantity_of(&taken.uncovered.value, variance)?;
        let mut parts = taken.parts;
        if method.price_basis.is_listed() {
            let price = listed(method, &item.sku, last, item.unit);
            let price = price.ok_or_else(|| no_price(&item.sku, variance.negated(), last))?;
            parts = vec![self.at_price(item.sku.as_str(), &missing, price)?];
        } else if !open.is_zero() {
            return Err(no_price(&item.sku, open, last));
        }
        Ok(Some(self.sum(Subject::of(What::Loss, &item.sku), Measure::Amount, &parts)?))
    }
}

type Apply = Result<(), SettlementError>;

/// A fact as errors name it: what it is, its document where it has one, its day.
type Named<'n> = (&'n str, Option<&'n DocumentId>, NaiveDate);

fn add(total: &mut Quantity, more: &Quantity) -> Apply {
    *total = total.checked_add(more)?;
    Ok(())
}

const fn moved(roll: &mut RollForward, kind: MovementKind) -> &mut Quantity {
    match kind {
        MovementKind::TransferIn => &mut roll.transfers_in,
        MovementKind::TransferOut => &mut roll.transfers_out,
        MovementKind::Destroyed => &mut roll.destroyed,
        MovementKind::Sample => &mut roll.samples,
        MovementKind::AgreedShrink => &mut roll.agreed_shrink,
    }
}

fn count(roll: &mut RollForward, date: NaiveDate, counted: Quantity) -> Apply {
    match roll.counted {
        Some(first) if first != counted => {
            Err(SettlementError::CountConflict { sku: roll.sku.clone(), date, first, second: counted })
        }
        _ => {
            roll.counted = Some(counted);
            Ok(())
        }
    }
}

/// The contract price of an SKU in force on a day.
pub(super) fn listed(
    method: &Consignment,
    sku: &SkuId,
    date: NaiveDate,
    unit: Unit,
) -> Option<rust_decimal::Decimal> {
    let fits = |price: &&crate::SupplyPrice| price.sku == *sku && price.unit == unit && price.from <= date;
    method.prices.iter().filter(fits).max_by_key(|price| price.from).map(|price| price.price)
}

pub(super) fn no_price(sku: &SkuId, quantity: Quantity, date: NaiveDate) -> SettlementError {
    SettlementError::NoSupplyPrice { sku: sku.clone(), quantity, date }
}

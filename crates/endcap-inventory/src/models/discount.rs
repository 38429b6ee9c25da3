//! Quantity discounts: all units at the price of their region, or each region at its own price.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::ModelError;
use super::num::{not_negative, positive, same_length, signed};

/// A price list by quantity (数量折扣价目): `breaks[j]` is where `prices[j]` begins; the first break is 0.
///
/// # Source
///
/// Regions are half-open, `[b_j, b_{j+1})`; prices fall strictly, or the best quantity might not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceBreaks<'list> {
    /// First quantity of each region.
    pub breaks: &'list [f64],
    /// Price of each region, money a piece.
    pub prices: &'list [f64],
}

/// What a discounted lot is bought and kept for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscountCosts {
    /// `K`, money an order.
    pub fixed: f64,
    /// `i`, holding cost as a share of the price and unit of time.
    pub holding_rate: f64,
    /// `d`, pieces a unit of time.
    pub demand: f64,
}

/// Which pieces a discount reaches (折扣方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscountKind {
    /// Every piece has the price of the region (全量折扣).
    AllUnits,
    /// Pieces have the price of their own region (增量折扣).
    Incremental,
}

/// A lot under a discount (折扣批量); the three costs sum to the total, per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscountLot {
    /// Pieces an order.
    pub quantity: f64,
    /// Region of the price list, from 0.
    pub region: usize,
    /// Price of the goods.
    pub purchase: f64,
    /// Fixed costs.
    pub ordering: f64,
    /// Holding costs.
    pub holding: f64,
}

impl DiscountLot {
    /// Total, money per unit of time.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.purchase + self.ordering + self.holding
    }
}

/// Best order quantity under a discount (折扣下的经济批量); ties go to the smaller quantity.
///
/// All units: the best of `max(b_j, √(2Kd/(i·c_j)))` inside its region. Incremental: with
/// `c̄_j = Σ_{i<j} c_i(b_{i+1}−b_i) − c_j·b_j` the best of `√(2(K+c̄_j)d/(i·c_j))` inside its region.
///
/// # Errors
///
/// - [`ModelError::BreaksNotFromZero`], [`ModelError::BreaksNotIncreasing`], [`ModelError::PricesNotDecreasing`],
///   [`ModelError::LengthMismatch`], [`ModelError::Empty`] for the price list.
/// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
/// - [`ModelError::NoSolution`] without fixed cost or demand under an incremental list with one price, where the
///   quantity would be zero.
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::discount::{eoq_discount, DiscountCosts, DiscountKind, PriceBreaks};
/// let costs = DiscountCosts { fixed: 200.0, holding_rate: 0.2, demand: 1000.0 };
/// let list = PriceBreaks { breaks: &[0.0, 200.0, 500.0], prices: &[500.0, 475.0, 450.0] };
/// let lot = eoq_discount(&costs, &list, DiscountKind::AllUnits)?;
/// assert_eq!((lot.quantity, lot.region, lot.cost()), (500.0, 2, 472_900.0));
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Snyder and Shen, Fundamentals of Supply Chain Theory, §3.4.
pub fn eoq_discount(
    costs: &DiscountCosts,
    list: &PriceBreaks<'_>,
    kind: DiscountKind,
) -> Result<DiscountLot, ModelError> {
    check(costs, list)?;
    let mut best: Option<DiscountLot> = None;
    let ends = list.breaks.iter().skip(1).copied().chain([f64::INFINITY]);
    let mut extra = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for (region, ((&start, &price), end)) in list.breaks.iter().zip(list.prices).zip(ends).enumerate() {
        if let Some((last_price, _)) = before {
            // c̄_j = c̄_{j−1} + (c_{j−1} − c_j)·b_j.
            extra += (last_price - price) * start;
        }
        before = Some((price, start));
        let fixed = if kind == DiscountKind::Incremental { costs.fixed + extra } else { costs.fixed };
        let own = (2.0 * fixed * costs.demand / (costs.holding_rate * price)).sqrt();
        let quantity = match kind {
            DiscountKind::AllUnits => own.max(start),
            DiscountKind::Incremental => own,
        };
        if quantity < start || quantity >= end || (quantity <= 0.0) {
            continue;
        }
        let lot = price_lot(costs, price, fixed, extra, quantity, region, kind);
        if best.is_none_or(|so_far| lot.cost() < so_far.cost()) {
            best = Some(lot);
        }
    }
    best.ok_or(ModelError::NoSolution { why: "without fixed cost or demand the best quantity is zero" })
}

/// Cost of a given quantity under a discount.
///
/// # Errors
///
/// - As [`eoq_discount`]; the quantity is more than zero.
///
/// # Source
///
/// Snyder and Shen, §3.4.
pub fn eoq_discount_cost_of(
    costs: &DiscountCosts,
    list: &PriceBreaks<'_>,
    kind: DiscountKind,
    quantity: f64,
) -> Result<DiscountLot, ModelError> {
    check(costs, list)?;
    positive("order quantity", quantity)?;
    let mut extra = 0.0;
    let mut found = None;
    let mut last: Option<f64> = None;
    for (region, (&start, &price)) in list.breaks.iter().zip(list.prices).enumerate() {
        if start > quantity {
            break;
        }
        if let Some(last_price) = last {
            extra += (last_price - price) * start;
        }
        last = Some(price);
        let fixed = if kind == DiscountKind::Incremental { costs.fixed + extra } else { costs.fixed };
        found = Some(price_lot(costs, price, fixed, extra, quantity, region, kind));
    }
    found.ok_or(ModelError::Empty { what: "price list" })
}

fn price_lot(
    costs: &DiscountCosts,
    price: f64,
    fixed: f64,
    extra: f64,
    quantity: f64,
    region: usize,
    kind: DiscountKind,
) -> DiscountLot {
    let i = costs.holding_rate;
    let ordering = costs.fixed * costs.demand / quantity;
    let mut lot = DiscountLot {
        quantity,
        region,
        purchase: price * costs.demand,
        ordering,
        holding: i * price * quantity / 2.0,
    };
    if kind == DiscountKind::Incremental {
        lot.purchase += (fixed - costs.fixed) * costs.demand / quantity;
        lot.holding += i * extra / 2.0;
    }
    lot
}

fn check(costs: &DiscountCosts, list: &PriceBreaks<'_>) -> Result<(), ModelError> {
    not_negative("fixed cost", costs.fixed)?;
    positive("holding cost rate", costs.holding_rate)?;
    not_negative("demand rate", costs.demand)?;
    same_length("prices", list.prices.len(), list.breaks.len())?;
    let Some(first) = list.breaks.first() else { return Err(ModelError::Empty { what: "price list" }) };
    signed("price break", *first)?;
    if *first != 0.0 {
        return Err(ModelError::BreaksNotFromZero { first: *first });
    }
    for price in list.prices {
        positive("price", *price)?;
    }
    for (position, pair) in (1..).zip(list.breaks.windows(2)) {
        if let [previous, value] = *pair {
            signed("price break", value)?;
            if value <= previous {
                return Err(ModelError::BreaksNotIncreasing { position, value, previous });
            }
        }
    }
    for (position, pair) in (1..).zip(list.prices.windows(2)) {
        if let [previous, value] = *pair
            && value >= previous
        {
            return Err(ModelError::PricesNotDecreasing { position, value, previous });
        }
    }
    Ok(())
}

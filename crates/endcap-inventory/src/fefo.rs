//! First expired, first out (先到期先出), and the stock that will sell before its date.

use core::cmp::Ordering;

use chrono::NaiveDate;
use endcap_types::Exact;
use rust_decimal::Decimal;

use crate::InventoryError;
use crate::cover::not_negative;

/// A batch on hand (批次), in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Batch {
    /// Lot id, unique among the batches of one call.
    pub lot: String,
    /// Last sellable day.
    pub expires_on: NaiveDate,
    /// Pieces on hand.
    pub quantity: i64,
}

/// What is asked of the batches (拣货要求).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct FefoRequest {
    /// The day of shipping.
    pub as_of: NaiveDate,
    /// Days that must remain on that day; 0 accepts a batch on its last day. This customer's rule.
    pub min_remaining_days: u32,
    /// Pieces asked for.
    pub quantity: i64,
}

/// One pick (拣货): so many pieces of one lot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pick {
    /// The lot.
    pub lot: String,
    /// Pieces taken, more than zero.
    pub quantity: i64,
}

/// What is shipped, what is missing and what was passed over (拣货结果).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FefoPlan {
    picks: Vec<Pick>,
    short: i64,
    rejected_lots: Vec<String>,
}

impl FefoPlan {
    /// The picks, earliest expiry first.
    #[must_use]
    pub fn picks(&self) -> &[Pick] {
        &self.picks
    }
    /// Pieces asked for and not found.
    #[must_use]
    pub const fn short(&self) -> i64 {
        self.short
    }
    /// Lots with stock that have too little life left, by (expiry, lot).
    #[must_use]
    pub fn rejected_lots(&self) -> &[String] {
        &self.rejected_lots
    }
}

/// Allocates pieces from batches, earliest expiry first (先到期先出): `picks + short = asked`.
///
/// Order: last sellable day, then lot id. Lots below the customer's remaining life are passed over, empty lots ignored.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`] for a negative batch (by position) or a negative request.
/// - [`InventoryError::DuplicateId`] for a lot given twice.
///
/// # Examples
///
/// ```
/// use chrono::NaiveDate;
/// use endcap_inventory::{fefo, Batch, FefoRequest};
/// let day = |text: &str| text.parse::<NaiveDate>();
/// let batches = [
///     Batch { lot: "A".into(), expires_on: day("2025-09-01")?, quantity: 10 },
///     Batch { lot: "B".into(), expires_on: day("2025-08-01")?, quantity: 5 },
/// ];
/// let plan = fefo(&batches, &FefoRequest { as_of: day("2025-06-01")?, min_remaining_days: 30, quantity: 8 })?;
/// let picks: Vec<_> = plan.picks().iter().map(|pick| (pick.lot.as_str(), pick.quantity)).collect();
/// assert_eq!(picks, [("B", 5), ("A", 3)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Trade custom; the tie by lot id is a house rule.
pub fn fefo(batches: &[Batch], request: &FefoRequest) -> Result<FefoPlan, InventoryError> {
    if request.quantity < 0 {
        return Err(InventoryError::NegativeInput { column: "asked", row: 0, value: request.quantity });
    }
    for (row, batch) in batches.iter().enumerate() {
        if batch.quantity < 0 {
            return Err(InventoryError::NegativeInput { column: "batch", row, value: batch.quantity });
        }
    }
    let mut order: Vec<&Batch> = batches.iter().collect();
    order.sort_by(|a, b| a.expires_on.cmp(&b.expires_on).then_with(|| a.lot.cmp(&b.lot)));
    no_duplicates(batches.iter().map(|batch| batch.lot.as_str()))?;

    let mut plan = FefoPlan { picks: Vec::new(), short: request.quantity, rejected_lots: Vec::new() };
    for batch in order.into_iter().filter(|batch| batch.quantity > 0) {
        let remaining = batch.expires_on.signed_duration_since(request.as_of).num_days();
        if remaining < i64::from(request.min_remaining_days) {
            plan.rejected_lots.push(batch.lot.clone());
            continue;
        }
        let quantity = batch.quantity.min(plan.short);
        if quantity > 0 {
            plan.short = plan.short.saturating_sub(quantity);
            plan.picks.push(Pick { lot: batch.lot.clone(), quantity });
        }
    }
    Ok(plan)
}

pub(crate) fn no_duplicates<'a>(ids: impl Iterator<Item = &'a str>) -> Result<(), InventoryError> {
    let mut sorted: Vec<&str> = ids.collect();
    sorted.sort_unstable();
    for pair in sorted.windows(2) {
        if let [first, second] = pair
            && first == second
        {
            return Err(InventoryError::DuplicateId { id: (*first).to_owned() });
        }
    }
    Ok(())
}

/// A lot with the days it may still be sold (可售批次): expiry less the shop's pull-off days, zero when past.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct SellingLot {
    /// Lot id, unique among the lots of one call.
    pub lot: String,
    /// Days left to sell.
    pub days_left: u32,
    /// Stock of the lot.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub quantity: Decimal,
}

/// What of a stock will sell before its date (可售库存), in the unit of the lots.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UsableStock {
    usable: Exact,
    waste: Exact,
    waste_by_lot: Vec<(String, Exact)>,
}

impl UsableStock {
    /// What will sell.
    #[must_use]
    pub const fn usable(&self) -> &Exact {
        &self.usable
    }
    /// What will not.
    #[must_use]
    pub const fn waste(&self) -> &Exact {
        &self.waste
    }
    /// What will not, by lot, in selling order; lots without waste are left out.
    #[must_use]
    pub fn waste_by_lot(&self) -> &[(String, Exact)] {
        &self.waste_by_lot
    }
}

/// Usable stock at a constant daily rate, earliest date first (按动销可售库存): `usable + waste = stock`.
///
/// `U_i = min(U_{i−1} + q_i, rate × days_i)` over lots in date order, from `U_0 = 0`; usable = the last `U`.
/// The waste, up to whole pieces, is the `unusable` of a suggested order.
///
/// # Errors
///
/// - [`InventoryError::NegativeDecimal`] for a negative rate or lot (by position).
/// - [`InventoryError::DuplicateId`] for a lot given twice.
/// - [`InventoryError::Types`] when an exact value outgrows its limit.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{usable_stock, SellingLot};
/// use rust_decimal::Decimal;
/// let lot = |lot: &str, days_left, pieces: i64| SellingLot { lot: lot.into(), days_left, quantity: Decimal::from(pieces) };
/// // Forty pieces with five days left, four sold a day: twenty of them will not make it.
/// let stock = usable_stock(&[lot("A", 5, 40), lot("B", 30, 60)], Decimal::from(4))?;
/// assert_eq!((stock.usable().to_string(), stock.waste().to_string()), ("80".into(), "20".into()));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn usable_stock(lots: &[SellingLot], daily_rate: Decimal) -> Result<UsableStock, InventoryError> {
    not_negative("daily rate", 0, daily_rate)?;
    for (position, lot) in lots.iter().enumerate() {
        not_negative("lot", position, lot.quantity)?;
    }
    no_duplicates(lots.iter().map(|lot| lot.lot.as_str()))?;
    let mut order: Vec<&SellingLot> = lots.iter().collect();
    order.sort_by(|a, b| a.days_left.cmp(&b.days_left).then_with(|| a.lot.cmp(&b.lot)));

    let rate = Exact::from_decimal(daily_rate);
    let (mut usable, mut waste, mut waste_by_lot) = (Exact::ZERO, Exact::ZERO, Vec::new());
    for lot in order {
        let wanted = usable.add(&Exact::from_decimal(lot.quantity))?;
        // What earlier lots sell is within an earlier date, so `reachable` is never below `usable`.
        let reachable = rate.mul(&Exact::from_int(i128::from(lot.days_left)))?;
        let sold = if wanted.cmp(&reachable) == Ordering::Greater { reachable } else { wanted.clone() };
        let lost = wanted.sub(&sold)?;
        if !lost.is_zero() {
            waste = waste.add(&lost)?;
            waste_by_lot.push((lot.lot.clone(), lost));
        }
        usable = sold;
    }
    Ok(UsableStock { usable, waste, waste_by_lot })
}

//! The order that meets the demand of the period it arrives in, when unmet demand is lost.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use super::demand::counts;
use crate::InventoryError;
use crate::limits::MAX_PIECES;
use crate::models::{Distribution, ModelError, float, num};

/// Stock of one series at the end of a period, before the order (库存状态), in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockState<'a> {
    /// Left on the shelf.
    pub on_hand: i64,
    /// Arriving at the start of the next periods, nearest first; the new order arrives one period after the last.
    pub arriving: &'a [i64],
}

impl StockState<'_> {
    pub(super) fn check(&self) -> Result<i64, InventoryError> {
        let mut position = self.on_hand;
        for (row, value) in [self.on_hand].iter().chain(self.arriving).copied().enumerate() {
            if value < 0 {
                return Err(InventoryError::NegativeInput { column: "stock", row, value });
            }
            if value > MAX_PIECES {
                return Err(InventoryError::AboveLimit { column: "stock", row, value, limit: MAX_PIECES });
            }
            if row > 0 {
                position = position.saturating_add(value);
            }
        }
        Ok(position)
    }
}

/// Most pieces of stock whose distribution is carried forward; above it demand is taken at its mean.
const MAX_CARRIED: i64 = 4_096;

/// The least order with which the demand of its arrival period is met with probability `service` (丢单情形订货量).
///
/// `means[i]` is the demand of the `i`-th coming period, one more than `arriving` holds; each is negative binomial with
/// variance `dispersion · mean`. Stock is carried forward as a distribution: after each period `max(0, stock − demand)`.
///
/// # Errors
///
/// - [`InventoryError::LengthMismatch`] unless there is one mean more than arrivals; [`InventoryError::NegativeInput`],
///   [`InventoryError::AboveLimit`] for the stock; [`InventoryError::Model`] for a service, mean or dispersion out of
///   range.
///
/// # Examples
///
/// ```
/// use endcap_inventory::forecast::{lost_sales_order, StockState};
/// // Nothing on hand, nothing on order, four a week: cover the fourth-fifth quantile of the arrival week only,
/// // because what is short before it is lost, not owed.
/// let empty = StockState { on_hand: 0, arriving: &[0, 0] };
/// assert_eq!(lost_sales_order(&empty, &[4.0, 4.0, 4.0], 1.0, 0.8)?, 6);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// The myopic policy for lost sales with lead time: Morton 1971; Zipkin 2008, "Old and new methods for lost-sales
/// inventory systems", where it comes closest to the optimum among simple policies.
pub fn lost_sales_order(
    stock: &StockState<'_>,
    means: &[f64],
    dispersion: f64,
    service: f64,
) -> Result<i64, InventoryError> {
    stock.check()?;
    let periods = stock.arriving.len().saturating_add(1);
    if means.len() != periods {
        return Err(InventoryError::LengthMismatch {
            column: "means",
            given: means.len(),
            expected: periods,
        });
    }
    num::open_fraction("service", service)?;
    num::positive("dispersion", dispersion)?;
    means.iter().try_for_each(|mean| num::not_negative("mean demand", *mean))?;
    let mut left = Left::certain(stock.on_hand);
    for (arrival, mean) in stock.arriving.iter().zip(means) {
        left.add(*arrival);
        left.sell(&counts(*mean, dispersion)?)?;
    }
    let last = means.last().copied().unwrap_or(0.0);
    Ok(left.order_for(&counts(last, dispersion)?, service)?)
}

/// What is left: `sure` pieces and a distribution on top of them.
struct Left {
    base: i64,
    masses: Vec<f64>,
}

impl Left {
    fn certain(pieces: i64) -> Self {
        Self { base: pieces, masses: vec![1.0] }
    }
    fn add(&mut self, pieces: i64) {
        self.base = self.base.saturating_add(pieces);
    }
    /// `max(0, stock − demand)`.
    fn sell(&mut self, demand: &Distribution) -> Result<(), ModelError> {
        let top =
            self.base.saturating_add(i64::try_from(self.masses.len()).unwrap_or(i64::MAX)).saturating_sub(1);
        if top > MAX_CARRIED {
            // So much that no quantile matters: demand at its mean.
            self.base = self.base.saturating_sub(num::whole(demand.mean().round())).max(0);
            return Ok(());
        }
        let entries = usize::try_from(top).unwrap_or(0).saturating_add(1);
        let sold = demand.masses(entries)?;
        let mut after = vec![0.0; entries];
        let mut stocked = 0.0;
        for (stock, mass) in (self.base..).zip(&self.masses) {
            let stock = usize::try_from(stock).unwrap_or(0);
            // after[stock − d] += mass · sold[d], for d < stock; the rest leaves nothing.
            let reach = after.get_mut(1..=stock).unwrap_or_default();
            for (slot, share) in reach.iter_mut().rev().zip(&sold) {
                *slot += mass * share;
                stocked += mass * share;
            }
        }
        if let Some(empty) = after.first_mut() {
            *empty = (1.0 - stocked).max(0.0);
        }
        (self.base, self.masses) = (0, after);
        Ok(())
    }
    /// Least `q ≥ 0` with `P(demand ≤ left + q) ≥ service`.
    fn order_for(&self, demand: &Distribution, service: f64) -> Result<i64, ModelError> {
        // Far beyond the quantile of the demand itself nothing is missing any more.
        let most = num::whole(demand.quantile(service)?).saturating_add(1);
        if self.base >= most {
            return Ok(0);
        }
        // The table of met demand reaches so far that what is beyond it counts as met.
        let sure = num::whole(demand.quantile(1.0 - 1e-12)?).saturating_add(1).max(most);
        let entries = usize::try_from(sure).unwrap_or(0).saturating_add(1);
        if entries > 4_000_000 {
            return Err(ModelError::TooLarge {
                what: "demand of a period",
                value: u64::try_from(entries).unwrap_or(u64::MAX),
                limit: 4_000_000,
            });
        }
        let mut cumulated = 0.0;
        let met: Vec<f64> = demand
            .masses(entries)?
            .iter()
            .map(|mass| {
                cumulated += mass;
                cumulated
            })
            .collect();
        let base = usize::try_from(self.base).unwrap_or(0);
        let service_of = |order: usize| -> f64 {
            let from = met.get(base.saturating_add(order)..).unwrap_or_default();
            let covered: f64 = self.masses.iter().zip(from).map(|(mass, met)| mass * met).sum();
            let rest: f64 = self.masses.iter().skip(from.len()).sum();
            covered + rest
        };
        let goal = service * (1.0 - 1e-12);
        let (mut low, mut high) = (0_usize, entries);
        if service_of(0) >= goal {
            return Ok(0);
        }
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            if service_of(middle) >= goal { high = middle } else { low = middle }
        }
        Ok(num::whole(float(i64::try_from(high).unwrap_or(i64::MAX))))
    }
}

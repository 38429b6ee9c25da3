//! Safety stock, order-up-to level, and the service that a stock gives.
//!
//! Statistics module: `f64` is meant here. The one way back to whole pieces is [`SafetyStock::pieces_up`].
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities and deviations are f64")]

use crate::InventoryError;
use crate::limits::MAX_STATISTIC;
use crate::normal::{normal_cdf, normal_loss, normal_quantile, probability};

/// What a safety stock is to achieve (服务目标). Never a bare number: "98 % service" means four different things.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ServiceGoal {
    /// Probability of no stock-out in a cycle (周期服务水平): `z = Φ⁻¹(α)`.
    Cycle(f64),
    /// Share of demand served from stock (满足率) with orders of `order_quantity` pieces, first order: `G(z) = Q(1−β)/σ`.
    FillFirstOrder {
        /// The share, strictly between 0 and 1.
        fill: f64,
        /// The usual order, in pieces.
        order_quantity: f64,
    },
    /// The same share, exactly: `G(z) − G(z + Q/σ) = Q(1−β)/σ`.
    Fill {
        /// The share, strictly between 0 and 1.
        fill: f64,
        /// The usual order, in pieces.
        order_quantity: f64,
    },
    /// Cheapest for a cost of a piece short against a piece held (缺货成本): `α = p/(p+h)`.
    Penalty {
        /// Cost of one piece short.
        backorder: f64,
        /// Cost of one piece held for the same time.
        holding: f64,
    },
}

/// What the safety stock protects against (需求与到货风险), per day and in days.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct DemandRisk {
    /// Mean demand, pieces a day.
    pub daily_mean: f64,
    /// Standard deviation of the daily forecast error, in pieces.
    pub daily_sd: f64,
    /// Mean lead time, in days.
    pub lead_days: f64,
    /// Standard deviation of the lead time, in days; zero when it is fixed.
    pub lead_sd_days: f64,
    /// Days between orders; zero under continuous review.
    pub review_days: f64,
}

/// A safety stock and what follows from it (安全库存), in pieces, not rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SafetyStock {
    sigma: f64,
    z: f64,
    pieces: f64,
    level: f64,
}

impl SafetyStock {
    /// Standard deviation of the demand over the risk time, in pieces.
    #[must_use]
    pub const fn sigma(&self) -> f64 {
        self.sigma
    }
    /// The safety factor (安全系数). Negative for a cycle goal below one half.
    #[must_use]
    pub const fn z(&self) -> f64 {
        self.z
    }
    /// The safety stock `z·σ`, in pieces.
    #[must_use]
    pub const fn pieces(&self) -> f64 {
        self.pieces
    }
    /// Mean demand over the risk time + safety stock, in pieces.
    ///
    /// The reorder point (订货点) under continuous review, the order-up-to level (目标库存) under periodic review.
    #[must_use]
    pub const fn level(&self) -> f64 {
        self.level
    }
    /// The safety stock in whole pieces, up; zero when it is negative.
    #[must_use]
    pub fn pieces_up(&self) -> i64 {
        whole_up(self.pieces)
    }
    /// The safety stock in thousandths of a piece, up, for [`Safety::Thousandths`](crate::Safety::Thousandths), where
    /// it is rounded to pieces once, with the demand; zero when it is negative.
    #[must_use]
    pub fn thousandths_up(&self) -> i64 {
        whole_up(self.pieces * 1000.0)
    }
    /// The level in whole pieces, up; zero when it is negative.
    #[must_use]
    pub fn level_up(&self) -> i64 {
        whole_up(self.level)
    }
}

/// Safety stock for a goal (安全库存), in pieces: `σ = √((L+R)·σ_d² + d²·σ_L²)`, `SS = z·σ`, `level = d·(L+R) + SS`.
///
/// # Errors
///
/// - [`InventoryError::NotFinite`], [`InventoryError::OutOfRange`] for a NaN, infinite, negative or too large number,
///   or a goal outside its range.
/// - [`InventoryError::NoSolution`] for a fill-rate goal without any uncertainty.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{safety_stock, DemandRisk, ServiceGoal};
/// // 12 a day ± 5, three days of lead time, ordered weekly, 98 % of cycles without a stock-out.
/// let risk = DemandRisk { daily_mean: 12.0, daily_sd: 5.0, lead_days: 3.0, review_days: 7.0, ..DemandRisk::default() };
/// let stock = safety_stock(&risk, &ServiceGoal::Cycle(0.98))?;
/// assert!((stock.pieces() - 32.472_621_498_43).abs() < 1e-9);
/// assert_eq!((stock.pieces_up(), stock.level_up()), (33, 153));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Textbook formulas; the lead-time variance form as in operations-management texts on safety stock. `√(L+R)` assumes
/// independent days: give `daily_sd` as forecast error, not as the spread of a trending history.
pub fn safety_stock(risk: &DemandRisk, goal: &ServiceGoal) -> Result<SafetyStock, InventoryError> {
    for (what, value) in [
        ("daily mean", risk.daily_mean),
        ("daily deviation", risk.daily_sd),
        ("lead time", risk.lead_days),
        ("lead time deviation", risk.lead_sd_days),
        ("review interval", risk.review_days),
    ] {
        statistic(what, value)?;
    }
    let days = risk.lead_days + risk.review_days;
    let of_demand = risk.daily_sd * days.sqrt();
    let of_lead_time = risk.daily_mean * risk.lead_sd_days;
    let sigma = of_demand.hypot(of_lead_time);
    let z = factor(sigma, goal)?;
    let pieces = z * sigma;
    Ok(SafetyStock { sigma, z, pieces, level: risk.daily_mean * days + pieces })
}

/// Cycle service of a safety stock (周期服务水平): `Φ(safety / σ)`; without uncertainty 1 from zero up, else 0.
///
/// # Errors
///
/// - [`InventoryError::NotFinite`], [`InventoryError::OutOfRange`] for a bad number.
///
/// # Examples
///
/// ```
/// use endcap_inventory::cycle_service_of;
/// assert!((cycle_service_of(32.472_621_498_43, 15.811_388_300_84)? - 0.98).abs() < 1e-12);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Textbook formula.
pub fn cycle_service_of(safety: f64, sigma: f64) -> Result<f64, InventoryError> {
    signed("safety stock", safety)?;
    statistic("deviation", sigma)?;
    if sigma == 0.0 {
        return Ok(if safety >= 0.0 { 1.0 } else { 0.0 });
    }
    Ok(normal_cdf(safety / sigma))
}

/// Fill rate of a safety stock (满足率) with orders of `order_quantity`: `1 − σ·(G(z) − G(z + Q/σ))/Q`.
///
/// # Errors
///
/// - [`InventoryError::NotFinite`], [`InventoryError::OutOfRange`] for a bad number; `sigma` and `order_quantity` are
///   more than zero.
///
/// # Source
///
/// Textbook formula for a reorder point and a fixed order, normal demand.
pub fn fill_rate_of(safety: f64, sigma: f64, order_quantity: f64) -> Result<f64, InventoryError> {
    signed("safety stock", safety)?;
    positive("deviation", sigma)?;
    positive("order quantity", order_quantity)?;
    let (z, step) = (safety / sigma, order_quantity / sigma);
    Ok((1.0 - (normal_loss(z) - normal_loss(z + step)) / step).clamp(0.0, 1.0))
}

/// The safety factor of a goal.
fn factor(sigma: f64, goal: &ServiceGoal) -> Result<f64, InventoryError> {
    match *goal {
        ServiceGoal::Cycle(alpha) => {
            probability("cycle service", alpha)?;
            normal_quantile(alpha)
        }
        ServiceGoal::Penalty { backorder, holding } => {
            positive("backorder cost", backorder)?;
            positive("holding cost", holding)?;
            normal_quantile(backorder / (backorder + holding))
        }
        ServiceGoal::FillFirstOrder { fill, order_quantity } => {
            let target = short_per_sigma(sigma, fill, order_quantity)?;
            Ok(falling_root(target, normal_loss))
        }
        ServiceGoal::Fill { fill, order_quantity } => {
            let target = short_per_sigma(sigma, fill, order_quantity)?;
            let step = order_quantity / sigma;
            Ok(falling_root(target, |z| normal_loss(z) - normal_loss(z + step)))
        }
    }
}

/// `Q(1−β)/σ`: pieces short in a cycle, in deviations.
fn short_per_sigma(sigma: f64, fill: f64, order_quantity: f64) -> Result<f64, InventoryError> {
    probability("fill rate", fill)?;
    positive("order quantity", order_quantity)?;
    if sigma == 0.0 {
        return Err(InventoryError::NoSolution {
            why: "without uncertainty the fill rate is 1 at any safety stock",
        });
    }
    Ok(order_quantity * (1.0 - fill) / sigma)
}

/// The point where a falling function passes `target > 0`, from above: `f(root) ≤ target`.
fn falling_root(target: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-1.0_f64, 1.0_f64);
    // Far left the loss is −z; far right it vanishes. Sixty doublings leave every range this crate admits.
    for _ in 0..60 {
        if f(low) > target {
            break;
        }
        low *= 2.0;
    }
    for _ in 0..60 {
        if f(high) <= target {
            break;
        }
        high *= 2.0;
    }
    // Bisection to the last bit.
    for _ in 0..200 {
        let middle = low + (high - low) * 0.5;
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) > target { low = middle } else { high = middle }
    }
    high
}

fn signed(what: &'static str, value: f64) -> Result<(), InventoryError> {
    if !value.is_finite() {
        return Err(InventoryError::NotFinite { what, value: value.to_string() });
    }
    if value.abs() > MAX_STATISTIC {
        return Err(InventoryError::OutOfRange { what, value, range: "at most 1e12 either sign" });
    }
    Ok(())
}

fn statistic(what: &'static str, value: f64) -> Result<(), InventoryError> {
    signed(what, value)?;
    if value < 0.0 {
        return Err(InventoryError::OutOfRange { what, value, range: "0 to 1e12" });
    }
    Ok(())
}

fn positive(what: &'static str, value: f64) -> Result<(), InventoryError> {
    statistic(what, value)?;
    if value <= 0.0 {
        return Err(InventoryError::OutOfRange { what, value, range: "more than 0, at most 1e12" });
    }
    Ok(())
}

/// The least whole number at or above a finite value, zero for a negative one; saturates at `i64::MAX`.
///
/// Read off the bits, because there is no checked conversion from `f64` to an integer.
fn whole_up(value: f64) -> i64 {
    let value = value.ceil();
    if value < 1.0 {
        return 0;
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    let mantissa = (bits & 0x000f_ffff_ffff_ffff) | 0x0010_0000_0000_0000;
    // value = mantissa × 2^(exponent − 1075), a whole number.
    let whole = if exponent >= 1075 {
        let shift = exponent.saturating_sub(1075);
        if shift > 10 {
            None
        } else {
            mantissa.checked_mul(1_u64.checked_shl(u32::try_from(shift).unwrap_or(0)).unwrap_or(1))
        }
    } else {
        u32::try_from(1075_u64.saturating_sub(exponent)).ok().and_then(|shift| mantissa.checked_shr(shift))
    };
    whole.and_then(|pieces| i64::try_from(pieces).ok()).unwrap_or(i64::MAX)
}

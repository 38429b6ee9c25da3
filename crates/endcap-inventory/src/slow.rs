//! Slow and dead stock: what lies longer than it should, and how much of it is too much.

use crate::InventoryError;
use crate::limits::{MAX_DAYS, MAX_PIECES};

/// When a stock last sold (最近动销).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum LastSale {
    /// So many days ago.
    DaysAgo(i64),
    /// Never since it was listed, so many days ago.
    NeverInDays(i64),
}

/// A stock and how it moved (动销情况), in pieces and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct StockMotion {
    /// Pieces on hand.
    pub on_hand: i64,
    /// Pieces sold in the window.
    pub sold: i64,
    /// Days of the window, at least 1.
    pub window_days: i64,
    /// The last sale.
    pub last_sale: LastSale,
}

/// From when on stock is slow or dead (呆滞标准), in days; data of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct SlowLimits {
    /// More days of cover than this is slow.
    pub slow_cover_days: i64,
    /// No sale for longer than this is dead.
    pub dead_after_days: i64,
    /// A listing younger than this is new and not judged.
    pub new_below_days: i64,
}

impl Default for SlowLimits {
    /// 90 days of cover, 180 days without a sale, 30 days new.
    fn default() -> Self {
        Self { slow_cover_days: 90, dead_after_days: 180, new_below_days: 30 }
    }
}

/// How a stock moves (动销状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum StockMotionClass {
    /// No stock.
    Empty,
    /// Listed too recently to judge.
    New,
    /// Moves as it should (正常).
    Active,
    /// More than the cover allowed (滞销).
    Slow,
    /// No sale for too long (呆滞).
    Dead,
}

/// A class and the pieces beyond what the limits allow (呆滞判断).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StockMotionResult {
    /// The class.
    pub class: StockMotionClass,
    /// Pieces above the cover allowed; all of them when dead.
    pub excess: i64,
}

/// Judges how a stock moves (呆滞判断): dead by days without a sale, slow by days of cover at the pace of the window.
///
/// `excess = on hand − ⌊sold × cover / window⌋`, never below zero.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`], [`InventoryError::NotPositive`], [`InventoryError::AboveLimit`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::{stock_motion, LastSale, SlowLimits, StockMotion, StockMotionClass};
/// let stock = StockMotion { on_hand: 500, sold: 60, window_days: 30, last_sale: LastSale::DaysAgo(2) };
/// let result = stock_motion(&stock, &SlowLimits::default())?;
/// assert_eq!((result.class, result.excess), (StockMotionClass::Slow, 320));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Trade practice; limits are the company's own.
pub fn stock_motion(stock: &StockMotion, limits: &SlowLimits) -> Result<StockMotionResult, InventoryError> {
    let (days, never) = match stock.last_sale {
        LastSale::DaysAgo(days) => (days, false),
        LastSale::NeverInDays(days) => (days, true),
    };
    for (column, value, limit) in [
        ("on hand", stock.on_hand, MAX_PIECES),
        ("sold", stock.sold, MAX_PIECES),
        ("window days", stock.window_days, MAX_DAYS),
        ("days since the last sale", days, MAX_DAYS),
        ("slow cover", limits.slow_cover_days, MAX_DAYS),
        ("dead days", limits.dead_after_days, MAX_DAYS),
        ("new days", limits.new_below_days, MAX_DAYS),
    ] {
        if value < 0 {
            return Err(InventoryError::NegativeInput { column, row: 0, value });
        }
        if value > limit {
            return Err(InventoryError::AboveLimit { column, row: 0, value, limit });
        }
    }
    if stock.window_days == 0 {
        return Err(InventoryError::NotPositive { column: "window days", row: 0, value: 0 });
    }
    let done = |class, excess| Ok(StockMotionResult { class, excess });
    if stock.on_hand == 0 {
        return done(StockMotionClass::Empty, 0);
    }
    if never && days < limits.new_below_days {
        return done(StockMotionClass::New, 0);
    }
    if days > limits.dead_after_days {
        return done(StockMotionClass::Dead, stock.on_hand);
    }
    let allowed = i128::from(stock.sold)
        .saturating_mul(i128::from(limits.slow_cover_days))
        .checked_div(i128::from(stock.window_days))
        .unwrap_or(0);
    let excess = i128::from(stock.on_hand).saturating_sub(allowed).max(0);
    let excess = i64::try_from(excess).unwrap_or(i64::MAX);
    done(if excess > 0 { StockMotionClass::Slow } else { StockMotionClass::Active }, excess)
}

//! Days of supply and stock turns, as exact rationals.

use endcap_types::{Exact, Money};
use rust_decimal::Decimal;

use crate::InventoryError;

/// How long a stock lasts (库存可销天数), in days.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Cover {
    /// This many days, exactly.
    Days(Exact),
    /// Longer than the forecast looks ahead; never an infinite number.
    BeyondHorizon {
        /// Days the forecast covers.
        horizon_days: usize,
        /// What is left at its end, in the unit of the stock.
        left: Exact,
    },
    /// Nothing was sold, so no rate is known.
    NoSales,
}

impl Cover {
    /// The number of days, if it is known.
    #[must_use]
    pub const fn days(&self) -> Option<&Exact> {
        match self {
            Self::Days(days) => Some(days),
            _ => None,
        }
    }
}

/// Forward cover (按预测可销天数): how many days of a daily forecast `on_hand` meets.
///
/// Whole days covered plus the fraction of the first day that is not; a day without demand counts as covered.
/// `forecast[i]` is the demand of day `i` from now, in the unit of `on_hand`.
///
/// # Errors
///
/// - [`InventoryError::NegativeDecimal`] for a negative stock or forecast.
/// - [`InventoryError::Types`] when an exact value outgrows its limit.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{cover_forward, Cover};
/// use endcap_types::Exact;
/// use rust_decimal::Decimal;
/// let forecast = [10, 30, 20, 40].map(Decimal::from);
/// assert_eq!(cover_forward(Decimal::from(50), &forecast)?, Cover::Days(Exact::ratio(5, 2)?));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn cover_forward(on_hand: Decimal, forecast: &[Decimal]) -> Result<Cover, InventoryError> {
    not_negative("on hand", 0, on_hand)?;
    for (position, demand) in forecast.iter().enumerate() {
        not_negative("forecast", position, *demand)?;
    }
    let mut left = Exact::from_decimal(on_hand);
    for (day, demand) in forecast.iter().enumerate() {
        let demand = Exact::from_decimal(*demand);
        if left < demand {
            let whole = Exact::from_int(i128::try_from(day).unwrap_or(i128::MAX));
            return Ok(Cover::Days(whole.add(&left.div(&demand)?)?));
        }
        left = left.sub(&demand)?;
    }
    Ok(Cover::BeyondHorizon { horizon_days: forecast.len(), left })
}

/// Backward cover (按历史可销天数), in days: `on_hand × days / sold`.
///
/// `sold` pieces left the stock in the last `days` days; both count in the unit of `on_hand`.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`] for a negative stock or sale.
/// - [`InventoryError::NotPositive`] for no days.
///
/// # Examples
///
/// ```
/// use endcap_inventory::cover_backward;
/// use endcap_types::RoundingMode;
/// // 90 pieces, 70 sold in 30 days: 38.6 days.
/// let cover = cover_backward(90, 70, 30)?;
/// let days = cover.days().map(|d| d.to_fixed(1, RoundingMode::HalfAwayFromZero));
/// assert_eq!(days.as_deref(), Some("38.6"));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule; a named alternative to the forward cover.
pub fn cover_backward(on_hand: i64, sold: i64, days: u32) -> Result<Cover, InventoryError> {
    for (column, value) in [("on hand", on_hand), ("sold", sold)] {
        if value < 0 {
            return Err(InventoryError::NegativeInput { column, row: 0, value });
        }
    }
    if days == 0 {
        return Err(InventoryError::NotPositive { column: "days", row: 0, value: 0 });
    }
    if sold == 0 {
        return Ok(Cover::NoSales);
    }
    let stock_days = Exact::from_int(i128::from(on_hand)).mul(&Exact::from_int(i128::from(days)))?;
    Ok(Cover::Days(stock_days.div(&Exact::from_int(i128::from(sold)))?))
}

/// How often a stock turns, and how long one turn takes (库存周转).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Turns {
    mean_stock: Exact,
    turns: Exact,
    days: Option<Exact>,
}

impl Turns {
    /// Mean of the stock points, in pieces or minor units.
    #[must_use]
    pub const fn mean_stock(&self) -> &Exact {
        &self.mean_stock
    }
    /// Turns in the window: out / mean stock.
    #[must_use]
    pub const fn turns(&self) -> &Exact {
        &self.turns
    }
    /// Days of one turn: mean stock / out × days; none when nothing went out.
    #[must_use]
    pub const fn days(&self) -> Option<&Exact> {
        self.days.as_ref()
    }
}

/// Turns counted in pieces (数量周转): `sold / mean(stocks)` over `days` days.
///
/// `stocks` are the stock points of the window, such as opening and closing, each with the same weight.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`] for negative sales.
/// - [`InventoryError::NotPositive`] for no days.
/// - [`InventoryError::NoStock`] without points or with a mean of zero or less.
///
/// # Examples
///
/// ```
/// use endcap_inventory::turns_in_pieces;
/// let june = turns_in_pieces(70, &[100, 40], 30)?;
/// assert_eq!(june.turns().to_string(), "1");
/// assert_eq!(june.days().map(ToString::to_string).as_deref(), Some("30"));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Textbook definition; the unweighted mean of the given points is a house rule.
pub fn turns_in_pieces(sold: i64, stocks: &[i64], days: u32) -> Result<Turns, InventoryError> {
    if sold < 0 {
        return Err(InventoryError::NegativeInput { column: "sold", row: 0, value: sold });
    }
    let points = stocks.iter().map(|&stock| Exact::from_int(i128::from(stock)));
    turns(&Exact::from_int(i128::from(sold)), points, days)
}

/// Turns counted in money (金额周转): `cost of sales / mean(stock values)` over `days` days.
///
/// Values and cost are at the same price, usually cost; all in one currency.
///
/// # Errors
///
/// - [`InventoryError::NegativeDecimal`] for a negative cost of sales.
/// - [`InventoryError::NotPositive`] for no days.
/// - [`InventoryError::NoStock`] without points or with a mean of zero or less.
/// - [`InventoryError::Types`] for different currencies.
///
/// # Source
///
/// Textbook definition; the unweighted mean of the given points is a house rule.
pub fn turns_in_money(cost_of_sales: Money, stocks: &[Money], days: u32) -> Result<Turns, InventoryError> {
    if cost_of_sales.is_negative() {
        let value = cost_of_sales.to_amount_string().parse().unwrap_or(Decimal::NEGATIVE_ONE);
        return Err(InventoryError::NegativeDecimal { what: "cost of sales", position: 0, value });
    }
    for stock in stocks {
        cost_of_sales.compare(stock)?;
    }
    let points = stocks.iter().map(|stock| Exact::from_int(stock.minor()));
    turns(&Exact::from_int(cost_of_sales.minor()), points, days)
}

fn turns(out: &Exact, points: impl Iterator<Item = Exact>, days: u32) -> Result<Turns, InventoryError> {
    if days == 0 {
        return Err(InventoryError::NotPositive { column: "days", row: 0, value: 0 });
    }
    let (mut sum, mut count) = (Exact::ZERO, 0_i128);
    for point in points {
        sum = sum.add(&point)?;
        count = count.saturating_add(1);
    }
    if count == 0 || sum.signum() <= 0 {
        return Err(InventoryError::NoStock);
    }
    let mean_stock = sum.div(&Exact::from_int(count))?;
    let turns = out.div(&mean_stock)?;
    let days = if out.is_zero() {
        None
    } else {
        Some(mean_stock.mul(&Exact::from_int(i128::from(days)))?.div(out)?)
    };
    Ok(Turns { mean_stock, turns, days })
}

pub(crate) fn not_negative(
    what: &'static str,
    position: usize,
    value: Decimal,
) -> Result<(), InventoryError> {
    if value.is_sign_negative() && !value.is_zero() {
        return Err(InventoryError::NegativeDecimal { what, position, value });
    }
    Ok(())
}

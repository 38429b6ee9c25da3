//! Order days (订货日): how many days one order must last when orders are placed on given days only.

use chrono::NaiveDate;

use crate::InventoryError;

/// The lead and review days of the next order (订货节奏), for [`Demand::Rate`](super::Demand::Rate).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OrderTiming {
    /// The day of the order: the first order day on or after the day asked for.
    pub order_on: NaiveDate,
    /// Days from the day asked for to the arrival of this order.
    pub lead_days: i64,
    /// Days from its arrival to the arrival of the order after it.
    pub review_days: i64,
}

/// When the next order can be placed and how long it must last (下一订货日), from dated order and arrival days.
///
/// `calendar[i]` is an order day and the day its goods arrive, both strictly rising over the list: visits, closed days and
/// holidays are already in it. An order must last until the next one arrives.
///
/// # Errors
///
/// - [`InventoryError::PeriodsNotAdjacent`] for days that do not rise or goods that arrive before they are ordered.
/// - [`InventoryError::EmptyChain`] unless two order days remain on or after `as_of`.
///
/// # Examples
///
/// ```
/// use chrono::NaiveDate;
/// use endcap_inventory::order_timing;
/// let day = |text: &str| text.parse::<NaiveDate>();
/// // Ordered Mondays and Thursdays, two days later on the shelf; today is Tuesday.
/// let calendar = [
///     (day("2025-06-02")?, day("2025-06-04")?),
///     (day("2025-06-05")?, day("2025-06-07")?),
///     (day("2025-06-09")?, day("2025-06-11")?),
/// ];
/// let timing = order_timing(day("2025-06-03")?, &calendar)?;
/// assert_eq!((timing.order_on, timing.lead_days, timing.review_days), (day("2025-06-05")?, 4, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: with irregular visits the review interval is the time to the next visit's delivery, not a constant.
pub fn order_timing(
    as_of: NaiveDate,
    calendar: &[(NaiveDate, NaiveDate)],
) -> Result<OrderTiming, InventoryError> {
    for (position, pair) in (1..).zip(calendar.windows(2)) {
        if let [(order, arrival), (next_order, next_arrival)] = pair {
            for (start, end) in [(next_order, order), (next_arrival, arrival)] {
                if start <= end {
                    return Err(InventoryError::PeriodsNotAdjacent { position, start: *start, end: *end });
                }
            }
        }
    }
    if let Some((position, (order, arrival))) = calendar.iter().enumerate().find(|(_, (o, a))| a < o) {
        return Err(InventoryError::PeriodsNotAdjacent { position, start: *arrival, end: *order });
    }
    let mut coming = calendar.iter().filter(|(order, _)| *order >= as_of);
    let (Some((order_on, arrival)), Some((_, next))) = (coming.next(), coming.next()) else {
        return Err(InventoryError::EmptyChain);
    };
    Ok(OrderTiming {
        order_on: *order_on,
        lead_days: arrival.signed_duration_since(as_of).num_days(),
        review_days: next.signed_duration_since(*arrival).num_days(),
    })
}

//! The kernel: one pass over columns, no allocation per row, integers only.

use super::columns::{CaseRounding, ConflictRule, Demand, MinimumRule, OrderColumns, OrderOptions, Safety};
use super::line::{OrderLine, Outcome};
use super::reason::Basis;
use crate::InventoryError;
use crate::limits::{MAX_CASE_PIECES, MAX_DAYS, MAX_PIECES, UNLIMITED};
use crate::roll_batch::same_length;

/// Suggested orders for every row of a batch (批量建议订单), in pieces.
///
/// ```text
/// need   = demand + safety + backorder + promotion − on hand + unusable − in transit, up to a whole piece, at least 0
/// order  = need to whole cases, lifted to the minimum, cut to the order cap, cut to the shelf capacity
/// ```
///
/// A cut goes down to whole cases; a cut that leaves less than a case or less than the minimum orders nothing.
/// The terms of each line add up to its quantity.
///
/// # Errors
///
/// - [`InventoryError::LengthMismatch`] when a column has not one entry per row.
/// - [`InventoryError::NegativeInput`], [`InventoryError::NotPositive`], [`InventoryError::AboveLimit`] for a bad cell.
/// - [`InventoryError::SafetyDaysWithoutRate`] for a safety stock in days without a daily rate.
/// - [`InventoryError::NegativeSellOut`], [`InventoryError::NegativeStock`], [`InventoryError::UnusableAboveStock`]
///   for a contradictory row, unless the options let it order nothing.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{suggest_all, Column, Demand, OrderColumns, OrderOptions, SalesFactor};
/// use rust_decimal::Decimal;
/// // The 1.5 rule: 40 at the last visit, 60 delivered, 30 now. Sold 70; 1.5 × 70 − 30 = 75; cases of 12: 84.
/// let columns = OrderColumns {
///     case_pack: Column::Same(12),
///     ..OrderColumns::new(&[30], Demand::SalesMultiple {
///         previous_stock: Column::Each(&[40]),
///         received: Column::Each(&[60]),
///         factor: SalesFactor::new(Decimal::new(15, 1))?,
///     })
/// };
/// let lines = suggest_all(&columns, &OrderOptions::default())?;
/// assert_eq!(lines[0].quantity(), 84);
/// assert_eq!(lines[0].reasons().map(|reason| reason.quantity).sum::<i64>(), 84);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Periodic review with open orders as taught in logistics texts: order = mean daily use × (lead time + interval) +
/// reserve − stock − open orders. The order of the steps is a house rule.
pub fn suggest_all(
    columns: &OrderColumns<'_>,
    options: &OrderOptions,
) -> Result<Vec<OrderLine>, InventoryError> {
    let mut lines = vec![OrderLine::default(); columns.len()];
    suggest_into(columns, options, &mut lines)?;
    Ok(lines)
}

/// Like [`suggest_all`], into memory of the caller: `lines[i]` is row `i`.
///
/// # Errors
///
/// As [`suggest_all`]; also [`InventoryError::LengthMismatch`] when `lines` has not one entry per row.
pub fn suggest_into(
    columns: &OrderColumns<'_>,
    options: &OrderOptions,
    lines: &mut [OrderLine],
) -> Result<(), InventoryError> {
    columns.check()?;
    same_length("lines", lines.len(), columns.len())?;
    for (row, line) in lines.iter_mut().enumerate() {
        *line = match read(columns, row) {
            Ok(cells) => plan(&cells, options).ok_or(InventoryError::Overflow { what: "an order" })?,
            Err(error) if options.conflict == ConflictRule::OrderNothing && is_conflict(&error) => {
                OrderLine {
                    basis: basis(columns.demand),
                    outcome: Outcome::DataConflict,
                    ..OrderLine::default()
                }
            }
            Err(error) => return Err(error),
        };
    }
    Ok(())
}

const fn is_conflict(error: &InventoryError) -> bool {
    matches!(
        error,
        InventoryError::NegativeSellOut { .. }
            | InventoryError::NegativeStock { .. }
            | InventoryError::UnusableAboveStock { .. }
    )
}

const fn basis(demand: Demand<'_>) -> Basis {
    match demand {
        Demand::Rate { .. } => Basis::Rate,
        Demand::Forecast(_) => Basis::Forecast,
        Demand::Target(_) => Basis::Target,
        Demand::SalesMultiple { .. } => Basis::SalesMultiple,
    }
}

/// One row, checked: demand and safety as fractions `(numerator, denominator)`.
struct Cells {
    basis: Basis,
    demand: (i64, i64),
    safety: (i64, i64),
    backorder: i64,
    promotion: i64,
    on_hand: i64,
    unusable: i64,
    in_transit: i64,
    case_pack: i64,
    minimum: i64,
    pallet: i64,
    order_cap: i64,
    shelf_capacity: i64,
}

fn read(columns: &OrderColumns<'_>, row: usize) -> Result<Cells, InventoryError> {
    let get = |column: super::Column<'_>, name: &'static str, limit: i64| -> Result<i64, InventoryError> {
        let value = column.get(row).ok_or(InventoryError::LengthMismatch {
            column: name,
            given: row,
            expected: row,
        })?;
        if value < 0 {
            return Err(InventoryError::NegativeInput { column: name, row, value });
        }
        if value > limit {
            return Err(InventoryError::AboveLimit { column: name, row, value, limit });
        }
        Ok(value)
    };
    let at_least_one = |value: i64, name: &'static str| {
        if value < 1 { Err(InventoryError::NotPositive { column: name, row, value }) } else { Ok(value) }
    };
    let cap = |column: super::Column<'_>, name: &'static str| match column.get(row) {
        Some(UNLIMITED) => Ok(UNLIMITED),
        _ => get(column, name, MAX_PIECES),
    };
    let overflow = InventoryError::Overflow { what: "demand" };

    // Every cell is checked before the row is called contradictory: a bad cell is an error under any rule.
    let on_hand = columns.on_hand.get(row).copied().unwrap_or(0);
    if on_hand > MAX_PIECES {
        return Err(InventoryError::AboveLimit { column: "on hand", row, value: on_hand, limit: MAX_PIECES });
    }
    let mut sell_out = 0;
    let demand = match columns.demand {
        Demand::Rate { sold, sold_days, lead_days, review_days } => {
            let sold = get(sold, "sold", MAX_PIECES)?;
            let window = at_least_one(get(sold_days, "sold days", MAX_DAYS)?, "sold days")?;
            let lead = get(lead_days, "lead days", MAX_DAYS)?;
            let review = get(review_days, "review days", MAX_DAYS)?;
            let days = lead.checked_add(review).ok_or(overflow.clone())?;
            (sold.checked_mul(days).ok_or(overflow.clone())?, window)
        }
        Demand::Forecast(pieces) => (get(pieces, "forecast", MAX_PIECES)?, 1),
        Demand::Target(level) => (get(level, "target", MAX_PIECES)?, 1),
        Demand::SalesMultiple { previous_stock, received, factor } => {
            let previous = get(previous_stock, "previous stock", MAX_PIECES)?;
            let received = get(received, "received", MAX_PIECES)?;
            let before = previous.checked_add(received).ok_or(overflow.clone())?;
            sell_out = before.checked_sub(on_hand.max(0)).ok_or(overflow.clone())?;
            (sell_out.max(0).checked_mul(factor.numerator).ok_or(overflow.clone())?, factor.denominator)
        }
    };
    let safety = match (columns.safety, columns.demand) {
        (Safety::Pieces(column), _) => (get(column, "safety", MAX_PIECES)?, 1),
        (Safety::Thousandths(column), _) => (get(column, "safety", MAX_PIECES.saturating_mul(1000))?, 1000),
        (Safety::Days(days), Demand::Rate { sold, sold_days, .. }) => {
            let days = get(days, "safety days", MAX_DAYS)?;
            let sold = get(sold, "sold", MAX_PIECES)?;
            (sold.checked_mul(days).ok_or(overflow)?, get(sold_days, "sold days", MAX_DAYS)?)
        }
        (Safety::Days(_), _) => return Err(InventoryError::SafetyDaysWithoutRate),
    };
    let cells = Cells {
        basis: basis(columns.demand),
        demand,
        safety,
        backorder: get(columns.backorder, "backorder", MAX_PIECES)?,
        promotion: get(columns.promotion, "promotion", MAX_PIECES)?,
        on_hand,
        unusable: get(columns.unusable, "unusable", MAX_PIECES)?,
        in_transit: get(columns.in_transit, "in transit", MAX_PIECES)?,
        case_pack: at_least_one(get(columns.case_pack, "case pack", MAX_CASE_PIECES)?, "case pack")?,
        minimum: get(columns.minimum, "minimum", MAX_PIECES)?,
        pallet: get(columns.pallet, "pallet", MAX_PIECES)?,
        order_cap: cap(columns.order_cap, "order cap")?,
        shelf_capacity: cap(columns.shelf_capacity, "shelf capacity")?,
    };
    if cells.pallet.checked_rem(cells.case_pack) != Some(0) {
        return Err(InventoryError::PalletNotCases { row, pallet: cells.pallet, case_pack: cells.case_pack });
    }
    if on_hand < 0 {
        return Err(InventoryError::NegativeStock { row, on_hand });
    }
    if sell_out < 0 {
        return Err(InventoryError::NegativeSellOut { row, sell_out });
    }
    if cells.unusable > on_hand {
        return Err(InventoryError::UnusableAboveStock { row, unusable: cells.unusable, on_hand });
    }
    Ok(cells)
}

/// Quotient and rest of a fraction that is not negative.
fn whole(fraction: (i64, i64)) -> Option<(i64, i64)> {
    Some((fraction.0.checked_div(fraction.1)?, fraction.0.checked_rem(fraction.1)?))
}

/// Down to whole cases.
fn cases_down(pieces: i64, case: i64) -> Option<i64> {
    pieces.checked_sub(pieces.checked_rem(case)?)
}

/// Up to whole cases.
fn cases_up(pieces: i64, case: i64) -> Option<i64> {
    let down = cases_down(pieces, case)?;
    if down == pieces { Some(down) } else { down.checked_add(case) }
}

/// The order of one checked row; none only where a sum would leave 64 bits, which the limits rule out.
fn plan(cells: &Cells, options: &OrderOptions) -> Option<OrderLine> {
    let (demand, demand_rest) = whole(cells.demand)?;
    let (safety, safety_rest) = whole(cells.safety)?;
    // The two fractions together need 0, 1 or 2 more pieces.
    let whole_piece = if demand_rest == 0 && safety_rest == 0 {
        0
    } else {
        let rests = i128::from(demand_rest)
            .checked_mul(i128::from(cells.safety.1))?
            .checked_add(i128::from(safety_rest).checked_mul(i128::from(cells.demand.1))?)?;
        let one = i128::from(cells.demand.1).checked_mul(i128::from(cells.safety.1))?;
        if rests <= one { 1 } else { 2 }
    };
    let position = cells.on_hand.checked_sub(cells.unusable)?.checked_add(cells.in_transit)?;
    let wanted = demand
        .checked_add(safety)?
        .checked_add(cells.backorder)?
        .checked_add(cells.promotion)?
        .checked_add(whole_piece)?;
    let raw = wanted.checked_sub(position)?;
    let need = raw.max(0);
    let floor = need.checked_sub(raw)?;

    let case = cells.case_pack;
    let mut quantity = match options.case_rounding {
        CaseRounding::Up => cases_up(need, case)?,
        CaseRounding::Nearest => {
            let down = cases_down(need, case)?;
            let rest = need.checked_sub(down)?;
            if rest.checked_mul(2)? >= case { down.checked_add(case)? } else { down }
        }
    };
    let case_round = quantity.checked_sub(need)?;
    let mut outcome = if quantity > 0 { Outcome::Ordered } else { Outcome::NothingNeeded };

    let least = cases_up(cells.minimum, case)?;
    let mut minimum = 0;
    if quantity > 0 && quantity < least {
        let lifted = match options.minimum {
            MinimumRule::Lift => least,
            MinimumRule::OrderNothing => {
                outcome = Outcome::BelowMinimum;
                0
            }
        };
        minimum = lifted.checked_sub(quantity)?;
        quantity = lifted;
    }

    let mut pallet = 0;
    if cells.pallet > 0 && quantity > 0 {
        let started = quantity.checked_rem(cells.pallet)?;
        let enough = i64::from(options.pallet_percent.percent());
        // Caps come after, and take back what they cannot hold.
        if started > 0
            && i128::from(started).checked_mul(100)? >= i128::from(cells.pallet).checked_mul(enough.into())?
        {
            pallet = cells.pallet.checked_sub(started)?;
            quantity = quantity.checked_add(pallet)?;
        }
    }

    let order_cap = cut(&mut quantity, &mut outcome, cells.order_cap, case, least)?;
    let room = if cells.shelf_capacity == UNLIMITED {
        UNLIMITED
    } else {
        cells.shelf_capacity.checked_sub(position)?.max(0)
    };
    let shelf_capacity = cut(&mut quantity, &mut outcome, room, case, least)?;

    Some(OrderLine {
        basis: cells.basis,
        outcome,
        quantity,
        unmet: need.checked_sub(quantity)?.max(0),
        terms: [
            demand,
            safety,
            cells.backorder,
            cells.promotion,
            cells.on_hand.checked_neg()?,
            cells.unusable,
            cells.in_transit.checked_neg()?,
            whole_piece,
            floor,
            case_round,
            minimum,
            pallet,
            order_cap,
            shelf_capacity,
        ],
    })
}

/// Cuts the order to `cap`, whole cases, and returns the (negative) cut.
fn cut(quantity: &mut i64, outcome: &mut Outcome, cap: i64, case: i64, least: i64) -> Option<i64> {
    if *quantity <= cap {
        return Some(0);
    }
    let allowed = cases_down(cap, case)?;
    let (left, result) = if allowed == 0 {
        (0, Outcome::CapBelowCase)
    } else if allowed < least {
        (0, Outcome::CapBelowMinimum)
    } else {
        (allowed, Outcome::Capped)
    };
    let cut = left.checked_sub(*quantity)?;
    *quantity = left;
    *outcome = result;
    Some(cut)
}

//! How much must be sold for a promotion to pay for itself. Exact rationals throughout.

use endcap_types::{Exact, Rate};

use crate::{Measure, PromoError, Undefined};

/// The change of volume that leaves the contribution unchanged after a price change (盈亏平衡销量变化): `−d / (CM + d)`.
///
/// `contribution_margin` CM and `price_change` d are both shares of the old price; a cut is negative.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::break_even;
/// // 20 % off at a margin of 40 %: volume must double.
/// let change = break_even::of_price_change(&"40%".parse()?, &"-20%".parse()?)?;
/// assert_eq!(change.to_percent(0), "100%");
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Nagle & Müller, The Strategy and Tactics of Pricing: break-even sales change.
pub fn of_price_change(contribution_margin: &Rate, price_change: &Rate) -> Result<Measure, PromoError> {
    let (margin, change) = (contribution_margin.to_exact(), price_change.to_exact());
    threshold(&change.negated(), &margin.add(&change)?)
}

/// Units that earn a fixed cost back (保本销量): `F / (price − unit cost)`.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// Textbook break-even quantity.
pub fn of_fixed_cost(price: &Exact, unit_cost: &Exact, fixed_cost: &Exact) -> Result<Measure, PromoError> {
    threshold(fixed_cost, &price.sub(unit_cost)?)
}

/// A supplier's promotion as its break-even sees it; money in one unit, major or minor, throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundedEvent {
    /// Units expected without the event, B.
    pub base_units: Exact,
    /// Supply price less unit cost, m.
    pub unit_contribution: Exact,
    /// Paid to the retailer per unit sold, base units included, f.
    pub unit_funding: Exact,
    /// Paid whatever is sold, F.
    pub fixed_spend: Exact,
    /// Share of the increment that is missing afterwards, a.
    pub pull_forward_share: Exact,
    /// Share of the increment taken from the supplier's other items, b.
    pub cannibalised_share: Exact,
    /// Contribution of one unit of those, m_c.
    pub cannibalised_unit_contribution: Exact,
}

/// Where the event breaks even (盈亏平衡点).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BreakEven {
    /// Units on top of the base.
    pub incremental_units: Measure,
    /// Units in all.
    pub units: Measure,
    /// Units on top as a share of the base.
    pub lift: Measure,
}

/// The break-even of a funded event: `inc* = (B·f + F) / (m − f − a·m − b·m_c)`, `lift* = inc* / B`.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::{break_even, FundedEvent};
/// use endcap_types::Exact;
/// let point = break_even::of_funding(&FundedEvent {
///     base_units: Exact::from_int(20_000), unit_contribution: Exact::ratio(12, 5)?, // 2.40
///     unit_funding: Exact::ONE, fixed_spend: Exact::from_int(5_000),
///     pull_forward_share: Exact::ZERO, cannibalised_share: Exact::ZERO,
///     cannibalised_unit_contribution: Exact::ZERO,
/// })?;
/// assert_eq!(point.units.ceiling(), Some(37_858));
/// assert_eq!(point.lift.to_percent(1), "89.3%");
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: the textbook break-even with funding paid on base units too and with leakage.
pub fn of_funding(event: &FundedEvent) -> Result<BreakEven, PromoError> {
    let m = &event.unit_contribution;
    let cost = event.base_units.mul(&event.unit_funding)?.add(&event.fixed_spend)?;
    let pulled = event.pull_forward_share.mul(m)?;
    let taken = event.cannibalised_share.mul(&event.cannibalised_unit_contribution)?;
    let earned = m.sub(&event.unit_funding)?.sub(&pulled)?.sub(&taken)?;
    let incremental_units = threshold(&cost, &earned)?;
    let (units, lift) = match &incremental_units {
        Measure::Value(increment) => (
            Measure::Value(event.base_units.add(increment)?),
            Measure::ratio(increment, &event.base_units, Undefined::ZeroBase)?,
        ),
        other => (other.clone(), other.clone()),
    };
    Ok(BreakEven { incremental_units, units, lift })
}

/// `needed / earned`, or never when nothing is earned per unit.
fn threshold(needed: &Exact, earned: &Exact) -> Result<Measure, PromoError> {
    if earned.signum() <= 0 {
        return Ok(Measure::Never);
    }
    Ok(Measure::Value(needed.div(earned)?))
}

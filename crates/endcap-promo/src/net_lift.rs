//! From gross to net: what was only moved in time or taken from a neighbour is not a gain.

use endcap_types::Exact;

use crate::{Measure, PromoError, Undefined};

/// Units of the event and of the weeks and items around it.
///
/// Margins are money per unit, all in one unit of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetLiftInput {
    /// Expected units in the event.
    pub base: Exact,
    /// Sold units in the event.
    pub actual: Exact,
    /// Expected units in the cooldown.
    pub post_base: Exact,
    /// Sold units in the cooldown.
    pub post_actual: Exact,
    /// Expected units between announcement and start.
    pub pre_base: Exact,
    /// Sold units between announcement and start.
    pub pre_actual: Exact,
    /// Units lost on the supplier's other items.
    pub cannibalised_units: Exact,
    /// Units gained on other items.
    pub halo_units: Exact,
    /// Margin per unit of the promoted item.
    pub margin_own: Exact,
    /// Margin per unit of the items that lost.
    pub margin_cannibalised: Exact,
    /// Margin per unit of the items that gained.
    pub margin_halo: Exact,
}

/// What is left after timing and neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NetLift {
    /// `actual − base` over the event (毛增量).
    pub gross_incremental: Exact,
    /// `base − actual` over the cooldown, signed: a rise is negative (活动后回落).
    pub post_dip: Exact,
    /// `base − actual` before the start, signed (活动前观望).
    pub pre_dip: Exact,
    /// `gross − post dip − pre dip` (净增量).
    pub net_incremental: Exact,
    /// `own·m − cannibalised·m_c + halo·m_h`.
    pub net_incremental_margin: Exact,
    /// `(post dip + pre dip) / gross`; undefined when nothing was gained (提前消费占比).
    pub pull_forward_share: Measure,
}

/// Nets an event for pull-forward, cannibalisation and halo (净增量测算).
///
/// # Errors
///
/// - [`PromoError::Types`] when a result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::{net_lift, NetLiftInput};
/// use endcap_types::Exact;
/// let units = Exact::from_int;
/// let net = net_lift::net(&NetLiftInput {
///     base: units(1_000), actual: units(1_600), post_base: units(500), post_actual: units(380),
///     pre_base: units(250), pre_actual: units(240), cannibalised_units: units(0), halo_units: units(0),
///     margin_own: units(1), margin_cannibalised: units(0), margin_halo: units(0),
/// })?;
/// assert_eq!((net.gross_incremental, net.net_incremental), (units(600), units(470)));
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: both dips are signed, so a rise afterwards adds.
pub fn net(input: &NetLiftInput) -> Result<NetLift, PromoError> {
    let gross_incremental = input.actual.sub(&input.base)?;
    let post_dip = input.post_base.sub(&input.post_actual)?;
    let pre_dip = input.pre_base.sub(&input.pre_actual)?;
    let moved = post_dip.add(&pre_dip)?;
    let net_incremental = gross_incremental.sub(&moved)?;
    let lost = input.cannibalised_units.mul(&input.margin_cannibalised)?;
    let gained = input.halo_units.mul(&input.margin_halo)?;
    let net_incremental_margin = net_incremental.mul(&input.margin_own)?.sub(&lost)?.add(&gained)?;
    let pull_forward_share = Measure::ratio(&moved, &gross_incremental, Undefined::NoIncrement)?;
    Ok(NetLift {
        gross_incremental,
        post_dip,
        pre_dip,
        net_incremental,
        net_incremental_margin,
        pull_forward_share,
    })
}

/// Units the retailer bought ahead of need (囤货): `sell-in − sell-out − planned change of its stock`.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// House rule: events are judged on sell-out; sell-in lift of an off-invoice deal is mostly a shift in time.
pub fn forward_buy(
    sell_in: &Exact,
    sell_out: &Exact,
    planned_stock_change: &Exact,
) -> Result<Exact, PromoError> {
    Ok(sell_in.sub(sell_out)?.sub(planned_stock_change)?)
}

//! Promotion figures with their denominators named. Exact rationals throughout.

use endcap_types::{Exact, Rate};

use crate::{Measure, PromoError, Undefined};

/// Lift (提升率): `incremental / base`; the caller names the base (whole chain, or promoting stores only).
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::kpi;
/// use endcap_types::Exact;
/// let increment = Exact::from_int(150);
/// assert_eq!(kpi::lift(&increment, &Exact::from_int(1_500))?.to_percent(0), "10%"); // of the chain
/// assert_eq!(kpi::lift(&increment, &Exact::from_int(300))?.to_percent(0), "50%"); // of promoting stores
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Standard trade-promotion measure.
pub fn lift(incremental: &Exact, base: &Exact) -> Result<Measure, PromoError> {
    Measure::ratio(incremental, base, Undefined::ZeroBase)
}

/// Whether an efficiency can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum EfficiencyFlag {
    /// Between 0 and 1.
    Plausible,
    /// More came on top than was sold on promotion: the baseline is wrong or the item line too fine.
    EfficiencyAboveOne,
    /// Less was sold than expected.
    EfficiencyBelowZero,
    /// Nothing was sold on promotion.
    Undefined,
}

/// Efficiency of a promotion and what it subsidised.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Efficiency {
    /// `incremental / promoted volume` (有效率).
    pub efficiency: Measure,
    /// `1 − efficiency`: would have sold anyway.
    pub subsidised_base_share: Measure,
    /// Whether to believe it.
    pub flag: EfficiencyFlag,
}

/// Efficiency (有效率): the share of the promoted volume that came on top.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// Standard trade-promotion measure; the flags are a house rule.
pub fn efficiency(incremental: &Exact, promoted_volume: &Exact) -> Result<Efficiency, PromoError> {
    let efficiency = Measure::ratio(incremental, promoted_volume, Undefined::NothingSold)?;
    let (subsidised_base_share, flag) = match &efficiency {
        Measure::Value(share) => {
            let flag = if *share > Exact::ONE {
                EfficiencyFlag::EfficiencyAboveOne
            } else if share.signum() < 0 {
                EfficiencyFlag::EfficiencyBelowZero
            } else {
                EfficiencyFlag::Plausible
            };
            (Measure::Value(Exact::ONE.sub(share)?), flag)
        }
        other => (other.clone(), EfficiencyFlag::Undefined),
    };
    Ok(Efficiency { efficiency, subsidised_base_share, flag })
}

/// What the spend bought; money in one unit throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Return {
    /// `spend / incremental units`.
    pub cost_per_incremental_unit: Measure,
    /// `(incremental margin − spend) / incremental units`.
    pub net_per_incremental_unit: Measure,
    /// `incremental margin − spend`.
    pub net_profit: Exact,
    /// `incremental margin / spend` (毛投入产出比).
    pub roi_gross: Measure,
    /// `roi_gross − 1` (净投入产出比).
    pub roi_net: Measure,
}

/// Return on spend (投入产出比), gross and net by name: "ROI" alone is read both ways.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::kpi;
/// use endcap_types::Exact;
/// // 50,000 spent, 20,000 units on top at a margin of 1.80: 0.70 lost on each.
/// let got = kpi::return_on_spend(&Exact::from_int(36_000), &Exact::from_int(50_000), &Exact::from_int(20_000))?;
/// assert_eq!(got.roi_gross.to_percent(0), "72%");
/// assert_eq!(got.roi_net.to_percent(0), "-28%");
/// assert_eq!(got.net_profit, Exact::from_int(-14_000));
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Standard measures; both names are a house rule.
pub fn return_on_spend(
    incremental_margin: &Exact,
    spend: &Exact,
    incremental_units: &Exact,
) -> Result<Return, PromoError> {
    let net_profit = incremental_margin.sub(spend)?;
    Ok(Return {
        cost_per_incremental_unit: Measure::ratio(spend, incremental_units, Undefined::NoIncrement)?,
        net_per_incremental_unit: Measure::ratio(&net_profit, incremental_units, Undefined::NoIncrement)?,
        roi_gross: Measure::ratio(incremental_margin, spend, Undefined::ZeroSpend)?,
        roi_net: Measure::ratio(&net_profit, spend, Undefined::ZeroSpend)?,
        net_profit,
    })
}

/// Pass-through (让利传导率): shelf price cut per unit over allowance per unit; above 1 the retailer adds of its own.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// Standard trade-promotion measure.
pub fn pass_through(shelf_cut: &Exact, allowance: &Exact) -> Result<Measure, PromoError> {
    Measure::ratio(shelf_cut, allowance, Undefined::NoAllowance)
}

/// How several drivers combine (叠加方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Composition {
    /// `base · Π(1 + lift)`.
    Multiplicative,
    /// `base + Σ base·lift`.
    Additive,
}

/// Volume under several lifts at once; the result does not depend on their order.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// Farris et al., Marketing Metrics, ch. 8: say which composition is meant.
pub fn composed_volume(base: &Exact, lifts: &[Rate], how: Composition) -> Result<Exact, PromoError> {
    let mut volume = base.clone();
    for lift in lifts {
        let on = if how == Composition::Multiplicative { volume.clone() } else { base.clone() };
        volume = volume.add(&on.mul(&lift.to_exact())?)?;
    }
    Ok(volume)
}

/// Gross margin return on stock (GMROI 库存毛利回报): gross margin over average stock at cost.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// Standard retail measure.
pub fn gmroi(gross_margin: &Exact, average_stock_cost: &Exact) -> Result<Measure, PromoError> {
    Measure::ratio(gross_margin, average_stock_cost, Undefined::NoStock)
}

/// Lift of a bonus pack (加量装提升) in content: `packs·multiplier / base packs − 1`.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// House rule: bonus packs are judged in equivalised volume.
pub fn bonus_pack_lift(packs: &Exact, multiplier: &Exact, base_packs: &Exact) -> Result<Measure, PromoError> {
    let increment = packs.mul(multiplier)?.sub(base_packs)?;
    Measure::ratio(&increment, base_packs, Undefined::ZeroBase)
}

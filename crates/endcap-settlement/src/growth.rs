//! Growth rebates and free goods: two relatives of the tier table.

use endcap_types::{Exact, RoundingMode};

use crate::{SettlementError, TierMethod, TierTable};

/// 增长返利基数: on what a growth rebate pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GrowthBase {
    /// On the whole amount of the period.
    Total,
    /// On the increment over the reference.
    Increment,
}

/// 增长返利: the band is chosen by growth in percent over `reference`, and pays on the total or the increment.
///
/// `growth = (base − reference) / reference × 100`; thresholds of `table` are percent points of growth.
///
/// # Errors
/// - [`SettlementError::GrowthReference`] when `reference` is not above zero.
///
/// # Examples
/// ```
/// use endcap_settlement::{growth_rebate, Boundary, GrowthBase, Tier, TierTable};
/// use endcap_types::Exact;
/// let table = TierTable::new(
///     [Tier::rate(0.into(), "0%".parse()?), Tier::rate(5.into(), "1%".parse()?), Tier::rate(10.into(), "2%".parse()?)],
///     Boundary::ReachedAt,
/// )?;
/// let paid = growth_rebate(&table, GrowthBase::Total, &Exact::from_int(1_060_000), &Exact::from_int(1_000_000))?;
/// assert_eq!(paid, Exact::from_int(10_600)); // 6 % growth selects 1 %
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Growth rebates of condition contracts; the zero reference as an error is a house rule.
pub fn growth_rebate(
    table: &TierTable,
    on: GrowthBase,
    base: &Exact,
    reference: &Exact,
) -> Result<Exact, SettlementError> {
    if reference.signum() <= 0 {
        return Err(SettlementError::GrowthReference { reference: reference.to_string() });
    }
    let increment = base.sub(reference)?;
    let growth = increment.mul(&Exact::from_int(100))?.div(reference)?;
    let Some(band) = table.bands(TierMethod::Whole, &growth).pop() else { return Ok(Exact::ZERO) };
    let paid_on = match on {
        GrowthBase::Total => base,
        GrowthBase::Increment => &increment,
    };
    Ok(paid_on.mul(&band.pay.factor())?.add(&Exact::from_decimal(band.flat))?)
}

/// 搭赠: units free of charge, `free` for every full `multiple` bought; none for a negative quantity.
///
/// # Errors
/// - [`SettlementError::FreeGoodsMultiple`] when `multiple` is not above zero.
///
/// # Examples
/// ```
/// use endcap_settlement::free_goods;
/// use endcap_types::Exact;
/// // Two free for every hundred, on 150 bought.
/// let free = free_goods(&Exact::from_int(150), &Exact::from_int(100), &Exact::from_int(2))?;
/// assert_eq!(free, Exact::from_int(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Free-goods deals of published rebate engines.
pub fn free_goods(quantity: &Exact, multiple: &Exact, free: &Exact) -> Result<Exact, SettlementError> {
    if multiple.signum() <= 0 {
        return Err(SettlementError::FreeGoodsMultiple { multiple: multiple.to_string() });
    }
    if quantity.signum() <= 0 {
        return Ok(Exact::ZERO);
    }
    let multiples = quantity.div(multiple)?.round_to_int(RoundingMode::Floor)?;
    Ok(Exact::from_int(multiples).mul(free)?)
}

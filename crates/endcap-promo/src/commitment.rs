//! What promotions cost that are not paid per unit sold: coupons, points, rebates, prizes. Exact rationals throughout.
//!
//! Amounts are minor units of one currency; nothing is rounded here, because provisions are posted elsewhere.

use endcap_types::{Exact, Rate};

use crate::PromoError;

/// A coupon drop (优惠券投放).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CouponDrop {
    /// Coupons handed out.
    pub distributed: u64,
    /// Share that comes back (核销率).
    pub redemption: Rate,
    /// Share of those that come back that were used against the rules; they still cost money.
    pub misredemption: Rate,
    /// Face value of one.
    pub face: Exact,
    /// Clearing cost of one.
    pub handling: Exact,
}

/// What a coupon drop is expected to come to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CouponCost {
    /// `distributed · redemption`.
    pub redemptions: Exact,
    /// `redemptions · (1 − misredemption)`.
    pub valid_uses: Exact,
    /// `redemptions · (face + handling)`.
    pub cost: Exact,
}

/// Expected cost of a coupon drop (优惠券预计成本).
///
/// # Errors
///
/// - [`PromoError::Types`] when a result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::commitment::{self, CouponDrop};
/// use endcap_types::Exact;
/// let cost = commitment::coupons(&CouponDrop {
///     distributed: 100_000, redemption: "3.5%".parse()?, misredemption: "10%".parse()?,
///     face: Exact::from_int(500), handling: Exact::from_int(40), // 5.00 and 0.40
/// })?;
/// assert_eq!(cost.redemptions, Exact::from_int(3_500));
/// assert_eq!(cost.cost, Exact::from_int(1_890_000)); // 18,900.00
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: misredeemed coupons cost money too.
pub fn coupons(drop: &CouponDrop) -> Result<CouponCost, PromoError> {
    let redemptions = Exact::from_int(i128::from(drop.distributed)).mul(&drop.redemption.to_exact())?;
    Ok(CouponCost {
        valid_uses: redemptions.mul(&drop.misredemption.complement()?.to_exact())?,
        cost: redemptions.mul(&drop.face.add(&drop.handling)?)?,
        redemptions,
    })
}

/// Liability of points handed out (积分负债): `points · value · (1 − breakage)`.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// IFRS 15, B39–B43: the share expected to be used is a liability.
pub fn points_liability(points: u64, value_per_point: &Exact, breakage: &Rate) -> Result<Exact, PromoError> {
    let used = Exact::from_int(i128::from(points)).mul(&breakage.complement()?.to_exact())?;
    Ok(used.mul(value_per_point)?)
}

/// Expected cost of a rebate that shoppers must claim (返现预计成本): `units · rebate · claim rate`.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// House rule: what is not claimed is released only after the claim period.
pub fn rebate(units: &Exact, rebate: &Exact, claim_rate: &Rate) -> Result<Exact, PromoError> {
    Ok(units.mul(rebate)?.mul(&claim_rate.to_exact())?)
}

/// One class of prizes (奖项).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Prize {
    /// How many.
    pub count: u32,
    /// What one is worth.
    pub value: Exact,
}

/// A pool of prizes against a legal cap on the single prize (奖池).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PrizePool {
    /// `Σ count · value`: certain when every prize is awarded, whatever is sold.
    pub cost: Exact,
    /// Positions of the prizes worth more than the cap.
    pub above_cap: Vec<usize>,
}

/// Cost of a prize pool, and the prizes above the cap (奖池成本).
///
/// The cap is the caller's: it differs by country and year.
///
/// # Errors
///
/// - [`PromoError::Types`] when the result leaves the range of exact numbers.
///
/// # Source
///
/// House rule: a legal cap is a parameter.
pub fn prize_pool(prizes: &[Prize], cap: &Exact) -> Result<PrizePool, PromoError> {
    let mut pool = PrizePool { cost: Exact::ZERO, above_cap: Vec::new() };
    for (at, prize) in prizes.iter().enumerate() {
        pool.cost = pool.cost.add(&prize.value.mul(&Exact::from_int(i128::from(prize.count)))?)?;
        if prize.count > 0 && prize.value > *cap {
            pool.above_cap.push(at);
        }
    }
    Ok(pool)
}

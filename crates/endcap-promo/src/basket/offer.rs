//! What an offer gives, mechanic by mechanic.

use endcap_types::{Money, Rate, SkuId};

use super::PriceCut;

/// Which units of a set get the discount; never left to chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Pick {
    /// The cheapest units of the whole eligible set.
    Cheapest,
    /// Sorted by price descending and cut into groups: the cheapest of each group. Best for the shopper.
    CheapestOfGroup,
    /// The dearest units of the whole eligible set.
    MostExpensive,
}

/// How free units of buy-n-get-m are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Counting {
    /// The free units lie in the basket: `⌊q/(n+m)⌋·m + max(0, q mod (n+m) − n)` of them are free.
    Inclusive,
    /// Everything in the basket is paid; `⌊q/n⌋·m` more are handed out.
    Added,
}

/// How far a volume tier reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TierMode {
    /// The tier reached applies to every unit (全部).
    AllUnits,
    /// Unit `i`, dearest first, gets the tier that `i` reaches (递进).
    Marginal,
}

/// One step of a volume tier: from this many units on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct UnitStep {
    /// Units from which it holds.
    pub from_units: u32,
    /// What each unit gets.
    pub cut: PriceCut,
}

/// One step of a spend threshold with an amount off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AmountStep {
    /// Eligible spend from which it holds: 100.00 reaches 100.00, 99.99 does not.
    pub spend: Money,
    /// Amount off.
    pub off: Money,
}

/// One step of a spend threshold with a percentage off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RateStep {
    /// Eligible spend from which it holds.
    pub spend: Money,
    /// Rate off.
    pub rate: Rate,
}

/// How a spend threshold pays (满减 / 满折).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Threshold {
    /// Once, when reached (满减).
    Once(AmountStep),
    /// For every full multiple (每满减): `⌊S/T⌋ · off`.
    Repeat(AmountStep),
    /// The highest step reached, not the sum of them (阶梯满减).
    Tiered(Vec<AmountStep>),
    /// The rate of the highest step reached, on the whole eligible spend (满折).
    Percent(Vec<RateStep>),
}

/// What a gift is given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GiftFor {
    /// For every so many eligible units.
    Units(u32),
    /// For every full multiple of eligible spend.
    Spend(Money),
}

/// One place of a bundle: units of any of these items.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Slot {
    /// Items that fill it.
    pub skus: Vec<SkuId>,
    /// Units it takes.
    pub units: u32,
}

/// Money a shopper may claim later (返现).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RebateRule {
    /// A share of the eligible spend, rounded once.
    Rate(Rate),
    /// An amount, at most the eligible spend.
    Amount(Money),
}

/// What an offer gives at the till (促销方式).
///
/// The numbers are the mechanics' places in the catalogue of twenty; the ones without a till (bonus packs, prize
/// draws, sampling, leaflets, displays, promoters) are costed in [`crate::tactic`].
///
/// # Source
///
/// House rule: twenty mechanics grouped by how money moves. 折 is what the shopper pays: 8.5折 = 15 % off.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum Offer {
    /// 1. Price cut (直降 / 特价) on every eligible unit. With a window and counters it is 6, limited (限时限量).
    PriceCut {
        /// Percent, amount or fixed price.
        cut: PriceCut,
    },
    /// 2. The nth unit at a rate off (第二件N折). Incomplete groups get nothing.
    NthUnit {
        /// Units of a group.
        every: u32,
        /// Rate off the discounted unit: 第二件5折 is 50 %, 第二件1折 is 90 %.
        rate: Rate,
        /// Which unit.
        pick: Pick,
    },
    /// 3. Volume tier (多件阶梯).
    VolumeTier {
        /// Steps, rising.
        steps: Vec<UnitStep>,
        /// All units, or from the step on.
        mode: TierMode,
    },
    /// 4. Spend threshold (满减 / 满折) on the eligible spend after the earlier stages.
    SpendThreshold {
        /// How it pays.
        threshold: Threshold,
    },
    /// 5. Member price (会员价); a guest pays the regular price.
    MemberPrice {
        /// Price of a unit.
        price: Money,
    },
    /// 7. Buy n get m (买N赠M).
    BuyGet {
        /// Units paid.
        buy: u32,
        /// Units free.
        free: u32,
        /// In the basket or on top.
        counting: Counting,
        /// Which units are free.
        pick: Pick,
    },
    /// 8. Gift with purchase (买赠).
    Gift {
        /// What it is given for.
        given_for: GiftFor,
        /// The gift, then its substitutes in order.
        gifts: Vec<SkuId>,
        /// What one is worth to the shopper.
        value: Money,
    },
    /// 9. Purchase with purchase (加价换购): per `spend` on other lines, `units` of the add-on at `price`.
    AddOn {
        /// Spend on other lines.
        spend: Money,
        /// The add-on; its own price does not count towards the spend.
        addon: SkuId,
        /// Price of an add-on unit.
        price: Money,
        /// Units per multiple of the spend.
        units: u32,
    },
    /// 10. Bundle (捆绑 / 套装): complete sets at a price.
    Bundle {
        /// Places of the set; an item stands in one of them only.
        slots: Vec<Slot>,
        /// Price of a set.
        price: Money,
    },
    /// 12. Coupon (优惠券), one a transaction, never above the basket.
    Coupon {
        /// Its face value.
        face: Money,
        /// Eligible spend it asks for.
        minimum: Money,
    },
    /// 13. Rebate (返现 / 退费): the shopper pays in full and claims later.
    Rebate {
        /// What may be claimed.
        rule: RebateRule,
        /// Eligible spend it asks for.
        minimum: Money,
    },
    /// 14. Points (积分 / 集点): `⌊spend / per⌋ · points`, on what is left to pay.
    Points {
        /// Spend of one step.
        per: Money,
        /// Points a step.
        points: u32,
    },
    /// 15. Trade-in (以旧换新): an allowance for each old item handed over, at most the price of the new one.
    TradeIn {
        /// Off a new unit.
        allowance: Money,
        /// What an old item is worth to the payer: cost = allowance − residual.
        residual: Money,
    },
}

/// When an offer acts (优惠阶段): items, then sets, then the basket, then points and claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Stage {
    /// Unit by unit: 1, 3, 5, 6, 15.
    Item,
    /// Sets of units: 2, 7, 9, 10.
    Set,
    /// The eligible spend: 4, 12.
    Basket,
    /// After paying: 8, 13, 14.
    After,
}

impl Stage {
    /// Its name, as in error messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Set => "set",
            Self::Basket => "basket",
            Self::After => "after",
        }
    }
}

/// Whether cutting a basket in two can gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitSafety {
    /// Two baskets never get more than one, but for the rounding of a line.
    NeverGains,
    /// Two baskets may get more: the offer pays once a basket, or picks the cheapest of the whole set.
    MayGain,
}

impl Offer {
    /// The stage it acts in.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match self {
            Self::PriceCut { .. }
            | Self::VolumeTier { .. }
            | Self::MemberPrice { .. }
            | Self::TradeIn { .. } => Stage::Item,
            Self::NthUnit { .. } | Self::BuyGet { .. } | Self::AddOn { .. } | Self::Bundle { .. } => {
                Stage::Set
            }
            Self::SpendThreshold { .. } | Self::Coupon { .. } => Stage::Basket,
            Self::Gift { .. } | Self::Rebate { .. } | Self::Points { .. } => Stage::After,
        }
    }

    /// Whether a shopper gains by paying in two goes.
    ///
    /// # Source
    ///
    /// House rule; proved by a property test for each offer that claims [`SplitSafety::NeverGains`].
    #[must_use]
    pub const fn split_safety(&self) -> SplitSafety {
        match self {
            Self::PriceCut { .. }
            | Self::MemberPrice { .. }
            | Self::NthUnit { pick: Pick::CheapestOfGroup, .. }
            | Self::BuyGet { counting: Counting::Inclusive, pick: Pick::CheapestOfGroup, .. }
            | Self::SpendThreshold { threshold: Threshold::Repeat(_) } => SplitSafety::NeverGains,
            _ => SplitSafety::MayGain,
        }
    }

    /// Its name in English and Chinese.
    #[must_use]
    pub const fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::PriceCut { .. } => ("price cut", "直降"),
            Self::NthUnit { .. } => ("nth unit", "第N件折扣"),
            Self::VolumeTier { .. } => ("volume tier", "多件阶梯"),
            Self::SpendThreshold { .. } => ("spend threshold", "满减"),
            Self::MemberPrice { .. } => ("member price", "会员价"),
            Self::BuyGet { .. } => ("buy n get m", "买N赠M"),
            Self::Gift { .. } => ("gift with purchase", "买赠"),
            Self::AddOn { .. } => ("purchase with purchase", "加价换购"),
            Self::Bundle { .. } => ("bundle", "捆绑"),
            Self::Coupon { .. } => ("coupon", "优惠券"),
            Self::Rebate { .. } => ("rebate", "返现"),
            Self::Points { .. } => ("points", "积分"),
            Self::TradeIn { .. } => ("trade-in", "以旧换新"),
        }
    }
}

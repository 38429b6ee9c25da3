//! What a basket comes to, line by line, offer by offer.

use std::collections::BTreeMap;

use endcap_types::{Currency, Money, PromotionId, SkuId};

use super::{Funder, LimitScope, Stage};

/// Goods handed out on top of the basket (赠品).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Handout {
    /// The item.
    pub sku: SkuId,
    /// Units.
    pub units: u64,
    /// What they are worth to the shopper together.
    pub value: Money,
}

/// What became of an offer (执行结果), and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "status", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Status {
    /// It applied in full.
    Applied,
    /// It applied as far as a limit allowed (触顶).
    CapReached {
        /// The limit that bit.
        scope: LimitScope,
    },
    /// Units are missing for one application.
    UnitsShort {
        /// How many more units it takes.
        missing: u64,
    },
    /// Spend is missing for one application.
    SpendShort {
        /// How much more it takes.
        missing: Money,
    },
    /// Gifts ran out, substitutes included; what was left has been handed out.
    GiftsShort {
        /// Gifts that could not be given.
        missing: u64,
    },
    /// Another offer of its group was taken instead (互斥).
    SetAside {
        /// The offer taken.
        taken: PromotionId,
        /// What this one would have been worth to the shopper.
        forgone: Money,
    },
    /// An offer it does not go with had applied before (互斥).
    Excluded {
        /// That offer.
        by: PromotionId,
    },
    /// Store time is outside the window.
    OutsideWindow,
    /// The shopper is not a member.
    MembersOnly,
    /// No old item was handed over.
    NothingTradedIn,
    /// Nothing in the basket is eligible, or other sets had used it up.
    NothingEligible,
}

/// One offer and what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AppliedOffer {
    /// The offer.
    pub offer: PromotionId,
    /// Its name in English and Chinese.
    pub names: (&'static str, &'static str),
    /// When it acted.
    pub stage: Stage,
    /// What became of it.
    pub status: Status,
    /// Off at the till.
    pub discount: Money,
    /// Units with money off: what counters of units go up by.
    pub units: u64,
    /// May be claimed later.
    pub later: Money,
    /// Points earned.
    pub points: u64,
    /// Handed out on top.
    pub handed_out: Vec<Handout>,
    /// What the payer gets back for old items.
    pub recovered: Money,
    /// Who pays how much of what the shopper gets (till, claims and goods at value): sums to it.
    pub funding: BTreeMap<Funder, Money>,
}

impl AppliedOffer {
    /// What the shopper gets: off at the till, claims later, goods at value.
    ///
    /// # Errors
    ///
    /// - [`endcap_types::TypesError`] beyond the range of money; within the limits of a basket it does not happen.
    pub fn worth(&self) -> Result<Money, endcap_types::TypesError> {
        let goods = Money::sum(self.handed_out.iter().map(|out| out.value), self.discount.currency())?;
        self.discount.checked_add(&self.later)?.checked_add(&goods)
    }
}

/// One lot of the basket and what is left to pay for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LineOutcome {
    /// The item.
    pub sku: SkuId,
    /// Regular price of a unit.
    pub unit_price: Money,
    /// Units.
    pub units: u64,
    /// Regular price of the line.
    pub list: Money,
    /// Off, by offer, in the order of ids.
    pub discounts: BTreeMap<PromotionId, Money>,
    /// Off together.
    pub discount: Money,
    /// Left to pay.
    pub pay: Money,
}

/// A settled basket (结算小票): `list − discount = pay`, line by line and in total.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BasketSettlement {
    /// Currency of every amount.
    pub currency: Currency,
    /// Lots in the order of item and price.
    pub lines: Vec<LineOutcome>,
    /// Offers in the order they acted, those that did nothing included.
    pub offers: Vec<AppliedOffer>,
    /// At regular prices.
    pub list: Money,
    /// Off at the till.
    pub discount: Money,
    /// To pay now.
    pub pay: Money,
}

impl BasketSettlement {
    /// What became of one offer.
    #[must_use]
    pub fn offer(&self, id: &PromotionId) -> Option<&AppliedOffer> {
        self.offers.iter().find(|offer| offer.offer == *id)
    }

    /// What each payer pays over all offers.
    ///
    /// # Errors
    ///
    /// - [`endcap_types::TypesError`] beyond the range of money; within the limits of a basket it does not happen.
    pub fn funding(&self) -> Result<BTreeMap<Funder, Money>, endcap_types::TypesError> {
        let mut totals: BTreeMap<Funder, Money> = BTreeMap::new();
        for (funder, amount) in self.offers.iter().flat_map(|offer| &offer.funding) {
            let total = totals.entry(funder.clone()).or_insert_with(|| Money::zero(self.currency));
            *total = total.checked_add(amount)?;
        }
        Ok(totals)
    }

    /// Points over all offers.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.offers.iter().fold(0, |sum, offer| sum.saturating_add(offer.points))
    }

    /// Goods handed out over all offers.
    pub fn handed_out(&self) -> impl Iterator<Item = &Handout> {
        self.offers.iter().flat_map(|offer| &offer.handed_out)
    }
}

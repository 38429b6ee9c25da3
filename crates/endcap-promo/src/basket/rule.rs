//! One offer with its terms: for whom, on what, when, how much of it, and who pays.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use endcap_types::{AccountId, Currency, Money, PromotionId, Rate, SkuId};

use super::{BasketError, GiftFor, Offer, PriceCut, RebateRule, Threshold};
use crate::limits::{MAX_BASKET_MINOR, MAX_GROUP};

/// What an offer counts and discounts (适用商品).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Scope {
    /// Everything in the basket.
    All,
    /// These items.
    Only(BTreeSet<SkuId>),
    /// Everything but these items.
    AllBut(BTreeSet<SkuId>),
}

impl Scope {
    /// Whether an item is eligible.
    #[must_use]
    pub fn contains(&self, sku: &SkuId) -> bool {
        match self {
            Self::All => true,
            Self::Only(skus) => skus.contains(sku),
            Self::AllBut(skus) => !skus.contains(sku),
        }
    }
}

/// For whom (适用人群).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Audience {
    /// Every shopper.
    Everyone,
    /// Members of the loyalty programme (会员).
    Members,
}

/// When (有效时间), in store time, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Window {
    /// At any time.
    Always,
    /// From a moment up to, not including, another.
    Between {
        /// First moment.
        from: NaiveDateTime,
        /// First moment after it.
        to: NaiveDateTime,
    },
}

/// Whether a unit used in a set can be used by another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum UnitUse {
    /// Used up: no other set takes it.
    Consumed,
    /// Left for others.
    Shared,
}

/// Over what a limit counts (限额口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum LimitScope {
    /// One application: a group, a set, a multiple of a threshold, a line of a price cut.
    Application,
    /// One basket.
    Basket,
    /// One customer; what went before comes in [`super::Context`].
    Customer,
    /// One store and day; likewise.
    StoreDay,
    /// The whole promotion: its stock or its budget; likewise.
    Total,
}

/// How much of an offer there is (限量): the smallest remainder counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Limits {
    /// Most units discounted; a per-application count has no meaning and is ignored.
    pub units: BTreeMap<LimitScope, u64>,
    /// Most money off. A limit that bites leaves the rest of the allowance, it does not cancel the offer.
    pub amounts: BTreeMap<LimitScope, Money>,
    /// Most applications in one basket; absent when unlimited.
    pub applications: Option<u64>,
}

/// Who pays for the discount (费用承担方).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Funder {
    /// The chain (零售商).
    Retailer,
    /// The supplier this program works for (供应商).
    Supplier,
    /// Somebody else: a partner brand, a platform, a bank (合作方).
    Partner(AccountId),
}

/// An offer with its terms (促销规则), as people write it; [`super::Stack::new`] checks it.
///
/// # Source
///
/// House rule: what the shopper gets, how much of it there is, and who pays are three questions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Rule {
    /// Its id; ties between offers go to the lower one.
    pub id: PromotionId,
    /// What it gives.
    pub offer: Offer,
    /// On what.
    pub scope: Scope,
    /// For whom.
    pub audience: Audience,
    /// When.
    pub window: Window,
    /// Whether the units of a set are used up.
    pub unit_use: UnitUse,
    /// How much of it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub limits: Limits,
    /// Shares of those who pay, adding up to 100 %; empty when the retailer pays all.
    #[cfg_attr(feature = "serde", serde(default))]
    pub funding: BTreeMap<Funder, Rate>,
    /// Offers after which this one does not apply (互斥).
    #[cfg_attr(feature = "serde", serde(default))]
    pub not_after: BTreeSet<PromotionId>,
    /// Lower goes first; unique within a group.
    pub priority: u32,
}

impl Rule {
    /// An offer on everything, for everyone, at any time, without limit, paid by the retailer, with sets used up.
    #[must_use]
    pub fn new(id: PromotionId, offer: Offer) -> Self {
        Self {
            id,
            offer,
            scope: Scope::All,
            audience: Audience::Everyone,
            window: Window::Always,
            unit_use: UnitUse::Consumed,
            limits: Limits::default(),
            funding: BTreeMap::new(),
            not_after: BTreeSet::new(),
            priority: 0,
        }
    }

    /// Everything wrong with the offer and its terms, in the order of the document.
    #[must_use]
    pub fn problems(&self, currency: Currency) -> Vec<BasketError> {
        let mut check = Check { rule: self, currency, found: Vec::new() };
        check.offer();
        check.terms();
        check.found
    }
}

/// Collects what is wrong with one rule.
struct Check<'a> {
    rule: &'a Rule,
    currency: Currency,
    found: Vec<BasketError>,
}

impl Check<'_> {
    fn rate(&mut self, rate: Rate) {
        if rate.is_negative() || rate > Rate::ONE {
            self.found.push(BasketError::RateOutOfRange { offer: self.rule.id.clone(), rate });
        }
    }

    fn count(&mut self, what: &'static str, count: u32) {
        if count == 0 || count > MAX_GROUP {
            let offer = self.rule.id.clone();
            self.found.push(BasketError::CountOutOfRange { offer, what, count, limit: MAX_GROUP });
        }
    }

    /// An amount of at least `least` minor units.
    fn amount(&mut self, what: &'static str, amount: Money, least: i128) {
        if amount.currency() != self.currency {
            self.found.push(BasketError::CurrencyDiffers {
                what: format!("{what} of offer {}", self.rule.id),
                expected: self.currency,
                found: amount.currency(),
            });
        } else if amount.minor() < least || amount.minor() > MAX_BASKET_MINOR {
            let expected =
                if least > 0 { "more than 0 and within reach" } else { "0 or more and within reach" };
            let offer = self.rule.id.clone();
            self.found.push(BasketError::AmountOutOfRange { offer, what, amount, expected });
        }
    }

    fn cut(&mut self, cut: &PriceCut) {
        match cut {
            PriceCut::Percent(rate) => self.rate(*rate),
            PriceCut::Amount(amount) => self.amount("the amount off", *amount, 0),
            PriceCut::Fixed(price) => self.amount("the fixed price", *price, 0),
        }
    }

    fn rising<T: PartialOrd + Copy>(&mut self, steps: &[T], text: impl Fn(T) -> String) {
        let nothing = || "nothing".to_owned();
        let offer = self.rule.id.clone();
        if steps.is_empty() {
            self.found.push(BasketError::StepsNotRising { offer, after: nothing(), found: nothing() });
            return;
        }
        for (before, step) in steps.iter().zip(steps.iter().skip(1)) {
            if before >= step {
                let (after, found) = (text(*before), text(*step));
                self.found.push(BasketError::StepsNotRising { offer: offer.clone(), after, found });
            }
        }
    }

    fn offer(&mut self) {
        let rule = self.rule;
        match &rule.offer {
            Offer::PriceCut { cut } => self.cut(cut),
            Offer::NthUnit { every, rate, .. } => {
                self.count("the size of a group", *every);
                self.rate(*rate);
            }
            Offer::VolumeTier { steps, .. } => {
                for step in steps {
                    self.count("the units of a step", step.from_units);
                    self.cut(&step.cut);
                }
                let froms: Vec<u32> = steps.iter().map(|step| step.from_units).collect();
                self.rising(&froms, |from| from.to_string());
            }
            Offer::SpendThreshold { threshold } => self.threshold(threshold),
            Offer::MemberPrice { price } => self.amount("the member price", *price, 0),
            Offer::BuyGet { buy, free, .. } => {
                self.count("the number to buy", *buy);
                self.count("the number free", *free);
            }
            Offer::Gift { given_for, gifts, value } => {
                match given_for {
                    GiftFor::Units(units) => self.count("the units for a gift", *units),
                    GiftFor::Spend(spend) => self.amount("the spend for a gift", *spend, 1),
                }
                if gifts.is_empty() {
                    self.found.push(BasketError::EmptySlot { offer: rule.id.clone() });
                }
                self.amount("the value of the gift", *value, 0);
            }
            Offer::AddOn { spend, price, units, .. } => {
                self.amount("the spend for an add-on", *spend, 1);
                self.amount("the price of the add-on", *price, 0);
                self.count("the units of the add-on", *units);
            }
            Offer::Bundle { slots, price } => {
                self.amount("the price of the bundle", *price, 0);
                if slots.is_empty() || slots.iter().any(|slot| slot.skus.is_empty()) {
                    self.found.push(BasketError::EmptySlot { offer: rule.id.clone() });
                }
                let mut seen = BTreeSet::new();
                for slot in slots {
                    self.count("the units of a slot", slot.units);
                    for sku in &slot.skus {
                        if !seen.insert(sku) {
                            let (offer, sku) = (rule.id.clone(), sku.clone());
                            self.found.push(BasketError::SlotsOverlap { offer, sku });
                        }
                    }
                }
            }
            Offer::Coupon { face, minimum } => {
                self.amount("the face value", *face, 1);
                self.amount("the minimum spend", *minimum, 0);
            }
            Offer::Rebate { rule: rebate, minimum } => {
                match rebate {
                    RebateRule::Rate(rate) => self.rate(*rate),
                    RebateRule::Amount(amount) => self.amount("the rebate", *amount, 0),
                }
                self.amount("the minimum spend", *minimum, 0);
            }
            Offer::Points { per, points } => {
                self.amount("the spend of a step", *per, 1);
                self.count("the points of a step", *points);
            }
            Offer::TradeIn { allowance, residual } => {
                self.amount("the allowance", *allowance, 0);
                self.amount("the residual value", *residual, 0);
            }
        }
    }

    fn threshold(&mut self, threshold: &Threshold) {
        match threshold {
            Threshold::Once(step) | Threshold::Repeat(step) => {
                self.amount("the threshold", step.spend, 1);
                self.amount("the amount off", step.off, 0);
            }
            Threshold::Tiered(steps) => {
                for step in steps {
                    self.amount("the threshold", step.spend, 0);
                    self.amount("the amount off", step.off, 0);
                }
                let spends: Vec<i128> = steps.iter().map(|step| step.spend.minor()).collect();
                self.rising(&spends, |minor| minor.to_string());
            }
            Threshold::Percent(steps) => {
                for step in steps {
                    self.amount("the threshold", step.spend, 0);
                    self.rate(step.rate);
                }
                let spends: Vec<i128> = steps.iter().map(|step| step.spend.minor()).collect();
                self.rising(&spends, |minor| minor.to_string());
            }
        }
    }

    fn terms(&mut self) {
        let rule = self.rule;
        if let Window::Between { from, to } = rule.window
            && to <= from
        {
            self.found.push(BasketError::EmptyWindow { offer: rule.id.clone(), from, to });
        }
        for amount in rule.limits.amounts.values() {
            self.amount("a limit", *amount, 0);
        }
        if rule.funding.is_empty() {
            return;
        }
        let mut total = Rate::ZERO;
        for rate in rule.funding.values() {
            if rate.is_negative() {
                self.found.push(BasketError::NegativeShare { offer: rule.id.clone(), rate: *rate });
            }
            match total.checked_add(rate) {
                Ok(sum) => total = sum,
                Err(error) => self.found.push(BasketError::Types(error)),
            }
        }
        if total != Rate::ONE {
            self.found.push(BasketError::SharesNotWhole { offer: rule.id.clone(), total });
        }
    }
}

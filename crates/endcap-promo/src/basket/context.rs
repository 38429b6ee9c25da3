//! Who shops, when, and what has been used up before.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use endcap_types::{Money, PromotionId, SkuId};

use super::{LimitScope, Rule, Window};

/// Whether the shopper is a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Membership {
    /// Not a member, or not identified.
    Guest,
    /// A member (会员).
    Member,
}

/// What an offer has used up before this basket (已用额度): kept by the caller, never inside.
///
/// # Source
///
/// House rule: settling the same basket twice gives the same result, so nothing is accumulated inside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// Units discounted so far, per scope beyond the basket.
    pub units: BTreeMap<LimitScope, u64>,
    /// Money off so far, per scope beyond the basket.
    pub amounts: BTreeMap<LimitScope, Money>,
}

/// Everything a basket meets at the till besides the offers (购物情境).
///
/// Nothing accumulates inside: settling the same basket in the same context twice gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Store time.
    pub at: NaiveDateTime,
    /// Member or guest.
    pub membership: Membership,
    /// What each offer has used up before.
    pub used: BTreeMap<PromotionId, Used>,
    /// Gifts in stock; an item that is not listed is out of stock.
    pub gift_stock: BTreeMap<SkuId, u64>,
    /// Old items handed over for a trade-in, per offer.
    pub traded_in: BTreeMap<PromotionId, u64>,
    /// Spend carried over towards the next step of a points offer, in minor units (累计).
    pub carried_spend: BTreeMap<PromotionId, Money>,
}

impl Context {
    /// A guest at a moment, with nothing used up and no gifts in stock.
    #[must_use]
    pub const fn guest(at: NaiveDateTime) -> Self {
        Self {
            at,
            membership: Membership::Guest,
            used: BTreeMap::new(),
            gift_stock: BTreeMap::new(),
            traded_in: BTreeMap::new(),
            carried_spend: BTreeMap::new(),
        }
    }

    /// A member at a moment.
    #[must_use]
    pub fn member(at: NaiveDateTime) -> Self {
        Self { membership: Membership::Member, ..Self::guest(at) }
    }

    /// Whether store time lies in the window of a rule.
    pub(crate) fn within(&self, window: &Window) -> bool {
        match window {
            Window::Always => true,
            Window::Between { from, to } => *from <= self.at && self.at < *to,
        }
    }

    /// Units an offer may still discount in this basket, and which limit says so.
    pub(crate) fn units_left(&self, rule: &Rule) -> (u64, Option<LimitScope>) {
        let used = self.used.get(&rule.id);
        let mut least = (u64::MAX, None);
        for (scope, limit) in rule.limits.units.iter().filter(|(scope, _)| **scope != LimitScope::Application)
        {
            let gone = used.and_then(|used| used.units.get(scope)).copied().unwrap_or(0);
            let left = limit.saturating_sub(gone);
            if left < least.0 {
                least = (left, Some(*scope));
            }
        }
        least
    }

    /// Minor units an offer may still take off in this basket, and which limit says so.
    pub(crate) fn minor_left(&self, rule: &Rule) -> (i128, Option<LimitScope>) {
        let used = self.used.get(&rule.id);
        let mut least = (i128::MAX, None);
        for (scope, limit) in
            rule.limits.amounts.iter().filter(|(scope, _)| **scope != LimitScope::Application)
        {
            let gone = used.and_then(|used| used.amounts.get(scope)).map_or(0, Money::minor);
            let left = limit.minor().saturating_sub(gone).max(0);
            if left < least.0 {
                least = (left, Some(*scope));
            }
        }
        least
    }
}

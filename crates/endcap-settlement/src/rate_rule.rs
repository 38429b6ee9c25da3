//! [`RateRule`]: a commission rate by goods, store, day, promotion, discount depth and tender; the most specific wins.

use std::collections::BTreeSet;

use endcap_calendar::Period;
use endcap_types::{CategoryId, Exact, PromotionId, Rate, SkuId, StoreId};

use crate::{Boundary, Tender};

/// 活动条件: which promotions a rate is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum InPromotion {
    /// Sales in and out of promotions.
    #[default]
    Regardless,
    /// 活动销售: sales of any promotion.
    Any,
    /// Sales of these promotions.
    OneOf(BTreeSet<PromotionId>),
}

/// 折扣深度区间: a range of discount over tag price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DepthRange {
    /// Lower bound.
    pub from: Rate,
    /// Upper bound.
    #[cfg_attr(feature = "serde", serde(default = "all"))]
    pub to: Rate,
    /// `reached_at`: from ≤ depth < to, and depth = to where `to` is 100 %; `exceeds`: from < depth ≤ to.
    pub boundary: Boundary,
}

#[cfg(feature = "serde")]
const fn all() -> Rate {
    Rate::ONE
}

impl DepthRange {
    /// Whether a depth lies in the range.
    #[must_use]
    pub fn contains(&self, depth: &Exact) -> bool {
        let (from, to) = (self.from.to_exact(), self.to.to_exact());
        match self.boundary {
            Boundary::ReachedAt => from <= *depth && (*depth < to || (self.to == Rate::ONE && *depth == to)),
            Boundary::Exceeds => from < *depth && *depth <= to,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    /// Whether some depth lies in both; an upper bound met by another's lower bound counts unless both exclude it.
    fn meets(&self, other: &Self) -> bool {
        let (low, high) = if self.from <= other.from { (self, other) } else { (other, self) };
        if low.from == high.from {
            return true;
        }
        high.from < low.to
            || (high.from == low.to
                && low.contains(&low.to.to_exact())
                && high.contains(&high.from.to_exact()))
    }
}

/// 扣点条件: the sales a rate is for; every dimension named must fit, one that is empty fits everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct RateCondition {
    /// Categories (品类).
    pub categories: BTreeSet<CategoryId>,
    /// Brands (品牌), as the products write them.
    pub brands: BTreeSet<String>,
    /// SKUs (单品).
    pub skus: BTreeSet<SkuId>,
    /// Stores (门店).
    pub stores: BTreeSet<StoreId>,
    /// Days (日期).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub dates: Option<Period>,
    /// Promotions (活动).
    pub promotion: InPromotion,
    /// Discount depth (折扣深度).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub depth: Option<DepthRange>,
    /// Tenders (支付方式).
    pub tenders: BTreeSet<Tender>,
}

/// 扣点规则: a commission rate for the sales that fit its condition.
///
/// The most specific rule that fits wins:
///
/// ```text
/// 1. the rule that names more dimensions (categories, brands, SKUs, stores, dates, promotion, depth, tenders);
/// 2. with as many, SKU before brand before category, and named promotions before any promotion;
/// 3. else the lower `priority`.
/// ```
///
/// Two rules that can meet on one sale and are told apart by none of the three are a problem of the contract.
///
/// # Examples
/// ```
/// use endcap_settlement::{Boundary, DepthRange, RateCondition, RateRule};
/// let depth = DepthRange { from: "30%".parse()?, to: "100%".parse()?, boundary: Boundary::Exceeds };
/// let deep = RateRule {
///     id: "deep".to_owned(),
///     rate: "19%".parse()?,
///     when: RateCondition { depth: Some(depth), ..RateCondition::default() },
///     priority: 0,
/// };
/// let member = RateRule { id: "member".to_owned(), rate: "20%".parse()?, ..deep.clone() };
/// assert!(deep.collides(&member)); // both fit a sale at 40 % off, and neither is more specific
/// assert!(!deep.collides(&RateRule { priority: 1, ..member }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Rate dimensions of shipped concession software; the order of specificity is a house rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RateRule {
    /// The name, unique among the rules.
    pub id: String,
    /// The rate.
    pub rate: Rate,
    /// The sales it is for.
    pub when: RateCondition,
    /// Decides between equally specific rules: lower first.
    #[cfg_attr(feature = "serde", serde(default))]
    pub priority: u32,
}

impl RateCondition {
    /// How many dimensions are named.
    pub(crate) fn dimensions(&self) -> usize {
        let named = [
            !self.categories.is_empty(),
            !self.brands.is_empty(),
            !self.skus.is_empty(),
            !self.stores.is_empty(),
            self.dates.is_some(),
            self.promotion != InPromotion::Regardless,
            self.depth.is_some(),
            !self.tenders.is_empty(),
        ];
        named.into_iter().filter(|named| *named).count()
    }

    /// How fine the goods are named: 3 by SKU, 2 by brand, 1 by category, 0 not at all.
    fn goods(&self) -> u8 {
        if !self.skus.is_empty() {
            3
        } else if !self.brands.is_empty() {
            2
        } else {
            u8::from(!self.categories.is_empty())
        }
    }

    /// How fine promotions are named: 2 by id, 1 in any, 0 not at all.
    const fn promotions(&self) -> u8 {
        match self.promotion {
            InPromotion::Regardless => 0,
            InPromotion::Any => 1,
            InPromotion::OneOf(_) => 2,
        }
    }

    /// Whether no sale can fit both.
    fn excludes(&self, other: &Self) -> bool {
        fn apart<T: Ord>(one: &BTreeSet<T>, two: &BTreeSet<T>) -> bool {
            !one.is_empty() && !two.is_empty() && one.is_disjoint(two)
        }
        let promotions = match (&self.promotion, &other.promotion) {
            (InPromotion::OneOf(one), InPromotion::OneOf(two)) => one.is_disjoint(two),
            _ => false,
        };
        let dates =
            matches!((self.dates, other.dates), (Some(one), Some(two)) if one.intersect(two).is_none());
        let depths = matches!((&self.depth, &other.depth), (Some(one), Some(two)) if !one.meets(two));
        apart(&self.categories, &other.categories)
            || apart(&self.brands, &other.brands)
            || apart(&self.skus, &other.skus)
            || apart(&self.stores, &other.stores)
            || apart(&self.tenders, &other.tenders)
            || promotions
            || dates
            || depths
    }
}

impl RateRule {
    /// 更具体: whether this rule is the more specific one, by dimensions and then by how fine they are named.
    ///
    /// # Source
    /// As [`RateRule`].
    #[must_use]
    pub fn finer_than(&self, other: &Self) -> bool {
        let (one, two) = (&self.when, &other.when);
        if one.dimensions() != two.dimensions() {
            return one.dimensions() > two.dimensions();
        }
        let finer = |a: u8, b: u8| a != 0 && b != 0 && a > b;
        let mine = finer(one.goods(), two.goods()) || finer(one.promotions(), two.promotions());
        let theirs = finer(two.goods(), one.goods()) || finer(two.promotions(), one.promotions());
        mine && !theirs
    }

    /// 冲突: whether a sale can fit both rules and nothing tells which one wins.
    ///
    /// # Source
    /// As [`RateRule`].
    #[must_use]
    pub fn collides(&self, other: &Self) -> bool {
        self.priority == other.priority
            && !self.finer_than(other)
            && !other.finer_than(self)
            && !self.when.excludes(&other.when)
    }
}

//! [`Condition`]: to whom a rule applies, judged on what is known of the parties.

use std::collections::BTreeSet;

use endcap_types::Money;

use super::dossier::{BuyerKind, EnterpriseSize, GoodsKind, Parties, SmeStatus};
use super::error::ComplianceError;
use super::rule::{Wording, not_negative};
use crate::MethodKind;

/// Deepest nesting of conditions.
const MAX_DEPTH: usize = 8;

/// 适用条件: to whom a rule applies.
///
/// # Source
/// House rule, three-valued: what is not known neither frees nor binds; thresholds are those of each [`Rule`](super::Rule).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Condition {
    /// To everybody.
    Always,
    /// All of these hold.
    AllOf(Vec<Condition>),
    /// At least one of these holds.
    AnyOf(Vec<Condition>),
    /// The buyer is of this kind.
    BuyerIs(BuyerKind),
    /// The buyer is an enterprise of this size or larger.
    BuyerAtLeast(EnterpriseSize),
    /// The buyer sells at least this much a year.
    BuyerTurnoverAtLeast(Money),
    /// The buyer sells more than this a year.
    BuyerTurnoverAbove(Money),
    /// The supplier is an enterprise of this size or smaller, and has said so where the law asks for it.
    SupplierAtMost(EnterpriseSize),
    /// Some class boundary lies at or above the turnover of the supplier and below that of the buyer.
    TurnoverClassBetween(Vec<Money>),
    /// The buyer has at least so many stores.
    StoresAtLeast(u32),
    /// The largest store of the buyer has at least so many square metres.
    LargestStoreAtLeast(u32),
    /// The goods are of one of these kinds.
    GoodsAre(BTreeSet<GoodsKind>),
    /// Goods are settled in one of these ways.
    MethodIs(BTreeSet<MethodKind>),
}

/// 适用性: whether a rule applies, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Applicability {
    /// It applies.
    Applies,
    /// 待定: it would, if what is named here, and not known, is as the rule asks.
    IfKnown(BTreeSet<Wording>),
}

/// Whether a condition holds.
pub(super) enum Holds {
    Yes,
    No,
    Unknown(BTreeSet<Wording>),
}

impl Condition {
    pub(super) fn check(&self, rule: &str, depth: usize) -> Result<(), ComplianceError> {
        let empty = |field| Err(ComplianceError::EmptyList { rule: rule.to_owned(), field });
        match self {
            _ if depth > MAX_DEPTH => {
                Err(ComplianceError::TooDeep { rule: rule.to_owned(), limit: MAX_DEPTH })
            }
            Self::AllOf(parts) | Self::AnyOf(parts) if parts.is_empty() => empty("a list of conditions"),
            Self::AllOf(parts) | Self::AnyOf(parts) => {
                parts.iter().try_for_each(|part| part.check(rule, depth.saturating_add(1)))
            }
            Self::TurnoverClassBetween(classes) if classes.is_empty() => empty("turnover_class_between"),
            Self::TurnoverClassBetween(classes) => {
                classes.iter().try_for_each(|class| not_negative(rule, "turnover_class_between", class))
            }
            Self::BuyerTurnoverAtLeast(money) => not_negative(rule, "buyer_turnover_at_least", money),
            Self::BuyerTurnoverAbove(money) => not_negative(rule, "buyer_turnover_above", money),
            Self::GoodsAre(kinds) if kinds.is_empty() => empty("goods_are"),
            Self::MethodIs(methods) if methods.is_empty() => empty("method_is"),
            _ => Ok(()),
        }
    }

    /// Three-valued: what is not known is named.
    pub(super) fn holds(&self, parties: &Parties, method: MethodKind) -> Holds {
        let known = |yes: bool| if yes { Holds::Yes } else { Holds::No };
        let asked = |value: Option<bool>, en: &str, zh: &str| match value {
            Some(yes) => known(yes),
            None => Holds::Unknown([Wording::new(en, zh)].into()),
        };
        let turnover = |limit: &Money, above: fn(core::cmp::Ordering) -> bool| {
            let order = parties.buyer_turnover.and_then(|money| money.compare(limit).ok());
            {
                let currency = limit.currency();
                let en = format!("yearly sales of the buyer in {currency}");
                asked(order.map(above), &en, &format!("零售商年销售额（{currency}）"))
            }
        };
        match self {
            Self::Always => Holds::Yes,
            Self::AllOf(parts) => {
                let mut unknown = BTreeSet::new();
                for part in parts {
                    match part.holds(parties, method) {
                        Holds::Yes => {}
                        Holds::No => return Holds::No,
                        Holds::Unknown(what) => unknown.extend(what),
                    }
                }
                if unknown.is_empty() { Holds::Yes } else { Holds::Unknown(unknown) }
            }
            Self::AnyOf(parts) => {
                let mut unknown = BTreeSet::new();
                for part in parts {
                    match part.holds(parties, method) {
                        Holds::Yes => return Holds::Yes,
                        Holds::No => {}
                        Holds::Unknown(what) => unknown.extend(what),
                    }
                }
                if unknown.is_empty() { Holds::No } else { Holds::Unknown(unknown) }
            }
            Self::BuyerIs(kind) => known(parties.buyer_kind == *kind),
            Self::BuyerAtLeast(size) => {
                asked(parties.buyer_size.map(|own| own >= *size), "size of the buyer", "零售商规模")
            }
            Self::BuyerTurnoverAtLeast(limit) => turnover(limit, core::cmp::Ordering::is_ge),
            Self::BuyerTurnoverAbove(limit) => turnover(limit, core::cmp::Ordering::is_gt),
            Self::SupplierAtMost(size) => match (parties.supplier_size, parties.sme_status) {
                (Some(own), _) if own > *size => Holds::No,
                (Some(_), SmeStatus::NotDeclared) => Holds::No,
                (Some(_), SmeStatus::Declared) => Holds::Yes,
                (None, _) => asked(None, "size of the supplier", "供应商规模"),
            },
            Self::TurnoverClassBetween(classes) => {
                let (Some(seller), Some(buyer)) = (parties.supplier_turnover, parties.buyer_turnover) else {
                    return asked(None, "yearly sales of both sides", "双方年销售额");
                };
                let between = |class: &Money| {
                    Some(seller.compare(class).ok()?.is_le() && buyer.compare(class).ok()?.is_gt())
                };
                let found: Option<Vec<bool>> = classes.iter().map(between).collect();
                asked(
                    found.map(|found| found.contains(&true)),
                    "yearly sales of both sides in the currency of the classes",
                    "双方年销售额（分级币种）",
                )
            }
            Self::StoresAtLeast(count) => asked(
                parties.stores.map(|own| own >= *count),
                "number of stores of the buyer",
                "零售商门店数",
            ),
            Self::LargestStoreAtLeast(area) => asked(
                parties.largest_store.map(|own| own >= *area),
                "area of the largest store",
                "最大门店面积",
            ),
            Self::GoodsAre(kinds) => known(parties.goods.intersection(kinds).next().is_some()),
            Self::MethodIs(methods) => known(methods.contains(&method)),
        }
    }
}

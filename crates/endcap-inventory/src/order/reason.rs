//! Why an order has the quantity it has: signed terms in pieces, and their words in two languages.

use core::fmt;

use endcap_types::Language;

/// How the demand of an order was given (需求口径); it names the first reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Basis {
    /// A daily rate over lead time and review interval.
    #[default]
    Rate,
    /// A forecast of the pieces sold over lead time and review interval.
    Forecast,
    /// An order-up-to level.
    Target,
    /// A multiple of the sell-out since the last visit.
    SalesMultiple,
}

/// The kind of one reason (订货理由), in the order in which they apply.
///
/// # Source
///
/// House rule: the terms of a suggested order as a buyer adds them up, one name each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ReasonKind {
    /// + whole pieces of demand over lead time and review interval (提前期与订货周期需求).
    Cover,
    /// + the order-up-to level (目标库存).
    Target,
    /// + multiple of the sell-out since the last visit (销量倍数).
    SalesMultiple,
    /// + whole pieces of safety stock (安全库存).
    Safety,
    /// + orders of customers not yet served (欠货).
    Backorder,
    /// + extra demand of a promotion (促销增量).
    Promotion,
    /// − stock on hand (现有库存).
    OnHand,
    /// + the part of it that cannot be sold in time or is not there (不可售库存).
    Unusable,
    /// − ordered earlier and still to arrive (在途).
    InTransit,
    /// + the fractions of demand and safety stock, up to a whole piece (补足整件).
    WholePiece,
    /// + lifts a negative need to zero (库存充足).
    Floor,
    /// ± to whole cases (凑整箱).
    CaseRound,
    /// ± to the minimum order (最小订货量).
    Minimum,
    /// + fills a pallet that is nearly full (凑整托盘).
    Pallet,
    /// − down to the cap of the order: credit, truck, sell-by date (订货上限).
    OrderCap,
    /// − down to what the shelf holds (货架容量).
    ShelfCapacity,
}

impl ReasonKind {
    /// Every kind, in the order in which they apply.
    pub const ALL: [Self; 16] = [
        Self::Cover,
        Self::Target,
        Self::SalesMultiple,
        Self::Safety,
        Self::Backorder,
        Self::Promotion,
        Self::OnHand,
        Self::Unusable,
        Self::InTransit,
        Self::WholePiece,
        Self::Floor,
        Self::CaseRound,
        Self::Minimum,
        Self::Pallet,
        Self::OrderCap,
        Self::ShelfCapacity,
    ];

    /// A short stable code for files: `cover`, `on_hand`, ….
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Target => "target",
            Self::SalesMultiple => "sales_multiple",
            Self::Safety => "safety",
            Self::Backorder => "backorder",
            Self::Promotion => "promotion",
            Self::OnHand => "on_hand",
            Self::Unusable => "unusable",
            Self::InTransit => "in_transit",
            Self::WholePiece => "whole_piece",
            Self::Floor => "floor",
            Self::CaseRound => "case_round",
            Self::Minimum => "minimum",
            Self::Pallet => "pallet",
            Self::OrderCap => "order_cap",
            Self::ShelfCapacity => "shelf_capacity",
        }
    }

    /// The words for one language.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Cover => ("demand over lead time and review interval", "提前期与订货周期需求"),
            Self::Target => ("order-up-to level", "目标库存"),
            Self::SalesMultiple => ("multiple of recent sales", "近期销量倍数"),
            Self::Safety => ("safety stock", "安全库存"),
            Self::Backorder => ("backorders", "欠货"),
            Self::Promotion => ("promotion uplift", "促销增量"),
            Self::OnHand => ("stock on hand", "现有库存"),
            Self::Unusable => ("unusable stock", "不可售库存"),
            Self::InTransit => ("in transit", "在途"),
            Self::WholePiece => ("up to a whole piece", "补足整件"),
            Self::Floor => ("stock already sufficient", "库存已足"),
            Self::CaseRound => ("to whole cases", "凑整箱"),
            Self::Minimum => ("minimum order", "最小订货量"),
            Self::Pallet => ("to a full pallet", "凑整托盘"),
            Self::OrderCap => ("order cap", "订货上限"),
            Self::ShelfCapacity => ("shelf capacity", "货架容量"),
        };
        match language {
            Language::En => english,
            Language::Zh => chinese,
        }
    }
}

/// One signed term of an order (订货理由), in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reason {
    /// What the term is.
    pub kind: ReasonKind,
    /// Its signed quantity, in pieces; never zero where a list of reasons holds it.
    pub quantity: i64,
}

impl Reason {
    /// The term in words: `demand over lead time and review interval +125`, `现有库存 −80`.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let sign = if self.quantity < 0 { '−' } else { '+' };
        format!("{} {sign}{}", self.kind.words(language), self.quantity.unsigned_abs())
    }
}

/// A count in English: `1 piece`, `0 pieces`, `−1 piece` as `-1 piece`.
pub(crate) fn pieces(count: i64) -> String {
    if count.unsigned_abs() == 1 { format!("{count} piece") } else { format!("{count} pieces") }
}

impl fmt::Display for Reason {
    /// English words, see [`Reason::text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

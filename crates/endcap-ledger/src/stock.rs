//! Moves of goods at a key account, in pieces: the quantity side of an entry.

use endcap_types::{AccountId, SkuId};

/// Why goods come to or leave a key account (出入库类型). Each flow is a memo account that mirrors the stock.
///
/// `stock = opening + delivered + found − sold − returned − lost`
///
/// # Source
///
/// House rule: the stock of a consigned or concession account obeys the same balance law as money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum StockFlow {
    /// 期初: taken over when the ledger begins; comes in.
    Opening,
    /// 送货: delivered; comes in.
    Delivered,
    /// 盘盈: found by a count; comes in.
    Found,
    /// 销售: sold through the till; goes out.
    Sold,
    /// 退货: returned to us; goes out.
    Returned,
    /// 盘亏: lost, by a count; goes out.
    Lost,
}

impl StockFlow {
    /// All flows, what comes in before what goes out.
    pub const ALL: [Self; 6] =
        [Self::Opening, Self::Delivered, Self::Found, Self::Sold, Self::Returned, Self::Lost];

    /// The change of stock that `pieces` of this flow make: positive in, negative out.
    #[must_use]
    pub const fn change(self, pieces: i64) -> i64 {
        match self {
            Self::Opening | Self::Delivered | Self::Found => pieces,
            Self::Sold | Self::Returned | Self::Lost => pieces.saturating_neg(),
        }
    }

    pub(crate) const fn slot(self) -> usize {
        match self {
            Self::Opening => 0,
            Self::Delivered => 1,
            Self::Found => 2,
            Self::Sold => 3,
            Self::Returned => 4,
            Self::Lost => 5,
        }
    }
}

/// A move of pieces of one article at one key account (出入库).
///
/// In a draft `pieces` is at least 1; a reversal carries the negative of the move it takes back.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct StockMove {
    /// Whose stock.
    pub key_account: AccountId,
    /// Which article.
    pub sku: SkuId,
    /// Why it moves.
    pub flow: StockFlow,
    /// How many pieces.
    pub pieces: i64,
}

/// Whether recorded stock may fall below zero (负库存).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NegativeStock {
    /// A move below zero is refused. Judged in the order of posting.
    #[default]
    Refuse,
    /// It is booked: chains report sales before deliveries are keyed in.
    Allow,
}

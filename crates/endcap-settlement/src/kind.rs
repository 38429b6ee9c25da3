//! Kinds of trade terms, with their names in both languages.

use core::fmt;

/// 条款性质: what a kind of term is in the eye of tax and of trade law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ClauseNature {
    /// 与销量挂钩: part of the price.
    PriceLinked,
    /// 服务: paid for a service.
    Service,
    /// 罚款: paid for a failure.
    Penalty,
    /// 损耗: paid for a loss of goods.
    Loss,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal $en:literal $zh:literal $nature:ident;)*) => {
        /// 条款类型: what a clause is for.
        ///
        /// # Source
        /// Kinds of trade terms as written in Chinese retail contracts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum ClauseKind {
            $($(#[$doc])* $name,)*
        }

        impl ClauseKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word used in contracts.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The English name.
            #[must_use]
            pub const fn name_en(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            /// The Chinese name.
            #[must_use]
            pub const fn name_zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// What the kind is in the eye of tax and of trade law.
            #[must_use]
            pub const fn nature(self) -> ClauseNature {
                match self { $(Self::$name => ClauseNature::$nature,)* }
            }
        }
    };
}

kinds! {
    /// 返利: refund linked to purchases or sales.
    Rebate "rebate" "rebate" "返利" PriceLinked;
    /// 增长返利: refund for growth over a reference.
    GrowthRebate "growth_rebate" "growth rebate" "增长返利" PriceLinked;
    /// 付款折扣: refund for paying on time.
    PromptPayment "prompt_payment" "prompt-payment rebate" "付款折扣" PriceLinked;
    /// 促销支持: the supplier's share of promotion money.
    PromotionFunding "promotion_funding" "promotion funding" "促销支持" PriceLinked;
    /// 价格保护: credit for stock after a price cut.
    PriceProtection "price_protection" "price protection" "价格保护" PriceLinked;
    /// 搭赠: goods given free for full multiples.
    FreeGoods "free_goods" "free goods" "搭赠" PriceLinked;
    /// 铺底: goods left unpaid until the contract ends.
    BaseStock "base_stock" "base stock" "铺底" PriceLinked;
    /// 物流费 / DC费: central distribution.
    Logistics "logistics" "logistics allowance" "物流费" Service;
    /// 残损折让: allowance for damaged goods.
    Damage "damage" "damage allowance" "残损折让" Loss;
    /// 进场费: entry of a supplier.
    Entry "entry" "entry fee" "进场费" Service;
    /// 条码费 / 新品费: listing of an item.
    Listing "listing" "listing fee" "条码费" Service;
    /// 陈列费 (堆头、端架): display space.
    Display "display" "display fee" "陈列费" Service;
    /// DM / 海报费: leaflet space.
    Leaflet "leaflet" "leaflet fee" "海报费" Service;
    /// 店庆 / 节庆费: anniversaries and festivals.
    Anniversary "anniversary" "anniversary and festival fee" "节庆费" Service;
    /// 新店费: opening of a store.
    NewStore "new_store" "new-store fee" "新店费" Service;
    /// 老店翻新费: refurbishment of a store.
    Refurbishment "refurbishment" "refurbishment fee" "老店翻新费" Service;
    /// 促销员管理费: promoters in the store.
    Promoter "promoter" "promoter management fee" "促销员管理费" Service;
    /// 信息费: data and electronic interchange.
    Data "data" "data fee" "信息费" Service;
    /// 刷卡手续费: card payments of consumers.
    CardFee "card_fee" "card fee" "刷卡手续费" Service;
    /// 合同续签费: renewal of the contract.
    Renewal "renewal" "renewal fee" "合同续签费" Service;
    /// 退换货费: handling of returned goods.
    ReturnsHandling "returns_handling" "returns handling" "退换货费" Service;
    /// 缺货罚款: short supply.
    ShortSupply "short_supply" "short-supply penalty" "缺货罚款" Penalty;
    /// 迟送罚款: late delivery.
    LateDelivery "late_delivery" "late-delivery penalty" "迟送罚款" Penalty;
    /// 其他: anything else the parties agreed in writing.
    Other "other" "other deduction" "其他扣款" Service;
}

impl fmt::Display for ClauseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

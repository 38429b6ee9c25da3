//! Twenty ways to promote: what each is good for, what it costs, and how it is proved.

use crate::Language;
use crate::plan::Objective;

/// How money moves in a tactic (资金形态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MoneyShape {
    /// Off the price of what is bought (让价).
    PriceOff,
    /// More goods for the same price (加量).
    MoreGoods,
    /// Paid back or credited later (延后兑现).
    Later,
    /// A chance, not a certainty (抽奖).
    Chance,
    /// Paid for presence and people, not to the shopper (终端投入).
    Presence,
}

macro_rules! tactics {
    ($($variant:ident, $number:literal, $en:literal, $zh:literal, $shape:ident, [$($objective:ident),*],
       $suits:literal, $suits_zh:literal, $trap:literal, $proof:literal;)*) => {
        /// A way to promote (促销方式), with its place in the catalogue of twenty.
        ///
        /// The ones that act at the till are [`crate::basket::Offer`]s; the others are costed by [`crate::commitment`]
        /// and [`crate::support`].
        ///
        /// # Examples
        ///
        /// ```
        /// use endcap_promo::{Language, plan::Objective, tactic::Tactic};
        /// let trial: Vec<u8> = Tactic::suited_to(Objective::Trial).map(Tactic::number).collect();
        /// assert!(trial.contains(&17)); // sampling
        /// assert_eq!(Tactic::NthUnit.name(Language::Zh), "第二件N折");
        /// ```
        ///
        /// # Source
        ///
        /// House rule: twenty mechanics grouped by how money moves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        pub enum Tactic {
            $(#[doc = concat!($number, ". ", $en, " (", $zh, "): ", $suits, ". Trap: ", $trap, ".")] $variant,)*
        }

        impl Tactic {
            /// All twenty, in the order of their numbers.
            pub const ALL: [Self; 20] = [$(Self::$variant),*];

            /// Its place in the catalogue, 1 to 20.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number,)* }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $en, (Self::$variant, Language::Zh) => $zh,)*
                }
            }

            /// How its money moves.
            #[must_use]
            pub const fn money_shape(self) -> MoneyShape {
                match self { $(Self::$variant => MoneyShape::$shape,)* }
            }

            /// The objectives it serves, best first.
            #[must_use]
            pub const fn objectives(self) -> &'static [Objective] {
                match self { $(Self::$variant => &[$(Objective::$objective),*],)* }
            }

            /// When it suits.
            #[must_use]
            pub const fn suits(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $suits, (Self::$variant, Language::Zh) => $suits_zh,)*
                }
            }

            /// What usually goes wrong.
            #[must_use]
            pub const fn trap(self) -> &'static str {
                match self { $(Self::$variant => $trap,)* }
            }

            /// What proves that it was carried out.
            #[must_use]
            pub const fn proof(self) -> &'static str {
                match self { $(Self::$variant => $proof,)* }
            }
        }
    };
}

tactics! {
    PriceCut, 1, "price cut", "直降 / 特价", PriceOff, [Volume, ClearStock, Defend],
        "a known item with many buyers whose price is compared", "价格敏感的畅销品",
        "the base buys cheaper too: below the break-even lift it loses money", "till prices of the event";
    NthUnit, 2, "nth unit", "第二件N折", PriceOff, [Volume],
        "goods that are used faster when there is more at home", "多买多用的品类",
        "a mixed set needs a stated pick, or the dearest unit goes cheap", "scan data by basket";
    VolumeTier, 3, "volume tier", "多件阶梯", PriceOff, [Volume, ClearStock],
        "households that stock up, and cases in membership stores", "囤货型购买与会员店",
        "an all-units table may make one more unit cost less", "scan data by basket";
    SpendThreshold, 4, "spend threshold", "满减 / 满折", PriceOff, [Volume, Share],
        "a whole shelf or brand, to lift the basket", "全品牌或全品类提客单",
        "shoppers who were above the threshold anyway", "scan data by basket";
    MemberPrice, 5, "member price", "会员价", PriceOff, [Share, Defend],
        "telling regular buyers from passing ones, and learning who they are", "锁定会员、沉淀数据",
        "the price of guests is read as the real one", "member scans";
    Limited, 6, "limited", "限时限量", PriceOff, [Volume, NewProduct],
        "traffic at a quiet hour, with a known worst case", "限时引流、控制上限",
        "resellers empty the shelf: cap it per customer", "counters of units and hours";
    BuyGet, 7, "buy n get m", "买N赠M", MoreGoods, [Volume, Defend],
        "loading homes before a competitor's launch", "竞品上市前囤满消费者家中",
        "sales of the following weeks are taken forward", "free goods delivered and scanned";
    Gift, 8, "gift with purchase", "买赠", MoreGoods, [NewProduct, Trial],
        "keeping the price while giving something the shopper values above its cost", "保价的同时给附加价值",
        "gifts stay in the back room or are sold", "gift stock sheet";
    AddOn, 9, "purchase with purchase", "加价换购", PriceOff, [Volume, Trial],
        "introducing a second item to buyers of the first", "以老带新",
        "the add-on sells at its price to those who wanted it anyway", "scan data by basket";
    Bundle, 10, "bundle", "捆绑 / 套装", PriceOff, [ClearStock, Trial, Volume],
        "a slow item with a fast one, or a set that is used together", "快慢搭配、成套使用",
        "a set that is cheaper to take apart", "set codes scanned";
    BonusPack, 11, "bonus pack", "加量不加价", MoreGoods, [Defend, Volume],
        "rewarding regular buyers without touching the price", "回馈老顾客而不动价格",
        "more packs is not more content: judge in equivalised volume", "pack codes scanned";
    Coupon, 12, "coupon", "优惠券", PriceOff, [Trial, Share],
        "reaching chosen shoppers, with a cost that is paid only when used", "定向拉新，按核销付费",
        "misredemption, and claims that arrive after the books close", "clearing-house report";
    Rebate, 13, "rebate", "返现 / 退费", Later, [Share, NewProduct],
        "dear goods, where the shelf price must stand", "高单价、需保价",
        "breakage booked as profit before the claims expire", "claims with receipts";
    Points, 14, "points or stamps", "积分 / 集点", Later, [Share, Defend],
        "habit over months instead of one purchase", "培养长期复购",
        "an unbooked liability", "points ledger";
    TradeIn, 15, "trade-in", "以旧换新", Later, [Share, NewProduct],
        "durable goods with an installed base", "耐用品存量换新",
        "the old item's residual value is overestimated", "old items received";
    PrizeDraw, 16, "prize draw", "抽奖", Chance, [NewProduct, DisplayPresence],
        "attention at a fixed cost, under the legal cap a prize", "固定成本博关注",
        "entries are not units; a prize above the legal cap", "notarised draw record";
    Sampling, 17, "trial and sampling", "试吃 / 派样", Presence, [Trial, NewProduct],
        "a better product nobody knows", "产品力强、认知低",
        "judged by the week's sales instead of by who comes back", "samples used, photos, hours";
    Feature, 18, "feature", "DM / 海报", Presence, [Volume, NewProduct],
        "telling everybody about a price or a launch", "价格或新品的广而告之",
        "paid for and printed small, or for the wrong week", "the printed page";
    Display, 19, "display", "堆头 / 端架 / 专架", Presence, [DisplayPresence, Volume, ClearStock],
        "impulse goods, and stock that must be seen to be sold", "冲动性购买与大库存",
        "paid for days on which nothing stood there", "dated photos by store";
    Promoter, 20, "promoter and joint promotion", "导购 / 临促 / 联合促销", Presence, [Trial, Share, Volume],
        "goods that need a word, and partners whose buyers are alike", "需要讲解的商品、客群相近的伙伴",
        "hours paid while the shelf is empty", "duty roster and stock by hour";
}

impl Tactic {
    /// The tactics that serve an objective, those that serve it first and foremost first, then by number.
    pub fn suited_to(objective: Objective) -> impl Iterator<Item = Self> {
        let place = move |tactic: &Self| tactic.objectives().iter().position(|served| *served == objective);
        let mut suited: Vec<Self> = Self::ALL.into_iter().filter(|tactic| place(tactic).is_some()).collect();
        suited.sort_by_key(|tactic| (place(tactic), tactic.number()));
        suited.into_iter()
    }
}

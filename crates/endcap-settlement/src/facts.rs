//! What happened: deliveries, returns, sales, counts and the occasions of fees. Plain records, borrowed for one run.

use chrono::NaiveDate;
use endcap_calendar::{BusinessCalendar, EventDates, Period};
use endcap_types::{CategoryId, ClauseId, DocumentId, Money, PromotionId, Quantity, Rate, SkuId, StoreId};
use rust_decimal::Decimal;

use crate::{Basis, ClauseKind, PriceCut, TillSale};

/// 商品: category and brand of an SKU, for scopes and rates.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Product {
    /// The SKU.
    pub sku: SkuId,
    /// Its category, when it has one.
    pub category: Option<CategoryId>,
    /// Its brand, when it has one.
    pub brand: Option<String>,
}

/// 送货: one line of a delivery note.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Delivery {
    /// The delivery note.
    pub document: DocumentId,
    /// Day of receipt.
    pub date: NaiveDate,
    /// Receiving store, when known.
    pub store: Option<StoreId>,
    /// The SKU.
    pub sku: SkuId,
    /// Quantity delivered.
    pub quantity: Quantity,
    /// Value at supply price.
    pub amount: Money,
}

/// 退货: one line of a return to the supplier; quantity and amount are positive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct GoodsReturn {
    /// The return note.
    pub document: DocumentId,
    /// Day of return.
    pub date: NaiveDate,
    /// Returning store, when known.
    pub store: Option<StoreId>,
    /// The SKU.
    pub sku: SkuId,
    /// Quantity returned.
    pub quantity: Quantity,
    /// Value at supply price.
    pub amount: Money,
}

/// 实销: till sales of one SKU, per receipt or per day; refunds are negative.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Sale {
    /// The receipt or the line of the retailer's list.
    pub document: DocumentId,
    /// Day of sale.
    pub date: NaiveDate,
    /// Selling store, when known.
    pub store: Option<StoreId>,
    /// The SKU.
    pub sku: SkuId,
    /// Quantity sold; negative for a refund.
    pub quantity: Quantity,
    /// Till money; negative for a refund.
    pub amount: Money,
    /// The promotion it was sold in, if any.
    #[cfg_attr(feature = "serde", serde(default))]
    pub promotion: Option<PromotionId>,
    /// For the refund of a sale settled earlier: the terms it was settled at.
    #[cfg_attr(feature = "serde", serde(default))]
    pub original: OriginalTerms,
}

/// 原销售条件: what is known of the terms at which a refunded sale was settled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct OriginalTerms {
    /// Its commission rate.
    pub rate: Option<Rate>,
    /// Its supply price per unit, major units.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "Option::is_none", with = "crate::text::optional_decimal")
    )]
    pub supply_price: Option<Decimal>,
}

/// 库存批次: what is left of one delivery of consignment goods.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Layer {
    /// The delivery note.
    pub document: DocumentId,
    /// Day of receipt.
    pub date: NaiveDate,
    /// The SKU.
    pub sku: SkuId,
    /// Quantity of the delivery.
    pub delivered: Quantity,
    /// Value of the whole delivery at supply price.
    pub amount: Money,
    /// Quantity left.
    pub remaining: Quantity,
}

/// 其他库存变动: why stock moved other than by delivery, return and sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MovementKind {
    /// 调入: from another account.
    TransferIn,
    /// 调出: to another account.
    TransferOut,
    /// 报损: expired or destroyed with a certificate.
    Destroyed,
    /// 样品: given away as samples.
    Sample,
    /// 约定损耗: loss both sides agreed on.
    AgreedShrink,
}

/// 库存变动: a movement of consignment stock; the quantity is positive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Movement {
    /// The document.
    pub document: DocumentId,
    /// The day.
    pub date: NaiveDate,
    /// The SKU.
    pub sku: SkuId,
    /// Why.
    pub kind: MovementKind,
    /// How much.
    pub quantity: Quantity,
}

/// 盘点: counted stock at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct StockCount {
    /// The day, after whose last movement the stock was counted.
    pub date: NaiveDate,
    /// The SKU.
    pub sku: SkuId,
    /// Stock found.
    pub quantity: Quantity,
}

/// 事件: something a fee is charged for: a store opening, a leaflet, display days, heads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Occasion {
    /// The clause it falls under.
    pub clause: ClauseId,
    /// The evidence.
    pub document: DocumentId,
    /// The day.
    pub date: NaiveDate,
    /// The store, for fees per store.
    #[cfg_attr(feature = "serde", serde(default))]
    pub store: Option<StoreId>,
    /// The SKU, for fees per SKU.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sku: Option<SkuId>,
    /// How many: displays × days, heads, issues.
    pub count: u32,
}

/// 促销支持: promotion money the supplier owes, as the promotion computed it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PromotionFunding {
    /// The promotion.
    pub promotion: PromotionId,
    /// The kind of clause that pays it.
    pub kind: ClauseKind,
    /// The settlement of the promotion.
    pub document: DocumentId,
    /// The day it is settled.
    pub date: NaiveDate,
    /// The money.
    pub amount: Money,
}

/// 预付 / 调整: money that moves with a statement but belongs to no clause.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SideAmount {
    /// The document.
    pub document: DocumentId,
    /// The day.
    pub date: NaiveDate,
    /// The money.
    pub amount: Money,
}

/// 基期数: what a growth rebate compares with, such as last year's month.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Reference {
    /// The clause it is for.
    pub clause: ClauseId,
    /// Where the figure comes from.
    pub document: DocumentId,
    /// The day of the contract with which it is compared, not the day it happened.
    pub date: NaiveDate,
    /// The amount or quantity, as the clause measures its base.
    pub base: Basis,
}

/// 凭证: proof that a clause was performed, such as photos of a display or the printed leaflet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ClauseEvidence {
    /// The clause proved.
    pub clause: ClauseId,
    /// The proof.
    pub document: DocumentId,
    /// The days it proves.
    pub covers: Period,
}

/// 调价单: a supply price cut while stock is on hand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SupplyPriceCut {
    /// The notice.
    pub document: DocumentId,
    /// Effective day.
    pub date: NaiveDate,
    /// The SKU.
    pub sku: SkuId,
    /// Prices before and after, and the stock they meet.
    pub cut: PriceCut,
}

/// 事实: everything a settlement run looks at; only facts of the period, in force and in scope, count.
///
/// The order of records changes nothing. Slices may hold more than the period. Occasions and promotion money belong to
/// one contract: what no clause of it claims is refused, so that no money is dropped in silence.
///
/// # Source
/// House rule: what a month brings is plain records; nothing is looked up.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// Product records.
    pub products: &'a [Product],
    /// Deliveries.
    pub deliveries: &'a [Delivery],
    /// Returns to the supplier.
    pub returns: &'a [GoodsReturn],
    /// Till sales.
    pub sales: &'a [Sale],
    /// Till sales with their discounts and tenders; they count beside `sales`, so each sale belongs into one list.
    pub till_sales: &'a [TillSale],
    /// 同柜销售: turnover of the peer counter, for guarantees that follow it.
    pub peer_sales: &'a [SideAmount],
    /// Consignment stock at the start of the period, by delivery.
    pub opening_layers: &'a [Layer],
    /// Other movements of consignment stock.
    pub movements: &'a [Movement],
    /// Stock counts; those of the last day of the period close it.
    pub counts: &'a [StockCount],
    /// Occasions of fees.
    pub occasions: &'a [Occasion],
    /// Promotion money.
    pub funding: &'a [PromotionFunding],
    /// 基期: references of growth rebates; those of cumulative clauses since their beginning.
    pub references: &'a [Reference],
    /// 凭证: proof for clauses that need it.
    pub evidence: &'a [ClauseEvidence],
    /// 调价单: cuts of supply prices, for price protection.
    pub price_cuts: &'a [SupplyPriceCut],
    /// 预付款余额: what is left of advances paid before; used up oldest first, as far as there is something to pay.
    pub opening_advances: &'a [SideAmount],
    /// 预付款: paid in advance, taken off the payment.
    pub advances: &'a [SideAmount],
    /// 调整: added to the payment, or taken off when negative.
    pub adjustments: &'a [SideAmount],
    /// When the events of the payment terms happened; the end of the supply period is known.
    pub events: EventDates,
    /// Business days; without it, Monday to Friday.
    pub calendar: Option<&'a BusinessCalendar>,
}

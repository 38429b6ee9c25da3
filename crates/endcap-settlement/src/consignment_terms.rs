//! [`Consignment`]: terms of goods that stay the supplier's until they are sold.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Rate, SkuId, TaxBasis, Unit};
use rust_decimal::Decimal;

use crate::{SettleMode, TaxRule};

/// 供价口径: which supply price a sold unit is settled at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum PriceBasis {
    /// 进价先进先出: the price of the delivery layer it came from, first in first out.
    PriceAtDelivery,
    /// 销售日供价: the contract price in force on the day of sale.
    PriceAtSale,
    /// 期间均价: opening stock and deliveries of the period at one price; what is left is carried at it. 100 at 10.00
    /// and 50 at 10.50 make 120 sold 1,220.00 and leave 30 worth 305.00.
    AverageOfPeriod,
    /// 结算日供价: the contract price in force on the last day of the period, whenever the goods were sold.
    PriceAtSettlement,
    /// 收取手续费: what the consumer paid, less a fee of the retailer on its own line.
    TillLessFee(SalesFee),
    /// 加价代销: what the consumer paid, without the retailer's mark-up: `till / (1 + mark-up)`.
    TillLessMarkup(Rate),
}

impl PriceBasis {
    /// Whether goods are settled at prices of the contract.
    #[must_use]
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::PriceAtSale | Self::PriceAtSettlement)
    }

    /// Whether goods are settled at what their layers cost.
    #[must_use]
    pub const fn is_layered(self) -> bool {
        matches!(self, Self::PriceAtDelivery | Self::AverageOfPeriod)
    }
}

/// 代销手续费: the retailer's fee on consignment goods it sold for the supplier.
///
/// # Source
/// Commission consignment (收取手续费) of accounting textbooks: the retailer invoices a service, the goods are the
/// supplier's sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SalesFee {
    /// The share of the goods settled.
    pub rate: Rate,
    /// Whether they are taken with or without VAT.
    #[cfg_attr(feature = "serde", serde(default = "crate::clause::inclusive"))]
    pub base_tax: TaxBasis,
    /// Where it is taken off.
    pub settle: SettleMode,
    /// The VAT it carries.
    pub tax: TaxRule,
}

/// 供价: a contract price from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SupplyPrice {
    /// The SKU.
    pub sku: SkuId,
    /// First day of the price.
    pub from: NaiveDate,
    /// Major units per unit, with or without VAT as the contract's amounts are.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub price: Decimal,
    /// The unit priced.
    #[cfg_attr(feature = "serde", serde(default = "piece"))]
    pub unit: Unit,
}

#[cfg(feature = "serde")]
const fn piece() -> Unit {
    Unit::Piece
}

/// 损耗承担: who bears stock that is missing at the count.
///
/// # Source
/// House rule; a supplier share needs a written agreement, as fair-trading rules for retailers and suppliers demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ShrinkBearer {
    /// The retailer pays for what is missing.
    #[default]
    Retailer,
    /// The supplier bears it.
    Supplier,
    /// The supplier bears this share, the retailer pays the rest.
    Shared(Rate),
    /// The supplier bears up to this share of the settled sales, the retailer pays the rest.
    RetailerAboveAllowance(Rate),
}

/// 代销实结: terms of consignment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Consignment {
    /// Which supply price is settled.
    pub price_basis: PriceBasis,
    /// Contract prices, for price at sale and where no layer has a price.
    #[cfg_attr(feature = "serde", serde(default))]
    pub prices: Vec<SupplyPrice>,
    /// Who bears missing stock.
    #[cfg_attr(feature = "serde", serde(default))]
    pub shrink: ShrinkBearer,
    /// The agreement that puts shrink on the supplier.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub shrink_agreement: Option<DocumentId>,
}

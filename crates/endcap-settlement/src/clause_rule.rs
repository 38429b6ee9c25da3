//! Rules of clauses beside amounts, percentages and tiers: growth, free goods, evidence.

use endcap_types::TaxBasis;
use rust_decimal::Decimal;

use crate::{Accumulation, BaseMeasure, GrowthBase, TierTable, TrueUp};

/// 增长口径: what chooses the band of a growth rebate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GrowthBy {
    /// 增长率: thresholds are percent points over the reference.
    #[default]
    Percent,
    /// 增长额 / 增长量: thresholds are major units, or units, over the reference.
    Increment,
}

/// 增长返利: a rebate for growth over the [`References`](crate::Facts::references) of the facts.
///
/// ```text
/// increment = base − reference;  growth = increment / reference
/// band      = the one that growth in percent, or the increment, reaches
/// amount    = (base or increment) × rate or amount per unit + flat amount of the band
/// ```
///
/// A reference of zero or less is an error: growth over nothing has no percentage.
///
/// # Source
/// Growth rebates of condition contracts: on amount, percentage or quantity, on the total or the increment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Growth {
    /// What is measured.
    pub of: BaseMeasure,
    /// Whether the measured amount is taken with or without VAT; references are written likewise.
    #[cfg_attr(feature = "serde", serde(default = "crate::clause::inclusive"))]
    pub base_tax: TaxBasis,
    /// What chooses the band.
    #[cfg_attr(feature = "serde", serde(default))]
    pub by: GrowthBy,
    /// On what the band pays.
    pub pay_on: GrowthBase,
    /// The bands.
    pub table: TierTable,
    /// Each period alone or everything since a date.
    pub accumulate: Accumulation,
    /// Whether a cumulative result may take money back.
    #[cfg_attr(feature = "serde", serde(default))]
    pub true_up: TrueUp,
}

/// 搭赠计价: what a free unit is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum FreeGoodsValue {
    /// 约定价: major units per unit.
    Price(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
    /// 均价: what the measured units cost on average: net purchases, or turnover, of the same goods and days.
    Average,
}

/// 搭赠: `free` units for every full `buy` units; they stand on the line as a quantity and are settled at a value.
///
/// # Source
/// Free-goods deals of published rebate engines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct FreeGoods {
    /// The quantity measured.
    pub of: BaseMeasure,
    /// The multiple.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub buy: Decimal,
    /// Free units per full multiple.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub free: Decimal,
    /// What a free unit is worth.
    pub value: FreeGoodsValue,
    /// Each period alone or everything since a date.
    pub accumulate: Accumulation,
    /// Whether a cumulative result may take goods back.
    #[cfg_attr(feature = "serde", serde(default))]
    pub true_up: TrueUp,
}

/// 凭证要求: whether a clause is paid on proof only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum EvidenceNeed {
    /// 不需要: it is settled as it comes.
    #[default]
    NotNeeded,
    /// 需要: its line is on hold until [`ClauseEvidence`](crate::ClauseEvidence) covers every day on which it is in force in the
    /// period; then it is released by restating the period, or with the next cumulative settlement.
    Required,
}

//! Who pays for the promotion, on which basis, and what each line comes to.

use endcap_types::{ClauseId, Currency, Exact, Money, PromotionId, Rate, Rounding, Unrounded};
use rust_decimal::Decimal;

use crate::PromoError;
use crate::exact_units::{minor, value};

/// What the money is for (费用项目).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum FundingPurpose {
    /// The price cut itself (价格支持).
    PriceSupport,
    /// Display, pallet, end cap (堆头费 / 端架费).
    DisplayFee,
    /// Printed or digital feature (海报费).
    FeatureFee,
    /// Demonstrators (导购费).
    PromoterFee,
    /// Free goods (赠品).
    FreeGoods,
    /// Anything else.
    Other,
}

/// What a funding line accrues on (计提依据). Per-unit values are major units of the promotion's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum FundingBasis {
    /// Per unit scanned in the event (扫描补差).
    ScanBack {
        /// Major units per unit.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        per_unit: Decimal,
    },
    /// Per unit invoiced in the buying window, forward-bought units included (票折).
    OffInvoice {
        /// Major units per unit.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        per_unit: Decimal,
    },
    /// Per unit bought in the window, claimed afterwards (事后补差): pays for forward buying as well, and has a deadline.
    BillBack {
        /// Major units per unit.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        per_unit: Decimal,
    },
    /// A share of what was invoiced in the buying window at the supply price (进货额百分比).
    SellInShare {
        /// The share.
        rate: Rate,
    },
    /// A share of what shoppers paid in the event (销售额百分比).
    SellOutShare {
        /// The share.
        rate: Rate,
    },
    /// A fixed amount for the fact of execution (一口价费用).
    LumpSum {
        /// Major units.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        amount: Decimal,
    },
    /// Free units, valued at the supply price on both sides (赠送).
    FreeGoods {
        /// Units given.
        units: u32,
    },
}

impl FundingBasis {
    /// The name used in files and reports.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ScanBack { .. } => "scan_back",
            Self::OffInvoice { .. } => "off_invoice",
            Self::BillBack { .. } => "bill_back",
            Self::SellInShare { .. } => "sell_in_share",
            Self::SellOutShare { .. } => "sell_out_share",
            Self::LumpSum { .. } => "lump_sum",
            Self::FreeGoods { .. } => "free_goods",
        }
    }

    /// What it grows with.
    #[must_use]
    pub const fn accrual(&self) -> Accrual {
        match self {
            Self::ScanBack { .. } | Self::SellOutShare { .. } => Accrual::UnitsScanned,
            Self::OffInvoice { .. } | Self::BillBack { .. } | Self::SellInShare { .. } => {
                Accrual::UnitsInvoiced
            }
            Self::LumpSum { .. } | Self::FreeGoods { .. } => Accrual::Fixed,
        }
    }

    /// The rate or amount as written: major units, or percent; units of free goods.
    #[must_use]
    pub fn written(&self) -> Decimal {
        match self {
            Self::ScanBack { per_unit } | Self::OffInvoice { per_unit } | Self::BillBack { per_unit } => {
                *per_unit
            }
            Self::SellInShare { rate } | Self::SellOutShare { rate } => rate.as_percent(),
            Self::LumpSum { amount } => *amount,
            Self::FreeGoods { units } => Decimal::from(*units),
        }
    }

    /// Minor units per unit it grows with; zero for what is fixed.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the result leaves the range of exact numbers.
    pub fn per_unit_minor(&self, volume: &FundingVolume) -> Result<Exact, PromoError> {
        Ok(match self {
            Self::ScanBack { per_unit } | Self::OffInvoice { per_unit } | Self::BillBack { per_unit } => {
                minor(*per_unit, volume.currency)?
            }
            Self::SellInShare { rate } => volume.supply_price_minor.mul(&rate.to_exact())?,
            Self::SellOutShare { rate } => volume.shelf_price_minor.mul(&rate.to_exact())?,
            Self::LumpSum { .. } | Self::FreeGoods { .. } => Exact::ZERO,
        })
    }
}

/// What a funding line grows with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Accrual {
    /// Units shoppers bought in the event.
    UnitsScanned,
    /// Units the retailer bought in the window, ahead of need included.
    UnitsInvoiced,
    /// Nothing: it is what it is.
    Fixed,
}

/// One promise of the supplier to the retailer (费用承担): purpose, basis, cap.
///
/// # Source
///
/// House rule: every line is one payment with two ends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct FundingLine {
    /// The clause or budget line it is settled under; unique within the promotion.
    pub id: ClauseId,
    /// What it is for.
    pub purpose: FundingPurpose,
    /// What it accrues on.
    pub basis: FundingBasis,
    /// The most it may come to, in major units; absent when uncapped (上限).
    #[cfg_attr(feature = "serde", serde(default, with = "rust_decimal::serde::str_option"))]
    pub cap: Option<Decimal>,
}

/// The units and the prices funding lines accrue on, for one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingVolume {
    /// Units scanned in the event.
    pub scanned: Exact,
    /// Units invoiced in the buying window.
    pub invoiced: Exact,
    /// Supply price, minor units per unit.
    pub supply_price_minor: Exact,
    /// What shoppers paid on average in the event, minor units per unit.
    pub shelf_price_minor: Exact,
    /// Currency of every amount.
    pub currency: Currency,
    /// How each line is posted.
    pub rounding: Rounding,
}

/// Whether a cap cut the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum CapEffect {
    /// No cap, or below it.
    Free,
    /// The cap bit (触顶).
    CapReached,
}

/// What one funding line comes to: data that a bridge turns into a settlement clause.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FundingAmount {
    /// The promotion that caused it.
    pub promotion: PromotionId,
    /// The funding line.
    pub line: ClauseId,
    /// What it is for.
    pub purpose: FundingPurpose,
    /// Basis and rate it was computed from.
    pub basis: FundingBasis,
    /// Units it accrued on; zero for a lump sum.
    pub units: Exact,
    /// Units × rate, or the lump, before the cap and before rounding.
    pub exact: Unrounded,
    /// Whether the cap cut it.
    pub cap: CapEffect,
    /// After the cap, before rounding.
    pub payable: Unrounded,
    /// What the supplier pays and the retailer receives.
    pub amount: Money,
}

impl FundingLine {
    /// What the line comes to: `min(cap, units × rate)`, rounded once.
    ///
    /// Scan-back and shares of sell-out take the scanned units, off-invoice, bill-back and shares of sell-in the invoiced
    /// ones, free goods are worth the supply price.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the amount leaves the range of money.
    ///
    /// # Source
    ///
    /// House rule.
    pub fn amount(
        &self,
        promotion: &PromotionId,
        volume: &FundingVolume,
    ) -> Result<FundingAmount, PromoError> {
        let currency = volume.currency;
        let (units, exact) = match (&self.basis, self.basis.accrual()) {
            (FundingBasis::LumpSum { amount }, _) => {
                (Exact::ZERO, Unrounded::new(minor(*amount, currency)?, currency))
            }
            (FundingBasis::FreeGoods { units }, _) => {
                let units = Exact::from_int(i128::from(*units));
                let worth = value(&units, &volume.supply_price_minor, currency)?;
                (units, worth)
            }
            (basis, accrual) => {
                let units = match accrual {
                    Accrual::UnitsScanned => volume.scanned.clone(),
                    Accrual::UnitsInvoiced => volume.invoiced.clone(),
                    Accrual::Fixed => Exact::ZERO,
                };
                let worth = value(&units, &basis.per_unit_minor(volume)?, currency)?;
                (units, worth)
            }
        };
        let cap = self.cap.map(|cap| minor(cap, currency)).transpose()?;
        let (payable, cap) = match cap {
            Some(cap) if *exact.value() > cap => (Unrounded::new(cap, currency), CapEffect::CapReached),
            _ => (exact.clone(), CapEffect::Free),
        };
        let amount = payable.round(&volume.rounding)?;
        Ok(FundingAmount {
            promotion: promotion.clone(),
            line: self.id.clone(),
            purpose: self.purpose,
            basis: self.basis.clone(),
            units,
            exact,
            cap,
            payable,
            amount,
        })
    }
}

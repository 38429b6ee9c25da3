//! What the till says of a concession: which money is turnover, who bears a discount, and rates by tender.

use std::collections::BTreeMap;

use endcap_types::{Money, Rate, Rounding};

use crate::SettlementError;
use crate::credit::rate_not_negative;

/// 流水口径: which money of the till commission is taken of.
///
/// # Source
/// Turnover bases of shipped concession software (毛收入, 净收入, 积分抵现).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TurnoverBase {
    /// 吊牌额: the tag price.
    GrossTag,
    /// 毛收入: what was received, vouchers at their face.
    #[default]
    Received,
    /// 净收入: received less the void value of vouchers; a voucher of 100 worth 80 carries 20.
    ReceivedLessVoucherVoid,
    /// 毛收入减积分: received less what points paid.
    ReceivedLessPoints,
}

impl TurnoverBase {
    /// The word used in contracts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::GrossTag => "gross_tag",
            Self::Received => "received",
            Self::ReceivedLessVoucherVoid => "received_less_voucher_void",
            Self::ReceivedLessPoints => "received_less_points",
        }
    }

    /// Whether discounts stay in.
    pub(crate) const fn on_tag(self) -> bool {
        matches!(self, Self::GrossTag)
    }

    /// Whether the void of vouchers is taken off.
    pub(crate) const fn without_void(self) -> bool {
        matches!(self, Self::ReceivedLessVoucherVoid)
    }

    /// Whether points are taken off.
    pub(crate) const fn without_points(self) -> bool {
        matches!(self, Self::ReceivedLessPoints)
    }
}

/// 收银金额: the money of one sale as the till took it apart; all amounts are negative for a refund.
///
/// [`base`](Self::base) is the [`Sale::amount`](crate::Sale::amount) of a contract that settles on that base.
///
/// # Examples
/// ```
/// use endcap_settlement::{TillMoney, TurnoverBase};
/// use endcap_types::{Currency, Money};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let till = TillMoney {
///     tag: cny("1200")?,
///     discount: cny("200")?,
///     voucher_void: cny("20")?,
///     points: cny("30")?,
/// };
/// let base = |base| till.base(base).map(|money| money.to_amount_string());
/// assert_eq!(base(TurnoverBase::GrossTag)?, "1200.00");
/// assert_eq!(base(TurnoverBase::Received)?, "1000.00");
/// assert_eq!(base(TurnoverBase::ReceivedLessVoucherVoid)?, "980.00");
/// assert_eq!(base(TurnoverBase::ReceivedLessPoints)?, "970.00");
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// As [`TurnoverBase`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TillMoney {
    /// 吊牌额: tag price × quantity.
    pub tag: Money,
    /// 折扣: taken off at the till.
    pub discount: Money,
    /// 券虚值: the part of the vouchers' face that nobody paid for.
    pub voucher_void: Money,
    /// 积分抵现: paid with points.
    pub points: Money,
}

impl TillMoney {
    /// The money that counts as turnover on a base.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when currencies mix or the amount leaves its range.
    ///
    /// # Source
    /// As [`TurnoverBase`].
    pub fn base(&self, base: TurnoverBase) -> Result<Money, SettlementError> {
        let mut left = self.tag;
        for less in [self.less_discount(base), self.less_void(base), self.less_points(base)] {
            left = left.checked_sub(&less)?;
        }
        Ok(left)
    }

    /// What a base takes off the tag price as discounts.
    const fn less_discount(&self, base: TurnoverBase) -> Money {
        if base.on_tag() { Money::zero(self.tag.currency()) } else { self.discount }
    }

    /// What it takes off as void.
    const fn less_void(&self, base: TurnoverBase) -> Money {
        if base.without_void() { self.voucher_void } else { Money::zero(self.tag.currency()) }
    }

    /// What it takes off as points.
    const fn less_points(&self, base: TurnoverBase) -> Money {
        if base.without_points() { self.points } else { Money::zero(self.tag.currency()) }
    }
}

/// 扣点口径: the style of the contract, never mixed with the other in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CommissionOn {
    /// 按吊牌额: the contract rate on the tag price.
    Tag,
    /// 按实收: the rate on what was received.
    Received,
}

/// 折扣分摊: a discount or the loss on a tender, and the share of it that the supplier bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SharedDiscount {
    /// The discount.
    pub amount: Money,
    /// The supplier's share, 0 % to 100 %.
    pub supplier: Rate,
}

/// 分摊结果: what a sale with shared discounts brings to each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DiscountSplit {
    /// The retailer's commission.
    pub commission: Money,
    /// Discounts borne by the supplier.
    pub supplier_bears: Money,
    /// Discounts borne by the retailer.
    pub retailer_bears: Money,
    /// What the supplier receives: tag price less commission less its discounts.
    pub supplier_net: Money,
}

/// 折扣承担: shares discounts between supplier and retailer, each discount at its own share.
///
/// ```text
/// supplier bears = Σ discount × supplier's share, each rounded;  retailer bears = Σ discount − supplier bears
/// commission     = rate × tag, or rate × (tag − Σ discount)
/// supplier net   = tag − commission − supplier bears
/// ```
///
/// # Errors
/// - [`SettlementError::ShareOutside`] for a share below 0 % or above 100 %.
/// - [`SettlementError::Types`] for a negative rate, mixed currencies or amounts out of range.
///
/// # Examples
/// ```
/// use endcap_settlement::{CommissionOn, SharedDiscount, share_discounts};
/// use endcap_types::{Currency, Money, Rounding};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let discount = SharedDiscount { amount: cny("30")?, supplier: "40%".parse()? };
/// let commission = ("25%".parse()?, CommissionOn::Tag);
/// let split = share_discounts(cny("100")?, &[discount], commission, &Rounding::HALF_AWAY)?;
/// assert_eq!(split.commission.to_amount_string(), "25.00");
/// assert_eq!(split.retailer_bears.to_amount_string(), "18.00");
/// assert_eq!(split.supplier_net.to_amount_string(), "63.00"); // 100 − 25 − 12
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// House rule; burden splits by discount and tender type are those of shipped concession software.
pub fn share_discounts(
    tag: Money,
    discounts: &[SharedDiscount],
    (rate, on): (Rate, CommissionOn),
    rounding: &Rounding,
) -> Result<DiscountSplit, SettlementError> {
    let rate = rate_not_negative(rate)?;
    let mut all = Money::zero(tag.currency());
    let mut supplier_bears = all;
    for discount in discounts {
        let share = discount.supplier;
        if share.is_negative() || share.complement()?.is_negative() {
            return Err(SettlementError::ShareOutside { share });
        }
        all = all.checked_add(&discount.amount)?;
        let borne = discount.amount.exact().times_rate(&share)?.round(rounding)?;
        supplier_bears = supplier_bears.checked_add(&borne)?;
    }
    let base = match on {
        CommissionOn::Tag => tag,
        CommissionOn::Received => tag.checked_sub(&all)?,
    };
    let commission = base.exact().times_rate(&rate)?.round(rounding)?;
    Ok(DiscountSplit {
        commission,
        supplier_bears,
        retailer_bears: all.checked_sub(&supplier_bears)?,
        supplier_net: tag.checked_sub(&commission)?.checked_sub(&supplier_bears)?,
    })
}

/// 支付方式扣点: commission rates by tender.
///
/// # Examples
/// ```
/// use std::collections::BTreeMap;
/// use endcap_settlement::TenderRates;
/// use endcap_types::{Currency, Money, Rounding};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let by = BTreeMap::from([("card".to_owned(), "22.6%".parse()?), ("voucher".to_owned(), "15%".parse()?)]);
/// let rates = TenderRates { default: "22%".parse()?, by };
/// let sales = BTreeMap::from([
///     ("cash".to_owned(), cny("10000")?),
///     ("card".to_owned(), cny("5000")?),
///     ("voucher".to_owned(), cny("2000")?),
/// ]);
/// let charged = rates.commission(&sales, &Rounding::HALF_AWAY)?;
/// assert_eq!(charged["card"].to_amount_string(), "1130.00");
/// assert_eq!(Money::sum(charged.into_values(), Currency::CNY)?.to_amount_string(), "3630.00");
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// House rule; concession lines of shipped retail software carry amounts by tender for this purpose.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TenderRates {
    /// The rate of tenders not named.
    pub default: Rate,
    /// Rates by tender, as the till names them.
    pub by: BTreeMap<String, Rate>,
}

impl TenderRates {
    /// The commission on the money of each tender, rounded by tender.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] for a negative rate or an amount out of range.
    ///
    /// # Source
    /// As [`TenderRates`].
    pub fn commission(
        &self,
        sales: &BTreeMap<String, Money>,
        rounding: &Rounding,
    ) -> Result<BTreeMap<String, Money>, SettlementError> {
        let charge = |(tender, money): (&String, &Money)| {
            let rate = rate_not_negative(self.by.get(tender).copied().unwrap_or(self.default))?;
            Ok((tender.clone(), money.exact().times_rate(&rate)?.round(rounding)?))
        };
        sales.iter().map(charge).collect()
    }
}

//! [`TillTerms`]: which money of the till is turnover, and who bears discounts and worthless tenders.

use endcap_types::{Rate, TaxBasis};
use rust_decimal::Decimal;

use crate::{CommissionOn, Tender, TillSale, TurnoverBase};

/// 退货冲减: whether refunds lower the money that commission is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RefundsInBase {
    /// 净额: they do.
    #[default]
    Deducted,
    /// 毛额: commission stays on what was sold, although goods are settled net.
    Ignored,
}

/// 刷卡手续费: a share of a tender that its processor keeps, taken off before commission.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TenderFee {
    /// The tender.
    pub tender: Tender,
    /// The share of its money.
    pub rate: Rate,
}

/// 承担对象: a loss at the till that the parties share.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BurdenOf {
    /// 折扣类型: discounts of one type.
    Discount(String),
    /// 其他折扣: discounts of every type not named.
    AnyDiscount,
    /// 支付虚值: the void part of one tender.
    Void(Tender),
}

impl core::fmt::Display for BurdenOf {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Discount(kind) => write!(f, "discount {kind}"),
            Self::AnyDiscount => f.write_str("any discount"),
            Self::Void(tender) => write!(f, "void of {tender}"),
        }
    }
}

/// 承担比例: the supplier's share of a loss; the retailer bears the rest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Burden {
    /// The loss.
    pub of: BurdenOf,
    /// The supplier's share, 0 % to 100 %.
    pub supplier: Rate,
}

/// 收银口径: how a contract reads the till. There are two styles, and a contract has exactly one:
///
/// ```text
/// received:  goods = received money;  commission = rate × (received − …);  discounts are gone, nobody shares them
/// tag price: goods = tag price;       commission = rate × tag;  discounts are shared as `burdens` say
/// ```
///
/// `base` decides: [`TurnoverBase::GrossTag`] is the second style and needs the burdens of discounts, every other base is
/// the first and refuses them. The void of a tender is shared in both, and needs a burden wherever it occurs.
///
/// # Examples
/// See [`TurnoverDeduction`](crate::TurnoverDeduction).
///
/// # Source
/// Parameters of shipped concession software: turnover bases with their switches, burden by discount and tender type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct TillTerms {
    /// 流水口径: the money commission is taken of.
    pub base: TurnoverBase,
    /// Whether refunds lower it.
    pub refunds: RefundsInBase,
    /// Fees of tenders taken off it; none by default.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub fees: Vec<TenderFee>,
    /// Whether it is taken with or without VAT.
    pub base_tax: TaxBasis,
    /// Who bears discounts and voids.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub burdens: Vec<Burden>,
}

impl Default for TillTerms {
    /// Received money with VAT, net of refunds.
    fn default() -> Self {
        Self {
            base: TurnoverBase::Received,
            refunds: RefundsInBase::Deducted,
            fees: Vec::new(),
            base_tax: TaxBasis::Inclusive,
            burdens: Vec::new(),
        }
    }
}

impl TillTerms {
    /// The style of the contract.
    #[must_use]
    pub const fn style(&self) -> CommissionOn {
        match self.base {
            TurnoverBase::GrossTag => CommissionOn::Tag,
            TurnoverBase::Received
            | TurnoverBase::ReceivedLessVoucherVoid
            | TurnoverBase::ReceivedLessPoints => CommissionOn::Received,
        }
    }

    /// The burden of a type of discount.
    pub(crate) fn discount(&self, kind: &str) -> Option<&Burden> {
        let named = |burden: &&Burden| matches!(&burden.of, BurdenOf::Discount(name) if name == kind);
        let any = |burden: &&Burden| burden.of == BurdenOf::AnyDiscount;
        self.burdens.iter().find(named).or_else(|| self.burdens.iter().find(any))
    }

    /// The burden of the void of a tender.
    pub(crate) fn void(&self, tender: &Tender) -> Option<&Burden> {
        self.burdens.iter().find(|burden| matches!(&burden.of, BurdenOf::Void(of) if of == tender))
    }

    /// The fee of a tender.
    pub(crate) fn fee(&self, tender: &Tender) -> Option<&Rate> {
        self.fees.iter().find(|fee| fee.tender == *tender).map(|fee| &fee.rate)
    }

    /// Whether a refund leaves the base alone.
    pub(crate) fn leaves_out(&self, sold: &TillSale) -> bool {
        self.refunds == RefundsInBase::Ignored && sold.sale.amount.is_negative()
    }
}

/// 同柜: the counter whose turnover sets the guarantee.
///
/// `guarantee = max(amount, times × turnover of the peer in the cycle)`; the facts bring its turnover as
/// [`Facts::peer_sales`](crate::Facts::peer_sales).
///
/// # Source
/// Peer-counter guarantees of shipped concession software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PeerCounter {
    /// How many times the turnover of the peer.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub times: Decimal,
}

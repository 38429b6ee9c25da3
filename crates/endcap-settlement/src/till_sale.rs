//! [`TillSale`]: a sale as the till took it apart, by discount and by tender.

use endcap_types::{Exact, Money};

use crate::{FactError, Sale, SettlementError, TillMoney};

/// 支付方式: how a consumer paid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Tender {
    /// 现金.
    Cash,
    /// 银行卡.
    Card,
    /// 移动支付.
    Mobile,
    /// 券: at its face.
    Voucher,
    /// 积分: at the money they stand for.
    Points,
    /// Another one, as the till names it.
    Other(String),
}

impl Tender {
    /// The word used in documents; another tender's own name.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Mobile => "mobile",
            Self::Voucher => "voucher",
            Self::Points => "points",
            Self::Other(name) => name,
        }
    }
}

impl core::fmt::Display for Tender {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.word())
    }
}

/// 折扣明细: one discount taken off at the till; negative on a refund.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TillDiscount {
    /// The type of discount, as contracts name it: `member`, `markdown`, `coupon`.
    pub kind: String,
    /// The money taken off.
    pub amount: Money,
}

/// 支付明细: what was paid with one tender; negative on a refund.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TenderAmount {
    /// The tender.
    pub tender: Tender,
    /// The money, a voucher at its face.
    pub amount: Money,
    /// 虚值: the part of it that nobody paid for: 20 of a voucher of 100 that was sold for 80.
    pub void: Money,
}

/// 收银明细: a till sale with its tag price, its discounts and its tenders.
///
/// `sale.amount = tag − Σ discounts = Σ tenders`: what was received, vouchers at their face.
///
/// # Examples
/// ```
/// use endcap_calendar::dates::ymd;
/// use endcap_settlement::{OriginalTerms, Sale, Tender, TenderAmount, TillDiscount, TillSale, TurnoverBase};
/// use endcap_types::*;
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let sold = TillSale {
///     sale: Sale {
///         document: DocumentId::new("POS-1")?,
///         date: ymd(2025, 6, 1)?,
///         store: None,
///         sku: SkuId::new("A1")?,
///         quantity: Quantity::pieces(1)?,
///         amount: cny("1000")?,
///         promotion: None,
///         original: OriginalTerms::default(),
///     },
///     tag: cny("1200")?,
///     discounts: vec![TillDiscount { kind: "member".to_owned(), amount: cny("200")? }],
///     tenders: vec![
///         TenderAmount { tender: Tender::Card, amount: cny("870")?, void: cny("0")? },
///         TenderAmount { tender: Tender::Voucher, amount: cny("100")?, void: cny("20")? },
///         TenderAmount { tender: Tender::Points, amount: cny("30")?, void: cny("0")? },
///     ],
/// };
/// sold.check()?;
/// let money = sold.money()?;
/// assert_eq!(money.base(TurnoverBase::ReceivedLessVoucherVoid)?, cny("980")?);
/// assert_eq!(money.base(TurnoverBase::ReceivedLessPoints)?, cny("970")?);
/// assert_eq!(sold.depth()?, Exact::ratio(1, 6)?); // a sixth off
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule; concession lines of shipped retail software carry amounts by discount and by tender.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TillSale {
    /// The sale; its amount is what was received.
    pub sale: Sale,
    /// 吊牌额: tag price × quantity.
    pub tag: Money,
    /// Taken off at the till, by type.
    #[cfg_attr(feature = "serde", serde(default))]
    pub discounts: Vec<TillDiscount>,
    /// What was paid, by tender.
    pub tenders: Vec<TenderAmount>,
}

impl TillSale {
    /// Whether the detail agrees with the sale.
    ///
    /// # Errors
    /// - [`FactError::TillSum`] when tag less discounts, or the sum of the tenders, is not the amount of the sale.
    /// - [`FactError::VoidBeyondTender`] when more of a tender is void than was paid with it.
    /// - [`SettlementError::Types`] when currencies mix or a sum leaves its range.
    pub fn check(&self) -> Result<(), SettlementError> {
        let money = self.money()?;
        let received = money.tag.checked_sub(&money.discount)?;
        let paid = Money::sum(self.tenders.iter().map(|paid| paid.amount), self.sale.amount.currency())?;
        for (what, found) in [("tag less discounts", received), ("the sum of the tenders", paid)] {
            if found != self.sale.amount {
                let (document, amount) = (self.sale.document.clone(), self.sale.amount);
                return Err(FactError::TillSum { document, what, found, amount }.into());
            }
        }
        for paid in &self.tenders {
            let left = paid.amount.checked_sub(&paid.void)?;
            let inside = |part: &Money| part.is_zero() || part.is_negative() == paid.amount.is_negative();
            if !(inside(&paid.void) && inside(&left)) {
                let document = self.sale.document.clone();
                let (void, amount) = (paid.void, paid.amount);
                return Err(FactError::VoidBeyondTender { document, void, amount }.into());
            }
        }
        Ok(())
    }

    /// The money of the sale as turnover bases see it; points are told apart from the void of other tenders.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when currencies mix or a sum leaves its range.
    pub fn money(&self) -> Result<TillMoney, SettlementError> {
        let currency = self.sale.amount.currency();
        let is_points = |paid: &&TenderAmount| paid.tender == Tender::Points;
        let others = self.tenders.iter().filter(|paid| !is_points(paid));
        Ok(TillMoney {
            tag: self.tag,
            discount: Money::sum(self.discounts.iter().map(|less| less.amount), currency)?,
            voucher_void: Money::sum(others.map(|paid| paid.void), currency)?,
            points: Money::sum(self.tenders.iter().filter(is_points).map(|paid| paid.amount), currency)?,
        })
    }

    /// 折扣深度: discounts over tag price, 0.3 for 30 % off; zero where there is no tag price.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when currencies mix or a sum leaves its range.
    pub fn depth(&self) -> Result<Exact, SettlementError> {
        let money = self.money()?;
        if money.tag.is_zero() {
            return Ok(Exact::ZERO);
        }
        Ok(Exact::ratio(money.discount.minor(), money.tag.minor())?)
    }
}

//! Money that follows stock: credit after a price cut, credit for a base stock, and stock deemed sold.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money, Price, Quantity, Rounding, SkuId, Unrounded};

use crate::credit::not_negative;
use crate::{Layer, SettlementError};

/// 库存条件: whether money moved when the stock did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum StockTerms {
    /// 纯代销: nothing is paid before the sale.
    PureConsignment,
    /// 可退货购销: paid for, with a right of return.
    SaleOrReturn,
    /// 预付 / 押金: a deposit or prepayment covers the stock.
    Prepaid,
}

/// 调价: a supply price cut while stock is on hand.
///
/// `credit = (old − new) × on hand`, where money moved before the sale; under pure consignment the stock is only
/// revalued. A price rise gives no credit.
///
/// # Examples
/// ```
/// use endcap_settlement::{PriceCut, StockTerms};
/// use endcap_types::{Currency, Price, Quantity, Rounding, TaxBasis, Unit};
/// let price = |text: &str| {
///     Price::new(text.parse().unwrap_or_default(), Currency::CNY, Unit::Piece, TaxBasis::Inclusive)
/// };
/// let cut = PriceCut { old: price("10.50")?, new: price("10.00")?, on_hand: Quantity::pieces(30)? };
/// let credit = cut.credit(StockTerms::SaleOrReturn, &Rounding::HALF_AWAY)?;
/// assert_eq!(credit.to_amount_string(), "15.00");
/// assert!(cut.credit(StockTerms::PureConsignment, &Rounding::HALF_AWAY)?.is_zero());
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// Price protection (价格保护); where it applies is a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PriceCut {
    /// The price before.
    pub old: Price,
    /// The price from the effective day on.
    pub new: Price,
    /// Stock on hand at the start of the effective day.
    pub on_hand: Quantity,
}

impl PriceCut {
    /// The credit the supplier owes.
    ///
    /// # Errors
    /// - [`SettlementError::TaxBasisMismatch`] when one price holds VAT and the other does not.
    /// - [`SettlementError::NegativeQuantity`] for stock below zero.
    /// - [`SettlementError::Types`] when units or currencies mix or the amount leaves its range.
    ///
    /// # Source
    /// As [`PriceCut`].
    pub fn credit(&self, terms: StockTerms, rounding: &Rounding) -> Result<Money, SettlementError> {
        let (expected, found) = (self.old.tax(), self.new.tax());
        if expected != found {
            return Err(SettlementError::TaxBasisMismatch { what: "the cut", expected, found });
        }
        if self.on_hand.is_negative() {
            return Err(SettlementError::NegativeQuantity { what: "on hand", quantity: self.on_hand });
        }
        let less = self.old.times(&self.on_hand)?.sub(&self.new.times(&self.on_hand)?)?;
        let credit = less.larger(&Unrounded::zero(self.old.currency()))?.round(rounding)?;
        Ok(match terms {
            StockTerms::PureConsignment => Money::zero(credit.currency()),
            StockTerms::SaleOrReturn | StockTerms::Prepaid => credit,
        })
    }
}

/// 铺底事件: what moves the payable under a base stock credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BaseStockEvent {
    /// 送货, at supply price.
    Delivered(Money),
    /// 退货, at supply price.
    Returned(Money),
    /// 终止: the base falls due.
    Terminated,
}

/// 铺底额: what becomes payable with each event when the supplier leaves goods worth `base` unpaid.
///
/// ```text
/// payable = max(0, delivered − returned − base) − what became payable before
/// ```
///
/// At termination the base is zero. A return may make a payable negative: a credit. Item `i` belongs to `events[i]`.
///
/// # Errors
/// - [`SettlementError::NegativeAmount`] for a base, delivery or return below zero.
/// - [`SettlementError::Types`] when currencies mix or a sum leaves its range.
///
/// # Examples
/// ```
/// use endcap_settlement::{BaseStockEvent::{Delivered, Terminated}, base_stock_payables};
/// use endcap_types::{Currency, Money};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let events = [Delivered(cny("30000")?), Delivered(cny("40000")?), Delivered(cny("25000")?), Terminated];
/// let payables = base_stock_payables(cny("50000")?, &events)?;
/// let told: Vec<String> = payables.iter().map(Money::to_amount_string).collect();
/// assert_eq!(told, ["0.00", "20000.00", "25000.00", "50000.00"]);
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// Trade usage 铺底; the formula is a house rule.
pub fn base_stock_payables(base: Money, events: &[BaseStockEvent]) -> Result<Vec<Money>, SettlementError> {
    let zero = Money::zero(base.currency());
    let mut base = not_negative("base stock", base)?;
    let (mut goods, mut payable) = (zero, zero);
    let mut payables = Vec::with_capacity(events.len());
    for event in events {
        match event {
            BaseStockEvent::Delivered(amount) => {
                goods = goods.checked_add(&not_negative("delivery", *amount)?)?;
            }
            BaseStockEvent::Returned(amount) => {
                goods = goods.checked_sub(&not_negative("return", *amount)?)?;
            }
            BaseStockEvent::Terminated => base = zero,
        }
        let owed = goods.checked_sub(&base)?.larger(&zero)?;
        payables.push(owed.checked_sub(&payable)?);
        payable = owed;
    }
    Ok(payables)
}

/// 视同销售期限: after how many complete days consignment goods count as sold for VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DeemedSaleRule {
    /// The number of days.
    pub days: u32,
}

/// 视同销售: consignment stock whose VAT falls due although nobody listed or paid it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DeemedSale {
    /// The delivery note.
    pub document: DocumentId,
    /// The SKU.
    pub sku: SkuId,
    /// The day of the delivery.
    pub dispatched: NaiveDate,
    /// Complete days since.
    pub age_days: i64,
    /// What is neither listed nor paid.
    pub quantity: Quantity,
}

impl DeemedSaleRule {
    /// 180 days from dispatch, China.
    ///
    /// # Source
    /// Implementing rules of China's VAT: obligation on receipt of the list or of money, otherwise on the day when 180
    /// days from dispatch are complete. Check the law in force on the day.
    pub const CHINA: Self = Self { days: 180 };

    /// Complete days from one day to another; 180 from 1 January to 30 June 2026.
    #[must_use]
    pub fn age_days(from: NaiveDate, as_of: NaiveDate) -> i64 {
        as_of.signed_duration_since(from).num_days()
    }

    /// 检查: the stock that counts as sold on `as_of`, in the order of the layers.
    ///
    /// What was listed or paid has left its [`Layer`], so what remains is open. Layers are aged from their day; where
    /// goods travel, give layers dated by dispatch.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::dates::ymd;
    /// use endcap_settlement::{DeemedSaleRule, Layer};
    /// use endcap_types::*;
    /// let layer = Layer {
    ///     document: DocumentId::new("D-1")?,
    ///     date: ymd(2026, 1, 1)?,
    ///     sku: SkuId::new("A1")?,
    ///     delivered: Quantity::pieces(100)?,
    ///     amount: Money::parse("1000", Currency::CNY)?,
    ///     remaining: Quantity::pieces(40)?,
    /// };
    /// let on = |day| DeemedSaleRule::CHINA.findings(core::slice::from_ref(&layer), day);
    /// assert!(on(ymd(2026, 6, 29)?).is_empty()); // 179 days
    /// assert_eq!(on(ymd(2026, 6, 30)?)[0].quantity, Quantity::pieces(40)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// As [`DeemedSaleRule::CHINA`].
    #[must_use]
    pub fn findings(&self, layers: &[Layer], as_of: NaiveDate) -> Vec<DeemedSale> {
        let open = |layer: &&Layer| !layer.remaining.is_zero() && !layer.remaining.is_negative();
        let aged = layers.iter().filter(open).map(|layer| DeemedSale {
            document: layer.document.clone(),
            sku: layer.sku.clone(),
            dispatched: layer.date,
            age_days: Self::age_days(layer.date, as_of),
            quantity: layer.remaining,
        });
        aged.filter(|found| found.age_days >= i64::from(self.days)).collect()
    }
}

//! [`RollForward`]: units in, units out, and what the count says.

use chrono::NaiveDate;
use endcap_types::{Currency, DocumentId, Money, Quantity, SkuId, TypesError, Unit};

use crate::canon::Canon;
use crate::{OriginalTerms, Sale};

/// 进销存滚动: stock of one SKU over one period, in units.
///
/// ```text
/// expected close = opening + deliveries + transfers in − transfers out − sales + customer returns
///                  − returns to supplier − destroyed − samples − agreed shrink
/// variance       = counted − expected close                      negative: unexplained loss
/// implied sales  = what left the stock without a document, by the count
/// unreported     = implied sales − (sales − customer returns)
/// ```
///
/// A negative expected stock (a sale booked before the receipt) is reported, not clamped.
///
/// # Examples
/// ```
/// use endcap_settlement::RollForward;
/// use endcap_types::{Quantity, SkuId, Unit};
/// let mut roll = RollForward::empty(SkuId::new("A1")?, Unit::Piece);
/// roll.opening = Quantity::pieces(50)?;
/// roll.deliveries = Quantity::pieces(100)?;
/// roll.sales = Quantity::pieces(82)?;
/// roll.customer_returns = Quantity::pieces(2)?;
/// roll.counted = Some(Quantity::pieces(67)?);
/// assert_eq!(roll.expected_close()?, Quantity::pieces(70)?);
/// assert_eq!(roll.variance()?, Some(Quantity::pieces(-3)?));
/// assert_eq!(roll.unreported()?, Some(Quantity::pieces(3)?));
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RollForward {
    /// The SKU.
    pub sku: SkuId,
    /// 期初.
    pub opening: Quantity,
    /// 送货.
    pub deliveries: Quantity,
    /// 调入.
    pub transfers_in: Quantity,
    /// 调出.
    pub transfers_out: Quantity,
    /// 实销, as reported, without refunds.
    pub sales: Quantity,
    /// 顾客退货.
    pub customer_returns: Quantity,
    /// 退供应商.
    pub returns_to_supplier: Quantity,
    /// 报损.
    pub destroyed: Quantity,
    /// 样品.
    pub samples: Quantity,
    /// 约定损耗.
    pub agreed_shrink: Quantity,
    /// 盘点, when there was one at the end of the period.
    pub counted: Option<Quantity>,
}

impl RollForward {
    /// Nothing in, nothing out, not counted.
    #[must_use]
    pub const fn empty(sku: SkuId, unit: Unit) -> Self {
        let none = Quantity::zero(unit);
        Self {
            sku,
            opening: none,
            deliveries: none,
            transfers_in: none,
            transfers_out: none,
            sales: none,
            customer_returns: none,
            returns_to_supplier: none,
            destroyed: none,
            samples: none,
            agreed_shrink: none,
            counted: None,
        }
    }

    /// 应存: expected stock at the end.
    ///
    /// # Errors
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn expected_close(&self) -> Result<Quantity, TypesError> {
        self.available()?.checked_sub(&self.reported_sales()?)
    }

    /// 盘点差异: counted less expected; none without a count.
    ///
    /// # Errors
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn variance(&self) -> Result<Option<Quantity>, TypesError> {
        let expected = self.expected_close()?;
        self.counted.map(|counted| counted.checked_sub(&expected)).transpose()
    }

    /// 倒推销量: sales implied by the count; none without a count.
    ///
    /// # Errors
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn implied_sales(&self) -> Result<Option<Quantity>, TypesError> {
        let available = self.available()?;
        self.counted.map(|counted| available.checked_sub(&counted)).transpose()
    }

    /// 漏报销量: implied sales less reported net sales; none without a count.
    ///
    /// # Errors
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn unreported(&self) -> Result<Option<Quantity>, TypesError> {
        let reported = self.reported_sales()?;
        self.implied_sales()?.map(|implied| implied.checked_sub(&reported)).transpose()
    }

    /// 漏报转销: the unreported units as a sale without till money, for a contract that settles what the count implies;
    /// none without a count, or when nothing is unreported.
    ///
    /// # Errors
    /// - As [`unreported`](Self::unreported).
    ///
    /// # Source
    /// House rule: without a feed of the till, opening + in − out − counted is what was sold.
    pub fn unreported_sale(
        &self,
        document: DocumentId,
        date: NaiveDate,
        currency: Currency,
    ) -> Result<Option<Sale>, TypesError> {
        let quantity = self.unreported()?.filter(|quantity| !quantity.is_zero());
        Ok(quantity.map(|quantity| Sale {
            document,
            date,
            store: None,
            sku: self.sku.clone(),
            quantity,
            amount: Money::zero(currency),
            promotion: None,
            original: OriginalTerms::default(),
        }))
    }

    /// Reported sales less refunds.
    ///
    /// # Errors
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn reported_sales(&self) -> Result<Quantity, TypesError> {
        self.sales.checked_sub(&self.customer_returns)
    }

    /// Everything in less everything out but sales.
    fn available(&self) -> Result<Quantity, TypesError> {
        let mut stock = self.opening;
        for added in [&self.deliveries, &self.transfers_in] {
            stock = stock.checked_add(added)?;
        }
        let taken = [
            &self.transfers_out,
            &self.returns_to_supplier,
            &self.destroyed,
            &self.samples,
            &self.agreed_shrink,
        ];
        for taken in taken {
            stock = stock.checked_sub(taken)?;
        }
        Ok(stock)
    }

    pub(crate) fn canon(&self, canon: Canon) -> Canon {
        canon
            .show(&self.sku)
            .show(&self.opening)
            .show(&self.deliveries)
            .show(&self.transfers_in)
            .show(&self.transfers_out)
            .show(&self.sales)
            .show(&self.customer_returns)
            .show(&self.returns_to_supplier)
            .show(&self.destroyed)
            .show(&self.samples)
            .show(&self.agreed_shrink)
            .optional(self.counted.as_ref())
    }
}

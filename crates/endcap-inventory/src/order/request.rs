//! The comfortable way in: one SKU in one store, typed, on top of the kernel.

use endcap_types::{CasePack, Language, SkuId, StoreId};

use super::columns::{Column, Demand, OrderColumns, OrderOptions, Safety, SalesFactor};
use super::kernel::suggest_into;
use super::line::OrderLine;
use super::reason::Reason;
use crate::InventoryError;
use crate::limits::UNLIMITED;

/// A bound in pieces, or none (上限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Limit {
    /// No bound.
    #[default]
    None,
    /// At most this many pieces.
    Pieces(i64),
}

impl Limit {
    const fn column(self) -> Column<'static> {
        match self {
            Self::None => Column::Same(UNLIMITED),
            Self::Pieces(pieces) => Column::Same(pieces),
        }
    }
}

/// What one stock must last for (需求), in pieces; the cases are those of [`Demand`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum DemandOf {
    /// `sold` pieces in `sold_days` days, over `lead_days + review_days` days.
    Rate {
        /// Pieces in the window.
        sold: i64,
        /// Days of the window, at least 1.
        sold_days: u16,
        /// Days from order to shelf.
        lead_days: u16,
        /// Days to the next chance to order.
        review_days: u16,
    },
    /// Forecast over lead time and review interval.
    Forecast(i64),
    /// Order-up-to level.
    Target(i64),
    /// Multiple of the sell-out since the last visit.
    SalesMultiple {
        /// Stock at the last visit.
        previous_stock: i64,
        /// Delivered since.
        received: i64,
        /// The multiple.
        factor: SalesFactor,
    },
}

/// Safety stock of one order (安全库存); the cases are those of [`Safety`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SafetyOf {
    /// In pieces.
    Pieces(i64),
    /// In thousandths of a piece.
    Thousandths(i64),
    /// In days of the daily rate.
    Days(u16),
}

impl Default for SafetyOf {
    /// None.
    fn default() -> Self {
        Self::Pieces(0)
    }
}

/// One SKU in one store to order for (订货申请), all counts in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct OrderRequest {
    /// The SKU.
    pub sku: SkuId,
    /// The store.
    pub store: StoreId,
    /// What the stock must last for.
    pub demand: DemandOf,
    /// Safety stock.
    #[cfg_attr(feature = "serde", serde(default))]
    pub safety: SafetyOf,
    /// Customer orders not yet served.
    #[cfg_attr(feature = "serde", serde(default))]
    pub backorder: i64,
    /// Extra demand of a promotion within the cover.
    #[cfg_attr(feature = "serde", serde(default))]
    pub promotion: i64,
    /// Stock on hand.
    pub on_hand: i64,
    /// The part of it that cannot be sold in time or is not there.
    #[cfg_attr(feature = "serde", serde(default))]
    pub unusable: i64,
    /// Ordered earlier, arriving within the cover.
    #[cfg_attr(feature = "serde", serde(default))]
    pub in_transit: i64,
    /// Pieces in a case.
    pub case_pack: CasePack,
    /// Smallest order, raised to whole cases.
    #[cfg_attr(feature = "serde", serde(default))]
    pub minimum: i64,
    /// Pieces on a full pallet, a multiple of the case; 0 for none.
    #[cfg_attr(feature = "serde", serde(default))]
    pub pallet: i64,
    /// Largest order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub order_cap: Limit,
    /// What the shelf holds.
    #[cfg_attr(feature = "serde", serde(default))]
    pub shelf_capacity: Limit,
}

impl OrderRequest {
    /// Stock, demand and case; everything else nothing or without bound.
    #[must_use]
    pub const fn new(
        sku: SkuId,
        store: StoreId,
        on_hand: i64,
        demand: DemandOf,
        case_pack: CasePack,
    ) -> Self {
        Self {
            sku,
            store,
            demand,
            safety: SafetyOf::Pieces(0),
            backorder: 0,
            promotion: 0,
            on_hand,
            unusable: 0,
            in_transit: 0,
            case_pack,
            minimum: 0,
            pallet: 0,
            order_cap: Limit::None,
            shelf_capacity: Limit::None,
        }
    }
}

/// A suggested order for one SKU in one store (建议订单).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SuggestedOrder {
    sku: SkuId,
    store: StoreId,
    case_pack: CasePack,
    #[cfg_attr(feature = "serde", serde(flatten))]
    line: OrderLine,
}

impl SuggestedOrder {
    /// The SKU.
    #[must_use]
    pub const fn sku(&self) -> &SkuId {
        &self.sku
    }
    /// The store.
    #[must_use]
    pub const fn store(&self) -> &StoreId {
        &self.store
    }
    /// What to order, in pieces.
    #[must_use]
    pub const fn quantity(&self) -> i64 {
        self.line.quantity()
    }
    /// What to order, in whole cases.
    #[must_use]
    pub fn cases(&self) -> i64 {
        self.case_pack.split_cases(self.line.quantity()).0
    }
    /// The line of the kernel, with outcome and unmet need.
    #[must_use]
    pub const fn line(&self) -> &OrderLine {
        &self.line
    }
    /// The reasons, which add up to the quantity.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        self.line.reasons().collect()
    }
    /// The order and its reasons in words.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        self.line.explain(language)
    }
}

/// Suggests one order (建议订单), in pieces, by the rules of [`suggest_all`](super::suggest_all).
///
/// # Errors
///
/// As [`suggest_all`](super::suggest_all), for row 0.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{suggest, DemandOf, Language, OrderOptions, OrderRequest, SafetyOf};
/// use endcap_types::{CasePack, SkuId, StoreId};
/// let request = OrderRequest {
///     safety: SafetyOf::Pieces(30),
///     in_transit: 20,
///     ..OrderRequest::new(
///         SkuId::new("NOODLE-5")?,
///         StoreId::new("S001")?,
///         80,
///         DemandOf::Rate { sold: 125, sold_days: 10, lead_days: 3, review_days: 7 },
///         CasePack::new(6)?,
///     )
/// };
/// let order = suggest(&request, &OrderOptions::default())?;
/// assert_eq!((order.quantity(), order.cases()), (60, 10));
/// assert_eq!(
///     order.explain(Language::Zh),
///     "建议订货60件 = 提前期与订货周期需求 +125,安全库存 +30,现有库存 −80,在途 −20,凑整箱 +5"
/// );
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// As [`suggest_all`](super::suggest_all).
pub fn suggest(request: &OrderRequest, options: &OrderOptions) -> Result<SuggestedOrder, InventoryError> {
    let same = Column::Same;
    let days = |days: u16| Column::Same(i64::from(days));
    let demand = match request.demand {
        DemandOf::Rate { sold, sold_days, lead_days, review_days } => Demand::Rate {
            sold: same(sold),
            sold_days: days(sold_days),
            lead_days: days(lead_days),
            review_days: days(review_days),
        },
        DemandOf::Forecast(pieces) => Demand::Forecast(same(pieces)),
        DemandOf::Target(level) => Demand::Target(same(level)),
        DemandOf::SalesMultiple { previous_stock, received, factor } => {
            Demand::SalesMultiple { previous_stock: same(previous_stock), received: same(received), factor }
        }
    };
    let columns = OrderColumns {
        on_hand: core::slice::from_ref(&request.on_hand),
        demand,
        safety: match request.safety {
            SafetyOf::Pieces(pieces) => Safety::Pieces(same(pieces)),
            SafetyOf::Thousandths(thousandths) => Safety::Thousandths(same(thousandths)),
            SafetyOf::Days(count) => Safety::Days(days(count)),
        },
        backorder: same(request.backorder),
        promotion: same(request.promotion),
        unusable: same(request.unusable),
        in_transit: same(request.in_transit),
        case_pack: same(i64::from(request.case_pack.get())),
        minimum: same(request.minimum),
        pallet: same(request.pallet),
        order_cap: request.order_cap.column(),
        shelf_capacity: request.shelf_capacity.column(),
    };
    let mut line = OrderLine::default();
    suggest_into(&columns, options, core::slice::from_mut(&mut line))?;
    Ok(SuggestedOrder {
        sku: request.sku.clone(),
        store: request.store.clone(),
        case_pack: request.case_pack,
        line,
    })
}

//! What the kernel reads: columns of SKU × store, and its options.

use core::ops::Range;

use rust_decimal::Decimal;

use crate::InventoryError;
use crate::limits::{MAX_FACTOR, MAX_FACTOR_DECIMALS, UNLIMITED};
use crate::roll_batch::same_length;

/// One column of a batch (列): the same value in every row, or one value a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<'a> {
    /// Every row has this value.
    Same(i64),
    /// Row `i` has entry `i`.
    Each(&'a [i64]),
}

impl<'a> Column<'a> {
    #[inline]
    pub(crate) fn get(self, row: usize) -> Option<i64> {
        match self {
            Self::Same(value) => Some(value),
            Self::Each(values) => values.get(row).copied(),
        }
    }

    fn check(self, column: &'static str, expected: usize) -> Result<(), InventoryError> {
        match self {
            Self::Same(_) => Ok(()),
            Self::Each(values) => same_length(column, values.len(), expected),
        }
    }

    fn rows(self, rows: Range<usize>) -> Option<Column<'a>> {
        match self {
            Self::Same(value) => Some(Self::Same(value)),
            Self::Each(values) => values.get(rows).map(Self::Each),
        }
    }
}

/// Multiple of the sell-out to hold (安全库存系数, the "1.5 rule"), kept exactly.
///
/// # Source
///
/// Route-sales practice in consumer goods, where 1.5 is usual; a parameter here, without a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawFactor", into = "RawFactor"))]
pub struct SalesFactor {
    value: Decimal,
    pub(crate) numerator: i64,
    pub(crate) denominator: i64,
}

impl SalesFactor {
    /// The multiple `factor`, such as `1.5`.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::FactorOutOfRange`] at or below zero, above [`MAX_FACTOR`] or with more than
    ///   [`MAX_FACTOR_DECIMALS`] decimals.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::SalesFactor;
    /// use rust_decimal::Decimal;
    /// assert!(SalesFactor::new(Decimal::new(15, 1)).is_ok());
    /// assert!(SalesFactor::new(Decimal::ZERO).is_err());
    /// ```
    pub fn new(factor: Decimal) -> Result<Self, InventoryError> {
        let refused =
            InventoryError::FactorOutOfRange { factor, limit: MAX_FACTOR, decimals: MAX_FACTOR_DECIMALS };
        let value = factor.normalize();
        let in_range = value > Decimal::ZERO && value <= Decimal::from(MAX_FACTOR);
        if !in_range || value.scale() > MAX_FACTOR_DECIMALS {
            return Err(refused);
        }
        match (i64::try_from(value.mantissa()), 10_i64.checked_pow(value.scale())) {
            (Ok(numerator), Some(denominator)) => Ok(Self { value, numerator, denominator }),
            _ => Err(refused),
        }
    }

    /// The multiple, as a decimal without trailing zeros.
    #[must_use]
    pub const fn value(&self) -> Decimal {
        self.value
    }
}

/// The multiple as decimal text, such as `"1.5"`.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct RawFactor(#[serde(with = "rust_decimal::serde::str")] Decimal);

#[cfg(feature = "serde")]
impl TryFrom<RawFactor> for SalesFactor {
    type Error = InventoryError;
    fn try_from(raw: RawFactor) -> Result<Self, InventoryError> {
        Self::new(raw.0)
    }
}

#[cfg(feature = "serde")]
impl From<SalesFactor> for RawFactor {
    fn from(factor: SalesFactor) -> Self {
        Self(factor.value)
    }
}

/// What the stock must last for (需求), in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Demand<'a> {
    /// A daily rate over the risk time: `sold / sold_days × (lead_days + review_days)`.
    ///
    /// A forecast rate goes in the same way: 12.5 pieces a day are 125 pieces in 10 days.
    Rate {
        /// Pieces sold (or forecast) in the window.
        sold: Column<'a>,
        /// Days of the window, at least 1; leave out days without stock.
        sold_days: Column<'a>,
        /// Days from order to shelf.
        lead_days: Column<'a>,
        /// Days to the next chance to order.
        review_days: Column<'a>,
    },
    /// Forecast over lead time and review interval, in pieces.
    Forecast(Column<'a>),
    /// Order-up-to level, in pieces. A level that holds the safety stock needs none besides.
    Target(Column<'a>),
    /// `factor × (previous_stock + received − on_hand)`: the sell-out since the last visit, times a factor.
    SalesMultiple {
        /// Stock at the last visit.
        previous_stock: Column<'a>,
        /// Delivered since.
        received: Column<'a>,
        /// The multiple.
        factor: SalesFactor,
    },
}

/// Safety stock to hold (安全库存).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Safety<'a> {
    /// In pieces.
    Pieces(Column<'a>),
    /// In thousandths of a piece, for a computed safety stock that is not to be rounded twice.
    Thousandths(Column<'a>),
    /// In days of the rate of [`Demand::Rate`].
    Days(Column<'a>),
}

/// The columns of a batch of suggested orders (批量建议订单), one row per SKU × store, in pieces.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{Column, Demand, OrderColumns};
/// let on_hand = [30, 0];
/// let columns = OrderColumns {
///     case_pack: Column::Each(&[12, 24]),
///     in_transit: Column::Each(&[24, 0]),
///     ..OrderColumns::new(&on_hand, Demand::Forecast(Column::Each(&[105, 28])))
/// };
/// assert_eq!(columns.len(), 2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderColumns<'a> {
    /// Stock on hand, counted or book. Sets the number of rows.
    pub on_hand: &'a [i64],
    /// What the stock must last for.
    pub demand: Demand<'a>,
    /// Safety stock; default none.
    pub safety: Safety<'a>,
    /// Customer orders not yet served; default none.
    pub backorder: Column<'a>,
    /// Extra demand of a promotion within the cover; default none.
    pub promotion: Column<'a>,
    /// The part of the stock on hand that cannot be sold in time, or is not there; default none.
    pub unusable: Column<'a>,
    /// Ordered earlier, arriving within the cover; default none.
    pub in_transit: Column<'a>,
    /// Pieces in a case; default 1.
    pub case_pack: Column<'a>,
    /// Smallest order, raised to whole cases; default none.
    pub minimum: Column<'a>,
    /// Pieces on a full pallet, a multiple of the case; 0 for none; default none. See [`OrderOptions::pallet_percent`].
    pub pallet: Column<'a>,
    /// Largest order: credit, truck, what sells before its date; default [`UNLIMITED`].
    pub order_cap: Column<'a>,
    /// What the shelf holds: usable stock + in transit + order; default [`UNLIMITED`].
    ///
    /// Sales until the delivery arrives are not counted on, so the shelf never overflows.
    pub shelf_capacity: Column<'a>,
}

impl<'a> OrderColumns<'a> {
    /// Stock and demand, everything else at its default.
    #[must_use]
    pub const fn new(on_hand: &'a [i64], demand: Demand<'a>) -> Self {
        Self {
            on_hand,
            demand,
            safety: Safety::Pieces(Column::Same(0)),
            backorder: Column::Same(0),
            promotion: Column::Same(0),
            unusable: Column::Same(0),
            in_transit: Column::Same(0),
            case_pack: Column::Same(1),
            minimum: Column::Same(0),
            pallet: Column::Same(0),
            order_cap: Column::Same(UNLIMITED),
            shelf_capacity: Column::Same(UNLIMITED),
        }
    }

    /// Number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.on_hand.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.on_hand.is_empty()
    }

    /// The columns of some rows only, to spread a batch over threads; none when out of range.
    ///
    /// Rows in errors count from the start of the part.
    #[must_use]
    pub fn rows(&self, rows: Range<usize>) -> Option<Self> {
        let part = |column: Column<'a>| column.rows(rows.clone());
        let demand = match self.demand {
            Demand::Rate { sold, sold_days, lead_days, review_days } => Demand::Rate {
                sold: part(sold)?,
                sold_days: part(sold_days)?,
                lead_days: part(lead_days)?,
                review_days: part(review_days)?,
            },
            Demand::Forecast(pieces) => Demand::Forecast(part(pieces)?),
            Demand::Target(level) => Demand::Target(part(level)?),
            Demand::SalesMultiple { previous_stock, received, factor } => Demand::SalesMultiple {
                previous_stock: part(previous_stock)?,
                received: part(received)?,
                factor,
            },
        };
        let safety = match self.safety {
            Safety::Pieces(column) => Safety::Pieces(part(column)?),
            Safety::Thousandths(column) => Safety::Thousandths(part(column)?),
            Safety::Days(column) => Safety::Days(part(column)?),
        };
        Some(Self {
            on_hand: self.on_hand.get(rows.clone())?,
            demand,
            safety,
            backorder: part(self.backorder)?,
            promotion: part(self.promotion)?,
            unusable: part(self.unusable)?,
            in_transit: part(self.in_transit)?,
            case_pack: part(self.case_pack)?,
            minimum: part(self.minimum)?,
            pallet: part(self.pallet)?,
            order_cap: part(self.order_cap)?,
            shelf_capacity: part(self.shelf_capacity)?,
        })
    }

    pub(crate) fn check(&self) -> Result<(), InventoryError> {
        let rows = self.len();
        match self.demand {
            Demand::Rate { sold, sold_days, lead_days, review_days } => {
                sold.check("sold", rows)?;
                sold_days.check("sold days", rows)?;
                lead_days.check("lead days", rows)?;
                review_days.check("review days", rows)?;
            }
            Demand::Forecast(pieces) => pieces.check("forecast", rows)?,
            Demand::Target(level) => level.check("target", rows)?,
            Demand::SalesMultiple { previous_stock, received, .. } => {
                previous_stock.check("previous stock", rows)?;
                received.check("received", rows)?;
            }
        }
        match (self.safety, self.demand) {
            (Safety::Days(days), Demand::Rate { .. }) => days.check("safety days", rows)?,
            (Safety::Days(_), _) => return Err(InventoryError::SafetyDaysWithoutRate),
            (Safety::Pieces(column) | Safety::Thousandths(column), _) => column.check("safety", rows)?,
        }
        self.backorder.check("backorder", rows)?;
        self.promotion.check("promotion", rows)?;
        self.unusable.check("unusable", rows)?;
        self.in_transit.check("in transit", rows)?;
        self.case_pack.check("case pack", rows)?;
        self.minimum.check("minimum", rows)?;
        self.pallet.check("pallet", rows)?;
        self.order_cap.check("order cap", rows)?;
        self.shelf_capacity.check("shelf capacity", rows)
    }
}

/// How a need becomes whole cases (凑箱方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CaseRounding {
    /// Up to the next case.
    #[default]
    Up,
    /// To the nearest case; half a case goes up.
    Nearest,
}

/// What happens to a need below the minimum order (最小订货量规则).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MinimumRule {
    /// It is lifted to the minimum.
    #[default]
    Lift,
    /// Nothing is ordered this time.
    OrderNothing,
}

/// What happens to a row whose counts contradict each other (数据矛盾规则).
///
/// That is: stock grew without a delivery, stock is negative, or more is unusable than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ConflictRule {
    /// The batch is refused with an error that names the row.
    #[default]
    Refuse,
    /// The row orders nothing and says [`Outcome::DataConflict`](super::Outcome::DataConflict).
    OrderNothing,
}

/// Options of a batch of suggested orders (订货选项).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct OrderOptions {
    /// How a need becomes whole cases.
    pub case_rounding: CaseRounding,
    /// What happens below the minimum order.
    pub minimum: MinimumRule,
    /// What happens to contradictory rows.
    pub conflict: ConflictRule,
    /// A started pallet that is full to this percentage is filled (托盘凑整); 100 never fills.
    pub pallet_percent: PalletPercent,
}

/// From which share on a started pallet is filled (托盘凑整比例), in percent.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u8", into = "u8"))]
pub struct PalletPercent(u8);

impl PalletPercent {
    /// 1 to 100 percent; 100 fills nothing.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::NotPositive`], [`InventoryError::AboveLimit`].
    pub fn new(percent: u8) -> Result<Self, InventoryError> {
        let value = i64::from(percent);
        match percent {
            0 => Err(InventoryError::NotPositive { column: "pallet percent", row: 0, value }),
            1..=100 => Ok(Self(percent)),
            _ => Err(InventoryError::AboveLimit { column: "pallet percent", row: 0, value, limit: 100 }),
        }
    }
    /// The percentage.
    #[must_use]
    pub const fn percent(self) -> u8 {
        self.0
    }
}

impl Default for PalletPercent {
    /// 80 percent.
    fn default() -> Self {
        Self(80)
    }
}

impl TryFrom<u8> for PalletPercent {
    type Error = InventoryError;
    fn try_from(percent: u8) -> Result<Self, InventoryError> {
        Self::new(percent)
    }
}

impl From<PalletPercent> for u8 {
    fn from(percent: PalletPercent) -> Self {
        percent.0
    }
}

//! Stock roll-forward (进销存): what was there, what came, what went, what must be left.

use crate::InventoryError;

/// Why stock moved (出入库类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MoveKind {
    /// Delivered by the supplier (进货): in.
    Receipt,
    /// From another store or warehouse (调入): in.
    TransferIn,
    /// Brought back by shoppers (顾客退货): in.
    CustomerReturn,
    /// Sold (销售): out.
    Sale,
    /// Sent back to the supplier (退厂): out.
    SupplierReturn,
    /// To another store or warehouse (调出): out.
    TransferOut,
    /// Written off (报损): out.
    Scrap,
    /// Booked correction, either sign (盘点调整).
    Adjustment,
}

impl MoveKind {
    /// All kinds, in the order of the stock report.
    pub const ALL: [Self; 8] = [
        Self::Receipt,
        Self::TransferIn,
        Self::CustomerReturn,
        Self::Sale,
        Self::SupplierReturn,
        Self::TransferOut,
        Self::Scrap,
        Self::Adjustment,
    ];

    /// Whether a quantity of this kind raises the stock (`Adjustment` does, by its own sign).
    #[must_use]
    pub const fn is_inward(self) -> bool {
        matches!(self, Self::Receipt | Self::TransferIn | Self::CustomerReturn | Self::Adjustment)
    }
}

/// Movements of one period by kind (本期出入), in pieces; all but `adjustment` are zero or more.
///
/// Weighed goods count in the smallest step they are weighed in, such as grams.
///
/// # Source
///
/// House rule: the eight kinds of the stock report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Flows {
    /// Delivered by the supplier.
    pub receipts: i64,
    /// From other stores.
    pub transfers_in: i64,
    /// Brought back by shoppers.
    pub customer_returns: i64,
    /// Sold.
    pub sales: i64,
    /// Sent back to the supplier.
    pub supplier_returns: i64,
    /// To other stores.
    pub transfers_out: i64,
    /// Written off.
    pub scrap: i64,
    /// Booked corrections, either sign.
    pub adjustment: i64,
}

impl Flows {
    /// The quantity of one kind, in pieces, unsigned by direction.
    #[must_use]
    pub const fn of(&self, kind: MoveKind) -> i64 {
        match kind {
            MoveKind::Receipt => self.receipts,
            MoveKind::TransferIn => self.transfers_in,
            MoveKind::CustomerReturn => self.customer_returns,
            MoveKind::Sale => self.sales,
            MoveKind::SupplierReturn => self.supplier_returns,
            MoveKind::TransferOut => self.transfers_out,
            MoveKind::Scrap => self.scrap,
            MoveKind::Adjustment => self.adjustment,
        }
    }

    fn slot(&mut self, kind: MoveKind) -> &mut i64 {
        match kind {
            MoveKind::Receipt => &mut self.receipts,
            MoveKind::TransferIn => &mut self.transfers_in,
            MoveKind::CustomerReturn => &mut self.customer_returns,
            MoveKind::Sale => &mut self.sales,
            MoveKind::SupplierReturn => &mut self.supplier_returns,
            MoveKind::TransferOut => &mut self.transfers_out,
            MoveKind::Scrap => &mut self.scrap,
            MoveKind::Adjustment => &mut self.adjustment,
        }
    }

    /// Adds `quantity` pieces of one kind.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::NegativeInput`] for a negative quantity of any kind but `Adjustment`.
    /// - [`InventoryError::Overflow`].
    pub fn record(&mut self, kind: MoveKind, quantity: i64) -> Result<(), InventoryError> {
        if quantity < 0 && kind != MoveKind::Adjustment {
            return Err(InventoryError::NegativeInput { column: "movement", row: 0, value: quantity });
        }
        let slot = self.slot(kind);
        *slot = slot.checked_add(quantity).ok_or(InventoryError::Overflow { what: "a movement total" })?;
        Ok(())
    }

    /// The sum of two sets of movements.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::Overflow`].
    pub fn plus(&self, other: &Self) -> Result<Self, InventoryError> {
        let mut sum = *self;
        for kind in MoveKind::ALL {
            let slot = sum.slot(kind);
            *slot = slot
                .checked_add(other.of(kind))
                .ok_or(InventoryError::Overflow { what: "a movement total" })?;
        }
        Ok(sum)
    }

    /// What the movements add to the stock, in pieces: in − out + adjustment.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::Overflow`].
    pub fn net(&self) -> Result<i64, InventoryError> {
        let mut net = 0_i128;
        for kind in MoveKind::ALL {
            let quantity = i128::from(self.of(kind));
            let signed = if kind.is_inward() { Some(quantity) } else { quantity.checked_neg() };
            // Eight 64-bit numbers cannot leave 128 bits.
            net = net.saturating_add(signed.unwrap_or(0));
        }
        i64::try_from(net).map_err(|_| InventoryError::Overflow { what: "net movement" })
    }

    pub(crate) fn check(&self, row: usize) -> Result<(), InventoryError> {
        for kind in MoveKind::ALL {
            let value = self.of(kind);
            if value < 0 && kind != MoveKind::Adjustment {
                return Err(InventoryError::NegativeInput { column: "movement", row, value });
            }
        }
        Ok(())
    }
}

/// One line of the stock report (进销存台账): it always closes, to the piece.
///
/// `closing = opening + receipts + transfers in + customer returns − sales − supplier returns − transfers out
/// − scrap + adjustment`; `variance = counted − closing`. A negative closing stock is reported, never clipped:
/// it says that the book is wrong.
///
/// # Source
///
/// House rule; the identity is that of every perpetual inventory record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawRoll", into = "RawRoll"))]
pub struct RollForward {
    opening: i64,
    flows: Flows,
    closing: i64,
    counted: Option<i64>,
    variance: Option<i64>,
}

impl RollForward {
    /// Book stock at the start, in pieces.
    #[must_use]
    pub const fn opening(&self) -> i64 {
        self.opening
    }
    /// The movements.
    #[must_use]
    pub const fn flows(&self) -> &Flows {
        &self.flows
    }
    /// Book stock at the end, in pieces; negative when the book is wrong.
    #[must_use]
    pub const fn closing(&self) -> i64 {
        self.closing
    }
    /// What was counted at the end, in pieces, if it was.
    #[must_use]
    pub const fn counted(&self) -> Option<i64> {
        self.counted
    }
    /// Counted less book, in pieces (盘点差异); none without a count.
    #[must_use]
    pub const fn variance(&self) -> Option<i64> {
        self.variance
    }
    /// What the next period should start from: the count where there is one, else the book.
    #[must_use]
    pub const fn best_stock(&self) -> i64 {
        match self.counted {
            Some(counted) => counted,
            None => self.closing,
        }
    }
}

/// Rolls one stock forward over one period (进销存滚动), in pieces.
///
/// # Errors
///
/// - [`InventoryError::NegativeInput`] for a negative movement (but not a negative adjustment) or count.
/// - [`InventoryError::Overflow`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::{roll_forward, Flows};
/// // 100 on hand, 60 delivered, 70 sold, 12 sent back; the count finds 77.
/// let flows = Flows { receipts: 60, sales: 70, supplier_returns: 12, ..Flows::default() };
/// let line = roll_forward(100, &flows, Some(77))?;
/// assert_eq!((line.closing(), line.variance()), (78, Some(-1)));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn roll_forward(
    opening: i64,
    flows: &Flows,
    counted: Option<i64>,
) -> Result<RollForward, InventoryError> {
    roll_row(0, opening, flows, counted)
}

pub(crate) fn roll_row(
    row: usize,
    opening: i64,
    flows: &Flows,
    counted: Option<i64>,
) -> Result<RollForward, InventoryError> {
    flows.check(row)?;
    let closing =
        opening.checked_add(flows.net()?).ok_or(InventoryError::Overflow { what: "closing stock" })?;
    let variance = match counted {
        Some(value) if value < 0 => {
            return Err(InventoryError::NegativeInput { column: "counted", row, value });
        }
        Some(value) => {
            Some(value.checked_sub(closing).ok_or(InventoryError::Overflow { what: "count variance" })?)
        }
        None => None,
    };
    Ok(RollForward { opening, flows: *flows, closing, counted, variance })
}

/// Sell-out that the counts imply (倒推销量), in pieces: opening + everything in − everything else out − counted.
///
/// `flows.sales` is left out of the sum.
///
/// # Errors
///
/// - [`InventoryError::NegativeSellOut`] when stock grew without a delivery.
/// - [`InventoryError::NegativeInput`], [`InventoryError::Overflow`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::{implied_sell_out, Flows};
/// let delivered = Flows { receipts: 60, ..Flows::default() };
/// assert_eq!(implied_sell_out(40, &delivered, 30)?, 70);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule: the roll-forward solved for sales.
pub fn implied_sell_out(opening: i64, flows: &Flows, counted: i64) -> Result<i64, InventoryError> {
    let without_sales = Flows { sales: 0, ..*flows };
    let line = roll_forward(opening, &without_sales, Some(counted))?;
    let sell_out = line.closing.checked_sub(counted).ok_or(InventoryError::Overflow { what: "sell-out" })?;
    if sell_out < 0 {
        return Err(InventoryError::NegativeSellOut { row: 0, sell_out });
    }
    Ok(sell_out)
}

/// What a line is made of; reading it back goes through [`roll_forward`] and checks what is stated.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRoll {
    opening: i64,
    flows: Flows,
    closing: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variance: Option<i64>,
}

#[cfg(feature = "serde")]
impl From<RollForward> for RawRoll {
    fn from(line: RollForward) -> Self {
        let RollForward { opening, flows, closing, counted, variance } = line;
        Self { opening, flows, closing, counted, variance }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<RawRoll> for RollForward {
    type Error = InventoryError;
    fn try_from(raw: RawRoll) -> Result<Self, InventoryError> {
        let line = roll_forward(raw.opening, &raw.flows, raw.counted)?;
        if line.closing != raw.closing || line.variance != raw.variance {
            return Err(InventoryError::DoesNotClose { stated: raw.closing, computed: line.closing });
        }
        Ok(line)
    }
}

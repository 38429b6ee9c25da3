//! Sales of many series over the same periods.

use crate::InventoryError;
use crate::limits::MAX_PIECES;

/// Sales and in-stock flags of many series up to now (销量面板).
///
/// `sales[s·periods + t]` is the sales of series `s` in period `t`, in pieces; `in_stock` is laid out alike and says
/// whether the shelf was stocked, so that the sales tell the demand. `groups[s]` numbers the group of series `s`, such as
/// its product, from 0.
///
/// # Examples
///
/// ```
/// use endcap_inventory::forecast::SalesPanel;
/// let panel = SalesPanel::new(3, &[1, 0, 2, 5, 6, 0], &[true, true, true, true, true, false], &[0, 0])?;
/// assert_eq!((panel.series(), panel.periods()), (2, 3));
/// assert_eq!(panel.sales_of(1), [5, 6, 0]);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy)]
pub struct SalesPanel<'a> {
    periods: usize,
    stride: usize,
    sales: &'a [i64],
    in_stock: &'a [bool],
    groups: &'a [usize],
    group_count: usize,
}

impl<'a> SalesPanel<'a> {
    /// Checks and wraps the columns.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::NotPositive`] without periods; [`InventoryError::LengthMismatch`] for a column of another
    ///   length; [`InventoryError::NegativeInput`], [`InventoryError::AboveLimit`] for sales;
    ///   [`InventoryError::UnknownGroup`] for a group number that is not below the number of series.
    pub fn new(
        periods: usize,
        sales: &'a [i64],
        in_stock: &'a [bool],
        groups: &'a [usize],
    ) -> Result<Self, InventoryError> {
        if periods == 0 {
            return Err(InventoryError::NotPositive { column: "periods", row: 0, value: 0 });
        }
        let expected = groups
            .len()
            .checked_mul(periods)
            .ok_or(InventoryError::Overflow { what: "series × periods" })?;
        for (column, given) in [("sales", sales.len()), ("in stock", in_stock.len())] {
            if given != expected {
                return Err(InventoryError::LengthMismatch { column, given, expected });
            }
        }
        for (row, &value) in sales.iter().enumerate() {
            if value < 0 {
                return Err(InventoryError::NegativeInput { column: "sales", row, value });
            }
            if value > MAX_PIECES {
                return Err(InventoryError::AboveLimit { column: "sales", row, value, limit: MAX_PIECES });
            }
        }
        for (row, &group) in groups.iter().enumerate() {
            if group >= groups.len() {
                return Err(InventoryError::UnknownGroup { row, group, groups: groups.len() });
            }
        }
        let group_count = groups.iter().max().map_or(0, |last| last.saturating_add(1));
        Ok(Self { periods, stride: periods, sales, in_stock, groups, group_count })
    }

    /// The panel as it was known after its first `periods` periods (截至某期).
    ///
    /// # Errors
    ///
    /// - [`InventoryError::LengthMismatch`] for none or for more than there are.
    pub fn known_after(&self, periods: usize) -> Result<Self, InventoryError> {
        if periods == 0 || periods > self.periods {
            return Err(InventoryError::LengthMismatch {
                column: "known periods",
                given: periods,
                expected: self.periods,
            });
        }
        Ok(Self { periods, ..*self })
    }

    /// Number of series.
    #[must_use]
    pub const fn series(&self) -> usize {
        self.groups.len()
    }
    /// Number of known periods.
    #[must_use]
    pub const fn periods(&self) -> usize {
        self.periods
    }
    /// Group numbers.
    #[must_use]
    pub const fn groups(&self) -> &'a [usize] {
        self.groups
    }
    pub(crate) const fn group_count(&self) -> usize {
        self.group_count
    }
    /// Sales of one series; empty for one that does not exist.
    #[must_use]
    pub fn sales_of(&self, series: usize) -> &'a [i64] {
        self.row(self.sales, series)
    }
    /// In-stock flags of one series; empty for one that does not exist.
    #[must_use]
    pub fn in_stock_of(&self, series: usize) -> &'a [bool] {
        self.row(self.in_stock, series)
    }
    fn row<T>(&self, column: &'a [T], series: usize) -> &'a [T] {
        let start = series.saturating_mul(self.stride);
        column.get(start..start.saturating_add(self.periods)).unwrap_or_default()
    }
}

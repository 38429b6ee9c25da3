//! Totals over many order lines, mergeable.

use super::line::{OrderLine, Outcome};
use super::reason::ReasonKind;

/// Totals of suggested orders (订货汇总), in pieces: counts, quantity, and each reason summed.
///
/// Starts empty; adding lines in any order, or merging parts, gives the same totals, and the reasons still add up.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{suggest_all, Column, Demand, OrderColumns, OrderOptions, OrderTotals, ReasonKind};
/// let columns = OrderColumns::new(&[30, 90], Demand::Forecast(Column::Same(50)));
/// let mut totals = OrderTotals::default();
/// for line in &suggest_all(&columns, &OrderOptions::default())? {
///     totals.add(line);
/// }
/// assert_eq!((totals.lines(), totals.ordered_lines(), totals.quantity()), (2, 1, 20));
/// assert_eq!(totals.reason(ReasonKind::OnHand), -120);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OrderTotals {
    lines: u64,
    ordered_lines: u64,
    conflict_lines: u64,
    quantity: i128,
    unmet: i128,
    reasons: [i128; ReasonKind::ALL.len()],
}

impl OrderTotals {
    /// Adds one line. A sum of 2⁶⁴ lines of 64-bit quantities fits 128 bits, so nothing saturates in practice.
    pub fn add(&mut self, line: &OrderLine) {
        self.lines = self.lines.saturating_add(1);
        self.ordered_lines = self.ordered_lines.saturating_add(u64::from(line.quantity() > 0));
        let conflict = line.outcome() == Outcome::DataConflict;
        self.conflict_lines = self.conflict_lines.saturating_add(u64::from(conflict));
        self.quantity = self.quantity.saturating_add(i128::from(line.quantity()));
        self.unmet = self.unmet.saturating_add(i128::from(line.unmet()));
        for (slot, kind) in self.reasons.iter_mut().zip(ReasonKind::ALL) {
            *slot = slot.saturating_add(i128::from(line.reason(kind)));
        }
    }

    /// Adds the totals of another part.
    pub fn merge(&mut self, other: &Self) {
        self.lines = self.lines.saturating_add(other.lines);
        self.ordered_lines = self.ordered_lines.saturating_add(other.ordered_lines);
        self.conflict_lines = self.conflict_lines.saturating_add(other.conflict_lines);
        self.quantity = self.quantity.saturating_add(other.quantity);
        self.unmet = self.unmet.saturating_add(other.unmet);
        for (slot, theirs) in self.reasons.iter_mut().zip(other.reasons) {
            *slot = slot.saturating_add(theirs);
        }
    }

    /// Lines added.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }
    /// Lines that order something.
    #[must_use]
    pub const fn ordered_lines(&self) -> u64 {
        self.ordered_lines
    }
    /// Lines whose data contradict each other.
    #[must_use]
    pub const fn conflict_lines(&self) -> u64 {
        self.conflict_lines
    }
    /// Pieces ordered.
    #[must_use]
    pub const fn quantity(&self) -> i128 {
        self.quantity
    }
    /// Pieces needed and not ordered.
    #[must_use]
    pub const fn unmet(&self) -> i128 {
        self.unmet
    }
    /// Signed pieces of one reason.
    #[must_use]
    pub fn reason(&self, kind: ReasonKind) -> i128 {
        let mut pairs = ReasonKind::ALL.into_iter().zip(self.reasons);
        pairs.find(|(k, _)| *k == kind).map_or(0, |(_, sum)| sum)
    }
}

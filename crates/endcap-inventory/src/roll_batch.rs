//! Roll-forward of many stocks at once, and over many periods.

use endcap_calendar::Period;

use crate::roll::roll_row;
use crate::{Flows, InventoryError, MoveKind, RollForward};

/// Movement totals per group (分组出入累计): a state that starts empty, accumulates, merges and finishes.
///
/// A group is whatever the caller numbers densely from 0: an account × SKU, a store × SKU, a lot. Adding rows in
/// any order, or merging parts built apart, gives the same totals. Merging twice counts twice: de-duplicate first.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{MoveKind, RollState};
/// // Two stocks; three movements.
/// let mut state = RollState::new(2);
/// state.accumulate(&[0, 1, 0], &[MoveKind::Receipt, MoveKind::Sale, MoveKind::Sale], &[60, 3, 70])?;
/// let lines = state.finish(&[100, 5], &[Some(90), None])?;
/// assert_eq!(lines[0].closing(), 90);
/// assert_eq!(lines[0].variance(), Some(0));
/// assert_eq!(lines[1].closing(), 2);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollState {
    groups: Vec<Flows>,
}

impl RollState {
    /// No movements yet in `groups` groups.
    #[must_use]
    pub fn new(groups: usize) -> Self {
        Self { groups: vec![Flows::default(); groups] }
    }

    /// The totals so far, one entry per group.
    #[must_use]
    pub fn groups(&self) -> &[Flows] {
        &self.groups
    }

    /// Adds rows: `quantities[i]` pieces of `kinds[i]` to group `group_ids[i]`.
    ///
    /// # Errors
    ///
    /// The state is unchanged only if the lengths are wrong; after any other error throw it away.
    ///
    /// - [`InventoryError::LengthMismatch`] when the slices differ in length.
    /// - [`InventoryError::UnknownGroup`] for a group number outside the state.
    /// - [`InventoryError::NegativeInput`] for a negative quantity of any kind but an adjustment.
    /// - [`InventoryError::Overflow`].
    pub fn accumulate(
        &mut self,
        group_ids: &[usize],
        kinds: &[MoveKind],
        quantities: &[i64],
    ) -> Result<(), InventoryError> {
        same_length("kinds", kinds.len(), group_ids.len())?;
        same_length("quantities", quantities.len(), group_ids.len())?;
        let groups = self.groups.len();
        for (row, ((&group, &kind), &quantity)) in group_ids.iter().zip(kinds).zip(quantities).enumerate() {
            let flows =
                self.groups.get_mut(group).ok_or(InventoryError::UnknownGroup { row, group, groups })?;
            flows.record(kind, quantity).map_err(|error| match error {
                InventoryError::NegativeInput { column, value, .. } => {
                    InventoryError::NegativeInput { column, row, value }
                }
                other => other,
            })?;
        }
        Ok(())
    }

    /// Adds the totals of another state with the same groups.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::LengthMismatch`] when the number of groups differs.
    /// - [`InventoryError::Overflow`].
    pub fn merge(&mut self, other: &Self) -> Result<(), InventoryError> {
        same_length("groups", other.groups.len(), self.groups.len())?;
        for (mine, theirs) in self.groups.iter_mut().zip(&other.groups) {
            *mine = mine.plus(theirs)?;
        }
        Ok(())
    }

    /// One line per group from `opening[g]` pieces, compared with `counted[g]` where there is a count.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::LengthMismatch`] when a slice has not one entry per group.
    /// - [`InventoryError::NegativeInput`] for a negative count.
    /// - [`InventoryError::Overflow`].
    pub fn finish(
        &self,
        opening: &[i64],
        counted: &[Option<i64>],
    ) -> Result<Vec<RollForward>, InventoryError> {
        same_length("opening", opening.len(), self.groups.len())?;
        same_length("counted", counted.len(), self.groups.len())?;
        let rows = self.groups.iter().zip(opening).zip(counted).enumerate();
        rows.map(|(row, ((flows, &opening), &counted))| roll_row(row, opening, flows, counted)).collect()
    }
}

/// What a period is opened with (期初口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Carry {
    /// The book stock the period before closed with (账面结转).
    #[default]
    Book,
    /// The stock counted at the end of the period before (盘点结转); its variance becomes an adjustment.
    Count,
}

/// Chains the lines of one stock over adjoining periods into one line (跨期滚动).
///
/// Under [`Carry::Count`] the variance of every count but the last is booked as an adjustment, so the result
/// closes like any other line.
///
/// # Errors
///
/// - [`InventoryError::EmptyChain`] without periods.
/// - [`InventoryError::PeriodsNotAdjacent`] when there is a gap or an overlap.
/// - [`InventoryError::BreakInChain`] when a period does not open with what is carried.
/// - [`InventoryError::NotCounted`] when the count to carry is missing.
/// - [`InventoryError::Overflow`].
///
/// # Examples
///
/// ```
/// use endcap_calendar::Period;
/// use endcap_inventory::{chain, roll_forward, Carry, Flows};
/// let may = roll_forward(100, &Flows { sales: 70, ..Flows::default() }, Some(28))?;
/// let june = roll_forward(28, &Flows { receipts: 60, ..Flows::default() }, None)?;
/// let periods = [(Period::month(2025, 5)?, may), (Period::month(2025, 6)?, june)];
/// let (span, line) = chain(&periods, Carry::Count)?;
/// assert_eq!(span.days(), 61);
/// assert_eq!((line.opening(), line.flows().adjustment, line.closing()), (100, -2, 88));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn chain(
    periods: &[(Period, RollForward)],
    carry: Carry,
) -> Result<(Period, RollForward), InventoryError> {
    let ((mut span, first), rest) = match periods.split_first() {
        Some((first, rest)) => (*first, rest),
        None => return Err(InventoryError::EmptyChain),
    };
    let mut last = first;
    let mut flows = *first.flows();
    for (position, (period, line)) in (1..).zip(rest) {
        let not_adjacent =
            InventoryError::PeriodsNotAdjacent { position, start: period.start(), end: span.end() };
        if period.start() != span.end() {
            return Err(not_adjacent);
        }
        span = Period::new(span.start(), period.end()).map_err(|_| not_adjacent)?;
        let expected = match carry {
            Carry::Book => last.closing(),
            Carry::Count => {
                let earlier = position.saturating_sub(1);
                let counted = last.counted().ok_or(InventoryError::NotCounted { position: earlier })?;
                flows.record(MoveKind::Adjustment, last.variance().unwrap_or(0))?;
                counted
            }
        };
        if line.opening() != expected {
            return Err(InventoryError::BreakInChain { position, opening: line.opening(), expected });
        }
        flows = flows.plus(line.flows())?;
        last = *line;
    }
    Ok((span, roll_row(0, first.opening(), &flows, last.counted())?))
}

pub(crate) fn same_length(column: &'static str, given: usize, expected: usize) -> Result<(), InventoryError> {
    if given == expected { Ok(()) } else { Err(InventoryError::LengthMismatch { column, given, expected }) }
}

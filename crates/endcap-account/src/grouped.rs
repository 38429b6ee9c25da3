//! Grouped sums: the state behind every classification that starts from invoice lines.

use crate::error::AccountError;
use crate::minor::MinorUnits;

/// Which rows carry a value (空值掩码).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity<'rows> {
    /// All of them.
    All,
    /// Row `i` counts where `mask[i]` is true.
    Mask(&'rows [bool]),
}

/// Sum and number of rows per group (分组汇总), exact and mergeable in any order.
///
/// Merging is not idempotent: the same rows merged twice count twice.
///
/// # Examples
///
/// ```
/// use endcap_account::{GroupedSums, Validity};
///
/// let mut monday = GroupedSums::identity(2);
/// monday.add(&[100_i64, 250, -50], &[0, 1, 0], Validity::All)?;
/// let mut tuesday = GroupedSums::identity(2);
/// tuesday.add(&[7_i64], &[1], Validity::All)?;
/// monday.merge(&tuesday)?;
/// assert_eq!(monday.finish(), (vec![50, 257], vec![2, 2]));
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule: sums in 128-bit integers, a commutative monoid, so that no split of the rows shows in the result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupedSums {
    sums: Vec<i128>,
    rows: Vec<u64>,
}

impl GroupedSums {
    /// The state of no rows at all for this many groups.
    #[must_use]
    pub fn identity(groups: usize) -> Self {
        Self { sums: vec![0; groups], rows: vec![0; groups] }
    }

    /// Number of groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.sums.len()
    }

    /// Makes room for more groups; never fewer.
    pub fn grow(&mut self, groups: usize) {
        if groups > self.sums.len() {
            self.sums.resize(groups, 0);
            self.rows.resize(groups, 0);
        }
    }

    /// Adds rows: `values[i]` minor units belong to group `group_ids[i]`.
    ///
    /// On an error the rows before the offending one have been added.
    ///
    /// # Errors
    ///
    /// - [`AccountError::LengthMismatch`] where the slices differ in length.
    /// - [`AccountError::UnknownGroup`] for a group outside the state.
    /// - [`AccountError::Overflow`] where a sum does not fit 128 bits.
    pub fn add<V: MinorUnits>(
        &mut self,
        values: &[V],
        group_ids: &[usize],
        validity: Validity<'_>,
    ) -> Result<(), AccountError> {
        same_length("group ids", group_ids.len(), values.len())?;
        match validity {
            Validity::All => {
                for (row, (value, group)) in values.iter().zip(group_ids).enumerate() {
                    self.add_row(row, value.widen(), *group)?;
                }
            }
            Validity::Mask(mask) => {
                same_length("the validity mask", mask.len(), values.len())?;
                for (row, ((value, group), valid)) in values.iter().zip(group_ids).zip(mask).enumerate() {
                    if *valid {
                        self.add_row(row, value.widen(), *group)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds another state with the same numbering of groups; the longer one decides how many there are.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] where a sum does not fit 128 bits.
    pub fn merge(&mut self, other: &Self) -> Result<(), AccountError> {
        self.grow(other.groups());
        for (sum, value) in self.sums.iter_mut().zip(&other.sums) {
            *sum = sum.checked_add(*value).ok_or(AccountError::Overflow { what: "the sum of a group" })?;
        }
        for (count, more) in self.rows.iter_mut().zip(&other.rows) {
            *count = count
                .checked_add(*more)
                .ok_or(AccountError::Overflow { what: "the row count of a group" })?;
        }
        Ok(())
    }

    /// Sum in minor units and number of rows of each group.
    #[must_use]
    pub fn finish(self) -> (Vec<i128>, Vec<u64>) {
        (self.sums, self.rows)
    }

    fn add_row(&mut self, row: usize, value: i128, group: usize) -> Result<(), AccountError> {
        let groups = self.sums.len();
        let (Some(sum), Some(rows)) = (self.sums.get_mut(group), self.rows.get_mut(group)) else {
            return Err(AccountError::UnknownGroup { row, group, groups });
        };
        *sum = sum.checked_add(value).ok_or(AccountError::Overflow { what: "the sum of a group" })?;
        *rows = rows.saturating_add(1);
        Ok(())
    }
}

fn same_length(what: &'static str, given: usize, expected: usize) -> Result<(), AccountError> {
    if given == expected { Ok(()) } else { Err(AccountError::LengthMismatch { what, given, expected }) }
}

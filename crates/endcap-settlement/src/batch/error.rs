//! What can be wrong with a batch.

use endcap_types::ContractId;

/// Why a batch was refused, with the offending value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A term of the contract needs more than the turnover of each group.
    #[error("contract {contract} states {term}, which a batch over turnover alone cannot settle")]
    NotInBatch {
        /// The contract.
        contract: ContractId,
        /// The term.
        term: &'static str,
    },
    /// Two columns of one batch differ in length.
    #[error("{column} has {given} rows, the amounts have {expected}")]
    LengthMismatch {
        /// The column.
        column: &'static str,
        /// Its rows.
        given: usize,
        /// Rows of the amounts.
        expected: usize,
    },
    /// A group number outside the state.
    #[error("row {row} is of group {group}, the state has {groups} groups")]
    UnknownGroup {
        /// The row, from 0.
        row: usize,
        /// Its group.
        group: usize,
        /// Number of groups.
        groups: usize,
    },
    /// Two states of different numbers of groups.
    #[error("a state of {given} groups cannot be merged into one of {expected}")]
    GroupsDiffer {
        /// Groups of the state merged.
        given: usize,
        /// Groups of the state it is merged into.
        expected: usize,
    },
    /// A sum that 128 bits do not hold.
    #[error("the turnover of group {group} does not fit 128 bits")]
    Overflow {
        /// The group.
        group: usize,
    },
}

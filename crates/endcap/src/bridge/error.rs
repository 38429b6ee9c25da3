//! What can go wrong between two crates.

use endcap_ledger::LedgerError;
use endcap_types::{Money, TypesError};

/// Why something could not be handed over.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BridgeError {
    /// A value was refused, such as an id that is too long for the other side.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// The ledger refused a draft's key or text.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A service cannot be worth less than nothing.
    #[error("fair value is negative: {fair_value}")]
    NegativeFairValue {
        /// The value.
        fair_value: Money,
    },
    /// More than was invoiced, or less than nothing, would be owed back.
    #[error("owed back {reduction} of {invoiced}: expected between nothing and all of it")]
    ReductionOutOfRange {
        /// What would be owed back.
        reduction: Money,
        /// What was invoiced.
        invoiced: Money,
    },
    /// A quantity that must not be negative is.
    #[error("{what} is negative: {pieces} pieces")]
    NegativePieces {
        /// Which quantity.
        what: &'static str,
        /// The value.
        pieces: i64,
    },
}

//! What can go wrong between two crates.

use endcap_ledger::LedgerError;
use endcap_types::TypesError;

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
    /// A quantity that must not be negative is.
    #[error("{what} is negative: {pieces} pieces")]
    NegativePieces {
        /// Which quantity.
        what: &'static str,
        /// The value.
        pieces: i64,
    },
}

//! Case packs: how many pieces a case holds.

use crate::limits::MAX_CASE_PACK;
use crate::{Quantity, TypesError, Unit};

/// Pieces in one case (箱规): at least one.
///
/// # Examples
///
/// ```
/// use endcap_types::{CasePack, Quantity};
/// let pack = CasePack::new(12)?;
/// assert_eq!(pack.to_pieces(&Quantity::cases(3)?)?, Quantity::pieces(36)?);
/// assert_eq!(pack.split_cases(40), (3, 4)); // three full cases and four pieces
/// assert_eq!(pack.cases_to_cover(40), 4); // what must be ordered to have forty
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u32", into = "u32")
)]
pub struct CasePack(u32);

impl CasePack {
    /// A case of `pieces`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CasePackOutOfRange`] for zero or more than the limit.
    pub const fn new(pieces: u32) -> Result<Self, TypesError> {
        if pieces == 0 || pieces > MAX_CASE_PACK {
            return Err(TypesError::CasePackOutOfRange { pieces, limit: MAX_CASE_PACK });
        }
        Ok(Self(pieces))
    }

    /// Pieces in one case.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The quantity in pieces; pieces stay as they are.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`] for a weighed or poured quantity.
    /// - [`TypesError::QuantityOutOfRange`].
    pub fn to_pieces(self, quantity: &Quantity) -> Result<Quantity, TypesError> {
        match quantity.unit() {
            Unit::Piece => Ok(*quantity),
            Unit::Case => {
                let pieces = quantity.checked_mul_int(widen(self.0))?;
                Quantity::new(pieces.amount(), Unit::Piece)
            }
            unit => Err(TypesError::UnitMismatch { left: unit, right: Unit::Piece }),
        }
    }

    /// Full cases and loose pieces in `pieces`, with `cases × pack + loose = pieces` and `0 ≤ loose < pack`.
    #[must_use]
    pub const fn split_cases(self, pieces: i64) -> (i64, i64) {
        // The pack is at least one, so neither operation can fail.
        match (pieces.checked_div_euclid(widen(self.0)), pieces.checked_rem_euclid(widen(self.0))) {
            (Some(cases), Some(loose)) => (cases, loose),
            _ => (0, pieces),
        }
    }

    /// The fewest full cases that hold `pieces` (none for zero or less).
    #[must_use]
    pub const fn cases_to_cover(self, pieces: i64) -> i64 {
        if pieces <= 0 {
            return 0;
        }
        let (cases, loose) = self.split_cases(pieces);
        if loose > 0 { cases.saturating_add(1) } else { cases }
    }
}

impl TryFrom<u32> for CasePack {
    type Error = TypesError;

    fn try_from(pieces: u32) -> Result<Self, TypesError> {
        Self::new(pieces)
    }
}

impl From<CasePack> for u32 {
    fn from(pack: CasePack) -> Self {
        pack.get()
    }
}

#[allow(clippy::as_conversions, reason = "u32 to i64 is lossless; From is not const")]
const fn widen(value: u32) -> i64 {
    value as i64
}

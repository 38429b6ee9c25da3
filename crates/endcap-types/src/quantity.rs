//! Quantities with their unit, and case packs.

use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::limits::{MAX_CASE_PACK, MAX_QUANTITY, MAX_QUANTITY_DECIMALS};
use crate::{Exact, TypesError};

/// What a quantity counts (单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Unit {
    /// One selling unit (件 / 支): counted.
    Piece,
    /// One case (箱): counted; how many pieces it holds is its [`CasePack`].
    Case,
    /// Kilogram (公斤): weighed, fractions allowed.
    Kilogram,
    /// Litre (升): poured, fractions allowed.
    Litre,
}

impl Unit {
    /// The symbol used in text: `pc`, `cs`, `kg`, `l`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Piece => "pc",
            Self::Case => "cs",
            Self::Kilogram => "kg",
            Self::Litre => "l",
        }
    }

    /// Most decimals a quantity of this unit may have.
    #[must_use]
    pub const fn max_decimals(self) -> u32 {
        match self {
            Self::Piece | Self::Case => 0,
            Self::Kilogram | Self::Litre => MAX_QUANTITY_DECIMALS,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// A quantity (数量) in one unit; negative for returns.
///
/// Pieces and cases are whole numbers; kilograms and litres may have up to six decimals.
///
/// # Examples
///
/// ```
/// use endcap_types::{CasePack, Quantity};
/// let pack = CasePack::new(12)?;
/// let ordered = pack.to_pieces(&Quantity::cases(3)?)?;
/// assert_eq!(ordered, Quantity::pieces(36)?);
/// assert_eq!(pack.split_cases(40), (3, 4)); // three full cases and four pieces
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    amount: Decimal,
    unit: Unit,
}

impl Quantity {
    /// `amount` of `unit`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::FractionalCount`] for a fraction of a piece or case.
    /// - [`TypesError::TooPrecise`] for more decimals than the unit allows.
    /// - [`TypesError::QuantityOutOfRange`] beyond the limit.
    pub fn new(amount: Decimal, unit: Unit) -> Result<Self, TypesError> {
        let amount = amount.normalize();
        if amount.scale() > unit.max_decimals() {
            return Err(if unit.max_decimals() == 0 {
                TypesError::FractionalCount { amount, unit }
            } else {
                TypesError::TooPrecise {
                    value: amount.to_string(),
                    decimals: amount.scale(),
                    limit: unit.max_decimals(),
                }
            });
        }
        if amount.abs() > Decimal::from(MAX_QUANTITY) {
            return Err(TypesError::QuantityOutOfRange { amount, limit: MAX_QUANTITY });
        }
        Ok(Self { amount, unit })
    }

    /// Whole pieces.
    ///
    /// # Errors
    ///
    /// - [`TypesError::QuantityOutOfRange`].
    pub fn pieces(count: i64) -> Result<Self, TypesError> {
        Self::new(Decimal::from(count), Unit::Piece)
    }

    /// Whole cases.
    ///
    /// # Errors
    ///
    /// - [`TypesError::QuantityOutOfRange`].
    pub fn cases(count: i64) -> Result<Self, TypesError> {
        Self::new(Decimal::from(count), Unit::Case)
    }

    /// Kilograms.
    ///
    /// # Errors
    ///
    /// - [`TypesError::TooPrecise`], [`TypesError::QuantityOutOfRange`].
    pub fn kilograms(amount: Decimal) -> Result<Self, TypesError> {
        Self::new(amount, Unit::Kilogram)
    }

    /// Litres.
    ///
    /// # Errors
    ///
    /// - [`TypesError::TooPrecise`], [`TypesError::QuantityOutOfRange`].
    pub fn litres(amount: Decimal) -> Result<Self, TypesError> {
        Self::new(amount, Unit::Litre)
    }

    /// Nothing of `unit`.
    #[must_use]
    pub const fn zero(unit: Unit) -> Self {
        Self { amount: Decimal::ZERO, unit }
    }

    /// How many of the unit.
    #[must_use]
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// The unit.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// The amount as an exact number.
    #[must_use]
    pub fn to_exact(&self) -> Exact {
        Exact::from_decimal(self.amount)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.amount.is_zero()
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.amount.is_sign_negative() && !self.amount.is_zero()
    }

    /// The quantity with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut amount = self.amount;
        amount.set_sign_positive(amount.is_zero() || amount.is_sign_negative());
        Self { amount, unit: self.unit }
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn checked_add(&self, other: &Self) -> Result<Self, TypesError> {
        if self.unit != other.unit {
            return Err(TypesError::UnitMismatch { left: self.unit, right: other.unit });
        }
        // At most 16 + 6 digits each: the decimal addition is exact.
        let amount = self
            .amount
            .checked_add(other.amount)
            .ok_or(TypesError::QuantityOutOfRange { amount: self.amount, limit: MAX_QUANTITY })?;
        Self::new(amount, self.unit)
    }

    /// The difference `self − other`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn checked_sub(&self, other: &Self) -> Result<Self, TypesError> {
        self.checked_add(&other.negated())
    }
}

impl fmt::Display for Quantity {
    /// Amount and symbol: `36 pc`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit)
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Quantity {
    type Err = TypesError;

    /// Reads what `Display` writes: `36 pc`, `1.25 kg`.
    fn from_str(text: &str) -> Result<Self, TypesError> {
        let invalid = || TypesError::InvalidQuantity { text: text.chars().take(40).collect() };
        let (number, symbol) = text.split_once(' ').ok_or_else(invalid)?;
        let unit = [Unit::Piece, Unit::Case, Unit::Kilogram, Unit::Litre]
            .into_iter()
            .find(|unit| unit.symbol() == symbol)
            .ok_or_else(invalid)?;
        Self::new(crate::decimal::plain(number).ok_or_else(invalid)?, unit)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Quantity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Pieces in one case (箱规): at least one.
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
                let amount = quantity.amount().checked_mul(Decimal::from(self.0)).ok_or(
                    TypesError::QuantityOutOfRange { amount: quantity.amount(), limit: MAX_QUANTITY },
                )?;
                Quantity::new(amount, Unit::Piece)
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

#[allow(clippy::as_conversions, reason = "u32 to i64 is lossless; From is not const")]
const fn widen(value: u32) -> i64 {
    value as i64
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

//! Quantities with their unit.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::exact_small::POW10;
use crate::limits::{MAX_QUANTITY, MAX_QUANTITY_DECIMALS};
use crate::{Exact, TypesError};

/// What a quantity counts (单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Unit {
    /// One selling unit (件 / 支): counted.
    Piece,
    /// One case (箱): counted; how many pieces it holds is its [`CasePack`](crate::CasePack).
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
        f.pad(self.symbol())
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

    /// The count, when the unit is counted; `None` for what is weighed or poured.
    #[must_use]
    pub fn as_count(&self) -> Option<i64> {
        match self.unit {
            Unit::Piece | Unit::Case => i64::try_from(self.amount.mantissa()).ok(),
            Unit::Kilogram | Unit::Litre => None,
        }
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

    fn same_unit(&self, other: &Self) -> Result<(), TypesError> {
        if self.unit == other.unit {
            Ok(())
        } else {
            Err(TypesError::UnitMismatch { left: self.unit, right: other.unit })
        }
    }

    /// The order of two quantities in one unit.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, TypesError> {
        self.same_unit(other)?;
        Ok(self.amount.cmp(&other.amount))
    }

    /// The quantity `factor` times.
    ///
    /// # Errors
    ///
    /// - [`TypesError::QuantityOutOfRange`].
    pub fn checked_mul_int(&self, factor: i64) -> Result<Self, TypesError> {
        let out_of_range = TypesError::QuantityOutOfRange { amount: self.amount, limit: MAX_QUANTITY };
        // Digits first, so that nothing is rounded to make room: at most 22 digits times 19.
        let mantissa = self.amount.mantissa().checked_mul(i128::from(factor)).ok_or(out_of_range.clone())?;
        let amount = Decimal::try_from_i128_with_scale(mantissa, self.amount.scale());
        Self::new(amount.map_err(|_| out_of_range)?, self.unit)
    }

    /// The sum of quantities that must all be in `unit`; zero when there are none.
    ///
    /// Only the total has to respect the limit, so the order of the quantities changes nothing.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Quantity, Unit};
    /// let delivered = [Quantity::pieces(36)?, Quantity::pieces(-4)?];
    /// assert_eq!(Quantity::sum(delivered, Unit::Piece)?.as_count(), Some(32));
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn sum<I>(quantities: I, unit: Unit) -> Result<Self, TypesError>
    where
        I: IntoIterator<Item = Self>,
    {
        let zero = Self::zero(unit);
        // In millionths: each is at most 10^21, so 10^17 of them fit an i128.
        let mut millionths = 0_i128;
        for quantity in quantities {
            zero.same_unit(&quantity)?;
            let missing = MAX_QUANTITY_DECIMALS.saturating_sub(quantity.amount.scale());
            let factor = usize::try_from(missing).ok().and_then(|m| POW10.get(m)).copied().unwrap_or(1);
            millionths = millionths.saturating_add(quantity.amount.mantissa().saturating_mul(factor));
        }
        let amount = Decimal::try_from_i128_with_scale(millionths, MAX_QUANTITY_DECIMALS).map_err(|_| {
            TypesError::QuantityOutOfRange {
                amount: if millionths < 0 { Decimal::MIN } else { Decimal::MAX },
                limit: MAX_QUANTITY,
            }
        })?;
        Self::new(amount, unit)
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`], [`TypesError::QuantityOutOfRange`].
    pub fn checked_add(&self, other: &Self) -> Result<Self, TypesError> {
        self.same_unit(other)?;
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
        f.pad(&format!("{} {}", self.amount, self.unit))
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

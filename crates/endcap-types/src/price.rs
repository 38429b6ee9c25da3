//! Prices per unit, with or without tax.

use core::fmt;

use rust_decimal::Decimal;

#[cfg(feature = "serde")]
use crate::limits::MAX_AMOUNT_CHARS;
use crate::limits::{MAX_PRICE, MAX_PRICE_DECIMALS};
use crate::{CasePack, Currency, Exact, Quantity, TypesError, Unit, Unrounded};

/// Whether an amount or price contains its value-added tax (含税 / 未税).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TaxBasis {
    /// Tax is inside (含税价).
    Inclusive,
    /// Tax comes on top (未税价).
    Exclusive,
}

/// A price (单价) per unit in major units of its currency, never negative, tax in or out by name.
///
/// # Examples
///
/// ```
/// use endcap_types::{CasePack, Currency, Price, Quantity, Rounding, TaxBasis, Unit};
/// // 74.50 a case of 12, tax included, for 30 pieces: 74.50 × 30 / 12 = 186.25.
/// let price = Price::new("74.50".parse().unwrap(), Currency::CNY, Unit::Case, TaxBasis::Inclusive)?;
/// let value = price.times_packed(&Quantity::pieces(30)?, CasePack::new(12)?)?;
/// assert_eq!(value.round(&Rounding::HALF_AWAY)?.to_amount_string(), "186.25");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "Parts"))]
#[cfg_attr(feature = "serde", derive(serde::Deserialize), serde(try_from = "Parts"))]
pub struct Price {
    per_unit: Decimal,
    currency: Currency,
    unit: Unit,
    tax: TaxBasis,
}

impl Price {
    /// A price per `unit`, in major units.
    ///
    /// # Errors
    ///
    /// - [`TypesError::PriceOutOfRange`] when negative or beyond the limit.
    /// - [`TypesError::TooPrecise`] for more decimals than the limit.
    pub fn new(per_unit: Decimal, currency: Currency, unit: Unit, tax: TaxBasis) -> Result<Self, TypesError> {
        let per_unit = per_unit.normalize();
        if per_unit < Decimal::ZERO || per_unit > Decimal::from(MAX_PRICE) {
            return Err(TypesError::PriceOutOfRange { per_unit, limit: MAX_PRICE });
        }
        if per_unit.scale() > MAX_PRICE_DECIMALS {
            return Err(TypesError::TooPrecise {
                value: per_unit.to_string(),
                decimals: per_unit.scale(),
                limit: MAX_PRICE_DECIMALS,
            });
        }
        Ok(Self { per_unit, currency, unit, tax })
    }

    /// The price of one unit, in major units.
    #[must_use]
    pub const fn per_unit(&self) -> Decimal {
        self.per_unit
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The unit priced.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Whether tax is inside.
    #[must_use]
    pub const fn tax(&self) -> TaxBasis {
        self.tax
    }

    /// Minor units per unit, exactly.
    fn minor_per_unit(&self) -> Result<Exact, TypesError> {
        Exact::from_decimal(self.per_unit).mul(&Exact::from_int(self.currency.minor_per_major()))
    }

    /// The exact value of a quantity in the unit of the price.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`] when the quantity is in another unit.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{Currency, Price, Quantity, Rounding, TaxBasis, Unit};
    /// // 12.80 a kilogram for 1.235 kg: 15.808.
    /// let price = Price::new("12.80".parse().unwrap(), Currency::CNY, Unit::Kilogram, TaxBasis::Inclusive)?;
    /// let value = price.times(&"1.235 kg".parse::<Quantity>()?)?;
    /// assert_eq!(value.round(&Rounding::HALF_AWAY)?.to_amount_string(), "15.81");
    /// # Ok::<(), endcap_types::TypesError>(())
    /// ```
    pub fn times(&self, quantity: &Quantity) -> Result<Unrounded, TypesError> {
        if quantity.unit() != self.unit {
            return Err(TypesError::UnitMismatch { left: self.unit, right: quantity.unit() });
        }
        Ok(Unrounded::new(self.minor_per_unit()?.mul(&quantity.to_exact())?, self.currency))
    }

    /// The exact value of a quantity in pieces or cases, whichever of the two the price is for.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnitMismatch`] when either side is weighed or poured and the other is not the same.
    pub fn times_packed(&self, quantity: &Quantity, pack: CasePack) -> Result<Unrounded, TypesError> {
        let pieces = i128::from(pack.get());
        match (self.unit, quantity.unit()) {
            (Unit::Case, Unit::Piece) => {
                let value = self.minor_per_unit()?.mul(&quantity.to_exact())?;
                Unrounded::new(value, self.currency).divided_by_int(pieces)
            }
            (Unit::Piece, Unit::Case) => {
                let value = self.minor_per_unit()?.mul(&quantity.to_exact())?;
                Unrounded::new(value, self.currency).times_int(pieces)
            }
            _ => self.times(quantity),
        }
    }
}

impl fmt::Display for Price {
    /// `CNY 74.50/cs incl.` or `… excl.`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tax = match self.tax {
            TaxBasis::Inclusive => "incl.",
            TaxBasis::Exclusive => "excl.",
        };
        f.pad(&format!("{} {}/{} {tax}", self.currency, self.per_unit, self.unit))
    }
}

impl fmt::Debug for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Price", deny_unknown_fields)]
struct Parts {
    per_unit: String,
    currency: Currency,
    unit: Unit,
    tax: TaxBasis,
}

#[cfg(feature = "serde")]
impl From<Price> for Parts {
    fn from(price: Price) -> Self {
        Self {
            per_unit: price.per_unit.to_string(),
            currency: price.currency,
            unit: price.unit,
            tax: price.tax,
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Price {
    type Error = TypesError;

    fn try_from(parts: Parts) -> Result<Self, TypesError> {
        // Strictly: a plain parse would round what does not fit.
        let per_unit = crate::decimal::plain(&parts.per_unit).ok_or_else(|| TypesError::InvalidAmount {
            text: parts.per_unit.chars().take(MAX_AMOUNT_CHARS).collect(),
        })?;
        Self::new(per_unit, parts.currency, parts.unit, parts.tax)
    }
}

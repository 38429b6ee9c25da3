//! What a product earns as its facings grow.

use endcap_types::{Currency, Exact, RoundingMode};
use rust_decimal::Decimal;

use crate::ShelfError;
use crate::limits::{MAX_ELASTICITY_DECIMALS, PROFIT_UNITS_PER_MINOR};
use crate::power::power;

/// Space elasticity of demand (排面弹性): sales grow with `facings ^ β`, `0 ≤ β ≤ 1`.
///
/// # Examples
///
/// ```
/// use endcap_shelf::SpaceElasticity;
/// use endcap_types::{Exact, RoundingMode};
/// let elastic = SpaceElasticity::new("0.17".parse()?)?;
/// // Four facings sell 1.2658 times what one facing sells.
/// assert_eq!(elastic.lift(4)?.to_fixed(4, RoundingMode::HalfAwayFromZero), "1.2658");
/// assert_eq!(elastic.lift(1)?, Exact::ONE);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Hansen & Heinsbroek, "Product selection and space allocation in supermarkets", EJOR 3 (1979): `D = α · f^β`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpaceElasticity(Decimal);

impl SpaceElasticity {
    /// The average of 1,268 published estimates: 0.17.
    ///
    /// # Source
    ///
    /// Eisend, "Shelf space elasticity: a meta-analysis", Journal of Retailing 90 (2014).
    pub const TYPICAL: Self = Self(Decimal::from_parts(17, 0, 0, false, 2));

    /// An elasticity from 0 (facings sell nothing more) to 1 (sales grow as the facings).
    ///
    /// # Errors
    ///
    /// - [`ShelfError::ElasticityOutOfRange`] outside 0 to 1 or with more than nine decimals.
    pub fn new(value: Decimal) -> Result<Self, ShelfError> {
        let value = value.normalize();
        let fits =
            value.scale() <= MAX_ELASTICITY_DECIMALS && (Decimal::ZERO..=Decimal::ONE).contains(&value);
        if fits {
            Ok(Self(value))
        } else {
            Err(ShelfError::ElasticityOutOfRange { value, decimals: MAX_ELASTICITY_DECIMALS })
        }
    }

    /// The exponent β.
    #[must_use]
    pub const fn value(&self) -> Decimal {
        self.0
    }

    /// How many times the sales of one facing this many facings sell: `facings ^ β`, and 0 for none.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::Types`] never for the facings a plan allows; the arithmetic is bounded.
    pub fn lift(&self, facings: u32) -> Result<Exact, ShelfError> {
        if facings == 0 { Ok(Exact::ZERO) } else { Ok(power(facings, self.0)?) }
    }
}

/// What a product earns a week at 0, 1, 2, … facings (利润曲线).
///
/// # Source
///
/// House rule: the usual elastic form, or the caller's own table, whatever its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ProfitCurve {
    /// `weekly units × unit margin × appeal of the shelf × facings ^ β`; nothing without facings.
    SpaceElastic(SpaceElasticity),
    /// `table[f]` is the weekly profit at `f` facings in major units on a shelf of appeal 1; `table[0]` is what delisting costs
    /// (negative) or earns, whatever the shelf.
    Table(Vec<Decimal>),
}

/// What the profit of one product depends on beside its facings.
#[derive(Debug, Clone)]
pub(crate) struct Earning<'a> {
    pub(crate) curve: &'a ProfitCurve,
    pub(crate) weekly_units: Decimal,
    pub(crate) unit_margin: Decimal,
    pub(crate) appeal: Decimal,
    pub(crate) currency: Currency,
}

impl Earning<'_> {
    /// Weekly profit at `facings` in profit units, rounded half away from zero; `None` beyond the table or 64 bits.
    pub(crate) fn profit(&self, facings: u32) -> Result<Option<i64>, ShelfError> {
        let per_major = self.currency.minor_per_major().saturating_mul(i128::from(PROFIT_UNITS_PER_MINOR));
        let appeal = if facings == 0 { Exact::ONE } else { Exact::from_decimal(self.appeal) };
        let major = match self.curve {
            ProfitCurve::SpaceElastic(elasticity) => Exact::from_decimal(self.weekly_units)
                .mul(&Exact::from_decimal(self.unit_margin))?
                .mul(&elasticity.lift(facings)?)?,
            ProfitCurve::Table(table) => {
                let point = usize::try_from(facings).ok().and_then(|facings| table.get(facings));
                let Some(point) = point else { return Ok(None) };
                Exact::from_decimal(*point)
            }
        };
        let units = major.mul(&appeal)?.mul(&Exact::from_int(per_major))?;
        let units = units.round_to_int(RoundingMode::HalfAwayFromZero)?;
        Ok(i64::try_from(units).ok())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SpaceElasticity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        rust_decimal::serde::str::serialize(&self.0, serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for SpaceElasticity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = rust_decimal::serde::str::deserialize(deserializer)?;
        Self::new(value).map_err(serde::de::Error::custom)
    }
}

//! What lies in the basket, before any offer.

use std::collections::BTreeMap;

use endcap_types::{Currency, Money, Rounding, SkuId};
use rust_decimal::Decimal;

use super::BasketError;
use crate::limits::{MAX_BASKET_MINOR, MAX_BASKET_UNITS};

/// Units of one item at one price (同价同品): what a basket counts, whatever lines they were scanned in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LotKey {
    /// The item.
    pub sku: SkuId,
    /// Price of one unit in minor units; of a weighed pack, what the pack costs.
    pub unit_minor: i128,
}

/// A shopping basket (购物篮): items at their regular prices, in one currency.
///
/// Lines of the same item at the same price are one lot, so scanning two and then three is scanning five, and the order
/// of scanning changes nothing. A weighed pack is one unit at the price of the pack.
///
/// # Examples
///
/// ```
/// use endcap_promo::basket::Basket;
/// use endcap_types::{Currency, Money};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let basket = Basket::new(Currency::CNY)
///     .with_units("NOODLES".parse()?, cny("4.50")?, 3)?
///     .with_weighed("PEARS".parse()?, cny("9.90")?, "0.735".parse()?)?; // 7.2765 -> 7.28
/// assert_eq!(basket.value()?.to_amount_string(), "20.78");
/// assert_eq!(basket.units(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: key, unit price in minor units, whole units; a weighed pack counts as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    currency: Currency,
    lots: BTreeMap<LotKey, u64>,
    units: u64,
    minor: i128,
}

impl Basket {
    /// An empty basket.
    #[must_use]
    pub const fn new(currency: Currency) -> Self {
        Self { currency, lots: BTreeMap::new(), units: 0, minor: 0 }
    }

    /// Puts `units` of an item at `price` a unit in; zero units change nothing.
    ///
    /// # Errors
    ///
    /// - [`BasketError::NegativePrice`], [`BasketError::CurrencyDiffers`].
    /// - [`BasketError::TooManyUnits`], [`BasketError::AmountTooLarge`] beyond [`crate::limits`].
    pub fn with_units(mut self, sku: SkuId, price: Money, units: u64) -> Result<Self, BasketError> {
        if price.is_negative() {
            return Err(BasketError::NegativePrice { sku, price });
        }
        if price.currency() != self.currency {
            return Err(BasketError::CurrencyDiffers {
                what: sku.to_string(),
                expected: self.currency,
                found: price.currency(),
            });
        }
        let total = self.units.saturating_add(units);
        if total > MAX_BASKET_UNITS {
            return Err(BasketError::TooManyUnits { units: total, limit: MAX_BASKET_UNITS });
        }
        let value = price.minor().saturating_mul(i128::from(units));
        let minor = self.minor.saturating_add(value);
        if minor > MAX_BASKET_MINOR {
            return Err(BasketError::AmountTooLarge {
                what: "the basket",
                amount: minor.to_string(),
                limit: MAX_BASKET_MINOR,
            });
        }
        if units > 0 {
            let lot = self.lots.entry(LotKey { sku, unit_minor: price.minor() }).or_insert(0);
            *lot = lot.saturating_add(units); // at most MAX_BASKET_UNITS
        }
        self.units = total;
        self.minor = minor;
        Ok(self)
    }

    /// Puts one weighed pack in: `price` a kilogram × `kilograms`, rounded half away from zero to a minor unit.
    ///
    /// # Errors
    ///
    /// - [`BasketError::WeightOutOfRange`] when nothing was weighed, else as [`Basket::with_units`].
    pub fn with_weighed(self, sku: SkuId, price: Money, kilograms: Decimal) -> Result<Self, BasketError> {
        if kilograms <= Decimal::ZERO {
            return Err(BasketError::WeightOutOfRange { sku, kilograms: kilograms.to_string() });
        }
        let weight = endcap_types::Exact::from_decimal(kilograms);
        let pack = price.exact().times(&weight)?.round(&Rounding::HALF_AWAY)?;
        self.with_units(sku, pack, 1)
    }

    /// Takes units out again.
    ///
    /// # Errors
    ///
    /// - [`BasketError::ReturnedMoreThanBought`] when a lot of `other` is not in this basket, or smaller.
    /// - [`BasketError::CurrencyDiffers`].
    pub fn without(&self, other: &Self) -> Result<Self, BasketError> {
        if other.currency != self.currency {
            return Err(BasketError::CurrencyDiffers {
                what: "the returned goods".to_owned(),
                expected: self.currency,
                found: other.currency,
            });
        }
        let mut kept = self.clone();
        for (key, returned) in &other.lots {
            let bought = self.lots.get(key).copied().unwrap_or(0);
            let Some(left) = bought.checked_sub(*returned) else {
                return Err(BasketError::ReturnedMoreThanBought {
                    sku: key.sku.clone(),
                    price: Money::from_minor(key.unit_minor, self.currency)?,
                    returned: *returned,
                    bought,
                });
            };
            if left == 0 {
                kept.lots.remove(key);
            } else {
                kept.lots.insert(key.clone(), left);
            }
        }
        kept.units = self.units.saturating_sub(other.units);
        kept.minor = self.minor.saturating_sub(other.minor);
        Ok(kept)
    }

    /// Lots in the order of item and price, with their units.
    pub fn lots(&self) -> impl Iterator<Item = (&LotKey, u64)> {
        self.lots.iter().map(|(key, units)| (key, *units))
    }

    /// The currency of every price.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// All units; a weighed pack is one.
    #[must_use]
    pub const fn units(&self) -> u64 {
        self.units
    }

    /// Whether nothing lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lots.is_empty()
    }

    /// What it costs at regular prices, in its currency.
    ///
    /// # Errors
    ///
    /// - [`BasketError::Types`]; within the limits of a basket it does not happen.
    pub fn value(&self) -> Result<Money, BasketError> {
        Ok(Money::from_minor(self.minor, self.currency)?)
    }
}

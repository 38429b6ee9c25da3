//! What the shopper gets.

use endcap_types::{Exact, Price, Rate, Unrounded};
use rust_decimal::Decimal;

use crate::PromoError;
use crate::exact_units::minor_per_unit;

/// A mechanic (促销方式): what the shopper gets, separate from who pays for it.
///
/// Amounts are major units of the promotion's currency per unit of the promotion.
///
/// # Examples
///
/// ```
/// use endcap_promo::Mechanic;
/// use endcap_types::{Currency, Price, Rounding, TaxBasis, Unit};
/// let shelf = Price::new("9.00".parse().unwrap(), Currency::CNY, Unit::Piece, TaxBasis::Inclusive)?;
/// let eighty = Mechanic::PercentOff { rate: "20%".parse()? }; // 8折
/// assert_eq!(eighty.planned_unit_price(&shelf)?.round(&Rounding::HALF_AWAY)?.to_amount_string(), "7.20");
/// let two_plus_one = Mechanic::BuyGet { buy: 2, free: 1 }; // 买二赠一
/// assert_eq!(two_plus_one.planned_unit_price(&shelf)?.round(&Rounding::HALF_AWAY)?.to_amount_string(), "6.00");
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: mechanics grouped by how money moves.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum Mechanic {
    /// A percentage off the shelf price (打折): 20 % off is 8折.
    PercentOff {
        /// The part taken off.
        rate: Rate,
    },
    /// An amount off each unit (直降).
    AmountOff {
        /// Major units per unit.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        amount: Decimal,
    },
    /// A fixed promotion price (特价).
    FixedPrice {
        /// Major units per unit.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        price: Decimal,
    },
    /// Buy n, get m free, the free ones in the basket (买N赠M); "3 for the price of 2" is buy 2, free 1.
    BuyGet {
        /// Units paid.
        buy: u32,
        /// Units free.
        free: u32,
    },
    /// A price for a set of units together (捆绑 / 套装): two for 15.00.
    Bundle {
        /// Units in the set.
        units: u32,
        /// Major units for the set.
        #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
        price: Decimal,
    },
    /// No price change: display, feature, promoter (陈列 / 海报 / 导购).
    SupportOnly,
}

impl Mechanic {
    /// The planned price of one unit, in minor units, exact: what a shopper who uses the mechanic fully pays.
    ///
    /// Percent `r·(1 − p)`; amount `max(0, r − a)`; fixed `min(r, f)`; buy n get m `r·n/(n + m)`;
    /// bundle of k `min(r, f/k)`; support only `r`, where `r` is the regular shelf price. A mechanic never raises a price.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when a set is empty or a value leaves the range of exact numbers.
    ///
    /// # Source
    ///
    /// House rule.
    pub fn planned_unit_price(&self, shelf_regular: &Price) -> Result<Unrounded, PromoError> {
        let regular = minor_per_unit(shelf_regular)?;
        let minor = |major: Decimal| -> Result<Exact, PromoError> {
            let per_major = shelf_regular.currency().minor_per_major();
            Ok(Exact::from_decimal(major).mul(&Exact::from_int(per_major))?)
        };
        let planned = match self {
            Self::PercentOff { rate } => regular.mul(&rate.complement()?.to_exact())?,
            Self::AmountOff { amount } => regular.sub(&minor(*amount)?)?.max(Exact::ZERO),
            Self::FixedPrice { price } => minor(*price)?.min(regular),
            Self::BuyGet { buy, free } => {
                let group = i128::from(*buy).saturating_add(i128::from(*free));
                regular.mul(&Exact::ratio(i128::from(*buy), group)?)?
            }
            Self::Bundle { units, price } => {
                minor(*price)?.div(&Exact::from_int(i128::from(*units)))?.min(regular)
            }
            Self::SupportOnly => regular,
        };
        Ok(Unrounded::new(planned, shelf_regular.currency()))
    }

    /// The mechanic's name in files: `percent_off`, `buy_get`, …
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PercentOff { .. } => "percent_off",
            Self::AmountOff { .. } => "amount_off",
            Self::FixedPrice { .. } => "fixed_price",
            Self::BuyGet { .. } => "buy_get",
            Self::Bundle { .. } => "bundle",
            Self::SupportOnly => "support_only",
        }
    }
}

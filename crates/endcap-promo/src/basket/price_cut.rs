//! A lower price for a unit.

use endcap_types::{Money, Rate};
use rust_decimal::Decimal;

use crate::PromoError;

/// A lower unit price (直降 / 特价), never a higher one.
///
/// Off a line of `q` units at `p`: percent `round(r·p·q)`, amount `min(a, p)·q`, fixed `max(0, p − f)·q`.
///
/// # Examples
///
/// ```
/// use endcap_promo::basket::PriceCut;
/// assert_eq!(PriceCut::zhe("8.5".parse()?)?, PriceCut::Percent("15%".parse()?)); // 8.5折: the shopper pays 85 %
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum PriceCut {
    /// A rate off, rounded once per line.
    Percent(Rate),
    /// An amount off each unit, at most its price.
    Amount(Money),
    /// A fixed price for each unit; one above the regular price changes nothing.
    Fixed(Money),
}

impl PriceCut {
    /// The cut of a price in 折 (tenths paid): 8折 pays 80 %, 8.5折 pays 85 %.
    ///
    /// # Errors
    ///
    /// - [`PromoError::OptionOutOfRange`] unless `0 ≤ zhe ≤ 10`.
    ///
    /// # Source
    ///
    /// Trade usage: 折 is what the shopper pays, so `zhe / 10 + rate off = 1`.
    pub fn zhe(zhe: Decimal) -> Result<Self, PromoError> {
        if zhe < Decimal::ZERO || zhe > Decimal::TEN {
            return Err(PromoError::OptionOutOfRange {
                option: "zhe",
                value: zhe.to_string(),
                expected: "0 to 10, tenths paid",
            });
        }
        let paid = zhe.checked_mul(Decimal::TEN).unwrap_or(Decimal::ONE_HUNDRED);
        Ok(Self::Percent(Rate::percent(paid)?.complement()?))
    }
}

//! Small helpers on the exact side: prices per unit and units as rationals.

use endcap_types::{Currency, Exact, Price, RoundingMode, Unrounded};
use rust_decimal::Decimal;

use crate::PromoError;

/// Minor units per unit of a price, exactly.
pub(crate) fn minor_per_unit(price: &Price) -> Result<Exact, PromoError> {
    minor(price.per_unit(), price.currency())
}

/// A major-unit decimal in minor units, exactly.
pub(crate) fn minor(major: Decimal, currency: Currency) -> Result<Exact, PromoError> {
    Ok(Exact::from_decimal(major).mul(&Exact::from_int(currency.minor_per_major()))?)
}

/// `units × minor-per-unit` as an amount that is not posted yet.
pub(crate) fn value(units: &Exact, per_unit: &Exact, currency: Currency) -> Result<Unrounded, PromoError> {
    Ok(Unrounded::new(units.mul(per_unit)?, currency))
}

/// Units as text without trailing zeros, at most six decimals.
pub(crate) fn units_text(units: &Exact) -> String {
    let text = units.to_fixed(6, RoundingMode::HalfAwayFromZero);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

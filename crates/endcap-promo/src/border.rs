//! The one border between statistics in f64 and exact numbers.
//!
//! | direction | function | rule |
//! |---|---|---|
//! | exact → f64 | [`units_to_estimate`] | nearest double of the written decimal; refused beyond [`MAX_UNITS`] |
//! | f64 → exact | [`units_from_estimate`] | six decimals, half away from zero; NaN, infinity and anything beyond the limit are refused |
//!
//! Money never crosses: only units do, and money is computed from them on the exact side.

use endcap_types::{Exact, RoundingMode};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::PromoError;
use crate::limits::{MAX_UNITS, UNIT_DECIMALS};

/// A number of units as an f64, for statistics.
///
/// # Errors
///
/// - [`PromoError::EstimateOutOfRange`] beyond [`MAX_UNITS`].
///
/// # Examples
///
/// ```
/// assert_eq!(endcap_promo::border::units_to_estimate("12.5".parse().unwrap())?, 12.5);
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
pub fn units_to_estimate(units: Decimal) -> Result<f64, PromoError> {
    let refused = || PromoError::EstimateOutOfRange { value: units.to_string(), limit: MAX_UNITS };
    if units.abs() > Decimal::from(MAX_UNITS) {
        return Err(refused());
    }
    nearest(units).ok_or_else(refused)
}

/// An estimate of units as an exact number with six decimals, half away from zero.
///
/// # Errors
///
/// - [`PromoError::EstimateOutOfRange`] for NaN, infinity, or beyond [`MAX_UNITS`].
///
/// # Examples
///
/// ```
/// let third = endcap_promo::border::units_from_estimate(1.0 / 3.0)?;
/// assert_eq!(third.to_string(), "333333/1000000");
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: estimates cross to the exact side once, with six decimals.
pub fn units_from_estimate(estimate: f64) -> Result<Exact, PromoError> {
    let refused = || PromoError::EstimateOutOfRange { value: estimate.to_string(), limit: MAX_UNITS };
    if !estimate.is_finite() {
        return Err(refused());
    }
    let units = Decimal::from_f64_retain(estimate).ok_or_else(refused)?;
    if units.abs() > Decimal::from(MAX_UNITS) {
        return Err(refused());
    }
    let kept = units.round_dp_with_strategy(UNIT_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    Ok(Exact::from_decimal(kept))
}

/// An exact number as an f64, through twelve decimals, for charts and decisions that are estimates anyway.
pub(crate) fn exact_to_estimate(value: &Exact) -> Result<f64, PromoError> {
    let text = value.to_fixed(12, RoundingMode::HalfAwayFromZero);
    text.parse::<f64>()
        .ok()
        .filter(|x| x.is_finite())
        .ok_or(PromoError::EstimateOutOfRange { value: text, limit: MAX_UNITS })
}

/// A count as an f64; counts in this crate are far below 2^32.
pub(crate) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A rate, such as a smoothing weight, as the nearest double of its fraction.
pub(crate) fn fraction(rate: &endcap_types::Rate) -> f64 {
    // Percent has at most 16 decimals, so dividing by a hundred is exact.
    rate.as_percent().checked_div(Decimal::ONE_HUNDRED).and_then(nearest).unwrap_or(f64::NAN)
}

/// The nearest double of a decimal, through its text: the standard library rounds correctly on every machine.
fn nearest(value: Decimal) -> Option<f64> {
    value.to_string().parse().ok().filter(|x: &f64| x.is_finite())
}

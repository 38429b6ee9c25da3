//! The border between money and the floating point of the models: the only two places where one becomes the other.
#![allow(clippy::float_arithmetic, reason = "the border itself")]

use endcap_types::{Currency, Exact, Money, Rate};

use super::error::ValueError;
use super::special_functions::finite;
use crate::border::nearest_f64;
use crate::error::AccountError;

/// An amount as the models read it (金额转浮点): the `f64` nearest to it in major units.
///
/// # Errors
///
/// - [`ValueError::OutOfFloat`] beyond floating point.
pub(crate) fn major_units(minor: &Exact, currency: Currency) -> Result<f64, AccountError> {
    let scale = Exact::from_int(10_i128.saturating_pow(u32::from(currency.exponent())));
    finite("an amount", nearest_f64(&minor.div(&scale)?))
}

/// A rate as the models read it.
pub(crate) fn share(rate: &Rate) -> f64 {
    nearest_f64(&rate.to_exact())
}

/// An estimate in major units as money (估计值转金额): the nearest minor unit, halves to the even one.
///
/// An estimate carries a standard error far above half a minor unit, so no other rounding mode would mean anything.
///
/// # Errors
///
/// - [`ValueError::OutOfFloat`] for a number that is not finite.
/// - [`AccountError::Value`] beyond the limit of an amount.
///
/// # Examples
///
/// ```
/// use endcap_account::value::money_from_estimate;
/// use endcap_types::Currency;
///
/// assert_eq!(money_from_estimate(1234.5678, Currency::CNY)?.to_amount_string(), "1234.57");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn money_from_estimate(value: f64, currency: Currency) -> Result<Money, AccountError> {
    let value = finite("an estimate of an amount", value)?;
    // Formatting is exact: it rounds the binary number itself, once.
    let text = format!("{value:.*}", usize::from(currency.exponent()));
    if text.len() > 60 {
        return Err(ValueError::OutOfFloat { what: "an estimate of an amount" }.into());
    }
    Ok(Money::parse(&text, currency)?)
}

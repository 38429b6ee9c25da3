//! Compound discounting: `df(t) = (1 + r)^(−t/365)`, the one place of this crate where a power is taken in f64.
//!
//! A double is a fraction: the factor leaves this module as exactly that fraction, and everything after it is exact
//! again. Error about 10⁻¹⁵ of the result; last digits may differ between platforms, as `exp` and `ln` do.
#![allow(clippy::float_arithmetic, reason = "a power with a fractional exponent has no exact value")]

use endcap_types::{Exact, Rate, RoundingMode, TypesError};
use rust_decimal::prelude::ToPrimitive as _;

use crate::SettlementError;

pub(super) fn factor(rate: &Rate, days: u64) -> Result<Exact, SettlementError> {
    let vanishes = SettlementError::DiscountVanishes { rate: *rate, days };
    let growth = log_growth(rate).ok_or(vanishes.clone())?;
    let years = days.to_f64().ok_or(vanishes.clone())? / 365.0;
    exact((-years * growth).exp())?.ok_or(vanishes)
}

/// `T = days − 365 × ln(share) / ln(1 + r)`: then `df(T) = share × df(days)`.
pub(super) fn days_for(rate: &Rate, days: u64, share: &Exact) -> Result<Exact, SettlementError> {
    let vanishes = SettlementError::DiscountVanishes { rate: *rate, days };
    let growth = log_growth(rate).ok_or(vanishes.clone())?;
    let share = share.to_decimal(20, RoundingMode::HalfEven)?.to_f64().ok_or(vanishes.clone())?;
    let more = -365.0 * share.ln() / growth;
    let more = if more == 0.0 { Some(Exact::ZERO) } else { exact(more)? };
    Ok(Exact::from_int(i128::from(days)).add(&more.ok_or(vanishes)?)?)
}

/// `ln(1 + r)`.
fn log_growth(rate: &Rate) -> Option<f64> {
    rate.as_percent().to_f64().map(|percent| (percent / 100.0).ln_1p())
}

/// The fraction a double is; none for zero, infinities and what is too small to be told apart.
fn exact(value: f64) -> Result<Option<Exact>, TypesError> {
    if !value.is_normal() {
        return Ok(None);
    }
    // IEEE 754: sign, 11 bits of exponent, 52 bits of fraction with a leading one.
    let bits = value.to_bits();
    let fraction = i128::from((bits & ((1 << 52) - 1)) | (1 << 52));
    let signed = if value.is_sign_negative() { fraction.saturating_neg() } else { fraction };
    let biased = u32::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
    let two = Exact::from_int(2);
    let mantissa = Exact::from_int(signed);
    Ok(Some(match biased.checked_sub(1075) {
        Some(up) => mantissa.mul(&two.pow(up)?)?,
        None => mantissa.div(&two.pow(1075_u32.saturating_sub(biased))?)?,
    }))
}

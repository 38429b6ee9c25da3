//! Half-life of a class: how long until half of its members are gone.
// A logarithm of a fraction is irrational; the rate crosses the border once.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: the results are ratios and logarithms, never money"
)]

use endcap_types::Exact;

use crate::border::nearest_f64;
use crate::error::AccountError;

/// Periods until half of the members are gone (保持半衰期): `ln(1/2) / ln p` at retention `p` a period.
///
/// # Errors
///
/// - [`AccountError::OutOfRange`] for a retention of 0 or less (nobody is left to halve) or 1 and more (nobody goes).
///
/// # Examples
///
/// ```
/// use endcap_account::half_life_periods;
/// use endcap_types::Exact;
///
/// assert_eq!(half_life_periods(&Exact::ratio(1, 2)?)?, 1.0);
/// assert!((half_life_periods(&Exact::ratio(9, 10)?)? - 6.5788).abs() < 1e-4);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Exponential decay, any statistics textbook.
pub fn half_life_periods(retention: &Exact) -> Result<f64, AccountError> {
    let refused = || AccountError::OutOfRange {
        what: "the retention of a class".to_owned(),
        value: retention.to_string(),
        rule: "a half-life needs it above 0 and below 1",
    };
    if !retention.is_positive() || *retention >= Exact::ONE {
        return Err(refused());
    }
    // ln p = ln(1 − q) keeps its digits where p is close to 1.
    let lost = nearest_f64(&Exact::ONE.sub(retention)?);
    let kept = nearest_f64(retention);
    let rate = if lost < 0.5 { (-lost).ln_1p() } else { kept.ln() };
    let periods = -core::f64::consts::LN_2 / rate;
    // A retention below 10⁻⁸⁰ or that close to 1 has no rate in floating point.
    if periods.is_finite() && periods > 0.0 { Ok(periods) } else { Err(refused()) }
}

//! The one border between exact numbers and floating point.
//!
//! # Source
//!
//! House rule.

use endcap_types::{Exact, RoundingMode};

/// Decimals that are kept of a number below 1; the rest of what is printed is below 10⁻⁸⁰.
const PLACES: u8 = 80;

/// The `f64` nearest to `value`, within 10⁻⁸⁰ of it for numbers near zero; infinite beyond the range of `f64`.
pub(crate) fn nearest_f64(value: &Exact) -> f64 {
    // Reading decimal digits rounds correctly; they are always readable.
    value.to_fixed(PLACES, RoundingMode::HalfEven).parse().unwrap_or(0.0)
}

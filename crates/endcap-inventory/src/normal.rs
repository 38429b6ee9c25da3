//! The standard normal distribution: density, both tails, percentage points and loss.
//!
//! Statistics module: `f64` is meant here, and the float lint is lifted for this file. No integer arithmetic.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]
#![allow(clippy::excessive_precision, reason = "the coefficients are given as published")]

use crate::InventoryError;

/// `1 / √(2π)`.
const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
/// Where the upper tail changes from the series to the continued fraction.
const SERIES_END: f64 = 2.5;

/// Density of the standard normal at `z`: `exp(−z²/2) / √(2π)`.
#[must_use]
pub(crate) fn density(z: f64) -> f64 {
    if z.abs() > 40.0 {
        return 0.0;
    }
    // Splitting z keeps the square exact where it matters: exp(−a²/2)·exp(−(z−a)(z+a)/2), a = z to 1/16.
    let a = (z * 16.0).trunc() / 16.0;
    INV_SQRT_TAU * (-a * a * 0.5).exp() * (-(z - a) * (z + a) * 0.5).exp()
}

/// Upper tail `Q(z) = P(Z > z)` of the standard normal, for `z ≥ 0`.
fn tail(z: f64) -> f64 {
    if z < SERIES_END {
        // ½ − φ(z)·(z + z³/3 + z⁵/(3·5) + …), all terms positive.
        let (mut term, mut sum, mut odd) = (z, z, 1.0_f64);
        while term > sum * 1e-18 {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density(z) * sum;
    }
    // φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))), from the inside out.
    let mut fraction = z;
    let mut level = 160.0_f64;
    while level > 0.5 {
        fraction = z + level / fraction;
        level -= 1.0;
    }
    density(z) / fraction
}

/// Upper tail of the standard normal (上尾概率): `Q(z) = P(Z > z)`.
///
/// Accurate to 1e-13 of its value down to 1e-300.
///
/// # Examples
///
/// ```
/// use endcap_inventory::normal_upper_tail;
/// assert!((normal_upper_tail(1.644_853_626_951_472_7) - 0.05).abs() < 1e-15);
/// ```
///
/// # Source
///
/// Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11 (series) and 26.2.14 (continued fraction).
#[must_use]
pub fn normal_upper_tail(z: f64) -> f64 {
    if z.is_nan() || z > 40.0 {
        return if z.is_nan() { z } else { 0.0 };
    }
    if z >= 0.0 { tail(z) } else { 1.0 - tail(-z) }
}

/// Distribution function of the standard normal (累积概率): `Φ(z) = P(Z ≤ z) = Q(−z)`.
///
/// # Source
///
/// As [`normal_upper_tail`].
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    normal_upper_tail(-z)
}

/// Standard normal loss (单位正态损失): `G(z) = E[(Z − z)⁺] = φ(z) − z·Q(z)`, strictly falling.
///
/// # Examples
///
/// ```
/// use endcap_inventory::normal_loss;
/// assert!((normal_loss(0.3) - 0.266_761_242_117_2).abs() < 1e-12);
/// ```
///
/// # Source
///
/// Textbook definition.
#[must_use]
pub fn normal_loss(z: f64) -> f64 {
    if z > 40.0 {
        return 0.0;
    }
    if z < 0.0 {
        // G(z) = G(−z) − z keeps both terms positive.
        return normal_loss(-z) - z;
    }
    (density(z) - z * normal_upper_tail(z)).max(0.0)
}

/// Percentage point of the standard normal (分位点): the `z` with `Φ(z) = p`.
///
/// Relative error about 1e-16.
///
/// # Errors
///
/// - [`InventoryError::NotFinite`], [`InventoryError::OutOfRange`] unless `0 < p < 1`.
///
/// # Examples
///
/// ```
/// use endcap_inventory::normal_quantile;
/// assert!((normal_quantile(0.95)? - 1.644_853_626_951_472_7).abs() < 1e-14);
/// assert_eq!(normal_quantile(0.5)?, 0.0);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Wichura 1988, Algorithm AS 241 (PPND16), Applied Statistics 37(3), 477–484; its published coefficients.
pub fn normal_quantile(p: f64) -> Result<f64, InventoryError> {
    probability("p", p)?;
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return Ok(q * horner(&CENTRE.0, r) / horner(&CENTRE.1, r));
    }
    let smaller = if q < 0.0 { p } else { 1.0 - p };
    let r = (-smaller.ln()).sqrt();
    let (table, r) = if r <= 5.0 { (&MIDDLE, r - 1.6) } else { (&FAR, r - 5.0) };
    let z = horner(&table.0, r) / horner(&table.1, r);
    Ok(if q < 0.0 { -z } else { z })
}

/// A polynomial, constant term first.
fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, coefficient| value * x + coefficient)
}

type Rational = ([f64; 8], [f64; 8]);

/// `|p − ½| ≤ 0.425`.
const CENTRE: Rational = (
    [
        3.387_132_872_796_366_608_0e0,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ],
);

/// `√(−ln min(p, 1 − p)) ≤ 5`.
const MIDDLE: Rational = (
    [
        1.423_437_110_749_683_577_34e0,
        4.630_337_846_156_545_295_90e0,
        5.769_497_221_460_691_405_50e0,
        3.647_848_324_763_204_605_04e0,
        1.270_458_252_452_368_382_58e0,
        2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_40e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87e0,
        1.676_384_830_183_803_849_40e0,
        6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
);

/// Farther out.
const FAR: Rational = (
    [
        6.657_904_643_501_103_777_20e0,
        5.463_784_911_164_114_369_90e0,
        1.784_826_539_917_291_335_80e0,
        2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2,
        1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_90e-1,
        1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
);

/// Refuses what is not strictly between 0 and 1.
pub(crate) fn probability(what: &'static str, value: f64) -> Result<(), InventoryError> {
    if !value.is_finite() {
        return Err(InventoryError::NotFinite { what, value: value.to_string() });
    }
    if value <= 0.0 || value >= 1.0 {
        return Err(InventoryError::OutOfRange { what, value, range: "more than 0 and less than 1" });
    }
    Ok(())
}

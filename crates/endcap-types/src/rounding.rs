//! How an exact amount becomes a posted one.

use core::fmt;
use core::num::NonZeroU64;

use crate::{Currency, Money, TypesError};

/// Which neighbour an exact value between two multiples of the step goes to (舍入方式).
///
/// | mode | 2.5 | −2.5 | 2.1 | −2.1 |
/// |---|---|---|---|---|
/// | `HalfAwayFromZero` 四舍五入 | 3 | −3 | 2 | −2 |
/// | `HalfEven` 四舍六入五成双 | 2 | −2 | 2 | −2 |
/// | `Up` | 3 | −3 | 3 | −3 |
/// | `Down` | 2 | −2 | 2 | −2 |
/// | `Floor` | 2 | −3 | 2 | −3 |
/// | `Ceil` | 3 | −2 | 3 | −2 |
///
/// The first four mirror: `round(−x) = −round(x)`, so a credit note undoes its invoice to the cent.
///
/// # Source
///
/// IEEE 754-2019 §4.3 for the names and meanings; the default is a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RoundingMode {
    /// To the nearest; a tie goes away from zero (四舍五入).
    #[default]
    HalfAwayFromZero,
    /// To the nearest; a tie goes to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
    /// Toward negative infinity.
    Floor,
    /// Toward positive infinity.
    Ceil,
}

impl RoundingMode {
    /// The name used in files and traces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HalfAwayFromZero => "half_away_from_zero",
            Self::HalfEven => "half_even",
            Self::Up => "up",
            Self::Down => "down",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
        }
    }
}

impl fmt::Display for RoundingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rounding rule (舍入规则): a mode and a step in minor units.
///
/// The step is 1 minor unit unless the contract names a larger one, such as 0.05 for cash.
///
/// # Examples
///
/// ```
/// use endcap_types::{Currency, Money, Rounding, RoundingMode};
/// let half = Money::parse("1563.03", Currency::CNY)?.exact().divided_by_int(2)?; // 781.515
/// assert_eq!(half.round(&Rounding::HALF_AWAY)?.to_amount_string(), "781.52");
/// let cash = Rounding::new(RoundingMode::Up).with_step(&Money::parse("0.05", Currency::CNY)?)?;
/// assert_eq!(half.round(&cash)?.to_amount_string(), "781.55");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule: half away from zero by default, because a credit note must mirror its invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Rounding {
    #[cfg_attr(feature = "serde", serde(default))]
    mode: RoundingMode,
    #[cfg_attr(feature = "serde", serde(default = "one_minor_unit"))]
    step_minor: NonZeroU64,
}

#[cfg(feature = "serde")]
const fn one_minor_unit() -> NonZeroU64 {
    NonZeroU64::MIN
}

impl Rounding {
    /// Half away from zero to the minor unit: the default.
    pub const HALF_AWAY: Self = Self::new(RoundingMode::HalfAwayFromZero);
    /// Half to even to the minor unit.
    pub const HALF_EVEN: Self = Self::new(RoundingMode::HalfEven);

    /// A rule with a step of one minor unit.
    #[must_use]
    pub const fn new(mode: RoundingMode) -> Self {
        Self { mode, step_minor: NonZeroU64::MIN }
    }

    /// The same mode with a step in minor units: 5 for 0.05 of a two-decimal currency.
    #[must_use]
    pub const fn with_step_minor(self, step_minor: NonZeroU64) -> Self {
        Self { mode: self.mode, step_minor }
    }

    /// The same mode with a step written as money.
    ///
    /// # Errors
    ///
    /// - [`TypesError::ZeroStep`] when the step is not a positive amount.
    /// - [`TypesError::AmountOutOfRange`] when it exceeds `u64::MAX` minor units.
    pub fn with_step(self, step: &Money) -> Result<Self, TypesError> {
        if !step.is_positive() {
            return Err(TypesError::ZeroStep);
        }
        u64::try_from(step.minor())
            .ok()
            .and_then(NonZeroU64::new)
            .map(|step_minor| self.with_step_minor(step_minor))
            .ok_or(TypesError::AmountOutOfRange { currency: step.currency() })
    }

    /// The mode.
    #[must_use]
    pub const fn mode(&self) -> RoundingMode {
        self.mode
    }

    /// The step in minor units.
    #[must_use]
    pub const fn step_minor(&self) -> NonZeroU64 {
        self.step_minor
    }

    /// The step as an amount of `currency`.
    ///
    /// # Errors
    ///
    /// - [`TypesError::AmountOutOfRange`] never in practice; kept so the constructor stays the only gate.
    pub fn step_in(&self, currency: Currency) -> Result<Money, TypesError> {
        Money::from_minor(i128::from(self.step_minor.get()), currency)
    }
}

impl Default for Rounding {
    fn default() -> Self {
        Self::HALF_AWAY
    }
}

/// `num / den` rounded to an integer by `mode`; `None` when `den ≤ 0` or the result leaves `i128`.
///
/// The kernel under every posted amount: `rounded = trunc(num/den) + one step away from zero when the mode asks for it`.
///
/// # Examples
///
/// ```
/// use endcap_types::{round_fraction, RoundingMode};
/// assert_eq!(round_fraction(-5, 2, RoundingMode::HalfAwayFromZero), Some(-3));
/// assert_eq!(round_fraction(-5, 2, RoundingMode::HalfEven), Some(-2));
/// assert_eq!(round_fraction(1, 0, RoundingMode::Down), None);
/// ```
///
/// # Source
///
/// IEEE 754-2019 §4.3, applied to rationals.
#[must_use]
#[inline]
pub const fn round_fraction(num: i128, den: i128, mode: RoundingMode) -> Option<i128> {
    if den <= 0 {
        return None;
    }
    let (Some(quotient), Some(rest)) = (num.checked_div(den), num.checked_rem(den)) else {
        return None;
    };
    if rest == 0 {
        return Some(quotient);
    }
    let away = if num < 0 { -1 } else { 1 };
    // 2·|rest| against den without overflow: |rest| < den.
    let distance = rest.unsigned_abs();
    let other = den.unsigned_abs().saturating_sub(distance);
    let step = match mode {
        RoundingMode::HalfAwayFromZero => distance >= other,
        RoundingMode::HalfEven => distance > other || (distance == other && quotient & 1 != 0),
        RoundingMode::Up => true,
        RoundingMode::Down => false,
        RoundingMode::Floor => num < 0,
        RoundingMode::Ceil => num > 0,
    };
    if step { quotient.checked_add(away) } else { Some(quotient) }
}

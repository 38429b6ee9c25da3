//! How an exact amount becomes a posted one.

use core::fmt;
use core::num::NonZeroU64;

use crate::exact_small::{narrow, widen};
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
    /// Every mode, in the order of the table above.
    pub const ALL: [Self; 6] =
        [Self::HalfAwayFromZero, Self::HalfEven, Self::Up, Self::Down, Self::Floor, Self::Ceil];

    /// Whether `round(−x) = −round(x)`, so that a credit note mirrors its invoice: all but `Floor` and `Ceil`.
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        !matches!(self, Self::Floor | Self::Ceil)
    }

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
        f.pad(self.name())
    }
}

/// A rounding rule (舍入规则): a mode and a step in minor units.
///
/// `posted = step × round(exact / step)`. The step is 1 minor unit unless the contract names a larger one, such as 0.05
/// for cash. In files: `{"mode": "half_even", "step_minor": 5}`; a missing mode or step is the default one.
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

impl fmt::Display for Rounding {
    /// For traces: `half_even`, or `up in steps of 5` with the step in minor units.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.step_minor.get() == 1 {
            f.pad(self.mode.name())
        } else {
            f.pad(&format!("{} in steps of {}", self.mode, self.step_minor))
        }
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
    let negative = num < 0;
    // rest is what truncation drops, |rest| < den, so 2·|rest| against den is |rest| against den − |rest|.
    let (quotient, dropped) = if let (Some(num), Some(den)) = (narrow(num), narrow(den)) {
        // 64-bit operands are the common case and divide several times faster.
        let (Some(quotient), Some(rest)) = (num.checked_div(den), num.checked_rem(den)) else {
            return None;
        };
        let (rest, den) = (rest.unsigned_abs(), den.unsigned_abs());
        let missing = den.wrapping_sub(rest);
        (widen(quotient), Dropped { any: rest != 0, half: rest == missing, more: rest > missing })
    } else {
        let Some(quotient) = num.checked_div(den) else {
            return None;
        };
        // |quotient × den| ≤ |num|, so nothing wraps; one long division instead of two.
        let rest = num.wrapping_sub(quotient.wrapping_mul(den)).unsigned_abs();
        let missing = den.unsigned_abs().wrapping_sub(rest);
        (quotient, Dropped { any: rest != 0, half: rest == missing, more: rest > missing })
    };
    let step = dropped.takes_step(mode, quotient & 1 != 0, negative);
    let away = if negative { -1 } else { 1 };
    quotient.checked_add(if step { away } else { 0 })
}

/// What truncation toward zero dropped, as a part of one step: anything, exactly half, more than half.
#[derive(Clone, Copy)]
struct Dropped {
    any: bool,
    half: bool,
    more: bool,
}

impl Dropped {
    /// Whether the truncated value goes one step away from zero.
    ///
    /// No branch on the remainder: it is as good as random, and a wrong guess costs more than the comparison.
    #[inline]
    const fn takes_step(self, mode: RoundingMode, odd: bool, negative: bool) -> bool {
        match mode {
            RoundingMode::HalfAwayFromZero => self.half | self.more,
            RoundingMode::HalfEven => self.more | (self.half & odd),
            RoundingMode::Up => self.any,
            RoundingMode::Down => false,
            RoundingMode::Floor => self.any & negative,
            RoundingMode::Ceil => self.any & !negative,
        }
    }
}

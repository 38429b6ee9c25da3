//! The order of two powers of fractions, decided by bounds of 64 significant bits and exactly where they touch.

use std::cmp::Ordering;

use endcap_types::Exact;

/// The order of `x^p` and `y^q` for x and y above zero; none when neither bounds nor exact numbers can tell.
pub(super) fn compare_powers((x, p): (&Exact, u32), (y, q): (&Exact, u32)) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (Bounds::of(x), Bounds::of(y)) {
        let (left, right) = (left.pow(p)?, right.pow(q)?);
        if left.low > right.high {
            return Some(Ordering::Greater);
        }
        if left.high < right.low {
            return Some(Ordering::Less);
        }
    }
    Some(x.pow(p).ok()?.cmp(&y.pow(q).ok()?))
}

/// Two numbers with the true value between them, both included.
#[derive(Clone, Copy)]
struct Bounds {
    low: Float,
    high: Float,
}

/// `mantissa × 2^exponent`, the highest bit of the mantissa being set: ordered by exponent, then mantissa.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Float {
    exponent: i64,
    mantissa: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Toward {
    Zero,
    Infinity,
}

impl Bounds {
    const ONE: Self = {
        let one = Float { exponent: -63, mantissa: 1 << 63 };
        Self { low: one, high: one }
    };

    /// Bounds of a fraction above zero whose parts have at most 63 bits.
    fn of(value: &Exact) -> Option<Self> {
        let (num, den) = value.parts()?;
        let num = u64::try_from(num).ok().filter(|num| *num > 0 && *num < 1 << 63)?;
        let den = u64::try_from(den).ok().filter(|den| *den > 0 && *den < 1 << 63)?;
        // Shift the numerator so that the quotient has 64 or 65 bits.
        let bits = |value: u64| u64::BITS.saturating_sub(value.leading_zeros());
        let shift = bits(den).saturating_add(64).saturating_sub(bits(num));
        let shifted = u128::from(num).checked_shl(shift)?;
        let quotient = shifted.checked_div(u128::from(den))?;
        let inexact = shifted.checked_rem(u128::from(den))? != 0;
        let exponent = i64::from(shift).checked_neg()?;
        Some(Self {
            low: Float::cut(quotient, inexact, exponent, Toward::Zero)?,
            high: Float::cut(quotient, inexact, exponent, Toward::Infinity)?,
        })
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.times(other.low, Toward::Zero)?,
            high: self.high.times(other.high, Toward::Infinity)?,
        })
    }

    fn pow(self, exponent: u32) -> Option<Self> {
        let mut power = Self::ONE;
        for bit in (0..u32::BITS.saturating_sub(exponent.leading_zeros())).rev() {
            power = power.times(power)?;
            if exponent.checked_shr(bit)? & 1 == 1 {
                power = power.times(self)?;
            }
        }
        Some(power)
    }
}

impl Float {
    fn times(self, other: Self, toward: Toward) -> Option<Self> {
        let product = u128::from(self.mantissa).checked_mul(u128::from(other.mantissa))?;
        Self::cut(product, false, self.exponent.checked_add(other.exponent)?, toward)
    }

    /// `value × 2^exponent` cut to 64 bits; `inexact` says that the true value lies a little above `value`.
    fn cut(value: u128, inexact: bool, exponent: i64, toward: Toward) -> Option<Self> {
        let drop = 64_u32.checked_sub(value.leading_zeros())?;
        let kept = value.checked_shr(drop)?;
        let lost = inexact || kept.checked_shl(drop)? != value;
        let exponent = exponent.checked_add(i64::from(drop))?;
        let mantissa = u64::try_from(kept).ok()?;
        if toward == Toward::Zero || !lost {
            return Some(Self { exponent, mantissa });
        }
        Some(match mantissa.checked_add(1) {
            Some(mantissa) => Self { exponent, mantissa },
            None => Self { exponent: exponent.checked_add(1)?, mantissa: 1 << 63 },
        })
    }
}

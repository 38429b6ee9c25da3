//! Numbers between the worlds: checked conversions, range checks, and roots of one variable.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs and probabilities are f64")]

use num_traits::ToPrimitive;

use super::ModelError;

/// Largest statistic taken, in its own unit.
const MAX: f64 = crate::limits::MAX_STATISTIC;

/// An integer as a float; exact up to 2⁵³.
pub(crate) fn float(n: i64) -> f64 {
    ToPrimitive::to_f64(&n).unwrap_or(f64::NAN)
}

/// A length as a float.
pub(crate) fn float_len(n: usize) -> f64 {
    ToPrimitive::to_f64(&n).unwrap_or(f64::NAN)
}

/// A float as an integer, toward zero, saturating; zero for NaN.
pub(crate) fn whole(x: f64) -> i64 {
    x.to_i64().unwrap_or(if x > 0.0 {
        i64::MAX
    } else if x < 0.0 {
        i64::MIN
    } else {
        0
    })
}

/// A float as a length, toward zero; zero for a negative number or NaN.
pub(crate) fn length(x: f64) -> usize {
    x.max(0.0).to_usize().unwrap_or(0)
}

/// A whole number given as a float.
pub(crate) fn integer(what: &'static str, value: f64) -> Result<i64, ModelError> {
    signed(what, value)?;
    if value.fract() != 0.0 {
        return Err(ModelError::NotAnInteger { what, value });
    }
    Ok(whole(value))
}

/// Finite and within the limit, either sign.
pub(crate) fn signed(what: &'static str, value: f64) -> Result<(), ModelError> {
    if !value.is_finite() {
        return Err(ModelError::NotFinite { what, value: value.to_string() });
    }
    if value.abs() > MAX {
        return Err(ModelError::OutOfRange { what, value, range: "at most 1e12 either sign" });
    }
    Ok(())
}

/// Zero or more.
pub(crate) fn not_negative(what: &'static str, value: f64) -> Result<(), ModelError> {
    signed(what, value)?;
    if value < 0.0 {
        return Err(ModelError::Negative { what, value });
    }
    Ok(())
}

/// More than zero.
pub(crate) fn positive(what: &'static str, value: f64) -> Result<(), ModelError> {
    signed(what, value)?;
    if value <= 0.0 {
        return Err(ModelError::NotPositive { what, value });
    }
    Ok(())
}

/// Strictly between 0 and 1.
pub(crate) fn open_fraction(what: &'static str, value: f64) -> Result<(), ModelError> {
    signed(what, value)?;
    if value <= 0.0 || value >= 1.0 {
        return Err(ModelError::OutOfRange { what, value, range: "more than 0 and less than 1" });
    }
    Ok(())
}

/// More than 0 and at most 1.
pub(crate) fn half_open_fraction(what: &'static str, value: f64) -> Result<(), ModelError> {
    signed(what, value)?;
    if value <= 0.0 || value > 1.0 {
        return Err(ModelError::OutOfRange { what, value, range: "more than 0 and at most 1" });
    }
    Ok(())
}

/// The same length as its neighbours.
pub(crate) fn same_length(what: &'static str, given: usize, expected: usize) -> Result<(), ModelError> {
    if given == expected { Ok(()) } else { Err(ModelError::LengthMismatch { what, given, expected }) }
}

/// A root of `f` between `low` and `high`, where `f` has different signs: Brent's method, to the last bits.
///
/// # Source
///
/// Brent 1973, Algorithms for Minimization without Derivatives, chapter 4 (zeroin).
pub(crate) fn root(low: f64, high: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a), f(b));
    let (mut c, mut fc) = (a, fa);
    let mut d = b - a;
    let mut e = d;
    for _ in 0..200 {
        if (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            d = b - a;
            e = d;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 2.0 * f64::EPSILON * b.abs() + 1e-300;
        let middle = 0.5 * (c - b);
        if middle.abs() <= tolerance || fb == 0.0 {
            break;
        }
        if e.abs() >= tolerance && fa.abs() > fb.abs() {
            let s = fb / fa;
            let (mut p, mut q) = if a == c {
                (2.0 * middle * s, 1.0 - s)
            } else {
                let (r, t) = (fb / fc, fa / fc);
                (s * (2.0 * middle * t * (t - r) - (b - a) * (r - 1.0)), (t - 1.0) * (r - 1.0) * (s - 1.0))
            };
            if p > 0.0 {
                q = -q;
            } else {
                p = -p;
            }
            if 2.0 * p < (3.0 * middle * q - (tolerance * q).abs()).min((e * q).abs()) {
                e = d;
                d = p / q;
            } else {
                d = middle;
                e = middle;
            }
        } else {
            d = middle;
            e = middle;
        }
        (a, fa) = (b, fb);
        b += if d.abs() > tolerance { d } else { tolerance.copysign(middle) };
        fb = f(b);
    }
    b
}

/// A root of a convex function by Newton's steps from outside, where the steps never pass the root.
///
/// `f` gives value and slope; the walk ends when a step no longer moves.
pub(crate) fn newton(start: f64, mut f: impl FnMut(f64) -> (f64, f64)) -> f64 {
    let mut x = start;
    let mut last = f64::INFINITY;
    for _ in 0..200 {
        let (value, slope) = f(x);
        if value == 0.0 || slope == 0.0 || !slope.is_finite() {
            break;
        }
        let step = value / slope;
        // From outside, steps only shrink; near the last bits they may not.
        if step.abs() <= 2.0 * f64::EPSILON * x.abs()
            || (step.abs() >= last && step.abs() < 1e-9 * (1.0 + x.abs()))
        {
            x -= step;
            break;
        }
        last = step.abs();
        x -= step;
    }
    x
}

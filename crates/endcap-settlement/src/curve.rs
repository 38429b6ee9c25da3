//! [`Curve`]: a tier table as straight lines over integers, one line a band and method.
//!
//! Inside band `k` every method pays `slope · x + offset`:
//!
//! ```text
//! whole    slope = r_k        offset = f_k
//! marginal slope = r_k        offset = Σ_{i<k} (t_{i+1} − t_i) · r_i + Σ_{i≤k} f_i − t_k · r_k
//! rolling  slope = r_k        offset = Σ_{i<k} t_{i+1} · r_i + Σ_{i≤k} f_i
//! total    slope = Σ_{i≤k} r_i   offset = Σ_{i≤k} f_i
//! ```
//!
//! All numbers are decimals, so one power of ten makes them integers. What leaves 128 bits answers `None`, and the
//! caller sums band by band over exact fractions, which no size limits in practice.

use endcap_types::{RoundingMode, round_fraction};
use rust_decimal::Decimal;

use crate::{Boundary, Tier, TierMethod, TierPay};

/// `(slope · x + offset) / scale`, without the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Straight {
    slope: i128,
    offset: i128,
}

/// One band: where it begins, times the threshold scale, and what each method pays in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Piece {
    from: i128,
    /// By [`place`] of the method.
    pays: [Straight; 4],
}

/// A tier table ready to be evaluated in integers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Curve {
    pieces: Vec<Piece>,
    boundary: Boundary,
    /// Thresholds are multiplied by it.
    from_scale: i128,
    /// Slopes and offsets are multiplied by it.
    pay_scale: i128,
}

const fn place(method: TierMethod) -> usize {
    match method {
        TierMethod::Marginal => 0,
        TierMethod::Whole => 1,
        TierMethod::Rolling => 2,
        TierMethod::Total => 3,
    }
}

/// The factor of a band as a decimal fraction: a rate is written in percent.
fn factor(pay: &TierPay) -> (i128, u32) {
    match pay {
        TierPay::Rate(rate) => {
            let percent = rate.as_percent();
            (percent.mantissa(), percent.scale().saturating_add(2))
        }
        TierPay::PerUnit(amount) => plain(*amount),
    }
}

fn plain(value: Decimal) -> (i128, u32) {
    let value = value.normalize();
    (value.mantissa(), value.scale())
}

/// `mantissa / 10^scale` times `10^wanted`.
fn scaled((mantissa, scale): (i128, u32), wanted: u32) -> Option<i128> {
    mantissa.checked_mul(10_i128.checked_pow(wanted.checked_sub(scale)?)?)
}

impl Curve {
    /// The table in integers; none when they would leave 128 bits.
    pub(crate) fn new(tiers: &[Tier], boundary: Boundary) -> Option<Self> {
        let widest = |scales: &mut dyn Iterator<Item = u32>| scales.max().unwrap_or(0);
        let from_places = widest(&mut tiers.iter().map(|tier| plain(tier.from).1));
        let rate_places = widest(&mut tiers.iter().map(|tier| factor(&tier.pay).1));
        let flat_places = widest(&mut tiers.iter().map(|tier| plain(tier.flat).1));
        // A threshold times a rate, and a flat amount, are whole at this many places.
        let places = from_places.checked_add(rate_places)?.max(flat_places);
        let mut pieces = Vec::with_capacity(tiers.len());
        let (mut flats, mut slopes, mut inside, mut below) = (0_i128, 0_i128, 0_i128, 0_i128);
        let mut before: Option<(i128, i128)> = None;
        for tier in tiers {
            // From times slope is whole at `from_places + rate_places`; what is left of `places` goes to the slope.
            let from = scaled(plain(tier.from), from_places)?;
            let slope = scaled(factor(&tier.pay), places.checked_sub(from_places)?)?;
            let flat = scaled(plain(tier.flat), places)?;
            if let Some((lower, rate)) = before {
                inside = inside.checked_add(from.checked_sub(lower)?.checked_mul(rate)?)?;
                below = below.checked_add(from.checked_mul(rate)?)?;
            }
            before = Some((from, slope));
            flats = flats.checked_add(flat)?;
            slopes = slopes.checked_add(slope)?;
            let unit = 10_i128.checked_pow(from_places)?;
            let of = |slope: i128, offset: i128| Some(Straight { slope: slope.checked_mul(unit)?, offset });
            let marginal = inside.checked_add(flats)?.checked_sub(from.checked_mul(slope)?)?;
            pieces.push(Piece {
                from,
                pays: [
                    of(slope, marginal)?,
                    of(slope, flat)?,
                    of(slope, below.checked_add(flats)?)?,
                    of(slopes, flats)?,
                ],
            });
        }
        let (from_scale, pay_scale) = (10_i128.checked_pow(from_places)?, 10_i128.checked_pow(places)?);
        Some(Self { pieces, boundary, from_scale, pay_scale })
    }

    /// Number of bands that `num / den` reaches, for `den > 0`.
    pub(crate) fn reached(&self, num: i128, den: i128) -> Option<usize> {
        if num < 0 {
            return Some(0);
        }
        let x = num.checked_mul(self.from_scale)?;
        if let Some(last) = self.pieces.last() {
            // The largest threshold bounds the others, so the products below fit when this one does.
            last.from.checked_mul(den)?;
        }
        Some(self.pieces.partition_point(|piece| {
            let from = piece.from.saturating_mul(den);
            match self.boundary {
                Boundary::ReachedAt => x >= from,
                Boundary::Exceeds => x > from || from == 0,
            }
        }))
    }

    /// The line that pays for `num / den`; zero below the first band.
    fn straight(&self, method: TierMethod, num: i128, den: i128) -> Option<Straight> {
        let reached = self.reached(num, den)?;
        let piece = reached.checked_sub(1).and_then(|last| self.pieces.get(last));
        Some(piece.and_then(|piece| piece.pays.get(place(method))).copied().unwrap_or_default())
    }

    /// What `num / den` earns, as a fraction, for `den > 0`.
    pub(crate) fn evaluate(&self, method: TierMethod, num: i128, den: i128) -> Option<(i128, i128)> {
        let Straight { slope, offset } = self.straight(method, num, den)?;
        let earned = slope.checked_mul(num)?.checked_add(offset.checked_mul(den)?)?;
        Some((earned, self.pay_scale.checked_mul(den)?))
    }

    /// What `minor` units earn in minor units, `per_major` to the major one, before rounding: a fraction.
    pub(crate) fn minor(&self, method: TierMethod, minor: i128, per_major: i128) -> Option<(i128, i128)> {
        let Straight { slope, offset } = self.straight(method, minor, per_major)?;
        let earned = slope.checked_mul(minor)?.checked_add(offset.checked_mul(per_major)?)?;
        Some((earned, self.pay_scale))
    }
}

/// A fraction of minor units rounded to a multiple of `step`.
pub(crate) fn rounded((num, den): (i128, i128), step: u64, mode: RoundingMode) -> Option<i128> {
    let step = i128::from(step);
    round_fraction(num, den.checked_mul(step)?, mode)?.checked_mul(step)
}

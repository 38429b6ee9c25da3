//! Two quadratures: the trapezoid on the logit line for beta mixtures, Gauss–Legendre panels for smooth pieces.
//!
//! # Source
//!
//! Trefethen and Weideman 2014, The exponentially convergent trapezoidal rule, SIAM Review 56(3); Gauss–Legendre nodes: DLMF
//! table 3.5.4.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::special_functions::softplus;

/// What is this much smaller than the largest value does not change a sum.
const NEGLIGIBLE: f64 = 1e-20;
/// The widest step of the trapezoid; each further level halves it.
const STEP: f64 = 0.5;
const LEVELS: u32 = 9;
/// Halving the step squares the error, so agreement to this leaves nothing visible.
const AGREEMENT: f64 = 1e-10;
/// Values looked at in one direction; enough for a tail of `e^(y/200)`.
const REACH: u32 = 2_000_000;

/// A probability `p` seen from its logit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logit {
    pub(crate) p: f64,
    pub(crate) ln_p: f64,
    pub(crate) ln_q: f64,
    /// Distance of the logit from the centre of the sum.
    pub(crate) away: f64,
}

impl Logit {
    fn of(centre: f64, away: f64) -> Self {
        let y = centre + away;
        let ln_p = -softplus(-y);
        Self { p: ln_p.exp(), ln_p, ln_q: -softplus(y), away }
    }
}

/// `∫₀¹ f(p) dp / (p(1−p))` for a positive `f` with one peak, by the trapezoid in `y = ln(p/(1−p))` around `centre`.
///
/// The integrands of beta mixtures are analytic in a strip around the logit line, so the error falls like `e^(−c/h)`;
/// steps are halved until two levels agree. `None` where they never do.
pub(crate) fn over_logit(centre: f64, scale: f64, f: impl Fn(Logit) -> f64) -> Option<f64> {
    let mut step = STEP.min(scale);
    let mut sum = sweep(centre, step, 0.0, 1.0, &f)?;
    for _ in 0..LEVELS {
        let coarse = sum * step;
        sum += sweep(centre, step, 0.5, 1.0, &f)?;
        step *= 0.5;
        let fine = sum * step;
        if !fine.is_finite() {
            return None;
        }
        if (fine - coarse).abs() <= AGREEMENT * fine.abs() {
            return Some(fine);
        }
    }
    None
}

/// Sum of `f` at `centre + (offset + k)·step` for all integers `k` that matter.
fn sweep(centre: f64, step: f64, offset: f64, stride: f64, f: &impl Fn(Logit) -> f64) -> Option<f64> {
    let (mut sum, mut largest) = (0.0, 0.0_f64);
    let starts = [(offset, stride), (offset - stride, -stride)];
    for (start, stride) in starts {
        let mut at = start;
        let mut settled = false;
        for _ in 0..REACH {
            let value = f(Logit::of(centre, at * step));
            sum += value;
            largest = largest.max(value);
            at += stride;
            if value <= largest * NEGLIGIBLE {
                settled = true;
                break;
            }
        }
        if !settled {
            return None;
        }
    }
    Some(sum)
}

/// Positive nodes and weights of the 16-point Gauss–Legendre rule on `[−1, 1]` (DLMF table 3.5.4, to full precision).
const GAUSS_16: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_094),
];

/// Nodes and weights of one panel `[low, high]`.
pub(crate) fn panel(low: f64, high: f64) -> impl Iterator<Item = (f64, f64)> {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    GAUSS_16.into_iter().flat_map(move |(node, weight)| {
        [(middle - half * node, half * weight), (middle + half * node, half * weight)]
    })
}

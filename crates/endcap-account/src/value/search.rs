//! The search for a maximum of likelihood: BFGS with a line search in log-parameters, ended by Newton steps.
//!
//! # Source
//!
//! Nocedal and Wright 2006, Numerical Optimization, §3.1 (backtracking under Armijo's rule), §3.5 (cubic interpolation),
//! §6.1 (BFGS) and §3.3 (Newton).
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use core::array::from_fn;

use super::eigen::{Eigen, Matrix, apply, at, dot, entry, identity, largest};

/// Log-parameters stay inside `[−20, 20]`: from 2·10⁻⁹ to 5·10⁸ in scaled units.
pub(crate) const EDGE: f64 = 20.0;
/// No step moves a log-parameter further than this.
const LONGEST_STEP: f64 = 3.0;
/// Gradient per customer at which the search hands over to Newton's steps.
const FLAT: f64 = 1e-7;
/// Half-width of the differences that make the Hessian from gradients.
const DIFFERENCE: f64 = 1e-4;

/// A function to minimise, and its gradient; infinite where it cannot be evaluated.
pub(crate) trait Objective<const N: usize> {
    fn at(&self, point: &[f64; N]) -> (f64, [f64; N]);
}

/// Where a search stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<const N: usize> {
    pub(crate) point: [f64; N],
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    pub(crate) iterations: u32,
}

impl<const N: usize> Place<N> {
    fn of(objective: &impl Objective<N>, point: [f64; N], iterations: u32) -> Self {
        let (value, gradient) = objective.at(&point);
        let usable = value.is_finite() && gradient.iter().all(|slope| slope.is_finite());
        Self { point, value: if usable { value } else { f64::INFINITY }, gradient, iterations }
    }

    /// The gradient without the parts that push against the edge.
    pub(crate) fn inner_gradient(&self) -> [f64; N] {
        from_fn(|i| {
            let (at, slope) = (entry(&self.point, i), entry(&self.gradient, i));
            let outwards = (at >= EDGE && slope < 0.0) || (at <= -EDGE && slope > 0.0);
            if outwards { 0.0 } else { slope }
        })
    }
}

/// Descends from `start`; ends where the gradient is flat, nothing falls any more, or `known` is reached again.
pub(crate) fn descend<const N: usize>(
    objective: &impl Objective<N>,
    start: [f64; N],
    max_iterations: u32,
    known: Option<f64>,
) -> Place<N> {
    let mut here = Place::of(objective, start.map(|at| at.clamp(-EDGE, EDGE)), 0);
    let mut inverse: Option<Matrix<N>> = None;
    while here.iterations < max_iterations && here.value.is_finite() {
        let gradient = here.inner_gradient();
        let slope = largest(&gradient);
        if slope <= FLAT || known.is_some_and(|known| here.value <= known && slope <= 1e-4) {
            break;
        }
        let mut direction = match &inverse {
            Some(inverse) => apply(inverse, &gradient).map(|step| -step),
            None => gradient.map(|slope| -slope),
        };
        if dot(&direction, &gradient) >= 0.0 {
            inverse = None;
            direction = gradient.map(|slope| -slope);
        }
        let reach = largest(&direction);
        let longest = if inverse.is_none() { 1.0 } else { LONGEST_STEP };
        if reach > longest || inverse.is_none() {
            direction = direction.map(|step| step * longest / reach);
        }
        let Some(next) = line_search(objective, &here, &direction) else {
            if inverse.is_some() {
                inverse = None;
                here.iterations = here.iterations.saturating_add(1);
                continue;
            }
            break;
        };
        let step: [f64; N] = from_fn(|i| entry(&next.point, i) - entry(&here.point, i));
        let bend: [f64; N] = from_fn(|i| entry(&next.gradient, i) - entry(&here.gradient, i));
        let curvature = dot(&step, &bend);
        if curvature > 1e-12 * dot(&step, &step).sqrt() * dot(&bend, &bend).sqrt() {
            let before = inverse.unwrap_or_else(|| identity(curvature / dot(&bend, &bend)));
            inverse = Some(updated(&before, &step, &bend, curvature));
        }
        here = next;
    }
    here
}

/// Armijo's rule with cubic backtracking; `None` where nothing falls.
fn line_search<const N: usize>(
    objective: &impl Objective<N>,
    here: &Place<N>,
    direction: &[f64; N],
) -> Option<Place<N>> {
    let slope = dot(direction, &here.gradient);
    let mut length = 1.0;
    for _ in 0..60 {
        let point = from_fn(|i| (entry(&here.point, i) + length * entry(direction, i)).clamp(-EDGE, EDGE));
        let next = Place::of(objective, point, here.iterations.saturating_add(1));
        if next.value <= here.value + 1e-4 * length * slope && next.value < here.value {
            return Some(next);
        }
        let rise = next.value - here.value - length * slope;
        let best = -slope * length * length / (2.0 * rise);
        length = if best.is_finite() { best.clamp(0.1 * length, 0.5 * length) } else { 0.1 * length };
    }
    None
}

/// The BFGS update of the inverse curvature.
fn updated<const N: usize>(h: &Matrix<N>, s: &[f64; N], y: &[f64; N], sy: f64) -> Matrix<N> {
    let hy = apply(h, y);
    let scale = (1.0 + dot(y, &hy) / sy) / sy;
    from_fn(|i| {
        from_fn(|j| {
            at(h, i, j) + scale * entry(s, i) * entry(s, j)
                - (entry(&hy, i) * entry(s, j) + entry(s, i) * entry(&hy, j)) / sy
        })
    })
}

/// Second derivatives from differences of the gradient, made symmetric.
pub(crate) fn hessian<const N: usize>(objective: &impl Objective<N>, point: &[f64; N]) -> Matrix<N> {
    let columns: Matrix<N> = from_fn(|j| {
        let moved = |by: f64| from_fn(|i| entry(point, i) + if i == j { by } else { 0.0 });
        // Richardson: the error of the differences is of fourth order.
        let slope = |by: f64| -> [f64; N] {
            let ((_, up), (_, down)) = (objective.at(&moved(by)), objective.at(&moved(-by)));
            from_fn(|i| (entry(&up, i) - entry(&down, i)) / (2.0 * by))
        };
        let (narrow, wide) = (slope(DIFFERENCE), slope(4.0 * DIFFERENCE));
        from_fn(|i| (16.0 * entry(&narrow, i) - entry(&wide, i)) / 15.0)
    });
    from_fn(|i| from_fn(|j| 0.5 * (at(&columns, i, j) + at(&columns, j, i))))
}

/// Newton's steps while they lower the gradient and do not raise the value.
pub(crate) fn polish<const N: usize>(
    objective: &impl Objective<N>,
    mut here: Place<N>,
) -> (Place<N>, Matrix<N>, f64) {
    let mut curvature = hessian(objective, &here.point);
    let mut last_step = f64::INFINITY;
    for _ in 0..8 {
        let eigen = Eigen::of(&curvature);
        if eigen.least() <= 1e-14 * eigen.greatest().abs() {
            break;
        }
        let step = apply(&eigen.mapped(|value| 1.0 / value), &here.inner_gradient());
        if largest(&step) > LONGEST_STEP {
            break;
        }
        let point = from_fn(|i| (entry(&here.point, i) - entry(&step, i)).clamp(-EDGE, EDGE));
        let next = Place::of(objective, point, here.iterations.saturating_add(1));
        let flatter = largest(&next.inner_gradient()) < largest(&here.inner_gradient());
        if !flatter || next.value > here.value + 1e-12 * here.value.abs() {
            last_step = last_step.min(largest(&step));
            break;
        }
        here = next;
        last_step = largest(&step);
        if last_step <= 1e-9 {
            break;
        }
        curvature = hessian(objective, &here.point);
    }
    (here, curvature, last_step)
}

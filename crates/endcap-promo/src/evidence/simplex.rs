//! Least squares with weights that are not negative and sum to one, solved to its optimality conditions.

use super::EvidenceError;
use super::linalg::{Cholesky, check_finite, check_length, combine, dot, sum};
use crate::border::count;

/// Most columns of one problem.
const MAX_COLUMNS: usize = 1_000;
/// Ridge that makes the weights unique where columns repeat, as a share of the mean squared column.
const TIE_RIDGE: f64 = 1e-12;

/// Below this ratio of squared pivots only the ridge tells some weights apart, and residuals are summed in twice the
/// precision: a perfect fit leaves a residual that is all rounding otherwise.
const FINE: f64 = 1e-8;
/// Refinements of a well-conditioned set, and of one that only the ridge tells apart.
const ROUNDS: (usize, usize) = (2, 8);

/// Weights on the simplex (单纯形权重): `min ‖A·w − b‖² + ridge·‖w‖²`, `w ≥ 0`, `Σw = 1`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SimplexFit {
    /// The weights, in the order of the columns.
    pub weights: Vec<f64>,
    /// `‖A·w − b‖² + ridge·‖w‖²`.
    pub objective: f64,
    /// `Σ w_j·g_j − min g_j` over the gradient `g`, relative to the largest squared column: 0 at the optimum, and never
    /// further from the optimum than this (对偶间隙).
    pub kkt_residual: f64,
}

impl SimplexFit {
    /// Number of columns that would carry the same concentration with equal weights, `1/Σw²` (有效对照数).
    #[must_use]
    pub fn effective_columns(&self) -> f64 {
        1.0 / dot(&self.weights, &self.weights)
    }
}

/// Solves the problem for columns of one length (单纯形最小二乘).
///
/// An active-set method on the points `a_j − b`: the weights are those of the point of their hull nearest the origin.
/// Ends when no column can lower the objective; columns that repeat share their weight through a ridge of 10⁻¹².
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] without columns; [`EvidenceError::TooMany`] beyond a thousand.
/// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`]; [`EvidenceError::Parameter`] for a negative ridge.
/// - [`EvidenceError::NotConverged`].
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::simplex::simplex_least_squares;
/// let donors: [&[f64]; 3] = [&[1.0, 2.0], &[3.0, 6.0], &[9.0, 1.0]];
/// let fit = simplex_least_squares(&donors, &[1.5, 3.0], 0.0)?;
/// assert!((fit.weights[0] - 0.75).abs() < 1e-9 && (fit.weights[1] - 0.25).abs() < 1e-9);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Wolfe (1976), "Finding the nearest point in a polytope"; Lawson & Hanson, Solving Least Squares Problems, chapter 23.
pub fn simplex_least_squares(
    columns: &[&[f64]],
    target: &[f64],
    ridge: f64,
) -> Result<SimplexFit, EvidenceError> {
    let size = columns.len();
    if size == 0 {
        return Err(EvidenceError::TooFew { what: "columns", have: 0, need: 1 });
    }
    if size > MAX_COLUMNS {
        return Err(EvidenceError::TooMany { what: "columns", have: size, limit: MAX_COLUMNS });
    }
    check_finite("target", target)?;
    if ridge.is_nan() || ridge < 0.0 {
        return Err(EvidenceError::Parameter {
            parameter: "ridge",
            value: ridge.to_string(),
            expected: "0 or more",
        });
    }
    let mut points: Vec<Vec<f64>> = Vec::with_capacity(size);
    for column in columns {
        check_length("column", column.len(), target.len())?;
        check_finite("column", column)?;
        points.push(column.iter().zip(target).map(|(a, b)| a - b).collect());
    }
    let squared: Vec<f64> = points.iter().map(|p| dot(p, p)).collect();
    let scale = squared.iter().fold(ridge, |most, x| most.max(*x));
    let own = ridge + TIE_RIDGE * sum(&squared) / count(size);
    let mut problem = Problem { points, own, gram: Vec::new(), scale, fine: false };
    let weights = problem.solve(&squared)?;
    let residual = problem.combine(&weights);
    let objective = dot(&residual, &residual) + ridge * dot(&weights, &weights);
    let gradient: Vec<f64> =
        problem.points.iter().zip(&weights).map(|(p, w)| dot(p, &residual) + own * w).collect();
    let level = dot(&weights, &gradient);
    let least = gradient.iter().fold(f64::INFINITY, |least, g| least.min(*g));
    let kkt_residual = if scale > 0.0 { ((level - least) / scale).max(0.0) } else { 0.0 };
    Ok(SimplexFit { weights, objective, kkt_residual })
}

struct Problem {
    points: Vec<Vec<f64>>,
    own: f64,
    /// Lazily computed Gram rows: one a column that ever carried weight.
    gram: Vec<(usize, Vec<f64>)>,
    scale: f64,
    /// Whether the last set was one that only the ridge tells apart.
    fine: bool,
}

impl Problem {
    /// `Σ w_j·p_j`.
    fn combine(&self, weights: &[f64]) -> Vec<f64> {
        if self.fine {
            let size = self.points.first().map_or(0, Vec::len);
            let terms = self.points.iter().map(Vec::as_slice).zip(weights.iter().copied());
            return combine(terms.filter(|(_, w)| *w != 0.0), size);
        }
        let mut total = vec![0.0; self.points.first().map_or(0, Vec::len)];
        for (point, w) in self.points.iter().zip(weights).filter(|(_, w)| **w != 0.0) {
            for (sum, p) in total.iter_mut().zip(point) {
                *sum += w * p;
            }
        }
        total
    }

    /// `p_i'p_j + own·1{i = j}` for all `j`.
    fn gram_row(&mut self, i: usize) -> &[f64] {
        let known = self.gram.iter().position(|(row, _)| *row == i);
        let at = known.unwrap_or_else(|| {
            let point = self.points.get(i).map_or(&[][..], Vec::as_slice);
            let row = self
                .points
                .iter()
                .enumerate()
                .map(|(j, other)| dot(point, other) + if i == j { self.own } else { 0.0 })
                .collect();
            self.gram.push((i, row));
            self.gram.len().saturating_sub(1)
        });
        self.gram.get(at).map_or(&[], |(_, row)| row)
    }

    /// The row of the Gram matrix of `set` that column `j` adds, its diagonal entry last.
    fn bordered(&mut self, set: &[usize], j: usize) -> Vec<f64> {
        let row = self.gram_row(j);
        set.iter().chain([&j]).map(|i| row.get(*i).copied().unwrap_or(f64::NAN)).collect()
    }

    fn solve(&mut self, squared: &[f64]) -> Result<Vec<f64>, EvidenceError> {
        let size = self.points.len();
        let start = (0..size)
            .zip(squared)
            .min_by(|a, b| a.1.total_cmp(b.1).then(a.0.cmp(&b.0)))
            .map_or(0, |(j, _)| j);
        let mut set = vec![start];
        let mut weights = vec![0.0; size];
        if let Some(w) = weights.get_mut(start) {
            *w = 1.0;
        }
        let mut factor = Cholesky::empty();
        let first = self.bordered(&[], start);
        // A column equal to the target is the answer.
        if factor.append(&first).is_some() {
            return Ok(weights);
        }
        let mut barred: Vec<usize> = Vec::new();
        let rounds = size.saturating_mul(20).saturating_add(100);
        for _ in 0..rounds {
            let residual = self.combine(&weights);
            let level = dot(&residual, &residual) + self.own * dot(&weights, &weights);
            let slack = if self.fine { 1e-10 * self.own } else { 1e-13 * self.scale };
            let entering = self
                .points
                .iter()
                .enumerate()
                .filter(|(j, _)| !set.contains(j) && !barred.contains(j))
                .map(|(j, point)| (j, dot(point, &residual)))
                .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            let Some((enter, _)) = entering.filter(|(_, gradient)| *gradient < level - slack) else {
                return Ok(weights);
            };
            let row = self.bordered(&set, enter);
            if factor.append(&row).is_some() {
                barred.push(enter);
                continue;
            }
            set.push(enter);
            if self.settle(&mut set, &mut weights, &mut factor) {
                barred.clear();
            }
            if !set.contains(&enter) {
                barred.push(enter);
            }
        }
        Err(EvidenceError::NotConverged { what: "simplex weights", iterations: rounds })
    }

    /// Moves to the best weights of the set, dropping columns whose weight would turn negative; says whether it moved.
    fn settle(&mut self, set: &mut Vec<usize>, weights: &mut [f64], factor: &mut Cholesky) -> bool {
        let mut moved = false;
        loop {
            let best = self.best(set, factor);
            let now: Vec<f64> = set.iter().map(|j| weights.get(*j).copied().unwrap_or(0.0)).collect();
            let mut share = 1.0_f64;
            for (w, v) in now.iter().zip(&best).filter(|(_, v)| **v <= 0.0) {
                share = share.min(if w - v > 0.0 { w / (w - v) } else { 0.0 });
            }
            moved |= share > 0.0;
            let next: Vec<f64> = now.iter().zip(&best).map(|(w, v)| w + share * (v - w)).collect();
            let gone: Vec<bool> = next.iter().zip(&best).map(|(w, v)| *v <= 0.0 && *w <= 1e-14).collect();
            for (j, w) in set.iter().zip(&next) {
                if let Some(slot) = weights.get_mut(*j) {
                    *slot = w.max(0.0);
                }
            }
            let Some(cut) = gone.iter().position(|gone| *gone) else { break };
            for (j, _) in set.iter().zip(&gone).filter(|(_, gone)| **gone) {
                if let Some(slot) = weights.get_mut(*j) {
                    *slot = 0.0;
                }
            }
            let kept: Vec<usize> =
                set.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(j, _)| *j).collect();
            factor.truncate(cut);
            set.truncate(cut);
            for j in kept.into_iter().skip(cut) {
                let row = self.bordered(set, j);
                if factor.append(&row).is_none() {
                    set.push(j);
                } else if let Some(slot) = weights.get_mut(j) {
                    *slot = 0.0;
                }
            }
        }
        let total = sum(weights);
        weights.iter_mut().for_each(|w| *w /= total);
        moved
    }

    /// Weights of a set that minimise without the signs: `G⁻¹1 / 1'G⁻¹1`, refined on the points themselves.
    fn best(&mut self, set: &[usize], factor: &Cholesky) -> Vec<f64> {
        let ones = vec![1.0; set.len()];
        let direction = factor.solve(&ones);
        let total = sum(&direction);
        let mut w: Vec<f64> = direction.iter().map(|d| d / total).collect();
        self.fine = factor.pivot_ratio() < FINE;
        let mut full = vec![0.0; self.points.len()];
        for _ in 0..if self.fine { ROUNDS.1 } else { ROUNDS.0 } {
            for (j, w) in set.iter().zip(&w) {
                if let Some(slot) = full.get_mut(*j) {
                    *slot = *w;
                }
            }
            let residual = self.combine(&full);
            let gradient: Vec<f64> = set
                .iter()
                .zip(&w)
                .map(|(j, w)| self.points.get(*j).map_or(0.0, |p| dot(p, &residual)) + self.own * w)
                .collect();
            // What is common to all entries moves nothing: taken out first, the solve works on what is left.
            let common = dot(&w, &gradient);
            let step = factor.solve(&gradient.iter().map(|g| g - common).collect::<Vec<f64>>());
            let level = sum(&step) / total;
            for ((w, step), d) in w.iter_mut().zip(&step).zip(&direction) {
                *w -= step - level * d;
            }
        }
        w
    }
}

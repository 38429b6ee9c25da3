//! Synthetic control on predictors whose importance is searched for: an outer search over an exact inner problem.

use super::super::EvidenceError;
use super::super::linalg::{Design, Qr, check_finite, check_length, mean, sum};
use super::super::simplex::simplex_least_squares;
use super::predictors::scales;
use super::search::{Descent, minimise};
use crate::border::count;

/// Most predictors of one search.
const MAX_PREDICTORS: usize = 50;
/// Most starts of one search.
const MAX_STARTS: usize = 1_000;
/// Half-width of the spread starts in the logarithm of the importance.
const REACH: f64 = 6.0;

/// A unit of a nested search (单位): its outcomes in every period, its predictors in one order for all units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit<'a> {
    /// `outcomes[t]` is period `t`.
    pub outcomes: &'a [f64],
    /// `predictors[p]` is predictor `p`, in its own unit.
    pub predictors: &'a [f64],
}

/// Where the outer search starts (外层搜索起点).
///
/// The loss has many local minima: published figures are the best of two starts and change with the optimiser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Starts {
    /// Equal importance, and importance from a regression of the outcomes on the predictors: the published procedure.
    EqualAndRegression,
    /// Those two and `extra` points of a low-discrepancy sequence, each descended until it no longer falls.
    Spread {
        /// Further starts; 24 reach the lowest known loss of the published example.
        extra: usize,
    },
}

/// A synthetic control with the importance of its predictors (嵌套合成控制).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NestedFit {
    /// Importance of every predictor; it sums to one.
    pub importance: Vec<f64>,
    /// Weights of the donors, in the order given; they sum to one.
    pub weights: Vec<f64>,
    /// Treated less weighted donors in every period.
    pub gaps: Vec<f64>,
    /// Mean squared gap before the event: what the outer search minimises (事前均方误差).
    pub pre_error: f64,
    /// Mean squared gap from the event on.
    pub post_error: f64,
    /// How far the weights are from the optimum of the inner problem, relative.
    pub kkt_residual: f64,
    /// Inner problems solved.
    pub evaluations: usize,
}

impl NestedFit {
    /// `post_error / pre_error` (误差比); infinite for a perfect fit before the event.
    #[must_use]
    pub fn error_ratio(&self) -> f64 {
        self.post_error / self.pre_error
    }

    /// Mean gap from the event on: the effect per period; `start` as in [`nested_weights`].
    #[must_use]
    pub fn effect(&self, start: usize) -> f64 {
        mean(self.gaps.get(start..).unwrap_or(&[]))
    }
}

/// Donor weights `w*(v)` that match predictors of importance `v`, and the `v` under which they match the outcomes before
/// the event best (嵌套合成控制): `min_v mean_t<start (y_t − Σ_j w*_j(v)·y_jt)²`.
///
/// The inner problem is solved exactly for every `v`; the outer search is a downhill simplex on `v = |q|/Σ|q|` and, from
/// spread starts, on `ln v`. No randomness: the same input gives the same bits.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for fewer than two donors, one predictor, two periods before the event or one after;
///   [`EvidenceError::TooMany`] beyond fifty predictors or a thousand starts.
/// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`]; [`EvidenceError::Constant`] for a predictor that is the same
///   everywhere.
/// - As [`simplex_least_squares`].
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::synthetic::{Starts, Unit, nested_weights};
/// // The treated is the mean of the first two donors; the third shares one predictor, which must not matter.
/// let unit = |outcomes, predictors| Unit { outcomes, predictors };
/// let donors = [
///     unit(&[10.0, 12.0, 11.0, 13.0][..], &[1.0, 5.0][..]),
///     unit(&[20.0, 22.0, 23.0, 21.0], &[3.0, 9.0]),
///     unit(&[40.0, 41.0, 45.0, 44.0], &[8.0, 7.1]),
/// ];
/// let treated = unit(&[15.0, 17.0, 17.0, 27.0], &[2.0, 7.3]);
/// let fit = nested_weights(treated, &donors, 3, Starts::Spread { extra: 4 })?;
/// assert!((fit.weights[0] - 0.5).abs() < 1e-3 && fit.weights[2] < 1e-3);
/// assert!((fit.effect(3) - 10.0).abs() < 0.05);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Abadie & Gardeazabal (2003), appendix B; Abadie, Diamond & Hainmueller (2010), section 2.3, and (2011), "Synth: An R
/// Package", for the two starts; Roberts (2018) for the low-discrepancy sequence.
pub fn nested_weights(
    treated: Unit<'_>,
    donors: &[Unit<'_>],
    start: usize,
    search: Starts,
) -> Result<NestedFit, EvidenceError> {
    let problem = Problem::new(treated, donors, start)?;
    let size = problem.treated.len();
    let extra = match search {
        Starts::EqualAndRegression => 0,
        Starts::Spread { extra } => extra,
    };
    if extra > MAX_STARTS {
        return Err(EvidenceError::TooMany { what: "starts", have: extra, limit: MAX_STARTS });
    }
    let equal = vec![1.0 / count(size); size];
    let mut evaluations: usize = 0;
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut keep = |loss: f64, importance: Vec<f64>| {
        if best.as_ref().is_none_or(|(least, _)| loss < *least) {
            best = Some((loss, importance));
        }
    };
    for point in [Some(equal), problem.regression_start()].into_iter().flatten() {
        let step = 0.1 * point.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let published = Descent { step, rounds: 1_500, tolerance: 1e-8 };
        let (q, loss) = minimise(&point, published, &mut |q| {
            evaluations = evaluations.saturating_add(1);
            problem.loss(&shares(q.iter().map(|x| x.abs())))
        });
        keep(loss, shares(q.iter().map(|x| x.abs())));
    }
    let ratios = sequence(size);
    for n in 0..extra {
        let mut q: Vec<f64> = ratios
            .iter()
            .map(|ratio| {
                let point = 0.5 + ratio * (count(n) + 1.0);
                2.0 * REACH * (point - point.floor() - 0.5)
            })
            .collect();
        let mut loss = f64::INFINITY;
        let importance = |q: &[f64]| shares(q.iter().map(|x| libm::exp(*x)));
        // The simplex collapses in valleys: it is opened again until that no longer helps.
        for step in [1.0].into_iter().chain([0.7; 20]) {
            let descent = Descent { step, rounds: 600, tolerance: 1e-10 };
            let (next, found) = minimise(&q, descent, &mut |q| {
                evaluations = evaluations.saturating_add(1);
                problem.loss(&importance(q))
            });
            let fell = found < loss * (1.0 - 1e-5);
            (q, loss) = (next, found);
            if !fell {
                break;
            }
        }
        keep(loss, importance(&q));
    }
    let (_, importance) = best.ok_or(EvidenceError::NotConverged { what: "nested search", iterations: 0 })?;
    problem.finish(importance, evaluations)
}

/// Error ratios of every unit in the place of the treated, all others its donors (安慰剂误差比), in the order given.
///
/// The treated unit stays among the donors of the placebos, as in the published procedure; leave it out by leaving it out
/// of `units`.
///
/// # Errors
///
/// - As [`nested_weights`].
///
/// # Source
///
/// Abadie, Diamond & Hainmueller (2010), section 3.4.
pub fn nested_ratios(
    units: &[Unit<'_>],
    start: usize,
    search: Starts,
) -> Result<Vec<NestedFit>, EvidenceError> {
    let mut fits = Vec::with_capacity(units.len());
    for (at, unit) in units.iter().enumerate() {
        let others: Vec<Unit<'_>> =
            units.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, unit)| *unit).collect();
        fits.push(nested_weights(*unit, &others, start, search)?);
    }
    Ok(fits)
}

struct Problem<'a> {
    /// Scaled predictors of the treated, and of every donor.
    treated: Vec<f64>,
    donors: Vec<Vec<f64>>,
    own: &'a [f64],
    outcomes: Vec<&'a [f64]>,
    start: usize,
}

impl<'a> Problem<'a> {
    fn new(treated: Unit<'a>, donors: &[Unit<'a>], start: usize) -> Result<Self, EvidenceError> {
        let (size, periods) = (treated.predictors.len(), treated.outcomes.len());
        for (what, have, need) in [
            ("control units", donors.len(), 2),
            ("predictors", size, 1),
            ("periods before the event", start.min(periods), 2),
            ("periods of the event", periods.saturating_sub(start), 1),
        ] {
            if have < need {
                return Err(EvidenceError::TooFew { what, have, need });
            }
        }
        if size > MAX_PREDICTORS {
            return Err(EvidenceError::TooMany { what: "predictors", have: size, limit: MAX_PREDICTORS });
        }
        for unit in donors.iter().chain([&treated]) {
            check_length("predictors of a unit", unit.predictors.len(), size)?;
            check_finite("predictors", unit.predictors)?;
            check_length("unit", unit.outcomes.len(), periods)?;
            check_finite("unit", unit.outcomes)?;
        }
        let raw: Vec<&[f64]> = donors.iter().map(|unit| unit.predictors).collect();
        let spread = scales(treated.predictors, &raw)?;
        let scaled = |x: &[f64]| -> Vec<f64> { x.iter().zip(&spread).map(|(x, s)| x / s).collect() };
        Ok(Self {
            treated: scaled(treated.predictors),
            donors: raw.into_iter().map(scaled).collect(),
            own: treated.outcomes,
            outcomes: donors.iter().map(|unit| unit.outcomes).collect(),
            start,
        })
    }

    /// Weights under an importance, and their distance from the optimum.
    fn inner(&self, importance: &[f64]) -> Result<(Vec<f64>, f64), EvidenceError> {
        let roots: Vec<f64> = importance.iter().map(|v| v.sqrt()).collect();
        let weighed = |x: &[f64]| -> Vec<f64> { x.iter().zip(&roots).map(|(x, r)| x * r).collect() };
        let columns: Vec<Vec<f64>> = self.donors.iter().map(|donor| weighed(donor)).collect();
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let fit = simplex_least_squares(&slices, &weighed(&self.treated), 0.0)?;
        Ok((fit.weights, fit.kkt_residual))
    }

    fn gaps(&self, weights: &[f64]) -> Vec<f64> {
        let mut gaps = self.own.to_vec();
        for (donor, w) in self.outcomes.iter().zip(weights).filter(|(_, w)| **w != 0.0) {
            gaps.iter_mut().zip(*donor).for_each(|(gap, y)| *gap -= w * y);
        }
        gaps
    }

    /// Mean squared gap before the event; infinite where the inner problem has no answer.
    fn loss(&self, importance: &[f64]) -> f64 {
        self.inner(importance).map_or(f64::INFINITY, |(weights, _)| {
            mean_square(self.gaps(&weights).get(..self.start).unwrap_or(&[]))
        })
    }

    /// Importance by the squared coefficients of a regression of every early period's outcomes on the predictors; none
    /// where the predictors cannot be separated.
    fn regression_start(&self) -> Option<Vec<f64>> {
        let units = self.donors.len().saturating_add(1);
        let mut design = Design::new(units).ok()?.constant("level").ok()?;
        for p in 0..self.treated.len() {
            let all = core::iter::once(&self.treated).chain(&self.donors);
            let column: Vec<f64> = all.filter_map(|x| x.get(p).copied()).collect();
            design = design.with(&p.to_string(), &column).ok()?;
        }
        let qr = Qr::new(&design).ok()?;
        let mut squares = vec![0.0; self.treated.len()];
        for t in 0..self.start {
            let all = core::iter::once(&self.own).chain(&self.outcomes);
            let y: Vec<f64> = all.filter_map(|values| values.get(t).copied()).collect();
            let slopes = qr.solve(&design, &y);
            squares.iter_mut().zip(slopes.iter().skip(1)).for_each(|(total, b)| *total += b * b);
        }
        squares.iter().all(|square| square.is_finite()).then(|| shares(squares.iter().copied()))
    }

    fn finish(&self, importance: Vec<f64>, evaluations: usize) -> Result<NestedFit, EvidenceError> {
        let (weights, kkt_residual) = self.inner(&importance)?;
        let gaps = self.gaps(&weights);
        let (before, after) = gaps.split_at_checked(self.start).unwrap_or((&gaps, &[]));
        let (pre_error, post_error) = (mean_square(before), mean_square(after));
        Ok(NestedFit { importance, weights, gaps, pre_error, post_error, kkt_residual, evaluations })
    }
}

fn mean_square(gaps: &[f64]) -> f64 {
    mean(&gaps.iter().map(|gap| gap * gap).collect::<Vec<f64>>())
}

/// Values over their sum; all equal where the sum is nothing.
fn shares(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let total = sum(&values);
    if total > 0.0 && total.is_finite() {
        values.iter().map(|v| v / total).collect()
    } else {
        vec![1.0 / count(values.len().max(1)); values.len()]
    }
}

/// Steps of the low-discrepancy sequence: powers of `1/φ`, where `φ^(size + 1) = φ + 1`.
fn sequence(size: usize) -> Vec<f64> {
    let root = 1.0 / (count(size) + 1.0);
    let mut golden = 1.5_f64;
    for _ in 0..100 {
        golden = libm::pow(1.0 + golden, root);
    }
    (0..size)
        .scan(1.0_f64, |step, _| {
            *step /= golden;
            Some(*step)
        })
        .collect()
}

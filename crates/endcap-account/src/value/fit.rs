//! Maximum likelihood: options, report, and the driver that every model of this module uses.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use core::array::from_fn;

use super::eigen::{Eigen, Matrix, at, entry, largest};
use super::error::ValueError;
use super::search::{EDGE, Objective, Place, descend, polish};
use super::special_functions::{count, finite};
use crate::error::AccountError;

/// Gradient per customer, in log-parameters, at which a fit counts as converged.
const CONVERGED: f64 = 1e-6;
/// The gradient that rounding alone can leave at parameters far from the scale of the data.
const NOISE: f64 = 1e-3;
/// Standard error of some combination of log-parameters above which the data do not tell it: a factor of `e^10`.
const UNKNOWN: f64 = 10.0;
/// Starts agree where their log-likelihoods differ by no more than this.
const AGREED: f64 = 1e-6;

/// A penalty on parameters far from the scale of the data (惩罚项); only on request, and echoed in the result.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub enum Penalty {
    /// None: maximum likelihood.
    #[default]
    None,
    /// Takes `weight · Σ (ln θ)²` off the log-likelihood per customer, with times in units of the mean age (spend in
    /// units of the mean spend), so that the unit of time changes nothing.
    LogRidge(f64),
}

/// What to do where the likelihood has no maximum inside the domain (边界处理).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Boundary {
    /// Refuse with the error that says what is wrong.
    #[default]
    Refuse,
    /// Return the best parameters, flagged in [`Convergence::state`], without standard errors.
    Report,
}

/// How to fit (拟合选项).
///
/// # Source
///
/// Nocedal & Wright 2006, Numerical Optimization, chapter 6 (quasi-Newton) and section 3.1 (line search), over logarithms
/// of the parameters from several fixed starts; standard errors by the observed information (Efron & Hinkley 1978). The
/// limits at which a fit is refused are house rules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// The penalty.
    pub penalty: Penalty,
    /// Whether a maximum at the boundary is an error.
    pub boundary: Boundary,
    /// Most iterations from one start.
    pub max_iterations: u32,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { penalty: Penalty::None, boundary: Boundary::Refuse, max_iterations: 500 }
    }
}

/// How well the maximum is established (拟合状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FitState {
    /// The gradient vanishes at a point with curvature in every direction.
    Identified,
    /// A parameter ran to the edge of the search.
    AtBoundary {
        /// Which one.
        parameter: &'static str,
    },
    /// Some combination of parameters is uncertain by more than a factor of `e^10`: the data do not tell it.
    Unidentified,
}

/// How the search ended (收敛报告).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    /// How well the maximum is established.
    pub state: FitState,
    /// Iterations from the best start.
    pub iterations: u32,
    /// Largest entry of the gradient in log-parameters, per customer.
    pub gradient_norm: f64,
    /// Length of the last Newton step in log-parameters.
    pub last_step: f64,
    /// Condition number of the curvature in log-parameters; `None` where it is not positive.
    pub condition: Option<f64>,
    /// Starts tried.
    pub starts: usize,
    /// Starts that ended at the same log-likelihood, the best one included.
    pub agreeing_starts: usize,
}

/// One fitted parameter (参数估计).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Its name in the literature.
    pub name: &'static str,
    /// The estimate.
    pub value: f64,
    /// Its standard error from the curvature of the likelihood; `None` where that is not positive or penalised.
    pub standard_error: Option<f64>,
}

/// A fitted model with everything that says how far to trust it (拟合结果).
#[derive(Debug, Clone, PartialEq)]
pub struct Fit<M> {
    /// The model at the estimates.
    pub model: M,
    /// The estimates in the order of the literature.
    pub estimates: Vec<Estimate>,
    /// Log-likelihood of the data, without the penalty, in the unit of the data.
    pub log_likelihood: f64,
    /// The penalty that was asked for.
    pub penalty: Penalty,
    /// Number of customers.
    pub customers: u64,
    /// Number of different histories.
    pub groups: usize,
    /// How the search ended.
    pub convergence: Convergence,
    covariance: Option<Vec<Vec<f64>>>,
}

impl<M> Fit<M> {
    /// Covariance of the estimates, in their order; `None` where the curvature is not positive or penalised.
    #[must_use]
    pub fn covariance(&self) -> Option<&[Vec<f64>]> {
        self.covariance.as_deref()
    }

    /// Standard error of any quantity of the model by the delta method (德尔塔法), given the quantity at parameters in
    /// the order of [`estimates`](Self::estimates).
    ///
    /// # Errors
    ///
    /// - [`ValueError::Unidentified`] without a covariance.
    /// - The errors of `quantity`; [`ValueError::OutOfFloat`] where the result is not finite.
    pub fn standard_error_of(
        &self,
        quantity: impl Fn(&[f64]) -> Result<f64, AccountError>,
    ) -> Result<f64, AccountError> {
        let values: Vec<f64> = self.estimates.iter().map(|estimate| estimate.value).collect();
        let covariance = self.covariance().ok_or_else(|| ValueError::Unidentified {
            model: "the delta method",
            condition: "without a covariance".to_owned(),
            best: format!("{values:?}"),
        })?;
        let mut slopes = Vec::with_capacity(values.len());
        for (position, value) in values.iter().enumerate() {
            let by = 1e-5 * value.abs();
            let moved = |by: f64| -> Vec<f64> {
                let shift = |(i, at): (usize, &f64)| if i == position { at + by } else { *at };
                values.iter().enumerate().map(shift).collect()
            };
            slopes.push((quantity(&moved(by))? - quantity(&moved(-by))?) / (2.0 * by));
        }
        let row = |(row, slope): (&Vec<f64>, &f64)| -> f64 {
            slope * row.iter().zip(&slopes).map(|(entry, other)| entry * other).sum::<f64>()
        };
        let variance: f64 = covariance.iter().zip(&slopes).map(row).sum();
        finite("the standard error", variance.max(0.0).sqrt())
    }
}

/// A function of parameters, with its gradient.
type Eval<'a, const N: usize> = &'a dyn Fn(&[f64; N]) -> (f64, [f64; N]);

/// A likelihood and what the driver needs to know about it.
pub(crate) struct Problem<'a, const N: usize> {
    pub(crate) model: &'static str,
    pub(crate) names: [&'static str; N],
    /// Parameters to begin at, in scaled units.
    pub(crate) starts: Vec<[f64; N]>,
    pub(crate) customers: u64,
    pub(crate) groups: usize,
    /// A parameter in the unit of the data is `unit ·` the scaled one.
    pub(crate) units: [f64; N],
    /// What the change of unit adds to the log-likelihood.
    pub(crate) log_likelihood_shift: f64,
    /// Log-likelihood of all customers at scaled parameters, and its gradient.
    pub(crate) eval: Eval<'a, N>,
}

struct PerCustomer<'a, const N: usize> {
    eval: Eval<'a, N>,
    customers: f64,
    ridge: f64,
}

impl<const N: usize> Objective<N> for PerCustomer<'_, N> {
    fn at(&self, point: &[f64; N]) -> (f64, [f64; N]) {
        let parameters = point.map(f64::exp);
        let (value, gradient) = (self.eval)(&parameters);
        let penalty: f64 = point.iter().map(|at| at * at).sum();
        let slope = |i: usize| {
            2.0 * self.ridge * entry(point, i) - entry(&gradient, i) * entry(&parameters, i) / self.customers
        };
        (self.ridge * penalty - value / self.customers, from_fn(slope))
    }
}

impl<const N: usize> Problem<'_, N> {
    pub(crate) fn solve<M>(
        &self,
        options: &FitOptions,
        build: impl Fn([f64; N]) -> Result<M, AccountError>,
    ) -> Result<Fit<M>, AccountError> {
        let ridge = match options.penalty {
            Penalty::None => 0.0,
            Penalty::LogRidge(weight) if weight.is_finite() && weight >= 0.0 => weight,
            Penalty::LogRidge(weight) => {
                let rule = "a penalty must be zero or more and finite";
                let value = weight.to_string();
                return Err(ValueError::InvalidSetting { what: "the penalty", value, rule }.into());
            }
        };
        let objective = PerCustomer { eval: self.eval, customers: count(self.customers), ridge };
        let (best, agreeing_starts) = self.best(&objective, options)?;
        let (place, curvature, last_step) = polish(&objective, best);
        let eigen = Eigen::of(&curvature);
        let condition = eigen.greatest() / eigen.least();
        let condition = (eigen.least() > 0.0 && condition.is_finite()).then_some(condition);
        let parameters: [f64; N] = from_fn(|i| entry(&place.point, i).exp() * entry(&self.units, i));
        let gradient_norm = largest(&place.inner_gradient());
        let edge = self.names.iter().zip(&place.point).find(|(_, at)| at.abs() >= EDGE);
        let state = match (edge, condition) {
            (Some((parameter, _)), _) => FitState::AtBoundary { parameter },
            (None, Some(_)) if eigen.least() * objective.customers * UNKNOWN * UNKNOWN >= 1.0 => {
                FitState::Identified
            }
            _ => FitState::Unidentified,
        };
        let text = || self.describe(&parameters);
        // At parameters that the data do not inform, the gradient is noise: that is the state, not the search.
        let limit = if state == FitState::Identified { CONVERGED } else { NOISE };
        if gradient_norm > limit {
            return Err(ValueError::NotConverged {
                model: self.model,
                gradient_norm: format!("{gradient_norm:e}"),
                iterations: place.iterations,
                best: text(),
            }
            .into());
        }
        match (options.boundary, state) {
            (Boundary::Refuse, FitState::AtBoundary { parameter }) => {
                let position = self.names.iter().position(|name| *name == parameter).unwrap_or(0);
                let value = format!("{:e}", entry(&parameters, position));
                return Err(ValueError::AtBoundary { model: self.model, parameter, value }.into());
            }
            (Boundary::Refuse, FitState::Unidentified) => {
                let condition = condition.map_or("not positive".to_owned(), |value| format!("{value:e}"));
                return Err(ValueError::Unidentified { model: self.model, condition, best: text() }.into());
            }
            _ => {}
        }
        let covariance = (state == FitState::Identified && ridge == 0.0)
            .then(|| self.covariance(&eigen.mapped(|value| 1.0 / value), &parameters));
        let error_of = |i: usize| {
            covariance.as_ref().and_then(|rows| rows.get(i)?.get(i)).map(|variance: &f64| variance.sqrt())
        };
        let estimate = |(i, (name, value)): (usize, (&&'static str, &f64))| Estimate {
            name,
            value: *value,
            standard_error: error_of(i),
        };
        let (unpenalised, _) = (self.eval)(&place.point.map(f64::exp));
        Ok(Fit {
            model: build(parameters)?,
            estimates: self.names.iter().zip(&parameters).enumerate().map(estimate).collect(),
            log_likelihood: finite("the log-likelihood", unpenalised + self.log_likelihood_shift)?,
            penalty: options.penalty,
            customers: self.customers,
            groups: self.groups,
            convergence: Convergence {
                state,
                iterations: place.iterations,
                gradient_norm,
                last_step,
                condition,
                starts: self.starts.len(),
                agreeing_starts,
            },
            covariance,
        })
    }

    /// The best of all starts, and how many ended there.
    fn best(
        &self,
        objective: &PerCustomer<'_, N>,
        options: &FitOptions,
    ) -> Result<(Place<N>, usize), AccountError> {
        let customers = count(self.customers);
        let mut ends: Vec<Place<N>> = Vec::with_capacity(self.starts.len());
        let mut best: Option<Place<N>> = None;
        for start in &self.starts {
            let known = best.map(|place| place.value + 0.5 * AGREED / customers);
            let end = descend(objective, start.map(f64::ln), options.max_iterations, known);
            if end.value.is_finite() && best.is_none_or(|best| end.value < best.value) {
                best = Some(end);
            }
            ends.push(end);
        }
        let best = best.ok_or(ValueError::OutOfFloat { what: "the likelihood at every start" })?;
        let close = AGREED / customers + 1e-13 * best.value.abs();
        let agreeing = ends.iter().filter(|end| end.value <= best.value + close).count();
        Ok((best, agreeing))
    }

    fn describe(&self, parameters: &[f64; N]) -> String {
        let parts = self.names.iter().zip(parameters).map(|(name, value)| format!("{name} = {value:.6e}"));
        parts.collect::<Vec<_>>().join(", ")
    }

    /// From the inverse curvature per customer in log-parameters to the parameters themselves.
    fn covariance(&self, inverse: &Matrix<N>, parameters: &[f64; N]) -> Vec<Vec<f64>> {
        let customers = count(self.customers);
        let of =
            |i: usize, j: usize| at(inverse, i, j) / customers * entry(parameters, i) * entry(parameters, j);
        (0..N).map(|i| (0..N).map(|j| of(i, j)).collect()).collect()
    }
}

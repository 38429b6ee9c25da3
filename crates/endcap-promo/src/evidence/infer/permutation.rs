//! P-values by relabelling what was observed.

use super::super::EvidenceError;
use super::super::linalg::{check_finite, mean, sum};
use crate::border::count;

pub use super::sampled::{Relabelled, RelabelledGroups, two_groups_any};

/// Most relabellings that are enumerated one by one.
pub const MAX_ENUMERATION: u64 = 5_000_000;

/// Which deviations count against "no effect" (检验方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Side {
    /// Larger in absolute value.
    TwoSided,
    /// Larger.
    Greater,
}

/// `(1 + #{placebo at least as extreme}) / (1 + N)` (安慰剂检验): never 0; ties count against the claim.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] without placebos; [`EvidenceError::NotFinite`].
///
/// # Source
///
/// Abadie, Diamond & Hainmueller (2010); Davison & Hinkley, Bootstrap Methods, 4.2.5.
pub fn placebo_p(estimate: f64, placebos: &[f64], side: Side) -> Result<f64, EvidenceError> {
    check_finite("estimate", &[estimate])?;
    check_finite("placebos", placebos)?;
    if placebos.is_empty() {
        return Err(EvidenceError::TooFew { what: "placebos", have: 0, need: 1 });
    }
    let extreme = |x: f64| if side == Side::TwoSided { x.abs() } else { x };
    let at_least = placebos.iter().filter(|p| extreme(**p) >= extreme(estimate)).count();
    Ok((1.0 + count(at_least)) / (1.0 + count(placebos.len())))
}

/// P-value of residuals of the last `window` periods by all cyclic shifts, the identity included (分块置换): the serial
/// correlation stays, and `T` periods cannot go below `1/T`.
///
/// The statistic is the sum of absolute residuals over the window; the residuals come from a model fitted under the
/// hypothesis on all periods.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for a window of none or all periods; [`EvidenceError::NotFinite`].
///
/// # Source
///
/// Chernozhukov, Wüthrich & Zhu (2021), moving-block permutations.
pub fn block_p(residuals: &[f64], window: usize) -> Result<f64, EvidenceError> {
    let sizes = window_sizes(residuals, window)?;
    let doubled: Vec<f64> = sizes.iter().chain(&sizes).copied().collect();
    let shifts: Vec<f64> = doubled.windows(window).take(sizes.len()).map(sum).collect();
    let start = sizes.len().saturating_sub(window);
    let observed = shifts.get(start).copied().unwrap_or(f64::INFINITY);
    let at_least = shifts.iter().filter(|s| **s >= observed * (1.0 - 1e-12)).count();
    Ok(count(at_least) / count(sizes.len()))
}

/// The same over all subsets of `window` periods: exact under independent residuals.
///
/// # Errors
///
/// - As [`block_p`]; [`EvidenceError::TooMany`] beyond [`MAX_ENUMERATION`] subsets.
pub fn independent_p(residuals: &[f64], window: usize) -> Result<f64, EvidenceError> {
    let sizes = window_sizes(residuals, window)?;
    let start = sizes.len().saturating_sub(window);
    let observed = sum(sizes.get(start..).unwrap_or(&[]));
    let (at_least, all) = subsets(&sizes, window, |total| total >= observed * (1.0 - 1e-12))?;
    Ok(at_least / all)
}

/// A difference of group means with its exact p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TwoGroups {
    /// Mean of the treated less mean of the controls.
    pub difference: f64,
    /// Share of all assignments with a difference at least as extreme.
    pub p: f64,
}

/// Difference of means over all assignments of the same size, two-sided (精确置换检验).
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for an empty group; [`EvidenceError::TooMany`] beyond [`MAX_ENUMERATION`] assignments;
///   [`EvidenceError::NotFinite`].
///
/// # Source
///
/// Fisher (1935), The Design of Experiments, section 21.
pub fn two_groups(treated: &[f64], control: &[f64]) -> Result<TwoGroups, EvidenceError> {
    for group in [treated, control] {
        check_finite("group", group)?;
        if group.is_empty() {
            return Err(EvidenceError::TooFew { what: "units of a group", have: 0, need: 1 });
        }
    }
    let all: Vec<f64> = treated.iter().chain(control).copied().collect();
    let (total, k, m) = (sum(&all), count(treated.len()), count(control.len()));
    let gap = |chosen: f64| (chosen / k - (total - chosen) / m).abs();
    let observed = gap(sum(treated));
    let scale = all.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let (at_least, assignments) =
        subsets(&all, treated.len(), |chosen| gap(chosen) >= observed - 1e-12 * scale)?;
    Ok(TwoGroups { difference: mean(treated) - mean(control), p: at_least / assignments })
}

fn window_sizes(residuals: &[f64], window: usize) -> Result<Vec<f64>, EvidenceError> {
    check_finite("residuals", residuals)?;
    if window == 0 || window >= residuals.len() {
        let value = window.to_string();
        let expected = "at least 1 and below the number of periods";
        return Err(EvidenceError::Parameter { parameter: "window", value, expected });
    }
    Ok(residuals.iter().map(|e| e.abs()).collect())
}

/// Number of `size`-subsets whose sum passes, and number of all, in lexicographic order.
fn subsets(values: &[f64], size: usize, pass: impl Fn(f64) -> bool) -> Result<(f64, f64), EvidenceError> {
    let mut all: u64 = 1;
    for step in 0..size {
        let (up, down) = (values.len().saturating_sub(step), step.saturating_add(1));
        let (up, down) = (u64::try_from(up).unwrap_or(u64::MAX), u64::try_from(down).unwrap_or(1));
        all = all.saturating_mul(up).checked_div(down).unwrap_or(u64::MAX);
        if all > MAX_ENUMERATION.saturating_mul(100) {
            break;
        }
    }
    if all > MAX_ENUMERATION {
        let have = usize::try_from(all).unwrap_or(usize::MAX);
        let limit = usize::try_from(MAX_ENUMERATION).unwrap_or(usize::MAX);
        return Err(EvidenceError::TooMany { what: "relabellings", have, limit });
    }
    let (mut passed, mut seen) = (0.0, 0.0);
    walk(values, size, 0.0, &mut |total| {
        seen += 1.0;
        if pass(total) {
            passed += 1.0;
        }
    });
    Ok((passed, seen))
}

fn walk(values: &[f64], size: usize, total: f64, visit: &mut impl FnMut(f64)) {
    if size == 0 {
        visit(total);
        return;
    }
    let mut rest = values;
    while let Some((first, later)) = rest.split_first() {
        if rest.len() < size {
            return;
        }
        walk(later, size.saturating_sub(1), total + first, visit);
        rest = later;
    }
}

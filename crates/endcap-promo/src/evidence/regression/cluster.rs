//! Covariances for observations that belong together.

use std::collections::BTreeMap;

use super::super::EvidenceError;
use super::super::linalg::{Square, check_length};
use super::robust::scores;
use super::{Ols, SampleFactor};
use crate::border::count;

/// Covariance with one kind of cluster (聚类稳健): `(X'X)⁻¹ Σ_g (X_g'e_g)(X_g'e_g)' (X'X)⁻¹`.
///
/// `clusters[t]` names the cluster of row `t`; the unit of assignment is the cluster, and its number less one the
/// degrees of freedom.
///
/// # Errors
///
/// - [`EvidenceError::Shape`] when the ids do not match the rows.
/// - [`EvidenceError::TooFew`] for fewer than two clusters.
///
/// # Source
///
/// Liang & Zeger (1986); factor `G/(G−1)·(n−1)/(n−k)` as in Stata.
pub fn clustered(fit: &Ols<'_>, clusters: &[usize], factor: SampleFactor) -> Result<Square, EvidenceError> {
    let (middle, groups) = meat(fit, clusters)?;
    Ok(fit.inverse_gram().sandwich(&middle).scaled(small(fit, groups, factor)))
}

/// Covariance with two kinds of clusters that cross: first + second − intersection (双向聚类).
///
/// One common factor with the smaller number of clusters. The difference can leave a negative variance, which then is
/// NaN as a standard error.
///
/// # Errors
///
/// - As [`clustered`].
///
/// # Source
///
/// Cameron, Gelbach & Miller (2011), equation 2.7.
pub fn two_way_clustered(
    fit: &Ols<'_>,
    first: &[usize],
    second: &[usize],
    factor: SampleFactor,
) -> Result<Square, EvidenceError> {
    let (one, groups_one) = meat(fit, first)?;
    let (two, groups_two) = meat(fit, second)?;
    let mut cells: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let crossed: Vec<usize> = first
        .iter()
        .zip(second)
        .map(|pair| {
            let next = cells.len();
            *cells.entry((*pair.0, *pair.1)).or_insert(next)
        })
        .collect();
    let (both, _) = meat(fit, &crossed)?;
    let middle = one.plus(&two, 1.0)?.plus(&both, -1.0)?;
    Ok(fit.inverse_gram().sandwich(&middle).scaled(small(fit, groups_one.min(groups_two), factor)))
}

fn small(fit: &Ols<'_>, groups: usize, factor: SampleFactor) -> f64 {
    let (n, k, g) = (count(fit.design().rows()), count(fit.design().width()), count(groups));
    match factor {
        SampleFactor::None => 1.0,
        SampleFactor::SmallSample => g / (g - 1.0) * (n - 1.0) / (n - k),
    }
}

/// `Σ_g s_g s_g'` of the summed scores, and the number of clusters.
fn meat(fit: &Ols<'_>, clusters: &[usize]) -> Result<(Square, usize), EvidenceError> {
    check_length("clusters", clusters.len(), fit.design().rows())?;
    let mut order: BTreeMap<usize, usize> = clusters.iter().map(|id| (*id, 0)).collect();
    for (position, slot) in order.values_mut().enumerate() {
        *slot = position;
    }
    let groups = order.len();
    if groups < 2 {
        return Err(EvidenceError::TooFew { what: "clusters", have: groups, need: 2 });
    }
    let sums: Vec<Vec<f64>> = scores(fit, fit.residuals())
        .iter()
        .map(|scores| {
            let mut sums = vec![0.0; groups];
            for (score, id) in scores.iter().zip(clusters) {
                if let Some(slot) = order.get(id).and_then(|slot| sums.get_mut(*slot)) {
                    *slot += score;
                }
            }
            sums
        })
        .collect();
    Ok((super::robust::long_run(&sums, 0), groups))
}

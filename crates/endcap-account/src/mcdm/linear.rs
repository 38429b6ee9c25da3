//! Weights that each member would choose for itself: Ramanathan's score and its blend with the worst case.

use endcap_types::Exact;

use super::matrix::{CriterionMatrix, Direction};
use super::ranking::{Best, Ranking};
use crate::error::AccountError;

/// Which end a member weighs itself to (赋权立场).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weighting {
    /// The most favourable weights under which no member scores above 1.
    MostFavourable,
    /// The least favourable weights under which no member scores below 1.
    LeastFavourable,
}

/// Ranks members by the score under their own weights (DEA型赋权评分).
///
/// Most favourable: `max w·y` with `w·y_k ≤ 1` for every member `k` and `w ≥ 0`, from 0 to 1. Least favourable:
/// `min w·y` with `w·y_k ≥ 1`, 1 or more. The weights of the matrix play no part, and multiplying a criterion by a
/// positive number changes nothing. Many members can share the score 1; their ranks are then those of their ids.
///
/// # Errors
///
/// - [`AccountError::NonPositive`] for a figure of zero or less.
/// - [`AccountError::OutOfRange`] for a cost: it needs to be turned into a benefit first.
/// - [`AccountError::Value`] where a figure outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix, Weighting, best_weights};
/// use endcap_types::Exact;
///
/// let criteria = vec![Criterion::benefit(Exact::ONE), Criterion::benefit(Exact::ONE)];
/// let rows = [[4, 1], [1, 4], [2, 2]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let ranking = best_weights(&CriterionMatrix::new(criteria, rows)?, Weighting::MostFavourable)?;
/// // The third weighs both at 1/5, where the others reach 1.
/// assert_eq!(ranking.scores().iter().map(ToString::to_string).collect::<Vec<_>>(), ["1", "1", "4/5"]);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Ramanathan, ABC inventory classification with multiple-criteria using weighted linear optimization, Computers &
/// Operations Research 33 (2006) 695–700.
pub fn best_weights(matrix: &CriterionMatrix, weighting: Weighting) -> Result<Ranking, AccountError> {
    Ok(Ranking::new(own_scores(matrix, weighting)?, Best::Highest, Vec::new()))
}

/// Ranks members by a blend of both cases (Zhou-Fan评分): `λ·best' + (1 − λ)·worst'`, each min–max scaled over all members.
///
/// `emphasis` is `λ`, usually 1/2. A part in which all members are equal counts 0.
///
/// # Errors
///
/// - [`AccountError::OutOfRange`] for an emphasis below 0 or above 1; otherwise as [`best_weights`].
///
/// # Source
///
/// Zhou and Fan, A note on multi-criteria ABC inventory classification using weighted linear optimization, European
/// Journal of Operational Research 182 (2007) 1488–1491.
pub fn blended_weights(matrix: &CriterionMatrix, emphasis: &Exact) -> Result<Ranking, AccountError> {
    if emphasis.is_negative() || *emphasis > Exact::ONE {
        let (what, value) = ("the emphasis".to_owned(), emphasis.to_string());
        return Err(AccountError::OutOfRange { what, value, rule: "it must be from 0 to 1" });
    }
    let best = spread(own_scores(matrix, Weighting::MostFavourable)?)?;
    let worst = spread(own_scores(matrix, Weighting::LeastFavourable)?)?;
    let other = Exact::ONE.sub(emphasis)?;
    let blend = |(best, worst): (&Exact, &Exact)| Ok(best.mul(emphasis)?.add(&worst.mul(&other)?)?);
    let scores = best.iter().zip(&worst).map(blend).collect::<Result<Vec<_>, AccountError>>()?;
    Ok(Ranking::new(scores, Best::Highest, Vec::new()))
}

fn spread(values: Vec<Exact>) -> Result<Vec<Exact>, AccountError> {
    let (Some(low), Some(high)) = (values.iter().min(), values.iter().max()) else { return Ok(values) };
    let range = high.sub(low)?;
    let scale = |value: &Exact| {
        if range.is_zero() { Ok(Exact::ZERO) } else { Ok(value.sub(low)?.div(&range)?) }
    };
    values.iter().map(scale).collect()
}

fn own_scores(matrix: &CriterionMatrix, weighting: Weighting) -> Result<Vec<Exact>, AccountError> {
    for column in matrix.columns() {
        if column.direction == Direction::Cost {
            let what = format!("criterion {}", column.position);
            let rule = "members weigh benefits only; turn it around first";
            return Err(AccountError::OutOfRange { what, value: "a cost".to_owned(), rule });
        }
        if let Some(cell) = column.cells.iter().find(|cell| !cell.is_positive()) {
            let what = format!("a figure of criterion {}", column.position);
            return Err(AccountError::NonPositive { what, value: cell.to_string() });
        }
    }
    let columns: Vec<Vec<Exact>> =
        matrix.columns().map(|column| column.cells.into_iter().cloned().collect()).collect();
    let member = |own: &Vec<Exact>| match weighting {
        Weighting::MostFavourable => maximum(own, matrix.rows(), &vec![Exact::ONE; matrix.members()]),
        // The dual problem has the same optimum: max Σu with Σ u_k·y_kj ≤ y_j, u ≥ 0.
        Weighting::LeastFavourable => maximum(&vec![Exact::ONE; matrix.members()], &columns, own),
    };
    matrix.rows().iter().map(member).collect()
}

/// `max c·x` with `A·x ≤ b`, `x ≥ 0`, for `A` and `b` above zero: the simplex method in exact numbers.
///
/// The origin is feasible and a positive `A` bounds the region. Bland's rule (first improving column, first of equal
/// rows) never cycles, so the loop ends.
fn maximum(gain: &[Exact], rows: &[Vec<Exact>], limits: &[Exact]) -> Result<Exact, AccountError> {
    // One column per variable and slack; a basic column stays in place as a unit column. The last is the limit.
    let slacks = rows.len();
    let mut table: Vec<Vec<Exact>> = rows
        .iter()
        .zip(limits)
        .enumerate()
        .map(|(index, (row, limit))| {
            let slack = (0..slacks).map(|at| if at == index { Exact::ONE } else { Exact::ZERO });
            row.iter().cloned().chain(slack).chain([limit.clone()]).collect()
        })
        .collect();
    let mut objective: Vec<Exact> =
        gain.iter().cloned().chain(vec![Exact::ZERO; slacks.saturating_add(1)]).collect();
    let mut basis: Vec<usize> = (0..slacks).map(|slack| gain.len().saturating_add(slack)).collect();
    let last = objective.len().saturating_sub(1);
    while let Some(entering) = objective.iter().take(last).position(Exact::is_positive) {
        let Some(leaving) = leaving_row(&table, &basis, entering)? else { break };
        let (Some(row), Some(slot)) = (table.get(leaving), basis.get_mut(leaving)) else { break };
        let pivot = row.get(entering).ok_or(AccountError::Empty)?.reciprocal()?;
        let row = row.iter().map(|cell| cell.mul(&pivot)).collect::<Result<Vec<_>, _>>()?;
        *slot = entering;
        for (index, other) in table.iter_mut().enumerate() {
            if index == leaving {
                other.clone_from(&row);
            } else {
                eliminate(other, &row, entering)?;
            }
        }
        eliminate(&mut objective, &row, entering)?;
    }
    Ok(objective.last().map_or(Exact::ZERO, Exact::negated))
}

/// The row with the least `limit / coefficient` among positive coefficients; of equal ones that of the first variable.
fn leaving_row(
    table: &[Vec<Exact>],
    basis: &[usize],
    entering: usize,
) -> Result<Option<usize>, AccountError> {
    let mut least: Option<(Exact, usize, usize)> = None;
    for (index, (row, variable)) in table.iter().zip(basis).enumerate() {
        let (Some(coefficient), Some(limit)) = (row.get(entering), row.last()) else { continue };
        if coefficient.is_positive() {
            let ratio = limit.div(coefficient)?;
            let better = least.as_ref().is_none_or(|(best, first, _)| (&ratio, variable) < (best, first));
            if better {
                least = Some((ratio, *variable, index));
            }
        }
    }
    Ok(least.map(|(_, _, index)| index))
}

fn eliminate(target: &mut [Exact], pivot: &[Exact], column: usize) -> Result<(), AccountError> {
    let factor = target.get(column).cloned().unwrap_or(Exact::ZERO);
    if factor.is_zero() {
        return Ok(());
    }
    for (cell, pivot) in target.iter_mut().zip(pivot) {
        if !pivot.is_zero() {
            *cell = cell.sub(&pivot.mul(&factor)?)?;
        }
    }
    Ok(())
}

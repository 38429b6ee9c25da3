//! Simple additive weighting, with the normalisation that published ranks need.

use endcap_types::Exact;

use super::matrix::{CriterionMatrix, Direction};
use super::ranking::{Best, Ranking};
use crate::error::AccountError;

/// Ranks members by weighted sum (简单加权法, SAW), the highest score best.
///
/// `Σ w·r` with `r = x/max` for a benefit and `r = min/x` for a cost; at most the sum of the weights. Scores do not change when a criterion is
/// multiplied by a positive number. Min–max scaling instead would give other ranks.
///
/// # Errors
///
/// - [`AccountError::NonPositive`] where a figure of a cost is zero or less, or the largest of a benefit is.
/// - [`AccountError::Value`] where a figure outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix, saw};
/// use endcap_types::Exact;
///
/// let criteria = vec![Criterion::benefit(Exact::ratio(3, 4)?), Criterion::cost(Exact::ratio(1, 4)?)];
/// let rows = [[100, 8], [60, 4]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let ranking = saw(&CriterionMatrix::new(criteria, rows)?)?;
/// assert_eq!(ranking.scores(), [Exact::ratio(7, 8)?, Exact::ratio(7, 10)?]); // 0.75·0.6 + 0.25·1 = 0.7
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// MacCrimmon 1968; Hwang and Yoon, Multiple Attribute Decision Making, 1981.
pub fn saw(matrix: &CriterionMatrix) -> Result<Ranking, AccountError> {
    let mut scores = vec![Exact::ZERO; matrix.members()];
    for column in matrix.columns() {
        let (best, _) = column.best_and_worst()?;
        let positive = |what: &str, value: &Exact| {
            let what = format!("{what} of criterion {}", column.position);
            let refused = AccountError::NonPositive { what, value: value.to_string() };
            if value.is_positive() { Ok(()) } else { Err(refused) }
        };
        match column.direction {
            Direction::Benefit => positive("the largest figure", best)?,
            Direction::Cost => positive("the smallest figure", best)?,
        }
        for (score, cell) in scores.iter_mut().zip(&column.cells) {
            let ratio = match column.direction {
                Direction::Benefit => cell.div(best)?,
                Direction::Cost => best.div(cell)?,
            };
            *score = score.add(&ratio.mul(column.weight)?)?;
        }
    }
    Ok(Ranking::new(scores, Best::Highest, Vec::new()))
}

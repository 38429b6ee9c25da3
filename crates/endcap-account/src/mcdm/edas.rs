//! EDAS: how far each member is from the average, above and below.

use endcap_types::Exact;

use super::matrix::{CriterionMatrix, Direction, mean};
use super::ranking::{Best, Ranking, Remark};
use crate::error::AccountError;

/// Ranks members by distance from the average (EDAS评价), scores from 0 to 1, the highest best.
///
/// With `AV` the mean of a criterion: `PDA = max(0, x − AV)/AV`, `NDA = max(0, AV − x)/AV` (exchanged for a cost),
/// `SP = Σ w·PDA`, `SN = Σ w·NDA`, score `½·(SP/max SP + 1 − SN/max SN)`. Where nobody is above average the first part
/// is 0, where nobody is below it the second is 1, and a [`Remark`] says so. Scores do not change when a criterion is
/// multiplied by a positive number or all weights are; they do when a criterion is shifted.
///
/// # Errors
///
/// - [`AccountError::NonPositive`] where the mean of a criterion is zero or less.
/// - [`AccountError::Value`] where a figure outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix, edas};
/// use endcap_types::Exact;
///
/// // Turnover 30, 20, 10 (mean 20) and days late 4, 2, 6 (mean 4), both weighing one half.
/// let criteria = vec![Criterion::benefit(Exact::ONE), Criterion::cost(Exact::ONE)];
/// let rows = [[30, 4], [20, 2], [10, 6]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let ranking = edas(&CriterionMatrix::new(criteria, rows)?)?;
/// assert_eq!(ranking.scores().iter().map(ToString::to_string).collect::<Vec<_>>(), ["1", "1", "0"]);
/// assert_eq!(ranking.standings()[1].tie_group, 2); // half above in turnover, or half less late: an exact tie
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Keshavarz Ghorabaee, Zavadskas, Olfat and Turskis, Multi-criteria inventory classification using a new method of
/// evaluation based on distance from average solution, Informatica 26 (2015) 435–451.
pub fn edas(matrix: &CriterionMatrix) -> Result<Ranking, AccountError> {
    let mut sums = vec![(Exact::ZERO, Exact::ZERO); matrix.members()];
    for column in matrix.columns() {
        let average = mean(&column.cells)?;
        if !average.is_positive() {
            let (what, value) = (format!("the mean of criterion {}", column.position), average.to_string());
            return Err(AccountError::NonPositive { what, value });
        }
        let factor = column.weight.div(&average)?;
        for ((positive, negative), cell) in sums.iter_mut().zip(&column.cells) {
            let above = cell.sub(&average)?;
            let distance = above.abs().mul(&factor)?;
            if above.is_positive() == (column.direction == Direction::Benefit) {
                *positive = positive.add(&distance)?;
            } else {
                *negative = negative.add(&distance)?;
            }
        }
    }
    let largest =
        |pick: fn(&(Exact, Exact)) -> &Exact| sums.iter().map(pick).max().filter(|max| !max.is_zero());
    let (positive, negative) = (largest(|sum| &sum.0), largest(|sum| &sum.1));
    let mut remarks = Vec::new();
    if positive.is_none() {
        remarks.push(Remark::NoPositiveDistance);
    }
    if negative.is_none() {
        remarks.push(Remark::NoNegativeDistance);
    }
    let part = |value: &Exact, max: Option<&Exact>| max.map_or(Ok(Exact::ZERO), |max| value.div(max));
    let score = |(above, below): &(Exact, Exact)| {
        let both = part(above, positive)?.add(&Exact::ONE)?.sub(&part(below, negative)?)?;
        Ok(both.div(&Exact::from_int(2))?)
    };
    let scores = sums.iter().map(score).collect::<Result<Vec<_>, AccountError>>()?;
    Ok(Ranking::new(scores, Best::Highest, remarks))
}

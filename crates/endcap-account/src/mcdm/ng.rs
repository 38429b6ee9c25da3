//! Ng's score: the most favourable average of the leading criteria, without an optimiser.

use endcap_types::Exact;

use super::matrix::CriterionMatrix;
use super::ranking::{Best, Ranking, Remark};
use crate::error::AccountError;

/// The score of one member (Ng得分) and how many leading criteria made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NgScore {
    /// From 0 to 1.
    pub score: Exact,
    /// Number of leading criteria in the best mean, from 1; the smallest that reaches it.
    pub prefix: usize,
}

/// Ng's score of one member (Ng得分): the largest mean of the first `j` normalised figures,
/// `max_j (y_1 + … + y_j)/j`, criteria in descending importance.
///
/// # Errors
///
/// - [`AccountError::Empty`] without figures.
/// - [`AccountError::Value`] where a sum outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::ng_score;
/// use endcap_types::Exact;
///
/// // 0.2, then 1: alone 0.2, together 0.6, with the third 0.4.
/// let best = ng_score(&[Exact::ratio(1, 5)?, Exact::ONE, Exact::ZERO])?;
/// assert_eq!((best.score.to_string().as_str(), best.prefix), ("3/5", 2));
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Ng, A simple classifier for multiple criteria ABC analysis, European Journal of Operational Research 177 (2007) 344–353.
pub fn ng_score(normalised: &[Exact]) -> Result<NgScore, AccountError> {
    let mut best: Option<NgScore> = None;
    let mut sum = Exact::ZERO;
    for (index, value) in normalised.iter().enumerate() {
        sum = sum.add(value)?;
        let prefix = index.saturating_add(1);
        let count = i128::try_from(prefix).map_err(|_| AccountError::Overflow { what: "a count" })?;
        let score = sum.div(&Exact::from_int(count))?;
        if best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(NgScore { score, prefix });
        }
    }
    best.ok_or(AccountError::Empty)
}

/// Ranks members by Ng's score (Ng多指标ABC): each criterion min–max scaled to 0–1, then [`ng_score`].
///
/// The columns must stand in descending importance, and their weights must say so: they serve for nothing else.
/// A constant column scales to 0. Scores do not change when a criterion is rescaled by `a + b·x`, `b > 0`.
///
/// # Errors
///
/// - [`AccountError::NotMonotone`] where a weight is larger than the one before it.
/// - [`AccountError::Value`] where a figure outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix, ng};
/// use endcap_types::Exact;
///
/// let criteria = vec![Criterion::benefit(Exact::ONE), Criterion::benefit(Exact::ONE)];
/// let rows = [[100, 1], [50, 5], [0, 2]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let (ranking, parts) = ng(&CriterionMatrix::new(criteria, rows)?)?;
/// assert_eq!(ranking.scores().iter().map(ToString::to_string).collect::<Vec<_>>(), ["1", "3/4", "1/8"]);
/// assert_eq!(parts[1].prefix, 2); // 50 of 100 alone is 1/2; with the best lead time it is 3/4
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Ng 2007, as [`ng_score`]; the check of the order is a house rule.
pub fn ng(matrix: &CriterionMatrix) -> Result<(Ranking, Vec<NgScore>), AccountError> {
    for (position, pair) in matrix.weights().windows(2).enumerate() {
        if let [before, after] = pair
            && after > before
        {
            return Err(AccountError::NotMonotone {
                what: "the importance of the criteria",
                position: position.saturating_add(1),
                rule: "weights must not rise from one criterion to the next",
            });
        }
    }
    let mut remarks = Vec::new();
    let mut members = vec![Vec::new(); matrix.members()];
    for column in matrix.columns() {
        let scaled = column.min_max()?;
        if scaled.is_none() {
            remarks.push(Remark::ConstantCriterion { criterion: column.position });
        }
        let scaled = scaled.unwrap_or_else(|| vec![Exact::ZERO; matrix.members()]);
        for (member, value) in members.iter_mut().zip(scaled) {
            member.push(value);
        }
    }
    let parts = members.iter().map(|member| ng_score(member)).collect::<Result<Vec<_>, _>>()?;
    let scores = parts.iter().map(|part| part.score.clone()).collect();
    Ok((Ranking::new(scores, Best::Highest, remarks), parts))
}

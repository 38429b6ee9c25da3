//! VIKOR: a compromise between the sum of regrets and the largest one.

use endcap_types::Exact;

use super::matrix::CriterionMatrix;
use super::ranking::{Best, Ranking, Remark};
use crate::error::AccountError;

/// Regrets, ranks and the compromise set (VIKOR结果); slices are in the order of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vikor {
    group_regret: Vec<Exact>,
    largest_regret: Vec<Exact>,
    ranking: Ranking,
    acceptable_advantage: bool,
    acceptable_stability: bool,
    compromise: Vec<usize>,
}

impl Vikor {
    /// `S`: the weighted sum of regrets, from 0 to the sum of the weights.
    #[must_use]
    pub fn group_regret(&self) -> &[Exact] {
        &self.group_regret
    }

    /// `R`: the largest weighted regret, from 0 to the largest weight.
    #[must_use]
    pub fn largest_regret(&self) -> &[Exact] {
        &self.largest_regret
    }

    /// `Q` and the ranks made from it; the lowest is best.
    #[must_use]
    pub const fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// C1: the second is at least `1/(J − 1)` behind the first.
    #[must_use]
    pub const fn acceptable_advantage(&self) -> bool {
        self.acceptable_advantage
    }

    /// C2: the first is also best by `S` or by `R`.
    #[must_use]
    pub const fn acceptable_stability(&self) -> bool {
        self.acceptable_stability
    }

    /// Positions of the members to choose from, best first: one alone if both conditions hold.
    #[must_use]
    pub fn compromise(&self) -> &[usize] {
        &self.compromise
    }
}

/// Ranks members by compromise (VIKOR, 多准则妥协解排序法); `strategy` is the weight `v` of the majority, usually 1/2.
///
/// With `f*` the best and `f⁻` the worst figure of a criterion, `S = Σ w·(f* − x)/(f* − f⁻)`, `R` the largest term,
/// `Q = v·(S − S*)/(S⁻ − S*) + (1 − v)·(R − R*)/(R⁻ − R*)`. A part whose spread is zero counts 0, with a [`Remark`].
/// Of `J` members, C1 and C2 leave the first alone; C1 alone leaves the first two; without C1 all with
/// `Q − Q₁ < 1/(J − 1)` remain. Rescaling a criterion by `a + b·x`, `b > 0`, changes nothing.
///
/// # Errors
///
/// - [`AccountError::OutOfRange`] for a strategy weight below 0 or above 1.
/// - [`AccountError::Value`] where a figure outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix, vikor};
/// use endcap_types::Exact;
///
/// // Risk 1, 2, 5 (less is better) and altitude 3000, 3750, 4500: the middle one is the compromise.
/// let criteria = vec![Criterion::cost(Exact::ratio(1, 2)?), Criterion::benefit(Exact::ratio(1, 2)?)];
/// let rows = [[1, 3000], [2, 3750], [5, 4500]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let result = vikor(&CriterionMatrix::new(criteria, rows)?, &Exact::ratio(1, 2)?)?;
/// assert_eq!(result.group_regret()[1], Exact::ratio(3, 8)?);
/// assert_eq!(result.compromise(), [1]);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Opricovic and Tzeng, Compromise solution by MCDM methods, European Journal of Operational Research 156 (2004)
/// 445–455.
pub fn vikor(matrix: &CriterionMatrix, strategy: &Exact) -> Result<Vikor, AccountError> {
    if strategy.is_negative() || *strategy > Exact::ONE {
        let (what, value) = ("the strategy weight".to_owned(), strategy.to_string());
        return Err(AccountError::OutOfRange { what, value, rule: "it must be from 0 to 1" });
    }
    let mut remarks = Vec::new();
    let mut group_regret = vec![Exact::ZERO; matrix.members()];
    let mut largest_regret = group_regret.clone();
    for column in matrix.columns() {
        let Some(scaled) = column.min_max()? else {
            remarks.push(Remark::ConstantCriterion { criterion: column.position });
            continue;
        };
        for ((sum, largest), scaled) in group_regret.iter_mut().zip(&mut largest_regret).zip(scaled) {
            let regret = Exact::ONE.sub(&scaled)?.mul(column.weight)?;
            *sum = sum.add(&regret)?;
            if regret > *largest {
                *largest = regret;
            }
        }
    }
    if matrix.members() == 1 {
        remarks.push(Remark::SingleMember);
    }
    let by_group = part(&group_regret)?;
    let by_largest = part(&largest_regret)?;
    for (part, remark) in [(&by_group, Remark::EqualGroupRegret), (&by_largest, Remark::EqualLargestRegret)] {
        if part.is_none() && matrix.members() > 1 {
            remarks.push(remark);
        }
    }
    let none = || vec![Exact::ZERO; matrix.members()];
    let (by_group, by_largest) = (by_group.unwrap_or_else(none), by_largest.unwrap_or_else(none));
    let other = Exact::ONE.sub(strategy)?;
    let scores = by_group
        .iter()
        .zip(&by_largest)
        .map(|(group, largest)| Ok(group.mul(strategy)?.add(&largest.mul(&other)?)?))
        .collect::<Result<Vec<_>, AccountError>>()?;
    let ranking = Ranking::new(scores, Best::Lowest, remarks);
    settle(ranking, group_regret, largest_regret)
}

/// `(x − min)/(max − min)`, or `None` where all are equal.
fn part(values: &[Exact]) -> Result<Option<Vec<Exact>>, AccountError> {
    let (Some(low), Some(high)) = (values.iter().min(), values.iter().max()) else { return Ok(None) };
    let range = high.sub(low)?;
    if range.is_zero() {
        return Ok(None);
    }
    let scaled = values.iter().map(|value| Ok(value.sub(low)?.div(&range)?));
    scaled.collect::<Result<Vec<_>, AccountError>>().map(Some)
}

/// The two conditions and the set they leave.
fn settle(
    ranking: Ranking,
    group_regret: Vec<Exact>,
    largest_regret: Vec<Exact>,
) -> Result<Vikor, AccountError> {
    let scores = ranking.scores();
    let mut order: Vec<(usize, usize)> =
        ranking.standings().iter().enumerate().map(|(index, standing)| (standing.rank, index)).collect();
    order.sort_unstable();
    let first = order.first().map(|(_, index)| *index);
    let at = |index: usize| scores.get(index).ok_or(AccountError::Empty);
    let best = at(first.unwrap_or_default())?;
    let gap = i128::try_from(scores.len().saturating_sub(1)).unwrap_or(i128::MAX);
    let mut acceptable_advantage = true;
    let mut near = Vec::new();
    for (position, (_, index)) in order.iter().enumerate() {
        let behind = at(*index)?.sub(best)?;
        let enough = gap > 0 && behind >= Exact::ratio(1, gap)?;
        if position == 1 {
            acceptable_advantage = enough;
        }
        if !enough {
            near.push(*index);
        }
    }
    let least = |values: &[Exact]| first.and_then(|index| values.get(index)) == values.iter().min();
    let acceptable_stability = least(&group_regret) || least(&largest_regret);
    let compromise = match (acceptable_advantage, acceptable_stability) {
        (true, true) => order.iter().take(1).map(|(_, index)| *index).collect(),
        (true, false) => order.iter().take(2).map(|(_, index)| *index).collect(),
        (false, _) => near,
    };
    Ok(Vikor {
        group_regret,
        largest_regret,
        ranking,
        acceptable_advantage,
        acceptable_stability,
        compromise,
    })
}

//! The common input of all methods: members in rows, criteria in columns.

use endcap_types::Exact;

use crate::error::AccountError;

/// Most criteria of one matrix; with it, exact results stay inside the limit of exact numbers for ordinary figures.
pub const MAX_CRITERIA: usize = 24;

/// Whether more is better (指标方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Direction {
    /// More is better, such as turnover.
    Benefit,
    /// Less is better, such as days of payment delay.
    Cost,
}

/// One criterion (评价指标): its direction and its weight, which need not sum to 1 with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Criterion {
    /// Whether more is better.
    pub direction: Direction,
    /// Weight, at least 0.
    pub weight: Exact,
}

impl Criterion {
    /// More is better, with this weight.
    #[must_use]
    pub const fn benefit(weight: Exact) -> Self {
        Self { direction: Direction::Benefit, weight }
    }

    /// Less is better, with this weight.
    #[must_use]
    pub const fn cost(weight: Exact) -> Self {
        Self { direction: Direction::Cost, weight }
    }
}

/// Checked figures of members (决策矩阵): `rows[i][j]` is member `i` under criterion `j`, members in ascending order
/// of id. Figures are exact, so a method that only adds, multiplies and divides gives exact scores and exact ties.
///
/// Weights are used as given: no rank depends on their scale, and of the scores only a weighted sum ([`saw`](crate::saw))
/// and the regrets of [`vikor`](crate::vikor) do, which then end at `Σw` instead of 1.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix};
/// use endcap_types::Exact;
///
/// // Turnover in ten thousand (more is better, weight 3) and days late (less is better, weight 1).
/// let criteria = vec![Criterion::benefit(Exact::from_int(3)), Criterion::cost(Exact::from_int(1))];
/// let rows = [[120, 9], [80, 2]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let matrix = CriterionMatrix::new(criteria, rows)?;
/// assert_eq!((matrix.members(), matrix.weights().len()), (2, 2));
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule; published weights often sum to 0.999 or 1.001, and published scores come from them as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionMatrix {
    directions: Vec<Direction>,
    weights: Vec<Exact>,
    rows: Vec<Vec<Exact>>,
}

impl CriterionMatrix {
    /// Checks criteria and figures.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Empty`] without criteria or without members.
    /// - [`AccountError::OutOfRange`] for more than [`MAX_CRITERIA`] criteria.
    /// - [`AccountError::NegativeInput`] for a weight below zero; [`AccountError::ZeroWeight`] where all are zero.
    /// - [`AccountError::LengthMismatch`] for a row with another number of figures than there are criteria.
    /// - [`AccountError::Value`] where the sum of weights outgrows the limit of exact numbers.
    pub fn new(criteria: Vec<Criterion>, rows: Vec<Vec<Exact>>) -> Result<Self, AccountError> {
        if criteria.is_empty() || rows.is_empty() {
            return Err(AccountError::Empty);
        }
        if criteria.len() > MAX_CRITERIA {
            let (what, value) = ("the number of criteria".to_owned(), criteria.len().to_string());
            return Err(AccountError::OutOfRange { what, value, rule: "at most 24 are allowed" });
        }
        for (position, criterion) in criteria.iter().enumerate() {
            if criterion.weight.is_negative() {
                let (what, value) = (format!("weight of criterion {position}"), criterion.weight.to_string());
                return Err(AccountError::NegativeInput { what, value });
            }
        }
        for row in &rows {
            if row.len() != criteria.len() {
                return Err(AccountError::LengthMismatch {
                    what: "figures of a member",
                    given: row.len(),
                    expected: criteria.len(),
                });
            }
        }
        let sum = Exact::sum(criteria.iter().map(|criterion| &criterion.weight))?;
        if sum.is_zero() {
            return Err(AccountError::ZeroWeight { what: "all criteria together".to_owned() });
        }
        let (directions, weights) =
            criteria.into_iter().map(|criterion| (criterion.direction, criterion.weight)).unzip();
        Ok(Self { directions, weights, rows })
    }

    /// Weights as given, one per criterion.
    #[must_use]
    pub fn weights(&self) -> &[Exact] {
        &self.weights
    }

    /// Directions, one per criterion.
    #[must_use]
    pub fn directions(&self) -> &[Direction] {
        &self.directions
    }

    /// Figures, one row per member.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Exact>] {
        &self.rows
    }

    /// Number of members.
    #[must_use]
    pub fn members(&self) -> usize {
        self.rows.len()
    }

    /// Per criterion: its position, direction, weight and figures.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        self.directions.iter().zip(&self.weights).enumerate().map(|(position, (direction, weight))| Column {
            position,
            direction: *direction,
            weight,
            cells: self.rows.iter().filter_map(|row| row.get(position)).collect(),
        })
    }
}

/// One criterion with the figures of all members.
pub(crate) struct Column<'matrix> {
    pub(crate) position: usize,
    pub(crate) direction: Direction,
    pub(crate) weight: &'matrix Exact,
    pub(crate) cells: Vec<&'matrix Exact>,
}

impl<'matrix> Column<'matrix> {
    /// The figure that is best and the one that is worst in the direction of the criterion.
    pub(crate) fn best_and_worst(&self) -> Result<(&'matrix Exact, &'matrix Exact), AccountError> {
        let high = self.cells.iter().copied().max().ok_or(AccountError::Empty)?;
        let low = self.cells.iter().copied().min().ok_or(AccountError::Empty)?;
        Ok(match self.direction {
            Direction::Benefit => (high, low),
            Direction::Cost => (low, high),
        })
    }

    /// `(x − worst) / (best − worst)` per member, from 0 to 1; `None` for a constant column.
    pub(crate) fn min_max(&self) -> Result<Option<Vec<Exact>>, AccountError> {
        let (best, worst) = self.best_and_worst()?;
        let range = best.sub(worst)?;
        if range.is_zero() {
            return Ok(None);
        }
        let scaled = self.cells.iter().map(|cell| Ok(cell.sub(worst)?.div(&range)?));
        scaled.collect::<Result<Vec<_>, AccountError>>().map(Some)
    }
}

/// The mean of a column.
pub(crate) fn mean(cells: &[&Exact]) -> Result<Exact, AccountError> {
    let members = i128::try_from(cells.len()).map_err(|_| AccountError::Overflow { what: "a count" })?;
    Ok(Exact::sum(cells.iter().copied())?.div(&Exact::from_int(members))?)
}

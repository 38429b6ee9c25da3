//! TOPSIS: near the best, far from the worst. Ranks are exact; only the reported closeness is a floating-point number.
// A square root is irrational: closeness is computed from an exact ratio in `closeness` and nowhere else.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: the results are ratios and logarithms, never money"
)]

use endcap_types::Exact;

use super::matrix::CriterionMatrix;
use super::ranking::{Best, Remark, Standing, rank_by};
use crate::border::nearest_f64;
use crate::error::AccountError;

/// Closeness and standing of all members (TOPSIS结果), in the order of the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Topsis {
    closeness: Vec<f64>,
    farness: Vec<Exact>,
    standings: Vec<Standing>,
    remarks: Vec<Remark>,
}

impl Topsis {
    /// Closeness to the best, `d⁻/(d⁺ + d⁻)`, from 0 to 1.
    #[must_use]
    pub fn closeness(&self) -> &[f64] {
        &self.closeness
    }

    /// What the ranks are made from, exactly: `d⁺²/(d⁺² + d⁻²)`, from 0 (at the best) to 1 (at the worst).
    #[must_use]
    pub fn farness(&self) -> &[Exact] {
        &self.farness
    }

    /// Rank and tie group of each member.
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// Ranks alone, from 1.
    #[must_use]
    pub fn ranks(&self) -> Vec<usize> {
        self.standings.iter().map(|standing| standing.rank).collect()
    }

    /// What the method could not use.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// Ranks members by closeness to the best and distance from the worst (TOPSIS, 逼近理想解排序法).
///
/// Each criterion is divided by its length `√Σx²` and weighted; `d⁺` and `d⁻` are the Euclidean distances to the best
/// and worst figures of all criteria, and closeness is `C = d⁻/(d⁺ + d⁻)`. Squares of both distances are rational, so
/// members are ranked by `d⁺²/(d⁺² + d⁻²)`, which falls as `C` rises: ranks and ties do not depend on floating point or
/// on the order of summation. Multiplying a criterion by a positive number changes nothing; shifting it does.
///
/// # Errors
///
/// - [`AccountError::Degenerate`] where all members are equal in every weighted criterion.
/// - [`AccountError::Value`] where a figure outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::{Criterion, CriterionMatrix, topsis};
/// use endcap_types::Exact;
///
/// // Lengths 5 and 10: scaled (0.6, 0.6) and (0.8, 0.8); the second is best in turnover and worst in lateness.
/// let criteria = vec![Criterion::benefit(Exact::ONE), Criterion::cost(Exact::ONE)];
/// let rows = [[3, 6], [4, 8]].map(|row| row.map(Exact::from_int).to_vec()).to_vec();
/// let result = topsis(&CriterionMatrix::new(criteria, rows)?)?;
/// assert_eq!(result.closeness(), [0.5, 0.5]);
/// assert_eq!(result.standings()[0].tie_group, 2);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Hwang and Yoon, Multiple Attribute Decision Making, 1981 (vector normalisation).
pub fn topsis(matrix: &CriterionMatrix) -> Result<Topsis, AccountError> {
    let mut remarks = Vec::new();
    let mut distances = vec![(Exact::ZERO, Exact::ZERO); matrix.members()];
    for column in matrix.columns() {
        let (best, worst) = column.best_and_worst()?;
        if best == worst {
            remarks.push(Remark::ConstantCriterion { criterion: column.position });
            continue;
        }
        let mut squares = Exact::ZERO;
        for cell in &column.cells {
            squares = squares.add(&cell.mul(cell)?)?;
        }
        let factor = column.weight.mul(column.weight)?.div(&squares)?;
        for ((to_best, to_worst), cell) in distances.iter_mut().zip(&column.cells) {
            *to_best = to_best.add(&square(&cell.sub(best)?)?.mul(&factor)?)?;
            *to_worst = to_worst.add(&square(&cell.sub(worst)?)?.mul(&factor)?)?;
        }
    }
    let degenerate = AccountError::Degenerate { members: matrix.members() };
    let farness = distances
        .iter()
        .map(|(to_best, to_worst)| {
            let both = to_best.add(to_worst)?;
            if both.is_zero() { Err(degenerate.clone()) } else { Ok(to_best.div(&both)?) }
        })
        .collect::<Result<Vec<_>, AccountError>>()?;
    let closeness = farness.iter().map(closeness).collect::<Result<Vec<_>, _>>()?;
    let standings = rank_by(&farness, Best::Lowest);
    Ok(Topsis { closeness, farness, standings, remarks })
}

fn square(value: &Exact) -> Result<Exact, AccountError> {
    Ok(value.mul(value)?)
}

/// `√(1−q) / (√q + √(1−q))` for `q` from 0 to 1; the divisor is at least 1.
fn closeness(farness: &Exact) -> Result<f64, AccountError> {
    let (far, near) = (nearest_f64(farness).sqrt(), nearest_f64(&Exact::ONE.sub(farness)?).sqrt());
    Ok(near / (far + near))
}

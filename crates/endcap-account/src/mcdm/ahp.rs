//! AHP: weights from pairwise judgements, and whether the judgements agree with each other.
// The principal eigenvector of a matrix is irrational in general: judgements cross the border once, in `Judgements::priorities`.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: the results are ratios and logarithms, never money"
)]

use endcap_types::Exact;
use rust_decimal::Decimal;

use crate::border::nearest_f64;
use crate::error::AccountError;

/// Most things compared with each other: random indices are published consistently up to ten.
pub const MAX_JUDGED: usize = 10;
/// Largest judgement; the smallest is its reciprocal. Saaty's verbal scale ends at 9, measured ratios may go further.
pub const MAX_JUDGEMENT: u32 = 100;

/// Mean consistency index of random matrices of 1 to 10 things.
const RANDOM_INDEX: [f64; MAX_JUDGED] = [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];
/// The consistency ratio up to which judgements are accepted.
const ACCEPTED_RATIO: f64 = 0.10;
/// Squarings of the matrix: 2²⁰ power steps. The projective contraction of a positive matrix with entries up to 100 is at
/// most 1 − 2/10 001 a step (Birkhoff), so what is left of the start is below 10⁻⁹⁰.
const SQUARINGS: u32 = 20;

/// Whether the judgements may be used (一致性结论).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consistency {
    /// One or two things: judgements cannot contradict each other.
    NotApplicable,
    /// The consistency ratio is at most 0.10.
    Consistent,
    /// The consistency ratio is above 0.10: judge again, the worst judgement first.
    Inconsistent,
}

/// Checked pairwise judgements (判断矩阵): entry `(i, j)` says how many times `i` matters as much as `j`.
///
/// # Examples
///
/// ```
/// use endcap_account::{Consistency, Judgements};
/// use endcap_types::Exact;
///
/// // Habit 2 : power 4 : loyalty 1 would be consistent; here power against loyalty was judged 3 instead of 4.
/// let judged = [["1", "1/2", "2"], ["2", "1", "3"], ["1/2", "1/3", "1"]];
/// let rows = judged.iter().map(|row| row.iter().map(|text| text.parse()).collect::<Result<Vec<Exact>, _>>());
/// let priorities = Judgements::new(rows.collect::<Result<Vec<_>, _>>()?)?.priorities();
/// assert_eq!(priorities.consistency(), Consistency::Consistent);
/// let weights: Vec<String> = priorities.weights().iter().map(|weight| format!("{weight:.4}")).collect();
/// assert_eq!(weights, ["0.2970", "0.5396", "0.1634"]);
/// assert!((priorities.lambda_max() - 3.0092).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Saaty, Decision making with the analytic hierarchy process, International Journal of Services Sciences 1 (2008) 83–98.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgements(Vec<Vec<Exact>>);

impl Judgements {
    /// Checks a square matrix of judgements.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Empty`] without judgements; [`AccountError::LengthMismatch`] where it is not square.
    /// - [`AccountError::OutOfRange`] for more than [`MAX_JUDGED`] things, or a judgement above [`MAX_JUDGEMENT`] or
    ///   below its reciprocal.
    /// - [`AccountError::NonPositive`] for a judgement of zero or less.
    /// - [`AccountError::NotReciprocal`] where `a(i, j)·a(j, i)` is not 1; on the diagonal `a(i, i)` must be 1.
    pub fn new(rows: Vec<Vec<Exact>>) -> Result<Self, AccountError> {
        if rows.is_empty() {
            return Err(AccountError::Empty);
        }
        if rows.len() > MAX_JUDGED {
            let (what, value) = ("the number of things judged".to_owned(), rows.len().to_string());
            return Err(AccountError::OutOfRange { what, value, rule: "at most 10 have a random index" });
        }
        let most = Exact::from_int(i128::from(MAX_JUDGEMENT));
        let least = most.reciprocal()?;
        for (row, cells) in rows.iter().enumerate() {
            if cells.len() != rows.len() {
                return Err(AccountError::LengthMismatch {
                    what: "judgements in a row",
                    given: cells.len(),
                    expected: rows.len(),
                });
            }
            for (column, cell) in cells.iter().enumerate() {
                let what = format!("judgement ({row}, {column})");
                if !cell.is_positive() {
                    return Err(AccountError::NonPositive { what, value: cell.to_string() });
                }
                if *cell > most || *cell < least {
                    let rule = "it must be from 1/100 to 100";
                    return Err(AccountError::OutOfRange { what, value: cell.to_string(), rule });
                }
            }
        }
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().skip(row) {
                let mirror = rows.get(column).and_then(|cells| cells.get(row)).unwrap_or(cell);
                if cell.mul(mirror)? != Exact::ONE {
                    let (value, mirror) = (cell.to_string(), mirror.to_string());
                    return Err(AccountError::NotReciprocal { row, column, value, mirror });
                }
            }
        }
        Ok(Self(rows))
    }

    /// Weights, consistency and the most inconsistent judgement.
    ///
    /// The weights are the principal right eigenvector, scaled to sum 1; `λ` is its eigenvalue,
    /// `CI = (λ − n)/(n − 1)`, `CR = CI/RI`. Judgements that agree exactly give `λ = n` and `CR = 0` exactly. Otherwise
    /// sums run in the order of the rows: another order of things changes the last digits, not more.
    #[must_use]
    pub fn priorities(&self) -> Priorities {
        let matrix: Vec<Vec<f64>> = self.0.iter().map(|row| row.iter().map(nearest_f64).collect()).collect();
        let size = small(matrix.len());
        let agree = self.agree();
        let weights = if agree {
            // Every column is the eigenvector.
            scaled_to_one(matrix.iter().filter_map(|row| row.first().copied()).collect())
        } else {
            eigenvector(&matrix)
        };
        let geometric =
            scaled_to_one(matrix.iter().map(|row| row.iter().product::<f64>().powf(1.0 / size)).collect());
        let lambda_max = if agree { size } else { eigenvalue(&matrix, &weights) };
        let others = size - 1.0;
        let index = if others > 0.0 { ((lambda_max - size) / others).max(0.0) } else { 0.0 };
        let random = RANDOM_INDEX.get(matrix.len().saturating_sub(1)).copied().unwrap_or(0.0);
        let ratio = if random > 0.0 { index / random } else { 0.0 };
        let consistency = if random == 0.0 {
            Consistency::NotApplicable
        } else if ratio <= ACCEPTED_RATIO {
            Consistency::Consistent
        } else {
            Consistency::Inconsistent
        };
        let worst = worst(&matrix, &weights);
        Priorities { weights, geometric, lambda_max, index, ratio, consistency, worst }
    }

    /// Whether `a(i, j) = a(i, 0)·a(0, j)` throughout.
    fn agree(&self) -> bool {
        let first = self.0.first();
        self.0.iter().all(|row| {
            let expected = |other: &Exact| row.first().and_then(|own| own.mul(other).ok());
            row.iter()
                .zip(first.into_iter().flatten())
                .all(|(cell, other)| expected(other).as_ref() == Some(cell))
        })
    }
}

/// Weights from judgements, and how far the judgements can be trusted (层次分析结果).
#[derive(Debug, Clone, PartialEq)]
pub struct Priorities {
    weights: Vec<f64>,
    geometric: Vec<f64>,
    lambda_max: f64,
    index: f64,
    ratio: f64,
    consistency: Consistency,
    worst: Option<(usize, usize)>,
}

impl Priorities {
    /// Weights that sum to 1: the principal eigenvector.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Weights by geometric means of the rows, the usual approximation; the same up to three things.
    #[must_use]
    pub fn geometric_weights(&self) -> &[f64] {
        &self.geometric
    }

    /// The principal eigenvalue, at least the number of things.
    #[must_use]
    pub const fn lambda_max(&self) -> f64 {
        self.lambda_max
    }

    /// `CI`, at least 0.
    #[must_use]
    pub const fn consistency_index(&self) -> f64 {
        self.index
    }

    /// `CR`, at least 0; 0 where it does not apply.
    #[must_use]
    pub const fn consistency_ratio(&self) -> f64 {
        self.ratio
    }

    /// Whether the judgements may be used.
    #[must_use]
    pub const fn consistency(&self) -> Consistency {
        self.consistency
    }

    /// The judgement `(i, j)` furthest above the ratio of its weights, `max a(i, j)·w_j/w_i`; `None` where all agree.
    #[must_use]
    pub const fn most_inconsistent(&self) -> Option<(usize, usize)> {
        self.worst
    }

    /// The weights with twelve decimals, as exact numbers for a [`Criterion`](crate::Criterion).
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutOfRange`] where a weight cannot be written so; no judgement inside the limits gives one.
    pub fn exact_weights(&self) -> Result<Vec<Exact>, AccountError> {
        let exact = |weight: &f64| {
            let text = format!("{weight:.12}");
            text.parse::<Decimal>().map(Exact::from_decimal).map_err(|_| AccountError::OutOfRange {
                what: "a weight".to_owned(),
                value: text,
                rule: "it must be from 0 to 1",
            })
        };
        self.weights.iter().map(exact).collect()
    }
}

fn small(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn scaled_to_one(mut values: Vec<f64>) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    values.iter_mut().for_each(|value| *value /= sum);
    values
}

/// Row sums of a high power of the matrix, by repeated squaring. All entries stay positive, so nothing cancels.
fn eigenvector(matrix: &[Vec<f64>]) -> Vec<f64> {
    let mut power = matrix.to_vec();
    for _ in 0..SQUARINGS {
        let columns = transpose(&power);
        let mut square: Vec<Vec<f64>> =
            power.iter().map(|row| columns.iter().map(|column| dot(row, column)).collect()).collect();
        let largest = square.iter().flatten().copied().fold(0.0, f64::max);
        square.iter_mut().flatten().for_each(|cell| *cell /= largest);
        power = square;
    }
    let weights = scaled_to_one(power.iter().map(|row| row.iter().sum()).collect());
    // One step with the matrix itself takes out what rounding left.
    scaled_to_one(matrix.iter().map(|row| dot(row, &weights)).collect())
}

fn eigenvalue(matrix: &[Vec<f64>], weights: &[f64]) -> f64 {
    // The weights sum to 1, so the sum of A·w is λ.
    matrix.iter().map(|row| dot(row, weights)).sum()
}

fn transpose(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..rows.len()).map(|column| rows.iter().filter_map(|row| row.get(column).copied()).collect()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn worst(matrix: &[Vec<f64>], weights: &[f64]) -> Option<(usize, usize)> {
    // What is within rounding of 1 agrees.
    let mut largest = 1.0 + 1e-9;
    let mut worst = None;
    for (row, (cells, own)) in matrix.iter().zip(weights).enumerate() {
        for (column, (cell, other)) in cells.iter().zip(weights).enumerate() {
            let error = cell * other / own;
            if error > largest {
                (largest, worst) = (error, Some((row, column)));
            }
        }
    }
    worst
}

//! Limits that the data itself suggests.

use endcap_types::Exact;

use super::checked_sum;
use super::scheme::Class;
use crate::error::AccountError;
use crate::minor::MinorUnits;

/// Sizes of the classes A, B and C read off the curve (数据驱动分界), in numbers of members from the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataLimits {
    /// The point of the curve nearest to "nobody has everything": least distance to (0, 1).
    pub pareto: usize,
    /// The last member that is not below average.
    pub break_even: usize,
    /// Members in A: the smaller of the two.
    pub size_a: usize,
    /// Members in A and B: from the larger of the two on, the point nearest to (larger of the two, 1).
    pub size_a_and_b: usize,
}

impl DataLimits {
    /// The class of the member with this rank, from 1 (see [`Placement::rank`](crate::Placement::rank)).
    #[must_use]
    pub const fn class_of_rank(&self, rank: usize) -> Class {
        if rank <= self.size_a {
            Class::A
        } else if rank <= self.size_a_and_b {
            Class::B
        } else {
            Class::C
        }
    }
}

/// Limits from the data (数据驱动ABC分界): `values[i]` is member `i` in minor units, in any order.
///
/// On the points `(k/n, cum_k/V)` of members from the largest: the Pareto point is nearest to (0, 1), the break-even
/// point is the last `k` with `v_k ≥ V/n`. A ends at the smaller, `B` begins to count at the larger, `x`, and ends at
/// the point nearest to `(x, 1)` at or behind it. Of equal distances the smallest `k` counts. Distances are compared
/// exactly, by their squares.
///
/// # Errors
///
/// - [`AccountError::Empty`] without members; [`AccountError::NegativeValue`] for a value below zero.
/// - [`AccountError::ZeroTotal`] where all values are zero; [`AccountError::Overflow`] where a sum outgrows 128 bits.
/// - [`AccountError::Value`] where a distance outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::data_limits;
///
/// // Two of ten members make 80 % and nobody else reaches the average of 10.
/// let limits = data_limits(&[50_i64, 30, 5, 5, 4, 2, 1, 1, 1, 1])?;
/// assert_eq!((limits.pareto, limits.break_even), (2, 2));
/// assert_eq!((limits.size_a, limits.size_a_and_b), (2, 3));
/// assert_eq!(limits.class_of_rank(3).letter(), 'B');
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Ultsch and Lötsch, Computed ABC analysis for rational selection of most informative variables in multivariate data,
/// PLoS ONE 10 (2015) e0129767; here on the points themselves, without the splines of the authors' program.
pub fn data_limits<V: MinorUnits>(values: &[V]) -> Result<DataLimits, AccountError> {
    if values.is_empty() {
        return Err(AccountError::Empty);
    }
    let mut sorted: Vec<i128> = values.iter().map(|value| value.widen()).collect();
    if let Some(position) = sorted.iter().position(|value| *value < 0) {
        let value = sorted.get(position).copied().unwrap_or_default();
        return Err(AccountError::NegativeValue { member: format!("at position {position}"), value });
    }
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let total = checked_sum(sorted.iter().copied())?;
    if total == 0 {
        return Err(AccountError::ZeroTotal);
    }
    let curve = Curve { members: exact(sorted.len())?, total: Exact::from_int(total) };
    let mut cum = 0_i128;
    let mut rests = Vec::with_capacity(sorted.len());
    let mut break_even = 0_usize;
    for (index, value) in sorted.iter().enumerate() {
        cum = cum.saturating_add(*value);
        rests.push(total.saturating_sub(cum));
        // v·n ≥ V; the values descend, so the last one counts.
        if Exact::from_int(*value).mul(&curve.members)? >= curve.total {
            break_even = index.saturating_add(1);
        }
    }
    let pareto = curve.nearest(&rests, 0, 0)?;
    let (size_a, from) = (pareto.min(break_even), pareto.max(break_even));
    let size_a_and_b = curve.nearest(&rests, from, from.saturating_sub(1))?;
    Ok(DataLimits { pareto, break_even, size_a, size_a_and_b })
}

struct Curve {
    members: Exact,
    total: Exact,
}

impl Curve {
    /// The `k` of the point nearest to `(x/n, 1)`, at or behind index `first`; `rests[k − 1]` is `V − cum_k`.
    fn nearest(&self, rests: &[i128], x: usize, first: usize) -> Result<usize, AccountError> {
        let mut nearest: Option<(Exact, usize)> = None;
        for (index, rest) in rests.iter().enumerate().skip(first) {
            let k = index.saturating_add(1);
            let along = exact(k)?.sub(&exact(x)?)?.mul(&self.total)?;
            let up = Exact::from_int(*rest).mul(&self.members)?;
            let distance = along.mul(&along)?.add(&up.mul(&up)?)?;
            if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
                nearest = Some((distance, k));
            }
        }
        nearest.map(|(_, k)| k).ok_or(AccountError::Empty)
    }
}

fn exact(count: usize) -> Result<Exact, AccountError> {
    let count = i128::try_from(count).map_err(|_| AccountError::Overflow { what: "a count" })?;
    Ok(Exact::from_int(count))
}

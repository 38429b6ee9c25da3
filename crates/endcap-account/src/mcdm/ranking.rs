//! The common answer of all methods: scores, ranks, tie groups, and what the method could not use.

use core::cmp::Ordering;

use endcap_types::Exact;

use crate::abc::Class;
use crate::error::AccountError;

/// Which end of the scores is the best (排序方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Best {
    /// The highest score ranks first.
    Highest,
    /// The lowest score ranks first.
    Lowest,
}

/// Where a member stands (名次).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Ordinal rank from 1; equal scores stand in the order of the input, which is ascending by id.
    pub rank: usize,
    /// Members with the same score, itself included.
    pub tie_group: usize,
}

/// What a method found unusable and how it went on (退化说明): the formulas divide by a spread that is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remark {
    /// All members have the same figure here; the criterion adds nothing.
    ConstantCriterion {
        /// Position of the criterion, from 0.
        criterion: usize,
    },
    /// No member is above average in anything: the positive part is 0 for all.
    NoPositiveDistance,
    /// No member is below average in anything: the negative part is 1 for all.
    NoNegativeDistance,
    /// All members have the same weighted sum of regrets: that part is 0.
    EqualGroupRegret,
    /// All members have the same largest regret: that part is 0.
    EqualLargestRegret,
    /// There is one member only; it is best by default.
    SingleMember,
}

/// Scores and standings of all members (排名结果), in the order of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    scores: Vec<Exact>,
    standings: Vec<Standing>,
    remarks: Vec<Remark>,
}

impl Ranking {
    pub(crate) fn new(scores: Vec<Exact>, best: Best, remarks: Vec<Remark>) -> Self {
        let standings = rank_by(&scores, best);
        Self { scores, standings, remarks }
    }

    /// Exact scores.
    #[must_use]
    pub fn scores(&self) -> &[Exact] {
        &self.scores
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

    /// Classes by rank (按名次分级): the first `sizes[0]` members are A, the next `sizes[1]` B, and so on; the rest is
    /// the class after the last size.
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutOfRange`] for more than 25 sizes.
    ///
    /// # Source
    ///
    /// House rule; Flores and Whybark's 47 items are published as 10 A, 14 B, 23 C.
    pub fn classes(&self, sizes: &[usize]) -> Result<Vec<Class>, AccountError> {
        if sizes.len() > crate::abc::MAX_CUTS {
            let (what, value) = ("the number of class sizes".to_owned(), sizes.len().to_string());
            return Err(AccountError::OutOfRange {
                what,
                value,
                rule: "at most 25 sizes make classes A to Z",
            });
        }
        let ends: Vec<usize> = sizes
            .iter()
            .scan(0_usize, |end, size| {
                *end = end.saturating_add(*size);
                Some(*end)
            })
            .collect();
        let class = |standing: &Standing| Class::from_count(ends.partition_point(|end| standing.rank > *end));
        Ok(self.standings.iter().map(class).collect())
    }
}

/// Ranks members by score (排名): best is 1, equal scores in the order of the input, tie groups reported.
///
/// # Examples
///
/// ```
/// use endcap_account::{Best, rank_by};
///
/// let standings = rank_by(&[3, 9, 3], Best::Highest);
/// assert_eq!(standings.iter().map(|at| (at.rank, at.tie_group)).collect::<Vec<_>>(), [(2, 2), (1, 1), (3, 2)]);
/// ```
///
/// # Source
///
/// House rule: a rank never depends on the order of the input among different scores.
#[must_use]
pub fn rank_by<T: Ord>(scores: &[T], best: Best) -> Vec<Standing> {
    let compare = |a: &T, b: &T| match best {
        Best::Highest => b.cmp(a),
        Best::Lowest => a.cmp(b),
    };
    let mut order: Vec<(usize, &T)> = scores.iter().enumerate().collect();
    order.sort_by(|a, b| compare(a.1, b.1).then(a.0.cmp(&b.0)));
    let mut standings = vec![Standing { rank: 0, tie_group: 0 }; scores.len()];
    let mut rank = 0_usize;
    for group in order.chunk_by(|a, b| compare(a.1, b.1) == Ordering::Equal) {
        for (index, _) in group {
            rank = rank.saturating_add(1);
            if let Some(slot) = standings.get_mut(*index) {
                *slot = Standing { rank, tie_group: group.len() };
            }
        }
    }
    standings
}

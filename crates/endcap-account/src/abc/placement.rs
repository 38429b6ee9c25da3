//! What a classification says about each member and each class, and why.

use super::scheme::{Class, TiePolicy};
use crate::error::AccountError;
use endcap_types::Exact;

/// Why a member is in its class (归级理由): numbers, not text; cuts are positions among the limits, from 0.
///
/// # Source
///
/// House rule: a class can be recomputed from its reason, the shares and the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case", tag = "rule"))]
#[non_exhaustive]
pub enum Reason {
    /// Prior and cumulative share lie strictly between the same two limits.
    Within,
    /// `prior < c·V < cum`; the exclusive convention sends the member up.
    CrossedUp {
        /// The first limit crossed.
        cut: usize,
    },
    /// `prior < c·V < cum`; an inclusive convention sends the member down.
    CrossedDown {
        /// The last limit crossed.
        cut: usize,
    },
    /// `cum = c·V`.
    EndsAtCut {
        /// The limit.
        cut: usize,
    },
    /// `prior = c·V`.
    StartsAtCut {
        /// The limit.
        cut: usize,
    },
    /// The tie policy moved the member.
    Tie {
        /// Members of the same value.
        group: usize,
        /// The policy that moved it.
        policy: TiePolicy,
        /// The class it had by id order.
        by_id: Class,
    },
    /// The value is zero and the total is not.
    ZeroValue,
    /// The total is zero: there are no shares.
    ZeroTotal,
    /// The net total is below zero: shares would change sign.
    NegativeTotal,
    /// The value is below zero.
    NegativeValue,
}

/// Where one member stands (归级结果); amounts in minor units (or members, by count).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Placement {
    /// The class.
    pub class: Class,
    /// Ordinal rank from 1, ties by id.
    pub rank: usize,
    /// Members of the same value, itself included.
    pub tie_group: usize,
    /// The value as given.
    pub value: i128,
    /// What it weighs in the shares after the policies.
    pub counted: i128,
    /// The weight strictly ahead of it.
    pub prior: i128,
    /// The weight ahead of it and its own.
    pub cum: i128,
    /// Why.
    pub reason: Reason,
}

/// One class (等级汇总); amounts in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClassTotal {
    /// The class.
    pub class: Class,
    /// Number of members.
    pub members: usize,
    /// Sum of their values as given.
    pub value: i128,
    /// Sum of their weights; over all classes this is the total.
    pub counted: i128,
    /// Lowest value as given; `None` in an empty class.
    pub lowest: Option<i128>,
}

/// The result of a classification (分级结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    pub(crate) total: i128,
    pub(crate) placements: Vec<Placement>,
    pub(crate) classes: Vec<ClassTotal>,
}

impl Classification {
    /// `V`: the sum of all weights, in minor units (or members, by count).
    #[must_use]
    pub const fn total(&self) -> i128 {
        self.total
    }

    /// One placement per member, in the order of the input.
    #[must_use]
    pub fn placements(&self) -> &[Placement] {
        &self.placements
    }

    /// One total per class, A first; classes without members are there too.
    #[must_use]
    pub fn classes(&self) -> &[ClassTotal] {
        &self.classes
    }

    /// The exact share `counted / V` of a class.
    ///
    /// # Errors
    ///
    /// - [`AccountError::ZeroTotal`] where `V` is zero.
    pub fn share(&self, class: &ClassTotal) -> Result<Exact, AccountError> {
        Exact::ratio(class.counted, self.total).map_err(|_| AccountError::ZeroTotal)
    }

    /// Positions of the members by rank: `result[0]` is the position in the input of the member ranked first.
    #[must_use]
    pub fn ranking(&self) -> Vec<usize> {
        let mut ranking = vec![0_usize; self.placements.len()];
        for (index, placement) in self.placements.iter().enumerate() {
            if let Some(slot) = ranking.get_mut(placement.rank.saturating_sub(1)) {
                *slot = index;
            }
        }
        ranking
    }
}

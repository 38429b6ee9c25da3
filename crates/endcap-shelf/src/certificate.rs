//! How far from the best a plan can be: a pair of bounds, and whether they meet.

use endcap_types::{Exact, TypesError};

/// Whether the two bounds of a [`Certificate`] meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Status {
    /// Proven: no plan earns more.
    Optimal,
    /// Feasible: the best plan earns at most the upper bound, which is above this one.
    Feasible,
}

/// Proof of quality (最优性证明): the plan earns `lower`, and no plan at all earns more than `upper`.
///
/// Both are in the unit of the profits that were put in. `gap = upper − lower ≥ 0`, and `gap = 0` exactly when the status
/// is [`Status::Optimal`].
///
/// # Examples
///
/// ```
/// use endcap_shelf::{mckp, Status};
/// let shelf = [[(0, 0), (9, 90), (10, 101)].as_slice(), &[(0, 0), (10, 100)], &[(0, 0), (1, 1)]];
/// let classes: Vec<Vec<mckp::Item>> =
///     shelf.iter().map(|class| class.iter().map(|&(width, profit)| mckp::Item { width, profit }).collect()).collect();
/// let best = mckp::solve(&classes, 19, &mckp::Budget::default())?;
/// assert_eq!((best.certificate.lower(), best.certificate.upper()), (190, 190));
/// assert_eq!(best.certificate.status(), Status::Optimal);
/// # Ok::<(), endcap_shelf::ShelfError>(())
/// ```
///
/// # Source
///
/// House rule: a plan without a bound is an opinion. The bound is the linear relaxation or better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Certificate {
    lower: i64,
    upper: i64,
}

impl Certificate {
    /// Bounds that hold: an upper one under the lower is lifted to it.
    pub(crate) fn new(lower: i64, upper: i64) -> Self {
        Self { lower, upper: upper.max(lower) }
    }

    /// What the plan earns, in profit units.
    #[must_use]
    pub const fn lower(&self) -> i64 {
        self.lower
    }

    /// What no plan can exceed, in profit units.
    #[must_use]
    pub const fn upper(&self) -> i64 {
        self.upper
    }

    /// `upper − lower`, in profit units.
    #[must_use]
    pub const fn gap(&self) -> i64 {
        self.upper.saturating_sub(self.lower)
    }

    /// [`Status::Optimal`] when the bounds meet.
    #[must_use]
    pub const fn status(&self) -> Status {
        if self.gap() == 0 { Status::Optimal } else { Status::Feasible }
    }

    /// The gap as a share of the upper bound: `gap ÷ max(1, |upper|)`, exact.
    ///
    /// # Errors
    ///
    /// - None in practice: the divisor is at least one and both fit an [`Exact`].
    pub fn gap_ratio(&self) -> Result<Exact, TypesError> {
        let divisor = i128::from(self.upper).abs().max(1);
        Exact::ratio(i128::from(self.gap()), divisor)
    }
}

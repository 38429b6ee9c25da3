//! Points from measures, and the value × potential grid.

use endcap_types::Exact;

use crate::abc::Class;
use crate::error::AccountError;

/// Points by bands of a measure (得分区间): from each threshold on, that many points.
///
/// # Examples
///
/// ```
/// use endcap_account::PointBands;
/// use endcap_types::Exact;
///
/// // Orders a month: below 2 nothing, from 2 on 40 points, from 4 on 70, from 8 on 100.
/// let steps = [(2, 40), (4, 70), (8, 100)].map(|(from, points)| (Exact::from_int(from), Exact::from_int(points)));
/// let bands = PointBands::new(Exact::ZERO, steps.to_vec())?;
/// assert_eq!(bands.points(&Exact::ratio(39, 10)?), &Exact::from_int(40));
/// assert_eq!(bands.points(&Exact::from_int(4)), &Exact::from_int(70));
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointBands {
    below: Exact,
    steps: Vec<(Exact, Exact)>,
}

impl PointBands {
    /// `below` applies under the first threshold; each `(from, points)` from its threshold on. Points may rise or fall
    /// with the measure, but not both.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NotMonotone`] where a threshold is not above the one before it, or points turn around.
    /// - [`AccountError::OutOfRange`] for points below 0 or above 100.
    pub fn new(below: Exact, steps: Vec<(Exact, Exact)>) -> Result<Self, AccountError> {
        let all: Vec<&Exact> =
            core::iter::once(&below).chain(steps.iter().map(|(_, points)| points)).collect();
        if let Some(points) =
            all.iter().find(|points| points.is_negative() || ***points > Exact::from_int(100))
        {
            let (what, rule) = ("the points of a band".to_owned(), "points are from 0 to 100");
            return Err(AccountError::OutOfRange { what, value: points.to_string(), rule });
        }
        let turned = |position: usize, rule| {
            let what = "a series of bands";
            Err(AccountError::NotMonotone { what, position, rule })
        };
        for (position, pair) in steps.windows(2).enumerate() {
            if let [(before, _), (from, _)] = pair
                && from <= before
            {
                return turned(position.saturating_add(1), "each threshold must be above the one before it");
            }
        }
        let falls = all.first() > all.last();
        for (position, pair) in all.windows(2).enumerate() {
            if let [before, after] = pair
                && before != after
                && (before > after) != falls
            {
                return turned(position, "points must only rise or only fall");
            }
        }
        Ok(Self { below, steps })
    }

    /// The points of one measured value.
    #[must_use]
    pub fn points(&self, measured: &Exact) -> &Exact {
        let reached = self.steps.partition_point(|(from, _)| from <= measured);
        reached.checked_sub(1).and_then(|at| self.steps.get(at)).map_or(&self.below, |(_, points)| points)
    }
}

/// A coarse reading of value or potential (高中低).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Level {
    /// The upper third of the scale.
    High,
    /// The middle of the scale.
    Medium,
    /// The lower third of the scale.
    Low,
}

impl Level {
    /// All levels, best first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    const fn position(self) -> usize {
        match self {
            Self::High => 0,
            Self::Medium => 1,
            Self::Low => 2,
        }
    }
}

/// Classes by value and potential (价值潜力矩阵): `cells[value][potential]`, both from high to low.
///
/// # Examples
///
/// ```
/// use endcap_account::{Level, PotentialGrid};
///
/// let grid = PotentialGrid::default();
/// assert_eq!(grid.class(Level::Medium, Level::High).letter(), 'A'); // medium now, but it will grow
/// assert_eq!(grid.class(Level::Low, Level::High).letter(), 'B');
/// assert_eq!(grid.class(Level::Low, Level::Medium).letter(), 'C');
/// ```
///
/// # Source
///
/// House rule after the course outline: A is high value, B medium with potential, C low value and low frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PotentialGrid([[Class; 3]; 3]);

impl PotentialGrid {
    /// A grid of one's own.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NotMonotone`] where less value or less potential gives a better class; the position counts
    ///   cells row by row.
    pub fn new(cells: [[Class; 3]; 3]) -> Result<Self, AccountError> {
        let grid = Self(cells);
        for (row, value) in Level::ALL.into_iter().enumerate() {
            for (column, potential) in Level::ALL.into_iter().enumerate() {
                let better =
                    |level: Level| level.position().checked_sub(1).and_then(|at| Level::ALL.get(at).copied());
                let class = grid.class(value, potential);
                let above = better(value).map(|value| grid.class(value, potential));
                let beside = better(potential).map(|potential| grid.class(value, potential));
                if above.into_iter().chain(beside).any(|neighbour| neighbour > class) {
                    return Err(AccountError::NotMonotone {
                        what: "the value and potential grid",
                        position: row.saturating_mul(3).saturating_add(column),
                        rule: "less value or less potential must not give a better class",
                    });
                }
            }
        }
        Ok(grid)
    }

    /// The class of an account.
    #[must_use]
    pub const fn class(&self, value: Level, potential: Level) -> Class {
        let [high, medium, low] = self.0;
        let [rich, some, poor] = match value {
            Level::High => high,
            Level::Medium => medium,
            Level::Low => low,
        };
        match potential {
            Level::High => rich,
            Level::Medium => some,
            Level::Low => poor,
        }
    }
}

impl Default for PotentialGrid {
    /// High value, or medium value with high potential: A. Low value without high potential: C. Otherwise B.
    fn default() -> Self {
        let (a, b, c) = (Class::A, Class::B, Class::C);
        Self([[a, a, a], [a, b, b], [b, c, c]])
    }
}

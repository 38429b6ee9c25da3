//! The decisions behind a classification, each an enum with one default.

use super::cutoffs::Cutoffs;

/// A class (等级): 0 is A, the best.
///
/// # Source
///
/// Dickie 1951, "ABC Inventory Analysis Shoots for Dollars, not Pennies"; more than three classes are a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Class(pub(crate) u8);

impl Class {
    /// The best class.
    pub const A: Self = Self(0);
    /// The class after A.
    pub const B: Self = Self(1);
    /// The class after B.
    pub const C: Self = Self(2);

    /// The class with this position, 0 is A; `None` above 25.
    #[must_use]
    pub const fn new(position: u8) -> Option<Self> {
        if position < 26 { Some(Self(position)) } else { None }
    }

    /// The class of a letter A to Z, or `None`.
    #[must_use]
    pub const fn from_letter(letter: char) -> Option<Self> {
        if letter.is_ascii_uppercase() {
            #[allow(clippy::as_conversions, reason = "an ASCII letter fits a byte")]
            let byte = letter as u8;
            Self::new(byte.saturating_sub(b'A'))
        } else {
            None
        }
    }

    /// Position among the classes, 0 is A.
    #[must_use]
    pub const fn position(self) -> u8 {
        self.0
    }

    /// The letter, A to Z.
    #[must_use]
    pub fn letter(self) -> char {
        char::from(b'A'.saturating_add(self.0))
    }

    pub(crate) fn from_count(count: usize) -> Self {
        Self(u8::try_from(count).unwrap_or(u8::MAX))
    }
}

impl core::fmt::Display for Class {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "{}", self.letter())
    }
}

/// Which share decides a class (归级规则). With `prior` the values ahead of a member, `cum = prior + value`, total `V`:
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Convention {
    /// `#{k : prior ≥ c_k·V}`: the member that crosses a limit goes to the higher class, so the largest is always A.
    #[default]
    PrefixExclusive,
    /// `#{k : cum > c_k·V}`: a member's own share counts; ending exactly at a limit stays in the higher class.
    InclusiveLe,
    /// `#{k : cum ≥ c_k·V}`: as before, but ending exactly at a limit falls to the lower class.
    InclusiveLt,
}

/// What happens to members of equal value (并列处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TiePolicy {
    /// Ties are broken by id, ascending.
    #[default]
    ById,
    /// The whole group takes the class of its first member.
    Promote,
    /// The whole group takes the class of its last member.
    Demote,
}

/// What happens to values below zero, such as net returns (负值处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NegativePolicy {
    /// Refuse them.
    #[default]
    Error,
    /// Count them as 0 in total and order; the original value stays in the output.
    ClampZero,
    /// Leave them out of the total, place them behind all others, in the last class.
    LastClass,
    /// Count them as they are: the total is the true net total, they come last and are in the last class.
    Net,
}

/// What a member weighs in the shares (计量口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Measure {
    /// Its value.
    #[default]
    Value,
    /// One: limits are shares of the number of members; the order is still by value.
    Count,
}

/// A complete set of decisions (分级方案); the default is 80/95 by value, prefix-exclusive, ties by id, no negatives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
pub struct Scheme {
    /// Class limits.
    pub cutoffs: Cutoffs,
    /// Which share decides.
    pub convention: Convention,
    /// What happens to equal values.
    pub ties: TiePolicy,
    /// What happens to values below zero.
    pub negatives: NegativePolicy,
    /// What a member weighs.
    pub measure: Measure,
}

impl Scheme {
    /// The default decisions with these limits.
    #[must_use]
    pub fn with_cutoffs(cutoffs: Cutoffs) -> Self {
        Self { cutoffs, ..Self::default() }
    }

    /// The last class of the scheme.
    #[must_use]
    pub fn last_class(&self) -> Class {
        Class::from_count(self.cutoffs.cuts().len())
    }
}

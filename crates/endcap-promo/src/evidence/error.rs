//! Why an estimate cannot be given, named after the rule that was broken.

/// A broken rule of the evidence half (证据), with the offending value and the limit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// Two things that go together have different lengths.
    #[error("{what} has {found} entries, expected {expected}")]
    Shape {
        /// Which argument.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it goes with.
        expected: usize,
    },
    /// A number that is not one.
    #[error("{what}[{at}] is {value}, expected a finite number")]
    NotFinite {
        /// Which argument.
        what: &'static str,
        /// Position.
        at: usize,
        /// The value.
        value: f64,
    },
    /// Too few observations, periods, units or clusters.
    #[error("{have} {what}, at least {need} needed")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// More of something than the method enumerates.
    #[error("{have} {what}, at most {limit} allowed")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// The limit.
        limit: usize,
    },
    /// An effect the data cannot separate from the others (无法估计).
    #[error("the effect of {column} is not estimable: {why}")]
    NotEstimable {
        /// The column, by name.
        column: String,
        /// Why.
        why: Inestimable,
    },
    /// A matrix that must be positive definite is not.
    #[error("{what} is not positive definite: pivot {pivot}")]
    NotPositiveDefinite {
        /// Which matrix.
        what: &'static str,
        /// The first pivot that is not positive.
        pivot: f64,
    },
    /// A parameter is out of range.
    #[error("{parameter} is {value}, expected {expected}")]
    Parameter {
        /// The parameter, by name.
        parameter: &'static str,
        /// Its value, as text.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// An iteration did not reach its tolerance.
    #[error("{what} did not converge in {iterations} rounds")]
    NotConverged {
        /// Which iteration.
        what: &'static str,
        /// Rounds done.
        iterations: usize,
    },
    /// A series that never changes teaches nothing about its noise.
    #[error("{what} never varies")]
    Constant {
        /// Which series.
        what: &'static str,
    },
    /// The spread of placebos needs more controls than treated units.
    #[error("{controls} controls for {treated} treated: a placebo spread needs more controls than treated")]
    ControlsNotMore {
        /// Untreated units.
        controls: usize,
        /// Treated units.
        treated: usize,
    },
    /// A logarithm of a value that has none.
    #[error("{what}[{at}] is {value}: a logarithm needs a value above zero, aggregate such weeks first")]
    NotPositive {
        /// Which argument.
        what: &'static str,
        /// Position.
        at: usize,
        /// The value.
        value: f64,
    },
}

/// Why an effect cannot be estimated (无法估计的原因).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Inestimable {
    /// The column never varies (从未变化).
    NoVariation,
    /// The column is a combination of the ones before it (与其他变量共线).
    Collinear,
    /// Fixed effects of units or periods swallow it (被固定效应吸收).
    Absorbed,
}

impl core::fmt::Display for Inestimable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoVariation => "it never varies",
            Self::Collinear => "it is a combination of the other columns",
            Self::Absorbed => "the fixed effects absorb it",
        })
    }
}

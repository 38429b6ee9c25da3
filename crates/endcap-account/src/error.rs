//! What can be wrong with an input of this crate: one variant per rule.

/// Every way a function of this crate can refuse its input (错误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// Class limits must be strictly increasing, above 0 and at most 1.
    #[error("class limit {position} is {cut}: {rule}")]
    InvalidCuts {
        /// Position of the offending limit, from 0.
        position: usize,
        /// The limit as it was given.
        cut: String,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The same id was given twice.
    #[error("id {id:?} is given more than once")]
    DuplicateId {
        /// The repeated id.
        id: String,
    },
    /// A value below zero where the chosen policy allows none.
    #[error(
        "member {member} has the negative value {value} (minor units): choose a policy for negative values first"
    )]
    NegativeValue {
        /// Position or id of the member.
        member: String,
        /// Its value in minor units.
        value: i128,
    },
    /// Shares of nothing do not exist.
    #[error("there are no members")]
    Empty,
    /// Shares of a total of zero do not exist.
    #[error("the total is zero, so there are no shares")]
    ZeroTotal,
    /// A percentage of this total would turn gains into losses.
    #[error("the total is {total} (minor units); a percentage of it needs a positive total")]
    NonPositiveTotal {
        /// The total in minor units.
        total: i128,
    },
    /// The measure compares members with each other and needs more of them.
    #[error("{members} member(s) given; this measure needs at least {needed}")]
    TooFewMembers {
        /// How many there are.
        members: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A position on a curve lies outside it.
    #[error("position {position} is outside {limit}")]
    OutsideCurve {
        /// The position as asked for.
        position: String,
        /// The range that the curve covers.
        limit: &'static str,
    },
    /// A sum does not fit a 128-bit integer.
    #[error("{what} does not fit 128 bits")]
    Overflow {
        /// The quantity that does not fit.
        what: &'static str,
    },
    /// Slices that describe the same rows must have the same length.
    #[error("{what}: {given} entries given, {expected} expected")]
    LengthMismatch {
        /// Which slice.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length of the slice it goes with.
        expected: usize,
    },
    /// A group number lies outside the state.
    #[error("row {row} belongs to group {group}, but the state has {groups} groups")]
    UnknownGroup {
        /// The row, from 0.
        row: usize,
        /// Its group number.
        group: usize,
        /// Number of groups in the state.
        groups: usize,
    },
    /// Practical capacity must be above zero.
    #[error("practical capacity is {capacity}; it must be above zero")]
    NonPositiveCapacity {
        /// The capacity as given.
        capacity: String,
    },
    /// Unit times, volumes and costs supplied must not be negative.
    #[error("{what} is {value}; it must not be negative")]
    NegativeInput {
        /// Which input.
        what: String,
        /// Its value.
        value: String,
    },
    /// A volume names an activity that the pool does not define.
    #[error("activity {activity:?} is not defined by the pool")]
    UnknownActivity {
        /// The activity as named.
        activity: String,
    },
    /// A hysteresis setting is outside its limits.
    #[error("{what} is {value}; {rule}")]
    InvalidHysteresis {
        /// Which setting.
        what: &'static str,
        /// Its value.
        value: String,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Points are missing where the scorecard allows no gap.
    #[error("{criterion:?} has no answer: choose a policy for missing points first")]
    Missing {
        /// The criterion or gate without an answer.
        criterion: String,
    },
    /// Nothing is left to weigh.
    #[error("every criterion is missing")]
    AllMissing,
    /// A must-pass gate failed; no points outweigh that.
    #[error("gate {gate:?} failed, so there is no score")]
    GateFailed {
        /// The gate.
        gate: String,
    },
    /// A weight of zero, or weights that sum to zero, decide nothing.
    #[error("the weight of {what} is zero")]
    ZeroWeight {
        /// Whose weight.
        what: String,
    },
    /// An answer names a criterion or gate that is not defined.
    #[error("{name:?} is not a criterion or gate of the scorecard")]
    UnknownCriterion {
        /// The name as given.
        name: String,
    },
    /// A number is outside the range its rule allows.
    #[error("{what} is {value}; {rule}")]
    OutOfRange {
        /// Which number.
        what: String,
        /// Its value.
        value: String,
        /// The range.
        rule: &'static str,
    },
    /// Steps that must rise or fall in one direction do not.
    #[error("{what} breaks at position {position}; {rule}")]
    NotMonotone {
        /// Which series.
        what: &'static str,
        /// Position of the offending entry, from 0.
        position: usize,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A judgement and its mirror must multiply to 1.
    #[error("judgement ({row}, {column}) is {value} but its mirror is {mirror}; their product must be 1")]
    NotReciprocal {
        /// Row from 0.
        row: usize,
        /// Column from 0.
        column: usize,
        /// The judgement.
        value: String,
        /// The one across the diagonal.
        mirror: String,
    },
    /// A number must be above zero.
    #[error("{what} is {value}; it must be above zero")]
    NonPositive {
        /// Which number.
        what: String,
        /// Its value.
        value: String,
    },
    /// A part is larger than its whole.
    #[error("{part_name} ({part}) cannot exceed {whole_name} ({whole})")]
    Inconsistent {
        /// What the part is.
        part_name: &'static str,
        /// The part.
        part: String,
        /// What the whole is.
        whole_name: &'static str,
        /// The whole.
        whole: String,
    },
    /// The members are alike in all that counts, so nothing ranks them.
    #[error("all {members} members are equal in every weighted criterion, so nothing ranks them")]
    Degenerate {
        /// How many there are.
        members: usize,
    },
    /// A customer-value model refused its input or its data.
    #[error(transparent)]
    Customer(#[from] crate::value::ValueError),
    /// An amount, id or exact number broke a rule of its type.
    #[error(transparent)]
    Value(#[from] endcap_types::TypesError),
}

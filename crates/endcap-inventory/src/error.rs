//! What can be wrong with an input of this crate: one variant per rule.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::order::pieces;

/// Every way a function of this crate can refuse its input (错误). Rows and positions count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError {
    /// A count that cannot be negative is.
    #[error("{column}, row {row}: {value} is negative")]
    NegativeInput {
        /// Which column or argument.
        column: &'static str,
        /// Which row.
        row: usize,
        /// The value.
        value: i64,
    },
    /// A count that must be at least one is not.
    #[error("{column}, row {row}: {value} is not at least 1")]
    NotPositive {
        /// Which column or argument.
        column: &'static str,
        /// Which row.
        row: usize,
        /// The value.
        value: i64,
    },
    /// A count is beyond its limit.
    #[error("{column}, row {row}: {value} is above the limit of {limit}")]
    AboveLimit {
        /// Which column or argument.
        column: &'static str,
        /// Which row.
        row: usize,
        /// The value.
        value: i64,
        /// The limit.
        limit: i64,
    },
    /// Slices that describe the same rows have different lengths.
    #[error("{column}: {given} entries given, {expected} expected")]
    LengthMismatch {
        /// Which slice.
        column: &'static str,
        /// Its length.
        given: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A group number lies outside the state.
    #[error("row {row} belongs to group {group}, but there are {groups} groups")]
    UnknownGroup {
        /// The row.
        row: usize,
        /// Its group number.
        group: usize,
        /// Number of groups.
        groups: usize,
    },
    /// A result does not fit its integer.
    #[error("{what} does not fit 64 bits")]
    Overflow {
        /// Which quantity.
        what: &'static str,
    },
    /// A stored line states a closing stock or variance that its movements do not give.
    #[error(
        "the line states a closing stock of {stated} or a variance that do not follow from its movements, which give {computed}"
    )]
    DoesNotClose {
        /// Closing stock as stored.
        stated: i64,
        /// Closing stock as computed.
        computed: i64,
    },
    /// Stock grew without a delivery: the counts or the receipts are wrong (数据矛盾).
    #[error(
        "row {row}: sell-out is {}; stock grew without a delivery, check count and receipts", pieces(*.sell_out)
    )]
    NegativeSellOut {
        /// The row.
        row: usize,
        /// The sell-out the data imply.
        sell_out: i64,
    },
    /// An order was asked for on a negative stock.
    #[error("row {row}: stock on hand is {}; count it before ordering", pieces(*.on_hand))]
    NegativeStock {
        /// The row.
        row: usize,
        /// The stock.
        on_hand: i64,
    },
    /// More pieces are unusable than there are.
    #[error("row {row}: {} unusable of {on_hand} on hand", pieces(*.unusable))]
    UnusableAboveStock {
        /// The row.
        row: usize,
        /// Pieces that cannot be sold.
        unusable: i64,
        /// Pieces on hand.
        on_hand: i64,
    },
    /// A pallet is not a whole number of cases.
    #[error("row {row}: a pallet of {} is not a whole number of cases of {case_pack}", pieces(*.pallet))]
    PalletNotCases {
        /// The row.
        row: usize,
        /// Pieces on the pallet.
        pallet: i64,
        /// Pieces in a case.
        case_pack: i64,
    },
    /// A safety stock in days needs a daily rate, and this demand has none.
    #[error("safety stock is given in days, but the demand is not a daily rate")]
    SafetyDaysWithoutRate,
    /// The sales multiple is outside its range or too precise.
    #[error(
        "sales multiple {factor}: expected more than 0, at most {limit}, with at most {decimals} decimals"
    )]
    FactorOutOfRange {
        /// The multiple.
        factor: Decimal,
        /// The largest allowed.
        limit: i64,
        /// Most decimals allowed.
        decimals: u32,
    },
    /// A chain of stock periods has no period.
    #[error("no stock periods to chain")]
    EmptyChain,
    /// A period does not begin on the day its predecessor ends.
    #[error("stock period {position} begins on {start}, the one before ends on {end}")]
    PeriodsNotAdjacent {
        /// Position of the later period.
        position: usize,
        /// Its first day.
        start: NaiveDate,
        /// The day after the last of the earlier period.
        end: NaiveDate,
    },
    /// A period does not open with what its predecessor closed with.
    #[error("stock period {position} opens with {opening}, the one before closes with {expected}")]
    BreakInChain {
        /// Position of the later period.
        position: usize,
        /// Its opening stock.
        opening: i64,
        /// What it should be.
        expected: i64,
    },
    /// The count of a period is needed and missing.
    #[error("stock period {position} was not counted")]
    NotCounted {
        /// Position of the period.
        position: usize,
    },
    /// A decimal that cannot be negative is.
    #[error("{what}, position {position}: {value} is negative")]
    NegativeDecimal {
        /// Which argument.
        what: &'static str,
        /// Which position.
        position: usize,
        /// The value.
        value: Decimal,
    },
    /// Turns of an empty stock do not exist.
    #[error("mean stock is not above zero, so it has no turns")]
    NoStock,
    /// A statistic is NaN or infinite.
    #[error("{what} is {value}, not a finite number")]
    NotFinite {
        /// Which argument.
        what: &'static str,
        /// The value as text.
        value: String,
    },
    /// A statistic is outside its range.
    #[error("{what} is {value}, expected {range}")]
    OutOfRange {
        /// Which argument.
        what: &'static str,
        /// The value.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
    /// No safety stock reaches the goal.
    #[error("no safety stock reaches the goal: {why}")]
    NoSolution {
        /// Why not.
        why: &'static str,
    },
    /// Class limits are not in order.
    #[error("class limits {first} and {second}: {rule}")]
    InvalidCuts {
        /// The first limit.
        first: Decimal,
        /// The second limit.
        second: Decimal,
        /// The rule they break.
        rule: &'static str,
    },
    /// The same id was given twice.
    #[error("id {id:?} is given more than once")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A band table has a gap, an overlap or a threshold beyond the life it is for.
    #[error("near-expiry band {position}: {rule}")]
    InvalidBands {
        /// Position of the band.
        position: usize,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// No band covers this shelf life.
    #[error("no near-expiry band covers a shelf life of {life_days} days")]
    NoBand {
        /// The shelf life.
        life_days: i64,
    },
    /// A batch expires before it was made.
    #[error("made on {made_on}, after its last sellable day {expires_on}")]
    MadeAfterExpiry {
        /// Day of manufacture.
        made_on: NaiveDate,
        /// Last sellable day.
        expires_on: NaiveDate,
    },
    /// A model refused its input.
    #[error(transparent)]
    Model(#[from] crate::models::ModelError),
    /// A value was refused by the types below.
    #[error(transparent)]
    Types(#[from] endcap_types::TypesError),
}

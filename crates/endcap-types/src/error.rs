//! What can be wrong with a value, named after the rule it breaks.

use rust_decimal::Decimal;

use crate::vat::VatSplit;
use crate::{Currency, Money, Unit};

/// Why a value was refused. Each variant carries the offending value and the limit it broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypesError {
    /// The code is not in the ISO 4217 table of this crate.
    #[error("unknown currency {code:?}: expected an ISO 4217 code such as CNY")]
    UnknownCurrency {
        /// What was given.
        code: String,
    },
    /// Two amounts of different currencies met in one operation.
    #[error("currencies differ: {left} and {right}")]
    CurrencyMismatch {
        /// Currency of the left operand.
        left: Currency,
        /// Currency of the right operand.
        right: Currency,
    },
    /// The amount is beyond [`MAX_MINOR`](crate::limits::MAX_MINOR).
    #[error("amount out of range: at most 10^36 - 1 minor units of {currency} either sign")]
    AmountOutOfRange {
        /// Currency of the result.
        currency: Currency,
    },
    /// The text is not an amount.
    #[error(
        "not an amount: {text:?}, expected digits with an optional sign and decimal point, such as -1234.50"
    )]
    InvalidAmount {
        /// What was given.
        text: String,
    },
    /// The value has more decimals than its type can hold without rounding.
    #[error("too many decimals: {value} has {decimals}, at most {limit} allowed")]
    TooPrecise {
        /// What was given.
        value: String,
        /// Its significant decimals.
        decimals: u32,
        /// How many are allowed.
        limit: u32,
    },
    /// A denominator or divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The exact value needs more than [`MAX_EXACT_BITS`](crate::limits::MAX_EXACT_BITS).
    #[error("exact value too large: {bits} bits, at most {limit}")]
    ExactTooLarge {
        /// Bits needed.
        bits: u64,
        /// Bits allowed.
        limit: u64,
    },
    /// The rounded value does not fit the integer or decimal asked for.
    #[error("the rounded value does not fit the number asked for")]
    IntegerOutOfRange,
    /// The text is not an exact value.
    #[error("not an exact value: {text:?}, expected an integer or a fraction such as -345/2")]
    InvalidExact {
        /// What was given.
        text: String,
    },
    /// The rate is beyond [`MAX_RATE_PERCENT`](crate::limits::MAX_RATE_PERCENT).
    #[error("rate out of range: {percent}%, at most {limit}% either sign")]
    RateOutOfRange {
        /// The rate in percent.
        percent: Decimal,
        /// The limit in percent.
        limit: i64,
    },
    /// The text is not a rate with its unit.
    #[error("not a rate: {text:?}, expected a number with its unit, such as 2.75%, 27.5‰ or 275bp")]
    InvalidRate {
        /// What was given.
        text: String,
    },
    /// A rate that must not be negative is.
    #[error("rate must not be negative here: {percent}%")]
    NegativeRate {
        /// The rate in percent.
        percent: Decimal,
    },
    /// The quantity is beyond [`MAX_QUANTITY`](crate::limits::MAX_QUANTITY).
    #[error("quantity out of range: {amount}, at most {limit} either sign")]
    QuantityOutOfRange {
        /// The amount.
        amount: Decimal,
        /// The limit.
        limit: i64,
    },
    /// A counted unit was given a fraction.
    #[error("{amount} {unit} is not a whole number")]
    FractionalCount {
        /// The amount.
        amount: Decimal,
        /// The unit.
        unit: Unit,
    },
    /// The text is not a quantity with its unit.
    #[error("not a quantity: {text:?}, expected a number and a unit, such as 12 pc, 3 cs, 1.25 kg or 0.75 l")]
    InvalidQuantity {
        /// What was given.
        text: String,
    },
    /// Two units met that cannot be combined.
    #[error("units differ: {left} and {right}")]
    UnitMismatch {
        /// Unit of the left operand.
        left: Unit,
        /// Unit of the right operand.
        right: Unit,
    },
    /// The case pack is zero or too large.
    #[error("case pack out of range: {pieces} pieces, expected 1 to {limit}")]
    CasePackOutOfRange {
        /// Pieces given.
        pieces: u32,
        /// The limit.
        limit: u32,
    },
    /// The price is negative or beyond [`MAX_PRICE`](crate::limits::MAX_PRICE).
    #[error("price out of range: {per_unit}, expected 0 to {limit}")]
    PriceOutOfRange {
        /// The price per unit.
        per_unit: Decimal,
        /// The limit.
        limit: i64,
    },
    /// The rounding step is zero.
    #[error("rounding step must be at least one minor unit")]
    ZeroStep,
    /// An allocation has no keys.
    #[error("nothing to allocate to: no keys")]
    NoKeys,
    /// An allocation has too many keys.
    #[error("too many keys: {count}, at most {limit}")]
    TooManyKeys {
        /// Keys given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// An allocation names a key twice.
    #[error("key {key} is given twice")]
    DuplicateKey {
        /// The key, as its `Debug` text.
        key: String,
    },
    /// A weight is negative.
    #[error("weight of key {key} is negative: {weight}")]
    NegativeWeight {
        /// The key, as its `Debug` text.
        key: String,
        /// The weight.
        weight: Decimal,
    },
    /// All weights of an allocation are zero.
    #[error("all weights are zero")]
    ZeroWeights,
    /// The amount to allocate is not a multiple of the step.
    #[error("{minor} minor units are not a multiple of the step of {step}")]
    NotOnStep {
        /// The amount in minor units.
        minor: i128,
        /// The step in minor units.
        step: u64,
    },
    /// A tax split was read whose net and tax do not sum to its gross.
    #[error("net + tax is not gross: {net_tax_gross:?}")]
    UnbalancedTax {
        /// The three amounts read.
        net_tax_gross: Box<[Money; 3]>,
    },
    /// The tax of a document was read whose rate groups do not sum to its total.
    #[error("the rate groups sum to {groups}, the stated total is {stated}")]
    TaxTotalDiffers {
        /// The total as stated.
        stated: Box<VatSplit>,
        /// The sum of the groups.
        groups: Box<VatSplit>,
    },
    /// The id is empty, too long, or holds a control character or outer space.
    #[error("invalid {kind} id {text:?}: {reason}")]
    InvalidId {
        /// Which id type.
        kind: &'static str,
        /// What was given.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

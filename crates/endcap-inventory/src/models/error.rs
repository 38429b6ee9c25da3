//! What can be wrong with the input of a model: one variant per rule.

/// Every way a model can refuse its input (模型错误). Positions count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A number is NaN or infinite.
    #[error("{what} is {value}, not a finite number")]
    NotFinite {
        /// Which argument.
        what: &'static str,
        /// The value as text.
        value: String,
    },
    /// A number that cannot be negative is.
    #[error("{what} is {value}, expected at least 0")]
    Negative {
        /// Which argument.
        what: &'static str,
        /// The value.
        value: f64,
    },
    /// A number that must be more than zero is not.
    #[error("{what} is {value}, expected more than 0")]
    NotPositive {
        /// Which argument.
        what: &'static str,
        /// The value.
        value: f64,
    },
    /// A number is outside its range.
    #[error("{what} is {value}, expected {range}")]
    OutOfRange {
        /// Which argument.
        what: &'static str,
        /// The value.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
    /// A number of pieces or periods is not whole.
    #[error("{what} is {value}, expected a whole number")]
    NotAnInteger {
        /// Which argument.
        what: &'static str,
        /// The value.
        value: f64,
    },
    /// A list is empty.
    #[error("{what} is empty")]
    Empty {
        /// Which list.
        what: &'static str,
    },
    /// Lists that belong together differ in length.
    #[error("{what}: {given} entries given, {expected} expected")]
    LengthMismatch {
        /// Which list.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length it must have.
        expected: usize,
    },
    /// Production is no faster than demand, so stock never builds up.
    #[error("production rate {production} is not above the demand rate {demand}")]
    ProductionNotAboveDemand {
        /// Pieces made per unit of time.
        production: f64,
        /// Pieces asked for per unit of time.
        demand: f64,
    },
    /// The first price break is not at zero.
    #[error("the first price break is at {first}, expected 0")]
    BreaksNotFromZero {
        /// Where it is.
        first: f64,
    },
    /// Price breaks do not rise.
    #[error("price break {position} at {value} is not above {previous}")]
    BreaksNotIncreasing {
        /// Position of the break.
        position: usize,
        /// Where it is.
        value: f64,
        /// Where the one before is.
        previous: f64,
    },
    /// Unit prices do not fall.
    #[error("price {position} of {value} is not below {previous}")]
    PricesNotDecreasing {
        /// Position of the price.
        position: usize,
        /// The price.
        value: f64,
        /// The price before.
        previous: f64,
    },
    /// Revenue, purchase cost and salvage value are not in falling order.
    #[error(
        "revenue {revenue}, purchase cost {purchase}, salvage value {salvage}: expected in falling order"
    )]
    PricesNotOrdered {
        /// Revenue of a piece sold.
        revenue: f64,
        /// Cost of a piece bought.
        purchase: f64,
        /// Worth of a piece left.
        salvage: f64,
    },
    /// The masses of a distribution do not sum to one.
    #[error("probabilities sum to {sum}, expected 1 within 1e-9")]
    MassNotOne {
        /// Their sum.
        sum: f64,
    },
    /// A negative binomial demand needs a variance above its mean.
    #[error("mean {mean} is not below the variance {variance}")]
    MeanNotBelowVariance {
        /// The mean.
        mean: f64,
        /// The variance.
        variance: f64,
    },
    /// A point lies outside the support of the distribution, in the strict form of a loss.
    #[error("{x} lies outside the support of the distribution")]
    OutsideSupport {
        /// The point.
        x: f64,
    },
    /// The change of the purchase cost is too large for a one-period view.
    #[error("net purchase cost {net} is not between −{holding} and {shortage}")]
    NotMyopic {
        /// This period's cost − discounted cost of the next.
        net: f64,
        /// Holding cost.
        holding: f64,
        /// Shortage cost.
        shortage: f64,
    },
    /// A cost was asked for that no level can reach.
    #[error("no level costs {cost}: the least cost is {least}")]
    BelowLeastCost {
        /// The cost asked for.
        cost: f64,
        /// The least there is.
        least: f64,
    },
    /// The reorder point is not below the order-up-to level.
    #[error("reorder point {reorder} is not below the order-up-to level {up_to}")]
    ReorderNotBelowLevel {
        /// Reorder point.
        reorder: i64,
        /// Order-up-to level.
        up_to: i64,
    },
    /// A supply network is not a tree over its stages.
    #[error("the network is not a tree: {why}")]
    NotATree {
        /// What is wrong.
        why: &'static str,
    },
    /// A stage number does not exist.
    #[error("stage {stage} does not exist: there are {stages}")]
    UnknownStage {
        /// The number.
        stage: usize,
        /// How many stages there are.
        stages: usize,
    },
    /// A problem is larger than its limit.
    #[error("{what} is {value}, above the limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its value.
        value: u64,
        /// The limit.
        limit: u64,
    },
    /// There is no answer.
    #[error("no solution: {why}")]
    NoSolution {
        /// Why not.
        why: &'static str,
    },
}

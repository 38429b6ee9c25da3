//! What can be wrong in customer value: histories, parameters, fits.

/// Every way a customer-value model can refuse (客户价值错误); a member of [`AccountError`](crate::AccountError).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// A model parameter outside its domain.
    #[error("parameter {name} of {model} is {value}; it must be above zero and finite")]
    InvalidParameter {
        /// The model.
        model: &'static str,
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: String,
    },
    /// A purchase history that no customer can have.
    #[error("{what} is {value}; {rule}")]
    InvalidHistory {
        /// Which part of the history.
        what: &'static str,
        /// Its value.
        value: String,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Spend per transaction must be above zero wherever there are transactions.
    #[error("mean spend is {value} over {transactions} transaction(s); {rule}")]
    InvalidSpend {
        /// The mean as given.
        value: String,
        /// How many transactions it is the mean of.
        transactions: u32,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The mean of a heavy tail does not exist.
    #[error("q is {q}: without transactions the mean spend exists only for q above 1")]
    UndefinedMean {
        /// The shape of the tail.
        q: String,
    },
    /// A duration, rate or setting outside its range.
    #[error("{what} is {value}; {rule}")]
    InvalidSetting {
        /// Which setting.
        what: &'static str,
        /// Its value.
        value: String,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// There is nobody to fit a model to.
    #[error("{model} cannot be fitted: {rule}")]
    NoData {
        /// The model.
        model: &'static str,
        /// What is missing.
        rule: &'static str,
    },
    /// A result that floating point cannot hold.
    #[error("{what} is beyond the range of floating point")]
    OutOfFloat {
        /// Which result.
        what: &'static str,
    },
    /// A special function did not settle within its budget.
    #[error("{function} did not settle at ({arguments})")]
    NotSettled {
        /// The function.
        function: &'static str,
        /// Its arguments.
        arguments: String,
    },
    /// The search stopped before the gradient vanished.
    #[error(
        "{model} did not converge: gradient {gradient_norm} per customer after {iterations} iterations; best {best}"
    )]
    NotConverged {
        /// The model.
        model: &'static str,
        /// Largest entry of the gradient in log-parameters, per customer.
        gradient_norm: String,
        /// Iterations of the best start.
        iterations: u32,
        /// The best parameters found.
        best: String,
    },
    /// The likelihood rises without end towards a parameter of zero or infinity.
    #[error(
        "{model} has no maximum inside its domain: {parameter} runs to {value}; the data do not inform it (a penalty, or another model, would)"
    )]
    AtBoundary {
        /// The model.
        model: &'static str,
        /// The parameter that runs away.
        parameter: &'static str,
        /// Where the search stopped following it.
        value: String,
    },
    /// Several parameter sets fit equally well.
    #[error(
        "{model} is not identified: condition number {condition} at {best} (a penalty, or another model, would help)"
    )]
    Unidentified {
        /// The model.
        model: &'static str,
        /// Condition number of the curvature, or that it is not positive.
        condition: String,
        /// The parameters found.
        best: String,
    },
}

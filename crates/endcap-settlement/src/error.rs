//! What can go wrong, named after the rule it breaks.

use chrono::NaiveDate;
use endcap_calendar::{CalendarError, Period};
use endcap_types::{
    ClauseId, ContractId, Currency, DocumentId, Money, PromotionId, Quantity, Rate, SkuId, StatementId,
    TaxBasis, TypesError,
};

use crate::batch::BatchError;
use crate::compare::CompareError;
use crate::compliance::ComplianceError;
use crate::credit::CreditError;
use crate::lifecycle::LifecycleError;
use crate::reconcile::{ClaimState, ReconcileError, Side};
use crate::{ClauseKind, FactError, Problem, TraceId};

/// Why a contract, a set of facts or a statement was refused, with the offending value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettlementError {
    /// The contract breaks rules; every broken rule is listed.
    #[error("the contract breaks {} rule(s): {}", problems.len(), join(problems))]
    InvalidContract {
        /// All problems, in the order of the document.
        problems: Vec<Problem>,
    },
    /// A tier table breaks rules; every broken rule is listed.
    #[error("the tier table breaks {} rule(s): {}", problems.len(), join(problems))]
    InvalidTiers {
        /// All problems, in order of the tiers.
        problems: Vec<Problem>,
    },
    /// The settlement period has no day in the validity of the contract.
    #[error("period {period} has no day in the validity {valid} of contract {contract}")]
    PeriodOutsideContract {
        /// The contract.
        contract: ContractId,
        /// The period asked for.
        period: Period,
        /// Validity of the contract.
        valid: Period,
    },
    /// A fact is in another currency than the contract.
    #[error("{fact} is in {currency}, the contract is in {expected}")]
    FactCurrency {
        /// The fact.
        fact: String,
        /// Its currency.
        currency: Currency,
        /// The contract's currency.
        expected: Currency,
    },
    /// A scope asks for the category or brand of an SKU that the facts do not describe.
    #[error("SKU {sku} has no product record, but a scope or rate asks for its category or brand")]
    UnknownProduct {
        /// The SKU.
        sku: SkuId,
    },
    /// One SKU has two different product records.
    #[error("SKU {sku} has two different product records")]
    ProductConflict {
        /// The SKU.
        sku: SkuId,
    },
    /// An occasion names a clause that the contract does not have.
    #[error("occasion {document} names clause {clause}, which the contract does not have")]
    UnknownClause {
        /// The clause named.
        clause: ClauseId,
        /// The occasion.
        document: DocumentId,
    },
    /// Promotion money for which the contract has no funding clause.
    #[error("promotion {promotion} brings {kind} money, but no clause of that kind funds promotions")]
    UnclaimedFunding {
        /// The promotion.
        promotion: PromotionId,
        /// The kind of money.
        kind: ClauseKind,
    },
    /// Sold goods without a supply price.
    #[error("no supply price for {quantity} of SKU {sku} on {date}")]
    NoSupplyPrice {
        /// The SKU.
        sku: SkuId,
        /// The quantity without a price.
        quantity: Quantity,
        /// The day the price is needed for.
        date: NaiveDate,
    },
    /// Two counts of one SKU on the same day disagree.
    #[error("SKU {sku} was counted twice on {date}: {first} and {second}")]
    CountConflict {
        /// The SKU.
        sku: SkuId,
        /// The day.
        date: NaiveDate,
        /// One count.
        first: Quantity,
        /// The other count.
        second: Quantity,
    },
    /// A cumulative rule needs earlier statements that were not given.
    #[error("{rule} accumulates since {since}, but no earlier statement covers {missing}")]
    MissingPrior {
        /// The clause or rule.
        rule: String,
        /// Where accumulation starts.
        since: NaiveDate,
        /// The first uncovered stretch.
        missing: Period,
    },
    /// An earlier statement belongs to another contract or currency.
    #[error("statement {statement} belongs to contract {contract} in {currency}")]
    ForeignPrior {
        /// The statement.
        statement: StatementId,
        /// Its contract.
        contract: ContractId,
        /// Its currency.
        currency: Currency,
    },
    /// An earlier statement shares days with the settlement period or with another one.
    #[error("statement {statement} for {covered} overlaps {other}")]
    PriorOverlap {
        /// The statement.
        statement: StatementId,
        /// Its period.
        covered: Period,
        /// The period it collides with.
        other: Period,
    },
    /// The settlement period does not fit the guarantee cycle.
    #[error("period {period} does not fit the guarantee: {expected}")]
    GuaranteePeriod {
        /// The period asked for.
        period: Period,
        /// What would fit.
        expected: &'static str,
    },
    /// Growth over a reference of zero or less.
    #[error("growth needs a reference above zero, not {reference}")]
    GrowthReference {
        /// The reference.
        reference: String,
    },
    /// A free-goods rule without a positive multiple.
    #[error("free goods need a multiple above zero, not {multiple}")]
    FreeGoodsMultiple {
        /// The multiple.
        multiple: String,
    },
    /// The parts of a statement do not add up.
    #[error("statement identity broken: {identity}: {left} is not {right}")]
    IdentityBroken {
        /// The identity.
        identity: &'static str,
        /// Its left side.
        left: Money,
        /// Its right side.
        right: Money,
    },
    /// A trace node does not follow from its inputs.
    #[error("trace node {node} does not follow from its inputs")]
    TraceBroken {
        /// The node.
        node: TraceId,
    },
    /// A trace refers to a node it does not hold.
    #[error("trace node {node} is missing")]
    TraceMissing {
        /// The node.
        node: TraceId,
    },
    /// A text that is no trace id.
    #[error("{text:?} is no trace id: expected 32 lower-case hexadecimal digits")]
    TraceIdText {
        /// What was given.
        text: String,
    },
    /// An amount below zero where only zero or more makes sense.
    #[error("{what} must not be negative: {amount}")]
    NegativeAmount {
        /// What the amount is.
        what: &'static str,
        /// The amount.
        amount: Money,
    },
    /// A list that must be strictly increasing is not.
    #[error("{what} must be above {previous}, not {value}")]
    NotIncreasing {
        /// What is listed.
        what: &'static str,
        /// The value.
        value: String,
        /// What it must be above.
        previous: String,
    },
    /// A list that needs an entry has none.
    #[error("at least one {what} is needed")]
    NothingGiven {
        /// What is listed.
        what: &'static str,
    },
    /// A quantity that cannot be below zero is.
    #[error("the {what} quantity is {quantity}; it cannot be below zero")]
    NegativeQuantity {
        /// Which one.
        what: &'static str,
        /// The quantity.
        quantity: Quantity,
    },
    /// Prices with and without tax met.
    #[error("the price of {what} is tax {found:?}, expected {expected:?}")]
    TaxBasisMismatch {
        /// Whose price.
        what: &'static str,
        /// The basis it should have.
        expected: TaxBasis,
        /// The basis it has.
        found: TaxBasis,
    },
    /// A tolerance outside its range.
    #[error("a tolerance of {tolerance} is outside {limit}")]
    InvalidTolerance {
        /// The tolerance.
        tolerance: String,
        /// Its range.
        limit: &'static str,
    },
    /// Two lines of one side have one id.
    #[error("{} has two lines {line}", side.word())]
    RepeatedLine {
        /// The side.
        side: Side,
        /// The id.
        line: DocumentId,
    },
    /// The state of a claim does not allow the action.
    #[error("claim {claim} is {from}: it cannot {action}")]
    IllegalTransition {
        /// The claim.
        claim: DocumentId,
        /// Its state.
        from: ClaimState,
        /// The action.
        action: &'static str,
    },
    /// A step of a claim before the one it follows.
    #[error("claim {claim} cannot move on {on}: its last step was on {last}")]
    ClaimDateBackwards {
        /// The claim.
        claim: DocumentId,
        /// The day of the action.
        on: NaiveDate,
        /// The day of the last step.
        last: NaiveDate,
    },
    /// A step of a claim after its last day.
    #[error("claim {claim}: too late on {on} to {action}, the last day was {deadline}")]
    ClaimTooLate {
        /// The claim.
        claim: DocumentId,
        /// The action.
        action: &'static str,
        /// The day of the action.
        on: NaiveDate,
        /// The last day.
        deadline: NaiveDate,
    },
    /// An amount outside what a claim allows.
    #[error("claim {claim}: {amount} is not {limit}")]
    ClaimAmount {
        /// The claim.
        claim: DocumentId,
        /// The amount.
        amount: Money,
        /// What is allowed.
        limit: String,
    },
    /// A figure of a comparison of terms outside its range.
    #[error("{field} is {value}, expected {limit}")]
    ScenarioOutOfRange {
        /// The figure.
        field: &'static str,
        /// Its value.
        value: String,
        /// Its range.
        limit: &'static str,
    },
    /// Money so far away that its present value cannot be told from zero.
    #[error("at {rate} a year, money in {days} days cannot be told from nothing")]
    DiscountVanishes {
        /// Cost of capital.
        rate: Rate,
        /// Days until the money comes.
        days: u64,
    },
    /// A natural breakpoint at a rate of zero.
    #[error("a base rent of {rent} at 0% has no natural breakpoint")]
    NoNaturalBreakpoint {
        /// The base rent.
        rent: Money,
    },
    /// A share outside 0 % to 100 %.
    #[error("a share of {share} is outside 0% to 100%")]
    ShareOutside {
        /// The share.
        share: Rate,
    },
    /// Two statements of one period in one version of the books.
    #[error("period {period} is given twice in one version")]
    RestatedTwice {
        /// The period.
        period: Period,
    },
    /// A posted statement without its replacement.
    #[error("statement {statement} was posted, but is not restated")]
    NotReplaced {
        /// The statement.
        statement: StatementId,
    },
    /// A replacement for a statement that was never posted.
    #[error("statement {statement} is restated, but was never posted")]
    NeverPosted {
        /// The statement.
        statement: StatementId,
    },
    /// Till detail, evidence or a balance that cannot be settled.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// A statement that cannot move, or a line that cannot be invoiced.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// A receivable, an accrual or a cash discount broke a rule of its area.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// A course of sales broke a rule.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// A rule of compliance broke a rule.
    #[error(transparent)]
    Compliance(#[from] ComplianceError),
    /// Rules, a report or a claim of a reconciliation broke a rule.
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
    /// A batch of columns broke a rule.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A value broke a rule of the types below.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// A date or term broke a rule of the calendar.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

fn join(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

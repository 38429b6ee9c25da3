//! What can go wrong, named after the rule it breaks.

use chrono::NaiveDate;
use endcap_calendar::{CalendarError, Period};
use endcap_types::{
    ClauseId, ContractId, Currency, DocumentId, Money, PromotionId, Quantity, SkuId, StatementId, TypesError,
};

use crate::{ClauseKind, Problem, TraceId};

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

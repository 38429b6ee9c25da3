//! What can be wrong with rules and reports of a reconciliation.

use endcap_types::{ClauseId, Currency, DocumentId, Money};

use super::Side;

/// Why rules, a report or a claim of a reconciliation were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReconcileError {
    /// A key without fields would pair everything with everything.
    #[error("{key} names no field; at least one is needed")]
    EmptyKey {
        /// Which key.
        key: &'static str,
    },
    /// Money of the rules in another currency than the account.
    #[error("{what} is in {currency}, the account is in {expected}")]
    RulesCurrency {
        /// What is in it.
        what: String,
        /// Its currency.
        currency: Currency,
        /// Currency of the account.
        expected: Currency,
    },
    /// A clause limit that is not above zero.
    #[error("clause {clause} may take up to {amount}; a limit is above zero")]
    AllowanceNotPositive {
        /// The clause.
        clause: ClauseId,
        /// The limit.
        amount: Money,
    },
    /// A report asked about lines it was not made from.
    #[error("line {line} of {} is not the one the report was made from", side.word())]
    ForeignLine {
        /// The side.
        side: Side,
        /// The line.
        line: DocumentId,
    },
    /// A report whose parts contradict each other, or the lines and rules given with it.
    #[error("the report breaks a rule of reconciliation: {rule}")]
    ReportBroken {
        /// The rule.
        rule: &'static str,
    },
    /// A match result whose parts contradict each other.
    #[error("the match result breaks a rule: {rule}")]
    MatchBroken {
        /// The rule.
        rule: &'static str,
    },
    /// A claim whose state or amounts do not follow from its history.
    #[error("claim {claim}: {field} does not follow from its history")]
    ClaimHistory {
        /// The claim.
        claim: DocumentId,
        /// The field.
        field: &'static str,
    },
}

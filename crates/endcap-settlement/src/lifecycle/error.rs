//! What a statement's way from draft to closed refuses.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money, StatementId};

use super::StatementState;

/// Why a step of a statement, or an invoice of its lines, was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// The state does not allow the step.
    #[error("statement {statement} is {state}: it cannot be {action}")]
    Refused {
        /// The statement.
        statement: StatementId,
        /// Its state.
        state: StatementState,
        /// What was asked for.
        action: &'static str,
    },
    /// A step before the one it follows.
    #[error("statement {statement} cannot move on {on}: its last step was on {last}")]
    DateBackwards {
        /// The statement.
        statement: StatementId,
        /// The day of the step.
        on: NaiveDate,
        /// The day of the last one.
        last: NaiveDate,
    },
    /// More was paid than is owed, or in the other direction.
    #[error("statement {statement}: payments of {paid} do not go with {owed} owed")]
    PaymentBeyond {
        /// The statement.
        statement: StatementId,
        /// All payments.
        paid: Money,
        /// What is owed.
        owed: Money,
    },
    /// A posted period is changed by restatement only.
    #[error("statement {statement} is {state}: its period changes by restatement only")]
    MustRestate {
        /// The statement.
        statement: StatementId,
        /// Its state.
        state: StatementState,
    },
    /// Another statement where a version of this one belongs.
    #[error("statement {found} is no version of statement {expected}")]
    OtherStatement {
        /// The one on file.
        expected: StatementId,
        /// The one given.
        found: StatementId,
    },
    /// A settlement line that an invoice holds already.
    #[error("line {line} is on invoice {invoice} already")]
    AlreadyInvoiced {
        /// The line.
        line: String,
        /// The invoice.
        invoice: DocumentId,
    },
    /// Nothing of the kind to be invoiced.
    #[error("statement {statement} has no lines for this invoice")]
    NothingToInvoice {
        /// The statement.
        statement: StatementId,
    },
}

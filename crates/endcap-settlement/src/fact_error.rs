//! What can be wrong with facts that only some contracts read.

use chrono::NaiveDate;
use endcap_types::{ClauseId, DocumentId, Money, Unit};

/// Why till sales, evidence or balances of advances cannot be settled, with the offending value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// The detail of a till sale does not add up to what was received.
    #[error("till sale {document} received {amount}, but {what} is {found}")]
    TillSum {
        /// The sale.
        document: DocumentId,
        /// What was added up.
        what: &'static str,
        /// The sum.
        found: Money,
        /// The amount of the sale.
        amount: Money,
    },
    /// More of a tender is void than was paid with it, or of the other sign.
    #[error("till sale {document}: {void} of {amount} paid with one tender cannot be void")]
    VoidBeyondTender {
        /// The sale.
        document: DocumentId,
        /// The void part.
        void: Money,
        /// What was paid.
        amount: Money,
    },
    /// A sale without its discounts and tenders, under a contract that reads them.
    #[error("sale {document} of {date} has no till detail, but the contract reads discounts and tenders")]
    NoTillDetail {
        /// The sale.
        document: DocumentId,
        /// Its day.
        date: NaiveDate,
    },
    /// A discount or a void that the contract shares out to nobody.
    #[error("till sale {document} brings {amount} of {loss}, and the contract says nobody bears it")]
    NoBurden {
        /// The sale.
        document: DocumentId,
        /// The loss.
        loss: String,
        /// Its amount.
        amount: Money,
    },
    /// A rate is for stores, and the sale does not name its own.
    #[error("sale {document} of {date} names no store, but rate {rule} is for stores")]
    StoreUnknown {
        /// The sale.
        document: DocumentId,
        /// Its day.
        date: NaiveDate,
        /// The rule.
        rule: String,
    },
    /// Two facts that are added up count in different units; a case pack brings them to one unit before settlement.
    #[error("{fact} counts in {unit}, but the facts before it count in {expected}")]
    UnitsDiffer {
        /// The fact that differs.
        fact: String,
        /// Its unit.
        unit: Unit,
        /// The unit of the others.
        expected: Unit,
    },
    /// A reference that does not count what its clause counts.
    #[error("reference {document} of clause {clause} counts another thing than the clause measures")]
    ReferenceKind {
        /// The reference.
        document: DocumentId,
        /// The clause.
        clause: ClauseId,
    },
}

//! What can be wrong with a scenario over time.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::Quantity;

/// Why a scenario over time was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// Nothing is delivered.
    #[error("nothing is delivered; a comparison needs at least one delivery")]
    NothingDelivered,
    /// A delivery or sale outside the window.
    #[error("{what} of {on} lies outside the window {window}")]
    OutsideWindow {
        /// Which.
        what: &'static str,
        /// Its day.
        on: NaiveDate,
        /// The window.
        window: Period,
    },
    /// A quantity of zero or less.
    #[error("{what} of {on} is {quantity}; it must be above zero")]
    QuantityNotPositive {
        /// Which.
        what: &'static str,
        /// Its day.
        on: NaiveDate,
        /// The quantity.
        quantity: Quantity,
    },
    /// More sold than delivered by then.
    #[error("{sold} are sold by {on}, but only {delivered} delivered")]
    SoldBeforeDelivered {
        /// The day.
        on: NaiveDate,
        /// Sold by the end of it.
        sold: Quantity,
        /// Delivered by the end of it.
        delivered: Quantity,
    },
    /// Payment terms that wait for an event this scenario does not have.
    #[error("the payment terms {terms} give no due date here")]
    NoDueDate {
        /// The terms.
        terms: String,
    },
}

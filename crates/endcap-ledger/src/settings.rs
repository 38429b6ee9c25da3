//! The name and standing choices of one ledger.

use crate::error::check_text;
use crate::limits::MAX_TEXT_CHARS;
use crate::{LedgerError, NegativeStock, ReversalForm};

/// The name and standing choices of one ledger (账套): one per legal entity. All are covered by the hash chain.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub(crate) name: String,
    pub(crate) negative_stock: NegativeStock,
    pub(crate) reversals: ReversalForm,
}

impl Settings {
    /// A ledger of this name that refuses negative stock and reverses on swapped sides.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::InvalidText`] when the name is empty, too long or holds control characters.
    pub fn new(name: impl Into<String>) -> Result<Self, LedgerError> {
        let name = name.into();
        check_text("ledger name", &name, MAX_TEXT_CHARS)?;
        Ok(Self { name, negative_stock: NegativeStock::Refuse, reversals: ReversalForm::SwappedSides })
    }

    /// The same with another rule for stock below zero.
    #[must_use]
    pub const fn with_negative_stock(mut self, rule: NegativeStock) -> Self {
        self.negative_stock = rule;
        self
    }

    /// The same with another form for reversals that name none.
    #[must_use]
    pub const fn with_reversals(mut self, form: ReversalForm) -> Self {
        self.reversals = form;
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rule for stock below zero.
    #[must_use]
    pub const fn negative_stock(&self) -> NegativeStock {
        self.negative_stock
    }

    /// The form of reversals that name none.
    #[must_use]
    pub const fn reversals(&self) -> ReversalForm {
        self.reversals
    }
}

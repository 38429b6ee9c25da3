//! [`InvoiceRegister`]: which settlement lines are on which invoice; none twice.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::{ContractId, DocumentId};

use super::LifecycleError;
use crate::{Column, DeltaLine, LineKey, SettlementError, Statement};

/// 发票范围: the lines that go on one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum InvoiceOf {
    /// 货物发票: the supplier's: goods, 票折 and 票扣.
    Goods,
    /// 费用发票: the retailer's: 账扣 and what is settled separately.
    Charges,
}

impl InvoiceOf {
    /// Whether a column goes on it.
    #[must_use]
    pub const fn takes(self, column: Column) -> bool {
        match self {
            Self::Goods => matches!(column, Column::Goods | Column::OnInvoice | Column::InvoiceDeduct),
            Self::Charges => matches!(column, Column::PaymentDeduct | Column::Separate),
        }
    }
}

/// Which posting of a line is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
enum Posting {
    /// The statement's own.
    Original,
    /// The correction that brought a version with this fingerprint.
    Restated(String),
}

/// One line on one invoice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
struct Entry {
    contract: ContractId,
    line: LineKey,
    posting: Posting,
}

/// 开票登记: settlement lines by invoice. A line is what it is whichever version of its statement it stands in, so a
/// statement that was computed again cannot be invoiced again; a restatement is invoiced as its differences.
///
/// # Source
/// House rule: a two-step settlement run must not invoice the same line twice, as published extensions of open
/// business software do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "Vec<(DocumentId, Entry)>", into = "Vec<(DocumentId, Entry)>")
)]
pub struct InvoiceRegister {
    entries: BTreeMap<Entry, DocumentId>,
}

impl InvoiceRegister {
    /// 开票: puts the lines of a statement on an invoice.
    ///
    /// # Errors
    /// - [`LifecycleError::AlreadyInvoiced`] for the first line that is on an invoice; nothing is registered then.
    /// - [`LifecycleError::NothingToInvoice`] when the statement has no such lines.
    pub fn invoice(
        &mut self,
        invoice: DocumentId,
        statement: &Statement,
        of: InvoiceOf,
    ) -> Result<(), SettlementError> {
        let lines = statement.lines().iter().filter(|line| of.takes(line.column));
        let entries: BTreeSet<Entry> = lines
            .map(|line| Entry {
                contract: statement.contract().clone(),
                line: LineKey::of(statement.period(), line),
                posting: Posting::Original,
            })
            .collect();
        if entries.is_empty() {
            return Err(LifecycleError::NothingToInvoice { statement: statement.id().clone() }.into());
        }
        self.register(invoice, entries)
    }

    /// 红蓝票: puts the differences of a restatement on an invoice.
    ///
    /// # Errors
    /// - [`LifecycleError::AlreadyInvoiced`] for the first difference that is on an invoice; nothing is registered then.
    pub fn invoice_deltas(
        &mut self,
        invoice: DocumentId,
        deltas: &[DeltaLine],
        of: InvoiceOf,
    ) -> Result<(), SettlementError> {
        let deltas = deltas.iter().filter(|delta| of.takes(delta.column));
        let entry = |delta: &DeltaLine| Entry {
            contract: delta.contract.clone(),
            line: LineKey::of_delta(delta),
            posting: Posting::Restated(delta.replaced_by.fingerprint.clone()),
        };
        self.register(invoice, deltas.map(entry).collect())
    }

    /// The invoice that holds the original posting of a line.
    #[must_use]
    pub fn invoice_of(&self, contract: &ContractId, line: &LineKey) -> Option<&DocumentId> {
        let posting = Posting::Original;
        self.entries.get(&Entry { contract: contract.clone(), line: line.clone(), posting })
    }

    fn register(&mut self, invoice: DocumentId, entries: BTreeSet<Entry>) -> Result<(), SettlementError> {
        for entry in &entries {
            if let Some(known) = self.entries.get(entry) {
                let (line, invoice) = (entry.line.to_string(), known.clone());
                return Err(LifecycleError::AlreadyInvoiced { line, invoice }.into());
            }
        }
        self.entries.extend(entries.into_iter().map(|entry| (entry, invoice.clone())));
        Ok(())
    }
}

impl From<InvoiceRegister> for Vec<(DocumentId, Entry)> {
    fn from(register: InvoiceRegister) -> Self {
        register.entries.into_iter().map(|(entry, invoice)| (invoice, entry)).collect()
    }
}

impl TryFrom<Vec<(DocumentId, Entry)>> for InvoiceRegister {
    type Error = SettlementError;

    fn try_from(list: Vec<(DocumentId, Entry)>) -> Result<Self, SettlementError> {
        let mut register = Self::default();
        for (invoice, entry) in list {
            register.register(invoice, [entry].into())?;
        }
        Ok(register)
    }
}

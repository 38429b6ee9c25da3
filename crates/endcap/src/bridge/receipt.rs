//! Money received.

use chrono::NaiveDate;
use endcap_ledger::{ClearingPolicy, EntryDraft, IdempotencyKey, LegDraft, Nature};
use endcap_types::{AccountId, DocumentId, Money};

use super::{BridgeError, Codes};

/// Money received from a key account (回款); negative for money paid back to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashReceipt {
    /// The receipt.
    pub document: DocumentId,
    /// Who paid.
    pub account: AccountId,
    /// The day it arrived.
    pub date: NaiveDate,
    /// How much.
    pub amount: Money,
    /// The statement it is for, where the payer says so.
    pub reference: Option<DocumentId>,
}

/// The entry of a receipt (收款记账): bank against receivables, clearing the statement it names, else the oldest due.
///
/// # Errors
///
/// - [`BridgeError::Ledger`] when the key does not fit the ledger's limits.
///
/// # Source
///
/// House rule: a payer's reference binds; without one, the oldest due item is cleared first.
pub fn receipt_entry(
    receipt: &CashReceipt,
    codes: &Codes,
    recorded: NaiveDate,
) -> Result<EntryDraft, BridgeError> {
    let key = IdempotencyKey::new(format!("receipt/{}", receipt.document))?;
    let mut draft =
        EntryDraft::new(key, receipt.document.clone(), receipt.date, recorded).nature(Nature::Receipt);
    if receipt.amount.is_zero() {
        return Ok(draft);
    }
    draft = draft.leg(LegDraft::signed(&codes.bank, receipt.amount));
    let leg = LegDraft::signed(&codes.receivable, receipt.amount.negated()).of(receipt.account.clone());
    Ok(draft.leg(match (&receipt.reference, receipt.amount.is_positive()) {
        (Some(document), true) => leg.clears(ClearingPolicy::Documents(vec![document.clone()])),
        (None, true) => leg.clears(ClearingPolicy::OldestDue),
        (_, false) => leg,
    }))
}

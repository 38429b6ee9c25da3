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
/// What is more than is open stays as a credit of the account. Money paid back clears credits likewise. The ledger
/// refuses the entry of a reference that it does not know, and that of nothing.
///
/// # Errors
///
/// - [`BridgeError::Ledger`] when the key does not fit the ledger's limits.
///
/// # Examples
///
/// ```
/// use endcap::bridge::{CashReceipt, Codes, receipt_entry};
/// use endcap::calendar::dates;
/// use endcap::ledger::{ClearingPolicy, LegDraft};
/// use endcap::types::{AccountId, Currency, DocumentId, Money};
///
/// let account = AccountId::new("KA002")?;
/// let statement = DocumentId::new("C-1@2025-01-01..2025-02-01")?;
/// let receipt = CashReceipt {
///     document: DocumentId::new("BANK-0311")?,
///     account: account.clone(),
///     date: dates::ymd(2025, 3, 11)?,
///     amount: Money::parse("9500.00", Currency::CNY)?,
///     reference: Some(statement.clone()),
/// };
/// let draft = receipt_entry(&receipt, &Codes::default(), receipt.date)?;
/// let clears = ClearingPolicy::Documents(vec![statement]);
/// assert_eq!(draft.legs, [
///     LegDraft::debit("1002", receipt.amount),
///     LegDraft::credit("1122", receipt.amount).of(account).clears(clears),
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: a payer's reference binds; without one, the oldest due item is cleared first. The same holds for money
/// paid back.
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
    Ok(draft.leg(leg.clears(match &receipt.reference {
        Some(document) => ClearingPolicy::Documents(vec![document.clone()]),
        None => ClearingPolicy::OldestDue,
    })))
}

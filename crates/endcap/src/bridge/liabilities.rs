//! What stands with a key account apart from its invoices: advances received, rebates accrued.

use chrono::NaiveDate;
use endcap_ledger::{EntryDraft, IdempotencyKey, LegDraft, Nature};
use endcap_types::{AccountId, DocumentId, Money};

use super::{BridgeError, CashReceipt, Codes};

/// The entry of an advance received (预收款记账): bank against advances; a statement that nets it debits them again.
///
/// A negative amount is an advance paid back. The entry of nothing is refused by the ledger.
///
/// # Errors
///
/// - [`BridgeError::Ledger`] when the key does not fit the ledger's limits.
///
/// # Examples
///
/// ```
/// use endcap::bridge::{CashReceipt, Codes, advance_entry};
/// use endcap::calendar::dates;
/// use endcap::ledger::LegDraft;
/// use endcap::types::{AccountId, Currency, DocumentId, Money};
///
/// let account = AccountId::new("KA002")?;
/// let advance = CashReceipt {
///     document: DocumentId::new("ADV-7")?,
///     account: account.clone(),
///     date: dates::ymd(2025, 5, 20)?,
///     amount: Money::parse("5000.00", Currency::CNY)?,
///     reference: None,
/// };
/// let draft = advance_entry(&advance, &Codes::default(), advance.date)?;
/// assert_eq!(draft.legs, [
///     LegDraft::debit("1002", advance.amount),
///     LegDraft::credit("2203", advance.amount).of(account),
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// CAS chart 2203 预收账款: credited when money comes in ahead of the supply, debited when it is netted.
pub fn advance_entry(
    advance: &CashReceipt,
    codes: &Codes,
    recorded: NaiveDate,
) -> Result<EntryDraft, BridgeError> {
    let key = IdempotencyKey::new(format!("advance/{}", advance.document))?;
    let mut draft = EntryDraft::new(key, advance.document.clone(), advance.date, recorded)
        .nature(Nature::Receipt)
        .describe("advance received");
    if !advance.amount.is_zero() {
        let owed = LegDraft::signed(&codes.advances, advance.amount.negated());
        draft =
            draft.leg(LegDraft::signed(&codes.bank, advance.amount)).leg(owed.of(advance.account.clone()));
    }
    Ok(draft)
}

/// What is owed back to a key account for rebates, as it is on the books and as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accrual {
    /// The document of the estimate.
    pub document: DocumentId,
    /// Whose rebate it is.
    pub account: AccountId,
    /// When it counts.
    pub date: NaiveDate,
    /// What is accrued so far, not negative.
    pub accrued: Money,
    /// What should be.
    pub due: Money,
}

/// The entry that brings a rebate accrual to what is due (返利计提): only the difference, either way.
///
/// No difference gives no entry.
///
/// # Errors
///
/// - [`BridgeError::Types`] for amounts in two currencies.
/// - [`BridgeError::Ledger`] when the key does not fit the ledger's limits.
///
/// # Examples
///
/// ```
/// use endcap::bridge::{Accrual, Codes, accrual_entry};
/// use endcap::calendar::dates;
/// use endcap::ledger::LegDraft;
/// use endcap::types::{AccountId, Currency, DocumentId, Money};
///
/// // 300.00 were accrued and 285.00 are due: 15.00 go back to revenue.
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let account = AccountId::new("KA002")?;
/// let date = dates::ymd(2025, 3, 31)?;
/// let (accrued, due) = (cny("300.00")?, cny("285.00")?);
/// let accrual = Accrual { document: DocumentId::new("REB-03")?, account: account.clone(), date, accrued, due };
/// let draft = accrual_entry(&accrual, &Codes::default(), date)?.expect("a difference");
/// assert_eq!(draft.legs, [
///     LegDraft::credit("6001.01", cny("15.00")?),
///     LegDraft::debit("2241", cny("15.00")?).of(account),
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// IFRS 15.59: the estimate is updated at each reporting date, and the change is revenue of the period.
pub fn accrual_entry(
    accrual: &Accrual,
    codes: &Codes,
    recorded: NaiveDate,
) -> Result<Option<EntryDraft>, BridgeError> {
    let difference = accrual.due.checked_sub(&accrual.accrued)?;
    if difference.is_zero() {
        return Ok(None);
    }
    let key = IdempotencyKey::new(format!("accrual/{}", accrual.document))?;
    let draft = EntryDraft::new(key, accrual.document.clone(), accrual.date, recorded).nature(Nature::Rebate);
    let owed = LegDraft::signed(&codes.payable, difference.negated()).of(accrual.account.clone());
    Ok(Some(draft.leg(LegDraft::signed(&codes.rebates, difference)).leg(owed)))
}

//! From a page of the ledger to the lines that a reconciliation compares.

use endcap_ledger::{AccountPage, Nature, Side};
use endcap_settlement::reconcile::{EntryKind, LedgerLine};
use endcap_types::DocumentId;

use super::BridgeError;

/// The lines of a page as a reconciliation with the other side's statement takes them (对账明细): one line a leg, called
/// `document@seq/n`, with the document as the reference both sides know.
///
/// `owed_on` is the side on which these books write what the retailer owes the supplier: debit in the supplier's
/// receivables, credit in the retailer's payables. A line counts on its effective date, as the page does, so that
/// `opening + Σ lines = closing` on the page and in the reconciliation; a red line has the sign of what it does.
///
/// # Errors
///
/// - [`BridgeError::Types`] when a document is too long to be told apart by its entry.
///
/// # Examples
///
/// ```
/// use endcap::bridge::page_lines;
/// use endcap::calendar::{Period, dates};
/// use endcap::ledger::*;
/// use endcap::settlement::reconcile::{ReconRules, reconcile};
/// use endcap::types::{AccountId, Currency, DocumentId, Money};
///
/// let june = |day| dates::ymd(2025, 6, day);
/// let sold = Money::parse("1130.00", Currency::CNY)?;
/// let who = AccountId::new("WANYUE")?;
/// let mut ledger = Ledger::new(Settings::new("Supplier Ltd")?);
/// ledger.open_all(chart::key_account_supplier()?, june(1)?)?;
/// let draft = EntryDraft::new(IdempotencyKey::new("inv/1")?, DocumentId::new("INV-1")?, june(5)?, june(5)?);
/// ledger.post(&draft.leg(LegDraft::debit("1122", sold).of(who.clone()).nature(Nature::Invoice))
///     .leg(LegDraft::credit("6001", sold)))?;
/// let period = Period::month(2025, 6)?;
/// let page = ledger.page(&PageQuery { account: "1122", key_account: &who, currency: Currency::CNY, period })?;
/// let ours = page_lines(&page, Side::Debit)?;
/// assert_eq!(ours[0].amount, sold);
/// // The chain has not booked it: the bridge says what its balance lacks.
/// let report = reconcile(&ours, &[], &ReconRules::new(period, Currency::CNY))?;
/// assert_eq!((report.bridge.our_balance, report.bridge.rows[0].amount), (sold, sold));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: both statements on one date basis, or the gap explains nothing.
pub fn page_lines(page: &AccountPage, owed_on: Side) -> Result<Vec<LedgerLine>, BridgeError> {
    let mut lines: Vec<LedgerLine> = Vec::with_capacity(page.lines.len());
    let mut number: u32 = 0;
    let mut last = None;
    for line in &page.lines {
        number = if last == Some(line.entry) { number.saturating_add(1) } else { 1 };
        last = Some(line.entry);
        let id = DocumentId::new(format!("{}@{}/{number}", line.document, line.entry.seq()))?;
        let amount = if line.side == owed_on { line.amount } else { line.amount.negated() };
        let kind = match line.nature {
            Nature::Invoice => EntryKind::Invoice,
            Nature::Return => EntryKind::Return,
            Nature::Deduction | Nature::Rebate => EntryKind::Deduction,
            Nature::Receipt => EntryKind::Payment,
            Nature::Opening | Nature::WriteOff | Nature::Other => EntryKind::Adjustment,
        };
        let invoice = Some(line.document.clone());
        lines.push(LedgerLine { invoice, ..LedgerLine::new(id, kind, line.effective, amount) });
    }
    Ok(lines)
}

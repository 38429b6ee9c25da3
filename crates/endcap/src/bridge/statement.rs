//! From a settlement statement to the ledger.

use chrono::NaiveDate;
use endcap_calendar::Due as CalendarDue;
use endcap_ledger::{ClearingPolicy, Due, EntryDraft, IdempotencyKey, ItemDraft, LegDraft, Nature};
use endcap_settlement::{Column, LineKind, Statement, StatementLine};
use endcap_types::{DocumentId, Money};

use super::{BridgeError, Codes};

/// The entries of a statement (结算单记账): the invoice with what lowers it, the deductions from the payment, and what is
/// paid apart; each balances, and none is made of nothing.
///
/// Their effect on the receivables of the account is exactly the statement's payment:
/// `invoice − 账扣 − advances + adjustments`. Keys are built from the statement id, so posting a statement twice is a
/// replay.
///
/// # Errors
///
/// - [`BridgeError::Types`], [`BridgeError::Ledger`] when an id or key does not fit the ledger's limits.
///
/// # Source
///
/// IFRS 15.70–72 for the side a deduction falls on; the split into entries is a house rule.
pub fn statement_entries(
    statement: &Statement,
    codes: &Codes,
    recorded: NaiveDate,
) -> Result<Vec<EntryDraft>, BridgeError> {
    let writer = Writer { statement, codes, recorded, document: DocumentId::new(statement.id().as_str())? };
    let drafts = [writer.invoice()?, writer.deductions()?, writer.apart()?];
    Ok(drafts.into_iter().flatten().collect())
}

struct Writer<'a> {
    statement: &'a Statement,
    codes: &'a Codes,
    recorded: NaiveDate,
    document: DocumentId,
}

impl Writer<'_> {
    fn draft(&self, part: &str) -> Result<EntryDraft, BridgeError> {
        let key = IdempotencyKey::new(format!("statement/{}/{part}", self.statement.id()))?;
        let effective = self.statement.period().last_day();
        Ok(EntryDraft::new(key, self.document.clone(), effective, self.recorded)
            .describe(format!("{} {part}", self.statement.id())))
    }

    fn lines(&self, wanted: &'static [Column]) -> impl Iterator<Item = &StatementLine> {
        self.statement.lines().iter().filter(move |line| wanted.contains(&line.column))
    }

    fn due(&self) -> Due {
        match self.statement.due() {
            CalendarDue::On(due) => Due::On(due.due),
            CalendarDue::Pending(_) => Due::NoDate,
        }
    }

    /// Receivable and output VAT of the invoice; deductions on it to the accounts that bear them; the rest is sales.
    fn invoice(&self) -> Result<Option<EntryDraft>, BridgeError> {
        let totals = self.statement.totals();
        let mut draft = self.draft("invoice")?.nature(Nature::Invoice);
        if !totals.invoice.is_zero() {
            let item = ItemDraft {
                document: self.document.clone(),
                dated: self.statement.period().last_day(),
                due: self.due(),
            };
            let leg = LegDraft::signed(&self.codes.receivable, totals.invoice);
            draft = draft.leg(leg.of(self.statement.account().clone()).opens(item));
        }
        let mut sales = totals.invoice_tax.checked_sub(&totals.invoice)?;
        if !totals.invoice_tax.is_zero() {
            draft = draft.leg(LegDraft::signed(&self.codes.output_vat, totals.invoice_tax.negated()));
        }
        for line in self.lines(&[Column::OnInvoice, Column::InvoiceDeduct]).filter(|line| !line.net.is_zero())
        {
            sales = sales.checked_sub(&line.net)?;
            draft = draft.leg(LegDraft::signed(self.codes.bearing(line.kind), line.net));
        }
        if !sales.is_zero() {
            draft = draft.leg(LegDraft::signed(&self.codes.sales, sales));
        }
        Ok((!draft.legs.is_empty()).then_some(draft))
    }

    /// Deductions from the payment clear the invoice they are taken off.
    fn deductions(&self) -> Result<Option<EntryDraft>, BridgeError> {
        let mut draft = self.draft("deductions")?.nature(Nature::Deduction);
        let mut receivable = Money::zero(self.statement.currency());
        for line in self.lines(&[Column::PaymentDeduct]) {
            draft = self.bear(draft, line);
            receivable = receivable.checked_sub(&line.amount)?;
        }
        for line in self.lines(&[Column::Advance]).filter(|line| !line.amount.is_zero()) {
            let leg = LegDraft::signed(&self.codes.advances, line.amount);
            draft = draft.leg(leg.of(self.statement.account().clone()));
            receivable = receivable.checked_sub(&line.amount)?;
        }
        for line in self.lines(&[Column::Adjustment]).filter(|line| !line.amount.is_zero()) {
            draft = draft.leg(LegDraft::signed(self.codes.bearing(line.kind), line.amount.negated()));
            receivable = receivable.checked_add(&line.amount)?;
        }
        if !receivable.is_zero() {
            let leg =
                LegDraft::signed(&self.codes.receivable, receivable).of(self.statement.account().clone());
            let own = ClearingPolicy::Documents(vec![self.document.clone()]);
            let clears = receivable.is_negative() && self.statement.totals().invoice.is_positive();
            draft = draft.leg(if clears { leg.clears(own) } else { leg });
        }
        Ok((!draft.legs.is_empty()).then_some(draft))
    }

    /// What is paid apart is owed to the account.
    fn apart(&self) -> Result<Option<EntryDraft>, BridgeError> {
        let mut draft = self.draft("apart")?.nature(Nature::Deduction);
        let mut owed = Money::zero(self.statement.currency());
        for line in self.lines(&[Column::Separate]) {
            draft = self.bear(draft, line);
            owed = owed.checked_sub(&line.amount)?;
        }
        if !owed.is_zero() {
            let leg = LegDraft::signed(&self.codes.payable, owed);
            draft = draft.leg(leg.of(self.statement.account().clone()));
        }
        Ok((!draft.legs.is_empty()).then_some(draft))
    }

    fn bear(&self, mut draft: EntryDraft, line: &StatementLine) -> EntryDraft {
        let kind: LineKind = line.kind;
        if !line.net.is_zero() {
            draft = draft.leg(LegDraft::signed(self.codes.bearing(kind), line.net));
        }
        if !line.tax.is_zero() {
            draft = draft.leg(LegDraft::signed(self.codes.vat_of(kind), line.tax));
        }
        draft
    }
}

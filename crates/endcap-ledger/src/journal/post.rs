//! A journal into a ledger: all of it or nothing.

use chrono::NaiveDate;

use super::build::Journal;
use super::problem::{InputFault, InputProblem, Piece};
use crate::{Ledger, LedgerError, Receipt};

impl Journal {
    /// Opens the accounts that `ledger` does not have yet and posts every entry, or changes nothing; one receipt per
    /// entry.
    ///
    /// Accounts are opened on the recorded date of the first entry, or of the last event of the ledger if later. An
    /// entry whose key holds this very payload is not posted again, so reading a journal twice is reading it once.
    ///
    /// # Errors
    ///
    /// - One [`InputProblem`] for each entry that the ledger refuses, with [`InputFault::Rule`], and for each account
    ///   that the ledger keeps in another way, at line 1.
    ///
    /// # Source
    ///
    /// House rule: all or nothing, and what was posted before is known by its key.
    pub fn post_into(&self, ledger: &mut Ledger) -> Result<Vec<Receipt>, Vec<InputProblem>> {
        let mut trial = ledger.clone();
        let mut problems = Vec::new();
        let first = self.entries().first().map(|entry| entry.draft.recorded);
        let head = trial.events().last().map(|event| event.recorded);
        let opened: NaiveDate = first.max(head).unwrap_or_default();
        for account in self.accounts() {
            let known = trial.accounts().iter().find(|known| known.code() == account.code());
            if known.is_some_and(|known| known == account) {
                continue;
            }
            if let Err(error) = trial.open_account(account.clone(), opened) {
                problems.push(refused(1, account.code(), error));
            }
        }
        let mut receipts = Vec::with_capacity(self.entries().len());
        for entry in self.entries() {
            match trial.post(&entry.draft) {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => problems.push(refused(entry.line, &entry.head, error)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        *ledger = trial;
        Ok(receipts)
    }
}

fn refused(line: u64, text: &str, error: LedgerError) -> InputProblem {
    Piece { line, column: 1, text }.fault(InputFault::Rule(error))
}

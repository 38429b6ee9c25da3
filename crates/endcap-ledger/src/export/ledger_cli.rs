//! A journal of Ledger.

use super::{account_path, currencies, entries, leg_path, parties, party_paths, signed};
use crate::escape::{Place, escape};
use crate::journal::nature_name;
use crate::{Due, Ink, Ledger, LedgerAccountId, Nature};

/// The metadata that entries and legs carry.
const TAGS: [&str; 5] = ["key", "recorded", "nature", "due", "ink"];

/// Writes a ledger as a journal of Ledger (Ledger 日记账): accounts first, then every entry that moves money.
///
/// Names, key, recorded date, meaning and due date are notes and metadata of Ledger; escapes are those of
/// [`journal`](crate::journal).
///
/// # Examples
///
/// ```
/// use endcap_ledger::{Ledger, Settings, export};
/// let ledger = Ledger::new(Settings::new("demo")?);
/// assert_eq!(export::ledger_cli(&ledger), "; demo\n");
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// Ledger manual, "Journal Format"; accepted by Ledger 3.3.0, also with `--pedantic`.
#[must_use]
pub fn ledger_cli(ledger: &Ledger) -> String {
    let mut out = format!("; {}\n", ledger.settings().name());
    if !ledger.accounts().is_empty() {
        out.push('\n');
        TAGS.iter().for_each(|tag| out.push_str(&format!("tag {tag}\n")));
    }
    for currency in currencies(ledger) {
        out.push_str(&format!("commodity {currency}\n"));
    }
    let parties = parties(ledger);
    for (id, account) in (0_u32..).map(LedgerAccountId).zip(ledger.accounts()) {
        let note = format!("{} {}", account.name(), account.name_zh());
        out.push_str(&format!(
            "\naccount {}\n    note {}\n",
            account_path(account),
            escape(&note, Place::Description)
        ));
        for path in party_paths(account, parties.get(&id)) {
            out.push_str(&format!("account {path}\n"));
        }
    }
    for (event, entry) in entries(ledger) {
        let document = escape(entry.document.as_ref(), Place::Code);
        out.push_str(&format!("\n{} ({document})", entry.effective));
        // An entry without a description is called after its document: Ledger wants a payee.
        let payee = if entry.description.is_empty() { entry.document.as_ref() } else { &entry.description };
        out.push_str(&format!(" {}\n", escape(payee, Place::Description)));
        out.push_str(&format!("    ; key: {}\n", escape(entry.key.as_str(), Place::Value)));
        out.push_str(&format!("    ; recorded: {}\n", event.recorded));
        for (index, leg) in (0_u32..).zip(&entry.legs) {
            let path = leg_path(ledger, leg);
            out.push_str(&format!("    {path}  {} {}\n", signed(leg), leg.amount.currency()));
            if leg.ink() == Ink::Red {
                out.push_str("    ; ink: red\n");
            }
            if leg.nature != Nature::Other {
                out.push_str(&format!("    ; nature: {}\n", nature_name(leg.nature)));
            }
            let item = entry.items.iter().find(|item| item.leg == index);
            if let Some(Due::On(due)) = item.map(|item| item.due) {
                out.push_str(&format!("    ; due: {due}\n"));
            }
        }
    }
    out
}

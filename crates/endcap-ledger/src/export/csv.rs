//! A table of legs.

use super::{account_of, entries, signed};
use crate::journal::nature_name;
use crate::{Due, EntryKind, Ledger};

/// The columns of [`csv`], in order.
pub const CSV_COLUMNS: [&str; 19] = [
    "seq",
    "recorded",
    "effective",
    "kind",
    "key",
    "document",
    "description",
    "leg",
    "account",
    "name",
    "name_zh",
    "key_account",
    "side",
    "amount",
    "currency",
    "nature",
    "item",
    "due",
    "hash",
];

/// Writes every leg as a row of CSV (分录明细): UTF-8, comma, LF, fields quoted where they must be.
///
/// `amount` is debit positive, so a red leg is a debit below zero or a credit above it, `leg` counts from 1, `item` is the document of the item that a control account keeps,
/// `due` its due date or empty; `kind` says what a reversal or correction refers to (`reversal of 12`). The hash is that
/// of the event, so a row can be held against the chain.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{Ledger, Settings, export};
/// let text = export::csv(&Ledger::new(Settings::new("demo")?));
/// assert_eq!(text.trim_end().split(',').count(), export::CSV_COLUMNS.len());
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// RFC 4180, but for the line ends; the columns are a house rule.
#[must_use]
pub fn csv(ledger: &Ledger) -> String {
    let mut out = CSV_COLUMNS.join(",");
    out.push('\n');
    for (event, entry) in entries(ledger) {
        let kind = match &entry.kind {
            EntryKind::Posting => "posting".to_owned(),
            EntryKind::Correction { of } => format!("correction of {}", of.seq()),
            EntryKind::Reversal { of, .. } => format!("reversal of {}", of.seq()),
            EntryKind::Clearing => "clearing".to_owned(),
            EntryKind::Confirmation { of } => format!("confirmation of {}", of.seq()),
            EntryKind::Release { of, .. } => format!("release of {}", of.seq()),
            EntryKind::WriteOff { .. } => "write-off".to_owned(),
            EntryKind::Revaluation => "revaluation".to_owned(),
        };
        for (index, leg) in (0_u32..).zip(&entry.legs) {
            let account = account_of(ledger, leg);
            let item = entry.items.iter().find(|item| item.leg == index);
            let due = match item.map(|item| item.due) {
                Some(Due::On(due)) => due.to_string(),
                Some(Due::NoDate) | None => String::new(),
            };
            let row = [
                event.seq.to_string(),
                event.recorded.to_string(),
                entry.effective.to_string(),
                kind.clone(),
                entry.key.to_string(),
                entry.document.to_string(),
                entry.description.clone(),
                index.saturating_add(1).to_string(),
                account.map(|account| account.code().to_owned()).unwrap_or_default(),
                account.map(|account| account.name().to_owned()).unwrap_or_default(),
                account.map(|account| account.name_zh().to_owned()).unwrap_or_default(),
                leg.key_account.as_ref().map(ToString::to_string).unwrap_or_default(),
                leg.side.to_string(),
                signed(leg),
                leg.amount.currency().to_string(),
                nature_name(leg.nature).to_owned(),
                item.map(|item| item.document.to_string()).unwrap_or_default(),
                due,
                event.hash.to_string(),
            ];
            let row: Vec<String> = row.into_iter().map(field).collect();
            out.push_str(&row.join(","));
            out.push('\n');
        }
    }
    out
}

fn field(text: String) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

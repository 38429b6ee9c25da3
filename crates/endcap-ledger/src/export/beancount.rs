//! A file of Beancount.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{Currency, Money};

use super::{account_of, entries, parties, signed, with_code};
use crate::journal::root_of;
use crate::{Account, CurrencyRule, Ink, Ledger, LedgerAccountId, LedgerError, Leg};

/// Digits that Beancount's decimal context keeps; beyond them it rounds without a word.
const MAX_DIGITS: u32 = 28;

/// Writes a ledger as a file of Beancount (Beancount 账本): `open` lines, every entry that moves money, and a `balance`
/// line for the closing balance of each account on the day after the last entry.
///
/// Codes and key accounts keep letters and digits of ASCII; any other byte becomes `-` and two hexadecimal digits
/// (`2221.01` is `2221-2E01`), and a name that would begin in lower case begins with `X--`: the mapping is reversible.
/// The code, the names and the key account stand beside it as metadata.
///
/// # Errors
///
/// - [`LedgerError::NotExportable`] when a currency turned over more than 28 digits of minor units, which Beancount
///   would round.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{Account, AccountKind, Ledger, Settings, export};
/// let day = chrono::NaiveDate::from_ymd_opt(2026, 6, 2).expect("a real day");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_account(Account::new("2221.01", ("Output VAT", "销项税额"), AccountKind::Liability)?, day)?;
/// assert!(export::beancount(&ledger)?.contains("2026-06-02 open Liabilities:2221-2E01\n"));
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// Beancount Language Syntax, "Accounts", "Transactions", "Balance assertions"; accepted by Beancount 3.2.3. That it keeps
/// 28 digits was measured on 2.3.5.
pub fn beancount(ledger: &Ledger) -> Result<String, LedgerError> {
    check_digits(ledger)?;
    let mut out = format!("option \"title\" {}\n\n", quoted(ledger.settings().name()));
    let days = entries(ledger).map(|(_, entry)| entry.effective);
    let first = days.clone().chain(ledger.events().first().map(|event| event.recorded)).min();
    let opened = first.unwrap_or_default();

    open_lines(ledger, opened, &mut out);
    for (event, entry) in entries(ledger) {
        let document = quoted(entry.document.as_ref());
        out.push_str(&format!("\n{} * {document} {}\n", entry.effective, quoted(&entry.description)));
        out.push_str(&format!("  key: {}\n  recorded: {}\n", quoted(entry.key.as_str()), event.recorded));
        for leg in &entry.legs {
            out.push_str(&format!("  {}  {} {}\n", name(ledger, leg), signed(leg), leg.amount.currency()));
            if leg.ink() == Ink::Red {
                out.push_str("    ink: \"red\"\n");
            }
        }
    }
    if let Some(next) = days.max().and_then(|day| day.succ_opt()) {
        closing_lines(ledger, next, &mut out)?;
    }
    Ok(out)
}

fn check_digits(ledger: &Ledger) -> Result<(), LedgerError> {
    let mut turnover: BTreeMap<Currency, i128> = BTreeMap::new();
    for leg in entries(ledger).flat_map(|(_, entry)| entry.legs) {
        let sum = turnover.entry(leg.amount.currency()).or_default();
        *sum = sum.saturating_add(leg.size());
    }
    let limit = 10_i128.checked_pow(MAX_DIGITS).unwrap_or(i128::MAX);
    match turnover.into_iter().find(|(_, sum)| *sum >= limit) {
        Some((currency, _)) => Err(LedgerError::NotExportable {
            format: "beancount",
            reason: format!("{currency} turned over more than {MAX_DIGITS} digits of minor units"),
        }),
        None => Ok(()),
    }
}

fn open_lines(ledger: &Ledger, day: NaiveDate, out: &mut String) {
    let parties = parties(ledger);
    for (id, account) in (0_u32..).map(LedgerAccountId).zip(ledger.accounts()) {
        let path = account_name(account);
        let only = match account.currency() {
            CurrencyRule::Any => String::new(),
            CurrencyRule::Only(currency) => format!(" {currency}"),
        };
        out.push_str(&format!("{day} open {path}{only}\n  code: {}\n", quoted(account.code())));
        out.push_str(&format!(
            "  name: {}\n  name-zh: {}\n",
            quoted(account.name()),
            quoted(account.name_zh())
        ));
        for party in parties.get(&id).into_iter().flatten() {
            let sub = format!("{path}:{}", segment(party.as_ref()));
            out.push_str(&format!("{day} open {sub}{only}\n  key-account: {}\n", quoted(party.as_ref())));
        }
    }
}

fn closing_lines(ledger: &Ledger, day: NaiveDate, out: &mut String) -> Result<(), LedgerError> {
    let mut closing: BTreeMap<(String, Currency), Money> = BTreeMap::new();
    for leg in entries(ledger).flat_map(|(_, entry)| entry.legs) {
        let currency = leg.amount.currency();
        let sum = closing.entry((name(ledger, &leg), currency)).or_insert(Money::zero(currency));
        *sum = sum.checked_add(&Money::from_minor(leg.signed_minor(), currency)?)?;
    }
    out.push('\n');
    for ((name, _), balance) in closing {
        out.push_str(&format!("{day} balance {name}  {}\n", with_code(balance)));
    }
    Ok(())
}

fn account_name(account: &Account) -> String {
    format!("{}:{}", root_of(account.kind()), segment(account.code()))
}

fn name(ledger: &Ledger, leg: &Leg) -> String {
    let path = account_of(ledger, leg).map(account_name).unwrap_or_default();
    match &leg.key_account {
        Some(key_account) => format!("{path}:{}", segment(key_account.as_ref())),
        None => path,
    }
}

/// A part of an account name: letters, digits and dashes of ASCII, a capital letter or a digit first.
fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if !text.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        out.push_str("X--");
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("-{byte:02X}"));
        }
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

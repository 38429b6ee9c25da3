//! A journal of hledger, which is a journal of this crate as well.

use super::plan::Plan;
use super::{account_path, currencies, entries, leg_path, parties, party_paths, signed};
use crate::escape::{Place, escape, escape_first};
use crate::journal::{CLEARS_WORDS, nature_name};
use crate::{Account, CurrencyRule, Dimension, Due, Entry, Ink, Ledger, LedgerAccountId, Nature, Side};

/// Writes a ledger as a journal of hledger (hledger 日记账): accounts first, then every entry that moves money.
///
/// Document, description, key, recorded date, meaning, items and clearings stand in the places that
/// [`journal`](crate::journal) documents, so [`Journal::parse`](crate::journal::Journal::parse) reads the result back:
/// same balances per account, key account and currency, and writing what was read gives the same bytes.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{AccountKind, Account, EntryDraft, IdempotencyKey, Ledger, LegDraft, Settings, export};
/// use endcap_types::{Currency, DocumentId, Money};
/// let day = chrono::NaiveDate::from_ymd_opt(2026, 6, 2).expect("a real day");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_account(Account::new("1002", ("Bank", "银行存款"), AccountKind::Asset)?, day)?;
/// ledger.open_account(Account::new("6001", ("Sales", "主营业务收入"), AccountKind::Income)?, day)?;
/// let paid = Money::parse("100.00", Currency::CNY)?;
/// let draft = EntryDraft::new(IdempotencyKey::new("till/1")?, DocumentId::new("T-1")?, day, day).describe("cash sale");
/// ledger.post(&draft.leg(LegDraft::debit("1002", paid)).leg(LegDraft::credit("6001", paid)))?;
/// let text = export::hledger(&ledger);
/// assert!(text.ends_with("\
/// 2026-06-02 (T-1) cash sale  ; key:till/1, recorded:2026-06-02
///     Assets:1002  100.00 CNY
///     Income:6001  -100.00 CNY
/// "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// hledger manual, "journal format"; accepted by hledger 1.25, also by `check --strict`. Tags and escapes are a house rule.
#[must_use]
pub fn hledger(ledger: &Ledger) -> String {
    let mut out = format!("; {}\n\n", ledger.settings().name());
    for currency in currencies(ledger) {
        let decimals = "0".repeat(usize::from(currency.exponent()));
        out.push_str(&format!("commodity 1000.{decimals} {currency}\n"));
    }
    let parties = parties(ledger);
    for (id, account) in (0_u32..).map(LedgerAccountId).zip(ledger.accounts()) {
        out.push_str(&declaration(account));
        for path in party_paths(account, parties.get(&id)) {
            out.push_str(&format!("account {path}\n"));
        }
    }
    let plan = Plan::of(ledger);
    for (event, entry) in entries(ledger) {
        let document = escape(entry.document.as_ref(), Place::Code);
        out.push_str(&format!("\n{} ({document})", entry.effective));
        if !entry.description.is_empty() {
            out.push_str(&format!(" {}", escape(&entry.description, Place::Description)));
        }
        let key = escape(entry.key.as_str(), Place::Value);
        out.push_str(&format!("  ; key:{key}, recorded:{}\n", event.recorded));
        for (index, leg) in (0_u32..).zip(&entry.legs) {
            let path = leg_path(ledger, leg);
            out.push_str(&format!("    {path}  {} {}", signed(leg), leg.amount.currency()));
            let mut tags = Vec::new();
            if leg.ink() == Ink::Red {
                tags.push("ink:red".to_owned());
            }
            if leg.nature != Nature::Other {
                tags.push(format!("nature:{}", nature_name(leg.nature)));
            }
            item_tags(&entry, index, &plan, &mut tags);
            if !tags.is_empty() {
                out.push_str(&format!("  ; {}", tags.join(", ")));
            }
            out.push('\n');
        }
    }
    out
}

fn declaration(account: &Account) -> String {
    let mut tags = vec![
        format!("name:{}", escape(account.name(), Place::Value)),
        format!("name_zh:{}", escape(account.name_zh(), Place::Value)),
    ];
    match account.dimension() {
        Dimension::None => {}
        Dimension::KeyAccount => tags.push("by:key_account".to_owned()),
        Dimension::OpenItems => tags.push("by:open_items".to_owned()),
    }
    if account.normal_side() != account.kind().normal_side() {
        let side = if account.normal_side() == Side::Debit { "debit" } else { "credit" };
        tags.push(format!("grows:{side}"));
    }
    if let CurrencyRule::Only(currency) = account.currency() {
        tags.push(format!("currency:{currency}"));
    }
    format!("account {}  ; {}\n", account_path(account), tags.join(", "))
}

/// What the leg does to open items, where it is not what a plain leg does.
fn item_tags(entry: &Entry, leg: u32, plan: &Plan, tags: &mut Vec<String>) {
    let Some(item) = entry.items.iter().find(|item| item.leg == leg) else { return };
    let clears = plan.clears(item.id);
    if !clears.is_empty() {
        let parts = clears.iter().map(|(document, amount)| {
            let name = document.as_ref();
            let reserved = CLEARS_WORDS.contains(&name);
            let name =
                if reserved { escape_first(name, Place::Element) } else { escape(name, Place::Element) };
            format!("{name}={}", amount.to_amount_string())
        });
        let parts: Vec<String> = parts.collect();
        tags.push(format!("clears:{}", parts.join("|")));
        return;
    }
    if item.document != entry.document {
        tags.push(format!("item:{}", escape(item.document.as_ref(), Place::Value)));
    }
    if item.dated != entry.effective {
        tags.push(format!("dated:{}", item.dated));
    }
    if let Due::On(due) = item.due {
        tags.push(format!("due:{due}"));
    }
    if let Some(delivered) = item.delivered {
        tags.push(format!("delivered:{delivered}"));
    }
}

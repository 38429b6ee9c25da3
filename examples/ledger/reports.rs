//! Balances, the trial balance and the proof.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap::calendar::Period;
use endcap::ledger::{At, EventBody, Ledger};
use endcap::types::{AccountId, Currency, Money};
use serde_json::{Value, json};

use crate::Outcome;
use crate::common::amount::grouped;
use crate::grid::{Align, Grid};

/// English and Chinese name.
fn named(name: &str, name_zh: &str) -> String {
    if name == name_zh { name.to_owned() } else { format!("{name} {name_zh}") }
}

pub fn text(amount: Money) -> String {
    amount.to_amount_string()
}

/// Every account, key account and currency that was ever posted to.
pub fn balances(ledger: &Ledger, as_of: NaiveDate) -> Result<Outcome, String> {
    let mut sums: BTreeMap<(&str, Option<AccountId>, Currency), Money> = BTreeMap::new();
    for event in ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        for leg in entry.legs.iter().filter(|_| entry.effective <= as_of) {
            let index = usize::try_from(leg.account.index()).map_err(|error| error.to_string())?;
            let Some(account) = ledger.accounts().get(index) else { continue };
            let currency = leg.amount.currency();
            let key = (account.code(), leg.key_account.clone(), currency);
            let sum = sums.entry(key).or_insert(Money::zero(currency));
            let moved = Money::from_minor(leg.signed_minor(), currency);
            *sum = moved.and_then(|moved| sum.checked_add(&moved)).map_err(|error| error.to_string())?;
        }
    }
    // What is only reserved has a balance of nothing, and a place of its own.
    for (_, reservation) in ledger.pending() {
        for leg in reservation.legs.iter().map(|pending| &pending.leg) {
            let index = usize::try_from(leg.account.index()).map_err(|error| error.to_string())?;
            let Some(account) = ledger.accounts().get(index) else { continue };
            let currency = leg.amount.currency();
            sums.entry((account.code(), leg.key_account.clone(), currency)).or_insert(Money::zero(currency));
        }
    }
    let pending = ledger.pending().next().is_some();
    let mut columns = vec![
        ("account", Align::Left),
        ("name", Align::Left),
        ("key account", Align::Left),
        ("balance", Align::Right),
        ("", Align::Left),
    ];
    if pending {
        columns.extend([("pending debit 待确认", Align::Right), ("pending credit", Align::Right)]);
    }
    let mut grid = Grid::new(&columns);
    let mut rows = Vec::new();
    for ((code, key_account, currency), balance) in sums {
        let layers = ledger.layers(code, key_account.as_ref(), currency, At::EndOf(as_of));
        let layers = layers.map_err(|error| error.to_string())?;
        let held = [layers.pending_debit, layers.pending_credit].map(text);
        let Some(account) = ledger.accounts().iter().find(|account| account.code() == code) else { continue };
        let mut row = vec![
            code.to_owned(),
            named(account.name(), account.name_zh()),
            key_account.as_ref().map(ToString::to_string).unwrap_or_default(),
            grouped(&text(balance)),
            currency.to_string(),
        ];
        if pending {
            row.extend(held.iter().map(|amount| grouped(amount)));
        }
        grid.row(row);
        let [pending_debit, pending_credit] = held;
        rows.push(json!({
            "account": code,
            "name": account.name(),
            "name_zh": account.name_zh(),
            "key_account": key_account.as_ref().map(ToString::to_string),
            "currency": currency.code(),
            "balance": text(balance),
            "pending_debit": pending_debit,
            "pending_credit": pending_credit,
        }));
    }
    Ok(Outcome {
        text: format!("BALANCES 余额 at the end of {as_of}, debit positive\n\n{}", grid.render()),
        json: json!({ "as_of": as_of.to_string(), "balances": rows }),
        holds: true,
    })
}

/// Opening, movements and closing of every account.
pub fn trial_balance(ledger: &Ledger, as_of: NaiveDate, period: Option<Period>) -> Result<Outcome, String> {
    let trial = match period {
        Some(period) => ledger.trial_balance_within(period),
        None => ledger.trial_balance(as_of),
    };
    let trial = trial.map_err(|error| error.to_string())?;
    let mut grid = Grid::new(&[
        ("account", Align::Left),
        ("name", Align::Left),
        ("opening", Align::Right),
        ("debit", Align::Right),
        ("credit", Align::Right),
        ("closing", Align::Right),
        ("", Align::Left),
    ]);
    let mut rows = Vec::new();
    for row in &trial.rows {
        let amounts = [row.opening, row.debit, row.credit, row.closing].map(text);
        let mut cells = vec![row.code.clone(), named(&row.name, &row.name_zh)];
        cells.extend(amounts.iter().map(|amount| grouped(amount)));
        cells.push(row.closing.currency().to_string());
        grid.row(cells);
        let [opening, debit, credit, closing] = amounts;
        rows.push(json!({
            "account": row.code,
            "name": row.name,
            "name_zh": row.name_zh,
            "currency": row.closing.currency().code(),
            "opening": opening,
            "debit": debit,
            "credit": credit,
            "closing": closing,
        }));
    }
    let mut totals = Vec::new();
    let mut closings = String::new();
    for total in &trial.totals {
        let [debit, credit] = [total.debit, total.credit].map(text);
        let [closing_debit, closing_credit] = [total.closing_debit, total.closing_credit].map(text);
        let currency = total.debit.currency();
        let cells = ["", "total", "", &grouped(&debit), &grouped(&credit), "", currency.code()];
        grid.row(cells.map(str::to_owned).to_vec());
        closings.push_str(&format!(
            "Closing balances {currency}: debit {}, credit {}\n",
            grouped(&closing_debit),
            grouped(&closing_credit)
        ));
        totals.push(json!({
            "currency": currency.code(),
            "debit": debit,
            "credit": credit,
            "closing_debit": closing_debit,
            "closing_credit": closing_credit,
        }));
    }
    let (days, mut json) = match period {
        Some(period) => (
            format!("{} to {}", period.start(), period.last_day()),
            json!({ "from": period.start().to_string(), "to": period.last_day().to_string() }),
        ),
        None => (format!("at the end of {as_of}"), json!({ "as_of": as_of.to_string() })),
    };
    let holds = trial.is_balanced();
    let word = if holds { "It balances." } else { "IT DOES NOT BALANCE." };
    json["rows"] = Value::Array(rows);
    json["totals"] = Value::Array(totals);
    json["balanced"] = Value::Bool(holds);
    Ok(Outcome {
        text: format!("TRIAL BALANCE 试算平衡 {days}\n\n{}\n{closings}{word}\n", grid.render()),
        json,
        holds,
    })
}

/// The audit, the day on which everything agrees, and whether the log ends where it should.
pub fn verify(ledger: &Ledger, as_of: NaiveDate, head: Option<&str>) -> Outcome {
    let report = ledger.audit();
    let found = report.head.to_string();
    let (certificate, findings) = match ledger.certify(as_of) {
        Ok(certificate) => (Some(certificate), Vec::new()),
        Err(findings) => (None, findings),
    };
    let mut findings: Vec<String> = findings.iter().map(|finding| format!("{finding:?}")).collect();
    if let Some(expected) = head.filter(|expected| *expected != found) {
        findings.push(format!("the last event is {found}, expected {expected}: the log was cut or replaced"));
    }
    let mut out = format!("VERIFIED 审计 {}\n\n", ledger.settings().name());
    let counts = [
        ("events", report.events, "each hashes to what it says and follows the one before it"),
        ("entries", report.entries, "each balances in every currency"),
        ("legs", report.legs, "add up to the balances kept"),
        ("open items", report.items, "add up to their control accounts"),
        ("ageings", report.ageings, "sum to the balance they explain"),
    ];
    for (what, count, meaning) in counts {
        out.push_str(&format!("{count:>8} {what:<11} {meaning}\n"));
    }
    let tie_outs = certificate.as_ref().map_or(&[][..], |certificate| certificate.tie_outs());
    if !tie_outs.is_empty() {
        out.push_str(&format!("\nAgeing, open items, control account and trial balance agree on {as_of}\n"));
        let mut grid = Grid::new(&[("account", Align::Left), ("balance", Align::Right), ("", Align::Left)]);
        for tie_out in tie_outs {
            let currency = tie_out.control.currency().to_string();
            grid.row(vec![tie_out.account.clone(), grouped(&text(tie_out.control)), currency]);
        }
        out.push_str(&grid.render());
    }
    out.push_str(&format!("\nhead {found}\n"));
    match findings.as_slice() {
        [] => out.push_str("Nothing is wrong.\n"),
        some => some.iter().for_each(|finding| out.push_str(&format!("WRONG: {finding}\n"))),
    }
    let holds = findings.is_empty();
    let json = json!({
        "ledger": ledger.settings().name(),
        "as_of": as_of.to_string(),
        "events": report.events,
        "entries": report.entries,
        "legs": report.legs,
        "items": report.items,
        "head": found,
        "tie_outs": tie_outs.iter().map(|tie_out| json!({
            "account": tie_out.account,
            "currency": tie_out.control.currency().code(),
            "ageing": text(tie_out.ageing),
            "open_items": text(tie_out.open_items),
            "control": text(tie_out.control),
            "trial_balance": text(tie_out.trial_balance),
        })).collect::<Vec<_>>(),
        "findings": findings,
        "holds": holds,
    });
    Outcome { text: out, json, holds }
}

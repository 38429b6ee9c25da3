//! The page of several key accounts as one (集团台账).

use endcap::calendar::Period;
use endcap::ledger::{GroupPageQuery, Ledger, Side};
use endcap::types::Currency;
use serde_json::{Value, json};

use crate::Outcome;
use crate::common::amount::grouped;
use crate::grid::{Align, Grid};
use crate::reports::text;
use crate::subledger::{LINE_COLUMNS, currencies, edge, line_of, members, movements, turned, turnover_json};

/// The page of a group for a month, one a currency, with what each member adds to it.
pub fn page(ledger: &Ledger, control: &str, accounts: &[String], period: Period) -> Result<Outcome, String> {
    let members = members(ledger, accounts)?;
    let names = accounts.join(" + ");
    let mut out =
        format!("PAGE 集团台账 {names} · account {control} · {} to {}\n", period.start(), period.last_day());
    let mut pages = Vec::new();
    for currency in currencies(ledger, control)? {
        let query = GroupPageQuery { account: control, members: &members, currency, period };
        pages.push(one_page(ledger, &query, currency, &mut out)?);
    }
    let json = json!({
        "account": control,
        "key_accounts": accounts,
        "from": period.start().to_string(),
        "to": period.last_day().to_string(),
        "pages": pages,
    });
    Ok(Outcome { text: out, json, holds: true })
}

fn one_page(
    ledger: &Ledger,
    query: &GroupPageQuery<'_>,
    currency: Currency,
    out: &mut String,
) -> Result<Value, String> {
    let said = |error: endcap::ledger::LedgerError| format!("--control: {error}");
    let page = ledger.group_page(query).map_err(said)?;
    let period = page.period;
    let mut columns = LINE_COLUMNS.to_vec();
    columns.insert(1, ("key account", Align::Left));
    let mut grid = Grid::new(&columns);
    let mut row = |mut cells: Vec<String>, key_account: String| {
        cells.insert(1, key_account);
        grid.row(cells);
    };
    row(edge(period.start(), "opening 期初", page.opening), String::new());
    let mut lines = Vec::new();
    for of in &page.lines {
        let (cells, mut json) = line_of(&of.line);
        row(cells, of.key_account.to_string());
        json["key_account"] = Value::String(of.key_account.to_string());
        lines.push(json);
    }
    let turnover = [page.turnover(Side::Debit).map_err(said)?, page.turnover(Side::Credit).map_err(said)?];
    row(turned(turnover), String::new());
    row(edge(period.last_day(), "closing 期末", page.closing), String::new());
    out.push_str(&format!("\n{currency}\n{}", grid.render()));

    let mut sums = Grid::new(&[
        ("key account", Align::Left),
        ("opening 期初", Align::Right),
        ("debit 借", Align::Right),
        ("credit 贷", Align::Right),
        ("closing 期末", Align::Right),
    ]);
    let mut shares = Vec::new();
    for (member, own) in &page.members {
        let sides = [own.turnover(Side::Debit).map_err(said)?, own.turnover(Side::Credit).map_err(said)?];
        let [opening, debit, credit, closing] = [own.opening, sides[0], sides[1], own.closing].map(text);
        let mut cells = vec![member.to_string()];
        cells.extend([&opening, &debit, &credit, &closing].map(|amount| grouped(amount)));
        sums.row(cells);
        shares.push(json!({
            "key_account": member.to_string(),
            "opening": opening,
            "debit": debit,
            "credit": credit,
            "closing": closing,
        }));
    }
    let whole = [page.opening, turnover[0], turnover[1], page.closing].map(|amount| grouped(&text(amount)));
    sums.row([vec!["total".to_owned()], whole.to_vec()].concat());
    out.push_str(&format!("\nWhat each adds to it\n{}", sums.render()));
    let movements = movements(&page.movements, out)?;
    Ok(json!({
        "currency": currency.code(),
        "opening": text(page.opening),
        "lines": lines,
        "turnover": turnover_json(turnover),
        "movements": movements,
        "closing": text(page.closing),
        "members": shares,
    }))
}

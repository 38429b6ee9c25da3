//! What each key account owes: ageing and the page (台账).

use chrono::NaiveDate;
use endcap::calendar::Period;
use endcap::ledger::{
    AgeBasis, AgeingQuery, AgeingSplit, Buckets, Due, EventBody, Ledger, Nature, PageLine, PageQuery, Side,
};
use endcap::types::{AccountId, Currency, Money};
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::common::amount::grouped;
use crate::grid::{Align, Grid};
use crate::reports::text;

/// Most key accounts that a message lists.
const KNOWN_SHOWN_MAX: usize = 12;

/// The currencies that an account was ever posted in.
pub fn currencies(ledger: &Ledger, code: &str) -> Result<Vec<Currency>, String> {
    let place = ledger.accounts().iter().position(|account| account.code() == code);
    let place =
        place.ok_or_else(|| format!("--control {code}: expected the code of an account of the ledger"))?;
    let mut found = Vec::new();
    for event in ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        let legs = entry.legs.iter().filter(|leg| usize::try_from(leg.account.index()) == Ok(place));
        found.extend(legs.map(|leg| leg.amount.currency()));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn cells(split: &AgeingSplit) -> Vec<String> {
    let mut cells = vec![text(split.not_due)];
    cells.extend(split.overdue.iter().map(|amount| text(*amount)));
    cells.extend([split.no_due_date, split.unallocated_credit, split.total].map(text));
    cells
}

fn split_json(split: &AgeingSplit) -> Value {
    json!({
        "not_due": text(split.not_due),
        "overdue": split.overdue.iter().map(|amount| text(*amount)).collect::<Vec<_>>(),
        "no_due_date": text(split.no_due_date),
        "unallocated_credit": text(split.unallocated_credit),
        "total": text(split.total),
        "disputed": text(split.disputed),
    })
}

/// The ageing of a control account, one table a currency.
pub fn ageing(
    ledger: &Ledger,
    (control, accounts): (&str, &[String]),
    (as_of, known_on): (NaiveDate, Option<NaiveDate>),
    basis: AgeBasis,
) -> Result<Outcome, String> {
    let buckets = Buckets::standard();
    let members = members(ledger, accounts)?;
    // Only a due date can lie ahead as a matter of course; by the other dates it is a date after the day asked for.
    let ahead = if basis == AgeBasis::DueDate { "not due 未到期" } else { "dated later" };
    let mut out = String::new();
    let (mut tables, mut labels) = (Vec::new(), buckets.labels());
    for currency in currencies(ledger, control)? {
        let query = AgeingQuery { account: control, currency, as_of, basis };
        let recorded = known_on.unwrap_or(NaiveDate::MAX);
        let ageing =
            ledger.ageing_known(&query, &buckets, recorded).map_err(|error| format!("--control: {error}"))?;
        labels.clone_from(&ageing.labels);
        let mut columns = vec![("key account", Align::Left), (ahead, Align::Right)];
        columns.extend(ageing.labels.iter().map(|label| (label.as_str(), Align::Right)));
        columns.extend([("no date", Align::Right), ("unallocated", Align::Right), ("total", Align::Right)]);
        let total = if accounts.is_empty() {
            ageing.total.clone()
        } else {
            ageing.of_group(&members).map_err(|error| error.to_string())?
        };
        // The mark of disputes takes a column where there are any.
        let disputes = !total.disputed.is_zero();
        if disputes {
            columns.push(("of which disputed 争议", Align::Right));
        }
        let cells = |split: &AgeingSplit| {
            let mut cells = cells(split);
            cells.extend(disputes.then(|| text(split.disputed)));
            cells
        };
        let mut grid = Grid::new(&columns);
        let mut rows = Vec::new();
        let asked = |id: &AccountId| accounts.is_empty() || members.contains(id);
        for (key_account, split) in ageing.rows.iter().filter(|(id, _)| asked(id)) {
            let mut row = vec![key_account.to_string()];
            row.extend(cells(split).iter().map(|amount| grouped(amount)));
            grid.row(row);
            let mut object = split_json(split);
            object["key_account"] = Value::String(key_account.to_string());
            rows.push(object);
        }
        let mut row = vec!["total".to_owned()];
        row.extend(cells(&total).iter().map(|amount| grouped(amount)));
        grid.row(row);
        out.push_str(&format!("\n{currency}\n{}", grid.render()));
        tables.push(json!({ "currency": currency.code(), "rows": rows, "total": split_json(&total) }));
    }
    let counted_from = match basis {
        AgeBasis::DueDate => "due date",
        AgeBasis::DocumentDate => "document date",
        AgeBasis::DeliveryDate => "delivery date",
    };
    let known = known_on.map_or_else(String::new, |day| format!(", as known on {day}"));
    Ok(Outcome {
        text: format!(
            "AGEING 账龄 of {control} at the end of {as_of}{known}, days from the {counted_from}\n{out}"
        ),
        json: json!({
            "as_of": as_of.to_string(),
            "known_on": known_on.map(|day| day.to_string()),
            "account": control,
            "counted_from": counted_from,
            "overdue_days": labels,
            "currencies": tables,
        }),
        holds: true,
    })
}

/// The key accounts of these names.
pub fn members(ledger: &Ledger, names: &[String]) -> Result<Vec<AccountId>, String> {
    names.iter().map(|name| known_account(ledger, name)).collect()
}

fn known_account(ledger: &Ledger, account: &str) -> Result<AccountId, String> {
    let known: Vec<&str> = ledger.key_accounts().iter().map(AsRef::as_ref).collect();
    let found = known.contains(&account).then(|| AccountId::new(account).ok()).flatten();
    found.ok_or_else(|| {
        let shown = known.get(..KNOWN_SHOWN_MAX).unwrap_or(&known).join(", ");
        let more = if known.len() > KNOWN_SHOWN_MAX { ", …" } else { "" };
        format!("--account {account}: expected a key account of the ledger: {shown}{more}")
    })
}

/// The page of a key account for a month, one a currency, with what is open at its end.
pub fn page(ledger: &Ledger, control: &str, account: &str, period: Period) -> Result<Outcome, String> {
    let key_account = known_account(ledger, account)?;
    let mut out =
        format!("PAGE 台账 {account} · account {control} · {} to {}\n", period.start(), period.last_day());
    let mut pages = Vec::new();
    for currency in currencies(ledger, control)? {
        let page = one_page(ledger, control, &key_account, currency, period)?;
        out.push_str(&page.text);
        pages.push(page.json);
    }
    let units = crate::units::cards(ledger, &key_account, period, &mut out);
    let json = json!({
        "account": control,
        "key_account": account,
        "from": period.start().to_string(),
        "to": period.last_day().to_string(),
        "pages": pages,
        "units": units,
    });
    Ok(Outcome { text: out, json, holds: true })
}

/// The columns of the lines of a page.
pub const LINE_COLUMNS: [(&str, Align); 7] = [
    ("date", Align::Left),
    ("document", Align::Left),
    ("what", Align::Left),
    ("meaning", Align::Left),
    ("debit 借", Align::Right),
    ("credit 贷", Align::Right),
    ("balance 余额", Align::Right),
];

/// Opening or closing.
pub fn edge(date: NaiveDate, word: &str, balance: Money) -> Vec<String> {
    let blank = String::new;
    vec![date.to_string(), blank(), word.to_owned(), blank(), blank(), blank(), grouped(&text(balance))]
}

/// The turnovers of both sides, red lines taken off.
pub fn turned([debit, credit]: [Money; 2]) -> Vec<String> {
    let blank = String::new;
    let sums = [grouped(&text(debit)), grouped(&text(credit))];
    let [debit, credit] = sums;
    vec![blank(), blank(), "turnover 发生额".to_owned(), blank(), debit, credit, blank()]
}

/// The turnovers as JSON.
pub fn turnover_json([debit, credit]: [Money; 2]) -> Value {
    json!({ "debit": text(debit), "credit": text(credit) })
}

/// A line as cells and as JSON: red amounts stand below zero in the column of their side.
pub fn line_of(line: &PageLine) -> (Vec<String>, Value) {
    let amount = grouped(&text(line.amount));
    let (debit, credit) = match line.side {
        Side::Debit => (amount, String::new()),
        Side::Credit => (String::new(), amount),
    };
    let signed = if line.side == Side::Debit { line.amount } else { line.amount.negated() };
    let cells = vec![
        line.effective.to_string(),
        line.document.to_string(),
        line.description.clone(),
        line.nature.label_zh().to_owned(),
        debit,
        credit,
        grouped(&text(line.balance)),
    ];
    let json = json!({
        "effective": line.effective.to_string(),
        "recorded": line.recorded.to_string(),
        "document": line.document.to_string(),
        "description": line.description,
        "nature": line.nature,
        "side": line.side,
        "ink": if line.amount.is_negative() { "red" } else { "blue" },
        "amount": text(signed),
        "balance": text(line.balance),
    });
    (cells, json)
}

/// What each meaning moved, as text and as JSON.
pub fn movements(
    moved: &std::collections::BTreeMap<Nature, Money>,
    out: &mut String,
) -> Result<Map<String, Value>, String> {
    let mut movements = Map::new();
    let mut sums = Grid::new(&[("", Align::Left), ("", Align::Right)]);
    for (nature, amount) in moved {
        sums.row(vec![format!("{} {}", nature.label(), nature.label_zh()), grouped(&text(*amount))]);
        let name = serde_json::to_value(nature).map_err(|error| error.to_string())?;
        movements.insert(name.as_str().unwrap_or_default().to_owned(), Value::String(text(*amount)));
    }
    out.push_str("\nMovements by meaning\n");
    out.push_str(sums.render().trim_start_matches('\n'));
    Ok(movements)
}

fn one_page(
    ledger: &Ledger,
    control: &str,
    key_account: &AccountId,
    currency: Currency,
    period: Period,
) -> Result<Outcome, String> {
    let said = |error: endcap::ledger::LedgerError| format!("--control: {error}");
    let query = PageQuery { account: control, key_account, currency, period };
    let page = ledger.page(&query).map_err(said)?;
    let mut grid = Grid::new(&LINE_COLUMNS);
    grid.row(edge(period.start(), "opening 期初", page.opening));
    let mut lines = Vec::new();
    for line in &page.lines {
        let (cells, json) = line_of(line);
        grid.row(cells);
        lines.push(json);
    }
    let turnover = [page.turnover(Side::Debit).map_err(said)?, page.turnover(Side::Credit).map_err(said)?];
    grid.row(turned(turnover));
    grid.row(edge(period.last_day(), "closing 期末", page.closing));
    let mut out = format!("\n{currency}\n{}", grid.render());
    let movements = movements(&page.movements, &mut out)?;
    let items = open_items(ledger, &query, &mut out)?;
    let json = json!({
        "currency": currency.code(),
        "opening": text(page.opening),
        "lines": lines,
        "turnover": turnover_json(turnover),
        "movements": movements,
        "closing": text(page.closing),
        "open_items": items,
    });
    Ok(Outcome { text: out, json, holds: true })
}

/// What is open at the end of the period; nothing where the account keeps no items.
fn open_items(ledger: &Ledger, query: &PageQuery<'_>, out: &mut String) -> Result<Vec<Value>, String> {
    let as_of = query.period.last_day();
    let Ok(items) = ledger.open_items(query.account, query.key_account, query.currency, as_of) else {
        return Ok(Vec::new());
    };
    let mut grid = Grid::new(&[
        ("document", Align::Left),
        ("dated", Align::Left),
        ("due", Align::Left),
        ("delivered", Align::Left),
        ("original", Align::Right),
        ("open", Align::Right),
        ("days past due", Align::Right),
    ]);
    let mut rows = Vec::new();
    for item in items {
        let sign = if item.side == Side::Credit { "-" } else { "" };
        let due = match item.due {
            Due::On(due) => Some(due.to_string()),
            Due::NoDate => None,
        };
        let signed = |amount| format!("{sign}{}", text(amount));
        grid.row(vec![
            item.document.to_string(),
            item.dated.to_string(),
            due.clone().unwrap_or_default(),
            item.delivered.map(|day| day.to_string()).unwrap_or_default(),
            grouped(&signed(item.original)),
            grouped(&signed(item.open)),
            item.days_past_due.map(|days| days.to_string()).unwrap_or_default(),
        ]);
        rows.push(json!({
            "document": item.document.to_string(),
            "dated": item.dated.to_string(),
            "due": due,
            "delivered": item.delivered.map(|day| day.to_string()),
            "original": signed(item.original),
            "open": signed(item.open),
            "disputed": signed(item.disputed),
            "days_past_due": item.days_past_due,
        }));
    }
    out.push_str(&format!("\nOpen at the end of {as_of} 未核销\n{}", grid.render()));
    Ok(rows)
}

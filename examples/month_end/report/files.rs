//! The directory of results.

use std::error::Error;
use std::path::Path;

use super::{html, text};
use crate::common::output::OutputDirectory;
use crate::document::{Document, file_name};

/// The file by which a directory of an earlier close is known.
pub const MARK: &str = "close.json";

/// What a close may write into its directory, besides the mark.
const WRITTEN: [&str; 12] = [
    "report.html",
    "summary.txt",
    "statements",
    "planograms",
    "accounts.csv",
    "statements.csv",
    "promotions.csv",
    "orders.csv",
    "stock.csv",
    "trial_balance.csv",
    "ageing.csv",
    "journal.csv",
];

/// Whether `out` may be replaced: it is absent, empty, or holds an earlier close and nothing else; else why not.
pub fn may_replace(out: &Path) -> Result<(), String> {
    let expected = "expected a new directory, an empty one, or that of an earlier close";
    let entries = match std::fs::read_dir(out) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(_) => return Err(format!("{}: is not a directory that can be read; {expected}", out.display())),
        Ok(entries) => entries,
    };
    let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort();
    let known = |name: &std::ffi::OsString| {
        name == ".DS_Store" || name == MARK || WRITTEN.iter().any(|written| name == *written)
    };
    let foreign = names.iter().find(|name| !known(name));
    let foreign = foreign.or_else(|| names.first().filter(|_| !out.join(MARK).is_file()));
    match foreign {
        None => Ok(()),
        Some(name) => Err(format!("{}: holds {}; {expected}", out.display(), name.display())),
    }
}

/// Writes everything; the directory appears whole or not at all.
pub fn write(
    doc: &Document,
    statements: Vec<(String, Vec<u8>)>,
    journal: Vec<Vec<String>>,
    out: &Path,
) -> Result<(), Box<dyn Error>> {
    let directory = OutputDirectory::begin(out)?;
    let mut json = serde_json::to_vec_pretty(doc)?;
    json.push(b'\n');
    directory.write(MARK, &json)?;
    directory.write("report.html", html::page(doc)?.as_bytes())?;
    directory.write("summary.txt", text::summary(doc).as_bytes())?;
    for s in &doc.statements {
        let text = text::statement(s, &doc.currency);
        directory.write(&format!("statements/{}.txt", file_name(&s.statement)), text.as_bytes())?;
    }
    for (id, json) in statements {
        directory.write(&format!("statements/{}.json", file_name(&id)), &json)?;
    }
    for p in &doc.planograms {
        directory.write(&p.file, p.svg.as_bytes())?;
    }
    for (name, rows) in tables(doc) {
        directory.write(name, &csv(rows)?)?;
    }
    directory.write("journal.csv", &csv(journal)?)?;
    directory.commit()?;
    Ok(())
}

fn csv(rows: Vec<Vec<String>>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn tables(doc: &Document) -> Vec<(&'static str, Vec<Vec<String>>)> {
    let mut accounts = vec![header(&[
        "account",
        "name",
        "format",
        "stores",
        "class",
        "reason",
        "sales",
        "share",
        "net_revenue",
        "goods_cost",
        "cost_to_serve",
        "profit",
    ])];
    accounts.extend(doc.accounts.iter().map(|a| {
        let figure = |f: &Option<String>| f.clone().unwrap_or_default();
        vec![
            a.account.clone(),
            a.name.clone(),
            a.format.clone(),
            a.stores.to_string(),
            a.class.clone(),
            a.reason.clone(),
            a.sales.clone(),
            a.share.clone(),
            figure(&a.net_revenue),
            figure(&a.goods_cost),
            figure(&a.cost_to_serve),
            figure(&a.profit),
        ]
    }));
    let mut statements = vec![header(&[
        "statement",
        "account",
        "contract",
        "method",
        "goods",
        "on_invoice",
        "invoice_deduct",
        "invoice",
        "payment_deduct",
        "separate",
        "payment",
        "due",
        "fingerprint",
    ])];
    statements.extend(doc.statements.iter().map(|s| {
        vec![
            s.statement.clone(),
            s.account.clone(),
            s.contract.clone(),
            s.method.clone(),
            s.goods.clone(),
            s.on_invoice.clone(),
            s.invoice_deduct.clone(),
            s.invoice.clone(),
            s.payment_deduct.clone(),
            s.separate.clone(),
            s.payment.clone(),
            s.due.clone(),
            s.fingerprint.clone(),
        ]
    }));
    let mut balance = vec![header(&["account", "name", "name_zh", "debit", "credit"])];
    balance.extend(doc.trial_balance.rows.iter().map(|r| {
        vec![r.account.clone(), r.name.clone(), r.name_zh.clone(), r.debit.clone(), r.credit.clone()]
    }));
    let mut ageing = vec![{
        let mut names = header(&["account"]);
        names.extend(doc.ageing.buckets.iter().cloned());
        names.push("total".to_owned());
        names
    }];
    ageing.extend(doc.ageing.accounts.iter().map(|a| {
        let mut row = vec![a.account.clone()];
        row.extend(a.amounts.iter().cloned());
        row.push(a.total.clone());
        row
    }));
    let mut files = vec![
        ("accounts.csv", accounts),
        ("statements.csv", statements),
        ("trial_balance.csv", balance),
        ("ageing.csv", ageing),
    ];
    if !doc.promotions.is_empty() {
        let mut rows = vec![header(&[
            "promotion",
            "account",
            "skus",
            "first_day",
            "last_day",
            "baseline_units",
            "actual_units",
            "incremental_units",
            "low",
            "high",
            "lift",
            "cost",
            "incremental_margin",
            "net",
            "verdict",
            "reason",
        ])];
        rows.extend(doc.promotions.iter().map(|p| {
            vec![
                p.promotion.clone(),
                p.account.clone(),
                p.skus.join("|"),
                p.first_day.clone(),
                p.last_day.clone(),
                p.baseline_units.clone(),
                p.actual_units.clone(),
                p.incremental_units.clone(),
                p.low.clone(),
                p.high.clone(),
                p.lift.clone(),
                p.cost.clone(),
                p.incremental_margin.clone(),
                p.net.clone(),
                p.verdict.clone(),
                p.reason.clone(),
            ]
        }));
        files.push(("promotions.csv", rows));
    }
    if let Some(orders) = &doc.orders {
        let mut rows = vec![header(&[
            "account",
            "sku",
            "name",
            "on_hand",
            "pipeline",
            "weekly_demand",
            "days_of_supply",
            "cases",
            "pieces",
            "value",
            "reasons",
            "reasons_zh",
        ])];
        rows.extend(orders.order_lines.iter().map(|o| {
            vec![
                o.account.clone(),
                o.sku.clone(),
                o.name.clone(),
                o.on_hand.to_string(),
                o.pipeline.to_string(),
                o.weekly_demand.clone(),
                o.days_of_supply.clone(),
                o.cases.to_string(),
                o.pieces.to_string(),
                o.value.clone(),
                o.reasons.clone(),
                o.reasons_zh.clone(),
            ]
        }));
        files.push(("orders.csv", rows));
    }
    files
}

//! The summary on one screen, and the statements as text.

use std::fmt::Write as _;

use crate::common::amount::grouped;
use crate::document::{Document, StatementRow};

/// Most accounts and statements on the screen.
const SHOWN: usize = 12;

/// One screen.
pub fn summary(doc: &Document) -> String {
    let mut out = String::new();
    let _ = screen(doc, &mut out);
    out
}

fn screen(doc: &Document, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{} · {} to {} · {}", doc.title, doc.first_day, doc.last_day, doc.currency)?;
    if !doc.note.is_empty() {
        writeln!(out, "{}", doc.note)?;
    }
    writeln!(out)?;
    let total = grouped(&doc.total_sales);
    writeln!(out, "ACCOUNTS 客户          class        sales   share          profit")?;
    for a in doc.accounts.iter().take(SHOWN) {
        let profit = a.profit.as_deref().map(grouped).unwrap_or_default();
        writeln!(
            out,
            "  {:<20} {:<3} {:>16} {:>8} {:>14}",
            cut(&a.account, 20),
            a.class,
            grouped(&a.sales),
            short_share(&a.share),
            profit
        )?;
    }
    more(out, doc.accounts.len(), "accounts.csv")?;
    writeln!(out, "  {:<20} {:<3} {:>16}", format!("{} accounts", doc.accounts.len()), "", total)?;
    writeln!(out)?;
    writeln!(out, "STATEMENTS 结算单                        goods          invoice          payment  due")?;
    for s in doc.statements.iter().take(SHOWN) {
        let (goods, invoice, payment) = (grouped(&s.goods), grouped(&s.invoice), grouped(&s.payment));
        writeln!(
            out,
            "  {:<27} {:>16} {:>16} {:>16}  {}",
            cut(&s.contract, 27),
            goods,
            invoice,
            payment,
            s.due
        )?;
    }
    more(out, doc.statements.len(), "statements/")?;
    let t = &doc.settled;
    writeln!(
        out,
        "  {:<27} {:>16} {:>16} {:>16}",
        "total",
        grouped(&t.goods),
        grouped(&t.invoice),
        grouped(&t.payment)
    )?;
    if !doc.promotions.is_empty() {
        writeln!(out)?;
        writeln!(out, "PROMOTIONS 促销                 extra units   lift             net  verdict")?;
        for p in &doc.promotions {
            let name = format!("{} {}", p.promotion, p.account);
            writeln!(
                out,
                "  {:<27} {:>13} {:>6} {:>15}  {}",
                cut(&name, 27),
                grouped(&p.incremental_units),
                p.lift,
                grouped(&p.net),
                p.verdict
            )?;
        }
    }
    writeln!(out)?;
    let a = &doc.ageing;
    writeln!(
        out,
        "RECEIVABLES 应收  {} open, {} past due on {}",
        grouped(&a.total),
        grouped(&a.overdue),
        a.as_of
    )?;
    if let Some(o) = &doc.orders {
        writeln!(
            out,
            "ORDERS 建议订单   {} lines, {} pieces, {}",
            o.lines,
            grouped(&o.pieces.to_string()),
            grouped(&o.value)
        )?;
    }
    for p in &doc.planograms {
        writeln!(
            out,
            "SHELF 陈列图      {}: {} facings, gap {} ({})",
            p.fixture, p.facings, p.gap, p.status
        )?;
    }
    let t = &doc.trial_balance;
    writeln!(
        out,
        "LEDGER 台账       {} entries, debit {} = credit {}",
        t.entries,
        grouped(&t.debit),
        grouped(&t.credit)
    )?;
    let held = doc.checks.iter().filter(|c| c.holds).count();
    writeln!(out, "CHECKS 核对       {held} of {} hold", doc.checks.len())?;
    for check in doc.checks.iter().filter(|c| !c.holds) {
        writeln!(out, "  FAILED {}: {}", check.check, check.detail)?;
    }
    Ok(())
}

fn more(out: &mut String, count: usize, place: &str) -> std::fmt::Result {
    if count > SHOWN { writeln!(out, "  … and {} more in {place}", count - SHOWN) } else { Ok(()) }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        text.to_owned()
    } else {
        text.chars().take(width - 1).chain(['…']).collect()
    }
}

/// `33.415476%` as `33.4%`.
pub fn short_share(share: &str) -> String {
    match share.trim_end_matches('%').split_once('.') {
        Some((whole, fraction)) => format!("{whole}.{}%", fraction.chars().next().unwrap_or('0')),
        None => share.to_owned(),
    }
}

/// One statement with its traces, in both languages.
pub fn statement(s: &StatementRow, currency: &str) -> String {
    let mut out = String::new();
    let _ = write_statement(s, currency, &mut out);
    out
}

fn write_statement(s: &StatementRow, currency: &str, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{}  {} {}", s.statement, s.method, s.method_zh)?;
    writeln!(out, "account {}, contract {}, amounts in {currency}", s.account, s.contract)?;
    writeln!(out)?;
    for line in &s.lines {
        writeln!(
            out,
            "{:<44} {:>18}   {}",
            format!("{} {}", line.label, line.label_zh),
            grouped(&line.amount),
            line.settle
        )?;
        for why in line.why.iter().chain(&line.why_zh) {
            writeln!(out, "    {why}")?;
        }
    }
    writeln!(out)?;
    for (label, amount) in [
        ("goods 货款", &s.goods),
        ("− on the invoice 票折", &s.on_invoice),
        ("− before the invoice 票扣", &s.invoice_deduct),
        ("= invoice 开票金额", &s.invoice),
        ("− off the payment 账扣", &s.payment_deduct),
        ("= payment 应付款", &s.payment),
        ("  paid apart 另付", &s.separate),
    ] {
        writeln!(out, "{:<44} {:>18}", label, grouped(amount))?;
    }
    writeln!(out, "{:<44} {:>18}", "due 到期", s.due)?;
    writeln!(out, "fingerprint {}", s.fingerprint)
}

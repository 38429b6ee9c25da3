//! Statements in words, as JSON, and why an amount is what it is.

use std::fmt::Write as _;

use endcap::settlement::{Language, RollForward, Statement, StatementLine};
use endcap::types::{Money, Quantity, TypesError};

use crate::load::Input;
use crate::options::Options;

/// Facts told of a long run of them.
const NEIGHBOURS: usize = 4;

/// The last statement, with the earlier ones in one line each.
pub fn text(input: &Input, statements: &[Statement], language: Language) -> Result<String, String> {
    let Some((last, earlier)) = statements.split_last() else { return Err("nothing was settled".to_owned()) };
    let pick = |en: &'static str, zh: &'static str| language.pick(en, zh);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", input.title);
    let _ = writeln!(
        text,
        "{} {}  {} {}  {} {}..{}  {}",
        pick("STATEMENT", "结算单"),
        last.id(),
        pick("account", "客户"),
        last.account(),
        pick("period", "期间"),
        last.period().start(),
        last.period().last_day(),
        last.currency()
    );
    for statement in earlier {
        let _ = writeln!(
            text,
            "  {} {}: {} {}",
            pick("before", "前期"),
            statement.period().start().format("%Y-%m"),
            pick("payment", "应付金额"),
            Input::shown(&statement.totals().payment)
        );
    }
    let _ = writeln!(text);
    for (index, line) in last.lines().iter().enumerate() {
        let number = index + 1;
        let _ = writeln!(
            text,
            "  {number:>3}  {}  {:>14}  {}",
            padded(&named(line, language), 46),
            Input::shown(&line.amount),
            if language == Language::En { line.column.name_en() } else { line.column.name_zh() }
        );
    }
    let _ = writeln!(text);
    for (name, en, zh, money) in totals(last) {
        if money.is_zero() && !matches!(name, "goods" | "invoice" | "payment") {
            continue;
        }
        let _ = writeln!(text, "       {}  {:>14}  ({name})", padded(pick(en, zh), 46), Input::shown(&money));
    }
    let _ = writeln!(text, "\n  {}{}", pick("", "到期："), last.due());
    if let Some(stock) = last.stock() {
        let head = pick(
            "stock 进销存     opening  delivered       sold   refunded   returned      other    closing    counted",
            "进销存            期初       送货       实销   顾客退货   退供应商       其他   应有期末       盘点",
        );
        let _ = writeln!(text, "\n  {head}");
        for roll in &stock.rolls {
            let _ = writeln!(text, "  {}", rolled(roll).map_err(|error| error.to_string())?);
        }
    }
    let _ = writeln!(
        text,
        "\n  {}",
        pick(
            "Ask why: --why LINE with a number or a name in brackets.",
            "追溯金额：--why 加行号或括号内名称。"
        )
    );
    Ok(text)
}

fn named(line: &StatementLine, language: Language) -> String {
    let mut name =
        if language == Language::En { line.kind.name_en() } else { line.kind.name_zh() }.to_owned();
    if let Some(rate) = line.rate {
        let _ = write!(name, " {rate}");
    }
    if let Some(clause) = &line.clause {
        let _ = write!(name, " [{clause}]");
    }
    if let Some(document) = &line.document {
        let _ = write!(name, " {document}");
    }
    if let Some(sku) = &line.sku {
        let _ = write!(name, " {sku}");
    }
    name
}

/// One line of the roll-forward: units in, units out, what should be there and what was counted.
fn rolled(roll: &RollForward) -> Result<String, TypesError> {
    let other = roll.transfers_in.checked_sub(&roll.transfers_out)?.checked_sub(&roll.destroyed)?;
    let other = other.checked_sub(&roll.samples)?.checked_sub(&roll.agreed_shrink)?;
    let units = |quantity: &Quantity| quantity.amount().normalize().to_string();
    let columns = [
        &roll.opening,
        &roll.deliveries,
        &roll.sales,
        &roll.customer_returns,
        &roll.returns_to_supplier,
        &other,
        &roll.expected_close()?,
    ];
    let mut line = padded(roll.sku.as_str(), 14);
    for column in columns {
        let _ = write!(line, "{:>11}", units(column));
    }
    let counted = roll.counted.as_ref().map_or_else(|| "-".to_owned(), units);
    let _ = write!(line, "{counted:>11}");
    Ok(line)
}

/// A Chinese character takes two columns.
fn padded(text: &str, columns: usize) -> String {
    let width: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(columns.saturating_sub(width)))
}

fn totals(statement: &Statement) -> [(&'static str, &'static str, &'static str, Money); 10] {
    let t = statement.totals();
    [
        ("goods", "goods", "货款", t.goods),
        ("on_invoice", "discount on the invoice", "票折", t.on_invoice),
        ("invoice_deduct", "deducted before invoicing", "票扣", t.invoice_deduct),
        ("invoice", "invoice", "开票金额", t.invoice),
        ("invoice_tax", "VAT of the invoice", "开票税额", t.invoice_tax),
        ("payment_deduct", "deducted from the payment", "账扣", t.payment_deduct),
        ("advances", "advances", "预付款", t.advances),
        ("adjustments", "adjustments", "调整", t.adjustments),
        ("payment", "payment", "应付金额", t.payment),
        ("separate", "settled separately", "单独结算", t.separate),
    ]
}

/// Why one amount of the last statement is what it is.
pub fn why(statements: &[Statement], line: &str, options: &Options) -> Result<String, String> {
    let language = options.language.into();
    let Some(last) = statements.last() else { return Err("nothing was settled".to_owned()) };
    let traces = last.total_traces();
    let total = match line {
        "goods" => Some(traces.goods),
        "on_invoice" => Some(traces.on_invoice),
        "invoice_deduct" => Some(traces.invoice_deduct),
        "invoice" => Some(traces.invoice),
        "invoice_tax" => Some(traces.invoice_tax),
        "payment_deduct" => Some(traces.payment_deduct),
        "advances" => Some(traces.advances),
        "adjustments" => Some(traces.adjustments),
        "payment" => Some(traces.payment),
        "separate" => Some(traces.separate),
        _ => None,
    };
    let numbered = || {
        let number: usize = line.parse().ok()?;
        Some(last.lines().get(number.checked_sub(1)?)?.trace)
    };
    let Some(node) = total.or_else(numbered) else {
        let names: Vec<&str> = totals(last).iter().map(|(name, ..)| *name).collect();
        return Err(format!(
            "--why {line}: expected a line from 1 to {} or one of {}",
            last.lines().len(),
            names.join(", ")
        ));
    };
    let told = last.trace().explain(node, language).map_err(|error| error.to_string())?;
    let told = if options.full { told } else { shortened(&told, language) };
    Ok(told.join("\n") + "\n")
}

/// Neighbours without anything below them, such as the sales of a month: the first are told, the others counted.
fn shortened(told: &[String], language: Language) -> Vec<String> {
    let depth = |line: &String| line.len() - line.trim_start().len();
    let mut lines = Vec::new();
    let mut rest = told;
    while let Some(first) = rest.first() {
        // A line is a leaf when what follows is not deeper.
        let leaf = |index: usize| {
            let own = rest.get(index).map(depth);
            own == Some(depth(first)) && rest.get(index + 1).is_none_or(|next| Some(depth(next)) <= own)
        };
        let run = (0..rest.len()).take_while(|index| leaf(*index)).count();
        if run > NEIGHBOURS + 1 {
            lines.extend(rest.iter().take(NEIGHBOURS).cloned());
            let (indent, more) = (" ".repeat(depth(first)), run - NEIGHBOURS);
            lines.push(match language {
                Language::En => format!("{indent}… and {more} more (--full tells them)"),
                Language::Zh => format!("{indent}…另有 {more} 项（--full 列出全部）"),
            });
        } else {
            lines.extend(rest.iter().take(run.max(1)).cloned());
        }
        rest = rest.get(run.max(1)..).unwrap_or_default();
    }
    lines
}

pub fn one_json(statement: &Statement) -> Result<String, String> {
    serde_json::to_string_pretty(statement).map(|text| text + "\n").map_err(|error| error.to_string())
}

pub fn json(statements: &[Statement], compliance: &serde_json::Value) -> Result<String, String> {
    let all = serde_json::json!({ "statements": statements, "compliance": compliance });
    serde_json::to_string_pretty(&all).map(|text| text + "\n").map_err(|error| error.to_string())
}

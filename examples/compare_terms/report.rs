//! The comparison in words and as JSON.

use std::fmt::Write as _;

use endcap::settlement::compare::{
    BreakEvenTerm, TradeComparison, TradeSensitivityRow, compare_over_time, trade_sensitivity,
};
use endcap::settlement::{Language, MethodKind};
use endcap::types::{Exact, RoundingMode};

use crate::common::amount::grouped;
use crate::load::Input;

pub const METHODS: [MethodKind; 3] =
    [MethodKind::Consignment, MethodKind::CreditTerms, MethodKind::TurnoverDeduction];

/// The comparison and the rows asked for.
pub struct Told {
    pub base: TradeComparison,
    pub rows: Vec<TradeSensitivityRow>,
}

pub fn run(input: &Input) -> Result<Told, String> {
    let base = compare_over_time(&input.scenario, input.discounting).map_err(|error| error.to_string())?;
    let changes: Vec<_> = input.changes.iter().map(|(_, change)| *change).collect();
    let rows =
        trade_sensitivity(&input.scenario, input.discounting, &changes).map_err(|error| error.to_string())?;
    Ok(Told { base, rows })
}

pub const fn name(method: MethodKind, language: Language) -> &'static str {
    match (method, language) {
        (MethodKind::Consignment, Language::En) => "consignment",
        (MethodKind::Consignment, Language::Zh) => "代销实结",
        (MethodKind::CreditTerms, Language::En) => "credit terms",
        (MethodKind::CreditTerms, Language::Zh) => "赊销账期",
        (MethodKind::TurnoverDeduction, Language::En) => "counter",
        (MethodKind::TurnoverDeduction, Language::Zh) => "流水倒扣",
    }
}

fn money(value: &Exact) -> String {
    grouped(&value.to_fixed(2, RoundingMode::HalfAwayFromZero))
}

fn padded(text: &str, columns: usize) -> String {
    let width: usize = text.chars().map(|c| if c.is_ascii() || c == '−' { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(columns.saturating_sub(width)))
}

fn right(text: &str, columns: usize) -> String {
    let width: usize = text.chars().map(|c| if c.is_ascii() || c == '−' { 1 } else { 2 }).sum();
    format!("{}{text}", " ".repeat(columns.saturating_sub(width)))
}

fn row(text: &mut String, label: &str, cells: [String; 3]) {
    let cells: String = cells.iter().map(|cell| right(cell, 16)).collect();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {}{cells}", padded(label, 34));
}

pub fn text(input: &Input, told: &Told, language: Language) -> Result<String, String> {
    let pick = |en: &'static str, zh: &'static str| if language == Language::En { en } else { zh };
    let base = &told.base;
    let mut text = format!("{}\n", input.title);
    let _ = writeln!(
        text,
        "{} {}, {}, {}\n",
        pick("valued on", "折现日"),
        base.valued_on,
        base.currency,
        pick("without tax; when VAT is paid is not in the figures", "未税；增值税时点差异未计入")
    );
    let each = |of: &dyn Fn(MethodKind) -> String| METHODS.map(of);
    row(&mut text, "", each(&|method| name(method, language).to_owned()));
    row(&mut text, pick("value today", "净现值"), each(&|method| money(&base.outcome(method).npv)));
    row(&mut text, pick("cash, not discounted", "现金净额"), each(&|m| money(&base.outcome(m).net_cash)));
    row(&mut text, pick("peak funding", "资金峰值"), each(&|m| money(&base.outcome(m).peak_funding)));
    let peak = |method| base.outcome(method).peak_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
    row(&mut text, pick("  reached on", "  峰值日"), each(&peak));
    let days = |method: MethodKind| {
        let days = base.outcome(method).cash_to_cash_days.as_ref();
        days.map_or_else(|| "-".to_owned(), |days| days.to_fixed(1, RoundingMode::HalfAwayFromZero))
    };
    row(&mut text, pick("cash-to-cash days", "现金循环天数"), each(&days));
    row(
        &mut text,
        pick("expected credit loss", "预期信用损失"),
        each(&|m| money(&base.outcome(m).expected_loss)),
    );
    row(&mut text, pick("guarantee top-up", "保底补差"), each(&|m| money(&base.outcome(m).top_up)));
    let best = name(base.ranking()[0], language);
    let _ = writeln!(text, "\n  {} {best}", pick("worth most:", "价值最高："));
    let rate = base.break_even_rate.as_ref().map_or_else(
        || pick("none, nothing is sold", "无，没有销售").to_owned(),
        |rate| {
            let percent =
                Exact::from_int(100).mul(rate).map(|p| p.to_fixed(2, RoundingMode::HalfAwayFromZero));
            format!("{}%", percent.unwrap_or_default())
        },
    );
    let _ = writeln!(
        text,
        "  {} {rate}",
        pick("the counter is worth what credit is at a commission of", "联营与账期等值的扣点：")
    );
    let term = match base.break_even_term {
        BreakEvenTerm::Days(days) => format!("{days} {}", pick("days", "天")),
        BreakEvenTerm::Any => pick("any number of days", "任意天数").to_owned(),
        BreakEvenTerm::Never => pick("no number of days", "无").to_owned(),
    };
    let _ = writeln!(
        text,
        "  {} {term}",
        pick("credit is worth at least what consignment is up to", "账期不劣于代销的最长天数：")
    );

    if !told.rows.is_empty() {
        let _ = writeln!(text, "\n{}", pick("IF", "假设"));
        for ((label, _), changed) in input.changes.iter().zip(&told.rows) {
            let of = |method| money(&changed.comparison.outcome(method).npv);
            let best = name(changed.comparison.ranking()[0], language);
            let top_up = &changed.comparison.outcome(MethodKind::TurnoverDeduction).top_up;
            let mut label = label.clone();
            if top_up.is_positive() {
                let _ = write!(label, " ({} {})", pick("top-up", "补差"), money(top_up));
            }
            let cells: String = METHODS.iter().map(|method| right(&of(*method), 16)).collect();
            let _ = writeln!(text, "  {}{cells}  {best}", padded(&label, 34));
        }
    }
    for method in METHODS {
        let _ = writeln!(text, "\n{} {}", pick("CASH", "现金流"), name(method, language));
        let mut balance = Exact::ZERO;
        for flow in &base.outcome(method).flows {
            balance = balance.add(&flow.amount).map_err(|error| error.to_string())?;
            let _ = writeln!(
                text,
                "  {}  {}{:>16}{:>16}",
                flow.on,
                padded(flow.kind.name(language), 26),
                money(&flow.amount),
                money(&balance)
            );
        }
    }
    Ok(text)
}

const fn word(method: MethodKind) -> &'static str {
    match method {
        MethodKind::Consignment => "consignment",
        MethodKind::CreditTerms => "credit_terms",
        MethodKind::TurnoverDeduction => "turnover_deduction",
    }
}

pub fn json(input: &Input, told: &Told) -> Result<String, String> {
    let six = |value: &Exact| value.to_fixed(6, RoundingMode::HalfAwayFromZero);
    let base = &told.base;
    let methods: Vec<_> = METHODS
        .iter()
        .map(|method| {
            let outcome = base.outcome(*method);
            let flows: Vec<_> = outcome
                .flows
                .iter()
                .map(|flow| serde_json::json!({ "on": flow.on, "kind": flow.kind, "amount": six(&flow.amount) }))
                .collect();
            serde_json::json!({
                "method": word(*method),
                "npv": six(&outcome.npv),
                "net_cash": six(&outcome.net_cash),
                "peak_funding": six(&outcome.peak_funding),
                "peak_on": outcome.peak_on,
                "cash_to_cash_days": outcome.cash_to_cash_days.as_ref().map(six),
                "expected_loss": six(&outcome.expected_loss),
                "top_up": six(&outcome.top_up),
                "flows": flows,
            })
        })
        .collect();
    let rows: Vec<_> = input
        .changes
        .iter()
        .zip(&told.rows)
        .map(|((label, _), row)| {
            let of = |method| six(&row.comparison.outcome(method).npv);
            serde_json::json!({
                "change": label,
                "methods": {
                    "consignment": of(MethodKind::Consignment),
                    "credit_terms": of(MethodKind::CreditTerms),
                    "turnover_deduction": of(MethodKind::TurnoverDeduction),
                },
                "top_up": six(&row.comparison.outcome(MethodKind::TurnoverDeduction).top_up),
                "best": word(row.comparison.ranking()[0]),
            })
        })
        .collect();
    let whole = serde_json::json!({
        "title": input.title,
        "currency": base.currency,
        "discounting": base.discounting,
        "valued_on": base.valued_on,
        "vat_timing": "ignored",
        "base": {
            "methods": methods,
            "ranking": base.ranking().map(word),
            "break_even_rate": base.break_even_rate.as_ref().map(six),
            "break_even_term": base.break_even_term,
        },
        "rows": rows,
    });
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").map_err(|error| error.to_string())
}

//! The answer as text and as JSON.

use std::fmt::Write;

use endcap::promo::plan::{Finding, Objective, Portfolio, RankedEvent, Severity, check, forecast, rank};
use endcap::promo::tactic::Tactic;
use endcap::promo::{Language, Party, PromoError};
use endcap::types::{Money, RoundingMode};
use serde_json::{Value, json};

use crate::calendar::{Calendar, Planned};

/// The answer.
pub struct Answer {
    pub text: String,
    pub json: Value,
    pub findings: Vec<Finding>,
}

/// Checks, forecasts and ranks the calendar.
pub fn answer(calendar: &Calendar, language: Language) -> Result<Answer, PromoError> {
    let events: Vec<_> = calendar.events.iter().map(|planned| planned.event.clone()).collect();
    let findings = check(&events, &calendar.rules)?;
    let portfolio = rank(&events, calendar.budget, calendar.rank_by)?;
    let mut text = String::new();
    let mut forecasts = Vec::new();
    writes(&mut text, format_args!("{}\n", title("Forecast", "预测", language)));
    writes(
        &mut text,
        format_args!(
            "  {:<12} {:<10} {:>8} {:>12} {:>14} {:>14} {:>14} {:>11}\n",
            "event", "account", "lift", "units", "spend", "supplier net", "retailer net", "break-even"
        ),
    );
    for planned in &calendar.events {
        forecasts.push(one(planned, &mut text)?);
    }
    writes(&mut text, format_args!("\n{}\n", title("Findings", "检查", language)));
    for finding in &findings {
        writes(
            &mut text,
            format_args!("  {:<8} {}\n", severity(finding.severity, language), finding.words(language)),
        );
    }
    if findings.is_empty() {
        writes(&mut text, format_args!("  –\n"));
    }
    ranking(&portfolio, calendar.budget, language, &mut text);
    let json = json!({
        "events": forecasts,
        "findings": findings.iter().map(|finding| json!({
            "event": finding.event, "severity": finding.severity, "check": finding.check,
            "fact": finding.fact, "limit": finding.limit, "words": finding.words(language),
        })).collect::<Vec<_>>(),
        "portfolio": {
            "budget": calendar.budget.to_amount_string(),
            "spend": portfolio.spend.to_amount_string(),
            "net_margin": portfolio.net_margin.to_amount_string(),
            "taken": ranked_json(&portfolio.taken),
            "over_budget": ranked_json(&portfolio.over_budget),
            "not_worth_it": ranked_json(&portfolio.not_worth_it),
        },
    });
    Ok(Answer { text, json, findings })
}

/// One event at its three lifts.
fn one(planned: &Planned, text: &mut String) -> Result<Value, PromoError> {
    let event = &planned.event;
    let mut lifts = Vec::new();
    for lift in &planned.lifts {
        let at = forecast(event, lift)?;
        let (supplier, retailer) = (at.bridge.net(Party::Supplier)?, at.bridge.net(Party::Retailer)?);
        let units = at.units.to_fixed(0, RoundingMode::HalfAwayFromZero);
        let break_even = at.break_even.lift.to_percent(1);
        let first = lifts.is_empty();
        writes(
            text,
            format_args!(
                "  {:<12} {:<10} {:>8} {:>12} {:>14} {:>14} {:>14} {:>11}\n",
                if first { event.promotion.id().as_str() } else { "" },
                if first { event.account.as_str() } else { "" },
                lift.to_string(),
                units,
                at.spend.to_amount_string(),
                supplier.to_amount_string(),
                retailer.to_amount_string(),
                if first { break_even.as_str() } else { "" },
            ),
        );
        lifts.push(json!({
            "lift": lift.to_string(),
            "units": units,
            "spend": at.spend.to_amount_string(),
            "supplier_net": supplier.to_amount_string(),
            "retailer_net": retailer.to_amount_string(),
            "shopper_saving": at.bridge.shopper_saving.to_amount_string(),
            "break_even_lift": break_even,
        }));
    }
    Ok(json!({
        "event": event.promotion.id(), "account": event.account, "objective": event.objective,
        "judged_by": event.objective.kpi(), "period": event.promotion.period().to_string(), "lifts": lifts,
    }))
}

fn ranking(portfolio: &Portfolio, budget: Money, language: Language, text: &mut String) {
    let heading = title("What the budget should buy", "预算分配建议", language);
    writes(text, format_args!("\n{heading} ({})\n", budget));
    writes(
        text,
        format_args!(
            "  {:<16} {:<12} {:>14} {:>14} {:>9}\n",
            "", "event", "spend", "net margin", "per spend"
        ),
    );
    let lists = [
        ("take", "采纳", &portfolio.taken),
        ("no budget left", "预算不足", &portfolio.over_budget),
        ("earns nothing", "不值得做", &portfolio.not_worth_it),
    ];
    for (en, zh, events) in lists {
        for event in events {
            let per = event.net_per_spend.to_percent(0);
            let label = title(en, zh, language);
            writes(
                text,
                format_args!(
                    "  {label:<16} {:<12} {:>14} {:>14} {per:>9}\n",
                    event.event.as_str(),
                    event.spend.to_amount_string(),
                    event.net_margin.to_amount_string(),
                ),
            );
        }
    }
    writes(
        text,
        format_args!(
            "  {:<16} {:<12} {:>14} {:>14}\n",
            title("together", "合计", language),
            "",
            portfolio.spend.to_amount_string(),
            portfolio.net_margin.to_amount_string()
        ),
    );
}

fn ranked_json(events: &[RankedEvent]) -> Vec<Value> {
    let one = |event: &RankedEvent| {
        json!({
            "event": event.event, "spend": event.spend.to_amount_string(),
            "net_margin": event.net_margin.to_amount_string(), "net_per_spend": event.net_per_spend.to_percent(1),
        })
    };
    events.iter().map(one).collect()
}

const fn title(en: &'static str, zh: &'static str, language: Language) -> &'static str {
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}

const fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Error => title("error", "错误", language),
        Severity::Warning => title("warning", "警告", language),
        Severity::Note => title("note", "提示", language),
    }
}

/// The twenty tactics, one a line.
pub fn tactics(language: Language) -> String {
    let mut text = String::new();
    for tactic in Tactic::ALL {
        let (number, name) = (tactic.number(), tactic.name(language));
        writes(&mut text, format_args!("{number:>2}. {name}: {}. ", tactic.suits(language)));
        writes(&mut text, format_args!("Trap: {}. Proof: {}.\n", tactic.trap(), tactic.proof()));
    }
    text
}

/// The same for programs.
pub fn tactics_json(language: Language) -> Value {
    let one = |tactic: Tactic| {
        let objectives: &[Objective] = tactic.objectives();
        json!({
            "number": tactic.number(), "name": tactic.name(language), "money": tactic.money_shape(),
            "objectives": objectives, "suits": tactic.suits(language), "trap": tactic.trap(), "proof": tactic.proof(),
        })
    };
    Value::Array(Tactic::ALL.into_iter().map(one).collect())
}

/// Writing to a string cannot fail.
fn writes(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(arguments);
}

//! Text for people, JSON for programs.

use std::fmt::Write as _;
use std::process::ExitCode;

use endcap::promo::evidence::panel::Coefficient;
use endcap::promo::{Language, Verdict};
use serde_json::{Value, json};

use super::Args;
use super::common::Format;
use super::effects::AccountEffects;
use super::evaluate::{Evaluated, Judged, Outcome};
use super::load::Loaded;

pub fn publish(args: &Args, loaded: &Loaded, evaluated: &Evaluated, accounts: &[AccountEffects]) -> ExitCode {
    match args.format {
        Format::Text => print!("{}", text(args, loaded, evaluated, accounts)),
        Format::Json => println!("{:#}", document(loaded, evaluated, accounts)),
    }
    ExitCode::SUCCESS
}

fn share(x: f64) -> String {
    format!("{:.1}%", 100.0 * x)
}

fn reasons(judged: &Judged, language: Language) -> Vec<String> {
    match &judged.outcome {
        Outcome::Judged(judgement) => judgement.explain(language),
        Outcome::NotEvaluable(_) => vec![judged.verdict().words(language)],
    }
}

fn counts(evaluated: &Evaluated) -> [usize; 3] {
    let mut counts = [0; 3];
    for judged in &evaluated.events {
        let at = match judged.verdict() {
            Verdict::Works => 0,
            Verdict::DoesNot { .. } => 1,
            Verdict::NotEnoughEvidence { .. } => 2,
        };
        counts[at] += 1;
    }
    counts
}

fn text(args: &Args, loaded: &Loaded, evaluated: &Evaluated, accounts: &[AccountEffects]) -> String {
    let language = args.language();
    let mut out = String::new();
    let [works, does_not, open] = counts(evaluated);
    let total = evaluated.events.len();
    let _ = match language {
        Language::En => writeln!(
            out,
            "{total} {}: {works} work, {does_not} do not, {open} without enough evidence.\n",
            if total == 1 { "event" } else { "events" }
        ),
        Language::Zh => writeln!(out, "{total} 次活动：有效 {works}，无效 {does_not}，证据不足 {open}。\n"),
    };
    let _ = writeln!(out, "{}\n", evaluated.calibration.words(language, args.confidence));
    for judged in &evaluated.events {
        let event = &judged.event;
        let weeks = format!("{}..{}", loaded.weeks.show(event.first), loaded.weeks.show(event.last));
        let _ = writeln!(out, "{} {} {weeks}", event.id, event.account);
        for line in reasons(judged, language) {
            let _ = writeln!(out, "  {line}");
        }
        if judged.judgement().is_some() {
            let _ = match (judged.controls.is_empty(), language) {
                (true, Language::En) => writeln!(
                    out,
                    "  No control accounts: whatever else happened in those weeks is inside these figures."
                ),
                (true, Language::Zh) => writeln!(out, "  没有对照客户：同期的其他因素都包含在这些数字里。"),
                (false, Language::En) => writeln!(out, "  Controls: {}.", judged.controls.join(", ")),
                (false, Language::Zh) => writeln!(out, "  对照客户：{}。", judged.controls.join("、")),
            };
        }
    }
    if let Some(portfolio) = &evaluated.portfolio {
        let basis = if evaluated.in_money { "net money" } else { "units" };
        let _ = writeln!(
            out,
            "\nRanking by {basis} after shrinkage ([95 % interval], q: share of false claims if claimed)"
        );
        let mut ranked: Vec<_> =
            evaluated.events.iter().filter_map(|judged| judged.ranked.as_ref()).collect();
        ranked.sort_by_key(|event| event.rank_shrunk);
        for event in ranked.iter().take(20) {
            let _ = writeln!(
                out,
                "{:>4}  {:<24} {:>12.0}  {:<22}  P(>0) {:>6}  q {:.4}  raw rank {}",
                event.rank_shrunk,
                event.id,
                event.shrunk.mean,
                event.interval.map_or_else(
                    || format!("± {:.0}", event.shrunk.standard_deviation),
                    |(low, high)| format!("[{low:.0}, {high:.0}]")
                ),
                share(event.probability_positive),
                event.q,
                event.rank_raw
            );
        }
        let _ = writeln!(
            out,
            "Picking winners by their raw figures overstates them by {:.0} in all.",
            portfolio.winners_regret
        );
    }
    if !accounts.is_empty() {
        let _ = writeln!(
            out,
            "\nPrice and display by account (raw, and shrunk towards the others with known signs)"
        );
        let show =
            |own: &Coefficient| own.value().map_or_else(|| "n/e".to_owned(), |value| format!("{value:.2}"));
        for own in accounts {
            let shrunk = own.shrunk.map_or_else(String::new, |(p, d)| format!("{p:.2} {d:.2}"));
            let reason = own.reason.as_deref().unwrap_or_default();
            let _ = writeln!(
                out,
                "{:<32} {:>4} weeks  price {:>6}  display {:>6}  shrunk {shrunk}  {reason}",
                own.account,
                own.weeks,
                show(&own.price),
                show(&own.display)
            );
        }
    }
    out
}

fn document(loaded: &Loaded, evaluated: &Evaluated, accounts: &[AccountEffects]) -> Value {
    let [works, does_not, open] = counts(evaluated);
    let units = |x: f64| format!("{x:.3}");
    let ratio = |x: f64| format!("{x:.6}");
    let events: Vec<Value> = evaluated
        .events
        .iter()
        .map(|judged| {
            let found = judged.judgement().map(|j| j.finding);
            let relative = found.and_then(|f| f.relative);
            let money = judged.judgement().and_then(|j| j.money);
            let payback = judged.judgement().and_then(|j| j.payback);
            json!({
                "event": judged.event.id,
                "account": judged.event.account,
                "first_week": loaded.weeks.show(judged.event.first),
                "last_week": loaded.weeks.show(judged.event.last),
                "controls": judged.controls,
                "expected": found.map(|f| units(f.base)),
                "effect": found.map(|f| units(f.effect)),
                "low": found.map(|f| units(f.low)),
                "high": found.map(|f| units(f.high)),
                "lift": relative.map(|r| ratio(r.point)),
                "lift_low": relative.map(|r| ratio(r.low)),
                "lift_high": relative.map(|r| ratio(r.high)),
                "p": found.map(|f| ratio(f.p_two_sided)),
                "q": judged.ranked.as_ref().map(|r| ratio(r.q)),
                "verdict": judged.verdict().name(),
                "could_have_seen": found.and_then(|f| f.detectable_share()).map(ratio),
                "net": money.map(|m| m.point.to_amount_string()),
                "net_low": money.map(|m| m.low.to_amount_string()),
                "net_high": money.map(|m| m.high.to_amount_string()),
                "payback": payback.map(|p| p.name()),
                "rank": judged.ranked.as_ref().map(|r| r.rank_shrunk),
                "shrunk": judged.ranked.as_ref().map(|r| units(r.shrunk.mean)),
                "shrunk_low": judged.ranked.as_ref().and_then(|r| r.interval).map(|i| units(i.0)),
                "shrunk_high": judged.ranked.as_ref().and_then(|r| r.interval).map(|i| units(i.1)),
                "reason": reasons(judged, Language::En),
                "reason_zh": reasons(judged, Language::Zh),
            })
        })
        .collect();
    let portfolio = evaluated.portfolio.as_ref().map(|p| {
        json!({
            "basis": if evaluated.in_money { "money" } else { "units" },
            "mean": units(p.mean),
            "mean_error": units(p.mean_error),
            "winners_regret": units(p.winners_regret),
        })
    });
    let figure = |own: &Coefficient| own.value().map(ratio);
    let error = |own: &Coefficient| own.standard_error().map(ratio);
    let accounts: Vec<Value> = accounts
        .iter()
        .map(|own| {
            json!({
                "account": own.account,
                "weeks": own.weeks,
                "price": figure(&own.price),
                "price_error": error(&own.price),
                "price_shrunk": own.shrunk.map(|s| ratio(s.0)),
                "display": figure(&own.display),
                "display_error": error(&own.display),
                "display_shrunk": own.shrunk.map(|s| ratio(s.1)),
                "reason": own.reason,
            })
        })
        .collect();
    json!({
        "placebos": evaluated.calibration.document(),
        "counts": {"works": works, "does_not": does_not, "not_enough_evidence": open},
        "events": events,
        "portfolio": portfolio,
        "accounts": accounts,
    })
}

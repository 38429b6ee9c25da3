//! A reconciliation in words and as JSON.

use std::fmt::Write as _;

use chrono::NaiveDate;
use endcap::settlement::reconcile::{Claim, ClaimSheet, ReconReport};
use endcap::settlement::{Explained, Language, SettlementError, What};
use endcap::types::{DocumentId, Money};

use crate::common::amount::grouped;
use crate::load::Input;

/// The claims as they would be made on the first day after the period, one for each proposal.
pub fn claims(sheet: &ClaimSheet, input: &Input) -> Result<Vec<Claim>, SettlementError> {
    let opened: NaiveDate = input.rules.period.end();
    let claim = |(index, proposal): (usize, &endcap::settlement::reconcile::ClaimProposal)| {
        let id = DocumentId::new(format!("CL-{}-{:03}", opened.format("%Y%m"), index + 1))?;
        proposal.open(id, opened, input.disputes)
    };
    sheet.claims.iter().enumerate().map(claim).collect()
}

fn shown(money: &Money) -> String {
    grouped(&money.to_amount_string())
}

pub fn text(
    input: &Input,
    report: &ReconReport,
    (sheet, claims): (&ClaimSheet, &[Claim]),
    language: Language,
) -> Result<String, String> {
    let pick = |en: &'static str, zh: &'static str| language.pick(en, zh);
    let mut text = format!("{}\n{}", input.title, report.render(language));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{}", pick("To claim", "索赔清单"));
    for (proposal, claim) in sheet.claims.iter().zip(claims) {
        let deadline = claim.deadline().map_err(|error| error.to_string())?;
        let deadline = deadline.map(|day| day.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {}  {:>12}  {:<9} {} {}: {}; {} {deadline}",
            claim.id(),
            shown(&proposal.amount),
            proposal.reason.code(),
            if language == Language::En {
                proposal.side.word()
            } else if proposal.side.word() == "ours" {
                "我方"
            } else {
                "对方"
            },
            proposal.line,
            proposal.reason.name(language),
            pick("may be disputed until", "异议截止"),
        );
    }
    let rows = [
        (pick("claimed", "索赔合计"), &sheet.claimed),
        (pick("ours to book: agreed deductions, own duplicates", "我方待入账"), &sheet.to_book),
        (pick("let go within tolerance", "容差内放弃"), &sheet.tolerated),
        (pick("in transit, booked by them later", "未达，待对方入账"), &sheet.waiting),
        (pick("in our favour, theirs to object to", "对我方有利，由对方提出"), &sheet.in_our_favour),
        (pick("undisputed, payable meanwhile", "无争议，应先行支付"), &sheet.payable_meanwhile),
    ];
    let _ = writeln!(text);
    for (name, money) in rows {
        let width: usize = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        let _ = writeln!(text, "  {name}{}{:>14}", " ".repeat(52_usize.saturating_sub(width)), shown(money));
    }
    Ok(text)
}

/// Why one amount is what it is: a difference with its claim, a row of the bridge, or a total.
pub fn why(why: &Explained, asked: &str, language: Language) -> Result<String, String> {
    let found: Vec<What> = match asked {
        "our_balance" => vec![What::OurBalance],
        "their_balance" => vec![What::TheirBalance],
        "residual" => vec![What::Residual],
        "undisputed" => vec![What::Undisputed],
        _ => vec![What::Difference, What::Claim, What::BridgeRow],
    };
    let of = if found.len() == 1 { "" } else { asked };
    let mut lines = Vec::new();
    for what in found {
        lines.extend(why.explain(what, of, language).map_err(|error| error.to_string())?);
    }
    if lines.is_empty() {
        return Err(format!(
            "--why {asked:?}: expected a line such as \"ours D1\" (a pair by our line), a row of the bridge such as \
             \"price both\", or our_balance, their_balance, residual, undisputed"
        ));
    }
    Ok(lines.join("\n") + "\n")
}

pub fn json(
    input: &Input,
    report: &ReconReport,
    (sheet, claims): (&ClaimSheet, &[Claim]),
    why: &Explained,
) -> Result<String, String> {
    let whole = serde_json::json!({
        "title": input.title,
        "report": report,
        "claim_sheet": sheet,
        "claims": claims,
        "why": why,
    });
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").map_err(|error| error.to_string())
}

//! 合规: the contract and its statements, held against the sample rules of trade. No figure depends on it.

use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;
use endcap::settlement::compliance::{Check, Dossier, Finding, Jurisdiction, Parties, RuleSet, check};
use endcap::settlement::{Language, Statement};
use endcap::types::Currency;
use serde_json::{Value, json};

use crate::common::problems::Problems;
use crate::common::toml_file::read_toml;
use crate::load::Input;
use crate::options::{Law, Options};

/// Position of the file of the parties among all inputs.
const PARTIES_NUMBER: usize = 3;

/// What was found, and what to change about it.
pub struct Held {
    on: NaiveDate,
    law: Vec<Jurisdiction>,
    findings: Vec<(Finding, [String; 2])>,
}

/// What is known of the parties: the file, or whose law it is.
pub fn parties(options: &Options, currency: Currency, problems: &mut Problems) -> Option<Parties> {
    if let Some(path) = &options.parties {
        return read(path, problems);
    }
    let named = options.law.iter().filter_map(|law| match law {
        Law::China => Some(Jurisdiction::China),
        Law::EuropeanUnion => Some(Jurisdiction::EuropeanUnion),
        Law::UnitedKingdom => Some(Jurisdiction::UnitedKingdom),
        Law::UnitedStates => Some(Jurisdiction::UnitedStates),
        Law::None => None,
    });
    let by_currency = match (options.law.as_slice(), currency.code()) {
        ([], "CNY") => Some(Jurisdiction::China),
        ([], "EUR") => Some(Jurisdiction::EuropeanUnion),
        ([], "GBP") => Some(Jurisdiction::UnitedKingdom),
        ([], "USD") => Some(Jurisdiction::UnitedStates),
        _ => None,
    };
    Some(Parties::under(named.chain(by_currency)))
}

fn read(path: &Path, problems: &mut Problems) -> Option<Parties> {
    read_toml::<Parties>(path, PARTIES_NUMBER, "what is known of the parties", problems)
        .map(|(known, ..)| known)
}

/// Holds the contract and its statements against the rules in effect on the last day of the last statement.
pub fn held(input: &Input, statements: &[Statement]) -> Result<Held, String> {
    let Some(last) = statements.last() else { return Err("nothing was settled".to_owned()) };
    let told = |error: endcap::settlement::SettlementError| format!("compliance: {error}");
    let rules = RuleSet::sample().map_err(told)?;
    let on = last.period().last_day();
    let dossier = Dossier { statements, ..Dossier::new(&input.contract, &input.parties) };
    let found = check(&dossier, &rules, on).map_err(told)?;
    let findings = found.into_iter().map(|finding| {
        let check = rules.rule(&finding.rule).map(|rule| &rule.check);
        let change = [Language::En, Language::Zh].map(|language| change(check, language));
        (finding, change)
    });
    Ok(Held { on, law: input.parties.jurisdictions.iter().copied().collect(), findings: findings.collect() })
}

/// What would have to change for the finding to go.
fn change(check: Option<&Check>, language: Language) -> String {
    let (en, zh) = match check {
        Some(Check::AgreedWithin { days, .. }) => (
            format!("agree on payment terms of at most {days} days"),
            format!("付款条件改为不超过 {days} 天"),
        ),
        Some(Check::PaidWithin { days, .. }) => {
            (format!("have it paid within {days} days"), format!("在 {days} 天内收回货款"))
        }
        Some(Check::PaidByDue) => ("have it paid by the due date".to_owned(), "按到期日收回货款".to_owned()),
        Some(Check::UndisputedPaid) => {
            ("ask for the undisputed part now".to_owned(), "先行收回无争议部分".to_owned())
        }
        Some(Check::StatutoryInterest { .. }) => {
            ("claim the interest, or agree on a rate".to_owned(), "主张逾期利息，或约定利率".to_owned())
        }
        Some(Check::Compensation { .. }) => ("claim the fixed sum".to_owned(), "主张定额补偿".to_owned()),
        Some(Check::InterestAtLeast { .. }) => {
            ("raise the agreed late interest to the limit".to_owned(), "将约定逾期利率提高到限度".to_owned())
        }
        Some(Check::NoClause { .. }) => (
            "drop the clause, or replace it by a service that is ordered, done and invoiced".to_owned(),
            "删除该条款，或改为有约定、有履行、有发票的服务".to_owned(),
        ),
        Some(Check::NoUnconditionalRebate) => (
            "tie the rebate to a target agreed beforehand".to_owned(),
            "返利应与事先约定的目标挂钩".to_owned(),
        ),
        Some(Check::ClauseNeeds { .. }) => {
            ("file what the clause rests on before it is settled".to_owned(), "结算前须备齐依据".to_owned())
        }
        Some(Check::NoRebateBelowTarget) => {
            ("take the rebate back: the target was missed".to_owned(), "返利应冲回：未达到目标".to_owned())
        }
        Some(Check::NoConduct { .. }) => {
            ("stop it, and have it undone".to_owned(), "停止并纠正该行为".to_owned())
        }
        Some(Check::NoticeOf { days, .. }) => {
            (format!("give notice {days} days before"), format!("提前 {days} 天通知"))
        }
        Some(Check::ConsignedStockAge { .. }) => {
            ("invoice the goods, or take them back".to_owned(), "对该批货物开票纳税，或收回货物".to_owned())
        }
        Some(Check::RebateOnInvoice) => (
            "settle the clause on the goods invoice, or on a red-letter invoice".to_owned(),
            "改为票折，或开具红字发票".to_owned(),
        ),
        Some(Check::ServiceTaxedApart) => (
            "tax the clause as a service, with its own invoice".to_owned(),
            "按服务计税并单独开票".to_owned(),
        ),
        Some(Check::ProportionalAllowances { .. }) => (
            "offer competing accounts the same share of their purchases".to_owned(),
            "向竞争客户提供同比例的补贴".to_owned(),
        ),
        _ => ("see the article".to_owned(), "见所引条款".to_owned()),
    };
    if language == Language::En { en } else { zh }
}

impl Held {
    /// The findings in words, nothing where no law was named.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        if self.law.is_empty() {
            return text;
        }
        let law: Vec<&str> = self.law.iter().map(|law| named(*law, language)).collect();
        // Writing to a string cannot fail.
        let _ = match language {
            Language::En => writeln!(
                text,
                "\n  COMPLIANCE  {} on {}: {} finding(s); no figure above depends on them; not legal advice",
                law.join(", "),
                self.on,
                self.findings.len()
            ),
            Language::Zh => writeln!(
                text,
                "\n  合规检查  {} {}：{} 项；不影响以上金额；非法律意见",
                law.join("、"),
                self.on,
                self.findings.len()
            ),
        };
        for (finding, [en, zh]) in &self.findings {
            let _ = writeln!(text, "  {}", finding.render(language));
            let _ = match language {
                Language::En => writeln!(text, "      to change: {en}"),
                Language::Zh => writeln!(text, "      建议：{zh}"),
            };
        }
        text
    }

    /// The findings as data.
    pub fn json(&self) -> Result<Value, String> {
        let findings = self
            .findings
            .iter()
            .map(|(finding, [en, zh])| json!({ "finding": finding, "change": { "en": en, "zh": zh } }));
        Ok(json!({ "on": self.on.to_string(), "law": self.law, "findings": findings.collect::<Vec<_>>() }))
    }
}

fn named(law: Jurisdiction, language: Language) -> &'static str {
    let (en, zh) = match law {
        Jurisdiction::China => ("China", "中国"),
        Jurisdiction::EuropeanUnion => ("European Union", "欧盟"),
        Jurisdiction::UnitedKingdom => ("United Kingdom", "英国"),
        Jurisdiction::UnitedStates => ("United States", "美国"),
        _ => ("another law", "其他法域"),
    };
    language.pick(en, zh)
}

//! [`Finding`]: one fact that a rule speaks about, with the article and the limit.

use endcap_types::{Money, Rate};

use super::condition::Applicability;
use super::fact::{Conduct, Evidence};
use super::rule::{Confidence, Jurisdiction, Rule, Severity, Wording};
use crate::{ClauseKind, Language};

/// 量值: a fact or a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Measured {
    /// Days.
    Days(i64),
    /// Money.
    Amount(Money),
    /// A rate; of a year for interest, of purchases for allowances.
    Rate(Rate),
    /// A kind of clause.
    Kind(ClauseKind),
    /// Conduct.
    Conduct(Conduct),
    /// Evidence: missing as a fact, needed as a limit.
    Evidence(Evidence),
    /// 无: nothing at all, as a fact or a limit.
    Nothing,
}

impl Measured {
    fn shown(&self, language: Language) -> String {
        match (self, language) {
            (Self::Days(days), Language::En) => format!("{days} days"),
            (Self::Days(days), Language::Zh) => format!("{days} 天"),
            (Self::Amount(money), _) => money.to_string(),
            (Self::Rate(rate), _) => rate.to_string(),
            (Self::Kind(kind), Language::En) => kind.name_en().to_owned(),
            (Self::Kind(kind), Language::Zh) => kind.name_zh().to_owned(),
            (Self::Conduct(conduct), language) => conduct.name(language).to_owned(),
            (Self::Evidence(evidence), language) => evidence.name(language).to_owned(),
            (Self::Nothing, Language::En) => "none".to_owned(),
            (Self::Nothing, Language::Zh) => "无".to_owned(),
        }
    }
}

/// 检查结果: one fact, the limit it is held against, and the article that draws it. Not legal advice.
///
/// # Source
/// House rule; the law is that of the [`Rule`](super::Rule) it names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// Whose law it is.
    pub jurisdiction: Jurisdiction,
    /// The instrument.
    pub instrument: String,
    /// The article.
    pub article: String,
    /// How heavy it is.
    pub severity: Severity,
    /// What it is about: a document, a clause, an account.
    pub place: Wording,
    /// What is.
    pub fact: Measured,
    /// What may be.
    pub limit: Measured,
    /// Whether the rule applies, as far as is known.
    pub applies: Applicability,
    /// What the rule says.
    pub message: Wording,
    /// How far the rule was checked.
    pub confidence: Confidence,
    /// Where the rule comes from.
    pub source: String,
}

impl Finding {
    pub(super) fn new(
        rule: &Rule,
        applies: &Applicability,
        place: Wording,
        (fact, limit): (Measured, Measured),
    ) -> Self {
        Self {
            rule: rule.id.clone(),
            jurisdiction: rule.jurisdiction,
            instrument: rule.instrument.clone(),
            article: rule.article.clone(),
            severity: rule.severity,
            place,
            fact,
            limit,
            applies: applies.clone(),
            message: rule.message.clone(),
            confidence: rule.confidence,
            source: rule.source.clone(),
        }
    }

    /// 说明: the finding in one line of words, with what was not checked or not known.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let (severity, message) = (self.severity.name(language), self.message.text(language));
        let place = self.place.text(language);
        let (fact, limit) = (self.fact.shown(language), self.limit.shown(language));
        let head = format!("[{severity}] {} {} {}", self.rule, self.instrument, self.article);
        let mut text = match language {
            Language::En => format!("{head}: {message}; {place}: {fact}, limit {limit}"),
            Language::Zh => format!("{head}：{message}；{place}：{fact}，限度 {limit}"),
        };
        if let Applicability::IfKnown(unknown) = &self.applies {
            let what: Vec<&str> = unknown.iter().map(|what| what.text(language)).collect();
            text.push_str(&match language {
                Language::En => format!(" (if the rule applies; not known: {})", what.join(", ")),
                Language::Zh => format!("（以规则适用为前提；未知：{}）", what.join("、")),
            });
        }
        let caveat = self.confidence.caveat(language);
        if !caveat.is_empty() {
            text.push_str(&match language {
                Language::En => format!(" ({caveat})"),
                Language::Zh => format!("（{caveat}）"),
            });
        }
        text
    }
}

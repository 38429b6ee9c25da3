//! Which account a store belongs to: ordered prefixes of its upper-cased name.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::problems::{Problem, Problems, Source};

/// Ordered rules; the first prefix that matches wins.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    rules: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    rule: Vec<Rule>,
}

/// One `[[rule]]` table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    prefix: Spanned<String>,
    account: Spanned<String>,
}

impl Chains {
    /// Reads `[[rule]]` tables with `prefix` and `account`; `number` is the position of the file among all inputs.
    pub fn read(path: &Path, number: usize, problems: &mut Problems) -> Self {
        let source = Source::new(path, number);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                problems.push(Problem::file(&source, format_args!("cannot be read: {error}")));
                return Self::default();
            }
        };
        let document: Document = match toml::from_str(&text) {
            Ok(document) => document,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let (line, column) = place(&text, span.start);
                let value = text.get(span).unwrap_or_default().lines().next().unwrap_or_default();
                let expected = format!(
                    "expected [[rule]] tables with prefix and account: {}",
                    first_line(error.message())
                );
                problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
                return Self::default();
            }
        };
        Self::of_rules(document.rule, &text, &source, problems)
    }

    /// Checks rules that stand in `text`, the text of `source`.
    pub fn of_rules(given: Vec<Rule>, text: &str, source: &Source, problems: &mut Problems) -> Self {
        let mut rules = Vec::new();
        for rule in given {
            let mut refuse = |value: &Spanned<String>, expected: &str| {
                let (line, column) = place(text, value.span().start);
                problems.push(Problem::value(source, line, column, value.as_ref().as_bytes(), expected));
            };
            if rule.prefix.as_ref().is_empty() {
                refuse(&rule.prefix, "expected the beginning of a store name");
            } else if rule.prefix.as_ref().to_uppercase() != *rule.prefix.as_ref() {
                refuse(&rule.prefix, "expected upper case: prefixes are compared with the upper-cased name");
            }
            if rule.account.as_ref().is_empty() {
                refuse(&rule.account, "expected the name of an account");
            }
            rules.push((rule.prefix.into_inner(), rule.account.into_inner()));
        }
        Self { rules }
    }

    /// Whether a rule makes stores this account.
    pub fn lead_to(&self, account: &str) -> bool {
        self.rules.iter().any(|(_, own)| own == account)
    }

    /// The account of a store by its name; a store that no rule matches is its own account `IND:<store>`.
    pub fn account(&self, store: &str, name: &str) -> String {
        let name = name.to_uppercase();
        let rule = self.rules.iter().find(|(prefix, _)| name.starts_with(prefix.as_str()));
        rule.map_or_else(|| independent(store), |(_, account)| account.clone())
    }
}

/// The account of a store that belongs to no chain.
pub fn independent(store: &str) -> String {
    format!("IND:{store}")
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// Line and column in characters, both from 1, of a byte position.
pub fn place(text: &str, position: usize) -> (u64, usize) {
    let before = text.get(..position).unwrap_or_default();
    let line = u64::try_from(before.matches('\n').count()).unwrap_or(0) + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before.get(start..).unwrap_or_default().chars().count() + 1)
}

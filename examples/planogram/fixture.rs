//! The furniture as people write it.

use std::path::Path;

use endcap::shelf::Fixture;
use endcap::types::Currency;
use serde::Deserialize;
use toml::Spanned;

use crate::common::chains::place;
use crate::common::problems::{Problem, Problems, Source};

/// One fixture to plan.
pub struct Bay {
    pub title: String,
    pub currency: Currency,
    pub fixture: Fixture,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    currency: Spanned<String>,
    fixture: Fixture,
}

/// Reads a fixture; `None` after at least one problem.
pub fn read(path: &Path, number: usize, problems: &mut Problems) -> Option<Bay> {
    let source = Source::new(path, number);
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(Problem::file(&source, format_args!("cannot be read: {error}")));
            return None;
        }
    };
    let mut refuse = |span: std::ops::Range<usize>, expected: String| {
        let (line, column) = place(&text, span.start);
        let value = text.get(span).unwrap_or_default().lines().next().unwrap_or_default();
        problems.push(Problem::value(&source, line, column, value.trim_matches('"').as_bytes(), expected));
    };
    match toml::from_str::<Document>(&text) {
        Err(error) => {
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            refuse(error.span().unwrap_or(0..0), format!("expected a fixture: {message}"));
            None
        }
        Ok(document) => {
            let Ok(currency) = Currency::from_code(document.currency.as_ref()) else {
                refuse(document.currency.span(), "expected a currency code such as CNY".to_owned());
                return None;
            };
            Some(Bay { title: document.title, currency, fixture: document.fixture })
        }
    }
}

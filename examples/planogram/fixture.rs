//! The furniture as people write it.

use std::path::Path;

use endcap::shelf::Fixture;
use endcap::types::Currency;
use serde::Deserialize;
use toml::Spanned;

use crate::common::chains::place;
use crate::common::problems::{Problem, Problems};
use crate::common::toml_file::read_toml;

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
    let (document, text, source) = read_toml::<Document>(path, number, "a fixture", problems)?;
    let code = document.currency.as_ref();
    let Ok(currency) = Currency::from_code(code) else {
        let (line, column) = place(&text, document.currency.span().start);
        let expected = "expected a currency code such as CNY";
        problems.push(Problem::value(&source, line, column, code.as_bytes(), expected));
        return None;
    };
    Some(Bay { title: document.title, currency, fixture: document.fixture })
}

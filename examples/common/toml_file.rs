//! TOML files people write by hand, with the place of what is wrong in them.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::chains;
use super::problems::{Problem, Problems, Source};

/// Reads one TOML file, or says where it is wrong.
pub fn read_toml<T: DeserializeOwned>(
    path: &Path,
    number: usize,
    what: &str,
    problems: &mut Problems,
) -> Option<(T, String, Source)> {
    let source = Source::new(path, number);
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(Problem::file(&source, format_args!("cannot be read: {error}")));
            return None;
        }
    };
    match toml::from_str(&text) {
        Ok(value) => Some((value, text, source)),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let (line, column) = chains::place(&text, span.start);
            let value = text.get(span).unwrap_or_default().lines().next().unwrap_or_default();
            let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            let expected = format!("expected {what}: {message}");
            problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
            None
        }
    }
}

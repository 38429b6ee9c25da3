//! A small reader of the terms language: words, numbers, dates and punctuation with positions.

use chrono::NaiveDate;

use crate::{CalendarError, dates, limits};

/// Reads `text` from left to right; blanks between tokens are skipped.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at the first character.
    pub(crate) fn new(text: &'a str) -> Result<Self, CalendarError> {
        if text.chars().nth(limits::MAX_TEXT_CHARS).is_some() {
            return Err(CalendarError::Syntax {
                position: limits::MAX_TEXT_CHARS.saturating_add(1),
                expected: format!("at most {} characters", limits::MAX_TEXT_CHARS),
                found: "more".to_owned(),
            });
        }
        let mut scanner = Self { text, at: 0 };
        scanner.skip_blanks();
        Ok(scanner)
    }

    /// The text that has not been read.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Whether everything has been read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// Where the scanner stands, to come back to with [`Scanner::back_to`].
    pub(crate) fn mark(&self) -> usize {
        self.at
    }

    /// Stands again where a mark was taken.
    pub(crate) fn back_to(&mut self, mark: usize) {
        self.at = mark;
    }

    /// Takes `token` if it comes next.
    pub(crate) fn eat(&mut self, token: &str) -> Taken {
        if self.rest().starts_with(token) {
            self.advance(token.len());
            Taken::Yes
        } else {
            Taken::No
        }
    }

    /// Takes `token` or reports what stands there.
    pub(crate) fn expect(&mut self, token: &str) -> Result<(), CalendarError> {
        match self.eat(token) {
            Taken::Yes => Ok(()),
            Taken::No => Err(self.refuse(&format!("`{token}`"))),
        }
    }

    /// Takes a run of ASCII letters, digits and underscores that begins with a letter; may be empty.
    pub(crate) fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let starts = rest.starts_with(|first: char| first.is_ascii_alphabetic());
        let is_part = |part: char| part.is_ascii_alphanumeric() || part == '_';
        let len = if starts { rest.find(|part: char| !is_part(part)).unwrap_or(rest.len()) } else { 0 };
        self.advance(len);
        rest.get(..len).unwrap_or("")
    }

    /// Takes a run of the given characters; may be empty.
    pub(crate) fn run_of(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|part: char| !is_part(part)).unwrap_or(rest.len());
        self.advance(len);
        rest.get(..len).unwrap_or("")
    }

    /// Takes a whole number.
    pub(crate) fn number(&mut self) -> Result<u32, CalendarError> {
        let mark = self.at;
        let digits = self.run_of(|part| part.is_ascii_digit());
        digits.parse().map_err(|_| {
            self.at = mark;
            self.refuse(if digits.is_empty() { "a whole number" } else { "a whole number below 4294967296" })
        })
    }

    /// Takes a date `YYYY-MM-DD`.
    pub(crate) fn date(&mut self) -> Result<NaiveDate, CalendarError> {
        let mark = self.at;
        let text = self.run_of(|part| part.is_ascii_digit() || part == '-');
        dates::parse(text).map_err(|_| {
            self.at = mark;
            self.refuse("a date YYYY-MM-DD from 1900 to 2200")
        })
    }

    /// The error that says what was expected here and what stands here.
    pub(crate) fn refuse(&self, expected: &str) -> CalendarError {
        let read = self.text.get(..self.at).unwrap_or("");
        let position = read.chars().count().saturating_add(1);
        let rest = self.rest();
        let word_len = rest.find(|part: char| !(part.is_alphanumeric() || part == '_')).unwrap_or(rest.len());
        let token: String = match rest.get(..word_len) {
            Some(word) if !word.is_empty() => word.chars().take(30).collect(),
            _ => rest.chars().take(1).collect(),
        };
        let found = if token.is_empty() { "the end".to_owned() } else { format!("`{token}`") };
        CalendarError::Syntax { position, expected: expected.to_owned(), found }
    }

    fn advance(&mut self, len: usize) {
        self.at = self.at.saturating_add(len);
        self.skip_blanks();
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        let blanks = rest.len().saturating_sub(rest.trim_start().len());
        self.at = self.at.saturating_add(blanks);
    }
}

/// Whether a token was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was, and has been read.
    Yes,
    /// It was not; nothing has been read.
    No,
}

//! Problems with an input: collected, sorted by place, printed at once up to a limit.

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

/// Exit code for an input that cannot be used.
pub const EXIT_BAD_INPUT: u8 = 2;

/// Most problems printed before "… and N more".
pub const SHOWN_PROBLEMS_MAX: usize = 20;

/// Longest piece of an offending value that a message repeats, in characters.
const SHOWN_VALUE_CHARS_MAX: usize = 60;

/// One problem and its place; ordered by place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    file_number: usize,
    file: Arc<str>,
    line: u64,
    column: usize,
    text: String,
}

impl Problem {
    /// A value that is not what was expected: prints `file:line:column: "value": expected …`.
    pub fn value(file: &Source, line: u64, column: usize, value: &[u8], expected: impl fmt::Display) -> Self {
        Self::at(file, line, column, format!("{}: {expected}", shown(value)))
    }

    /// Anything else at a place: prints `file:line:column: text`.
    pub fn at(file: &Source, line: u64, column: usize, text: String) -> Self {
        Self { file_number: file.number, file: Arc::clone(&file.name), line, column, text }
    }

    /// A problem with the file as a whole: prints `file: text`.
    pub fn file(file: &Source, text: impl fmt::Display) -> Self {
        Self::at(file, 0, 0, text.to_string())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(formatter, "{}: {}", self.file, self.text)
        } else {
            write!(formatter, "{}:{}:{}: {}", self.file, self.line, self.column, self.text)
        }
    }
}

/// A file in messages: its name as given and its position among the inputs.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name as given by the user.
    pub name: Arc<str>,
    /// Position among all inputs; decides the order of messages.
    pub number: usize,
}

impl Source {
    /// Names a file.
    pub fn new(path: &std::path::Path, number: usize) -> Self {
        Self { name: Arc::from(path.display().to_string()), number }
    }
}

/// Quotes a value for a message, escapes what a terminal would not show, and cuts it where it is long.
pub fn shown(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let cut: String = text.chars().take(SHOWN_VALUE_CHARS_MAX).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    let mut quoted = String::from("\"");
    for character in cut.chars() {
        match character {
            '"' | '\'' => quoted.push(character),
            _ if character.is_control() || character == '\\' => quoted.extend(character.escape_debug()),
            _ => quoted.push(character),
        }
    }
    quoted + more + "\""
}

/// All problems found so far; keeps the first ones by place and counts the rest.
#[derive(Debug, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    dropped: usize,
}

impl Problems {
    /// Adds one problem.
    pub fn push(&mut self, problem: Problem) {
        self.kept.push(problem);
        if self.kept.len() >= 4 * SHOWN_PROBLEMS_MAX {
            self.shrink();
        }
    }

    /// Takes over the problems of another collector.
    pub fn merge(&mut self, other: Self) {
        self.dropped += other.dropped;
        for problem in other.kept {
            self.push(problem);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.kept.len() + self.dropped
    }

    /// Keeps the first problems by place; which ones are kept never depends on the order of arrival.
    fn shrink(&mut self) {
        self.kept.sort();
        self.dropped += self.kept.len().saturating_sub(SHOWN_PROBLEMS_MAX);
        self.kept.truncate(SHOWN_PROBLEMS_MAX);
    }

    /// Prints all problems to standard error; the exit code of a program that stops here.
    pub fn report(mut self) -> ExitCode {
        self.shrink();
        eprint!("{self}");
        ExitCode::from(EXIT_BAD_INPUT)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.kept.iter().take(SHOWN_PROBLEMS_MAX) {
            writeln!(formatter, "{problem}")?;
        }
        let more = self.len().saturating_sub(self.kept.len().min(SHOWN_PROBLEMS_MAX));
        if more > 0 {
            writeln!(formatter, "… and {more} more")?;
        }
        Ok(())
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self { kept: vec![problem], dropped: 0 }
    }
}

//! Delimited text with a header line: columns by name, rows to one or several threads.

use std::path::Path;
use std::sync::Mutex;

use super::grammar::{Grammar, Step};
use super::input::{Block, Blocks};
use super::problems::{Problem, Problems, Source};

/// Longest record accepted in bytes; a longer one has an opening quote that is never closed.
const RECORD_BYTES_MAX: usize = 16 << 20;

/// A file that is open and whose header has been read.
pub struct Table {
    source: Source,
    columns: Vec<String>,
    delimiter: u8,
    blocks: Blocks,
}

/// Position of a column, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(usize);

impl Column {
    /// The position, from 0.
    pub const fn position(self) -> usize {
        self.0
    }
}

/// One record with its place in the file.
pub struct Row<'data> {
    source: &'data Source,
    line: u64,
    data: &'data [u8],
    fields: &'data [(usize, usize)],
}

impl<'data> Row<'data> {
    /// The bytes of one field, without quotes.
    pub fn get(&self, column: Column) -> &'data [u8] {
        let bounds = self.fields.get(column.0).copied().unwrap_or_default();
        self.data.get(bounds.0..bounds.1).unwrap_or_default()
    }

    /// One field as text, or the problem that it is not UTF-8.
    pub fn text(&self, column: Column) -> Result<&'data str, Problem> {
        std::str::from_utf8(self.get(column)).map_err(|_| self.problem(column, "expected UTF-8 text"))
    }

    /// Physical line on which the record starts, from 1.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// Says that a field is not what was expected.
    pub fn problem(&self, column: Column, expected: impl std::fmt::Display) -> Problem {
        Problem::value(self.source, self.line, column.0 + 1, self.get(column), expected)
    }

    /// Says that a column which the table may leave out is needed here.
    pub fn lacks(&self, name: &str, expected: impl std::fmt::Display) -> Problem {
        let text = format!("the file has no column {name}: {expected}");
        Problem::at(self.source, self.line, 1, text)
    }
}

impl Table {
    /// Opens a file and reads its header line; `number` is the position of the file among all inputs.
    pub fn open(path: &Path, number: usize) -> Result<Self, Problem> {
        let source = Source::new(path, number);
        let mut blocks = Blocks::open(path, &source)?;
        let mut buffer = Vec::new();
        let empty = || Problem::value(&source, 1, 1, b"", "expected a header line with column names");
        blocks.next_into(&mut buffer)?.ok_or_else(empty)?;
        // A header may hold quoted line ends, so it is read by the full grammar.
        let mut lines = buffer.split(|byte| *byte == b'\n');
        let header_line = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        let delimiter = detect_delimiter(header_line);
        let mut grammar = Grammar::new(delimiter);
        let mut columns = Vec::new();
        let mut used = 0;
        let mut line = 1;
        let found = grammar.record(&buffer, &mut used, &mut line);
        if found == Step::NeedsInput && grammar.inside {
            return Err(Problem::value(
                &source,
                1,
                1,
                header_line,
                "expected a header line; a quote is never closed",
            ));
        }
        for position in 0..grammar.fields.len() {
            let name = String::from_utf8(grammar.field(position).to_vec());
            let not_text =
                |_| Problem::value(&source, 1, position + 1, grammar.field(position), "expected UTF-8 text");
            columns.push(name.map_err(not_text)?.trim().to_owned());
        }
        if columns.iter().all(String::is_empty) {
            return Err(empty());
        }
        let rest = buffer.split_off(used);
        let (rest, line) = match rest.as_slice() {
            [b'\n', tail @ ..] => (tail.to_vec(), line + 1),
            _ => (rest, line),
        };
        blocks.put_back(rest, line);
        Ok(Self { source, columns, delimiter, blocks })
    }

    /// The file in messages.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Names of the columns in the order of the file.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Finds a column by its exact name; the problem lists the columns there are and the nearest name.
    pub fn column(&self, name: &str) -> Result<Column, Problem> {
        let mut found = self.columns.iter().enumerate().filter(|(_, column)| *column == name);
        match (found.next(), found.next()) {
            (Some((position, _)), None) => Ok(Column(position)),
            (Some(_), Some((second, _))) => {
                let text = "expected each column name once; this one is given twice";
                Err(Problem::value(&self.source, 1, second + 1, name.as_bytes(), text))
            }
            _ => {
                let mut text =
                    format!("expected a column of this name; there are {}", self.columns.join(", "));
                if let Some(near) = nearest(name, &self.columns) {
                    text += &format!("; did you mean {near}?");
                }
                Err(Problem::value(&self.source, 1, 1, name.as_bytes(), text))
            }
        }
    }

    /// Gives every row to `each`, in order, on this thread.
    pub fn for_each(self, problems: &mut Problems, mut each: impl FnMut(&Row<'_>, &mut Problems)) {
        let mut worker = Worker::new(&self);
        let mut blocks = self.blocks;
        loop {
            match worker.next(&mut blocks) {
                Err(problem) => return problems.push(problem),
                Ok(None) => return,
                Ok(Some(block)) if block.intricate => {
                    return worker.quoted(&mut blocks, block, problems, &mut each);
                }
                Ok(Some(block)) => worker.plain(block, problems, &mut each),
            }
        }
    }

    /// Gives rows to several threads, each with its own state from `make`; rows of one state are in order.
    ///
    /// Which rows meet in which state depends on timing: merge states in a way for which that does not matter.
    pub fn for_each_parallel<S: Send>(
        self,
        threads: usize,
        problems: &mut Problems,
        make: impl Fn() -> S + Sync,
        each: impl Fn(&mut S, &Row<'_>, &mut Problems) + Sync,
    ) -> Vec<S> {
        let worker = Worker::new(&self);
        let blocks = Mutex::new(self.blocks);
        let run = |mut worker: Worker| {
            let mut state = make();
            let mut own = Problems::default();
            loop {
                let Ok(mut shared) = blocks.lock() else { break };
                match worker.next(&mut shared) {
                    Err(problem) => {
                        own.push(problem);
                        break;
                    }
                    Ok(None) => break,
                    Ok(Some(block)) if block.intricate => {
                        // Line ends may be inside quotes from here on: this thread reads the rest, holding the lock.
                        worker.quoted(&mut shared, block, &mut own, &mut |row, found| {
                            each(&mut state, row, found)
                        });
                        break;
                    }
                    Ok(Some(block)) => {
                        drop(shared);
                        worker.plain(block, &mut own, &mut |row, found| each(&mut state, row, found));
                    }
                }
            }
            (state, own)
        };
        let results = std::thread::scope(|scope| {
            let handles: Vec<_> = (1..threads).map(|_| scope.spawn(|| run(worker.clone()))).collect();
            let mut results = vec![run(worker.clone())];
            for handle in handles {
                match handle.join() {
                    Ok(result) => results.push(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            results
        });
        let mut states = Vec::with_capacity(results.len());
        for (state, own) in results {
            problems.merge(own);
            states.push(state);
        }
        states
    }
}

/// Threads worth using for reading.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// The most frequent of comma, semicolon and tab outside quotes in the header; comma where there is none.
fn detect_delimiter(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in header {
        if *byte == b'"' {
            quoted = !quoted;
        }
        if !quoted && let Some(count) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte) {
            count.1 += 1;
        }
    }
    let mut best = counts[0];
    for count in counts {
        if count.1 > best.1 {
            best = count;
        }
    }
    best.0
}

/// The column whose name takes the fewest single-letter changes, where that is less than half of the name.
fn nearest<'name>(wanted: &str, columns: &'name [String]) -> Option<&'name str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    let scored = columns.iter().map(|column| (distance(&wanted, &column.to_lowercase()), column.as_str()));
    let (changes, name) = scored.min_by_key(|(changes, _)| *changes)?;
    (changes * 2 <= wanted.len()).then_some(name)
}

fn distance(wanted: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    for (i, letter) in name.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, other) in wanted.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[wanted.len()]
}

/// What one thread needs to turn blocks into rows.
#[derive(Clone)]
struct Worker {
    source: Source,
    delimiter: u8,
    width: usize,
    buffer: Vec<u8>,
    fields: Vec<(usize, usize)>,
}

impl Worker {
    fn new(table: &Table) -> Self {
        Self {
            source: table.source.clone(),
            delimiter: table.delimiter,
            width: table.columns.len(),
            buffer: Vec::new(),
            fields: Vec::new(),
        }
    }

    fn next(&mut self, blocks: &mut Blocks) -> Result<Option<Block>, Problem> {
        blocks.next_into(&mut self.buffer)
    }

    /// A block without quotes: every line end ends a record.
    fn plain(
        &mut self,
        block: Block,
        problems: &mut Problems,
        each: &mut impl FnMut(&Row<'_>, &mut Problems),
    ) {
        let data = self.buffer.as_slice();
        let mut line = block.first_line;
        let (mut start, mut fields) = (0, std::mem::take(&mut self.fields));
        fields.clear();
        for position in memchr::memchr2_iter(self.delimiter, b'\n', data) {
            if data[position] != b'\n' {
                fields.push((start, position));
                start = position + 1;
                continue;
            }
            let end = if position > start && data[position - 1] == b'\r' { position - 1 } else { position };
            if end > start || !fields.is_empty() {
                fields.push((start, end));
                self.emit(data, &fields, line, problems, each);
            }
            fields.clear();
            start = position + 1;
            line += 1;
        }
        self.fields = fields;
    }

    /// This block and all that follow, by the full grammar.
    fn quoted(
        &mut self,
        blocks: &mut Blocks,
        block: Block,
        problems: &mut Problems,
        each: &mut impl FnMut(&Row<'_>, &mut Problems),
    ) {
        let mut grammar = Grammar::new(self.delimiter);
        let mut block = Some(block);
        while let Some(current) = block {
            let (mut used, mut line) = (0, current.first_line);
            while grammar.record(&self.buffer, &mut used, &mut line) == Step::Record {
                self.emit(&grammar.output, &grammar.fields, grammar.line, problems, each);
            }
            block = match self.next(blocks) {
                _ if grammar.partial().len() > RECORD_BYTES_MAX => None,
                Ok(block) => block,
                Err(problem) => return problems.push(problem),
            };
        }
        if grammar.inside {
            let text = "expected a closing quote in the record that starts here";
            problems.push(Problem::value(&self.source, grammar.line, 1, grammar.partial(), text));
        }
    }

    fn emit(
        &self,
        data: &[u8],
        fields: &[(usize, usize)],
        line: u64,
        problems: &mut Problems,
        each: &mut impl FnMut(&Row<'_>, &mut Problems),
    ) {
        if fields.len() == self.width {
            each(&Row { source: &self.source, line, data, fields }, problems);
            return;
        }
        let last = fields.last().copied().unwrap_or_default();
        let text = format!("expected {} fields as in the header, found {}", self.width, fields.len());
        let value = data.get(last.0..last.1).unwrap_or_default();
        problems.push(Problem::value(&self.source, line, fields.len(), value, text));
    }
}

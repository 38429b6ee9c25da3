//! The full grammar of quoted text: values may hold delimiters, quotes and line ends.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// How far one call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A record is complete.
    Record,
    /// The input is used up.
    NeedsInput,
}

/// The full grammar of quoted text, record by record over blocks of input.
pub struct Grammar {
    reader: Reader,
    /// The fields of the last record, one behind the other.
    pub output: Vec<u8>,
    ends: Vec<usize>,
    /// Where each field begins and ends in `output`.
    pub fields: Vec<(usize, usize)>,
    written: usize,
    ended: usize,
    /// Line on which the current record starts.
    pub line: u64,
    /// Whether a record has begun and not ended.
    pub inside: bool,
}

impl Grammar {
    /// Reads text with this delimiter.
    pub fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            output: vec![0; 1 << 12],
            ends: vec![0; 64],
            fields: Vec::new(),
            written: 0,
            ended: 0,
            line: 1,
            inside: false,
        }
    }

    /// One field of the last record, without quotes.
    pub fn field(&self, position: usize) -> &[u8] {
        let bounds = self.fields.get(position).copied().unwrap_or_default();
        self.output.get(bounds.0..bounds.1).unwrap_or_default()
    }

    /// What was read of a record that has not ended.
    pub fn partial(&self) -> &[u8] {
        self.output.get(..self.written).unwrap_or_default()
    }

    /// Reads one record from `input[*used..]`; `line` follows the line ends that were used up.
    pub fn record(&mut self, input: &[u8], used: &mut usize, line: &mut u64) -> Step {
        if !self.inside {
            while let Some(byte @ (b'\n' | b'\r')) = input.get(*used) {
                *line += u64::from(*byte == b'\n');
                *used += 1;
            }
            if *used >= input.len() {
                return Step::NeedsInput;
            }
            self.inside = true;
            self.line = *line;
            (self.written, self.ended) = (0, 0);
        }
        loop {
            let rest = input.get(*used..).unwrap_or_default();
            if rest.is_empty() {
                return Step::NeedsInput;
            }
            let output = self.output.get_mut(self.written..).unwrap_or_default();
            let ends = self.ends.get_mut(self.ended..).unwrap_or_default();
            let (result, read, written, ended) = self.reader.read_record(rest, output, ends);
            let newlines = memchr::memchr_iter(b'\n', rest.get(..read).unwrap_or_default()).count();
            *line += u64::try_from(newlines).unwrap_or(0);
            *used += read;
            self.written += written;
            self.ended += ended;
            match result {
                ReadRecordResult::Record => {
                    self.inside = false;
                    self.fields.clear();
                    let mut start = 0;
                    for end in self.ends.iter().take(self.ended) {
                        self.fields.push((start, *end));
                        start = *end;
                    }
                    return Step::Record;
                }
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Step::NeedsInput,
            }
        }
    }
}

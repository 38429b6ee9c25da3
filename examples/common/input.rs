//! Opening a file whatever it is packed in, and cutting it into blocks of whole lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::problems::{Problem, Source};
use super::progress::Progress;

/// Bytes read at first; each further block is twice as long, up to [`BLOCK_BYTES_MAX`].
const BLOCK_BYTES_MIN: usize = 1 << 14;

/// Most bytes read at a time.
const BLOCK_BYTES_MAX: usize = 1 << 20;

/// Longest line accepted in bytes; a longer one is not a table of text.
const LINE_BYTES_MAX: usize = 16 << 20;

/// How a file is packed, from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // A zstd frame, or one of the frames that zstd allows in front of it to be skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "file",
            Self::Gzip => "gzip stream",
            Self::Zstd => "zstd stream",
        }
    }
}

/// The text of a file as blocks that end with a line end, in order, with the number of their first line.
pub struct Blocks {
    source: Source,
    packing: Packing,
    reader: Box<dyn Read + Send>,
    /// Bytes taken from the file, before unpacking.
    taken: Arc<AtomicU64>,
    progress: Progress,
    decoded: u64,
    block_bytes: usize,
    carry: Vec<u8>,
    next_line: u64,
    ended: bool,
}

/// A block of whole lines.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// Physical line number of its first line, from 1.
    pub first_line: u64,
    /// Whether it holds a quote or a lone carriage return, so that not every line feed ends a record, and only those.
    pub intricate: bool,
}

impl Blocks {
    /// Opens a file and removes a byte-order mark.
    pub fn open(path: &Path, source: &Source) -> Result<Self, Problem> {
        let unreadable = |error: io::Error| Problem::file(source, format_args!("cannot be read: {error}"));
        let file = File::open(path).map_err(unreadable)?;
        let details = file.metadata().map_err(unreadable)?;
        if details.is_dir() {
            return Err(Problem::file(source, "is a directory; expected a file"));
        }
        let taken = Arc::new(AtomicU64::new(0));
        let mut file = Counted { inner: file, taken: Arc::clone(&taken) };
        let mut start = [0_u8; 4];
        let mut length = 0;
        while let Some(rest) = start.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match file.read(rest).map_err(unreadable)? {
                0 => break,
                read => length += read,
            }
        }
        let start = start.get(..length).unwrap_or_default().to_vec();
        let packing = Packing::of(&start);
        let whole = Cursor::new(start).chain(file);
        let reader: Box<dyn Read + Send> = match packing {
            Packing::Plain => Box::new(whole),
            Packing::Gzip => {
                Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole)))
            }
            Packing::Zstd => Box::new(Zstd::new(BufReader::with_capacity(1 << 16, whole))),
        };
        let progress = Progress::of_bytes(details.len(), &source.name);
        let mut blocks = Self {
            source: source.clone(),
            packing,
            reader,
            taken,
            progress,
            decoded: 0,
            block_bytes: BLOCK_BYTES_MIN,
            carry: Vec::new(),
            next_line: 1,
            ended: false,
        };
        blocks.remove_mark()?;
        Ok(blocks)
    }

    fn remove_mark(&mut self) -> Result<(), Problem> {
        let mut start = Vec::new();
        while start.len() < 3 && self.fill(&mut start, 3)? {}
        match start.as_slice() {
            [0xef, 0xbb, 0xbf, rest @ ..] => self.carry = rest.to_vec(),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                let text = "expected UTF-8 text; this is UTF-16: save the file as \"CSV UTF-8\"";
                return Err(Problem::file(&self.source, text));
            }
            _ => self.carry = start,
        }
        Ok(())
    }

    /// Reads up to `want` more bytes; false at the end of the file.
    fn fill(&mut self, buffer: &mut Vec<u8>, want: usize) -> Result<bool, Problem> {
        let before = buffer.len();
        let mut length = before;
        buffer.resize(before + want, 0);
        let result = loop {
            match self.reader.read(buffer.get_mut(length..).unwrap_or_default()) {
                Ok(0) => break Ok(()),
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        buffer.truncate(length);
        let more = length - before;
        self.decoded += u64::try_from(more).unwrap_or(0);
        match result {
            Ok(()) => Ok(more > 0),
            Err(error) if self.packing == Packing::Plain => {
                Err(Problem::file(&self.source, format_args!("cannot be read: {error}")))
            }
            Err(error) => {
                let text = format!(
                    "truncated or damaged {}: broke off after {} usable decoded bytes ({})",
                    self.packing.name(),
                    self.decoded,
                    reason(&error)
                );
                Err(Problem::file(&self.source, text))
            }
        }
    }

    /// Replaces `buffer` by the next block; `None` at the end.
    pub fn next_into(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Block>, Problem> {
        let next = self.read_block(buffer);
        if next.is_err() {
            // Whoever asks next is told that there is nothing more, not the same problem again.
            self.ended = true;
            self.carry.clear();
        }
        next
    }

    fn read_block(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Block>, Problem> {
        buffer.clear();
        buffer.append(&mut self.carry);
        let mut searched = 0;
        while !self.ended {
            let more = self.fill(buffer, self.block_bytes)?;
            self.block_bytes = (self.block_bytes * 2).min(BLOCK_BYTES_MAX);
            if !more {
                self.ended = true;
                if buffer.last().is_some_and(|last| *last != b'\n') {
                    buffer.push(b'\n');
                }
                break;
            }
            let fresh = buffer.get(searched..).unwrap_or_default();
            if let Some(position) = memchr::memrchr(b'\n', fresh) {
                self.carry.extend_from_slice(fresh.get(position + 1..).unwrap_or_default());
                buffer.truncate(searched + position + 1);
                break;
            }
            searched = buffer.len();
            if searched > LINE_BYTES_MAX {
                let text = format!(
                    "line {} is longer than {LINE_BYTES_MAX} bytes; expected a text table",
                    self.next_line
                );
                return Err(Problem::file(&self.source, text));
            }
        }
        self.progress.set(self.taken.load(Ordering::Relaxed));
        if buffer.is_empty() {
            self.progress.finish();
            return Ok(None);
        }
        let block = Block { first_line: self.next_line, intricate: intricate(buffer) };
        let lines = memchr::memchr_iter(b'\n', buffer).count();
        self.next_line += u64::try_from(lines).unwrap_or(0);
        Ok(Some(block))
    }

    /// Gives back the rest of a block after its first lines were used; the next block starts with it.
    pub fn put_back(&mut self, mut rest: Vec<u8>, first_line: u64) {
        rest.append(&mut self.carry);
        self.carry = rest;
        self.next_line = first_line;
    }
}

/// Whether lines and fields cannot be cut at line feeds and delimiters alone.
fn intricate(block: &[u8]) -> bool {
    let lone_return = |position: usize| block.get(position + 1) != Some(&b'\n');
    memchr::memchr(b'"', block).is_some() || memchr::memchr_iter(b'\r', block).any(lone_return)
}

/// A decoder's error in one plain sentence: the usual one, an early end, comes wrapped in several layers.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let early = [
        "UnexpectedEof",
        "failed to fill whole buffer",
        "incomplete deflate stream",
        "unexpected end of file",
    ];
    if early.iter().any(|sign| text.contains(sign)) { "the file ends too early".to_owned() } else { text }
}

struct Counted<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken.fetch_add(u64::try_from(read).unwrap_or(0), Ordering::Relaxed);
        Ok(read)
    }
}

/// All frames of a zstd file, checksums verified.
struct Zstd<R> {
    packed: R,
    decoder: FrameDecoder,
    inside: bool,
    failed: Option<io::Error>,
}

impl<R: BufRead> Zstd<R> {
    fn new(packed: R) -> Self {
        Self { packed, decoder: FrameDecoder::new(), inside: false, failed: None }
    }

    /// Starts the next frame; false where there is none.
    fn start_frame(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.packed) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    if io::copy(&mut (&mut self.packed).take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error.to_string())),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.inside {
                self.inside = self.start_frame()?;
                if !self.inside {
                    return Ok(0);
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                if let Some(error) = self.failed.take() {
                    return Err(error);
                }
                let strategy = BlockDecodingStrategy::UptoBytes(buffer.len());
                if let Err(error) = self.decoder.decode_blocks(&mut self.packed, strategy) {
                    // What was decoded before the damage comes out first, however much was asked for at a time.
                    self.failed = Some(io::Error::other(error.to_string()));
                }
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            if let Some(expected) = self.decoder.get_checksum_from_data()
                && self.decoder.get_calculated_checksum() != Some(expected)
            {
                return Err(io::Error::other("the checksum does not match"));
            }
            self.inside = false;
        }
    }
}

//! Texts of the log, one behind the other.

/// Where a text lies: position and length in eight bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span(u64);

/// Bits of a length: every text of a log is far shorter than 2^12 bytes.
const LENGTH: u32 = 12;

/// All texts in one arena.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Texts(String);

impl Texts {
    pub(crate) fn push(&mut self, text: &str) -> Span {
        if text.is_empty() {
            return Span::default();
        }
        let from = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        self.0.push_str(text);
        Span(from << LENGTH | u64::try_from(text.len()).unwrap_or(0))
    }

    /// Bytes of all of them.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, Span(span): Span) -> &str {
        let (from, length) = (span >> LENGTH, span & ((1 << LENGTH) - 1));
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let end = from.saturating_add(usize::try_from(length).unwrap_or(0));
        self.0.get(from..end).unwrap_or("")
    }
}

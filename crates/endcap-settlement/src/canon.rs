//! Canonical bytes under fingerprints: every field length-prefixed, so no two records share their bytes.

use core::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

/// Bytes kept back before they are hashed.
const CHUNK: usize = 8_192;

/// A running SHA-256 over fields.
#[derive(Clone, Default)]
pub(crate) struct Canon {
    bytes: Vec<u8>,
    /// What left `bytes`; none while everything fits a chunk.
    hashed: Option<Box<Sha256>>,
}

/// Appends one field.
fn put(bytes: &mut Vec<u8>, field: &[u8]) {
    let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(field);
}

/// Appends one field by its text form.
fn put_shown(bytes: &mut Vec<u8>, field: &impl fmt::Display) {
    let at = bytes.len();
    bytes.extend_from_slice(&[0; 8]);
    // Writing to memory does not fail.
    let _ = write!(Text(bytes), "{field}");
    let length = bytes.len().saturating_sub(at).saturating_sub(8);
    let length = u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes();
    for (place, byte) in bytes.iter_mut().skip(at).zip(length) {
        *place = byte;
    }
}

struct Text<'a>(&'a mut Vec<u8>);

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl Canon {
    /// Adds one field.
    pub(crate) fn text(mut self, field: &str) -> Self {
        put(&mut self.bytes, field.as_bytes());
        self.spilled()
    }

    /// Adds one field by its text form.
    pub(crate) fn show(mut self, field: &impl fmt::Display) -> Self {
        put_shown(&mut self.bytes, field);
        self.spilled()
    }

    /// Adds a field that may be missing; missing differs from empty.
    pub(crate) fn optional(self, field: Option<&impl fmt::Display>) -> Self {
        match field {
            Some(field) => self.text("+").show(field),
            None => self.text("-"),
        }
    }

    /// All 256 bits as lower-case hexadecimal.
    pub(crate) fn hex(self) -> String {
        self.digest().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn spilled(mut self) -> Self {
        if self.bytes.len() >= CHUNK {
            self.hashed.get_or_insert_default().update(&self.bytes);
            self.bytes.clear();
        }
        self
    }

    fn digest(self) -> [u8; 32] {
        match self.hashed {
            None => Sha256::digest(&self.bytes).into(),
            Some(mut hashed) => {
                hashed.update(&self.bytes);
                hashed.finalize().into()
            }
        }
    }
}

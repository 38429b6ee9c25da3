//! Canonical bytes under ids and fingerprints: every field length-prefixed, so no two records share their bytes.

use sha2::{Digest, Sha256};

/// A running SHA-256 over fields.
#[derive(Clone, Default)]
pub(crate) struct Canon(Sha256);

impl Canon {
    /// Adds one field.
    pub(crate) fn text(mut self, field: &str) -> Self {
        let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
        self.0.update(length.to_le_bytes());
        self.0.update(field.as_bytes());
        self
    }

    /// Adds one field by its text form.
    pub(crate) fn show(self, field: &impl core::fmt::Display) -> Self {
        self.text(&field.to_string())
    }

    /// Adds a field that may be missing; missing differs from empty.
    pub(crate) fn optional(self, field: Option<&impl core::fmt::Display>) -> Self {
        match field {
            Some(field) => self.text("+").show(field),
            None => self.text("-"),
        }
    }

    /// All 256 bits as lower-case hexadecimal.
    pub(crate) fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first 128 bits.
    pub(crate) fn short(self) -> u128 {
        let digest = self.0.finalize();
        digest.iter().take(16).fold(0, |value: u128, byte| value.wrapping_shl(8) | u128::from(*byte))
    }
}

//! Canonical bytes under ids and fingerprints: every field length-prefixed, so no two records share their bytes.

use core::fmt::{self, Write as _};

use chrono::{Datelike, NaiveDate};
use endcap_types::Exact;
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
pub(crate) fn put(bytes: &mut Vec<u8>, field: &[u8]) {
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

/// Appends an integer as its decimal text.
pub(crate) fn put_int(bytes: &mut Vec<u8>, value: i128) {
    let Ok(size) = u64::try_from(value.unsigned_abs()) else { return put_shown(bytes, &value) };
    let mut digits = [b'0'; 21];
    let mut rest = size;
    let mut used: usize = 0;
    for place in digits.iter_mut().rev() {
        // A digit is below ten, so nothing here wraps or is lost.
        *place = b'0'.wrapping_add(u8::try_from(rest % 10).unwrap_or(0));
        rest /= 10;
        used = used.wrapping_add(1);
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        used = used.wrapping_add(1);
        if let Some(place) = digits.iter_mut().rev().nth(used.wrapping_sub(1)) {
            *place = b'-';
        }
    }
    put(bytes, digits.get(digits.len().wrapping_sub(used)..).unwrap_or_default());
}

/// Appends a date as `YYYY-MM-DD`.
pub(crate) fn put_date(bytes: &mut Vec<u8>, date: NaiveDate) {
    let Some(year) = u32::try_from(date.year()).ok().filter(|year| *year <= 9_999) else {
        return put_shown(bytes, &date);
    };
    let digit = |number: u32| b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or(0));
    let (month, day) = (date.month(), date.day());
    let text = [
        digit(year / 1_000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ];
    put(bytes, &text);
}

/// 128 bits as 32 lower-case hexadecimal digits.
pub(crate) fn hex32(value: u128) -> [u8; 32] {
    let mut text = [0; 32];
    for (pair, byte) in text.chunks_exact_mut(2).zip(value.to_be_bytes()) {
        for (place, half) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
            *place = half.wrapping_add(if half < 10 { b'0' } else { b'a'.wrapping_sub(10) });
        }
    }
    text
}

/// The first 128 bits of the SHA-256 of `bytes`.
pub(crate) fn short_of(bytes: &[u8]) -> u128 {
    first_half(&Sha256::digest(bytes))
}

fn first_half(digest: &[u8]) -> u128 {
    digest.iter().take(16).fold(0, |value: u128, byte| value.wrapping_shl(8) | u128::from(*byte))
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

    /// Adds an exact number by its text form.
    pub(crate) fn exact(mut self, number: &Exact) -> Self {
        match number.fraction() {
            Some((whole, 1)) => put_int(&mut self.bytes, whole),
            _ => put_shown(&mut self.bytes, number),
        }
        self.spilled()
    }

    /// Adds 128 bits as hexadecimal text.
    pub(crate) fn id(mut self, value: u128) -> Self {
        put(&mut self.bytes, &hex32(value));
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

    /// The first 128 bits.
    pub(crate) fn short(self) -> u128 {
        first_half(&self.digest())
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

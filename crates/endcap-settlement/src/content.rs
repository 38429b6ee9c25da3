//! Ids of trace nodes, second form: few bytes for what most nodes say, so that a fact mostly fits one block of the hash.
//!
//! Every field is either of one size or preceded by its length, and every choice by a byte of its own, so no two contents
//! share their bytes. Inputs beyond [`LISTED`] stand for themselves by the hash of their list, which nodes over the same
//! facts share.

use core::fmt::{self, Write as _};

use chrono::{Datelike, NaiveDate};
use endcap_types::{Exact, Rounding};
use sha2::{Digest, Sha256};

use crate::fact_block::Group;
use crate::{Formula, Measure, Subject, TraceId, TraceNode, What};

/// The form of the bytes; another form gives other ids.
const FORM: u8 = 2;
/// Inputs that are written one by one.
const LISTED: usize = 4;
/// Ids that go to the hash at once.
const AT_ONCE: usize = 64;

/// The inputs of a node.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Inputs<'i> {
    /// One by one.
    Each(&'i [TraceId]),
    /// A list of facts.
    Listed(&'i Group),
}

/// The hash of a list of ids, in its order.
pub(crate) fn list_of<'i>(mut ids: impl Iterator<Item = &'i TraceId>) -> u128 {
    let mut hash = Sha256::new();
    let mut bytes = [0_u8; 16 * AT_ONCE];
    loop {
        let mut filled: usize = 0;
        for (place, id) in bytes.chunks_exact_mut(16).zip(ids.by_ref()) {
            place.copy_from_slice(&id.0.to_le_bytes());
            filled = filled.saturating_add(16);
        }
        hash.update(bytes.get(..filled).unwrap_or_default());
        if filled < bytes.len() {
            return short(&hash.finalize().into());
        }
    }
}

/// The id of a node by what it says.
pub(crate) fn id_of(bytes: &mut Vec<u8>, node: &TraceNode, inputs: Inputs<'_>) -> TraceId {
    bytes.clear();
    opening(bytes, &node.subject, node.measure);
    node.formula.content(bytes);
    match inputs {
        Inputs::Each(ids) => listed(bytes, ids, || list_of(ids.iter())),
        Inputs::Listed(group) if group.list.len() > LISTED => {
            length(bytes, group.list.len());
            bytes.extend_from_slice(&group.hash.to_le_bytes());
        }
        Inputs::Listed(group) => listed(bytes, &group.list.ids(), || group.hash),
    }
    exact(bytes, &node.raw);
    match node.rounding {
        // Nothing was rounded: the result is the value above.
        None if node.result == node.raw => bytes.push(0),
        rounding => {
            rounded(bytes, rounding);
            exact(bytes, &node.result);
        }
    }
    hashed(bytes)
}

fn listed(bytes: &mut Vec<u8>, ids: &[TraceId], list: impl FnOnce() -> u128) {
    length(bytes, ids.len());
    if ids.len() > LISTED {
        bytes.extend_from_slice(&list().to_le_bytes());
    } else {
        for id in ids {
            bytes.extend_from_slice(&id.0.to_le_bytes());
        }
    }
}

/// The ids of amounts that facts of one kind state: those of their nodes, with what all of them say written once.
#[derive(Debug)]
pub(crate) struct FactForm {
    what: What,
    bytes: Vec<u8>,
    /// Bytes before the name.
    before: usize,
    /// What stands between the day and the amount.
    between: Vec<u8>,
}

impl FactForm {
    pub(crate) fn new(what: What) -> Self {
        let mut bytes = vec![FORM];
        text(&mut bytes, what.word());
        bytes.push(0);
        let mut between = vec![Measure::Amount.code()];
        Formula::Given.content(&mut between);
        length(&mut between, 0);
        // A whole number.
        between.push(0);
        Self { what, before: bytes.len(), bytes, between }
    }

    pub(crate) const fn what(&self) -> What {
        self.what
    }

    /// The id of one fact.
    pub(crate) fn id(&mut self, name: &str, on: NaiveDate, minor: i128) -> TraceId {
        let bytes = &mut self.bytes;
        bytes.truncate(self.before);
        text(bytes, name);
        let [a, b, c, d] = on.num_days_from_ce().to_le_bytes();
        bytes.extend_from_slice(&[1, a, b, c, d]);
        bytes.extend_from_slice(&self.between);
        int(bytes, minor);
        bytes.push(0);
        hashed(bytes)
    }
}

fn opening(bytes: &mut Vec<u8>, subject: &Subject, measure: Measure) {
    bytes.push(FORM);
    text(bytes, subject.what.word());
    match &subject.kind {
        None => bytes.push(0),
        Some(kind) => {
            bytes.push(1);
            shown(bytes, kind);
        }
    }
    text(bytes, &subject.of);
    match subject.on {
        None => bytes.push(0),
        Some(on) => {
            bytes.push(1);
            bytes.extend_from_slice(&on.num_days_from_ce().to_le_bytes());
        }
    }
    bytes.push(measure.code());
}

fn rounded(bytes: &mut Vec<u8>, rounding: Option<Rounding>) {
    match rounding {
        None => bytes.push(1),
        Some(rounding) => {
            bytes.push(2);
            shown(bytes, &rounding.mode());
            shown(bytes, &rounding.step_minor());
        }
    }
}

/// A length, seven bits a byte, the low ones first.
pub(crate) fn length(bytes: &mut Vec<u8>, length: usize) {
    let mut rest = length;
    while rest > 127 {
        bytes.push(u8::try_from(rest & 127).unwrap_or_default() | 128);
        rest >>= 7;
    }
    bytes.push(u8::try_from(rest).unwrap_or_default());
}

/// A text with its length.
pub(crate) fn text(bytes: &mut Vec<u8>, text: &str) {
    length(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

/// What something shows, as a text.
pub(crate) fn shown(bytes: &mut Vec<u8>, field: &impl fmt::Display) {
    let start = bytes.len();
    // Mostly a short text, whose length is one byte.
    bytes.push(0);
    // Writing to memory does not fail.
    let _ = write!(Text(bytes), "{field}");
    let written = bytes.len().saturating_sub(start).saturating_sub(1);
    match (bytes.get_mut(start), u8::try_from(written)) {
        (Some(place), Ok(short)) if short < 128 => *place = short,
        _ => {
            let shown = bytes.split_off(start);
            length(bytes, written);
            bytes.extend_from_slice(shown.get(1..).unwrap_or_default());
        }
    }
}

struct Text<'b>(&'b mut Vec<u8>);

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// A number in lowest terms: a whole one by its bytes, a fraction by its text.
pub(crate) fn exact(bytes: &mut Vec<u8>, number: &Exact) {
    let whole = number.fraction().and_then(|(top, below)| match below {
        1 => Some(top),
        _ if top.checked_rem(below) == Some(0) => top.checked_div(below),
        _ => None,
    });
    match whole {
        Some(whole) => {
            bytes.push(0);
            int(bytes, whole);
        }
        None => {
            bytes.push(1);
            shown(bytes, number);
        }
    }
}

/// An integer in two's complement without the bytes that only repeat its sign, low bytes first, with their number.
fn int(bytes: &mut Vec<u8>, value: i128) {
    let size = if value < 0 { !value } else { value };
    let used = usize::try_from(129_u32.saturating_sub(size.leading_zeros()).div_ceil(8)).unwrap_or(16);
    let all = value.to_le_bytes();
    length(bytes, used);
    bytes.extend_from_slice(all.get(..used).unwrap_or(&all));
}

fn hashed(bytes: &[u8]) -> TraceId {
    TraceId(short(&Sha256::digest(bytes).into()))
}

fn short(digest: &[u8; 32]) -> u128 {
    digest.first_chunk().map_or(0, |half| u128::from_be_bytes(*half))
}

#[cfg(test)]
mod tests {
    use super::{shown, text};

    #[test]
    fn what_is_shown_is_a_text() {
        for size in [0, 1, 127, 128, 200, 20_000] {
            let field = "a".repeat(size);
            let (mut one, mut other) = (vec![7], vec![7]);
            shown(&mut one, &field);
            text(&mut other, &field);
            assert_eq!(one, other);
        }
    }
}
